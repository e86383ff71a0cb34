/** Beside the shop: the profile, its events and its webhooks, as the server has them. */
import {clock, fill, h, memory, money} from './dom.js';

const TABS = ['profile', 'events', 'webhooks'];
const SHORT = 8; // characters of an id that are shown

const send = (name, detail) => document.dispatchEvent(new CustomEvent('demo:' + name, {detail}));
const short = ({type, value}) => (type === 'anonymous_id' ? value.slice(0, SHORT) + '…' : value);
const json = (value) => h('pre', {tabindex: 0}, JSON.stringify(value, null, 2));

const named = (profile) => profile?.identifiers?.find((one) => one.type === 'user_id' || one.type === 'email');

const fact = (value, label) => h('div.fact', {}, h('strong', {}, String(value)), h('span', {}, label));

const revenue = (profile) => {
  const [currency, amount] = Object.entries(profile.commerce?.revenue || {})[0] || [];
  return currency === 'EUR' ? money(Math.round(Number(amount) * 100)) : currency ? amount + ' ' + currency : money(0);
};

const identity = (profile) => {
  const isKnown = Boolean(named(profile));
  const name = profile.traits?.name || (isKnown ? named(profile).value : 'Somebody');
  return h('div.identity', {},
    h(isKnown ? 'span.face.known' : 'span.face', {'aria-hidden': 'true'}, isKnown ? name.slice(0, 1).toUpperCase() : '?'),
    h('div', {},
      h('p.who', {id: 'who-is-it'}, name, h(isKnown ? 'span.badge.known' : 'span.badge', {}, isKnown ? 'known' : 'anonymous')),
      h('p.mono', {}, 'profile ' + profile.id, h('span.version', {}, 'v' + profile.version))));
};

/** What another device of this browser's story is known as, while that is another profile. */
const elsewhereLine = ({name, state: {profile}}) =>
  h('p.elsewhere', {id: 'elsewhere'}, h('strong', {}, name + ': '),
    profile
      ? [profile.traits?.name || 'somebody', ', ', String(profile.events.total), ' events, profile ', h('code', {}, profile.id)]
      : 'nobody yet');

const profileCard = (profile, elsewhere) => [
  identity(profile),
  h('div.facts', {},
    fact(profile.events?.total ?? 0, 'events'),
    fact(profile.events?.byName?.['Product Viewed'] ?? 0, 'products viewed'),
    fact(profile.sessions?.count ?? 0, 'sessions'),
    fact(profile.commerce?.orders ?? 0, 'orders'),
    fact(revenue(profile), 'revenue')),
  h('ul.ids', {'aria-label': 'Identifiers'}, profile.identifiers.map((one) =>
    h('li', {title: one.value}, h('span', {}, one.type.replace('_', ' ')), short(one)))),
  profile.mergedIds.length > 0 &&
    h('p.merged', {id: 'merged'}, h('strong', {}, profile.mergedIds.length === 1 ? 'Two profiles became one. ' : `${profile.mergedIds.length + 1} profiles became one. `),
      'It also answers to ', profile.mergedIds.map((id, index) => [index > 0 && ', ', h('code', {}, id)]), '.'),
  elsewhere && elsewhereLine(elsewhere),
  h('details', {'data-key': 'profile'}, h('summary', {}, 'The whole profile, as the API has it'), json(profile)),
];

const ICONS = {page: '◰', track: '◆', identify: '☺', group: '◍', alias: '⇄', screen: '▣'};

const what = (event) => {
  const {properties = {}} = event;
  const more = {
    'Page Left': () => `${properties.path} after ${(properties.dwellMs / 1000).toFixed(1)} s`,
    'Products Searched': () => '“' + properties.query + '”',
    'Product List Viewed': () => properties.category,
    'Order Completed': () => money(Math.round(properties.total * 100)),
  }[event.event];
  return more ? more() : properties.name && event.type === 'track' ? properties.name : event.type === 'identify' ? event.userId : '';
};

const eventItem = (event) =>
  h('details.item', {'data-key': event.messageId},
    h('summary', {},
      h('span.icon.' + event.type, {'aria-hidden': 'true'}, ICONS[event.type] || '·'),
      h('span.main', {}, h('strong', {}, event.event || event.name || event.type), h('span.note', {}, what(event))),
      h('time', {}, clock(event.timestamp))),
    json(event));

const TELLS = {
  'profile.updated': 'the profile now',
  'profile.merged': 'who became whom',
  'order.recorded': 'what was bought',
};

const webhookBody = async (details, anonymousId, id) => {
  const answer = await fetch(`/demo/api/visitor/webhooks/${encodeURIComponent(id)}?anonymousId=${encodeURIComponent(anonymousId)}`);
  const webhook = await answer.json();
  const head = ['POST /demo/webhooks', 'webhook-id: ' + webhook.id, 'webhook-timestamp: ' + webhook.sentAt, 'webhook-signature: ' + webhook.signature];
  let body = webhook.body;
  try {
    body = JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    // cut: shown as far as it goes
  }
  details.querySelector('.content').replaceChildren(
    h('p.verified', {}, '✓ The signature is right: HMAC-SHA256 over id, time and body, with the destination’s secret.'),
    h('pre', {tabindex: 0}, head.join('\n') + '\n\n' + body));
};

const webhookItem = (webhook, anonymousId) =>
  h('details.item', {
    'data-key': webhook.id,
    ontoggle: ({target}) => target.open && webhookBody(target, anonymousId, webhook.id),
  },
    h('summary', {},
      h('span.icon.hook', {'aria-hidden': 'true'}, '➜'),
      h('span.main', {}, h('strong', {}, webhook.type), h('span.note', {}, TELLS[webhook.type] || '')),
      h('span.status', {title: 'what the receiver answered'}, String(webhook.status)),
      h('time', {}, clock(webhook.receivedAt))),
    h('div.content', {}));

