import assert from "node:assert/strict";
import { test } from "node:test";

import { createSearch, filterBySearch, foldText, slipsBetween } from "../../geo/page/state/search.js";
import { createStore } from "../../geo/page/state/store.js";

const textColumn = (texts) => ({ type: "text", text: (i) => texts[i] });
const dictColumn = (values, codes) => ({ type: "dict", values, codes, text: (i) => values[codes[i] - 1] ?? "" });

function layerOf(columns, { n, fields = [], records = null, series = [], index = 0 }) {
  const head = { columns, fields, records: records && { columns: records } };
  const table = records && { n: records.text.n, column: (name) => records[name] };
  return { index, id: `layer${index}`, n, head, records: table, series, column: (name) => columns[name] ?? null };
}

const pageOf = (layers, sources = {}) => ({ languages: ["en", "ru"], sources, layers });

const DAMS = pageOf([layerOf({
  _key: textColumn(["dam-kambarata-1", "dam-toktogul", "dam-kambarata-2"]),
  name: textColumn(["Kambar-Ata 1", "Toktogul", "Kambarata-2"]),
  name_ru: textColumn(["Камбаратинская ГЭС-1", "Токтогульская ГЭС", "Камбаратинская ГЭС-2"]),
  river: dictColumn(["Naryn"], [1, 1, 1]),
  capacity_mw: { type: "number", number: (i) => [1860, 1200, 120.5][i] },
  note: dictColumn(["Below\nKambarata-2"], [0, 1, 0]),
}, { n: 3, fields: [{ id: "river", type: "text" }, { id: "capacity_mw", type: "number" }] })]);
const namesFound = (query, page = DAMS) => createSearch(page).find(query)?.results.map(({ feature }) => feature);

for (const [written, folded] of [
  ["Камбар-Ата", "kambarata"], ["Kambar-Ata", "kambarata"], ["KAMBÁRATA", "kambarata"], ["Ürümqi", "urumqi"],
  ["Жалал-Абад", "zhalalabad"], ["Өзгөн", "ozgon"], ["Иссык-Куль", "issykkul"], ["TNK «Dastan»", "tnk dastan"],
  ["Щучье", "shchuche"], ["Oʻzbekiston, Farg‘ona", "ozbekiston, fargona"], ["Хуҷанд, Ҳисор", "khujand, hisor"],
  ["İzmir, Iğdır", "izmir, igdir"], ["Łódź, Gəncə", "lodz, ganca"], ["№ 5", "no 5"], ["a\nb", "a\nb"],
  ["比什凯克 \u{1F600}", "比什凯克 \u{1F600}"],
]) test(`${written} folds to ${folded}`, () => assert.equal(foldText(written), folded));

test("names come before what only mentions the word", () => {
  assert.deepEqual(namesFound("Камбарата"), [0, 2, 1]);
  assert.deepEqual(namesFound("kambar-ata"), [0, 2, 1]);
});

test("what is written with a hyphen is found where a name is two words", () => {
  const page = pageOf([layerOf(
    { _key: textColumn(["a", "b"]), name: textColumn(["Kara Suu", "Kara-Balta"]) }, { n: 2 },
  )]);
  for (const [query, found] of [["kara-suu", [0]], ["Кара-Суу", [0]], ["kara balta", [1]]]) {
    assert.deepEqual(namesFound(query, page), found, query);
  }
});

test("who is called just that comes first", () => {
  const names = ["Osh to Russia", "Osh Airport", "Osh"];
  const page = pageOf([layerOf({ _key: textColumn(["a", "b", "c"]), name: textColumn(names) }, { n: 3 })]);
  assert.equal(namesFound("osh", page)[0], 2);
});

test("keys are found as names are", () => {
  assert.deepEqual(namesFound("dam-kambarata-2"), [2]);
});

test("all words must be there, in any order and any column", () => {
  assert.deepEqual(namesFound("naryn toktogul"), [1]);
  assert.deepEqual(namesFound("naryn nurek"), []);
});

test("a number is found whole, with the decimals of either way of writing", () => {
  for (const [query, found] of [
    ["1860", [0]], ["186", []], ["120", []], ["120.5", [2]], ["120,5", [2]], ["naryn 1200", [1]],
  ]) {
    assert.deepEqual(namesFound(query), found, query);
  }
});

