// How points, lines and areas look: described once as parts, drawn on canvas and as SVG in legends.
// geo/index/symbols.py draws from the tables at the top, too: they are plain values.

import { madeOnce } from "../data/once.js";
import { svgElement } from "../elements/dom.js";
import { sheetContext } from "./still.js";

const SYMBOL_OPTIONS = {
  casing: 1.7,       // px of light edge around a symbol
  outline: 1.9,      // px of the outline of a hollow symbol
  halo: 1.75,        // radius of the halo of an approximate place, in symbol radii
  hatchStep: { hatch: 14, dots: 9 }, // px from line to line, from dot to dot of an area
  hatchWidth: 1.4,   // px
  textureStep: 8,    // px
  textureWidth: 1,   // px
  textureGround: 0.45, // opacity of the fill under a texture, at most
  hatchAngles: [0, 90, 45, 135], // degrees by which it is turned, by layer
  commonWidth: 2.5,  // px: dashes are given for a line this wide and grow with wider ones
};
// px, of points that are schematic, and by the precision of lines and areas: the less is known, the less is drawn.
const SKETCH_DASHES = {
  point: [2, 1.3],
  line: [null, [20, 3], [15, 4], [12, 4]],
  area: [null, [12, 2], [8, 3], [4, 4]],
};
// What classes of lines and areas have beside their colours where the atlas gives them no cue of their own. Lines:
// marks, so many px wider than the line, of a length and gap, length and gap ...; of no length they are round. Gaps in
// the line itself say how well a place is known. Areas: thin lines over the fill, again every textureStep px.
const TEXTURES = {
  line: [
    null, [6, 1.5, 16.5], [3.5, 0, 18], [2.6, 9, 11], [6, 1.5, 3, 1.5, 16.5], [3.5, 0, 7.5, 0, 18], [4.4, 1.4, 5.6],
    [2.6, 0, 8], [6, 1.5, 3, 1.5, 3, 1.5, 16.5], [2.6, 4, 3, 4, 13]
  ],
  area: [
    null, "M0 8L8 0", "M1.5 1.5L2.5 1.5L2.5 2.5L1.5 2.5ZM5.5 5.5L6.5 5.5L6.5 6.5L5.5 6.5Z", "M0 0L8 8",
    "M0 4.5L8 4.5", "M0 8L8 0M0 0L8 8", "M4.5 0L4.5 8", "M4.5 0L4.5 8M0 4.5L8 4.5", "M1 1.5L4 1.5M5 5.5L8 5.5",
    "M0 6.5L4 2.5L8 6.5"
  ],
};

// How a legend 28 px wide and 16 px high shows hatching of each of its angles, and dots.
const HATCH_SWATCHES = [
  "M4 13L13 3M11 13L20 3M18 13L25 5",
  "M24 13L15 3M17 13L8 3M10 13L3 5",
  "M3 5.5H25M3 10.5H25",
  "M7 3V13M14 3V13M21 3V13",
];
const DOT = "a1.8 1.8 0 1 1 0 .1Z";
const DOT_SWATCH = [4.7, 11.7, 18.7, 25.7].map((x) => `M${x} 6.5${DOT}M${x} 13.5${DOT}`).join("");
// The textures whose lines hatching has by its angle.
const HATCHES = [1, 3, 4, 6];
// Where the tiles of a texture lie in it.
const TEXTURE_TILES = [2, 8, 14, 20].flatMap((x) => [[x, 2], [x, 8]]);
const angleOf = (layer) => layer % HATCH_SWATCHES.length;

// Corners in radii, chosen so that all shapes look as large as a circle of radius 1: x, y, x, y, ... of the right half
// from the top down, or of a ring their number, its radius and that of every other one.
const HALVES = {
  square: [0.9, -0.9, 0.9, 0.9],
  triangle: [0, -1.25, 1.16, 0.84],
  cross: [0.4, -1.15, 0.4, -0.4, 1.15, -0.4, 1.15, 0.4, 0.4, 0.4, 0.4, 1.15],
  plane: [0, -1.45, 0.24, -1.1, 0.27, -0.5, 1.4, 0.3, 1.4, 0.66, 0.27, 0.32, 0.2, 0.85, 0.6, 1.15, 0.6, 1.4, 0, 1.22],
  gate: [1.1, -1, 1.1, 1, 0.45, 1, 0.45, -0.25],
};
const RINGS = { diamond: [4, 1.28], pentagon: [5, 1.14], hexagon: [6, 1.1], star: [10, 1.42, 0.62] };

function shapeCorners(shape) {
  if (RINGS[shape]) return ring(...RINGS[shape]);
  const half = HALVES[shape] ?? [], right = half.flatMap((x, i) => (i % 2 ? [] : [[x, half[i + 1]]]));
  return [...right, ...right.map(([x, y]) => [-x, y]).reverse()];
}

function ring(corners, outer, inner = outer) {
  return Array.from({ length: corners }, (_, i) => {
    const angle = (i / corners - 0.25) * 2 * Math.PI;
    return [Math.cos(angle), Math.sin(angle)].map((part) => part * (i % 2 ? inner : outer));
  });
}

