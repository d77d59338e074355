"""Thumbnails: what is in the frame is drawn, however much there is of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from geo.config import read_config
from geo.load import load_atlas
from geo.thumbnail import MOST_POINTS, MOST_VERTICES, thumbnail

Bounds = tuple[float, float, float, float]
BOUNDS: Bounds = (70.0, 39.0, 80.0, 44.0)


def draw(folder: Path, lonlat: list[tuple[float, float]], style: str = "", bounds: Bounds = BOUNDS) -> str:
    return draw_shapes(folder, [shapely.Point(place) for place in lonlat], style, bounds)


def draw_shapes(folder: Path, shapes: Sequence[Any], style: str = "", bounds: Bounds = BOUNDS) -> str:
    feature = '{"type": "Feature", "properties": {"id": "%d"}, "geometry": %s}'
    features = ",".join(feature % (n, shapely.to_geojson(shape)) for n, shape in enumerate(shapes))
    (folder / "x.geojson").write_text(f'{{"type": "FeatureCollection", "features": [{features}]}}')
    layer = f'[layers.x]\ntitle = "X"\nfeatures = "x.geojson"\n{style}\n[maps.m]\ntitle = "M"\nlayers = ["x"]\n'
    (folder / "atlas.toml").write_text(f'title = "A"\nbasemap = "none"\n{layer}')
    data = load_atlas(read_config(folder))
    return thumbnail(data.config, [data.layers["x"]], bounds, None)


def test_points_in_the_frame_are_drawn_and_others_left_out(tmp_path: Path) -> None:
    assert draw(tmp_path, [(74.8, 42.9), (72.8, 40.5), (20.0, 10.0)]).count("<circle") == 2


def test_a_point_lies_where_its_coordinates_say(tmp_path: Path) -> None:
    picture = draw(tmp_path, [(75.0, 41.55)])
    found = re.search(r'cx="([\d.]+)" cy="([\d.]+)"', picture)
    assert found
    assert np.allclose([float(value) for value in found.groups()], [320, 180], atol=3)


def test_places_beyond_180_degrees_are_drawn_beside_those_before(tmp_path: Path) -> None:
    picture = draw(tmp_path, [(178, -17), (-172, -17), (0, 0)], bounds=(170, -25, 195, -5))
    assert sorted(round(float(x)) for x in re.findall(r'cx="([\d.]+)"', picture)) == [205, 461]


def test_of_an_area_of_parts_those_outside_leave_no_empty_path(tmp_path: Path) -> None:
    inside, outside = shapely.box(74, 41, 76, 42), shapely.box(174, 41, 176, 42)
    paths = re.findall(r' d="([^"]*)"', draw_shapes(tmp_path, [shapely.MultiPolygon([inside, outside])]))
    assert [len(path) > 20 for path in paths] == [True]


def test_shapes_of_the_style_are_drawn(tmp_path: Path) -> None:
    for shape in ("triangle", "gate"):
        assert "<circle" not in draw(tmp_path, [(75.0, 41.5)], f'style = {{ shape = "{shape}" }}')


def test_classes_have_their_shapes(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("id,kind\n0,open\n1,shut\n")
    style = (
        'table = "x.csv"\nstyle = { shape = "gate", color_by = "kind" }\n[layers.x.fields.kind]\ntype = "category"\n'
        'categories = { open = { title = "Open" }, shut = { title = "Shut", shape = "circle" } }'
    )
    picture = draw(tmp_path, [(74.8, 42.9), (72.8, 40.5)], style)
    assert (picture.count("<circle"), picture.count("<path")) == (1, 1)


def test_crowded_points_become_few_symbols(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    lonlat = zip(random.uniform(70, 80, 20_000), random.uniform(39, 44, 20_000), strict=True)
    assert 1000 < draw(tmp_path, [(float(lon), float(lat)) for lon, lat in lonlat]).count("<circle") <= MOST_POINTS


def test_crowded_lines_become_few_and_leave_alone_what_is_seen_between_them(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    zigzag = np.column_stack([np.arange(15) * 0.05, np.tile([0, 0.08], 8)[:15]])
    places = np.column_stack([random.uniform(70, 75, 5_000), random.uniform(39, 44, 5_000)])
    area, road = shapely.box(71, 40, 79, 43), shapely.LineString([(76, 40), (79, 44)])
    picture = draw_shapes(tmp_path, [area, road, *(shapely.LineString(place + zigzag) for place in places)])
    assert MOST_VERTICES / 2 < len(re.findall("[ML]", picture)) <= MOST_VERTICES
    assert picture.count('class="geo-area"') == 1
    assert re.search(r'd="M[^L]+L[^L]+"', picture)


def test_one_feature_of_many_parts_is_thinned_too(tmp_path: Path) -> None:
    west, south = (grid.ravel() for grid in np.meshgrid(np.arange(70, 80, 0.1), np.arange(39, 44, 0.05)))
    islands = shapely.MultiPolygon(list(shapely.box(west, south, west + 0.09, south + 0.04)))
    assert 0 < len(re.findall("[ML]", draw_shapes(tmp_path, [islands]))) <= MOST_VERTICES


def test_lines_of_one_feature_are_not_cut_where_they_cross(tmp_path: Path) -> None:
    cross = shapely.MultiLineString([[(71, 40), (79, 43)], [(71, 43), (79, 40)]])
    assert len(re.findall("[ML]", draw_shapes(tmp_path, [cross]))) == 4


def test_lines_are_dashed_as_on_the_map(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(
        "id,kind,precision\n0,open,exact\n1,open,schematic\n2,planned,schematic\n3,open,approximate\n"
    )
    roads = [shapely.LineString([(71, lat), (79, lat)]) for lat in (40, 41, 42, 43)]
    style = (
        'table = "x.csv"\nstyle = { color_by = "kind", width = 5 }\n[layers.x.fields.kind]\ntype = "category"\n'
        'categories = { open = { title = "Open" }, planned = { title = "Planned", dash = [2, 4] } }'
    )
    dashes = re.findall('stroke-dasharray="([^"]*)"', draw_shapes(tmp_path, roads, style))
    assert dashes == ["none", "16.0 10.0", "4.0 8.0", "20.0 8.0"]
