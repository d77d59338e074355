// Find the features of a layer that may touch a rectangle: a search in the Morton order in which features travel.
//
// Every feature has the smallest quadtree cell that holds it, as `codes[k]` (the cell's first Morton code, 26 bits
// a side = 52 bits, exact in a double) and `levels[k]` (its depth, 0 = the world; points are all at the deepest).
// In the order (code, level) a cell's features are one run, its own before those of its four quarters. Any layer
// goes through the same search: one that is not in that order gets `order`, a permutation.

import { poolBounds } from "./model.js";

const CODE_BITS = 26;
const DROPPED_BITS = 2; // coordinates have 28 bits
const TOP = 2 ** 28 - 1;
const LEAF_FEATURES = 32; // a run this short is tested feature by feature

// {n: located features, codes, levels (null: all points), order (null: the features' own order)}
export function createIndex(layer) {
  const { pool, geometry } = layer;
  const points = isPointPool(pool);
  const bounds = points ? null : poolBounds(pool);
  const codes = new Float64Array(layer.n);
  const levels = points ? null : new Uint8Array(layer.n);
  let located = 0;
  let sorted = true;
  for (let i = 0; i < layer.n; i++) {
    const at = geometry[i];
    if (at < 0) {
      codes[i] = Infinity;
      continue;
    }
    located++;
    if (points) codes[i] = mortonCode(Math.min(pool.x[at], TOP) >> DROPPED_BITS, Math.min(pool.y[at], TOP) >> DROPPED_BITS);
    else encloseCell(bounds, at * 4, codes, levels, i);
    if (i && (codes[i] < codes[i - 1] || (codes[i] === codes[i - 1] && levels && levels[i] < levels[i - 1]))) sorted = false;
    if (located !== i + 1) sorted = false; // one without a place came before
  }
  const index = { n: located, codes, levels, order: null };
  return sorted ? index : reorder(index);
}

// A pool whose geometries are single points: their coordinates are their bounds.
export function isPointPool(pool) {
  return !pool.vertexStart && !pool.partStart;
}

function encloseCell(bounds, at, codes, levels, i) {
  const x0 = Math.min(bounds[at], TOP) >> DROPPED_BITS, y0 = Math.min(bounds[at + 1], TOP) >> DROPPED_BITS;
  const x1 = Math.min(bounds[at + 2], TOP) >> DROPPED_BITS, y1 = Math.min(bounds[at + 3], TOP) >> DROPPED_BITS;
  const shift = 32 - Math.clz32((x0 ^ x1) | (y0 ^ y1));
  codes[i] = mortonCode((x0 >> shift) << shift, (y0 >> shift) << shift);
  levels[i] = CODE_BITS - shift;
}

function reorder({ n, codes, levels }) {
  const all = Uint32Array.from(codes, (_, i) => i);
  all.sort((a, b) => (codes[a] === codes[b] ? (levels ? levels[a] - levels[b] : 0) || a - b : codes[a] < codes[b] ? -1 : 1));
  const order = all.subarray(0, n);
  return { n, codes: Float64Array.from(order, (i) => codes[i]), levels: levels && Uint8Array.from(order, (i) => levels[i]), order };
}

// x and y of 26 bits, woven to one number of 52: y before x in every pair of bits.
export function mortonCode(x, y) {
  return weave13(x >>> 13, y >>> 13) * 2 ** 26 + weave13(x & 0x1fff, y & 0x1fff);
}

function weave13(x, y) {
  return spread13(x) | (spread13(y) << 1);
}

function spread13(v) {
  v = (v | (v << 8)) & 0x00ff00ff;
  v = (v | (v << 4)) & 0x0f0f0f0f;
  v = (v | (v << 2)) & 0x33333333;
  return (v | (v << 1)) & 0x55555555;
}

// Call visit(from, to) for runs of positions in the index whose features may touch the rectangle (world units).
// A tile of a million points is found in 0.1 ms; what a run holds beyond the rectangle the caller's own test leaves out.
export function queryIndex(index, minX, minY, maxX, maxY, visit) {
  const { codes, levels } = index;
  const descend = (level, x, y, code, from, to) => {
    if (from >= to) return;
    const size = 2 ** (28 - level);
    if (x > maxX || y > maxY || x + size < minX || y + size < minY) return;
    const inside = x >= minX && y >= minY && x + size <= maxX && y + size <= maxY;
    if (inside || to - from <= LEAF_FEATURES || level === CODE_BITS) {
      visit(from, to);
      return;
    }
    let own = from;
    if (levels) while (own < to && levels[own] <= level) own++;
    if (own > from) visit(from, own);
    const half = size / 2;
    const step = 4 ** (CODE_BITS - level - 1);
    for (let quarter = 0, start = own; quarter < 4; quarter++) {
      const next = code + step * quarter;
      const end = quarter === 3 ? to : lowerBound(codes, next + step, start, to);
      descend(level + 1, x + (quarter & 1) * half, y + (quarter >> 1) * half, next, start, end);
      start = end;
    }
  };
  descend(0, 0, 0, 0, 0, index.n);
}

function lowerBound(codes, code, from, to) {
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (codes[middle] < code) from = middle + 1;
    else to = middle;
  }
  return from;
}
