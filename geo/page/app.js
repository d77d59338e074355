// Start the page: open its data, make the one store, connect the map, the panels and the address to it.

import { createAbout } from "./about.js";
import { createBasemap } from "./basemap.js";
import { createCard } from "./card.js";
import { decodeBlob } from "./columns.js";
import { createLayout } from "./layout.js";
import { createMapView } from "./mapview.js";
import { createMenu } from "./menu.js";
import { openPage } from "./model.js";
import { createNotices } from "./notices.js";
import { createSlider } from "./slider.js";
import { createStore, filterByLayer } from "./store.js";
import { pickText, preferredLanguage, setCatalogues, setLanguage } from "./texts.js";
import { followTheme } from "./theme.js";
import { filterByTime } from "./time.js";
import { createTools } from "./tools.js";
import { createTree } from "./tree.js";

export async function start(stub = globalThis.shyrdak) {
  const page = await openPage(document);
  const catalogues = JSON.parse(document.getElementById("geo-catalogues").textContent);
  setCatalogues(catalogues, page.languages);
  const language = preferredLanguage(navigator.languages, page.languages);
  setLanguage(language);

  const { map } = stub;
  const store = createStore(page, { language, ...(stub.shown.size && { shown: [...stub.shown] }) });
  filterByLayer(store);
  filterByTime(store);

  const layout = createLayout(map.getContainer(), page);
  const { slots } = layout;
  const notices = createNotices(layout.app);
  const about = createAbout(page, layout.app);
  const actions = {
    select: (selection) => store.set({ selection }),
    close: () => store.set({ selection: null, stack: [] }),
    zoomTo: (target) => view.zoomTo(target),
    link: () => location.href,
  };
  const tree = createTree(store, slots.layers, actions, notices);
  const card = createCard(store, slots.card, actions, notices);
  const menu = createMenu(store, slots.menu, { about: () => about.open() });
  const tools = createTools(slots.tools, [
    [{ name: "plus", key: "zoom_in", act: () => map.zoomIn() }, { name: "minus", key: "zoom_out", act: () => map.zoomOut() }],
    [{ name: "home", key: "home", act: () => view.zoomTo(page.head.map.bounds) }],
  ]);
  const slider = createSlider(store, slots.time, actions, notices);
  const panels = [layout, tree, card, slider, menu, tools, about];

  followTheme(store);
  const view = createMapView(globalThis.L, map, page, store);
  showBasemap(map, store);
  linkLayers(store, stub);
  store.listen((changed) => {
    if (changed.includes("language")) speak(store, panels);
    else if (changed.includes("selection") || changed.includes("time")) card.write();
    if (changed.includes("selection")) layout[store.state.selection ? "show" : "hide"]("card");
    if (changed.some((key) => ["shown", "time", "undated", "facets", "search", "opacity"].includes(key))) {
      tree.update();
      slider.update();
    }
  });
  speak(store, panels);
  map.invalidateSize({ animate: false });
  view.zoomTo(page.head.map.bounds, { animate: false });
  new ResizeObserver(() => map.invalidateSize({ pan: false })).observe(slots.stage);
}

// Write the whole page in the reader's language.
function speak({ state, page }, panels) {
  setLanguage(state.language);
  document.documentElement.lang = state.language;
  document.title = pickText(page.head.map.title);
  for (const panel of panels) panel.write();
}

async function showBasemap(map, store) {
  const head = document.getElementById("geo-basemap-head");
  if (!head) return;
  const about = JSON.parse(head.textContent);
  const buffer = await decodeBlob(about.blob, document.getElementById("geo-basemap-blob").textContent.trim());
  const themeName = () => (store.state.dark ? "dark" : "light");
  const basemap = createBasemap(globalThis.L, { head: about, buffer }, { theme: themeName() }).addTo(map);
  store.listen((changed) => changed.includes("dark") && basemap.setTheme(themeName()));
}

// Folium's layers and ours are one switch: what LayerControl adds or removes is shown or hidden, and the other way round.
function linkLayers(store, stub) {
  stub.events.addEventListener("shown", () => {
    const shown = [...stub.shown];
    if (shown.length !== store.state.shown.length || shown.some((id) => !store.state.shown.includes(id))) store.set({ shown });
  });
  store.listen((changed) => {
    if (!changed.includes("shown")) return;
    for (const [id, layer] of stub.layers) {
      if (store.state.shown.includes(id) === stub.shown.has(id)) continue;
      if (stub.shown.has(id)) layer.remove();
      else layer.addTo(stub.map);
    }
  });
}
