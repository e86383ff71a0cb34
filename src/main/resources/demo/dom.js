/** Elements by name. Texts are only ever set as text: nothing a visitor types becomes markup. */
const SVG = 'http://www.w3.org/2000/svg';

const add = (element, children) => {
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) {
      element.append(child);
    }
  }
  return element;
};

/** `h('a.big', {href: '/demo', onclick: go}, 'Text')` */
export const h = (name, attributes = {}, ...children) => {
  const [tag, ...classes] = name.split('.');
  const element = document.createElement(tag);
  element.className = classes.join(' ');
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) {
      element.addEventListener(key.slice(2), value);
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(key, value === true ? '' : value);
    }
  }
  return add(element, children);
};

/** The same for SVG. */
export const s = (tag, attributes = {}, ...children) => {
  const element = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key, value);
  }
  return add(element, children);
};

export const fill = (element, ...children) => {
  element.replaceChildren();
  return add(element, children);
};

/** A link that the shop follows without loading. */
export const link = (href, attributes, ...children) =>
  h(attributes?.class ? 'a.' + attributes.class : 'a', {href, 'data-link': true, ...without(attributes)}, ...children);

const without = ({class: _, ...rest} = {}) => rest;

export const money = (cents) =>
  new Intl.NumberFormat('en-IE', {style: 'currency', currency: 'EUR'}).format(cents / 100);

export const clock = (time) =>
  new Date(time).toLocaleTimeString([], {hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23'});

/** What this browser keeps of the demo, besides what the SDK keeps; blocked storage forgets. */
export const memory = (name, otherwise) => {
  const key = 'demo.' + name;
  let value = otherwise;
  try {
    value = JSON.parse(localStorage.getItem(key)) ?? otherwise;
  } catch {
    // as if it had never been here
  }
  return {
    get: () => value,
    set: (next) => {
      value = next;
      try {
        localStorage.setItem(key, JSON.stringify(next));
      } catch {
        // for this page only
      }
      return next;
    },
  };
};
