// Time as readers handle it: dates typed, the step of the slider, years on its axis, what begins and ends in a period.

import { OPEN_END, OPEN_START } from "./columns.js";
import { formatDay } from "./texts.js";
import { dayOfDate, yearOfDay, yearPeriod } from "./time.js";

const TYPED = [
  /^(?<y>-?\d{1,4})$/, // 2014
  /^(?<y>\d{4})[-./](?<m>\d{1,2})(?:[-./](?<d>\d{1,2}))?$/, // 2014-06, 2014-06-03
  /^(?:(?<d>\d{1,2})[-./])?(?<m>\d{1,2})[-./](?<y>\d{4})$/, // 06.2014, 3.6.2014
];

// A typed date as {from, to} in days, null where it is none.
export function parseMoment(text) {
  const found = TYPED.map((pattern) => pattern.exec(text.trim())).find(Boolean);
  if (!found) return null;
  const [year, month, day] = ["y", "m", "d"].map((name) => (found.groups[name] === undefined ? 0 : Number(found.groups[name])));
  if (found.groups.m === undefined) return yearPeriod(year);
  if (month < 1 || month > 12) return null;
  const after = dayOfDate(month === 12 ? year + 1 : year, (month % 12) + 1);
  const first = dayOfDate(year, month);
  if (found.groups.d === undefined) return { from: first, to: after - 1 };
  return day >= 1 && day <= after - first ? { from: first + day - 1, to: first + day - 1 } : null;
}

// How fine a period is when it is one day (2), month (1) or year (0); null where it is none of them.
export function momentPrecision({ from, to }) {
  if (from === to) return 2;
  const [year, month] = isoOfDay(from).split("-").map(Number);
  const typed = [parseMoment(`${year}`), parseMoment(`${String(year).padStart(4, "0")}-${month}`)];
  const at = typed.findIndex((period) => period && period.from === from && period.to === to);
  return at < 0 ? null : at;
}

// What stands in the date field: "2014", "2014-06", "2014-06-03"; of a period its first and last part.
export function momentInputs(time) {
  const precision = momentPrecision(time);
  if (precision !== null) return [isoOfDay(time.from).slice(0, [4, 7, 10][precision])];
  const wholeYears = isoOfDay(time.from).endsWith("01-01") && isoOfDay(time.to).endsWith("12-31");
  return [time.from, time.to].map((day) => (wholeYears ? String(yearOfDay(day)) : isoOfDay(day)));
}

export function periodText(time) {
  const precision = momentPrecision(time);
  if (precision !== null) return formatDay(time.from, precision);
  const fine = momentInputs(time)[0].length > 4 ? 2 : 0;
  return `${formatDay(time.from, fine)} – ${formatDay(time.to, fine)}`;
}

// The period as long as this one, `by` steps later: years step by years, months by months, days by days.
export function stepPeriod(time, by) {
  const precision = momentPrecision(time);
  const [year, month] = isoOfDay(time.from).split("-").map(Number);
  if (precision === 2) return { from: time.from + by, to: time.to + by };
  if (precision === 1) {
    const at = year * 12 + month - 1 + by;
    return { from: dayOfDate(Math.floor(at / 12), (at % 12) + 1), to: dayOfDate(Math.floor((at + 1) / 12), ((at + 1) % 12) + 1) - 1 };
  }
  return { from: yearPeriod(year + by).from, to: yearPeriod(yearOfDay(time.to) + by).to };
}

// Round years for an axis, at most `most` of them.
export function axisYears(first, last, most) {
  const step = [1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000].find((size) => (last - first) / size <= most) ?? 2000;
  const years = [];
  for (let year = Math.ceil(first / step) * step; year <= last; year += step) years.push(year);
  return years;
}

// Shown features that begin or end in a period, by day: [{layer, feature, day, kind: "event" | "begins" | "ends"}].
export function changesIn(store, time) {
  const found = [];
  for (const layer of store.page.layers) {
    if (!layer.from) continue;
    const mask = store.mask(layer);
    for (let i = 0; i < layer.n; i++) {
      if (mask[i]) continue;
      const [from, to] = [layer.from[i], layer.to[i]];
      const begins = from !== OPEN_START && from >= time.from && from <= time.to;
      const ends = to !== OPEN_END && to >= time.from && to <= time.to;
      if (begins || ends) found.push({ layer, feature: i, day: begins ? from : to, kind: begins && ends ? "event" : begins ? "begins" : "ends" });
    }
  }
  return found.sort((a, b) => a.day - b.day);
}

export function isoOfDay(day) {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}
