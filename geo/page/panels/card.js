// The card of the selected feature: everything known about it, each value with the numbers of its sources.

import { isBeyondMap, latlonText, pointLatlon } from "../data/coordinates.js";
import { PRECISIONS, cellText, featuresNaming, isSameFeature, layerOf, rowsOf } from "../data/model.js";
import { classCodes } from "../draw/styles.js";
import { classSwatch } from "../draw/swatches.js";
import { iconButton, linkButton, textButton } from "../elements/controls.js";
import { element, fill, holdFocus, safeLink, setAttributes } from "../elements/dom.js";
import { hiddenBy } from "../state/store.js";
import { seriesRow, timeColumns } from "../state/time.js";
import { accessedText, citationText, createFootnotes } from "../words/citations.js";
import { withLayers } from "../words/legend.js";
import { periodText } from "../words/moments.js";
import {
  datesText, fieldTitle, languageTag, layerTitle, nameOf, namedIn, otherNames, spokenIn, textIn, unitTitle, valueText,
} from "../words/names.js";
import { amountText, formatDate, formatNumber, languageName, pickText, t } from "../words/texts.js";

// Columns that the card shows in a place of their own, not among the attributes.
const PLACED = ["name", "note", "source", "precision", "as_of", "valid_from", "valid_to"];

