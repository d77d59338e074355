"""Geometries as a page draws them: in which order."""

from __future__ import annotations

import numpy as np
import shapely

from geo.pack.vertices import spatial_order


def test_points_are_ordered_along_the_morton_curve() -> None:
    quadrants = shapely.from_wkt(["POINT (90 -45)", "POINT (-90 -45)", "POINT (90 45)", "POINT (-90 45)"])
    assert spatial_order(np.array([*quadrants, None], dtype=object)).tolist() == [3, 2, 1, 0, 4]


def test_a_shape_comes_before_those_inside_its_quadtree_cell() -> None:
    small = shapely.box(10, 10, 11, 11)
    large = shapely.box(1, 1, 170, 80)
    assert spatial_order(np.array([small, large], dtype=object)).tolist() == [1, 0]


def test_a_shape_that_fills_a_quarter_of_the_world_comes_after_those_of_the_quarter_before() -> None:
    north_east, west = shapely.box(0, 1.4e-6, 180, 85.06), shapely.box(-90, 40, -89, 41)
    assert spatial_order(np.array([north_east, west], dtype=object)).tolist() == [1, 0]
