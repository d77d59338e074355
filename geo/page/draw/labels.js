// Names on the map: countries, waters, cities and the labels of features on one canvas of the view, none over another.
//
// The layout depends on the zoom alone, never on what is in view: names stay where they are while the map is moved. Once it
// is still, a country's name that the edge of the view cuts goes inwards as far as it may; others, and those that run under a
// control, are left out.

import { readColumn } from "../data/columns.js";
import { languagesRead } from "../data/model.js";
import { madeOnce } from "../data/once.js";
import { worldsOf } from "../data/worlds.js";
import { mixHex } from "./colors.js";
import { createViewCanvas } from "./viewcanvas.js";

const LABEL_OPTIONS = {
  gap: 4,           // px between a symbol and its name
  air: 2,           // px kept free beside a name
  past: [7, 16],    // px more from a symbol, where the places next to it are taken; so far only capitals, and one step ...
  large: 8,         // ... cities and what has a symbol of this radius (px)
  cell: 64,         // px: the side of a cell in the index of what is taken
  sameName: 90,     // px: nothing is named twice this near
  dot: 2.2,         // px: the radius of a city's dot
  capitals: 0.2,    // how much of its height a line of capital letters leaves free above and below
  wrapFrom: 11,     // letters from which the name of a country or water takes two lines
  inwards: [0.6, 2.5], // how far a country's name goes from the edge of the view, in its widths and heights
  halo: 3,          // px
  ink: 0.5,         // how much a feature's name has of the common ink beside the feature's colour
  faded: 0.55,      // opacity of the name of what is faded itself
};

const LABEL_CANVAS = { pane: "geo-labels", paneZ: 450, margin: 160, ratioMost: 2 }; // under markers and popups
export const LABEL_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, sans-serif";
const COUNTRY_LABEL = 0, WATER_LABEL = 1, CITY_LABEL = 2, CAPITAL_LABEL = 3, FEATURE_LABEL = 4;

// By kind, countries first: font at low zooms and from `from` on, px between letters, colour in light and dark.
const LABEL_STYLES = [
  { low: "600 11px", font: "600 13px", from: 5, spacing: 2.2, light: "#54435d", dark: "#cdbfd4" },
  { font: "italic 12px", from: 0, spacing: 0.4, light: "#2f6f9a", dark: "#7fb4d6" },
  { low: "11.5px", font: "12.5px", from: 6, spacing: 0, light: "#45403a", dark: "#c4beb3" },
  { low: "600 12px", font: "700 13px", from: 6, spacing: 0, light: "#1d1a17", dark: "#efeae0" },
  { font: "600 12px", from: 0, spacing: 0, light: "#14181f", dark: "#f5f1e8" },
];
const LABEL_HALOS = { light: "rgba(255,253,247,.85)", dark: "rgba(18,22,25,.82)" };

// Places of a name over its point, in widths and heights of the name, the nearest first; a country has all of them past the
// zoom at which it has room for its name, other names those near by.
const SPOTS_WITHIN = [0, 0.2, -0.2, 0.4, -0.4].flatMap((along) => [-0.5, -1.1, 0.1, -1.7, 0.7, -2.3, 1.3, -2.9, 1.9].map((down) => [along, down]))
  .sort((a, b) => Math.hypot(5 * a[0], a[1] + 0.5) - Math.hypot(5 * b[0], b[1] + 0.5));
const SPOTS_OVER = SPOTS_WITHIN.filter(([along, down]) => Math.abs(along) < 0.3 && Math.abs(down + 0.5) < 1.3);

