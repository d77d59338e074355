"""Web Mercator: the square of the map's world, and where it ends."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

MAX_LATITUDE_DEGREES = 85.0511287798066  # where the square ends
WORLD_UNITS = 2**28
"""Width of the square in coordinate units: 0.15 m at the equator."""

Floats = NDArray[np.float64]
Integers = NDArray[np.integer[Any]]


def to_square(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Project degrees to the square, 0 to 1 from west to east and from north to south; beyond it they lie outside."""
    return (lon + 180.0) / 360.0, 0.5 - np.arctanh(np.sin(np.radians(lat))) / (2 * np.pi)


def web_mercator(lon: Floats, lat: Floats) -> tuple[Integers, Integers]:
    """Project degrees to whole units of the square, its edge for what lies beyond it.

    Degrees are first rounded to 7 decimals (1 cm), so that the last bits of another library do not show.
    """
    within = np.clip(np.round(lat, 7), -MAX_LATITUDE_DEGREES, MAX_LATITUDE_DEGREES)
    x, y = (np.clip(np.round(part * WORLD_UNITS), 0, WORLD_UNITS) for part in to_square(np.round(lon, 7), within))
    return x.astype(np.int64), y.astype(np.int64)


def to_degrees(x: Floats | Integers, y: Floats | Integers) -> tuple[Floats, Floats]:
    """Give longitude and latitude of positions in units of the square."""
    return x / WORLD_UNITS * 360 - 180, np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * y / WORLD_UNITS))))
