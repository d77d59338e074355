// The shapes of points, lines and areas: described once as parts, drawn on canvas or as SVG for the legend.

import { svgElement } from "./dom.js";

export const PRECISIONS = ["exact", "settlement", "approximate", "schematic"];

const SYMBOL_OPTIONS = {
  casing: 1.7,          // px of light edge around a symbol
  outline: 1.9,         // px of the outline of a hollow symbol
  halo: 1.75,           // radius of the halo of an approximate place, in symbol radii
  haloOpacity: 0.22,
  schematicDash: [2.6, 2.2],
  hatchStep: 9,         // px from line to line of a hatched or dotted area
};

const SCHEMATIC_DASH = [8, 5];
const SCHEMATIC_AREA_DASH = [4, 4];
const COMMON_WIDTH = 2.5; // px

// Corners around the origin in radii, chosen so that all shapes look equally large beside a circle of radius 1.
const CORNERS = {
  square: [[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]],
  triangle: [[0, -1.25], [1.16, 0.84], [-1.16, 0.84]],
  diamond: [[0, -1.28], [1.28, 0], [0, 1.28], [-1.28, 0]],
  pentagon: ring(5, 1.14),
  hexagon: ring(6, 1.1),
  star: ring(10, 1.42, 0.62),
  cross: [[-0.4, -1.15], [0.4, -1.15], [0.4, -0.4], [1.15, -0.4], [1.15, 0.4], [0.4, 0.4],
    [0.4, 1.15], [-0.4, 1.15], [-0.4, 0.4], [-1.15, 0.4], [-1.15, -0.4], [-0.4, -0.4]],
  plane: mirrored([[0, -1.45], [0.24, -1.1], [0.27, -0.5], [1.4, 0.3], [1.4, 0.66], [0.27, 0.32], [0.2, 0.85],
    [0.6, 1.15], [0.6, 1.4], [0, 1.22]]),
  gate: [[-1.1, -1], [1.1, -1], [1.1, 1], [0.45, 1], [0.45, -0.25], [-0.45, -0.25], [-0.45, 1], [-1.1, 1]],
};

function ring(corners, outer, inner = outer) {
  return Array.from({ length: corners }, (_, i) => {
    const angle = (i / corners) * 2 * Math.PI - Math.PI / 2;
    const radius = i % 2 ? inner : outer;
    return [Math.cos(angle) * radius, Math.sin(angle) * radius];
  });
}

function mirrored(right) {
  const left = right.slice(1, -1).reverse().map(([x, y]) => [-x, y]);
  return [...right, ...left];
}

// The outline of a shape around the origin, as SVG path text; canvas takes the same text through Path2D.
export function symbolPath(shape, radius) {
  const corners = CORNERS[shape];
  const px = (value) => +(value * radius).toFixed(2);
  if (!corners) {
    const r = px(1);
    return `M${-r} 0A${r} ${r} 0 1 1 ${r} 0A${r} ${r} 0 1 1 ${-r} 0Z`;
  }
  return `M${corners.map(([x, y]) => `${px(x)} ${px(y)}`).join("L")}Z`;
}

// How far a symbol of this radius reaches from its point, its casing and halo included.
export function symbolReach(radius) {
  return radius * Math.max(1.5, SYMBOL_OPTIONS.halo) + SYMBOL_OPTIONS.casing + 1;
}

// What is drawn for a point, bottom first: [{path, fill, stroke, width, dash, opacity}].
// precision says how the place is known: filled = exact, hollow = the settlement, halo = near here, dashed = a sketch.
function symbolParts(style, radius, palette) {
  const { color, shape, fill } = style;
  const path = symbolPath(shape, radius);
  const parts = [];
  const outline = Math.min(SYMBOL_OPTIONS.outline, radius / 2.2);
  if (style.precision === 2) {
    parts.push({ path: symbolPath("circle", radius * SYMBOL_OPTIONS.halo), fill: color, opacity: SYMBOL_OPTIONS.haloOpacity });
  }
  if (palette.casing) parts.push({ path, stroke: palette.casing, width: SYMBOL_OPTIONS.casing * 2 });
  if (style.precision === 3) {
    parts.push({ path, fill: palette.hollow });
    parts.push({ path, fill: color, opacity: 0.25 });
    parts.push({ path, stroke: color, width: outline * 0.85, dash: SYMBOL_OPTIONS.schematicDash });
  } else if (style.precision || fill !== "solid") {
    const inside = { hatch: [shape, 0.5], dots: ["circle", 0.3] }[fill];
    parts.push({ path, fill: palette.hollow }, { path: symbolPath(shape, radius - outline / 2), stroke: color, width: outline });
    if (inside) parts.push({ path: symbolPath(inside[0], radius * inside[1]), fill: color });
  } else {
    parts.push({ path, fill: color });
  }
  return parts;
}

export function drawSymbol(ctx, style, radius, palette) {
  const alpha = ctx.globalAlpha;
  ctx.lineJoin = "round";
  for (const part of symbolParts(style, radius, palette)) {
    const path = new Path2D(part.path);
    ctx.globalAlpha = alpha * (part.opacity ?? 1);
    ctx.setLineDash(part.dash ?? []);
    if (part.fill) {
      ctx.fillStyle = part.fill;
      ctx.fill(path);
    }
    if (part.stroke) {
      ctx.strokeStyle = part.stroke;
      ctx.lineWidth = part.width;
      ctx.stroke(path);
    }
  }
  ctx.globalAlpha = alpha;
}

