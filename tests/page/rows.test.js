import assert from "node:assert/strict";
import { test } from "node:test";

import { OPEN_END, OPEN_START } from "../../geo/page/data/columns.js";
import { sortRows, tableColumns } from "../../geo/page/panels/rows.js";
import { createStore, shownRows } from "../../geo/page/state/store.js";
import { dayOfDate } from "../../geo/page/state/time.js";
import { setCatalogues } from "../../geo/page/words/texts.js";

setCatalogues({ en: {} }, ["en"]);

// A column of years as columns.js reads it; ".." is open, "" no value.
function yearColumn(cells) {
  const values = [...new Set(cells.filter(Boolean))], codes = cells.map((cell) => values.indexOf(cell) + 1);
  const from = values.map((value) => (value === ".." ? OPEN_START : dayOfDate(Number(value))));
  const to = values.map((value) => (value === ".." ? OPEN_END : dayOfDate(Number(value) + 1) - 1));
  return {
    type: "date", values, codes, from, to, text: (i) => cells[i], number: (i) => (codes[i] ? from[codes[i] - 1] : NaN),
  };
}

// The features in the order of a column of dates.
function sortedBy(id, columns, isDescending = false) {
  const n = 4;
  const layer = {
    index: 0, id: "bases", n, head: { shown: true, fields: [], time: null }, series: [], from: [],
    column: (name) => columns[name] ?? null,
  };
  const page = { languages: ["en"], layers: [layer] };
  const column = tableColumns(page, [layer], null).find((one) => one.id === id);
  return [...sortRows(shownRows(createStore(page), [layer]), column, isDescending)];
}

test("what has no end yet comes after what ended, what has none known last", () => {
  const columns = { valid_to: yearColumn(["..", "2014", "", "2005"]) };
  assert.deepEqual(sortedBy("to", columns), [3, 1, 0, 2]);
  assert.deepEqual(sortedBy("to", columns, true), [0, 1, 3, 2]);
});

test("what was there from the first comes before what began, what has no beginning known last", () => {
  const columns = { valid_from: yearColumn(["2003", "..", "", "1991"]) };
  assert.deepEqual(sortedBy("from", columns), [1, 3, 0, 2]);
  assert.deepEqual(sortedBy("from", columns, true), [0, 3, 1, 2]);
});

test("the values of a series have the decimals it says", () => {
  const columns = { time: { number: () => 2014 }, value: { number: () => 3.14159 } };
  const growth = {
    id: "growth", title: { en: "Growth" }, decimals: 1, column: (name) => columns[name], rowsOf: () => [0, 1],
  };
  const layer = {
    index: 0, id: "states", n: 1, head: { shown: true, fields: [], time: null }, series: [growth], from: [],
    column: () => null,
  };
  const textOf = (id) => tableColumns({ languages: ["en"], layers: [layer] }, [layer], null)
    .find((one) => one.id === id).text(layer, 0);
  assert.equal(textOf("series growth"), "3.1");
  assert.equal(textOf("year growth"), "2014");
});
