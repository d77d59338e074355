// Time: which features are valid, how many in each period, and which value of a series is shown.
//
// A feature is valid from its `from` to its `to`, both included, in days since 1970-01-01: the earliest and the latest
// day of its EDTF dates, OPEN_START and OPEN_END where they are open. The reader's time is {from, to} alike, be it a
// day, a month or a year; what overlaps any part of it is shown. A layer without dates is always shown; a feature
// without dates follows `state.undated`: "show", "fade" (drawn faint) or "hide".

import { OPEN_END, OPEN_START } from "./columns.js";
import { TIME_BIT, setMaskBit } from "./store.js";

const DAY_MS = 86400000;

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

// The time filter: keeps TIME_BIT in step with state.time and state.undated.
export function filterByTime(store) {
  store.filter(["time", "undated"], () => {
    const { time, undated } = store.state;
    for (const layer of store.page.layers) {
      const isPast = (i) => !overlapsTime(layer.from[i], layer.to[i], time);
      const isHidden = (i) => (layer.undated?.[i] ? undated === "hide" : isPast(i));
      setMaskBit(store.mask(layer), TIME_BIT, time && layer.from ? isHidden : () => false);
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
      for (const day of days) {
        if (day < low && day !== OPEN_START) low = day;
        if (day > high && day !== OPEN_END) high = day;
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
  const counts = periods.map(() => 0);
  for (const layer of store.page.layers) {
    const mask = store.mask(layer);
    for (let i = 0; layer.from && i < layer.n; i++) {
      if (mask[i] & ~TIME_BIT || layer.undated?.[i]) continue;
      // A step up where it begins and a step down behind its end; the sums are taken at the close.
      const first = firstPeriod(periods, (period) => period.to >= layer.from[i]);
      const after = firstPeriod(periods, (period) => period.from > layer.to[i]);
      if (first === after) continue;
      counts[first]++;
      if (after < counts.length) counts[after]--;
    }
  }
  for (let i = 1; i < counts.length; i++) counts[i] += counts[i - 1];
  return counts;
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
