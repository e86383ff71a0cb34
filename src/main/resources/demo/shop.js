/** Looking around: the list, a product, the prices. Each view tells what a shop's analytics expect. */
import {fill, h, link, money} from './dom.js';
import {asProperties, byId, CATEGORIES, PLANS, PRODUCTS} from './products.js';
import {addToCart} from './cart.js';
import {picture} from './pictures.js';
import {page, track} from './tracking.js';

const QUIET = 700; // milliseconds without a key before a search counts as one

const card = (product) =>
  link('/demo/products/' + product.id, {class: 'card', 'data-product': product.id},
    h('div.card-picture', {}, picture(product)),
    h('div.card-text', {},
      h('h3', {}, product.name),
      h('p.note', {}, product.note),
      h('p.price', {}, money(product.price))));

const matching = (category, query) =>
  PRODUCTS.filter(
    (product) =>
      (!category || product.category === category) &&
      (product.name + ' ' + product.note + ' ' + product.category).toLowerCase().includes(query.toLowerCase()),
  );

const tellOfList = (category, products) =>
  track('Product List Viewed', {
    list_id: category ? category.toLowerCase() : 'all',
    category: category || 'All',
    products: products.map((product, index) => asProperties(product, {position: index + 1})),
  });

const hero = () =>
  h('section.hero', {},
    h('div', {},
      h('p.eyebrow', {}, 'Small teas, slow pots'),
      h('h1', {}, 'Something warm for whoever you are today.'),
      h('p', {}, 'Look around as a stranger. Beside the shop you see what it learns, while it learns it.')),
    h('div.hero-picture', {'aria-hidden': 'true'}, picture(PRODUCTS[2])));

export const list = (view, address) => {
  const category = CATEGORIES.find((name) => name === address.searchParams.get('category')) || '';
  const grid = h('div.grid', {});
  const empty = h('p.empty', {hidden: true}, 'Nothing here by that name.');
  let timer;
  let told = '';
  const show = (query) => {
    const found = matching(category, query);
    fill(grid, found.map(card));
    empty.hidden = found.length > 0;
    return found;
  };
  const search = h('input', {
    type: 'search', name: 'q', placeholder: 'Search', 'aria-label': 'Search the shop', maxlength: 60,
    oninput: ({target}) => {
      const found = show(target.value.trim());
      clearTimeout(timer);
      timer = setTimeout(() => {
        const query = target.value.trim();
        if (query && query !== told && target.isConnected) {
          told = query;
          track('Products Searched', {query, results: found.length});
        }
      }, QUIET);
    },
  });
  const chip = (name, label) =>
    link(name ? '/demo?category=' + name : '/demo', {class: 'chip', 'aria-current': name === category && 'true'}, label);
  fill(view,
    !category && hero(),
    h('div.filters', {},
      h('div.chips', {}, chip('', 'All'), CATEGORIES.map((name) => chip(name, name))),
      h('label.search', {}, search)),
    grid, empty);
  page(category ? category : 'Home');
  tellOfList(category, show(''));
};

export const product = (view, address) => {
  const found = byId(decodeURIComponent(address.pathname.split('/').at(-1)));
  if (!found || found.kind === 'parcel') {
    list(view, new URL('/demo', location.href));
    return;
  }
  const button = h('button.primary', {type: 'button', 'data-add': found.id, onclick: () => addToCart(found)}, 'Add to cart');
  fill(view,
    h('p.crumbs', {}, link('/demo', {}, 'Shop'), ' / ', link('/demo?category=' + found.category, {}, found.category)),
    h('article.product', {},
      h('div.product-picture', {}, picture(found)),
      h('div.product-text', {},
        h('p.eyebrow', {}, found.brand),
        h('h1', {}, found.name),
        h('p.note', {}, found.note),
        h('p.about', {}, found.about),
        h('p.price.large', {}, money(found.price)),
        button)),
    h('h2', {}, 'Goes well with it'),
    h('div.grid.small', {}, PRODUCTS.filter((other) => other !== found).slice(0, 3).map(card)));
  page('Product', {product_id: found.id});
  track('Product Viewed', asProperties(found, {quantity: 1}));
};

export const pricing = (view) => {
  const offer = (plan, index) =>
    h(index === 1 ? 'article.plan.chosen' : 'article.plan', {},
      index === 1 && h('p.ribbon', {}, 'Most poured'),
      h('div.plan-picture', {}, picture(plan)),
      h('h2', {}, plan.name),
      h('p.price.large', {}, money(plan.price), h('small', {}, ' ' + plan.note)),
      h('ul', {}, plan.about.map((line) => h('li', {}, line))),
      h(index === 1 ? 'button.primary' : 'button', {type: 'button', 'data-add': plan.id, onclick: () => addToCart(plan)}, 'Choose ' + plan.name));
  fill(view,
    h('section.centre', {},
      h('p.eyebrow', {}, 'Tea by post'),
      h('h1', {}, 'Prices as plain as water'),
      h('p', {}, 'Whoever reads prices is thinking about it. How long you stay here is a fact on your profile, counted only while you look.')),
    h('div.plans', {}, PLANS.map(offer)));
  page('Pricing');
};
