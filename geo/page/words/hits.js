// Why search lists a feature whose names do not tell it.

import { cellText, localText, rowsOf, sourceColumns } from "../data/model.js";
import { timeColumns } from "../state/time.js";
import { parseSources } from "./citations.js";
import { datesText, fieldTitle, nameOf, otherNames, valueText } from "./names.js";
import { currentLanguage, t } from "./texts.js";

const WORDS_BEFORE = 3, WORDS_AFTER = 5; // of the one that was looked for

// The first text of a feature with a word of the query that its names lack, cut to what stands around that word:
// {title, text, language}; undefined where they have all. `holders`: what search gives of the query.
export function hitText(page, layer, i, holders) {
  const names = [nameOf(page, layer, i), ...otherNames(page, layer, i)].map(({ text }) => text);
  const missing = holders.filter((holds) => !names.some(holds));
  for (const { title, text, language, meant = "", isWhole } of missing.length ? textsOf(page, layer, i) : []) {
    const holds = missing.find((holder) => holder(`${text} ${meant}`));
    if (holds) return { title, text: isWhole ? text : excerpt(text.split(/\s+|(?<=;)/), holds), language };
  }
}

// All that search looks through but the names: [{title, text, language, meant}], what features say themselves first,
// the reader's language before others. `meant`: what the text stands for, `isWhole`: it is not cut.
function* textsOf(page, layer, i) {
  const { records, series } = layer, tables = [records, ...series].filter(Boolean);
  const inAll = (title, table, name, row) => [currentLanguage(), ...page.languages].map((language) => (
    { title, ...localText(table, name, row, language, page.languages) }));
  const dates = timeColumns(layer).map((name) => cellText(layer, name, i));
  yield { text: datesText(layer, i), meant: dates, isWhole: true };
  yield { text: cellText(layer, "_key", i) };
  for (const field of layer.head.fields) {
    const { id, type, categories } = field, title = fieldTitle(field), value = cellText(layer, id, i);
    if (type === "text") yield* inAll(title, layer, id, i);
    if (type !== "category" && type !== "date") continue;
    const meant = [value, ...Object.values(categories?.[value]?.title ?? {})];
    yield { title, text: valueText(page, layer, field, i), meant };
  }
  yield* inAll("", layer, "note", i);
  for (const row of rowsOf(records, i)) {
    const meant = cellText(records, "date", row);
    for (const name of ["text", "note"]) {
      for (const said of inAll(t("record"), records, name, row)) yield { ...said, meant };
    }
  }
  const cells = tables.flatMap((table) => rowsOf(table, i).map((row) => cellText(table, "source", row)));
  const own = sourceColumns(layer).map((column) => column.text(i));
  for (const { id, locator } of parseSources([...own, ...cells].join(";"))) {
    yield { title: t("sources"), text: `${page.sources[id]?.citation ?? id} ${locator}`, meant: id };
  }
  // Last, as search finds only whole numbers: what no text holds is this one.
  for (const field of layer.head.fields.filter(({ type }) => type === "integer" || type === "number")) {
    const number = cellText(layer, field.id, i);
    const meant = [number, number.replace(".", ",")];
    yield { title: fieldTitle(field), text: valueText(page, layer, field, i), meant };
  }
}

function excerpt(words, holds) {
  const at = Math.max(0, words.findIndex(holds)), first = Math.max(0, at - WORDS_BEFORE), after = at + 1 + WORDS_AFTER;
  return `${first ? "… " : ""}${words.slice(first, after).join(" ")}${after < words.length ? " …" : ""}`;
}
