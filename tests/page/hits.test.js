import assert from "node:assert/strict";
import { test } from "node:test";

import { createSearch } from "../../geo/page/state/search.js";
import { hitText } from "../../geo/page/words/hits.js";
import { setCatalogues, setLanguage } from "../../geo/page/words/texts.js";

setCatalogues(
  { en: { record: "Record", sources: "Sources" }, ru: { record: "Сведения", sources: "Источники" } },
  ["en", "ru"],
);

const OPERATOR = {
  id: "operator", type: "category", title: { en: "Operator", ru: "Кто" },
  categories: { RUS: { title: { en: "Russia", ru: "Россия" } } },
};
const tableOf = (columns, rows = {}) => ({
  n: columns[Object.keys(columns)[0]].length,
  ...rows,
  column: (name) => columns[name] && { text: (i) => String(columns[name][i] ?? ""), number: (i) => columns[name][i] },
});

// Two bases, the second with a record.
function pageOf() {
  const columns = {
    _key: ["kant", "dastan"], name: ["Kant air base", "Dastan"], name_ru: ["Авиабаза Кант", "Дастан"],
    operator: ["RUS", ""], site: ["a;Osh;b", ""],
    note: ["", "One of the three sites that came to be run with Kant from the year 2012 on"],
    source: ["lewis2015#4.1.2", ""],
  };
  const facts = {
    feature: [1], text: ["The base brings together Kant and others from 2014."],
    text_ru: ["С 2014 база объединяет Кант и другие места."], source: [""],
  };
  const records = tableOf(facts, { rowsOf: (i) => [0, i] });
  const fields = [OPERATOR, { id: "site", type: "text", title: { en: "Site" } }];
  const layer = {
    ...tableOf(columns), index: 0, head: { columns, fields, records: { columns: facts } }, records, series: [],
  };
  return {
    languages: ["en", "ru"],
    sources: { lewis2015: { citation: "Lewis, D. (2015). Reasserting Hegemony" } },
    layers: [layer],
  };
}

function hit(query, i, language = "en") {
  setLanguage(language);
  const page = pageOf(), { holders, results } = createSearch(page).find(query);
  assert.ok(results.some(({ feature }) => feature === i), query);
  const found = hitText(page, page.layers[0], i, holders);
  return found && [found.title, found.text];
}

test("a feature that is found by its names, in whatever language, needs no reason", () => {
  for (const query of ["kant", "кант base", "авиабаза", "knat"]) assert.equal(hit(query, 0), undefined, query);
});

test("the reason is the words around the one that no name has", () => {
  assert.deepEqual(hit("kant", 1), ["", "… be run with Kant from the year 2012 on"]);
  assert.deepEqual(hit("dastan three", 1), ["", "One of the three sites that came to be …"]);
  assert.deepEqual(hit("thrre", 1), ["", "One of the three sites that came to be …"], "with a slip");
  assert.deepEqual(hit("osh", 0), ["Site", "a; Osh; b"]);
});

test("a record, a source and a category say what they are", () => {
  assert.deepEqual(hit("brings", 1), ["Record", "The base brings together Kant and others from …"]);
  assert.deepEqual(hit("hegemony kant", 0), ["Sources", "… D. (2015). Reasserting Hegemony 4.1.2"]);
  assert.deepEqual(hit("lewis2015", 0), ["Sources", "Lewis, D. (2015). Reasserting Hegemony 4.1.2"], "by its id");
  assert.deepEqual(hit("Россия", 0), ["Operator", "Russia"], "in the reader's language, whatever was typed");
});

test("the reader's language comes first", () => {
  assert.deepEqual(hit("2014", 1), ["Record", "… and others from 2014."]);
  assert.deepEqual(hit("2014", 1, "ru"), ["Сведения", "С 2014 база объединяет Кант и другие …"]);
  assert.deepEqual(hit("объединяет", 1), ["Record", "С 2014 база объединяет Кант и другие места."]);
});

// Each column holds a word of its own, none a slip away from another: what search finds by it is told, unless it is a
// name.
test("whatever search looks through can be told", () => {
  const columns = {
    name: ["alpha"], name_ru: ["bravo"], _key: ["charlie"], site: ["delta"], site_ru: ["echoes"], stage: ["foxtrot"],
    note: ["golfer"], note_ru: ["hotel"], valid_from: ["1991-12-25"], valid_to: ["2003"], opened: ["2014-06"],
    source: ["india"], site_source: ["juliett"], geometry_source: ["kilogram"], megawatts: [1860.5],
  };
  const facts = {
    feature: [0], date: ["1955-07"], text: ["lima"], text_ru: ["michael"], note: ["november"], note_ru: ["oscar"],
    source: ["papa"],
  };
  const years = { feature: [0], source: ["quebec"] };
  const stage = {
    id: "stage", type: "category", title: { en: "Stage" },
    categories: { foxtrot: { title: { en: "Romeo", ru: "Sierra" } } },
  };
  const fields = [{ id: "site", type: "text", title: { en: "Site" } }, stage, { id: "megawatts", type: "number" },
    { id: "opened", type: "date" }];
  const rowsOf = () => [0, 1];
  const head = { columns, fields, records: { columns: facts } };
  const layer = {
    ...tableOf(columns), index: 0, head, records: tableOf(facts, { rowsOf }), series: [tableOf(years, { rowsOf })],
  };
  const page = { languages: ["en", "ru"], sources: { india: { citation: "Tango" } }, layers: [layer] };
  const search = createSearch(page);
  const { name, name_ru: nameRu, ...others } = columns, { feature, ...told } = facts;
  for (const language of page.languages) {
    setLanguage(language);
    const held = [others, told, { series: years.source }].flatMap(Object.values).flat();
    for (const word of [...held, "Romeo", "Sierra", "Tango", "1860,5"].map(String)) {
      const { total, holders } = search.find(word);
      assert.equal(total, 1, `${word} is found`);
      assert.ok(hitText(page, layer, 0, holders), `${word} is told`);
    }
    for (const [word] of [name, nameRu]) {
      assert.equal(hitText(page, layer, 0, search.find(word).holders), undefined, word);
    }
  }
});
