import assert from "node:assert/strict";
import { test } from "node:test";

import { scaled } from "../../geo/page/scene.js";

test("a view shows the vertices of its zoom, of the next at a half zoom, of more on a dense screen", () => {
  const detail = (zoom, ratio) => scaled({ zoom, ratio }).detail;
  assert.deepEqual([detail(5, 1), detail(5.5, 1), detail(5, 2), detail(5.5, 3), detail(5)], [5, 6, 6, 8, 5]);
});
