// The names that the basemap has on the map, found as features are. They lead there and filter nothing.

import { readColumn } from "../data/columns.js";
import { languagesRead } from "../data/model.js";
import { foldText, isQuery, wordsIn } from "./search.js";

const MOST_PLACES = 5; // listed

// The places of a basemap: [{kind, x, y (world units), zoom, lastZoom: from and up to which it is named, names:
// {language: name}}]
export function readPlaces({ head: { labels }, buffer }) {
  const column = (name) => readColumn(buffer, labels.columns[name]);
  const numbers = ["kind", "x", "y", "zoom", "last_zoom"].map(column);
  const texts = labels.languages.map((code, k) => [code, column(k ? `name_${code}` : "name")]);
  return Array.from({ length: labels.n }, (_, i) => {
    const [kind, x, y, zoom, lastZoom] = numbers.map((values) => values.number(i));
    const names = Object.fromEntries(texts.map(([code, values]) => [code, values.text(i)]));
    return { kind, x, y, zoom, lastZoom, names };
  });
}

// Where a reader's languages have no name, the English one.
export function nameIn(names, language) {
  return names[languagesRead(language).find((code) => names[code]) ?? "en"];
}

// places: as readPlaces gives them. Gives find(query): those with a name, in whatever language, whose words begin with
// all words of the query, written apart, together or with hyphens; first those that are named from afar.
export function createGazetteer(places) {
  // Once for all zooms.
  const known = new Map(places.map((place) => [`${place.kind} ${place.names.en} ${place.x >> 20}`, place]));
  const sorted = [...known.values()].sort((a, b) => a.zoom - b.zoom);
  const spelled = (name) => ` ${name} ${name.replace(/\s/g, "")}`;
  const textOf = ({ names }) => Object.values(names).map(foldText).map(spelled).join("");
  let texts = null;
  return {
    find(query) {
      if (!isQuery(query)) return [];
      texts ??= sorted.map(textOf);
      const words = wordsIn(query).map(({ text }) => text), whole = words.join("");
      const isNamed = (text) => words.every((word) => text.includes(` ${word}`)) || text.includes(` ${whole}`);
      return sorted.filter((_, i) => isNamed(texts[i])).slice(0, MOST_PLACES);
    },
  };
}
