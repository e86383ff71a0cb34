/** The story in steps. A step is ticked by what the server shows, never by the click itself. */
import {fill, h, memory} from './dom.js';

const ticked = memory('steps', []);
const named = (state, name) => state.profile?.events?.byName?.[name] || 0;
const has = (state, type) => Boolean(state.profile?.identifiers?.some((one) => one.type === type));
const wasAt = (state, path) => state.events.some((one) => one.event === 'Page Left' && one.properties?.path === path);

const STEPS = [
  {id: 'look', title: 'Look around', path: '/demo', done: (state) => named(state, 'Product Viewed') >= 2,
    hint: 'Open two products. You are nobody yet; still each look is an event, and the events are a profile.'},
  {id: 'price', title: 'Read the prices', path: '/demo/pricing', done: (state) => wasAt(state, '/demo/pricing'),
    hint: 'Open Pricing, stay a moment, and go elsewhere. The time you looked arrives as a fact.'},
  {id: 'cart', title: 'Fill the cart', path: '/demo', done: (state) => named(state, 'Product Added') >= 1,
    hint: 'Put something into the cart.'},
  {id: 'who', title: 'Say who you are', path: '/demo/account', done: (state) => has(state, 'user_id'),
    hint: 'Sign up. The same profile gets a name; all it did before stays.'},
  {id: 'device', title: 'Take your phone', path: '/demo/account', done: (state) => state.devices > 1 && Boolean(state.profile),
    hint: 'Choose another device on your account page, and look at a product there: a second, anonymous profile.'},
  {id: 'merge', title: 'Sign in there', path: '/demo/account', done: (state) => Boolean(state.profile?.mergedIds?.length),
    hint: 'Sign in on it. Two profiles become one, nothing lost, nothing counted twice.'},
  {id: 'order', title: 'Buy', path: '/demo', done: (state) => (state.profile?.commerce?.orders || 0) > 0,
    hint: 'Put something into the cart of this device and order. The purchase comes back into the profile that led to it.'},
  {id: 'webhook', title: 'See it leave', path: null, done: (state) => state.webhooks.some((one) => one.type === 'order.recorded'),
    hint: 'Every system that subscribed has got it, signed. Click a webhook to read one.'},
];

const go = (path) => document.dispatchEvent(new CustomEvent('demo:go', {detail: path}));

export const guide = (root) => {
  let shown = '';
  let writeKey = '…';
  const draw = () => {
    const done = ticked.get();
    const next = STEPS.findIndex((step) => !done.includes(step.id));
    if (shown === done.join() + next) {
      return;
    }
    shown = done.join() + next;
    const step = (one, index) => {
      const state = done.includes(one.id) ? 'done' : index === next ? 'next' : 'later';
      return h('li.step.' + state, {'data-step': one.id, 'aria-current': index === next && 'step'},
        h('button', {type: 'button', title: one.hint, onclick: () => (one.path ? go(one.path) : document.dispatchEvent(new Event('demo:panel')))},
          h('span.dot', {'aria-hidden': 'true'}, state === 'done' ? '✓' : String(index + 1)),
          h('span.step-title', {}, one.title, state === 'done' && h('span.hidden', {}, ', done'))));
    };
    fill(root,
      h('ol.steps', {}, STEPS.map(step)),
      h('p.hint', {'aria-live': 'polite'}, next < 0
        ? [h('strong', {}, 'That is the whole thread. '), 'Your own site needs one line: ', h('code', {}, `<script src="${location.origin}/throughline.js" data-write-key="${writeKey}" async></script>`)]
        : [h('strong', {}, `${next + 1}. ${STEPS[next].title}: `), STEPS[next].hint]),
      done.length > 0 && h('button.plain.restart', {type: 'button', onclick: () => document.dispatchEvent(new Event('demo:forget'))}, 'Start again'));
    root.querySelector('.step.next')?.scrollIntoView?.({block: 'nearest', inline: 'center'});
  };
  draw();
  return {
    /** What the server shows now: {profile, events, webhooks, devices}. */
    see(state) {
      const met = STEPS.filter((step) => !ticked.get().includes(step.id) && step.done(state)).map((step) => step.id);
      if (met.length) {
        ticked.set([...ticked.get(), ...met]);
      }
      draw();
    },
    begin(key) {
      writeKey = key;
    },
    again() {
      ticked.set([]);
      draw();
    },
  };
};
