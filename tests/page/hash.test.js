import assert from "node:assert/strict";
import { test } from "node:test";

import { readHash, writeHash } from "../../geo/page/share/hash.js";
import { parseMoment } from "../../geo/page/words/moments.js";
import { STATE_DEFAULTS } from "../../geo/page/state/store.js";

const layer = (id, keys) => ({ id, n: keys.length, column: () => ({ text: (i) => keys[i] }) });
const page = {
  languages: ["en", "ru"], layers: [layer("csto", ["KGZ", "UZB", "UZB"]), layer("bases", ["base-kant", "a/b~c,d&e=é"])],
};
const facets = [
  { key: "status", kind: "values", values: ["operating", "a,b&c"] }, { key: "dams.mw", kind: "range" },
  { key: "geometry_source", kind: "flag" },
];
const start = { shown: ["csto", "bases"], language: "en" };
const stateOf = (patch) => ({ ...STATE_DEFAULTS, ...start, ...patch });
const write = (patch, view = null) => writeHash({ page, state: stateOf(patch), start }, view, facets);

test("a page as it began has a short address", () => {
  assert.equal(write({}), "#v1");
  assert.deepEqual(readHash("#v1", page, facets), { patch: {}, view: null, broken: [] });
});

test("everything that a reader can set comes back from its address", () => {
  const patch = {
    shown: ["bases"], order: ["bases", "csto"], opacity: { bases: 0.5 }, time: parseMoment("2003-10"), undated: "hide",
    facets: { status: ["operating", "a,b&c", ""], "dams.mw": [100, 2000], geometry_source: true },
    search: "Камбар-ата & co", selection: { layer: "bases", feature: 1 }, language: "ru", theme: "dark",
  };
  const view = { zoom: 6.5, lat: 41.2, lon: -74.1234 };
  assert.deepEqual(readHash(write(patch, view), page, facets), { patch, view, broken: [] });
});

test("a view that is beside card or step says so", () => {
  const view = { zoom: 6.5, lat: 41.2, lon: -74.1234, isBeside: true };
  assert.equal(write({}, view), "#v1&at=6.5/41.2/-74.1234/beside");
  assert.deepEqual(readHash(write({}, view), page, facets).view, view);
});

test("a period of years and features of one key come back too", () => {
  const time = { from: parseMoment("2001").from, to: parseMoment("2014").to, isPeriod: true };
  const hash = write({ time, selection: { layer: "csto", feature: 2 } });
  assert.equal(hash, "#v1&t=2001/2014&card=csto/UZB~2");
  assert.deepEqual(readHash(hash, page, facets).patch, { time, selection: { layer: "csto", feature: 2 } });
});

test("the card's feature is counted among those of its key once, however often the address is written", () => {
  let asked = 0;
  const text = () => {
    asked++;
    return "KGZ";
  };
  const state = stateOf({ selection: { layer: "csto", feature: 9 } });
  const counted = { ...page, layers: [{ id: "csto", n: 10, column: () => ({ text }) }] };
  const hashes = [1, 2].map((lat) => writeHash({ page: counted, state, start }, { zoom: 3, lat, lon: 0 }, []));
  assert.deepEqual(hashes, ["#v1&at=3/1/0&card=csto/KGZ~10", "#v1&at=3/2/0&card=csto/KGZ~10"]);
  assert.equal(asked, 10);
});

test("a period of months, also one before the year 1, comes back", () => {
  const time = { from: parseMoment("-0005-04").from, to: parseMoment("0850-06").to, isPeriod: true };
  assert.equal(write({ time }), "#v1&t=-0005-04/0850-06");
  assert.deepEqual(readHash(write({ time }), page, facets), { patch: { time }, view: null, broken: [] });
});

test("what has an end too many is neither a period nor a range", () => {
  assert.deepEqual(readHash("#v1&t=2001/2003/2014&f.dams.mw=1..2..3", page, facets), {
    patch: {}, view: null, broken: ["t", "f.dams.mw"],
  });
});

test("only features without a value", () => {
  const hash = write({ facets: { status: [""] } });
  assert.deepEqual(readHash(hash, page, facets).patch, { facets: { status: [""] } });
});

test("an order and opacities of other layers keep what is there, and are told of", () => {
  const read = (hash) => readHash(hash, page, facets);
  assert.deepEqual(read("#v1&order=bases,csto"), { patch: { order: ["bases", "csto"] }, view: null, broken: [] });
  assert.deepEqual(read("#v1&order=bases"), { patch: { order: ["csto", "bases"] }, view: null, broken: [] });
  assert.deepEqual(read("#v1&order=gone,bases,csto"), {
    patch: { order: ["bases", "csto"] }, view: null, broken: ["order"],
  });
  assert.deepEqual(read("#v1&order=csto,csto"), { patch: { order: ["csto", "bases"] }, view: null, broken: ["order"] });
  assert.deepEqual(read("#v1&alpha=gone:0.5,bases:0.4"), {
    patch: { opacity: { bases: 0.4 } }, view: null, broken: ["alpha"],
  });
  for (const text of ["bases", "bases:2", "bases:x", "gone:0.5"]) {
    assert.deepEqual(read(`#v1&alpha=${text}`), { patch: {}, view: null, broken: ["alpha"] });
  }
});

