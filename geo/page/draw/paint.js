// Paint the layers: into a tile, a picture for export, or any other piece of the map.

import { AREA_KIND, POINT_KIND } from "../data/model.js";
import { madeOnce } from "../data/once.js";
import { worldPieces, worldsOf } from "../data/worlds.js";
import { crowdIn, eachInView, eachPlace, eachPoint, fadeOf, kindOf, scaled, styleOf } from "./scene.js";
import { eachLineEnd, strokeFeatures, traceArea } from "./shapes.js";
import { splatPixels } from "./splat.js";
import { sheetContext } from "./still.js";
import { areaDash, areaFill, lineDash, lineMarks, symbolPath, symbolSprite } from "./symbols.js";

const PAINT_OPTIONS = {
  crowdPx: 512,        // px: the side of the square that the two numbers below speak of
  splatFrom: 4000,     // points in it from which they are set as pixels, not as pictures
  denseFrom: 40,       // lines in it from which they are drawn fine: without casing and ends; areas: their outlines
  plainFrom: 150,      // areas in it from which their textures, too small to be seen, are left out
  speckPx: 3,          // an area of at most this size is one rectangle: a thousand take 1 ms, outlined 20 ms
  casing: 1.3,         // px of the ground's colour on each side of a line
  countsFromZoom: 4,   // below it the numbers of stacks would lie over each other
  arrow: 6,            // px of an arrow head, plus twice the line's width
};

// Paint all layers into a canvas context. view: {zoom, x, y, width, height, ratio}, x and y the pixel of the world at
// its corner; left and top where that corner is on the canvas, nothing beyond the view being touched.
export function paintView(scene, ctx, view) {
  const reach = Math.max(0, ...scene.entries.map(({ margin }) => margin));
  for (const piece of worldPieces(view, reach)) paintPiece(scene, ctx, scaled(piece));
}

function paintPiece(scene, ctx, view) {
  const groups = scene.groups(view.zoom);
  ctx.save();
  clearView(ctx, view);
  ctx.beginPath();
  ctx.rect(0, 0, view.width, view.height);
  ctx.clip();
  const entries = scene.entries.filter((entry) => entry.opacity && !(view.isBeside && isOfAreas(entry)));
  entries.forEach((entry, at) => {
    paintLayer(scene, ctx, view, entry);
    // Areas leave lakes free; what other layers have there is drawn later.
    if (isOfAreas(entry) && !(entries[at + 1] && isOfAreas(entries[at + 1]))) scene.clearLakes?.(ctx, view);
  });
  const near = groups.filter((group) => isNear(group, view));
  for (const group of near) paintGroup(scene, ctx, view, group);
  // No symbol lies on a number.
  const counted = view.zoom >= PAINT_OPTIONS.countsFromZoom ? near.filter(({ count }) => count) : [];
  for (const group of counted) paintCount(scene, ctx, view, group);
  ctx.restore();
}

function isOfAreas({ layer }) {
  return layer.head.kind === "polygon";
}

function clearView(ctx, { ratio, width, height, left = 0, top = 0, isBeside }) {
  ctx.setTransform(ratio, 0, 0, ratio, left * ratio, top * ratio);
  if (!isBeside) ctx.clearRect(0, 0, width, height);
  ctx.lineJoin = "round";
}

function paintLayer(scene, ctx, view, entry) {
  const crowd = crowdIn(entry, view, PAINT_OPTIONS.crowdPx), isCrowded = crowd > PAINT_OPTIONS.splatFrom;
  // Half transparent, a layer is drawn whole first: else its symbols would show through each other.
  const pen = entry.opacity < 1 ? scratchContext("layer", view) : ctx;
  const splat = isCrowded && ((each) => splatPoints(scene, pen, view, entry, crowd, each));
  if (splat && entry.layer.head.kind === "point") splat((visit) => eachInView(entry, view, entry.margin, visit));
  else paintFeatures(scene, pen, view, entry, splat);
  if (pen !== ctx) paste(ctx, pen, view, entry.opacity);
}

function paintFeatures(scene, ctx, view, entry, splat) {
  const { layer, styles, moved } = entry;
  const areas = new Map(), lines = new Map(), points = [];
  eachInView(entry, view, entry.margin, (i) => {
    if (moved.has(i)) return;
    const kind = kindOf(layer, i);
    if (kind === POINT_KIND) {
      points.push(i);
      return;
    }
    if (view.isBeside) return; // lines and areas are cut at the edge, and go on there in the next world
    // What looks alike is drawn together: one key for each style, faded or not.
    const alike = kind === AREA_KIND ? areas : lines, key = styles.of[i] * 2 + (fadeOf(scene, layer, i) < 1 ? 1 : 0);
    madeOnce(alike, key, () => []).push(i);
  });
  for (const features of areas.values()) paintAreas(scene, ctx, view, entry, features);
  paintLines(scene, ctx, view, entry, [...lines.values()]);
  if (splat && points.length) splat((visit) => points.forEach(visit));
  else for (const i of points) paintPoint(scene, ctx, view, entry, i);
}

