// Time as readers handle it: dates typed, the step of the slider, years on its axis, what begins and ends in a period.

import { DAY_MS, dayOfDate, timeColumns, yearPeriod } from "../state/time.js";
import { formatDay } from "./texts.js";

const TYPED = [
  /^(?<y>-?\d{1,4})$/, // 2014
  /^(?<y>-?\d{4})[-./](?<m>\d{1,2})(?:[-./](?<d>\d{1,2}))?$/, // 2014-06, 2014-06-03
  /^(?:(?<d>\d{1,2})[-./])?(?<m>\d{1,2})[-./](?<y>\d{4})$/, // 06.2014, 3.6.2014
];

// A typed date as {from, to} in days, null where it is none.
export function parseMoment(text) {
  const found = TYPED.map((pattern) => pattern.exec(text.trim())).find(Boolean);
  if (!found) return null;
  const { y, m, d } = found.groups, year = Number(y), month = Number(m);
  if (!m) return yearPeriod(year);
  if (month < 1 || month > 12) return null;
  const first = dayOfDate(year, month), last = dayOfDate(year, month + 1) - 1;
  if (!d) return { from: first, to: last };
  const day = first + Number(d) - 1;
  return day >= first && day <= last ? { from: day, to: day } : null;
}

// The ends of what is typed, in the reader's language, too: [moment], of a period such as "1991–2001" both, null for
// what is no date.
export function typedEnds(text) {
  const ends = text.trim().split(/\s*[–—]\s*|\s+-\s+|(?<=^\d{4})-(?=\d{4}$)/);
  return ends.length > 2 ? [null] : ends.map((end) => parseMoment(end) ?? parseNamed(end));
}

// "October 2003", "3 июня 2014 г.": as the page itself writes, the month whole or its first letters.
function parseNamed(text) {
  const find = (pattern) => pattern.exec(text.toLowerCase())?.[0];
  const word = find(/\p{L}{3,}/u), year = find(/(?<!\d)\d{4}(?!\d)/), day = find(/(?<!\d)\d{1,2}(?!\d)/);
  const written = (month, fine) => formatDay(dayOfDate(2000, month), fine).toLowerCase();
  const isNamed = (month) => [1, 2].some((fine) => written(month, fine).includes(word));
  const month = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].find(isNamed);
  return year && month ? parseMoment([year, month, day].filter(Boolean).join("-")) : null;
}

// A query with its date as data writes it: "Kant October 2003" is "Kant 2003-10"; "" where it has none, or has it so.
export function inIso(query) {
  const words = query.trim().split(/\s+/);
  for (let n = 4; n > 0; n--) for (let at = 0; at + n <= words.length; at++) {
    const phrase = words.slice(at, at + n).join(" "), isOneName = (phrase.match(/\p{L}{3,}/gu) ?? []).length < 2;
    const [time, other] = isOneName && /\d{4}/.test(phrase) ? typedEnds(phrase) : [];
    if (!time || other) continue;
    const iso = momentInputs(time).join();
    return iso === phrase ? "" : [...words.slice(0, at), iso, ...words.slice(at + n)].join(" ");
  }
  return "";
}

const FIRST_DAYS = ["-01-01", "-01", ""]; // how the first day of a year, of a month and any day end

// How fine the ends of a period are: those of years (0), of months (1) or of days (2).
function finenessOf({ from, to }) {
  const begins = [from, to + 1].map(isoOfDay);
  return FIRST_DAYS.findIndex((end) => begins.every((text) => text.endsWith(end)));
}

// What stands in the date field: "2014", "2014-06", "2014-06-03"; of a period its first and last part, alike as they
// may be.
export function momentInputs(time) {
  const cut = FIRST_DAYS[finenessOf(time)].length;
  const [from, to] = [time.from, time.to].map(isoOfDay).map((text) => text.slice(0, text.length - cut));
  return from === to && !time.isPeriod ? [from] : [from, to];
}

export function periodText({ from, to }) {
  const fine = finenessOf({ from, to });
  return [...new Set([from, to].map((day) => formatDay(day, fine)))].join(" – ");
}

// The period as long as this one, `by` steps later: years step by years, months by months, days by days.
export function stepPeriod({ from, to }, by) {
  const fine = finenessOf({ from, to });
  if (fine === 2) return { from: from + by, to: to + by };
  const months = fine === 1 ? by : 12 * by;
  return { from: monthsLater(from, months), to: monthsLater(to + 1, months) - 1 };
}

function monthsLater(day, by) {
  const date = new Date(day * DAY_MS);
  return date.setUTCMonth(date.getUTCMonth() + by) / DAY_MS;
}

// Round years for an axis, at most `most` of them.
export function axisYears(first, last, most) {
  const step = [1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000].find((size) => (last - first) / size <= most) ?? 2000;
  const years = [];
  for (let year = Math.ceil(first / step) * step; year <= last; year += step) years.push(year);
  // The year 0 is 1 BC: there, round years are one later.
  return years.map((year) => (year > 0 || step === 1 ? year : year + 1)).filter((year) => year <= last);
}

// Shown features that begin or end in a period, which holds the whole of a date: what began in 2000 may have in any
// month of it. How many, and the first by day, at most `most` of them. Gives {n, first: [{layer, feature, day, kind:
// "event" | "begins" | "ends"}]}: of 200,000 in 3 ms, which to sort takes 80.
export function changesIn(store, time, most) {
  const first = [];
  let n = 0;
  for (const layer of store.page.layers) {
    if (!layer.from) continue;
    const mask = store.mask(layer), [starts, stops] = timeColumns(layer).map(layer.column);
    const isHeld = (dates, at) => at > 0 && dates.from[at - 1] >= time.from && dates.to[at - 1] <= time.to;
    for (let i = 0; i < layer.n; i++) {
      if (mask[i]) continue;
      const begins = isHeld(starts, starts?.codes?.[i]), ends = isHeld(stops, stops?.codes?.[i]);
      if (!begins && !ends) continue;
      n++;
      const day = begins ? layer.from[i] : layer.to[i];
      if (first.length === most && day >= first.at(-1).day) continue;
      const kind = begins && ends ? "event" : begins ? "begins" : "ends";
      first.splice(first.findLastIndex((other) => other.day <= day) + 1, 0, { layer, feature: i, day, kind });
      first.splice(most);
    }
  }
  return { n, first };
}

// "2014-06-03", as EDTF has it: years before 1 as "-0005", where JavaScript writes "-000005".
export function isoOfDay(day) {
  return new Date(day * DAY_MS).toISOString().slice(0, -14).replace(/^-00/, "-");
}
