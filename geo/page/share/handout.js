// The story on paper: all its steps, each with a picture of the map.

import { scaled } from "../draw/scene.js";
import { element, fill } from "../elements/dom.js";
import { stepBody, stepLine, storyTitle } from "../panels/story.js";
import { frameView, keptState, stepState } from "../state/steps.js";
import { textElement } from "../words/names.js";
import { paintMap, paperCanvas } from "./picture.js";
import { footLines } from "./seen.js";

// px; onPaper: how large print.css shows it: names of 12 px come out as 7 pt. placesNearer: a map on paper has fewer px
// than on a screen, and names the places that are named so many zooms nearer.
const HANDOUT_PICTURE = { width: 427, height: 290, ratio: 2.25, onPaper: 0.75, placesNearer: 0.5 };

// Gives {fill, clear}, at once: printing waits for nothing. painters: as mapPainters gives them.
export function createHandout(store, painters, host) {
  const { page } = store;
  const slot = element("section.geo-handout");
  host.append(slot);

  function article(step) {
    store.set(stepState(page, step));
    const { zoom, canvas } = paintForPaper(painters, step.view ?? page.head.map.bounds, HANDOUT_PICTURE);
    const content = element("article",
      paperCanvas(canvas),
      element("p", stepLine(page, step)),
      textElement("h2", step.title),
      stepBody(store, step));
    // Of its own view, not of the map's.
    content.style.setProperty("--geo-drawn", scaled({ zoom }).factor * HANDOUT_PICTURE.onPaper);
    return content;
  }

  return {
    fill() {
      const kept = keptState(store);
      const articles = page.steps.map(article);
      store.set(kept);
      const foot = footLines(store).slice(-2).map((words) => element("p", words));
      fill(slot, textElement("p", page.head.atlas.title), textElement("h1", storyTitle(page)), articles, foot);
      host.classList.add("geo-handing-out");
    },
    clear() {
      host.classList.remove("geo-handing-out");
      fill(slot);
    },
  };
}

// What all painters draw where a view is seen whole in so many px, under `covers`: {zoom, canvas}. Paper is light.
export function paintForPaper(painters, seen, { width, height, ratio, covers }) {
  const { zoom, x, y } = frameView(seen, width, height);
  const placesZoom = zoom + HANDOUT_PICTURE.placesNearer;
  const view = { zoom, x: x - width / 2, y: y - height / 2, width, height, theme: "light", placesZoom, covers };
  return { zoom, canvas: paintMap(painters, view, ratio) };
}
