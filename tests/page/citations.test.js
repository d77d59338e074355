import assert from "node:assert/strict";
import { test } from "node:test";

import { citationText, createFootnotes, parseSources, referenceText } from "../../geo/page/words/citations.js";
import { rangesText } from "../../geo/page/panels/card.js";
import { setCatalogues, setLanguage } from "../../geo/page/words/texts.js";

const SOURCES = {
  lewis2015: { citation: "Lewis, D. (2015). Reasserting Hegemony.", url: "", licence: "" },
  ria2013: { citation: "RIA Novosti, 2013", url: "https://ria.ru/x", licence: "" },
};

test("a cell names sources and the place in each", () => {
  assert.deepEqual(parseSources("lewis2015#4.1.2; ria2013"), [
    { id: "lewis2015", locator: "4.1.2" }, { id: "ria2013", locator: "" },
  ]);
  assert.deepEqual(parseSources(""), []);
});

test("the same source and place keep their number, another place gets its own", () => {
  const notes = createFootnotes(SOURCES);
  assert.deepEqual(notes.cite("lewis2015#4.1.2;ria2013"), [1, 2]);
  assert.deepEqual(notes.cite("ria2013;lewis2015#5"), [2, 3]);
});

test("a citation names the feature, the atlas, the link and each source with its place", () => {
  setCatalogues({ en: { about_edition: "Edition of {date}.", sources: "Sources" } }, ["en"]);
  const notes = createFootnotes(SOURCES);
  notes.cite("lewis2015#4.1.2;ria2013");
  const text = citationText({
    name: "Kant air base", layer: "Bases", map: "Security", atlas: "Central Asia", edition: "2026-11-21",
    link: "file:///a.html#x", notes: notes.notes,
  });
  assert.equal(text, `Kant air base (Bases). Central Asia: Security. Edition of 21 November 2026.
file:///a.html#x
Sources:
[1] Lewis, D. (2015). Reasserting Hegemony, 4.1.2.
[2] RIA Novosti, 2013. https://ria.ru/x`);
});

test("the edition is a date of the reader's language", () => {
  setCatalogues({ ru: { about_edition: "Издание: {date}." } }, ["ru"]);
  setLanguage("ru");
  const [head] = citationText({
    name: "Кант", layer: "Базы", map: "А", atlas: "А", edition: "2026-11-21", notes: [],
  }).split("\n");
  setLanguage("en");
  assert.equal(head.replaceAll("\u00a0", " "), "Кант (Базы). А. Издание: 21 ноября 2026 г.");
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
