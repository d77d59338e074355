// What lies behind and over the data: the basemap and all names, in the reader's theme and language.

import { createBasemap } from "./basemap.js";
import { decodeBlob } from "./columns.js";
import { createLabels } from "./labels.js";

// `painters` gets what a picture draws under and over the data.
export async function showBackdrop(L, map, store, view, painters) {
  const { basemap: head } = store.page;
  const theme = () => (store.state.dark ? "dark" : "light");
  let packed = null, basemap = null;
  if (head) {
    packed = { head, buffer: await decodeBlob(head.blob, document.getElementById("geo-basemap-blob").textContent.trim()) };
    basemap = createBasemap(L, packed, { theme: theme() }).addTo(map);
    painters.unshift(basemap.paint);
  }
  const labels = createLabels(map, packed, { theme: theme(), language: store.state.language });
  view.setLabels(labels);
  painters.push(labels.paint);
  store.listen((changed) => {
    if (changed.includes("dark")) for (const part of [basemap, labels]) part?.setTheme(theme());
    if (changed.includes("language")) labels.setLanguage(store.state.language);
  });
}
