// The relief: hill-shade and elevation come as grey pictures and are put together in the colours of a theme, so that
// light and dark are two lights on the same ground and not one inverted.

import { decodeBlob } from "../data/columns.js";
import { madeOnce } from "../data/once.js";
import { mixColors, rgbOf } from "./colors.js";
import { sheetContext } from "./still.js";

const RELIEF_OPTIONS = {
  bandRows: 96,      // rows coloured at a time; between bands the page may do something else
  smallest: 160,     // px: halved copies are kept down to this width
  rim: 3,            // px drawn beyond the view, so that neighbouring tiles blend alike at their edge
  calmFromZoom: 9,   // beyond this zoom the relief is drawn fainter, as its pixels grow ...
  calmer: 0.84,      // ... by this factor a zoom
};

// tint: [metres, colour] from low to high; shadow and light: colour, and how much of it full shade or light takes on.
const RELIEF_PALETTES = {
  light: {
    tint: [[0, "#dfe8d2"], [250, "#e8ecd8"], [700, "#efecd3"], [1300, "#efe3c4"], [2000, "#e5d1ab"], [2800, "#d9c19b"],
      [3500, "#d6c5ae"], [4300, "#ddd2c4"], [5200, "#e6ddd1"], [6500, "#ffffff"]],
    shadow: ["#3d3a5c", 0.7], light: ["#fffdf2", 0.6],
  },
  dark: {
    tint: [[0, "#1c2528"], [250, "#20292b"], [900, "#262c2b"], [1600, "#2d2d2b"], [2400, "#35322e"], [3200, "#3f3b37"],
      [4000, "#413f3d"], [5000, "#4a4847"], [6500, "#6f6e6e"]],
    shadow: ["#04060c", 0.85], light: ["#e9dcc4", 0.3],
  },
};

// head: {flat, top_m, elevation: {image, bounds}, areas: [{image, bounds, feather}]}: images as base64 data addresses,
// bounds in world units, metres = (code / 255) ** 2 * top_m, feather = px over which an area fades out in the west,
// north, east and south. Nothing is decoded before the first compose().
export function createRelief(head) {
  const composing = new Map(), themes = new Map();
  let pictures = null;

  async function color(theme) {
    pictures ??= Promise.all([head.elevation, ...head.areas].map(decodePicture));
    const [elevation, ...shades] = await pictures;
    const colors = reliefColors(RELIEF_PALETTES[theme], head);
    const areas = [];
    for (const shade of shades) {
      areas.push({ bounds: shade.bounds, copies: halvings(await colorArea(shade, elevation, colors)) });
    }
    themes.set(theme, areas);
  }

  return {
    // Colour the relief for a theme, in pieces, once; resolves when it can be shown.
    compose: (theme) => madeOnce(composing, theme, () => color(theme)),
    // Nothing before it is composed.
    paint(ctx, view, theme) {
      ctx.globalAlpha = RELIEF_OPTIONS.calmer ** Math.max(view.zoom - RELIEF_OPTIONS.calmFromZoom, 0);
      ctx.imageSmoothingQuality = "high";
      for (const area of themes.get(theme) ?? []) paintArea(ctx, view, area);
      ctx.globalAlpha = 1;
    },
  };
}

async function decodePicture({ image, ...about }) {
  const bytes = await decodeBlob({ gzip: false }, image.slice(image.indexOf(",") + 1));
  return { ...about, bitmap: await createImageBitmap(new Blob([bytes], { type: "image/webp" })) };
}

// The colour, as an ImageData has its pixels but without opacity, of each elevation code * 256 + grey of the shade.
export function reliefColors({ tint, shadow, light }, { flat, top_m: top }) {
  const colors = new Uint32Array(256 * 256);
  const [dark, bright] = [shadow, light].map(([color, most]) => [rgbOf(color), most]);
  for (let code = 0; code < 256; code++) {
    const ground = tintAt(tint, (code / 255) ** 2 * top);
    for (let grey = 0; grey < 256; grey++) {
      const [to, most] = grey < flat ? dark : bright;
      const [r, g, b] = mixColors(ground, to, most * (grey < flat ? 1 - grey / flat : (grey - flat) / (255 - flat)));
      colors[code * 256 + grey] = (b << 16) | (g << 8) | r;
    }
  }
  return colors;
}

