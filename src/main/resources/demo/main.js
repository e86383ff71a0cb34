/** Puts the page together: addresses, the SDK, the story, and the look at the server each second. */
import {fill, h, link} from './dom.js';
import * as cart from './cart.js';
import * as shop from './shop.js';
import * as tracking from './tracking.js';
import {guide} from './guide.js';
import {panel} from './panel.js';

const EVERY = 1000; // milliseconds between two looks at the server
const view = document.getElementById('view');
const menu = document.getElementById('menu');
const notice = document.getElementById('notice');
const story = guide(document.getElementById('guide'));
const aside = panel(document.getElementById('panel'));
let saying;

const VIEWS = [
  [/^\/demo\/products\/[^/]+$/, shop.product],
  [/^\/demo\/pricing$/, shop.pricing],
  [/^\/demo\/cart$/, cart.cartPage],
  [/^\/demo\/checkout$/, cart.checkoutPage],
  [/^\/demo\/thanks$/, cart.thanksPage],
  [/^\/demo\/account$/, cart.accountPage],
];

const drawMenu = () => {
  const item = (path, label) =>
    link(path, {'aria-current': location.pathname === path && 'page'}, label);
  const count = cart.countInCart();
  fill(menu,
    item('/demo', 'Shop'),
    item('/demo/pricing', 'Pricing'),
    item('/demo/account', tracking.signedIn.get() ? tracking.account.get().name : 'Sign in'),
    item('/demo/cart', ['Cart', count > 0 && h('span.count', {}, String(count))]));
};

const show = () => {
  const found = VIEWS.find(([pattern]) => pattern.test(location.pathname));
  (found ? found[1] : shop.list)(view, new URL(location.href));
  drawMenu();
  scrollTo(0, 0);
};

const go = (path) => {
  history.pushState(null, '', path);
  show();
};

const say = (text) => {
  fill(notice, h('p', {role: 'status'}, text));
  notice.hidden = false;
  clearTimeout(saying);
  saying = setTimeout(askForConsent, 2600);
};

/** Measuring is on in this demo until somebody says no; a shop in the EU asks first. */
const askForConsent = () => {
  notice.hidden = tracking.consent.get() !== null;
  const choose = (granted) => () => {
    tracking.allow(granted);
    aside.consent(granted);
    notice.hidden = true;
  };
  fill(notice,
    h('p', {}, 'This shop remembers what you look at, on this machine only.'),
    h('div.actions', {},
      h('button.primary', {type: 'button', id: 'allow', onclick: choose(true)}, 'Fine'),
      h('button', {type: 'button', id: 'refuse', onclick: choose(false)}, 'No, thanks')));
};

const forget = () => {
  tracking.forget();
  cart.emptyCart();
  story.again();
  aside.clear();
  go('/demo');
};

document.addEventListener('click', (event) => {
  const target = event.target.closest?.('a[data-link]');
  if (target && event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
    event.preventDefault();
    go(target.getAttribute('href'));
  }
});
window.addEventListener('popstate', show);
const on = (name, act) => document.addEventListener('demo:' + name, (event) => act(event.detail));
on('go', go);
on('cart', drawMenu);
on('who', drawMenu);
on('say', say);
on('forget', forget);
on('panel', () => aside.open('webhooks'));
on('consent', (granted) => {
  tracking.allow(granted);
  notice.hidden = true;
  granted && show();
});
on('device', () => {
  tracking.takeNextDevice();
  cart.emptyCart();
  go('/demo');
  say('You are on your ' + tracking.devices.get().at(-1).name.toLowerCase() + ' now. Nobody knows you here.');
});

/** Newest answers by anonymousId; the server answers 304 while nothing has changed. */
const answers = new Map();

const ask = async (anonymousId) => {
  const answer = await fetch('/demo/api/visitor?anonymousId=' + encodeURIComponent(anonymousId));
  if (answer.ok) {
    answers.set(anonymousId, await answer.json());
  }
  return answers.get(anonymousId);
};

const look = async () => {
  const id = tracking.anonymousId();
  if (document.visibilityState !== 'visible' || !id || tracking.consent.get() === false) {
    return;
  }
  const state = await ask(id);
  const known = tracking.devices.get();
  const other = known.length > 1 && !state?.profile?.mergedIds?.length ? await ask(known.at(-2).anonymousId) : null;
  if (state && id === tracking.anonymousId()) {
    aside.show(state, known.at(-1), other && other.profile?.id !== state.profile?.id ? {name: known.at(-2).name, state: other} : null);
    story.see({...state, devices: known.length});
  }
};

const watch = () => {
  look()
    .then(() => aside.live(true), () => aside.live(false))
    .finally(() => setTimeout(watch, EVERY));
};

const begin = async () => {
  try {
    const answer = await fetch('/demo/api/visits', {method: 'POST'});
    const {writeKey, webhooks, detail} = await answer.json();
    if (!answer.ok || !tracking.isLoaded()) {
      throw new Error(detail || 'The SDK at /throughline.js did not load.');
    }
    tracking.start(writeKey);
    story.begin(writeKey);
    aside.say(webhooks);
    tracking.consent.get() === false && aside.consent(false);
  } catch (failure) {
    aside.say(failure.message);
  }
  show();
  askForConsent();
  watch();
};

begin();
