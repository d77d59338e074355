import assert from "node:assert/strict";
import { test } from "node:test";

import { csvCell, csvOf, geojsonOf, geometryOf } from "../../geo/page/share/exporting.js";
import { dayOfDate } from "../../geo/page/state/time.js";

const WORLD = 2 ** 28;
const text = (cells) => ({ type: "text", text: (i) => cells[i] });
const numbers = (cells) => ({
  type: "number", text: (i) => (Number.isNaN(cells[i]) ? "" : String(cells[i])), number: (i) => cells[i],
});

function layerOf(columns, pool) {
  const head = { fields: [{ id: "mw" }], columns: Object.fromEntries(Object.keys(columns).map((name) => [name, {}])) };
  return { id: "dams", n: 2, head, geometry: [0, -1], pool, series: [], column: (name) => columns[name] ?? null };
}

const POINTS = { kind: () => 0, x: [WORLD / 2, 0], y: [WORLD / 2, 0] };
const page = { languages: ["en", "ru"], sources: { lewis2015: { citation: "Lewis (2015)", url: "" } } };
const dams = layerOf({
  _key: text(["kambarata", "naryn"]), name: text(['Kambarata "1"', "=HYPERLINK(1)"]), name_ru: text(["Камбарата", ""]),
  mw: numbers([1860, NaN]),
  source: text(["lewis2015#5.2", ""]), precision: text(["exact", ""]),
}, POINTS);
const rows = { n: 2, layers: [dams], of: [0, 0], feature: [0, 1] };

