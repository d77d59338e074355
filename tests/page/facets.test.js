import assert from "node:assert/strict";
import { test } from "node:test";

import {
  facetBit, facetCounts, facetsOf, filterByFacets, frequentCodes, rangeScale,
} from "../../geo/page/state/facets.js";
import { createStore, shownOfAll } from "../../geo/page/state/store.js";

const dict = (cells) => {
  const values = [...new Set(cells.filter(Boolean))];
  return { values, codes: cells.map((cell) => values.indexOf(cell) + 1), text: (i) => cells[i] };
};
const numbers = (cells) => ({ number: (i) => cells[i] });

function layerOf(index, id, fields, columns) {
  const n = Object.values(columns)[0].codes?.length ?? 3;
  const geometry = Int32Array.from({ length: n }, (_, i) => i);
  return {
    index,
    id,
    n,
    geometry,
    head: { shown: true, fields },
    column: (name) => (Object.hasOwn(columns, name) ? columns[name] : null),
  };
}

const STATUS = {
  id: "status", type: "category", filter: true, title: { en: "Status" }, categories: { operating: {}, planned: {} },
};
const CAPACITY = { id: "mw", type: "number", filter: true, title: { en: "Capacity" } };
const makePage = () => ({
  layers: [
    layerOf(0, "dams", [STATUS, CAPACITY, { id: "river", type: "text" }], {
      status: dict(["planned", "operating", "operating"]), mw: numbers([1900, 120, NaN]),
      precision: dict(["schematic", "exact", "exact"]),
    }),
    layerOf(1, "posts", [STATUS, { id: "kind", type: "category", filter: true, title: { en: "Kind" } }], {
      status: dict(["operating", "", "closed"]), kind: dict(["road", "rail", "road"]),
      geometry_source: dict(["osm", "", ""]),
    }),
  ],
});

const shownIn = (store, at) => Array.from(store.mask(store.page.layers[at])).flatMap((bits, i) => (bits ? [] : [i]));

function filtered(facets) {
  const page = makePage();
  const store = createStore(page);
  const known = facetsOf(page);
  filterByFacets(store, known);
  store.set({ facets });
  return { store, known, facet: (key) => known.find((facet) => facet.key === key) };
}

test("a field that layers share is one facet, declared values first", () => {
  const facets = facetsOf(makePage());
  assert.deepEqual(facets.map(({ key, kind }) => [key, kind]), [
    ["status", "values"], ["mw", "range"], ["kind", "values"], ["precision", "values"], ["geometry_source", "flag"],
  ]);
  assert.deepEqual(facets[0].values, ["operating", "planned", "closed"]);
  assert.deepEqual(facets[1].domain, [120, 1900]);
  assert.deepEqual(facets[3].values, ["exact", "schematic"]);
});

test("dates are offered in the order of time; other values have none of their own", () => {
  const since = { ...dict(["2001-05", "1999", "", "2000~", "2003-01-02"]), from: [11443, 10592, 10957, 12054] };
  const fields = [{ id: "since", type: "date", filter: true }, { id: "site", type: "text", filter: true }];
  const site = dict(["Site 10", "site 2", "Éclair", "Zoo", "Site 1"]);
  const page = { layers: [layerOf(0, "l", fields, { since, site })] };
  const [dates, sites] = facetsOf(page);
  assert.deepEqual(dates.values, ["1999", "2000~", "2001-05", "2003-01-02"]);
  assert.deepEqual([...dates.members[0].codes], [3, 1, 0, 2, 4]);
  assert.equal(dates.inOrder, 4);
  assert.deepEqual([sites.inOrder, sites.values], [0, ["Site 10", "site 2", "Éclair", "Zoo", "Site 1"]]);
});

test("layers that share a field each bring their categories", () => {
  const page = makePage();
  const titled = (...titles) => ({
    ...STATUS, categories: Object.fromEntries(titles.map((en) => [en.toLowerCase(), { title: { en } }])),
  });
  page.layers[0].head.fields[0] = titled("Planned", "Operating");
  page.layers[1].head.fields[0] = titled("Operating", "Closed");
  const { values, field } = facetsOf(page)[0];
  assert.deepEqual(values, ["planned", "operating", "closed"]);
  assert.equal(field.categories.closed.title.en, "Closed");
});

test("layers that share no category have a facet each, and a third one joins the one it shares some with", () => {
  const page = makePage();
  page.layers[1].head.fields[0] = { ...STATUS, categories: { road: {} } };
  page.layers.push({ ...layerOf(2, "bases", [STATUS], { status: dict(["planned"]) }) });
  assert.deepEqual(facetsOf(page).slice(0, 3).map(({ key, members }) => [key, members.map(({ layer }) => layer.id)]), [
    ["status", ["dams", "bases"]], ["mw", ["dams"]], ["posts.status", ["posts"]],
  ]);
});

test("layers that title a category differently have a facet each", () => {
  const page = makePage();
  const member = (en) => ({ ...STATUS, categories: { operating: { title: { en } } } });
  page.layers[0].head.fields[0] = member("Member of the EEU");
  page.layers[1].head.fields[0] = member("Member of the CSTO");
  assert.deepEqual(facetsOf(page).slice(0, 3).map(({ key }) => key), ["status", "mw", "posts.status"]);
});

