import assert from "node:assert/strict";
import { test } from "node:test";

import { linePath, strokeFeatures } from "../../geo/page/draw/shapes.js";

globalThis.Path2D = class {
  length = 0;
  points = [];
  moveTo(...point) { this.points.push(point); }
  lineTo(...point) {
    this.length++;
    this.points.push(point);
  }
};

// Gives [dash, offset] of the last stroke of a line 400 px long, of which the view shows what lies from x on.
function strokeOf(options, x) {
  const layer = { pool: { x: [0, 100, 200, 300, 400], y: [5, 5, 5, 5, 5], vertexStart: [0, 5] }, geometry: [0] };
  const strokes = [], view = { scale: 1, x, y: 0, width: 500, height: 10, ratio: 1 };
  const ctx = {
    lineDashOffset: 0,
    setLineDash(dash) { this.dash = dash; },
    stroke({ length }) { if (length) strokes.push([this.dash, this.lineDashOffset]); },
  };
  strokeFeatures(ctx, layer, [0], view, { width: 2, pad: 0, ...options });
  return strokes.at(-1);
}

test("dashes are counted from the start of a line, wherever the view begins", () => {
  assert.deepEqual([0, 250].map((left) => strokeOf({ dash: [6, 4] }, left)), [[[6, 4], 0], [[6, 4], 200]]);
});

// How many vertices are drawn of a line of eleven, so many px apart.
function drawnOf(step, { zooms, detail }) {
  const x = Array.from({ length: 11 }, (_, k) => k * step);
  const pool = { x, y: x.map(() => 5), zooms, vertexStart: [0, 11] };
  let vertices = 1;
  const ctx = { setLineDash() {}, stroke({ length }) { vertices += length; } };
  const view = { scale: 1, detail, x: 0, y: 0, width: 20, height: 10, ratio: 1 };
  strokeFeatures(ctx, { pool, geometry: [0] }, [0], view, { width: 1, pad: 0 });
  return vertices;
}

test("vertices are drawn from their zoom on", () => {
  const zooms = [0, 9, 5, 9, 5, 9, 3, 9, 5, 9, 0];
  assert.deepEqual([2, 3, 5, 8, 9].map((detail) => drawnOf(1, { zooms, detail })), [2, 3, 6, 6, 11]);
});

test("where no zooms are known vertices within half a pixel of each other are left out, but for the ends", () => {
  assert.equal(drawnOf(0.8, { detail: 3 }), 11);
  assert.equal(drawnOf(0.3, { detail: 3 }), 6); // 0.6 px apart
  assert.equal(drawnOf(0.01, { detail: 3 }), 2);
});

test("an area that is cut at 180 degrees has no outline along the cut", () => {
  const drawnOf = (edge) => {
    const pool = { x: [edge, edge - 9, edge - 9, edge], y: [2, 2, 8, 8], vertexStart: [0, 4] };
    let lines = 0;
    const ctx = { setLineDash() {}, stroke({ length }) { lines += length; } };
    const view = { scale: 1, x: edge - 20, y: 0, width: 20, height: 10, ratio: 1 };
    strokeFeatures(ctx, { pool, geometry: [0] }, [0], view, { width: 1, pad: 4, closed: true });
    return lines;
  };
  assert.deepEqual([drawnOf(2 ** 28), drawnOf(2 ** 27)], [3, 4]);
});

test("lines both ways on one course are drawn apart, each on its right", () => {
  const pool = { x: [0, 90, 90, 0], y: [5, 5, 5, 5], vertexStart: [0, 2, 4] };
  const view = { scale: 1, x: 0, y: 0, width: 99, height: 9, factor: 0.5 };
  const rowsOf = (layer) => [0, 1].map((i) => (
    linePath({ pool, geometry: [0, 1], ...layer }, i, view, { width: 2, pad: 9 }).points.map(([, y]) => y)));
  assert.deepEqual(rowsOf({}), [[5, 5], [5, 5]]);
  assert.deepEqual(rowsOf({ lane: [1, 1] }), [[6.8, 6.8], [3.2, 3.2]]);
  assert.deepEqual(rowsOf({ lane: [1, 1], aside: [16, 24] }), [[6.8, 6.8], [2.7, 2.7]]);
});
