// Line icons of the interface, drawn on a 16 x 16 grid. Decoration: the button around one carries the words.

import { svgElement } from "./dom.js";

const ICON_PATHS = {
  close: "M4 4l8 8M12 4l-8 8",
  chevron: "M6 3.5L10.5 8 6 12.5",
  back: "M10 3.5L5.5 8l4.5 4.5",
  up: "M8 13V3.5M4 7.2L8 3.2l4 4",
  down: "M8 3v9.5M4 8.8l4 4 4-4",
  more: "M3 8h.01M8 8h.01M13 8h.01",
  search: "M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.4 10.4L14 14",
  layers: "M8 2l6 3.2-6 3.2-6-3.2zM2.6 8.4L8 11.2l5.4-2.8M2.6 11.3L8 14l5.4-2.7",
  story: "M8 4.3C6.4 3.1 4.4 2.8 2 3v9.3c2.4-.2 4.4.1 6 1.2 1.6-1.1 3.6-1.4 6-1.2V3c-2.4-.2-4.4.1-6 1.3zM8 4.3v9",
  filters: "M2 4h12M4.5 8h7M6.5 12h3",
  time: "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM8 4.8V8l2.3 1.6",
  table: "M2 3h12v10H2zM2 6.5h12M2 9.8h12M6.5 6.5V13",
  menu: "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
  play: "M5 3l8 5-8 5z",
  pause: "M5.5 3v10M10.5 3v10",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
  link: "M6.8 9.2l2.4-2.4M7.6 4.7l1.5-1.5a2.6 2.6 0 0 1 3.7 3.7l-1.5 1.5M8.4 11.3l-1.5 1.5a2.6 2.6 0 0 1-3.7-3.7l1.5-1.5",
  quote: "M6.5 4.5C4 5.3 3 7 3 9.3v2.2h3.3V8.2H4.8M13 4.5c-2.5.8-3.5 2.5-3.5 4.8v2.2h3.3V8.2h-1.5",
  zoom: "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10M8 8h.01",
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  globe: "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM2 8h12M8 2c2 1.6 3 3.6 3 6s-1 4.4-3 6c-2-1.6-3-3.6-3-6s1-4.4 3-6z",
  contrast: "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM8 2v12M8 5h3.5M8 8h4.5M8 11h3.5",
  home: "M2.5 7.5L8 2.8l5.5 4.7M4 6.5v7h8v-7",
  download: "M8 2.5V10M4.8 7L8 10.2 11.2 7M3 13.5h10",
  picture: "M2 3h12v10H2zM2 11l3.5-4 3 3.2L11 8l3 3M10.5 5.8h.01",
  print: "M4.5 6V2.5h7V6M4.5 11.5H2.5V6h11v5.5h-2M4.5 9.5h7v4h-7z",
  measure: "M2 10.5L10.5 2 14 5.5 5.5 14zM5 7.5L6.5 9M7.5 5L9 6.5",
};

export function icon(name) {
  return svgElement("svg", { class: `geo-icon geo-icon-${name}`, viewBox: "0 0 16 16", "aria-hidden": "true" },
    svgElement("path", { d: ICON_PATHS[name] }));
}
