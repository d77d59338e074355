// The buttons over the map.

import { iconButton } from "../elements/controls.js";
import { element, fill } from "../elements/dom.js";
import { t } from "../words/texts.js";

// `groups`: [[[icon, key of its words, act], ...], ...]: one block of buttons each; a function in an entry's place makes its button.
export function createTools(slot, groups) {
  const button = (entry) => (typeof entry === "function" ? entry() : iconButton(entry[0], t(entry[1]), entry[2]));
  const block = (entries) => element("div.geo-tools-group", entries.map(button));
  return { write: () => fill(slot, groups.map(block)) };
}
