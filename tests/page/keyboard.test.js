import assert from "node:assert/strict";
import { test } from "node:test";

import { keyOf } from "../../geo/page/elements/keyboard.js";

test("on a keyboard of another script the keys are those that bear their letters on a Latin one", () => {
  const pressed = (key, code) => keyOf({ key, code });
  assert.equal(pressed("е", "KeyT"), "t");
  assert.equal(pressed("ъ", "BracketRight"), "]");
  assert.equal(pressed("ه", "BracketLeft"), "[");
  assert.equal(pressed("й", "KeyQ"), "й");
  assert.equal(pressed("z", "KeyT"), "z");
  assert.equal(pressed("ü", "BracketLeft"), "ü");
  assert.equal(pressed("/", "Backslash"), "/");
  assert.equal(pressed("Escape", "Escape"), "Escape");
});
