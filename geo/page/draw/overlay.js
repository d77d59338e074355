// What changes with every move of the pointer: rings around hovered and selected features on one canvas of the view,
// and the tooltip.

import { POINT_KIND } from "../data/model.js";
import { element, fill } from "../elements/dom.js";
import { datesText, layerTitle, nameOf } from "../words/names.js";
import { currentLanguage } from "../words/texts.js";
import { paintRings } from "./paint.js";
import { eachPlace, isShown, kindOf } from "./scene.js";
import { createViewCanvas } from "./viewcanvas.js";

const OVERLAY_OPTIONS = {
  margin: 96,       // px that the canvas reaches beyond the view, to be seen while the map is dragged
  select: [4.5, 3], // px from a selected feature's edge: the halo and the ring in it
  hover: [3, 1.5],
  area: [3, 1.5],   // more would hide how a border is dashed
  alsoMost: 3,      // names of further features in a tooltip
  paneZ: 430,       // over the data (410), under the names (450)
};

export function createOverlay(map, scene) {
  const canvas = createViewCanvas(map, { pane: "geo-overlay", ...OVERLAY_OPTIONS });
  let isEmpty = true;

  function draw() {
    const { palette, store } = scene;
    const { hover, selection } = store.state;
    const marks = [[hover, OVERLAY_OPTIONS.hover, palette.hover], [selection, OVERLAY_OPTIONS.select, palette.select]]
      .filter(([mark]) => mark && isShown(scene.entryOf(mark.layer), mark.feature));
    if (!marks.length && isEmpty) return;
    isEmpty = !marks.length;
    const { area } = OVERLAY_OPTIONS;
    canvas.draw((view) => {
      for (const [mark, reach, color] of marks) paintRings(scene, canvas.ctx, view, mark, color, reach, area);
    });
  }

  map.on("moveend", draw); // another size of the map ends with a move, too
  return { draw };
}

// A small box beside a point of the container: name, layer and dates of the first hit, the names of the others.
export function createTooltip(map, scene) {
  const box = element("div.geo-tooltip", { hidden: true, "aria-hidden": "true" });
  map.getContainer().append(box);
  const nameLine = ({ layer, feature }, name) => {
    const { text, language } = nameOf(scene.page, scene.entryOf(layer).layer, feature);
    return element(`div.${name}`, { lang: language }, text);
  };
  let said = "", width = 0, height = 0; // what the box says, and its size then

  function write([first, ...others]) {
    const { layer } = scene.entryOf(first.layer);
    const about = [layerTitle(layer), datesText(layer, first.feature)].filter(Boolean).join(" · ");
    const also = others.slice(0, OVERLAY_OPTIONS.alsoMost), more = others.length - also.length;
    fill(
      box, nameLine(first, "geo-tooltip-name"), element("div.geo-tooltip-layer", about),
      also.map((hit) => nameLine(hit, "geo-tooltip-also")),
      more > 0 && element("div.geo-tooltip-also", `+${more}`),
    );
  }

  return {
    show(hits, { x, y }) {
      const wanted = [currentLanguage(), ...hits.map(({ layer, feature }) => `${layer} ${feature}`)].join();
      box.hidden = false;
      // The pointer moves over a feature for many frames; to measure the box takes the layout of the page.
      if (wanted !== said) {
        write(hits);
        said = wanted;
        ({ offsetWidth: width, offsetHeight: height } = box);
      }
      const size = map.getSize(), gap = 14;
      const left = x + gap + width > size.x ? x - gap - width : x + gap;
      const top = Math.max(4, Math.min(y - height / 2, size.y - height - 4));
      box.style.transform = `translate(${Math.max(4, Math.round(left))}px, ${Math.round(top)}px)`;
    },
    hide: () => { box.hidden = true; },
  };
}

// Where a feature is drawn, as one point of the view: its symbol, or the middle of what is seen of a line or area.
export function anchorOf(scene, view, entry, i) {
  let found = null;
  if (kindOf(entry.layer, i) === POINT_KIND) eachPlace(scene, view, entry, i, (x, y) => { found ??= { x, y }; });
  const seen = (value, start, length) => Math.max(0, Math.min(length, value * view.scale - start)) / 2;
  const { west, north, east, south } = entry.bounds;
  return found ?? {
    x: seen(west(i), view.x, view.width) + seen(east(i), view.x, view.width),
    y: seen(north(i), view.y, view.height) + seen(south(i), view.y, view.height),
  };
}
