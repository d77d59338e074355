// What to call a feature, a value or a class in the reader's language.

import { PRECISIONS, cellText, featureByKey, keysIn, layerOf, localText } from "../data/model.js";
import { element } from "../elements/dom.js";
import { timeColumns, yearOfDay } from "../state/time.js";
import { classEntries, fieldOf, precisionEntries, scaleEntries } from "./legend.js";
import {
  currentLanguage, formatDate, formatNumber, formatQuantity, formatSpan, languageName, pickText, pickTextIn, t,
} from "./texts.js";

// {text, language}: the feature's name, or its key where it has none.
export function nameOf(page, layer, i) {
  const named = textIn(page, layer, "name", i);
  return named.text ? named : { text: layer.column("_key").text(i), language: page.languages[0] };
}

// The name in the other languages that the data has: [{text, language}].
export function otherNames(page, layer, i) {
  const first = nameOf(page, layer, i);
  const all = page.languages.map((language, at) => {
    const text = cellText(layer, at ? `name_${language}` : "name", i);
    return { text, language };
  });
  const isFirst = ({ text }, at) => all.findIndex((other) => other.text === text) === at;
  return all.filter((name, at) => name.text && name.text !== first.text && isFirst(name, at));
}

// "Since October 2003": when a feature is valid; "" for what has no dates.
export function datesText(layer, i) {
  const [from, to] = timeColumns(layer).map((name) => cellText(layer, name, i));
  return from || to ? formatSpan(from, to) : "";
}

export function layerTitle(layer) {
  return pickText(layer.head.title);
}

export function fieldTitle(field) {
  return field ? pickText(field.title) || field.id : "";
}

// "Capacity, MW"
export function unitTitle(field) {
  return [fieldTitle(field), pickText(field?.unit)].filter(Boolean).join(", ");
}

// What a cell names by keys: [{text, language, target: {layer: id, feature}}]; a whole layer, and what another map of
// the atlas has, are no target here.
export function namedIn(page, cell) {
  return keysIn(cell).map((key) => {
    const whole = layerOf(page, key), target = whole ? null : featureByKey(page, key);
    if (target) return { ...nameOf(page, layerOf(page, target.layer), target.feature), target };
    return { text: whole ? layerTitle(whole) : key, language: currentLanguage(), target };
  });
}

// A cell as a reader sees it: category title, number with unit, date in words; "" = no value.
export function valueText(page, layer, field, i) {
  const column = layer.column(field.id);
  if (!column) return "";
  if (field.type === "number" || field.type === "integer") {
    const number = column.number(i);
    return Number.isNaN(number) ? column.text(i) : formatQuantity(number, pickText(field.unit), field.decimals);
  }
  const text = column.text(i);
  if (!text) return "";
  if (field.type === "date") return formatDate(text);
  if (field.type === "boolean") return t(text === "true" ? "yes" : "no");
  if (field.type === "category") return categoryTitle(field, text);
  if (field.type === "feature") return namedIn(page, text).map((named) => named.text).join(", ");
  return textIn(page, layer, field.id, i).text;
}

// {text, language}: a text in the reader's language, or in the one that has it; `layer` may be a layer's records. A
// code, such as "UCFM", is of none: without a letter that is not a capital it counts as the reader's.
export function textIn(page, layer, name, i) {
  const { text, language } = localText(layer, name, i, currentLanguage(), page.languages);
  return { text, language: /[\p{Ll}\p{Lo}]/u.test(text) ? language : currentLanguage() };
}

// What the reader's language lacks is shown as it is and says which language that is: by a tag behind the text,
export function languageTag(language) {
  return language === currentLanguage() ? null : element("span.geo-language-tag", languageName(language));
}

// or, where the text is a name that stands alone, by these attributes of its element: base.css writes them out.
export function spokenIn(language) {
  return { lang: language, "data-language": language === currentLanguage() ? null : language };
}

export function categoryTitle(field, value) {
  return titleWords(field.categories?.[value]?.title) || valueWords(field.id, value);
}

// What the reader's language lacks says here, too, in which it comes: "Ноль (русский)".
function titleWords(texts) {
  const { text, language } = pickTextIn(texts);
  return text && language !== currentLanguage() ? `${text} (${languageName(language)})` : text;
}

