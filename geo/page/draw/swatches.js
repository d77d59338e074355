// The symbol of a layer or of one of its classes, as lists and legends show it.

import { classStyle } from "./styles.js";
import { swatchSvg } from "./symbols.js";

// A class that does not speak of colour is drawn in the ink of the text, where colour tells something else; a class
// that the map does not show is not drawn.
export function classSwatch(layer, pick, dark) {
  const { kind, style } = layer.head;
  const look = classStyle(layer.head, pick, dark);
  // No arrow, and no dash as long as a wide line has, hides the gaps that tell it.
  if (Object.keys(pick).join() === "precision") Object.assign(look, { ends: "none", width: Math.min(look.width, 2.5) });
  const shape = kind === "mixed" ? "polygon" : kind;
  const about = { layer: layer.index, radius: pick.size || undefined, thick: pick.width || undefined };
  if (isNowhere(layer, pick)) return swatchSvg(shape, { ...look, color: "none", ends: "none" }, about);
  if (!style.color || pick.color !== undefined) return swatchSvg(shape, look, about);
  return swatchSvg(shape, { ...look, color: "currentColor" }, { palette: { hollow: "none" }, ...about });
}

// Whether no feature of a class has a place on the map.
export function isNowhere({ head, color, geometry }, pick) {
  if (!head.unlocated || !color?.includes(pick.color)) return false;
  return !geometry.some((at, i) => at >= 0 && color[i] === pick.color);
}

export function layerSwatch(layer) {
  return classSwatch(layer, {});
}
