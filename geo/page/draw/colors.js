// Colours as numbers.

// "#1a6fb0" to [26, 111, 176].
export function rgbOf(color) {
  const value = Number.parseInt(color.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

export function mixHex(from, to, share) {
  return `#${mixColors(rgbOf(from), rgbOf(to), share).map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

// Red, green and blue between two colours: `share` 0 is the first, 1 the second.
export function mixColors(from, to, share) {
  return from.map((value, k) => Math.round(value + (to[k] - value) * share));
}