function paintAreas(scene, ctx, wholeView, entry, allFeatures) {
  const dense = isDense(entry, wholeView), view = dense ? coarser(wholeView) : wholeView;
  const isPlain = crowdIn(entry, view, PAINT_OPTIONS.crowdPx) > PAINT_OPTIONS.plainFrom;
  const { layer, bounds } = entry, style = { ...styleOf(entry, allFeatures[0]), ...(isPlain && { texture: 0 }) };
  const width = style.width * view.factor, pad = width + 2, features = [];
  const opacity = style.opacity * fadeOf(scene, layer, allFeatures[0]);
  ctx.globalAlpha = opacity;
  ctx.fillStyle = style.color;
  for (const i of allFeatures) {
    const west = bounds.west(i), north = bounds.north(i);
    const across = (bounds.east(i) - west) * view.scale, down = (bounds.south(i) - north) * view.scale;
    if (Math.max(across, down) > PAINT_OPTIONS.speckPx) features.push(i);
    else {
      const left = west * view.scale - view.x, top = north * view.scale - view.y;
      ctx.fillRect(left, top, Math.max(across, width), Math.max(down, width));
    }
  }
  ctx.fillStyle = areaFill(ctx, style, view, layer.index);
  const cover = style.fill === "solid" ? 1 : 1.7; // a pattern leaves most of the ground free, a texture has its own
  ctx.globalAlpha = opacity * (style.texture ? 1 : Math.min(1, style.fillOpacity * cover));
  for (const i of style.fill === "hollow" ? [] : features) {
    ctx.beginPath();
    traceArea(ctx, layer.pool, layer.geometry[i], view, pad);
    ctx.fill("evenodd");
  }
  ctx.globalAlpha = opacity;
  ctx.strokeStyle = style.color;
  ctx.lineWidth = width;
  const dash = areaDash(style), hairlines = dense && !dash ? hairlinesOf(width, view) : 0;
  strokeFeatures(ctx, layer, features, view, { dash, width, pad, closed: true, hairlines });
  ctx.globalAlpha = 1;
}

function isDense(entry, view) {
  return crowdIn(entry, view, PAINT_OPTIONS.crowdPx) > PAINT_OPTIONS.denseFrom;
}

function coarser(view) {
  return { ...view, detail: view.detail - 1 };
}

function hairlinesOf(width, { ratio }) {
  return Math.max(1, Math.min(4, Math.round(width * ratio * 1.5 - 0.6)));
}

function paintLines(scene, ctx, wholeView, entry, groups) {
  const isFine = isDense(entry, wholeView), view = isFine ? coarser(wholeView) : wholeView;
  // Casings first, so that where lines of a layer cross none cuts through another.
  for (const isCasing of isFine ? [false] : [true, false]) {
    for (const features of groups) {
      const style = styleOf(entry, features[0]), fade = fadeOf(scene, entry.layer, features[0]);
      if (isCasing && fade < 1) continue;
      ctx.globalAlpha = style.opacity * fade;
      paintStyledLines(scene, ctx, view, entry.layer, features, style, { isCasing, isFine });
    }
  }
  ctx.globalAlpha = 1;
}

function paintStyledLines(scene, ctx, view, layer, features, style, { isCasing, isFine }) {
  const { lineCasing, hollow } = scene.palette;
  const width = style.width * view.factor, dash = lineDash(style);
  const edge = isCasing ? 2 * PAINT_OPTIONS.casing : 0;
  const size = PAINT_OPTIONS.arrow + width * 2, pad = size + 4;
  ctx.strokeStyle = isCasing ? lineCasing : style.color;
  ctx.lineCap = dash ? "butt" : "round";
  ctx.lineWidth = width + edge;
  const hairlines = isFine ? hairlinesOf(width, view) : 0;
  strokeFeatures(ctx, layer, features, view, { dash: isCasing ? null : dash, width, pad, hairlines });
  const marks = isCasing || isFine ? null : lineMarks(style);
  if (marks) {
    Object.assign(ctx, { lineCap: marks.cap, lineWidth: width + marks.wider * view.factor });
    strokeFeatures(ctx, layer, features, view, { ...marks, width, pad });
  }
  if (style.ends === "none" || isFine) return;
  for (const i of features) {
    eachLineEnd(layer, i, view, { width, pad }, (x, y, angle) => {
      ctx.beginPath();
      if (style.ends === "arrow") {
        for (const [turn, far] of [[0, size * 0.35], [2.55, size], [-2.55, size]]) {
          ctx.lineTo(x + Math.cos(angle + turn) * far, y + Math.sin(angle + turn) * far);
        }
        ctx.closePath();
      } else ctx.arc(x, y, 2.5 + width * 0.75, 0, 7); // a ring: it goes on, but nobody says where to
      ctx.fillStyle = style.ends === "arrow" ? ctx.strokeStyle : hollow;
      ctx.lineWidth = edge + (style.ends === "arrow" ? 0.5 : Math.max(1.6, width * 0.4));
      ctx.fill();
      ctx.stroke();
    });
  }
}

