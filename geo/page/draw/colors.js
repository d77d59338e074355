// Colours as numbers.

// "#1a6fb0" to [26, 111, 176].
export function rgbOf(color) {
  const value = Number.parseInt(color.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
