"""A map's head and blob: what each layer carries, in which order, shared and only what is used."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from geo.config.settings import read_config
from geo.format import read_array
from geo.load.atlas import load_atlas
from geo.pack.columns import Packer
from geo.pack.pagedata import PageData, PageSizeError, first_view, pack_map
from tests.test_columns import unpack_column

POINTS = {"kant": [74.8465, 42.8532], "manas": [74.4776, 43.0613], "osh": [72.7985, 40.5283]}


class Atlas:
    """A folder to be filled by a test, then packed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.table("sources.csv", [{"id": s, "citation": s.upper()} for s in ("lewis2015", "ria2013", "unused")])

    def features(self, name: str, geometries: dict[str, Any]) -> None:
        features = [{"type": "Feature", "properties": {"id": i}, "geometry": g} for i, g in geometries.items()]
        (self.folder / name).write_text(json.dumps({"type": "FeatureCollection", "features": features}))

    def table(self, name: str, rows: list[dict[str, str]]) -> None:
        with (self.folder / name).open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)

    def pack(self, layers: str, *, names: str = '["bases"]') -> tuple[PageData, bytes]:
        top = 'title = "A"\nbasemap = "none"\nlanguages = ["en", "ru"]\n'
        toml = f'{top}{layers}\n[maps.m]\ntitle = "M"\nlayers = {names}\n'
        (self.folder / "atlas.toml").write_text(toml, encoding="utf-8")
        blobs: list[bytes] = []
        original = Packer.blob

        def keep(packer: Packer) -> bytes:
            blobs.append(original(packer))
            return blobs[-1]

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Packer, "blob", keep)
            page = pack_map(load_atlas(read_config(self.folder)), "m", {})
        return page, blobs[0]


@pytest.fixture
def atlas(tmp_path: Path) -> Atlas:
    made = Atlas(tmp_path)
    made.features(
        "bases.geojson", {i: {"type": "Point", "coordinates": p} for i, p in POINTS.items()} | {"nowhere": None}
    )
    columns = ("id", "name", "name_ru", "valid_from", "valid_to", "source")
    rows = [
        ("nowhere", "Nowhere", "", "", "", "lewis2015"),
        ("manas", "Manas", "Манас", "2001-12", "2014-06-03", "ria2013#2"),
        ("kant", "Kant", "Кант", "2003-10", "..", "lewis2015"),
        ("osh", "Osh", "Ош", "2017~", "", "lewis2015"),
    ]
    made.table("bases.csv", [dict(zip(columns, row, strict=True)) for row in rows])
    return made


BASES = '[layers.bases]\ntitle = "Bases"\nfeatures = "bases.geojson"\ntable = "bases.csv"\nunlocated = "allow"\n'


def test_features_come_in_spatial_order_with_the_unlocated_last(atlas: Atlas) -> None:
    page, blob = atlas.pack(BASES)
    (layer,) = page.layers
    assert unpack_column(blob, layer["columns"]["_key"]) == ["manas", "kant", "osh", "nowhere"]
    assert (read_array(blob, layer["columns"]["_geometry"]) - 1).tolist() == [0, 1, 2, -1]
    assert (layer["n"], layer["unlocated"], layer["kind"]) == (4, 1, "point")


def test_a_layer_says_where_its_validity_stands(atlas: Atlas) -> None:
    page, blob = atlas.pack(BASES)
    (layer,) = page.layers
    assert layer["time"] == {"from": "valid_from", "to": "valid_to"}
    assert unpack_column(blob, layer["columns"]["valid_from"]) == ["2001-12", "2003-10", "2017~", None]
    assert unpack_column(blob, layer["columns"]["valid_to"]) == ["2014-06-03", "..", None, None]


def test_a_field_brings_its_titles_and_not_what_the_build_alone_needs(atlas: Atlas) -> None:
    fields = """[layers.bases.fields.valid_to]
type = "category"
categories = { "2014-06-03" = { title = "The last day", color = "#112233", shape = "star" }, ".." = { title = "Open" } }
[layers.bases.fields.tonnes]
type = "number"
min = 0
"""
    rows = [{"id": i, "valid_to": "..", "tonnes": "1", "source": "lewis2015"} for i in (*POINTS, "nowhere")]
    atlas.table("bases.csv", rows)
    page, _ = atlas.pack(f"{BASES}time = false\n{fields}")
    category, number = page.layers[0]["fields"]
    assert category["categories"] == {"2014-06-03": {"title": {"en": "The last day"}}, "..": {"title": {"en": "Open"}}}
    assert list(number) == ["id", "title", "type", "filter", "card"]