// A square picture of a symbol with its centre at half its width, for drawing many alike.
export function symbolSprite(style, radius, palette, ratio) {
  const reach = Math.ceil(symbolReach(radius));
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = Math.round(reach * 2 * ratio);
  const ctx = canvas.getContext("2d", { willReadFrequently: true });
  ctx.scale(ratio, ratio);
  ctx.translate(reach, reach);
  drawSymbol(ctx, style, radius, palette);
  return { canvas, reach };
}

// The fill of an area: a colour, or a pattern that stays in its place on the map.
export function areaFill(ctx, style, view) {
  if (style.fill !== "hatch" && style.fill !== "dots") return style.color;
  const step = SYMBOL_OPTIONS.hatchStep;
  const size = Math.round(step * view.ratio);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d");
  pen.fillStyle = pen.strokeStyle = style.color;
  if (style.fill === "dots") {
    pen.arc(size / 2, size / 2, size / 5, 0, 7);
    pen.fill();
  } else {
    pen.lineWidth = size / 5;
    for (const shift of [-size, 0, size]) {
      pen.moveTo(shift - 1, size + 1);
      pen.lineTo(shift + size + 1, -1);
    }
    pen.stroke();
  }
  const pattern = ctx.createPattern(canvas, "repeat");
  pattern.setTransform(new DOMMatrix().translate(-(view.x % step), -(view.y % step)).scale(step / size));
  return pattern;
}

// --- the same as SVG, for legends ---

const SWATCH = { width: 22, height: 16 }; // px

// A picture for a legend: kind "point", "line" or "polygon"; `style` as scene.styles gives it.
export function swatchSvg(kind, style, options = {}) {
  return { point: symbolSvg, line: lineSvg, polygon: areaSvg }[kind](style, options);
}

export function symbolSvg(style, { radius = Math.min(style.size ?? 7, 7), palette = { hollow: "#fff" } } = {}) {
  const halo = style.precision === 2 ? SYMBOL_OPTIONS.halo : 1.3;
  const width = Math.max(SWATCH.width, Math.ceil(radius * halo * 2 + 2));
  const height = Math.max(SWATCH.height, Math.ceil(radius * halo * 2 + 2));
  const paths = symbolParts(style, radius, palette).map(svgPart);
  return swatch(width, height, svgElement("g", { transform: `translate(${width / 2} ${height / 2})` }, ...paths));
}

export function lineSvg(style, { width = 28, height = SWATCH.height } = {}) {
  const middle = height / 2;
  const dash = lineDash(style);
  const end = style.ends === "none" || !style.ends ? 1 : 7;
  const parts = [{ path: `M1 ${middle}H${width - end}`, stroke: style.color, width: Math.min(style.width ?? 2.5, height - 2), dash }];
  if (style.ends === "arrow") parts.push({ path: `M${width} ${middle}l-8 -4.5v9Z`, fill: style.color });
  if (style.ends === "open") {
    parts.push({ path: symbolPath("circle", 3), stroke: style.color, width: 1.5, shift: [width - 4, middle] });
  }
  return swatch(width, height, ...parts.map(svgPart));
}

export function areaSvg(style, { width = SWATCH.width, height = SWATCH.height } = {}) {
  const [w, h, step] = [width - 3, height - 3, 5];
  const box = `M1.5 1.5h${w}v${h}h${-w}Z`;
  const opacity = style.fillOpacity ?? 0.55;
  const parts = [];
  if (style.fill === "solid") parts.push({ path: box, fill: style.color, opacity });
  if (style.fill === "dots") {
    for (let x = 4; x < w + 1; x += step) {
      for (let y = 4; y < h + 1; y += step) parts.push({ path: symbolPath("circle", 1.2), fill: style.color, shift: [x, y] });
    }
  }
  if (style.fill === "hatch") {
    let path = "";
    for (let at = step; at < w + h; at += step) {
      const [x0, x1] = [Math.max(0, at - h), Math.min(w, at)];
      path += `M${1.5 + x0} ${1.5 + at - x0}L${1.5 + x1} ${1.5 + at - x1}`;
    }
    parts.push({ path, stroke: style.color, width: 1.4 });
  }
  const dash = areaDash(style);
  parts.push({ path: box, stroke: style.color, width: Math.min(style.width ?? 1.5, 3), dash });
  return swatch(width, height, ...parts.map(svgPart));
}

export function lineDash({ dash, precision, width }) {
  const base = dash ?? (precision === 3 ? SCHEMATIC_DASH : null);
  // Dashes are given for a common line; under a thick one they would be a row of blocks.
  return base && base.map((px) => px * Math.max(1, width / COMMON_WIDTH));
}

export function areaDash(style) {
  return style.dash ?? (style.precision >= 2 ? SCHEMATIC_AREA_DASH : null);
}

function swatch(width, height, ...children) {
  const box = { width, height, viewBox: `0 0 ${width} ${height}`, class: "geo-swatch", "aria-hidden": "true" };
  return svgElement("svg", box, ...children);
}

function svgPart({ path, fill = "none", stroke = "none", width = 1, dash, opacity = 1, shift }) {
  const attributes = { d: path, fill, stroke, "stroke-width": width, opacity, "stroke-linejoin": "round" };
  if (dash) attributes["stroke-dasharray"] = dash.join(" ");
  if (shift) attributes.transform = `translate(${shift.join(" ")})`;
  return svgElement("path", attributes);
}
