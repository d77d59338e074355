// What lies under the pointer: every feature there, topmost first.

import { AREA_KIND, POINT_KIND, eachPoint, eachWithin, kindOf, scaleOfZoom, sizeFactor, styleOf } from "./scene.js";
import { laneOf, projectPart, shiftStrip, strip } from "./shapes.js";
import { partRange, vertexRange } from "./model.js";

export const PICK_TOLERANCE = { mouse: 3, pen: 6, touch: 14 }; // px around the pointer

// x, y: pixel of the world at this zoom. Gives [{layer: id, feature, distance}] (px to the symbol's edge or line, 0 =
// on it): what the pointer is on before what is near, areas last; of points fanned out or stacked all, the one hit first.
export function pickAt(scene, zoom, x, y, tolerance = PICK_TOLERANCE.mouse) {
  const hits = pickGroups(scene, zoom, x, y, tolerance);
  const view = { zoom, scale: scaleOfZoom(zoom), factor: sizeFactor(zoom), width: 0, height: 0, x, y };
  for (let rank = scene.ordered.length - 1; rank >= 0; rank--) {
    const entry = scene.ordered[rank];
    if (entry.opacity) pickLayer(entry, view, tolerance, hits);
  }
  hits.sort((a, b) => a.tier - b.tier);
  return hits.map(({ layer, feature, distance }) => ({ layer, feature, distance }));
}

const ON_IT = 0, NEAR = 1, AREA = 2;

function tierOf(distance) {
  return distance <= 0 ? ON_IT : NEAR;
}

function pickGroups(scene, zoom, x, y, tolerance) {
  const factor = sizeFactor(zoom);
  const hits = [];
  for (const group of scene.arrangement(zoom)) {
    if (Math.hypot(group.x - x, group.y - y) > group.reach + tolerance + 20) continue;
    const members = group.members.map(({ entry, feature, x: atX, y: atY }) => {
      const distance = Math.hypot(atX - x, atY - y) - styleOf(entry, feature).size * factor;
      return { layer: entry.layer.id, feature, distance: Math.max(0, distance) };
    }).reverse();
    const nearest = members.reduce((best, hit) => (hit.distance < best.distance ? hit : best));
    if (nearest.distance > tolerance) continue;
    const tier = tierOf(nearest.distance);
    hits.push({ ...nearest, tier }, ...members.filter((hit) => hit !== nearest).map((hit) => ({ ...hit, tier })));
  }
  return hits;
}

function pickLayer(entry, view, tolerance, hits) {
  const { layer, mask, moved } = entry;
  const found = [];
  const pad = entry.margin + tolerance;
  const { scale } = view;
  eachWithin(entry, (view.x - pad) / scale, (view.y - pad) / scale, (view.x + pad) / scale, (view.y + pad) / scale, (i) => {
    if (mask[i] || moved[i]) return;
    const style = styleOf(entry, i);
    const kind = kindOf(layer, i);
    if (kind === AREA_KIND) {
      if (isInside(layer.pool, layer.geometry[i], view.x / scale, view.y / scale)) found.push({ feature: i, distance: 0, tier: AREA });
      return;
    }
    const distance = kind === POINT_KIND
      ? pointDistance(layer, i, view) - style.size * view.factor
      : lineDistance(layer, i, view, style.width * view.factor, pad) - (style.width * view.factor) / 2;
    if (distance <= tolerance) found.push({ feature: i, distance: Math.max(0, distance), tier: tierOf(distance) });
  });
  found.reverse().sort((a, b) => a.distance - b.distance);
  for (const hit of found) hits.push({ layer: layer.id, ...hit });
}

function pointDistance(layer, i, view) {
  let least = Infinity;
  eachPoint(layer, i, (x, y) => {
    least = Math.min(least, Math.hypot(x * view.scale - view.x, y * view.scale - view.y));
  });
  return least;
}

function lineDistance(layer, i, view, width, pad) {
  const [from, to] = partRange(layer.pool, layer.geometry[i]);
  let least = Infinity;
  for (let part = from; part < to; part++) {
    projectPart(layer.pool, part, view, pad, false);
    shiftStrip(laneOf(layer, i), width);
    for (let k = 1; k < strip.n; k++) {
      if (!strip.jump[k]) least = Math.min(least, distanceToSegment(strip.x[k - 1], strip.y[k - 1], strip.x[k], strip.y[k]));
    }
  }
  return least;
}

// From the origin to a segment.
export function distanceToSegment(x0, y0, x1, y1) {
  const dx = x1 - x0, dy = y1 - y0;
  const along = Math.max(0, Math.min(1, -(x0 * dx + y0 * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x0 + dx * along, y0 + dy * along);
}

// By the rule "evenodd" over all rings, so that holes are outside.
export function isInside(pool, at, x, y) {
  const [from, to] = partRange(pool, at);
  let inside = false;
  for (let part = from; part < to; part++) {
    const [first, after] = vertexRange(pool, part);
    for (let v = first, w = after - 1; v < after; w = v++) {
      const y0 = pool.y[v], y1 = pool.y[w];
      if (y0 > y !== y1 > y && x < ((pool.x[w] - pool.x[v]) * (y - y0)) / (y1 - y0) + pool.x[v]) inside = !inside;
    }
  }
  return inside;
}
