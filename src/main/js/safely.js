/**
 * What keeps this script from ever troubling the page it runs in: whatever is called by the page or
 * by the browser goes through here, and nothing that fails comes out again.
 */

/** The same function, but it returns undefined where it would throw. */
export const safely = (call) => (...args) => {
  try {
    return call(...args);
  } catch {
    // the page must not notice
  }
};

/** Milliseconds; returns the timer. */
export const later = (call, delay) => setTimeout(safely(call), delay);

export const listen = safely((target, types, call) =>
  types.split(' ').forEach((type) => target.addEventListener(type, safely(call), true)),
);

/** Puts the text into localStorage; without one removes what is there. */
export const store = safely((key, text) =>
  text ? window.localStorage.setItem(key, text) : window.localStorage.removeItem(key),
);

/** A random UUID, on pages that are not secure too. */
export const uuid = () =>
  crypto.randomUUID
    ? crypto.randomUUID()
    : '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (digit) =>
        (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16),
      );

export const isText = (value) => typeof value === 'string';

/** An id as text; undefined for what is no id. */
export const idOf = (value) =>
  (isText(value) && value) || Number.isFinite(value) ? String(value) : undefined;