def test_the_key_of_the_features_hides_no_column_of_the_table(atlas: Atlas) -> None:
    atlas.table("bases.csv", [{"code": i, "id": f"{i} too", "name": i} for i in (*POINTS, "nowhere")])
    page, _ = atlas.pack(f'{BASES}key = {{ features = "id", table = "code" }}\n')
    assert [field["id"] for field in page.layers[0]["fields"]] == ["id"]


def test_a_layer_without_dates_is_timeless(atlas: Atlas) -> None:
    page, _ = atlas.pack(BASES + "time = false\n")
    assert page.layers[0]["time"] is None


def test_only_the_sources_that_are_cited_come_along(atlas: Atlas) -> None:
    page, blob = atlas.pack(BASES)
    sources = page.head["sources"]
    assert (sources["n"], list(sources["columns"])) == (2, ["id", "citation"])
    for column, expected in (("id", ["lewis2015", "ria2013"]), ("citation", ["LEWIS2015", "RIA2013"])):
        assert unpack_column(blob, sources["columns"][column]) == expected


def test_without_a_list_of_sources_a_cell_may_hold_anything(atlas: Atlas) -> None:
    (atlas.folder / "sources.csv").unlink()
    atlas.table("bases.csv", [{"id": i, "source": "World Bank; own survey;"} for i in (*POINTS, "nowhere")])
    assert atlas.pack(BASES)[0].head["sources"] == {"n": 0, "columns": {}}


def test_the_source_of_the_coordinates_comes_along(atlas: Atlas) -> None:
    atlas.table("bases.csv", [{"id": i, "geometry_source": "ria2013"} for i in (*POINTS, "nowhere")])
    page, blob = atlas.pack(BASES)
    assert unpack_column(blob, page.layers[0]["columns"]["geometry_source"])[0] == "ria2013"


def test_layers_of_one_file_share_their_shapes(atlas: Atlas) -> None:
    square = {"type": "Polygon", "coordinates": [[[70, 40], [80, 40], [80, 43], [70, 43], [70, 40]]]}
    atlas.features("countries.geojson", {"KGZ": square})
    member = {"id": "KGZ", "name": "Kyrgyzstan", "source": "lewis2015"}
    atlas.table("eeu.csv", [member | {"valid_from": "2015"}, member | {"valid_from": "2030"}])
    atlas.table("countries.csv", [member])
    layers = (
        '[layers.countries]\ntitle = "C"\nfeatures = "countries.geojson"\ntable = "countries.csv"\n'
        '[layers.eeu]\ntitle = "E"\nfeatures = "countries.geojson"\ntable = "eeu.csv"\nrows = "many"\n'
    )
    page, blob = atlas.pack(layers, names='["countries", "eeu"]')
    assert [pool["n"] for pool in page.head["pools"]] == [1]
    assert "_geometry" not in page.layers[0]["columns"]
    assert (read_array(blob, page.layers[1]["columns"]["_geometry"]) - 1).tolist() == [0, 0]


LINE = {"type": "LineString", "coordinates": [[60, 40], [80, 44]]}
BACK = {"type": "LineString", "coordinates": [[80, 44], [60, 40]]}
GAS = '[layers.gas]\ntitle = "Gas"\nfeatures = "gas.geojson"\n'


def lanes(atlas: Atlas, shapes: dict[str, Any], layer: str = GAS, column: str = "_lane") -> dict[str, int]:
    """Give the lane of each feature of a layer by its key."""
    atlas.features("gas.geojson", shapes)
    page, blob = atlas.pack(layer, names='["gas"]')
    columns = page.layers[0]["columns"]
    return dict(zip(unpack_column(blob, columns["_key"]), read_array(blob, columns[column]).tolist(), strict=True))


def test_a_layer_of_great_circles_says_so(atlas: Atlas) -> None:
    atlas.features("gas.geojson", {"a": LINE})
    curved, straight = (atlas.pack(GAS + more, names='["gas"]')[0].layers[0] for more in ("geodesic = true\n", ""))
    assert (curved.get("geodesic"), straight.get("geodesic")) == (True, None)


def test_lines_on_one_course_get_lanes(atlas: Atlas) -> None:
    other = {"type": "LineString", "coordinates": [[60, 41], [80, 45]]}
    assert lanes(atlas, {"a": LINE, "b": LINE, "c": LINE, "d": other}) == {"a": -2, "b": 0, "c": 2, "d": 0}


