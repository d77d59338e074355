// The layer tree: groups and layers as native checkboxes in nested lists, each layer's legend in its own row.

import { classCodes, classStyle } from "../draw/styles.js";
import { swatchSvg } from "../draw/symbols.js";
import { checkbox, iconButton, linkButton, textButton } from "../elements/controls.js";
import { element, fill, holdFocus } from "../elements/dom.js";
import { LAYER_BIT, countShown, orderedLayers } from "../state/store.js";
import { classCounts, groupLayers, groupState, withLayers } from "../words/legend.js";
import { latestText, layerTitle, legendParts, nameOf, textElement } from "../words/names.js";
import { pickText, t } from "../words/texts.js";

const OPACITY_STEP = 0.05;

// `actions`: {select(selection), zoomTo(target)}. Gives {write, update}.
export function createTree(store, slot, actions, notices) {
  const { page } = store;
  const folded = new Set(); // groups
  const unfolded = new Set(); // layers whose options are open
  const groupIds = page.head.groups.map(({ id }) => id);
  const areFolded = () => groupIds.every((id) => folded.has(id));
  const foldButton = linkButton("", foldAll);
  let updates = []; // one function a row
  let swatches = []; // one function a class: draws its symbol
  let settles = []; // one function a group: shows whether it is folded
  let written = null; // the order of the layers
  let beforeSolo = null;

  const write = () => {
    written = store.state.order;
    updates = [];
    swatches = [];
    settles = [];
    const groups = groupLayers(orderedLayers(store), page.head.groups), giveFocus = holdFocus(slot);
    const items = groups.map((entry) => (entry.group ? groupItem(entry) : entry.layers.map(layerItem)));
    fill(slot,
      element("div.geo-tree-bar",
        linkButton(t("layers_all"), () => setShown(page.layers.map(({ id }) => id))),
        linkButton(t("layers_none"), () => setShown([])),
        groupIds.length > 0 && foldButton),
      element("ul.geo-tree", items));
    giveFocus();
    update();
  };
  const update = () => {
    if (written !== store.state.order) write();
    else updates.forEach((each) => each());
  };

  function groupItem({ group, layers }) {
    const title = pickText(group.title);
    const list = element("ul", layers.map(layerItem));
    const twist = iconButton("chevron", t("group_layers", { group: title }), () => {
      if (!folded.delete(group.id)) folded.add(group.id);
      settle();
    }, { class: "geo-twist" });
    const settle = () => {
      list.hidden = folded.has(group.id);
      twist.setAttribute("aria-expanded", String(!list.hidden));
      foldButton.textContent = t(areFolded() ? "layers_expand" : "layers_collapse");
    };
    settles.push(settle);
    const box = checkbox((on) => setShown(withLayers(store.state.shown, layers, on)));
    const count = element("span.geo-count");
    settle();
    const item = element("li.geo-group",
      element("div.geo-row.geo-group-row", twist, element("label.geo-row-label", box, element("strong", title)), count),
      list);
    updates.push(() => {
      const state = groupState(layers, store.state.shown);
      item.classList.toggle("geo-group-off", state === "off");
      box.checked = state === "on";
      box.indeterminate = state === "mixed";
      count.textContent = countText(layers);
    });
    return item;
  }

  function foldAll() {
    const fold = !areFolded();
    folded.clear();
    if (fold) for (const id of groupIds) folded.add(id);
    for (const settle of settles) settle();
  }

  function layerItem(layer) {
    const title = layerTitle(layer);
    const box = checkbox((on) => setShown(withLayers(store.state.shown, [layer], on)));
    const count = element("span.geo-count");
    const legend = legendOf(layer);
    const options = optionsOf(layer, title);
    const more = iconButton("more", t("layer_options", { layer: title }), () => {
      if (!unfolded.delete(layer.id)) unfolded.add(layer.id);
      settle();
    }, { class: "geo-row-more" });
    const settle = () => {
      options.node.hidden = !unfolded.has(layer.id);
      more.setAttribute("aria-expanded", String(!options.node.hidden));
    };
    const item = element("li.geo-layer",
      element("div.geo-row",
        element("label.geo-row-label", box, element("span.geo-symbol", layerSwatch(layer)), element("span", title)),
        more, count),
      options.node, legend.node);
    settle();
    updates.push(() => {
      box.checked = store.state.shown.includes(layer.id);
      item.classList.toggle("geo-layer-off", !box.checked);
      legend.node.hidden = !box.checked || !legend.node.childElementCount;
      count.textContent = countText([layer]);
      if (box.checked) legend.update();
      options.update();
    });
    return item;
  }

  function optionsOf(layer, title) {
    const solo = textButton(t("layer_solo"), () => toggleSolo(layer));
    const opacity = element("input", {
      type: "range", min: 0, max: 1, step: OPACITY_STEP, "aria-label": t("layer_opacity_of", { layer: title }),
      oninput: () => store.set({ opacity: { ...store.state.opacity, [layer.id]: Number(opacity.value) } }),
    });
    const { description, attribution } = layer.head;
    const node = element("div.geo-options",
      textElement("p", description),
      element("div.geo-options-bar", solo,
        textButton(t("layer_zoom"), () => actions.zoomTo(layer.id)),
        iconButton("up", t("layer_raise", { layer: title }), () => move(layer, true)),
        iconButton("down", t("layer_lower", { layer: title }), () => move(layer, false)),
        element("label.geo-opacity", t("layer_opacity"), opacity)),
      textElement("p.geo-fine", attribution));
    return { node, update() {
      solo.setAttribute("aria-pressed", String(isSolo(layer)));
      opacity.value = store.state.opacity[layer.id] ?? 1;
    } };
  }

  function legendOf(layer) {
    const counted = [], latest = element("span");
    const parts = legendParts(layer).map(({ name, title, rows }) => element("div", { class: `geo-legend-part geo-legend-${name}` },
      element("p.geo-legend-title", title, name === "color" && latest),
      element("ul", rows.map(({ part, code, pick, words }) => {
        const isCounted = part && layer[part];
        const count = isCounted && element("span.geo-count");
        const symbol = element("span.geo-symbol"), draw = () => fill(symbol, classSwatch(layer, pick, store.state.dark));
        swatches.push(draw);
        draw();
        const item = element("li.geo-legend-row", symbol, element("span.geo-legend-words", words), count);
        if (isCounted) counted.push({ part, code, count, item });
        return item;
      }))));
    if (layer.head.unlocated) parts.push(unlocatedList(layer));
    return { node: element("div.geo-legend", parts), update() {
      latest.textContent = latestText(layer, store.state.time);
      countClasses(layer, counted);
    } };
  }

  function countClasses(layer, counted) {
    const countsOf = {};
    for (const { part, code, count, item } of counted) {
      countsOf[part] ??= classCounts(classCodes(layer, part, store.state.time), store.mask(layer), LAYER_BIT);
      const n = countsOf[part][code];
      count.textContent = t("count", { n });
      item.classList.toggle("geo-legend-none", n === 0);
    }
  }

  // Features with no place on the map stay reachable: a list that opens their cards, made when it is opened.
  function unlocatedList(layer) {
    const list = element("ul");
    const write = () => {
      if (list.childElementCount) return;
      for (let i = 0; i < layer.n; i++) {
        if (layer.geometry[i] >= 0) continue;
        const { text, language } = nameOf(page, layer, i);
        list.append(element("li", linkButton(text, () => actions.select({ layer: layer.id, feature: i }), { lang: language })));
      }
    };
    const summary = element("summary", t("not_located", { n: layer.head.unlocated }));
    return element("details.geo-unlocated", { ontoggle: write }, summary, list);
  }

  function countText(layers) {
    let n = 0, of = 0;
    for (const layer of layers) {
      n += countShown(store.mask(layer), LAYER_BIT);
      of += layer.n;
    }
    return t(n === of ? "count" : "count_of", { n, of });
  }

  const isSolo = (layer) => store.state.shown.length === 1 && store.state.shown[0] === layer.id;

  // Alone on the map; pressed again, what was there before comes back, on a page opened so what the map opens with.
  function toggleSolo(layer) {
    if (isSolo(layer)) {
      setShown(beforeSolo ?? page.layers.filter(({ head }) => head.shown).map(({ id }) => id));
      beforeSolo = null;
      return;
    }
    // From one alone to another what was there before both stays known.
    if (!beforeSolo || store.state.shown.length !== 1) beforeSolo = store.state.shown;
    setShown([layer.id]);
  }

  // Above or below the next layer that is on: past those that are off nothing would be seen to change.
  function move({ id }, isUp) {
    const ids = orderedLayers(store).map((layer) => layer.id), at = ids.indexOf(id);
    const isOn = (other) => store.state.shown.includes(other);
    const next = isUp ? ids.findIndex((other, k) => k > at && isOn(other)) : ids.findLastIndex((other, k) => k < at && isOn(other));
    if (next >= 0) ids.splice(next, 0, ...ids.splice(at, 1));
    store.set({ order: ids });
    const drawn = ids.filter((other) => isOn(other) || other === id);
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

// A class that does not speak of colour is drawn in the ink of the text, where colour tells something else; a class that the
// map does not show is not drawn.
export function classSwatch(layer, pick, dark) {
  const { kind, style } = layer.head;
  const look = classStyle(layer.head, pick, dark);
  const shape = kind === "mixed" ? "polygon" : kind;
  const about = { layer: layer.index, ...(pick.size && { radius: pick.size }), ...(pick.width && { thick: pick.width }) };
  if (isNowhere(layer, pick)) return swatchSvg(shape, { ...look, color: "none", ends: "none" }, about);
  if (!style.color || pick.color !== undefined) return swatchSvg(shape, look, about);
  return swatchSvg(shape, { ...look, color: "currentColor" }, { palette: { hollow: "none" }, ...about });
}

// Whether no feature of a class has a place on the map.
export function isNowhere({ head, color, geometry }, pick) {
  return Boolean(head.unlocated) && color?.includes(pick.color) && !geometry.some((at, i) => at >= 0 && color[i] === pick.color);
}

export function layerSwatch(layer) {
  return classSwatch(layer, {});
}
