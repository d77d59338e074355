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
