import assert from "node:assert/strict";
import { test } from "node:test";

import { OPEN_END, OPEN_START } from "../../geo/page/data/columns.js";
import { LAYER_BIT, TIME_BIT, createStore } from "../../geo/page/state/store.js";
import {
  countValid, dayOfDate, filterByTime, isFaded, overlapsTime, seriesClasses, seriesRow, yearOfDay, yearPeriod,
  yearsCovered,
} from "../../geo/page/state/time.js";

const kant = [dayOfDate(2003, 10, 23), OPEN_END];
const manas = [dayOfDate(2001, 12, 1), dayOfDate(2014, 6, 3)];

function basesStore(undated = "fade") {
  const features = [kant, manas, [OPEN_START, OPEN_END]];
  const layer = {
    index: 0, id: "bases", n: 3, head: { shown: true }, series: [],
    from: Int32Array.from(features, ([from]) => from), to: Int32Array.from(features, ([, to]) => to),
    undated: Uint8Array.of(0, 0, 1),
  };
  const store = createStore({ layers: [layer] }, { undated });
  filterByTime(store);
  const shown = () => [...store.mask(layer)].map((bits) => !(bits & TIME_BIT));
  return { store, layer, shown };
}

const yearsFrom = (first, last) => Array.from({ length: last - first + 1 }, (_, at) => yearPeriod(first + at));

test("days count from 1970, in any year", () => {
  assert.equal(dayOfDate(1970), 0);
  assert.equal(dayOfDate(2003, 10, 23), Date.UTC(2003, 9, 23) / 86400000);
  assert.equal(yearOfDay(dayOfDate(14, 6, 3)), 14);
  assert.deepEqual(yearPeriod(2004), { from: dayOfDate(2004), to: dayOfDate(2004, 12, 31) });
});

test("what overlaps any day of the period is valid, both ends included", () => {
  assert.ok(overlapsTime(...manas, { from: manas[1], to: manas[1] }));
  assert.ok(!overlapsTime(...manas, { from: manas[1] + 1, to: manas[1] + 1 }));
  assert.ok(overlapsTime(...kant, yearPeriod(2003)));
  assert.ok(!overlapsTime(...kant, yearPeriod(2002)));
  assert.ok(overlapsTime(...kant, yearPeriod(2500)));
});

test("Kant appears in 2003 and stays, Manas is gone after 2014, 2010 shows both", () => {
  const { store, shown } = basesStore();
  assert.deepEqual(shown(), [true, true, true]);
  for (const [year, seen] of [
    [2000, [false, false]], [2002, [false, true]], [2010, [true, true]], [2014, [true, true]], [2015, [true, false]],
  ]) {
    store.set({ time: yearPeriod(year) });
    assert.deepEqual(shown().slice(0, 2), seen, `${year}`);
  }
  store.set({ time: null });
  assert.deepEqual(shown(), [true, true, true]);
});

test("undated features are shown, faded or hidden by one switch", () => {
  const { store, layer, shown } = basesStore();
  store.set({ time: yearPeriod(1900) });
  assert.ok(shown()[2] && isFaded(layer, 2, store.state) && !isFaded(layer, 0, store.state));
  store.set({ undated: "show" });
  assert.ok(shown()[2] && !isFaded(layer, 2, store.state));
  store.set({ undated: "hide" });
  assert.ok(!shown()[2]);
});

test("the histogram counts the dated features valid in each period, whatever the time chosen", () => {
  const { store } = basesStore();
  const years = yearsFrom(2000, 2015), counts = [0, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1];
  assert.deepEqual(countValid(store, years).counts, counts);
  store.set({ time: yearPeriod(2000) });
  assert.deepEqual(countValid(store, years).counts, counts);
});

test("the first and the last change are those of what is shown", () => {
  const { store, layer } = basesStore(), years = yearsFrom(2000, 2020);
  const changes = () => {
    const { first, last } = countValid(store, years);
    return first > last ? null : [2000 + first, 2000 + last];
  };
  assert.deepEqual(changes(), [2001, 2015]);
  store.mask(layer)[1] |= LAYER_BIT; // Manas is off
  assert.deepEqual(changes(), [2003, 2003]);
  store.mask(layer)[0] |= LAYER_BIT;
  assert.equal(changes(), null);
});

test("the years covered leave open ends out", () => {
  const { store } = basesStore();
  assert.deepEqual(yearsCovered(store.page), { first: 2001, last: 2014 });
  assert.equal(yearsCovered({ layers: [{ from: null, to: null, series: [] }] }), null);
});

function remittances() {
  const rows = [[2005, 1], [2010, 2], [2015, 3]];
  const columns = { time: { number: (row) => rows[row][0] }, class: { number: (row) => rows[row][1] } };
  return { id: "remittances", n: 3, column: (name) => columns[name], rowsOf: (i) => (i === 0 ? [0, 3] : [3, 3]) };
}

test("a series gives the value of the year chosen, the latest one without, none where there is none", () => {
  const series = remittances();
  assert.equal(seriesRow(series, 0, null), 2);
  assert.equal(seriesRow(series, 0, yearPeriod(2010)), 1);
  assert.equal(seriesRow(series, 0, yearPeriod(2011)), -1);
  assert.equal(seriesRow(series, 0, { from: dayOfDate(2004), to: dayOfDate(2012) }), 1);
  const layer = { n: 2, series: [series], head: { style: { color: { by: "remittances" } } } };
  assert.deepEqual([...seriesClasses(layer, yearPeriod(2005))], [1, 0]);
});

test("the years of a series that colours a layer are counted", () => {
  const head = { shown: true, style: { color: { by: "remittances" } } };
  const series = remittances();
  const years = yearsFrom(2004, 2016);
  const layer = { index: 0, id: "states", n: 2, head, series: [series] };
  const store = createStore({ layers: [layer] });
  assert.deepEqual(countValid(store, years), { counts: [0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0], first: 1, last: 12 });
  store.mask(layer)[0] |= LAYER_BIT;
  assert.deepEqual(countValid(store, years).counts, years.map(() => 0));
  const other = { ...layer, head: { ...head, style: {} } }; // only cards tell the values
  assert.deepEqual(countValid(createStore({ layers: [other] }), years).counts, years.map(() => 0));
});

test("beside the dates of a layer the years of its series move what is shown, but are not counted", () => {
  const { store, layer } = basesStore(), series = remittances();
  Object.assign(layer, { series: [series], head: { shown: true, style: { color: { by: "remittances" } } } });
  const years = yearsFrom(2000, 2018), { counts, first, last } = countValid(store, years);
  assert.deepEqual(counts, [0, 1, 1, ...new Array(12).fill(2), 1, 1, 1, 1]);
  assert.deepEqual([first, last], [1, 16], "from Manas to the end of the last value");
  layer.from.fill(OPEN_START);
  layer.to.fill(OPEN_END);
  const open = countValid(store, [...years]);
  assert.deepEqual([open.first, open.last], [5, 16]);
});
