/** What the shop has; prices in cents. */
const tea = (id, name, price, tint, deep, note, about) =>
  ({id, name, price, tint, deep, note, about, kind: 'tin', category: 'Tea', brand: 'Leaf & Kettle', sku: 'LK-' + id.toUpperCase()});

const ware = (id, kind, name, price, tint, deep, note, about, brand) =>
  ({id, kind, name, price, tint, deep, note, about, category: 'Teaware', brand, sku: 'LK-' + id.toUpperCase()});

export const PRODUCTS = [
  tea('sencha', 'Morning Sencha', 1490, '#6fa287', '#2f5d50', 'Green · 100 g',
    'First flush from a hill above the sea. Bright, a little salty, awake before you are.'),
  tea('assam', 'Harbour Assam', 1190, '#c8643c', '#7d3216', 'Black · 125 g',
    'Malty and dark enough for milk. Made for wet pavements and long trains.'),
  ware('pot', 'pot', 'Round Pot', 4900, '#7f93ad', '#3f5169', 'Stoneware · 0.9 l',
    'Thrown by hand, glazed like a February sky. Pours without a drop on the table.', 'Tonwerk'),
  tea('chamomile', 'Evening Chamomile', 990, '#e2b04a', '#9a6b14', 'Herbal · 60 g',
    'Whole flowers, dried slowly. For the hour when the inbox is closed.'),
  ware('cup', 'cup', 'Listening Cup', 2200, '#d99a86', '#9c5443', 'Stoneware · 0.25 l',
    'Fits two hands. The rim is thin, the wall is not.', 'Tonwerk'),
  ware('whisk', 'whisk', 'Bamboo Whisk', 1850, '#cdb274', '#85682c', 'Bamboo · 80 prongs',
    'Cut from one piece. Foam in twenty seconds, silence in twenty-one.', 'Takeya'),
];

const plan = (id, name, price, tint, deep, note, about) =>
  ({id, name, price, tint, deep, note, about, kind: 'parcel', category: 'Subscription', brand: 'Leaf & Kettle', sku: 'LK-' + id.toUpperCase()});

export const PLANS = [
  plan('sip', 'Sip', 900, '#6fa287', '#2f5d50', 'each month', ['One tea, 50 g', 'A card about where it grew']),
  plan('steep', 'Steep', 1900, '#c8643c', '#7d3216', 'each month', ['Three teas, 50 g each', 'Post is free', 'Skip any month']),
  plan('pour', 'Pour', 3400, '#7f93ad', '#3f5169', 'each month', ['Five teas, 100 g each', 'Post is free', 'A cup in December']),
];

export const CATEGORIES = ['Tea', 'Teaware'];

export const byId = (id) => [...PRODUCTS, ...PLANS].find((product) => product.id === id);

/** A product as the ecommerce events of the Segment specification name its properties. */
export const asProperties = (product, more) => ({
  product_id: product.id,
  sku: product.sku,
  name: product.name,
  brand: product.brand,
  category: product.category,
  price: product.price / 100,
  currency: 'EUR',
  url: location.origin + '/demo/products/' + product.id,
  ...more,
});

export const total = (lines) => lines.reduce((sum, {id, quantity}) => sum + byId(id).price * quantity, 0);

export const listed = (lines) =>
  lines.map(({id, quantity}, index) => asProperties(byId(id), {quantity, position: index + 1}));
