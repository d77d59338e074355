// Move the map to things, and reach the features in view by keyboard.

import { WORLD_UNITS, latlonOf } from "../data/coordinates.js";
import { sidesOver180 } from "../data/spatial.js";
import { nearestLon, worldsOf } from "../data/worlds.js";
import { element, isCalm, nextPaint, setAttributes } from "../elements/dom.js";
import { frameView } from "../state/steps.js";
import { shownOfAll } from "../state/store.js";
import { layerTitle, nameOf } from "../words/names.js";
import { t } from "../words/texts.js";
import { anchorOf } from "./overlay.js";
import { eachInView } from "./scene.js";
import { viewOf } from "./viewcanvas.js";

const NAVIGATE_OPTIONS = {
  placeZoom: 9,     // a single place is shown from this zoom on
  padding: 48,      // px around a feature or layer
  edge: 30,         // px kept free around a feature brought into sight; twice as much of a line or area is enough
  rowPx: 40,        // features within so many pixels of height are read from left to right
  listMost: 1000,   // features of a view that the arrow keys go through
};

// Call go() once the map does not zoom: Leaflet leaves out without a word what it is told to show while it does.
export function whenStill(map, go) {
  if (map._animatingZoom) map.once("zoomend", go);
  else go();
}

// {center, zoom} that show a view, [west, south, east, north] or [lon, lat, zoom], whole: with `padding` px around it,
// beside what panels cover, `inset`, and no nearer than at zoom `most`.
export function viewBeside(map, view, { top, right, bottom }, padding, most = map.getMaxZoom()) {
  const { clientWidth, clientHeight } = map.getContainer();
  const width = clientWidth - right - 2 * padding, height = clientHeight - top - bottom - 2 * padding;
  const { zoom, x, y } = frameView(view, width, height, [map.getMinZoom(), most]);
  const { lat, lng } = map.unproject([x + right / 2, y + (bottom - top) / 2], zoom);
  return { center: [lat, nearestLon(lng, map.getCenter().lng)], zoom };
}

// target: {layer: id, feature} | layer id | [west, south, east, north].
export function zoomToTarget(map, scene, target, { animate = true, inset = { top: 0, right: 0, bottom: 0 } } = {}) {
  const isBox = Array.isArray(target), box = isBox ? target : degreesOf(scene, target);
  if (!box) return;
  const most = Math.max(NAVIGATE_OPTIONS.placeZoom, map.getZoom());
  const { center, zoom } = viewBeside(map, box, inset, isBox ? 0 : NAVIGATE_OPTIONS.padding, most);
  whenStill(map, () => map.setView(center, zoom, { animate: animate && !isCalm() }));
}

// Move the map as little as shows a feature: the whole of it where there is room within the inset, {top, right, bottom}
// in px that panels cover, or nothing where enough of it is seen.
export function revealFeature(map, scene, { layer: id, feature: i }, { top, right, bottom }, animate) {
  const { layer, bounds: { west, north, east, south } } = scene.entryOf(id), { scale } = viewOf(map);
  if (layer.geometry[i] < 0) return;
  const [lat, lon] = latlonOf((west(i) + east(i)) / 2, (north(i) + south(i)) / 2);
  const middle = [lat, nearestLon(lon, map.getCenter().lng)];
  const { x, y } = map.latLngToContainerPoint(middle), size = map.getSize();
  const { edge } = NAVIGATE_OPTIONS;
  // Of each direction: where the middle is, how long the feature is, and the px between which it may be.
  const sides = [
    [x, (east(i) - west(i)) * scale, edge, size.x - right - edge],
    [y, (south(i) - north(i)) * scale, edge + top, size.y - bottom - edge],
  ];
  const isSeen = ([at, length, from, to]) => {
    const seen = Math.min(at + length / 2, to) - Math.max(at - length / 2, from);
    return seen >= Math.min(length, 2 * edge);
  };
  if (sides.every(isSeen)) return;
  const [across, down] = sides.map(([, length, from, to]) => edge + Math.max(0, Math.min(length, to - from) / 2 - 1));
  const room = { paddingTopLeft: [across, down + top], paddingBottomRight: [across + right, down + bottom] };
  map.panInside(middle, { ...room, animate: animate ? undefined : false }); // by animation where it is near
}

