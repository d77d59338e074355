import assert from "node:assert/strict";
import { test } from "node:test";

import { boundsReader, createIndex, mortonCode, queryIndex, sidesOver180 } from "../../geo/page/data/spatial.js";

const WORLD = 2 ** 28;

// The same numbers at every run.
function randomNumbers(seed) {
  return () => (seed = (seed * 16807) % 2147483647) / 2147483647;
}

function pointLayer(points) {
  const pool = {
    n: points.length, partStart: null, vertexStart: null, kind: () => 0, x: points.map(([x]) => x),
    y: points.map(([, y]) => y),
  };
  return { n: points.length, pool, geometry: Int32Array.from(points.keys()) };
}

function lineLayer(lines) {
  const vertexStart = [0];
  for (const line of lines) vertexStart.push(vertexStart.at(-1) + line.length);
  const all = lines.flat();
  const pool = {
    n: lines.length, partStart: null, vertexStart, kind: () => 1, x: all.map(([x]) => x), y: all.map(([, y]) => y),
    bounds: null,
  };
  return { n: lines.length, pool, geometry: Int32Array.from(lines.keys()) };
}

// As the build leaves them: by cell, larger cells first.
function inOrder(layer) {
  const { n, codes, levels } = createIndex(layer, boundsReader(layer));
  const located = [...layer.geometry.keys()].slice(0, n).sort((a, b) => codes[a] - codes[b] || levels[a] - levels[b]);
  layer.geometry.set(located.map((i) => layer.geometry[i]));
  return layer;
}

function found(layer, rectangle) {
  const bounds = boundsReader(layer), index = createIndex(inOrder(layer), bounds);
  const [west, north, east, south] = rectangle;
  const hits = [];
  queryIndex(index, ...rectangle, (from, to) => {
    for (let i = from; i < to; i++) {
      if (bounds.west(i) <= east && bounds.east(i) >= west && bounds.north(i) <= south && bounds.south(i) >= north) {
        hits.push(i);
      }
    }
  });
  return { hits: hits.sort((a, b) => a - b), index };
}

function expected(layer, [west, north, east, south]) {
  const bounds = boundsReader(layer);
  return [...layer.geometry.keys()].filter((i) => layer.geometry[i] >= 0
    && bounds.west(i) <= east && bounds.east(i) >= west && bounds.north(i) <= south && bounds.south(i) >= north);
}

test("codes weave x and y, y first", () => {
  assert.equal(mortonCode(1, 0), 1);
  assert.equal(mortonCode(0, 1), 2);
  assert.equal(mortonCode(2 ** 26 - 1, 2 ** 26 - 1), 2 ** 52 - 1);
  assert.equal(mortonCode(2 ** 13, 0), 2 ** 26);
});

test("finds the points of a rectangle", () => {
  const random = randomNumbers(1);
  const layer = pointLayer(Array.from(
    { length: 3000 }, () => [Math.floor(random() * WORLD), Math.floor(random() * WORLD)],
  ));
  for (let n = 0; n < 50; n++) {
    const x = random() * WORLD, y = random() * WORLD, size = random() ** 3 * WORLD;
    const rectangle = [x, y, x + size, y + size];
    assert.deepEqual(found(layer, rectangle).hits, expected(layer, rectangle));
  }
});

test("finds lines of every length, those across the middle of the world too", () => {
  const random = randomNumbers(7);
  const layer = lineLayer(Array.from({ length: 2000 }, () => {
    const x = random() * WORLD, y = random() * WORLD, length = random() ** 6 * WORLD;
    const places = [[x, y], [x + length, y + length / 2], [x + length / 2, y + length]];
    return places.map((place) => place.map((v) => Math.min(WORLD, Math.floor(v))));
  }));
  for (let n = 0; n < 50; n++) {
    const x = random() * WORLD, y = random() * WORLD, size = random() ** 4 * WORLD;
    const rectangle = [x, y, x + size, y + size];
    assert.deepEqual(found(layer, rectangle).hits, expected(layer, rectangle));
  }
});

test("leaves out what is not located", () => {
  const layer = pointLayer([[0, 0], [WORLD / 2, 0], [0, WORLD / 2], [WORLD, WORLD]]);
  layer.geometry[3] = -1;
  const { hits, index } = found(layer, [0, 0, WORLD, WORLD]);
  assert.deepEqual([hits, index.n], [[0, 1, 2], 3]);
});

test("what lies on both sides of 180 degrees is the shorter way across, where half of the world is free", () => {
  const at = (lon) => ((lon + 180) / 360) * WORLD;
  const far = (layer, features = [...layer.geometry.keys()]) => sidesOver180(layer, features);
  const points = (...lons) => pointLayer(lons.map((lon) => [at(lon), 0]));
  assert.deepEqual(far(points(178, -179, 170)), [at(170), at(181)]);
  assert.deepEqual(far(points(178, 170)), null); // on one side
  assert.deepEqual(far(points(-178, -170)), null);
  assert.deepEqual(far(points(178, -179, 10, -80)), null); // less than half between -80 and 10
  assert.deepEqual(far(points(178, -179, 10), [0, 1]), [at(178), at(181)]); // of these two only
});

test("a line over the middle of the world leaves no half of it free", () => {
  const layer = lineLayer([
    [[WORLD * 0.4, 0], [WORLD * 0.6, 0]], [[WORLD * 0.99, 0], [WORLD, 0]], [[0, 0], [WORLD * 0.01, 0]],
  ]);
  assert.equal(sidesOver180(layer, [0, 1, 2]), null);
  assert.deepEqual(sidesOver180(layer, [1, 2]), [WORLD * 0.99, WORLD * 1.01]);
});
