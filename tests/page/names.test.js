import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { yearPeriod } from "../../geo/page/state/time.js";
import { featuresNaming } from "../../geo/page/data/model.js";
import {
  categoryTitle, classTitle, datesText, latestText, legendParts, namedIn, textIn, valueText,
} from "../../geo/page/words/names.js";
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

test("a category that the reader's language has no title for says in which language it comes", () => {
  const ru = { language_name: "Русский" };
  setCatalogues({ en, ru }, ["en", "ru"]);
  const field = { id: "stage", categories: { 0: { title: { ru: "Ноль" } }, 1: { title: { en: "One", ru: "Один" } } } };
  assert.deepEqual(["0", "1", "2"].map((value) => categoryTitle(field, value)), ["Ноль (Русский)", "One", "2"]);
  const layer = { head: { fields: [field], series: [] } };
  assert.equal(classTitle(layer, "stage", { value: "0", title: { ru: "Ноль" } }), "Ноль (Русский)");
  setCatalogues({ en }, ["en"]);
});

test("a code is of no language, a text of letters that know no capitals is of its own", () => {
  setLanguage("ru");
  const languages = ["en", "zh"].map((language) => ["UCFM", "T-4, 12", "", "ТЭЦ", "Osh", "奥什"].map((text) => {
    const layer = { column: (name) => (name === "code" ? { text: () => text } : null) };
    return textIn({ languages: [language] }, layer, "code", 0).language;
  }));
  assert.deepEqual(languages, [["ru", "ru", "ru", "ru", "en", "en"], ["ru", "ru", "ru", "ru", "zh", "zh"]]);
  setLanguage("en");
});

test("the dates of a feature are those of its layer's columns, and nothing where it has none", () => {
  const layerOf = (cells, time = null) => ({
    head: { time }, column: (name) => (cells[name] ? { text: () => cells[name] } : null),
  });
  assert.equal(datesText(layerOf({ valid_from: "2003-10", valid_to: ".." }), 0), "Since October 2003");
  assert.equal(
    datesText(layerOf({ opened: "1998", valid_from: "1900" }, { from: "opened", to: "closed" }), 0),
    "From 1998, end not known",
  );
  assert.equal(datesText(layerOf({ name: "Kant" }), 0), "");
});

test("a cell names features by their keys; of several with a key the first is meant", () => {
  const layerOf = (id, cells, { fields = [], from = null } = {}) => ({
    id, n: cells._key.length, from, head: { title: { en: id.toUpperCase() }, fields },
    column: (name) => (cells[name] ? { text: (i) => cells[name][i] } : null),
  });
  const field = { id: "tied", type: "feature" };
  const layers = [
    layerOf("states", { _key: ["KGZ", "UZB"], name: ["Kyrgyzstan", "Uzbekistan"] }),
    layerOf("csto", { _key: ["KGZ"], name: ["Kyrgyzstan in the CSTO"] }),
    layerOf(
      "events",
      { _key: ["e1", "e2"], name: ["Later", "Earlier"], tied: ["KGZ; csto;", "gone;KGZ"] },
      { fields: [field], from: [20, 10] },
    ),
  ];
  const page = { layers, languages: ["en"] };
  assert.deepEqual(namedIn(page, "KGZ; csto;").map(({ text, target }) => [text, target]), [
    ["Kyrgyzstan", { layer: "states", feature: 0 }], ["CSTO", null],
  ]);
  assert.equal(valueText(page, layers[2], field, 1), "gone, Kyrgyzstan");
  const naming = (layer, feature) => featuresNaming(page, { layer, feature })
    .map((found) => [found.layer.id, found.features]);
  assert.deepEqual([naming("states", 0), naming("states", 1), naming("csto", 0)], [[["events", [1, 0]]], [], []]);
});

// The captions of the classes between limits, of a field or of a series.
function captions(limits, cells, packed, isSeries = false) {
  const classes = limits.slice(1).map((to, at) => ({ from: limits[at], to }));
  const column = () => ({ number: (i) => cells[i] });
  const head = { fields: [], series: [], columns: { mw: packed }, style: { color: { by: "mw", classes } } };
  const series = isSeries ? [{ id: "mw", n: cells.length, column, columns: { value: packed } }] : [];
  const layer = {
    n: cells.length, head: isSeries ? { ...head, columns: {} } : head, column: isSeries ? () => null : column, series,
  };
  return classes.map((label) => classTitle(layer, "mw", label));
}

test("a legend of numbers says which class holds a limit", () => {
  const whole = { type: "int", scale: 0 }, float = { type: "float" };
  assert.deepEqual(captions([0, 10, 20, 40], [5, 10, 40], whole), ["0 – 9", "10 – 19", "20 – 40"]);
  assert.deepEqual(captions([1, 2, 2.5, 3], [1, 2, 3], whole), ["1", "2", "3"]);
  assert.deepEqual(captions([0, 0.2, 0.8, 1], [0, 1], whole), ["0", "0.2 – <0.8", "1"], "of none");
  assert.deepEqual(captions([0, 10, 20], [5.5, 10, 20], { type: "int", scale: 1 }), ["0 – <10", "10 – 20"]);
  assert.deepEqual(captions([0, 10, 20], [5.5, 10, 20], float, true), ["0 – <10", "10 – 20"]);
  assert.deepEqual(captions([0, 10, 20], [0, 10, 19], whole, true), ["0 – 9", "10 – 20"]);
});

test("a class of one value is that value, one of none the numbers that it would hold", () => {
  const float = { type: "float" };
  assert.deepEqual(captions([0, 0.5, 7.5, 9], [0, NaN, 0, 0.5, 8.25], float), ["0", "0.5", "7.5 – 9"]);
  assert.deepEqual(captions([0, 1.5, 3], [1.5, 1.75], float), ["0 – <1.5", "1.5 – 3"]);
  assert.deepEqual(captions([3, 3], [3, 3], float), ["3"]);
});

test("a legend of sizes has a row of its own for no value, drawn as large as the map draws it", () => {
  const size = { by: "mw", ticks: [{ value: 5, px: 5, at_most: true }, { value: 100, px: 14 }], no_value: 3 };
  const layer = { head: { fields: [], series: [], style: { size } }, column: () => null };
  const [{ rows }] = legendParts(layer, 0.5);
  assert.deepEqual(rows.map(({ words, pick }) => [words, pick.size, Boolean(pick.isUnknown)]), [
    ["≤ 5", 2.5, false], ["100", 7, false], ["No value", 1.5, true],
  ]);
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
