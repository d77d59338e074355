import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { geodesicMetres, greatCircle } from "../../geo/page/data/geodesic.js";

// tests/test_distances.py holds these against pyproj.
const distances = JSON.parse(readFileSync(new URL("distances.json", import.meta.url), "utf8"));
const isNear = (found, expected, part = 1e-6) => Math.abs(found - expected) <= Math.max(expected * part, 0.001);

for (const { name, from, to, metres } of distances) {
  test(`the distance ${name} is that of pyproj, both ways`, () => {
    assert.ok(isNear(geodesicMetres(from, to), metres), `${geodesicMetres(from, to)} is not ${metres}`);
    assert.ok(isNear(geodesicMetres(to, from), metres));
  });
}

test("a great circle has a place for every degree and both its ends", () => {
  const line = greatCircle([42.8746, 74.5698], [40.9769, 28.8146]);
  assert.deepEqual([line[0], line.at(-1)], [[42.8746, 74.5698], [40.9769, 28.8146]]);
  assert.equal(line.length, 35); // 33.1 degrees of arc
  assert.ok(Math.max(...line.map(([lat]) => lat)) > 44, "it bends towards the pole");
});

test("the places of a great circle lie on it: their distances add up to the whole", () => {
  const line = greatCircle([42.8746, 74.5698], [25.25, 55.36]);
  const parts = line.slice(1).map((place, at) => geodesicMetres(line[at], place));
  const whole = geodesicMetres(line[0], line.at(-1));
  assert.ok(isNear(parts.reduce((sum, metres) => sum + metres), whole, 1e-5));
});

test("a line across the antimeridian runs on instead of jumping back", () => {
  const longitudes = greatCircle([-18.1, 178.4], [-13.8, -171.8]).map(([, lon]) => lon);
  assert.ok(longitudes.every((lon, at) => at === 0 || (lon > longitudes[at - 1] && lon - longitudes[at - 1] < 2)));
  assert.ok(isNear(longitudes.at(-1), 188.2));
});

test("from a place to itself is a line of no length", () => {
  assert.deepEqual(greatCircle([42.87, 74.57], [42.87, 74.57]), [[42.87, 74.57], [42.87, 74.57]]);
});
