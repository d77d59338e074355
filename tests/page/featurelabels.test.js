import assert from "node:assert/strict";
import { test } from "node:test";

import { countriesIn, middleOf, widestRoom } from "../../geo/page/draw/featurelabels.js";
import { placeLabels } from "../../geo/page/draw/placing.js";

const poolOf = (...rings) => ({
  n: 1, bounds: null, partStart: [0, rings.length],
  vertexStart: rings.reduce((starts, ring) => [...starts, starts.at(-1) + ring.length], [0]),
  x: rings.flat().map(([x]) => x), y: rings.flat().map(([, y]) => y),
});
const box = (west, north, east, south) => [[west, north], [east, north], [east, south], [west, south]];

test("a square has its name in the middle", () => {
  assert.deepEqual(widestRoom(poolOf(box(0, 0, 100, 100)), 0), { x: 50, y: 50, room: 100 });
});

test("a hole holds no name", () => {
  const { x, room } = widestRoom(poolOf(box(0, 0, 100, 100), box(20, 10, 90, 90)), 0);
  assert.deepEqual([x, room], [10, 20]);
});

test("of two parts the wider one is named", () => {
  const { x, room } = widestRoom(poolOf(box(0, 0, 30, 100), box(40, 0, 120, 100)), 0);
  assert.deepEqual([x, room], [80, 80]);
});

test("a bent area is named inside, not in the middle of its bounds", () => {
  const bent = [[0, 0], [100, 0], [100, 100], [80, 100], [80, 20], [0, 20]];
  const { x, room } = widestRoom(poolOf(bent), 0);
  assert.deepEqual([x, room], [90, 20]);
});

test("the name of a line stands beside it, whichever way it goes", () => {
  const ways = [[100, 0], [100, 20], [100, 80], [30, 100], [0, 100], [30, -100], [100, -80], [-100, 20]];
  for (const [across, down] of ways) {
    const line = middleOf({ pool: poolOf([[0, 0], [across, down]]), geometry: [0] }, 0);
    const [{ left, top, width, height }] = placeLabels(
      { symbols: [], names: [{ kind: 4, text: "Line B", radius: 2, ...line }] }, 20, () => [36, 12],
    );
    const corners = [[left, top], [left + width, top], [left, top + height], [left + width, top + height]];
    const sides = corners.map(([x, y]) => Math.sign(across * (y - line.y) - down * (x - line.x)));
    assert.equal(new Set(sides).size, 1, `${across}, ${down}`);
  }
});

test("areas are countries of the basemap where most of their layer hold one country's place", () => {
  const places = [["Kyrgyzstan", 10], ["Kyrgyzstan", 11], ["Tajikistan", 110], ["Uzbekistan", 310]]
    .map(([en, x]) => ({ kind: 0, names: { en }, x, y: 50 }));
  const layerOf = (...boxes) => {
    const pool = { ...poolOf(...boxes), n: boxes.length, partStart: null, kind: () => 2 };
    return { pool, geometry: boxes.map((_, i) => i), n: boxes.length };
  };
  const [kyrgyz, tajik, empty] = [0, 100, 200].map((west) => box(west, 0, west + 100, 100));
  assert.deepEqual([...countriesIn(layerOf(kyrgyz, tajik, empty), places)], [[0, "Kyrgyzstan"], [1, "Tajikistan"]]);
  assert.equal(countriesIn(layerOf(kyrgyz, empty), places).size, 0, "provinces");
  assert.equal(countriesIn(layerOf(box(0, 0, 200, 100), box(0, 0, 400, 100)), places).size, 0, "unions");
});
