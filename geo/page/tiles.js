// Draw the layers: one painter for any piece of the map, and one canvas GridLayer whose tiles it fills.

import {
  AREA_KIND, POINT_KIND, eachPlace, eachPoint, eachWithin, fadeOf, kindOf, scaleOfZoom, sizeFactor, styleOf,
} from "./scene.js";
import { eachLineEnd, strokeFeatures, traceArea } from "./shapes.js";
import { areaDash, areaFill, lineDash, symbolPath, symbolSprite } from "./symbols.js";

const TILE_OPTIONS = {
  size: 512,           // px: the side of a tile
  keepBuffer: 1,       // rows of tiles kept around the view
  frameMs: 12,         // drawing in one frame at most; the tiles left over follow in the next
  splatFrom: 4000,     // points in a tile from which they are set as pixels, not as pictures
  splatRadius: 2.5,    // px at most, of a point set as pixels
  denseFrom: 60,       // lines in a tile from which they are drawn fine: without casing, dashes and end marks
  casing: 1.3,         // px of light edge on each side of a line
  arrow: 6,            // px of an arrow head, plus twice the line's width
  badge: 6,            // px: the radius of the count beside a stack
};

const DATA_PANE = "geo-data";
const DATA_PANE_Z = 410; // over Leaflet's own overlays (400), under its markers (600)

// Paint the layers into a canvas context. view: {zoom, x, y, width, height, ratio}, x and y the pixel of the world at
// the upper left corner. A tile, an export and a thumbnail are all views.
export function paintView(scene, ctx, view) {
  const scale = scaleOfZoom(view.zoom);
  const piece = { ...view, scale, factor: sizeFactor(view.zoom) };
  const groups = scene.arrangement(view.zoom);
  ctx.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
  ctx.clearRect(0, 0, view.width, view.height);
  ctx.lineJoin = "round";
  for (const entry of scene.ordered) if (entry.opacity) paintLayer(scene, ctx, piece, entry);
  for (const group of groups) paintGroup(scene, ctx, piece, group);
}

function paintLayer(scene, ctx, view, entry) {
  const found = collect(scene, view, entry);
  if (!found.count) return;
  // Half transparent, a layer is drawn whole first: else its symbols would show through each other.
  const sheet = entry.opacity < 1 ? scratchContext("layer", view) : null;
  const pen = sheet ?? ctx;
  paintAreas(scene, pen, view, entry, found.areas);
  paintLines(scene, pen, view, entry, found.lines);
  if (found.points.length > TILE_OPTIONS.splatFrom) splatPoints(pen, view, entry, found.points);
  else paintPoints(scene, pen, view, entry, found.points);
  if (sheet) paste(ctx, sheet, view, entry.opacity);
}

// The shown features of a layer that touch the view. Lines and areas by look: key -> numbers of features,
// key = style * 2 + 1 where faded.
function collect(scene, view, entry) {
  const { layer, mask, moved, styles } = entry;
  const pad = entry.margin;
  const found = { areas: new Map(), lines: new Map(), points: [], count: 0 };
  eachWithin(
    entry, (view.x - pad) / view.scale, (view.y - pad) / view.scale,
    (view.x + view.width + pad) / view.scale, (view.y + view.height + pad) / view.scale,
    (i) => {
      if (mask[i] || moved[i]) return;
      found.count++;
      const kind = kindOf(layer, i);
      if (kind === POINT_KIND) {
        found.points.push(i);
        return;
      }
      const group = kind === AREA_KIND ? found.areas : found.lines;
      const key = styles.of[i] * 2 + (fadeOf(scene, layer, i) < 1 ? 1 : 0);
      const alike = group.get(key);
      if (alike) alike.push(i);
      else group.set(key, [i]);
    },
  );
  return found;
}

