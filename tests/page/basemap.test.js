import assert from "node:assert/strict";
import { test } from "node:test";

import { crossesBorder, levelPieces } from "../../geo/page/draw/basemap.js";
import { reliefColors } from "../../geo/page/draw/relief.js";

const FROM_ZOOM = [0, 4, 6];
const LEVELS = [{}, { window: [100, 100, 900, 900] }, { window: [400, 400, 600, 600] }];
const view = (zoom, x, y, side) => ({ zoom, scale: 1, ratio: 1, x, y, width: side, height: side });

test("below its zoom a finer level is not drawn", () => {
  assert.deepEqual(levelPieces(LEVELS, view(3, 0, 0, 1000), FROM_ZOOM), [{ level: 0, boxes: [[0, 0, 1000, 1000]] }]);
  assert.deepEqual(levelPieces(LEVELS, view(4, 200, 200, 100), FROM_ZOOM), [{ level: 1, boxes: [[0, 0, 100, 100]] }]);
});

test("a view over all windows draws each level with the finer one left out", () => {
  assert.deepEqual(levelPieces(LEVELS, view(6, 0, 0, 1000), FROM_ZOOM), [
    { level: 0, boxes: [[0, 0, 1000, 1000], [100, 100, 800, 800]] },
    { level: 1, boxes: [[100, 100, 800, 800], [400, 400, 200, 200]] },
    { level: 2, boxes: [[400, 400, 200, 200]] },
  ]);
});

test("a view inside the finest window draws that level alone", () => {
  assert.deepEqual(levelPieces(LEVELS, view(8, 450, 450, 100), FROM_ZOOM), [{ level: 2, boxes: [[0, 0, 100, 100]] }]);
});

test("levels are cut on whole device pixels", () => {
  const levels = [{}, { window: [100.3, 100.3, 500.7, 500.7] }];
  const [{ boxes: [, hole] }] = levelPieces(levels, { ...view(5, 0, 0, 1000), ratio: 2 }, FROM_ZOOM);
  assert.deepEqual(hole, [100.5, 100.5, 400, 400]);
});

test("level ground has the colour of its height, shade and light darken and brighten it", () => {
  const palette = { tint: [[0, "#102030"], [100, "#304050"]], shadow: ["#000000", 1], light: ["#ffffff", 1] };
  const colors = reliefColors(palette, { flat: 160, top_m: 100 });
  const at = (code, grey) => [
    colors[code * 256 + grey] & 255, (colors[code * 256 + grey] >> 8) & 255, colors[code * 256 + grey] >> 16,
  ];
  assert.deepEqual(at(0, 160), [0x10, 0x20, 0x30]);
  assert.deepEqual(at(255, 160), [0x30, 0x40, 0x50]);
  assert.deepEqual(at(0, 0), [0, 0, 0]);
  assert.deepEqual(at(0, 255), [255, 255, 255]);
});

test("a way meets a border or not", () => {
  const pool = {
    n: 2, kind: () => 1, partStart: null, vertexStart: [0, 3, 5], x: [50, 50, 60, 20, 20], y: [0, 50, 100, 0, 100],
  };
  const levels = [{ borders: [0, 1], disputed_borders: [1, 1] }, { borders: [2, 2], disputed_borders: [1, 2] }];
  const bounds = [50, 0, 60, 100, 20, 0, 20, 100], basemap = { head: { levels }, shapes: { pool }, bounds };
  const ways = [[45, 10, 70, 20], [45, 10, 48, 90], [55, 90, 70, 90], [10, 10, 30, 10]];
  assert.deepEqual(ways.map((way) => crossesBorder(basemap, ...way)), [true, false, true, true]);
});
