/** From the cart to the order, and who is buying. */
import {fill, h, link, memory, money} from './dom.js';
import {asProperties, byId, listed, total} from './products.js';
import {picture} from './pictures.js';
import {account, identify, newAccount, nextDevice, page, random, signedIn, track} from './tracking.js';

const MOST = 20;
const cart = memory('cart', []);
const order = memory('order', null);
const announce = (name, detail) => document.dispatchEvent(new CustomEvent(name, {detail}));
const go = (path) => announce('demo:go', path);

export const lines = () => cart.get().filter(({id}) => byId(id));

export const countInCart = () => lines().reduce((sum, {quantity}) => sum + quantity, 0);

const keep = (next) => {
  cart.set(next);
  announce('demo:cart');
};

/** The same for one order from its start to its end. */
const checkoutId = () => order.get() || order.set('LK-' + crypto.randomUUID().slice(0, 8).toUpperCase());

export const emptyCart = () => {
  order.set(null);
  keep([]);
};

export const addToCart = (product) => {
  const before = lines().find(({id}) => id === product.id);
  const rest = lines().filter(({id}) => id !== product.id);
  keep([...rest, {id: product.id, quantity: Math.min((before?.quantity || 0) + 1, MOST)}]);
  track('Product Added', asProperties(product, {quantity: 1, cart_id: checkoutId()}));
  announce('demo:say', product.name + ' is in your cart.');
};

const remove = (line, view) => {
  keep(lines().filter(({id}) => id !== line.id));
  track('Product Removed', asProperties(byId(line.id), {quantity: line.quantity, cart_id: checkoutId()}));
  showCart(view);
};

const row = (line, view) => {
  const product = byId(line.id);
  return h('li.line', {},
    h('div.line-picture', {}, picture(product)),
    h('div.line-text', {}, h('strong', {}, product.name), h('span.note', {}, `${line.quantity} × ${money(product.price)}`)),
    h('span.price', {}, money(product.price * line.quantity)),
    view && h('button.plain', {type: 'button', 'aria-label': 'Remove ' + product.name, onclick: () => remove(line, view)}, '×'));
};

const summary = (view) => [
  h('ul.lines', {}, lines().map((line) => row(line, view))),
  h('p.total', {}, h('span', {}, 'Total'), h('strong', {}, money(total(lines())))),
];

const nothing = (view) =>
  fill(view,
    h('section.centre', {},
      h('h1', {}, 'Your cart is empty'),
      h('p', {}, 'It fills up one click at a time, and each click is an event.'),
      link('/demo', {class: 'button primary'}, 'Look around')));

const showCart = (view) => {
  if (!lines().length) {
    nothing(view);
    return;
  }
  fill(view,
    h('section.narrow', {},
      h('h1', {}, 'Your cart'),
      summary(view),
      link('/demo/checkout', {class: 'button primary wide', id: 'to-checkout'}, 'Check out')));
};

export const cartPage = (view) => {
  showCart(view);
  page('Cart');
  track('Cart Viewed', {cart_id: checkoutId(), products: listed(lines())});
};

/** Sign up or, where this browser has an account already, sign in with it. */
const form = (done) => {
  const known = account.get();
  const email = h('input', {
    type: 'email', name: 'email', required: true, maxlength: 60, autocomplete: 'off', spellcheck: 'false',
    pattern: '[a-zA-Z0-9.\\-]+@demo\\.example', title: 'a made-up address at demo.example',
    value: known?.email || `anna.${random(3)}@demo.example`, readonly: Boolean(known),
  });
  const name = h('input', {
    type: 'text', name: 'name', required: true, maxlength: 40, autocomplete: 'off',
    value: known?.name || 'Anna', readonly: Boolean(known),
  });
  const submit = (event) => {
    event.preventDefault();
    if (!known) {
      newAccount(name.value.trim() || 'Anna', email.value.trim().toLowerCase());
    }
    identify(!known);
    announce('demo:who');
    done();
  };
  return h('form.form', {id: 'who', onsubmit: submit},
    h('label', {}, 'Name', name),
    h('label', {}, 'E-mail', email),
    h('p.note', {}, known
      ? 'Your account from the other device. Signing in tells both histories are yours.'
      : 'Made-up people only: addresses end in @demo.example, the user id is invented for you.'),
    h('button.primary.wide', {type: 'submit'}, known ? 'Sign in' : 'Sign up'));
};

export const accountPage = (view) => {
  const show = () =>
    fill(view,
      h('section.narrow', {},
        signedIn.get()
          ? [
              h('h1', {}, 'Hello, ' + account.get().name),
              h('p', {}, 'What you did before you signed up is yours, too: nothing was lost, nothing counted twice. Look beside the shop.'),
              h('p.note', {}, account.get().email + ' · ' + account.get().userId),
              h('div.actions', {},
                h('button.primary', {type: 'button', id: 'next-device', onclick: () => announce('demo:device')}, `Take your ${nextDevice()} in hand`),
                link('/demo', {class: 'button'}, 'Back to the shop')),
              h('p.note', {}, 'There you begin as a stranger. Sign in, and two profiles become one.'),
            ]
          : [
              h('h1', {}, account.get() ? 'Welcome back?' : 'Who are you?'),
              h('p', {}, 'Until now the shop knows what you did, not who you are.'),
              form(show),
            ]));
  show();
  page('Account');
};

const complete = () => {
  const sum = total(lines()) / 100;
  const id = checkoutId();
  const done = {orderId: id, sum: total(lines()), lines: lines()};
  track('Order Completed', {
    orderId: id, order_id: id, checkout_id: id, total: sum, revenue: sum, shipping: 0, tax: 0, currency: 'EUR',
    products: listed(lines()),
  });
  last.set(done);
  emptyCart();
  go('/demo/thanks');
};

const last = memory('last', null);

export const checkoutPage = (view) => {
  if (!lines().length) {
    nothing(view);
    page('Checkout');
    return;
  }
  const show = () =>
    fill(view,
      h('section.narrow', {},
        h('h1', {}, 'Check out'),
        summary(),
        signedIn.get()
          ? [
              h('p.note', {}, 'Signed in as ' + account.get().email + '. Nothing is charged, nothing is sent.'),
              h('button.primary.wide', {type: 'button', id: 'order', onclick: complete}, 'Order for ' + money(total(lines()))),
            ]
          : [h('h2', {}, 'First: who is it for?'), form(show)]));
  show();
  page('Checkout');
  track('Checkout Started', {
    order_id: checkoutId(), value: total(lines()) / 100, revenue: total(lines()) / 100, currency: 'EUR',
    products: listed(lines()),
  });
};

export const thanksPage = (view) => {
  const done = last.get();
  fill(view,
    h('section.centre', {},
      done && h('div.hero-picture', {'aria-hidden': 'true'}, picture(byId(done.lines[0].id))),
      h('h1', {}, 'Thank you'),
      done && h('p', {}, `Order ${done.orderId}, ${money(done.sum)}.`),
      h('p', {}, 'It is on your profile now, and it has left as a signed webhook. Click one of them beside the shop to read what another system gets.'),
      link('/demo', {class: 'button'}, 'Back to the shop')));
  page('Thanks');
};
