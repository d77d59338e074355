// Lines and areas on a canvas: projected, thinned and cut to the view, with lanes, dashes and end marks.
//
// A view is {scale, x, y, width, height}: pixel = world units * scale - x (or y), seen from 0 to width and height.

import { partRange, vertexRange } from "./model.js";

const SHAPE_OPTIONS = {
  tolerance: 0.5,    // px: nearer vertices are left out
  batch: 64,         // paths a stroke: Chromium's software canvas slows down with more
  laneGap: 1.6,      // px between lines that run side by side
  longSegment: 2000, // px: a dashed segment longer than this is cut to the view before it is drawn
  miter: 2.5,        // how far a corner of a lane may reach out, in lane distances
};

// One part as pixels: x, y, along (px from the part's start) and jump (1 = what leads here lies outside the view).
export const strip = { n: 0, x: new Float64Array(256), y: new Float64Array(256), along: new Float64Array(256), jump: new Uint8Array(256) };

function growStrip() {
  for (const name of ["x", "y", "along", "jump"]) {
    const longer = new strip[name].constructor(strip[name].length * 2);
    longer.set(strip[name]);
    strip[name] = longer;
  }
}

function addVertex(x, y, along, jump) {
  if (strip.n === strip.x.length) growStrip();
  strip.x[strip.n] = x;
  strip.y[strip.n] = y;
  strip.along[strip.n] = along;
  strip.jump[strip.n++] = jump;
}

// Fill `strip` with a part. Runs of vertices on one outer side of the view shrink to their ends, so that a tile draws
// what it shows: 30,000 vertices of borders are walked through in 0.2 ms, where drawing them all takes 10 ms.
export function projectPart(pool, part, view, pad, closed) {
  const { scale } = view;
  const [from, to] = vertexRange(pool, part);
  const left = -pad, top = -pad, right = view.width + pad, bottom = view.height + pad;
  let along = 0, previousX = 0, previousY = 0, sides = 0, waiting = false;
  strip.n = 0;
  for (let k = from; k < to + (closed ? 1 : 0); k++) {
    const v = k < to ? k : from;
    const x = pool.x[v] * scale - view.x;
    const y = pool.y[v] * scale - view.y;
    const side = (x < left ? 1 : x > right ? 2 : 0) | (y < top ? 4 : y > bottom ? 8 : 0);
    if (k > from) {
      const step = Math.sqrt((x - previousX) ** 2 + (y - previousY) ** 2);
      if (sides & side) {
        sides &= side;
        waiting = true;
        along += step;
        previousX = x;
        previousY = y;
        continue;
      }
      if (waiting) addVertex(previousX, previousY, along, 1);
      waiting = false;
      along += step;
      previousX = x;
      previousY = y;
      const last = strip.n - 1;
      const near = Math.abs(x - strip.x[last]) + Math.abs(y - strip.y[last]) < SHAPE_OPTIONS.tolerance;
      if (near && k < to - 1) continue;
    }
    previousX = x;
    previousY = y;
    sides = side;
    addVertex(x, y, along, 0);
  }
  if (waiting && closed) addVertex(previousX, previousY, along, 1);
}

// Move the strip sideways, to the right of its direction; a lane is half a place: -1 and 1 are two lines side by side.
export function shiftStrip(lane, width) {
  const distance = (lane * (width + SHAPE_OPTIONS.laneGap)) / 2;
  if (!distance || strip.n < 2) return;
  let normalX = 0, normalY = 0;
  for (let k = 0; k < strip.n; k++) {
    const x = strip.x[k], y = strip.y[k];
    let nextX = normalX, nextY = normalY;
    if (k + 1 < strip.n) {
      const dx = strip.x[k + 1] - x, dy = strip.y[k + 1] - y;
      const length = Math.sqrt(dx * dx + dy * dy) || 1;
      nextX = -dy / length;
      nextY = dx / length;
    }
    if (k === 0) [normalX, normalY] = [nextX, nextY];
    const cosine = (1 + normalX * nextX + normalY * nextY) / 2; // of half the turn, squared
    const reach = distance / Math.max(cosine, 1 / SHAPE_OPTIONS.miter);
    strip.x[k] = x + ((normalX + nextX) / 2) * reach;
    strip.y[k] = y + ((normalY + nextY) / 2) * reach;
    [normalX, normalY] = [nextX, nextY];
  }
}

// The lane of feature i: packed as a signed byte.
export function laneOf(layer, i) {
  return layer.lane ? (layer.lane[i] << 24) >> 24 : 0;
}

function traceStrip(path) {
  for (let k = 0; k < strip.n; k++) {
    if (k === 0 || strip.jump[k]) path.moveTo(strip.x[k], strip.y[k]);
    else path.lineTo(strip.x[k], strip.y[k]);
  }
}

// Add the rings of a polygon to the path; fill it by the rule "evenodd".
export function traceArea(path, pool, at, view, pad) {
  const [from, to] = partRange(pool, at);
  for (let part = from; part < to; part++) {
    projectPart(pool, part, view, pad, true);
    if (strip.n < 3) continue;
    path.moveTo(strip.x[0], strip.y[0]);
    for (let k = 1; k < strip.n; k++) path.lineTo(strip.x[k], strip.y[k]);
    path.closePath();
  }
}

