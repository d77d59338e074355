// What lies behind and over the data: the basemap and all names, in the reader's theme and language.

import { readPlaces } from "../state/gazetteer.js";
import { createBasemap, openBasemap } from "./basemap.js";
import { featureLabels } from "./featurelabels.js";
import { createLabels } from "./labels.js";
import { PAINT_KEYS } from "./mapview.js";

const NAME_KEYS = [...PAINT_KEYS, "language", "selection"];

// `painters` gets what a picture draws under and over the data: `ground`, the basemap where there is one, and `names`;
// `covers` gives what lies over the map. Gives the places of the basemap.
export async function showBackdrop(map, store, view, painters, covers) {
  const { basemap: head } = store.page;
  const theme = () => (store.state.dark ? "dark" : "light");
  let places = [], basemap = null;
  // Paper is light. In the dark theme a relief in light colours waits for it, made once the page has come to rest; what
  // is printed before that by the browser's own command goes without.
  const composeForPaper = () => {
    if (store.state.dark) (globalThis.requestIdleCallback ?? setTimeout)(() => basemap?.compose("light"));
  };
  if (head) {
    const packed = await openBasemap(head);
    places = readPlaces(packed);
    basemap = createBasemap(packed, theme()).addTo(map);
    painters.ground = basemap;
    composeForPaper();
    view.freeLakes(basemap.clearLakes);
  }
  const spoken = () => ({ theme: theme(), language: store.state.language });
  const features = (zoom) => featureLabels(view.scene, zoom, places);
  const labels = createLabels(map, { ...spoken(), places, features, covers, crossesBorder: basemap?.crossesBorder });
  painters.names = labels.paint;
  store.listen((changed) => {
    if (changed.includes("dark")) {
      basemap?.setTheme(theme());
      composeForPaper();
    }
    if (NAME_KEYS.some((key) => changed.includes(key))) labels.change(spoken());
  });
  return places;
}
