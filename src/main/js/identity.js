/**
 * Who the visitor is, on this site and its subdomains: a first-party cookie for a year; localStorage
 * where cookies are blocked; this page's memory where both are. Read again for each event, so that
 * all tabs follow a login or a logout in one of them.
 *
 * The record: `a` anonymousId, `u` userId, `g` groupId, `c` consent by category, or false for a
 * visitor who has refused. Short, because a cookie travels with every request to the site.
 */
import {safely, store, uuid} from './safely.js';

const NAME = 'throughline';
const YEAR = 31536000; // seconds; browsers allow 400 days at most

let known = {};
let storing = false;
let domain;

const valid = safely((text) => {
  const record = JSON.parse(decodeURIComponent(text));
  return record && (record.c === false || (record.a && typeof record.a === 'string')) ? record : null;
});

const cookie = (name) => (document.cookie.match('(?:^|; )' + name + '=([^;]*)') || [])[1];

const setCookie = (name, value, seconds, at) => {
  document.cookie =
    `${name}=${value};path=/;max-age=${seconds};samesite=lax` +
    (at ? ';domain=' + at : '') +
    (location.protocol === 'https:' ? ';secure' : '');
};

/** The widest domain that the browser takes a cookie for: shop.co.uk for a.shop.co.uk. */
const widest = () => {
  const labels = location.hostname.split('.');
  for (let count = 2; count <= labels.length; count++) {
    const candidate = labels.slice(-count).join('.');
    setCookie(NAME + '_', 1, 9, candidate);
    if (cookie(NAME + '_')) {
      setCookie(NAME + '_', '', 0, candidate);
      return candidate;
    }
  }
  return '';
};

const keepInCookie = safely((text, seconds) => {
  domain = domain ?? widest();
  setCookie(NAME, text, seconds, domain);
  return cookie(NAME) === text;
});

const stored = () =>
  valid(safely(cookie)(NAME)) || valid(safely(() => window.localStorage.getItem(NAME))());

/** A cookie that does not take the record must not keep an older one either. */
const keep = (record) => {
  known = record;
  if (storing) {
    const text = encodeURIComponent(JSON.stringify(record));
    if (keepInCookie(text, YEAR)) {
      store(NAME);
    } else {
      keepInCookie('', 0);
      store(NAME, text);
    }
  }
};

/** Replaces the record, but not that of a visitor who has refused. */
export const remember = (record) => {
  if (known.c !== false) {
    keep(record);
  }
};

/** The record as it is now; a visitor nobody knows yet gets an anonymousId. */
export const visitor = () => {
  known = (storing && stored()) || known;
  if (!known.a && known.c !== false) {
    keep({...known, a: uuid()});
  }
  return known;
};

/** What was stored on an earlier page, whether or not it may be used. */
export const remembered = stored;

/** From here on the record is kept beyond this page; one that was kept before goes on. */
export const startStoring = (record) => {
  storing = true;
  keep(record);
};
