"""Lines on one course, such as pipelines along each other: drawn side by side, not over each other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.model import LayerData
from geo.pack.columns import Packer
from geo.pack.style import EIGHTHS, Styled, pixels_of


def pack_lanes(packer: Packer, layer: LayerData, styled: Styled, order: NDArray[np.int64]) -> dict[str, Any]:
    """Lanes for lines on one course, whichever way they go: 0 for one, -1 and 1 for two, -2, 0 and 2 for three ...

    They count halves to the right of a line's own direction. Those that go one way lie on its right: two that go both
    ways meet nowhere. Lines of widths of their own also get the px by which widths move them, in eighths.
    """
    lines, course, is_back = _courses(np.asarray(layer.frame.geometry.array, dtype=object))
    if not len(lines):
        return {}
    # From left to right of the course: those that go back, the last one first, then those that go there.
    rank = np.lexsort((np.where(is_back, -1 - lines, lines), course))
    lines, course, side = lines[rank], course[rank], np.where(is_back[rank], -1, 1)
    start = np.flatnonzero(np.diff(course, prepend=-1))
    size = np.diff(start, append=len(course))[course]
    lanes = np.zeros(len(layer.frame), dtype=np.int64)
    lanes[lines] = side * (2 * (np.arange(len(lines)) - start[course]) - size + 1)
    packed = {"_lane": packer.signed_bytes(np.clip(lanes, -127, 127)[order])}
    if "_width" in styled.arrays:
        width = pixels_of(styled, "width", len(lanes))[lines] * EIGHTHS
        right = np.cumsum(width)
        left, last = (right - width)[start][course], right[np.append(start[1:], len(right)) - 1][course]
        asides = np.zeros(len(lanes))
        asides[lines] = side * (right - (width + left + last) / 2)
        packed["_aside"] = packer.integers(np.round(asides)[order], signed=True)
    return packed


def _courses(shapes: NDArray[np.object_]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Give the lines that are not alone on their course, the number of it, and whether they go back along it."""
    lines = np.flatnonzero((shapely.get_dimensions(shapes) == 1) & ~shapely.is_empty(shapes))
    # Most are alone within their bounds: told in a tenth of the time.
    lines = lines[pd.DataFrame(shapely.bounds(shapes[lines])).duplicated(keep=False)]
    there, back = shapely.to_wkb(shapes[lines]), shapely.to_wkb(shapely.reverse(shapes[lines]))
    is_back = np.asarray(back < there, dtype=bool)
    course = pd.Series(np.where(is_back, back, there), dtype=object)
    is_shared = course.duplicated(keep=False).to_numpy()
    return lines[is_shared], pd.factorize(course[is_shared])[0], is_back[is_shared]
