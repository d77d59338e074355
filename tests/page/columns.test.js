import assert from "node:assert/strict";
import { test } from "node:test";

import { readArray, readColumn } from "../../geo/page/data/columns.js";
import { pageFrom } from "../../geo/page/data/model.js";
import { csvOf, geojsonOf } from "../../geo/page/share/exporting.js";

// A blob as geo/pack/columns.py packs it: {buffer, array(Type, items, flags) -> its JSON, text(strings)}.
function packer() {
  const buffer = new ArrayBuffer(16384);
  let at = 0;
  const names = { Uint8Array: "u8", Uint16Array: "u16", Int32Array: "i32" };
  const array = (Type, items, flags) => {
    const offset = at;
    new Type(buffer, offset, items.length).set(items);
    at += Math.ceil((items.length * Type.BYTES_PER_ELEMENT) / 8) * 8;
    return [offset, items.length, names[Type.name], ...(flags ? [flags] : [])];
  };
  const text = (strings) => ({
    bytes: array(Uint8Array, new TextEncoder().encode(strings.join(""))),
    lengths: array(Uint16Array, strings.map((s) => s.length)),
  });
  return { buffer, array, text };
}

const cells = (column, n) => Array.from({ length: n }, (_, i) => column.text(i));

test("deltas are summed and byte planes joined", () => {
  const { buffer, array } = packer();
  assert.deepEqual([...readArray(buffer, array(Uint8Array, [10, 1, 4], "d"))], [5, 4, 6]);
  const planes = array(Uint8Array, [1, 2, 0, 1]);
  assert.deepEqual([...readArray(buffer, [planes[0], 2, "u16", "p"])], [1, 258]);
});

test("texts are cut by their lengths, letters beyond 16 bits and a leading mark included", () => {
  const { buffer, text } = packer();
  const strings = ["\ufeffКант", "", "\u{1F6E9} Kant", "Osh"];
  const column = readColumn(buffer, { type: "text", text: text(strings) });
  assert.deepEqual(cells(column, 4), strings);
});

test("a pattern is a text and a number, padded to its width", () => {
  const { buffer, array } = packer();
  const column = readColumn(buffer, {
    type: "pattern", prefix: "s", width: 3, base: 7, nullable: 1, codes: array(Uint16Array, [1, 0, 2000]),
  });
  assert.deepEqual(cells(column, 3), ["s007", "", "s2006"]);
});

test("decimals are whole numbers of a power of ten", () => {
  const { buffer, array } = packer();
  const column = readColumn(buffer, {
    type: "int", scale: 2, base: -5, nullable: 1, codes: array(Uint8Array, [0, 1, 131]),
  });
  assert.deepEqual(cells(column, 3), ["", "-0.05", "1.25"]);
});

test("dates are read by their value", () => {
  const { buffer, array, text } = packer();
  const column = readColumn(buffer, {
    type: "date", values: text(["2003-10", ".."]), from: array(Int32Array, [12326, -2147483647]),
    to: array(Int32Array, [12356, 2147483647]),
    codes: array(Uint8Array, [2, 0, 1]),
  });
  assert.deepEqual([cells(column, 3), [0, 1, 2].map(column.number)], [
    ["..", "", "2003-10"], [-2147483647, NaN, 12326],
  ]);
});

test("validity comes from the columns of dates, sources from theirs; a layer in geometry order names no places", () => {
  const { buffer, array, text } = packer();
  const from = {
    type: "date", values: text(["2001", "2003"]), from: array(Int32Array, [11323, 12053]),
    to: array(Int32Array, [11687, 12417]), codes: array(Uint8Array, [1, 0, 0]),
  };
  const to = {
    type: "date", values: text(["2014"]), from: array(Int32Array, [16071]), to: array(Int32Array, [16435]),
    codes: array(Uint8Array, [0, 1, 0]),
  };
  const layer = {
    pool: 0, n: 3, columns: { start: from, end: to }, time: { from: "start", to: "end" }, series: [], records: null,
  };
  const pool = { n: 3, kind: 0, x: array(Uint8Array, [2, 2, 2], "d"), y: array(Uint8Array, [2, 2, 2], "d") };
  const places = array(Uint8Array, [2, 2, 0], "d");
  const column = (...values) => ({ type: "text", text: text(values) });
  const sources = { n: 2, columns: { id: column("a", "b"), citation: column("A (2001)", "B (2002)") } };
  const layers = [layer, { ...layer, time: null, columns: { _geometry: places } }].map((one) => JSON.stringify(one));
  const told = { n: 1, columns: { json: column('{"about":{"en":"Of bases"}}') } };
  const head = {
    languages: ["en"], words: told, atlas: { edition: "2026", told }, map: {}, sources, pools: [pool],
    layers: { n: 2, columns: { json: column(...layers) } },
  };
  const page = pageFrom(head, buffer), [dated, timeless] = page.layers;
  assert.deepEqual([[...dated.from], [...dated.to], [...dated.undated]], [
    [11323, -2147483647, -2147483647], [2147483647, 16435, 2147483647], [0, 0, 1],
  ]);
  assert.deepEqual([[...dated.geometry], [...timeless.geometry], timeless.from], [[0, 1, 2], [0, 1, 1], null]);
  assert.deepEqual([page.head.atlas.edition, page.head.atlas.about], ["2026", { en: "Of bases" }]);
  assert.deepEqual(page.sources.b, { citation: "B (2002)", url: "", licence: "", accessed: "" });
});

test("a column or a source called as something that every object has is only where the data has it", () => {
  const { buffer, text } = packer(), column = (...values) => ({ type: "text", text: text(values) });
  const own = { pool: 0, n: 1, fields: [{ id: "constructor" }], time: null, series: [], records: null };
  const layers = [
    { ...own, id: "dams", columns: { _key: column("naryn"), constructor: column("Naryngidroenergostroy") } },
    { ...own, id: "bases", columns: { _key: column("kant"), source: column("toString") } },
  ];
  const pool = { n: 1, kind: 0, x: null, y: null }, sources = { n: 0, columns: { id: column() } };
  const head = {
    languages: ["en"],
    words: { n: 0, columns: { json: column() } },
    atlas: { told: { n: 0, columns: { json: column() } } },
    map: {},
    sources,
    pools: [pool],
    layers: { n: 2, columns: { json: column(...layers.map((one) => JSON.stringify(one))) } },
  };
  const page = pageFrom(head, buffer), rows = { n: 2, layers: page.layers, of: [0, 1], feature: [0, 0] };
  page.layers.forEach((layer) => { layer.geometry[0] = -1; });
  const lines = csvOf(page, rows).join("").slice(1).split("\r\n");
  assert.deepEqual(lines.slice(0, 3), [
    "layer,key,constructor,source,latitude,longitude,citations", "dams,naryn,Naryngidroenergostroy,,,,",
    "bases,kant,,toString,,,",
  ]);
  assert.deepEqual(JSON.parse(geojsonOf(page, rows, {}).join("")).features[1].properties, {
    layer: "bases", key: "kant", source: "toString",
  });
});
