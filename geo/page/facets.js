// Facets: the fields that the atlas marks as filters, what can be chosen in each, and what that hides.
//
// A field of the same id, type and title in several layers is one facet. A facet speaks of the layers that have its field
// and leaves the others alone. Nothing chosen is no filter. store.state.facets[key] holds
//   values   the chosen ones, "" for features without a value
//   range    [low, high], both included; features without a number are hidden
//   flag     true

import { FACET_BITS, countShown } from "./store.js";
import { PRECISIONS } from "./symbols.js";

const RANGE_BINS = 24;
const MOST_VALUES = 200; // a text field with more is for the search
const ALL_FACETS = FACET_BITS.reduce((bits, bit) => bits | bit, 0);

// [{key, kind: "values" | "range" | "flag", field, members: [{layer, codes or number}], values, domain}]
export function facetsOf(page) {
  const facets = new Map();
  for (const layer of page.layers) {
    for (const field of layer.head.fields) {
      const column = field.filter ? layer.column(field.id) : null;
      if (!column) continue;
      const kind = field.type === "number" || field.type === "integer" ? "range" : "values";
      const shared = facets.get(field.id);
      const joins = !shared || (shared.kind === kind && JSON.stringify(shared.field.title) === JSON.stringify(field.title));
      const key = joins ? field.id : `${layer.id}.${field.id}`;
      if (!facets.has(key)) facets.set(key, { key, kind, field, members: [], values: [] });
      addMember(facets.get(key), layer, column, field);
    }
  }
  const found = [...facets.values()].filter(({ kind, values, domain }) => (kind === "range" ? domain[0] < domain[1] : values.length > 0 && values.length <= MOST_VALUES));
  return [...found, ...ownFacets(page)];
}

function addMember(facet, layer, column, field) {
  if (facet.kind === "range") {
    const [low, high] = facet.domain ?? [Infinity, -Infinity];
    facet.domain = [low, high];
    for (let i = 0; i < layer.n; i++) {
      const number = column.number(i);
      if (number < facet.domain[0]) facet.domain[0] = number;
      if (number > facet.domain[1]) facet.domain[1] = number;
    }
    facet.members.push({ layer, number: column.number });
    return;
  }
  // Declared values come in their order, others as they are met. Code 0 = no value, code c = values[c - 1].
  const at = new Map(facet.values.map((value, index) => [value, index + 1]));
  const codeOf = (value) => {
    if (value && !at.has(value)) at.set(value, facet.values.push(value));
    return value ? at.get(value) : 0;
  };
  const present = new Set(column.values ?? Array.from({ length: layer.n }, (_, i) => column.text(i)));
  for (const value of Object.keys(field.categories ?? {})) if (present.has(value)) codeOf(value);
  const recode = column.codes ? Uint16Array.from(["", ...column.values], codeOf) : null;
  const codes = Uint16Array.from({ length: layer.n }, (_, i) => (recode ? recode[column.codes[i]] : codeOf(column.text(i))));
  facet.members.push({ layer, codes });
}

// What every atlas can be asked: how exactly a place is known, and whether a source backs its coordinates.
function ownFacets(page) {
  const precision = { key: "precision", kind: "values", field: { id: "precision" }, members: [], values: [] };
  const backed = { key: "geometry_source", kind: "flag", field: { id: "geometry_source" }, members: [], values: [] };
  for (const layer of page.layers) {
    const column = layer.column("precision");
    if (column) addMember(precision, layer, column, { categories: Object.fromEntries(PRECISIONS.map((value) => [value, {}])) });
    const source = layer.column("geometry_source");
    if (source) backed.members.push({ layer, codes: Uint8Array.from({ length: layer.n }, (_, i) => (source.text(i) ? 1 : 0)) });
  }
  return [precision, backed].filter(({ members, values, kind }) => members.length && (kind === "flag" || values.length > 1));
}

// The bit of a facet in the masks; 0 = nothing is chosen in it. The facets past the last bit share it.
export function facetBit(facets, chosen, key) {
  const active = facets.filter((facet) => isChosen(chosen[facet.key])).findIndex((facet) => facet.key === key);
  return active < 0 ? 0 : FACET_BITS[Math.min(active, FACET_BITS.length - 1)];
}

export function isChosen(choice) {
  return Array.isArray(choice) ? choice.length > 0 : Boolean(choice);
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
        const keeps = keeper(facet, member, chosen[facet.key]);
        for (let i = 0; i < mask.length; i++) if (!keeps(i)) mask[i] |= bit;
      }
    }
  });
}

function keeper({ kind, values }, { codes, number }, choice) {
  if (kind === "flag") return (i) => codes[i] === 1;
  if (kind === "range") {
    const [low, high] = choice;
    return (i) => number(i) >= low && number(i) <= high;
  }
  const wanted = new Uint8Array(values.length + 1);
  for (const value of choice) wanted[value ? values.indexOf(value) + 1 : 0] = value && !values.includes(value) ? 0 : 1;
  return (i) => wanted[codes[i]] === 1;
}

// How many features each value or bin of a facet would show, whatever is chosen in the facet itself.
export function facetCounts(store, facet, bit) {
  const { kind, domain } = facet;
  const counts = new Uint32Array(kind === "range" ? RANGE_BINS : kind === "flag" ? 2 : facet.values.length + 1);
  for (const { layer, codes, number } of facet.members) {
    const mask = store.mask(layer);
    for (let i = 0; i < layer.n; i++) {
      if (mask[i] & ~bit) continue;
      const at = kind === "range" ? Math.floor(((number(i) - domain[0]) / (domain[1] - domain[0])) * RANGE_BINS) : codes[i];
      if (at >= 0) counts[Math.min(at, counts.length - 1)]++;
    }
  }
  return counts;
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
