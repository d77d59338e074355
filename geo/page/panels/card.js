// The card of the selected feature: everything known about it, each value with the numbers of its sources.

import { isBeyondMap, latlonText, pointLatlon } from "../data/coordinates.js";
import { PRECISIONS, cellText, isSameFeature, layerOf } from "../data/model.js";
import { classCodes } from "../draw/styles.js";
import { iconButton, linkButton, textButton } from "../elements/controls.js";
import { element, fill, holdFocus, safeLink } from "../elements/dom.js";
import { hiddenBy, shownOfAll } from "../state/facets.js";
import { seriesRow, timeColumns } from "../state/time.js";
import { accessedText, citationText, createFootnotes } from "../words/citations.js";
import { withLayers } from "../words/legend.js";
import { periodText } from "../words/moments.js";
import { fieldTitle, languageTag, layerTitle, nameOf, otherNames, spokenIn, textIn, valueText } from "../words/names.js";
import { amountText, formatDate, formatNumber, formatSpan, languageName, pickText, t } from "../words/texts.js";
import { classSwatch } from "./tree.js";

// Columns that the card shows in a place of their own, not among the attributes.
const PLACED = ["name", "note", "source", "precision", "as_of", "valid_from", "valid_to"];

// `actions`: {select, close, zoomTo(target), link() or null, focusCard}. Gives {write, open, update, focus}; empty where nothing is selected.
export function createCard(store, slot, actions, notices) {
  const { page } = store;
  const hiddenLine = element("p.geo-card-hidden"), symbol = element("span.geo-symbol");
  let title = null;

  // Opened, it starts at its top and says so; written again (another language, another year), it stays where it was.
  function write(isOpened = false) {
    const scrolled = slot.querySelector(".geo-card-body")?.scrollTop ?? 0;
    const giveFocus = holdFocus(slot);
    const { selection, stack } = store.state;
    const layer = selection && layerOf(page, selection.layer);
    if (!layer) return fill(slot);
    const i = selection.feature;
    const notes = createFootnotes(page.sources);
    const facts = { layer, i, notes, rowSource: cellText(layer, "source", i) };
    const name = nameOf(page, layer, i);
    title = element("h2.geo-card-title", { tabindex: "-1", ...spokenIn(name.language) }, name.text);
    slot.setAttribute("aria-label", name.text);
    const hidden = writeHidden(layer, i);
    drawSymbol();
    const body = element("div.geo-card-body",
      hiddenLine, spanLine(facts), attributes(facts), noteText(facts), layer.series.map((series) => seriesTable(facts, series)),
      recordList(facts), place(facts), sourceList(notes));
    fill(slot,
      element("div.geo-card-head",
        element("div.geo-card-bar",
          element("p.geo-card-layer", symbol, element("span", layerTitle(layer))),
          overlapButtons(selection, stack),
          iconButton("close", t("card_close"), actions.close)),
        title, nameLine(layer, i)),
      body, cardActions(facts, name.text));
    // The heading, where it takes the focus, says the name.
    const said = actions.focusCard ? layerTitle(layer) : t("card_opened", { name: name.text, layer: layerTitle(layer) });
    if (isOpened) notices.say([said, hidden].filter(Boolean).join(". "));
    body.scrollTop = isOpened ? 0 : scrolled;
    giveFocus(title);
    return undefined;
  }

  // As the map has the feature, but for its size.
  function drawSymbol() {
    const { selection, time, dark } = store.state;
    const layer = selection && layerOf(page, selection.layer);
    if (!layer) return;
    const i = selection.feature, code = (part) => classCodes(layer, part, time)?.[i];
    const precision = Math.max(0, PRECISIONS.indexOf(cellText(layer, "precision", i)));
    const isUnknown = [layer.size, layer.width].some((sizes) => sizes?.[i] === 0);
    fill(symbol, classSwatch(layer, { color: code("color"), shape: code("shape"), dash: code("dash"), precision, isUnknown }, dark));
  }

  store.listen((changed) => changed.includes("dark") && drawSymbol());

  // Say why the feature is not on the map, beside the way to put it there; gives what is said.
  function writeHidden(layer, i) {
    const { time } = store.state, isUndated = layer.undated?.[i];
    const isOff = !store.state.shown.includes(layer.id);
    const why = layer.geometry[i] < 0 ? "" : hiddenBy(store, layer, i) || (isOff ? "layer" : "");
    const unhide = why === "layer" ? { shown: withLayers(store.state.shown, [layer], true) } : why === "filters" ? { facets: {}, search: "" } : isUndated ? { undated: "fade" } : { time: null };
    const words = why && t(why === "time" && isUndated ? "card_hidden_undated" : `card_hidden_${why}`, { time: time && periodText(time) });
    hiddenLine.hidden = !why;
    fill(hiddenLine, element("span", words), linkButton(t("card_unhide"), () => {
      store.set(unhide);
      title.focus();
      notices.say(t("features_shown", shownOfAll(store)));
    }));
    return words;
  }

  // "1-3" behind a value: shows which sources it rests on. A value without a source of its own rests on its row's.
  function marks({ notes, rowSource }, source) {
    const numbers = [...new Set(notes.cite(source || rowSource))].sort((a, b) => a - b);
    if (!numbers.length) return null;
    // The no-break space keeps the numbers on the line of their value; before a button alone a line may break all the same.
    return element("span.geo-marks", "\u00a0", element("button", {
      class: "geo-mark", "aria-label": t("sources_of_value", { n: numbers.length, list: numbers.join(", ") }),
      onclick: () => showNotes(numbers),
    }, rangesText(numbers)));
  }

  function showNotes(numbers) {
    const items = [...slot.querySelectorAll(".geo-footnote")];
    items.forEach((item, at) => item.classList.toggle("geo-footnote-cited", numbers.includes(at + 1)));
    const first = items[numbers[0] - 1];
    first.scrollIntoView({ block: "nearest" });
    first.focus({ preventScroll: true });
  }

  function nameLine(layer, i) {
    const names = otherNames(page, layer, i);
    return names.length ? element("p.geo-card-names", names.map(({ text, language }) => (
      element("span", { lang: language, title: languageName(language) }, text)))) : null;
  }

  function spanLine(facts) {
    const { layer, i } = facts;
    const [from, to] = timeColumns(layer).map((name) => cellText(layer, name, i));
    const asOf = cellText(layer, "as_of", i);
    if (!from && !to && !asOf) return null;
    const sources = timeColumns(layer).map((name) => cellText(layer, `${name}_source`, i)).filter(Boolean).join(";");
    return element("p.geo-card-span",
      (from || to) && element("span", element("strong", formatSpan(from, to)), marks(facts, sources)),
      asOf && element("span.geo-muted", t("as_of", { date: formatDate(asOf) })));
  }

  function attributes(facts) {
    const { layer, i } = facts;
    const rows = [];
    for (const field of layer.head.fields) {
      if (!field.card || [...PLACED, ...timeColumns(layer)].includes(field.id)) continue;
      const text = valueText(page, layer, field, i);
      if (!text) continue;
      const speech = field.type === "text" ? spokenIn(textIn(page, layer, field.id, i).language) : {};
      const value = field.type === "url" ? safeLink(text, text) : element("span", speech, text);
      rows.push(element("div.geo-fact",
        element("dt", { title: pickText(field.description) || null }, fieldTitle(field)),
        element("dd", value, marks(facts, cellText(layer, `${field.id}_source`, i)))));
    }
    return rows.length ? element("dl.geo-facts", rows) : null;
  }

  function noteText({ layer, i }) {
    const note = textIn(page, layer, "note", i);
    return note.text ? element("p.geo-card-note", { lang: note.language }, note.text, languageTag(note.language)) : null;
  }

  // The years of a series as a small table with bars, those below zero to the left of it; the year on the slider stands out.
  function seriesTable(facts, series) {
    const [first, after] = series.rowsOf(facts.i);
    if (first === after) return null;
    const number = (row) => series.column("value").number(row);
    let low = 0, high = 0;
    for (let row = first; row < after; row++) [low, high] = [Math.min(low, number(row)), Math.max(high, number(row))];
    const partOf = (size) => size / (high - low) || 0;
    const current = seriesRow(series, facts.i, store.state.time);
    const unit = pickText(series.unit);
    const rows = [];
    for (let row = first; row < after; row++) {
      const bar = element("span.geo-series-bar");
      bar.style.setProperty("--geo-from", partOf(Math.min(0, number(row)) - low));
      bar.style.setProperty("--geo-share", partOf(Math.abs(number(row))));
      rows.push(element("tr", { class: row === current ? "geo-series-now" : null, "aria-current": row === current ? "true" : null },
        element("th", { scope: "row" }, String(series.column("time").number(row))),
        element("td.geo-series-cell", bar),
        element("td", formatNumber(number(row)), marks(facts, series.column("source")?.text(row)))));
    }
    return element("table.geo-series",
      element("caption", unit ? `${fieldTitle(series)}, ${unit}` : fieldTitle(series)), element("tbody", rows));
  }

  function recordList(facts) {
    const { records } = facts.layer;
    const [first, after] = records ? records.rowsOf(facts.i) : [0, 0];
    if (first === after) return null;
    const rows = Array.from({ length: after - first }, (_, at) => recordItem(facts, records, first + at));
    return element("section.geo-card-part",
      element("h3", t("records", { n: rows.length })), element("ol.geo-records", rows));
  }

  function recordItem(facts, records, row) {
    const read = (name) => cellText(records, name, row);
    const { text, language } = textIn(page, records, "text", row);
    const { text: unit } = textIn(page, records, "unit", row), note = textIn(page, records, "note", row);
    const value = read("value"), amount = value && amountText(value, unit, text);
    return element("li.geo-record",
      element("span.geo-record-date", read("date") ? formatDate(read("date")) : t("date_none")),
      element("p", { lang: language }, text, amount && element("strong.geo-record-value", amount),
        languageTag(language), marks(facts, read("source"))),
      note.text && element("p.geo-fine", { lang: note.language }, note.text, languageTag(note.language)));
  }

  function place(facts) {
    const { layer, i } = facts;
    const precision = cellText(layer, "precision", i);
    const latlon = pointLatlon(layer, i);
    const located = layer.geometry[i] >= 0;
    if (!precision && !latlon && located) return null;
    const isBeyond = latlon && isBeyondMap(latlon), text = isBeyond ? t("place_beyond") : latlon && latlonText(latlon, precision);
    return element("section.geo-card-part",
      element("h3", t("place")),
      element("p.geo-place",
        latlon && element("span.geo-coordinates", text),
        latlon && !isBeyond && iconButton("copy", t("copy_coordinates"), () => notices.copy(text)),
        element("span", !located && t("place_none"), precision && located && t(`precision_${precision}_long`),
          marks(facts, cellText(layer, "geometry_source", i)))));
  }

  function sourceList({ notes }) {
    if (!notes.length) return null;
    return element("section.geo-card-part",
      element("h3", t("sources")),
      footnoteList(notes));
  }

  function cardActions(facts, name) {
    const { layer, i } = facts;
    return element("div.geo-card-actions",
      textButton(t("cite"), () => notices.copy(reference(facts, name)), "quote"),
      actions.link && textButton(t("copy_link"), () => notices.copy(actions.link()), "link"),
      layer.geometry[i] >= 0 && textButton(t("zoom_to"), () => actions.zoomTo({ layer: layer.id, feature: i }), "zoom"));
  }

  function reference({ layer, notes: { notes } }, name) {
    const { atlas, map } = page.head;
    return citationText({
      name, layer: layerTitle(layer), map: pickText(map.title), atlas: pickText(atlas.title), edition: atlas.edition,
      link: actions.link?.(), notes,
    });
  }

  // Features that lie on one another: the card walks through them.
  function overlapButtons(selection, stack) {
    const at = stack.findIndex((other) => isSameFeature(other, selection));
    if (at < 0 || stack.length < 2) return null;
    const step = (by) => () => actions.select(stack[(at + by + stack.length) % stack.length]);
    return element("span.geo-overlap",
      iconButton("back", t("card_previous"), step(-1)),
      element("span", t("card_of", { n: at + 1, of: stack.length })),
      iconButton("chevron", t("card_next"), step(1)));
  }

  // A value of a series follows the year shown.
  function update({ isTime }) {
    const { selection } = store.state, layer = layerOf(page, selection?.layer);
    if (isTime && layer?.series.length) write();
    else if (layer) writeHidden(layer, selection.feature);
  }

  return { write: () => write(), open: () => write(true), update, focus: () => title?.focus() };
}

export function footnoteList(notes) {
  return element("ol.geo-footnotes", notes.map(({ locator, source }, at) => (
    element("li.geo-footnote", { tabindex: "-1" },
      element("span.geo-footnote-number", { "aria-hidden": "true" }, String(at + 1)),
      element("span", locator ? [`${source.citation.replace(/\.$/, "")}, `, element("span.geo-locator", locator)] : source.citation, " ",
        source.url && safeLink(source.url, hostOf(source.url)),
        source.accessed && element("span.geo-muted", " ", accessedText(source)),
        source.licence && element("span.geo-licence", source.licence))))));
}

// [1, 2, 3, 5] -> "1–3, 5"
export function rangesText(numbers) {
  const runs = [];
  for (const n of numbers) {
    const run = runs.at(-1);
    if (run && n === run[1] + 1) run[1] = n;
    else runs.push([n, n]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : to === from + 1 ? `${from}, ${to}` : `${from}–${to}`)).join(", ");
}

function hostOf(url) {
  try {
    return new URL(url).hostname.replace(/^www\./, "") || url;
  } catch {
    return url;
  }
}
