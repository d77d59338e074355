// The drawn map: data layers as tiles, hover and selection over them, and what pointer and keyboard do there.

import { EDGE_DEGREES } from "../data/coordinates.js";
import { isSameFeature } from "../data/model.js";
import { worldsOf } from "../data/worlds.js";
import { isCalm } from "../elements/dom.js";
import { createFeatureKeys } from "./navigate.js";
import { createOverlay, createTooltip } from "./overlay.js";
import { PICK_TOLERANCE_PX, pickAt } from "./pick.js";
import { createScene } from "./scene.js";
import { createTiles } from "./tiles.js";
import { viewOf } from "./viewcanvas.js";

// Keys of the state that change what the tiles show.
export const PAINT_KEYS = ["shown", "opacity", "order", "time", "undated", "facets", "search", "dark"];

// Draw the page's layers on a Leaflet map, in step with the store. It sets there hover and selection
// ({layer: id, feature} or null) and stack (all features under the pointer). Gives
//   write()                 says in the reader's language what the keyboard is on
//   focus()                 puts the keyboard on the features in view
//   show()                  begins to draw; a promise that all tiles in view are drawn
//   freeLakes(clearLakes)   has areas leave lakes free, by a function (ctx, view) of the basemap
//   scene                   for paintView
export function createMapView(map, store) {
  const scene = createScene(store);
  scene.update([]);
  const tiles = createTiles(map, scene), overlay = createOverlay(map, scene), tooltip = createTooltip(map, scene);
  limitView(map);
  if (isCalm()) stopMotion(map);
  const canHover = matchMedia("(hover: hover)"); // a finger that taps must not leave a tooltip behind
  let pointer = null, pointerFrame = 0, painted = store.revision;

  const setHover = (hit) => {
    if (!isSameFeature(store.state.hover, hit)) store.set({ hover: hit && { layer: hit.layer, feature: hit.feature } });
  };
  // All that was pressed; where the card would lie over it the panels move the map once that is there (panels.js).
  const select = (hits) => {
    const stack = hits.map(({ layer, feature }) => ({ layer, feature }));
    store.set({ selection: stack[0] ?? null, stack });
    tooltip.hide();
  };
  const show = (hits, place) => {
    setHover(hits[0] ?? null);
    // Of the feature selected the card says more, and may stand there.
    if (hits.length && !isSameFeature(hits[0], store.state.selection)) tooltip.show(hits, place);
    else tooltip.hide();
  };
  const keys = createFeatureKeys(map, scene, {
    onFocus: (feature) => show(feature ? [feature] : [], feature),
    onOpen: (feature) => select([feature]),
  });

  // At the edge of a world also what reaches over from the next.
  function pick(point, tolerance = PICK_TOLERANCE_PX.mouse) {
    const reach = tolerance + Math.max(0, ...scene.entries.map(({ margin }) => margin));
    const view = viewOf(map), worlds = worldsOf({ ...view, x: view.x + point.x - reach, width: 2 * reach });
    return pickAt(scene, view.zoom, worlds.map(({ x }) => x + reach), view.y + point.y, tolerance);
  }

  // One look under the pointer a frame, however often it moves.
  function point(place) {
    pointer = place;
    pointerFrame ||= requestAnimationFrame(() => {
      pointerFrame = 0;
      const hits = pointer ? pick(pointer) : [];
      map.getContainer().classList.toggle("geo-on-feature", hits.length > 0);
      show(hits, pointer);
    });
  }

  map.on({
    mousemove: ({ containerPoint }) => map.dragging?.moving() || !canHover.matches || point(containerPoint),
    mouseout: () => point(null),
    movestart: () => point(null),
    moveend: keys.renew,
    click: ({ containerPoint, originalEvent: { pointerType } }) => {
      const pressedBy = pointerType || (canHover.matches ? "mouse" : "touch"); // Safari's clicks do not say
      if (!store.state.measuring) select(pick(containerPoint, PICK_TOLERANCE_PX[pressedBy]));
    },
  });
  store.listen((changed) => {
    const has = (...names) => names.some((name) => changed.includes(name));
    // One letter more in the search often finds the same.
    const isPainted = changed.every((key) => key === "search") && painted === store.revision;
    painted = store.revision;
    if (has(...PAINT_KEYS) && !isPainted) {
      scene.update(changed);
      tiles.repaint();
      overlay.draw();
      if (!keys.renew() && pointer) point(pointer); // what the tooltip says may be gone
    } else if (has("hover", "selection")) overlay.draw();
  });

  return {
    scene,
    write: keys.write,
    focus: keys.focus,
    freeLakes(clearLakes) {
      scene.clearLakes = clearLakes;
      if (scene.entries.some((entry) => entry.shown && entry.layer.head.kind === "polygon")) tiles.repaint();
    },
    show: tiles.show,
  };
}

// Buttons, wheel, keys and fingers move the map at once. Leaflet (1.9.4) asks the field, which it has set from the
// option as it made the map, at each zoom, the options at the end of a finger's zoom and of a drag; for the steps of
// arrow keys it has none.
function stopMotion(map) {
  Object.assign(map.options, { zoomAnimation: false, inertia: false });
  map._zoomAnimated = false;
  map.panBy = (offset, options) => L.Map.prototype.panBy.call(map, offset, { ...options, animate: false });
}

// All of the world can be seen, but no more of it than once and a half side by side, and nothing beyond the poles.
function limitView(map) {
  const lowest = map.getMinZoom();
  const limitZoom = () => {
    const { x, y } = map.getSize(), least = Math.max(lowest, Math.floor(2 * Math.log2(Math.max(x, y) / 256)) / 2);
    map.options.minZoom = least; // setMinZoom() would go there by an animation
    if (map.getZoom() < least) map.setZoom(least, { animate: false });
  };
  const bounds = L.latLngBounds([[-EDGE_DEGREES, -Infinity], [EDGE_DEGREES, Infinity]]);
  Object.assign(map.options, { maxBounds: bounds, maxBoundsViscosity: 1 });
  // Not by setMaxBounds(): it goes back by an animation, that would go on under the next view set.
  map.on("moveend", () => map.panInsideBounds(bounds, { animate: false }));
  map.on("resize", limitZoom);
  limitZoom();
}
