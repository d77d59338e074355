// Draw the basemap: sea, land, relief, waters, borders and disputed land, as one canvas GridLayer.
//
//   level 0 the world, 1 and 2 windows of it in more detail: packed.head.levels, geo's docs/format.md
//   +-----------------+   A tile draws each level where no finer one is due at its zoom, cut on whole
//   |   +---------+   |   pixels, so that no seam shows.
//   |   |  +---+  |   |
//   |   |  | 2 |1 | 0 |
//   +-----------------+

import { poolBounds, readPool } from "./model.js";
import { createRelief } from "./relief.js";
import { strokeFeatures, traceArea } from "./shapes.js";

const BASEMAP_OPTIONS = {
  tile: 512,            // px: the side of a tile
  minZoom: 2,
  maxZoom: 12,
  levelFromZoom: [0, 4, 6], // the zoom from which a level is drawn in its window
  regionsFromZoom: 6,   // lines between regions (admin-1)
  riversFromZoom: 3,
  hatch: 7,             // px between the lines on disputed land
  dash: [5, 4],         // px: borders in dispute
  fadeMs: 260,          // the relief comes up in this time
};

// Widths in px; a pair is [zoom 3, zoom 9], between them in proportion.
const BASEMAP_WIDTHS = {
  casing: [2.6, 7], casingInner: [1.5, 3.4], border: [0.7, 1.25], region: [0.5, 0.9],
  coast: [0.5, 0.9], river: [0.5, 1.9], shore: [0.4, 0.8],
};

const BASEMAP_PALETTES = {
  light: {
    sea: "#c3dbe9", shallows: ["rgba(255,255,255,0.16)", "rgba(255,255,255,0.2)"], land: "#e8ecd8", coast: "#8fb2c8",
    lake: "#b5d5e8", shore: "#7fabc9", river: "#7db2d6",
    casing: "rgba(126,84,140,0.16)", casingInner: "rgba(126,84,140,0.28)", border: "#7a5888", region: "rgba(111,84,112,0.38)",
    hatch: "rgba(111,76,125,0.55)",
  },
  dark: {
    sea: "#0f1a24", shallows: ["rgba(120,170,210,0.05)", "rgba(120,170,210,0.07)"], land: "#20292b", coast: "#3d566a",
    lake: "#17303f", shore: "#35566c", river: "#3c6a88",
    casing: "rgba(190,150,210,0.10)", casingInner: "rgba(190,150,210,0.16)", border: "#8e769b", region: "rgba(190,165,196,0.30)",
    hatch: "rgba(184,146,200,0.5)",
  },
};

// packed: {head, buffer}. Gives an L.GridLayer with
//   setTheme("light" | "dark")   redraws once the relief is ready in the new colours
//   paint(ctx, view)             draws any piece: {zoom, x, y, width, height, ratio}, as tiles.js has it
//   loaded                       a promise: the relief is decoded and shown
export function createBasemap(L, packed, { theme = "light" } = {}) {
  const { head, buffer } = packed;
  const pool = readPool(buffer, head.shapes);
  const shapes = { pool, geometry: Uint32Array.from({ length: pool.n }, (_, i) => i) };
  const basemap = { head, shapes, bounds: poolBounds(pool), palette: BASEMAP_PALETTES[theme], relief: createRelief(head.relief) };
  const Layer = L.GridLayer.extend({
    createTile(coords) {
      const tile = document.createElement("div");
      paintTile(basemap, tile, coords);
      return tile;
    },
  });
  const layer = new Layer({
    tileSize: BASEMAP_OPTIONS.tile, minZoom: BASEMAP_OPTIONS.minZoom, maxZoom: BASEMAP_OPTIONS.maxZoom, noWrap: true,
    bounds: [[-85.06, -180], [85.06, 180]], keepBuffer: 1, updateWhenZooming: false, className: "geo-basemap",
  });
  let wanted = theme;
  const repaint = () => {
    for (const { el, coords } of Object.values(layer._tiles ?? {})) paintTile(basemap, el, coords);
    layer.fire("painted");
  };
  const colour = async (name) => {
    await basemap.relief.compose(name);
    if (name !== wanted) return;
    basemap.relief.use(name);
    basemap.palette = BASEMAP_PALETTES[name];
    const container = layer._map?.getContainer();
    if (container) container.style.backgroundColor = basemap.palette.sea;
    repaint();
  };
  layer.on("add", () => {
    layer._map.getContainer().style.backgroundColor = basemap.palette.sea;
  });
  layer.paint = (ctx, view) => paintBasemap(basemap, ctx, { ...view, scale: 2 ** (view.zoom - 20) });
  layer.setTheme = (name) => {
    wanted = name;
    return colour(name);
  };
  layer.loaded = colour(theme);
  return layer;
}

