// Facets: the fields that the atlas marks as filters, what can be chosen in each, and what that hides.
//
// Layers that mean the same by a field share one facet. A facet speaks of
// the layers that have its field and leaves the others alone. Nothing chosen is no filter. store.state.facets[key] holds
//   values   the chosen ones, "" for features without a value
//   range    [low, high], both included; features without a number are hidden
//   flag     true

import { PRECISIONS, cellText } from "../data/model.js";
import { FACET_BITS, LAYER_BIT, TIME_BIT, countShown } from "./store.js";

const RANGE_BINS = 24;
const MOST_VALUES = 200; // a text field with more is for the search
const ALL_FACETS = FACET_BITS.reduce((bits, bit) => bits | bit, 0);

// [{key, kind: "values" | "range" | "flag", field, members: [{layer, column, codes}], values, domain}]
// codes: the value, bin or flag of each feature of the layer, as facetCounts counts them.
export function facetsOf(page) {
  const facets = new Map();
  const join = (key, kind, field, layer, column) => {
    if (!facets.has(key)) facets.set(key, { key, kind, field, members: [], values: [] });
    const facet = facets.get(key), own = facet.field.categories;
    facet.members.push({ layer, column });
    if (field.categories) facet.field = { ...facet.field, categories: { ...own, ...field.categories, ...own } };
  };
  for (const layer of page.layers) {
    for (const field of layer.head.fields) {
      const column = field.filter ? layer.column(field.id) : null;
      if (!column) continue;
      const kind = field.type === "number" || field.type === "integer" ? "range" : "values";
      const alike = [...facets.values()].find((facet) => facet.kind === kind && sayTheSame(facet.field, field));
      join(alike?.key ?? (facets.has(field.id) ? `${layer.id}.${field.id}` : field.id), kind, field, layer, column);
    }
  }
  // What every atlas can be asked: how exactly a place is known, and whether a source backs its coordinates.
  const precision = { id: "precision", categories: Object.fromEntries(PRECISIONS.map((value) => [value, {}])) };
  for (const [kind, field] of [["values", precision], ["flag", { id: "geometry_source" }]]) {
    for (const layer of facets.has(field.id) ? [] : page.layers) if (layer.column(field.id)) join(field.id, kind, field, layer, layer.column(field.id));
  }
  const read = { values: readValues, range: readRange, flag: readFlag };
  return [...facets.values()].filter((facet) => read[facet.kind](facet));
}

// Whether two layers mean the same by a field: its name, title and unit, some category that both know, the titles of all such.
function sayTheSame(a, b) {
  const inOrder = (texts) => JSON.stringify(Object.entries(texts ?? {}).sort());
  const isSame = (x, y, part = "title") => inOrder(x?.[part]) === inOrder(y?.[part]);
  const [known, others] = [a.categories ?? {}, Object.keys(b.categories ?? {})];
  const shared = others.filter((value) => Object.hasOwn(known, value));
  return a.id === b.id && isSame(a, b) && isSame(a, b, "unit") && shared.every((value) => isSame(known[value], b.categories[value])) && (shared.length > 0 || !others.length);
}

// Each of these prepares a facet's members for the filter, and says whether there is anything to choose.
function readValues(facet) {
  const found = new Map(); // with the first day of dates
  for (const { layer, column } of facet.members) {
    const cells = column.values ?? Array.from({ length: layer.n }, (_, i) => column.text(i));
    cells.forEach((value, at) => value && found.set(value, column.from?.[at]));
  }
  // Declared values in their order, then the others in theirs. Code 0 = no value, code c = values[c - 1].
  const declared = Object.keys(facet.field.categories ?? {}).filter((value) => found.delete(value));
  if (found.size > MOST_VALUES) return false;
  const { compare } = new Intl.Collator([], { numeric: true });
  facet.values = [...declared, ...[...found.keys()].sort((a, b) => found.get(a) - found.get(b) || compare(a, b))];
  facet.samples = [];
  const codeOf = new Map(facet.values.map((value, at) => [value, at + 1]));
  for (const member of facet.members) {
    const { layer, column } = member;
    const recode = column.codes && Uint16Array.from(["", ...column.values], (value) => codeOf.get(value) ?? 0);
    member.codes = new Uint16Array(layer.n);
    for (let i = 0; i < layer.n; i++) {
      const code = recode ? recode[column.codes[i]] : codeOf.get(column.text(i)) ?? 0;
      member.codes[i] = code;
      // A feature for each value, for the words of the value in the reader's language.
      facet.samples[code] ??= { layer, feature: i };
    }
  }
  return facet.values.length > 0 && facet.values.length <= MOST_VALUES && (facet.key !== "precision" || facet.values.length > 1);
}

