// What each feature looks like: its classes and sizes resolved to one of a layer's few styles.

import { PRECISIONS } from "./symbols.js";
import { seriesClasses } from "./time.js";

export const NO_VALUE_COLOR = "#8a8f98";
const SIZE_STEP = 4; // eighths of a pixel: symbols come in half pixels, so that their pictures can be shared

// What the map is drawn with beside the data's own colours.
export const PALETTES = {
  light: {
    casing: "rgba(255, 255, 255, 0.94)", dashCasing: "rgba(255, 255, 255, 0.85)", hollow: "#ffffff", leader: "#3c4043", badge: "#202124", badgeText: "#ffffff",
    halo: "#ffffff", select: "#111418", hover: "rgba(17, 20, 24, 0.6)",
  },
  dark: {
    casing: "rgba(240, 244, 248, 0.9)", dashCasing: "rgba(240, 244, 248, 0.6)", hollow: "#f4f6f8", leader: "#e8eaed", badge: "#f1f3f4", badgeText: "#202124",
    halo: "#14181d", select: "#ffd54a", hover: "rgba(255, 255, 255, 0.75)",
  },
};

export function isDarkTheme(state) {
  return state.theme === "dark" || (state.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
}

// {list: [style], of: Uint16Array(features)}. A style: {color, shape, size, width, dash, fill, precision 0..3,
// opacity, fillOpacity, ends}. `time` matters to layers coloured by a series alone.
export function layerStyles(layer, time) {
  const { base, color, shape, dash } = layer.head.style;
  const classOf = color?.kind === "series" ? seriesClasses(layer, time) : layer.color;
  const precisionOf = precisionCodes(layer);
  const list = [];
  const known = new Map();
  const of = new Uint16Array(layer.n);
  for (let i = 0; i < layer.n; i++) {
    const size = layer.size ? Math.round(layer.size[i] / SIZE_STEP) * SIZE_STEP : 0;
    const codes = [classOf?.[i] ?? 0, layer.shape?.[i] ?? 0, layer.dash?.[i] ?? 0, size, layer.width?.[i] ?? 0, precisionOf(i)];
    // 5 x 8 bits and 2: exact in a double
    let key = 0;
    for (const code of codes) key = key * 256 + code;
    let at = known.get(key);
    if (at === undefined) {
      at = list.length;
      known.set(key, at);
      list.push(resolveStyle(base, { color, shape, dash }, codes));
    }
    of[i] = at;
  }
  return { list, of };
}

function resolveStyle(base, by, [colorCode, shapeCode, dashCode, size, width, precision]) {
  const colorClass = by.color?.classes[colorCode - 1] ?? {};
  return {
    color: by.color ? colorClass.color ?? NO_VALUE_COLOR : base.color,
    shape: by.shape?.classes[shapeCode - 1]?.shape ?? colorClass.shape ?? base.shape,
    dash: (by.dash ? by.dash.classes[dashCode - 1]?.dash : colorClass.dash) ?? base.dash,
    fill: colorClass.fill ?? base.fill,
    size: size ? size / 8 : base.size,
    width: width ? width / 8 : base.width,
    precision, opacity: base.opacity, fillOpacity: base.fill_opacity, ends: colorClass.ends ?? base.ends,
  };
}

// The style of one legend entry: the base with a class of color, shape or dash, or another size or width.
export function classStyle(layerHead, { color = 0, shape = 0, dash = 0, size, width, precision = 0 } = {}) {
  const { style } = layerHead;
  const resolved = resolveStyle(style.base, style, [color, shape, dash, 0, 0, precision]);
  return { ...resolved, size: size ?? resolved.size, width: width ?? resolved.width };
}

function precisionCodes(layer) {
  const column = layer.column("precision");
  if (!column) return () => 0;
  if (column.type !== "dict") return (i) => Math.max(0, PRECISIONS.indexOf(column.text(i)));
  const codes = column.values.map((value) => Math.max(0, PRECISIONS.indexOf(value)));
  return (i) => (column.codes[i] ? codes[column.codes[i] - 1] : 0);
}
