// The drawn map: data layers as tiles, hover and selection over them, and what pointer and keyboard do there.

import { featureLabels } from "./featurelabels.js";
import { createFeatureKeys, zoomToTarget } from "./navigate.js";
import { createOverlay, createTooltip, viewOf } from "./overlay.js";
import { PICK_TOLERANCE_PX, pickAt } from "./pick.js";
import { createScene } from "./scene.js";
import { createTiles } from "./tiles.js";

// Keys of the state that change what the tiles show.
const PAINT_KEYS = ["shown", "opacity", "order", "time", "undated", "facets", "search", "dark"];

// Draw the page's layers on a Leaflet map, in step with the store. It sets there hover and selection
// ({layer: id, feature} or null) and stack (all features under the pointer). Gives
//   pick(place, tolerance)  latlng or container point -> [{layer: id, feature}], topmost first
//   zoomTo(target)          {layer: id, feature} | layer id | [west, south, east, north]
//   setLabels(labels)       what createLabels gives: through it features are named, now and after each change
//   name(zoom)              names the features for a picture of that zoom
//   focus()                 puts the keyboard on the features in view
//   repaint(), settled()    draw all again; a promise that all tiles in view are drawn
//   scene                   for paintView
//   destroy()
export function createMapView(L, map, page, store, { labels = null } = {}) {
  const scene = createScene(page, store);
  scene.update([]);
  const tiles = createTiles(L, map, scene), overlay = createOverlay(L, map, scene), tooltip = createTooltip(map, scene);
  const canHover = matchMedia("(hover: hover)"); // a finger that taps must not leave a tooltip behind
  let named = labels, pointer = null, pointerFrame = 0, namingFrame = 0;

  const setHover = (hit) => {
    const { hover } = store.state;
    if (hover?.layer === hit?.layer && hover?.feature === hit?.feature) return;
    store.set({ hover: hit && { layer: hit.layer, feature: hit.feature } });
  };
  const select = (hits) => {
    const stack = hits.map(({ layer, feature }) => ({ layer, feature }));
    store.set({ selection: stack[0] ?? null, stack });
  };
  const show = (hits, place) => {
    setHover(hits[0] ?? null);
    if (hits.length) tooltip.show(hits, place);
    else tooltip.hide();
  };
  const keys = createFeatureKeys(map, scene, {
    onFocus: (feature) => show(feature ? [feature] : [], feature),
    onOpen: (feature) => select([feature]),
  });

  function pick(place, tolerance) {
    const point = "lat" in place ? map.latLngToContainerPoint(place) : place;
    const { zoom, x, y } = viewOf(map);
    return pickAt(scene, zoom, x + point.x, y + point.y, tolerance);
  }

  // In the next frame: by then the page speaks the language chosen, and the tiles are painted.
  function nameFeatures() {
    namingFrame ||= requestAnimationFrame(() => {
      namingFrame = 0;
      keys.write();
      named?.setFeatureLabels(featureLabels(scene, map.getZoom()));
    });
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

  function repaint() {
    scene.revision++;
    tiles.repaint();
    overlay.draw();
    nameFeatures();
    keys.renew();
  }

  const events = {
    mousemove: ({ containerPoint }) => map.dragging?.moving() || !canHover.matches || point(containerPoint),
    mouseout: () => point(null),
    movestart: () => point(null),
    moveend: keys.renew,
    zoomend: nameFeatures,
    click: ({ containerPoint, originalEvent: { pointerType } }) => {
      if (!store.state.measuring) select(pick(containerPoint, PICK_TOLERANCE_PX[pointerType]));
    },
  };
  map.on(events);
  const forget = store.listen((changed) => {
    const has = (...names) => names.some((name) => changed.includes(name));
    if (has(...PAINT_KEYS)) {
      scene.update(changed);
      repaint();
    } else if (has("hover", "selection")) overlay.draw();
    if (has("language", "selection")) nameFeatures();
  });

  return {
    pick, repaint, scene,
    zoomTo: (target, options) => zoomToTarget(map, scene, target, options),
    name: (zoom) => named?.setFeatureLabels(featureLabels(scene, zoom)),
    focus: keys.focus,
    settled: tiles.settled,
    setLabels(given) {
      named = given;
      nameFeatures();
    },
    destroy() {
      forget();
      map.off(events);
      for (const frame of [pointerFrame, namingFrame]) cancelAnimationFrame(frame);
      for (const part of [tiles, overlay, tooltip, keys]) part.destroy();
    },
  };
}
