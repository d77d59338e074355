import assert from "node:assert/strict";
import { test } from "node:test";

import { footLines, isInView, partsSeen } from "../../geo/page/share/seen.js";
import { createStore } from "../../geo/page/state/store.js";
import { yearPeriod } from "../../geo/page/state/time.js";
import { setCatalogues, setLanguage } from "../../geo/page/words/texts.js";

setCatalogues({ en: { sources: "Sources" } }, ["en"]);
setLanguage("en");

const text = (cells) => ({ text: (i) => cells[i] });
const numbers = (cells) => ({ number: (i) => cells[i] });
const sources = Object.fromEntries(["osm", "ria2013", "gem2024", "wb2012", "wb2013"].map((id) => [
  id, { citation: `${id.toUpperCase()}, of 2014` },
]));

// The sources under the picture of a map of one layer with two features, the second switched off by a filter.
function sourcesUnder(columns, { series = [], time = null, unseen = {} } = {}) {
  const head = { shown: true, columns: Object.fromEntries(Object.keys(columns).map((name) => [name, {}])) };
  const layer = { index: 0, id: "bases", n: 2, head, series, column: (name) => columns[name] ?? null };
  const store = createStore(
    { head: { atlas: { title: { en: "Atlas" }, credits: [] } }, sources, layers: [layer] },
    { time },
  );
  store.mask(layer)[1] = 8;
  return footLines(store, unseen)[0];
}

test("what only places, dates and single values rest on is cited under the picture", () => {
  const columns = {
    geometry_source: text(["osm#w1", "gem2024"]), valid_from_source: text(["ria2013#2", ""]),
    mw_source: text(["nobody", ""]),
  };
  assert.equal(sourcesUnder(columns), "Sources: OSM 2014; RIA2013 2014.");
});

test("of a series the source of the value shown is cited under the picture", () => {
  const rows = { time: numbers([2012, 2013]), value: numbers([30, 31]), source: text(["wb2012", "wb2013"]) };
  const series = [{ id: "gdp", column: (name) => rows[name], rowsOf: () => [0, 2] }];
  assert.equal(sourcesUnder({}, { series }), "Sources: WB2013 2014.");
  assert.equal(sourcesUnder({}, { series, time: yearPeriod(2012) }), "Sources: WB2012 2014.");
});

test("what the picture does not show of the map is not cited under it", () => {
  const columns = { geometry_source: text(["osm", "gem2024"]) };
  assert.equal(sourcesUnder(columns, { unseen: { bases: [0, 1] } }), "Sources: OSM 2014.");
  assert.equal(sourcesUnder(columns, { unseen: { bases: [1, 1] } }), "Atlas.");
});

test("the legend of a picture has the classes and precisions that are seen", () => {
  const classes = [{ value: "gas", color: "#a00" }, { value: "oil", color: "#0a0" }];
  const cells = ["exact", "schematic", "approximate"];
  const layer = {
    head: { fields: [], series: [], style: { color: { by: "product", classes } } }, series: [], n: 3,
    color: Uint8Array.from([1, 2, 2]),
    column: () => ({ values: cells, text: (i) => cells[i] }),
  };
  const said = (unseen) => partsSeen(layer, unseen, null).map(({ rows }) => rows.map(({ words }) => words));
  assert.deepEqual(said([0, 0, 1]), [["gas", "oil"], ["precision_exact", "precision_schematic"]]);
  assert.deepEqual(said([0, 1, 1]), [["gas"]]);
  assert.deepEqual(said([1, 1, 0]), [["oil"], ["precision_approximate"]]);
});

test("a line is in a view that a step of it comes near, not in all that its bounds hold", () => {
  const lineOf = (x, y) => ({
    pool: { kind: () => 1, x, y, partStart: [0, 1], vertexStart: [0, x.length] }, geometry: [0],
  });
  const lines = [lineOf([0, 240], [20, 260]), lineOf([0, 90, 240], [20, 240, 260]), lineOf([120, 120], [0, 300])];
  const view = { scale: 1, x: 100, y: 100, width: 50, height: 50 };
  assert.deepEqual(lines.map((line) => isInView(line, 0, view)), [true, false, true]);
});