function readRange(facet) {
  let low = Infinity, high = -Infinity;
  for (const { layer, column } of facet.members) {
    for (let i = 0; i < layer.n; i++) {
      const number = column.number(i);
      if (number < low) low = number;
      if (number > high) high = number;
    }
  }
  facet.domain = [low, high];
  for (const member of facet.members) {
    const { layer, column } = member;
    member.codes = new Uint8Array(layer.n).fill(RANGE_BINS); // that one: without a number
    for (let i = 0; i < layer.n; i++) {
      const bin = Math.floor(((column.number(i) - low) / (high - low)) * RANGE_BINS);
      if (bin >= 0) member.codes[i] = Math.min(bin, RANGE_BINS - 1);
    }
  }
  return low < high;
}

// As on the card, a place without a source of its own rests on that of its row.
function readFlag({ members }) {
  for (const member of members) {
    const { layer, column } = member;
    const isBacked = (i) => layer.geometry[i] >= 0 && (column.text(i) || cellText(layer, "source", i));
    member.codes = new Uint8Array(layer.n).map((_, i) => (isBacked(i) ? 1 : 0));
  }
  return true;
}

// The bit of a facet in the masks; 0 = nothing is chosen in it. The facets past the last bit share it.
export function facetBit(facets, chosen, key) {
  const active = facets.filter((facet) => isChosen(choiceIn(chosen, facet))).findIndex((facet) => facet.key === key);
  return active < 0 ? 0 : FACET_BITS[Math.min(active, FACET_BITS.length - 1)];
}

// What is chosen in a facet; undefined = nothing. A field of the data may be called as something that every object has.
export function choiceIn(chosen, { key }) {
  return Object.hasOwn(chosen, key) ? chosen[key] : undefined;
}

export function isChosen(choice) {
  return Array.isArray(choice) ? choice.length > 0 : Boolean(choice);
}

// What is chosen in all facets, with this choice in one of them.
export function withChoice(chosen, key, choice) {
  const { [key]: _, ...others } = chosen;
  return isChosen(choice) ? { ...others, [key]: choice } : others;
}

export function filterByFacets(store, facets) {
  store.filter(["facets"], () => {
    const chosen = store.state.facets;
    for (const layer of store.page.layers) {
      const mask = store.mask(layer);
      for (let i = 0; i < mask.length; i++) mask[i] &= ~ALL_FACETS;
    }
    for (const facet of facets) {
      const bit = facetBit(facets, chosen, facet.key);
      if (!bit) continue;
      for (const member of facet.members) {
        const mask = store.mask(member.layer);
        const keeps = keeper(facet, member, choiceIn(chosen, facet));
        for (let i = 0; i < mask.length; i++) if (!keeps(i)) mask[i] |= bit;
      }
    }
  });
}

function keeper({ kind, values }, { codes, column: { number } }, choice) {
  if (kind === "flag") return (i) => codes[i] === 1;
  if (kind === "range") {
    const [low, high] = choice;
    return (i) => number(i) >= low && number(i) <= high;
  }
  const wanted = new Uint8Array(values.length + 1);
  for (const value of choice) if (!value || values.includes(value)) wanted[value ? values.indexOf(value) + 1 : 0] = 1;
  return (i) => wanted[codes[i]] === 1;
}

// How many features each value or bin of a facet would show, whatever is chosen in the facet itself.
export function facetCounts(store, facet, bit) {
  const counts = new Uint32Array({ range: RANGE_BINS + 1, flag: 2 }[facet.kind] ?? facet.values.length + 1);
  for (const { layer, codes } of facet.members) {
    const mask = store.mask(layer);
    for (let i = 0; i < layer.n; i++) if (!(mask[i] & ~bit)) counts[codes[i]]++;
  }
  return facet.kind === "range" ? counts.subarray(0, RANGE_BINS) : counts;
}

// What hides a feature but the switch of its layer: "time", "filters" (the search, too), "" for nothing.
export function hiddenBy(store, layer, i) {
  const bits = store.mask(layer)[i] & ~LAYER_BIT;
  return bits & TIME_BIT ? "time" : bits ? "filters" : "";
}

// {n, of}: features shown, and all of the map.
export function shownOfAll(store) {
  let n = 0, of = 0;
  for (const layer of store.page.layers) {
    n += countShown(store.mask(layer));
    of += layer.n;
  }
  return { n, of };
}

const RANGE_STEPS = 100;

// The round numbers that a handle goes by over [low, high]: {first, last, step}, a step 1, 2 or 5 times a power of ten.
// As decimals are written, without the dust of binary fractions: else the handle stops one step before the last.
export function rangeScale([low, high]) {
  const size = (high - low) / RANGE_STEPS, power = 10 ** Math.floor(Math.log10(size));
  const exact = (value) => Number(value.toPrecision(12));
  const step = exact([5, 2, 1].find((factor) => factor * power <= size * 1.0001) * power);
  return { first: exact(Math.floor(exact(low / step)) * step), last: exact(Math.ceil(exact(high / step)) * step), step };
}
