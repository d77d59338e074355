import assert from "node:assert/strict";
import { test } from "node:test";

import { nearestLon, worldPieces, worldsOf } from "../../geo/page/data/worlds.js";

const view = { zoom: 2, x: 900, y: 7, width: 300, height: 50, ratio: 2 };

test("a view over the edge of the world is two views, each counted from its own world's edge", () => {
  assert.deepEqual(worldsOf(view).map(({ x, width }) => [x, width]), [[900, 300], [-124, 300]]);
  assert.deepEqual(worldsOf({ ...view, x: -2100, width: 0 }).map(({ x }) => x), [972]);
});

test("its pieces lie side by side on the canvas, in one world each", () => {
  const boxes = (of) => worldPieces(of).map(({ x, left, width }) => [x, left, width]);
  assert.deepEqual(boxes(view), [[900, 0, 124], [0, 124, 176]]);
  assert.deepEqual(boxes({ ...view, x: 300, left: 16 }), [[300, 16, 300]]);
  assert.deepEqual(boxes({ ...view, x: -1024, width: 2048 }), [[0, 0, 1024], [0, 1024, 1024]]);
});

test("what stands at the edge of a world reaches into the next: a strip of it, addressed in the world beside", () => {
  const besides = (of) => worldPieces(of, 20).filter(({ isBeside }) => isBeside);
  const strips = (of) => besides(of).map(({ x, left, width }) => [x, left, width]);
  assert.deepEqual(strips(view), [[-20, 104, 20], [1024, 124, 20]]);
  assert.deepEqual(strips({ ...view, x: 512, width: 512 }), [[-20, 492, 20]], "at an edge that is not seen, too");
  assert.deepEqual(strips({ ...view, x: 300, width: 512 }), []);
  assert.equal(worldPieces({ ...view, x: 512, width: 512 }, 20).length, 2);
});

test("at half zooms they meet on a device pixel, and the next world begins there", () => {
  const [west, east] = worldPieces({ ...view, zoom: 2.5, x: 1200, width: 512 }); // the world: 1448.15 px
  assert.deepEqual([west.width, east.left, east.width, east.x], [248, 248, 264, 0]);
});

test("a longitude is taken from the world that is nearest", () => {
  assert.deepEqual(
    [nearestLon(74, 70), nearestLon(74, 430), nearestLon(-170, 175), nearestLon(170, -900)],
    [74, 434, 190, -910],
  );
});
