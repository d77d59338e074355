"""Geometries as a page draws them: projected to whole units, in an order that suits tiles, taken apart into vertices.

Everything here is numpy over whole columns: no Python loop per feature or vertex.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.coordinates.mercator import WORLD_UNITS, Integers, web_mercator

POINT, LINE, POLYGON = 0, 1, 2
LAST_SIMPLE_TYPE = 2
"""Of shapely's types 0 point, 1 line and 2 ring are one part each."""


def spatial_order(geometries: NDArray[np.object_]) -> NDArray[np.int64]:
    """Give the order in which features are packed: points along the Morton curve, others by enclosing quadtree cell.

    A page finds the points of a tile as one range, and lines and polygons as a range plus the cells above it.
    Features without geometry come last, in their order.
    """
    bounds = shapely.bounds(geometries)
    located = ~np.isnan(bounds[:, 0])
    x0, y1 = web_mercator(np.nan_to_num(bounds[:, 0]), np.nan_to_num(bounds[:, 1]))
    x1, y0 = web_mercator(np.nan_to_num(bounds[:, 2]), np.nan_to_num(bounds[:, 3]))
    top = WORLD_UNITS - 1
    x0, x1, y0, y1 = (np.minimum(side, top) for side in (x0, x1, y0, y1))
    # The enclosing cell is the common prefix of the two corners' codes; its first code sorts it, larger cells first.
    bits = 2 * np.frexp(((x0 ^ x1) | (y0 ^ y1)).astype(np.float64))[1].astype(np.int64)
    cell = (_morton(x0, y0) >> bits) << bits
    return np.lexsort((-bits, cell, ~located)).astype(np.int64)


def point_order(x: Integers, y: Integers) -> NDArray[np.int64]:
    """`spatial_order` of single points, given in world units."""
    return np.argsort(_morton(np.minimum(x, WORLD_UNITS - 1), np.minimum(y, WORLD_UNITS - 1)), kind="stable")


def _morton(x: Integers, y: Integers) -> NDArray[np.int64]:
    return _spread(x) | (_spread(y) << 1)


def _spread(value: Integers) -> NDArray[np.int64]:
    """Put a zero bit between each two bits of a 28-bit number."""
    v = value.astype(np.int64)
    for shift, mask in ((16, 0x0000FFFF0000FFFF), (8, 0x00FF00FF00FF00FF), (4, 0x0F0F0F0F0F0F0F0F)):
        v = (v | (v << shift)) & mask
    v = (v | (v << 2)) & 0x3333333333333333
    return (v | (v << 1)) & 0x5555555555555555


@dataclass(frozen=True, slots=True)
class Split:
    """Geometries taken apart.

    kinds, parts : of each geometry its kind (point, line, polygon) and how many parts it has
    vertices, holes : of each part how many vertices it has, and 1 where it is a hole of the polygon before it
    x, y : of each vertex, in world units; a ring's last, which is its first, is left out
    """

    kinds: NDArray[np.uint8]
    parts: Integers
    vertices: Integers
    holes: NDArray[np.uint8]
    x: Integers
    y: Integers


def split_geometries(geometries: NDArray[np.object_]) -> Split:
    """Take shapely geometries (none missing or empty, EPSG:4326 lon/lat) apart, in their order."""
    kinds = _kinds(geometries)
    parts, part_owner = _parts(geometries, kinds)
    coordinates, vertex_part = shapely.get_coordinates(parts.shapes, return_index=True)
    coordinates, vertex_part = _without_closing_vertex(coordinates, vertex_part, parts.closed)
    return Split(
        kinds,
        np.bincount(part_owner, minlength=len(geometries)),
        np.bincount(vertex_part, minlength=len(parts.shapes)),
        parts.holes,
        *web_mercator(coordinates[:, 0], coordinates[:, 1]),
    )


def _kinds(geometries: NDArray[np.object_]) -> NDArray[np.uint8]:
    #  shapely type ids: 0 point 1 line 2 ring 3 polygon 4 multipoint 5 multiline 6 multipolygon
    table = np.array([POINT, LINE, LINE, POLYGON, POINT, LINE, POLYGON], dtype=np.uint8)
    types = shapely.get_type_id(geometries)
    if len(types) and not (0 <= types.min() and types.max() <= 6):
        raise ValueError("a missing geometry or a GeometryCollection cannot be packed")
    return table[types]


class _Parts:
    """Points, lines and rings: what has one run of vertices."""

    def __init__(self, shapes: NDArray[np.object_], holes: NDArray[np.uint8], closed: NDArray[np.bool_]) -> None:
        self.shapes, self.holes, self.closed = shapes, holes, closed


def _parts(geometries: NDArray[np.object_], kinds: NDArray[np.uint8]) -> tuple[_Parts, Integers]:
    """Split geometries into parts, with the index of the geometry that each belongs to."""
    if len(geometries) and shapely.get_type_id(geometries).max() <= LAST_SIMPLE_TYPE:
        nothing = np.zeros(len(geometries), dtype=np.uint8)
        return _Parts(geometries, nothing, nothing.astype(bool)), np.arange(len(geometries))
    single, owner = shapely.get_parts(geometries, return_index=True)
    polygon = kinds[owner] == POLYGON
    if not polygon.any():
        nothing = np.zeros(len(single), dtype=np.uint8)
        return _Parts(single, nothing, nothing.astype(bool)), owner
    rings, ring_of = shapely.get_rings(single[polygon], return_index=True)
    ring_owner = owner[polygon][ring_of]
    hole = (np.diff(ring_of, prepend=-1) == 0).astype(np.uint8)
    other, other_owner = single[~polygon], owner[~polygon]
    order = np.argsort(np.concatenate([ring_owner, other_owner]), kind="stable")
    shapes = np.concatenate([rings, other])[order]
    holes = np.concatenate([hole, np.zeros(len(other), dtype=np.uint8)])[order]
    closed = np.concatenate([np.ones(len(rings), dtype=bool), np.zeros(len(other), dtype=bool)])[order]
    return _Parts(shapes, holes, closed), np.concatenate([ring_owner, other_owner])[order]


def _without_closing_vertex(
    coordinates: NDArray[np.float64], owner: NDArray[np.int64], closed: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    last = np.diff(owner, append=-1) != 0
    keep = ~(last & closed[owner])
    return coordinates[keep], owner[keep]