// places: those of the basemap, as readPlaces gives them. features(zoom): [{x, y, text, priority, radius,
// color, fade}], world units, px, the higher priority first, Infinity has a name in any case; without a text it is a symbol
// that names keep clear of; a line has a `slope`, above 0 where it goes down to the right; an area has a `room` instead of
// the radius, so many world units wide. Gives
//   change({language, theme: "light" | "dark"})   writes all names anew, the frame after next: the data comes first
//   paint(ctx, view)                              the names of any view, none cut: {zoom, x, y, width, height, ratio, placesZoom:
//                                                 that whose places are named, where it is another}
// covers() gives what lies over the map, as boxes [left, top, width, height] of its container.
export function createLabels(map, { theme, language, features, places, covers }) {
  const state = { theme, language, features, places };
  const canvas = createViewCanvas(map, LABEL_CANVAS);
  const measure = textMeasure(canvas.ctx);
  let layout = null, asked = 0, isDragged = false;

  const place = (zoom, placesZoom = zoom) => placeLabels(labelItems(state, zoom, placesZoom), zoom, measure);
  const draw = () => {
    cancelAnimationFrame(asked);
    asked = 0;
    const { x: width, y: height } = map.getSize(), { margin } = LABEL_CANVAS;
    if (!width) return;
    canvas.draw((view) => {
      if (layout?.zoom !== view.zoom) layout = { zoom: view.zoom, placed: place(view.zoom) };
      const covered = isDragged ? [] : covers().map(([left, top, ...size]) => [left + margin, top + margin, ...size]);
      const room = isDragged ? null : [margin, margin, width, height];
      paintLabels(canvas.ctx, view, layout.placed, state.theme, room, covered);
    });
  };
  const ask = () => {
    asked ||= requestAnimationFrame(draw);
  };
  const change = (values) => {
    Object.assign(state, values);
    layout = null;
    asked ||= requestAnimationFrame(() => {
      asked = requestAnimationFrame(draw);
    });
  };
  map.on("dragstart", () => {
    isDragged = true;
    draw();
  });
  map.on("moveend", () => { // which a zoom and another size of the map end with, too
    isDragged = false;
    draw();
  });
  map.on("move", () => canvas.moved() > LABEL_CANVAS.margin && ask());
  ask();
  return {
    change,
    paint: (ctx, view) => paintLabels(ctx, view, place(view.zoom, view.placesZoom), state.theme, [0, 0, view.width, view.height], []),
  };
}

// [{kind, x, y (world units), zoom, lastZoom: from and up to which it is named, names: {language: name}}]
export function readPlaces({ head: { labels }, buffer }) {
  const column = (name) => readColumn(buffer, labels.columns[name]);
  const numbers = ["kind", "x", "y", "zoom", "last_zoom"].map(column);
  const texts = labels.languages.map((code, k) => [code, column(k ? `name_${code}` : "name")]);
  return Array.from({ length: labels.n }, (_, i) => {
    const [kind, x, y, zoom, lastZoom] = numbers.map((values) => values.number(i));
    const names = Object.fromEntries(texts.map(([code, values]) => [code, values.text(i)]));
    return { kind, x, y, zoom, lastZoom, names };
  });
}

// Where a reader's languages have no name, the English one.
export function nameIn(names, language) {
  return names[languagesRead(language).find((code) => names[code]) ?? "en"];
}

// What wants a place at a zoom, the most important first: symbols, what is selected, capitals, the largest features, countries
// and waters, labels of the other features, cities by rank, labels of areas, but for countries that the basemap names.
function labelItems({ features, places, language }, zoom, placesZoom) {
  const found = features(zoom), isArea = ({ room }) => room !== undefined;
  const countries = new Set(places.filter(({ kind }) => kind === COUNTRY_LABEL).map(({ names }) => nameIn(names, language)));
  const named = found.filter(({ text }) => text).map((item) => ({ ...item, kind: FEATURE_LABEL }));
  const isSelected = ({ priority }) => priority === Infinity, isLarge = ({ radius }) => radius >= LABEL_OPTIONS.large;
  const others = places.filter((place) => placesZoom >= place.zoom && placesZoom <= place.lastZoom)
    .map(({ kind, x, y, zoom: from, names }) => ({ kind, x, y, from, text: nameIn(names, language), radius: LABEL_OPTIONS.dot }));
  return [
    ...found.filter((item) => !isArea(item)).map(({ x, y, radius }) => ({ x, y, radius })),
    ...named.filter((item) => isSelected(item) && !isArea(item)),
    ...others.filter(({ kind }) => kind === CAPITAL_LABEL),
    ...named.filter((item) => !isSelected(item) && isLarge(item)),
    ...others.filter(({ kind }) => kind <= WATER_LABEL),
    ...named.filter((item) => !isSelected(item) && !isLarge(item) && !isArea(item)),
    ...others.filter(({ kind }) => kind === CITY_LABEL),
    ...named.filter((item) => isArea(item) && !countries.has(item.text)),
  ];
}