function paintAreas(scene, ctx, view, entry, areas) {
  const { layer, styles } = entry;
  for (const [key, features] of areas) {
    const style = styles.list[key >> 1];
    const opacity = style.opacity * fadeOf(scene, layer, features[0]);
    const width = style.width * view.factor;
    if (style.fill !== "hollow") {
      ctx.fillStyle = areaFill(ctx, style, view);
      ctx.globalAlpha = opacity * style.fillOpacity;
      for (const i of features) {
        ctx.beginPath();
        traceArea(ctx, layer.pool, layer.geometry[i], view, width + 2);
        ctx.fill("evenodd");
      }
    }
    ctx.globalAlpha = opacity;
    ctx.strokeStyle = style.color;
    ctx.lineWidth = width;
    strokeFeatures(ctx, layer, features, view, { dash: areaDash(style), width, pad: width + 2, closed: true });
  }
  ctx.globalAlpha = 1;
}

// Casings first, so that where lines of a layer cross none cuts through another.
function paintLines(scene, ctx, view, entry, lines) {
  const { layer, styles } = entry;
  let count = 0;
  for (const features of lines.values()) count += features.length;
  const isDense = count > TILE_OPTIONS.denseFrom * (view.width * view.height) / TILE_OPTIONS.size ** 2;
  for (const isCasing of isDense ? [false] : [true, false]) {
    for (const [key, features] of lines) {
      const style = styles.list[key >> 1];
      const fade = fadeOf(scene, layer, features[0]);
      if (isCasing && fade < 1) continue;
      ctx.globalAlpha = style.opacity * fade;
      strokeLook(scene, ctx, layer, features, view, style, { isCasing, isDense });
    }
  }
  ctx.globalAlpha = 1;
}

// Lines of one style with their end marks; or the light edge that lies under them.
function strokeLook(scene, ctx, layer, features, view, style, { isCasing = false, isDense = false } = {}) {
  const width = style.width * view.factor;
  const dash = lineDash(style);
  const wide = isCasing ? TILE_OPTIONS.casing * 2 : 0;
  ctx.strokeStyle = ctx.fillStyle = isCasing ? (dash ? scene.palette.dashCasing : scene.palette.casing) : style.color;
  ctx.lineCap = dash ? "butt" : "round";
  ctx.lineWidth = width + wide;
  const hairlines = isDense ? Math.min(4, Math.round(width * view.ratio * 1.5 - 0.6)) || 1 : 0;
  strokeFeatures(ctx, layer, features, view, { dash: isCasing ? null : dash, width, pad: width + 4, hairlines });
  if (style.ends === "none" || isDense) return;
  const size = TILE_OPTIONS.arrow + width * 2;
  for (const i of features) {
    eachLineEnd(layer, i, view, width, size * 2, (x, y, angle) => {
      if (style.ends === "arrow") markArrow(ctx, x, y, angle, size, wide);
      else markOpen(ctx, x, y, width, wide, scene.palette.hollow);
    });
  }
}

function markArrow(ctx, x, y, angle, size, casing) {
  ctx.beginPath();
  ctx.moveTo(x + Math.cos(angle) * size * 0.35, y + Math.sin(angle) * size * 0.35);
  for (const side of [2.55, -2.55]) ctx.lineTo(x + Math.cos(angle + side) * size, y + Math.sin(angle + side) * size);
  ctx.closePath();
  ctx.lineWidth = casing || 0.5;
  ctx.stroke();
  ctx.fill();
}

// A ring: the line goes on, but nobody says where to.
function markOpen(ctx, x, y, width, casing, inside) {
  const edge = Math.max(1.6, width * 0.4);
  ctx.beginPath();
  ctx.arc(x, y, 2.5 + width * 0.75, 0, 7);
  ctx.fillStyle = inside;
  ctx.fill();
  ctx.lineWidth = edge + casing;
  ctx.stroke();
}

const sprites = new Map();
const SPRITES_MOST = 600;

