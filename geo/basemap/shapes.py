"""The basemap's shapes - land, borders and their kind - out of its blob, as the page reads them in draw/basemap.js."""

from __future__ import annotations

import gzip
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.format import read_array


def read_outlines(
    head: dict[str, Any], blob: bytes, level: dict[str, Any], kind: str
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Give the lines or rings of one kind at one level of detail.

    Parameters
    ----------
    head, blob : those of a basemap, the blob as it lies on disk
    level : one of the head's `levels`
    kind : such as "land", "borders", "disputed_borders"

    Returns
    -------
    points : n vertices, x and y in world units
    lines : for each vertex the line or ring that it belongs to, from 0
    shapes : for each line or ring the shape that it belongs to, from 0; a polygon's first ring is its outer one
    """
    pool, raw = head["shapes"], gzip.decompress(blob)
    first, last = level[kind]
    lines_of = read_array(raw, pool["parts"]).astype(np.int64)
    vertices_of = read_array(raw, pool["vertices"]).astype(np.int64)
    lines = slice(*(int(lines_of[:shape].sum()) for shape in (first, last)))
    vertices = slice(*(int(vertices_of[:line].sum()) for line in (lines.start, lines.stop)))
    points = np.column_stack([read_array(raw, pool[axis])[vertices] for axis in ("x", "y")]).astype(np.float64)
    return points, _owners(vertices_of[lines]), _owners(lines_of[first:last])


def polygons(points: NDArray[np.float64], rings: NDArray[np.int64], shapes: NDArray[np.int64]) -> NDArray[np.object_]:
    """Give the polygons of outlines as `read_outlines` tells of them."""
    return np.asarray(shapely.polygons(np.asarray(shapely.linearrings(points, indices=rings)), indices=shapes))


def _owners(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """[2, 3] as [0, 0, 1, 1, 1]: for each part which whole it belongs to."""
    return np.repeat(np.arange(len(counts)), counts)
