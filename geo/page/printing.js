// The page on paper: the map as a picture drawn for the paper's width, the legend, at the foot what is cited; or the story.

import { element, fill } from "./dom.js";
import { createHandout, selectionPainter } from "./handout.js";
import { sizeLegend } from "./mapfoot.js";
import { drawScale, footLines, paintMap } from "./picture.js";
import { frameView } from "./steps.js";

// Chrome prints a fresh canvas short of its frame unless it has a whole number of pixels for each of the page's.
const PAPER_MAP = { width: 680, height: 454, ratio: 3 }; // px, as print.css has them: 180 x 120 mm
const PAPER_COLOURS = { paper: "#fff", ink: "#000" };

// Everything is drawn at once: printing waits for nothing. painters draw the map, bottom first.
export function listenToPrint(store, map, view, { app, slots }, painters, isStory) {
  const handout = createHandout(store, view, painters, app);
  let picture = null;

  // What the window shows of the map, whatever its shape, whole; the map's own bounds where it shows nothing yet.
  function drawMap() {
    const { width, height, ratio } = PAPER_MAP;
    const size = map.getSize(), seen = map.getBounds();
    const bounds = size.x && size.y ? [seen.getWest(), seen.getSouth(), seen.getEast(), seen.getNorth()] : store.page.head.map.bounds;
    const { zoom, x, y } = frameView(bounds, width, height);
    view.name(zoom);
    sizeLegend(zoom);
    const canvas = paintMap([...painters, selectionPainter(view.scene)], { zoom, x: x - width / 2, y: y - height / 2, width, height }, ratio);
    const ctx = canvas.getContext("2d");
    ctx.scale(ratio, ratio);
    drawScale(ctx, { lat: map.getCenter().lat, zoom }, 12, height - 12, PAPER_COLOURS);
    return element("div.geo-print-map", canvas);
  }

  addEventListener("beforeprint", () => {
    if (isStory()) return handout.fill();
    picture = drawMap();
    slots.stage.before(picture);
    return fill(slots.print, footLines(store).map((line) => element("p", line)));
  });
  addEventListener("afterprint", () => {
    handout.clear();
    picture?.remove();
    view.name(map.getZoom());
    sizeLegend(map.getZoom());
  });
}
