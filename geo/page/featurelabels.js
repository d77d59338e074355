// Which features want their name on the map; labels.js decides where one fits.

import { localText, partRange, vertexRange } from "./model.js";
import { LINE_KIND, POINT_KIND, eachPoint, isShown, kindOf, scaled, styleOf } from "./scene.js";

const FEATURE_LABEL_OPTIONS = {
  fromZoom: 7,       // points and lines are named from here on ...
  fewFromZoom: 5,    // ... or from here where few are shown
  few: 40,
  most: 3000,        // with more shown none is named, and other names do not keep clear of them
};

// [{x, y (world units), text ("": a symbol that names keep clear of), priority, radius (px)}].
// Areas are not named: the countries' names are the basemap's.
export function featureLabels(scene, zoom) {
  const { scale, factor } = scaled({ zoom });
  const { selection, language } = scene.store.state;
  const found = [];
  const groups = scene.groups(zoom);
  for (const [rank, entry] of scene.entries.entries()) {
    const { layer } = entry;
    for (let i = 0; i < layer.n && found.length <= FEATURE_LABEL_OPTIONS.most; i++) {
      if (!isShown(entry, i) || entry.moved.has(i)) continue;
      const kind = kindOf(layer, i), style = styleOf(entry, i);
      const symbol = { entry, i, radius: style.size * factor, priority: style.size + rank / 100 };
      if (kind === POINT_KIND) eachPoint(layer, i, (x, y) => found.push({ ...symbol, x, y }));
      if (kind === LINE_KIND) found.push({ entry, i, ...middleOf(layer, i), radius: style.width, priority: -1 });
    }
  }
  for (const { fan, members } of groups) {
    for (const { entry, feature, x, y, radius } of fan ? members : members.slice(-1)) {
      found.push({ entry, i: feature, x: x / scale, y: y / scale, radius, priority: radius });
    }
  }
  const { fromZoom, fewFromZoom, few, most } = FEATURE_LABEL_OPTIONS;
  if (found.length > most) return [];
  const areNamed = zoom >= (found.length <= few ? fewFromZoom : fromZoom);
  return found.map(({ entry: { layer }, i, priority, ...place }) => {
    const isSelected = selection?.layer === layer.id && selection.feature === i;
    const isNamed = (areNamed || isSelected) && layer.head.label;
    const text = isNamed ? localText(layer, layer.head.label, i, language, scene.page.languages).text : "";
    return { ...place, text, priority: isSelected ? Infinity : priority };
  });
}

// A place near the middle of a line's longest part, between two vertices: there, cities tend to be. Lines side by side
// are named one after the other.
function middleOf({ pool, geometry, lanes }, i) {
  let longest = [0, 0];
  for (let [part, end] = partRange(pool, geometry[i]); part < end; part++) {
    const range = vertexRange(pool, part);
    if (range[1] - range[0] > longest[1] - longest[0]) longest = range;
  }
  const steps = longest[1] - longest[0] - 1;
  const v = longest[0] + Math.max(0, Math.min(steps - 1, Math.floor(steps * (0.5 + 0.25 * (lanes?.[i] ?? 0)))));
  return { x: (pool.x[v] + pool.x[v + 1]) / 2, y: (pool.y[v] + pool.y[v + 1]) / 2 };
}
