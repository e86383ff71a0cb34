/**
 * Sends what is queued: in batches, one request at a time, until the server has acknowledged each
 * event or has refused it for good. A failure waits longer each time, by a random part of 2, 4, 8 …
 * seconds (at most five minutes), and never less than the server's Retry-After (at most an hour).
 */
import {later, safely} from './safely.js';
import * as queue from './queue.js';
import {withoutClicks} from './context.js';

const SOON = 100; // milliseconds: events of one moment share a request
const LARGEST_EVENT = 32000; // bytes; the server refuses over 32 KB
const LARGEST_BATCH = 450000; // bytes; the server refuses over 500 KB
const LARGEST_KEPT_ALIVE = 60000; // bytes; browsers allow 64 KB for all requests that outlive a page
const LONGEST_PAUSE = 3e5; // milliseconds
const LONGEST_ASKED = 36e5; // milliseconds; a longer Retry-After is taken as this
const TIMEOUT = 3e4; // milliseconds
const MOST_EVENTS = 100; // in a batch

let url;
let beforeSending;
let timer = 0;
let failures = 0;
let pausedUntil = 0;
let askedUntil = 0;
let mostEvents = MOST_EVENTS;
let keptAlive = 0;
const flying = new Set();

const bytes = (text) => new TextEncoder().encode(text).length;
const isOffline = () => navigator.onLine === false;

/** At most so many bytes of events that no request carries yet. */
const take = (budget) => {
  const batch = [];
  for (const [key, text] of queue.pending()) {
    if (!flying.has(key)) {
      budget -= bytes(text) + 1;
      if (budget < 0 || batch.length >= mostEvents) {
        break;
      }
      batch.push([key, text]);
    }
  }
  return batch;
};

/** Seconds or a date, as milliseconds from now; 0 for none. */
const wish = (header) =>
  Math.min(Math.max(header * 1000 || Date.parse(header) - Date.now() || 0, 0), LONGEST_ASKED);

const retry = (asked) => {
  const pause = asked + Math.random() * Math.min(LONGEST_PAUSE, 1000 * 2 ** ++failures);
  pausedUntil = Math.max(pausedUntil, Date.now() + pause);
  askedUntil = Math.max(askedUntil, Date.now() + asked);
};

/** A status of 0 is no answer, or one that is not the server's. */
const settle = (keys, status, asked) => {
  if (status === 200) {
    failures = 0;
    mostEvents += mostEvents < MOST_EVENTS;
    keys.forEach(queue.remove);
  } else if (/^(0|408|425|429|5..)$/.test(status)) {
    retry(asked);
  } else if (keys.length > 1 && (status === 400 || status === 413)) {
    mostEvents = keys.length >> 1; // one of them, or all together, are too much for this server
  } else {
    keys.forEach(safely(queue.drop));
  }
};

const post = async (body, keepalive) => {
  const response = await fetch(url, {
    method: 'POST',
    body, // as text/plain, which needs no preflight
    keepalive,
    credentials: 'omit',
    priority: 'low',
    signal: AbortSignal.timeout?.(TIMEOUT),
  });
  const answer = response.ok && (await response.json());
  // a redirect to a login page or a hotel's portal answers 200 too
  const status = response.ok ? (answer.success === true ? 200 : 0) : response.status;
  return [status, wish(response.headers.get('Retry-After'))];
};

const bodyOf = (batch) =>
  `{"sentAt":"${new Date().toISOString()}","batch":[${batch.map(([, text]) => text)}]}`;

const send = async (batch) => {
  const keys = batch.map(([key]) => key);
  const body = bodyOf(batch);
  const size = bytes(body);
  const keepalive = size + keptAlive <= LARGEST_KEPT_ALIVE;
  const weight = keepalive ? size : 0;
  keptAlive += weight;
  keys.forEach((key) => flying.add(key));
  const outcome = await post(body, keepalive).catch(() => [0, 0]);
  keptAlive -= weight;
  keys.forEach((key) => flying.delete(key));
  settle(keys, ...outcome);
  pump();
};

const schedule = (delay) => {
  timer = timer || later(() => ((timer = 0), pump()), delay);
};

/** Sends what is queued as soon as it may be sent. */
export const pump = safely(() => {
  beforeSending();
  const wait = pausedUntil - Date.now();
  if (queue.isEmpty() || flying.size || isOffline()) {
    return;
  }
  if (wait > 0) {
    schedule(wait);
  } else {
    send(take(LARGEST_BATCH)).catch(() => {});
  }
});

/** This is the better moment that failures were waiting for, unless the server asked for patience. */
export const hurry = () => {
  clearTimeout(timer);
  timer = 0;
  pausedUntil = askedUntil;
};

/** The page may be gone in a moment: what fits leaves now and outlives it, the rest stays stored. */
export const depart = safely(() => {
  beforeSending();
  const batch = askedUntil > Date.now() || isOffline() ? [] : take(LARGEST_KEPT_ALIVE - keptAlive - 200);
  if (!batch.length) {
    return;
  }
  if ('keepalive' in Request.prototype) {
    send(batch).catch(() => {});
  } else {
    // its answer is never seen, so the events are sent again by whoever comes next
    navigator.sendBeacon(url, bodyOf(batch));
  }
});

/**
 * Queues the event and returns whether it was small enough to be.
 *
 * @param {boolean} limited without anything that serves advertising only
 */
export const enqueue = (event, limited) => {
  const lost = queue.losses();
  event.context.dropped = lost || undefined;
  if (limited) {
    event.context.referrer = undefined;
  }
  const whole = JSON.stringify(event);
  const text = limited ? withoutClicks(whole) : whole;
  if (bytes(text) > LARGEST_EVENT) {
    queue.lose(lost + 1);
    return false;
  }
  queue.add(text);
  if (document.visibilityState === 'hidden' && pausedUntil <= Date.now()) {
    Promise.resolve().then(depart);
  }
  schedule(SOON);
  return true;
};

/**
 * Before it nothing is sent and nothing may be queued. The key is in the address: a header would
 * need a preflight, and one in the body is known only when all of it has arrived.
 *
 * @param {Function} given called each time, may still clear the queue
 */
export const start = (host, key, given) => {
  url = host + '/v1/batch?writeKey=' + encodeURIComponent(key);
  beforeSending = given;
  queue.own(key);
};
