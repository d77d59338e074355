// Whose data the map is drawn from.

import { shownLayers } from "../state/store.js";
import { pickText } from "./texts.js";

// Credits of the atlas, each as `wordsOf` has it, and attributions of the layers that are on, once each.
export function creditsOf(store, wordsOf) {
  const { basemap, head } = store.page;
  const credits = [...(basemap?.credits ?? []), ...head.atlas.credits].map(wordsOf);
  const attributions = shownLayers(store).map((layer) => pickText(layer.head.attribution));
  return [...new Set([...credits, ...attributions])].filter(Boolean);
}

const fullCredit = ({ title }) => pickText(title);
export const shortCredit = (credit) => credit.short ?? fullCredit(credit);

export function attributionText(store) {
  return creditsOf(store, fullCredit).join("; ");
}
