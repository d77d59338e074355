// Words of the interface and of the data in the reader's language, with the numbers and dates that language writes.

import { languagesRead } from "../data/model.js";
import { madeOnce } from "../data/once.js";
import { DAY_MS, dayOfDate } from "../state/time.js";

// Whose numbers a language takes, and English its dates: the day first. Where a browser knows no Kyrgyz, Russian is
// near.
const INTL_TAGS = { en: ["en-GB"], ky: ["ky", "ru"] };

const spoken = { language: "en", languages: ["en"], catalogues: {}, formats: new Map() };

// `catalogues`: {language: {key: text or {plural form: text}}}; `languages`: the data's, its default first.
export function setCatalogues(catalogues, languages) {
  Object.assign(spoken, { catalogues, languages });
}

export function setLanguage(language) {
  Object.assign(spoken, { language, formats: new Map() });
}

// The first of the reader's languages that the page speaks.
export function preferredLanguage(wanted, spokenHere) {
  const known = wanted.map((tag) => tag.toLowerCase().split("-")[0]).find((language) => spokenHere.includes(language));
  return known ?? spokenHere[0];
}

// t("features_shown", {n: 3, of: 12}): the plural form follows `n`; numbers are written as the language does.
export function t(key, values = {}) {
  const entry = spoken.catalogues[spoken.language]?.[key] ?? spoken.catalogues.en?.[key];
  if (entry === undefined) return key;
  const text = typeof entry === "string" ? entry : entry[pluralForm(values.n)] ?? entry.other;
  // A value may bring the full stop of the sentence, as Russian dates do.
  return text.replace(/\{(\w+)\}(\.?)/g, (_, name, stop) => {
    const value = values[name] ?? "";
    const words = typeof value === "number" ? formatNumber(value) : value;
    return words.endsWith(".") ? words : words + stop;
  });
}

function pluralForm(n) {
  return format("plural", (tags) => new Intl.PluralRules(tags)).select(n);
}

// A text of the head, {language: words}, in the reader's language or else in the data's default.
export function pickText(texts) {
  return pickTextIn(texts).text;
}

// The same with the language that it came in: {text, language}.
export function pickTextIn(texts) {
  const order = [...languagesRead(spoken.language), ...spoken.languages, ...Object.keys(texts ?? {})];
  const language = order.find((candidate) => texts?.[candidate]);
  return language ? { text: texts[language], language } : { text: "", language: spoken.language };
}

export function currentLanguage() {
  return spoken.language;
}

// "Кыргызча" for ky: a language's own name for itself, as the catalogue of that language gives it, else the browser.
export function languageName(language) {
  return spoken.catalogues[language]?.language_name ?? madeOnce(ownNames, language, () => ownNameOf(language));
}

const ownNames = new Map();

// The code where the browser knows no name.
function ownNameOf(language) {
  const [tag] = Intl.DisplayNames?.supportedLocalesOf(language) ?? [];
  if (!tag) return language;
  const name = new Intl.DisplayNames(tag, { type: "language" }).of(tag);
  return name[0].toLocaleUpperCase(tag) + name.slice(1);
}

function format(key, make) {
  const { language, formats } = spoken;
  return madeOnce(formats, key, () => make([...(INTL_TAGS[language] ?? [language]), "en"]));
}

// 1860, 12 345: four digits stay together, as years and megawatts are read. What is smaller than six decimals tell has
// the four digits that count; what rounds to nothing is 0, not -0.
export function formatNumber(value, decimals) {
  const digits = decimals ?? (Math.abs(value) < 1e-3 ? "small" : null);
  return format(`number ${digits}`, (tags) => new Intl.NumberFormat(tags, {
    useGrouping: "min2",
    ...(digits === "small"
      ? { maximumSignificantDigits: 4 }
      : { minimumFractionDigits: digits ?? 0, maximumFractionDigits: digits ?? 6 }),
  })).format(Number(typeof digits === "number" ? value.toFixed(digits) : value) + 0);
}

export function formatQuantity(value, unit, decimals) {
  return unit ? `${formatNumber(value, decimals)}\u00a0${unit}` : formatNumber(value, decimals);
}

