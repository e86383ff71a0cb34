/**
 * The JavaScript SDK: `window.throughline`, and nothing else that the page can see. Takes the calls
 * that the page's snippet has kept, in their order, and the arguments of Segment's clients.
 * docs/javascript-sdk.md is its manual.
 */
import {idOf, isText, listen, safely, uuid} from './safely.js';
import * as identity from './identity.js';
import * as queue from './queue.js';
import * as sender from './sender.js';
import * as visit from './visit.js';
import {contextOf, VERSION} from './context.js';

const MOST_KEPT = 100; // events before consent, calls before load
const ADOPT_EVERY = 30000; // milliseconds

const script = document.currentScript;

/** 'open', 'waiting' for the visitor's consent, or 'closed'. */
let gate = 'open';
let loaded = false;
let options = {};
let unconsented = [];
let early = [];

const privacyControl = () => options.gpc !== 'ignore' && navigator.globalPrivacyControl === true;

const isStopped = () => options.gpc === 'stop' && privacyControl();

const consentNow = (preferences) => {
  const gpc = privacyControl();
  return preferences || gpc
    ? {
        categoryPreferences: {...preferences, ...(gpc && {advertising: false})},
        gpc: gpc || undefined,
      }
    : undefined;
};

/** Queues what the page's own option lets through, as far as the visitor's consent goes. */
const accept = safely((event) => {
  const consent = consentNow(identity.visitor().c);
  event.context.consent = consent;
  const wanted = options.before ? options.before(event) : event;
  const limited = consent?.categoryPreferences.advertising === false;
  return wanted && sender.enqueue(wanted, limited) ? wanted : null;
});

const isoTime = safely((time) => new Date(time).toISOString());

/** Makes an event and queues it; returns a promise of it, of null where nobody wants it. */
const emit = (type, fields, given, callback) => {
  visit.settle();
  heed();
  given = given || {};
  const who = identity.visitor();
  let event = null;
  if (gate !== 'closed') {
    event = {
      type,
      messageId: given.messageId || uuid(),
      timestamp: isoTime(given.timestamp || Date.now()) || isoTime(Date.now()),
      anonymousId: idOf(given.anonymousId) || who.a,
      userId: who.u,
      ...fields,
      context: {...contextOf(visit.cameFrom()), groupId: who.g, ...given.context},
      integrations: given.integrations,
    };
    if (type === 'page') {
      event.properties = {...event.context.page, ...fields.properties};
      visit.viewed(event.messageId, {...event.context});
    }
    if (gate === 'open') {
      event = accept(event) || null;
    } else if (unconsented.length < MOST_KEPT) {
      unconsented.push(event);
    }
  }
  callback && setTimeout(() => callback(event));
  return Promise.resolve(event);
};

/** The callback, wherever it stands, and the other arguments. */
const sorted = (args) => [
  args.find((arg) => typeof arg === 'function'),
  args.filter((arg) => typeof arg !== 'function'),
];

/** The id that comes first, or undefined where the object that follows it came first. */
const leadingId = (args) => (typeof args[0] === 'object' && args[0] ? undefined : idOf(args.shift()));

const page = (...all) => {
  const [callback, args] = sorted(all);
  const texts = [];
  while (args.length && texts.length < 2 && (isText(args[0]) || (args[0] == null && !texts.length))) {
    const text = args.shift();
    text != null && texts.push(text);
  }
  const [properties, given] = args;
  const name = texts.pop();
  const category = texts.pop();
  const named = {name, category};
  return emit('page', {...named, properties: {...named, ...properties}}, given, callback);
};

const track = (...all) => {
  const [callback, [event, properties, given]] = sorted(all);
  return emit('track', {event, properties: {...properties}}, given, callback);
};

/** Another known user on this browser is another visitor: what follows is not the first one's. */
const become = (userId) => {
  const who = identity.visitor();
  if (userId && userId !== who.u) {
    who.u && visit.end();
    identity.remember(who.u ? {a: uuid(), u: userId, c: who.c} : {...who, u: userId});
  }
};

const identify = (...all) => {
  const [callback, args] = sorted(all);
  visit.settle();
  become(leadingId(args));
  const [traits, given] = args;
  return emit('identify', {traits: {...traits}}, given, callback);
};

const group = (...all) => {
  const [callback, args] = sorted(all);
  const groupId = leadingId(args) || identity.visitor().g;
  const [traits, given] = args;
  if (groupId !== identity.visitor().g) {
    identity.remember({...identity.visitor(), g: groupId});
  }
  return emit('group', {groupId, traits: {...traits}}, given, callback);
};

const alias = (...all) => {
  const [callback, [to, from, given]] = sorted(all);
  const who = identity.visitor();
  const isGiven = typeof from === 'object';
  const previousId = (!isGiven && idOf(from)) || who.u || who.a;
  return emit('alias', {userId: idOf(to) || who.u, previousId}, isGiven ? from || given : given, callback);
};

