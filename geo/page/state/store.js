// The one state of the page and the one mask that everything obeys: map, tree, counts, table, search, export.
//
// mask: a Uint32Array per layer, one integer a feature, one bit per active filter; 0 = the feature is shown.
// Bit 0 is the layer's switch, bit 1 time, bit 2 search, bits 3.. the facets: so what one facet would show
// can be counted with the facet itself left out (mask & ~bit).

export const LAYER_BIT = 1;
export const TIME_BIT = 2;
export const SEARCH_BIT = 4;
export const FACET_BITS = Array.from({ length: 28 }, (_, i) => 8 << i);

// What a link holds.
export const STATE_DEFAULTS = {
  shown: [],          // ids of the layers that are on
  opacity: {},        // layer id -> 0..1, where it is not 1
  order: null,        // ids of all layers, bottom first, where the reader changed it
  time: null,         // null = everything; else {from, to}: first and last day shown (days since 1970-01-01);
                      // isPeriod where a reader chose both
  undated: "fade",    // "show" | "fade" | "hide": features without dates while the time filter is on
  facets: {},         // field key ("layer.field" or a shared field id) -> what the facet module keeps
  search: "",
  selection: null,    // {layer: id, feature: index}
  step: null,         // id of the story's step
  language: "en",
  theme: "auto",      // "auto" | "light" | "dark"
};

// Of this visit, not in links.
const VISIT_DEFAULTS = {
  stack: [],          // all features under the last press on the map, that of the card among them
  hover: null,        // the feature under the pointer
  dark: false,        // whether the theme is dark, as `theme` or the system says
  measuring: false,   // whether presses on the map measure
};

// The map, panels and URL listen to the store, none of them calls another.
export function createStore(page, initial = {}) {
  const state = { ...STATE_DEFAULTS, ...VISIT_DEFAULTS, shown: shownAtFirst(page), ...initial };
  const masks = page.layers.map((layer) => new Uint32Array(layer.n));
  const listeners = [], filters = [];
  const store = {
    page,
    state,
    mask: (layer) => masks[layer.index],
    revision: 0, // counts the changes of the masks
    // `apply` sets bits in the masks, and gives false where that left them as they were.
    filter(keys, apply) {
      filters.push({ keys, apply });
      apply();
    },
    listen: (listener) => listeners.push(listener),
    set(patch) {
      const changed = Object.keys(patch).filter((key) => patch[key] !== state[key]);
      if (!changed.length) return;
      Object.assign(state, patch);
      for (const { keys, apply } of filters) {
        if (keys.some((key) => changed.includes(key)) && apply() !== false) store.revision++;
      }
      for (const listener of listeners) listener(changed, state);
    },
  };
  return store;
}

// hiddenIn(layer) says what the filter hides of a layer: i => whether feature i, true or false for all or none.
export function filterByBit(store, keys, bit, hiddenIn) {
  store.filter(keys, () => {
    let changes = 0;
    for (const layer of store.page.layers) changes |= setMaskBit(store.mask(layer), bit, hiddenIn(layer));
    return changes !== 0;
  });
}

function setMaskBit(mask, bit, hidden) {
  const isHidden = typeof hidden === "function" ? hidden : () => hidden;
  let changes = 0;
  for (let i = 0; i < mask.length; i++) {
    const before = mask[i];
    mask[i] = isHidden(i) ? before | bit : before & ~bit;
    changes |= before ^ mask[i];
  }
  return changes;
}

// `ignore`: bits that do not count.
export function countShown(mask, ignore = 0) {
  let shown = 0;
  for (let i = 0; i < mask.length; i++) if (!(mask[i] & ~ignore)) shown++;
  return shown;
}

// What hides a feature but the switch of its layer: "time", "filters" (the search, too), "" for nothing.
export function hiddenBy(store, layer, i) {
  const bits = store.mask(layer)[i] & ~LAYER_BIT;
  return bits & TIME_BIT ? "time" : bits ? "filters" : "";
}

// {n, of}: the features of some layers that are shown, and all of them.
export function shownOf(store, layers, ignore) {
  let n = 0, of = 0;
  for (const layer of layers) {
    n += countShown(store.mask(layer), ignore);
    of += layer.n;
  }
  return { n, of };
}

export function shownOfAll(store) {
  return shownOf(store, store.page.layers);
}

// {n, layers, of: of each shown feature the index of its layer, feature}.
export function shownRows(store, layers, ignore = 0) {
  const { n } = shownOf(store, layers, ignore);
  const rows = { n, layers, of: new Uint16Array(n), feature: new Uint32Array(n) };
  let row = 0;
  layers.forEach((layer, at) => {
    const mask = store.mask(layer), first = row;
    for (let i = 0; i < layer.n; i++) if (!(mask[i] & ~ignore)) rows.feature[row++] = i;
    rows.of.fill(at, first, row);
  });
  return rows;
}

// The layers that the map opens with.
export function shownAtFirst({ layers }) {
  return layers.filter(({ head }) => head.shown).map(({ id }) => id);
}

// Bottom first: in the map's own order, or as the reader has put them.
export function orderedLayers({ page, state: { order } }) {
  return order ? [...page.layers].sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id)) : [...page.layers];
}

export function shownLayers(store) {
  return orderedLayers(store).filter(({ id }) => store.state.shown.includes(id));
}

// 0..1. A layer may be called as something that every object has.
export function opacityOf({ opacity }, { id }) {
  return Object.hasOwn(opacity, id) ? opacity[id] : 1;
}

export function filterByLayer(store) {
  filterByBit(store, ["shown"], LAYER_BIT, ({ id }) => !store.state.shown.includes(id));
}
