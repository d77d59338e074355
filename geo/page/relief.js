// The relief: hill-shade and elevation come as grey pictures and are put together in the colours of a theme,
// so that light and dark are two lights on the same ground and not one inverted.

import { decodeBlob } from "./columns.js";

const RELIEF_OPTIONS = {
  bandRows: 96,      // rows coloured at a time; between bands the page may do something else
  smallest: 160,     // px: halved copies are kept down to this width
};

// tint: [metres, colour] from low to high; shadow and light: colour and how much of it full shade or light takes on.
export const RELIEF_PALETTES = {
  light: {
    tint: [[0, "#dfe8d2"], [250, "#e8ecd8"], [700, "#efecd3"], [1300, "#efe3c4"], [2000, "#e5d1ab"], [2800, "#d9c19b"],
      [3500, "#d6c5ae"], [4300, "#ddd2c4"], [5200, "#ece7e0"], [6500, "#ffffff"]],
    shadow: ["#3d3a5c", 0.7], light: ["#fffdf2", 0.6],
  },
  dark: {
    tint: [[0, "#1c2528"], [250, "#20292b"], [900, "#262c2b"], [1600, "#2d2d2b"], [2400, "#35322e"], [3200, "#3f3b37"],
      [4000, "#4b4846"], [5000, "#625f5e"], [6500, "#8b8a8a"]],
    shadow: ["#04060c", 0.85], light: ["#e9dcc4", 0.3],
  },
};

// head: {flat, top_m, elevation: {image, bounds}, areas: [{image, bounds, feather}]}: images as base64 data addresses,
// bounds in world units, feather the px over which an area fades out in the west, north,
// east and south; metres = (code / 255) ** 2 * top_m. Nothing is decoded before the first compose().
export function createRelief(head) {
  const themes = new Map();
  let pictures = null, shown = null;
  return {
    // Colour the relief for a theme, in pieces; resolves when it can be shown.
    async compose(theme) {
      if (!head || themes.has(theme)) return;
      pictures ??= Promise.all([head.elevation, ...head.areas].map(({ image }) => decodePicture(image)));
      const [elevation, ...shades] = await pictures;
      const colors = reliefColors(RELIEF_PALETTES[theme], head);
      const areas = [];
      for (const [k, area] of head.areas.entries()) {
        areas.push({ bounds: area.bounds, copies: halvings(await colorArea(shades[k], area, elevation, head.elevation.bounds, colors)) });
      }
      themes.set(theme, areas);
    },
    use(theme) {
      shown = themes.get(theme) ?? null;
    },
    paint(ctx, view) {
      for (const area of shown ?? []) paintArea(ctx, view, area);
    },
  };
}

async function decodePicture(address) {
  const bytes = await decodeBlob({ gzip: false }, address.slice(address.indexOf(",") + 1));
  return createImageBitmap(new Blob([bytes], { type: "image/webp" }));
}

// One colour for each pair of elevation code and grey of the shade, as the pixels of an ImageData have them.
export function reliefColors({ tint, shadow, light }, { flat, top_m: top }) {
  const colors = new Uint32Array(256 * 256);
  const stops = tint.map(([metres, color]) => [metres, rgbOf(color)]);
  const [dark, bright] = [shadow, light].map(([color, most]) => [rgbOf(color), most]);
  for (let code = 0; code < 256; code++) {
    const ground = tintAt(stops, (code / 255) ** 2 * top);
    for (let grey = 0; grey < 256; grey++) {
      const [to, most] = grey < flat ? dark : bright;
      const share = most * (grey < flat ? 1 - grey / flat : (grey - flat) / (255 - flat));
      const [r, g, b] = mixColors(ground, to, share);
      colors[code * 256 + grey] = (b << 16) | (g << 8) | r;
    }
  }
  return colors;
}

export function tintAt(stops, metres) {
  const above = stops.findIndex(([at]) => at > metres);
  if (above === 0) return stops[0][1];
  if (above < 0) return stops.at(-1)[1];
  const [low, from] = stops[above - 1], [high, to] = stops[above];
  return mixColors(from, to, (metres - low) / (high - low));
}

