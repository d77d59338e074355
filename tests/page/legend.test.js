import assert from "node:assert/strict";
import { test } from "node:test";

import {
  classCounts, classEntries, groupLayers, groupState, precisionEntries, withLayers,
} from "../../geo/page/words/legend.js";

const layer = (id, group = null, style = {}) => ({
  id, head: { group, style: { color: null, shape: null, dash: null, ...style } },
});

test("layers stand under their groups, the top of the map first", () => {
  const layers = [
    layer("countries"), layer("pipelines", "energy"), layer("bases", "security"), layer("dams", "energy"),
  ];
  const listed = groupLayers(layers, [{ id: "energy" }, { id: "security" }])
    .map(({ group, layers }) => [group?.id ?? null, layers.map(({ id }) => id)]);
  assert.deepEqual(listed, [["energy", ["dams", "pipelines"]], ["security", ["bases"]], [null, ["countries"]]]);
});

test("a group is on, off or mixed", () => {
  const layers = [layer("dams"), layer("pipelines")];
  assert.equal(groupState(layers, ["dams", "pipelines", "bases"]), "on");
  assert.equal(groupState(layers, ["dams"]), "mixed");
  assert.equal(groupState(layers, ["bases"]), "off");
  assert.deepEqual(withLayers(["bases", "dams"], layers, true), ["bases", "dams", "pipelines"]);
  assert.deepEqual(withLayers(["bases", "dams"], layers, false), ["bases"]);
  const both = ["pipelines", "dams"];
  assert.equal(withLayers(both, layers, true), both, "nothing changes");
});

test("one field behind colour and shape is one list whose symbols carry both", () => {
  const classes = [{ value: "gas" }, { value: "oil" }];
  const both = layer("pipelines", null, {
    color: { by: "product", kind: "category", classes }, dash: { by: "product", classes },
  });
  both.color = new Uint8Array([1, 2, 0]);
  assert.deepEqual(classEntries(both).map(({ part, pick }) => [part, pick]), [
    ["color", { color: 1, dash: 1 }], ["color", { color: 2, dash: 2 }], ["color", { color: 0, dash: 0 }],
  ]);
});

test("a series has no value in some years, whatever it has of others", () => {
  const color = { by: "pct_gdp", kind: "series", classes: [{ from: 0, to: 10 }] };
  const series = layer("remittances", null, { color });
  assert.deepEqual(classEntries(series).map(({ code, label }) => [code, label]), [
    [1, { from: 0, to: 10 }], [0, { none: true }],
  ]);
});

test("class counts leave out what a filter hides", () => {
  const counts = classCounts(new Uint8Array([1, 1, 2, 0]), new Uint32Array([0, 2, 1, 0]), 1);
  assert.deepEqual([...counts.slice(0, 3)], [1, 1, 1]);
});

test("the precisions of a layer are found however few features it has", () => {
  const codesOf = (column, n) => precisionEntries({ n, column: () => column }).map(({ pick }) => pick.precision);
  const few = ["schematic", "exact", ""];
  assert.deepEqual(codesOf({ text: (i) => few[i] }, 3), [0, 3]);
  assert.deepEqual(codesOf({ values: ["approximate"], text: () => "approximate" }, 9), [2]);
  assert.deepEqual(codesOf(null, 3), []);
});
