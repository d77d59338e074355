// The search field and its list: what is typed filters the map, what is chosen opens its card or, of the basemap's
// places, is where the map goes.

import { madeOnce } from "../data/once.js";
import { layerSwatch } from "../draw/swatches.js";
import { element, fill, setAttributes } from "../elements/dom.js";
import { icon } from "../elements/icons.js";
import { createGazetteer, nameIn } from "../state/gazetteer.js";
import { hiddenBy } from "../state/store.js";
import { hitText } from "../words/hits.js";
import { periodText } from "../words/moments.js";
import { layerTitle, nameOf, otherNames, spokenIn } from "../words/names.js";
import { comparer, currentLanguage, t } from "../words/texts.js";

export function createSearchBox(store, slot, search, camera, actions, notices) {
  const { page, state } = store;
  // Pressed, the list must not take the focus from the field: that would close it.
  const list = element("div.geo-results", {
    role: "listbox", id: "geo-results", hidden: true, onmousedown: (event) => event.preventDefault(),
  });
  const input = element("input.geo-search-field", {
    type: "search", role: "combobox", autocomplete: "off", spellcheck: "false",
    "aria-expanded": false, "aria-controls": "geo-results", "aria-autocomplete": "list",
    oninput: () => {
      store.set({ search: input.value.trim() });
      openLater();
    },
    onfocus: () => {
      search.prepare();
      update(); // a reset of this frame has not reached the field yet
      if (input.value) open();
    },
    onkeydown: onKey,
    onblur: close,
  });
  let options = []; // {node, choose} of what is listed
  let gazetteer = createGazetteer([]);
  let at = -1, opening = 0;

  function write() {
    setAttributes(input, { placeholder: t("search_placeholder"), "aria-label": t("search") });
    setAttributes(list, { "aria-label": t("search_results") });
    if (!slot.contains(input)) fill(slot, icon("search"), input, list);
    update();
  }

  // The query came from elsewhere: a link, a reset.
  function update() {
    if (input.value.trim() === state.search) return;
    input.value = state.search;
    close(); // it lists what was found before
  }

  // The map comes first, the list in the frame after it.
  function openLater() {
    opening ||= requestAnimationFrame(() => {
      opening = requestAnimationFrame(open);
    });
  }

  function open() {
    const found = search.find(input.value.trim()), places = gazetteer.find(input.value), groups = new Map();
    const left = found ? found.total - found.results.length : 0;
    close();
    const results = found ? sorted(found) : [];
    for (const result of results) madeOnce(groups, result.layer, () => []).push(result);
    const isNothing = found && !found.total && !places.length;
    const words = isNothing ? t("search_nothing") : left > 0 ? t("and_more", { n: left }) : "";
    const isPlace = results[0]?.hit; // no feature has it in its name, as a place has
    fill(list,
      isPlace && placeGroup(places),
      [...groups].map(([layer, members]) => group(layerTitle(layer), members.map(featureOption), layerSwatch(layer))),
      !isPlace && placeGroup(places),
      words && element("div.geo-results-none", { role: "option", "aria-disabled": true }, words));
    setOpen(Boolean(found));
    if (found) notices.say(t("search_found", { n: found.total }));
    else notices.sayShown();
  }

  // Best first; of equally good ones those of layers that are on, then of the upper layers, by the names that the
  // reader sees.
  function sorted({ results, holders }) {
    const compare = comparer(), rank = ({ id, index }) => index + (state.shown.includes(id) ? page.layers.length : 0);
    const named = results.map((result) => {
      const { layer, feature } = result;
      return { ...result, name: nameOf(page, layer, feature), hit: hitText(page, layer, feature, holders) };
    });
    return named.sort((a, b) => (
      b.score - a.score || rank(b.layer) - rank(a.layer) || compare(a.name.text, b.name.text)));
  }

  function group(title, members, swatch = null) {
    return element("div", { role: "group", "aria-label": title },
      element("div.geo-results-layer", { role: "presentation" }, swatch, title), members);
  }

  function placeGroup(places) {
    return places.length > 0 && group(t("search_places"), places.map(placeOption));
  }

  // The feature found is shown among all others again: the query has done its work. Beside its name stands why it is
  // listed, where no name tells that.
  function featureOption({ layer, feature, name: { text, language }, hit }) {
    const others = hit ? [hit.title && `${hit.title}: `, element("span", { lang: hit.language }, hit.text)]
      : otherNames(page, layer, feature).map((name) => name.text).join(", ");
    const { time } = state, hiding = hiddenBy(store, layer, feature);
    const why = hiding && t(`result_hidden_${hiding}`, { time: time && periodText(time) });
    return option(() => actions.open({ layer: layer.id, feature }, { focus: true }),
      element("span", spokenIn(language), text), others && element("span.geo-muted", others),
      hiding && element("span.geo-muted.geo-result-hidden", why));
  }

  function placeOption(place) {
    const name = nameIn(place.names, currentLanguage()), { en } = place.names;
    return option(() => camera.showPlace(place),
      element("span", name), en !== name && element("span.geo-muted", { lang: "en" }, en));
  }

  function option(act, ...words) {
    const choose = () => {
      clear();
      act();
    };
    const node = element("div.geo-result", {
      role: "option", id: `geo-result-${options.length}`, "aria-selected": false,
      onmousedown: ({ button }) => button === 0 && choose(),
    }, words);
    options.push({ node, choose });
    return node;
  }

  function mark(to) {
    at = to;
    options.forEach((option, each) => setAttributes(option.node, { "aria-selected": each === at }));
    const node = options[at]?.node;
    node?.scrollIntoView({ block: "nearest" });
    setAttributes(input, { "aria-activedescendant": node?.id });
  }

  function onKey(event) {
    if (opening) open(); // a key means the list of what is typed
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) open();
      const by = event.key === "ArrowDown" ? 1 : -1, { length } = options;
      if (length) mark((at + by + length + (at < 0 && by < 0 ? 1 : 0)) % length);
    } else if (event.key === "Enter") {
      const chosen = options[at] ?? options[0]; // none marked: the best
      if (chosen) chosen.choose();
      else close();
    } else if (event.key === "Escape" && (input.value || !list.hidden)) {
      if (list.hidden) clear();
      else close();
      event.stopPropagation();
    } else return;
    event.preventDefault();
  }

  function clear() {
    input.value = "";
    store.set({ search: "" });
    close();
    notices.sayShown(); // where no card opens, which says its own
  }

  function close() {
    cancelAnimationFrame(opening);
    opening = 0;
    mark(-1);
    options = []; // Enter chooses only what is listed
    setOpen(false);
  }

  function setOpen(isOpen) {
    list.hidden = !isOpen;
    setAttributes(input, { "aria-expanded": isOpen });
  }

  return {
    write,
    update,
    focus: () => input.focus(),
    addPlaces(places) {
      gazetteer = createGazetteer(places);
    },
  };
}
