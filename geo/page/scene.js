// What the map draws, kept in step with the store: layers in their order with styles, search index and opacity,
// the colours of the theme, and where points that hide each other stand. Tiles, overlay and picking all read it.

import { arrangePoints } from "./arrange.js";
import { partRange, poolBounds, vertexRange } from "./model.js";
import { createIndex, isPointPool, queryIndex } from "./spatial.js";
import { PALETTES, layerStyles } from "./styles.js";
import { symbolReach } from "./symbols.js";
import { isFaded } from "./time.js";

export const POINT_KIND = 0;
export const LINE_KIND = 1;
export const AREA_KIND = 2;

const SCENE_OPTIONS = {
  arrangeMost: 4000,   // with more points than this on the map none are fanned out or stacked
  smallest: 0.6,       // symbols and lines at zoom 3 and below, as a part of their size
  fullFromZoom: 7,     // from here on in full size
  fadedOpacity: 0.3,
};

// World units are the world's width / 2**28; at zoom z the world is 256 * 2**z pixels wide.
export function scaleOfZoom(zoom) {
  return 2 ** (zoom - 20);
}

export function sizeFactor(zoom) {
  const { smallest, fullFromZoom } = SCENE_OPTIONS;
  return Math.min(1, Math.max(smallest, smallest + ((zoom - 3) / (fullFromZoom - 3)) * (1 - smallest)));
}

export function createScene(page, store) {
  const entries = page.layers.map((layer) => {
    const styles = layerStyles(layer, store.state.time);
    const sizes = styles.list.map((style) => Math.max(symbolReach(style.size), style.width + 10));
    return {
      layer, styles, mask: store.mask(layer), index: createIndex(layer),
      points: isPointPool(layer.pool), bounds: isPointPool(layer.pool) ? null : poolBounds(layer.pool),
      margin: Math.max(8, ...sizes), opacity: 1, moved: new Uint8Array(layer.n),
    };
  });
  let arranged = null;

  const scene = {
    page, store, entries, ordered: entries, palette: PALETTES.light, revision: 0,
    entryOf: (id) => entries.find((entry) => entry.layer.id === id),

    // Take over what changed in the state; the masks are up to date by then.
    update(changed) {
      const { state } = store;
      scene.palette = state.dark ? PALETTES.dark : PALETTES.light;
      for (const entry of entries) {
        entry.opacity = state.shown.includes(entry.layer.id) ? state.opacity[entry.layer.id] ?? 1 : 0;
        const isSeries = entry.layer.head.style.color?.kind === "series";
        if (isSeries && changed.includes("time")) entry.styles = layerStyles(entry.layer, state.time);
      }
      if (state.order) scene.ordered = [...entries].sort((a, b) => state.order.indexOf(a.layer.id) - state.order.indexOf(b.layer.id));
      scene.revision++;
      arranged = null;
    },

    // The groups of points that hide each other at this zoom; their features are marked in `entry.moved`.
    arrangement(zoom) {
      const level = Math.round(zoom);
      if (arranged?.level !== level) arranged = { level, groups: arrangeScene(scene, level) };
      return arranged.groups;
    },
  };
  return scene;
}

// The style of feature i and how opaque it is drawn.
export function styleOf(entry, i) {
  return entry.styles.list[entry.styles.of[i]];
}

export function fadeOf(scene, layer, i) {
  return isFaded(layer, i, scene.store.state) ? SCENE_OPTIONS.fadedOpacity : 1;
}

// Call visit(i) for the features of a layer, filtered or not, whose bounds touch a rectangle (world units).
export function eachWithin(entry, minX, minY, maxX, maxY, visit) {
  const { index, layer, bounds, points } = entry;
  const { pool, geometry } = layer;
  queryIndex(index, minX, minY, maxX, maxY, (from, to) => {
    for (let k = from; k < to; k++) {
      const i = index.order ? index.order[k] : k;
      const at = geometry[i];
      if (points) {
        const x = pool.x[at], y = pool.y[at];
        if (x >= minX && x <= maxX && y >= minY && y <= maxY) visit(i);
      } else {
        const b = at * 4;
        if (bounds[b] <= maxX && bounds[b + 2] >= minX && bounds[b + 1] <= maxY && bounds[b + 3] >= minY) visit(i);
      }
    }
  });
}

export function kindOf(layer, i) {
  return layer.pool.kind(layer.geometry[i]);
}

// Call visit(x, y) for each point of a feature of kind point, in world units.
export function eachPoint(layer, i, visit) {
  const { pool, geometry } = layer;
  const [from, to] = partRange(pool, geometry[i]);
  for (let part = from; part < to; part++) {
    const v = vertexRange(pool, part)[0];
    visit(pool.x[v], pool.y[v]);
  }
}

// Call visit(x, y) with where the points of a feature are drawn in the view: in their fan or stack, or on their place.
export function eachPlace(scene, view, entry, i, visit) {
  const groups = scene.arrangement(view.zoom);
  if (entry.moved[i]) {
    for (const { members } of groups) {
      for (const member of members) {
        if (member.entry === entry && member.feature === i) visit(member.x - view.x, member.y - view.y);
      }
    }
    return;
  }
  const scale = scaleOfZoom(view.zoom);
  eachPoint(entry.layer, i, (x, y) => visit(x * scale - view.x, y * scale - view.y));
}

function arrangeScene(scene, zoom) {
  const scale = scaleOfZoom(zoom), factor = sizeFactor(zoom);
  const found = { n: 0, x: [], y: [], radius: [], entry: [], feature: [] };
  for (const entry of scene.entries) entry.moved.fill(0);
  for (const entry of scene.ordered) {
    const { layer, mask } = entry;
    if (!entry.opacity || (!entry.points && layer.head.kind !== "mixed" && layer.head.kind !== "point")) continue;
    for (let i = 0; i < layer.n; i++) {
      if (mask[i] || layer.geometry[i] < 0 || kindOf(layer, i) !== POINT_KIND) continue;
      if (++found.n > SCENE_OPTIONS.arrangeMost) return [];
      const v = vertexRange(layer.pool, partRange(layer.pool, layer.geometry[i])[0])[0];
      found.x.push(layer.pool.x[v] * scale);
      found.y.push(layer.pool.y[v] * scale);
      found.radius.push(styleOf(entry, i).size * factor);
      found.entry.push(entry);
      found.feature.push(i);
    }
  }
  const groups = arrangePoints(found, zoom);
  for (const group of groups) {
    group.members = group.members.map(({ point, x, y }) => ({
      entry: found.entry[point], feature: found.feature[point], x, y, placeX: found.x[point], placeY: found.y[point],
    }));
    for (const { entry, feature } of group.members) entry.moved[feature] = 1;
  }
  return groups;
}
