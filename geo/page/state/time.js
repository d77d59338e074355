// Time: which features are valid, how many in each period, and which value of a series is shown.
//
// A feature is valid from its `from` to its `to`, both included, in days since 1970-01-01: the earliest and the latest
// day of its EDTF dates, OPEN_START and OPEN_END where they are open. The reader's time is {from, to} alike, be it a
// day, a month or a year; what overlaps any part of it is shown. A layer without dates is always shown; a feature
// without dates follows `state.undated`: "show", "fade" (drawn faint) or "hide".

import { OPEN_END, OPEN_START } from "../data/columns.js";
import { TIME_BIT, setMaskBit } from "./store.js";

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

// The time filter: keeps TIME_BIT in step with state.time and state.undated.
export function filterByTime(store) {
  store.filter(["time", "undated"], () => {
    const { time, undated } = store.state;
    for (const layer of store.page.layers) {
      const isPast = (i) => !overlapsTime(layer.from[i], layer.to[i], time);
      const isHidden = (i) => (layer.undated?.[i] ? undated === "hide" : isPast(i));
      setMaskBit(store.mask(layer), TIME_BIT, time && layer.from ? isHidden : false);
    }
  });
}

export function isFaded(layer, i, state) {
  return Boolean(state.time && state.undated === "fade" && layer.undated?.[i]);
}

// {first, last}: the years that the dates and series of the page reach over; null where there are none.
export function yearsCovered(page) {
  let first = Infinity, last = -Infinity;
  const include = (year) => {
    if (year < first) first = year;
    if (year > last) last = year;
  };
  for (const layer of page.layers) {
    let low = Infinity, high = -Infinity;
    for (const days of [layer.from ?? [], layer.to ?? []]) {
      for (let i = 0; i < days.length; i++) {
        if (days[i] < low && days[i] !== OPEN_START) low = days[i];
        if (days[i] > high && days[i] !== OPEN_END) high = days[i];
      }
    }
    for (const day of [low, high]) if (Number.isFinite(day)) include(yearOfDay(day));
    for (const { n, column } of layer.series) for (let row = 0; row < n; row++) include(column("time").number(row));
  }
  return first <= last ? { first, last } : null;
}

// How many dated features are valid in each period, the time filter itself left out. periods: [{from, to}] in order,
// without overlap.
export function countValid(store, periods) {
  const counts = new Int32Array(periods.length + 1);
  for (const layer of store.page.layers) {
    if (!layer.from) continue;
    const mask = store.mask(layer), { first, after } = spansOf(layer, periods);
    for (let i = 0; i < layer.n; i++) {
      if (mask[i] & ~TIME_BIT) continue;
      // A step up where it begins and a step down behind its end; the sums are taken at the close.
      counts[first[i]]++;
      counts[after[i]]--;
    }
  }
  for (let i = 1; i < counts.length; i++) counts[i] += counts[i - 1];
  return [...counts.subarray(0, -1)];
}

const spans = new WeakMap();

// The places in `periods` of the first in which a feature is valid and of the first after; equal for an undated one.
function spansOf(layer, periods) {
  const known = spans.get(layer);
  if (known?.periods === periods) return known;
  const found = { periods, first: new Uint16Array(layer.n), after: new Uint16Array(layer.n) };
  const [firsts, afters] = [new Map(), new Map()]; // by day: features share their days
  const lookUp = (places, day, holds) => {
    if (!places.has(day)) places.set(day, firstPeriod(periods, holds));
    return places.get(day);
  };
  for (let i = 0; i < layer.n; i++) {
    if (layer.undated?.[i]) continue;
    const from = layer.from[i], to = layer.to[i];
    found.first[i] = lookUp(firsts, from, (period) => period.to >= from);
    found.after[i] = lookUp(afters, to, (period) => period.from > to);
  }
  spans.set(layer, found);
  return found;
}

function firstPeriod(periods, holds) {
  let from = 0, to = periods.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (holds(periods[middle])) to = middle;
    else from = middle + 1;
  }
  return from;
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
  const series = layer.series.find(({ id }) => id === layer.head.style.color.by);
  return Uint8Array.from({ length: layer.n }, (_, i) => {
    const row = seriesRow(series, i, time);
    return row < 0 ? 0 : series.column("class").number(row);
  });
}
