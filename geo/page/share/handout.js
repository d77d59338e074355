// The story on paper: all its steps, each with a picture of the map.

import { AREA_KIND } from "../data/model.js";
import { worldsOf } from "../data/worlds.js";
import { paintMarked } from "../draw/paint.js";
import { isShown, kindOf, scaled } from "../draw/scene.js";
import { element, fill } from "../elements/dom.js";
import { stepBody, stepLine, storyTitle } from "../panels/story.js";
import { frameView, keptState, stepState } from "../state/steps.js";
import { pickText } from "../words/texts.js";
import { footLines, paintMap, paperCanvas } from "./picture.js";

// px; rings: around the selected feature, areaRings: around an area; onPaper: how large print.css shows it: names of 12 px come
// out as 7 pt. placesNearer: a map on paper has fewer px than on a screen, and names the places that are named so many zooms
// nearer.
const HANDOUT_PICTURE = { width: 427, height: 290, ratio: 2.25, rings: [6, 3], areaRings: [4, 2], onPaper: 0.75, placesNearer: 0.5 };

// Gives {fill(painters), clear}, at once: printing waits for nothing. The painters draw the map, bottom first.
export function createHandout(store, { scene }, host) {
  const { page } = store;
  const slot = element("section.geo-handout");
  host.append(slot);

  function article(step, painters) {
    store.set(stepState(page, step));
    const { zoom, canvas } = paintForPaper(painters, scene, step.view ?? page.head.map.bounds, HANDOUT_PICTURE);
    const content = element("article", paperCanvas(canvas), element("p", stepLine(page, step)), element("h2", pickText(step.title)), stepBody(store, step));
    content.style.setProperty("--geo-drawn", scaled({ zoom }).factor * HANDOUT_PICTURE.onPaper); // of its own view, not of the map's
    return content;
  }

  return {
    fill(painters) {
      const kept = keptState(store);
      const articles = page.steps.map((step) => article(step, painters));
      store.set(kept);
      const foot = footLines(store).slice(-2).map((words) => element("p", words));
      fill(slot, element("p", pickText(page.head.atlas.title)), element("h1", storyTitle(page)), articles, foot);
      host.classList.add("geo-handing-out");
    },
    clear() {
      host.classList.remove("geo-handing-out");
      fill(slot);
    },
  };
}

// What all painters draw where a view is seen whole in so many px, and the ring around the selected feature: {zoom, canvas}.
export function paintForPaper(painters, scene, seen, { width, height, ratio }) {
  const { zoom, x, y } = frameView(seen, width, height);
  const view = { zoom, x: x - width / 2, y: y - height / 2, width, height, placesZoom: zoom + HANDOUT_PICTURE.placesNearer };
  return { zoom, canvas: paintMap(withSelection(painters, scene), view, ratio) };
}

// The painters with that of the ring around the selected feature, which lies under the names, the last of them.
export function withSelection(painters, scene) {
  const at = Math.max(1, painters.length - 1); // the names are there once the basemap is
  return [...painters.slice(0, at), (ctx, view) => paintSelection(scene, ctx, view), ...painters.slice(at)];
}

function paintSelection(scene, ctx, view) {
  const { layer, feature } = scene.store.state.selection ?? {};
  const entry = layer && scene.entryOf(layer);
  if (!entry || !isShown(entry, feature)) return;
  ctx.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
  const [wide, narrow] = kindOf(entry.layer, feature) === AREA_KIND ? HANDOUT_PICTURE.areaRings : HANDOUT_PICTURE.rings;
  const rings = [[scene.palette.halo, wide], [scene.palette.select, narrow]];
  for (const world of worldsOf(scaled(view))) paintMarked(scene, ctx, world, entry, feature, rings);
}
