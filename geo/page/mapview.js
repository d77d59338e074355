// The drawn map: data layers as tiles, hover and selection over them, and what pointer and keyboard do there.

import { featureLabels } from "./featurelabels.js";
import { createFeatureKeys, zoomToTarget } from "./navigate.js";
import { createOverlay, createTooltip, viewOf } from "./overlay.js";
import { PICK_TOLERANCE, pickAt } from "./pick.js";
import { createScene } from "./scene.js";
import { createTiles } from "./tiles.js";

// Keys of the state that change what the tiles show.
const PAINT_KEYS = ["shown", "opacity", "order", "time", "undated", "facets", "search", "dark"];

// Draw the page's layers on a Leaflet map and keep them in step with the store.
// Sets in the store: hover {layer: id, feature} or null; selection the same; stack: all features under the pointer.
//
//   repaint()       draw again (the store's changes do so by themselves)
//   pick(place)     latlng or container point -> [{layer: id, feature, distance}], topmost first
//   zoomTo(target)  {layer, feature} | layer id | [west, south, east, north]
//   focus()         put the keyboard on the features in view
//   settled()       a promise: all tiles in view are drawn
//   setLabels(labels)  what createLabels gives: features are named through it, now and after each change
//   destroy()
export function createMapView(L, map, page, store, { labels = null } = {}) {
  let named = labels;
  const scene = createScene(page, store);
  scene.update([]);
  const tiles = createTiles(L, map, scene);
  const overlay = createOverlay(L, map, scene);
  const tooltip = createTooltip(map, scene);
  const container = map.getContainer();

  // In the next frame: by then the page speaks the language chosen, and the tiles have been painted.
  let naming = 0;
  const nameFeatures = () => {
    naming ||= requestAnimationFrame(() => {
      naming = 0;
      keys.write();
      named?.setFeatureLabels(featureLabels(scene, map.getZoom()));
    });
  };
  const setHover = (hit) => {
    const { hover } = store.state;
    if (hover?.layer !== hit?.layer || hover?.feature !== hit?.feature) store.set({ hover: hit ? { layer: hit.layer, feature: hit.feature } : null });
  };
  const select = (hits) => {
    const [first = null] = hits;
    store.set({ selection: first && { layer: first.layer, feature: first.feature }, stack: hits.map(({ layer, feature }) => ({ layer, feature })) });
  };

  function pick(place, tolerance) {
    const point = "lat" in place ? map.latLngToContainerPoint(place) : place;
    const { zoom, x, y } = viewOf(map);
    return pickAt(scene, zoom, x + point.x, y + point.y, tolerance);
  }

  const keys = createFeatureKeys(map, scene, {
    onFocus(feature) {
      setHover(feature);
      if (feature) tooltip.show([feature], feature);
      else tooltip.hide();
    },
    onOpen: (feature) => feature && select([feature]),
  });

  // One look under the pointer a frame, however often it moves.
  let pointer = null, pointerFrame = 0;
  function lookUnderPointer() {
    pointerFrame = 0;
    const hits = pointer ? pick(pointer) : [];
    container.classList.toggle("geo-on-feature", hits.length > 0);
    setHover(hits[0] ?? null);
    if (hits.length) tooltip.show(hits, pointer);
    else tooltip.hide();
  }
  const onMove = ({ containerPoint, originalEvent }) => {
    if (originalEvent.pointerType === "touch" || map.dragging?.moving()) return;
    pointer = containerPoint;
    pointerFrame ||= requestAnimationFrame(lookUnderPointer);
  };
  const onLeave = () => {
    pointer = null;
    pointerFrame ||= requestAnimationFrame(lookUnderPointer);
  };
  const onClick = ({ containerPoint, originalEvent }) => {
    select(pick(containerPoint, PICK_TOLERANCE[originalEvent.pointerType] ?? PICK_TOLERANCE.mouse));
  };
  map.on({ mousemove: onMove, mouseout: onLeave, movestart: onLeave, click: onClick, moveend: keys.renew, zoomend: nameFeatures });

  function repaint() {
    tiles.repaint();
    overlay.draw();
    nameFeatures();
  }

  const forget = store.listen((changed) => {
    if (changed.some((key) => PAINT_KEYS.includes(key))) {
      scene.update(changed);
      repaint();
      keys.renew();
    } else if (changed.includes("hover") || changed.includes("selection")) overlay.draw();
    if (changed.includes("language") || changed.includes("selection")) nameFeatures();
  });
  return {
    repaint, pick,
    zoomTo: (target, options) => zoomToTarget(map, scene, target, options),
    focus: keys.focus,
    setLabels(newLabels) {
      named = newLabels;
      nameFeatures();
    },
    settled: tiles.settled,
    scene,
    destroy() {
      forget();
      map.off({ mousemove: onMove, mouseout: onLeave, movestart: onLeave, click: onClick, moveend: keys.renew, zoomend: nameFeatures });
      for (const frame of [pointerFrame, naming]) cancelAnimationFrame(frame);
      for (const part of [tiles, overlay, tooltip, keys]) part.destroy();
    },
  };
}