// Stroke features of a layer with the canvas' present colour and width; `features` are their numbers in the layer.
// `hairlines`: draw each line as so many lines of one device pixel. Chromium's software canvas has a way of its own
// for these: 1,500 lines of 20 vertices take 4 ms a hairline, and 40 ms at any greater width.
export function strokeFeatures(ctx, layer, features, view, { dash = null, width, pad, closed = false, hairlines = 0 }) {
  const { pool, geometry } = layer;
  ctx.setLineDash(dash ?? []);
  let path = new Path2D(), batched = 0;
  const stroke = () => {
    if (hairlines) strokeHairlines(ctx, path, view.ratio, hairlines);
    else ctx.stroke(path);
    path = new Path2D();
  };
  for (const i of features) {
    const [from, to] = partRange(pool, geometry[i]);
    for (let part = from; part < to; part++) {
      projectPart(pool, part, view, pad, closed);
      if (strip.n < 2) continue;
      if (!closed) shiftStrip(laneOf(layer, i), width);
      if (dash && !hairlines) strokeDashes(ctx, view, pad);
      else {
        traceStrip(path);
        if (++batched % SHAPE_OPTIONS.batch === 0) stroke();
      }
    }
  }
  stroke();
  ctx.setLineDash([]);
}

// Side by side around the line's own place.
function strokeHairlines(ctx, path, ratio, count) {
  ctx.lineWidth = 1 / ratio;
  for (let n = 0; n < count; n++) {
    const angle = (n / count) * 2 * Math.PI + 0.5;
    const distance = count > 1 ? (count / 6) / ratio : 0;
    const dx = Math.cos(angle) * distance, dy = Math.sin(angle) * distance;
    ctx.translate(dx, dy);
    ctx.stroke(path);
    ctx.translate(-dx, -dy);
  }
}

// Each run of the strip on its own, its dashes counted from the start of the part: tiles agree on where they fall.
function strokeDashes(ctx, view, pad) {
  for (let k = 0; k + 1 < strip.n;) {
    let end = k + 1;
    if (strip.jump[end]) {
      k++;
      continue;
    }
    const isLong = (at) => strip.along[at] - strip.along[at - 1] > SHAPE_OPTIONS.longSegment;
    if (isLong(end)) strokeLongSegment(ctx, view, pad, k);
    else {
      while (end + 1 < strip.n && !strip.jump[end + 1] && !isLong(end + 1)) end++;
      ctx.beginPath();
      ctx.moveTo(strip.x[k], strip.y[k]);
      for (let v = k + 1; v <= end; v++) ctx.lineTo(strip.x[v], strip.y[v]);
      ctx.lineDashOffset = strip.along[k];
      ctx.stroke();
    }
    k = end;
  }
  ctx.lineDashOffset = 0;
  ctx.beginPath();
}

function strokeLongSegment(ctx, view, pad, k) {
  const x = strip.x[k], y = strip.y[k], dx = strip.x[k + 1] - x, dy = strip.y[k + 1] - y;
  let from = 0, to = 1;
  for (const [start, step, low, high] of [[x, dx, -pad, view.width + pad], [y, dy, -pad, view.height + pad]]) {
    if (!step) {
      if (start < low || start > high) return;
      continue;
    }
    const [a, b] = [(low - start) / step, (high - start) / step];
    from = Math.max(from, Math.min(a, b));
    to = Math.min(to, Math.max(a, b));
  }
  if (from >= to) return;
  ctx.beginPath();
  ctx.moveTo(x + dx * from, y + dy * from);
  ctx.lineTo(x + dx * to, y + dy * to);
  ctx.lineDashOffset = strip.along[k] + from * Math.hypot(dx, dy);
  ctx.stroke();
}

const WORLD_EDGE = 2 ** 28;

// Call mark(x, y, angle) at the end of each part of a line; where a route is cut at 180 degrees it does not end.
export function eachLineEnd(layer, i, view, width, pad, mark) {
  const { pool, geometry } = layer;
  const [from, to] = partRange(pool, geometry[i]);
  for (let part = from; part < to; part++) {
    const [first, after] = vertexRange(pool, part);
    const atX = pool.x[after - 1];
    const x = atX * view.scale - view.x, y = pool.y[after - 1] * view.scale - view.y;
    if (after - first < 2 || atX === 0 || atX === WORLD_EDGE) continue;
    if (x < -pad || y < -pad || x > view.width + pad || y > view.height + pad) continue;
    projectPart(pool, part, view, pad + 64, false);
    shiftStrip(laneOf(layer, i), width);
    const last = strip.n - 1;
    let back = last - 1;
    while (back > 0 && Math.hypot(strip.x[last] - strip.x[back], strip.y[last] - strip.y[back]) < 8) back--;
    if (last < 1) continue;
    mark(strip.x[last], strip.y[last], Math.atan2(strip.y[last] - strip.y[back], strip.x[last] - strip.x[back]));
  }
}
