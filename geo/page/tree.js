// The layer tree: groups and layers as native checkboxes in nested lists, each layer's legend in its own row.

import { element, fill } from "./dom.js";
import { icon } from "./icons.js";
import {
  classCounts, classEntries, fieldOf, groupLayers, groupState, precisionEntries, scaleEntries, withLayers,
} from "./legend.js";
import { classTitle, fieldTitle, layerTitle, nameOf } from "./names.js";
import { LAYER_BIT, countShown } from "./store.js";
import { classStyle } from "./styles.js";
import { swatchSvg } from "./symbols.js";
import { formatQuantity, pickText, t } from "./texts.js";

const OPACITY_STEP = 0.05;

// `actions`: {select(selection), zoomTo(target)}. Gives {write, update(changed)}.
export function createTree(store, slot, actions, notices) {
  const { page } = store;
  const groups = groupLayers(page);
  const folded = new Set();
  const unfolded = new Set(); // layers whose options are open
  let rows = [];
  let beforeSolo = null;

  function write() {
    const one = groups.length === 1 && !groups[0].group;
    rows = [];
    const items = groups.map((entry) => (entry.group ? groupItem(entry) : entry.layers.map(layerItem)));
    fill(slot, element("div", { class: "geo-tree-bar" },
      linkButton(t("layers_all"), () => setShown(page.layers.map((layer) => layer.id))),
      linkButton(t("layers_none"), () => setShown([])),
      !one && linkButton(t("layers_collapse"), foldAll),
    ), element("ul", { class: "geo-tree" }, items));
    update();
  }

  function groupItem({ group, layers }) {
    const title = pickText(group.title);
    const list = element("ul", { class: "geo-tree-list", hidden: folded.has(group.id) }, layers.map(layerItem));
    const twist = element("button", {
      class: "geo-button geo-twist", type: "button", "aria-expanded": String(!folded.has(group.id)), "aria-label": title,
      onclick: () => {
        setFolded(group.id, !folded.has(group.id), twist, list);
      },
    }, icon("chevron"));
    const box = element("input", {
      type: "checkbox", onchange: () => setShown(withLayers(store.state.shown, layers, groupState(layers, store.state.shown) !== "on")),
    });
    const count = element("span", { class: "geo-count" });
    rows.push({ update: () => {
      const state = groupState(layers, store.state.shown);
      box.checked = state === "on";
      box.indeterminate = state === "mixed";
      writeCount(count, layers);
    } });
    return element("li", { class: "geo-group" },
      element("div", { class: "geo-row geo-group-row" }, twist,
        element("label", { class: "geo-row-label" }, box, element("span", { class: "geo-group-title" }, title)), count),
      list);
  }

  function setFolded(id, fold, twist, list) {
    if (fold) folded.add(id);
    else folded.delete(id);
    twist.setAttribute("aria-expanded", String(!fold));
    list.hidden = fold;
  }

  function foldAll() {
    const all = groups.filter(({ group }) => group).map(({ group }) => group.id);
    const open = all.some((id) => !folded.has(id));
    for (const id of all) if (open) folded.add(id);
      else folded.delete(id);
    write();
  }

  function layerItem(layer) {
    const title = layerTitle(layer);
    const box = element("input", {
      type: "checkbox",
      onchange: () => setShown(withLayers(store.state.shown, [layer], !store.state.shown.includes(layer.id))),
    });
    const count = element("span", { class: "geo-count" });
    const legend = legendList(layer);
    const options = layerOptions(layer, title);
    const more = element("button", {
      class: "geo-button geo-row-more", type: "button", "aria-expanded": String(unfolded.has(layer.id)),
      "aria-label": t("layer_options", { layer: title }), title: t("layer_options", { layer: title }),
      onclick: () => {
        const open = !unfolded.has(layer.id);
        if (open) unfolded.add(layer.id);
        else unfolded.delete(layer.id);
        more.setAttribute("aria-expanded", String(open));
        options.node.hidden = !open;
      },
    }, icon("more"));
    const item = element("li", { class: "geo-layer" },
      element("div", { class: "geo-row" },
        element("label", { class: "geo-row-label" }, box,
          element("span", { class: "geo-symbol" }, layerSwatch(layer)), element("span", {}, title)),
        more, count),
      options.node, legend.node);
    rows.push({ update: () => {
      const on = store.state.shown.includes(layer.id);
      box.checked = on;
      item.classList.toggle("geo-layer-off", !on);
      legend.node.hidden = !on || !legend.node.childElementCount;
      writeCount(count, [layer]);
      if (on) legend.update();
      options.update();
    } });
    return item;
  }

  function layerOptions(layer, title) {
    const solo = element("button", { class: "geo-button geo-button-text", type: "button", onclick: () => toggleSolo(layer) },
      t("layer_solo"));
    const opacity = element("input", {
      class: "geo-range", type: "range", min: 0, max: 1, step: OPACITY_STEP, "aria-label": t("layer_opacity_of", { layer: title }),
      oninput: () => store.set({ opacity: { ...store.state.opacity, [layer.id]: Number(opacity.value) } }),
    });
    const description = pickText(layer.head.description);
    const attribution = pickText(layer.head.attribution);
    const node = element("div", { class: "geo-options", hidden: !unfolded.has(layer.id) },
      description && element("p", {}, description),
      element("div", { class: "geo-options-bar" }, solo,
        element("button", { class: "geo-button geo-button-text", type: "button", onclick: () => actions.zoomTo(layer.id) }, t("layer_zoom")),
        element("label", { class: "geo-opacity" }, element("span", {}, t("layer_opacity")), opacity)),
      attribution && element("p", { class: "geo-fine" }, attribution));
    const update = () => {
      const alone = isSolo(layer);
      solo.setAttribute("aria-pressed", String(alone));
      opacity.value = store.state.opacity[layer.id] ?? 1;
    };
    return { node, update };
  }

  function legendList(layer) {
    const { style } = layer.head;
    const entries = classEntries(layer);
    const counted = [];
    const parts = [];
    for (const part of ["color", "shape", "dash"]) {
      const own = entries.filter((entry) => entry.part === part);
      if (!own.length) continue;
      const { by } = style[part];
      const items = own.map((entry) => {
        const count = element("span", { class: "geo-count" });
        const item = legendRow(layer, entry.pick, classTitle(layer, by, entry.label), count);
        counted.push({ ...entry, count, item });
        return item;
      });
      parts.push(legendPart(legendHeading(layer, by), items));
    }
    for (const { by, ticks } of scaleEntries(layer)) {
      const field = fieldOf(layer, by);
      const items = ticks.map(({ pick, value }) => legendRow(layer, pick, formatQuantity(value, pickText(field?.unit), field?.decimals)));
      if (items.length) parts.push(legendPart(fieldTitle(field) || by, items, "geo-legend-scale"));
    }
    const precise = precisionEntries(layer);
    if (precise.length > 1 || (precise.length && precise[0].precision !== "exact")) {
      parts.push(legendPart(t("precision"), precise.map(({ precision, pick }) => legendRow(layer, pick, t(`precision_${precision}`)))));
    }
    if (layer.head.unlocated) parts.push(unlocatedList(layer));
    const node = element("div", { class: "geo-legend" }, parts);
    return { node, update: () => updateLegend(layer, counted) };
  }

  function updateLegend(layer, counted) {
    const countsOf = {};
    for (const { part, code, count, item } of counted) {
      if (!layer[part] || layer.head.style[part].kind === "series") continue;
      countsOf[part] ??= classCounts(layer[part], store.mask(layer), LAYER_BIT);
      const n = countsOf[part][code];
      count.textContent = t("count", { n });
      item.classList.toggle("geo-legend-none", n === 0);
    }
  }

  function legendHeading(layer, by) {
    const field = fieldOf(layer, by);
    const unit = pickText(field?.unit);
    return unit ? `${fieldTitle(field)}, ${unit}` : fieldTitle(field) || by;
  }

  // Features with no place on the map stay reachable: a list that opens their cards.
  function unlocatedList(layer) {
    const items = [];
    for (let i = 0; i < layer.n; i++) {
      if (layer.geometry[i] >= 0) continue;
      const { text, language } = nameOf(page, layer, i);
      items.push(element("li", {}, element("button", {
        class: "geo-link-button", type: "button", lang: language, onclick: () => actions.select({ layer: layer.id, feature: i }),
      }, text)));
    }
    return element("details", { class: "geo-unlocated" },
      element("summary", {}, t("not_located", { n: items.length })), element("ul", {}, items));
  }

  function writeCount(node, layers) {
    let n = 0, of = 0;
    for (const layer of layers) {
      n += countShown(store.mask(layer), LAYER_BIT);
      of += layer.n;
    }
    node.textContent = n === of ? t("count", { n }) : t("count_of", { n, of });
  }

  function isSolo(layer) {
    return store.state.shown.length === 1 && store.state.shown[0] === layer.id;
  }

  // Alone on the map; pressed again, what was there before comes back.
  function toggleSolo(layer) {
    if (isSolo(layer)) return setShown(beforeSolo ?? page.layers.map(({ id }) => id));
    beforeSolo = store.state.shown;
    return setShown([layer.id]);
  }

  function setShown(shown) {
    store.set({ shown });
    notices.say(t("layers_on", { n: shown.length, of: page.layers.length }));
  }

  function update() {
    for (const row of rows) row.update();
  }

  return { write, update };
}

function linkButton(text, onclick) {
  return element("button", { class: "geo-link-button", type: "button", onclick }, text);
}

function legendPart(title, items, extra = "") {
  return element("div", { class: `geo-legend-part ${extra}` },
    element("p", { class: "geo-legend-title" }, title), element("ul", {}, items));
}

function legendRow(layer, pick, words, count = null) {
  return element("li", { class: "geo-legend-row" },
    element("span", { class: "geo-symbol" }, classSwatch(layer, pick)),
    element("span", { class: "geo-legend-words" }, words), count);
}

// A class that does not speak of colour is drawn in the ink of the text, where colour tells something else.
function classSwatch(layer, pick) {
  const { kind, style } = layer.head;
  const look = classStyle(layer.head, pick);
  const shape = kind === "mixed" ? "polygon" : kind;
  if (!style.color || pick.color !== undefined) return swatchSvg(shape, look);
  return swatchSvg(shape, { ...look, color: "currentColor" }, { palette: { hollow: "none" } });
}

export function layerSwatch(layer) {
  return classSwatch(layer, {});
}
