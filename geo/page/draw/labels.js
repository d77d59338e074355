// Names on the map: countries, waters, cities and the labels of features on one canvas of the view, none over another;
// placing.js says where.
//
// The layout depends on the zoom alone, never on what is in view: names stay where they are while the map is moved.
// Once it is still, a country's name that the edge of the view cuts goes inwards as far as it may; others, and those
// that run under a control, are left out.

import { madeOnce } from "../data/once.js";
import { worldsOf } from "../data/worlds.js";
import { mixHex } from "./colors.js";
import { CITY_LABEL, FEATURE_LABEL, labelItems, namesIn, placeLabels } from "./placing.js";
import { createViewCanvas } from "./viewcanvas.js";

const LABEL_OPTIONS = {
  halo: 3,          // px
  ink: 0.5,         // how much a feature's name has of the common ink beside the feature's colour
  faded: 0.55,      // opacity of the name of what is faded itself
};

const LABEL_CANVAS = { pane: "geo-labels", paneZ: 450, margin: 160, ratioMost: 2 }; // under markers and popups
export const LABEL_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', "
  + "'Helvetica Neue', Arial, sans-serif";

// By kind, countries first: font at low zooms and from `from` on, px between letters, colour in light and dark.
const LABEL_STYLES = [
  { low: "600 11px", font: "600 13px", from: 6, spacing: 2.2, light: "#54435d", dark: "#cdbfd4" },
  { font: "italic 12px", spacing: 0.4, light: "#2f6f9a", dark: "#7fb4d6" },
  { low: "11.5px", font: "12.5px", from: 6, spacing: 0, light: "#45403a", dark: "#c4beb3" },
  { low: "600 12px", font: "700 13px", from: 6, spacing: 0, light: "#1d1a17", dark: "#efeae0" },
  { font: "600 12px", spacing: 0, light: "#14181f", dark: "#f5f1e8" },
];
const LABEL_HALOS = { light: "rgba(255,253,247,.85)", dark: "rgba(18,22,25,.82)" };

// features(zoom): as featureLabels gives them; places: as readPlaces does; crossesBorder: the basemap's; covers() gives
// what lies over the map, as boxes [left, top, width, height] of its container. Gives
//   change({language, theme: "light" | "dark"})   writes all names anew, the frame after next: the data comes first
//   paint(ctx, view)                              the names of any view, none cut: {zoom, x, y, width, height, ratio;
// placesZoom: that whose places are named, where it is another; covers: boxes that lie over it}
export function createLabels(map, { theme, language, features, places, covers, crossesBorder }) {
  const spoken = { theme, language };
  const canvas = createViewCanvas(map, LABEL_CANVAS);
  const measure = textMeasure(canvas.ctx);
  let layout = null, asked = 0, isDragged = false;

  const place = (zoom, placesZoom = zoom) => {
    const items = labelItems(features(zoom), places, spoken.language, placesZoom);
    return placeLabels(items, zoom, measure, crossesBorder);
  };
  const draw = () => {
    cancelAnimationFrame(asked);
    asked = 0;
    if (!map.getSize().x) return;
    canvas.draw((view) => {
      if (layout?.zoom !== view.zoom) layout = { zoom: view.zoom, placed: place(view.zoom) };
      if (isDragged) paintLabels(canvas.ctx, view, layout.placed, spoken.theme, null);
      else paintLabels(canvas.ctx, view, layout.placed, spoken.theme, covers(), LABEL_CANVAS.margin);
    });
  };
  const ask = () => {
    asked ||= requestAnimationFrame(draw);
  };
  const change = (values) => {
    Object.assign(spoken, values);
    layout = null;
    asked ||= requestAnimationFrame(() => {
      asked = requestAnimationFrame(draw);
    });
  };
  map.on("dragstart", () => {
    isDragged = true;
    draw();
  });
  map.on("moveend", () => { // which a zoom and another size of the map end with, too
    isDragged = false;
    draw();
  });
  map.on("move", () => canvas.moved() > LABEL_CANVAS.margin && ask());
  ask();
  return {
    change,
    paint: (ctx, view) => (
      paintLabels(ctx, view, place(view.zoom, view.placesZoom), spoken.theme, view.covers ?? [])),
  };
}

function fontOf(kind, zoom) {
  const { low, font, from } = LABEL_STYLES[kind];
  return `${zoom < from ? low : font} ${LABEL_FONT}`;
}

// Gives measure(kind, lines, zoom): the width of the longest line, the height of all.
function textMeasure(ctx) {
  const known = new Map();
  return (kind, lines, zoom) => {
    const font = fontOf(kind, zoom);
    const widths = lines.map((line) => madeOnce(known, font + line, () => {
      ctx.font = font;
      return Math.ceil(ctx.measureText(line).width + LABEL_STYLES[kind].spacing * line.length);
    }));
    return [Math.max(...widths), Math.round(1.25 * Number.parseFloat(/[\d.]+(?=px)/.exec(font))) * lines.length];
  };
}

// covered: as namesIn takes it, `margin` px within the view.
function paintLabels(ctx, view, placed, theme, covered, margin = 0) {
  for (const world of worldsOf(view)) {
    const { x, y, width, height } = world;
    const inner = { x: x + margin, y: y + margin, width: width - 2 * margin, height: height - 2 * margin };
    paintWorldLabels(ctx, world, namesIn(inner, placed, covered), theme);
  }
}

function paintWorldLabels(ctx, { zoom, x, y, ratio }, seen, theme) {
  const snap = (value) => Math.round(value * ratio) / ratio; // on whole device pixels letters stay sharp
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.lineJoin = "round";
  ctx.textBaseline = "middle";
  ctx.lineWidth = 2;
  ctx.strokeStyle = LABEL_HALOS[theme];
  ctx.fillStyle = LABEL_STYLES[CITY_LABEL][theme];
  for (const { dot } of seen) {
    if (!dot) continue;
    ctx.beginPath();
    ctx.arc(dot[0] - x, dot[1] - y, dot[2], 0, 7);
    ctx.stroke();
    ctx.fill();
  }
  ctx.lineWidth = LABEL_OPTIONS.halo;
  for (const label of seen.reverse()) {
    const step = label.height / label.lines.length, isCentred = label.lines.length > 1;
    ctx.fillStyle = label.color ? inkOf(label.color, theme) : LABEL_STYLES[label.kind][theme];
    ctx.globalAlpha = label.fade < 1 ? LABEL_OPTIONS.faded : 1;
    ctx.font = fontOf(label.kind, zoom);
    ctx.textAlign = isCentred ? "center" : "left";
    ctx.letterSpacing = `${LABEL_STYLES[label.kind].spacing}px`;
    const across = snap(label.left - x + (isCentred ? label.width / 2 : 0));
    for (const write of ["strokeText", "fillText"]) {
      label.lines.forEach((line, k) => ctx[write](line, across, snap(label.top + step * (k + 0.5) - y)));
    }
  }
  ctx.globalAlpha = 1;
}

// A feature's name is in its own colour, dark or light enough to be read.
function inkOf(color, theme) {
  return mixHex(color, LABEL_STYLES[FEATURE_LABEL][theme], LABEL_OPTIONS.ink);
}
