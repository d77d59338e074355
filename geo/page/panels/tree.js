// The layer tree: groups and layers as native checkboxes in nested lists, each layer's legend in its own row.

import { classCodes } from "../draw/styles.js";
import { classSwatch, layerSwatch } from "../draw/swatches.js";
import { checkRow, iconButton, linkButton, textButton } from "../elements/controls.js";
import { element, fill, holdFocus, setAttributes } from "../elements/dom.js";
import { LAYER_BIT, countShown, opacityOf, orderedLayers, shownAtFirst, shownOf } from "../state/store.js";
import { classCounts, groupLayers, groupState, withLayers } from "../words/legend.js";
import { latestText, layerTitle, legendParts, nameOf, spokenIn, textElement } from "../words/names.js";
import { pickText, t } from "../words/texts.js";

const OPACITY_STEP = 0.05;

// Each part of the tree says in `updates` how it follows the state.
export function createTree(store, slot, camera, actions, notices) {
  const { page, state } = store, { groups } = page.head;
  const folded = new Set(page.layers); // groups, and layers as to their options
  const foldAllButton = linkButton("", foldAll);
  let updates = [];
  let swatches = []; // draw the symbol of a class
  let written = null; // the order of the layers
  let beforeSolo = null;

  function write() {
    written = state.order;
    updates = [];
    swatches = [];
    const giveFocus = holdFocus(slot);
    const entries = groupLayers(orderedLayers(store), groups);
    const items = entries.map((entry) => (entry.group ? groupItem(entry) : entry.layers.map(layerItem)));
    fill(slot,
      element("div.geo-tree-bar",
        linkButton(t("layers_all"), () => setShown(page.layers.map(({ id }) => id))),
        linkButton(t("layers_none"), () => setShown([])),
        groups.length > 0 && foldAllButton),
      element("ul.geo-tree", items));
    giveFocus();
    update();
  }

  function update() {
    if (written !== state.order) return write();
    foldAllButton.textContent = t(areFolded() ? "layers_expand" : "layers_collapse");
    return updates.forEach((each) => each());
  }

  const areFolded = () => groups.every((group) => folded.has(group));

  function foldAll() {
    const change = areFolded() ? "delete" : "add";
    for (const group of groups) folded[change](group);
    update();
  }

  const isOn = ({ id }) => state.shown.includes(id);

  function treeItem(kind, layers, ...content) {
    const item = element(`li.geo-${kind}`, content);
    updates.push(() => item.classList.toggle(`geo-${kind}-off`, !layers.some(isOn)));
    return item;
  }

  // A button that folds what `folded` has under a key away, and back.
  function foldButton(name, className, words, node, key) {
    const fold = () => {
      if (!folded.delete(key)) folded.add(key);
      update();
    };
    const button = iconButton(name, words, fold, { class: className });
    updates.push(() => {
      node.hidden = folded.has(key);
      setAttributes(button, { "aria-expanded": !node.hidden });
    });
    return button;
  }

  function shownBox(layers, ...words) {
    const label = checkRow((on) => setShown(withLayers(state.shown, layers, on)), {}, words);
    updates.push(() => {
      const on = groupState(layers, state.shown);
      Object.assign(label.control, { checked: on === "on", indeterminate: on === "mixed" });
    });
    return label;
  }

  function shownCount(layers) {
    const count = element("span.geo-count");
    updates.push(() => {
      const { n, of } = shownOf(store, layers, LAYER_BIT);
      count.textContent = t(n === of ? "count" : "count_of", { n, of });
    });
    return count;
  }

  function groupItem({ group, layers }) {
    const title = pickText(group.title), list = element("ul", layers.map(layerItem));
    const twist = foldButton("chevron", "geo-twist", t("group_layers", { group: title }), list, group);
    const box = shownBox(layers, element("strong", title));
    return treeItem("group", layers,
      element("div.geo-row.geo-group-row", twist, box, shownCount(layers)), list);
  }

  function layerItem(layer) {
    const title = layerTitle(layer), options = optionsOf(layer, title);
    const box = shownBox([layer], element("span.geo-symbol", layerSwatch(layer)), element("span", title));
    const more = foldButton("more", "geo-row-more", t("layer_options", { layer: title }), options, layer);
    return treeItem("layer", [layer], element("div.geo-row", box, more, shownCount([layer])), options, legendOf(layer));
  }

  function optionsOf(layer, title) {
    const { description, attribution } = layer.head;
    const solo = textButton(t("layer_solo"), () => toggleSolo(layer));
    const opacity = element("input", {
      type: "range", min: 0, max: 1, step: OPACITY_STEP, "aria-label": t("layer_opacity_of", { layer: title }),
      oninput: () => store.set({ opacity: { ...state.opacity, [layer.id]: Number(opacity.value) } }),
    });
    updates.push(() => {
      setAttributes(solo, { "aria-pressed": isSolo(layer) });
      opacity.value = opacityOf(state, layer);
    });
    return element("div.geo-options",
      textElement("p", description),
      element("div.geo-options-bar", solo,
        textButton(t("layer_zoom"), () => camera.zoomTo(layer.id)),
        iconButton("up", t("layer_raise", { layer: title }), () => move(layer, true)),
        iconButton("down", t("layer_lower", { layer: title }), () => move(layer, false)),
        element("label.geo-opacity", t("layer_opacity"), opacity)),
      textElement("p.geo-fine", attribution));
  }

  function legendOf(layer) {
    const counted = [], latest = element("span");
    const parts = legendParts(layer).map(({ name, title, rows }) => element(`div.geo-legend-part.geo-legend-${name}`,
      element("p.geo-legend-title", title, name === "color" && latest),
      element("ul", rows.map(({ part, code, pick, words }) => {
        const count = part && layer[part] && element("span.geo-count"), symbol = element("span.geo-symbol");
        const item = element("li.geo-legend-row", symbol, element("span.geo-legend-words", words), count);
        const draw = () => fill(symbol, classSwatch(layer, pick, state.dark));
        if (count) counted.push({ part, code, count, item });
        swatches.push(draw);
        draw();
        return item;
      }))));
    const legend = element("div.geo-legend", parts, layer.head.unlocated > 0 && unlocatedList(layer));
    updates.push(() => {
      legend.hidden = !isOn(layer) || !legend.childElementCount;
      if (legend.hidden) return;
      latest.textContent = latestText(layer, state.time);
      countClasses(layer, counted);
    });
    return legend;
  }

  function countClasses(layer, counted) {
    const countsOf = {};
    for (const { part, code, count, item } of counted) {
      countsOf[part] ??= classCounts(classCodes(layer, part, state.time), store.mask(layer), LAYER_BIT);
      const n = countsOf[part][code];
      count.textContent = t("count", { n });
      item.classList.toggle("geo-legend-none", n === 0);
    }
  }

  // Features with no place on the map, the last of their layer, stay reachable: in a list that is made when opened.
  function unlocatedList(layer) {
    const first = layer.n - layer.head.unlocated, list = element("ul"), summary = element("summary");
    const write = () => {
      if (list.childElementCount) return;
      for (let i = first; i < layer.n; i++) {
        const { text, language } = nameOf(page, layer, i);
        const select = () => actions.select({ layer: layer.id, feature: i });
        list.append(element("li", linkButton(text, select, spokenIn(language))));
      }
      follow();
    };
    const details = element("details.geo-unlocated", { ontoggle: write }, summary, list);
    const follow = () => {
      const mask = store.mask(layer).subarray(first), n = countShown(mask, LAYER_BIT);
      details.hidden = n === 0;
      summary.textContent = t("not_located", { n });
      [...list.children].forEach((item, at) => { item.hidden = Boolean(mask[at] & ~LAYER_BIT); });
    };
    updates.push(follow);
    return details;
  }

  const isSolo = ({ id }) => state.shown.length === 1 && state.shown[0] === id;

  // Alone on the map; pressed again, what was there before comes back, on a page opened so what the map opens with.
  function toggleSolo(layer) {
    if (isSolo(layer)) {
      setShown(beforeSolo ?? shownAtFirst(page));
      beforeSolo = null;
      return;
    }
    // From one alone to another what was there before both stays known.
    if (!beforeSolo || state.shown.length !== 1) beforeSolo = state.shown;
    setShown([layer.id]);
  }

  // Above or below the next layer that is on: past those that are off nothing would be seen to change.
  function move({ id }, isUp) {
    const ids = orderedLayers(store).map((layer) => layer.id), at = ids.indexOf(id);
    const isNext = (other, k) => state.shown.includes(other) && (isUp ? k > at : k < at);
    const next = isUp ? ids.findIndex(isNext) : ids.findLastIndex(isNext);
    if (next >= 0) ids.splice(next, 0, ...ids.splice(at, 1));
    store.set({ order: ids });
    const drawn = ids.filter((other) => state.shown.includes(other) || other === id);
    notices.tell(t("layer_moved", { n: drawn.length - drawn.indexOf(id), of: drawn.length }));
  }

  function setShown(shown) {
    store.set({ shown });
    notices.say(t("layers_on", { n: shown.length, of: page.layers.length }));
  }

  // At once: printing, which is light, waits for nothing.
  store.listen((changed) => changed.includes("dark") && swatches.forEach((draw) => draw()));

  return { write, update };
}
