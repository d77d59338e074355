// Move the map to things, and reach the features in view by keyboard.

import { latlonOf } from "./coordinates.js";
import { element, fill } from "./dom.js";
import { layerTitle, nameOf } from "./names.js";
import { anchorOf, viewOf } from "./overlay.js";
import { eachWithin, scaleOfZoom } from "./scene.js";
import { t } from "./texts.js";

const NAVIGATE_OPTIONS = {
  pointZoom: 9,     // a single place is shown from this zoom on
  padding: 48,      // px around what is shown
  rowPx: 40,        // features within so many pixels of height are read from left to right
  listMost: 1000,   // features reached by arrow keys in one view
};

// target: {layer: id, feature} | layer id | [west, south, east, north].
export function zoomToTarget(map, scene, target, { animate = true, padding = NAVIGATE_OPTIONS.padding } = {}) {
  const corners = cornersOf(scene, target);
  if (!corners) return;
  const isCalm = !animate || matchMedia("(prefers-reduced-motion: reduce)").matches;
  // A single place has no size: it is shown as near as its surroundings are still known.
  const maxZoom = Math.max(NAVIGATE_OPTIONS.pointZoom, map.getZoom());
  map.fitBounds(corners, { animate: !isCalm, padding: [padding, padding], maxZoom });
}

function cornersOf(scene, target) {
  if (Array.isArray(target)) return [[target[1], target[0]], [target[3], target[2]]];
  const { layer, bounds } = scene.entryOf(target.layer ?? target);
  const { pool, geometry } = layer;
  let west = Infinity, north = Infinity, east = -Infinity, south = -Infinity; // world units, y to the south
  for (const i of target.layer ? [target.feature] : geometry.keys()) {
    const at = geometry[i];
    if (at < 0) continue;
    west = Math.min(west, bounds ? bounds[at * 4] : pool.x[at]);
    north = Math.min(north, bounds ? bounds[at * 4 + 1] : pool.y[at]);
    east = Math.max(east, bounds ? bounds[at * 4 + 2] : pool.x[at]);
    south = Math.max(south, bounds ? bounds[at * 4 + 3] : pool.y[at]);
  }
  return west <= east ? [latlonOf(west, south), latlonOf(east, north)] : null;
}

// The shown features in the view, in reading order: [{layer: id, feature, x, y}] in pixels of the container.
export function featuresInView(scene, view) {
  const scale = scaleOfZoom(view.zoom);
  const found = [];
  for (const entry of scene.ordered) {
    if (!entry.opacity) continue;
    const rect = [view.x, view.y, view.x + view.width, view.y + view.height].map((px) => px / scale);
    eachWithin(entry, ...rect, (i) => {
      if (entry.mask[i] || found.length >= NAVIGATE_OPTIONS.listMost) return;
      found.push({ layer: entry.layer.id, feature: i, ...anchorOf(scene, view, entry, i) });
    });
  }
  const row = ({ y }) => Math.floor(y / NAVIGATE_OPTIONS.rowPx);
  return found.sort((a, b) => row(a) - row(b) || a.x - b.x || a.y - b.y);
}

let listsMade = 0;

// A list box over the map, one stop of the Tab key: arrows go through the features in view, Enter opens the card.
export function createFeatureKeys(map, scene, { onFocus, onOpen }) {
  const id = `geo-feature-${++listsMade}`;
  const option = element("div", { role: "option", id, "aria-selected": "true" });
  const list = element("div", { class: "geo-feature-keys", role: "listbox", tabindex: "0" }, option);
  map.getContainer().append(list);
  let features = [], at = -1;

  function write() {
    list.setAttribute("aria-label", t("map_features"));
    const feature = features[at];
    const { layer } = feature ? scene.entryOf(feature.layer) : {};
    fill(option, layer ? `${nameOf(scene.page, layer, feature.feature).text}, ${layerTitle(layer)}` : t("map_no_features"));
    option.setAttribute("aria-posinset", String(at + 1));
    option.setAttribute("aria-setsize", String(features.length));
  }

  function go(to) {
    if (!features.length) return;
    at = Math.max(0, Math.min(features.length - 1, to));
    write();
    onFocus(features[at]);
  }

  // The view or the filters have changed: stay on the same feature where it is still there.
  function renew() {
    if (document.activeElement !== list) return;
    const last = features[at];
    features = featuresInView(scene, viewOf(map));
    at = last ? features.findIndex((other) => other.layer === last.layer && other.feature === last.feature) : -1;
    write();
    onFocus(features[at] ?? null);
  }

  const moves = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };
  list.addEventListener("focus", () => {
    renew();
    list.setAttribute("aria-activedescendant", id);
    if (at < 0) go(0);
  });
  list.addEventListener("blur", () => onFocus(null));
  list.addEventListener("keydown", (event) => {
    if (event.key in moves) go(at + moves[event.key]);
    else if (event.key === "Enter" || event.key === " ") onOpen(features[at]);
    else return;
    event.preventDefault();
    event.stopPropagation(); // Leaflet would pan
  });
  write();
  return { write, renew, focus: () => list.focus(), destroy: () => list.remove() };
}