test("a cell that a spreadsheet would calculate begins with an apostrophe, a number does not", () => {
  for (const formula of ["=1+1", "+A1", "+7 312", "-A1", "@SUM(A1)", "\tx", "＝1"]) {
    assert.match(csvCell(formula), /^"?'/, formula);
  }
  for (const number of ["-12.5", "+3", "1860", "-1e-7"]) assert.equal(csvCell(number), number);
  assert.equal(csvCell('say "hi", now'), '"say ""hi"", now"');
});

test("so does what another list separator would make a cell of its own", () => {
  assert.equal(csvCell("x;=HYPERLINK(1)"), "x;'=HYPERLINK(1)");
  assert.equal(csvCell("a\r\n@SUM(1)\t+A1"), "\"a\r\n'@SUM(1)\t'+A1\"");
  for (const plain of ["s1;s2", "5;-3;+1.5", "a; b - c", "x=1"]) assert.equal(csvCell(plain), plain);
});

test("the CSV has a row a feature, with every language, place and full citation", () => {
  const [head, first, second] = csvOf(page, rows).join("").slice(1).split("\r\n");
  assert.equal(head, "layer,key,name,name_ru,mw,precision,source,latitude,longitude,citations");
  assert.equal(first, 'dams,kambarata,"Kambarata ""1""",Камбарата,1860,exact,lewis2015#5.2,0,0,"Lewis (2015), 5.2."');
  assert.equal(second, "dams,naryn,'=HYPERLINK(1),,,,,,,");
});

test("a layer of which no feature is shown brings no columns", () => {
  const bases = { ...layerOf({ _key: text(["kant"]), kind: text(["air"]) }, POINTS), id: "bases" };
  bases.head.fields = [{ id: "kind" }];
  const [head] = csvOf(page, { ...rows, layers: [bases, dams], of: [1, 1] }).join("").slice(1).split("\r\n");
  assert.equal(head, "layer,key,name,name_ru,mw,precision,source,latitude,longitude,citations");
});

test("the GeoJSON keeps numbers as numbers and features without a place", () => {
  const { name, features } = JSON.parse(geojsonOf(page, rows, { name: "Energy" }).join(""));
  assert.equal(name, "Energy");
  assert.deepEqual(features[0].geometry, { type: "Point", coordinates: [0, 0] });
  assert.equal(features[0].properties.mw, 1860);
  assert.deepEqual(features[0].properties.citations, ["Lewis (2015), 5.2."]);
  assert.equal(features[1].geometry, null);
});

test("the GeoJSON says what its columns are and lists the sources that its features and records name", () => {
  const sources = {
    lewis2015: { citation: "Lewis (2015)", url: "https://x.org", licence: "" },
    gem: { citation: "GEM", url: "" },
    wiki: { citation: "Wikipedia" },
  };
  const layer = layerOf(
    { _key: text(["kambarata", "naryn"]), mw: numbers([1860, 1]), mw_source: text(["gem#G1", "gone"]) },
    POINTS,
  );
  Object.assign(layer.head, {
    title: { en: "Dams", ru: "ГЭС" },
    fields: [
      { id: "mw", type: "number", title: { en: "Capacity" }, unit: { en: "MW" }, categories: {} },
      { id: "kind", type: "category", title: { en: "Kind" }, categories: { a: { title: { en: "Arch", ru: "А" } } } },
    ],
  });
  const record = { text: text(["Said."]), source: text(["lewis2015"]) };
  layer.records = { rowsOf: (i) => [i, 1], column: (name) => record[name] ?? null };
  const pieces = geojsonOf({ ...page, sources }, { ...rows, layers: [layer] }, {});
  const { layers, sources: cited } = JSON.parse(pieces.join(""));
  const columns = {
    mw: { title: "Capacity", type: "number", unit: "MW" }, kind: { title: "Kind", type: "category", values: { a: "Arch" } },
  };
  assert.deepEqual(layers, { dams: { title: "Dams", columns } });
  assert.deepEqual(cited, { gem: { citation: "GEM" }, lewis2015: { citation: "Lewis (2015)", url: "https://x.org" } });
});

test("the GeoJSON keeps yes and no as such, words that look like them as words", () => {
  const layer = layerOf({ _key: text(["a", "b"]), open: text(["true", "false"]), said: text(["true", ""]) }, POINTS);
  layer.head.fields = [{ id: "open", type: "boolean" }, { id: "said", type: "text" }];
  const { features } = JSON.parse(geojsonOf(page, { ...rows, layers: [layer] }, {}).join(""));
  assert.deepEqual(features.map(({ properties: { open, said } }) => [open, said]), [
    [true, "true"], [false, undefined],
  ]);
});

test("the GeoJSON names the layers whose lines have the vertices of great circles", () => {
  const { drawn_along_great_circles: none } = JSON.parse(geojsonOf(page, rows, {}).join(""));
  const flights = { ...dams, id: "flights", head: { ...dams.head, geodesic: true } };
  const told = JSON.parse(geojsonOf(page, { ...rows, layers: [dams, flights], of: [0, 1] }, {}).join(""));
  assert.deepEqual([none, told.drawn_along_great_circles], [undefined, ["flights"]]);
});

test("a file comes in pieces no longer than a feature, as one string has an end", () => {
  const many = { ...rows, n: 1000, of: new Array(1000).fill(0), feature: new Array(1000).fill(0) };
  for (const pieces of [csvOf(page, many), geojsonOf(page, many, {})]) {
    assert.ok(Array.isArray(pieces) && pieces.every((piece) => piece.length < 400));
  }
  assert.equal(JSON.parse(geojsonOf(page, many, {}).join("")).features.length, 1000);
  assert.deepEqual(JSON.parse(geojsonOf(page, { ...rows, n: 0 }, {}).join("")).features, []);
});

test("a column of the data keeps its name, the map's own of that name takes another", () => {
  const edited = layerOf({ _key: text(["a", "b"]), layer: text(["old", ""]) }, POINTS);
  edited.head.fields = [{ id: "layer" }];
  const both = { ...rows, layers: [edited] };
  assert.match(csvOf(page, both).join(""), /^\ufeffmap_layer,key,layer,/);
  const { properties } = JSON.parse(geojsonOf(page, both, {}).join("")).features[0];
  assert.deepEqual(properties, { map_layer: "dams", key: "a", layer: "old" });
});

test("a layer with a series has the value of the year that the map shows, with its source", () => {
  const columns = {
    time: numbers([2012, 2013, 2013]), value: numbers([30.5, 31, NaN]),
    source: text(["lewis2015#2", "lewis2015#3", ""]),
  };
  const gdp = { id: "pct_gdp", column: (name) => columns[name], rowsOf: (i) => (i ? [2, 3] : [0, 2]) };
  const remittances = { ...layerOf({ _key: text(["KGZ", "UZB"]) }, POINTS), series: [gdp] };
  const both = { ...rows, layers: [remittances] };
  const lines = (time) => csvOf(page, both, time).join("").split("\r\n");
  assert.deepEqual(lines(null).slice(0, 3), [
    "\ufefflayer,key,pct_gdp,pct_gdp_year,pct_gdp_source,latitude,longitude,citations",
    'dams,KGZ,31,2013,lewis2015#3,0,0,"Lewis (2015), 3."', "dams,UZB,,,,,,",
  ]);
  const year = { from: dayOfDate(2012, 1, 1), to: dayOfDate(2012, 12, 31) };
  assert.match(lines(year)[1], /^dams,KGZ,30\.5,2012,lewis2015#2,/);
  const { features } = JSON.parse(geojsonOf(page, both, {}, year).join(""));
  const [first, second] = features.map(({ properties }) => properties);
  assert.deepEqual(first, {
    layer: "dams", key: "KGZ", pct_gdp: 30.5, pct_gdp_year: 2012, pct_gdp_source: "lewis2015#2",
    citations: ["Lewis (2015), 2."],
  });
  assert.deepEqual(second, { layer: "dams", key: "UZB" });
});

test("the records of a feature come with it, each with its full citation", () => {
  const columns = {
    date: text(["2003-10", "", ""]), text: text(["Opened.", "Grew.", "Closed"]), text_ru: text(["Открыта.", "", ""]),
    value: text(["20", "007", ""]),
    unit: text(["aircraft", "", ""]), note: text(["Of two kinds.", "", ""]), source: text(["lewis2015#5.2", "", ""]),
    id: text(["L1", "L2", "L3"]),
  };
  const layer = { ...dams, records: { column: (name) => columns[name] ?? null, rowsOf: (i) => (i ? [3, 3] : [0, 3]) } };
  const both = { ...rows, layers: [layer] };
  const { features } = JSON.parse(geojsonOf(page, both, {}).join(""));
  const [first, second] = features.map(({ properties }) => properties.records);
  assert.deepEqual(first, [
    {
      date: "2003-10", text: "Opened.", text_ru: "Открыта.", value: 20, unit: "aircraft", note: "Of two kinds.",
      source: "lewis2015#5.2", citation: "Lewis (2015), 5.2.",
    },
    { text: "Grew.", value: "007" }, { text: "Closed" },
  ]);
  assert.equal(second, undefined);
  const lines = csvOf(page, both).join("").split("\r\n");
  assert.match(lines[0], /,longitude,records,citations$/);
  const told = "2003-10: Opened. (20\u00a0aircraft) Of two kinds. [Lewis (2015), 5.2.] | Grew. (007) | Closed";
  assert.ok(lines[1].includes(`,"${told}",`), lines[1]);
  columns.date = text(["", "", ""]);
  columns.text = text(["=1+1", "", ""]);
  assert.match(csvOf(page, both)[2], /,"'=1\+1 \(20/);
});

test("rings are closed and holes belong to the polygon before them", () => {
  const at = (lon) => WORLD / 2 + (lon / 360) * WORLD;
  const square = (from, to) => [[from, from], [to, from], [to, to]];
  const places = [...square(0, 9), ...square(1, 2), ...square(20, 30)];
  const pool = {
    kind: () => 2, partStart: [0, 3], vertexStart: [0, 3, 6, 9], holes: [0, 1, 0], x: places.map(([lon]) => at(lon)),
    y: places.map(() => WORLD / 2),
  };
  const { type, coordinates } = geometryOf({ pool, geometry: [0] }, 0);
  assert.equal(type, "MultiPolygon");
  assert.deepEqual(coordinates.map((rings) => rings.length), [2, 1]);
  assert.deepEqual(coordinates[0][1], [[1, 0], [2, 0], [2, 0], [1, 0]]);
});

test("rings turn as RFC 7946 has it whichever way the data's do: areas counterclockwise, holes clockwise", () => {
  const square = [[0, 0], [0, 9], [9, 9], [9, 0]];
  for (const places of [square, [...square].reverse()]) {
    const [x, y] = [
      [...places, ...places].map(([lon]) => WORLD / 2 + (lon / 360) * WORLD),
      [...places, ...places].map(([, lat]) => WORLD / 2 - (lat / 360) * WORLD),
    ];
    const pool = { kind: () => 2, partStart: [0, 2], vertexStart: [0, 4, 8], holes: [0, 1], x, y };
    const { coordinates } = geometryOf({ pool, geometry: [0] }, 0);
    const areas = coordinates.map((ring) => (
      ring.slice(1).reduce((sum, [lon, lat], at) => sum + ring[at][0] * lat - lon * ring[at][1], 0)));
    assert.ok(areas[0] > 0 && areas[1] < 0, `${areas}`);
  }
});

test("coordinates come back as the data had them, not moved by the grid", () => {
  const unitsOf = (lat, lon) => [
    Math.round((lon / 360 + 0.5) * WORLD),
    Math.round((0.5 - Math.atanh(Math.sin((lat * Math.PI) / 180)) / (2 * Math.PI)) * WORLD),
  ];
  for (const [lat, lon] of [[42, 76], [-79, 170], [0.5, 178.4], [84.25, -0.1], [42.8532, 74.8465], [-12.12, -180]]) {
    const [x, y] = unitsOf(lat, lon);
    assert.deepEqual(geometryOf({ pool: { kind: () => 0, x: [x], y: [y] }, geometry: [0] }, 0).coordinates, [lon, lat]);
  }
});

test("a point beyond the map's edge has no coordinates that are not its own", () => {
  const poles = layerOf({ _key: text(["north", "south"]) }, { kind: () => 0, x: [9, 9], y: [0, WORLD] });
  poles.geometry = [0, 1];
  const both = { ...rows, layers: [poles] };
  assert.deepEqual(csvOf(page, both).slice(2), ["dams,north,,,\r\n", "dams,south,,,\r\n"]);
  for (const { geometry } of JSON.parse(geojsonOf(page, both, {}).join("")).features) assert.equal(geometry, null);
  const pool = { kind: () => 0, partStart: [0, 2], x: [9, WORLD / 2], y: [0, WORLD / 2] };
  assert.deepEqual(geometryOf({ pool, geometry: [0] }, 0), { type: "Point", coordinates: [0, 0] });
});
