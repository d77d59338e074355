import assert from "node:assert/strict";
import { test } from "node:test";

import { createSearch, foldText, slipsBetween } from "../../geo/page/search.js";

const LETTERS = { "-": "", к: "k", а: "a", м: "m", б: "b", р: "r", т: "t", и: "i", н: "n", у: "u" };

function pageOf(texts, extra = {}) {
  const columns = { _search: { text: (i) => texts[i] }, ...extra.columns };
  const layer = { index: 0, id: "dams", n: texts.length, head: { fields: extra.fields ?? [] }, column: (name) => columns[name] ?? null };
  return { head: { fold: LETTERS }, languages: ["en", "ru"], sources: extra.sources ?? {}, layers: [layer] };
}

const DAMS = pageOf([
  "kambarata1\nkambaratinskaya ges1\ndamkambarata1\nnaryn",
  "toktogul\ntoktogulskaya ges\ndamtoktogul\nnaryn\nbelow kambarata2",
  "kambarata2\nkambaratinskaya ges2\ndamkambarata2\nnaryn",
]);
const namesFound = (query, page = DAMS) => createSearch(page).find(query)?.results.map(({ feature }) => feature);

test("Cyrillic, hyphens, case and accents fold to the same text", () => {
  assert.equal(foldText("Камбар-Ата", LETTERS), "kambarata");
  assert.equal(foldText("KAMBÁRATA", LETTERS), "kambarata");
});

test("names come before what only mentions the word", () => {
  assert.deepEqual(namesFound("Камбарата"), [0, 2, 1]);
  assert.deepEqual(namesFound("kambar-ata"), [0, 2, 1]);
});

test("all words must be there, in any order", () => {
  assert.deepEqual(namesFound("naryn toktogul"), [1]);
  assert.deepEqual(namesFound("naryn nurek"), []);
});

test("a slip is forgiven where nothing matches exactly", () => {
  assert.deepEqual(namesFound("kambarta"), [0, 2, 1]);
  assert.deepEqual(namesFound("toktgoul"), [1]);
  assert.deepEqual(namesFound("zzzzzz"), []);
});

test("an empty query and a single letter are no search", () => {
  assert.equal(namesFound(" "), undefined);
  assert.equal(namesFound("k"), undefined);
});

test("category titles and citations are found too", () => {
  const page = pageOf(["kant\nbasekant"], {
    fields: [{ id: "operator", type: "category", categories: { RUS: { title: { en: "Russia" } } } }],
    columns: {
      operator: { codes: [1], values: ["RUS"], text: () => "RUS" },
      source: { codes: [1], values: ["lewis2015#4.1.2;x"], text: () => "" },
    },
    sources: { lewis2015: { citation: "Lewis, D. (2015). Reasserting Hegemony" } },
  });
  assert.deepEqual(namesFound("russia", page), [0]);
  assert.deepEqual(namesFound("hegemony kant", page), [0]);
});

test("slips are counted against the beginning of a word", () => {
  assert.equal(slipsBetween("kambarta", "kambarata1", 2), 1);
  assert.equal(slipsBetween("naryn", "naryn", 1), 0);
  assert.equal(slipsBetween("nayrn", "naryn", 1), 1);
  assert.equal(slipsBetween("osh", "naryn", 1), 2);
});
