"""A box in degrees as the bounds of maps and the views of stories have it: west, south, east, north."""

from __future__ import annotations

MAX_LATITUDE = 85
"""Of what a map shows at first or in a step; Web Mercator ends at 85.05."""


def is_box(west: float, south: float, east: float, north: float) -> bool:
    """Tell whether a box lies on the map; over 180 degrees its west is more than its east."""
    # Of more than half the world the two are likelier exchanged.
    is_in_order = west < east or 180 < west - east < 360
    is_on_map = -180 <= min(west, east) and max(west, east) <= 180
    return is_in_order and is_on_map and -MAX_LATITUDE <= south < north <= MAX_LATITUDE


def unrolled(west: float, south: float, east: float, north: float) -> tuple[float, float, float, float]:
    """Give a box with east beyond 180 where that lies between."""
    return west, south, east + 360 * (west > east), north
