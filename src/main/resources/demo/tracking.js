/**
 * The shop's side of the SDK: what any website would write. Everything beside the shop is read from
 * the server again, so what you see there has gone the whole way.
 */
import {memory} from './dom.js';

const DEVICES = ['Laptop', 'Phone', 'Tablet', 'Work computer'];

/** [{name, anonymousId}], the current device last. */
export const devices = memory('devices', []);
export const account = memory('account', null);
export const consent = memory('consent', null);
export const signedIn = memory('signedIn', false);

const sdk = () => window.throughline;

export const isLoaded = () => Boolean(sdk()?.version);

export const anonymousId = () => (isLoaded() && sdk().user().anonymousId()) || null;

const nameOf = (index) => DEVICES[index] || 'Device ' + (index + 1);

/** The one that the visitor has not had in hand yet. */
export const nextDevice = () => nameOf(devices.get().length).toLowerCase();

/** Notes the id that the SDK has for this device now. */
const noteDevice = (isNew) => {
  const known = devices.get();
  const id = anonymousId();
  if (!id) {
    return;
  }
  if (!known.length || isNew) {
    devices.set([...known, {name: nameOf(known.length), anonymousId: id}].slice(-6));
  } else if (known.at(-1).anonymousId !== id) {
    devices.set([...known.slice(0, -1), {...known.at(-1), anonymousId: id}]);
  }
};

export const start = (writeKey) => {
  sdk().load(writeKey, {page: false});
  noteDevice();
};

export const page = (name, properties) => {
  sdk()?.page(name, properties);
  noteDevice();
};

export const track = (event, properties) => sdk()?.track(event, properties);

/** Letters and digits nobody has had before. */
export const random = (length) =>
  Array.from(crypto.getRandomValues(new Uint8Array(length)), (byte) => (byte % 36).toString(36)).join('');

/** A made-up person: the demo shows no other. */
export const newAccount = (name, email) => {
  return account.set({name, email, userId: `demo-${email.split('@')[0].slice(0, 24)}-${random(4)}`});
};

export const identify = (isNew) => {
  const {name, email, userId} = account.get();
  signedIn.set(true);
  sdk()?.identify(userId, {name, email});
  track(isNew ? 'Signed Up' : 'Signed In', {method: 'email'});
  noteDevice();
};

/** As if the same person took another device in hand, where nobody knows them yet. */
export const takeNextDevice = () => {
  sdk()?.reset();
  signedIn.set(false);
  noteDevice(true);
};

/** "Forget me on this device": the next click is a stranger's. */
export const forget = () => {
  sdk()?.reset();
  signedIn.set(false);
  account.set(null);
  devices.set([]);
  noteDevice();
};

export const allow = (granted) => {
  consent.set(granted);
  sdk()?.consent(granted);
  noteDevice();
};