// The precisions have words of the interface, every other value is its own.
function valueWords(by, value) {
  return by === "precision" && PRECISIONS.includes(value) ? t(`precision_${value}`) : value;
}

// The words of a legend class.
export function classTitle(layer, by, label) {
  const field = fieldOf(layer, by);
  if (label.none) return t("no_value");
  if (label.other) return t("other_values");
  if (label.from !== undefined) return rangeWords(layer, by, label);
  return titleWords(label.title) || (field ? categoryTitle(field, label.value) : valueWords(by, label.value));
}

// A limit belongs to the class above it, but in the last: whole numbers are "0 – 9", others "0 – <10". A class that
// holds one number alone is that number.
function rangeWords(layer, by, label) {
  const { from, to } = label, isLast = label === layer.head.style.color.classes.at(-1);
  const series = layer.series.find(({ id }) => id === by), name = series ? "value" : by;
  const { type, scale } = (series ?? layer.head).columns[name] ?? {};
  const whole = [Math.ceil(from), isLast ? Math.floor(to) : Math.ceil(to) - 1];
  const isWhole = type === "int" && !scale && whole[0] <= whole[1];
  const [low, high] = isWhole ? whole : [from, to];
  const isAlone = isWhole ? low === high : isLeastAlone(series ?? layer, name, from, isLast ? Infinity : to);
  if (isAlone) return formatNumber(low);
  return `${formatNumber(low)} – ${isWhole || isLast ? "" : "<"}${formatNumber(high)}`;
}

function isLeastAlone({ n, column }, name, least, end) {
  const values = column(name);
  let isMet = false;
  for (let i = 0; values && i < n; i++) {
    const value = values.number(i);
    if (value > least && value < end) return false;
    isMet ||= value === least;
  }
  return isMet;
}

// A layer's legend: [{name, title, rows: [{pick, words, part, code}]}], part and code of classes alone. `factor`: how
// large the map draws symbols at its zoom.
export function legendParts(layer, factor) {
  const parts = [];
  for (const entry of classEntries(layer)) {
    const { part, label } = entry, { by } = layer.head.style[part], field = fieldOf(layer, by);
    const title = unitTitle(field) || by;
    if (parts.at(-1)?.name !== part) parts.push({ name: part, title, rows: [] });
    parts.at(-1).rows.push({ ...entry, words: classTitle(layer, by, label) });
  }
  for (const { name, by, ticks } of scaleEntries(layer, factor)) {
    const field = fieldOf(layer, by);
    const amount = (value) => formatQuantity(value, pickText(field?.unit), field?.decimals);
    const rows = ticks.map(({ pick, value, isAtMost }) => ({
      pick, words: pick.isUnknown ? t("no_value") : `${isAtMost ? "≤ " : ""}${amount(value)}`,
    }));
    if (rows.length) parts.push({ name, title: fieldTitle(field) || by, rows });
  }
  const rows = precisionEntries(layer).map(({ precision, pick }) => ({
    precision, pick, words: t(`precision_${precision}`),
  }));
  if (rows.some(({ precision }) => precision !== "exact")) {
    parts.push({ name: "precision", title: t("precision"), rows });
  }
  return parts;
}

// What follows the caption of a layer coloured by a series: where no one year of several is chosen, it mixes them.
export function latestText({ head: { style: { color } }, series }, time) {
  if (color?.kind !== "series" || (time && yearOfDay(time.from) === yearOfDay(time.to))) return "";
  const { n, column } = series.find(({ id }) => id === color.by), year = column("time");
  for (let row = 1; row < n; row++) if (year.number(row) !== year.number(0)) return `, ${t("legend_latest")}`;
  return "";
}

// A text of the head in an element of its own, marked with the language that it comes in; null where there is none.
export function textElement(name, texts) {
  const { text, language } = pickTextIn(texts);
  return text ? element(name, spokenIn(language), text) : null;
}

// A text of the head as paragraphs, marked likewise; `mark` stands behind the last.
export function paragraphsOf(texts, mark = null) {
  const { text, language } = pickTextIn(texts), parts = text.split(/\n\s*\n/).filter(Boolean);
  const behind = (at) => at === parts.length - 1 && [mark, languageTag(language)];
  return parts.map((words, at) => element("p", { lang: language }, words.trim(), behind(at)));
}
