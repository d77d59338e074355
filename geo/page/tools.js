// The buttons over the map.

import { element, fill } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./texts.js";

// `groups`: [[{icon, key, act}, ...], ...]: one block of buttons each.
export function createTools(slot, groups) {
  return {
    write() {
      fill(slot, groups.map((buttons) => element("div", { class: "geo-tools-group" }, buttons.map(({ name, key, act }) => (
        element("button", { class: "geo-button", type: "button", "aria-label": t(key), title: t(key), onclick: act }, icon(name)))))));
    },
  };
}
