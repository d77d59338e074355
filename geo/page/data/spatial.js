// Find the features of a layer that may touch a rectangle, by the order in which features travel.
//
// Each feature has the smallest quadtree cell that holds it: codes[k], the cell's first Morton code (26 bits a side,
// exact in a double), and levels[k], its depth (0 = the world; points are all at the deepest). Sorted by both, a
// cell's features are one run: its own before those of its four quarters.

import { boundsOfParts, partRange, poolBounds } from "./model.js";
import { firstAtLeast } from "./numbers.js";

const CODE_BITS = 26;
const TOP = 2 ** 28 - 1; // coordinates have 28 bits; the last two are dropped
const LEAF_FEATURES = 32; // a run this short is tested feature by feature

// In world units, by name of the side.
export function boundsReader({ pool, geometry }) {
  if (!pool.vertexStart && !pool.partStart) {
    const x = (i) => pool.x[geometry[i]], y = (i) => pool.y[geometry[i]];
    return { west: x, north: y, east: x, south: y };
  }
  const all = poolBounds(pool);
  const [west, north, east, south] = [0, 1, 2, 3].map((side) => (i) => all[geometry[i] * 4 + side]);
  return { west, north, east, south };
}

// [west, east] of features, given by number, the shorter way over 180 degrees: east beyond the world's edge. null where
// less than half of the world is free between those in the west of it and those in the east.
export function sidesOver180({ pool, geometry }, features) {
  const half = (TOP + 1) / 2;
  let west = Infinity, east = -Infinity;
  for (const i of features) {
    const [first, last] = geometry[i] < 0 ? [0, 0] : partRange(pool, geometry[i]);
    for (let part = first; part < last; part++) {
      const [least, , most] = boundsOfParts(pool, part, part + 1);
      if (most < half) east = Math.max(east, most);
      else west = Math.min(west, least);
    }
  }
  const free = west - east; // infinite where there is none on one of the sides
  return free >= half && Number.isFinite(free) ? [west, east + 2 * half] : null;
}

// {n: located features, codes, levels}: those of a layer are in this order, and what is not located comes last.
export function createIndex(layer, bounds) {
  const codes = new Float64Array(layer.n);
  const levels = new Uint8Array(layer.n);
  const cell = (value) => Math.min(value, TOP) >> 2;
  let n = 0;
  for (; n < layer.n && layer.geometry[n] >= 0; n++) {
    const x = cell(bounds.west(n)), y = cell(bounds.north(n));
    const shift = 32 - Math.clz32((x ^ cell(bounds.east(n))) | (y ^ cell(bounds.south(n))));
    codes[n] = mortonCode((x >> shift) << shift, (y >> shift) << shift);
    levels[n] = CODE_BITS - shift;
  }
  return { n, codes, levels };
}

// x and y of 26 bits woven to one number of 52, y before x in each pair of bits.
export function mortonCode(x, y) {
  const weave = (a, b) => spreadBits(a) | (spreadBits(b) << 1);
  return weave(x >>> 13, y >>> 13) * 2 ** 26 + weave(x & 0x1fff, y & 0x1fff);
}

function spreadBits(v) {
  v = (v | (v << 8)) & 0x00ff00ff;
  v = (v | (v << 4)) & 0x0f0f0f0f;
  v = (v | (v << 2)) & 0x33333333;
  return (v | (v << 1)) & 0x55555555;
}

// Call visit(from, to, isWithin) for the runs that may touch the rectangle (world units); what they hold beyond it is
// left to the caller, but where the whole run is within. A tile among a million points is found in 0.1 ms.
export function queryIndex({ n, codes, levels }, west, north, east, south, visit) {
  const descend = (level, x, y, code, from, to) => {
    const size = 2 ** (28 - level);
    if (from >= to || x > east || y > south || x + size < west || y + size < north) return;
    const isWithin = x >= west && y >= north && x + size <= east && y + size <= south;
    if (isWithin || to - from <= LEAF_FEATURES || level === CODE_BITS) {
      visit(from, to, isWithin);
      return;
    }
    let start = from;
    while (start < to && levels[start] <= level) start++;
    if (start > from) visit(from, start, false);
    const step = 4 ** (CODE_BITS - level - 1);
    for (let quarter = 0; quarter < 4; quarter++) {
      const next = code + step * quarter;
      const end = firstAtLeast(codes, next + step, start, to);
      descend(level + 1, x + (quarter & 1) * (size / 2), y + (quarter >> 1) * (size / 2), next, start, end);
      start = end;
    }
  };
  descend(0, 0, 0, 0, 0, n);
}