test("layers that measure in different units have a range each, in whatever order languages stand", () => {
  const page = makePage();
  const measured = (unit, title = { en: "Capacity", ru: "Мощность" }) => ({
    id: "mw", type: "number", filter: true, title, unit,
  });
  page.layers[0].head.fields[1] = measured({ en: "MW", ru: "МВт" });
  const add = (id, field) => page.layers.push(layerOf(page.layers.length, id, [field], {
    mw: numbers([10, 22, 55]), precision: dict(["exact", "exact", "exact"]),
  }));
  add("pipelines", measured({ en: "bcm" }));
  add("plants", measured({ ru: "МВт", en: "MW" }, { ru: "Мощность", en: "Capacity" }));
  const ranges = facetsOf(page).filter(({ kind }) => kind === "range");
  assert.deepEqual(ranges.map(({ key, members }) => [key, members.map(({ layer }) => layer.id)]), [
    ["mw", ["dams", "plants"]], ["pipelines.mw", ["pipelines"]],
  ]);
  assert.deepEqual(ranges.map(({ domain }) => domain), [[10, 1900], [10, 55]]);
});

test("chosen values show their features in every layer that has the field", () => {
  const { store } = filtered({ status: ["operating", ""] });
  assert.deepEqual(shownIn(store, 0), [1, 2]);
  assert.deepEqual(shownIn(store, 1), [0, 1]);
});

test("a range hides what lies outside and what has no number, and leaves other layers alone", () => {
  const { store } = filtered({ mw: [100, 200] });
  assert.deepEqual(shownIn(store, 0), [1]);
  assert.deepEqual(shownIn(store, 1), [0, 1, 2]);
});

test("facets add up, and taking one back brings its features back", () => {
  const { store } = filtered({ status: ["operating"], kind: ["rail"] });
  assert.deepEqual(shownIn(store, 1), []);
  store.set({ facets: { kind: ["rail"] } });
  assert.deepEqual(shownIn(store, 1), [1]);
});

test("the counts of a facet leave its own choice out", () => {
  const { store, known, facet } = filtered({ status: ["planned"], mw: [1000, 2000] });
  const counts = (key) => [...facetCounts(store, facet(key), facetBit(known, store.state.facets, key))];
  assert.deepEqual(counts("status"), [1, 1, 1, 1]);
  assert.equal(counts("mw").reduce((a, b) => a + b), 1);
  assert.deepEqual(shownOfAll(store), { n: 1, of: 6 });
});

test("the most frequent values are those of all features, hidden or not, of equal ones the first", () => {
  const { store, facet } = filtered({ status: ["planned"], kind: ["rail"] });
  assert.deepEqual(facet("status").values, ["operating", "planned", "closed"]);
  assert.deepEqual([1, 2, 9].map((n) => frequentCodes(store, facet("status"), n)), [[1], [1, 2], [1, 2, 3]]);
  assert.deepEqual(facet("kind").values, ["road", "rail"]);
  assert.deepEqual(frequentCodes(store, facet("kind"), 1), [1]);
});

test("only what has a source for its coordinates", () => {
  const { store } = filtered({ geometry_source: true });
  assert.deepEqual(shownIn(store, 1), [0]);
  assert.deepEqual(shownIn(store, 0), [0, 1, 2]);
});

test("a place without a source of its own rests on that of its row, no place on none", () => {
  const posts = layerOf(0, "posts", [], {
    geometry_source: dict(["osm", "", "", ""]), source: dict(["", "lewis2015", "", "lewis2015"]),
  });
  posts.geometry[3] = -1;
  const store = createStore({ layers: [posts] });
  filterByFacets(store, facetsOf(store.page));
  store.set({ facets: { geometry_source: true } });
  assert.deepEqual(shownIn(store, 0), [0, 1]);
});

test("a value that the page does not know shows nothing of its facet", () => {
  assert.deepEqual(shownIn(filtered({ kind: ["air"] }).store, 1), []);
});

test("an unknown value beside another leaves that one as it is", () => {
  const { store } = filtered({ kind: ["", "gone"], status: ["", "gone"] });
  assert.deepEqual(shownIn(store, 1), [], "each has a kind");
  assert.deepEqual(shownIn(filtered({ status: ["", "gone"] }).store, 1), [1]);
});

test("a field may be called as what every object has", () => {
  const field = { id: "constructor", type: "category", filter: true, title: {} };
  const page = { layers: [layerOf(0, "ships", [field], { constructor: dict(["x", "y", "x"]) })] };
  const store = createStore(page), known = facetsOf(page);
  filterByFacets(store, known);
  assert.deepEqual(shownIn(store, 0), [0, 1, 2]);
  store.set({ facets: { constructor: ["y"] } });
  assert.deepEqual(shownIn(store, 0), [1]);
  assert.equal(facetBit(known, {}, "constructor"), 0);
});

test("the steps of a range are decimals as they are written, and end with the last", () => {
  assert.deepEqual(rangeScale([8.2, 41.6]), { first: 8.2, last: 41.6, step: 0.2 });
  for (let n = 1; n < 2000; n++) {
    const [low, high] = [n * 0.013, n * 0.013 + n * 0.0357 + 0.1], { first, last, step } = rangeScale([low, high]);
    const steps = (last - first) / step;
    assert.ok(
      first <= low + 1e-9 && last >= high - 1e-9 && Math.abs(steps - Math.round(steps)) < 1e-6,
      `${low} ${high}`,
    );
    for (const value of [first, last, step]) assert.ok(String(value).length < 12, `${value}`);
  }
});