function paintPoint(scene, ctx, view, entry, i) {
  const style = styleOf(entry, i);
  const opacity = style.opacity * fadeOf(scene, entry.layer, i);
  if (opacity !== 1) ctx.globalAlpha = opacity;
  eachPoint(entry.layer, i, (x, y) => {
    stampSymbol(scene, ctx, view, style, x * view.scale - view.x, y * view.scale - view.y);
  });
  if (opacity !== 1) ctx.globalAlpha = 1;
}

function stampSymbol({ palette }, ctx, { ratio, factor }, style, x, y) {
  if (style.sprite?.palette !== palette || style.sprite.factor !== factor || style.sprite.ratio !== ratio) {
    style.sprite = { palette, factor, ratio, ...symbolSprite(style, style.size * factor, palette, ratio) };
  }
  const { picture, reach, side } = style.sprite;
  // On whole device pixels a picture stays sharp.
  const at = (px) => Math.round((px - reach) * ratio) / ratio;
  ctx.drawImage(picture, at(x), at(y), side, side);
}

// Many points, set straight into the pixels.
function splatPoints(scene, ctx, view, entry, crowd, eachFeature) {
  const { layer, styles } = entry, { pool, geometry } = layer;
  const width = Math.round(view.width * view.ratio), height = Math.round(view.height * view.ratio);
  const scale = view.scale * view.ratio, left = view.x * view.ratio, top = view.y * view.ratio;
  const isSingle = !pool.partStart && !pool.vertexStart; // read at once: half the time
  const each = (plot) => eachFeature((i) => {
    const look = styles.of[i], fade = fadeOf(scene, layer, i);
    if (isSingle) {
      const at = geometry[i];
      plot(Math.round(pool.x[at] * scale - left), Math.round(pool.y[at] * scale - top), look, fade);
    } else eachPoint(layer, i, (x, y) => plot(Math.round(x * scale - left), Math.round(y * scale - top), look, fade));
  });
  const looks = styles.list.map(({ color, size, opacity }) => ({ color, size: size * view.factor, opacity }));
  const pixels = splatPixels(width, height, view.ratio, { each, crowd: crowd / PAINT_OPTIONS.crowdPx ** 2, looks });
  const sheet = scratchContext("pixels", view);
  sheet.putImageData(new ImageData(new Uint8ClampedArray(pixels.buffer), width, height), 0, 0);
  paste(ctx, sheet, view, 1);
}

const sheets = new Map();

// An empty canvas of the view's size, one for each use, kept for the next tile.
function scratchContext(use, view) {
  const ctx = madeOnce(sheets, use, () => sheetContext(0, 0, true));
  ctx.canvas.width = Math.round(view.width * view.ratio);
  ctx.canvas.height = Math.round(view.height * view.ratio);
  clearView(ctx, { ...view, left: 0, top: 0 });
  return ctx;
}

function paste(ctx, sheet, view, opacity) {
  ctx.globalAlpha = opacity;
  ctx.drawImage(sheet.canvas, 0, 0, view.width, view.height);
  ctx.globalAlpha = 1;
}

// Points that hide each other: fanned out on leaders, or the topmost with their number.
function paintGroup(scene, ctx, view, { fan, members }) {
  const { casing, leader } = scene.palette;
  for (const [color, width] of fan ? [[casing, 3], [leader, 1.1]] : []) {
    ctx.strokeStyle = color;
    ctx.lineWidth = width;
    ctx.beginPath();
    for (const member of members) {
      ctx.moveTo(member.placeX - view.x, member.placeY - view.y);
      ctx.lineTo(member.x - view.x, member.y - view.y);
    }
    ctx.stroke();
  }
  for (const { entry, feature, ...place } of fan ? members : members.slice(-1)) {
    const style = styleOf(entry, feature);
    ctx.globalAlpha = entry.opacity * style.opacity * fadeOf(scene, entry.layer, feature);
    stampSymbol(scene, ctx, view, style, place.x - view.x, place.y - view.y);
    ctx.globalAlpha = 1;
  }
}

function isNear({ x, y, members: [{ entry, ...first }] }, view) {
  const pad = 2 * entry.margin + Math.hypot(first.x - x, first.y - y);
  const isAcross = (at, start, length) => at > start - pad && at < start + length + pad;
  return isAcross(x, view.x, view.width) && isAcross(y, view.y, view.height);
}

