/** The shop's pictures, drawn here: no file is loaded for them. */
import {s} from './dom.js';

const backdrop = (tint) => [
  s('circle', {cx: 120, cy: 96, r: 82, fill: tint, opacity: 0.2}),
  s('ellipse', {cx: 120, cy: 174, rx: 66, ry: 7, fill: '#000', opacity: 0.1}),
];

const leaf = (x, y, turn, fill) =>
  s('path', {
    d: 'M0 0C6-12 20-14 28-8C24 4 10 8 0 0Z',
    fill,
    transform: `translate(${x} ${y}) rotate(${turn})`,
  });

const steam = (x, y) =>
  s('path', {
    d: `M${x} ${y}c-7-8 7-12 0-21m15 21c-7-8 7-12 0-21m15 21c-7-8 7-12 0-21`,
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': 3,
    'stroke-linecap': 'round',
    opacity: 0.25,
  });

const tin = (tint, deep) => [
  s('rect', {x: 78, y: 62, width: 84, height: 112, rx: 10, fill: tint}),
  s('path', {d: 'M142 62h10a10 10 0 0 1 10 10v92a10 10 0 0 1-10 10h-10Z', fill: deep, opacity: 0.45}),
  s('rect', {x: 72, y: 46, width: 96, height: 24, rx: 8, fill: deep}),
  s('rect', {x: 72, y: 46, width: 96, height: 7, rx: 3.5, fill: '#fff', opacity: 0.22}),
  s('rect', {x: 90, y: 92, width: 60, height: 56, rx: 8, fill: '#fbf6ec'}),
  leaf(107, 128, -38, deep),
  leaf(121, 128, -82, tint),
  s('path', {d: 'M101 138h38', stroke: deep, 'stroke-width': 3, 'stroke-linecap': 'round', opacity: 0.6}),
];

const pot = (tint, deep) => [
  steam(106, 46),
  s('path', {d: 'M62 104c-18-2-26 8-32 22l13 6c5-10 10-14 22-12Z', fill: deep}),
  s('path', {d: 'M172 98c26-6 36 10 30 28-5 14-18 22-34 22', fill: 'none', stroke: deep, 'stroke-width': 11, 'stroke-linecap': 'round'}),
  s('path', {d: 'M60 96c0-18 26-30 58-30s58 12 58 30c2 46-14 78-58 78s-60-32-58-78Z', fill: tint}),
  s('path', {d: 'M150 74c18 6 26 14 26 22 2 46-14 78-58 78 34-18 46-58 32-100Z', fill: deep, opacity: 0.4}),
  s('path', {d: 'M82 74c8-14 64-14 72 0-14 7-58 7-72 0Z', fill: deep}),
  s('circle', {cx: 118, cy: 60, r: 8, fill: deep}),
  s('path', {d: 'M76 104c0 22 6 38 16 48', fill: 'none', stroke: '#fff', 'stroke-width': 6, 'stroke-linecap': 'round', opacity: 0.35}),
];

const cup = (tint, deep) => [
  steam(101, 66),
  s('path', {d: 'M162 100c26-4 34 10 30 24-4 13-20 20-38 18', fill: 'none', stroke: deep, 'stroke-width': 10, 'stroke-linecap': 'round'}),
  s('path', {d: 'M66 86h104c2 40-12 80-52 80s-54-40-52-80Z', fill: tint}),
  s('path', {d: 'M144 86h26c2 40-12 80-52 80 22-14 30-46 26-80Z', fill: deep, opacity: 0.4}),
  s('ellipse', {cx: 118, cy: 87, rx: 52, ry: 11, fill: deep}),
  s('ellipse', {cx: 118, cy: 89, rx: 44, ry: 7.5, fill: '#b9783c'}),
  s('ellipse', {cx: 118, cy: 170, rx: 74, ry: 8, fill: deep, opacity: 0.85}),
];

const whisk = (tint, deep) => [
  ...[-26, -17, -8, 0, 8, 17, 26].map((x) =>
    s('path', {
      d: `M120 104C${120 + x} 116 ${120 + x * 1.5} 140 ${120 + x * 1.25} 172`,
      fill: 'none',
      stroke: tint,
      'stroke-width': 5,
      'stroke-linecap': 'round',
    }),
  ),
  s('rect', {x: 104, y: 40, width: 32, height: 62, rx: 10, fill: tint}),
  s('path', {d: 'M104 78h32m-32 9h32m-32 9h32', stroke: deep, 'stroke-width': 4}),
  s('rect', {x: 124, y: 40, width: 12, height: 62, rx: 6, fill: deep, opacity: 0.35}),
];

const parcel = (tint, deep) => [
  s('path', {d: 'M60 84l60-28 60 28v62l-60 28-60-28Z', fill: tint}),
  s('path', {d: 'M120 112l60-28v62l-60 28Z', fill: deep, opacity: 0.5}),
  s('path', {d: 'M60 84l60 28 60-28-60-28Z', fill: '#fff', opacity: 0.24}),
  s('path', {d: 'M90 70l60 28v22l-14-4v-12L76 77Z', fill: '#fbf6ec', opacity: 0.9}),
  leaf(82, 130, -30, '#fbf6ec'),
];

const KINDS = {tin, pot, cup, whisk, parcel};

export const picture = ({kind, tint, deep, name}) =>
  s('svg', {viewBox: '0 0 240 192', role: 'img', 'aria-label': name, class: 'picture'}, backdrop(tint), KINDS[kind](tint, deep));
