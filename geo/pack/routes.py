"""Great circles: lines of a `geodesic` layer become the shortest way on the ellipsoid, cut at 180 degrees."""

from __future__ import annotations

import itertools
import math
import warnings
from functools import lru_cache
from typing import Any

import antimeridian
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from shapely.geometry import LineString, MultiLineString

from geo.model import LayerData

STEP_KM = 40.0
"""Vertices at most this far apart: 0.03 px from the true curve at zoom 8."""

MOST_KEPT = 4096
"""So many great circles are kept for the next one who asks for them: page, first view and picture show the same."""

_WGS84 = Geod(ellps="WGS84")


def drawn_shapes(layer: LayerData) -> NDArray[np.object_]:
    """Give the shapes of a layer's features as they are drawn: those of a geodesic one along great circles."""
    shapes = np.asarray(layer.frame.geometry.array, dtype=object)
    return geodesic_lines(shapes) if layer.config.geodesic else shapes


def geodesic_lines(geometries: NDArray[np.object_]) -> NDArray[np.object_]:
    """Give lines along great circles for lines of any number of vertices; other geometries and None as they are.

    A line over the antimeridian comes back in parts that each stay on one side of it.
    """
    return np.array(list(map(_geodesic, geometries)), dtype=object)


def _geodesic(geometry: Any) -> Any:
    if geometry is None or geometry.geom_type not in ("LineString", "MultiLineString"):
        return geometry
    return _great_circles(geometry)


@lru_cache(maxsize=MOST_KEPT)
def _great_circles(geometry: Any) -> Any:
    parts = [_cut(_densify(shapely.get_coordinates(line))) for line in shapely.get_parts(geometry)]
    lines = [line for part in parts for line in shapely.get_parts(part)]
    return lines[0] if len(lines) == 1 else MultiLineString(lines)


def _densify(lonlat: NDArray[np.float64]) -> LineString:
    vertices = [tuple(lonlat[0])]
    for (lon1, lat1), (lon2, lat2) in itertools.pairwise(lonlat):
        length_km = _WGS84.inv(lon1, lat1, lon2, lat2)[2] / 1000
        between = max(0, math.ceil(length_km / STEP_KM) - 1)
        vertices += _WGS84.npts(lon1, lat1, lon2, lat2, between) if between else []
        vertices.append((lon2, lat2))
    return LineString(vertices)


def _cut(line: LineString) -> Any:
    """Cut a line at 180 degrees; most do not cross it, and antimeridian's look at each vertex took 2 ms a line."""
    lon = shapely.get_coordinates(line)[:, 0]
    if (np.abs(np.diff(lon)) <= 180).all():
        return line
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", antimeridian.FixWindingWarning)
        return antimeridian.fix_line_string(line, great_circle=True)
