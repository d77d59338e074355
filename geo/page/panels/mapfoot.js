// Along the foot of the map: the scale, and whose data the map is drawn from.

import { scaled } from "../draw/scene.js";
import { element, fill, writeFitting } from "../elements/dom.js";
import { attributionText, creditsOf, shortCredit } from "../words/credits.js";
import { distanceText, scaleAt } from "../words/distances.js";
import { t } from "../words/texts.js";

const TEXT_PX = 16; // as browsers have it unless their reader chose otherwise

// The map draws symbols smaller from afar, and on paper: so does the legend where it explains sizes.
export function sizeLegend(zoom, onPaper = 1) {
  document.documentElement.style.setProperty("--geo-drawn", scaled({ zoom }).factor * onPaper);
}

export function createMapFoot(store, map, slot, openCredits) {
  const bar = element("span.geo-scale"), credit = element("button.geo-credit", { onclick: openCredits });
  let names = []; // of what is credited
  fill(slot, bar, credit);
  new ResizeObserver(writeCredit).observe(slot);

  function writeCredit() {
    writeFitting(credit, names.length, (n) => {
      const more = n < names.length ? [t("and_more", { n: names.length - n })] : [];
      credit.textContent = [...names.slice(0, n), ...more].join(" · ") || t("about");
    });
  }

  function update() {
    const textPx = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const { metres, px } = scaleAt(map.getCenter().lat, map.getZoom(), textPx / TEXT_PX);
    sizeLegend(map.getZoom());
    bar.style.width = `${Math.round(px)}px`;
    bar.textContent = distanceText(metres);
    const named = creditsOf(store, shortCredit);
    if (named.join() === names?.join()) return;
    names = named;
    credit.title = attributionText(store);
    writeCredit();
  }

  function write() {
    names = null; // the words around them are of another language
    update();
  }

  return { write, update };
}