def test_lines_both_ways_on_one_course_each_keep_to_the_right(atlas: Atlas) -> None:
    assert lanes(atlas, {"there": LINE, "back": BACK}) == {"there": 1, "back": 1}
    assert lanes(atlas, {"a": LINE, "b": LINE, "back": BACK}) == {"a": 0, "b": 2, "back": 2}
    assert lanes(atlas, {"a": BACK, "b": BACK}) == {"a": -1, "b": 1}
    loop = [[60, 40], [80, 44], [70, 48], [60, 40]]
    rings = {"there": loop, "back": loop[::-1]}
    shapes = {key: {"type": "MultiLineString", "coordinates": [ring]} for key, ring in rings.items()}
    assert lanes(atlas, shapes) == {"there": 1, "back": 1}


def test_lines_beside_other_kinds_get_lanes_too(atlas: Atlas) -> None:
    point = {"type": "Point", "coordinates": [60, 40]}
    area = {"type": "Polygon", "coordinates": [[[60, 40], [80, 40], [80, 44], [60, 40]]]}
    shapes = {"a": LINE, "b": LINE, "p": point, "q": point, "s": area, "t": area}
    assert lanes(atlas, shapes) == {"a": -1, "b": 1, "p": 0, "q": 0, "s": 0, "t": 0}


def test_lines_of_their_own_widths_lie_side_by_side(atlas: Atlas) -> None:
    rows = {"a": "100", "b": "20", "c": "10", "back": "50"}
    atlas.table("gas.csv", [{"id": key, "name": key, "flow": flow} for key, flow in rows.items()])
    layer = GAS + (
        'table = "gas.csv"\nfields.flow = { type = "number" }\nstyle = { width_by = "flow", width_range = [1, 10] }\n'
    )
    shapes = {"a": LINE, "b": LINE, "c": LINE, "back": BACK}
    # From the left 5, 10, 2 and 1 px wide: 18 px, their middles 6.5 px left of its middle, 1, 7 and 8.5 px right of it.
    found = lanes(atlas, shapes, layer, "_aside")
    assert {key: eighths / 8 for key, eighths in found.items()} == {"a": 1, "b": 7, "c": 8.5, "back": 6.5}


def test_an_even_number_of_lines_leaves_the_middle_free(atlas: Atlas) -> None:
    shapes = dict.fromkeys("abcd", LINE) | {"nowhere": None, "nor here": None}
    found = lanes(atlas, shapes, GAS + 'unlocated = "allow"\n')
    assert found == {"a": -3, "b": -1, "c": 1, "d": 3, "nowhere": 0, "nor here": 0}


def test_lanes_beyond_those_that_a_byte_holds_share_the_last(atlas: Atlas) -> None:
    found = lanes(atlas, dict.fromkeys(map(str, range(300)), LINE))
    assert list(found.values()) == [-127] * 86 + [*range(-127, 128, 2)] + [127] * 86


def test_records_follow_their_feature_by_date(atlas: Atlas) -> None:
    records = [
        {"id": "L2", "feature": "kant", "date": "2014-12", "text": "New fighters", "source": "lewis2015"},
        {"id": "L1", "feature": "kant;manas", "date": "2012-09", "text": "A lease", "source": "lewis2015"},
        {"id": "L3", "feature": "kant", "date": "", "text": "Undated", "source": "lewis2015"},
    ]
    atlas.table("facts.csv", records)
    page, blob = atlas.pack(BASES + '[layers.bases.records]\ntable = "facts.csv"\n')
    table = page.layers[0]["records"]
    assert unpack_column(blob, table["columns"]["feature"]) == [0, 1, 1, 1]
    assert unpack_column(blob, table["columns"]["id"]) == ["L1", "L1", "L2", "L3"]


def test_another_column_called_feature_hides_no_record(atlas: Atlas) -> None:
    atlas.table("facts.csv", [{"base": "kant", "feature": "runway", "text": "New fighters", "source": "lewis2015"}])
    page, blob = atlas.pack(BASES + '[layers.bases.records]\ntable = "facts.csv"\nkey = "base"\n')
    assert unpack_column(blob, page.layers[0]["records"]["columns"]["feature"]) == [1]


