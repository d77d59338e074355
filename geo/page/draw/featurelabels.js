// Which features want their name on the map; placing.js decides where one fits.

import { AREA_KIND, LINE_KIND, POINT_KIND, localText, partRange, poolBounds, vertexRange } from "../data/model.js";
import { madeOnce } from "../data/once.js";
import { COUNTRY_LABEL } from "./placing.js";
import { eachPoint, fadeOf, isShown, kindOf, scaled, styleOf } from "./scene.js";

const FEATURE_LABEL_OPTIONS = {
  fromZoom: 7,       // points and lines are named from here on ...
  fewFromZoom: 5,    // ... and so many of them, the largest first, from here
  few: 30,
  most: 3000,        // with more shown none is named, and other names do not keep clear of them
  ring: 5,           // px that a selected symbol's ring takes
  count: 6,          // px: half the side of a stack's number
  countriesMost: 400, // areas of a layer: with more it is not one of countries
};

// [{x, y (world units), text ("": a symbol that names keep clear of), priority, radius (px), color, fade}], the higher
// priority first, Infinity has its name in any case; of a line also its slope, above 0 where it goes down to the right;
// of an area, named as soon as its name fits in, the width of the room instead of a radius (world units), and the
// English name of the country of the basemap that it is, by these places of it: its text is in the reader's language.
export function featureLabels(scene, zoom, places = []) {
  const { fromZoom, fewFromZoom, few, most, ring } = FEATURE_LABEL_OPTIONS;
  const { scale, factor } = scaled({ zoom });
  const { selection, language } = scene.store.state;
  const found = [];
  const groups = scene.groups(zoom);
  for (const [rank, entry] of scene.entries.entries()) {
    const { layer } = entry;
    for (let i = 0; i < layer.n && found.length <= most; i++) {
      if (!isShown(entry, i) || entry.moved.has(i)) continue;
      const kind = kindOf(layer, i), style = styleOf(entry, i);
      const symbol = { entry, i, radius: style.size * factor, priority: style.size + rank / 100 };
      if (kind === POINT_KIND) eachPoint(layer, i, (x, y) => found.push({ ...symbol, x, y }));
      if (kind === LINE_KIND) found.push({ entry, i, ...middleOf(layer, i), radius: style.width, priority: -1 });
      if (kind === AREA_KIND) found.push({ entry, i, ...roomOf(layer, i), priority: -2 });
    }
  }
  for (const { fan, members } of groups) {
    for (const { entry, feature, x, y, radius } of fan ? members : members.slice(-1)) {
      found.push({ entry, i: feature, x: x / scale, y: y / scale, radius, priority: styleOf(entry, feature).size });
    }
  }
  if (found.length > most) return [];
  for (const item of found) {
    item.fade = fadeOf(scene, item.entry.layer, item.i);
    if (item.fade < 1) item.priority -= 100; // what is sure to be there is named first
  }
  found.sort((a, b) => b.priority - a.priority);
  const named = zoom >= fromZoom ? found.length : zoom >= fewFromZoom ? few : 0;
  const labels = found.map(({ entry, i, ...place }, at) => {
    const { layer } = entry, { color } = styleOf(entry, i);
    const isSelected = selection?.layer === layer.id && selection.feature === i;
    const isNamed = layer.head.label && (at < named || isSelected || place.room);
    const said = isNamed ? localText(layer, layer.head.label, i, language, scene.page.languages) : { text: "" };
    const country = isNamed && place.room !== undefined && countriesIn(layer, places).get(i);
    const label = { ...place, text: country && said.language !== language ? "" : said.text, country, color };
    if (!isSelected) return label;
    return { ...label, priority: Infinity, radius: place.radius + ring, room: place.room && Infinity };
  });
  const counted = groups.filter(({ count }) => count);
  return [...labels, ...counted.map(({ count: [x, y] }) => (
    { x: x / scale, y: y / scale, radius: FEATURE_LABEL_OPTIONS.count, text: "" }
  ))];
}

// A place near the middle of a line's longest part, between two vertices: there, cities tend to be. Lines side by side
// are named one after the other.
export function middleOf({ pool, geometry, lane }, i) {
  let longest = [0, 0];
  for (let [part, end] = partRange(pool, geometry[i]); part < end; part++) {
    const range = vertexRange(pool, part);
    if (range[1] - range[0] > longest[1] - longest[0]) longest = range;
  }
  const steps = longest[1] - longest[0] - 1;
  const v = longest[0] + Math.max(0, Math.min(steps - 1, Math.floor(steps * (0.5 + (lane?.[i] ?? 0) / 8))));
  const [x1, x2, y1, y2] = [pool.x[v], pool.x[v + 1], pool.y[v], pool.y[v + 1]];
  return { x: (x1 + x2) / 2, y: (y1 + y2) / 2, slope: (y2 - y1) * (x2 - x1) };
}

const rooms = new WeakMap();

// The middle of the widest stretch of three lines from west to east through an area, and its width.
function roomOf({ pool, geometry }, i) {
  return madeOnce(madeOnce(rooms, pool, () => new Map()), geometry[i], () => widestRoom(pool, geometry[i]));
}

export function widestRoom(pool, at) {
  const [, north, , south] = poolBounds(pool).subarray(at * 4, at * 4 + 4);
  let widest = { x: 0, y: 0, room: 0 };
  for (const share of [0.5, 0.35, 0.65]) {
    const y = north + (south - north) * share, crossings = crossingsOf(pool, at, y).sort((a, b) => a - b);
    for (let k = 0; k + 1 < crossings.length; k += 2) {
      const room = crossings[k + 1] - crossings[k];
      if (room > widest.room) widest = { x: crossings[k] + room / 2, y, room };
    }
  }
  return widest;
}

const countriesOf = new WeakMap();

// Which areas of a layer are countries of the basemap: feature => the English name. They are if most areas of the layer
// hold the place of the name of just one: of a country's provinces one does, of the areas of a study maybe none.
export function countriesIn(layer, places) {
  return madeOnce(countriesOf, layer, () => {
    const { pool, geometry } = layer, countries = places.filter(({ kind }) => kind === COUNTRY_LABEL), held = new Map();
    let areas = 0;
    geometry.forEach((at, i) => {
      if (at < 0 || pool.kind(at) !== AREA_KIND || ++areas > FEATURE_LABEL_OPTIONS.countriesMost) return;
      const isInside = ({ x, y }) => crossingsOf(pool, at, y).filter((crossing) => crossing < x).length % 2;
      const inside = new Set(countries.filter(isInside).map(({ names }) => names.en));
      if (inside.size === 1) held.set(i, [...inside][0]);
    });
    return held.size > 1 && held.size * 2 > areas ? held : new Map();
  });
}

// Where the rings of an area cross a line from west to east.
function crossingsOf(pool, at, y) {
  const found = [];
  for (let [part, end] = partRange(pool, at); part < end; part++) {
    const [from, to] = vertexRange(pool, part);
    for (let v = from, before = to - 1; v < to; before = v++) {
      const y1 = pool.y[before], y2 = pool.y[v];
      if (y1 > y !== y2 > y) found.push(pool.x[before] + ((y - y1) / (y2 - y1)) * (pool.x[v] - pool.x[before]));
    }
  }
  return found;
}