// The picture of a style at a size; made once for each theme, zoom and screen.
export function spriteOf(style, radius, palette, ratio) {
  const key = `${style.color}${style.shape}${style.fill}${style.precision} ${radius.toFixed(2)} ${ratio} ${palette.casing}`;
  let sprite = sprites.get(key);
  if (!sprite) {
    if (sprites.size > SPRITES_MOST) sprites.clear();
    sprite = symbolSprite(style, radius, palette, ratio);
    sprites.set(key, sprite);
  }
  return sprite;
}

export function stampSprite(ctx, sprite, x, y, ratio) {
  // On whole device pixels a picture stays sharp.
  const left = Math.round((x - sprite.reach) * ratio) / ratio, top = Math.round((y - sprite.reach) * ratio) / ratio;
  ctx.drawImage(sprite.canvas, left, top, sprite.canvas.width / ratio, sprite.canvas.height / ratio);
}

function paintPoints(scene, ctx, view, entry, points) {
  const { layer, styles } = entry;
  const pictures = styles.list.map(() => null);
  for (const i of points) {
    const style = styleOf(entry, i);
    const sprite = (pictures[styles.of[i]] ??= spriteOf(style, style.size * view.factor, scene.palette, view.ratio));
    ctx.globalAlpha = style.opacity * fadeOf(scene, layer, i);
    eachPoint(layer, i, (x, y) => stampSprite(ctx, sprite, x * view.scale - view.x, y * view.scale - view.y, view.ratio));
  }
  ctx.globalAlpha = 1;
}

// Many points: small squares set straight into the pixels. 100,000 in a view of 20 tiles take 15 ms, as pictures 250 ms.
function splatPoints(ctx, view, entry, points) {
  const { layer, styles } = entry;
  const { pool, geometry } = layer;
  const { ratio } = view;
  const width = Math.round(view.width * ratio), height = Math.round(view.height * ratio);
  const image = ctx.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const colors = styles.list.map((style) => littleEndianColor(style.color));
  const radius = Math.max(1, Math.round(Math.min(styles.list[0].size * view.factor * 0.5, TILE_OPTIONS.splatRadius) * ratio));
  for (const i of points) {
    eachPoint(layer, i, (worldX, worldY) => {
      const x = Math.round((worldX * view.scale - view.x) * ratio), y = Math.round((worldY * view.scale - view.y) * ratio);
      const color = colors[styles.of[i]];
      const left = Math.max(0, x - radius), right = Math.min(width, x + radius);
      const top = Math.max(0, y - radius), bottom = Math.min(height, y + radius);
      for (let row = top; row < bottom; row++) {
        for (let p = row * width + left, end = row * width + right; p < end; p++) pixels[p] = color;
      }
    });
  }
  const sheet = scratchContext("pixels", view);
  sheet.putImageData(image, 0, 0);
  paste(ctx, sheet, view, 1);
}

function littleEndianColor(color) {
  const rgb = Number.parseInt(color.slice(1), 16);
  return (0xff000000 | ((rgb & 0xff) << 16) | (rgb & 0xff00) | (rgb >> 16)) >>> 0;
}

const sheets = new Map();

// A transparent canvas of the view's size, one for each use, kept for the next tile.
function scratchContext(use, view) {
  let ctx = sheets.get(use);
  if (!ctx) {
    ctx = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    sheets.set(use, ctx);
  }
  const width = Math.round(view.width * view.ratio), height = Math.round(view.height * view.ratio);
  if (ctx.canvas.width !== width || ctx.canvas.height !== height) {
    ctx.canvas.width = width;
    ctx.canvas.height = height;
  }
  ctx.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
  ctx.clearRect(0, 0, view.width, view.height);
  ctx.lineJoin = "round";
  return ctx;
}

function paste(ctx, sheet, view, opacity) {
  ctx.globalAlpha = opacity;
  ctx.drawImage(sheet.canvas, 0, 0, view.width, view.height);
  ctx.globalAlpha = 1;
}

