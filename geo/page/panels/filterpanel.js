// The filters: a list of values or a histogram with two handles for each facet; what is chosen as chips; one reset.

import { barsElement, drawBars } from "../elements/bars.js";
import { checkbox, linkButton } from "../elements/controls.js";
import { element, fill, holdFocus } from "../elements/dom.js";
import { icon } from "../elements/icons.js";
import { choiceIn, facetBit, facetCounts, rangeScale, shownOfAll, withChoice } from "../state/facets.js";
import { STATE_DEFAULTS, shownLayers } from "../state/store.js";
import { facetTitle, filtersInWords, valueTitle } from "../words/filterwords.js";
import { layerTitle } from "../words/names.js";
import { formatNumber, formatQuantity, pickText, t } from "../words/texts.js";

const VALUES_SHOWN = 8;

// Gives {write, update, summary}; fills itself while it is open. `summary` takes the count, the chips and the reset.
export function createFilterPanel(store, slot, summary, facets, notices) {
  const unfolded = new Set();
  const countLine = element("p.geo-shown", { tabindex: -1 }), chipList = element("div.geo-chips");
  fill(summary, countLine, chipList);
  let parts = null; // while what stands here is not written, or in another language

  function write() {
    parts = null;
    if (!slot.hidden) update();
    writeSummary();
  }

  function writeParts() {
    const written = facets.map((facet) => {
      const part = facet.kind === "range" ? rangePart(facet) : valuesPart(facet);
      const untold = element("p.geo-facet-untold");
      part.node.append(untold);
      return { ...part, untold };
    });
    fill(slot, written.length ? written.map(({ node }) => node) : element("p.geo-muted", t("filters_none")));
    return written;
  }

  function update() {
    parts ??= writeParts();
    const { facets: chosen } = store.state, layers = shownLayers(store);
    parts.forEach((part, at) => {
      const { key, members } = facets[at];
      const others = layers.filter((layer) => !members.some((member) => member.layer === layer));
      part.node.hidden = others.length === layers.length;
      if (part.node.hidden) return;
      part.update(facetCounts(store, facets[at], facetBit(facets, chosen, key)), choiceIn(chosen, facets[at]));
      // What is asked of all layers says which of them do not tell, and so stay as they are.
      part.untold.textContent = isForAll(facets[at]) && others.length ? t("filter_untold", { layers: others.map(layerTitle).join(", ") }) : "";
    });
  }

  function valuesPart(facet) {
    const values = facet.kind === "flag" ? [true] : [...facet.values, ""];
    const rows = values.map((value, index) => {
      const box = checkbox((on) => choose(facet, facet.kind === "flag" ? on : toggled(facet, value)));
      const count = element("span.geo-count");
      const code = value ? index + 1 : 0;
      return { value, code, box, count, node: element("li", element("label.geo-row.geo-row-label", box, element("span", valueTitle(store.page, facet, value)), count)) };
    });
    const more = linkButton(t("filter_all_values", { n: values.length }), () => {
      unfolded.add(facet.key);
      const next = rows.find((row) => row.node.hidden);
      update();
      next?.box.focus();
    });
    const node = element("fieldset.geo-facet", legend(facet), element("ul", rows.map((row) => row.node)), more);
    return { node, update(counts, choice) {
      const chosen = (row) => (facet.kind === "flag" ? choice === true : Boolean(choice?.includes(row.value)));
      const open = unfolded.has(facet.key) || values.length <= VALUES_SHOWN + 2;
      let listed = 0;
      for (const row of rows) {
        const n = counts[row.code];
        row.box.checked = chosen(row);
        row.count.textContent = formatNumber(n);
        row.node.classList.toggle("geo-none", n === 0);
        const wanted = chosen(row) || ((row.value || n > 0) && (open || listed < VALUES_SHOWN));
        row.node.hidden = !wanted;
        if (wanted) listed++;
      }
      more.hidden = open;
    } };
  }

  function rangePart(facet) {
    const [low, high] = facet.domain, { first, last, step } = rangeScale(facet.domain);
    const bars = barsElement();
    const words = element("p.geo-facet-range", { "aria-hidden": "true" });
    const handles = ["from", "to"].map((end) => element("input.geo-handle", {
      type: "range", min: first, max: last, step, "aria-label": [facetTitle(facet), t(`filter_${end}`)].join(": "), oninput: slide,
    }));
    // A handle takes the other along where it passes it.
    function slide(event) {
      const end = handles.indexOf(event.target), value = Number(event.target.value);
      const [from, to] = choiceIn(store.state.facets, facet) ?? [first, last]; // a handle shows them rounded to its steps
      const range = end ? [Math.min(from, value), value] : [value, Math.max(value, to)];
      choose(facet, range[0] <= first && range[1] >= last ? null : range);
    }
    const node = element("fieldset.geo-facet", legend(facet), element("div.geo-facet-track.geo-handles", bars, handles), words);
    return { node, update(counts, choice) {
      const [from, to] = choice ?? [first, last];
      const width = (high - low) / counts.length;
      drawBars(bars, counts, (at) => low + (at + 1) * width > from && low + at * width <= to);
      [from, to].forEach((value, at) => {
        handles[at].value = value;
        handles[at].setAttribute("aria-valuetext", quantity(facet, value));
      });
      // Where they meet the one that has more room lies on top.
      handles[0].style.zIndex = from === to && from > (first + last) / 2 ? 1 : "";
      words.textContent = `${formatNumber(from)} – ${quantity(facet, to)}`;
    } };
  }

  function toggled(facet, value) {
    const choice = choiceIn(store.state.facets, facet) ?? [];
    return choice.includes(value) ? choice.filter((other) => other !== value) : [...choice, value];
  }

  function choose({ key }, choice) {
    set({ facets: withChoice(store.state.facets, key, choice) });
  }

  function set(patch) {
    store.set(patch);
    notices.say(t("features_shown", shownOfAll(store)));
  }

  function writeSummary() {
    const chips = filtersInWords(store, facets).map(({ words, without }) => chip(words, () => set(without())));
    const giveFocus = holdFocus(chipList), at = [...chipList.children].indexOf(document.activeElement);
    countLine.textContent = t("features_shown", shownOfAll(store));
    chipList.hidden = !chips.length;
    fill(chipList, chips, chips.length > 0 && linkButton(t("filters_reset"), () => set({ facets: {}, search: "", time: null, undated: STATE_DEFAULTS.undated })));
    // A chip that had the focus leaves it to the next one, the last to the count.
    giveFocus(chips[Math.min(at, chips.length - 1)] ?? countLine);
  }

  function chip(words, remove) {
    return element("button.geo-chip", { "aria-label": t("filter_remove", { filter: words }), onclick: remove },
      element("span", words), icon("close"));
  }

  return { write, update, summary: { update: writeSummary } };
}

function legend(facet) {
  const layers = facet.members.map(({ layer }) => layerTitle(layer));
  return element("legend", element("span.geo-facet-title", facetTitle(facet)),
    !isForAll(facet) && element("span.geo-facet-layers", layers.join(", ")));
}

function isForAll({ key, kind }) {
  return key === "precision" || kind === "flag";
}

function quantity({ field }, value) {
  return formatQuantity(value, pickText(field.unit));
}
