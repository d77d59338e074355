"""Lines and rings at 180 degrees: where they jump from one side of the map to the other, and go the long way.

Shapes in, shapes and positions out: what is reported of them `geo.coordinates.lonlat` says.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo.coordinates.swapped import Lonlats

_POLAR_LATITUDE = 80  # above it a ring around the pole may be closed along a parallel, across the whole map


def paths_of(shape: Any) -> npt.NDArray[Any]:
    """Give the lines or rings of a shape, in the order of its coordinates."""
    parts = shapely.get_parts(shape)
    return parts if parts[0].geom_type == "LineString" else shapely.get_rings(parts)


def on_one_side(shape: Any) -> Any:
    """Give a shape whose vertices at 180 degrees have the sign of those before them: -180 and 180 are one meridian.

    Paths that jump from side to side even so are left as they are.
    """
    lonlat = shapely.get_coordinates(shape)
    start = 0
    for path in paths_of(shape):
        end = start + shapely.get_num_coordinates(path)
        here = lonlat[start:end]
        inside = np.flatnonzero(np.abs(here[:, 0]) < 180)
        if inside.size and first_jump(path):
            is_ring = path.geom_type == "LinearRing"
            before = np.searchsorted(inside, np.arange(len(here)), side="right") - 1  # -1: a ring comes from its end
            is_west = here[inside[before if is_ring else np.maximum(before, 0)], 0] < 0
            meant = here.copy()
            meant[:, 0] = np.where(np.abs(here[:, 0]) < 180, here[:, 0], np.where(is_west, -180, 180))
            if not _jumps(meant, is_ring=is_ring).size:
                lonlat[start:end] = meant
        start = end
    return shapely.set_coordinates(shape, lonlat)


def first_jump(path: Any) -> tuple[Lonlats, Lonlats] | None:
    """Give the first neighbouring vertices of a line or ring that lie more than half the globe apart."""
    lonlat = shapely.get_coordinates(path)
    jumps = _jumps(lonlat, is_ring=path.geom_type == "LinearRing")
    return (lonlat[jumps[0]], lonlat[jumps[0] + 1]) if jumps.size else None


def _jumps(lonlat: Lonlats, *, is_ring: bool) -> npt.NDArray[np.intp]:
    """Give after which vertices a path jumps.

    An edge from -180 to 180 is that of a map of the world, unless the path goes on across it; so is one near a pole.
    """
    steps = np.diff(lonlat[:, 0])
    others = np.concatenate([[0], steps, [0]])
    is_edge = (np.abs(steps) == 360) & (others[:-2] == 0) & (others[2:] == 0)
    if is_ring:
        is_polar = np.abs(lonlat[:, 1]) > _POLAR_LATITUDE
        is_edge |= is_polar[:-1] & is_polar[1:]
    return np.flatnonzero((np.abs(steps) > 180) & ~is_edge)
