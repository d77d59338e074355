// Lines and areas on a canvas: projected, thinned and cut to the view, with lanes, dashes and ends.
//
// A view is {scale, detail, x, y, width, height, ratio}: pixel = world units * scale - x (or y), from 0 to width and
// height; of a pool that tells from which zoom its vertices are drawn, those of `detail` are.

import { WORLD_UNITS } from "../data/coordinates.js";
import { partRange, vertexRange } from "../data/model.js";

const SHAPE_OPTIONS = {
  tolerance: 0.5,  // px: nearer vertices are left out
  batch: 64,       // parts a stroke: Chromium's software canvas slows down with more
  laneGap: 1.6,    // px between lines that run side by side
  miter: 2.5,      // how far a corner of a lane may reach out, in distances of the lane
};

// One part in pixels: x, y, along (px from the part's start), jump (1 = what leads here lies outside the view).
const strip = { n: 0, x: [], y: [], along: [], jump: [] };

function addVertex(x, y, along, jump) {
  const k = strip.n++;
  strip.x[k] = x;
  strip.y[k] = y;
  strip.along[k] = along;
  strip.jump[k] = jump;
}

// Fill the strip. A run of vertices on one outer side of the view shrinks to its ends: 30,000 vertices of borders are
// walked through in 0.2 ms, where drawing them all takes 10 ms.
function projectPart(pool, part, view, pad, closed) {
  const [from, to] = vertexRange(pool, part);
  const left = -pad, top = -pad, right = view.width + pad, bottom = view.height + pad;
  const { tolerance } = SHAPE_OPTIONS, { zooms } = pool, { detail } = view;
  const west = -view.x, east = WORLD_UNITS * view.scale - view.x;
  let along = 0, lastX = 0, lastY = 0, sides = 0, isWaiting = false;
  strip.n = 0;
  for (let k = from; k < to + (closed ? 1 : 0); k++) {
    const v = k < to ? k : from;
    if (zooms && zooms[v] > detail) continue;
    const x = pool.x[v] * view.scale - view.x, y = pool.y[v] * view.scale - view.y;
    const side = (x < left ? 1 : x > right ? 2 : 0) | (y < top ? 4 : y > bottom ? 8 : 0);
    const step = k > from ? Math.sqrt((x - lastX) ** 2 + (y - lastY) ** 2) : 0;
    const isOutside = (sides & side) !== 0;
    if (isWaiting && !isOutside) addVertex(lastX, lastY, along, 1);
    along += step;
    lastX = x;
    lastY = y;
    isWaiting = isOutside;
    if (isOutside) sides &= side;
    else {
      const at = strip.n - 1, gap = Math.abs(x - strip.x[at]) + Math.abs(y - strip.y[at]); // NaN at the first
      if (gap < tolerance && k < to - 1) continue;
      sides = side;
      // An area is cut at 180 degrees, and goes on there.
      const isCut = closed && x === strip.x[at] && (x === west || x === east);
      addVertex(x, y, along, isCut ? 1 : 0);
    }
  }
  if (isWaiting && closed) addVertex(lastX, lastY, along, 1);
}

// Move the strip sideways, to the right of its direction, by so many px.
function shiftStrip(distance) {
  if (!distance) return;
  let normalX = 0, normalY = 0;
  for (let k = 0; k < strip.n; k++) {
    const dx = strip.x[k + 1] - strip.x[k], dy = strip.y[k + 1] - strip.y[k];
    const length = Math.hypot(dx, dy) || 1;
    const isLast = k + 1 === strip.n;
    const nextX = isLast ? normalX : -dy / length, nextY = isLast ? normalY : dx / length;
    if (k === 0) [normalX, normalY] = [nextX, nextY];
    const cosine = (1 + normalX * nextX + normalY * nextY) / 2; // of half the turn, squared
    const reach = distance / Math.max(cosine, 1 / SHAPE_OPTIONS.miter) / 2;
    strip.x[k] += (normalX + nextX) * reach;
    strip.y[k] += (normalY + nextY) * reach;
    [normalX, normalY] = [nextX, nextY];
  }
}