// Points that hide each other: fanned out on leaders, or the topmost with their number.
function paintGroup(scene, ctx, view, group) {
  const x = group.x - view.x, y = group.y - view.y;
  const { reach } = group;
  const pad = reach + Math.max(...group.members.map(({ entry }) => entry.margin));
  if (x < -pad || y < -pad || x > view.width + pad || y > view.height + pad) return;
  if (group.fan) {
    paintLeaders(scene, ctx, view, group);
    for (const member of group.members) paintMember(scene, ctx, view, member);
    return;
  }
  const top = group.members.at(-1);
  paintMember(scene, ctx, view, top);
  paintBadge(scene, ctx, x, y, styleOf(top.entry, top.feature).size * view.factor, group.members.length);
}

function paintLeaders(scene, ctx, view, { members }) {
  const { casing, leader } = scene.palette;
  for (const [color, width] of [[casing, 3], [leader, 1.1]]) {
    ctx.strokeStyle = ctx.fillStyle = color;
    ctx.lineWidth = width;
    ctx.beginPath();
    for (const { x, y, placeX, placeY } of members) {
      ctx.moveTo(placeX - view.x, placeY - view.y);
      ctx.lineTo(x - view.x, y - view.y);
    }
    ctx.stroke();
    ctx.beginPath();
    for (const { placeX, placeY } of members) {
      ctx.moveTo(placeX - view.x, placeY - view.y);
      ctx.arc(placeX - view.x, placeY - view.y, 0.6 + width / 2, 0, 7);
    }
    ctx.fill();
  }
}

function paintMember(scene, ctx, view, { entry, feature, x, y }) {
  const style = styleOf(entry, feature);
  ctx.globalAlpha = entry.opacity * style.opacity * fadeOf(scene, entry.layer, feature);
  stampSprite(ctx, spriteOf(style, style.size * view.factor, scene.palette, view.ratio), x - view.x, y - view.y, view.ratio);
  ctx.globalAlpha = 1;
}

function paintBadge(scene, ctx, x, y, radius, count) {
  const { badge, badgeText, casing } = scene.palette;
  const size = TILE_OPTIONS.badge;
  const text = count > 99 ? "99+" : String(count);
  const half = size + (text.length - 1) * 2.5;
  ctx.beginPath();
  ctx.roundRect(x + radius * 0.75 - size + 1, y - radius * 0.75 - size - 1, half * 2, size * 2, size);
  ctx.fillStyle = badge;
  ctx.strokeStyle = casing;
  ctx.lineWidth = 2;
  ctx.stroke();
  ctx.fill();
  ctx.fillStyle = badgeText;
  ctx.font = "700 9px system-ui, sans-serif";
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillText(text, x + radius * 0.75 - size + 1 + half, y - radius * 0.75 - 0.5);
}

// Paint one feature, where it stands now, with a ring of the given color and width around it: for selection and hover.
export function paintFeature(scene, ctx, view, entry, i, { ring, width }) {
  const { layer } = entry;
  const style = styleOf(entry, i);
  const piece = { ...view, scale: scaleOfZoom(view.zoom), factor: sizeFactor(view.zoom) };
  const features = [i];
  const kind = kindOf(layer, i);
  ctx.lineJoin = "round";
  if (kind === POINT_KIND) {
    const radius = style.size * piece.factor;
    const sprite = spriteOf(style, radius, scene.palette, view.ratio);
    eachPlace(scene, piece, entry, i, (x, y) => {
      const path = new Path2D();
      path.addPath(new Path2D(symbolPath(style.shape, radius)), new DOMMatrix([1, 0, 0, 1, x, y]));
      for (const [color, extra] of ring) {
        ctx.strokeStyle = color;
        ctx.lineWidth = (width + extra + 2) * 2;
        ctx.stroke(path);
      }
      stampSprite(ctx, sprite, x, y, view.ratio);
    });
    return;
  }
  const closed = kind === AREA_KIND;
  for (const [color, extra] of ring) {
    const look = { ...style, color, width: style.width + ((width + extra) * 2) / piece.factor, dash: null, precision: 0 };
    ctx.strokeStyle = color;
    ctx.lineWidth = look.width * piece.factor;
    // The lane is that of the line itself, not of its wider ring.
    strokeFeatures(ctx, layer, features, piece, { width: style.width * piece.factor, pad: look.width + 4, closed });
  }
  if (!closed) strokeLook(scene, ctx, layer, features, piece, style);
  else {
    ctx.strokeStyle = style.color;
    ctx.lineWidth = style.width * piece.factor;
    strokeFeatures(ctx, layer, features, piece, { width: style.width, pad: style.width + 4, closed });
  }
}

