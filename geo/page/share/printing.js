// The page on paper: the map as a picture drawn for the paper's width, the legend, at the foot what is cited; or the story.

import { createBasemap, openBasemap } from "../draw/basemap.js";
import { element, fill } from "../elements/dom.js";
import { sizeLegend } from "../panels/mapfoot.js";
import { frameView } from "../state/steps.js";
import { createHandout, selectionPainter } from "./handout.js";
import { drawScale, footLines, paintMap, paperCanvas } from "./picture.js";

const PAPER_MAP = { width: 680, height: 454, ratio: 3 }; // px, as print.css has them: 180 x 120 mm
const PAPER_COLOURS = { paper: "#fff", ink: "#000" };

// Everything is drawn at once: printing waits for nothing. painters draw the map, bottom first. Of an open story the browser's
// own command prints all steps, `actions.printView` the view.
export function listenToPrint(L, store, map, view, { app, slots }, painters, { tree, story }, actions) {
  const handout = createHandout(store, view, app);
  const paper = createPaper(L, store);
  let picture = null, wasDark = false;

  // What the window shows of the map, whatever its shape, whole; the map's own bounds where it shows nothing yet.
  function drawMap(all) {
    const { width, height, ratio } = PAPER_MAP;
    const size = map.getSize(), seen = map.getBounds();
    const bounds = size.x && size.y ? [seen.getWest(), seen.getSouth(), seen.getEast(), seen.getNorth()] : store.page.head.map.bounds;
    const { zoom, x, y } = frameView(bounds, width, height);
    sizeLegend(zoom);
    const canvas = paintMap([...all, selectionPainter(view.scene)], { zoom, x: x - width / 2, y: y - height / 2, width, height }, ratio);
    const ctx = canvas.getContext("2d");
    ctx.scale(ratio, ratio);
    drawScale(ctx, { lat: map.getCenter().lat, zoom }, 12, height - 12, PAPER_COLOURS);
    return element("div.geo-print-map", paperCanvas(canvas));
  }

  addEventListener("beforeprint", () => {
    const basemap = paper.basemap();
    wasDark = store.state.dark;
    if (wasDark) store.set({ dark: false });
    const all = wasDark ? [...(basemap ? [basemap.paint] : []), ...painters.slice(-2)] : painters; // data and names
    if (story.isOpen() && !actions.isViewPrinted) return handout.fill(all);
    tree.update(); // it may be out of sight, and so behind
    picture = drawMap(all);
    slots.stage.before(picture);
    return fill(slots.print, footLines(store).map((line) => element("p", line)));
  });
  addEventListener("afterprint", () => {
    actions.isViewPrinted = false;
    if (wasDark) store.set({ dark: true });
    handout.clear();
    picture?.remove();
    sizeLegend(map.getZoom());
  });
}

// Paper is light. In the dark theme a basemap in light colours waits for it, made once the page has come to rest; what is
// printed before that goes without.
function createPaper(L, { page: { basemap: head }, state, listen }) {
  let basemap = null, isMaking = false;

  async function make() {
    basemap = createBasemap(L, await openBasemap(head), { theme: "light" }); // its relief follows
  }

  function follow() {
    if (!state.dark || !head || isMaking) return;
    isMaking = true;
    (globalThis.requestIdleCallback ?? setTimeout)(make);
  }

  listen(follow);
  follow();
  return { basemap: () => basemap };
}
