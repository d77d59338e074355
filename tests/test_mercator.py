"""Degrees to the map's square and back."""

from __future__ import annotations

import numpy as np

from geo.coordinates.mercator import WORLD_UNITS, to_degrees, web_mercator


def test_projects_to_the_web_mercator_square() -> None:
    x, y = web_mercator(np.array([-180.0, 0.0, 180.0]), np.array([90.0, 0.0, -90.0]))
    assert x.tolist() == [0, WORLD_UNITS // 2, WORLD_UNITS]
    assert y.tolist() == [0, WORLD_UNITS // 2, WORLD_UNITS]


def test_a_coordinate_survives_to_a_tenth_of_an_arc_second() -> None:
    x, y = web_mercator(np.array([74.8465]), np.array([42.8532]))
    (lon,), (lat,) = to_degrees(x, y)
    assert (round(lon, 5), round(lat, 5)) == (74.8465, 42.8532)
