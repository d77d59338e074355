// Time: which features are valid, how many in each period, and which value of a series is shown.
//
// A feature is valid from its `from` to its `to`, both included, in days since 1970-01-01: the earliest and the latest
// day of its EDTF dates, OPEN_START and OPEN_END where they are open. The reader's time is {from, to} alike, be it a
// day, a month or a year; what overlaps any part of it is shown. A layer without dates is always shown; a feature
// without dates follows `state.undated`: "show", "fade" (drawn faint) or "hide".

import { OPEN_END, OPEN_START } from "../data/columns.js";
import { firstAtLeast } from "../data/numbers.js";
import { TIME_BIT, filterByBit } from "./store.js";

export const DAY_MS = 86_400_000;

export function dayOfDate(year, month = 1, day = 1) {
  return new Date(0).setUTCFullYear(year, month - 1, day) / DAY_MS; // Date.UTC takes 0 to 99 for 1900 to 1999
}

export function yearOfDay(day) {
  return new Date(day * DAY_MS).getUTCFullYear();
}

export function yearPeriod(year) {
  return { from: dayOfDate(year), to: dayOfDate(year + 1) - 1 };
}

export function overlapsTime(from, to, time) {
  return from <= time.to && to >= time.from;
}

// The names of the columns that hold the dates of a layer, be it one that the time filter leaves alone.
export function timeColumns(layer) {
  const { from, to } = layer.head.time ?? { from: "valid_from", to: "valid_to" };
  return [from, to];
}

export function filterByTime(store) {
  filterByBit(store, ["time", "undated"], TIME_BIT, ({ from, to, undated }) => {
    const { time, undated: choice } = store.state;
    return time && from && ((i) => (undated?.[i] ? choice === "hide" : !overlapsTime(from[i], to[i], time)));
  });
}

export function isFaded(layer, i, state) {
  return Boolean(state.time && state.undated === "fade" && layer.undated?.[i]);
}

// {first, last}: the years of all dates and series; null where there are none.
export function yearsCovered(page) {
  let low = Infinity, high = -Infinity;
  const include = (day) => {
    if (day < low && day > OPEN_START) low = day;
    if (day > high && day < OPEN_END) high = day;
  };
  for (const { from, to, series } of page.layers) {
    for (const days of [from ?? [], to ?? []]) for (const day of days) include(day);
    for (const { n, column } of series) {
      for (let row = 0; row < n; row++) include(dayOfDate(column("time").number(row)));
    }
  }
  return low <= high ? { first: yearOfDay(low), last: yearOfDay(high) } : null;
}

// [the series that colours a layer], [] where none does.
export function colorSeries({ series, head: { style } }) {
  return series.filter(({ id }) => id === style.color?.by);
}

// How many features there are in each period ([{from, to}] in order, without a gap), the time filter left out: valid
// ones, and of a layer without dates those to which a series gives a colour. Gives {counts, first, last}, the places of
// the first and the last period that differ from the one before, in colours, too; first > last where none does.
export function countValid(store, periods) {
  const counts = new Int32Array(periods.length + 1);
  let low = periods.length, high = 0;
  const change = (at, by) => {
    counts[at] += by;
    if (at === 0 || at >= periods.length) return;
    low = Math.min(low, at);
    high = Math.max(high, at);
  };
  for (const layer of store.page.layers) {
    const mask = store.mask(layer), { first, after, feature, counted } = spansOf(layer, periods);
    for (let i = 0; i < first.length; i++) {
      if (mask[feature?.[i] ?? i] & ~TIME_BIT) continue;
      // A step up where it begins and a step down behind its end; the sums are taken at the close.
      const by = i < counted ? 1 : 0;
      change(first[i], by);
      change(after[i], -by);
    }
  }
  for (let i = 1; i < counts.length; i++) counts[i] += counts[i - 1];
  return { counts: [...counts.subarray(0, -1)], first: low, last: high };
}

const spans = new WeakMap();

// The places in `periods` of the first in which a feature is valid and of the first after; equal for an undated one.
// Behind them those of each row of a series, and its feature; only the first `counted` of all are counted.
function spansOf(layer, periods) {
  const known = spans.get(layer);
  if (known?.periods === periods) return known;
  const [begins, ends] = ["from", "to"].map((side) => Float64Array.from(periods, (period) => period[side]));
  const [series] = colorSeries(layer), dated = layer.from ? layer.n : 0, n = dated + (series?.n ?? 0);
  const feature = series && new Uint32Array(n).map((_, i) => i);
  const found = { periods, first: new Uint16Array(n), after: new Uint16Array(n), feature, counted: dated || n };
  const put = (at, from, to) => {
    found.first[at] = firstAtLeast(ends, from, 0, periods.length);
    found.after[at] = firstAtLeast(begins, to + 1, 0, periods.length);
  };
  for (let i = 0; i < layer.n; i++) {
    if (layer.from && !layer.undated?.[i]) put(i, layer.from[i], layer.to[i]);
    for (let [row, end] = series?.rowsOf(i) ?? []; row < end; row++) {
      const { from, to } = yearPeriod(series.column("time").number(row));
      put(dated + row, from, to);
      feature[dated + row] = i;
    }
  }
  spans.set(layer, found);
  return found;
}

// The row of a series that holds for feature i: the latest within the time chosen, the latest of all without; else -1.
export function seriesRow(series, i, time) {
  const year = series.column("time");
  const [first, last] = time ? [yearOfDay(time.from), yearOfDay(time.to)] : [-Infinity, Infinity];
  const [from, to] = series.rowsOf(i);
  let found = -1;
  for (let row = from; row < to; row++) {
    const at = year.number(row);
    if (at >= first && at <= last && (found < 0 || at >= year.number(found))) found = row;
  }
  return found;
}

// The colour class of each feature of a layer coloured by a series, at the time chosen.
export function seriesClasses(layer, time) {
  const [series] = colorSeries(layer);
  return Uint8Array.from({ length: layer.n }, (_, i) => {
    const row = seriesRow(series, i, time);
    return row < 0 ? 0 : series.column("class").number(row);
  });
}
