// The bars of a small histogram, those of a range apart from the others.

import { fill, svgElement } from "./dom.js";

const GAP = 0.08; // between two bars, of their step

export function barsElement() {
  return svgElement("svg", { class: "geo-bars", preserveAspectRatio: "none", "aria-hidden": "true" });
}

// counts: one a bar; isInside(at) whether bar `at` belongs to the range.
export function drawBars(svg, counts, isInside) {
  const top = Math.max(1, ...counts);
  const path = (wanted) => Array.from(counts, (n, at) => (
    n && Boolean(isInside(at)) === wanted ? `M${at + GAP} ${top}v${-n}h${1 - 2 * GAP}v${n}z` : "")).join("");
  svg.setAttribute("viewBox", `0 0 ${counts.length} ${top}`);
  fill(svg, svgElement("path", { d: path(false) }), svgElement("path", { class: "geo-bars-inside", d: path(true) }));
}
