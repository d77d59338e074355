"""Rivers that run in their valleys: coarse courses moved to where the elevation says the water is.

The source counts in steps of 1.5 km, so that at zoom 8 a river climbs over spurs. Each course is replaced by the
cheapest path beside it over the elevation grid, cheap being low against its surroundings and near the source's line.
"""

from __future__ import annotations

import heapq
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.basemap.relief import Grid, blur, crop

CORRIDOR_DEGREES = 0.075
NEIGHBOURHOOD_CELLS = 9
METRES_PER_COST = 12.0
"""A cell this much above the lowest one near by costs one cell's way more."""
STRAYING_COST = 0.9
"""What the way costs more at the edge of the corridor; decides in plains, where elevation says nothing."""
SMOOTH_CELLS = 2.2
STEPS = [(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)]


def follow_valleys(elevation: Grid, lines: list[Any]) -> list[Any]:
    """Give the lines (lon/lat) moved to the valleys; their ends stay where they are."""
    return [_follow(elevation, line) for line in lines]


def _follow(elevation: Grid, line: Any) -> Any:
    margin = CORRIDOR_DEGREES + 0.1
    west, south, east, north = line.bounds
    cells, lon, lat = crop(elevation, (west - margin, south - margin, east + margin, north + margin))
    relative = cells - _lowest_near(cells)
    columns, rows = np.meshgrid(lon, lat)
    shapely.prepare(line)
    distance = shapely.distance(line, shapely.points(columns, rows)) / CORRIDOR_DEGREES
    cost = 1.0 + relative / METRES_PER_COST + STRAYING_COST * distance**2
    cost[distance > 1] = np.inf
    ends = shapely.get_coordinates(line)[[0, -1]]
    start, goal = ((int(np.abs(lat - y).argmin()), int(np.abs(lon - x).argmin())) for x, y in ends)
    path = _cheapest_path(cost, start, goal)
    course = np.column_stack([lon[path[:, 1]], lat[path[:, 0]]]).astype(np.float32)
    smooth = blur(course, SMOOTH_CELLS, axis=0).astype(np.float64)
    smooth[[0, -1]] = ends
    return shapely.linestrings(smooth)


def _lowest_near(cells: Grid) -> Grid:
    reach = NEIGHBOURHOOD_CELLS
    lowest = cells
    for axis in (0, 1):
        padded = np.pad(lowest, [(reach, reach) if a == axis else (0, 0) for a in (0, 1)], mode="edge")
        length = lowest.shape[axis]
        shifted = (np.take(padded, range(k, k + length), axis=axis) for k in range(2 * reach + 1))
        lowest = np.minimum.reduce(list(shifted))
    return lowest


def _cheapest_path(cost: NDArray[np.float64], start: tuple[int, int], goal: tuple[int, int]) -> NDArray[np.int64]:
    """Dijkstra over the eight neighbours of each cell; infinite cells are closed."""
    best = {start: 0.0}
    came_from: dict[tuple[int, int], tuple[int, int]] = {}
    queue = [(0.0, start)]
    height, width = cost.shape
    while queue:
        so_far, cell = heapq.heappop(queue)
        if cell == goal:
            break
        if so_far > best[cell]:
            continue
        for down, right in STEPS:
            row, column = cell[0] + down, cell[1] + right
            if not (0 <= row < height and 0 <= column < width):
                continue
            total = so_far + float(cost[row, column]) * (1.4142 if down and right else 1.0)
            if total < best.get((row, column), np.inf):
                best[row, column] = total
                came_from[row, column] = cell
                heapq.heappush(queue, (total, (row, column)))
    path = [goal]
    while path[-1] != start:
        path.append(came_from[path[-1]])
    return np.array(path[::-1])
