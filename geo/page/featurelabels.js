// Which features want their name on the map; where it fits is decided by labels.js.

import { localText, partRange, vertexRange } from "./model.js";
import { LINE_KIND, POINT_KIND, eachPoint, kindOf, scaleOfZoom, sizeFactor, styleOf } from "./scene.js";
import { currentLanguage } from "./texts.js";

const FEATURE_LABEL_OPTIONS = {
  fromZoom: 7,       // names of points and lines from here on ...
  fewFromZoom: 5,    // ... or from here on where few are shown
  few: 40,
  most: 3000,        // with more features than this shown none is named, and names do not keep clear of them
};

// [{x, y (world units), text ("" = a symbol that names keep clear of), priority, radius (px)}] for labels.js.
// Areas get no name: those of the countries are the basemap's.
export function featureLabels(scene, zoom) {
  const groups = scene.arrangement(zoom);
  const { selection } = scene.store.state;
  const scale = scaleOfZoom(zoom), factor = sizeFactor(zoom);
  const found = [];
  const add = (entry, i, x, y, radius, rank) => {
    const isSelected = selection?.layer === entry.layer.id && selection.feature === i;
    found.push({ x, y, radius, entry, feature: i, isSelected, priority: isSelected ? Infinity : radius + rank / 100 });
  };
  for (const [rank, entry] of scene.ordered.entries()) {
    const { layer, mask, moved } = entry;
    if (!entry.opacity) continue;
    for (let i = 0; i < layer.n; i++) {
      if (mask[i] || moved[i] || layer.geometry[i] < 0) continue;
      const kind = kindOf(layer, i);
      if (kind === POINT_KIND) eachPoint(layer, i, (x, y) => add(entry, i, x, y, styleOf(entry, i).size * factor, rank));
      else if (kind === LINE_KIND) add(entry, i, ...middleOf(layer, i), styleOf(entry, i).width, rank - scene.ordered.length * 100);
      if (found.length > FEATURE_LABEL_OPTIONS.most) return [];
    }
  }
  for (const { fan, members } of groups) {
    for (const { entry, feature, x, y } of fan ? members : members.slice(-1)) {
      add(entry, feature, x / scale, y / scale, styleOf(entry, feature).size * factor, scene.ordered.indexOf(entry));
    }
  }
  const { fromZoom, fewFromZoom, few } = FEATURE_LABEL_OPTIONS;
  const areNamed = zoom >= (found.length <= few ? fewFromZoom : fromZoom);
  return found.map(({ x, y, radius, entry, feature, isSelected, priority }) => ({
    x, y, radius, priority, text: areNamed || isSelected ? labelText(scene.page, entry.layer, feature) : "",
  }));
}

function labelText(page, layer, i) {
  const { label } = layer.head;
  return label ? localText(layer, label, i, currentLanguage(), page.languages).text : "";
}

// The vertex in the middle of a line's longest part.
function middleOf({ pool, geometry }, i) {
  const [from, to] = partRange(pool, geometry[i]);
  let longest = [0, 0];
  for (let part = from; part < to; part++) {
    const range = vertexRange(pool, part);
    if (range[1] - range[0] > longest[1] - longest[0]) longest = range;
  }
  const middle = (longest[0] + longest[1]) >> 1;
  return [pool.x[middle], pool.y[middle]];
}