// The outline of a shape around the origin, as SVG path text; canvas takes the same text through Path2D.
export function symbolPath(shape, radius) {
  const px = (value) => +(value * radius).toFixed(2);
  const corners = shapeCorners(shape);
  if (corners.length) return `M${corners.map((corner) => corner.map(px)).join("L")}Z`;
  const [r, arc] = [px(1), `A${px(1)} ${px(1)} 0 1 1`];
  return `M${-r} 0${arc} ${r} 0${arc} ${-r} 0Z`;
}

// How far a symbol of this radius reaches from its point, casing and halo included.
export function symbolReach(radius) {
  return Math.ceil(radius * SYMBOL_OPTIONS.halo + SYMBOL_OPTIONS.casing + 1);
}

// What is drawn for a point, bottom first: [{path, fill, stroke, width, dash, opacity}]. The precision shows how the
// place is known: filled = exact, hollow = the settlement, halo = near here, dashed = a sketch.
export function symbolParts({ color, shape, fill, precision }, radius, { casing, hollow }) {
  const path = symbolPath(shape, radius);
  const width = Math.min(SYMBOL_OPTIONS.outline, radius / 2.2);
  const inside = { hatch: [shape, 0.5], dots: ["circle", 0.3] }[fill];
  const parts = [], halo = symbolPath("circle", radius * SYMBOL_OPTIONS.halo);
  if (precision === 2) parts.push({ path: halo, fill: color, opacity: 0.22 });
  if (casing) parts.push({ path, stroke: casing, width: SYMBOL_OPTIONS.casing * 2 });
  if (!precision && fill === "solid") return [...parts, { path, fill: color }];
  parts.push({ path, fill: hollow });
  const dashed = { path, stroke: color, width: width * 0.63, dash: SKETCH_DASHES.point };
  if (precision === 3) return [...parts, { path, fill: color, opacity: 0.3 }, dashed];
  parts.push({ path: symbolPath(shape, radius - width / 2), stroke: color, width });
  if (inside) parts.push({ path: symbolPath(inside[0], radius * inside[1]), fill: color });
  return parts;
}

// A picture of a symbol, its point in the middle: {picture, reach (px from the middle to each side), side (px)}. An
// ImageBitmap: a canvas takes a third more time to be drawn.
export function symbolSprite(style, radius, palette, ratio) {
  const reach = symbolReach(radius);
  const pixels = Math.round(reach * 2 * ratio), sheet = new OffscreenCanvas(pixels, pixels);
  const ctx = sheet.getContext("2d", { willReadFrequently: true });
  ctx.setTransform(ratio, 0, 0, ratio, reach * ratio, reach * ratio);
  ctx.lineJoin = "round";
  for (const { path, fill, stroke, width, dash = [], opacity = 1 } of symbolParts(style, radius, palette)) {
    Object.assign(ctx, { globalAlpha: opacity, fillStyle: fill, strokeStyle: stroke, lineWidth: width });
    ctx.setLineDash(dash);
    if (fill) ctx.fill(new Path2D(path));
    if (stroke) ctx.stroke(new Path2D(path));
  }
  return { picture: sheet.transferToImageBitmap(), reach, side: pixels / ratio };
}

// The fill of an area: a colour, or a pattern that stays in its place on the map. Hatching of another layer has another
// direction, and dots lie beside: a country in two organisations shows both.
export function areaFill(ctx, style, view, layer = 0) {
  const { fill, texture, color, fillOpacity } = style, { hatchStep, textureStep } = SYMBOL_OPTIONS;
  if (!texture && !hatchStep[fill]) return color;
  const lines = texture || (fill === "hatch" ? HATCHES[angleOf(layer)] : 0);
  // To be as far apart as the slanting ones, level and plumb lines of hatching have a shorter step.
  const step = texture ? textureStep : Math.round(hatchStep[fill] * (lines > HATCHES[1] ? Math.SQRT1_2 : 1));
  const size = Math.round(step * view.ratio), key = [color, texture, fillOpacity, lines, size].join();
  const pattern = ctx.createPattern(madeOnce(patterns, key, () => patternPicture(style, lines, step, size)), "repeat");
  // The corner of the view is taken back by less than a step: numbers of a whole world would be too coarse for the
  // canvas.
  const shift = lines ? 0 : (angleOf(layer) * step) / HATCH_SWATCHES.length;
  pattern.setTransform(new DOMMatrix().translate(shift - (view.x % step), -(view.y % step)).scale(step / size));
  return pattern;
}

const patterns = new Map();

