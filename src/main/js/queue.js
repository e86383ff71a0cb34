/**
 * The events that the server has not acknowledged yet. Each lies in localStorage under a key of its
 * own, from the call that made it until it is answered, so that a reload, a crash or a closed tab
 * loses nothing; where storage is blocked or full it lies in this page's memory.
 *
 * Every page owns what it has queued and says so by a Web Lock that ends with the page. What nobody
 * owns any more is adopted by the next page. Without Web Locks (plain http) age stands for it. Two
 * pages may still send one event twice, after a crash between two lines for instance; its messageId
 * lets the server count it once.
 *
 * Bounds: 1,000 events a page, and a million characters for all pages of the site together; a page
 * that finds the room taken by others still gets an eighth of it. The oldest go first, counted.
 */
import {safely, store, uuid} from './safely.js';

const MOST_EVENTS = 1000;
const MOST_CHARACTERS = 1e6; // of the usual five million of an origin
const ORPHAN_AFTER = 6e4; // milliseconds; longer than a request with its first retries takes
const GIVEN_UP_AFTER = 2.6e9; // milliseconds, 30 days: of a write key that no page uses any more
const ROOT = 'throughline:';

const events = new Map();
let characters = 0;
let taken = 0;
let dropped = 0;
let number = 0;
let mine;
let prefix;
let release;

const locks = () => navigator.locks;

/** How many events have been lost since the last call: too large, too many, or refused. */
export const losses = () => {
  const count = dropped;
  dropped = 0;
  return count;
};

export const lose = (count) => {
  dropped += count;
};

/** Removes it for good, wherever it lies. */
export const remove = (key) => {
  characters -= (events.get(key) || '').length;
  events.delete(key);
  store(key);
};

/** Removes it undelivered, and what it would have told of others that were. */
export const drop = (key) => {
  lose(1 + (JSON.parse(events.get(key)).context.dropped || 0));
  remove(key);
};

/** Entries of key and JSON text, oldest first. */
export const pending = () => [...events];

export const isEmpty = () => !events.size;

/** Adds the JSON text of an event. */
export const add = (text) => {
  const room = Math.max(MOST_CHARACTERS - taken, MOST_CHARACTERS / 8) - text.length;
  while (events.size && (events.size >= MOST_EVENTS || characters > room)) {
    drop(events.keys().next().value);
  }
  const key = prefix + mine + ':' + Date.now() + '.' + number++;
  events.set(key, text);
  characters += text.length;
  store(key, text);
};

/** Under a new key of this page first, then away from the old: a crash between doubles, not loses. */
const move = (key, text) => {
  add(text);
  store(key);
};

const adopt = (keys) =>
  keys.sort().forEach((key) => {
    const text = window.localStorage.getItem(key);
    try {
      JSON.parse(text).messageId.length && move(key, text);
    } catch {
      store(key); // somebody else's, or half written
    }
  });

/** Takes over what other pages have left behind. Calls back once for each that had something. */
export const adoptOrphans = safely((whenAdopted) => {
  const owners = new Map();
  taken = 0;
  for (const key of Object.keys(window.localStorage)) {
    const [, , owner, time] = key.split(':');
    const age = Date.now() - parseInt(time);
    if (key.startsWith(prefix) && owner !== mine) {
      taken += window.localStorage.getItem(key).length;
      if (locks() || age > ORPHAN_AFTER) {
        owners.set(owner, [...(owners.get(owner) || []), key]);
      }
    } else if (key.startsWith(ROOT) && age > GIVEN_UP_AFTER) {
      store(key);
    }
  }
  owners.forEach((keys, owner) => {
    const take = safely((lock) => {
      if (lock) {
        adopt(keys);
        whenAdopted();
      }
    });
    if (locks()) {
      locks().request(prefix + owner, {ifAvailable: true}, take).catch(() => {});
    } else {
      take(true);
    }
  });
});

/** From here on this page owns what it adds, under a name that no page has had before. */
export const own = safely((writeKey) => {
  prefix = ROOT + writeKey + ':';
  mine = uuid().slice(0, 8);
  const left = pending();
  events.clear();
  characters = 0;
  left.forEach(([key, text]) => move(key, text));
  locks()
    ?.request(prefix + mine, () => new Promise((end) => (release = end)))
    .catch(() => {});
});

/** The page may be frozen or gone now; a lock would keep it out of the back/forward cache. */
export const disown = () => release && release();

/** Removes all events of this write key, other pages' too. */
export const clear = safely(() => {
  events.clear();
  characters = 0;
  Object.keys(window.localStorage).forEach((key) => key.startsWith(prefix) && store(key));
});
