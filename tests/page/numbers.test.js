import assert from "node:assert/strict";
import { test } from "node:test";

import { firstAtLeast, roundBelow } from "../../geo/page/data/numbers.js";

test("the round number below another is 1, 2 or 5 times a power of ten", () => {
  assert.deepEqual([1, 1.9, 4.99, 5, 99, 0.0025, 1234567].map(roundBelow), [1, 1, 2, 5, 50, 0.002, 1000000]);
});

test("among rising numbers the first that is large enough is found, or the end", () => {
  assert.deepEqual([0, 3, 4, 9, 10].map((least) => firstAtLeast([1, 3, 3, 9], least, 0, 4)), [0, 1, 3, 3, 4]);
});