test("a date finds what begins or ends then, a year and a month all of their days", () => {
  const columns = {
    _key: textColumn(["a", "b", "c", "d"]), name: textColumn(["Manas", "Kant", "Osh", "Dam 2014"]),
    valid_from: dictColumn(["2001-12", "2003-10-23", "2014"], [1, 2, 3, 0]),
    valid_to: dictColumn(["2014-06-03"], [1, 0, 0, 0]),
    opened: { type: "date", ...dictColumn(["1914-06-20"], [0, 0, 0, 1]) },
  };
  const text = Object.assign(textColumn(["Met."]), { n: 1 });
  const records = { text, date: textColumn(["1999-05"]), feature: { number: () => 2 } };
  const page = pageOf([layerOf(columns, { n: 4, fields: [{ id: "opened", type: "date" }], records })]);
  const found = (query) => namesFound(query, page).sort();
  const dates = ["2014", "2014-06", "2014-06-03", "2003-10", "1914", "1999"];
  assert.deepEqual(dates.map(found), [[0, 2, 3], [0], [0], [1], [3], [2]]);
  const others = ["manas 2014", "kant 2014", "2014-05", "0603", "201", "June 2014"];
  assert.deepEqual(others.map(found), [[0], [], [], [], [3], []]);
  const search = createSearch(page, (query) => query.replace("June 2014", "2014-06"));
  assert.deepEqual(search.find("Manas June 2014").results.map(({ feature }) => feature), [0]);
});

test("a slip is forgiven where nothing matches exactly", () => {
  assert.deepEqual(namesFound("kambarta"), [0, 2, 1]);
  assert.deepEqual(namesFound("toktgoul"), [1]);
  assert.deepEqual(namesFound("zzzzzz"), []);
});

test("what transliterations spell in several ways is found by each", () => {
  const names = ["Tajikistan", "Худжанд", "Xiva", "Қарши"];
  const page = pageOf([layerOf({ _key: textColumn(["a", "b", "c", "d"]), name: textColumn(names) }, { n: 4 })]);
  for (const [query, found] of [
    ["Таджикистан", 0], ["Khujand", 1], ["hujand", 1], ["Хива", 2], ["Khiva", 2], ["Qarshi", 3],
  ]) {
    assert.deepEqual(namesFound(query, page), [found], query);
  }
});

test("a short word stands at the start of one, but for names", () => {
  const notes = ["Стал упрощённым", "В 2010 году (Ош)", "", "Ош, юг"];
  const page = pageOf([layerOf(
    { _key: textColumn(["a", "b", "c", "d"]), name: textColumn(["A", "B", "Koshoy", "D"]), note: textColumn(notes) },
    { n: 4 },
  )]);
  for (const query of ["Ош", "osh"]) assert.deepEqual(namesFound(query, page), [2, 3, 1], query);
  assert.deepEqual(namesFound("прощ", page), [0], "a longer one anywhere");
  const chinese = pageOf([layerOf({ _key: textColumn(["a"]), note: textColumn(["在比什凯克"]) }, { n: 1 })]);
  assert.deepEqual(namesFound("什凯", chinese), [0]);
});

test("slips and the shortest query go by the letters typed, not by those of their spelling", () => {
  const page = pageOf([layerOf(
    { _key: textColumn(["a"]), name: textColumn(["Chu"]), note: textColumn(["Chup"]) }, { n: 1 },
  )]);
  assert.deepEqual(namesFound("Чүй", page), []);
  assert.deepEqual(namesFound("chui", page), [0]);
  assert.equal(namesFound("щ", page), undefined);
});

test("another number is no slip", () => {
  const posts = pageOf([layerOf(
    { _key: { type: "pattern", prefix: "post", text: (i) => `post${1000 + i}` } }, { n: 3 },
  )]);
  assert.deepEqual(namesFound("post1002", posts), [2]);
  assert.deepEqual(namesFound("pots 1002", posts), [2]);
  assert.deepEqual(namesFound("9002", posts), []);
});

test("an empty query and a single letter are no search", () => {
  assert.equal(namesFound(" "), undefined);
  assert.equal(namesFound("k"), undefined);
});