// Call visit() for each part of a feature that has a line in the view, projected to the strip.
function eachPart({ pool, geometry, lane, aside }, i, view, { width, pad, closed }, visit) {
  const [from, to] = partRange(pool, geometry[i]);
  const lanes = lane ? lane[i] / 2 : 0;
  const distance = lanes * SHAPE_OPTIONS.laneGap + (aside ? (aside[i] / 8) * view.factor : lanes * width);
  for (let part = from; part < to; part++) {
    projectPart(pool, part, view, pad, closed);
    if (strip.n < 2) continue;
    if (!closed) shiftStrip(distance);
    visit(part);
  }
}

function traceStrip(path, first = 0, last = strip.n - 1) {
  for (let k = first; k <= last; k++) {
    if (k === first || strip.jump[k]) path.moveTo(strip.x[k], strip.y[k]);
    else path.lineTo(strip.x[k], strip.y[k]);
  }
}

// The lines of a feature as a path.
export function linePath(layer, i, view, options) {
  const path = new Path2D();
  eachPart(layer, i, view, options, () => traceStrip(path));
  return path;
}

// Add the rings of a polygon to a path; fill it by the rule "evenodd".
export function traceArea(path, pool, at, view, pad) {
  const [from, to] = partRange(pool, at);
  for (let part = from; part < to; part++) {
    projectPart(pool, part, view, pad, true);
    for (let k = 0; k < strip.n; k++) path[k ? "lineTo" : "moveTo"](strip.x[k], strip.y[k]);
    path.closePath();
  }
}

// Stroke features of a layer, given by their numbers, with the canvas' present colour and line width; `width` is that
// of the line itself. `hairlines`: as so many lines of one device pixel each, for which Chromium's software canvas has
// a way of its own: 1,500 lines of 20 vertices take 4 ms a hairline, and 40 ms at any greater width.
export function strokeFeatures(ctx, layer, features, view, { dash = null, before = 0, hairlines = 0, ...options }) {
  let path = new Path2D(), parts = 0;
  const stroke = () => {
    if (hairlines) strokeHairlines(ctx, path, view.ratio, hairlines);
    else ctx.stroke(path);
    path = new Path2D();
  };
  ctx.setLineDash(dash ?? []);
  for (const i of features) {
    eachPart(layer, i, view, options, () => {
      if (dash && !hairlines) strokeRuns(ctx, before);
      else {
        traceStrip(path);
        if (++parts % SHAPE_OPTIONS.batch === 0) stroke();
      }
    });
  }
  stroke();
  ctx.setLineDash([]);
}

function strokeHairlines(ctx, path, ratio, count) {
  const distance = count > 1 ? count / 6 / ratio : 0;
  ctx.lineWidth = 1 / ratio;
  for (let n = 0; n < count; n++) {
    const angle = (n / count) * 2 * Math.PI + 0.5, dx = Math.cos(angle) * distance, dy = Math.sin(angle) * distance;
    ctx.translate(dx, dy);
    ctx.stroke(path);
    ctx.translate(-dx, -dy);
  }
}

// Each run of the strip for itself, its dashes counted from the start of the part, a gap of `before` px first: so tiles
// agree on where they fall.
function strokeRuns(ctx, before) {
  for (let first = 0, k = 1; k <= strip.n; k++) {
    if (k < strip.n && !strip.jump[k]) continue;
    const path = new Path2D();
    traceStrip(path, first, k - 1);
    ctx.lineDashOffset = strip.along[first] - before;
    ctx.stroke(path);
    first = k;
  }
  ctx.lineDashOffset = 0;
}

// Call mark(x, y, angle) at the end of each part of a line; a route that is cut at 180 degrees does not end there.
export function eachLineEnd(layer, i, view, options, mark) {
  eachPart(layer, i, view, options, (part) => {
    const endX = layer.pool.x[vertexRange(layer.pool, part)[1] - 1];
    const last = strip.n - 1, x = strip.x[last], y = strip.y[last], { pad } = options;
    const isOutside = x < -pad || y < -pad || x > view.width + pad || y > view.height + pad;
    if (isOutside || endX === 0 || endX === WORLD_UNITS) return;
    let back = last - 1;
    while (back > 0 && Math.hypot(x - strip.x[back], y - strip.y[back]) < 8) back--;
    mark(x, y, Math.atan2(y - strip.y[back], x - strip.x[back]));
  });
}
