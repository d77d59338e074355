// The world repeats to the west and the east.

// The view once for each world that it shows a part of, x counted from that world's own edge.
export function worldsOf(view) {
  const world = worldSide(view), first = Math.floor(view.x / world), last = Math.floor((view.x + view.width) / world);
  return Array.from({ length: last - first + 1 }, (_, at) => ({ ...view, x: view.x - (first + at) * world }));
}

// The parts of a view that lie in one world each, on whole device pixels; `left` is where they begin on the canvas.
// With a reach, after them the strips of the next worlds into which what stands at a world's edge reaches: `isBeside`.
export function worldPieces(view, reach = 0) {
  const { width, ratio, left = 0 } = view, world = worldSide(view);
  const within = (px) => Math.max(0, Math.min(width, Math.round(px * ratio) / ratio));
  const worlds = worldsOf({ ...view, x: view.x - reach, width: width + 2 * reach });
  const piecesOf = (begin, end, about) => worlds.map(({ x, ...rest }) => {
    const from = within(begin - x - reach), to = within(end - x - reach);
    return { ...rest, ...about, x: x + reach + from, left: left + from, width: to - from };
  });
  const strips = [[-reach, 0], [world, world + reach]].flatMap((edges) => piecesOf(...edges, { isBeside: true }));
  return [...piecesOf(0, world), ...strips].filter((piece) => piece.width > 0);
}

// From one world to the next: whole device pixels, at half zooms less than the world is wide, so that no gap shows.
function worldSide({ zoom, ratio }) {
  return Math.floor(256 * 2 ** zoom * ratio) / ratio;
}

// A longitude on the world where it lies nearest to another one.
export function nearestLon(lon, near) {
  return lon + 360 * Math.round((near - lon) / 360);
}
