import assert from "node:assert/strict";
import { test } from "node:test";

import { areaDash, lineDash, symbolPath, symbolReach } from "../../geo/page/draw/symbols.js";

const SHAPES = ["circle", "square", "triangle", "diamond", "pentagon", "hexagon", "star", "cross", "plane", "gate"];

function corners(path) {
  return path.slice(1, -1).split("L").map((corner) => corner.split(",").map(Number));
}

test("every shape is one closed path of its own", () => {
  const paths = SHAPES.map((shape) => symbolPath(shape, 7));
  assert.equal(new Set(paths).size, SHAPES.length);
  for (const path of paths) assert.match(path, /^M.*Z$/);
});

test("shapes are mirrored left and right and stay within their reach", () => {
  for (const shape of SHAPES.slice(1)) {
    const points = corners(symbolPath(shape, 10));
    const sum = points.reduce((total, [x]) => total + x, 0);
    assert.ok(Math.abs(sum) < 0.1, shape);
    for (const [x, y] of points) assert.ok(Math.hypot(x, y) < symbolReach(10), shape);
  }
});

test("what is schematic is dashed, and dashes grow with wide lines", () => {
  assert.equal(lineDash({ dash: null, precision: 0, width: 2 }), null);
  assert.deepEqual(lineDash({ dash: null, precision: 3, width: 2 }), [8, 5]);
  assert.deepEqual(lineDash({ dash: [6, 4], precision: 3, width: 5 }), [12, 8]);
  assert.deepEqual(areaDash({ dash: null, precision: 3 }), [4, 4]);
});
