// Names on the map: countries, waters, cities and the labels of features on one canvas of the view, none over another.
//
// The layout depends on the zoom alone, never on what is in view: names stay where they are while the map is moved.

import { readColumn } from "./columns.js";

const LABEL_OPTIONS = {
  margin: 160,      // px drawn around the view, so that a moved map shows names before it is drawn again
  gap: 4,           // px between a symbol and its name
  air: 2,           // px kept free around a name
  cell: 64,         // px: the side of a cell in the index of what is taken
  sameName: 90,     // px: a city is not named twice this near
  dot: 2.2,         // px: the radius of a city's dot
  wrapFrom: 11,     // letters from which a water's name takes two lines
};

const LABEL_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, sans-serif";
const COUNTRY_LABEL = 0, WATER_LABEL = 1, CITY_LABEL = 2, CAPITAL_LABEL = 3, FEATURE_LABEL = 4;

// By kind: font, letter spacing in px, colour and halo of each theme.
const LABEL_STYLES = [
  { font: (zoom) => `600 ${zoom < 5 ? 11 : 13}px`, spacing: 2.2, upper: true, light: ["#6d5a76", "rgba(255,253,247,.75)"], dark: ["#b9a7c2", "rgba(18,22,25,.75)"] },
  { font: () => "italic 12px", spacing: 0.4, light: ["#2f6f9a", "rgba(226,240,248,.75)"], dark: ["#7fb4d6", "rgba(15,26,36,.7)"] },
  { font: (zoom) => `${zoom < 6 ? 11.5 : 12.5}px`, spacing: 0, light: ["#2a2723", "rgba(255,253,247,.88)"], dark: ["#d8d3c9", "rgba(18,21,24,.85)"] },
  { font: (zoom) => (zoom < 6 ? "600 12px" : "700 13px"), spacing: 0, light: ["#1d1a17", "rgba(255,253,247,.9)"], dark: ["#efeae0", "rgba(18,21,24,.88)"] },
  { font: () => "600 12px", spacing: 0, light: ["#14181f", "rgba(255,255,255,.95)"], dark: ["#f5f1e8", "rgba(14,17,20,.92)"] },
];
const CITY_DOTS = { light: ["#3a342e", "#fffdf7"], dark: ["#d8d3c9", "#15181b"] };

// packed: {head, buffer} of the basemap, or null where a page has none. Gives
//   setFeatureLabels(list)   [{x, y, text, priority, radius}]: world units, px; higher priority first. Without a text
//                            it is a symbol alone, that names keep clear of
//   setLanguage(code), setTheme("light" | "dark")
//   reserve(boxes)           [[left, top, width, height]]: px of the map's container that names keep clear of
//   paint(ctx, view)         the names of any view: {zoom, x, y, width, height, ratio}
export function createLabels(map, packed, { theme = "light", language = "en" } = {}) {
  const places = packed ? readPlaces(packed) : [];
  const state = { theme, language, features: [], reserved: [], places };
  const pane = map.getPane("geo-labels") ?? map.createPane("geo-labels");
  pane.style.zIndex = 450; // over the data, under markers and popups
  pane.style.pointerEvents = "none";
  const canvas = document.createElement("canvas");
  canvas.className = "leaflet-zoom-animated";
  canvas.style.cssText = "position:absolute;transform-origin:0 0;";
  pane.append(canvas);
  let origin = null, layout = null, asked = 0;

  const measure = textMeasure(canvas.getContext("2d"));
  const redraw = () => {
    cancelAnimationFrame(asked);
    asked = 0;
    const zoom = map.getZoom(), { x: width, y: height } = map.getSize(), { margin } = LABEL_OPTIONS;
    if (!width) return;
    const corner = map.getPixelBounds().min;
    const ratio = Math.min(globalThis.devicePixelRatio || 1, 2);
    const key = [zoom, state.language, state.reserved.length ? `${corner}` : ""].join();
    if (layout?.key !== key) layout = { key, placed: placeLabels(labelItems(state, zoom, corner), zoom, measure) };
    const view = { zoom, x: corner.x - margin, y: corner.y - margin, width: width + 2 * margin, height: height + 2 * margin, ratio };
    canvas.width = view.width * ratio;
    canvas.height = view.height * ratio;
    canvas.style.width = `${view.width}px`;
    canvas.style.height = `${view.height}px`;
    paintLabels(canvas.getContext("2d"), view, layout.placed, state.theme);
    const at = map.containerPointToLayerPoint([-margin, -margin]);
    origin = { latlng: map.containerPointToLatLng([-margin, -margin]), zoom, at };
    canvas.style.transform = `translate3d(${at.x}px,${at.y}px,0)`;
  };
  const ask = () => {
    asked ||= requestAnimationFrame(redraw);
  };
  const change = (values) => {
    Object.assign(state, values);
    layout = null;
    ask();
  };
  map.on("moveend zoomend viewreset resize", redraw);
  map.on("move", () => {
    if (!origin || map.getZoom() !== origin.zoom) return;
    const at = map.containerPointToLayerPoint([0, 0]), { margin } = LABEL_OPTIONS;
    if (Math.max(Math.abs(at.x - origin.at.x - margin), Math.abs(at.y - origin.at.y - margin)) > margin) ask();
  });
  map.on("zoomanim", ({ center, zoom }) => {
    if (!origin) return;
    const at = map._latLngToNewLayerPoint(origin.latlng, zoom, center);
    canvas.style.transform = `translate3d(${at.x}px,${at.y}px,0) scale(${map.getZoomScale(zoom, origin.zoom)})`;
  });
  ask();
  return {
    setFeatureLabels: (features) => change({ features }),
    setLanguage: (code) => change({ language: code }),
    setTheme: (name) => change({ theme: name }),
    reserve: (reserved) => change({ reserved }),
    paint(ctx, view) {
      const items = labelItems(state, view.zoom, null);
      paintLabels(ctx, view, placeLabels(items, view.zoom, measure), state.theme);
    },
  };
}