test("category titles and citations are found too, after what features say themselves", () => {
  const columns = {
    _key: textColumn(["kant", "osh"]),
    name: textColumn(["Kant", "Russia Street"]),
    operator: dictColumn(["RUS"], [1, 0]),
    source: dictColumn(["lewis2015#4.1.2;x"], [1, 0]),
  };
  const categories = { RUS: { title: { en: "Russia", ru: "Россия" } } };
  const layer = layerOf(columns, { n: 2, fields: [{ id: "operator", type: "category", categories }] });
  const page = pageOf([layer], { lewis2015: { citation: "Lewis, D. (2015). Reasserting Hegemony" } });
  assert.deepEqual(namesFound("russia", page), [1, 0]);
  assert.deepEqual(namesFound("Россия", page), [0]);
  assert.deepEqual(namesFound("hegemony kant", page), [0]);
});

test("records are found at their feature", () => {
  const records = {
    feature: { number: (row) => [1, 1, 2][row] },
    text: { ...textColumn(["A lease", "New fighters", "A lease"]), n: 3 },
    text_ru: { ...textColumn(["Аренда", "Истребители", "Аренда"]), n: 3 },
  };
  const page = pageOf([layerOf({ _key: textColumn(["a", "b", "c"]) }, { n: 3, records })]);
  assert.deepEqual(namesFound("lease", page), [1, 2]);
  assert.deepEqual(namesFound("Истребители", page), [1]);
});

test("what names, places, records and series rest on is found", () => {
  const records = {
    feature: { number: () => 1 }, text: { ...textColumn(["A lease"]), n: 1 }, source: textColumn(["ria2013#2"]),
  };
  const values = { feature: { number: (row) => [0, 2][row] }, source: dictColumn(["wb2014"], [1, 1]) };
  const places = {
    _key: textColumn(["a", "b", "c"]), name_source: textColumn(["", "zoi2012", ""]),
    geometry_source: textColumn(["airportsdata#UCFM", "", "osm"]),
  };
  const series = [{ id: "gdp", n: 2, column: (name) => values[name] }];
  const page = pageOf([layerOf(places, { n: 3, records, series })], {
    osm: { citation: "OpenStreetMap" }, wb2014: { citation: "World Bank" },
  });
  const queries = { zoi2012: [1], airportsdata: [0], openstreetmap: [2], ria2013: [1], "world bank": [0, 2] };
  for (const [query, found] of Object.entries(queries)) assert.deepEqual(namesFound(query, page), found, query);
});

test("places of one source that no two features share find its citation", () => {
  const places = {
    _key: textColumn(["a", "b", "c"]), geometry_source: textColumn(["osm#w1; gem#G2", "", "osm#w3;gem"]),
  };
  const page = pageOf([layerOf(places, { n: 3 })], {
    osm: { citation: "OpenStreetMap" }, gem: { citation: "Energy Monitor" },
  });
  for (const [query, found] of [
    ["openstreetmap", [0, 2]], ["energy monitor", [0, 2]], ["w3", [2]], ["g2 monitor", [0]],
  ]) {
    assert.deepEqual(namesFound(query, page), found, query);
  }
});

test("the same query is answered once", () => {
  const search = createSearch(DAMS);
  const found = search.find("naryn");
  assert.equal(search.find("naryn"), found);
  assert.deepEqual([0, 1, 2].map((i) => found.has(DAMS.layers[0], i)), [true, true, true]);
});

test("slips are counted against the beginning of a word", () => {
  assert.equal(slipsBetween("kambarta", "kambarata1", 2), 1);
  assert.equal(slipsBetween("naryn", "naryn", 1), 0);
  assert.equal(slipsBetween("nayrn", "naryn", 1), 1);
  assert.equal(slipsBetween("osh", "naryn", 1), 2);
});

test("one letter more that finds the same leaves the masks as they were", () => {
  const page = { ...DAMS, layers: DAMS.layers.map((layer) => ({ ...layer, head: { ...layer.head, shown: true } })) };
  const store = createStore(page), search = createSearch(page);
  filterBySearch(store, search);
  const revisions = ["t", "to", "tok", "kambarata 2", ""].map((query) => {
    store.set({ search: query });
    return [store.revision, [...store.mask(page.layers[0])].filter((bits) => !bits).length];
  });
  assert.deepEqual(revisions, [[0, 3], [1, 1], [1, 1], [2, 2], [3, 3]]);
});