function degreesOf(scene, target) {
  const { layer: id = target, feature: i } = target, isOne = i >= 0;
  const { layer, bounds, box } = scene.entryOf(id);
  const [west, north, east, south] = isOne ? [bounds.west(i), bounds.north(i), bounds.east(i), bounds.south(i)] : box;
  if (!(west <= east)) return null; // nothing of it has a place
  const isWide = east - west > WORLD_UNITS / 2;
  const [left, right] = (isWide && sidesOver180(layer, isOne ? [i] : layer.geometry.keys())) || [west, east];
  const [[low, from], [high, to]] = [latlonOf(left, south), latlonOf(right, north)];
  return [from, low, to, high];
}

// The features shown in the view, in reading order: [{layer: id, feature, x, y}], px of the container.
function featuresInView(scene, view) {
  const found = [];
  for (const entry of scene.entries) {
    const { id } = entry.layer, listed = new Set();
    for (const world of worldsOf(view)) {
      eachInView(entry, world, 0, (i) => {
        if (found.length === NAVIGATE_OPTIONS.listMost || listed.has(i)) return;
        listed.add(i);
        found.push({ layer: id, feature: i, ...anchorOf(scene, world, entry, i) });
      });
    }
  }
  const row = ({ y }) => Math.floor(y / NAVIGATE_OPTIONS.rowPx);
  return found.sort((a, b) => row(a) - row(b) || a.x - b.x || a.y - b.y);
}

const STEPS = {
  ArrowRight: 1, ArrowDown: 1, PageDown: 10, End: Infinity, ArrowLeft: -1, ArrowUp: -1, PageUp: -10, Home: -Infinity,
};

// A list box over the map, one stop of the Tab key: arrows go through the features in view, Enter opens one.
// onFocus(feature or null) shows where the keyboard is, onOpen(feature) opens it.
export function createFeatureKeys(map, scene, { onFocus, onOpen }) {
  const option = element("div", { role: "option", id: "geo-feature", "aria-selected": "true" });
  const stop = { role: "listbox", tabindex: "0", "aria-activedescendant": "geo-feature" };
  const list = element("div.geo-feature-keys", stop, option);
  map.getContainer().append(list);
  let features = [], at = 0;
  let isMade = false; // the list is made where the keyboard comes to it
  let isLate = false; // whether it is about to be written

  function write() {
    const feature = features[at], layer = feature && scene.entryOf(feature.layer).layer;
    setAttributes(list, { "aria-label": t("map_features") });
    const words = feature && `${nameOf(scene.page, layer, feature.feature).text}, ${layerTitle(layer)}`;
    option.textContent = words ?? (isMade ? t("map_no_features") : t("features_shown", shownOfAll(scene.store)));
    setAttributes(option, { "aria-posinset": feature && at + 1, "aria-setsize": feature && features.length });
  }

  // The map comes first: to count in a language takes 15 ms the first time.
  async function writeLater() {
    if (isLate) return;
    isLate = true;
    await nextPaint();
    isLate = false;
    write();
  }

  // The view or the filters have changed: stay on the same feature where it is still there. Gives whether the keyboard
  // is here.
  function renew() {
    if (document.activeElement !== list) {
      isMade = false;
      if (!features.length) writeLater();
      return false;
    }
    const last = features[at];
    features = featuresInView(scene, viewOf(map));
    isMade = true;
    go(Math.max(0, features.findIndex(({ layer, feature }) => layer === last?.layer && feature === last.feature)));
    return true;
  }

  function go(to) {
    at = Math.max(0, Math.min(features.length - 1, to));
    write();
    onFocus(features[at] ?? null);
  }

  list.addEventListener("focus", renew);
  list.addEventListener("blur", () => onFocus(null));
  list.addEventListener("keydown", (event) => {
    if (event.key in STEPS) go(at + STEPS[event.key]);
    else if (event.key === "Enter" && features[at]) onOpen(features[at]);
    else return;
    event.preventDefault();
    event.stopPropagation(); // Leaflet would move the map
  });
  return { write, renew, focus: () => list.focus() };
}