// The basemap's names in the order of their rank: [{kind, x, y, zoom, lastZoom, names: {language: text}}].
function readPlaces({ head: { labels }, buffer }) {
  const column = (name) => readColumn(buffer, labels.columns[name]);
  const [kind, x, y, zoom, lastZoom] = ["kind", "x", "y", "zoom", "last_zoom"].map(column);
  const names = labels.languages.map((code, k) => [code, column(k ? `name_${code}` : "name")]);
  return Array.from({ length: labels.n }, (_, i) => ({
    kind: kind.number(i), x: x.number(i), y: y.number(i), zoom: zoom.number(i), lastZoom: lastZoom.number(i),
    names: Object.fromEntries(names.map(([code, texts]) => [code, texts.text(i)])),
  }));
}

// A Kyrgyz reader gets the Russian name where there is no Kyrgyz one, and everybody else the English one.
export function nameIn(names, language) {
  return names[language] || (language === "ky" && names.ru) || names.en;
}

// What wants a place at a zoom, the most important first: symbols, labels of features, then the basemap's names.
function labelItems({ features, places, language, reserved }, zoom, corner) {
  const symbols = features.map(({ x, y, radius }) => ({ x, y, radius }));
  const boxes = corner ? reserved.map(([left, top, width, height]) => ({ box: [corner.x + left, corner.y + top, width, height] })) : [];
  const named = features.filter(({ text }) => text).sort((a, b) => (b.priority ?? 0) - (a.priority ?? 0));
  const own = named.map(({ x, y, text, radius }) => ({ kind: FEATURE_LABEL, x, y, text, radius }));
  const base = places.filter((place) => zoom >= place.zoom && zoom <= place.lastZoom)
    .map(({ kind, x, y, names }) => ({ kind, x, y, text: nameIn(names, language), radius: kind >= CITY_LABEL ? LABEL_OPTIONS.dot : 0 }));
  return [...boxes, ...symbols, ...own, ...base];
}

// Give each item that finds a free place its lines and position in pixels of the world at this zoom:
// [{kind, lines, left, top, width, height, dot: [x, y] or null}]. measure(kind, text, zoom) gives [width, height].
export function placeLabels(items, zoom, measure) {
  const scale = 2 ** (zoom - 20);
  const taken = createBoxIndex(LABEL_OPTIONS.cell), symbols = createBoxIndex(LABEL_OPTIONS.cell);
  const said = new Map();
  const placed = [];
  for (const { kind, x, y, text, radius, box } of items) {
    const px = x * scale, py = y * scale;
    if (kind === undefined) {
      const symbol = box ?? [px - radius, py - radius, 2 * radius, 2 * radius];
      taken.add(symbol);
      symbols.add(symbol);
      continue;
    }
    if (said.get(text)?.some(([atX, atY]) => Math.hypot(atX - px, atY - py) < LABEL_OPTIONS.sameName)) continue;
    const lines = linesOf(kind, text);
    const sizes = lines.map((line) => measure(kind, line, zoom));
    const width = Math.max(...sizes.map(([w]) => w)), lineHeight = sizes[0][1], height = lineHeight * lines.length;
    const isPoint = kind >= CITY_LABEL;
    const dotBox = [px - radius - 1, py - radius - 1, 2 * radius + 2, 2 * radius + 2];
    const isCity = kind === CITY_LABEL || kind === CAPITAL_LABEL;
    const hasDot = isCity && taken.isFree(dotBox);
    if (isCity && !hasDot && symbols.isFree(dotBox)) continue; // under a name; under a symbol the symbol is its dot
    const spot = candidates(px, py, width, height, isPoint ? radius : null).find((at) => taken.isFree(at));
    if (!spot) continue;
    taken.add(spot);
    if (hasDot) taken.add(dotBox);
    said.set(text, [...(said.get(text) ?? []), [px, py]]);
    placed.push({ kind, lines, left: spot[0] + LABEL_OPTIONS.air, top: spot[1], width, height, lineHeight, dot: hasDot ? [px, py] : null });
  }
  return placed;
}

