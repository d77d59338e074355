import assert from "node:assert/strict";
import { test } from "node:test";

import { classStyle, layerStyles } from "../../geo/page/draw/styles.js";

const base = {
  shape: "circle", color: "#111111", size: 7, width: 2.5, dash: null, fill: "solid", opacity: 1, fill_opacity: 0.5,
  ends: "none",
};
const classes = [
  { value: "operating", color: "#0072b2" },
  { value: "planned", color: "#d55e00", dash: [6, 4], shape: "star", ends: "open" },
];
const color = { by: "status", kind: "category", classes };

function layerOf(style, columns = {}) {
  const precision = { text: (i) => columns.precision[i] };
  return {
    n: 3,
    head: { style: { base, color: null, shape: null, dash: null, ...style } },
    column: () => columns.precision && precision,
    ...columns,
  };
}

test("a class gives its colour and, where it has them, shape, dash and end", () => {
  const head = layerOf({ color }).head;
  assert.deepEqual([classStyle(head, { color: 1 }).color, classStyle(head, { color: 1 }).shape], ["#0072b2", "circle"]);
  const planned = classStyle(head, { color: 2 });
  assert.deepEqual([planned.shape, planned.dash, planned.ends], ["star", [6, 4], "open"]);
});

test("a class and no value have their textures, a layer as a whole has none", () => {
  const hatched = { ...color, classes: [{ ...classes[0], texture: 3 }], none: { texture: 4 } };
  const { head } = layerOf({ color: hatched });
  assert.deepEqual([1, 0].map((code) => classStyle(head, { color: code }).texture), [3, 4]);
  assert.equal(classStyle(head, { color: 0 }).color, "#8a8f98");
  assert.equal(classStyle(head, {}).texture, 0);
  assert.equal(classStyle(layerOf({ color }).head, { color: 0 }).texture, 0);
});

test("no value is grey, a layer without classes has its own colour", () => {
  assert.equal(classStyle(layerOf({ color }).head, { color: 0 }).color, "#8a8f98");
  assert.equal(classStyle(layerOf({}).head).color, "#111111");
});

test("features that look alike share a style", () => {
  const layer = layerOf({ color }, { color: Uint8Array.of(1, 2, 1), size: Uint8Array.of(40, 41, 39) });
  const { list, of } = layerStyles(layer, null);
  assert.deepEqual([list.length, [...of], list[0].size], [2, [0, 1, 0], 5]);
});

test("a feature without a number is smaller than all that have one, and grey where the layer has no colours", () => {
  const size = { by: "mw", ticks: [], no_value: 3 }, sizes = { size: Uint8Array.of(0, 1, 40) };
  const look = ({ list, of }) => [...of].map((at) => [list[at].size, list[at].color]);
  assert.deepEqual(look(layerStyles(layerOf({ size }, sizes), null)), [
    [3, "#8a8f98"], [0.5, "#111111"], [5, "#111111"],
  ]);
  const coloured = layerOf({ size, color }, { ...sizes, color: Uint8Array.of(1, 1, 1) });
  assert.deepEqual(look(layerStyles(coloured, null)), [[3, "#0072b2"], [0.5, "#0072b2"], [5, "#0072b2"]]);
});

test("in the dark a ramp that darkens is turned, one that diverges and categories are not", () => {
  const ramp = (kind, ...colors) => layerOf({
    color: { by: "mw", kind, classes: colors.map((each) => ({ color: each })) },
  });
  const look = (layer, dark) => [1, 2, 3, 0].map((code) => classStyle(layer.head, { color: code }, dark).color);
  const purple = ["#cfc2e3", "#8167b0", "#361f5c"], turned = [...purple].reverse();
  for (const kind of ["number", "series"]) {
    assert.deepEqual(look(ramp(kind, ...purple), true), [...turned, "#8a8f98"]);
    assert.deepEqual(look(ramp(kind, ...purple), false), [...purple, "#8a8f98"]);
    assert.deepEqual(look(ramp(kind, ...turned), true), [...turned, "#8a8f98"]);
    assert.deepEqual(look(ramp(kind, "#1f5895", "#e9e9e4", "#a94c17"), true), [
      "#1f5895", "#e9e9e4", "#a94c17", "#8a8f98",
    ]);
  }
  assert.deepEqual(look(ramp("category", ...purple), true), [...purple, "#8a8f98"]);
});

test("precision is part of the look", () => {
  const { list, of } = layerStyles(layerOf({}, { precision: ["exact", "schematic", ""] }), null);
  assert.deepEqual([...of].map((at) => list[at].precision), [0, 3, 0]);
});

test("lines are lighter in the dark, symbols and areas as they are", () => {
  const colorOf = (kind) => classStyle({ kind, style: { base: { color: "#804000" }, color: null } }, {}, true).color;
  assert.deepEqual(["line", "point", "polygon"].map(colorOf), ["#ac8359", "#804000", "#804000"]);
});
