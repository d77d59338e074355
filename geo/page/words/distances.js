// Distances in words, and the scale of the map.

import { EQUATOR_M } from "../data/geodesic.js";
import { roundBelow } from "../data/numbers.js";
import { formatQuantity, t } from "./texts.js";

const SCALE_PX = 110; // the bar is at most this long

// The longest round distance that fits: {metres, px}. larger: than usual is the text at the bar, by this.
export function scaleAt(latitude, zoom, larger = 1) {
  const metresPerPx = (2 * Math.PI * EQUATOR_M * Math.cos((latitude * Math.PI) / 180)) / (256 * 2 ** zoom);
  const metres = roundBelow(SCALE_PX * larger * metresPerPx);
  return { metres, px: metres / metresPerPx };
}

export function distanceText(metres) {
  if (metres < 1000) return formatQuantity(metres, t("unit_m"), 0);
  return formatQuantity(metres / 1000, t("unit_km"), metres < 10_000 ? 1 : 0).replace(/[.,]0(?=\D)/, "");
}
