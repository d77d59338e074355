import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { areaDash, lineDash, lineMarks, symbolParts, symbolPath, symbolReach } from "../../geo/page/draw/symbols.js";

const SHAPES = ["circle", "square", "triangle", "diamond", "pentagon", "hexagon", "star", "cross", "plane", "gate"];

function corners(path) {
  return path.slice(1, -1).split("L").map((corner) => corner.split(",").map(Number));
}

test("every shape is one closed path of its own", () => {
  const paths = SHAPES.map((shape) => symbolPath(shape, 7));
  assert.equal(new Set(paths).size, SHAPES.length);
  for (const path of paths) assert.match(path, /^M.*Z$/);
});

// As tests/test_thumbnail.py asks of the pictures on the index page.
test("shapes have the corners that they have on the index page", () => {
  const told = JSON.parse(readFileSync(new URL("symbols.json", import.meta.url), "utf8"));
  assert.deepEqual(Object.fromEntries(SHAPES.map((shape) => [shape, symbolPath(shape, 10)])), told);
});

test("shapes are mirrored left and right and stay within their reach", () => {
  for (const shape of SHAPES.slice(1)) {
    const points = corners(symbolPath(shape, 10));
    const sum = points.reduce((total, [x]) => total + x, 0);
    assert.ok(Math.abs(sum) < 0.1, shape);
    for (const [x, y] of points) assert.ok(Math.hypot(x, y) < symbolReach(10), shape);
  }
});

// What is drawn for a point, bottom first: "halo", "inside" of a hollow symbol, and of its colour "fill", "dashes" and
// "outline".
function partsOf(style, casing) {
  const look = { color: "#123456", shape: "square", fill: "solid", precision: 0, ...style };
  return symbolParts(look, 7, { casing, hollow: "#fff" }).map(({ fill, stroke, dash, opacity }) => {
    if (stroke) return stroke === casing ? "casing" : dash ? "dashes" : "outline";
    return fill === "#fff" ? "inside" : opacity === 0.22 ? "halo" : opacity ? "tint" : "fill";
  });
}

test("a point is filled where it is exact, a ring for a settlement, with a halo near it, dashed as a sketch", () => {
  const looks = [0, 1, 2, 3].map((precision) => partsOf({ precision }));
  assert.deepEqual(looks, [
    ["fill"], ["inside", "outline"], ["halo", "inside", "outline"], ["inside", "tint", "dashes"],
  ]);
  assert.deepEqual(partsOf({}, "#eee"), ["casing", "fill"]);
});

test("a point of dots or hatching is filled inside its outline, a hollow one is a ring", () => {
  for (const fill of ["dots", "hatch"]) assert.deepEqual(partsOf({ fill }), ["inside", "outline", "fill"]);
  assert.deepEqual(partsOf({ fill: "hollow" }), partsOf({ precision: 1 }));
});

test("the less is known of a line's or an area's place, the less of it is drawn", () => {
  for (const dashOf of [lineDash, areaDash]) {
    const [exact, ...dashes] = [0, 1, 2, 3].map((precision) => dashOf({ dash: null, precision, width: 2 }));
    const drawn = dashes.map(([dash, gap]) => dash / (dash + gap));
    assert.equal(exact, null);
    assert.ok(drawn[0] > drawn[1] && drawn[1] > drawn[2], dashOf.name);
  }
});

test("what is schematic is dashed, and dashes grow with wide lines", () => {
  assert.equal(lineDash({ dash: null, precision: 0, width: 2 }), null);
  assert.deepEqual(lineDash({ dash: null, precision: 3, width: 2 }), [12, 4]);
  assert.deepEqual(lineDash({ dash: [6, 4], precision: 3, width: 5 }), [12, 8]);
  assert.deepEqual(areaDash({ dash: null, precision: 3 }), [4, 4]);
});

test("marks of lines are wider than the line and leave it whole", () => {
  assert.equal(lineMarks({ texture: 0, width: 2 }), null);
  const all = Array.from({ length: 9 }, (_, at) => lineMarks({ texture: at + 1, width: 2 }));
  assert.equal(new Set(all.map((marks) => JSON.stringify(marks))).size, 9);
  for (const { dash, wider, cap, before } of all) {
    assert.ok(wider > 1 && dash.length % 2 === 0 && before === dash.at(-1) / 2);
    assert.equal(cap, dash[0] ? "butt" : "round"); // what has no length shows by its round ends alone
  }
});
