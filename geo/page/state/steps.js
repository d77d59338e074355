// The steps of a story as states of the page. What a step leaves open is as the map opens.

import { worldPx } from "../data/coordinates.js";
import { layerOf } from "../data/model.js";
import { STATE_DEFAULTS, shownAtFirst } from "./store.js";
import { overlapsTime } from "./time.js";

const LEAST_PX = 64; // room for a view

export function findStep(page, id) {
  return page.steps.find((step) => step.id === id) ?? null;
}

// Filters, search and opacities would hide what a step speaks of, so they are set aside.
export function stepState(page, { id = null, layers, time, selection }) {
  const { facets, search, opacity, undated } = STATE_DEFAULTS;
  const period = time ? { from: time[0], to: time[1] } : null;
  const selected = selection ? featureOf(page, selection, period) : null;
  return {
    step: id, facets, search, opacity, undated, time: period, selection: selected, stack: selected ? [selected] : [],
    shown: layers ?? shownAtFirst(page),
  };
}

// That part of the state as it is.
export function keptState({ page, state }) {
  return Object.fromEntries(Object.keys(stepState(page, {})).map((key) => [key, state[key]]));
}

// Whether layers, time and filters are those of a step, whatever is selected.
export function isAsInStep({ page, state }, step) {
  const told = ({ shown, facets, search, opacity, undated, time }) => [
    [...shown].sort(), facets, search, opacity, undated, time?.from, time?.to,
  ];
  return JSON.stringify(told(state)) === JSON.stringify(told(stepState(page, step)));
}

// {layer: id, feature}: of several features with a key the first that is valid at the time.
function featureOf(page, [id, key], time) {
  const { n, from, to, column } = layerOf(page, id), keys = column("_key");
  let first = -1;
  for (let i = 0; i < n; i++) {
    if (keys.text(i) !== key) continue;
    if (!time || !from || overlapsTime(from[i], to[i], time)) return { layer: id, feature: i };
    if (first < 0) first = i;
  }
  return { layer: id, feature: first };
}

// Where a view is seen whole in so many px: {zoom, x, y}, its middle as a pixel of the world at that zoom.
// view: [west, south, east, north] or [lon, lat, zoom]. Zooms come in halves, as the map has them, from `least` to
// `most`. A window may be so low that panels leave no room, or less than none: then what is seen is as for a little.
export function frameView(view, width, height, [least, most] = [0, Infinity]) {
  const [west, south, east, north] = view;
  if (view.length === 3) return { zoom: east, ...worldPx(west, south, east) };
  const low = worldPx(west, south, 0), high = worldPx(east, north, 0);
  const [across, down] = [width, height].map((px) => Math.max(LEAST_PX, px));
  const fitting = Math.log2(Math.min(across / (high.x - low.x), down / (low.y - high.y)));
  const zoom = Math.min(most, Math.max(least, Math.floor(fitting * 2) / 2)), half = 2 ** zoom / 2;
  return { zoom, x: (low.x + high.x) * half, y: (low.y + high.y) * half };
}
