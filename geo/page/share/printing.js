// The page on paper: the map as a picture drawn for the paper's width, the legend, at the foot what is cited; or the
// story.

import { element, fill } from "../elements/dom.js";
import { sizeLegend } from "../panels/mapfoot.js";
import { t } from "../words/texts.js";
import { createHandout, paintForPaper } from "./handout.js";
import { drawScale, paperCanvas, scaleCover } from "./picture.js";
import { footLines } from "./seen.js";

// px but the last two. Of A4 within the margins of print.css, upright and lying; how high the map may be there, and
// where one sheet does not do; a column of the legend beside it, and what is between. onPaper: how large comes out what
// is painted: names of 12 px as 7 pt.
const PAPER = {
  width: 680, height: 1046, lying: { width: 1008, height: 716 },
  mapLeast: 380, mapMost: 720, mapAmongSheets: 454,
  legend: 190, gap: 16,
  onPaper: 0.773, ratio: 2.5,
};
const PAPER_COLOURS = { paper: "#fff", ink: "#000" };

// Everything is drawn at once: the browser's own command waits for nothing. Gives print({isView}) for the page's own,
// of an open story all steps or the view: it waits for the relief, which is there for all views a moment after the page
// is opened. painters: as mapPainters gives them; backdrop() the promise of those that are made last.
export function listenToPrint(store, map, layout, painters, { tree, story }, backdrop, notices) {
  const { app, slots } = layout;
  const handout = createHandout(store, painters, app);
  let picture = null, wasDark = false, isViewPrinted = false, isHeard = false;

  // What the window shows of the map, whatever its shape, whole; the map's own bounds where it shows nothing yet.
  function drawMap(paper) {
    const { onPaper, ratio } = PAPER;
    const [width, height] = [paper.width, paper.height].map((px) => Math.round(px / onPaper));
    const size = map.getSize(), seen = map.getBounds();
    const bounds = size.x && size.y
      ? [seen.getWest(), seen.getSouth(), seen.getEast(), seen.getNorth()]
      : store.page.head.map.bounds;
    const covers = [scaleCover({ height }, 1 / onPaper)];
    const { zoom, canvas } = paintForPaper(painters, bounds, { width, height, ratio, covers });
    sizeLegend(zoom, onPaper);
    const ctx = canvas.getContext("2d");
    ctx.scale(ratio / onPaper, ratio / onPaper);
    const scale = { lat: map.getCenter().lat, zoom: zoom + Math.log2(onPaper) };
    drawScale(ctx, scale, 12, paper.height - 12, PAPER_COLOURS);
    const box = element("div.geo-print-map", paperCanvas(canvas));
    Object.assign(box.style, { width: `${paper.width}px`, height: `${paper.height}px` });
    return box;
  }

  // The room for the map on the sheet that shows the view the larger: as high as leaves all on one sheet, else upright.
  // The page is laid out by the rules for print to see what the rest takes. A phone has other rules on its screen.
  function mapRoom() {
    const upright = { width: PAPER.width, height: PAPER.mapAmongSheets };
    if (layout.isPhone()) return upright;
    const scrolled = [...app.querySelectorAll("*")].filter(({ scrollTop }) => scrollTop)
      .map((node) => [node, node.scrollTop]);
    const sheets = [...document.styleSheets].filter(({ href }) => !href); // others may not be read
    const rules = sheets.flatMap(({ cssRules }) => [...cssRules]).filter(({ media }) => media?.mediaText === "print");
    const use = (media, width) => {
      for (const rule of rules) rule.media.mediaText = media;
      app.style.width = width;
    };
    use("all", `${PAPER.width}px`);
    const room = PAPER.height - app.offsetHeight;
    if (room >= PAPER.mapLeast) upright.height = Math.min(PAPER.mapMost, room);
    const lying = lyingRoom();
    use("print", "");
    for (const [node, top] of scrolled) node.scrollTop = top;
    const { x, y } = map.getSize(), scaleOf = ({ width, height }) => Math.min(width / x, height / y);
    const best = lying && scaleOf(lying) > scaleOf(upright) ? lying : upright;
    turn(best.legend);
    return best;
  }

  // What a lying sheet leaves beside a legend of as few columns as are not higher than the map; null: it is too long.
  function lyingRoom() {
    const { lying, legend: column, gap } = PAPER, [side] = app.getElementsByClassName("geo-side");
    app.style.width = `${lying.width}px`;
    for (let legend = column; legend < lying.width / 2; legend += column) {
      turn(legend);
      const height = lying.height - (app.offsetHeight - side.offsetHeight);
      if (side.offsetHeight <= height) return { width: lying.width - legend - gap, height, legend };
    }
    return null;
  }

  // Lay the sheet with the legend so wide, px, beside the map; 0: upright, the legend under it.
  function turn(legend = 0) {
    document.documentElement.classList.toggle("geo-lying", legend > 0);
    app.style.setProperty("--geo-beside", `${legend}px`);
  }

  function clear() {
    if (wasDark) store.set({ dark: true });
    wasDark = false;
    handout.clear();
    picture?.remove();
    turn();
    sizeLegend(map.getZoom());
  }

  addEventListener("beforeprint", () => {
    isHeard = true;
    clear(); // the end of the print before may not have been told
    wasDark = store.state.dark;
    if (wasDark) store.set({ dark: false });
    if (story.isOpen() && !isViewPrinted) return handout.fill();
    tree.update(); // it may be out of sight, and so behind
    fill(slots.print, footLines(store).map((line) => element("p", line)));
    picture = drawMap(mapRoom());
    slots.stage.before(picture);
    return undefined;
  });
  addEventListener("afterprint", () => {
    isViewPrinted = false;
    clear();
  });
  return async ({ isView = false } = {}) => {
    await Promise.allSettled([backdrop()]);
    await Promise.allSettled([painters.ground?.ready, painters.ground?.compose("light")]);
    isViewPrinted = isView;
    isHeard = false;
    window.print(); // a page around this one may not let it print, and says nothing
    if (!isHeard && window.top !== window) {
      isViewPrinted = false;
      notices.tell(t("framed_print"));
    }
  };
}
