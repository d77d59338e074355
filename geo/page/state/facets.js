// The fields that the atlas marks as filters, what can be chosen in each, and what that hides.
//
// Layers that mean the same by a field share one facet. A facet speaks of the layers that have its field and leaves the
// others alone. Nothing chosen is no filter. store.state.facets[key] holds
//   values   the chosen ones, "" for features without a value
//   range    [low, high], both included; features without a number are hidden
//   flag     true

import { PRECISIONS, cellText, cellsOf } from "../data/model.js";
import { roundBelow } from "../data/numbers.js";
import { madeOnce } from "../data/once.js";
import { FACET_BITS } from "./store.js";

const RANGE_BINS = 24;
const MOST_VALUES = 200; // a text field with more is for the search
const RANGE_STEPS = 100; // of its handles
const ALL_FACETS = FACET_BITS.reduce((bits, bit) => bits | bit, 0);

// [{key, kind: "values" | "range" | "flag", field, members: [{layer, column, codes}], values, domain}]
// codes: the value, bin or flag of each feature of the layer, as facetCounts counts them.
export function facetsOf(page) {
  const facets = new Map();
  const join = (key, kind, field, layer) => {
    if (!layer.column(field.id)) return;
    const facet = madeOnce(facets, key, () => ({ key, kind, field, members: [], values: [] }));
    const own = facet.field.categories;
    facet.members.push({ layer, column: layer.column(field.id) });
    if (field.categories) facet.field = { ...facet.field, categories: { ...own, ...field.categories, ...own } };
  };
  for (const layer of page.layers) {
    for (const field of layer.head.fields.filter(({ filter }) => filter)) {
      const kind = field.type === "number" || field.type === "integer" ? "range" : "values";
      const alike = [...facets.values()].find((facet) => facet.kind === kind && sayTheSame(facet.field, field));
      join(alike?.key ?? (facets.has(field.id) ? `${layer.id}.${field.id}` : field.id), kind, field, layer);
    }
  }
  // What every atlas can be asked: how exactly a place is known, and whether a source backs its coordinates.
  const precision = { id: "precision", categories: Object.fromEntries(PRECISIONS.map((value) => [value, {}])) };
  for (const [kind, field] of [["values", precision], ["flag", { id: "geometry_source" }]]) {
    if (!facets.has(field.id)) page.layers.forEach((layer) => join(field.id, kind, field, layer));
  }
  const read = { values: readValues, range: readRange, flag: readFlag };
  return [...facets.values()].filter((facet) => read[facet.kind](facet));
}

// Whether two layers mean the same by a field: its name, title and unit, some category that both know, the titles of
// all such.
function sayTheSame(a, b) {
  const written = (x) => JSON.stringify(Object.entries(x ?? {}).sort());
  const isSame = (x, y) => written(x) === written(y);
  const known = a.categories ?? {}, others = Object.entries(b.categories ?? {});
  const shared = others.filter(([value]) => Object.hasOwn(known, value));
  return a.id === b.id && isSame(a.title, b.title) && isSame(a.unit, b.unit) && (shared.length > 0 || !others.length)
    && shared.every(([value, { title }]) => isSame(known[value].title, title));
}

