import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { categoryTitle, classTitle } from "../../geo/page/words/names.js";
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
