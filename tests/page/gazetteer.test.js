import assert from "node:assert/strict";
import { test } from "node:test";

import { createGazetteer, nameIn } from "../../geo/page/state/gazetteer.js";

const place = (zoom, en, ru = "", { kind = 2, x = 2 ** 27 } = {}) => ({ kind, x, y: 2 ** 26, zoom, names: { en, ru } });
const gazetteer = createGazetteer([
  place(6, "Osh", "Ош"), place(8, "Kosh-Tepa", "Кош-Тепа"), place(4, "Bishkek", "Бишкек"),
  place(7, "Issyk-Kul", "Иссык-Куль", { kind: 1 }),
  place(5, "Kyrgyzstan", "Киргизия", { kind: 0 }), place(3, "Kyrgyzstan", "Киргизия", { kind: 0 }),
  place(5, "Osh-Kul", "Ош-Куль"), place(6, "Alma Ata"),
]);
const found = (query) => gazetteer.find(query).map(({ names }) => names.en);

test("a place is found by the start of a word of its name in any language and script", () => {
  assert.deepEqual(found("Иссык"), ["Issyk-Kul"]);
  assert.deepEqual(found("бишк"), ["Bishkek"]);
});

test("written apart, together or with a hyphen it is the same place", () => {
  for (const query of ["issyk-kul", "issyk kul", "issykkul", "иссык куль"]) {
    assert.deepEqual(found(query), ["Issyk-Kul"], query);
  }
  for (const query of ["alma-ata", "alma ata", "almaata", "ata"]) assert.deepEqual(found(query), ["Alma Ata"], query);
});

test("inside a word nothing is found, nor by a single letter", () => {
  assert.deepEqual(found("osh"), ["Osh-Kul", "Osh"]);
  assert.deepEqual(found("o"), []);
});

test("what is named at several zooms is listed once", () => {
  assert.deepEqual(found("kyrgyz"), ["Kyrgyzstan"]);
});

test("a name falls back from Kyrgyz to Russian to English", () => {
  assert.equal(nameIn({ en: "Osh", ru: "Ош", ky: "Ош" }, "ky"), "Ош");
  assert.equal(nameIn({ en: "Moscow", ru: "Москва", ky: "" }, "ky"), "Москва");
  assert.equal(nameIn({ en: "Ghulja", ru: "", ky: "" }, "ky"), "Ghulja");
  assert.equal(nameIn({ en: "Ghulja", ru: "", ky: "" }, "ru"), "Ghulja");
});
