import assert from "node:assert/strict";
import { test } from "node:test";

import { strokeFeatures } from "../../geo/page/shapes.js";

globalThis.Path2D = class {
  length = 0;
  moveTo() {}
  lineTo() { this.length++; }
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

test("the edge of a dash begins before it by the width of the edge, wherever the view begins", () => {
  const dash = { dash: [6, 4] }, edge = { dash: [8, 2], lead: 1 };
  assert.deepEqual([strokeOf(dash, 0), strokeOf(edge, 0)], [[[6, 4], 0], [[8, 2], 1]]);
  assert.deepEqual([strokeOf(dash, 250), strokeOf(edge, 250)], [[[6, 4], 200], [[8, 2], 201]]);
});

test("a view with a tolerance of its own leaves nearer vertices out, but for the ends", () => {
  const x = Array.from({ length: 11 }, (_, k) => k * 0.8), layer = { pool: { x, y: x.map(() => 5), vertexStart: [0, 11] }, geometry: [0] };
  const drawn = (tolerance) => {
    let vertices = 0;
    const ctx = { setLineDash() {}, stroke({ length }) { vertices += length; } };
    strokeFeatures(ctx, layer, [0], { scale: 1, x: 0, y: 0, width: 20, height: 10, ratio: 1, tolerance }, { width: 1, pad: 0 });
    return vertices;
  };
  assert.equal(drawn(undefined), 10); // 0.8 px apart, each is drawn
  assert.equal(drawn(1), 5);          // 1.6 px apart
  assert.equal(drawn(100), 1);        // the ends alone
});
