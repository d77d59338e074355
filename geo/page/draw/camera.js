// Where the map looks: as the page opens, at an address gone to, at a step, at a card, on another screen.
//
// The view that an address names wins, then that of its step, then what Folium was told to fit, then the map's own. The
// feature of a card is brought into sight after that, by as little as does it; a step has chosen its view with its
// feature in mind. Card and step cover a part of the map. A view beside them is that of the rest, so that on another
// screen, where they cover another part, the same things are seen.

import { latlonOf } from "../data/coordinates.js";
import { nearestLon } from "../data/worlds.js";
import { isCalm } from "../elements/dom.js";
import { findStep } from "../state/steps.js";
import { revealFeature, viewBeside, whenStill, zoomToTarget } from "./navigate.js";

const CAMERA_OPTIONS = { flySeconds: 1.2, stepPadding: 24 }; // px around the view of a step
const UNCOVERED = { top: 0, right: 0, bottom: 0 };

// fit: the arguments of Folium's fitBounds, where it was called. What goes by the panels' size must wait until they are
// written.
export function createCamera({ store, map, scene, layout, fit }) {
  const { page, state } = store;
  let seen = null; // the view that the address has
  let shape = ""; // of the screen
  let isSettled = false;

  // Of the sheets of a phone an address opens none but that of its card or step; on a wide screen its card opens a
  // moment later.
  const isCovered = () => {
    if (layout.isPhone()) return state.step || state.selection;
    return layout.open("card") || (!isSettled && !state.step && state.selection);
  };
  const inset = () => (isCovered() ? layout.inset() : UNCOVERED);
  const isFlying = () => map.getContainer().classList.contains("geo-flying");
  const showView = ({ zoom, lat, lon, isBeside }) => {
    const { top, right, bottom } = inset();
    const at = Math.max(map.getMinZoom(), Math.min(map.getMaxZoom(), zoom));
    const offset = isBeside ? [right / 2, (bottom - top) / 2] : [0, 0];
    map.setView(map.unproject(map.project([lat, lon], at).add(offset), at), at, { animate: false });
  };
  // At a step and a card of an address, which are not all there as it is opened.
  const revealAtOnce = () => camera.reveal({ over: inset(), animate: false });

  const camera = {
    // The first view; card and step of the address, `view`, are still to come.
    begin(view) {
      map.invalidateSize({ animate: false });
      delete map.fitBounds; // Leaflet's own again
      if (view) showView(view);
      else if (state.step) camera.showStep({ animate: false });
      else if (fit) map.fitBounds(fit[0], { ...fit[1], animate: false });
      else zoomToTarget(map, scene, page.head.map.bounds, { animate: false });
    },

    // The same, card and step being there. The view of a link may come from a larger screen; loaded again, the page is
    // as it was left.
    settle(view) {
      isSettled = true;
      const isLink = performance.getEntriesByType("navigation")[0]?.type === "navigate";
      if (view ? isLink : !state.step) revealAtOnce();
    },

    // To what an address shows that is gone to, its state being set. The panels follow in the next frame and may leave
    // the map another size: only then is its middle where it stays.
    follow(view) {
      requestAnimationFrame(() => requestAnimationFrame(() => {
        if (view) whenStill(map, () => camera.showAgain(view));
        else if (state.step) camera.showStep();
        else camera.reveal();
      }));
    },

    // The view as an address names it: the middle of what is not covered. showAgain() comes back to the last that was
    // asked for.
    viewNow() {
      const { top, right, bottom } = inset();
      const { lat, lng } = map.unproject(map.project(map.getCenter()).subtract([right / 2, (bottom - top) / 2])).wrap();
      seen = { zoom: map.getZoom(), lat, lon: lng, isBeside: Boolean(state.step || state.selection) };
      return seen;
    },

    showAgain(view = seen) {
      if (view) showView(view);
      revealAtOnce();
    },

    // What the story's step is about, or the whole map.
    showStep({ animate = !isCalm() } = {}) {
      const view = findStep(page, state.step)?.view ?? page.head.map.bounds;
      const place = viewBeside(map, view, layout.covered(), CAMERA_OPTIONS.stepPadding);
      if (!animate) return camera.jump(place, { animate });
      map.getContainer().classList.add("geo-flying"); // names and rings would stand still on the way
      return map.flyTo(place.center, place.zoom, { duration: CAMERA_OPTIONS.flySeconds });
    },

    jump({ center, zoom }, { animate = !isCalm() } = {}) {
      whenStill(map, () => map.setView(center, zoom, { animate }));
    },

    // To a place of the basemap, near enough for its name to be there.
    showPlace({ x, y, zoom }) {
      const [lat, lon] = latlonOf(x, y);
      camera.jump({ center: [lat, nearestLon(lon, map.getCenter().lng)], zoom: Math.max(map.getZoom(), zoom + 1) });
    },

    // {layer: id, feature} | layer id | [west, south, east, north]
    zoomTo(target) {
      zoomToTarget(map, scene, target, { inset: state.selection ? layout.inset() : layout.covered() });
    },

    // Move the map as little as shows the feature selected beside what lies over it.
    reveal({ over = layout.inset(), animate = !isCalm() } = {}) {
      if (!state.selection) return;
      map.invalidateSize({ animate: false }); // what was just written may have taken room
      revealFeature(map, scene, state.selection, over, animate);
    },

    // The middle of the map stays where it is, be it a window made smaller or the table opened; where card or step come
    // to cover another part of it, as of a phone that is turned, the middle of the rest.
    followSize() {
      new ResizeObserver(() => {
        map.invalidateSize({ animate: false });
        if (matchMedia("print").matches) return; // paper is no other screen: after it all is as before
        const now = [innerWidth, innerHeight, layout.inset().right].join(), isOther = shape && shape !== now;
        shape = now;
        if (isOther && !isFlying() && (state.step || state.selection)) camera.showAgain();
      }).observe(layout.slots.stage);
    },
  };
  // Not at "moveend": a panel that changes the map's size on the way causes one too.
  map.on("zoomend dragstart", () => map.getContainer().classList.remove("geo-flying"));
  return camera;
}
