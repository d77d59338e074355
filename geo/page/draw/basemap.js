// Draw the basemap as one canvas GridLayer: sea, land, relief, waters, borders and disputed land.
//
// Its levels are the world (0) and windows of it in more detail (1, 2). A tile draws each level where no finer one is
// due at its zoom, cut on whole pixels, so that no seam shows.

import { decodeBlob } from "../data/columns.js";
import { partRange, poolBounds, readPool, vertexRange } from "../data/model.js";
import { madeOnce } from "../data/once.js";
import { worldPieces } from "../data/worlds.js";
import { isCalm } from "../elements/dom.js";
import { deviceRatio, exactGrid } from "./grid.js";
import { createRelief } from "./relief.js";
import { strokeFeatures, traceArea } from "./shapes.js";
import { showSheet } from "./still.js";

const BASEMAP_OPTIONS = {
  tile: 512,                // px: the side of a tile
  levelFromZoom: [0, 4, 6], // the zoom from which a level is drawn in its window
  riversFromZoom: 3,
  regionsFromZoom: 6,       // lines between regions (admin-1)
  hatch: 7,                 // px between the lines on disputed land
  dash: [5, 4],             // px: borders in dispute
  regionDash: [4, 3],
  shallows: [7, 16],        // px: two bands of light water along coasts
  fadeMs: 260,              // what is painted anew comes up in this time
  clearingsMost: 60,        // views whose lakes are kept as paths
};

// px at zoom 3 and at zoom 9; between them in proportion
const BASEMAP_WIDTHS = {
  casing: [2.6, 7], inner: [1.5, 3.4], border: [0.7, 1.25], disputed: [0.85, 1.5], region: [0.5, 0.9],
  coast: [0.5, 0.9], river: [0.5, 1.9], shore: [0.4, 0.8], hatch: [0.6, 1.1],
};

const BASEMAP_PALETTES = {
  light: {
    sea: "#c3dbe9", shallow: "rgba(255,255,255,.18)", land: "#e8ecd8", coast: "#8fb2c8", lake: "#b5d5e8",
    shore: "#7fabc9", river: "#7db2d6", casing: "rgba(126,84,140,.16)", inner: "rgba(126,84,140,.28)",
    border: "#7a5888", region: "rgba(111,84,112,.38)", hatch: "rgba(111,76,125,.55)",
  },
  dark: {
    sea: "#0f1a24", shallow: "rgba(120,170,210,.06)", land: "#20292b", coast: "#3d566a", lake: "#17303f",
    shore: "#35566c", river: "#3c6a88", casing: "rgba(190,150,210,.1)", inner: "rgba(190,150,210,.16)",
    border: "#8e769b", region: "rgba(190,165,196,.3)", hatch: "rgba(184,146,200,.5)",
  },
};

// The basemap of the page, unpacked: {head, buffer}.
export async function openBasemap(head) {
  return { head, buffer: await decodeBlob(head.blob, document.getElementById("geo-basemap-blob").textContent.trim()) };
}

// packed: {head, buffer}. Gives an L.GridLayer with
//   setTheme("light" | "dark")   shows the new colours once the relief has them; `ready` resolves then
//   compose(theme)               makes the relief in the colours of a theme; resolves when it is there
//   paint(ctx, view)             draws any piece: {zoom, x, y, width, height, ratio, theme: where it is not the one
// shown}, x and y
//                                a pixel of the world
//   clearLakes(ctx, view)        takes away what is drawn over lakes, so that they show through
export function createBasemap({ head, buffer }, theme) {
  const pool = readPool(buffer, head.shapes);
  const basemap = {
    head, bounds: poolBounds(pool), relief: createRelief(head.relief), theme, // the one shown
    shapes: { pool, geometry: Uint32Array.from({ length: pool.n }, (_, i) => i) },
    clearings: new Map(), // of tiles and their parts: with a filter they are painted again as they stand
  };
  const layer = new (exactGrid({
    createTile(coords) {
      const tile = document.createElement("div");
      paintTile(basemap, tile, coords);
      return tile;
    },
  }))({
    tileSize: BASEMAP_OPTIONS.tile, noWrap: true, keepBuffer: 1, updateWhenZooming: false,
    zIndex: 0, // under the tiles of others
  });
  const colorSea = () => {
    if (layer._map) layer._map.getContainer().style.backgroundColor = BASEMAP_PALETTES[basemap.theme].sea;
  };
  let wanted = theme;
  const show = async (name) => {
    wanted = name;
    await basemap.relief.compose(name);
    if (name !== wanted) return;
    basemap.theme = name;
    colorSea();
    for (const { el, coords } of Object.values(layer._tiles ?? {})) paintTile(basemap, el, coords);
  };
  layer.compose = basemap.relief.compose;
  layer.paint = (ctx, view) => paintBasemap(basemap, ctx, view);
  layer.setTheme = (name) => {
    layer.ready = show(name);
  };
  layer.clearLakes = (ctx, view) => clearLakes(basemap, ctx, view);
  layer.crossesBorder = (...way) => crossesBorder(basemap, ...way);
  layer.setTheme(theme);
  return layer.on("add", colorSea);
}

