// What is filtered, in the reader's words: the panel's chips, and a line of the picture.

import { choiceIn, isChosen, withChoice } from "../state/facets.js";
import { isQuery } from "../state/search.js";
import { STATE_DEFAULTS } from "../state/store.js";
import { fieldOf } from "./legend.js";
import { periodText } from "./moments.js";
import { fieldTitle, layerTitle, valueText } from "./names.js";
import { formatNumber, formatQuantity, pickText, t } from "./texts.js";

// All that is filtered by: [{title, words, without}]. `title`: the facet's, where the words alone do not tell it;
// `without()`: the change of the state, as it is by then, that lifts the filter.
export function filtersInWords({ page, state }, facets) {
  const { search, time, undated, facets: chosen } = state;
  const found = [];
  if (isQuery(search)) found.push({ words: t("quoted", { text: search }), without: () => ({ search: "" }) });
  if (time) {
    const words = undated === "hide" ? `${periodText(time)} (${undatedText(undated)})` : periodText(time);
    found.push({ words, without: () => ({ time: null, undated: STATE_DEFAULTS.undated }) });
  }
  for (const facet of facets) {
    const choice = choiceIn(chosen, facet), title = facetTitle(facet);
    const without = (value) => () => {
      const isKept = (other) => other !== value;
      const rest = value === undefined ? null : (choiceIn(state.facets, facet) ?? []).filter(isKept);
      return { facets: withChoice(state.facets, facet.key, rest) };
    };
    if (!isChosen(choice)) continue;
    // Other layers may have a facet of this title: then the layers that it speaks of tell it apart.
    const isAlone = facets.every((other) => other === facet || facetTitle(other) !== title);
    const among = isAlone ? "" : ` (${facet.members.map(({ layer }) => layerTitle(layer)).join(", ")})`;
    if (facet.kind === "flag") found.push({ words: valueTitle(page, facet), without: without() });
    else if (facet.kind === "range") {
      const [from, to] = choice, unit = pickText(facet.field.unit);
      const words = `${title} ${formatNumber(from)}–${formatQuantity(to, unit)}`;
      found.push({ words: words + among, without: without() });
    } else {
      for (const value of choice) {
        found.push({ title, words: valueTitle(page, facet, value) + among, without: without(value) });
      }
    }
  }
  return found;
}

export function undatedText(undated) {
  return [t("undated"), t(`undated_${undated}`)].join(": ");
}

export function facetTitle({ key, field, kind }) {
  return kind === "flag" ? t("filter_sources") : key === "precision" ? t("precision") : fieldTitle(field);
}

export function valueTitle(page, { key, kind, field, values, samples }, value) {
  if (kind === "flag") return t("filter_coordinate_source");
  if (!value) return t("no_value");
  if (key === "precision") return t(`precision_${value}`);
  const sample = samples[values.indexOf(value) + 1];
  return sample ? valueText(page, sample.layer, fieldOf(sample.layer, field.id), sample.feature) : value;
}
