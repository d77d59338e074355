"""From which zoom each vertex of a line or ring is drawn, so that a page draws no more of a shape than is seen of it.

Vertices go one after the other, the least first, as in Visvalingam's method; but a vertex counts by its distance from
the line that would take its place, not by the area between: a line that runs out and back has no area, and is seen.
Those within one zoom go in the order of a hash of their coordinates, so that neighbours lose the same vertices of the
border that they share, and all of them in a few rounds of numpy: no Python loop per feature or vertex.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.coordinates.mercator import WORLD_UNITS, Integers
from geo.model import MAX_ZOOM

TILE_PX = 256
"""Width of the world at zoom 0, as Leaflet has it."""
OFF_PX = 0.35
"""How far from the line a vertex lies at least where it is drawn, in pixels."""
DETAIL_ZOOM = MAX_ZOOM + 3
"""What is not to be seen at this zoom, eight times as close as maps go, is never drawn."""
NEVER = DETAIL_ZOOM + 1
PIECE = 2**17
"""About as many vertices at a time: what they need stays in the processor's cache, half the time for two million."""


def minimum_zooms(x: Integers, y: Integers, vertices: Integers, is_ring: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Give the zoom from which each vertex is drawn, `NEVER` for one that its neighbours make needless.

    `x`, `y` are in world units, `vertices` and `is_ring` as many as there are parts (`vertices.Split`). Ends of
    lines have zoom 0; of a ring the first vertex, and the one farthest from it.
    """
    ends = np.cumsum(vertices)
    cuts = np.unique(np.searchsorted(ends, np.arange(0, len(x) + PIECE, PIECE), side="right"))
    pieces = [slice(*cut) for cut in itertools.pairwise(cuts)]
    spans = [slice(ends[parts.start] - vertices[parts.start], ends[parts.stop - 1]) for parts in pieces]
    return np.concatenate(
        [np.zeros(0, dtype=np.uint8)]
        + [_zooms(x[at], y[at], vertices[parts], is_ring[parts]) for parts, at in zip(pieces, spans, strict=True)]
    )


def _zooms(x: Integers, y: Integers, vertices: Integers, is_ring: NDArray[np.bool_]) -> NDArray[np.uint8]:
    zooms = np.zeros(len(x), dtype=np.uint8)
    ends = np.cumsum(vertices)
    before, after = np.arange(-1, len(x) - 1), np.arange(1, len(x) + 1)
    before[(ends - vertices)[is_ring]] = ends[is_ring] - 1
    after[ends[is_ring] - 1] = (ends - vertices)[is_ring]
    is_kept = _kept(x, y, vertices, is_ring)
    off = np.full(len(x), np.inf)
    loose = np.flatnonzero(~is_kept)
    off[loose] = _squared_distance(x, y, before[loose], loose, after[loose])
    turn = _turns(x, y)
    for zoom in range(DETAIL_ZOOM, -1, -1):
        limit = (OFF_PX * WORLD_UNITS / (TILE_PX * 2**zoom)) ** 2
        while len(few := np.flatnonzero(off < limit)):
            # Of two that are next to each other one goes, and the other's distance is measured anew.
            low, high = before[few], after[few]
            goes = ((turn[few] < turn[low]) | (off[low] >= limit)) & ((turn[few] < turn[high]) | (off[high] >= limit))
            gone, low, high = few[goes], low[goes], high[goes]
            zooms[gone] = zoom + 1
            off[gone] = np.inf
            after[low], before[high] = high, low
            beside = np.concatenate([low, high])
            beside = beside[~is_kept[beside]]
            off[beside] = _squared_distance(x, y, before[beside], beside, after[beside])
    return zooms


def _kept(x: Integers, y: Integers, vertices: Integers, is_ring: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which vertices are drawn at every zoom."""
    starts, part = np.cumsum(vertices) - vertices, np.repeat(np.arange(len(vertices)), vertices)
    kept = np.zeros(len(x), dtype=np.bool_)
    kept[starts] = True
    kept[(starts + vertices - 1)[~is_ring]] = True
    squared = (x - x[starts][part]) ** 2 + (y - y[starts][part]) ** 2
    far = np.flatnonzero(squared == np.maximum.reduceat(squared, starts)[part])
    first = far[np.unique(part[far], return_index=True)[1]]
    kept[first[is_ring]] = True
    return kept


def _squared_distance(x: Integers, y: Integers, start: Integers, at: Integers, end: Integers) -> NDArray[Any]:
    """Of vertices `at`, from the line between two others, its ends included."""
    along_x, along_y = x[end] - x[start], y[end] - y[start]
    to_x, to_y = x[at] - x[start], y[at] - y[start]
    length = along_x * along_x + along_y * along_y
    share = np.clip((to_x * along_x + to_y * along_y) / np.maximum(length, 1), 0, 1)
    return np.asarray((to_x - share * along_x) ** 2 + (to_y - share * along_y) ** 2)


def _turns(x: Integers, y: Integers) -> NDArray[np.uint64]:
    """A number for each vertex, as good as random and of its coordinates alone, but where several are one."""
    mixed = x.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) ^ y.astype(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F)
    mixed = (mixed ^ mixed >> np.uint64(29)) * np.uint64(0xBF58476D1CE4E5B9) & np.uint64(0xFFFFFFFF00000000)
    place = np.arange(len(x), dtype=np.uint64) * np.uint64(0x9E3779B1) & np.uint64(0xFFFFFFFF)
    return np.asarray(mixed | place)
