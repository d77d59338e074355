// The columns of the table, as they suit the layers listed, and the order of its rows.

import { cellText } from "../data/model.js";
import { seriesRow, timeColumns } from "../state/time.js";
import { parseSources, shortCitation } from "../words/citations.js";
import { fieldTitle, layerTitle, nameOf, textIn, unitTitle, valueText } from "../words/names.js";
import { comparer, formatDate, formatNumber, t } from "../words/texts.js";

const COLLATE_UP_TO = 50_000; // rows; comparing by the rules of a language costs 30 times a plain comparison

// [{id, title, text(layer, i), number(layer, i) or null, language(layer, i) where it is a text}]; one layer has its own
// fields and series, these as they are at the time chosen; several have what all have.
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
    has("source") && {
      id: "source", title: t("sources"), text: (layer, i) => sourcesText(page, cellText(layer, "source", i)),
    },
  ].flat(2).filter(Boolean);
}

// The first day of the start, or the last of the end.
function dateColumn(end, at) {
  const number = (layer, i) => {
    const column = layer.column(timeColumns(layer)[at]), code = column?.codes?.[i];
    return code ? column[end][code - 1] : NaN;
  };
  const text = (layer, i) => formatDate(cellText(layer, timeColumns(layer)[at], i));
  return { id: end, title: t(`column_${end}`), number, text };
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
    const text = (layer, i) => (Number.isNaN(number(layer, i)) ? "" : write(number(layer, i)));
    return { id, title: heading, numeric: true, number, text };
  };
  return [
    column(`series ${series.id}`, "value", unitTitle(series), (value) => formatNumber(value, series.decimals)),
    column(`year ${series.id}`, "time", `${fieldTitle(series)}: ${t("column_year")}`, String),
  ];
}

function sourcesText(page, source) {
  const cited = ({ id, locator }) => `${shortCitation(page.sources[id]?.citation ?? id)} ${locator}`.trim();
  return parseSources(source).map(cited).join("; ");
}

// The numbers of rows in order; rows without a value come last either way.
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
