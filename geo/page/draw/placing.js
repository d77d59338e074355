// Where the names on the map stand: which come first, the free place nearest to each, which of them a view shows.
// Numbers in, places out; labels.js measures and paints them.

import { madeOnce } from "../data/once.js";
import { nameIn } from "../state/gazetteer.js";
import { foldText } from "../state/search.js";

const PLACING_OPTIONS = {
  gap: 4,           // px between a symbol and its name
  air: 2,           // px kept free beside a name
  past: [7, 16],    // px more from a symbol where places next to it are taken; so far only capitals and great cities,
  large: 8,         // one step other cities and what has a symbol of this radius (px)
  great: 4,         // the zoom from which a city is named that goes before countries; of a water, which from here on
                    // has what room is left, one zoom more
  cell: 64,         // px: the side of a cell in the index of what is taken
  sameName: 90,     // px: nothing is named twice this near, in whatever language and spelling
  dot: 2.2,         // px: the radius of a city's dot
  capitals: 0.2,    // how much of its height a line of capital letters leaves free above and below
  wrapFrom: 11,     // letters from which the name of a country or water takes two lines
  over: 15,         // places that a name over its point may have, but of a water and of a country larger than its name
  inwards: [0.6, 2.5], // how far a country's name goes from the edge of the view, in its widths and heights
};

export const COUNTRY_LABEL = 0, WATER_LABEL = 1, CITY_LABEL = 2, CAPITAL_LABEL = 3, FEATURE_LABEL = 4;

// Places of a name over its point, in widths and heights of the name, the nearest first.
const SPOTS_ALONG = [0, 0.2, -0.2, 0.4, -0.4, 0.6, -0.6, 0.8, -0.8];
const SPOTS_DOWN = [0, -0.6, 0.6, -1.2, 1.2, -1.8, 1.8, -2.4, 2.4, -3, 3, -3.6, 3.6].map((from) => from - 0.5);
const SPOTS = SPOTS_ALONG.flatMap((along) => SPOTS_DOWN.map((down) => [along, down]))
  .sort((a, b) => Math.hypot(5 * a[0], a[1] + 0.5) - Math.hypot(5 * b[0], b[1] + 0.5));
const BY_WATER = SPOTS.filter(([, down]) => down > -2.5 && down < 1.5);

// What wants a place at a zoom: {symbols, names}, as placeLabels takes them. features: as featureLabels gives them;
// places: those of the basemap. An area that is a country of the basemap is named there, by its own name if that is in
// the reader's language.
export function labelItems(features, places, language, zoom) {
  const { dot: radius } = PLACING_OPTIONS;
  const called = new Map(features.map(({ country, text }) => [country, text]));
  const textOf = ({ kind, names }) => (kind === COUNTRY_LABEL && called.get(names.en)) || nameIn(names, language);
  const others = places.map((place) => ({ ...place, text: textOf(place), radius }));
  const countries = new Set(others.filter(({ kind }) => kind === COUNTRY_LABEL).map(({ text }) => text));
  const isCountry = (item) => isArea(item) && (item.country || countries.has(item.text));
  const named = features.filter((item) => item.text && !isCountry(item));
  const names = [
    ...named.map((item) => ({ ...item, kind: FEATURE_LABEL })),
    ...others.filter((place) => zoom >= place.zoom - Number(isGreatWater(place)) && zoom <= place.lastZoom),
  ];
  names.sort((a, b) => rankOf(a, zoom) - rankOf(b, zoom));
  return { symbols: features.filter((item) => !isArea(item)), names };
}

// What is selected, capitals, the great cities and waters, the largest features, countries and other waters, the other
// features, cities, areas.
function rankOf(item, zoom) {
  if (item.kind === CAPITAL_LABEL || isGreatCity(item)) return 1;
  if (isGreatWater(item) && zoom >= item.zoom) return 1.5;
  if (item.kind !== FEATURE_LABEL) return item.kind === CITY_LABEL ? 5 : 3;
  if (isArea(item)) return 6;
  return item.priority === Infinity ? 0 : item.radius >= PLACING_OPTIONS.large ? 2 : 4;
}

