// The page on paper: the map as a picture drawn for the paper's width, the legend, at the foot what is cited; or the
// story.

import { element, fill } from "../elements/dom.js";
import { sizeLegend } from "../panels/mapfoot.js";
import { t } from "../words/texts.js";
import { createHandout, paintForPaper } from "./handout.js";
import { drawScale, paperCanvas, scaleCover } from "./picture.js";
import { footLines } from "./seen.js";

// px. Of A4 within the margins of print.css; how high the map may be there, and where one sheet does not do; how wide
// it is painted: names of 12 px come out as 7 pt.
const PAPER = {
  width: 680, height: 1046,
  mapLeast: 380, mapMost: 720, mapAmongSheets: 454,
  paintedWidth: 880, ratio: 2.5,
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
  function drawMap(paperHeight) {
    const { paintedWidth: width, ratio } = PAPER, onPaper = PAPER.width / width;
    const height = Math.round(paperHeight / onPaper);
    const size = map.getSize(), seen = map.getBounds();
    const bounds = size.x && size.y
      ? [seen.getWest(), seen.getSouth(), seen.getEast(), seen.getNorth()]
      : store.page.head.map.bounds;
    const covers = [scaleCover({ height }, 1 / onPaper)];
    const { zoom, canvas } = paintForPaper(painters, bounds, { width, height, ratio, covers });
    sizeLegend(zoom, onPaper);
    const ctx = canvas.getContext("2d");
    ctx.scale(ratio / onPaper, ratio / onPaper);
    drawScale(ctx, { lat: map.getCenter().lat, zoom: zoom + Math.log2(onPaper) }, 12, paperHeight - 12, PAPER_COLOURS);
    const box = element("div.geo-print-map", paperCanvas(canvas));
    box.style.height = `${paperHeight}px`;
    return box;
  }

  // As high as leaves all on one sheet: the page is laid out by the rules for print to see what the rest takes. A phone
  // has other rules on its screen.
  function mapHeight() {
    if (layout.isPhone()) return PAPER.mapAmongSheets;
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
    use("print", "");
    for (const [node, top] of scrolled) node.scrollTop = top;
    return room < PAPER.mapLeast ? PAPER.mapAmongSheets : Math.min(PAPER.mapMost, room);
  }

  function clear() {
    if (wasDark) store.set({ dark: true });
    wasDark = false;
    handout.clear();
    picture?.remove();
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
    picture = drawMap(mapHeight());
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
