import assert from "node:assert/strict";
import { test } from "node:test";

import { splatPixels } from "../../geo/page/draw/splat.js";

const RED = { color: "#ff0000", size: 2, opacity: 1 }, BLUE = { color: "#0000ff", size: 6, opacity: 1 };
const at = (points) => (plot) => points.forEach(([x, y, look = 0, fade = 1]) => plot(x, y, look, fade));
const hex = (pixel) => pixel.toString(16).padStart(8, "0");
const drawn = (pixels) => [...pixels].filter(Boolean).length;

test("few points are squares of their colour, larger ones larger, cut at the edge", () => {
  const points = (...list) => ({ each: at(list), crowd: 0.01, looks: [RED, BLUE] });
  const pixels = splatPixels(8, 8, 1, points([4, 4]));
  assert.deepEqual([drawn(pixels), hex(pixels[4 * 8 + 4])], [4, "ff0000ff"]);
  assert.equal(drawn(splatPixels(8, 8, 1, points([4, 4, 1]))), 36);
  assert.equal(drawn(splatPixels(8, 8, 1, points([0, 0, 1], [-9, 3], [3, 40]))), 9);
});

test("points are squares until these would cover the ground three times", () => {
  const count = (crowd) => drawn(splatPixels(8, 8, 1, { each: at([[4, 4]]), crowd, looks: [RED, BLUE] }));
  assert.deepEqual([0.5, 0.7, 0.8].map(count), [4, 4, 1]);
});

test("undated points are faint", () => {
  const pixels = splatPixels(4, 4, 1, { each: at([[2, 2, 0, 0.3]]), crowd: 0.01, looks: [RED] });
  assert.equal(hex(pixels[2 * 4 + 2]), "4d0000ff");
});

test("where points outnumber pixels, more of them are more opaque, in the mix of their colours", () => {
  const points = { each: at([[0, 0], [2, 2], [2, 2, 1], ...Array(50).fill([3, 0])]), crowd: 4, looks: [RED, BLUE] };
  const pixels = splatPixels(6, 6, 1, points);
  const alpha = (x, y) => pixels[y * 6 + x] >>> 24;
  assert.ok(0 < alpha(0, 0) && alpha(0, 0) < alpha(2, 2) && alpha(2, 2) < alpha(3, 0));
  assert.equal(alpha(3, 0), 255);
  assert.equal(hex(pixels[2 * 6 + 2]).slice(2), "7f007f");
});

test("a large symbol covers more of a ramp than a small one", () => {
  const points = (look) => ({ each: at([[5, 5, look]]), crowd: 4, looks: [RED, BLUE] });
  assert.deepEqual([0, 1].map((look) => drawn(splatPixels(12, 12, 1, points(look)))), [1, 9]);
});

test("nothing of one piece is left in the next", () => {
  const of = (points) => [...splatPixels(6, 6, 1, { each: at(points), crowd: 4, looks: [RED, BLUE] })];
  const first = of([[0, 0], [2, 2, 1]]);
  assert.ok(first.some(Boolean));
  assert.ok(!of([]).some(Boolean));
  assert.deepEqual(of([[0, 0], [2, 2, 1]]), first);
});

test("a picture larger than any tile is painted as they are", () => {
  const of = (side) => splatPixels(side, side, 1, { each: at([[1, 2], [3, 4, 1]]), crowd: 4, looks: [RED, BLUE] });
  const small = of(6), large = of(1700);
  assert.equal(drawn(large), drawn(small));
  assert.equal(large[2 * 1700 + 1], small[2 * 6 + 1]);
  assert.deepEqual(of(6), small);
});