def test_series_are_packed_by_feature_and_year(atlas: Atlas) -> None:
    rows = [
        {"id": "kant", "year": year, "value": value, "source": "ria2013"}
        for year, value in (("2014", "3"), ("2013", "1"))
    ]
    atlas.table("series.csv", rows)
    page, blob = atlas.pack(
        BASES
        + '[layers.bases.series.planes]\ntable = "series.csv"\nkey = "id"\n[layers.bases.style]\ncolor_by = "planes"\n'
    )
    (series,) = page.layers[0]["series"]
    assert unpack_column(blob, series["columns"]["time"]) == [2013, 2014]
    assert unpack_column(blob, series["columns"]["value"]) == [1, 3]
    assert page.layers[0]["style"]["color"]["kind"] == "series"
    assert unpack_column(blob, series["columns"]["class"]) == [
        1,
        len(page.layers[0]["style"]["color"]["classes"]),
    ]


def test_the_decimals_of_a_series_are_those_of_its_classes(atlas: Atlas) -> None:
    rows = [{"id": "kant", "year": year, "value": f"{value}.123456"} for year, value in (("2013", 1), ("2014", 2))]
    atlas.table("series.csv", rows)
    series = '[layers.bases.series.planes]\ntable = "series.csv"\nkey = "id"\n'
    page, _ = atlas.pack(f'{BASES}{series}decimals = 1\n[layers.bases.style]\ncolor_by = "planes"\nclasses = 2\n')
    assert page.layers[0]["series"][0]["decimals"] == 1
    classes = page.layers[0]["style"]["color"]["classes"]
    assert [(entry["from"], entry["to"]) for entry in classes] == [(1.1, 1.6), (1.6, 2.2)]


def test_the_first_view_holds_all_features_where_the_map_names_none(atlas: Atlas) -> None:
    page, _ = atlas.pack(BASES)
    west, south, east, north = page.bounds
    assert west < 72.7985 < 74.8465 < east
    assert south < 40.5283 < 43.0613 < north


def test_the_first_view_holds_the_great_circles_of_a_geodesic_layer(atlas: Atlas) -> None:
    atlas.features("bases.geojson", {"kant": {"type": "LineString", "coordinates": [[74, 43], [-74, 41]]}})
    layer = '[layers.bases]\ntitle = "B"\nfeatures = "bases.geojson"\n'
    straight, great_circle = (atlas.pack(layer + line)[0].bounds for line in ("", "geodesic = true\n"))
    assert straight[3] == 43.5
    assert 73 < great_circle[3] < 78


def test_the_first_view_of_features_on_both_sides_of_180_degrees_lies_over_that(atlas: Atlas) -> None:
    fiji, samoa = ({"type": "Point", "coordinates": [lon, -17]} for lon in (178, -172))
    cut = {"type": "MultiLineString", "coordinates": [[[175, -10], [180, -12]], [[-180, -12], [-178, -13]]]}
    atlas.features("bases.geojson", {"kant": fiji, "manas": samoa, "osh": cut})
    layer = '[layers.bases]\ntitle = "B"\nfeatures = "bases.geojson"\n'
    west, _, east, _ = atlas.pack(layer)[0].bounds
    assert (round(west), round(east)) == (174, 189)
    pacific = layer + "[maps.pacific]\ntitle = 'P'\nlayers = ['bases']\nbounds = [170, -25, -165, -5]\n"
    atlas.pack(pacific)
    assert first_view(load_atlas(read_config(atlas.folder)), "pacific") == (170, -25, 195, -5)


@pytest.mark.parametrize("latitude", [89, -89])
def test_the_first_view_of_a_point_by_a_pole_is_the_edge_of_the_map(atlas: Atlas, latitude: float) -> None:
    atlas.features("bases.geojson", {"kant": {"type": "Point", "coordinates": [60, latitude]}})
    _, south, _, north = atlas.pack('[layers.bases]\ntitle = "B"\nfeatures = "bases.geojson"\n')[0].bounds
    assert (south, north) == ((84, 85) if latitude > 0 else (-85, -84))


@pytest.mark.parametrize("far", [-60, -150])
def test_the_first_view_of_features_around_the_world_is_the_world(atlas: Atlas, far: int) -> None:
    places = {"kant": (-170, 0), "manas": (far, 0), "osh": (10, 0), "kulob": (170, 0)}
    atlas.features("bases.geojson", {key: {"type": "Point", "coordinates": place} for key, place in places.items()})
    page, _ = atlas.pack('[layers.bases]\ntitle = "B"\nfeatures = "bases.geojson"\n')
    assert page.bounds[::2] == (-180, 180)


def test_more_than_a_page_holds_is_refused_with_what_to_do(atlas: Atlas, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo.pack.pagedata.MAX_BLOB_BYTES", 100)
    with pytest.raises(PageSizeError, match=r'the map "m" holds .* 4 features.*largest layer is "bases" \(4\)'):
        atlas.pack(BASES)
