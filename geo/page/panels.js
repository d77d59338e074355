// All panels of the page: made once, written in the reader's language, following the state once a frame.

import { createAbout } from "./about.js";
import { createCard } from "./card.js";
import { element, fill } from "./dom.js";
import { createFilterPanel } from "./filterpanel.js";
import { listenToKeys } from "./keyboard.js";
import { createMapFoot } from "./mapfoot.js";
import { createMenu } from "./menu.js";
import { footLines } from "./picture.js";
import { createSearchBox } from "./searchbox.js";
import { createSharing } from "./sharing.js";
import { createSlider } from "./slider.js";
import { createTable } from "./table.js";
import { pickText, setLanguage } from "./texts.js";
import { createTools } from "./tools.js";
import { createTree } from "./tree.js";

const FILTER_KEYS = ["shown", "opacity", "time", "undated", "facets", "search"];

// `parts`: {store, map, layout, actions, notices, facets, search}. Writes the panels and keeps them in step.
export function createPanels({ store, map, layout, actions, notices, facets, search }) {
  const { page, state } = store;
  const { slots } = layout;
  const about = createAbout(page, layout.app);
  const sharing = createSharing(layout.app, actions, notices);
  const tree = createTree(store, slots.layers, actions, notices);
  const card = createCard(store, slots.card, actions, notices);
  const slider = createSlider(store, slots.time, actions, notices);
  const filters = createFilterPanel(store, slots.filters, slots.summary, facets, notices);
  const box = createSearchBox(store, slots.search, search, actions, notices);
  const table = createTable(store, slots.table, layout, actions, notices);
  const menu = createMenu(store, slots.menu, { about: about.open });
  const foot = createMapFoot(store, map, slots.foot, { about: about.open });
  const tools = createTools(slots.tools, [
    [["plus", "zoom_in", () => map.zoomIn()], ["minus", "zoom_out", () => map.zoomOut()]],
    [["home", "home", () => actions.zoomTo(page.head.map.bounds)], ["download", "share", sharing.open]],
  ]);
  const panels = [layout, about, sharing, tree, card, slider, filters, box, table, menu, foot, tools];
  const regions = { layers: tree, filters, time: slider, table };

  function write() {
    setLanguage(state.language);
    document.documentElement.lang = state.language;
    document.title = pickText(page.head.map.title);
    for (const panel of panels) panel.write();
  }

  // What is not to be seen waits until it is opened.
  function refresh() {
    for (const part of [filters.summary, box, foot]) part.update();
    for (const [name, panel] of Object.entries(regions)) if (layout.open(name)) panel.update();
  }

  function follow(changed) {
    if (changed.has("selection")) layout[state.selection ? "show" : "hide"]("card");
    if (changed.has("language")) return write();
    if (changed.has("selection") || (changed.has("time") && state.selection)) card.write();
    if (FILTER_KEYS.some((key) => changed.has(key))) refresh();
    if (changed.has("selection")) {
      table.select();
      actions.reveal();
    }
    if (actions.focusCard) card.focus();
    actions.focusCard = false;
    return undefined;
  }

  // However often the state changes, the panels follow once a frame.
  let pending = null;
  store.listen((changed) => {
    if (!pending) {
      pending = new Set();
      requestAnimationFrame(() => {
        const all = pending;
        pending = null;
        follow(all);
      });
    }
    for (const key of changed) pending.add(key);
  });
  layout.listen(refresh);

  listenToKeys({
    "/": () => box.focus(),
    t: () => {
      layout.show("table", { toggle: true });
      if (layout.open("table")) table.focus();
    },
    "[": () => slider.step(-1),
    "]": () => slider.step(1),
    "?": () => about.open(),
    Escape: () => (state.selection ? actions.close() : layout.open("table") && layout.hide("table")),
  });
  write();
  if (state.selection) layout.show("card");
  listenToPrint(store, map, layout);
}

// Paper has another width: the map is laid out for it, and what the page cites stands at its foot.
function listenToPrint(store, map, { app, slots }) {
  const layOut = (isPrinting) => {
    app.classList.toggle("geo-printing", isPrinting);
    map.invalidateSize({ animate: false });
  };
  addEventListener("beforeprint", () => {
    fill(slots.print, footLines(store).map((line) => element("p", line)));
    layOut(true);
  });
  addEventListener("afterprint", () => layOut(false));
}
