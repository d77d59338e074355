"""Geometries as a page draws them: where they lie in the Web Mercator square, and in which order."""

from __future__ import annotations

import numpy as np
import shapely

from geo.pack.vertices import WORLD_UNITS, spatial_order, web_mercator


def test_projects_to_the_web_mercator_square() -> None:
    x, y = web_mercator(np.array([-180.0, 0.0, 180.0]), np.array([90.0, 0.0, -90.0]))
    assert x.tolist() == [0, WORLD_UNITS // 2, WORLD_UNITS]
    assert y.tolist() == [0, WORLD_UNITS // 2, WORLD_UNITS]


def test_a_coordinate_survives_to_a_tenth_of_an_arc_second() -> None:
    x, y = web_mercator(np.array([74.8465]), np.array([42.8532]))
    lon = x[0] / WORLD_UNITS * 360 - 180
    lat = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * y[0] / WORLD_UNITS))))
    assert (round(lon, 5), round(lat, 5)) == (74.8465, 42.8532)


def test_points_are_ordered_along_the_morton_curve() -> None:
    quadrants = shapely.from_wkt(["POINT (90 -45)", "POINT (-90 -45)", "POINT (90 45)", "POINT (-90 45)"])
    assert spatial_order(np.array([*quadrants, None], dtype=object)).tolist() == [3, 2, 1, 0, 4]


def test_a_shape_comes_before_those_inside_its_quadtree_cell() -> None:
    small = shapely.box(10, 10, 11, 11)
    large = shapely.box(1, 1, 170, 80)
    assert spatial_order(np.array([small, large], dtype=object)).tolist() == [1, 0]
