import assert from "node:assert/strict";
import { test } from "node:test";

import { pickAt } from "../../geo/page/draw/pick.js";
import { createScene, eachPlace, scaled } from "../../geo/page/draw/scene.js";

// A scene of one layer of points, each a list of places in world units; those of `hidden` are filtered away.
function sceneOf(points, hidden = [], id = "l") {
  const places = points.flat(), partStart = [0];
  for (const own of points) partStart.push(partStart.at(-1) + own.length);
  const pool = {
    n: points.length, kind: () => 0, partStart, vertexStart: null, x: places.map(([x]) => x),
    y: places.map(([, y]) => y), bounds: null,
  };
  const style = { base: { size: 8, width: 1 }, color: null, shape: null, dash: null };
  const layer = {
    id, index: 0, n: points.length, head: { kind: "point", style }, column: () => null, pool,
    geometry: Int32Array.from(points.keys()),
  };
  const state = { shown: [id], opacity: {}, order: null, time: null };
  const mask = Uint8Array.from(points, (_, i) => Number(hidden.includes(i)));
  const page = { layers: [layer] };
  const scene = createScene({ page, state, mask: () => mask });
  scene.update([]);
  return scene;
}

// Where the points are drawn at zoom 8: [[x, y]] of each, in pixels of the world.
function drawnAt(points) {
  const scene = sceneOf(points), view = scaled({ zoom: 8, x: 0, y: 0 });
  return points.map((_, i) => {
    const found = [];
    eachPlace(scene, view, scene.entries[0], i, (x, y) => found.push([x, y]));
    return found;
  });
}

test("a view shows the vertices of its zoom, of the next at a half zoom, of more on a dense screen", () => {
  const detail = (zoom, ratio) => scaled({ zoom, ratio }).detail;
  assert.deepEqual([detail(5, 1), detail(5.5, 1), detail(5, 2), detail(5.5, 3), detail(5)], [5, 6, 6, 8, 5]);
});

test("two points at one place are drawn apart, each at one place", () => {
  const [[first], [second]] = drawnAt([[[40960, 40960]], [[40960, 40960]]]);
  assert.ok(Math.hypot(first[0] - second[0], first[1] - second[1]) > 8);
});

test("a feature of several places is drawn at each of them, though a point lies where its bounds begin", () => {
  const [several, one] = drawnAt([[[40960, 81920], [81920, 40960]], [[40960, 40960]]]);
  assert.deepEqual([several, one], [[[10, 20], [20, 10]], [[10, 10]]]);
});

test("a point on one of the places of another feature is drawn beside it, or counted in their stack", () => {
  const several = [[40960, 40960], [81920, 40960]], one = [[40960, 40960]];
  const [places, [aside]] = drawnAt([one, several].reverse());
  assert.deepEqual(places, [[10, 10], [20, 10]]);
  assert.ok(Math.hypot(aside[0] - 10, aside[1] - 10) > 8);
  const [stack] = sceneOf([one, several]).groups(5);
  assert.deepEqual([stack.fan, stack.members.length], [false, 2], "a feature counts once, however near its places are");
  assert.deepEqual(sceneOf([several]).groups(5), []);
});

test("a feature of several places in a stack is picked there once", () => {
  globalThis.document = { createElement: () => ({ getContext: () => null }) };
  const scene = sceneOf([[[40960, 40960]], [[40960, 40960], [41000, 40960], [90000, 40960]]]);
  assert.deepEqual(pickAt(scene, 5, [1.25], 1.25).map(({ feature }) => feature), [1, 0]);
});

test("fans and stacks hold what the filters leave, alone on its place a point stands where it belongs", () => {
  const place = [[40960, 40960]], points = [place, place, place];
  const members = (zoom, ...hidden) => sceneOf(points, hidden).groups(zoom)
    .map((group) => group.members.map(({ feature }) => feature));
  for (const zoom of [5, 8]) {
    assert.deepEqual(members(zoom), [[0, 1, 2]]);
    assert.deepEqual(members(zoom, 1), [[0, 2]]);
    assert.deepEqual(members(zoom, 0, 1), []);
  }
});

test("a layer that is called as something that every object has is drawn in full", () => {
  assert.deepEqual(
    ["constructor", "__proto__", "l"].map((id) => sceneOf([[[0, 0]]], [], id).entries[0].opacity),
    [1, 1, 1],
  );
});
