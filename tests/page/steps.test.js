import assert from "node:assert/strict";
import { test } from "node:test";

import { readHash, writeHash } from "../../geo/page/share/hash.js";
import { findStep, frameView, keptState, stepState } from "../../geo/page/state/steps.js";
import { STATE_DEFAULTS } from "../../geo/page/state/store.js";
import { dayOfDate } from "../../geo/page/state/time.js";

const year = (number) => [dayOfDate(number), dayOfDate(number + 1) - 1];
const layer = (id, keys, { shown = false, from, to } = {}) => (
  { id, n: keys.length, head: { shown }, from, to, column: () => ({ text: (i) => keys[i] }) });
const steps = [
  {
    id: "kant", title: { en: "Kant" }, view: [74.85, 42.85, 8], layers: ["bases"], time: year(2003),
    selection: ["bases", "kant"],
  },
  { id: "uzbekistan", title: { en: "In and out" }, layers: ["csto"], time: year(2010), selection: ["csto", "UZB"] },
  { id: "end", title: { en: "As it opens" } },
];
const page = {
  languages: ["en"], head: { map: { bounds: [66, 36, 82, 45] } }, steps,
  layers: [
    layer("csto", ["UZB", "KGZ", "UZB"], {
      from: [year(1994)[0], year(1994)[0], year(2006)[0]], to: [year(1999)[1], year(2030)[1], year(2012)[1]],
    }),
    layer("bases", ["manas", "kant"], { shown: true }),
  ],
};

test("a step shows its layers, time and feature", () => {
  const { step, shown, time, selection, stack } = stepState(page, steps[0]);
  assert.equal(step, "kant");
  assert.deepEqual(shown, ["bases"]);
  assert.deepEqual(time, { from: dayOfDate(2003), to: dayOfDate(2004) - 1 });
  assert.deepEqual([selection, stack], [{ layer: "bases", feature: 1 }, [{ layer: "bases", feature: 1 }]]);
});

test("what a step leaves open is as the map opens", () => {
  const { shown, time, selection, stack } = stepState(page, steps[2]);
  assert.deepEqual({ shown, time, selection, stack }, { shown: ["bases"], time: null, selection: null, stack: [] });
});

test("a step sets aside what would hide its features", () => {
  const { facets, search, opacity, undated } = stepState(page, steps[0]);
  assert.deepEqual({ facets, search, opacity, undated }, { facets: {}, search: "", opacity: {}, undated: "fade" });
});

test("of features with one key the one of the step's time is selected", () => {
  assert.deepEqual(stepState(page, steps[1]).selection, { layer: "csto", feature: 2 });
});

test("where none is of the step's time the first is selected", () => {
  assert.deepEqual(stepState(page, { ...steps[1], time: year(2003) }).selection, { layer: "csto", feature: 0 });
});

test("what is kept comes back whole", () => {
  const state = { ...STATE_DEFAULTS, shown: ["csto"], search: "osh", opacity: { csto: 0.5 }, stack: [], theme: "dark" };
  const kept = keptState({ page, state });
  assert.deepEqual({ ...state, ...stepState(page, steps[0]), ...kept }, state);
});

const facets = [], start = { shown: ["bases"], language: "en" };

test("the address of a reader at a step says all that is shown", () => {
  const state = { ...STATE_DEFAULTS, ...start, ...stepState(page, steps[0]), stack: undefined };
  const hash = writeHash({ page, state, start }, { zoom: 8, lat: 42.85, lon: 74.85 }, facets);
  assert.equal(hash, "#v1&at=8/42.85/74.85&t=2003&card=bases/kant&step=kant");
  assert.equal(readHash(hash, page, facets).patch.step, "kant");
});

test("a reader who looked around from a step finds that again, not the step", () => {
  assert.deepEqual(readHash("#v1&at=5/41/70&on=csto&step=kant", page, facets).patch, { shown: ["csto"], step: "kant" });
});

test("a link may name the step alone", () => {
  const { patch, view, broken } = readHash("#v1&step=kant&lang=en", page, facets);
  assert.deepEqual(patch, { ...stepState(page, findStep(page, "kant")), language: "en" });
  assert.deepEqual([view, broken], [null, []]);
});

test("a step that the story does not have is told as broken", () => {
  assert.deepEqual(readHash("#v1&step=kannt", page, facets), { patch: {}, view: null, broken: ["step"] });
});

test("a box is seen whole, its middle in the middle", () => {
  const { zoom, x, y } = frameView([-90, -60, 90, 60], 300, 300);
  assert.deepEqual([zoom, x, Math.round(y)], [1, 256, 256]);
});

test("a box never comes out larger than the room", () => {
  const [west, south, east, north] = [66, 36.5, 82, 45];
  for (const [width, height] of [[300, 200], [900, 500], [500, 900]]) {
    const { zoom } = frameView([west, south, east, north], width, height);
    const world = 256 * 2 ** zoom;
    assert.ok(((east - west) / 360) * world <= width && zoom * 2 === Math.round(zoom * 2));
    assert.ok(((east - west) / 360) * world * 1.5 > width || height < width, "and no smaller than it must");
  }
});

test("a place is shown at its zoom", () => {
  assert.deepEqual(frameView([0, 0, 3], 300, 200), { zoom: 3, x: 1024, y: 1024 });
});

test("where panels leave no room a view is one that the map can show", () => {
  for (const [width, height] of [[300, -46], [-10, 200], [0, 0]]) {
    const { zoom, x, y } = frameView([66, 36, 82, 45], width, height, [2, 13]);
    assert.ok(zoom >= 2 && zoom <= 13 && x > 0 && y > 0, `${width} x ${height}: ${zoom}`);
  }
  assert.equal(frameView([-180, -80, 180, 80], 300, 200, [2, 13]).zoom, 2);
  assert.equal(frameView([74, 42, 74.0001, 42.0001], 300, 200, [2, 13]).zoom, 13);
});

test("the poles, which no map shows, do not count", () => {
  const { zoom, x, y } = frameView([-180, -90, 180, 90], 513, 513);
  assert.deepEqual([zoom, x, Math.round(y)], [1, 256, 256]);
});
