import assert from "node:assert/strict";
import { test } from "node:test";

import { arrangePoints, withCounts } from "../../geo/page/draw/arrange.js";

const at = (x, y, name, radius = 7) => ({ x, y, radius, name });
const names = ({ members }) => members.map(({ name }) => name);

test("points that are apart stay where they are", () => {
  assert.deepEqual(arrangePoints([at(0, 0, "Kant"), at(40, 0, "Manas")], 9), []);
});

test("a base and an airport on one place stand beside it, each with its place", () => {
  const [group, ...others] = arrangePoints([at(100, 50, "airport"), at(300, 50, "far"), at(100, 50, "base")], 9);
  assert.equal(others.length, 0);
  assert.ok(group.fan);
  assert.deepEqual(names(group), ["airport", "base"]);
  const [airport, base] = group.members;
  assert.ok(Math.hypot(airport.x - base.x, airport.y - base.y) >= 14, "their symbols do not touch");
  assert.deepEqual([base.placeX, base.placeY], [100, 50]);
});

test("a fan opens around what stays; where nothing else is there it is a stack", () => {
  const stays = { ...at(0, 0, "meeting"), stays: true };
  const [fan] = arrangePoints([at(0, 0, "base"), stays], 9);
  assert.deepEqual([fan.fan, names(fan)], [true, ["base"]]);
  const [stack] = arrangePoints([stays, { ...stays, name: "treaty" }], 9);
  assert.deepEqual([stack.fan, names(stack)], [false, ["meeting", "treaty"]]);
});

test("fans keep the bearings of their places", () => {
  const [{ members }] = arrangePoints([at(2, 0, "east"), at(-2, 0, "west")], 9);
  const [east, west] = members;
  assert.ok(east.x > west.x);
});

test("no symbols of a fan touch, up to the largest one", () => {
  for (let n = 2; n <= 9; n++) {
    const [{ fan, members }] = arrangePoints(Array.from({ length: n }, (_, i) => at(0, 0, i)), 9);
    assert.ok(fan);
    for (const a of members) {
      for (const b of members) assert.ok(a === b || Math.hypot(a.x - b.x, a.y - b.y) > 13.9, `${n}`);
    }
  }
});

test("zoomed out, or when they are many, they are stacked under the topmost", () => {
  const [stack] = arrangePoints([at(0, 0, "lower"), at(1, 1, "upper")], 5);
  assert.deepEqual([stack.fan, names(stack), stack.x, stack.y], [false, ["lower", "upper"], 1, 1]);
  const [many] = arrangePoints(Array.from({ length: 10 }, (_, i) => at(0, 0, i)), 12);
  assert.deepEqual([many.fan, many.members.length], [false, 10]);
});

test("of thousands none that stays hides another, each in a stack is hidden by its topmost, below zero too", () => {
  let seed = 1;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const points = Array.from(
    { length: 3000 }, (_, i) => at(random() * 600 - 300, random() * 400 - 200, i, 3 + random() * 5),
  );
  const stacks = arrangePoints(points, 5), stacked = new Set(stacks.flatMap(names));
  const hides = (a, b) => Math.hypot(a.x - b.x, a.y - b.y) < (a.radius + b.radius) * 0.42;
  const tops = [
    ...stacks.map(({ members }) => points[members.at(-1).name]), ...points.filter(({ name }) => !stacked.has(name)),
  ];
  assert.ok(stacks.length > 100 && tops.length > 500);
  assert.equal(tops.flatMap((a, i) => tops.slice(i + 1).filter((b) => hides(a, b))).length, 0);
  for (const { members } of stacks) {
    const [top, ...others] = members.map(({ name }) => points[name]).reverse();
    assert.ok(others.every((other) => hides(top, other)));
  }
});

test("of numbers that would lie over each other that of the largest stack is shown, of others each", () => {
  const stack = (x, n) => ({ fan: false, x, y: 0, members: Array.from({ length: n }, () => ({ radius: 5 })) });
  const fan = { fan: true, x: 0, y: 0, members: [{ radius: 5 }, { radius: 5 }] };
  const counts = withCounts([stack(0, 3), stack(8, 12), stack(16, 2), stack(40, 2), fan]).map(({ count }) => count);
  assert.deepEqual(counts, [null, [17, -6], null, [49, -6], null]);
});
