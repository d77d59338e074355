// The buttons over the map: nearer, farther, the whole map, measuring, what can be taken away.

import { iconButton } from "../elements/controls.js";
import { element, fill, setAttributes } from "../elements/dom.js";
import { t } from "../words/texts.js";

// `measure`: the button that measures.
export function createTools(map, slot, { goHome, measure, share }, notices) {
  const nearer = iconButton("plus", "", () => map.zoomIn()), farther = iconButton("minus", "", () => map.zoomOut());
  const home = iconButton("home", "", goHome), take = iconButton("download", "", share);
  const words = [[nearer, "zoom_in"], [farther, "zoom_out"], [home, "home"], [take, "share"]];

  function write() {
    fill(slot, [[nearer, farther], [home, measure, take]].map((block) => element("div.geo-tools-group", block)));
    for (const [button, key] of words) setAttributes(button, { "aria-label": t(key), title: t(key) });
    update();
  }

  function update() {
    setAttributes(nearer, { "aria-disabled": map.getZoom() >= map.getMaxZoom() });
    setAttributes(farther, { "aria-disabled": map.getZoom() <= map.getMinZoom() });
  }

  map.on("zoomlevelschange", update);
  map.on("zoomend", () => {
    update();
    // By a button here, or by + and - on the map; what else zooms says what it goes to.
    const { activeElement } = document;
    const isHere = slot.contains(activeElement) || activeElement === map.getContainer();
    if (isHere) notices.say(t("zoom_now", { n: map.getZoom() }));
  });

  return { write };
}