// Each of these prepares a facet's members for the filter, and says whether there is anything to choose.
function readValues(facet) {
  const found = new Map(); // with the first day of dates
  for (const { layer, column } of facet.members) {
    cellsOf(column, layer.n).forEach((value, at) => value && found.set(value, column.from?.[at]));
  }
  // Declared values in their order, then dates in theirs; the rest as found, the first `inOrder` excepted: what they
  // are called depends on the reader's language. Code 0 = no value, code c = values[c - 1].
  const declared = Object.keys(facet.field.categories ?? {}).filter((value) => found.delete(value));
  if (declared.length + found.size > MOST_VALUES) return false;
  facet.values = [...declared, ...[...found.keys()].sort((a, b) => found.get(a) - found.get(b) || 0)];
  facet.inOrder = facet.members.some(({ column }) => column.from) ? facet.values.length : declared.length;
  facet.samples = [];
  const codeOf = new Map(facet.values.map((value, at) => [value, at + 1]));
  for (const member of facet.members) {
    const { layer, column } = member;
    const recoded = column.codes && Uint16Array.from(["", ...column.values], (value) => codeOf.get(value) ?? 0);
    member.codes = new Uint16Array(layer.n);
    for (let i = 0; i < layer.n; i++) {
      const code = member.codes[i] = recoded ? recoded[column.codes[i]] : codeOf.get(column.text(i)) ?? 0;
      // A feature for each value, for the words of the value in the reader's language.
      facet.samples[code] ??= { layer, feature: i };
    }
  }
  return facet.values.length > (facet.key === "precision" ? 1 : 0);
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
    member.codes = new Uint8Array(layer.n).map((_, i) => {
      const bin = Math.floor(((column.number(i) - low) / (high - low)) * RANGE_BINS);
      return bin >= 0 ? Math.min(bin, RANGE_BINS - 1) : RANGE_BINS; // that one: without a number
    });
  }
  return low < high;
}

// As on the card, a place without a source of its own rests on that of its row.
function readFlag({ members }) {
  for (const member of members) {
    const { layer, column } = member;
    const isSourced = (_, i) => layer.geometry[i] >= 0 && (column.text(i) || cellText(layer, "source", i)) !== "";
    member.codes = new Uint8Array(layer.n).map(isSourced);
  }
  return true;
}

// The bit of a facet in the masks; 0 = nothing is chosen in it. The facets past the last bit share it.
export function facetBit(facets, chosen, key) {
  const active = facets.filter((facet) => isChosen(choiceIn(chosen, facet))).findIndex((facet) => facet.key === key);
  return active < 0 ? 0 : FACET_BITS[Math.min(active, FACET_BITS.length - 1)];
}

// What is chosen in a facet; undefined = nothing. A field may be called as something that every object has.
export function choiceIn(chosen, { key }) {
  return Object.hasOwn(chosen, key) ? chosen[key] : undefined;
}

export function isChosen(choice) {
  return Array.isArray(choice) ? choice.length > 0 : Boolean(choice);
}

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
      for (const member of bit ? facet.members : []) {
        const mask = store.mask(member.layer), keeps = keeper(facet, member, choiceIn(chosen, facet));
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
  const wanted = ["", ...values].map((value) => choice.includes(value));
  return (i) => wanted[codes[i]];
}

// How many features each value or bin of a facet would show, whatever is chosen in the facet itself.
export function facetCounts(store, facet, bit) {
  const counts = new Uint32Array({ range: RANGE_BINS, flag: 1, values: facet.values.length }[facet.kind] + 1);
  for (const { layer, codes } of facet.members) {
    const mask = store.mask(layer);
    for (let i = 0; i < layer.n; i++) if (!(mask[i] & ~bit)) counts[codes[i]]++;
  }
  return facet.kind === "range" ? counts.subarray(0, RANGE_BINS) : counts;
}

// Of the n values that most features have, whatever is hidden.
export function frequentCodes(store, facet, n) {
  const counts = facetCounts(store, facet, ~0);
  return [...counts.keys()].slice(1).sort((a, b) => counts[b] - counts[a]).slice(0, n);
}

// The round numbers that a handle goes by over [low, high]: {first, last, step}, a step 1, 2 or 5 times a power of ten.
// As decimals are written, without the dust of binary fractions: else the handle stops one step before the last.
export function rangeScale([low, high]) {
  const exact = (value) => Number(value.toPrecision(12));
  const step = exact(roundBelow(((high - low) / RANGE_STEPS) * 1.0001));
  const first = exact(Math.floor(exact(low / step)) * step);
  const last = exact(Math.ceil(exact(high / step)) * step);
  return { first, last, step };
}