function linesOf(kind, text) {
  const spoken = LABEL_STYLES[kind].upper ? text.toUpperCase() : text;
  if (kind > WATER_LABEL || spoken.length < LABEL_OPTIONS.wrapFrom || !spoken.includes(" ")) return [spoken];
  const words = spoken.split(" ");
  const half = Math.ceil(words.length / 2);
  return [words.slice(0, half).join(" "), words.slice(half).join(" ")];
}

// Where a name may stand: over its place, or beside a point; first near to it, then past a symbol that covers it.
function candidates(x, y, width, height, radius) {
  const { gap, air } = LABEL_OPTIONS;
  const w = width + 2 * air;
  if (radius === null) return [[x - w / 2, y - height / 2, w, height]];
  const spots = [];
  for (const far of [0, 7]) {
    const off = radius + gap - air + far;
    spots.push(
      [x + off, y - height / 2, w, height], [x - off - w, y - height / 2, w, height],
      [x - w / 2, y - off - height, w, height], [x - w / 2, y + off, w, height],
    );
  }
  return spots;
}

// Boxes [left, top, width, height] in a grid of cells.
export function createBoxIndex(cell) {
  const cells = new Map();
  const visit = ([left, top, width, height], each) => {
    for (let row = Math.floor(top / cell); row <= (top + height) / cell; row++) {
      for (let column = Math.floor(left / cell); column <= (left + width) / cell; column++) {
        if (each(row * 2 ** 26 + column)) return true;
      }
    }
    return false;
  };
  const meet = (a, b) => a[0] < b[0] + b[2] && b[0] < a[0] + a[2] && a[1] < b[1] + b[3] && b[1] < a[1] + a[3];
  return {
    isFree: (box) => !visit(box, (key) => cells.get(key)?.some((other) => meet(box, other))),
    add(box) {
      visit(box, (key) => {
        if (cells.has(key)) cells.get(key).push(box);
        else cells.set(key, [box]);
      });
    },
  };
}

function textMeasure(ctx) {
  const known = new Map();
  return (kind, text, zoom) => {
    const font = fontOf(kind, zoom), key = font + text;
    if (!known.has(key)) {
      ctx.font = font;
      const size = Number.parseFloat(/([\d.]+)px/.exec(font)[1]);
      known.set(key, [Math.ceil(ctx.measureText(text).width + LABEL_STYLES[kind].spacing * text.length), Math.round(size * 1.25)]);
    }
    return known.get(key);
  };
}

function fontOf(kind, zoom) {
  return `${LABEL_STYLES[kind].font(zoom)} ${LABEL_FONT}`;
}

function paintLabels(ctx, view, placed, theme) {
  const { ratio } = view;
  const snap = (value) => Math.round(value * ratio) / ratio; // on whole device pixels letters stay sharp
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.lineJoin = "round";
  ctx.textBaseline = "middle";
  const seen = placed.filter(({ left, top, width, height }) => left < view.x + view.width && left + width > view.x
    && top < view.y + view.height && top + height > view.y);
  for (const { dot } of seen) if (dot) paintDot(ctx, dot[0] - view.x, dot[1] - view.y, CITY_DOTS[theme]);
  for (const { kind, lines, left, top, width, lineHeight } of seen.toReversed()) {
    const [color, halo] = LABEL_STYLES[kind][theme];
    const { spacing } = LABEL_STYLES[kind];
    ctx.font = fontOf(kind, view.zoom);
    if ("letterSpacing" in ctx) ctx.letterSpacing = `${spacing}px`;
    ctx.textAlign = lines.length > 1 ? "center" : "left";
    ctx.strokeStyle = halo;
    ctx.lineWidth = 3;
    ctx.fillStyle = color;
    const x = snap(left - view.x + (lines.length > 1 ? width / 2 : 0));
    for (const isHalo of [true, false]) {
      lines.forEach((line, k) => {
        const y = snap(top - view.y + lineHeight * (k + 0.5));
        if (isHalo) ctx.strokeText(line, x, y);
        else ctx.fillText(line, x, y);
      });
    }
  }
  if ("letterSpacing" in ctx) ctx.letterSpacing = "0px";
}

function paintDot(ctx, x, y, [fill, edge]) {
  ctx.beginPath();
  ctx.arc(x, y, LABEL_OPTIONS.dot, 0, 7);
  ctx.fillStyle = fill;
  ctx.strokeStyle = edge;
  ctx.lineWidth = 2;
  ctx.stroke();
  ctx.fill();
}
