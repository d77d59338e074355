"""Thumbnails: what is in the frame is drawn, however much there is of it."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from geo.config import read_config
from geo.load import load_atlas
from geo.thumbnail import MOST_POINTS, thumbnail

BOUNDS = (70.0, 39.0, 80.0, 44.0)


def draw(folder: Path, lonlat: list[tuple[float, float]], style: str = "") -> str:
    point = '{"type": "Feature", "properties": {"id": "%d"}, "geometry": {"type": "Point", "coordinates": [%f, %f]}}'
    features = ",".join(point % (n, lon, lat) for n, (lon, lat) in enumerate(lonlat))
    (folder / "x.geojson").write_text(f'{{"type": "FeatureCollection", "features": [{features}]}}')
    layer = f'[layers.x]\ntitle = "X"\nfeatures = "x.geojson"\n{style}\n[maps.m]\ntitle = "M"\nlayers = ["x"]\n'
    (folder / "atlas.toml").write_text(f'title = "A"\nbasemap = "none"\n{layer}')
    data = load_atlas(read_config(folder))
    return thumbnail(data.config, [data.layers["x"]], BOUNDS, None)


def test_points_in_the_frame_are_drawn_and_others_left_out(tmp_path: Path) -> None:
    assert draw(tmp_path, [(74.8, 42.9), (72.8, 40.5), (20.0, 10.0)]).count("<circle") == 2


def test_a_point_lies_where_its_coordinates_say(tmp_path: Path) -> None:
    picture = draw(tmp_path, [(75.0, 41.55)])
    found = re.search(r'cx="([\d.]+)" cy="([\d.]+)"', picture)
    assert found
    assert np.allclose([float(value) for value in found.groups()], [320, 180], atol=3)


def test_shapes_of_the_style_are_drawn(tmp_path: Path) -> None:
    assert "<circle" not in draw(tmp_path, [(75.0, 41.5)], 'style = { shape = "triangle" }')


def test_crowded_points_become_few_symbols(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    lonlat = zip(random.uniform(70, 80, 20_000), random.uniform(39, 44, 20_000), strict=True)
    assert 1000 < draw(tmp_path, [(float(lon), float(lat)) for lon, lat in lonlat]).count("<circle") <= MOST_POINTS
