import assert from "node:assert/strict";
import { test } from "node:test";

import { footLines } from "../../geo/page/share/picture.js";
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
function sourcesUnder(columns, series = [], time = null) {
  const head = { shown: true, columns: Object.fromEntries(Object.keys(columns).map((name) => [name, {}])) };
  const layer = { index: 0, id: "bases", n: 2, head, series, column: (name) => columns[name] ?? null };
  const store = createStore(
    { head: { atlas: { title: { en: "Atlas" }, credits: [] } }, sources, layers: [layer] },
    { time },
  );
  store.mask(layer)[1] = 8;
  return footLines(store)[0];
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
  assert.equal(sourcesUnder({}, series), "Sources: WB2013 2014.");
  assert.equal(sourcesUnder({}, series, yearPeriod(2012)), "Sources: WB2012 2014.");
});
