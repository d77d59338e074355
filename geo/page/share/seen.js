// What a picture or a sheet shows of the map, and what it says of that: filters, legend, sources.

import { LINE_KIND, partRange, vertexRange } from "../data/model.js";
import { worldPieces } from "../data/worlds.js";
import { eachInView, scaled } from "../draw/scene.js";
import { classCodes } from "../draw/styles.js";
import { shownOfAll, shownRows } from "../state/store.js";
import { isFaded } from "../state/time.js";
import { parseSources, shortCitation } from "../words/citations.js";
import { attributionText } from "../words/credits.js";
import { filtersInWords, undatedText } from "../words/filterwords.js";
import { classCounts } from "../words/legend.js";
import { legendParts } from "../words/names.js";
import { formatDate, pickText, t } from "../words/texts.js";
import { sourcesReader } from "./exporting.js";

// What a view does not show of the layers: masks by their ids.
export function unseenIn(scene, view) {
  return Object.fromEntries(scene.entries.map((entry) => {
    const { layer } = entry, mask = new Uint8Array(layer.n).fill(1);
    for (const piece of worldPieces(view).map(scaled)) {
      eachInView(entry, piece, 0, (i) => {
        if (isInView(layer, i, piece)) mask[i] = 0;
      });
    }
    return [layer.id, mask];
  }));
}

// Whether a step of a line comes near a view; of an area its bounds say that.
export function isInView({ pool, geometry }, i, { scale, x, y, width, height }) {
  if (pool.kind(geometry[i]) !== LINE_KIND) return true;
  const meets = (a, b, from, size) => (
    Math.min(a, b) * scale <= from + size && Math.max(a, b) * scale >= from);
  for (let [part, after] = partRange(pool, geometry[i]); part < after; part++) {
    const [from, to] = vertexRange(pool, part);
    for (let v = from + 1; v < to; v++) {
      if (meets(pool.x[v - 1], pool.x[v], x, width) && meets(pool.y[v - 1], pool.y[v], y, height)) return true;
    }
  }
  return false;
}

// "12 of 303 features shown · 2010 · “naryn” · Status: Operating"; "" where nothing is filtered.
export function filterLine(store, facets) {
  const filters = filtersInWords(store, facets).map(({ title, words }) => (title ? `${title}: ${words}` : words));
  return filters.length ? [t("features_shown", shownOfAll(store)), ...filters].join(" · ") : "";
}

// The legend of what is seen of a layer, as legendParts gives it; its scales are whole.
export function partsSeen(layer, unseen, time, factor) {
  const counts = {}, precision = layer.column("precision");
  const isSeen = ({ part, code, precision: wanted }) => {
    if (part) return (counts[part] ??= classCounts(classCodes(layer, part, time), unseen))[code] > 0;
    return !wanted || unseen.some((isUnseen, i) => !isUnseen && precision.text(i) === wanted);
  };
  return legendParts(layer, factor).map((part) => ({ ...part, rows: part.rows.filter(isSeen) }))
    .filter(({ rows }) => rows.some((row) => row.precision !== "exact"));
}

// What stands under the picture: sources of what is shown, credits, edition, why some is faint. unseen: masks of what
// the picture lacks of that.
export function footLines(store, unseen = {}) {
  const { page, state } = store;
  const cells = new Set();
  let hasFaded = false;
  for (const layer of page.layers) {
    const readSources = sourcesReader(layer);
    for (const i of shownRows(store, [layer]).feature) {
      if (unseen[layer.id]?.[i]) continue;
      for (const cell of readSources(i, state.time)) cells.add(cell);
      hasFaded ||= isFaded(layer, i, state);
    }
  }
  const ids = [...cells].flatMap((cell) => parseSources(cell)).map(({ id }) => id).filter((id) => page.sources[id]);
  const cited = new Set(ids.map((id) => shortCitation(page.sources[id].citation)));
  const { atlas } = page.head;
  const dated = atlas.edition && t("about_edition", { date: formatDate(atlas.edition) });
  const faded = hasFaded && `${undatedText(state.undated)}.`;
  return [
    cited.size && `${t("sources")}: ${[...cited].sort().join("; ")}.`,
    attributionText(store) && `${t("about_credits")}: ${attributionText(store)}.`,
    [`${pickText(atlas.title)}.`, dated, faded].filter(Boolean).join(" "),
  ].filter(Boolean);
}
