import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { yearPeriod } from "../../geo/page/state/time.js";
import { categoryTitle, classTitle, latestText, legendParts } from "../../geo/page/words/names.js";
import { setCatalogues, setLanguage } from "../../geo/page/words/texts.js";

const en = JSON.parse(readFileSync(new URL("../../geo/page/catalogues/en.json", import.meta.url)));
setCatalogues({ en }, ["en"]);
setLanguage("en");

test("a value without a title is itself, whatever words the interface has", () => {
  assert.ok(en.time_all && en.place_none !== "none");
  assert.equal(categoryTitle({ id: "time" }, "all"), "all");
  assert.equal(categoryTitle({ id: "place" }, "none"), "none");
  assert.equal(categoryTitle({ id: "place", categories: { none: { title: { en: "Nowhere" } } } }, "none"), "Nowhere");
});

test("a precision has the words of the interface, declared as a field or not", () => {
  assert.equal(categoryTitle({ id: "precision" }, "settlement"), en.precision_settlement);
  const layer = { head: { fields: [], series: [] } };
  assert.equal(classTitle(layer, "precision", { value: "exact" }), en.precision_exact);
  assert.equal(classTitle(layer, "precision", { value: "guessed" }), "guessed");
});

test("a legend of sizes has a row of its own for no value, drawn as large as the map draws it", () => {
  const size = { by: "mw", ticks: [{ value: 5, px: 5, at_most: true }, { value: 100, px: 14 }], no_value: 3 };
  const layer = { head: { fields: [], series: [], style: { size } }, column: () => null };
  const [{ rows }] = legendParts(layer, 0.5);
  assert.deepEqual(rows.map(({ words, pick }) => [words, pick.size, Boolean(pick.isUnknown)]), [["≤ 5", 2.5, false], ["100", 7, false], ["No value", 1.5, true]]);
  const known = { ...layer, head: { ...layer.head, style: { size: { by: "mw", ticks: size.ticks } } } };
  assert.equal(legendParts(known, 0.5)[0].rows.length, 2);
});

test("the caption of a series says that years are mixed where no one of several is chosen", () => {
  const layerOf = (...years) => {
    const series = { id: "gdp", n: years.length, column: () => ({ number: (row) => years[row] }) };
    return { head: { style: { color: { kind: "series", by: "gdp" } } }, series: [series] };
  };
  const several = layerOf(2013, 2014), period = { from: yearPeriod(2013).from, to: yearPeriod(2014).to };
  assert.equal(latestText(several, null), ", latest value of each");
  assert.equal(latestText(several, period), ", latest value of each");
  assert.equal(latestText(several, yearPeriod(2014)), "");
  assert.equal(latestText(layerOf(2014, 2014), null), "");
  assert.equal(latestText({ head: { style: {} }, series: [] }, null), "");
});
