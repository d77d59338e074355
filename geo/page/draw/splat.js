// Many points of a layer as pixels: squares of their classes' colours, or, where these would lie over each other, a
// ramp of how many lie there, in the mix of their colours.

import { rgbOf } from "./colors.js";

const SPLAT_OPTIONS = {
  radiusPart: 0.4,   // a square's half side, in radii of the symbol ...
  radiusMost: 2.5,   // ... and px at most
  rampFrom: 3,       // times that the smallest squares would cover the ground where a ramp begins
  cellMost: 3,       // device pixels: the side that a large symbol covers in a ramp, a small one covers 1
  faintest: 0.5,     // opacity where one point lies in a ramp; it is full ...
  fullAt: 3,         // ... where so many times the mean lie
  keptMost: 2.4e6,   // device pixels whose memory is kept: a tile at three to one; a picture of the view may have more
};

// points: {each(plot), crowd: points in a square px, looks: [{color, size (px), opacity}]}; each calls plot(x, y, look,
// fade) in device pixels. Gives the pixels, alpha, blue, green, red. A million points in the view take 40 ms, as
// pictures 3 s.
export function splatPixels(width, height, ratio, { each, crowd, looks }) {
  const pixels = new Uint32Array(width * height);
  const { radiusPart, radiusMost, rampFrom } = SPLAT_OPTIONS;
  const reach = looks.map(({ size }) => Math.ceil(Math.min(size * radiusPart, radiusMost) * ratio));
  const isRamp = crowd * (2 * Math.min(...reach)) ** 2 > rampFrom * ratio ** 2;
  return (isRamp ? rampPixels : squarePixels)(pixels, width, height, { each, looks, reach, mean: crowd / ratio ** 2 });
}

function squarePixels(pixels, width, height, { each, looks, reach }) {
  const bgr = looks.map((look) => rgbOf(look.color).reduce((sum, part, at) => sum + (part << (8 * at)), 0));
  each((x, y, look, fade) => {
    const radius = reach[look], right = Math.min(width, x + radius), bottom = Math.min(height, y + radius);
    const left = Math.max(0, x - radius);
    const color = (bgr[look] + 0x1000000 * Math.round(255 * looks[look].opacity * fade)) >>> 0;
    for (let row = Math.max(0, y - radius); row < bottom; row++) {
      pixels.fill(color, row * width + left, row * width + Math.max(left, right));
    }
  });
  return pixels;
}

// For each pixel weight, red, green, blue, and the places of those that are not 0: kept and emptied one by one, as new
// memory, and a look at each pixel, take longer.
let kept = { sums: new Float32Array(0), filled: new Uint32Array(0) };

function memoryFor(n) {
  if (n <= kept.filled.length) return kept;
  const memory = { sums: new Float32Array(n * 4), filled: new Uint32Array(n) };
  if (n <= SPLAT_OPTIONS.keptMost) kept = memory;
  return memory;
}

function rampPixels(pixels, width, height, { each, looks, reach, mean }) {
  const { cellMost, faintest, fullAt } = SPLAT_OPTIONS;
  const least = Math.min(...reach);
  const sides = reach.map((radius) => Math.min(cellMost, radius - least + 1));
  const parts = looks.map(({ color }) => rgbOf(color));
  const { sums, filled } = memoryFor(pixels.length);
  let n = 0;
  each((x, y, look, fade) => {
    const side = sides[look], [red, green, blue] = parts[look];
    const left = x - (side >> 1), top = y - (side >> 1);
    const right = Math.min(width, left + side), bottom = Math.min(height, top + side);
    for (let row = Math.max(0, top); row < bottom; row++) {
      for (let column = Math.max(0, left); column < right; column++) {
        const at = (row * width + column) * 4;
        if (!sums[at]) filled[n++] = at;
        sums[at] += fade;
        sums[at + 1] += red * fade;
        sums[at + 2] += green * fade;
        sums[at + 3] += blue * fade;
      }
    }
  });
  const full = Math.log1p(Math.max(2, mean * fullAt)), { opacity } = looks[0];
  for (let k = 0; k < n; k++) {
    const at = filled[k], weight = sums[at];
    const alpha = 255 * opacity * Math.min(1, faintest + ((1 - faintest) * Math.log1p(weight)) / full);
    const red = sums[at + 1] / weight, green = sums[at + 2] / weight, blue = sums[at + 3] / weight;
    pixels[at / 4] = ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
    sums[at] = sums[at + 1] = sums[at + 2] = sums[at + 3] = 0;
  }
  return pixels;
}
