// What lies behind and over the data: the basemap and all names, in the reader's theme and language.

import { createBasemap, openBasemap } from "./basemap.js";
import { featureLabels } from "./featurelabels.js";
import { createLabels } from "./labels.js";
import { PAINT_KEYS } from "./mapview.js";

const NAME_KEYS = [...PAINT_KEYS, "language", "selection"];

// `painters` gets what a picture draws under and over the data.
export async function showBackdrop(L, map, store, view, painters) {
  const { basemap: head } = store.page;
  const theme = () => (store.state.dark ? "dark" : "light");
  let packed = null, basemap = null;
  if (head) {
    packed = await openBasemap(head);
    basemap = createBasemap(L, packed, { theme: theme() }).addTo(map);
    painters.unshift(basemap.paint);
    view.freeLakes(basemap.clearLakes);
  }
  const spoken = () => ({ theme: theme(), language: store.state.language });
  const labels = createLabels(map, packed, { ...spoken(), features: (zoom) => featureLabels(view.scene, zoom) });
  painters.push(labels.paint);
  store.listen((changed) => {
    if (changed.includes("dark")) basemap?.setTheme(theme());
    if (NAME_KEYS.some((key) => changed.includes(key))) labels.change(spoken());
  });
}
