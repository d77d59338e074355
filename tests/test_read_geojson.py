"""GeoJSON: the quick and the exact way agree, lines are true, nothing outside the folder is opened."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import DataError, EnvironmentFailure
from geo.read import exact, geojson
from geo.read.features import Features
from geo.read.files import FileBytes, find_file, likely_encoding, read_bytes
from geo.read.geojson import read_geojson
from tests.small import point

KANT, OSH = point("kant", 74.8465, 42.8532), point("osh", 72.7933, 40.609)


def collection(*features: str) -> str:
    return '{"type": "FeatureCollection", "features": [\n' + ",\n".join(features) + "\n]}\n"


def read(text: str) -> Features:
    return read_geojson(FileBytes("bases.geojson", text.encode(), ""))


def is_quick(text: str) -> bool:
    return geojson._read_quick("bases.geojson", text.encode(), ("id",)) is not None


def test_gives_geometry_properties_and_lines() -> None:
    features = read(collection(KANT, OSH))
    assert [shape.wkt for shape in features.geometry] == ["POINT (74.8465 42.8532)", "POINT (72.7933 40.609)"]
    assert features.properties == {"id": ["kant", "osh"]}
    assert features.lines.tolist() == [2, 3]
    assert features.problems == ()


def test_the_line_of_a_feature_is_that_of_its_first_brace() -> None:
    text = json.dumps(json.loads(collection(KANT, OSH)), indent=2)
    assert text.split("\n")[3] == "    {"
    assert read(text).lines.tolist() == [4, 17]


def test_a_brace_alone_is_named_with_its_line() -> None:
    with pytest.raises(DataError, match=r"bases.geojson:2:1: '}' stands where a JSON value is expected"):
        read(collection("}"))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("null", "null is not a feature"),
        ('["a", true]', '["a", true] is not a feature'),
        ('{"a": 1}', 'the object has no "type"'),
        ('{"type": null}', "the type is null, not 'Feature'"),
    ],
)
def test_what_is_no_feature_is_shown_as_the_file_has_it(written: str, said: str) -> None:
    assert [problem.message for problem in read(collection(KANT, written)).problems] == [said]


def test_a_reference_system_without_a_name_is_shown_as_the_file_has_it() -> None:
    link = '{"type": "link", "properties": {"href": "osh.prj"}}'
    text = collection(KANT).replace('"features"', f'"crs": {link}, "features"')
    (problem,) = read(text).problems
    assert problem.message == f"the file says that it is in {link!r}, which nothing knows"


def test_a_list_of_features_in_another_place_is_told_of() -> None:
    text = f'{{"type": "FeatureCollection", "data": {{"features": [{KANT}]}}}}'
    with pytest.raises(DataError, match='the FeatureCollection has no list "features"'):
        read(text)


@pytest.mark.parametrize("kind", ['["Point"]', '{"is": "Point"}', "5"])
def test_a_type_that_is_no_text_is_told_of(kind: str) -> None:
    with pytest.raises(DataError, match=r"the type is .*Fix: write a FeatureCollection"):
        read(f'{{"type": {kind}, "features": []}}')


def test_the_same_mistake_in_one_feature_is_told_once() -> None:
    heights = ", ".join(["NaN"] * 1_000 + ["Infinity"])
    problems = read(collection(KANT.replace('"kant"', f'"kant", "heights": [{heights}]'))).problems
    assert [problem.message.partition(" ")[0] for problem in problems] == ["NaN", "Infinity"]


def test_members_may_come_in_any_order_and_in_one_line() -> None:
    text = '{"features":[{"geometry":null,"properties":{"id":"a"},"type":"Feature"}],"type":"FeatureCollection"}'
    assert is_quick(text)
    assert read(text).properties == {"id": ["a"]}


def test_a_property_that_some_features_lack_is_none() -> None:
    features = read(collection(KANT, OSH.replace('"osh"', '"osh", "kind": "planned"')))
    assert features.properties == {"id": ["kant", "osh"], "kind": [None, "planned"]}


@pytest.mark.parametrize(
    "member",
    [
        '"bbox": [69.2, 39.1, 80.3, 43.3]',
        '"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}',
        '"name": "bases"',
        '"note": "a \\"features\\": [ in a text, and a \\\\"',
    ],
)
@pytest.mark.parametrize("place", ["before", "after"])
def test_other_members_keep_the_quick_way(member: str, place: str) -> None:
    text = collection(KANT, OSH)
    text = (
        text.replace('"features"', f'{member}, "features"')
        if place == "before"
        else f"{text.rstrip()[:-1]}, {member}}}"
    )
    json.loads(text)
    features = read(text)
    assert features.lines.tolist() == [2, 3]
    assert features.properties["id"] == ["kant", "osh"]


def test_the_id_member_and_a_bbox_of_features_are_no_obstacle() -> None:
    text = collection(KANT.replace('"properties"', '"id": 7, "bbox": [1, 2, 3, 4], "properties"'), OSH)
    assert is_quick(text)


@pytest.mark.parametrize(
    "properties",
    [
        r'"id" :"kant","mw":"100","mw":"200"',
        r'"id" :"kant","mw":"100","mw":"200","note":"a \":"',
        r'"x\\":"b","mw":"1","mw":"2"',
    ],
)
def test_a_member_that_stands_twice_is_found_however_colons_stand(properties: str) -> None:
    features = read(collection(KANT.replace('"id": "kant"', properties)))
    assert [(problem.code, problem.line) for problem in features.problems] == [("JSON_DUPLICATE_KEY", 2)]


@pytest.mark.parametrize("note", [r"a \": b", "a : b", r"a\\"])
@pytest.mark.parametrize("colon", [":", " : "])
def test_colons_and_quotation_marks_in_texts_keep_the_quick_way(note: str, colon: str) -> None:
    assert is_quick(collection(KANT.replace('"kant"', f'"kant", "note"{colon}"{note}"')))


def with_id(own: str) -> str:
    return f'{{"type": "Feature", "id": {own}, "properties": {{"name": "n"}}, "geometry": null}}'


def test_the_features_own_ids_are_a_property_where_one_has_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geojson, "_CHUNK", 2)
    assert read(collection(with_id('"KGZ"'), with_id("398"))).properties["id"] == ["KGZ", 398]
    nameless = with_id("null"), with_id("null").replace('"id": null, ', "")
    assert "id" not in read(collection(*nameless)).properties
    assert read(collection(with_id('"KGZ"'), *nameless, *nameless)).properties["id"] == ["KGZ", None, None, None, None]
    assert read(collection(nameless[1], nameless[1], with_id('"KGZ"'))).properties["id"] == [None, None, "KGZ"]
    assert read(collection(with_id('"KGZ"'), OSH)).properties["id"] == [None, "osh"]


@pytest.mark.parametrize("damage", [', "geometry": null', ', "properties": {"name": "n"}'])
def test_a_feature_that_is_refused_is_named_by_its_own_id(damage: str) -> None:
    features = read(collection(KANT, with_id('"osh"').replace(damage, "")))
    assert [problem.subject for problem in features.problems] == ['feature 2 ("osh")']
    assert features.refused == {"osh"}


@pytest.mark.parametrize("written", ["\\u000b", "\\r", "\\u0000", "\x7f", "\u2028", "\x9b", "\\u009B"])
def test_a_control_character_in_a_property_is_told_and_read_as_a_space(written: str) -> None:
    features = read(collection(OSH, KANT.replace('"kant"', f'"kant", "note": "Lake{written}Balkhash"')))
    assert features.properties["note"][1] == "Lake Balkhash"
    assert [(problem.code, problem.line, problem.subject) for problem in features.problems] == [
        ("TABLE_CONTROL", 3, 'feature 2 ("kant") property "note"')
    ]


@pytest.mark.parametrize("written", ["\\n", "\\r\\n"])
def test_a_line_break_in_a_property_is_kept(written: str) -> None:
    features = read(collection(KANT.replace('"kant"', f'"kant", "note": "Lake{written}Balkhash"')))
    assert features.properties["note"] == ["Lake\nBalkhash"]
    assert features.problems == ()


CRS = '"crs": {"type": "name", "properties": {"name": "%s"}}, '


@pytest.mark.parametrize("begin", ['"type": "Feature"', '"type": "Point"'])
def test_another_system_of_one_feature_is_named(begin: str) -> None:
    features = read(collection(OSH, KANT.replace(begin, CRS % "EPSG:3857" + begin)))
    assert [(problem.line, problem.subject, problem.message) for problem in features.problems] == [
        (3, 'feature 2 ("kant")', "the feature says that it is in 'EPSG:3857'")
    ]
    assert is_quick(collection(OSH, KANT.replace(begin, CRS % "EPSG:4326" + begin)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '{"type": "Topology", "objects": {}, "arcs": []}',
            "the file is TopoJSON, not GeoJSON. Fix: save it as GeoJSON",
        ),
        ('{"geometryType": "esriGeometryPoint", "features": []}', "the file is Esri JSON, not GeoJSON. Fix: ask the"),
        ('{"version": 0.6, "elements": []}', "the file is an answer of Overpass, not GeoJSON. Fix: in overpass turbo"),
    ],
)
def test_json_of_maps_that_is_no_geojson_is_named(text: str, said: str) -> None:
    with pytest.raises(DataError) as caught:
        read(text)
    assert str(caught.value).startswith(f"bases.geojson:1: {said}")


KANT_METRES = KANT.replace("74.8465, 42.8532", "8331874.26, 5290050.06")


def in_system(name: str, *features: str) -> str:
    return collection(*features).replace('"features"', CRS % name + '"features"')


@pytest.mark.parametrize("name", ["EPSG:3857", "urn:ogc:def:crs:EPSG::3857", "urn:ogc:def:crs:EPSG:6.9:3857"])
@pytest.mark.parametrize("member", ["crs", "\\u0063rs"])
def test_the_system_that_a_file_names_is_converted(name: str, member: str) -> None:
    features = read(in_system(name, KANT_METRES).replace("crs", member, 1))
    assert features.geometry[0].coords[0] == pytest.approx((74.8465, 42.8532), abs=0.01)
    assert features.problems == ()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("EPSG:999999", "the file says that it is in 'EPSG:999999', which nothing knows. Fix: give it the system that"),
        ("/etc/passwd", "the file says that it is in '/etc/passwd', which nothing knows."),
        (
            "EPSG:3857",
            "its reference system (WGS 84 / Pseudo-Mercator) has metres, and its coordinates look like",
        ),
    ],
)
def test_a_system_that_is_none_is_refused(name: str, said: str) -> None:
    (problem,) = read(in_system(name, KANT)).problems
    assert str(problem).startswith(f"bases.geojson:1: {said}")


def test_text_that_looks_like_json_does_not_deceive() -> None:
    note = json.dumps('}, {"type": "Feature"}, "id": "x"')
    text = collection(KANT.replace('"kant"', f'"kant", "note": {note}'), OSH)
    assert read(text).lines.tolist() == [2, 3]
    assert read(text).properties["note"][0] == '}, {"type": "Feature"}, "id": "x"'


def test_integers_of_any_size_stay_exact() -> None:
    number = 123456789012345678901234567890
    assert read(collection(KANT.replace('"kant"', str(number)))).properties["id"] == [number]


@pytest.mark.parametrize("text", ["a\\ud83d", "\\ude00", "\\ude00\\ud83d"])
def test_half_a_character_is_refused(text: str) -> None:
    with pytest.raises(DataError) as caught:
        read(collection(KANT.replace("kant", text)))
    assert "is half a character. Fix: write the whole character. [JSON_SYNTAX]" in str(caught.value)


def test_a_whole_character_in_two_escapes_is_fine() -> None:
    assert read(collection(KANT.replace("kant", "\\ud83d\\ude00"))).properties["id"] == ["\U0001f600"]
    assert read(collection(KANT.replace("kant", "\\\\ud83d"))).properties["id"] == ["\\ud83d"]


def nested(depth: int) -> str:
    return collection(KANT.replace('"kant"', f'"kant", "deep": {"[" * depth + "]" * depth}'))


def test_deep_nesting_is_read() -> None:
    assert read(nested(300)).properties["id"] == ["kant"]


@pytest.mark.parametrize("depth", [3_000, 200_000])
def test_nesting_without_end_is_refused(depth: int) -> None:
    with pytest.raises(DataError, match="nested too deep"):
        read(nested(depth))


def test_the_wrong_winding_of_a_ring_is_accepted() -> None:
    ring = [[70, 40], [70, 41], [71, 41], [71, 40], [70, 40]]
    for coordinates in (ring, ring[::-1]):
        text = json.dumps({"type": "Polygon", "coordinates": [coordinates]})
        assert read(text).geometry[0].area == 1


def test_every_type_is_read_as_shapely_reads_it() -> None:
    shapes = [
        "POINT (1 2)",
        "MULTIPOINT ((1 2), (3 4))",
        "LINESTRING (1 2, 3 4)",
        "MULTILINESTRING ((1 2, 3 4), (5 6, 7 8, 9 0))",
        "POLYGON ((0 0, 9 0, 9 9, 0 0), (5 1, 6 1, 6 2, 5 1))",
        "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((0 0, 9 0, 9 9, 0 0), (5 1, 6 1, 6 2, 5 1)))",
    ]
    features = [
        f'{{"type": "Feature", "properties": {{}}, "geometry": {shapely.to_geojson(shapely.from_wkt(wkt))}}}'
        for wkt in [*shapes, *shapes[::-1]]
    ]
    text = collection(*features)
    assert is_quick(text)
    assert [shape.wkt for shape in read(text).geometry] == [
        shapely.from_wkt(wkt).wkt for wkt in [*shapes, *shapes[::-1]]
    ]


@pytest.mark.parametrize(
    ("geometry", "message"),
    [
        ({"type": ["Point"], "coordinates": [1, 2]}, 'the geometry type is ["Point"]'),
        ({"type": "Point", "coordinates": [1, {"a": 2}]}, 'the coordinate {"a": 2} is not a number'),
        (
            {"type": "Polygon", "coordinates": [[[1, 1], [2, 2], [3, 3], {}]]},
            "{} stands where a position [lon, lat] is expected",
        ),
        (
            {"type": "MultiPolygon", "coordinates": [[[[1, 1], [2, 2], [3, 1], [1, 1]]], {}]},
            "{} stands in the MultiPolygon where a list is expected",
        ),
        ({"type": "GeometryCollection", "geometries": [None]}, "the GeometryCollection has the member null"),
        (
            {"type": "GeometryCollection", "geometries": [{"type": ["Point"], "coordinates": [1, 2]}]},
            'the GeometryCollection has the member {"type": ["Point"], "coordinates": [1, 2]}',
        ),
    ],
)
def test_an_object_where_none_belongs_is_named(geometry: Any, message: str) -> None:
    feature = {"type": "Feature", "properties": {"id": "kant"}, "geometry": geometry}
    assert [problem.message for problem in read(collection(json.dumps(feature))).problems] == [message]


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": [70, 40, 7]},
        {"type": "MultiLineString", "coordinates": [[[70, 40], [71, 41]], [[70, 40, 0], [71, 41, 7]]]},
        {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [70, 40, 7]}]},
    ],
)
def test_heights_are_told_at_the_line_of_the_first(geometry: Any) -> None:
    high = json.dumps({"type": "Feature", "properties": {}, "geometry": geometry})
    flat = point("flat", 70, 40).replace("40]", "40, 0]")
    for text in (collection(OSH, flat, high, high), collection(OSH, flat, high, OSH.replace("Point", "Blob"))):
        problems = read(text).problems
        assert [problem.line for problem in problems if problem.code == "GEOMETRY_HEIGHT"] == [4]


numbers = st.floats(-90, 90, allow_nan=False) | st.integers(-90, 90)
positions = st.lists(numbers, min_size=2, max_size=3)
flawed = st.recursive(
    numbers | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=4
)
lines = st.lists(positions, min_size=2, max_size=4)
geometries = st.none() | st.one_of(
    st.fixed_dictionaries({"type": st.just("Point"), "coordinates": positions}),
    st.fixed_dictionaries({"type": st.just("LineString"), "coordinates": lines}),
    st.fixed_dictionaries({"type": st.just("MultiLineString"), "coordinates": st.lists(lines, min_size=1, max_size=2)}),
    # flawed in every way
    st.fixed_dictionaries({"type": st.sampled_from(["Point", "Polygon", "Blob"]), "coordinates": st.lists(lines)}),
    st.fixed_dictionaries({"type": st.just("MultiPolygon") | flawed, "coordinates": st.lists(lines | flawed)}),
)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
features = st.fixed_dictionaries(
    {
        "type": st.just("Feature"),
        "properties": st.none() | st.dictionaries(st.sampled_from(["id", "name", 'a":', "{"]), values, max_size=3),
        "geometry": geometries,
    },
    optional={"id": st.integers(), "bbox": st.lists(numbers), "foreign": values},
)


@pytest.mark.parametrize(
    "written", ["9223372036854775809123", "[-9223372036854775809]", '{"a": [92233720368547758091]}']
)
def test_an_integer_that_the_quick_way_would_round_is_kept_however_deep_it_stands(written: str) -> None:
    feature = f'{{"type":"Feature","properties":{{"id":{written}}},"geometry":null}}'
    data = f'{{"type":"FeatureCollection","features":[{feature}]}}'.encode()
    assert geojson._read_quick("x.geojson", data, ("id",)) is None


@settings(max_examples=200, deadline=None)
@given(st.lists(features, max_size=5), st.sampled_from([None, 1]), st.booleans())
def test_the_quick_way_finds_what_the_exact_way_finds(items: list[Any], indent: int | None, is_ascii: bool) -> None:
    text = json.dumps({"type": "FeatureCollection", "features": items}, indent=indent, ensure_ascii=is_ascii)
    try:
        data = text.encode()
    except UnicodeEncodeError:  # hypothesis made half a character
        return
    quick = geojson._read_quick("x.geojson", data, ("id",))
    try:
        precise = exact.read_exact("x.geojson", data, ("id",)).features()
    except DataError:
        assert quick is None
        return
    if quick is not None:
        found = quick.features()
        assert found.properties == precise.properties
        assert found.lines.tolist() == precise.lines.tolist()
        assert found.problems == precise.problems
        assert found.flawed == precise.flawed
        assert [str(shape) for shape in found.geometry] == [str(shape) for shape in precise.geometry]


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 220), st.sampled_from([b"", b",", b"}", b"]", b'"', b"NaN", b"'", b"\\", b"\xff", b"//", b"1"]))
def test_a_damaged_file_is_refused_or_read_never_died_of(place: int, damage: bytes) -> None:
    data = collection(KANT, OSH).encode()
    damaged = data[:place] + damage + data[place + 1 :]
    problems = []
    try:
        read_geojson(FileBytes("x.geojson", damaged, ""))
    except DataError as err:
        problems = err.problems
    assert all(problem.line > 0 for problem in problems)


# ---- files -----------------------------------------------------------------------------------------------------------


def test_a_link_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    atlas = tmp_path / "atlas"
    atlas.mkdir()
    (atlas / "bases.csv").symlink_to(tmp_path / "secret")
    (atlas / "sub").symlink_to(tmp_path)
    for name in ("bases.csv", "sub/secret"):
        with pytest.raises(DataError, match="is a link that leads out of the atlas folder"):
            find_file(atlas, name)


def test_a_link_inside_the_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id\n")
    (tmp_path / "b.csv").symlink_to("a.csv")
    assert read_bytes(tmp_path, "b.csv").data == b"id\n"


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(DataError, match="is not a file"):
        find_file(tmp_path, "pipe.csv")


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "C:\\x.csv", "../x.csv", "a/../../x.csv", "https://x.org/a.csv", "/vsicurl/x"]
)
def test_what_is_not_in_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match="FILE_OUTSIDE"):
        find_file(tmp_path, name)


@pytest.mark.parametrize("name", ["no.csv", "a\0b", "x" * 5_000])
def test_what_is_not_there_is_missing(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match="FILE_MISSING"):
        find_file(tmp_path, name)


def test_another_case_of_letters_is_named(tmp_path: Path) -> None:
    (tmp_path / "Bases.csv").write_text("id\n")
    with pytest.raises(DataError, match=r"did you mean 'Bases.csv'\?"):
        find_file(tmp_path, "bases.csv")


def test_an_unreadable_file_is_the_machines_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_text("id\n")

    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(EnvironmentFailure, match="cannot be read: Permission denied"):
        read_bytes(tmp_path, "a.csv")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Центр транзитных перевозок", "cp1251"),
        ("Центр транзитных перевозок", "koi8-r"),
        ("Центр транзитных перевозок", "cp866"),
        ("Бишкек шаарынын аба майданы, Ысык-Көл эмес", "cp1251"),
        ("Base aérienne détruite à l'été", "cp1252"),
        ("Türkiye'nin doğusu, kuş uçuşu, ışık", "cp1254"),
        ("中国的人大在这", "gb18030"),
    ],
)
def test_names_the_likely_encoding(text: str, encoding: str) -> None:
    assert likely_encoding(text.encode(encoding, "replace")) == encoding