const reset = () => {
  visit.end();
  identity.remember({a: uuid(), c: identity.visitor().c});
};

/** What was made before consent is sent as the visitor who is known now. */
const open = (record) => {
  const before = identity.visitor().a;
  gate = 'open';
  identity.startStoring(record);
  unconsented.splice(0).forEach((event) => {
    event.anonymousId = event.anonymousId === before ? record.a : event.anonymousId;
    accept(event);
  });
};

const close = () => {
  gate = 'closed';
  unconsented = [];
  queue.clear();
  identity.startStoring({c: false}); // in place of every other trace
};

/** True, false, or an object of categories: `analytics` decides, else any that is true. */
const consent = (given = true) => {
  const preferences = typeof given === 'object' ? given : {analytics: !!given};
  const granted = preferences?.analytics ?? Object.values(preferences || {}).includes(true);
  if (!granted) {
    close();
  } else if (!isStopped()) {
    const who = {...identity.visitor(), ...identity.remembered()};
    const changed = JSON.stringify(who.c) !== JSON.stringify(preferences);
    open({...who, a: who.a || uuid(), c: preferences});
    changed && emit('track', {event: 'Consent Updated', properties: {...preferences}});
  }
};

/** What the visitor has decided in another tab holds here too. */
const heed = () => {
  const before = identity.remembered() || {};
  if (before.c === false && gate !== 'closed') {
    close();
  } else if (before.c && gate !== 'open' && !isStopped()) {
    open(before);
  }
};

const ready = (callback) => {
  typeof callback === 'function' && setTimeout(callback);
};

/** Hands over the detail of the window's events `throughline:<topic>`; returns what ends it. */
const on = (topic, callback) => {
  const type = 'throughline:' + topic;
  const hear = safely((event) => callback(event.detail));
  window.addEventListener(type, hear);
  return () => window.removeEventListener(type, hear);
};

const user = () => ({
  id: () => identity.visitor().u || null,
  anonymousId: () => identity.visitor().a || null,
});

const calls = {page, track, identify, group, alias, reset, consent, ready, on, user};

const isOff = (option) => String(option) === 'false';

const begin = () => {
  const makePage = isOff(options.page) ? undefined : (given) => emit('page', {properties: {}}, given);
  const whenLeft = isOff(options.dwell)
    ? undefined
    : (properties, context) => emit('track', {event: 'Page Left', properties}, {context});
  visit.watch(
    makePage,
    early.some(([name]) => name === 'page'),
    whenLeft,
    (gone) => {
      sender.depart();
      gone && queue.disown();
    },
    () => {
      heed();
      queue.own(options.writeKey);
      adopt();
    },
  );
  loaded = true;
  early.splice(0).forEach(([name, args]) => safely(calls[name])(...args));
  adopt();
};

/** Everything that may be waiting: of pages that are gone, and this page's own. */
const adopt = () => {
  sender.pump();
  gate === 'open' && queue.adoptOrphans(sender.pump);
};

/** The visitor is back, or the network. */
const comeBack = () => {
  sender.hurry();
  adopt();
};

const whileVisible = (call) => () => visit.isVisible() && call();

const startGate = () => {
  const before = identity.remembered() || {};
  if (before.c === false) {
    close();
  } else if (isStopped()) {
    gate = 'closed';
  } else if (options.consent === 'required' && !before.c) {
    gate = 'waiting';
  } else {
    identity.startStoring({...identity.visitor(), ...before});
  }
};

const load = (writeKey, given) => {
  if (!writeKey || options.writeKey) {
    return;
  }
  options = {...given, writeKey};
  const home = script?.src ? script.src.replace(/\/[^/]*$/, '') : location.origin;
  sender.start((options.host || home).replace(/\/+$/, ''), writeKey, heed);
  startGate();
  document.prerendering ? listen(document, 'prerenderingchange', begin) : begin();
  listen(window, 'online', comeBack);
  listen(document, 'visibilitychange', whileVisible(comeBack));
  setInterval(safely(whileVisible(adopt)), ADOPT_EVERY);
};

/** The snippet's array stays the object that the page may have kept; it gets the real calls. */
const install = () => {
  const before = window.throughline;
  if (before?.version) {
    return;
  }
  const api = Array.isArray(before) ? before : [];
  const kept = api.splice(0);
  window.throughline = api;
  api.version = VERSION;
  api.load = safely(load);
  Object.keys(calls).forEach((name) => {
    const call = safely((...args) => {
      if (loaded || name === 'user') {
        return calls[name](...args);
      }
      early.length < MOST_KEPT && early.push([name, args]);
    });
    api[name] = (...args) => call(...args) ?? Promise.resolve(null);
  });
  api.push = safely(([name, ...args]) => api[name](...args));
  kept.forEach(api.push);
  const key = script?.dataset.writeKey;
  key && api.load(key, {...script.dataset});
};

safely(install)();
