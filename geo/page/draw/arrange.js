// Points that hide each other: which ones, and where they are drawn instead. Numbers in, places out.

import { madeOnce } from "../data/once.js";

const ARRANGE_OPTIONS = {
  overlap: 0.42,    // two points hide each other when nearer than this part of their radii together
  fanFromZoom: 7,   // from here on they fan out; below they are stacked under their number
  fanMost: 9,       // more than this are a stack at any zoom
  gap: 3,           // px between the symbols of a fan
  leader: 7,        // px at least from the place to the edge of a symbol
  count: [6, 7, 12], // px of a stack's number: wide without digits, for each digit, high
};

// points: [{x, y, radius, stays}] in pixels, topmost last. Gives the groups of two and more that hide each other:
// [{fan: bool, x, y, members}], the members being points with their new x and y, and placeX, placeY where they belong;
// a fan opens around those that stay, and does not hold them. Each group gathers around its topmost point. By a grid of
// cells, of which a point has four within reach, 5,000 points take 3 ms.
export function arrangePoints(points, zoom) {
  const cell = 4 * ARRANGE_OPTIONS.overlap * points.reduce((most, { radius }) => Math.max(most, radius), 1);
  const cells = new Map(), groups = [];
  // A small whole number is found in a third of the time of a large one; two cells with the same do no harm.
  const keyOf = (column, row) => ((column * 4099) ^ row) & 0x3fffffff;
  let point = null;
  const hides = ([top]) => {
    const near = (top.radius + point.radius) * ARRANGE_OPTIONS.overlap, x = top.x - point.x, y = top.y - point.y;
    return x * x + y * y < near * near;
  };
  for (let n = points.length - 1; n >= 0; n--) {
    point = points[n];
    const right = Math.round(point.x / cell), below = Math.round(point.y / cell);
    let group = null;
    for (let at = 0; at < 4 && !group; at++) group = cells.get(keyOf(right - (at & 1), below - (at >> 1)))?.find(hides);
    if (group) group.push(point);
    else {
      groups.push([point]);
      madeOnce(cells, keyOf(Math.floor(point.x / cell), Math.floor(point.y / cell)), () => []).push(groups.at(-1));
    }
  }
  return groups.filter((members) => members.length > 1).reverse().map((members) => {
    const placed = members.reverse().map((point) => ({ ...point, placeX: point.x, placeY: point.y }));
    const movable = placed.filter(({ stays }) => !stays), { fanFromZoom, fanMost } = ARRANGE_OPTIONS;
    const isFan = zoom >= fanFromZoom && placed.length <= fanMost && movable.length > 0;
    if (isFan) return { ...fanOut(placed), members: movable };
    const { x, y } = placed.at(-1);
    return { fan: false, x, y, members: placed.map((member) => Object.assign(member, { x, y })) };
  });
}

// The same groups, each stack with the middle of its number, `count: [x, y]`; where numbers would lie over each other,
// that of the most points alone: the others would not be read, and part as the map comes nearer.
export function withCounts(groups) {
  const [bare, digit, high] = ARRANGE_OPTIONS.count;
  const spots = groups.map(({ fan, x, y, members }) => {
    const off = members.at(-1).radius * 0.8, n = members.length;
    return { x: x + off + 5, y: y - off - 2, n, wide: bare + digit * `${n}`.length, isCounted: !fan };
  });
  const counted = [];
  for (const spot of spots.filter(({ isCounted }) => isCounted).sort((a, b) => b.n - a.n)) {
    const { x, y, wide } = spot;
    spot.isCounted = counted.every((other) => (
      Math.abs(other.x - x) > (other.wide + wide) / 2 || Math.abs(other.y - y) > high));
    if (spot.isCounted) counted.push(spot);
  }
  return groups.map((group, at) => ({ ...group, count: spots[at].isCounted ? [spots[at].x, spots[at].y] : null }));
}

// In a ring around the middle of their places, in the order of their bearings from it.
function fanOut(members) {
  const count = members.length;
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / count;
  const x = mean(members.map((member) => member.placeX)), y = mean(members.map((member) => member.placeY));
  const radius = Math.max(...members.map((member) => member.radius));
  const reach = Math.max(((radius * 2 + ARRANGE_OPTIONS.gap) * count) / (2 * Math.PI), radius + ARRANGE_OPTIONS.leader);
  // On one and the same place the bearings are all 0: the order stays, and two stand beside each other.
  const isThere = ({ placeX, placeY }) => Math.hypot(placeX - x, placeY - y) < 0.75;
  const bearing = (member) => (isThere(member) ? -Math.PI : Math.atan2(member.placeY - y, member.placeX - x));
  const around = [...members].sort((a, b) => bearing(a) - bearing(b));
  around.forEach((member, at) => {
    const angle = bearing(around[0]) + (at / count) * 2 * Math.PI;
    Object.assign(member, { x: x + Math.cos(angle) * reach, y: y + Math.sin(angle) * reach });
  });
  return { fan: true, x, y, members };
}