// The one layer of tiles. Gives {layer, repaint(), settled()}: repaint draws all tiles in place, those in view at once.
export function createTiles(L, map, scene) {
  const { size, frameMs } = TILE_OPTIONS;
  const ratio = Math.min(window.devicePixelRatio || 1, 3);
  const tiles = new Set();
  const waiting = new Set();
  let frame = 0;
  let whenSettled = [];

  const paint = (tile) => {
    const world = 256 * 2 ** tile.zoom;
    const x = (((tile.coords.x * size) % world) + world) % world; // the world repeats to the east and west
    paintView(scene, tile.ctx, { zoom: tile.zoom, x, y: tile.coords.y * size, width: size, height: size, ratio });
    // The browser puts drawing off until the pixels are asked for; asked here, `frameMs` counts what it takes.
    tile.ctx.getImageData(0, 0, 1, 1);
    tile.revision = scene.revision;
    tile.done?.(null, tile.ctx.canvas);
    tile.done = null;
  };

  const isInView = (tile) => {
    if (tile.zoom !== Math.round(map.getZoom())) return false;
    const { min, max } = map.getPixelBounds();
    const scale = 2 ** (tile.zoom - map.getZoom());
    const left = tile.coords.x * size, top = tile.coords.y * size;
    return left < max.x * scale && left + size > min.x * scale && top < max.y * scale && top + size > min.y * scale;
  };

  // Paint what waits, for a part of a frame; the rest goes on in the next one.
  function work() {
    frame = 0;
    const until = performance.now() + frameMs;
    for (const tile of waiting) {
      if (performance.now() > until) break;
      waiting.delete(tile);
      paint(tile);
    }
    if (waiting.size) frame ||= requestAnimationFrame(work);
    else for (const tell of whenSettled.splice(0)) tell();
  }

  function repaint() {
    for (const tile of tiles) if (isInView(tile)) waiting.add(tile);
    work();
  }

  // A tile that was out of view when the filters changed is painted when it comes into view.
  function refresh() {
    for (const tile of tiles) if (tile.revision !== scene.revision && isInView(tile)) waiting.add(tile);
    work();
  }

  const Tiles = L.GridLayer.extend({
    createTile(coords, done) {
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = Math.round(size * ratio);
      const ctx = canvas.getContext("2d", { willReadFrequently: true });
      const tile = { ctx, coords, zoom: coords.z, done, revision: -1 };
      canvas.geoTile = tile;
      tiles.add(tile);
      waiting.add(tile);
      // Leaflet asks for all tiles of a view in one go: they are painted together, after the last.
      if (!frame) {
        frame = -1;
        queueMicrotask(work);
      }
      return canvas;
    },
  });
  if (!map.getPane(DATA_PANE)) {
    const pane = map.createPane(DATA_PANE);
    pane.style.zIndex = DATA_PANE_Z;
    pane.style.pointerEvents = "none";
  }
  const layer = new Tiles({ pane: DATA_PANE, tileSize: size, keepBuffer: TILE_OPTIONS.keepBuffer, updateWhenZooming: false, updateWhenIdle: false });
  layer.on("tileunload", ({ tile }) => {
    tiles.delete(tile.geoTile);
    waiting.delete(tile.geoTile);
  });
  layer.addTo(map);
  map.on("moveend", refresh);
  return {
    layer, repaint,
    settled: () => (waiting.size ? new Promise((resolve) => whenSettled.push(resolve)) : Promise.resolve()),
    destroy() {
      map.off("moveend", refresh);
      layer.remove();
    },
  };
}
