// Start the page: open its data, make the one store, connect the map, the panels and the address to it.

import { createActions } from "./actions.js";
import { openPage } from "./data/model.js";
import { showBackdrop } from "./draw/backdrop.js";
import { createCamera } from "./draw/camera.js";
import { createMapView } from "./draw/mapview.js";
import { followTheme } from "./draw/theme.js";
import { element, nextPaint } from "./elements/dom.js";
import { createLayout } from "./panels/layout.js";
import { createNotices } from "./panels/notices.js";
import { createPanels } from "./panels/panels.js";
import { followAddress, readAddress } from "./share/address.js";
import { mapPainters } from "./share/picture.js";
import { listenToPrint } from "./share/printing.js";
import { facetsOf, filterByFacets } from "./state/facets.js";
import { createSearch, filterBySearch } from "./state/search.js";
import { createStore, filterByLayer } from "./state/store.js";
import { filterByTime } from "./state/time.js";
import { inIso } from "./words/moments.js";
import { preferredLanguage, setCatalogues, setLanguage } from "./words/texts.js";

// `stub`: what the classic script before Folium's own left for us (stub.js).
export async function start(stub = globalThis.shyrdak) {
  if (!stub.isUsable) return; // and stub.js has said so
  try {
    await startPage(stub);
  } catch (error) {
    stub.alarm(`This page cannot be read. Its file may be damaged: copy it anew. (${error.message})`);
    throw error; // the console says where
  }
}

async function startPage(stub) {
  const { map } = stub;
  const loading = element("progress.geo-loading", { "aria-label": document.title, value: 0 });
  const page = await openPage((part) => {
    loading.value = part;
    if (!loading.isConnected) map.getContainer().append(loading);
  }).finally(() => loading.remove());
  setCatalogues(page.words, page.languages);

  const facets = facetsOf(page);
  const search = createSearch(page, inIso);
  const beginning = { language: preferredLanguage(navigator.languages, page.languages), shown: [...stub.shown] };
  const address = readAddress(page, facets);
  const store = createStore(page, { ...beginning, ...address.patch });
  filterByLayer(store);
  filterByTime(store);
  filterBySearch(store, search);
  filterByFacets(store, facets);
  setLanguage(store.state.language);

  const layout = createLayout(map.getContainer(), page);
  const notices = createNotices(store, layout.app);
  followTheme(store);
  const view = createMapView(map, store);
  const painters = mapPainters(view.scene);
  linkLayers(store, stub);

  const camera = createCamera({ store, map, scene: view.scene, layout, fit: stub.fit });
  const { link, tellBroken } = followAddress(store, map, camera, facets, beginning, notices);
  const actions = createActions({ store, map, view, camera, layout, painters, facets, link, notices });
  const panels = createPanels({ store, map, view, camera, layout, actions, notices, facets, search });

  // The panels written so far have their size, so that what is left for the map is what the view is fitted to. A step
  // of the story is shown beside its panel and card.
  const { step } = store.state;
  if (step) panels.begin();
  camera.begin(address.view);
  // The features come first; what lies beside and behind them takes as long again.
  view.show().then(() => performance.mark("geo-layers")); // what the benchmark waits for
  await nextPaint();
  if (!step) panels.begin();
  let backdrop = null;
  actions.print = listenToPrint(store, map, layout, painters, panels, () => backdrop, notices);
  camera.settle(address.view);
  performance.mark("geo-panels"); // what the tests wait for
  await nextPaint();
  backdrop = showBackdrop(map, store, view, painters, layout.covers).then(panels.addPlaces);
  tellBroken(address.broken);
  camera.followSize();
}

// Folium's layers and ours are one switch: what LayerControl adds or removes is shown or hidden, and the other way
// round.
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
  stub.onShown = () => isFollowing || store.set({ shown: [...stub.shown] });
  store.listen((changed) => changed.includes("shown") && follow());
  follow();
}