// Items {kind, x, y, text, radius or room, from: the zoom at which a place is first named} (no kind: a symbol) in the order of
// their importance, world units. Gives those that find a free place: [{kind, lines, left, top, width, height, color, fade, dot:
// [x, y] or null, fits(left, top): of a country with room around its name, whether that is free there}], pixels of the world.
// measure(kind, text, zoom) gives the width and height of a line.
export function placeLabels(items, zoom, measure) {
  const scale = 2 ** (zoom - 20);
  const symbols = createBoxIndex(), taken = createBoxIndex();
  const said = new Map();
  const placed = [];
  for (const { kind, x: worldX, y: worldY, text, from, radius, slope, room, priority, color, fade = 1 } of items) {
    const x = worldX * scale, y = worldY * scale;
    if (kind === undefined) {
      for (const index of [symbols, taken]) index.add([x - radius, y - radius, 2 * radius, 2 * radius]);
      continue;
    }
    if (said.get(text)?.some(([atX, atY]) => Math.hypot(atX - x, atY - y) < LABEL_OPTIONS.sameName)) continue;
    const dotBox = [x - radius - 1, y - radius - 1, 2 * radius + 2, 2 * radius + 2];
    const isCapital = kind === CAPITAL_LABEL, isCity = kind === CITY_LABEL || isCapital;
    const hasDot = isCity && taken.isFree(dotBox);
    if (isCity && !hasDot && symbols.isFree(dotBox)) continue; // under a name; under a symbol, that is its dot
    const lines = linesOf(kind, text);
    const sizes = lines.map((line) => measure(kind, line, zoom));
    const { air } = LABEL_OPTIONS;
    const width = Math.max(...sizes.map(([across]) => across)), height = sizes[0][1] * lines.length;
    if (room * scale < width) continue;
    const isRoomy = kind === COUNTRY_LABEL && zoom > from;
    const spots = (kind <= WATER_LABEL || room ? spotsOver : spotsBeside)(x, y, width + 2 * air, height, radius, { isRoomy, isCity, isCapital, slope });
    // The names of countries are in capital letters, which leave room above and below.
    const spare = kind === COUNTRY_LABEL ? LABEL_OPTIONS.capitals * sizes[0][1] : 0;
    const inked = ([left, top, ...size]) => [left, top + spare, size[0], size[1] - 2 * spare];
    const spot = spots.find((spot) => taken.isFree(inked(spot))) ?? (priority === Infinity && spots[0]);
    if (!spot) continue;
    const own = inked(spot);
    taken.add(own);
    if (hasDot) taken.add(dotBox);
    madeOnce(said, text, () => []).push([x, y]);
    const fits = isRoomy ? (left, top) => taken.isFree(inked([left - air, top, ...spot.slice(2)]), own) : null;
    placed.push({ kind, lines, left: spot[0] + air, top: spot[1], width, height, color, fade, dot: hasDot ? [x, y] : null, fits });
  }
  return placed;
}

function linesOf(kind, text) {
  const spoken = kind === COUNTRY_LABEL ? text.toUpperCase() : text;
  const words = spoken.split(" ");
  if (kind > WATER_LABEL || spoken.length < LABEL_OPTIONS.wrapFrom || words.length < 2) return [spoken];
  const half = Math.ceil(words.length / 2);
  return [words.slice(0, half).join(" "), words.slice(half).join(" ")];
}

function spotsOver(x, y, width, height, radius, { isRoomy }) {
  return (isRoomy ? SPOTS_WITHIN : SPOTS_OVER).map(([along, down]) => [x + (along - 0.5) * width, y + down * height, width, height]);
}

// Right, left, above, below, in the corners; of a city or a large symbol then the same past what takes these places. There,
// the name of a small one would be taken for that of its neighbour. A line has its name first in the corners that it leaves
// free, at last across it.
function spotsBeside(x, y, width, height, radius, { isCity, isCapital, slope }) {
  const steps = isCity + isCapital || Number(radius >= LABEL_OPTIONS.large);
  const spots = [0, ...LABEL_OPTIONS.past.slice(0, steps)].flatMap((more) => {
    const off = radius + LABEL_OPTIONS.gap - LABEL_OPTIONS.air + more;
    const middle = x - width / 2, above = y - off - height, below = y + off;
    const corners = slope > 0 ? [[x, above], [x - width, below]] : [[x - width, above], [x, below]];
    const sides = [[x + off, y - height / 2], [x - off - width, y - height / 2], [middle, above], [middle, below]];
    if (slope !== undefined) return [...corners, ...sides.reverse()];
    const [right, left] = [x + radius / 2, x - radius / 2 - width];
    return [...sides, [right, above], [right, below], [left, above], [left, below]];
  });
  return spots.map((corner) => [...corner, width, height]);
}

// Boxes [left, top, width, height], found again by a grid of cells.
export function createBoxIndex(cell = LABEL_OPTIONS.cell) {
  const cells = new Map();
  const someCell = ([left, top, width, height], test) => {
    for (let row = Math.floor(top / cell); row <= (top + height) / cell; row++) {
      for (let column = Math.floor(left / cell); column <= (left + width) / cell; column++) {
        if (test(row * 2 ** 26 + column)) return true;
      }
    }
    return false;
  };
  return {
    isFree: (box, own) => !someCell(box, (key) => cells.get(key)?.some((other) => other !== own && meet(box, other))),
    add: (box) => someCell(box, (key) => {
      madeOnce(cells, key, () => []).push(box);
    }),
  };
}

