// Along the foot of the map: the scale, and whose data the map is drawn from.

import { EQUATOR_M } from "../data/geodesic.js";
import { roundBelow } from "../data/numbers.js";
import { scaled } from "../draw/scene.js";
import { element, fill, writeFitting } from "../elements/dom.js";
import { shownLayers } from "../state/store.js";
import { formatQuantity, pickText, t } from "../words/texts.js";

const SCALE_PX = 110; // the bar is at most this long

// The longest round distance that fits: {metres, px}.
export function scaleAt(latitude, zoom) {
  const metresPerPx = (2 * Math.PI * EQUATOR_M * Math.cos((latitude * Math.PI) / 180)) / (256 * 2 ** zoom);
  const metres = roundBelow(SCALE_PX * metresPerPx);
  return { metres, px: metres / metresPerPx };
}

export function distanceText(metres) {
  if (metres < 1000) return formatQuantity(metres, t("unit_m"), 0);
  return formatQuantity(metres / 1000, t("unit_km"), metres < 10_000 ? 1 : 0).replace(/[.,]0(?=\D)/, "");
}

// Credits of the atlas, each as `wordsOf` has it, and attributions of the layers that are on, once each.
function creditsOf(store, wordsOf) {
  const { basemap, head } = store.page;
  const credits = [...(basemap?.credits ?? []), ...head.atlas.credits].map(wordsOf);
  return [...new Set([...credits, ...shownLayers(store).map((layer) => pickText(layer.head.attribution))])].filter(Boolean);
}

const fullCredit = ({ title }) => pickText(title), shortCredit = (credit) => credit.short ?? fullCredit(credit);

export function attributionText(store) {
  return creditsOf(store, fullCredit).join("; ");
}

// The map draws symbols smaller from afar, and on paper: so does the legend where it explains sizes.
export function sizeLegend(zoom, onPaper = 1) {
  document.documentElement.style.setProperty("--geo-drawn", scaled({ zoom }).factor * onPaper);
}

export function createMapFoot(store, map, slot, openCredits) {
  const bar = element("span.geo-scale"), credit = element("button.geo-credit", { onclick: openCredits });
  let names = []; // of what is credited
  fill(slot, bar, credit);
  new ResizeObserver(writeCredit).observe(slot);

  // As many names as there is room for, and how many more a press shows.
  function writeCredit() {
    writeFitting(credit, names.length, (n) => {
      const more = n < names.length ? [t("and_more", { n: names.length - n })] : [];
      credit.textContent = [...names.slice(0, n), ...more].join(" · ") || t("about");
    });
  }

  function update() {
    const { metres, px } = scaleAt(map.getCenter().lat, map.getZoom());
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
