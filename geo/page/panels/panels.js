// All panels of the page: made once, written in the reader's language, following the state once a frame.

import { isSameFeature } from "../data/model.js";
import { createKeySwitch, listenToKeys } from "../elements/keyboard.js";
import { pickText, setLanguage, t } from "../words/texts.js";
import { createAbout } from "./about.js";
import { createCard } from "./card.js";
import { createFilterPanel } from "./filterpanel.js";
import { createMapFoot } from "./mapfoot.js";
import { createMeasure } from "./measure.js";
import { createMenu } from "./menu.js";
import { createSearchBox } from "./searchbox.js";
import { createSharing } from "./sharing.js";
import { createSlider } from "./slider.js";
import { createStory } from "./story.js";
import { createTable } from "./table.js";
import { createTools } from "./tools.js";
import { createTree } from "./tree.js";

const LISTED_KEYS = ["shown", "order", "opacity", "time", "undated", "facets", "search"];

// Writes the panels that the map's size goes by; begin() writes the others and keeps all in step.
export function createPanels({ store, map, view, camera, layout, actions, notices, facets, search }) {
  const { page, state } = store;
  const { slots } = layout;
  const keys = createKeySwitch();
  const about = createAbout(page, layout.app, keys);
  const sharing = createSharing(layout.app, actions, notices);
  const tree = createTree(store, slots.layers, camera, actions, notices);
  const card = createCard(store, slots.card, camera, actions, notices);
  const slider = createSlider(store, slots.time, actions, notices);
  const filters = createFilterPanel(store, slots.filters, slots.summary, facets, notices);
  const box = createSearchBox(store, slots.search, search, camera, actions, notices);
  const table = createTable(store, slots.table, layout, actions, notices);
  const menu = createMenu(store, slots.menu, about.open);
  const foot = createMapFoot(store, map, slots.foot, about.openCredits);
  const measure = createMeasure(map, store, slots.stage, notices);
  const story = createStory(store, map, camera, layout, actions, notices);
  const goHome = () => camera.zoomTo(page.head.map.bounds);
  const tools = createTools(map, slots.tools, { goHome, measure: measure.tool, share: sharing.open }, notices);
  const frame = [layout, slider, box];
  // The last ones measure, which takes the layout of all that was written before.
  const others = [
    filters, about, sharing, tree, card, table, menu, tools, measure, story, view, foot, { write: slider.update },
  ];
  const regions = { layers: tree, filters, table, story, time: slider };
  let isFromRow = false; // whether the card was opened by a row of the table
  let lastCard = null; // the selection that the card was last asked for

  function write(...panels) {
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
    const { focus = isCalledAgain(changed), isThere } = actions.takeIntent();
    if (changed.has("step")) {
      story.adopt();
      layout[state.step ? "show" : "hide"]("story");
    }
    const isSelected = changed.has("selection"), isFiltered = LISTED_KEYS.some((key) => changed.has(key));
    if (isSelected) showCard();
    if (changed.has("language")) return write(...frame, ...others);
    if (isSelected) card.open(focus);
    else if (isFiltered) card.update({ isTime: changed.has("time") });
    // The map comes first: a frame has no room for both.
    if (isFiltered) requestAnimationFrame(refresh);
    else if (isSelected) table.select(); // refresh() does, too
    if (isSelected || changed.has("step") || changed.has("dark")) story.update();
    // A link names its view; what was pressed on the map may lie under the card that it opens.
    if (changed.has("stack") && state.stack.length && !isThere) camera.reveal();
    if (focus) card.focus();
  }

  // Who opens by keyboard on the map what is open goes into its card.
  function isCalledAgain(changed) {
    const isAgain = changed.has("selection") && state.selection && isSameFeature(state.selection, lastCard);
    return isAgain && document.activeElement.matches(".geo-feature-keys");
  }

  // Where the card gives its place back to the table, who came from a row goes on there.
  function showCard() {
    lastCard = state.selection;
    const isShown = state.selection && !story.holds(state.selection), hadTable = layout.open("table");
    if (isShown) isFromRow = slots.table.contains(document.activeElement);
    layout[isShown ? "show" : "hide"]("card");
    if (isFromRow && !hadTable && layout.open("table")) table.focus();
  }

  // However often the state changes, the panels follow once a frame, and not where it is as it was: the printed story
  // shows each of its steps in between.
  function listen() {
    let last = { ...state }, isWaiting = false;
    store.listen(() => {
      if (isWaiting) return;
      isWaiting = true;
      requestAnimationFrame(() => {
        const changed = new Set(Object.keys(state).filter((key) => state[key] !== last[key]));
        last = { ...state };
        isWaiting = false;
        follow(changed);
      });
    });
    layout.listen((opened) => {
      opened.forEach((name) => regions[name]?.update());
      if (layout.isPhone()) map.fire("moveend"); // the names keep clear of another sheet
    });
    map.on("zoomend moveend", foot.update);
    listenToKeys(keys, {
      "/": () => {
        layout.fold(false);
        box.focus();
      },
      t: () => {
        layout.show("table", { toggle: true });
        if (layout.open("table")) table.focus();
      },
      "[": () => slider.step(-1),
      "]": () => slider.step(1),
      m: measure.toggle,
      ArrowLeft: () => story.turn(-1),
      ArrowRight: () => story.turn(1),
      "?": about.openKeys,
      Escape() {
        if (state.measuring && !document.activeElement.closest("#geo-card")) measure.toggle();
        else if (state.selection) actions.close();
        else if (layout.open("table")) layout.hide("table");
        else if (story.isSeen()) story.end();
        else layout.closeSheet();
      },
    });
  }

  function begin() {
    write(...others);
    listen();
    if (state.step) layout.show("story");
    if (state.selection) showCard();
  }

  write(...frame);
  layout.tab("time").hidden = !slots.time.hasChildNodes(); // without dates there is no bar
  return { story, tree, begin, addPlaces: box.addPlaces };
}
