// The one layer of tiles, filled by paint.js.

import { paintView } from "./paint.js";

const TILE_OPTIONS = {
  size: 512,    // px: the side of a tile
  frameMs: 12,  // painting in one frame at most; the tiles left over follow in the next
  paneZ: 410,   // over Leaflet's own overlays (400), under its markers (600)
};

// repaint() paints the tiles again in place; settled() is a promise that all of them are painted.
export function createTiles(L, map, scene) {
  const { size, frameMs, paneZ } = TILE_OPTIONS;
  const ratio = Math.min(window.devicePixelRatio || 1, 3);
  const tiles = new Map(), waiting = new Set(), tellSettled = [];
  let frame = 0;

  function paint({ ctx, x, y, z }) {
    const world = 256 * 2 ** z, left = x * size - Math.floor((x * size) / world) * world; // the world repeats
    paintView(scene, ctx, { zoom: z, x: left, y: y * size, width: size, height: size, ratio });
    // The browser puts drawing off until the pixels are asked for; asked here, frameMs counts what it takes.
    ctx.getImageData(0, 0, 1, 1);
  }

  // Paint what waits, for a part of a frame; the rest goes on in the next.
  function work() {
    frame = 0;
    const until = performance.now() + frameMs;
    for (const tile of waiting) {
      if (performance.now() > until) break;
      waiting.delete(tile);
      paint(tile);
      tile.done?.(null, tile.ctx.canvas);
      tile.done = null;
    }
    if (waiting.size) frame = requestAnimationFrame(work);
    else for (const tell of tellSettled.splice(0)) tell();
  }

  const Tiles = L.GridLayer.extend({
    createTile({ x, y, z }, done) {
      const ctx = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
      ctx.canvas.width = ctx.canvas.height = Math.round(size * ratio);
      const tile = { ctx, x, y, z, done };
      tiles.set(ctx.canvas, tile);
      waiting.add(tile);
      // Leaflet asks for all tiles of a view in one go: they are painted together, after the last.
      if (!frame) queueMicrotask(work);
      frame ||= -1;
      return ctx.canvas;
    },
  });
  const pane = map.getPane("geo-data") ?? map.createPane("geo-data");
  Object.assign(pane.style, { zIndex: paneZ, pointerEvents: "none" });
  // No tiles around the view: what is kept would have to be painted again at each change.
  const layer = new Tiles({ pane: "geo-data", tileSize: size, keepBuffer: 0, updateWhenZooming: false });
  layer.on("tileunload", ({ tile }) => {
    waiting.delete(tiles.get(tile));
    tiles.delete(tile);
  });
  layer.addTo(map);
  return {
    repaint() {
      for (const tile of tiles.values()) waiting.add(tile);
      work();
    },
    settled: () => new Promise((resolve) => (waiting.size ? tellSettled.push(resolve) : resolve())),
    destroy: () => layer.remove(),
  };
}
