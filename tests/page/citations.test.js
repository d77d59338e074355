import assert from "node:assert/strict";
import { test } from "node:test";

import { citationText, createFootnotes, parseSources, referenceText } from "../../geo/page/words/citations.js";
import { rangesText } from "../../geo/page/panels/card.js";
import { setCatalogues } from "../../geo/page/words/texts.js";

const SOURCES = {
  lewis2015: { citation: "Lewis, D. (2015). Reasserting Hegemony.", url: "", licence: "" },
  ria2013: { citation: "RIA Novosti, 2013", url: "https://ria.ru/x", licence: "" },
};

test("a cell names sources and the place in each", () => {
  assert.deepEqual(parseSources("lewis2015#4.1.2; ria2013"), [{ id: "lewis2015", locator: "4.1.2" }, { id: "ria2013", locator: "" }]);
  assert.deepEqual(parseSources(""), []);
});

test("the same source and place keep their number, another place gets its own", () => {
  const notes = createFootnotes(SOURCES);
  assert.deepEqual(notes.cite("lewis2015#4.1.2;ria2013"), [1, 2]);
  assert.deepEqual(notes.cite("ria2013;lewis2015#5"), [2, 3]);
});

test("a citation names the feature, the atlas, the link and each source with its place", () => {
  const notes = createFootnotes(SOURCES);
  notes.cite("lewis2015#4.1.2;ria2013");
  const text = citationText({
    name: "Kant air base", layer: "Bases", map: "Security", atlas: "Central Asia", edition: "2026-11-21", link: "file:///a.html#x", notes: notes.notes,
  }, { edition: "edition", sources: "Sources" });
  assert.equal(text, `Kant air base (Bases). Central Asia: Security, edition 2026-11-21.
file:///a.html#x
Sources:
[1] Lewis, D. (2015). Reasserting Hegemony, 4.1.2.
[2] RIA Novosti, 2013. https://ria.ru/x`);
});

test("a reference says when its address was read", () => {
  setCatalogues({ en: { accessed: "accessed {date}" } }, ["en"]);
  const source = { citation: "RIA Novosti, 2013", url: "https://ria.ru/x", accessed: "2025-03-02" };
  assert.equal(referenceText({ source, locator: "" }), "RIA Novosti, 2013. https://ria.ru/x (accessed 2 March 2025)");
});

test("numbers in a row are written as a range", () => {
  assert.equal(rangesText([1, 2, 3, 5]), "1–3, 5");
  assert.equal(rangesText([1, 2]), "1, 2");
  assert.equal(rangesText([4]), "4");
});