// A tile that was painted before keeps its picture until the new one has come up over it.
function paintTile(basemap, tile, { x, y, z }) {
  const { tile: side, fadeMs } = BASEMAP_OPTIONS;
  const ratio = deviceRatio(2);
  const canvas = document.createElement("canvas"), sheet = new OffscreenCanvas(side * ratio, side * ratio);
  canvas.style.cssText = `position:absolute;width:${side}px;height:${side}px`;
  const view = { zoom: z, x: x * side, y: y * side, width: side, height: side, ratio };
  paintBasemap(basemap, sheet.getContext("2d"), view);
  showSheet(canvas, sheet);
  const older = [...tile.children];
  tile.append(canvas);
  if (!older.length) return;
  const rise = canvas.animate({ opacity: [0, 1] }, { duration: isCalm() ? 0 : fadeMs, easing: "ease-out" });
  rise.onfinish = () => older.forEach((old) => old.remove());
}

function paintBasemap(basemap, ctx, view) {
  for (const piece of worldPieces(view)) paintGround(basemap, ctx, { ...piece, scale: 2 ** (view.zoom - 20) });
}

function paintGround({ head, shapes, bounds, relief, theme: shown }, ctx, view) {
  const { theme = shown } = view, palette = BASEMAP_PALETTES[theme];
  const share = Math.min(Math.max((view.zoom - 3) / 6, 0), 1);
  const widthOf = ([low, high]) => low + (high - low) * share;
  const fill = (range, color) => {
    ctx.fillStyle = color;
    for (const i of shapesWithin(bounds, range, view, 4)) {
      ctx.beginPath();
      traceArea(ctx, shapes.pool, i, view, 4);
      ctx.fill("evenodd");
    }
  };
  // `look` names the colour and the width, unless that is given.
  const stroke = (range, look, { width = widthOf(BASEMAP_WIDTHS[look]), color = palette[look], closed, dash } = {}) => {
    ctx.strokeStyle = color;
    ctx.lineWidth = width;
    const pad = width + 2;
    strokeFeatures(ctx, shapes, shapesWithin(bounds, range, view, pad), view, { dash, width, pad, closed });
  };

  const paintLevel = (level) => {
    fill(level.land, palette.land);
    ctx.globalCompositeOperation = "source-atop"; // the relief falls on land alone
    relief.paint(ctx, view, theme);
    ctx.globalCompositeOperation = "destination-over"; // the sea lies under it
    for (const width of BASEMAP_OPTIONS.shallows) stroke(level.land, "shallow", { width, closed: true });
    ctx.fillStyle = palette.sea;
    ctx.fillRect(0, 0, view.width, view.height);
    ctx.globalCompositeOperation = "source-over";
    stroke(level.land, "coast", { closed: true });
    if (view.zoom >= BASEMAP_OPTIONS.riversFromZoom) stroke(level.rivers, "river");
    fill(level.lakes, palette.lake);
    stroke(level.lakes, "shore", { closed: true });
    if (level.regions && view.zoom >= BASEMAP_OPTIONS.regionsFromZoom) {
      stroke(level.regions, "region", { dash: BASEMAP_OPTIONS.regionDash });
    }
    for (const look of ["casing", "inner", "border"]) stroke(level.borders, look);
    stroke(level.disputed_borders, "casing");
    strokeDisputed(level.disputed_borders);
  };
  const strokeDisputed = (range, closed = false) => {
    stroke(range, "disputed", { color: palette.border, dash: BASEMAP_OPTIONS.dash, closed });
  };
  const hatch = ([from, to]) => {
    const step = BASEMAP_OPTIONS.hatch, across = view.x + view.y;
    ctx.save();
    ctx.beginPath();
    for (let i = from; i < to; i++) traceArea(ctx, shapes.pool, i, view, 8);
    ctx.clip("evenodd");
    ctx.beginPath();
    for (let x = Math.floor(across / step) * step - across; x < view.width + view.height; x += step) {
      ctx.moveTo(x, 0);
      ctx.lineTo(x - view.height, view.height);
    }
    ctx.strokeStyle = palette.hatch;
    ctx.lineWidth = widthOf(BASEMAP_WIDTHS.hatch);
    ctx.stroke();
    ctx.restore();
  };

  ctx.setTransform(view.ratio, 0, 0, view.ratio, view.left * view.ratio, 0);
  ctx.clearRect(0, 0, view.width, view.height);
  ctx.lineJoin = ctx.lineCap = "round";
  for (const { level, boxes } of levelPieces(head.levels, view, BASEMAP_OPTIONS.levelFromZoom)) {
    ctx.save();
    ctx.beginPath();
    for (const box of boxes) ctx.rect(...box);
    ctx.clip("evenodd");
    paintLevel(head.levels[level]);
    ctx.restore();
  }
  const { area, isthmus } = head.crimea;
  if (!shapesWithin(bounds, area, view, 8).length) return;
  hatch(area);
  strokeDisputed(area, true);
  strokeDisputed(isthmus);
}