const isGreatCity = ({ kind, zoom }) => kind === CITY_LABEL && zoom <= PLACING_OPTIONS.great;
const isGreatWater = ({ kind, zoom }) => kind === WATER_LABEL && zoom <= PLACING_OPTIONS.great + 1;

function isArea({ room }) {
  return room !== undefined;
}

const folded = new Map();

// symbols: [{x, y (world units), radius (px)}] that names keep clear of. names: [{kind, x, y, text, radius; of a place
// the zoom from which it is named; of an area its `room`, of a line its `slope`, as featureLabels gives them}], the
// most important first. measure(kind, lines, zoom) gives [width, height]. Gives the names that find a place, and those
// of priority Infinity, with {lines, left, top, width, height, dot: [x, y, radius] or null, fits(left, top): of a
// country with room around its name, whether that is free there}, pixels of the world. crossesBorder(x1, y1, x2, y2):
// whether a border lies between two places, world units: the name of a country with room for it stays inside.
export function placeLabels({ symbols, names }, zoom, measure, crossesBorder = () => false) {
  const scale = 2 ** (zoom - 20), { air, capitals, sameName, over } = PLACING_OPTIONS;
  const covered = createBoxIndex(), taken = createBoxIndex(); // by symbols; by symbols and names
  const homes = createBoxIndex(); // of the names of countries: of places beside a point one that leaves these free
  const around = (x, y, radius) => [x - radius, y - radius, 2 * radius, 2 * radius];
  for (const { x, y, radius } of symbols) {
    for (const index of [covered, taken]) index.add(around(x * scale, y * scale, radius));
  }
  const sizeOf = ({ kind, text }) => {
    const lines = linesOf(kind, text), [width, height] = measure(kind, lines, zoom);
    const spare = kind === COUNTRY_LABEL ? (capitals * height) / lines.length : 0, wide = width + 2 * air;
    const boxAt = ([left, top]) => [left, top + spare, wide, height - 2 * spare];
    return { lines, width, height, wide, boxAt };
  };
  for (const item of names.filter(({ kind }) => kind === COUNTRY_LABEL)) {
    const { wide, height, boxAt } = sizeOf(item);
    homes.add(boxAt([item.x * scale - wide / 2, item.y * scale - height / 2]));
  }
  const said = new Map();
  const placed = [];
  for (const item of names) {
    const { kind, text, radius, room, priority } = item, x = item.x * scale, y = item.y * scale;
    const forms = [text, ...Object.values(item.names ?? {})].filter(Boolean)
      .map((form) => madeOnce(folded, form, () => foldText(form)));
    const isNear = ([atX, atY]) => Math.hypot(atX - x, atY - y) < sameName;
    if (forms.some((form) => said.get(form)?.some(isNear))) continue;
    const isCity = kind === CITY_LABEL || kind === CAPITAL_LABEL;
    const dotBox = around(x, y, radius + 1), hasDot = isCity && taken.isFree(dotBox);
    if (isCity && !hasDot && covered.isFree(dotBox)) continue; // under a name; under a symbol, that is its dot
    const { lines, width, height, wide, boxAt } = sizeOf(item);
    if (room * scale < width) continue;
    const isRoomy = kind === COUNTRY_LABEL && zoom > item.zoom;
    const spots = isRoomy ? SPOTS : kind === WATER_LABEL && zoom >= item.zoom ? BY_WATER : SPOTS.slice(0, over);
    const isInside = (left, top) => (
      !crossesBorder(item.x, item.y, (left + wide / 2) / scale, (top + height / 2) / scale));
    const corners = cornersOf(item, x, y, wide, height, spots);
    const isFree = (at) => taken.isFree(boxAt(at)) && (!isRoomy || isInside(...at));
    const corner = (isCity && corners.slice(0, 8).find((at) => isFree(at) && homes.isFree(boxAt(at))))
      || (corners.find(isFree) ?? (priority === Infinity && corners[0]));
    if (!corner) continue;
    const own = boxAt(corner);
    taken.add(own);
    if (hasDot) taken.add(dotBox);
    for (const form of forms) madeOnce(said, form, () => []).push([x, y]);
    const fits = isRoomy
      && ((left, top) => taken.isFree(boxAt([left - air, top]), own) && isInside(left - air, top));
    placed.push({
      ...item, lines, left: corner[0] + air, top: corner[1], width, height,
      dot: hasDot ? [x, y, radius] : null, fits,
    });
  }
  return placed;
}