test("the page's own order, changed and changed back, is not written", () => {
  assert.equal(write({ order: ["bases", "csto"] }), "#v1&order=bases,csto");
  assert.equal(write({ order: ["csto", "bases"] }), "#v1");
});

test("what cannot be read is left out and named, the rest is taken", () => {
  const found = readHash(
    "#v1&at=6/x/7&on=gone&card=bases/nobody&t=soon&f.gone=1&q=%E0%A4%A&lang=ru&nonsense",
    page,
    facets,
  );
  assert.deepEqual(found.patch, { language: "ru" });
  assert.deepEqual(found.broken, ["at", "on", "card", "t", "f.gone", "q", "nonsense"]);
});

test("a link is read as it was sent, whatever chats and mail made of it", () => {
  const state = {
    shown: ["bases"], time: parseMoment("2003-10"), facets: { status: ["operating", "a,b&c"] }, search: "Кант?",
    selection: { layer: "bases", feature: 1 }, language: "ru",
  };
  const view = { zoom: 6.5, lat: 41.2, lon: -74.1234 }, sent = write(state, view), text = sent.slice(1);
  const asSent = { patch: state, view, broken: [] };
  const escaped = encodeURIComponent(text), again = encodeURIComponent(escaped);
  for (const got of [
    escaped, again, text.replaceAll("&", "&amp;"), text.replaceAll("=", "%3D"),
    `${text}&utm_source=chat&fbclid=1`, `${text}?utm_source=chat`,
    `${text}.`, `${text}).`, `${text}%3E`, `${text}**`,
  ]) {
    assert.deepEqual(readHash(`#${got}`, page, facets), asSent, got);
  }
  // None has such letters.
  const plain = {
    ...asSent, patch: { ...state, facets: { status: ["operating", ""] }, selection: { layer: "csto", feature: 2 } },
  };
  assert.deepEqual(readHash(write(plain.patch, view).replace(/,|\/|:/g, encodeURIComponent), page, facets), plain);
  // Cut off within a letter.
  assert.deepEqual(readHash(`#${encodeURIComponent("v1&lang=ru&q=%D0%BA%D0%B")}`, page, facets), {
    patch: { language: "ru" }, view: null, broken: ["q"],
  });
});

test("a view that is nowhere on a map is left out and reported", () => {
  for (const at of ["6/41/1e308", "6/41/361", "6/91/74", "1e308/41/74", "6/41/NaN", "6/41", "6/Infinity/74"]) {
    assert.deepEqual(readHash(`#v1&at=${at}`, page, facets), { patch: {}, view: null, broken: ["at"] }, at);
  }
  assert.deepEqual(readHash("#v1&at=6.5/-41/-190", page, facets).view, { zoom: 6.5, lat: -41, lon: -190 });
});

test("a number left out is none, not 0", () => {
  const found = readHash("#v1&at=//&alpha=bases:&f.dams.mw=..100", page, facets);
  assert.deepEqual(found, { patch: {}, view: null, broken: ["at", "alpha", "f.dams.mw"] });
});

test("blanks around a query do not count", () => {
  assert.deepEqual(readHash("#v1&q=%20dam%20", page, facets).patch, { search: "dam" });
});

test("of an older link the layers and values that are still there are taken", () => {
  const found = readHash("#v1&on=bases,renamed&f.status=operating,gone", page, facets);
  assert.deepEqual(found.patch, { shown: ["bases"], facets: { status: ["operating"] } });
  assert.deepEqual(found.broken, ["on", "f.status"]);
  assert.deepEqual(readHash("#v1&on=bases,bases", page, facets).patch, { shown: ["bases"] });
  assert.deepEqual(readHash("#v1&on=", page, facets), { patch: { shown: [] }, view: null, broken: [] });
});

test("a filter that nothing could pass is none", () => {
  assert.deepEqual(readHash("#v1&f.status=gone&f.dams.mw=2000..100", page, facets), {
    patch: {}, view: null, broken: ["f.status", "f.dams.mw"],
  });
});

test("another version and an anchor of another page are reported and no state, nor is an empty one", () => {
  assert.deepEqual(readHash("#v9&at=6/1/2", page, facets), { patch: null, view: null, broken: ["v9"] });
  assert.deepEqual(readHash("#somewhere", page, facets), { patch: null, view: null, broken: ["somewhere"] });
  assert.equal(readHash("", page, facets), null);
});

test("a link written by hand may say yes and no as a table does", () => {
  const known = [...facets, { key: "is_open", kind: "values", values: ["true", "false"], field: { type: "boolean" } }];
  const choices = (text) => readHash(`#v1&${text}`, page, known).patch.facets;
  for (const [text, value] of [["yes", "true"], ["1", "true"], ["true", "true"], ["no", "false"], ["0", "false"]]) {
    assert.deepEqual(choices(`f.is_open=${text}`), { is_open: [value] });
  }
  assert.deepEqual(choices("f.geometry_source=yes"), { geometry_source: true });
  assert.deepEqual(readHash("#v1&f.is_open=perhaps&f.geometry_source=no", page, known).broken, [
    "f.is_open", "f.geometry_source",
  ]);
});
