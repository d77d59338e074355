"""Great circles: as long as the geodesic, cut at the antimeridian, ends kept."""

from __future__ import annotations

from typing import Any

import antimeridian
import numpy as np
import pytest
import shapely
from pyproj import Geod

from geo.pack.routes import geodesic_lines

WGS84 = Geod(ellps="WGS84")
BISHKEK, ISTANBUL, TOKYO, LOS_ANGELES = (74.48, 43.06), (28.81, 40.98), (139.78, 35.55), (-118.41, 33.94)


def geodesic(*places: tuple[float, float]) -> Any:
    return geodesic_lines(np.array([shapely.LineString(places)], dtype=object))[0]


def length_km(shape: Any) -> float:
    return sum(WGS84.geometry_length(line) for line in shapely.get_parts(shape)) / 1000


@pytest.mark.parametrize(("start", "end"), [(BISHKEK, ISTANBUL), (TOKYO, LOS_ANGELES)])
def test_a_route_is_as_long_as_the_geodesic(start: tuple[float, float], end: tuple[float, float]) -> None:
    assert length_km(geodesic(start, end)) == pytest.approx(WGS84.inv(*start, *end)[2] / 1000, rel=0.005)


def test_a_route_bends_to_the_pole() -> None:
    assert geodesic(BISHKEK, ISTANBUL).bounds[3] > max(BISHKEK[1], ISTANBUL[1]) + 1


def test_a_route_over_the_pacific_does_not_cross_the_map() -> None:
    route = geodesic(TOKYO, LOS_ANGELES)
    west, east = sorted(route.geoms, key=lambda part: part.bounds[0])
    assert west.bounds[0] == -180
    assert east.bounds[2] == 180
    assert all(part.bounds[2] - part.bounds[0] < 180 for part in route.geoms)


def test_only_a_route_over_180_degrees_is_looked_at_vertex_by_vertex(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("looked at")

    monkeypatch.setattr(antimeridian, "fix_line_string", refuse)
    assert geodesic((179, 10), (180, 11)).bounds[2] == 180
    assert geodesic(BISHKEK, ISTANBUL).geom_type == "LineString"
    with pytest.raises(AssertionError, match="looked at"):
        geodesic(LOS_ANGELES, TOKYO)


def test_both_arcs_of_one_feature_stay_one_feature() -> None:
    arcs = shapely.MultiLineString([[BISHKEK, ISTANBUL], [(72.79, 40.61), ISTANBUL]])
    (shape,) = geodesic_lines(np.array([arcs], dtype=object))
    assert len(shape.geoms) == 2
    assert shape.geoms[1].coords[0] == (72.79, 40.61)


def test_what_is_no_line_stays_as_it_is() -> None:
    point = shapely.Point(BISHKEK)
    assert list(geodesic_lines(np.array([point, None], dtype=object))) == [point, None]


def test_a_great_circle_is_made_once() -> None:
    assert geodesic(BISHKEK, ISTANBUL) is geodesic(BISHKEK, ISTANBUL)
