// What the map draws, in step with the store: layers in their order with styles, search index and opacity, the colours
// of the theme, and where points that hide each other stand. Tiles, overlay, labels and picking all read it.

import { POINT_KIND, partRange, vertexRange } from "../data/model.js";
import { boundsReader, createIndex, queryIndex } from "../data/spatial.js";
import { countShown, opacityOf, orderedLayers } from "../state/store.js";
import { isFaded } from "../state/time.js";
import { arrangePoints, withCounts } from "./arrange.js";
import { PALETTES, layerStyles } from "./styles.js";
import { symbolReach } from "./symbols.js";

const SCENE_OPTIONS = {
  arrangeMost: 5000,     // with more points than this on the map none are fanned out or stacked,
  stacksMost: 150,       // nor where this many stacks would cover it with numbers
  smallest: 0.6,         // symbols and lines at zoom 3, as a part of their size
  fullFromZoom: 7,       // from here on in full size
  fadedOpacity: 0.3,
};

export function createScene(store) {
  const { page } = store;
  const entries = page.layers.map((layer) => {
    const bounds = boundsReader(layer);
    const styles = layerStyles(layer, store.state.time, store.state.dark);
    const lanes = layer.lane?.reduce((most, lane) => Math.max(most, Math.abs(lane)), 0) ?? 0;
    const marginOf = ({ size, width }) => Math.max(symbolReach(size), width + 10 + (lanes / 2) * (width + 2));
    const margin = Math.max(...styles.list.map(marginOf), 8);
    const index = createIndex(layer, bounds), mask = store.mask(layer), box = boxOf(layer, bounds);
    return { layer, styles, bounds, index, mask, margin, box, opacity: 1, shown: 0, moved: new Map() };
  });
  const scene = {
    page, store, entries, palette: PALETTES.light, revision: 0, arranged: null,
    clearLakes: null, // (ctx, view), once there is a basemap
    entryOf: (id) => entries.find((entry) => entry.layer.id === id),

    // Take over what changed in the state; the masks are up to date by then.
    update(changed) {
      const { shown, dark, time } = store.state;
      scene.revision++;
      scene.palette = dark ? PALETTES.dark : PALETTES.light;
      for (const entry of entries) {
        entry.shown = countShown(entry.mask);
        entry.opacity = shown.includes(entry.layer.id) ? opacityOf(store.state, entry.layer) : 0;
        const isSeries = entry.layer.head.style.color?.kind === "series";
        if (changed.includes("dark") || (isSeries && changed.includes("time"))) {
          entry.styles = layerStyles(entry.layer, time, dark);
        }
      }
      const order = orderedLayers(store);
      entries.sort((a, b) => order.indexOf(a.layer) - order.indexOf(b.layer));
    },

    // The groups of points that hide each other at this zoom, in its pixels; `entry.moved` holds their members by the
    // numbers of their features.
    groups(zoom) {
      const key = `${zoom} ${scene.revision}`;
      if (scene.arranged?.key !== key) scene.arranged = { key, groups: arrangeScene(scene, zoom) };
      return scene.arranged.groups;
    },
  };
  return scene;
}

// [west, north, east, south] around a layer's features in world units.
function boxOf({ geometry }, { west, north, east, south }) {
  const box = [Infinity, Infinity, 0, 0];
  for (let i = 0; i < geometry.length; i++) {
    if (geometry[i] < 0) continue;
    box[0] = Math.min(box[0], west(i));
    box[1] = Math.min(box[1], north(i));
    box[2] = Math.max(box[2], east(i));
    box[3] = Math.max(box[3], south(i));
  }
  return box;
}

// How many shown features of a layer a square of so many pixels holds on average. What is drawn otherwise where they
// are many goes by this, not by the number in a tile: else tiles side by side would differ.
export function crowdIn({ shown, box: [west, north, east, south] }, view, px) {
  return shown * Math.min(1, (px / view.scale) ** 2 / ((east - west) * (south - north)));
}

