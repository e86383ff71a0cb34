/**
 * What a visitor sees and for how long: page views, also where a page changes its address without
 * loading, and for each stay on one the visible time and how far it was scrolled.
 *
 * A stay ends when the page is hidden, left or closed. A visitor who comes back from another tab and
 * looks for a second or more begins a further stay of the same view; no time is reported twice.
 */
import {later, listen, safely} from './safely.js';
import {address, contextOf} from './context.js';

const PATIENCE = 50; // milliseconds for a router to set the title, or for the page's own page()
const SHORTEST_RETURN = 1000; // milliseconds
const MEASURE_EVERY = 200; // milliseconds

let report;
let view;
let announce;
let current = address();
let referrer = document.referrer;

export const isVisible = () => document.visibilityState === 'visible';

/** The clock of the page, which nobody sets. */
const now = () => performance.now();

/** Where the visitor came from, be it an address of this very page. */
export const cameFrom = () => referrer;

const measure = safely((target) => {
  const page = document.scrollingElement;
  const box = target?.clientHeight * 2 > window.innerHeight ? target : page;
  const height = box === page ? window.innerHeight : box.clientHeight;
  const depth = ((box.scrollTop + height) / box.scrollHeight) * 100;
  view.depth = Math.min(Math.max(view.depth, Math.round(depth)), 100);
});

const runClock = () => {
  if (isVisible() && view?.since < 0) {
    view.since = now();
  }
};

/** Ends the stay and reports it. */
const leave = () => {
  settle();
  if (view) {
    measure();
    view.shown += view.since < 0 ? 0 : now() - view.since;
    view.since = -1;
    const dwell = Math.round(view.shown - view.reported);
    if (dwell > (view.stays ? SHORTEST_RETURN : 0)) {
      view.reported = view.shown;
      report({
        path: view.context.page.path,
        dwellMs: dwell,
        scrollDepth: view.depth,
        stay: ++view.stays,
        pageViewId: view.id,
      }, view.context);
    }
  }
};

/**
 * A page event has been made. Another one at the same address names the same view.
 *
 * @param {string} id its messageId
 * @param {Object} context what it said about where it happened
 */
export const viewed = (id, context) => {
  announce = undefined;
  if (view?.address !== current) {
    leave();
    view = {address: current, shown: 0, reported: 0, stays: 0, depth: 0, since: -1};
    runClock();
    later(measure, PATIENCE);
  }
  view.id = id;
  view.context = context;
};

/** Makes the page event that was to come, before any later event. */
export const settle = () => {
  const due = announce;
  announce = undefined;
  due && due();
};

/** Has a page event made in a moment, with the time of this one and the address of this one. */
const soon = (makePage) => {
  const timestamp = new Date();
  const then = contextOf(referrer);
  const here = current;
  announce = () => makePage({timestamp, context: address() === here ? undefined : then});
  later(settle, PATIENCE);
};

/** What is seen from here on belongs to the next page view, of whoever makes it. */
export const end = () => {
  leave();
  view = undefined;
};

const follow = (makePage) => {
  const next = address();
  if (next !== current) {
    end();
    referrer = current;
    current = next;
    makePage && soon(makePage);
  }
};

/** The browser's own event for it, else by listening in on the two calls. */
const watchHistory = safely((change) => {
  if (window.navigation) {
    listen(navigation, 'currententrychange', change);
    return;
  }
  ['pushState', 'replaceState'].forEach((name) => {
    const original = history[name];
    history[name] = function (...args) {
      const result = original.apply(this, args);
      safely(change)();
      return result;
    };
  });
  listen(window, 'popstate hashchange', change);
});

/**
 * @param {Function|undefined} makePage makes a page event; undefined where the page does so itself
 * @param {boolean} isAnnounced whether the page itself makes the first one
 * @param {Function|undefined} whenLeft is told of each stay; undefined for nobody
 * @param {Function} whenHidden called after it, when this may be the page's last moment
 * @param {Function} whenBack called when a page returns from the back/forward cache
 */
export const watch = (makePage, isAnnounced, whenLeft, whenHidden, whenBack) => {
  report = whenLeft || (() => {});
  let timer;
  makePage && !isAnnounced && soon(makePage);
  watchHistory(() => follow(makePage));
  listen(document, 'scroll', (event) => {
    timer = timer || later(() => ((timer = 0), measure(event.target)), MEASURE_EVERY);
  });
  listen(document, 'visibilitychange', () => {
    runClock();
    isVisible() || (leave(), whenHidden());
  });
  listen(window, 'pagehide', () => {
    leave();
    whenHidden(true);
  });
  listen(window, 'pageshow', (event) => {
    if (event.persisted) {
      view = undefined;
      whenBack();
      makePage && soon(makePage);
    }
  });
};
