// Start the page: open its data, make the one store, connect the map, the panels and the address to it.

import { createAbout } from "./about.js";
import { followAddress, readAddress, tellBroken } from "./address.js";
import { createBasemap } from "./basemap.js";
import { createCard } from "./card.js";
import { decodeBlob } from "./columns.js";
import { csvOf, downloadFile, geojsonOf } from "./exporting.js";
import { element, fill } from "./dom.js";
import { facetsOf, filterByFacets } from "./facets.js";
import { createFilterPanel } from "./filterpanel.js";
import { listenToKeys } from "./keyboard.js";
import { createLabels } from "./labels.js";
import { createLayout } from "./layout.js";
import { withLayers } from "./legend.js";
import { createMapFoot } from "./mapfoot.js";
import { createMapView } from "./mapview.js";
import { createMenu } from "./menu.js";
import { openPage } from "./model.js";
import { createNotices } from "./notices.js";
import { viewOf } from "./overlay.js";
import { drawPicture, footLines } from "./picture.js";
import { shownRows } from "./rows.js";
import { createSearch, filterBySearch } from "./search.js";
import { createSearchBox } from "./searchbox.js";
import { createSharing } from "./sharing.js";
import { createSlider } from "./slider.js";
import { createStore, filterByLayer } from "./store.js";
import { createTable } from "./table.js";
import { pickText, preferredLanguage, setCatalogues, setLanguage, t } from "./texts.js";
import { followTheme } from "./theme.js";
import { paintView } from "./paint.js";
import { filterByTime } from "./time.js";
import { createTools } from "./tools.js";
import { createTree } from "./tree.js";

const FILTER_KEYS = ["shown", "time", "undated", "facets", "search"];

