/** What an event says about where it happened. Reads the page, changes nothing. */
import {safely} from './safely.js';

export const VERSION = '0.1.0';

/** Longer addresses and titles are cut, or a page with a huge one could send nothing at all. */
const LONGEST = 2048;

const cut = (text) => String(text || '').slice(0, LONGEST);

/** By which advertising networks recognise a click of theirs; with every paid one of Campaigns.java. */
const CLICK_IDS =
  'gclid gbraid wbraid dclid fbclid msclkid ttclid twclid li_fat_id epik rdt_cid ScCid yclid igshid obclid tblci irclickid awc'.split(' ');

const CLICKS = new RegExp(`([?&])(?:(?:${CLICK_IDS.join('|')})=[^&#"\\\\]*&?)+`, 'gi');

/** The JSON text of an event without the click ids in any address it holds. */
export const withoutClicks = (text) =>
  text.replace(CLICKS, (all, lead) => (all.endsWith('&') ? lead : ''));

/** The address as far as it names a page: a fragment counts where a router uses it. */
export const address = () =>
  /^#[!/]/.test(location.hash) ? location.href : location.href.split('#')[0];

/**
 * @param {string} referrer where the visitor came from
 */
export const contextOf = (referrer) => {
  const query = new URLSearchParams(location.search);
  let campaign;
  query.forEach((value, key) => {
    if (value && /^utm_./.test(key)) {
      campaign = campaign || {};
      campaign[key === 'utm_campaign' ? 'name' : key.slice(4)] = cut(value);
    }
  });
  const click = CLICK_IDS.find((name) => query.get(name));
  return {
    page: {
      path: cut(location.pathname),
      referrer: cut(referrer),
      search: cut(location.search),
      title: cut(document.title),
      url: cut(address()),
    },
    campaign,
    referrer: click ? {type: click, id: cut(query.get(click))} : undefined,
    userAgent: navigator.userAgent,
    userAgentData: navigator.userAgentData?.toJSON?.(),
    locale: navigator.language,
    timezone: safely(() => Intl.DateTimeFormat().resolvedOptions().timeZone)(),
    screen: {width: screen.width, height: screen.height, density: window.devicePixelRatio},
    library: {name: 'throughline.js', version: VERSION},
  };
};