function meet(a, b) {
  return a[0] < b[0] + b[2] && b[0] < a[0] + a[2] && a[1] < b[1] + b[3] && b[1] < a[1] + a[3];
}

function isWithin(a, b) {
  return a[0] >= b[0] && a[0] + a[2] <= b[0] + b[2] && a[1] >= b[1] && a[1] + a[3] <= b[1] + b[3];
}

function fontOf(kind, zoom) {
  const { low, font, from } = LABEL_STYLES[kind];
  return `${zoom < from ? low : font} ${LABEL_FONT}`;
}

function textMeasure(ctx) {
  const known = new Map();
  return (kind, text, zoom) => {
    const font = fontOf(kind, zoom);
    return madeOnce(known, font + text, () => {
      ctx.font = font;
      const across = ctx.measureText(text).width + LABEL_STYLES[kind].spacing * text.length;
      return [Math.ceil(across), Math.round(1.25 * Number.parseFloat(/[\d.]+(?=px)/.exec(font)))];
    });
  };
}

// Those of the placed names that are painted in a view: they lie whole in `room`, or may be cut by the view's edge where that
// is null, and clear of what is covered. Both are boxes [left, top, width, height] of the view.
export function namesIn({ x, y, width, height }, placed, room, covered) {
  const boxOf = (label) => [label.left - x, label.top - y, label.width, label.height];
  const isThere = (box) => (room ? isWithin(box, room) : meet(box, [0, 0, width, height])) && !covered.some((cover) => meet(box, cover));
  const gone = []; // names that went inwards
  return placed.flatMap((label) => {
    if (isThere(boxOf(label))) return [label];
    const other = room && label.fits && inwards(label, { x, y }, room);
    if (!other || !isThere(boxOf(other)) || gone.some((box) => meet(box, boxOf(other)))) return [];
    gone.push(boxOf(other));
    return [other];
  });
}

// A name moved from the edge of the view into the room; null where that is too far, or something else is there.
function inwards(label, { x, y }, [roomLeft, roomTop, roomWidth, roomHeight]) {
  const [across, down] = LABEL_OPTIONS.inwards, { air } = LABEL_OPTIONS;
  const within = (at, from, length) => Math.max(from + air, Math.min(from + length - air, at));
  const left = within(label.left, roomLeft + x, roomWidth - label.width), top = within(label.top, roomTop + y, roomHeight - label.height);
  const isNear = Math.abs(left - label.left) <= across * label.width && Math.abs(top - label.top) <= down * label.height;
  return isNear && label.fits(left, top) ? { ...label, left, top } : null;
}

function paintLabels(ctx, view, placed, theme, room, covered) {
  for (const world of worldsOf(view)) paintWorldLabels(ctx, world, namesIn(world, placed, room, covered), theme);
}

function paintWorldLabels(ctx, { zoom, x, y, ratio }, seen, theme) {
  const snap = (value) => Math.round(value * ratio) / ratio; // on whole device pixels letters stay sharp
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.lineJoin = "round";
  ctx.textBaseline = "middle";
  ctx.lineWidth = 2;
  ctx.strokeStyle = LABEL_HALOS[theme];
  ctx.fillStyle = LABEL_STYLES[CITY_LABEL][theme];
  for (const { dot } of seen) {
    if (!dot) continue;
    ctx.beginPath();
    ctx.arc(dot[0] - x, dot[1] - y, LABEL_OPTIONS.dot, 0, 7);
    ctx.stroke();
    ctx.fill();
  }
  ctx.lineWidth = LABEL_OPTIONS.halo;
  for (const label of seen.reverse()) {
    const step = label.height / label.lines.length, isCentred = label.lines.length > 1;
    ctx.fillStyle = label.color ? inkOf(label.color, theme) : LABEL_STYLES[label.kind][theme];
    ctx.globalAlpha = label.fade < 1 ? LABEL_OPTIONS.faded : 1;
    ctx.font = fontOf(label.kind, zoom);
    ctx.textAlign = isCentred ? "center" : "left";
    ctx.letterSpacing = `${LABEL_STYLES[label.kind].spacing}px`;
    const across = snap(label.left - x + (isCentred ? label.width / 2 : 0));
    for (const write of ["strokeText", "fillText"]) {
      label.lines.forEach((line, k) => ctx[write](line, across, snap(label.top + step * (k + 0.5) - y)));
    }
  }
  ctx.globalAlpha = 1;
}

// A feature's name is in its own colour, dark or light enough to be read.
function inkOf(color, theme) {
  return mixHex(color, LABEL_STYLES[FEATURE_LABEL][theme], LABEL_OPTIONS.ink);
}
