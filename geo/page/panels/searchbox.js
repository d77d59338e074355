// The search field and its list: what is typed filters the map, what is chosen opens its card or, of the basemap's places,
// is where the map goes.

import { nameIn } from "../draw/labels.js";
import { element, fill } from "../elements/dom.js";
import { icon } from "../elements/icons.js";
import { hiddenBy, shownOfAll } from "../state/facets.js";
import { createGazetteer } from "../state/gazetteer.js";
import { periodText } from "../words/moments.js";
import { layerTitle, nameOf, otherNames } from "../words/names.js";
import { currentLanguage, t } from "../words/texts.js";
import { layerSwatch } from "./tree.js";

// `actions.open` opens a card, `actions.goTo` goes to a place. Gives {write, update, focus, addPlaces}.
export function createSearchBox(store, slot, search, actions, notices) {
  // Pressed, the list must not take the focus from the field: that would close it.
  const list = element("div.geo-results", { role: "listbox", id: "geo-results", hidden: true, onmousedown: (event) => event.preventDefault() });
  const input = element("input", {
    class: "geo-search-field", type: "search", role: "combobox", autocomplete: "off", spellcheck: "false",
    "aria-expanded": "false", "aria-controls": "geo-results", "aria-autocomplete": "list",
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
  let results = [], gazetteer = createGazetteer([]);
  let at = -1, opening = 0;

  function write() {
    input.placeholder = t("search_placeholder");
    input.setAttribute("aria-label", t("search"));
    list.setAttribute("aria-label", t("search_results"));
    if (!slot.contains(input)) fill(slot, icon("search"), input, list);
    update();
  }

  // The query came from elsewhere: a link, a reset.
  function update() {
    if (input.value.trim() === store.state.search) return;
    input.value = store.state.search;
    close(); // it lists what was found before
  }

  // The map comes first, the list in the frame after it.
  function openLater() {
    opening ||= requestAnimationFrame(() => {
      opening = requestAnimationFrame(open);
    });
  }

  function open() {
    cancelAnimationFrame(opening);
    opening = 0;
    const found = search.find(input.value.trim());
    const places = gazetteer.find(input.value);
    const groups = byLayer(sorted(found?.results ?? [])), left = found ? found.total - found.results.length : 0;
    results = [];
    const parts = [...groups].map(([layer, members]) => element("div", { role: "group", "aria-label": layerTitle(layer) },
      element("div.geo-results-layer", { role: "presentation" }, layerSwatch(layer), layerTitle(layer)),
      members.map(optionOf)));
    if (places.length) {
      const title = t("search_places");
      parts.push(element("div", { role: "group", "aria-label": title },
        element("div.geo-results-layer", { role: "presentation" }, title), places.map(placeOption)));
    }
    list.hidden = !found;
    const words = found && !found.total && !places.length ? t("search_nothing") : left > 0 ? t("and_more", { n: left }) : "";
    fill(list, parts, words && element("div.geo-results-none", { role: "option", "aria-disabled": "true" }, words));
    input.setAttribute("aria-expanded", String(!list.hidden));
    mark(-1);
    notices.say(found ? t("search_found", { n: found.total }) : t("features_shown", shownOfAll(store)));
  }

  // Best first, equally good ones of a layer by the names that the reader sees.
  function sorted(found) {
    const { compare } = new Intl.Collator([currentLanguage(), "en"], { numeric: true });
    const named = found.map((result) => ({ ...result, name: nameOf(store.page, result.layer, result.feature) }));
    return named.sort((a, b) => b.score - a.score || a.layer.index - b.layer.index || compare(a.name.text, b.name.text));
  }

  function optionOf(result) {
    const { layer, feature, name: { text, language } } = result;
    const others = otherNames(store.page, layer, feature).map((name) => name.text).join(", ");
    const { time } = store.state, hiding = hiddenBy(store, layer, feature);
    return option(result, element("span", { lang: language }, text), others && element("span.geo-muted", others),
      hiding && element("span.geo-muted.geo-result-hidden", t(`result_hidden_${hiding}`, { time: time && periodText(time) })));
  }

  function placeOption(place) {
    const name = nameIn(place.names, currentLanguage()), { en } = place.names;
    return option({ place }, element("span", name), en !== name && element("span.geo-muted", { lang: "en" }, en));
  }

  function option(result, ...children) {
    const number = results.push(result) - 1;
    return element("div", {
      class: "geo-result", role: "option", id: `geo-result-${number}`, "aria-selected": "false",
      onmousedown: ({ button }) => button === 0 && choose(number),
    }, children);
  }

  function mark(to) {
    at = to;
    for (const option of list.querySelectorAll(".geo-result")) {
      const chosen = option.id === `geo-result-${at}`;
      option.setAttribute("aria-selected", String(chosen));
      if (chosen) option.scrollIntoView({ block: "nearest" });
    }
    if (at < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", `geo-result-${at}`);
  }

  function onKey(event) {
    if (opening) open(); // a key means the list of what is typed
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) open();
      const by = event.key === "ArrowDown" ? 1 : -1;
      if (results.length) mark((at + by + results.length + (at < 0 && by < 0 ? 1 : 0)) % results.length);
    } else if (event.key === "Enter") {
      if (at >= 0 || results.length === 1) choose(Math.max(at, 0));
      else close();
    } else if (event.key === "Escape" && (input.value || !list.hidden)) {
      if (list.hidden) clear();
      else close();
      event.stopPropagation();
    } else return;
    event.preventDefault();
  }

  // The feature found is shown among all others again: the query has done its work.
  function choose(number) {
    const { layer, feature, place } = results[number];
    clear();
    if (place) actions.goTo(place);
    else actions.open({ layer: layer.id, feature }, { focus: true });
  }

  function clear() {
    input.value = "";
    store.set({ search: "" });
    close();
    notices.say(t("features_shown", shownOfAll(store))); // where no card opens, which says its own
  }

  function close() {
    cancelAnimationFrame(opening);
    opening = 0;
    list.hidden = true;
    results = []; // Enter chooses only what is listed
    input.setAttribute("aria-expanded", "false");
    mark(-1);
  }

  const addPlaces = (places) => {
    gazetteer = createGazetteer(places);
  };

  return { write, update, focus: () => input.focus(), addPlaces };
}

function byLayer(results) {
  const groups = new Map();
  for (const result of results) groups.set(result.layer, [...(groups.get(result.layer) ?? []), result]);
  return groups;
}