function linesOf(kind, text) {
  const spoken = kind === COUNTRY_LABEL ? text.toUpperCase() : text;
  const words = spoken.split(" ");
  if (kind > WATER_LABEL || spoken.length < PLACING_OPTIONS.wrapFrom || words.length < 2) return [spoken];
  const half = Math.ceil(words.length / 2);
  return [words.slice(0, half).join(" "), words.slice(half).join(" ")];
}

// Where the corner of a name may be, the best place first. Beside a point that is right, left, above, below, in the
// corners; of a city or a large symbol then the same past what takes these places. There, the name of a small one would
// be taken for that of its neighbour. A line has its name first in the corners that it leaves free, at last across it.
function cornersOf(item, x, y, width, height, spots) {
  const { kind, radius, room, slope } = item;
  if (kind <= WATER_LABEL || room) {
    return spots.map(([along, down]) => [x + (along - 0.5) * width, y + down * height]);
  }
  const { gap, air, large, past } = PLACING_OPTIONS;
  const steps = kind === CAPITAL_LABEL || isGreatCity(item) ? 2 : Number(kind === CITY_LABEL || radius >= large);
  return [0, ...past.slice(0, steps)].flatMap((more) => {
    const off = radius + gap - air + more;
    const middle = x - width / 2, above = y - off - height, below = y + off;
    const sides = [[x + off, y - height / 2], [x - off - width, y - height / 2], [middle, above], [middle, below]];
    const free = slope > 0 ? [[x, above], [x - width, below]] : [[x - width, above], [x, below]];
    if (slope !== undefined) return [...free, ...sides.reverse()];
    const right = x + radius / 2, left = x - radius / 2 - width;
    return [...sides, [right, above], [right, below], [left, above], [left, below]];
  });
}

// Boxes [left, top, width, height], found again by a grid of cells.
export function createBoxIndex() {
  const { cell } = PLACING_OPTIONS, cells = new Map();
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

// Those of the placed names that a view shows: whole and clear of the boxes `covered` of it; while it is moved,
// `covered` is null, also those that its edge cuts.
export function namesIn(view, placed, covered) {
  const boxOf = (label) => [label.left - view.x, label.top - view.y, label.width, label.height];
  if (!covered) return placed.filter((label) => meet(boxOf(label), [0, 0, view.width, view.height]));
  const isWhole = ([left, top, width, height]) => (
    left >= 0 && left + width <= view.width && top >= 0 && top + height <= view.height);
  const isThere = (box) => isWhole(box) && !covered.some((cover) => meet(box, cover));
  const gone = []; // names that went inwards
  return placed.flatMap((label) => {
    if (isThere(boxOf(label))) return [label];
    const other = label.fits && inwards(label, view);
    if (!other || !isThere(boxOf(other)) || gone.some((box) => meet(box, boxOf(other)))) return [];
    gone.push(boxOf(other));
    return [other];
  });
}

// A name moved from the edge of the view into it; null where that is too far, or something else is there.
function inwards(label, { x, y, width, height }) {
  const { air, inwards: [across, down] } = PLACING_OPTIONS;
  const within = (at, from, to) => Math.max(from + air, Math.min(to - air, at));
  const left = within(label.left, x, x + width - label.width), top = within(label.top, y, y + height - label.height);
  const isNear = Math.abs(left - label.left) <= across * label.width
    && Math.abs(top - label.top) <= down * label.height;
  return isNear && label.fits(left, top) ? { ...label, left, top } : null;
}