function paintCount(scene, ctx, view, { count: [x, y], members }) {
  const { ratio } = view;
  const picture = countPicture(members.length, scene.palette, ratio);
  const [left, top] = [x - view.x - 6, y - view.y - 8].map((at) => Math.round(at * ratio) / ratio);
  ctx.globalAlpha = Math.max(...members.map(({ entry, feature }) => fadeOf(scene, entry.layer, feature)));
  ctx.drawImage(picture, left, top, picture.width / ratio, picture.height / ratio);
  ctx.globalAlpha = 1;
}

const countPictures = new Map();

// A number in a pill, as bare ones would be read with a name or number beside them; a picture, kept: a hundred numbers
// take 0.3 ms, written 5 ms.
function countPicture(count, palette, ratio) {
  return madeOnce(countPictures, `${count} ${palette.casing} ${ratio}`, () => drawCount(count, palette, ratio));
}

function drawCount(count, { casing, leader }, ratio) {
  const sheet = new OffscreenCanvas(Math.ceil((6 + 7 * `${count}`.length) * ratio), Math.ceil(16 * ratio));
  const ctx = sheet.getContext("2d", { willReadFrequently: true });
  ctx.scale(ratio, ratio);
  Object.assign(ctx, { font: "700 9px system-ui, sans-serif", lineCap: "round", fillStyle: leader });
  const right = 0.75 + ctx.measureText(`${count}`).width;
  ctx.moveTo(6.25, 8.5);
  ctx.lineTo(right, 8.5);
  for (const [color, height] of [[leader, 11.8], [casing, 10.2]]) {
    Object.assign(ctx, { strokeStyle: color, lineWidth: height });
    ctx.stroke();
  }
  ctx.fillText(`${count}`, 3.5, 11.8);
  return sheet.transferToImageBitmap();
}

// Paint a feature, {layer: id, feature}, again where it stands, with rings around it: a halo and in it one of the
// color, so many px from its edge as `reach` says, of an area `areaReach`.
export function paintRings(scene, ctx, view, { layer, feature }, color, reach, areaReach) {
  const entry = scene.entryOf(layer), far = kindOf(entry.layer, feature) === AREA_KIND ? areaReach : reach;
  const rings = far.map((px, at) => [at ? color : scene.palette.halo, px]);
  paintMarked(scene, ctx, worldsOf(view), entry, feature, rings);
}

// Ring by ring, as what is cut at 180 degrees is painted in two worlds that meet there.
function paintMarked(scene, ctx, worlds, entry, i, rings) {
  const { layer } = entry, style = styleOf(entry, i), kind = kindOf(layer, i), width = style.width * worlds[0].factor;
  const outline = (view, color, wide) => {
    Object.assign(ctx, { strokeStyle: color, lineWidth: wide, lineCap: "round", lineJoin: "round" });
    strokeFeatures(ctx, layer, [i], view, { width, pad: width + 20, closed: kind === AREA_KIND });
  };
  if (kind === POINT_KIND) {
    for (const view of worlds) paintMarkedPoint(scene, ctx, view, entry, i, rings);
    return;
  }
  ctx.save();
  if (kind === AREA_KIND) clipAround(ctx, layer, i, worlds);
  for (const [color, reach] of rings) for (const view of worlds) outline(view, color, width + reach * 2);
  ctx.restore();
  if (kind === AREA_KIND) for (const view of worlds) outline(view, style.color, width);
  else {
    for (const isCasing of [true, false]) {
      for (const view of worlds) paintStyledLines(scene, ctx, view, layer, [i], style, { isCasing });
    }
  }
}

function paintMarkedPoint(scene, ctx, view, entry, i, rings) {
  const style = styleOf(entry, i), shape = new Path2D(symbolPath(style.shape, style.size * view.factor));
  eachPlace(scene, view, entry, i, (x, y) => {
    ctx.translate(x, y);
    for (const [color, reach] of rings) {
      Object.assign(ctx, { strokeStyle: color, lineWidth: (reach + 2) * 2, lineJoin: "round" });
      ctx.stroke(shape);
    }
    ctx.translate(-x, -y);
    stampSymbol(scene, ctx, view, style, x, y);
  });
}

// Rings lie around an area alone: over it they would hide the colour of a small one.
function clipAround(ctx, { pool, geometry }, i, worlds) {
  const pad = 20, [{ width, height }] = worlds;
  ctx.beginPath();
  ctx.rect(-pad, -pad, width + 2 * pad, height + 2 * pad);
  for (const view of worlds) traceArea(ctx, pool, geometry[i], view, pad);
  ctx.clip("evenodd");
}