// A tile that was painted before keeps its picture until the new one has come up over it.
function paintTile(basemap, tile, coords) {
  const side = BASEMAP_OPTIONS.tile;
  const ratio = Math.min(globalThis.devicePixelRatio || 1, 2);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side * ratio;
  canvas.style.cssText = `position:absolute;width:${side}px;height:${side}px`;
  const view = { zoom: coords.z, scale: 2 ** (coords.z - 20), x: coords.x * side, y: coords.y * side, width: side, height: side, ratio };
  paintBasemap(basemap, canvas.getContext("2d"), view);
  const older = [...tile.children];
  tile.append(canvas);
  if (!older.length) return;
  const duration = matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : BASEMAP_OPTIONS.fadeMs;
  canvas.animate([{ opacity: 0 }, { opacity: 1 }], { duration, easing: "ease-out" }).onfinish = () => {
    for (const old of older) old.remove();
  };
}

function paintBasemap(basemap, ctx, view) {
  ctx.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
  ctx.clearRect(0, 0, view.width, view.height);
  ctx.lineJoin = ctx.lineCap = "round";
  for (const piece of levelPieces(basemap.head.levels, view, BASEMAP_OPTIONS.levelFromZoom)) {
    ctx.save();
    ctx.beginPath();
    for (const [x, y, width, height] of piece.boxes) ctx.rect(x, y, width, height);
    ctx.clip("evenodd");
    paintLevel(basemap, ctx, view, basemap.head.levels[piece.level]);
    ctx.restore();
  }
  paintDisputed(basemap, ctx, view);
}

// Which level is drawn where: [{level, boxes}]; boxes in px of the view, the second one (if any) is left out of the first.
export function levelPieces(levels, view, fromZoom) {
  const pieces = [];
  let outer = [0, 0, view.width, view.height];
  for (let level = 0; level < levels.length; level++) {
    const next = levels[level + 1];
    const inner = next && view.zoom >= fromZoom[level + 1] ? windowBox(next.window, view) : null;
    const hole = inner && intersectBoxes(inner, outer);
    if (!hole || hole[2] < outer[2] || hole[3] < outer[3]) pieces.push({ level, boxes: hole ? [outer, hole] : [outer] });
    if (!hole) break;
    outer = hole;
  }
  return pieces;
}

// On whole device pixels: a cut between them would let the ground shine through.
function windowBox([west, north, east, south], { scale, x, y, ratio }) {
  const snap = (value) => Math.round(value * ratio) / ratio;
  const left = snap(west * scale - x), top = snap(north * scale - y);
  return [left, top, snap(east * scale - x) - left, snap(south * scale - y) - top];
}

function intersectBoxes(a, b) {
  const left = Math.max(a[0], b[0]), top = Math.max(a[1], b[1]);
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - left, height = Math.min(a[1] + a[3], b[1] + b[3]) - top;
  return width > 0 && height > 0 ? [left, top, width, height] : null;
}

