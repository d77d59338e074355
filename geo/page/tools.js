// The buttons over the map.

import { iconButton } from "./controls.js";
import { element, fill } from "./dom.js";
import { t } from "./texts.js";

// `groups`: [[[icon, key of its words, act], ...], ...]: one block of buttons each.
export function createTools(slot, groups) {
  const block = (buttons) => element("div.geo-tools-group", buttons.map(([name, key, act]) => iconButton(name, t(key), act)));
  return { write: () => fill(slot, groups.map(block)) };
}
