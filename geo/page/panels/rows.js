// The rows and columns of the table: shown features, the columns that suit them, their order.

import { cellText } from "../data/model.js";
import { countShown } from "../state/store.js";
import { seriesRow, timeColumns } from "../state/time.js";
import { parseSources } from "../words/citations.js";
import { fieldTitle, layerTitle, nameOf, textIn, unitTitle, valueText } from "../words/names.js";
import { currentLanguage, formatDate, formatNumber, t } from "../words/texts.js";

const COLLATE_UP_TO = 50_000; // rows; comparing by the rules of a language costs 30 times a plain comparison

// The shown features of some layers: {layers: [layer], of: Uint16Array (index into layers), feature: Uint32Array}.
// `ignore`: bits of the mask that do not count.
export function shownRows(store, layers, ignore = 0) {
  const n = layers.reduce((sum, layer) => sum + countShown(store.mask(layer), ignore), 0);
  const rows = { n, layers, of: new Uint16Array(n), feature: new Uint32Array(n) };
  let row = 0;
  layers.forEach((layer, at) => {
    const mask = store.mask(layer);
    for (let i = 0; i < layer.n; i++) {
      if (mask[i] & ~ignore) continue;
      rows.of[row] = at;
      rows.feature[row++] = i;
    }
  });
  return rows;
}

// [{id, title, text(layer, i), number(layer, i) or null, language(layer, i) where it is a text}]; one layer has its own fields
// and series, these as they are at the time chosen; several have what all have.
export function tableColumns(page, layers, time) {
  const [{ head, series, column }] = layers, isOne = layers.length === 1;
  const has = (name) => layers.some((layer) => layer.column(name));
  const name = (part) => (layer, i) => nameOf(page, layer, i)[part];
  return [
    { id: "name", title: t("column_name"), text: name("text"), language: name("language") },
    !isOne && { id: "layer", title: t("column_layer"), text: layerTitle },
    isOne && head.fields.filter(({ id }) => column(id)).map((field) => fieldColumn(page, field)),
    isOne && series.map((one) => seriesColumns(one, time)),
    layers.some((layer) => layer.from) && ["from", "to"].map(dateColumn),
    has("precision") && { id: "precision", title: t("precision"), text: (layer, i) => {
      const value = cellText(layer, "precision", i);
      return value && t(`precision_${value}`);
    } },
    has("source") && { id: "source", title: t("sources"), text: (layer, i) => sourcesText(page, cellText(layer, "source", i)) },
  ].flat(2).filter(Boolean);
}

// The first day of the start, or the last of the end.
function dateColumn(end, at) {
  const number = (layer, i) => {
    const column = layer.column(timeColumns(layer)[at]), code = column?.codes?.[i];
    return code ? column[end][code - 1] : NaN;
  };
  return { id: end, title: t(`column_${end}`), number, text: (layer, i) => formatDate(cellText(layer, timeColumns(layer)[at], i)) };
}

function fieldColumn(page, field) {
  const { id, type } = field, numeric = type === "number" || type === "integer";
  return {
    id: `field ${id}`, title: fieldTitle(field), numeric,
    text: (layer, i) => valueText(page, layer, field, i),
    language: type === "text" ? (layer, i) => textIn(page, layer, id, i).language : null,
    number: numeric || type === "date" ? (layer, i) => layer.column(id).number(i) : null,
  };
}

// The value of a series that holds, and of which year it is.
function seriesColumns(series, time) {
  const column = (id, name, heading, write) => {
    const number = (_, i) => {
      const row = seriesRow(series, i, time);
      return row < 0 ? NaN : series.column(name).number(row);
    };
    return { id, title: heading, numeric: true, number, text: (layer, i) => (Number.isNaN(number(layer, i)) ? "" : write(number(layer, i))) };
  };
  return [
    column(`series ${series.id}`, "value", unitTitle(series), formatNumber),
    column(`year ${series.id}`, "time", `${fieldTitle(series)}: ${t("column_year")}`, String),
  ];
}

function sourcesText(page, source) {
  return parseSources(source).map(({ id, locator }) => `${shortCitation(page.sources[id]?.citation ?? id)} ${locator}`.trim()).join("; ");
}

// "Lewis, D. (2015). Reasserting ..." -> "Lewis 2015": the first words and the year.
export function shortCitation(citation) {
  const [name] = citation.split(/[.,(:]\s|,|\s\(/);
  const year = /\b(1[89]|20)\d\d\b/.exec(citation);
  return year && !name.includes(year[0]) ? `${name} ${year[0]}` : name;
}

// Compares texts as the reader's language orders them, numbers in them by their value.
export function comparer() {
  return new Intl.Collator([currentLanguage(), "en"], { numeric: true }).compare;
}

// The order of rows by a column: an array of row numbers; rows without a value come last either way.
export function sortRows(rows, column, descending) {
  const order = Uint32Array.from({ length: rows.n }, (_, row) => row);
  if (!column) return order;
  const value = column.number ?? column.text;
  const keys = Array.from({ length: rows.n }, (_, row) => value(rows.layers[rows.of[row]], rows.feature[row]));
  const compare = rows.n > COLLATE_UP_TO ? (a, b) => (a < b ? -1 : a > b ? 1 : 0) : comparer();
  const isEmpty = (key) => key === "" || Number.isNaN(key);
  const sign = descending ? -1 : 1;
  return order.sort((a, b) => {
    const [x, y] = [keys[a], keys[b]];
    if (isEmpty(x) || isEmpty(y)) return isEmpty(x) - isEmpty(y) || a - b;
    return sign * (column.number ? x - y : compare(x, y)) || a - b;
  });
}
