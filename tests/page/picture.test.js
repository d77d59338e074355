import assert from "node:assert/strict";
import { test } from "node:test";

import { bestLayout } from "../../geo/page/share/picture.js";

test("the legend of a picture is under a wide map, beside others, and never higher than they if it can be", () => {
  const ctx = { measureText: (words) => ({ width: 6 * words.length }) };
  const row = { text: "Class", image: { height: 18 }, indent: true }, block = (n) => new Array(n).fill(row);
  const blocks = [9, 9, 14, 7].map(block), content = { blocks, title: "Energy", about: "", filters: "", foot: [] };
  const layoutOf = (width, height) => {
    const layout = bestLayout(ctx, content, { width, height });
    const isBeside = layout.legend.top === layout.top && layout.legend.left > width;
    return { isBeside, shape: layout.width / layout.height, legend: layout.legend.height };
  };
  assert.equal(layoutOf(1900, 600).isBeside, false);
  for (const [width, height] of [[1095, 830], [680, 690], [375, 650], [800, 700]]) {
    const { isBeside, shape, legend } = layoutOf(width, height);
    assert.ok(isBeside && legend <= height, `${width} x ${height}`);
    assert.ok(shape > 1 && shape < 2, `${width} x ${height}: ${shape}`);
  }
  content.blocks = [];
  assert.ok(layoutOf(800, 600).shape > 1, "a map without a layer");
});
