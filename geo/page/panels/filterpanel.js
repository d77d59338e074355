// The filters: a list of values or a histogram with two handles for each facet; what is chosen as chips; one reset.

import { barsElement, checkRow, drawBars, handle, linkButton } from "../elements/controls.js";
import { element, fill, holdFocus, setAttributes } from "../elements/dom.js";
import { icon } from "../elements/icons.js";
import { choiceIn, facetBit, facetCounts, frequentCodes, isChosen, rangeScale, withChoice } from "../state/facets.js";
import { STATE_DEFAULTS, shownLayers, shownOf, shownOfAll } from "../state/store.js";
import { facetTitle, filtersInWords, valueTitle } from "../words/filterwords.js";
import { layerTitle } from "../words/names.js";
import { comparer, formatNumber, formatQuantity, pickText, t } from "../words/texts.js";

const VALUES_SHOWN = 8;

// Fills itself while it is open; `summary` takes the count, the chips and the reset.
export function createFilterPanel(store, slot, summary, facets, notices) {
  const { page, state } = store;
  const unfolded = new Set(); // keys of facets of which all values are listed
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
      const { content, update } = facet.kind === "range" ? rangePart(facet) : valuesPart(facet);
      const layers = facet.members.map(({ layer }) => layerTitle(layer)).join(", ");
      const untold = element("p.geo-facet-untold");
      const node = element("fieldset.geo-facet",
        element("legend",
          element("span.geo-facet-title", facetTitle(facet)),
          !isForAll(facet) && element("span.geo-facet-layers", layers)),
        content, untold);
      return { facet, node, untold, update };
    });
    fill(slot, written.length ? written.map(({ node }) => node) : element("p.geo-muted", t("filters_none")));
    return written;
  }

  function update() {
    parts ??= writeParts();
    const layers = shownLayers(store);
    for (const part of parts) {
      const { facet, node, untold } = part;
      const others = layers.filter((layer) => !facet.members.some((member) => member.layer === layer));
      node.hidden = others.length === layers.length;
      if (node.hidden) continue;
      const choice = choiceIn(state.facets, facet);
      const { n } = shownOf(store, others);
      part.update(facetCounts(store, facet, facetBit(facets, state.facets, facet.key)), choice);
      // What is asked of all layers says which of them do not tell, and so stay as they are; other facets how much they
      // leave.
      const words = isForAll(facet) ? others.length && t("filter_untold", { layers: others.map(layerTitle).join(", ") })
        : isChosen(choice) && n && t("filter_others", { n });
      untold.textContent = words || "";
    }
  }

  function valuesPart(facet) {
    const isFlag = facet.kind === "flag", values = listedValues(page, facet);
    const frequent = frequentCodes(store, facet, VALUES_SHOWN);
    const chosenOf = (choice) => [choice ?? []].flat(); // true of a flag
    const rows = values.map(({ value, code, title }) => {
      const count = element("span.geo-count");
      const label = checkRow((on) => {
        const others = chosenOf(choiceIn(state.facets, facet)).filter((other) => other !== value);
        choose(facet, isFlag ? on : on ? [...others, value] : others);
      }, {}, element("span", title), count);
      return { value, code, box: label.control, count, node: element("li", label) };
    });
    const more = linkButton(t("filter_all_values", { n: values.length }), () => {
      unfolded.add(facet.key);
      const next = rows.find((row) => row.node.hidden);
      update();
      next?.box.focus();
    });
    return { content: [element("ul", rows.map(({ node }) => node)), more], update(counts, choice) {
      const chosen = chosenOf(choice);
      more.hidden = unfolded.has(facet.key) || values.length <= VALUES_SHOWN + 2;
      for (const { value, code, box, count, node } of rows) {
        box.checked = chosen.includes(value);
        count.textContent = formatNumber(counts[code]);
        node.classList.toggle("geo-none", counts[code] === 0);
        node.hidden = !box.checked && ((!value && counts[code] === 0) || (!more.hidden && !frequent.includes(code)));
      }
    } };
  }

  function rangePart(facet) {
    const [low, high] = facet.domain, { first, last, step } = rangeScale(facet.domain);
    const bars = barsElement();
    const words = element("p.geo-facet-range", { "aria-hidden": "true" });
    const handles = ["from", "to"].map((end) => handle({
      min: first, max: last, step, "aria-label": [facetTitle(facet), t(`filter_${end}`)].join(": "), oninput: slide,
    }));
    const quantity = (value) => formatQuantity(value, pickText(facet.field.unit));
    // A handle takes the other along where it passes it.
    function slide({ target }) {
      const value = Number(target.value);
      const [from, to] = choiceIn(state.facets, facet) ?? [first, last]; // a handle shows them rounded to its steps
      const range = target === handles[1] ? [Math.min(from, value), value] : [value, Math.max(value, to)];
      choose(facet, range[0] <= first && range[1] >= last ? null : range);
    }
    return { content: [element("div.geo-facet-track.geo-handles", bars, handles), words], update(counts, choice) {
      const [from, to] = choice ?? [first, last];
      const width = (high - low) / counts.length;
      drawBars(bars, counts, (at) => low + (at + 1) * width > from && low + at * width <= to);
      [from, to].forEach((value, at) => setAttributes(handles[at], { value, "aria-valuetext": quantity(value) }));
      // Where they meet the one that has more room lies on top.
      handles[0].style.zIndex = from === to && from > (first + last) / 2 ? 1 : "";
      words.textContent = `${formatNumber(from)} – ${quantity(to)}`;
    } };
  }

  function choose({ key }, choice) {
    set({ facets: withChoice(state.facets, key, choice) });
  }

  function set(patch) {
    store.set(patch);
    notices.sayShown();
  }

  function writeSummary() {
    const chips = filtersInWords(store, facets).map(({ words, without }) => element("button.geo-chip", {
      "aria-label": t("filter_remove", { filter: words }), onclick: () => set(without()),
    }, element("span", words), icon("close")));
    const giveFocus = holdFocus(chipList), at = [...chipList.children].indexOf(document.activeElement);
    countLine.textContent = t("features_shown", shownOfAll(store));
    chipList.hidden = !chips.length;
    const reset = () => set({ facets: {}, search: "", time: null, undated: STATE_DEFAULTS.undated });
    fill(chipList, chips, chips.length > 0 && linkButton(t("filters_reset"), reset));
    // A chip that had the focus leaves it to the next one, the last to the count.
    giveFocus(chips[Math.min(at, chips.length - 1)] ?? countLine);
  }

  return { write, update, summary: { update: writeSummary } };
}

// As a reader finds them: what has no order of its own by its titles, "no value" last.
function listedValues(page, facet) {
  const item = (value, code) => ({ value, code, title: valueTitle(page, facet, value) });
  if (facet.kind === "flag") return [item(true, 1)];
  const items = facet.values.map((value, at) => item(value, at + 1)), compare = comparer();
  const named = items.splice(facet.inOrder).sort((a, b) => compare(a.title, b.title));
  return [...items, ...named, item("", 0)];
}

function isForAll({ key, kind }) {
  return key === "precision" || kind === "flag";
}
