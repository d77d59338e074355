// What lies under the pointer: every feature there, topmost first.

import { AREA_KIND, POINT_KIND } from "../data/model.js";
import { eachInView, eachPoint, kindOf, scaled, styleOf } from "./scene.js";
import { linePath, traceArea } from "./shapes.js";

export const PICK_TOLERANCE_PX = { mouse: 3, pen: 6, touch: 14 };

const MIDDLE_PX = 4;
const ON_IT = 0, NEAR = 1, AREA = 2;
let pen = null; // a canvas is asked whether a path holds a point

// xs, y: a pixel at this zoom, x once for each world that is near there. Gives [{layer: id, feature}]: what the pointer
// is on, then what it is near, then areas; of points that are fanned out or stacked all, the one hit first.
export function pickAt(scene, zoom, xs, y, tolerance = PICK_TOLERANCE_PX.mouse) {
  pen ??= document.createElement("canvas").getContext("2d");
  const hits = [];
  const told = new Set();
  const add = ({ layer: { id, index } }, feature, tier) => {
    const key = index * 2 ** 32 + feature;
    if (told.has(key)) return; // with one of several places in a stack it is found there and by itself
    told.add(key);
    hits.push({ layer: id, feature, tier });
  };
  for (const x of xs) {
    const view = scaled({ zoom, x, y, width: 0, height: 0 });
    for (const { fan, members, ...middle } of scene.groups(zoom)) {
      // The middle of a fan is where its features are: there it is hit as well.
      const gapTo = (at) => Math.hypot(at.x - x, at.y - y) - (at.radius ?? MIDDLE_PX);
      const [inner, ...gaps] = [middle, ...members].map(gapTo);
      const least = Math.min(inner, ...gaps), tier = least <= 0 ? ON_IT : NEAR;
      if (least > tolerance) continue;
      const hit = members[fan ? gaps.indexOf(least) : -1] ?? members.at(-1);
      add(hit.entry, hit.feature, tier);
      for (const member of [...members].reverse()) if (member !== hit) add(member.entry, member.feature, tier);
    }
    for (const entry of [...scene.entries].reverse()) {
      const found = [];
      eachInView(entry, view, entry.margin + tolerance, (i) => {
        const hit = entry.moved.has(i) ? null : hitOf(entry, i, view, tolerance);
        if (hit) found.push({ i, ...hit });
      });
      for (const { i, tier } of found.reverse().sort((a, b) => a.gap - b.gap)) add(entry, i, tier);
    }
  }
  return hits.sort((a, b) => a.tier - b.tier).map(({ layer, feature }) => ({ layer, feature }));
}

// {tier, gap (px)} of a feature at the corner of the view; null where it is out of reach.
function hitOf(entry, i, view, tolerance) {
  const { layer } = entry, kind = kindOf(layer, i), { size, width } = styleOf(entry, i);
  if (kind === POINT_KIND) {
    let gap = Infinity;
    eachPoint(layer, i, (x, y) => {
      gap = Math.min(gap, Math.hypot(x * view.scale - view.x, y * view.scale - view.y) - size * view.factor);
    });
    return gap <= tolerance ? { tier: gap <= 0 ? ON_IT : NEAR, gap } : null;
  }
  if (kind === AREA_KIND) {
    const area = new Path2D();
    traceArea(area, layer.pool, layer.geometry[i], view, 2);
    return pen.isPointInPath(area, 0, 0, "evenodd") ? { tier: AREA, gap: 0 } : null;
  }
  const line = linePath(layer, i, view, { width: width * view.factor, pad: entry.margin + tolerance });
  const touches = (reach) => {
    pen.lineWidth = width * view.factor + 2 * reach;
    return pen.isPointInStroke(line, 0, 0);
  };
  if (touches(0)) return { tier: ON_IT, gap: 0 };
  return touches(tolerance) ? { tier: NEAR, gap: tolerance } : null;
}