// Whether the straight way between two places, in world units, meets a border of some level.
export function crossesBorder({ head, shapes: { pool }, bounds }, x1, y1, x2, y2) {
  const sideOf = (x, y) => (x - x1) * (y2 - y1) > (y - y1) * (x2 - x1);
  const view = {
    scale: 1, x: Math.min(x1, x2), y: Math.min(y1, y2), width: Math.abs(x2 - x1), height: Math.abs(y2 - y1),
  };
  const ranges = head.levels.flatMap((level) => [level.borders, level.disputed_borders]);
  return ranges.flatMap((range) => shapesWithin(bounds, range, view, 0)).some((i) => {
    for (let [part, after] = partRange(pool, i); part < after; part++) {
      const [from, to] = vertexRange(pool, part);
      for (let v = from + 1; v < to; v++) {
        const ax = pool.x[v - 1], ay = pool.y[v - 1], bx = pool.x[v], by = pool.y[v];
        if (sideOf(ax, ay) === sideOf(bx, by)) continue;
        const dx = bx - ax, dy = by - ay;
        if ((x1 - ax) * dy > (y1 - ay) * dx !== (x2 - ax) * dy > (y2 - ay) * dx) return true;
      }
    }
    return false;
  });
}

function clearLakes(basemap, ctx, view) {
  const key = [view.zoom, view.x, view.y, view.width, view.height].join();
  const { clearings } = basemap;
  if (clearings.size > BASEMAP_OPTIONS.clearingsMost) clearings.clear();
  for (const { path, clip } of madeOnce(clearings, key, () => clearingsOf(basemap, view))) {
    ctx.save();
    if (clip) ctx.clip(clip, "evenodd");
    Object.assign(ctx, { globalCompositeOperation: "destination-out", fillStyle: "#000", globalAlpha: 1 });
    ctx.fill(path, "evenodd"); // lakes lie apart
    ctx.restore();
  }
}

// The lakes of a view by level: [{path, clip: null where the level fills the view}].
function clearingsOf({ head, shapes, bounds }, { detail, ...view }) { // all vertices, as they are drawn
  return levelPieces(head.levels, view, BASEMAP_OPTIONS.levelFromZoom).flatMap(({ level, boxes }) => {
    const lakes = shapesWithin(bounds, head.levels[level].lakes, view, 4), path = new Path2D();
    if (!lakes.length) return [];
    for (const i of lakes) traceArea(path, shapes.pool, i, view, 4);
    const isWhole = boxes.length === 1 && boxes[0][2] >= view.width && boxes[0][3] >= view.height;
    const clip = isWhole ? null : new Path2D();
    for (const box of boxes) clip?.rect(...box);
    return [{ path, clip }];
  });
}

// Which level is drawn where: [{level, boxes}], boxes in px of the view; a second one is left out of the first.
export function levelPieces(levels, view, fromZoom) {
  const pieces = [];
  let outer = [0, 0, view.width, view.height];
  for (let level = 0; outer; level++) {
    const isNextDue = level + 1 < levels.length && view.zoom >= fromZoom[level + 1];
    const inner = isNextDue ? intersection(windowBox(levels[level + 1].window, view), outer) : null;
    if (!inner) pieces.push({ level, boxes: [outer] });
    else if (inner[2] < outer[2] || inner[3] < outer[3]) pieces.push({ level, boxes: [outer, inner] });
    outer = inner;
  }
  return pieces;
}

// On whole device pixels: a cut between them would let the ground shine through.
function windowBox([west, north, east, south], { scale, x, y, ratio }) {
  const [left, right] = [west, east].map((at) => Math.round((at * scale - x) * ratio) / ratio);
  const [top, bottom] = [north, south].map((at) => Math.round((at * scale - y) * ratio) / ratio);
  return [left, top, right - left, bottom - top];
}

function intersection(a, b) {
  const left = Math.max(a[0], b[0]), top = Math.max(a[1], b[1]);
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - left, height = Math.min(a[1] + a[3], b[1] + b[3]) - top;
  return width > 0 && height > 0 ? [left, top, width, height] : null;
}

// The numbers of the shapes from `from` to before `to` that touch the view.
function shapesWithin(bounds, [from, to], view, pad) {
  const [west, east] = [view.x - pad, view.x + view.width + pad].map((at) => at / view.scale);
  const [north, south] = [view.y - pad, view.y + view.height + pad].map((at) => at / view.scale);
  const found = [];
  for (let i = from, k = from * 4; i < to; i++, k += 4) {
    if (bounds[k] <= east && bounds[k + 2] >= west && bounds[k + 1] <= south && bounds[k + 3] >= north) found.push(i);
  }
  return found;
}