function patternPicture({ color, texture, fillOpacity }, lines, step, size) {
  const pen = sheetContext(size, size), { textureStep, textureWidth, hatchWidth } = SYMBOL_OPTIONS;
  pen.scale(size / step, size / step);
  Object.assign(pen, { fillStyle: color, strokeStyle: color, lineWidth: texture ? textureWidth : hatchWidth });
  if (texture) {
    pen.globalAlpha = groundOpacity(fillOpacity);
    pen.fillRect(0, 0, step, step);
    pen.globalAlpha = 1;
  }
  // Lines of the tiles around reach in at the corners.
  const around = lines ? [-step, 0, step] : [];
  for (const x of around) for (const y of around) pen.stroke(new Path2D(textureTile(lines, x, y, step / textureStep)));
  if (!lines) pen.fill(new Path2D(`M2.7 4.5${DOT}`));
  return pen.canvas;
}

// A texture has its own ground, so that its lines can be stronger.
function groundOpacity(fillOpacity) {
  return Math.min(fillOpacity, SYMBOL_OPTIONS.textureGround);
}

function textureTile(texture, left, top, scale) {
  const place = (_, x, y) => `${left + x * scale} ${top + y * scale}`;
  return TEXTURES.area[texture].replace(/([\d.]+) ([\d.]+)/g, place);
}

export function lineDash({ dash, precision, width }) {
  const given = dash ?? SKETCH_DASHES.line[precision];
  return given && given.map((px) => px * Math.max(1, width / SYMBOL_OPTIONS.commonWidth));
}

// The marks of a line's texture, null where it is plain: {dash, wider, cap, before: px from the start}.
export function lineMarks({ texture, width }) {
  if (!texture) return null;
  const [wider, ...dash] = TEXTURES.line[texture];
  const lengths = lineDash({ dash, width });
  return { dash: lengths, wider, cap: dash[0] ? "butt" : "round", before: lengths.at(-1) / 2 };
}

export function areaDash({ dash, precision }) {
  return dash ?? SKETCH_DASHES.area[precision];
}

// A picture for a legend: kind "point", "line" or "polygon"; `style` as classStyle gives it; `palette.hollow` is the
// colour inside what is not filled, `radius` that of a symbol and `thick` that of a line where these are explained,
// `layer` the number of the layer.
export function swatchSvg(kind, style, about = {}) {
  const { palette = { hollow: "#fff" }, radius = Math.min(style.size, 7), thick = 14, layer = 0 } = about;
  const isPoint = kind === "point";
  const width = isPoint ? Math.max(22, Math.ceil(radius * 3.6)) : 28;
  const height = isPoint ? width - 6 : Math.max(16, thick + 2);
  const shift = isPoint ? [width / 2, height / 2] : [0, 0];
  const extended = kind === "line" ? lineParts : areaParts;
  const parts = isPoint ? symbolParts(style, radius, palette) : extended(style, width, height, layer);
  const children = parts.map((part) => svgPart({ shift, ...part }));
  return svgElement("svg", { width, height, class: `geo-swatch geo-swatch-${kind}`, "aria-hidden": "true" }, children);
}

function lineParts(style, width, height) {
  const { color, ends } = style, middle = height / 2;
  const end = width - (ends === "none" ? 1 : 7), path = `M1 ${middle}H${end}`;
  // Of a wide line all of the dashes, which are longer than the swatch, smaller.
  const dash = lineDash(style), part = Math.min(1, (end - 1) / (dash ?? []).reduce((sum, px) => sum + px, 0));
  const line = { path, stroke: color, width: Math.min(style.width, height - 2), dash: dash?.map((px) => px * part) };
  const { wider, ...marks } = lineMarks(style) ?? {};
  const lines = wider ? [line, { ...line, ...marks, width: line.width + wider }] : [line];
  if (ends === "arrow") return [...lines, { path: `M${width} ${middle}l-8 -4.5v9Z`, fill: color }];
  if (ends !== "open") return lines;
  return [...lines, { path: symbolPath("circle", 3), stroke: color, width: 1.5, shift: [width - 4, middle] }];
}

function areaParts(style, width, height, layer) {
  const { color, fill, texture, fillOpacity } = style, path = `M2 2H${width - 2}V${height - 2}H2Z`;
  const inside = {
    solid: { path, fill: color, opacity: texture ? groundOpacity(fillOpacity) : fillOpacity },
    hatch: { path: HATCH_SWATCHES[angleOf(layer)], stroke: color, width: SYMBOL_OPTIONS.hatchWidth },
    dots: { path: DOT_SWATCH, fill: color },
  }[fill];
  const edge = { path, stroke: color, width: Math.min(style.width, 3), dash: areaDash(style) };
  const tileAt = ([x, y]) => textureTile(texture, x, y, 0.75);
  const lines = texture ? [{ path: TEXTURE_TILES.map(tileAt).join(""), stroke: color }] : [];
  return inside ? [inside, ...lines, edge] : [edge];
}

function svgPart({ path, fill = "none", stroke = "none", width = 1, shift, opacity = 1, ...line }) {
  const { dash, cap = "butt", before = 0 } = line;
  return svgElement("path", {
    d: path, fill, stroke, opacity, "stroke-width": width, "stroke-linejoin": "round", "stroke-linecap": cap,
    "stroke-dasharray": dash?.join(" ") ?? "none", "stroke-dashoffset": -before, transform: `translate(${shift})`,
  });
}
