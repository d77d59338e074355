"""Thumbnails: what is in the frame is drawn as on the map, however much there is of it."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from geo.basemap.reading import read_basemap
from geo.config.looks import NO_VALUE_COLOUR, QUALITATIVE, SHAPES
from geo.config.settings import read_config
from geo.index.symbols import TEXTURES, symbol_path
from geo.index.thumbnail import MOST_POINTS, MOST_VERTICES, thumbnail
from geo.load.atlas import load_atlas

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
    return thumbnail("m", data.config, [data.layers["x"]], bounds, None)


def test_points_in_the_frame_are_drawn_and_others_left_out(tmp_path: Path) -> None:
    assert draw(tmp_path, [(74.8, 42.9), (72.8, 40.5), (20.0, 10.0)]).count("<use") == 2


@pytest.mark.parametrize(
    "lonlat", [[(-0.1, 51.5), (2.3, 48.9), (-3.7, 40.4)], [(-150, 10), (150, 12)], [(74.6, -40), (74.7, 60)]]
)
def test_a_map_that_names_no_view_is_seen_whole(lonlat: list[tuple[float, float]], tmp_path: Path) -> None:
    lon, lat = zip(*lonlat, strict=True)
    bounds = (min(lon) - 1, min(lat) - 1, max(lon) + 1, max(lat) + 1)
    assert draw(tmp_path, lonlat, bounds=bounds).count("<use") == len(lonlat)


def test_where_the_relief_does_not_reach_land_lies_in_the_sea(tmp_path: Path) -> None:
    draw(tmp_path, [(12.5, 41.9)])
    toml = (tmp_path / "atlas.toml").read_text().replace('basemap = "none"\n', "")
    (tmp_path / "atlas.toml").write_text(toml)
    data = load_atlas(read_config(tmp_path))

    def picture(bounds: Bounds) -> str:
        return thumbnail("m", data.config, [data.layers["x"]], bounds, read_basemap(data.config))

    assert 'class="geo-land"' in picture((6, 36, 19, 46))
    assert 'class="geo-relief"' not in picture((6, 36, 19, 46))
    assert 'class="geo-land"' not in picture(BOUNDS)
    ground = re.findall('class="(geo-(?:sea|land))"', picture((130, -25, 250, 70)))
    assert ground == ["geo-sea", "geo-land", "geo-land"], "no sea over the land on the other side of 180 degrees"


def test_a_point_lies_where_its_coordinates_say(tmp_path: Path) -> None:
    picture = draw(tmp_path, [(75.0, 41.55)])
    found = re.search(r'x="([\d.]+)" y="([\d.]+)"/>', picture)
    assert found
    assert np.allclose([float(value) for value in found.groups()], [200, 112.5], atol=2)


def test_places_beyond_180_degrees_are_drawn_beside_those_before(tmp_path: Path) -> None:
    picture = draw(tmp_path, [(178, -17), (-172, -17), (0, 0)], bounds=(170, -25, 195, -5))
    assert sorted(round(float(x)) for x in re.findall(r'<use[^>]* x="([\d.]+)"', picture)) == [151, 259]


def test_of_an_area_of_parts_those_outside_leave_no_empty_path(tmp_path: Path) -> None:
    inside, outside = shapely.box(74, 41, 76, 42), shapely.box(174, 41, 176, 42)
    paths = re.findall(r' d="([^"]*)"', draw_shapes(tmp_path, [shapely.MultiPolygon([inside, outside])]))
    assert [len(path) > 20 for path in paths] == [True]


def test_an_area_has_no_outline_where_it_is_cut_at_180_degrees(tmp_path: Path) -> None:
    halves = shapely.MultiPolygon([shapely.box(175, 60, 180, 65), shapely.box(-180, 60, -175, 65)])
    picture = draw_shapes(tmp_path, [halves], bounds=(170, 55, 190, 70))
    filled = re.findall(r'd="([^"]+)" stroke="none"', picture)
    outlines = re.findall(r'd="([^"]+)" fill="none"', picture)
    assert len(filled) == len(outlines) == 2, "of each half"
    for outline in outlines:
        places = [[place.split(" ")[0] for place in line.split("L")] for line in outline.split("M")[1:]]
        assert all(set(pair) != {"200.0"} for line in places for pair in itertools.pairwise(line)), outline


def shapes_of(picture: str) -> list[int]:
    """How many corners the paths of the symbols have, in the order of the points; 0 is a circle."""
    drawn = dict(re.findall(r'<g id="([^"]+)">(.*?)</g>', picture))
    first = [re.findall(r' d="([^"]+)"', drawn[name])[0] for name in re.findall(r'href="#([^"]+)" x=', picture)]
    return [path.count("L") + 1 if "L" in path else 0 for path in first]


def test_shapes_are_those_of_the_map() -> None:
    told = json.loads((Path(__file__).parent / "page" / "symbols.json").read_text())
    assert {shape: symbol_path(shape, 10) for shape in told} == told
    assert set(told) >= {*SHAPES, "plane", "gate"}


def test_shapes_of_the_style_are_drawn(tmp_path: Path) -> None:
    for shape, corners in (("triangle", 4), ("gate", 8), ("pentagon", 5), ("star", 10), ("plane", 20), ("circle", 0)):
        assert shapes_of(draw(tmp_path, [(75.0, 41.5)], f'style = {{ shape = "{shape}" }}')) == [corners]


def test_classes_have_their_shapes(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("id,kind\n0,open\n1,shut\n")
    style = (
        'table = "x.csv"\nstyle = { shape = "gate", color_by = "kind" }\n[layers.x.fields.kind]\ntype = "category"\n'
        'categories = { open = { title = "Open" }, shut = { title = "Shut", shape = "circle" } }'
    )
    assert shapes_of(draw(tmp_path, [(74.8, 42.9), (72.8, 40.5)], style)) == [8, 0]


def test_points_are_drawn_as_exactly_as_they_are_known(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("id,precision\n0,exact\n1,settlement\n2,approximate\n3,schematic\n4,exact\n")
    places = [(float(lon), 41.5) for lon in (71, 73, 75, 77, 79)]
    picture = draw(tmp_path, places, 'table = "x.csv"\nstyle = { shape = "square", color = "#123456" }')
    symbols = re.findall(r'<g id="[^"]+">(.*?)</g>', picture)
    assert len(symbols) == 4, "what looks alike is one picture"
    exact, settlement, approximate, schematic = symbols
    assert "geo-hollow" not in exact
    assert all("geo-hollow" in symbol for symbol in (settlement, approximate, schematic))
    assert ["opacity" in symbol for symbol in symbols] == [False, False, True, True]
    assert ["dash" in symbol for symbol in symbols] == [False, False, False, True]


def test_symbols_of_dots_or_hatching_are_filled_inside_their_outline(tmp_path: Path) -> None:
    paths = {}
    for fill in ("solid", "dots", "hatch", "hollow"):
        picture = draw(tmp_path, [(75.0, 41.5)], f'style = {{ shape = "square", color = "#123456", fill = "{fill}" }}')
        paths[fill] = re.findall(r'<path (?:class="([^"]+)" )?d="([^"]+)"', picture)
    assert [len(paths[fill]) for fill in paths] == [1, 3, 3, 2]
    assert "A" in paths["dots"][-1][1]
    assert "L" in paths["hatch"][-1][1]


def test_areas_are_filled_as_on_the_map(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("id,kind\n0,plain\n1,dotted\n2,hatched\n3,empty\n4,dotted\n")
    areas = [shapely.box(lon, 40, lon + 1, 43) for lon in (70.5, 72, 73.5, 75, 77)]
    style = (
        'table = "x.csv"\nstyle = { color_by = "kind", fill_opacity = 0.5, width = 1 }\n'
        '[layers.x.fields.kind]\ntype = "category"\n[layers.x.fields.kind.categories]\n'
        'plain = { title = "P", color = "#111111", dash = [5, 4] }\n'
        'dotted = { title = "D", color = "#222222", fill = "dots" }\n'
        'hatched = { title = "H", color = "#333333", fill = "hatch" }\n'
        'empty = { title = "E", color = "#444444", fill = "hollow" }'
    )
    picture = draw_shapes(tmp_path, areas, style)
    drawn = re.findall(r'<g class="geo-area" fill="([^"]+)" fill-opacity="([^"]+)" stroke="([^"]+)"([^>]*)>', picture)
    patterns = dict(re.findall(r'<pattern id="([^"]+)".*?(<(?:circle|path))', picture))
    assert [(fill, opacity) for fill, opacity, *_ in drawn if "url" not in fill] == [
        ("#111111", "0.5"),
        ("none", "0.5"),
    ]
    assert [patterns[fill[5:-1]] for fill, *_ in drawn if "url" in fill] == ["<circle", "<path"]
    assert [edge for _, _, edge, _ in drawn] == ["#111111", "#222222", "#333333", "#444444"]
    assert ["5 4" in rest for *_, rest in drawn] == [True, False, False, False]


CLASSES = 'table = "x.csv"\nstyle = { color_by = "kind" }\n[layers.x.fields.kind]\ntype = "category"'


def test_classes_of_areas_and_lines_have_the_textures_of_the_map(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("id,kind\n0,a\n1,b\n2,c\n")
    picture = draw_shapes(tmp_path, [shapely.box(lon, 40, lon + 1, 43) for lon in (70.5, 72, 73.5)], CLASSES)
    drawn = re.findall(r'<g class="geo-area" fill="([^"]+)" fill-opacity="([^"]+)"', picture)
    patterns = dict(re.findall(r'<pattern id="([^"]+)"(.*?)</pattern>', picture))
    assert drawn[0] == (QUALITATIVE[0], "0.55")
    assert [opacity for _, opacity in drawn] == ["0.55", "1", "1"]
    for (fill, _), path in zip(drawn[1:], TEXTURES["area"][1:], strict=False):
        assert path in patterns[fill[5:-1]]
    picture = draw_shapes(tmp_path, [shapely.LineString([(70, lat), (78, lat)]) for lat in (40, 41, 42)], CLASSES)
    widths = re.findall(r'<use class="geo-line" [^>]*stroke-width="([^"]+)"', picture)
    assert widths == ["2.5", "2.5", "8.5", "2.5", "6"]
    assert re.findall(r'stroke-linecap="(\w+)"[^>]*stroke-dasharray="([^"]+)"', picture) == [("round", "0 18")]


def test_lines_end_as_on_the_map_and_not_where_the_frame_cuts_them(tmp_path: Path) -> None:
    roads = [shapely.LineString([(71, 41), (79, 41)]), shapely.LineString([(71, 42), (99, 42)])]
    for ends, mark in (("arrow", 'class="geo-casing"'), ("open", "geo-hollow")):
        assert draw_shapes(tmp_path, roads, f'style = {{ ends = "{ends}" }}').count(mark) == 1


def test_no_line_ends_where_it_is_cut_at_180_degrees(tmp_path: Path) -> None:
    routes = [shapely.LineString([(170, 0), (-170, 10)]), shapely.LineString([(-170, 5), (170, 12)])]
    style = 'geodesic = true\nstyle = { ends = "arrow" }'
    picture = draw_shapes(tmp_path, routes, style, (160, -5, 200, 15))
    heads = re.findall(r'<g transform="translate\((\S+) \S+\)"><path class="geo-casing"', picture)
    assert heads == ["100.0", "300.0"]


def test_what_has_no_number_is_grey_and_small(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("id,people\n0,100\n1,\n")
    style = (
        'table = "x.csv"\nstyle = { size_by = "people", size_range = [5, 10], color = "#123456" }\n'
        '[layers.x.fields.people]\ntype = "number"'
    )
    symbols = re.findall(r' d="M-([\d.]+) [^"]+" fill="([^"]+)"', draw(tmp_path, [(72.0, 42.0), (75.0, 41.5)], style))
    assert symbols == [("8", "#123456"), ("2.4", NO_VALUE_COLOUR)]


def test_crowded_points_become_few_symbols(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    lonlat = zip(random.uniform(70, 80, 20_000), random.uniform(39, 44, 20_000), strict=True)
    assert 1000 < draw(tmp_path, [(float(lon), float(lat)) for lon, lat in lonlat]).count("<use") <= MOST_POINTS


def test_crowded_lines_become_few_and_leave_alone_what_is_seen_between_them(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    zigzag = np.column_stack([np.arange(15) * 0.05, np.tile([0, 0.08], 8)[:15]])
    places = np.column_stack([random.uniform(70, 75, 5_000), random.uniform(39, 44, 5_000)])
    area, road = shapely.box(71, 40, 79, 43), shapely.LineString([(76, 40), (79, 44)])
    picture = draw_shapes(tmp_path, [area, road, *(shapely.LineString(place + zigzag) for place in places)])
    assert MOST_VERTICES / 2 < len(re.findall("[ML]", picture)) <= MOST_VERTICES
    assert picture.count('class="geo-area"') == 1
    assert re.search(r'd="M[^ML]+L[^ML]+["M]', picture)


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
    lines = re.findall(r'<use class="geo-line" [^>]*>', draw_shapes(tmp_path, roads, style))
    dashes = [re.findall('stroke-dasharray="([^"]*)"', line) for line in lines]
    assert dashes == [[], ["24 8"], ["4 8"], ["30 8"]]


def test_where_lines_of_one_look_run_on_one_course_one_is_drawn(tmp_path: Path) -> None:
    """Two dashed ones would fill each other's gaps."""
    way = [(71, 40), (74, 42), (77, 41), (79, 43)]
    lines = [shapely.LineString(way), shapely.LineString([(72, 43), *way[2:0:-1], (73, 40)])]
    (path,) = re.findall(r'<path id="[^"]*" d="(M[^"]*)"', draw_shapes(tmp_path, lines, "style = { dash = [6, 3] }"))
    first, *rest = (run.split("L") for run in path[1:].split("M"))
    assert len(first) == 4
    assert [len(run) for run in rest] == [2, 2]
    assert (rest[0][1], rest[1][0]) == (first[2], first[1])