const PLAIN_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?$/;
const EXACT_DIGITS = 15; // so many a number of JavaScript holds

// What the value of a record adds to its text, "" where that names it with its unit: a number as the language writes
// it, with the digits that the data has; what is no plain number, such as "007", as it is.
export function amountText(value, unit, text) {
  if (!PLAIN_NUMBER.test(value) || value.length > EXACT_DIGITS) return `${value} ${unit}`.trim();
  const number = Number(value), decimals = value.split(".")[1]?.length;
  return namesAmount(text, formatNumber(number, decimals), unit) ? "" : formatQuantity(number, unit, decimals);
}

// Whether a text holds a number as it is written, not as digits of another, beside a word of its unit and with all of
// them: "USD 2 billion", but not "built in 2 stages".
function namesAmount(text, written, unit) {
  const words = unit.split(" "), number = written.replaceAll(".", "\\.");
  const found = new RegExp(`(\\S*)\\s?(?<![\\d.,])${number}(?![.,]?\\d)\\s?(\\S*)`, "g");
  const isBeside = ([, before, after]) => words.some((word) => before.endsWith(word) || after.startsWith(word));
  return words.every((word) => text.includes(word)) && [...text.matchAll(found)].some(isBeside);
}

const YEAR_ONE = -719_162; // its first day
const EDTF = /^(-?\d{4})(?:-(\d\d))?(?:-(\d\d))?([?~%]?)$/;
const DATE_PARTS = [
  { year: "numeric" },
  { year: "numeric", month: "long" },
  { year: "numeric", month: "long", day: "numeric" },
];

// Days since 1970-01-01 as a date; precision 0 year, 1 month, 2 day. The year 0 is 1 BC.
export function formatDay(day, precision = 2) {
  if (spoken.language === "ky") return kyrgyzDay(new Date(day * DAY_MS), precision);
  const era = day < YEAR_ONE ? { era: "short" } : {};
  const formatter = format(`date ${precision} ${era.era}`, (tags) => new Intl.DateTimeFormat(tags, {
    ...DATE_PARTS[precision], ...era, timeZone: "UTC", calendar: "gregory",
  }));
  return formatter.format(new Date(day * DAY_MS));
}

// "2014", "2014-ж., июнь", "2014-ж., 3-июнь": Chrome knows no Kyrgyz dates, but the Russian months, whose names these
// are.
function kyrgyzDay(date, precision) {
  const year = date.getUTCFullYear(), years = year > 0 ? `${year}` : `б.з.ч. ${1 - year}`;
  const month = format("month", () => new Intl.DateTimeFormat("ru", { month: "long", timeZone: "UTC" })).format(date);
  return [years, `${years}-ж., ${month}`, `${years}-ж., ${date.getUTCDate()}-${month}`][precision];
}

// EDTF as a reader writes it: "2003-10" October 2003, "1956~" circa 1956, "2003?" 2003 (uncertain), "a/b" a – b.
export function formatDate(edtf) {
  if (edtf.includes("/")) {
    const [from, to] = edtf.split("/");
    return formatSpan(from, to);
  }
  const match = EDTF.exec(edtf);
  if (!match) return edtf === ".." ? t("date_open") : edtf;
  const [, year, month, day, doubt] = match;
  const written = formatDay(dayOfDate(...[year, month ?? 1, day ?? 1].map(Number)), day ? 2 : month ? 1 : 0);
  const key = { "~": "date_circa", "?": "date_uncertain", "%": "date_circa_uncertain" }[doubt];
  return key ? t(key, { date: written }) : written;
}

// Validity from two EDTF texts: ".." = open, "" = not known.
export function formatSpan(from, to) {
  const open = { "": "unknown", "..": "open" };
  if (from && from === to && !open[from]) return formatDate(from);
  const kind = `span_${open[from] ?? "date"}_${open[to] ?? "date"}`;
  return t(kind, { from: formatDate(from), to: formatDate(to) });
}

// Compares texts as the reader's language orders them, numbers in them by their value.
export function comparer() {
  return new Intl.Collator([spoken.language, "en"], { numeric: true }).compare;
}