export async function start(stub = globalThis.shyrdak) {
  if (stub.isTooOld) return; // and stub.js has said so
  const page = await openPage(document);
  setCatalogues(JSON.parse(document.getElementById("geo-catalogues").textContent), page.languages);
  const { map } = stub;
  const facets = facetsOf(page);
  const search = createSearch(page);
  const beginning = { language: preferredLanguage(navigator.languages, page.languages), shown: [...stub.shown] };
  const address = readAddress(page, facets);
  const store = createStore(page, { ...beginning, ...address.patch });
  filterByLayer(store);
  filterByTime(store);
  filterBySearch(store, search);
  filterByFacets(store, facets);
  setLanguage(store.state.language);

  const layout = createLayout(map.getContainer(), page);
  const { slots } = layout;
  const notices = createNotices(layout.app);
  followTheme(store);
  const view = createMapView(globalThis.L, map, page, store);
  const painters = [(ctx, piece) => paintView(view.scene, ctx, piece)];
  showBasemap(map, store, view, painters);
  linkLayers(store, stub);
  const { link } = followAddress(store, map, facets, beginning, notices);

  const about = createAbout(page, layout.app);
  const actions = {
    link,
    select: (selection) => store.set({ selection }),
    close: () => store.set({ selection: null, stack: [] }),
    zoomTo: (target) => view.zoomTo(target),
    // To a feature from elsewhere than the map: its layer is switched on, the map goes there, the card opens.
    open(selection, { focus = false } = {}) {
      const layer = page.layers.find(({ id }) => id === selection.layer);
      store.set({ shown: withLayers(store.state.shown, [layer], true), selection, stack: [selection] });
      view.zoomTo(selection);
      focusCard = focus;
    },
    async savePicture() {
      const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--geo-${name}`).trim();
      const colours = { paper: colour("surface"), ink: colour("ink"), muted: colour("muted"), line: colour("line") };
      const piece = { ...viewOf(map), lat: map.getCenter().lat };
      downloadFile(`${page.head.map.id}.png`, "image/png", await drawPicture(store, painters, piece, colours));
      notices.tell(t("picture_saved"));
    },
    exportAs(kind, layers = page.layers) {
      const rows = shownRows(store, layers);
      const { atlas, map: { id, title } } = page.head;
      const about_ = { name: pickText(title), edition: atlas.edition, link: link() };
      if (kind === "csv") downloadFile(`${id}.csv`, "text/csv;charset=utf-8", csvOf(page, rows));
      else downloadFile(`${id}.geojson`, "application/geo+json", geojsonOf(page, rows, about_));
      notices.tell(t("exported", { n: rows.n }));
    },
  };
  let focusCard = false;
  const tree = createTree(store, slots.layers, actions, notices);
  const card = createCard(store, slots.card, actions, notices);
  const slider = createSlider(store, slots.time, actions, notices);
  const filters = createFilterPanel(store, slots.filters, slots.summary, facets, notices);
  const box = createSearchBox(store, slots.search, search, { open: (selection) => actions.open(selection, { focus: true }) }, notices);
  const table = createTable(store, slots.table, { ...actions, isOpen: () => layout.open("table"), close: () => layout.hide("table") }, notices);
  const menu = createMenu(store, slots.menu, { about: () => about.open() });
  const tools = createTools(slots.tools, [
    [["plus", "zoom_in", () => map.zoomIn()], ["minus", "zoom_out", () => map.zoomOut()]],
    [["home", "home", () => view.zoomTo(page.head.map.bounds)], ["download", "share", () => sharing.open()]],
  ]);
  const sharing = createSharing(layout.app, actions, notices);
  const foot = createMapFoot(store, map, slots.foot, { about: () => about.open() });
  const panels = [layout, sharing, foot, tree, card, slider, filters, box, table, menu, tools, about];

  const write = () => speak(store, panels);
  let pending = null;
  // However often the state changes, panels follow once a frame.
  store.listen((changed) => {
    if (!pending) requestAnimationFrame(() => {
      const keys = pending;
      pending = null;
      follow(keys);
    });
    pending = new Set([...(pending ?? []), ...changed]);
  });
  function follow(keys) {
    if (keys.has("selection")) layout[store.state.selection ? "show" : "hide"]("card");
    if (keys.has("language")) return write();
    if (keys.has("selection") || (keys.has("time") && store.state.selection)) card.write();
    if (FILTER_KEYS.some((key) => keys.has(key))) for (const panel of [tree, slider, filters, box, table, foot]) panel.update();
    else if (keys.has("opacity")) tree.update();
    if (keys.has("selection")) table.select();
    if (focusCard) card.focus();
    focusCard = false;
  }

  layout.listen(() => table.update());
  listenToKeys({
    "/": () => box.focus(),
    t: () => {
      layout.show("table", { toggle: true });
      if (layout.open("table")) table.focus();
    },
    "[": () => slider.step(-1),
    "]": () => slider.step(1),
    "?": () => about.open(),
    Escape: () => (store.state.selection ? actions.close() : layout.open("table") && layout.hide("table")),
  });
  addEventListener("beforeprint", () => {
    fill(slots.print, footLines(store).map((line) => element("p", {}, line)));
    layout.app.classList.add("geo-printing");
    map.invalidateSize({ animate: false });
  });
  addEventListener("afterprint", () => {
    layout.app.classList.remove("geo-printing");
    map.invalidateSize({ animate: false });
  });
  write();
  // Once all panels have their size, so that what is left for the map is what the view is fitted to.
  map.invalidateSize({ animate: false });
  if (address.view) map.setView([address.view.lat, address.view.lon], address.view.zoom, { animate: false });
  else view.zoomTo(page.head.map.bounds, { animate: false });
  view.settled().then(() => performance.mark("geo-layers")); // what the benchmark waits for
  if (store.state.selection) layout.show("card");
  tellBroken(address.broken, notices);
  new ResizeObserver(() => map.invalidateSize({ pan: false })).observe(slots.stage);
}

// Write the whole page in the reader's language.
function speak({ state, page }, panels) {
  setLanguage(state.language);
  document.documentElement.lang = state.language;
  document.title = pickText(page.head.map.title);
  for (const panel of panels) panel.write();
}

// The basemap and all names, in the reader's theme and language. `painters` gets what a picture draws under and over the data.
async function showBasemap(map, store, view, painters) {
  const head = document.getElementById("geo-basemap-head");
  const themeName = () => (store.state.dark ? "dark" : "light");
  let packed = null, basemap = null;
  if (head) {
    const about = JSON.parse(head.textContent);
    packed = { head: about, buffer: await decodeBlob(about.blob, document.getElementById("geo-basemap-blob").textContent.trim()) };
    basemap = createBasemap(globalThis.L, packed, { theme: themeName() }).addTo(map);
    painters.unshift(basemap.paint);
  }
  const labels = createLabels(map, packed, { theme: themeName(), language: store.state.language });
  view.setLabels(labels);
  painters.push(labels.paint);
  store.listen((changed) => {
    if (changed.includes("dark")) for (const part of [basemap, labels]) part?.setTheme(themeName());
    if (changed.includes("language")) labels.setLanguage(store.state.language);
  });
}

// Folium's layers and ours are one switch: what LayerControl adds or removes is shown or hidden, and the other way round.
function linkLayers(store, stub) {
  let isFollowing = false; // each layer that we add or remove is announced by the stub, too
  const follow = () => {
    isFollowing = true;
    for (const [id, layer] of stub.layers) {
      if (store.state.shown.includes(id) === stub.shown.has(id)) continue;
      if (stub.shown.has(id)) layer.remove();
      else layer.addTo(stub.map);
    }
    isFollowing = false;
  };
  stub.events.addEventListener("shown", () => isFollowing || store.set({ shown: [...stub.shown] }));
  store.listen((changed) => changed.includes("shown") && follow());
  follow();
}
