// A canvas over what the map shows and some px around it, to be seen while the map is dragged. While Leaflet zooms, the
// drawing grows with the map.

import { element } from "../elements/dom.js";
import { createPane, deviceRatio } from "./grid.js";
import { scaled } from "./scene.js";
import { showSheet } from "./still.js";

// What the container shows and `margin` px around it.
export function viewOf(map, { margin = 0, ratioMost } = {}) {
  const { min } = map.getPixelBounds(), { x: width, y: height } = map.getSize(), zoom = map.getZoom();
  const around = { x: min.x - margin, y: min.y - margin, width: width + 2 * margin, height: height + 2 * margin };
  return scaled({ zoom, ...around, ratio: deviceRatio(ratioMost) });
}

// Gives {ctx, draw(paint), moved()}: draw() puts the canvas over the view, with what paint(view) draws by ctx; moved()
// says by how many px the map has been moved since, 0 while it zooms.
export function createViewCanvas(map, { pane: name, paneZ, margin, ratioMost }) {
  const canvas = element("canvas.leaflet-zoom-animated", { "aria-hidden": "true" });
  createPane(map, name, paneZ).append(canvas);
  const sheet = new OffscreenCanvas(1, 1), ctx = sheet.getContext("2d");
  const corner = () => map.containerPointToLayerPoint([-margin, -margin]);
  const place = ({ x, y }, scale) => {
    canvas.style.transform = `translate(${x}px,${y}px) scale(${scale})`;
  };
  let drawn = null;
  map.on("zoomanim", ({ center, zoom }) => {
    if (drawn) place(map._latLngToNewLayerPoint(drawn.latlng, zoom, center), map.getZoomScale(zoom, drawn.zoom));
  });
  return {
    ctx,
    draw(paint) {
      const view = viewOf(map, { margin, ratioMost }), { zoom, width, height, ratio } = view;
      drawn = { zoom, at: corner(), latlng: map.containerPointToLatLng([-margin, -margin]) };
      Object.assign(sheet, { width: width * ratio, height: height * ratio });
      Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
      place(drawn.at, 1);
      ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
      paint(view);
      showSheet(canvas, sheet);
    },
    moved() {
      const { x, y } = corner();
      return drawn?.zoom === map.getZoom() ? Math.max(Math.abs(x - drawn.at.x), Math.abs(y - drawn.at.y)) : 0;
    },
  };
}
