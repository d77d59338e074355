"""Geometries in their binary form (WKB), as GeoPackage, GeoParquet and PostGIS have them, to shapes.

What GEOS does not read, or would not survive, is named; an open ring is closed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
import shapely

from geo.read.shapes import UNCLOSED, Flaw, Shapes

MOST_COLLECTIONS = 1_000
"""In a geometry; in each other, tens of thousands overrun the stack of GEOS and end the process."""
# What begins a geometry of geometries, of either order of bytes, as PostGIS and as ISO mark heights.
_COLLECTION = re.compile(
    rb"\x01([\x04-\x07]\0\0[\0\x20\x40\x60\x80\xa0\xc0\xe0]|([\xec-\xef]\x03|[\xd4-\xd7]\x07|[\xbc-\xbf]\x0b)\0\0)"
    rb"|\0([\0\x20\x40\x60\x80\xa0\xc0\xe0]\0\0[\x04-\x07]|\0\0(\x03[\xec-\xef]|\x07[\xd4-\xd7]|\x0b[\xbc-\xbf]))"
)
LEAST_BYTES = 9 * MOST_COLLECTIONS  # that so many need

CURVE = Flaw("GEOMETRY_TYPE", "the geometry has curves", "make lines of them (in PostGIS: ST_CurveToLine(geom))")
UNREADABLE = Flaw("GEOMETRY_TYPE", "its geometry cannot be read", "write it anew, or take it out")
_NESTED = Flaw("GEOMETRY_TYPE", "the geometry has too many collections", "make one feature of each")
_NO_SHAPE = Flaw("GEOMETRY_SHORT", "a line or ring has too few positions", "add the others, or take it out")


def is_nested(data: bytes) -> bool:
    """Tell a geometry whose collections may lie too deep in each other."""
    return len(data) > LEAST_BYTES and sum(1 for _ in _COLLECTION.finditer(data)) > MOST_COLLECTIONS


def read_wkb(geometries: Sequence[bytes | None]) -> tuple[Shapes, dict[int, Flaw]]:
    """Give shapes of their binary form, with their flaws by position."""
    flaws = {at: _NESTED for at, data in enumerate(geometries) if data is not None and is_nested(data)}
    given = np.array([None if at in flaws else data for at, data in enumerate(geometries)], dtype=object)
    try:
        return np.array(shapely.from_wkb(given), dtype=object), flaws
    except (shapely.errors.ShapelyError, NotImplementedError):
        return _one_by_one(given, flaws)


def _one_by_one(geometries: Iterable[bytes | None], flaws: dict[int, Flaw]) -> tuple[Shapes, dict[int, Flaw]]:
    shapes = []
    for at, data in enumerate(geometries):
        shape = None
        try:
            shape = shapely.from_wkb(data)
        except NotImplementedError:
            flaws = flaws | {at: CURVE}
        except shapely.errors.ShapelyError as err:
            shape = shapely.from_wkb(data, on_invalid="fix")
            other = UNREADABLE if "ParseException" in str(err) else _NO_SHAPE
            flaws = flaws | {at: UNCLOSED if shape else other}
        shapes.append(shape)
    return np.array(shapes, dtype=object), flaws
