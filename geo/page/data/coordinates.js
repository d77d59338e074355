// Degrees, units and pixels of the world; a feature's place as coordinates that claim no more than its precision
// allows.

import { POINT_KIND, partRange, vertexRange } from "./model.js";

export const WORLD_UNITS = 2 ** 28; // of the width of the world, as docs/format.md has it
// Degrees: 4 decimals are 11 m, 2 are 1.1 km.
const PRECISION_DECIMALS = { exact: 4, settlement: 2, approximate: 2, schematic: 1 };

export function latlonOf(x, y) {
  const n = Math.PI * (1 - (2 * y) / WORLD_UNITS);
  return [(Math.atan(Math.sinh(n)) * 180) / Math.PI, (x / WORLD_UNITS) * 360 - 180];
}

// Where the square of the world ends, short of the poles.
export const EDGE_DEGREES = latlonOf(0, 0)[0];

// Degrees to a pixel of the world at a zoom, that of its edge for what lies beyond it: {x, y}.
export function worldPx(lon, lat, zoom) {
  const world = 256 * 2 ** zoom, within = Math.max(-EDGE_DEGREES, Math.min(EDGE_DEGREES, lat));
  const north = Math.atanh(Math.sin((within * Math.PI) / 180)) / (2 * Math.PI);
  return { x: (lon / 360 + 0.5) * world, y: (0.5 - north) * world };
}

// "42.8532, 74.8465" of a point; null for what is no single point.
export function pointLatlon(layer, i) {
  const at = layer.geometry[i];
  if (at < 0 || layer.pool.kind(at) !== POINT_KIND) return null;
  const [part, after] = partRange(layer.pool, at);
  if (after - part !== 1) return null;
  const [vertex] = vertexRange(layer.pool, part);
  return latlonOf(layer.pool.x[vertex], layer.pool.y[vertex]);
}

// What lies nearer to a pole than the map reaches is drawn at its edge, which is not its place.
export function isBeyondMap([lat]) {
  return Math.abs(lat) >= EDGE_DEGREES;
}

export function latlonText([lat, lon], precision) {
  const decimals = PRECISION_DECIMALS[precision] ?? 4;
  return `${lat.toFixed(decimals)}, ${lon.toFixed(decimals)}`;
}