export function createCard(store, slot, camera, actions, notices) {
  const { page, state } = store;
  const hiddenLine = element("p.geo-card-hidden"), symbol = element("span.geo-symbol");
  let title = null;

  // Opened, it starts at its top and says so; written again (another language, another year), it stays where it was.
  // `focus`: its heading is about to take the focus.
  function write(isOpened = false, focus = false) {
    const scrolled = slot.querySelector(".geo-card-body")?.scrollTop ?? 0;
    const giveFocus = holdFocus(slot);
    const { selection, stack } = state;
    const layer = layerOf(page, selection?.layer);
    if (!layer) return fill(slot);
    const i = selection.feature, name = nameOf(page, layer, i);
    const { notes, cite } = createFootnotes(page.sources);
    const cell = (column) => cellText(layer, column, i);
    // A value without a source of its own rests on its row's; records and series have rows of their own.
    const sourceOf = (column) => cell(`${column}_source`) || cell("source");
    const facts = { layer, i, notes, cite, cell, sourceOf, marks: (source) => marksOf(cite(source)) };
    title = element("h2.geo-card-title", { tabindex: "-1", ...spokenIn(name.language) }, name.text);
    setAttributes(slot, { "aria-label": name.text });
    const hidden = writeHidden(layer, i);
    drawSymbol();
    const body = element("div.geo-card-body",
      hiddenLine, spanLine(facts), attributes(facts),
      taggedText("p.geo-card-note", textIn(page, layer, "note", i), facts.marks(cell("note_source"))),
      layer.series.map((series) => seriesTable(facts, series)), recordList(facts), namingList(facts), place(facts),
      sourceList(facts));
    fill(slot,
      element("div.geo-card-head",
        element("div.geo-card-bar",
          element("p.geo-card-layer", symbol, element("span", layerTitle(layer))),
          overlapButtons(selection, stack),
          iconButton("close", t("card_close"), actions.close)),
        title, nameLine(layer, i)),
      body,
      element("div.geo-card-actions",
        textButton(t("cite"), () => notices.copy(reference(facts, name.text)), "quote"),
        actions.link && textButton(t("copy_link"), () => notices.copy(actions.link()), "link"),
        layer.geometry[i] >= 0 && textButton(t("zoom_to"), () => camera.zoomTo(selection), "zoom")));
    // The heading, where it takes the focus, says the name.
    const said = focus ? layerTitle(layer) : t("card_opened", { name: name.text, layer: layerTitle(layer) });
    if (isOpened) notices.say([said, hidden].filter(Boolean).join(". "));
    body.scrollTop = isOpened ? 0 : scrolled;
    return giveFocus(title);
  }

  // As the map has the feature, but for its size.
  function drawSymbol() {
    const { selection, time, dark } = state, layer = layerOf(page, selection?.layer);
    if (!layer) return;
    const i = selection.feature, code = (name) => classCodes(layer, name, time)?.[i];
    const precision = Math.max(0, PRECISIONS.indexOf(cellText(layer, "precision", i)));
    const isUnknown = [layer.size, layer.width].some((sizes) => sizes?.[i] === 0);
    const classes = { color: code("color"), shape: code("shape"), dash: code("dash"), precision, isUnknown };
    fill(symbol, classSwatch(layer, classes, dark));
  }

  store.listen((changed) => changed.includes("dark") && drawSymbol());

  // Why the feature is not on the map, beside the way to put it there.
  function writeHidden(layer, i) {
    const { shown, time } = state;
    const ways = {
      layer: { shown: withLayers(shown, [layer], true) },
      filters: { facets: {}, search: "" },
      time: { time: null },
      undated: { undated: "fade" },
    };
    let why = layer.geometry[i] < 0 ? "" : hiddenBy(store, layer, i) || (shown.includes(layer.id) ? "" : "layer");
    if (why === "time" && layer.undated?.[i]) why = "undated";
    const words = why && t(`card_hidden_${why}`, { time: time && periodText(time) });
    hiddenLine.hidden = !why;
    fill(hiddenLine, element("span", words), linkButton(t("card_unhide"), () => {
      store.set(ways[why]);
      title.focus();
      notices.sayShown();
    }));
    return words;
  }

  // "1-3" behind a value.
  function marksOf(cited) {
    const numbers = [...new Set(cited)].sort((a, b) => a - b);
    if (!numbers.length) return null;
    // The space keeps the numbers on the line of their value; before a button alone a line may break all the same.
    return element("span.geo-marks", "\u00a0", element("button.geo-mark", {
      "aria-label": t("sources_of_value", { n: numbers.length, list: numbers.join(", ") }),
      onclick: () => showNotes(numbers),
    }, rangesText(numbers)));
  }

  function showNotes(numbers) {
    const items = [...slot.querySelectorAll(".geo-footnote")], first = items[numbers[0] - 1];
    items.forEach((item, at) => item.classList.toggle("geo-footnote-cited", numbers.includes(at + 1)));
    first.scrollIntoView({ block: "nearest" });
    first.focus({ preventScroll: true });
  }

  function nameLine(layer, i) {
    const names = otherNames(page, layer, i).map(({ text, language }) => (
      element("span", { lang: language, title: languageName(language) }, text)));
    return names.length > 0 && element("p.geo-card-names", names);
  }

  // What is cited, and what the row as a whole rests on.
  function sourceList({ notes, cite, cell }) {
    cite(cell("source"));
    return notes.length > 0 && cardPart(t("sources"), footnoteList(notes));
  }

  function spanLine({ layer, i, cell, marks }) {
    const dates = datesText(layer, i), asOf = cell("as_of");
    if (!dates && !asOf) return null;
    const ofDates = timeColumns(layer).map((name) => cell(`${name}_source`)).filter(Boolean);
    return element("p.geo-card-span",
      dates && element("span", element("strong", dates), marks(ofDates.join(";") || cell("source"))),
      asOf && element("span.geo-muted", t("as_of", { date: formatDate(asOf) })));
  }

  function attributes({ layer, i, cell, sourceOf, marks }) {
    const placed = [...PLACED, ...timeColumns(layer)];
    const rows = layer.head.fields.filter(({ card, id }) => card && !placed.includes(id)).map((field) => {
      const text = valueText(page, layer, field, i);
      const speech = field.type === "text" ? spokenIn(textIn(page, layer, field.id, i).language) : {};
      const value = field.type === "url" ? safeLink(text, text)
        : field.type === "feature" ? namedIn(page, cell(field.id)).map(namedItem) : element("span", speech, text);
      return text && element("div.geo-fact",
        element("dt", { title: pickText(field.description) || null }, fieldTitle(field)),
        element("dd", value, marks(sourceOf(field.id))));
    }).filter(Boolean);
    return rows.length > 0 && element("dl.geo-facts", rows);
  }

  function namedItem({ text, language, target }, at) {
    const words = element("span", spokenIn(language), text);
    return [at > 0 && ", ", target ? linkButton(words, () => actions.open(target, { focus: true })) : words];
  }

  // The features that name this one, as the events tied to it.
  function namingList({ layer, i }) {
    return featuresNaming(page, { layer: layer.id, feature: i }).map(({ layer: other, features }) => (
      cardPart(layerTitle(other), element("ul", features.map((feature) => {
        const dates = datesText(other, feature);
        return element("li.geo-record", dates && element("span.geo-record-date", dates),
          element("p", namedItem({ ...nameOf(page, other, feature), target: { layer: other.id, feature } }, 0)));
      })))));
  }

  // Bars below zero go to the left of it; the year on the slider stands out.
  function seriesTable({ i, marks }, series) {
    const rows = rowsOf(series, i), number = (row) => series.column("value").number(row);
    if (!rows.length) return null;
    const low = Math.min(0, ...rows.map(number)), high = Math.max(0, ...rows.map(number));
    const partOf = (size) => size / (high - low) || 0;
    const current = seriesRow(series, i, state.time);
    return element("table.geo-series",
      element("caption", unitTitle(series)),
      element("tbody", rows.map((row) => element("tr", { "aria-current": row === current },
        element("th", { scope: "row" }, String(series.column("time").number(row))),
        element("td.geo-series-cell", element("span.geo-series-bar", {
          "--geo-from": partOf(Math.min(0, number(row)) - low), "--geo-share": partOf(Math.abs(number(row))),
        })),
        element("td", formatNumber(number(row), series.decimals), marks(cellText(series, "source", row)))))));
  }

  function recordList({ layer: { records }, i, marks }) {
    const rows = rowsOf(records, i);
    return rows.length > 0 && cardPart(t("records", { n: rows.length }),
      element("ol", rows.map((row) => recordItem(records, row, marks))));
  }

  function recordItem(records, row, marks) {
    const [value, date, source] = ["value", "date", "source"].map((name) => cellText(records, name, row));
    const [{ text, language }, unit, note] = ["text", "unit", "note"].map((name) => textIn(page, records, name, row));
    const amount = value && amountText(value, unit.text, text);
    return element("li.geo-record",
      element("span.geo-record-date", date ? formatDate(date) : t("date_none")),
      element("p", { lang: language },
        text, amount && element("strong.geo-record-value", amount), languageTag(language), marks(source)),
      taggedText("p.geo-fine", note));
  }

  function place({ layer, i, cell, sourceOf, marks }) {
    const precision = cell("precision");
    const latlon = pointLatlon(layer, i), isLocated = layer.geometry[i] >= 0;
    if (!precision && !latlon && isLocated) return null;
    const isBeyond = latlon && isBeyondMap(latlon);
    const text = isBeyond ? t("place_beyond") : latlon && latlonText(latlon, precision);
    const exactness = isLocated ? precision && t(`precision_${precision}_long`) : t("place_none");
    return cardPart(t("place"), element("p.geo-place",
      latlon && element("span", text),
      latlon && !isBeyond && iconButton("copy", t("copy_coordinates"), () => notices.copy(text)),
      element("span", exactness, marks(sourceOf("geometry")))));
  }

  function reference({ layer, notes }, name) {
    const { atlas, map } = page.head;
    return citationText({
      name, layer: layerTitle(layer), map: pickText(map.title), atlas: pickText(atlas.title), edition: atlas.edition,
      link: actions.linkPassedOn(), notes,
    });
  }

  // Through features that lie on one another.
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
    const { selection } = state, layer = layerOf(page, selection?.layer);
    if (isTime && layer?.series.length) write();
    else if (layer) writeHidden(layer, selection.feature);
  }

  return { write, open: (focus) => write(true, focus), update, focus: () => title?.focus() };
}

function cardPart(title, content) {
  return element("section.geo-card-part", element("h3", title), content);
}

function taggedText(name, { text, language }, mark = null) {
  return text ? element(name, { lang: language }, text, languageTag(language), mark) : null;
}

export function footnoteList(notes) {
  return element("ol", notes.map(({ locator, source }, at) => (
    element("li.geo-footnote", { tabindex: "-1" },
      element("span.geo-footnote-number", { "aria-hidden": "true" }, String(at + 1)),
      element("span",
        locator
          ? [`${source.citation.replace(/\.$/, "")}, `, element("span.geo-locator", locator)]
          : source.citation,
        " ",
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
  const rangeText = (from, to) => (to === from + 1 ? `${from}, ${to}` : `${from}–${to}`);
  return runs.map(([from, to]) => (from === to ? `${from}` : rangeText(from, to))).join(", ");
}

function hostOf(url) {
  return /^https?:\/\/(?:www\.)?([^/?#:]+)/i.exec(url)?.[1] ?? url;
}
