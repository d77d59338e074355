"""The distances that the page's measuring is held to (tests/page/geodesic.test.js) are those of pyproj."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pyproj import Geod

DISTANCES = json.loads((Path(__file__).parent / "page" / "distances.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", DISTANCES, ids=lambda case: str(case["name"]))
def test_a_distance_is_that_of_the_ellipsoid(case: dict[str, Any]) -> None:
    (lat1, lon1), (lat2, lon2) = case["from"], case["to"]
    assert Geod(ellps="WGS84").inv(lon1, lat1, lon2, lat2)[2] == pytest.approx(case["metres"], abs=0.001)