/** Leaves what is there where it is, opened or not, and puts new items between: only they move. */
const merge = (list, items, make, keyOf) => {
  const there = new Map([...list.children].map((element) => [element.dataset.key, element]));
  const wanted = items.map((item) => {
    const key = keyOf(item);
    const element = there.get(key) || make(item);
    if (!there.has(key) && there.size) {
      element.classList.add('new');
    }
    return element;
  });
  wanted.forEach((element, index) => {
    if (list.children[index] !== element) {
      list.insertBefore(element, list.children[index] || null);
    }
  });
  while (list.children.length > wanted.length) {
    list.lastElementChild.remove();
  }
};

export const panel = (root) => {
  const wanted = memory('tab', 'profile');
  const body = {
    profile: h('div.card-body', {}),
    events: h('div.list', {id: 'events'}),
    webhooks: h('div.list', {id: 'webhooks'}),
  };
  const counts = {events: h('span.count', {}, '0'), webhooks: h('span.count', {}, '0')};
  const trouble = h('p.trouble', {hidden: true, role: 'status'});
  const forget = h('button.plain', {type: 'button', id: 'forget', title: 'A new anonymousId: the next click is a stranger’s', onclick: () => send('forget')}, 'Forget me on this device');
  const where = h('small', {});
  const dot = h('span.live', {'aria-hidden': 'true'});
  const brief = h('span.brief', {});
  const box = h('input', {type: 'checkbox', role: 'switch', id: 'consent', checked: true, onchange: ({target}) => { const on = target.checked; api.consent(on); send('consent', on); }});
  const tabs = TABS.map((name) =>
    h('button.tab', {type: 'button', 'data-tab': name, onclick: () => api.open(name)}, name === 'profile' ? 'Profile' : name === 'events' ? ['Events', counts.events] : ['Webhooks', counts.webhooks]));
  const handle = h('button.handle', {type: 'button', 'aria-expanded': 'false', 'aria-controls': 'panel-content', onclick: () => toggle(!root.classList.contains('open'))}, dot, h('strong', {}, 'What Throughline knows'), brief, h('span.arrow', {'aria-hidden': 'true'}, '⌃'));
  const section = (name, title, ...children) => h('section.part', {'data-part': name}, h('h2', {}, title), ...children);
  const toggle = (open) => {
    root.classList.toggle('open', open);
    handle.setAttribute('aria-expanded', String(open));
  };
  const select = (name) => {
    wanted.set(name);
    root.dataset.tab = name;
    tabs.forEach((tab) => tab.setAttribute('aria-pressed', String(tab.dataset.tab === name)));
  };
  const empty = () => {
    fill(body.profile, h('p.quiet', {}, 'Nobody yet. The first click makes a profile.'));
    fill(body.events, h('p.quiet', {}, 'Events appear here when they have gone through the log, identity and the database.'));
    fill(body.webhooks, h('p.quiet', {}, 'Webhooks appear here when they have left the server and arrived again.'));
  };
  fill(root,
    handle,
    h('div.panel-content', {id: 'panel-content'},
      h('div.switches', {},
        h('label.switch', {for: 'consent'}, box, h('span.rail', {'aria-hidden': 'true'}), 'Remember me')),
      trouble,
      h('div.tabs', {}, tabs),
      section('profile', ['Profile', where, forget], body.profile),
      section('events', ['Events', h('small', {}, 'as they arrive')], body.events),
      section('webhooks', ['Webhooks', h('small', {}, 'to every system that subscribed')], body.webhooks)));
  let last = '';
  let merged = 0;
  let wasKnown = false;
  const api = {
    open(name) {
      select(name);
      toggle(true);
    },
    live: (is) => dot.classList.toggle('off', !is),
    say(text) {
      trouble.hidden = !text;
      trouble.textContent = text || '';
    },
    consent(granted) {
      box.checked = granted;
      root.classList.toggle('closed', !granted);
      api.say(granted ? '' : 'You said no: nothing is sent, nothing is stored, and what this browser had is deleted.');
      granted || api.clear();
    },
    clear() {
      last = '';
      merged = 0;
      counts.events.textContent = counts.webhooks.textContent = '0';
      brief.textContent = '';
      empty();
    },
    show(state, device, elsewhere) {
      const version = JSON.stringify([state, device, elsewhere]);
      if (version === last) {
        return;
      }
      last = version;
      where.textContent = device ? 'seen from your ' + device.name.toLowerCase() : '';
      if (state.isOthers) {
        api.say('You have become one with a person who is not of this demo. Read that profile with a token: GET /api/v1/profiles.');
      }
      if (!state.profile) {
        empty();
        elsewhere && body.profile.append(elsewhereLine(elsewhere));
        return;
      }
      const isOpen = body.profile.querySelector('details')?.open;
      fill(body.profile, profileCard(state.profile, elsewhere));
      body.profile.querySelector('details').open = Boolean(isOpen);
      root.classList.toggle('met', Boolean(named(state.profile)) && !wasKnown);
      wasKnown = Boolean(named(state.profile));
      root.classList.toggle('joined', state.profile.mergedIds.length > merged);
      merged = state.profile.mergedIds.length;
      counts.events.textContent = String(state.profile.events?.total ?? 0);
      counts.webhooks.textContent = String(state.webhooks.length);
      brief.textContent = (state.profile.events?.total ?? 0) + ' events';
      merge(body.events, state.events, eventItem, (event) => event.messageId);
      state.webhooks.length && merge(body.webhooks, state.webhooks, (webhook) => webhookItem(webhook, device.anonymousId), (webhook) => webhook.id);
    },
  };
  select(wanted.get());
  empty();
  return api;
};