function paintLevel(basemap, ctx, view, level) {
  const { palette } = basemap;
  const width = (name) => widthAt(BASEMAP_WIDTHS[name], view.zoom);
  fillShapes(basemap, ctx, view, level.land, palette.land);
  ctx.globalCompositeOperation = "source-atop"; // the relief falls on land alone
  basemap.relief.paint(ctx, view);
  ctx.globalCompositeOperation = "destination-over"; // and the sea lies under it
  for (const [i, color] of palette.shallows.entries()) strokeShapes(basemap, ctx, view, level.land, color, 7 + i * 9, true);
  ctx.fillStyle = palette.sea;
  ctx.fillRect(0, 0, view.width, view.height);
  ctx.globalCompositeOperation = "source-over";
  strokeShapes(basemap, ctx, view, level.land, palette.coast, width("coast"), true);
  if (view.zoom >= BASEMAP_OPTIONS.riversFromZoom) strokeShapes(basemap, ctx, view, level.rivers, palette.river, width("river"));
  fillShapes(basemap, ctx, view, level.lakes, palette.lake);
  strokeShapes(basemap, ctx, view, level.lakes, palette.shore, width("shore"), true);
  if (level.regions && view.zoom >= BASEMAP_OPTIONS.regionsFromZoom) {
    strokeShapes(basemap, ctx, view, level.regions, palette.region, width("region"), false, [4, 3]);
  }
  for (const [name, range] of [["casing", level.borders], ["casingInner", level.borders], ["border", level.borders]]) {
    strokeShapes(basemap, ctx, view, range, palette[name], width(name));
  }
  strokeShapes(basemap, ctx, view, level.disputed_borders, palette.casing, width("casing"));
  strokeShapes(basemap, ctx, view, level.disputed_borders, palette.border, width("border") * 1.2, false, BASEMAP_OPTIONS.dash);
}

// Crimea: hatched, its outline and the line across the isthmus dashed.
function paintDisputed(basemap, ctx, view) {
  const { head, palette } = basemap;
  const area = head.crimea.area;
  if (!shapesInView(basemap, area, view, 8).length) return;
  const step = BASEMAP_OPTIONS.hatch;
  ctx.save();
  ctx.beginPath();
  for (let i = area[0]; i < area[1]; i++) traceArea(ctx, basemap.shapes.pool, i, view, 8);
  ctx.clip("evenodd");
  ctx.beginPath();
  for (let d = Math.floor((view.x + view.y) / step) * step - view.x - view.y; d < view.width + view.height; d += step) {
    ctx.moveTo(d, 0);
    ctx.lineTo(d - view.height, view.height);
  }
  ctx.strokeStyle = palette.hatch;
  ctx.lineWidth = widthAt([0.6, 1.1], view.zoom);
  ctx.stroke();
  ctx.restore();
  strokeShapes(basemap, ctx, view, area, palette.border, 1, true, BASEMAP_OPTIONS.dash);
  strokeShapes(basemap, ctx, view, head.crimea.isthmus, palette.border, widthAt(BASEMAP_WIDTHS.border, view.zoom) * 1.2, false, BASEMAP_OPTIONS.dash);
}

function fillShapes(basemap, ctx, view, range, color) {
  ctx.fillStyle = color;
  for (const i of shapesInView(basemap, range, view, 4)) {
    ctx.beginPath();
    traceArea(ctx, basemap.shapes.pool, i, view, 4);
    ctx.fill("evenodd");
  }
}

function strokeShapes(basemap, ctx, view, range, color, width, closed = false, dash = null) {
  ctx.strokeStyle = color;
  ctx.lineWidth = width;
  const pad = width + 2;
  strokeFeatures(ctx, basemap.shapes, shapesInView(basemap, range, view, pad), view, { dash, width, pad, closed });
}

// The numbers of the shapes from range[0] to range[1] that touch the view.
function shapesInView({ bounds }, [from, to], view, pad) {
  const west = (view.x - pad) / view.scale, east = (view.x + view.width + pad) / view.scale;
  const north = (view.y - pad) / view.scale, south = (view.y + view.height + pad) / view.scale;
  const found = [];
  for (let i = from; i < to; i++) {
    const at = i * 4;
    if (bounds[at] <= east && bounds[at + 2] >= west && bounds[at + 1] <= south && bounds[at + 3] >= north) found.push(i);
  }
  return found;
}

export function widthAt([low, high], zoom) {
  return low + (high - low) * Math.min(Math.max((zoom - 3) / 6, 0), 1);
}
