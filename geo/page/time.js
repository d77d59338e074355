// Time: which features are valid, how many in each period, and which value of a series is shown.
//
// A feature is valid from its `from` to its `to`, both included, in days since 1970-01-01 (the earliest and latest
// day of the EDTF dates; open ends are OPEN_START and OPEN_END). The reader's time is {from, to} in the same terms:
// a day, a month and a year are all periods. What overlaps any part of it is shown. A layer without dates is always
// shown; a feature with neither date follows `state.undated`: "show", "fade" (drawn faint) or "hide".

import { OPEN_END, OPEN_START } from "./columns.js";
import { TIME_BIT, setMaskBit } from "./store.js";

const DAY_MS = 86400000;

export function dayOfDate(year, month = 1, day = 1) {
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day); // Date.UTC takes the years 0 to 99 for 1900 to 1999
  return Math.round(date.getTime() / DAY_MS);
}

export function yearOfDay(day) {
  return new Date(day * DAY_MS).getUTCFullYear();
}

// The first and the last day of a year.
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
      const { from, to, undated: dateless } = layer;
      const mask = store.mask(layer);
      if (!time || !from) setMaskBit(mask, TIME_BIT, () => false);
      else setMaskBit(mask, TIME_BIT, (i) => (dateless?.[i] ? undated === "hide" : !overlapsTime(from[i], to[i], time)));
    }
  });
}

// Whether feature i is drawn faint: no dates, while a time is chosen.
export function isFaded(layer, i, state) {
  return Boolean(state.time && state.undated === "fade" && layer.undated?.[i]);
}

// The first and the last year that any date or series of the page names, or null where none does.
export function yearsCovered(page) {
  let first = Infinity, last = -Infinity;
  const include = (year) => {
    first = Math.min(first, year);
    last = Math.max(last, year);
  };
  for (const layer of page.layers) {
    let low = Infinity, high = -Infinity;
    for (const days of [layer.from, layer.to]) {
      for (const day of days ?? []) {
        if (day === OPEN_START || day === OPEN_END) continue;
        if (day < low) low = day;
        if (day > high) high = day;
      }
    }
    if (low <= high) [low, high].map(yearOfDay).forEach(include);
    for (const series of layer.series) {
      const time = series.column("time");
      for (let row = 0; row < series.n; row++) include(time.number(row));
    }
  }
  return first <= last ? { first, last } : null;
}

// How many dated features are valid in each period, the time filter itself left out: the histogram of the slider.
// periods: [{from, to}] ascending and without overlap.
export function countValid(store, periods) {
  const steps = new Int32Array(periods.length + 1);
  for (const layer of store.page.layers) {
    if (!layer.from) continue;
    const mask = store.mask(layer);
    for (let i = 0; i < layer.n; i++) {
      if (mask[i] & ~TIME_BIT || layer.undated?.[i]) continue;
      const first = firstPeriod(periods, (period) => period.to >= layer.from[i]);
      const after = firstPeriod(periods, (period) => period.from > layer.to[i]);
      if (first < after) {
        steps[first]++;
        steps[after]--;
      }
    }
  }
  const counts = new Array(periods.length);
  for (let i = 0, valid = 0; i < periods.length; i++) counts[i] = valid += steps[i];
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

// The row of a series that holds for feature i: the latest one within the time chosen, the latest of all without;
// -1 where there is none.
export function seriesRow(series, i, time) {
  const [from, to] = series.rowsOf(i);
  const year = series.column("time");
  const [first, last] = time ? [yearOfDay(time.from), yearOfDay(time.to)] : [-Infinity, Infinity];
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
  const code = series.column("class");
  const classes = new Uint8Array(layer.n);
  for (let i = 0; i < layer.n; i++) {
    const row = seriesRow(series, i, time);
    classes[i] = row < 0 ? 0 : code.number(row);
  }
  return classes;
}
