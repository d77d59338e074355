// The one layer of tiles, filled by paint.js.

import { createPane, deviceRatio, exactGrid } from "./grid.js";
import { paintView } from "./paint.js";

const TILE_OPTIONS = {
  size: 512,    // px: the side of a tile
  openMs: 60,   // painting in one frame at most while the page opens; the tiles left over follow in the next
  frameMs: 12,  // the same after that
  changeMs: 30, // the same right after a change: tiles that follow each other look torn
  restMs: 200,  // what is not seen of the tiles is painted once nothing has changed for so long
  paneZ: 410,   // over Leaflet's own overlays (400), under its markers (600)
};

// Of a new view what is seen is painted first, 40 % of all, and the rest once the reader rests or moves the map.
// show() begins: a promise that all that is seen is painted; repaint() does so with the tiles in place.
export function createTiles(map, scene) {
  const { size, openMs, frameMs, changeMs, restMs, paneZ } = TILE_OPTIONS;
  // By canvas: {ctx, x, y, z, due, done}. What is due of a tile is what is "seen" of it, "all", the "rest" once the
  // reader rests, or "", nothing; done() tells Leaflet when it is painted for the first time.
  const tiles = new Map();
  let ratio = deviceRatio(), motion = ""; // or "pan" or "zoom"
  let isAsked = false, frame = 0, rest = 0; // work at the end of this task, in the next frame, at rest
  let tellShown = null;

  // [left, top, right, bottom] in px of the tile; in steps that fall on whole device pixels.
  function seenPart({ x, y, z }) {
    const { min, max } = map.getPixelBounds(), scale = map.getZoomScale(z), step = 16; // 1 but while the map zooms
    const within = (px, round) => Math.max(0, Math.min(size, round(px / step) * step));
    return [within(min.x * scale - x * size, Math.floor), within(min.y * scale - y * size, Math.floor),
      within(max.x * scale - x * size, Math.ceil), within(max.y * scale - y * size, Math.ceil)];
  }

  function paint({ ctx, x, y, z }, [left, top, right, bottom]) {
    const width = right - left, height = bottom - top;
    if (width <= 0 || height <= 0) return;
    paintView(scene, ctx, { zoom: z, x: x * size + left, y: y * size + top, left, top, width, height, ratio });
    // The browser puts drawing off until the pixels are asked for; asked here, frameMs counts what it takes.
    ctx.getImageData(0, 0, 1, 1);
  }

  // Paint what is due, for a part of a frame; what is left over follows in the next.
  function work(ms = tellShown ? openMs : frameMs) {
    cancelAnimationFrame(frame);
    clearTimeout(rest);
    frame = 0;
    isAsked = false;
    const until = performance.now() + ms;
    for (const tile of tiles.values()) {
      if (!tile.due || tile.due === "rest") continue;
      if (performance.now() > until) {
        frame = requestAnimationFrame(() => work());
        return;
      }
      const isPart = tile.due === "seen" && !(tile.done && motion); // a new tile is painted whole while the map moves
      paint(tile, isPart ? seenPart(tile) : [0, 0, size, size]);
      tile.due = isPart ? "rest" : "";
      tile.done?.(null, tile.ctx.canvas);
      tile.done = null;
    }
    tellShown?.();
    tellShown = null;
    restLater();
  }

  function restLater() {
    clearTimeout(rest);
    if ([...tiles.values()].some(({ due }) => due === "rest")) rest = setTimeout(paintRest, restMs);
  }

  function paintRest() {
    for (const tile of tiles.values()) if (tile.due && !tile.done) tile.due = "all";
    frame ||= requestAnimationFrame(() => work());
  }

  const Tiles = exactGrid({
    createTile({ x, y, z }, done) {
      const ctx = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
      ctx.canvas.width = ctx.canvas.height = Math.round(size * ratio);
      tiles.set(ctx.canvas, { ctx, x, y, z, due: "seen", done });
      // Leaflet asks for all tiles of a view in one go: they are painted together, after the last, and before what an
      // earlier change has left for the next frame.
      if (!isAsked) queueMicrotask(() => work());
      isAsked = true;
      return ctx.canvas;
    },
  });
  createPane(map, "geo-data", paneZ);
  // No tiles around the view: what is kept would have to be painted again at each change.
  const layer = new Tiles({ pane: "geo-data", tileSize: size, keepBuffer: 0, updateWhenZooming: false, noWrap: true });
  layer.on("tileunload", ({ tile }) => tiles.delete(tile));
  map.on({
    zoomstart() {
      motion = "zoom"; // these tiles are about to go
      clearTimeout(rest);
    },
    movestart() {
      motion ||= "pan";
      if (motion === "pan") paintRest();
    },
    moveend() {
      motion = "";
      restLater();
    },
    resize() {
      if (ratio === deviceRatio()) return paintRest();
      ratio = deviceRatio(); // the reader has made the page larger or smaller
      return layer.redraw();
    },
  });
  return {
    show: () => new Promise((resolve) => {
      tellShown = resolve;
      layer.addTo(map);
    }),
    repaint() {
      for (const tile of tiles.values()) tile.due = "seen";
      work(changeMs);
    },
  };
}
