// The names that the basemap has on the map, found as features are. They lead there and filter nothing.

import { foldText, isQuery, wordsIn } from "./search.js";

const MOST_PLACES = 5; // listed

// places: [{kind, x, y, zoom, names: {language: name}}]. Gives find(query): those with a name, in whatever language, whose
// words begin with all words of the query, written apart, together or with hyphens; first those that are named from afar.
export function createGazetteer(places) {
  const known = new Map(places.map((place) => [`${place.kind} ${place.names.en} ${place.x >> 20}`, place])); // once for all zooms
  const sorted = [...known.values()].sort((a, b) => a.zoom - b.zoom);
  let texts = null;
  return {
    find(query) {
      if (!isQuery(query)) return [];
      texts ??= sorted.map(({ names }) => Object.values(names).map(foldText).map((name) => ` ${name} ${name.replace(/\s/g, "")}`).join(""));
      const words = wordsIn(query).map(({ text }) => text), whole = words.join("");
      const isNamed = (text) => words.every((word) => text.includes(` ${word}`)) || text.includes(` ${whole}`);
      return sorted.filter((_, i) => isNamed(texts[i])).slice(0, MOST_PLACES);
    },
  };
}
