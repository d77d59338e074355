"""Where there is land: the outlines of the world in the basemap that comes with Shyrdak, to doubt points at sea by."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo.basemap.files import BLOB_NAME, HEAD_NAME, own_basemap
from geo.basemap.shapes import polygons, read_outlines
from geo.coordinates.mercator import WORLD_UNITS, to_square

_COAST = 1 / 360  # of the width of the world; near land nothing is at sea, as small islands are not drawn


def is_at_sea_unless_exchanged(lonlat: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Tell which positions lie in the open sea, and on land with longitude and latitude exchanged."""
    land, coasts = _read_land()
    here, exchanged = _squared(lonlat), _squared(lonlat[:, ::-1])
    is_so: npt.NDArray[np.bool_] = ~shapely.contains_xy(coasts, here) & shapely.contains_xy(land, exchanged)
    return is_so


def _squared(lonlat: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Give positions in the square of Web Mercator, 0 to 1; NaN, which lies nowhere, beyond the globe."""
    lon, lat = lonlat.T
    return np.column_stack(to_square(lon, np.where(np.abs(lat) < 90, lat, np.nan)))


@cache
def _read_land() -> tuple[Any, Any]:
    """Give the land of the coarsest level, and the same with its coastal waters."""
    folder = Path(own_basemap())
    head, blob = json.loads((folder / HEAD_NAME).read_bytes()), (folder / BLOB_NAME).read_bytes()
    points, ring_of, shape_of = read_outlines(head, blob, head["levels"][0], "land")
    land = shapely.union_all(polygons(points / WORLD_UNITS, ring_of, shape_of))
    coasts = land.buffer(_COAST)
    shapely.prepare([land, coasts])
    return land, coasts