// Add to a view ({zoom, x, y, width, height, ratio}, x and y the pixel of the world at its corner) how many pixels a
// world unit has there, by how much symbols are drawn smaller, and the zoom whose vertices its device pixels show.
export function scaled(view) {
  const { smallest, fullFromZoom } = SCENE_OPTIONS;
  const part = Math.min(1, Math.max(0, (view.zoom - 3) / (fullFromZoom - 3)));
  const detail = Math.ceil(view.zoom + Math.log2(view.ratio ?? 1));
  return { ...view, scale: 2 ** (view.zoom - 20), factor: smallest + part * (1 - smallest), detail };
}

export function styleOf(entry, i) {
  return entry.styles.list[entry.styles.of[i]];
}

export function fadeOf(scene, layer, i) {
  return isFaded(layer, i, scene.store.state) ? SCENE_OPTIONS.fadedOpacity : 1;
}

export function kindOf({ pool, geometry }, i) {
  return pool.kind(geometry[i]);
}

export function isShown({ opacity, mask, layer }, i) {
  return opacity > 0 && !mask[i] && layer.geometry[i] >= 0;
}

// Call visit(i) for the shown features whose bounds touch the view or `pad` px around it.
export function eachInView({ index, bounds, mask, opacity }, view, pad, visit) {
  if (!opacity) return;
  const west = (view.x - pad) / view.scale, east = (view.x + view.width + pad) / view.scale;
  const north = (view.y - pad) / view.scale, south = (view.y + view.height + pad) / view.scale;
  queryIndex(index, west, north, east, south, (from, to, isWithin) => {
    for (let i = from; i < to; i++) {
      if (mask[i]) continue;
      const isAcross = isWithin || (bounds.west(i) <= east && bounds.east(i) >= west);
      if (isWithin || (isAcross && bounds.north(i) <= south && bounds.south(i) >= north)) visit(i);
    }
  });
}

// Call visit(x, y) for each place of a point feature, in world units.
export function eachPoint({ pool, geometry }, i, visit) {
  if (!pool.partStart && !pool.vertexStart) {
    visit(pool.x[geometry[i]], pool.y[geometry[i]]);
    return;
  }
  const [from, to] = partRange(pool, geometry[i]);
  for (let part = from; part < to; part++) {
    const [v] = vertexRange(pool, part);
    visit(pool.x[v], pool.y[v]);
  }
}

// The same in pixels of the view, and where it is drawn: in its fan or stack if it has one.
export function eachPlace(scene, view, entry, i, visit) {
  scene.groups(view.zoom);
  const member = entry.moved.get(i);
  if (member) visit(member.x - view.x, member.y - view.y);
  else eachPoint(entry.layer, i, (x, y) => visit(x * view.scale - view.x, y * view.scale - view.y));
}

function arrangeScene(scene, zoom) {
  const { scale, factor } = scaled({ zoom });
  const points = [];
  for (const entry of scene.entries) entry.moved.clear();
  for (const entry of scene.entries.filter(({ layer }) => ["point", "mixed"].includes(layer.head.kind))) {
    const { layer } = entry, { pool, geometry } = layer;
    for (let i = 0; i < layer.n && entry.opacity; i++) {
      if (!isShown(entry, i) || kindOf(layer, i) !== POINT_KIND) continue;
      if (points.length >= SCENE_OPTIONS.arrangeMost) return [];
      const radius = styleOf(entry, i).size * factor;
      // With several places it is drawn at each.
      const stays = pool.partStart?.[geometry[i] + 1] - pool.partStart?.[geometry[i]] > 1;
      eachPoint(layer, i, (x, y) => points.push({ entry, feature: i, radius, stays, x: x * scale, y: y * scale }));
    }
  }
  const isOnce = (member, at, members) => !member.stays // of one that moves there is but one
    || members.findIndex(({ entry, feature }) => entry === member.entry && feature === member.feature) === at;
  const groups = arrangePoints(points, zoom).map((group) => ({ ...group, members: group.members.filter(isOnce) }))
    .filter(({ fan, members }) => fan || members.length > 1);
  if (groups.filter(({ fan }) => !fan).length > SCENE_OPTIONS.stacksMost) return [];
  const movable = groups.flatMap(({ members }) => members).filter(({ stays }) => !stays);
  for (const member of movable) member.entry.moved.set(member.feature, member);
  return withCounts(groups);
}
