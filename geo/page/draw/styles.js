// What each feature looks like: its classes and sizes resolved to one of a layer's few styles.

import { PRECISIONS } from "../data/model.js";
import { seriesClasses } from "../state/time.js";
import { mixHex, rgbOf } from "./colors.js";

const NO_VALUE_COLOR = "#8a8f98";
const LIGHTER_LINES = 0.35; // how much white lines have on a dark ground

// What the map is drawn with beside the data's own colours: edges of symbols and lines, the inside of hollow
// symbols, leaders and numbers, and the rings around what is selected or under the pointer.
export const PALETTES = {
  light: {
    casing: "rgba(255,255,255,.94)", lineCasing: "rgba(255,255,255,.9)",
    hollow: "#fff", leader: "#202124", halo: "#fff", select: "#111418", hover: "rgba(17,20,24,.6)",
  },
  dark: {
    casing: "rgba(240,244,248,.9)", lineCasing: "rgba(18,22,25,.8)",
    hollow: "#f4f6f8", leader: "#202124", halo: "#14181d", select: "#ffd54a", hover: "rgba(255,255,255,.75)",
  },
};

// {list: [style], of: Uint16Array, one a feature}. A style: {color, shape, size, width, dash, fill, texture,
// precision 0..3, opacity, fillOpacity, ends}. `time` matters to layers coloured by a series alone, `dark` to ramps.
export function layerStyles(layer, time, dark) {
  const precision = layer.column("precision");
  const parts = {
    color: classCodes(layer, "color", time), shape: layer.shape, dash: layer.dash,
    precision: precision && new Uint8Array(layer.n).map((_, i) => Math.max(0, PRECISIONS.indexOf(precision.text(i)))),
    // Half pixels, so that features can share their pictures; 0 stays that of no value.
    size: layer.size?.map((eighths) => eighths && Math.max(1, Math.round(eighths / 4))),
    width: layer.width,
  };
  const unit = { size: 1 / 2, width: 1 / 8 };
  const pickOf = (name, code) => {
    if (!unit[name]) return { [name]: code };
    return code ? { [name]: code * unit[name] } : { [name]: layer.head.style[name].no_value, isUnknown: true };
  };
  const of = new Uint16Array(layer.n);
  let picks = [{}];
  // Part by part each style so far is split by the codes met with it; a million features take 6 ms a part.
  for (const [name, codes] of Object.entries(parts)) {
    if (!codes) continue;
    const split = new Int32Array(picks.length * 256).fill(-1), next = [];
    for (let i = 0; i < layer.n; i++) {
      const key = of[i] * 256 + codes[i];
      if (split[key] < 0) split[key] = next.push({ ...picks[of[i]], ...pickOf(name, codes[i]) }) - 1;
      of[i] = split[key];
    }
    picks = next;
  }
  return { list: picks.map((pick) => classStyle(layer.head, pick, dark)), of };
}

// The class of each feature by its colour, shape or dash; of a series the class that it has at the time chosen.
export function classCodes(layer, part, time) {
  return layer.head.style[part]?.kind === "series" ? seriesClasses(layer, time) : layer[part];
}

// The base of a layer with classes of color, shape and dash (0: no value) and with a size, width or precision;
// `isUnknown`: the size or width is that of no value.
export function classStyle({ style, kind }, pick = {}, dark = false) {
  const { color = 0, shape = 0, dash = 0, size = 0, width = 0, precision = 0, isUnknown = false } = pick;
  const { base } = style;
  const classes = style.color?.classes ?? [], isTurned = dark && isDarkening(style.color);
  const given = classes[isTurned ? classes.length - color : color - 1] ?? (pick.color === 0 && style.color?.none) ?? {};
  const own = style.color ? given.color ?? NO_VALUE_COLOR : isUnknown ? NO_VALUE_COLOR : base.color;
  return {
    // Symbols have a light edge in the dark, areas lie broad: lines alone would be lost there.
    color: dark && kind === "line" ? mixHex(own, "#ffffff", LIGHTER_LINES) : own,
    shape: style.shape?.classes[shape - 1]?.shape ?? given.shape ?? base.shape,
    dash: (style.dash ? style.dash.classes[dash - 1]?.dash : given.dash) ?? base.dash,
    fill: given.fill ?? base.fill, texture: given.texture ?? 0, ends: given.ends ?? base.ends,
    size: size || base.size, width: width || base.width, precision,
    opacity: base.opacity, fillOpacity: base.fill_opacity,
  };
}

// A ramp whose highest class is its darkest would hide that on a dark ground. One that diverges, or lightens, would
// not.
function isDarkening(part) {
  const isDarker = ({ color }, at, classes) => !at || lightness(color) < lightness(classes[at - 1].color);
  return part && part.kind !== "category" && part.classes.every(isDarker);
}

function lightness(color) {
  const [red, green, blue] = rgbOf(color);
  return 3 * red + 10 * green + blue;
}
