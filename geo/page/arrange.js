// Points that hide each other: which ones, and where to draw them instead. Pure: numbers in, places out.

const ARRANGE_OPTIONS = {
  overlap: 0.42,    // two points hide each other when nearer than this part of their radii together
  fanFromZoom: 7,   // from here on they fan out; below they are stacked under a count
  fanMost: 9,       // a fan of more than this is a stack as well
  gap: 3,           // px between the symbols of a fan
  leader: 7,        // px at least between the place and the edge of a symbol
};

// points: {n, x, y, radius} in pixels, topmost last. Gives the groups of two and more that hide each other:
// [{fan, x, y, reach, members: [{point, x, y}]}], members in the order of the points.
// Greedy around the topmost point of each group, by a grid: 5,000 points take about 1 ms.
export function arrangePoints(points, zoom) {
  const groups = [];
  for (const members of gather(points)) {
    if (members.length < 2) continue;
    members.reverse();
    const isFan = zoom >= ARRANGE_OPTIONS.fanFromZoom && members.length <= ARRANGE_OPTIONS.fanMost;
    groups.push(isFan ? fanOut(points, members) : stack(points, members));
  }
  return groups.reverse();
}

function gather({ n, x, y, radius }) {
  let largest = 1;
  for (let i = 0; i < n; i++) if (radius[i] > largest) largest = radius[i];
  const cell = 2 * largest * ARRANGE_OPTIONS.overlap;
  const grid = new Map();
  const groups = [];
  for (let i = n - 1; i >= 0; i--) {
    const column = Math.floor(x[i] / cell), row = Math.floor(y[i] / cell);
    let nearest = null, least = Infinity;
    for (let dx = -1; dx <= 1; dx++) {
      for (let dy = -1; dy <= 1; dy++) {
        for (const group of grid.get((column + dx) * 2 ** 26 + row + dy) ?? []) {
          const distance = Math.hypot(x[i] - x[group[0]], y[i] - y[group[0]]);
          if (distance < (radius[i] + radius[group[0]]) * ARRANGE_OPTIONS.overlap && distance < least) {
            nearest = group;
            least = distance;
          }
        }
      }
    }
    if (nearest) {
      nearest.push(i);
      continue;
    }
    const group = [i];
    groups.push(group);
    const key = column * 2 ** 26 + row;
    const there = grid.get(key);
    if (there) there.push(group);
    else grid.set(key, [group]);
  }
  return groups;
}

// Around the middle of the places, evenly, each as near to its own bearing as the order allows.
function fanOut({ x, y, radius }, members) {
  const count = members.length;
  const middleX = members.reduce((sum, i) => sum + x[i], 0) / count;
  const middleY = members.reduce((sum, i) => sum + y[i], 0) / count;
  const largest = Math.max(...members.map((i) => radius[i]));
  const around = ((largest * 2 + ARRANGE_OPTIONS.gap) * count) / (2 * Math.PI);
  const reach = Math.max(around, largest + ARRANGE_OPTIONS.leader);
  const bearings = members.map((point) => ({ point, angle: Math.atan2(y[point] - middleY, x[point] - middleX) }));
  const apart = bearings.some(({ point }) => Math.hypot(x[point] - middleX, y[point] - middleY) > 0.75);
  if (apart) bearings.sort((a, b) => a.angle - b.angle || a.point - b.point);
  const start = apart ? bearings[0].angle : count === 2 ? Math.PI : -Math.PI / 2;
  const placed = new Map(bearings.map(({ point }, at) => {
    const angle = start + (at / count) * 2 * Math.PI;
    return [point, { point, x: middleX + Math.cos(angle) * reach, y: middleY + Math.sin(angle) * reach }];
  }));
  return { fan: true, x: middleX, y: middleY, reach: reach + largest, members: members.map((point) => placed.get(point)) };
}

function stack({ x, y, radius }, members) {
  const top = members.at(-1);
  const places = members.map((point) => ({ point, x: x[top], y: y[top] }));
  return { fan: false, x: x[top], y: y[top], reach: radius[top] + 12, members: places };
}