function mixColors(from, to, share) {
  return from.map((value, k) => Math.round(value + (to[k] - value) * share));
}

function rgbOf(color) {
  const value = Number.parseInt(color.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

async function colorArea(shade, { bounds, feather }, elevation, within, colors) {
  const { width, height } = shade;
  const canvas = sheet(width, height);
  const ctx = canvas.getContext("2d");
  const rows = RELIEF_OPTIONS.bandRows;
  const greys = sheet(width, rows).getContext("2d", { willReadFrequently: true });
  const heights = sheet(width, rows).getContext("2d", { willReadFrequently: true });
  const scale = width / (bounds[2] - bounds[0]);
  const [west, north, east, south] = feather;
  const fadeX = Float32Array.from({ length: width }, (_, x) => smoothStep((x + 0.5) / west) * smoothStep((width - x - 0.5) / east));
  for (let top = 0; top < height; top += rows) {
    greys.drawImage(shade, 0, -top);
    heights.drawImage(
      elevation, (within[0] - bounds[0]) * scale, (within[1] - bounds[1]) * scale - top,
      (within[2] - within[0]) * scale, (within[3] - within[1]) * scale,
    );
    const band = greys.getImageData(0, 0, width, rows);
    const pixels = new Uint32Array(band.data.buffer);
    const codes = new Uint32Array(heights.getImageData(0, 0, width, rows).data.buffer);
    for (let y = 0, p = 0; y < rows; y++) {
      const fade = 255 * smoothStep((top + y + 0.5) / north) * smoothStep((height - top - y - 0.5) / south);
      for (let x = 0; x < width; x++, p++) {
        pixels[p] = colors[((codes[p] & 255) << 8) | (pixels[p] & 255)] | ((fade * fadeX[x]) << 24);
      }
    }
    ctx.putImageData(band, 0, top);
    await new Promise((resume) => setTimeout(resume));
  }
  return canvas;
}

function smoothStep(share) {
  const t = Math.min(Math.max(share, 0), 1);
  return t * t * (3 - 2 * t);
}

// The picture and its halves: a canvas that shrinks a picture to less than half leaves out pixels.
function halvings(canvas) {
  const copies = [canvas];
  while (copies.at(-1).width / 2 >= RELIEF_OPTIONS.smallest) {
    const larger = copies.at(-1);
    const half = sheet(Math.ceil(larger.width / 2), Math.ceil(larger.height / 2));
    half.getContext("2d").drawImage(larger, 0, 0, half.width, half.height);
    copies.push(half);
  }
  return copies;
}

// Draw what lies in the view, with a rim of pixels around it: so neighbouring tiles blend alike at their edge.
function paintArea(ctx, view, { bounds, copies }) {
  const [west, north, east, south] = bounds;
  const wide = (east - west) * view.scale * view.ratio;
  const copy = copies.findLast((candidate) => candidate.width >= wide) ?? copies[0];
  const perUnitX = copy.width / (east - west), perUnitY = copy.height / (south - north);
  const left = Math.max(0, Math.floor((view.x / view.scale - west) * perUnitX) - 3);
  const top = Math.max(0, Math.floor((view.y / view.scale - north) * perUnitY) - 3);
  const right = Math.min(copy.width, Math.ceil(((view.x + view.width) / view.scale - west) * perUnitX) + 3);
  const bottom = Math.min(copy.height, Math.ceil(((view.y + view.height) / view.scale - north) * perUnitY) + 3);
  if (right <= left || bottom <= top) return;
  ctx.imageSmoothingQuality = "high";
  ctx.drawImage(
    copy, left, top, right - left, bottom - top,
    (west + left / perUnitX) * view.scale - view.x, (north + top / perUnitY) * view.scale - view.y,
    ((right - left) / perUnitX) * view.scale, ((bottom - top) / perUnitY) * view.scale,
  );
}

function sheet(width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  return canvas;
}
