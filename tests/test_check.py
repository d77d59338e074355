"""Values: each type with what it refuses and what it proposes; coordinates that cannot be longitude and latitude."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from geo.check.cells import is_written
from geo.check.citations import parse_source
from geo.check.values import Checker
from geo.config.schema import FieldConfig
from geo.coordinates.lonlat import check_lonlat
from geo.coordinates.swapped import Bounds
from geo.model import Edtf
from geo.read.features import Features
from geo.read.files import FileBytes
from geo.read.geojson import read_geojson
from geo.read.tables import read_csv
from tests.small import problems_of


def column(cells: Sequence[Any], **field: Any) -> tuple[list[Any], list[str]]:
    """Give the values of cells and what is said of them, place and code left out."""
    text = "id,c\n" + "".join(f"{at},{json.dumps(cell)}\n" for at, cell in enumerate(cells))
    checker = Checker(read_csv(FileBytes("t.csv", text.encode(), "")))
    categories = field.pop("categories", {})
    values = checker.typed("c", list(cells), FieldConfig(**field), categories)
    return values.tolist(), [str(p).partition(": ")[2].rpartition(" [")[0] for p in checker.problems]


@pytest.mark.parametrize(
    ("cell", "value"), [("1860", 1860), ("-3.5", -3.5), ("+2", 2), (".5", 0.5), ("5.", 5), ("1e3", 1000), ("0012", 12)]
)
def test_reads_numbers(cell: str, value: float) -> None:
    assert column([cell], type="number") == ([value], [])


@pytest.mark.parametrize(
    ("type_", "cells", "values"),
    [
        ("number", ["45%", "4.5 %", "7", -3], [45, 4.5, 7, -3]),
        ("integer", ["45%", "100\u00a0%", "7", "0%"], [45, 100, 7, 0]),
    ],
)
def test_a_number_in_percent_may_have_its_sign(type_: str, cells: list[Any], values: list[float]) -> None:
    assert column(cells, type=type_, unit="%") == (values, [])


def test_what_else_is_wrong_with_a_percent_is_said() -> None:
    _, said = column(["4,5%", "%", "145%", "5 kg"], type="number", unit={"en": "%"}, max=100)
    assert said == [
        "'4,5' is not a number. Fix: write 4.5.",
        "'%' is not a number. Fix: write a number, or leave the cell blank.",
        "'5 kg' is not a number. Fix: write 5 and the unit 'kg' in atlas.toml.",
        "'145' is more than the maximum 100. Fix: correct the value, or max in atlas.toml.",
    ]


def test_a_blank_number_is_missing() -> None:
    values, said = column(["", "1"], type="number")
    assert math.isnan(values[0])
    assert said == []


@pytest.mark.parametrize(
    ("cell", "fix"),
    [
        ("1,860", "write 1860"),
        ("1 860", "write 1860"),
        ("1\u00a0860", "write 1860"),
        ("1'860", "write 1860"),
        ("1_860", "write 1860"),
        ("12,345,678", "write 12345678"),
        ("1,860.5", "write 1860.5"),
        ("1.860,5", "write 1860.5"),
        ("3,5", "write 3.5"),
        ("\u22123", "write -3"),
        (" 7", "write 7"),
        ("~1860", "write 1860"),
        ("1860 MW", "write 1860 and the unit 'MW' in atlas.toml"),
        ("45 %", "write 45, or the unit '%' in atlas.toml"),
        ("4,5%", "write 4.5 and the unit '%' in atlas.toml"),
        ("n/a", "leave the cell blank"),
        ("-", "leave the cell blank"),
        ("nan", "leave the cell blank"),
        ("inf", "write a number, or leave the cell blank"),
        ("1e999", "write a number, or leave the cell blank"),
        ("many", "write a number, or leave the cell blank"),
        ("１８６０", "write a number, or leave the cell blank"),
        ("1-2", "write a number, or leave the cell blank"),
        ("0x10", "write a number, or leave the cell blank"),
    ],
)
def test_names_the_number_that_was_meant(cell: str, fix: str) -> None:
    values, said = column([cell, "1"], type="number")
    assert math.isnan(values[0])
    assert said == [f"{cell!r} is not a number. Fix: {fix}."]


@pytest.mark.parametrize(
    ("separator", "other", "fix"),
    [
        (",", "1", "write 1860"),
        (",", "4,5", "write 1.860, or 1860 if the comma parts thousands"),
        (";", "1", "write 1.860, or 1860 if the comma parts thousands"),
    ],
)
def test_a_comma_is_no_thousand_where_commas_begin_decimals(separator: str, other: str, fix: str) -> None:
    table = read_csv(FileBytes("t.csv", f'id{separator}c\nx{separator}"1,860"\ny{separator}"{other}"\n'.encode(), ""))
    checker = Checker(table)
    checker.typed("c", table.columns["c"], FieldConfig(type="number"), {})
    assert f"'1,860' is not a number. Fix: {fix}. [TABLE_NUMBER]" in str(checker.problems[0])


@pytest.mark.parametrize(
    ("cells", "is_doubted"),
    [
        ("1.860 12.300 980", True),
        ("1.860 12.3", False),
        ("1.860 0.981", False),
        ("1.8600 12.300", False),
        ("1860 980", False),
    ],
)
@pytest.mark.parametrize("separator", ";,")
def test_a_point_that_may_part_thousands_is_doubted_where_cells_are_parted_by_semicolons(
    cells: str, is_doubted: bool, separator: str
) -> None:
    text = f"id{separator}c\n" + "".join(f"x{separator}{cell}\n" for cell in cells.split())
    table = read_csv(FileBytes("t.csv", text.encode(), ""))
    checker = Checker(table)
    values = checker.typed("c", table.columns["c"], FieldConfig(type="number"), {})
    said = "t.csv:2 row 1 column \"c\": warning: '1.860' is read as 1.86. Fix: write 1860 if it is that, else 1.8600."
    assert [str(p) for p in checker.problems] == [f"{said} [TABLE_NUMBER]"] * (is_doubted and separator == ";")
    assert values.tolist() == list(map(float, cells.split()))


@pytest.mark.parametrize("type_", ["number", "integer"])
def test_infinity_is_no_number(type_: str) -> None:
    values, said = column([math.inf, 1.5 if type_ == "number" else 1, None, -math.inf], type=type_)
    assert said == [f"{sign}Infinity is not a number. Fix: write a number." for sign in ("", "-")]
    assert np.isfinite(values).tolist() == [False, True, False, False]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**52), 2**52), max_size=5))
def test_numbers_are_kept_exactly(numbers: list[float]) -> None:
    assert column([str(number) for number in numbers], type="number") == (numbers, [])


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("2.5", "'2.5' is not a whole number. Fix: write one, or set the type to number."),
        ("9007199254740993", "'9007199254740993' is too large to be kept exactly. Fix: set the type to text."),
        ("-1", "'-1' is less than the minimum 0. Fix: correct the value, or min in atlas.toml."),
        ("9999999", "'9999999' is more than the maximum 1234567. Fix: correct the value, or max in atlas.toml."),
    ],
)
def test_integers_have_no_fraction_and_keep_their_range(cell: str, said: str) -> None:
    assert said in column([cell], type="integer", min=0, max=1234567)[1]


@pytest.mark.parametrize(
    ("cell", "is_kept"),
    [("1234567890123456789", False), (1234567890123456789, False), ("9007199254740994", True), ("1.5e300", True)],
)
def test_a_long_whole_number_is_no_number_where_its_last_digits_would_be_lost(cell: Any, is_kept: bool) -> None:
    _, problems = column([cell, "1"], type="number")
    assert ["too large to be kept exactly. Fix: set the type to text." in said for said in problems] == [True] * (
        not is_kept
    )


def test_yes_and_no_in_any_case() -> None:
    cells = ["true", "Yes", "1", "FALSE", "no", "0", ""]
    assert column(cells, type="boolean") == ([True, True, True, False, False, False, None], [])


def test_dates_are_edtf() -> None:
    values, said = column(["2003-10", "", ".."], type="date")
    assert values[0] == Edtf(12326, 12356, "2003-10")
    assert values[1] is None
    assert values[2].text == ".."
    assert said == []


@pytest.mark.parametrize("cell", ["https://x.org/a?b#c", "http://localhost:8000", "mailto:a@b.org", "HTTPS://X.ORG"])
def test_web_addresses_are_read(cell: str) -> None:
    assert column([cell], type="url") == ([cell], [])


@pytest.mark.parametrize(
    ("cell", "fix"),
    [
        ("javascript:alert(1)", "write an address that begins with https://"),
        ("JaVaScRiPt:alert(1)", "write an address that begins with https://"),
        (" https://x.org", "write an address that begins with https://"),
        ("data:text/html,x", "write an address that begins with https://"),
        ("https://", "write an address that begins with https://"),
        ("file:///etc/passwd", "write an address that begins with https://"),
        ("www.mil.ru/a", "write https://www.mil.ru/a"),
    ],
)
def test_other_addresses_are_refused(cell: str, fix: str) -> None:
    said = f"{cell!r} is not a web address (http, https or mailto). Fix: {fix}."
    assert column([cell], type="url")[1] == [said]


def test_a_category_is_one_of_the_listed() -> None:
    categories = {"operating": None, "closed": None}
    assert column(["closed", ""], type="category", categories=categories) == (["closed", None], [])
    said = column(["operatng", "open"], type="category", categories=categories)[1]
    assert said == [
        "'operatng' is not among the categories. Fix: did you mean 'operating'?",
        "'open' is not among the categories. Fix: write one of operating, closed, or add it to atlas.toml.",
    ]


def test_a_text_is_refused_in_each_row_that_has_it() -> None:
    table = read_csv(FileBytes("t.csv", b"id,c\n1,yes\n2,why\n3,\n4,who\n5,why\n", ""))
    checker = Checker(table)
    assert checker.typed("c", table.columns["c"], FieldConfig(type="boolean"), {}).tolist() == [True, *[None] * 4]
    assert [(problem.line, problem.message[:5]) for problem in checker.problems] == [
        (3, "'why'"),
        (6, "'why'"),
        (5, "'who'"),
    ]


@pytest.mark.parametrize(
    "field", ['type = "category"', 'type = "text"\n[layers.l.style]\ncolor_by = "k"', "[layers.l.style]\ndash_by = 'k'"]
)
def test_a_category_that_looks_like_a_more_frequent_one_is_doubted(field: str, tmp_path: Path) -> None:
    cells = ["Open", "open", "open ", "open", "оpen", "shut", "a-b", "ab", ""]
    table = "id,k\n" + "".join(f"{at},{cell}\n" for at, cell in enumerate(cells))
    said = problems_of(tmp_path, f"unmatched = 'ignore'\n[layers.l.fields.k]\n{field}", l_csv=table)
    found = [(line.partition(" row")[0], line.partition("warning: ")[2].split(" looks ")[0]) for line in said]
    assert found == [("l.csv:2", "'Open'"), ("l.csv:4", "'open '"), ("l.csv:6", "'оpen'")]
    assert said[0].endswith(
        "'Open' looks like 'open' and is a category of its own. "
        "Fix: write 'open', or list both under categories in atlas.toml. [TABLE_CATEGORY]"
    )


def test_categories_that_are_listed_are_not_doubted(tmp_path: Path) -> None:
    field = '[layers.l.fields.k]\ntype = "category"\n[layers.l.fields.k.categories]\nopen.title = "o"\nOpen.title = "O"'
    assert problems_of(tmp_path, field, l_csv="id,k\na,open\nb,Open\nc,\n") == []


@pytest.mark.parametrize(
    ("value", "cell", "is_same"),
    [
        (True, "true", True),
        (False, "true", False),
        (5.0, "5", True),
        (5.0, "5.00", True),
        (5.5, "5", False),
        (5.0, "", False),
        (5.0, "five", False),
        (7, "007", False),
        (["a", 1], '["a", 1]', True),
        ("true", "true", True),
    ],
)
def test_a_cell_says_what_a_property_does(value: Any, cell: str, is_same: bool) -> None:
    assert is_written(value, cell) == is_same


def test_properties_of_other_kinds_become_their_json() -> None:
    checker = Checker(read_csv(FileBytes("t.csv", b"id\na\n", "")))
    values = checker.text(["a", None, "", 7, 2.5, True, ["x", "ү"], {"a": 10**30}])
    assert values.tolist() == ["a", None, None, "7", "2.5", "true", '["x", "ү"]', f'{{"a": {10**30}}}']


# ---- citations -------------------------------------------------------------------------------------------------------


def test_a_source_cell_is_a_list_of_sources_and_locators() -> None:
    assert parse_source("lewis2015#4.1.2; radnitz2016 # High-Maintenance Neighbor") == (
        ("lewis2015", "4.1.2"),
        ("radnitz2016", "High-Maintenance Neighbor"),
    )


@pytest.mark.parametrize("cell", ["#4.1", ";", "a;;b", "a;", " "])
def test_a_source_cell_without_an_id_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match="source"):
        parse_source(cell)


# ---- longitude and latitude ------------------------------------------------------------------------------------------

REGION: Bounds = (62, 36.5, 82, 47.5)
BASES = {
    "kant": (74.8465, 42.8532),
    "manas": (74.4776, 43.0613),
    "osh": (72.7933, 40.609),
    "koy-sary": (78.1628, 42.5767),
    "baikonur": (63.3422, 45.9646),
    "okno": (69.2248, 38.2824),
}


def points(places: dict[str, Any]) -> Features:
    items = [
        {"type": "Feature", "properties": {"id": key}, "geometry": {"type": "Point", "coordinates": list(lonlat)}}
        for key, lonlat in places.items()
    ]
    text = json.dumps({"type": "FeatureCollection", "features": items})
    return read_geojson(FileBytes("bases.geojson", text.encode(), ""))


def swapped(places: dict[str, Any], expected: Bounds | None = None, *, is_far_right: bool = False) -> dict[str, str]:
    """Give the severity of what is called swapped, by key."""
    features = check_lonlat(points(places), expected=expected, is_far_right=is_far_right)
    assert {problem.code for problem in features.problems} <= {"COORDINATE_SWAPPED"}
    return {problem.subject.partition('"')[2].rstrip('")'): problem.severity for problem in features.problems}


@pytest.mark.parametrize("key", BASES)
@pytest.mark.parametrize("expected", [None, REGION])
def test_one_swapped_point_is_found_among_the_others(key: str, expected: Bounds | None) -> None:
    assert swapped(BASES, expected) == {}
    lon, lat = BASES[key]
    assert swapped(BASES | {key: (lat, lon)}, expected) == {key: "warning"}
    assert swapped(BASES | {key: (lat, lon)}, expected, is_far_right=True) == {}


def test_a_swapped_point_of_europe_is_doubted() -> None:
    towns = {"a": (8.5, 47.4), "b": (7.4, 46.9), "c": (6.1, 46.2), "d": (9.5, 47.1), "e": (8.3, 47.0)}
    assert swapped(towns | {"b": (46.9, 7.4)}) == {"b": "warning"}


def test_a_wholly_swapped_file_is_found_where_the_map_has_bounds() -> None:
    found = swapped({key: lonlat[::-1] for key, lonlat in BASES.items()}, REGION)
    assert found == dict.fromkeys(BASES, "error")


def test_points_that_all_lie_in_the_arctic_ocean_unless_exchanged_are_doubted_once() -> None:
    schools = {str(n): (70 + n % 9, 40 + n % 4) for n in range(40)}
    exchanged = {key: lonlat[::-1] for key, lonlat in schools.items()}
    (problem,) = check_lonlat(points(exchanged)).problems
    said = "warning: most points lie in the sea of the far north, as 40, 70, and on land as 70, 40. Fix: exchange"
    assert said in str(problem)
    assert swapped(schools) == {}
    assert swapped(exchanged, is_far_right=True) == {}
    assert swapped(exchanged, (35, 65, 60, 82)) == {}  # where the maps are
    assert swapped(dict(list(exchanged.items())[:2])) == {}


@pytest.mark.parametrize(
    "places",
    [
        {"murmansk": (33.08, 68.97), "norilsk": (88.2, 69.35), "tiksi": (128.87, 71.64), "pevek": (170.31, 69.7)},
        {
            "hammerfest": (23.68, 70.66),
            "honningsvag": (25.97, 70.98),
            "vardo": (31.1, 70.37),
            "svolvaer": (14.57, 68.23),
        },
        {"longyearbyen": (15.6, 78.22), "barentsburg": (14.2, 78.07), "ny-alesund": (11.93, 78.92)},
        {"aktau": (51.2, 43.65), "kashagan": (52, 46.1), "baku": (50.5, 40.2), "neft daslari": (50.83, 40.25)},
        {"gotland": (19, 57), "arkona": (14, 55), "bornholm": (15.5, 55.5), "oland": (17.5, 57)},
        {"a": (48, 12), "b": (50, 13), "c": (52, 6), "d": (55, 10)},  # the Gulf of Aden
    ],
)
def test_places_by_the_sea_are_not_called_swapped(places: dict[str, Any]) -> None:
    assert swapped(places) == {}


def test_a_few_features_outside_the_map_are_doubted_at_the_most() -> None:
    turkmenistan: Bounds = (52, 35, 67, 43)
    moscow = {"ministry": (37.62, 55.75), "embassy": (37.59, 55.74)}
    assert swapped(moscow, turkmenistan) == dict.fromkeys(moscow, "warning")
    assert swapped(moscow, REGION) == {}


def test_a_base_in_the_arctic_is_doubted_not_refused() -> None:
    nagurskoye = (47.66359, 80.80321)  # exchanged it lies in the east of Kazakhstan
    assert swapped(BASES | {"nagurskoye": nagurskoye}) == {"nagurskoye": "warning"}
    assert swapped(BASES | {"nagurskoye": nagurskoye}, (40, 36, 90, 82)) == {}


def test_places_of_all_the_world_are_not_doubted() -> None:
    random = np.random.default_rng(0)
    world = {f"{n}": tuple(lonlat) for n, lonlat in enumerate(random.uniform((-130, -45), (150, 60), (200, 2)))}
    assert swapped(world | {"longyearbyen": (15.64689, 78.22334), "mcmurdo": (166.67, -77.85)}) == {}


def test_far_places_are_not_called_swapped() -> None:
    moscow, istanbul, dubai = (37.62, 55.75), (28.81, 40.98), (55.36, 25.25)
    beijing, new_york, minsk, ashgabat = (116.6, 40.08), (-73.8, 40.6), (28.0, 53.9), (58.36, 37.99)
    far = {"svo": moscow, "ist": istanbul, "dxb": dubai, "pek": beijing, "jfk": new_york, "msq": minsk, "asb": ashgabat}
    for key, lonlat in far.items():
        assert swapped(BASES | {"asb": ashgabat, key: lonlat}, REGION) == {}
    assert swapped(BASES | far, REGION) == {}
    assert swapped(far) == {}


@pytest.mark.parametrize(
    ("epsg", "expected", "likely"),
    [
        (3857, REGION, "EPSG:3857 (web Mercator"),
        (3857, None, "EPSG:3857 (web Mercator"),
        (32643, REGION, "EPSG:32643 (UTM zone 43N"),
        (32642, (64, 38, 70, 41), "EPSG:32642 (UTM zone 42N"),
        (32643, None, "UTM (EPSG:32601 to EPSG:32660"),
        (28413, REGION, "EPSG:28413 (Pulkovo 1942 / Gauss-Kruger zone 13"),
        (28413, None, "EPSG:28413 (Pulkovo 1942 / Gauss-Kruger zone 13"),
    ],
)
def test_names_the_likely_projection(epsg: int, expected: Bounds | None, likely: str) -> None:
    transformer = pyproj.Transformer.from_crs(4326, epsg, always_xy=True)
    west, east = (66, 72) if epsg == 32642 else (72, 78)
    zone = {key: lonlat for key, lonlat in BASES.items() if west < lonlat[0] < east}
    metres = {key: transformer.transform(*lonlat) for key, lonlat in zone.items()}
    problems = check_lonlat(points(metres), expected=expected).problems
    assert [problem.code for problem in problems] == ["COORDINATE_PROJECTED"]
    assert likely in problems[0].message
    assert "are no degrees; they look like" in problems[0].message


def test_what_is_off_the_globe_is_not_drawn() -> None:
    features = check_lonlat(
        points({"a": (474.8, 42.8), "b": (74.8, 42.8), "c": (10, 91), "d": (-170.5, 1), "e": (190, 1)})
    )
    assert [shape is None for shape in features.geometry] == [True, False, True, False, True]
    assert [(problem.code, problem.hint) for problem in features.problems] == [
        ("COORDINATE_RANGE", "write degrees"),
        ("COORDINATE_SWAPPED", "write longitude first: [91, 10]"),
        ("COORDINATE_RANGE", "write -170"),
    ]


def test_longitudes_from_0_to_360_are_told_of_once() -> None:
    features = points({"kant": (74.8, 42.8), "lima": (283, -12), "quito": (281.5, 0), "midway": (182.6, 28.2)})
    checked = check_lonlat(features)
    (problem,) = checked.problems
    assert str(problem) == (
        'bases.geojson:1 feature 2 ("lima"): the longitude 283 (and those of 2 more) is above 180: they are counted'
        " from 0 to 360, not from -180 to 180. Fix: take 360 from each that is above 180. [COORDINATE_RANGE]"
    )
    assert checked.flawed == {1, 2, 3}
    area = np.array([*features.geometry[:3], shapely.box(170, -20, 190, -10)], dtype=object)
    (problem,) = check_lonlat(replace(features, geometry=area)).problems
    assert problem.hint == "take 360 from each that is above 180, and cut at 180 degrees what crosses it"


def test_a_few_longitudes_above_180_are_told_of_one_by_one() -> None:
    many = {str(n): (74.0, 42.0) for n in range(100)} | {"a": (274, 42), "b": (275, 42)}
    assert len(check_lonlat(points(many)).problems) == 2
    assert len(check_lonlat(points({"lima": (-77, -12), "a": (183, 1), "b": (184, 1)})).problems) == 2


@pytest.mark.parametrize("position", ["[NaN, NaN]", "[1e999, NaN]", "[NaN, 42]"])
def test_what_the_reader_told_of_is_not_drawn_and_not_told_again(position: str) -> None:
    text = f'{{"type": "Point", "coordinates": {position}}}'
    features = read_geojson(FileBytes("a.geojson", text.encode(), ""))
    checked = check_lonlat(features)
    assert checked.geometry.tolist() == [None]
    assert checked.flawed == {0}
    assert checked.problems == features.problems


def test_points_beyond_the_edge_of_the_map_are_told_of_once() -> None:
    features = check_lonlat(points({"edge": (9, 85.05), "pole": (0, -90), "ice": (40.5, 89.2)}))
    (problem,) = features.problems
    assert str(problem) == (
        'bases.geojson:1 feature 2 ("pole"): warning: the latitude -90 (and those of 1 more) is beyond 85.05, where '
        "the map ends. Fix: expect the point at its edge, or take it out. [COORDINATE_RANGE]"
    )
    assert features.geometry[1] is not None
    assert across("Polygon", [[[0, -90], [90, -90], [90, -70], [0, -70], [0, -90]]]) == []


def test_a_crossing_polygon_is_mended_and_said() -> None:
    ring = [[70, 40], [72, 42], [72, 40], [70, 42], [70, 40]]
    text = json.dumps({"type": "Polygon", "coordinates": [ring]})
    features = check_lonlat(read_geojson(FileBytes("a.geojson", text.encode(), "")))
    assert features.geometry[0].is_valid
    assert features.geometry[0].area == 2
    assert [(problem.code, problem.severity) for problem in features.problems] == [("GEOMETRY_INVALID", "warning")]


def test_a_part_that_encloses_no_area_leaves_no_empty_one_behind() -> None:
    sound, flat = [[70, 40], [72, 40], [72, 42], [70, 40]], [[75, 40], [76, 41], [77, 42], [75, 40]]
    text = json.dumps({"type": "MultiPolygon", "coordinates": [[sound], [flat]]})
    features = check_lonlat(read_geojson(FileBytes("a.geojson", text.encode(), "")))
    assert [(part.area, part.is_empty) for part in shapely.get_parts(features.geometry[0])] == [(2, False)]


RINGS = st.lists(st.tuples(st.integers(70, 76), st.integers(40, 46)), min_size=4, max_size=7)


@given(st.lists(RINGS, min_size=1, max_size=4))
def test_mending_parts_gives_what_mending_the_whole_does(rings: list[list[tuple[int, int]]]) -> None:
    shape = shapely.MultiPolygon([shapely.Polygon(ring) for ring in rings])
    assume(not shape.is_valid)
    text = json.dumps(shapely.geometry.mapping(shape))
    mended = check_lonlat(read_geojson(FileBytes("a.geojson", text.encode(), ""))).geometry[0] or shapely.MultiPolygon()
    whole = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    assert mended.is_valid
    assert mended.symmetric_difference(whole).area < 1e-9


FLAT, TRIANGLE = [[70, 40], [71, 41], [72, 42], [70, 40]], [[70, 40], [71, 40], [71, 41], [70, 40]]


def across(kind: str, coordinates: Any, *, is_geodesic: bool = False) -> list[str]:
    text = json.dumps({"type": kind, "coordinates": coordinates})
    problems = check_lonlat(read_geojson(FileBytes("a.geojson", text.encode(), "")), is_geodesic=is_geodesic).problems
    return [problem.code for problem in problems]


@pytest.mark.parametrize(
    ("kind", "coordinates"),
    [
        ("LineString", [[178, 50], [-178, 51]]),
        ("LineString", [[170, 50], [180, 51], [-180, 51], [-170, 52]]),
        ("MultiLineString", [[[1, 1], [2, 2]], [[139.8, 35.6], [-118.4, 33.9]]]),
        ("Polygon", [[[179, 60], [-179, 60], [-179, 65], [179, 65], [179, 60]]]),
        ("MultiPolygon", [[TRIANGLE], [[[179, 60], [-179, 60], [-179, 65], [179, 60]]]]),
    ],
)
def test_what_crosses_180_degrees_uncut_is_an_error(kind: str, coordinates: Any) -> None:
    assert across(kind, coordinates) == ["GEOMETRY_ACROSS"]


@pytest.mark.parametrize(
    ("kind", "coordinates", "longitudes"),
    [
        ("LineString", [[-180, 51], [178, 50], [-180, 51]], [180, 178, 180]),
        ("LineString", [[-178, 50], [180, 51]], [-178, -180]),
        ("Polygon", [[[-180, 60], [-180, 65], [179, 65], [179, 60], [-180, 60]]], [180, 180, 179, 179, 180]),
        ("Polygon", [[[179, 60], [-180, 60], [180, 65], [179, 60]]], [179, 180, 180, 179]),
    ],
)
def test_a_meridian_written_from_both_sides_is_that_of_the_shape(
    kind: str, coordinates: Any, longitudes: list[float]
) -> None:
    text = json.dumps({"type": kind, "coordinates": coordinates})
    features = check_lonlat(read_geojson(FileBytes("a.geojson", text.encode(), "")))
    assert features.problems == ()
    assert shapely.get_coordinates(features.geometry)[:, 0].tolist() == longitudes


def test_a_ring_around_the_pole_may_be_closed_along_a_parallel() -> None:
    coast = [[-90, -70], [0, -70], [90, -70]]
    assert across("Polygon", [[[179.7, -84.3], [-179, -84.4], *coast, [179.7, -84.3]]]) == []
    assert across("Polygon", [[[179.7, -64.3], [-179, -64.4], *coast, [179.7, -64.3]]]) == ["GEOMETRY_ACROSS"]


@pytest.mark.parametrize(
    ("kind", "coordinates"),
    [
        ("MultiPoint", [[178, 50], [-178, 51]]),
        ("LineString", [[139.8, 35.6], [0, 35], [-118.4, 33.9]]),
        ("MultiLineString", [[[178, 50], [180, 50.5]], [[-180, 50.5], [-178, 51]]]),
        ("Polygon", [[[-180, -90], [180, -90], [180, 90], [-180, 90], [-180, -90]]]),
        ("MultiPolygon", [[TRIANGLE], [[[-180, 60], [-170, 60], [-170, 65], [-180, 60]]]]),
    ],
)
def test_what_stays_on_its_side_of_180_degrees_is_none(kind: str, coordinates: Any) -> None:
    assert across(kind, coordinates) == []


def test_a_line_along_a_great_circle_may_cross_180_degrees() -> None:
    assert across("LineString", [[178, 50], [-178, 51]], is_geodesic=True) == []


@pytest.mark.parametrize("rings", [[FLAT], [TRIANGLE, TRIANGLE], [[[70, 40]] * 4]])
def test_a_polygon_without_area_is_an_error(rings: list[Any]) -> None:
    text = json.dumps({"type": "Polygon", "coordinates": rings})
    features = check_lonlat(read_geojson(FileBytes("a.geojson", text.encode(), "")))
    assert features.geometry.tolist() == [None]
    assert features.flawed == {0}
    assert [(problem.code, problem.severity) for problem in features.problems] == [("GEOMETRY_INVALID", "error")]


def test_the_caller_keeps_its_geometry() -> None:
    before = points({"a": (474.8, 42.8)})
    check_lonlat(before)
    assert np.array_equal([str(shape) for shape in before.geometry], ["POINT (474.8 42.8)"])