function tintAt(tint, metres) {
  const above = tint.findIndex(([at]) => at > metres);
  if (above < 1) return rgbOf(tint.at(above)[1]);
  const [[low, from], [high, to]] = [tint[above - 1], tint[above]];
  return mixColors(rgbOf(from), rgbOf(to), (metres - low) / (high - low));
}

async function colorArea({ bitmap, bounds, feather: [west, north, east, south] }, elevation, colors) {
  const { width, height } = bitmap, rows = RELIEF_OPTIONS.bandRows;
  const ctx = sheetContext(width, height);
  const greys = sheetContext(width, rows, true), heights = sheetContext(width, rows, true);
  const scale = width / (bounds[2] - bounds[0]);
  const [left, top, right, bottom] = elevation.bounds.map((at, k) => (at - bounds[k % 2]) * scale);
  const fade = (at, length, before, after) => smoothStep((at + 0.5) / before) * smoothStep((length - at - 0.5) / after);
  const fadeX = Float32Array.from({ length: width }, (_, x) => fade(x, width, west, east));
  for (let start = 0; start < height; start += rows) {
    greys.drawImage(bitmap, 0, -start);
    heights.drawImage(elevation.bitmap, left, top - start, right - left, bottom - top);
    const band = greys.getImageData(0, 0, width, rows);
    const pixels = new Uint32Array(band.data.buffer);
    const codes = heights.getImageData(0, 0, width, rows).data;
    for (let y = 0, p = 0; y < rows; y++) {
      const opacity = 255 * fade(start + y, height, north, south);
      for (let x = 0; x < width; x++, p++) {
        pixels[p] = colors[(codes[p * 4] << 8) | (pixels[p] & 255)] | ((opacity * fadeX[x]) << 24);
      }
    }
    ctx.putImageData(band, 0, start);
    await new Promise((resume) => setTimeout(resume));
  }
  return ctx.canvas;
}

function smoothStep(share) {
  const t = Math.min(Math.max(share, 0), 1);
  return t * t * (3 - 2 * t);
}

// The picture and its halves: drawn at less than half its size, a picture loses pixels and glitters.
function halvings(canvas) {
  const copies = [canvas];
  for (let larger = canvas; larger.width / 2 >= RELIEF_OPTIONS.smallest; larger = copies.at(-1)) {
    const half = sheetContext(Math.ceil(larger.width / 2), Math.ceil(larger.height / 2));
    half.drawImage(larger, 0, 0, half.canvas.width, half.canvas.height);
    copies.push(half.canvas);
  }
  return copies;
}

function paintArea(ctx, { scale, ratio, x, y, width, height }, { bounds: [west, north, east, south], copies }) {
  const copy = copies.findLast((candidate) => candidate.width >= (east - west) * scale * ratio) ?? copies[0];
  const { rim } = RELIEF_OPTIONS;
  // Per axis: first pixel of the copy, number of pixels, and where they go.
  const cut = (start, length, low, high, pixels) => {
    const size = ((high - low) * scale) / pixels, origin = low * scale - start;
    const from = Math.max(0, Math.floor(-origin / size) - rim);
    const to = Math.min(pixels, Math.ceil((length - origin) / size) + rim);
    return [from, to - from, origin + from * size, (to - from) * size];
  };
  const [fromX, across, left, wide] = cut(x, width, west, east, copy.width);
  const [fromY, down, top, high] = cut(y, height, north, south, copy.height);
  if (across > 0 && down > 0) ctx.drawImage(copy, fromX, fromY, across, down, left, top, wide, high);
}
