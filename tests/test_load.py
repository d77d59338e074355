"""Whole atlas folders: each case in tests/atlases/ beside the text it must give.

A new case is a new folder; `python -m tests.test_load` writes the expected.txt of folders that have none.
"""

from __future__ import annotations

import gc
import hashlib
import math
import re
import warnings
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from geo.check.dates import parse_date, parse_period
from geo.config.settings import read_config
from geo.errors import ConfigError, DataError
from geo.load.atlas import load_atlas
from geo.model import AtlasData, LayerData
from tests.small import PLACES, TABLE, features, load_small, problems_of

CASES = Path(__file__).parent / "atlases"


def outcome(folder: Path) -> str:
    """Give the problems of an atlas folder, and where none is an error what was made of it."""
    try:
        atlas = load_atlas(read_config(folder))
    except DataError as err:
        return f"{err}\n"
    lines = [str(problem) for problem in atlas.problems]
    for layer in atlas.layers.values():
        counts = layer.counts
        lines.append(
            f"{layer.id}: {counts.features} features, {counts.rows} rows, {counts.matched} matched, "
            f"{counts.located} located, {counts.problems} problems"
        )
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("case", sorted(path.name for path in CASES.iterdir()))
def test_says_what_is_expected_of_a_case(case: str) -> None:
    folder = CASES / case
    assert outcome(folder).replace(str(folder), case) == (folder / "expected.txt").read_text(encoding="utf-8")


def load_everything(*layers: str) -> AtlasData:
    return load_atlas(read_config(CASES / "everything"), layers or None)


def column(layer: LayerData, name: str) -> list[Any]:
    return [None if isinstance(value, float) and math.isnan(value) else value for value in layer.frame[name].tolist()]


def test_columns_have_their_declared_types() -> None:
    airports = load_everything().layers["airports"]
    assert column(airports, "_key") == ["FRU", "OSS", "IST", "RUS"]
    assert column(airports, "name_ru") == ["Манас", "Ош", "Стамбул", None]
    assert column(airports, "opened")[:2] == [parse_date("1974-10"), parse_date("1974~")]
    assert column(airports, "runway_m") == [4204, 2614, None, None]
    assert column(airports, "customs") == [True, True, False, None]
    assert column(airports, "as_of")[0] == parse_date("2024")
    assert {str(kind) for kind in airports.frame.dtypes} == {"object", "float64", "geometry"}
    assert airports.frame.crs == "EPSG:4326"
    assert airports.frame.geometry.notna().tolist() == [True, True, True, False]


def test_features_keep_their_order_and_properties() -> None:
    votes = load_everything().layers["votes"]
    assert column(votes, "_key") == ["KGZ", "NA", "UZB"]
    assert column(votes, "vote") == ["did not; vote", "abstained", "abstained"]
    assert column(votes, "area_km2") == [199951, 825615, 447400]


@pytest.mark.parametrize("table", ["", TABLE])
def test_the_features_own_ids_are_the_key_where_no_property_is(tmp_path: Path, table: str) -> None:
    shapes = features({place: {"id": place} for place in PLACES})
    own_ids = re.sub(r'"properties": {("id": "\w")}', r'\1, "properties": {}', shapes)
    atlas = load_small(tmp_path, l_csv=table, l_geojson=own_ids)
    assert column(atlas.layers["l"], "_key") == ["a", "b", "c"]


@pytest.mark.parametrize("table", ["", TABLE])
def test_features_own_ids_that_are_no_keys_are_refused(tmp_path: Path, table: str) -> None:
    shapes = features({place: {"id": place} for place in PLACES}).replace('{"id": "a"}', "{}")
    shapes = re.sub(r'"properties": {("id": "\w")}', r'\1, "properties": {}', shapes).replace('"c"', "1234567.0")
    said = problems_of(tmp_path, l_csv=table.replace("\na,A", "").replace("\nc,C", ""), l_geojson=shapes)
    assert said == [
        'l.geojson:2 feature 1: the properties have no "id", the join key. Fix: add it. [KEY_MISSING]',
        'l.geojson:4 feature 3: the join key "id" is 1234567.0, neither text nor a whole number. '
        'Fix: write "1234567". [KEY_TYPE]',
    ]


def test_many_rows_share_the_geometry_of_their_feature() -> None:
    layers = load_everything().layers
    csto = layers["csto"]
    assert column(csto, "_key") == ["UZB", "KGZ", "UZB"]
    assert [value.text for value in csto.frame["valid_from"]] == ["1994", "1994", "2006-06-23"]
    shapes = csto.frame.geometry.tolist()
    assert shapes[0] is shapes[2]
    assert shapes[0] is layers["votes"].frame.geometry.tolist()[2]
    assert csto.pool == layers["votes"].pool == "countries.geojson"


def test_flows_are_lines_between_their_nodes() -> None:
    flights = load_everything().layers["flights"]
    assert column(flights, "_key") == ["FRU-IST", "OSS-IST", "FRU-RUS"]
    assert column(flights, "flights") == [27, 11, 49]
    assert flights.frame.geometry.iloc[0].wkt == "LINESTRING (74.4776 43.0613, 28.8146 40.9769)"
    assert flights.frame.geometry.iloc[2] is None


def test_what_names_a_feature_whose_key_is_a_number_with_decimals_is_not_called_an_orphan(tmp_path: Path) -> None:
    shapes = features({"a": {"id": 36.0}, "b": {"id": "b"}})
    for table in ("id\n36\nb\n", ""):
        said = problems_of(tmp_path, FLOWS, l_geojson=shapes, l_csv=table, f_csv="origin,destination\n36,b\n")
        assert [line.partition("key ")[2] for line in said] == [
            '"id" is 36.0, neither text nor a whole number. Fix: write "36". [KEY_TYPE]'
        ]


FLOWS = '[layers.f]\ntitle = "F"\nflows = { table = "f.csv", nodes = "l" }\n'


def test_a_flow_without_key_is_told_of_once(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, FLOWS, f_csv="id,origin,destination\nx,a,b\n,b,c\n")
    assert problem == ('f.csv:3 row 2 column "id": the join key is blank. Fix: write one. [KEY_BLANK]')


def test_flows_with_a_blank_end_are_told_of_each_by_itself(tmp_path: Path) -> None:
    found = problems_of(tmp_path, FLOWS, f_csv="origin,destination\na,\na,\n,b\n")
    assert found == [
        f'f.csv:{line} row {line - 1} column "{column}": the {column} is blank.'
        " Fix: write the key of a node of l.geojson. [FLOW_NODE]"
        for line, column in ((2, "destination"), (3, "destination"), (4, "origin"))
    ]


def test_flows_bring_their_nodes_along() -> None:
    assert list(load_everything("flights").layers) == ["airports", "flights"]


def test_records_come_by_feature_and_date() -> None:
    layers = load_everything().layers
    records = layers["votes"].records
    assert records is not None
    assert records[["_feature", "id", "text_ru"]].values.tolist() == [
        [0, "L001", None],
        [0, "L003", "Вступила в союз"],
        [2, "L001", None],
    ]
    assert records["date"].tolist()[0] == parse_period("1991/1999")
    airports = layers["airports"].records
    assert airports is not None
    assert airports[["_feature", "id", "value", "unit"]].values.tolist() == [[0, "L002", "76", "flights"]]
    assert layers["csto"].records is None


def test_a_record_that_names_a_feature_twice_is_one_record(tmp_path: Path) -> None:
    atlas = load_small(tmp_path, 'records = { table = "f.csv" }', f_csv="feature,text\na; a;b,hi\n")
    records = atlas.layers["l"].records
    assert records is not None
    assert records["_feature"].tolist() == [0, 1]


def test_of_keys_equally_near_to_that_of_a_record_the_first_is_meant(tmp_path: Path) -> None:
    *keys, meant = map("".join, product("kK", "aA", "nN", "tT"))
    point = features({"a": {"id": "kant"}}).splitlines()[1]
    shapes = f'{{"type": "FeatureCollection", "features": [{",".join(point.replace("kant", key) for key in keys)}]}}'
    files = {"l_csv": "", "l_geojson": shapes, "f_csv": f"feature,text\n{meant},hi\n"}
    (said,) = problems_of(tmp_path, 'records = { table = "f.csv" }', **files)
    assert "did you mean 'kant'?" in said


def test_a_column_that_is_missing_is_missing_in_a_table_without_rows_too(tmp_path: Path) -> None:
    said = problems_of(tmp_path, 'unmatched = "ignore"\nfields.votes = { type = "number" }', l_csv="id,vote\n")
    assert any('there is no column "votes" in l.csv and l.geojson. Fix: did you mean' in line for line in said)


VOTES = 'series.votes = { table = "v.csv", key = "id" }'


def test_a_series_may_have_a_column_for_each_year(tmp_path: Path) -> None:
    wide = "id,name,2013 [YR2013],2014,source\na,A,3.5,4,\nb,B,,-7,\n"
    values = load_small(tmp_path, VOTES, v_csv=wide).layers["l"].series["votes"]
    assert values[["_feature", "time", "value"]].values.tolist() == [[0, 2013, 3.5], [0, 2014, 4], [1, 2014, -7]]


def test_the_years_of_a_series_in_the_table_of_the_layer_are_no_attributes(tmp_path: Path) -> None:
    table = "id,name,since,2013,2014\na,A,1991,3,4\nb,B,,5,\nc,C,,,\n"
    layer = load_small(tmp_path, 'series.votes = { table = "l.csv", key = "id" }', l_csv=table).layers["l"]
    assert [name for name in layer.frame.columns if name[0] != "_"] == ["id", "name", "since", "geometry"]
    assert layer.series["votes"]["value"].tolist() == [3, 4, 5]


def test_a_column_for_each_year_is_checked_as_a_row_for_each(tmp_path: Path) -> None:
    wide = "id,name,2013,2014\na,A,3,x\na,A,1,2\nWLD,World,5,6\n,,7,8\n"
    said = problems_of(tmp_path, VOTES, v_csv=wide)
    assert [line.partition(": ")[2] for line in said] == [
        "warning: nothing shows this column. Fix: take it out. [TABLE_UNUSED]",
        "'x' is not a number. Fix: write a number, or leave the cell blank. [TABLE_NUMBER]",
        "row 1 has a value of 'a' for 2013 too. Fix: keep one of them. [SERIES_DUPLICATE]",
        "no feature of l has the key 'WLD'. "
        'Fix: correct it, add it to l.geojson, or set unmatched = { rows = "ignore" } in atlas.toml. [JOIN_NO_FEATURE]',
        "the key is blank. Fix: write the key of a feature. [KEY_BLANK]",
    ]


NAMED = """records = { table = "f.csv" }
series.votes = { table = "v.csv", value = "votes", key = "id" }
fields.near = { type = "feature" }
[layers.flights]
title = "Flights"
flows = { table = "w.csv", nodes = "l" }
[maps.s]
title = "S"
layers = ["l"]
story = { table = "s.csv" }"""
NAMING = {
    "l_csv": "id,name,near\na,A,kant\nkant,Kant,\nkans,C,\n",
    "l_geojson": features({"a": {"id": "a"}, "b": {"id": "kant"}, "c": {"id": "kans"}}),
    "f_csv": "feature,text\na;kant,hi\n",
    "v_csv": "id,year,votes\nkant,2014,7\n",
    "w_csv": "origin,destination\na,kant\n",
    "s_csv": "title,selection\nA,l:kant\n",
}


@pytest.mark.parametrize(
    ("file", "written", "mistaken", "codes"),
    [
        ("l_csv", "kant,Kant", "kanx,Kant", ["JOIN_NO_FEATURE", "JOIN_NO_ROW"]),
        ("l_csv", "kant,Kant,", "kant,Kant", ["TABLE_RAGGED"]),
        ("l_csv", "id,name", "no,name", ["TABLE_COLUMN"]),
        ("l_geojson", '"id": "kant"', '"no": "kant"', ["JOIN_NO_FEATURE", "KEY_MISSING"]),
        ("l_geojson", '"id"', '"no"', ["KEY_MISSING"]),
        (
            "l_geojson",
            '"Feature", "properties": {"id": "kant"',
            '"Featur", "properties": {"id": "kant"',
            ["GEOJSON_TYPE"],
        ),
    ],
)
@pytest.mark.parametrize("unmatched", ["error", "ignore"])
def test_what_names_a_feature_waits_for_the_mistake_that_keeps_it_out(
    tmp_path: Path, file: str, written: str, mistaken: str, codes: list[str], unmatched: str
) -> None:
    layer = f'unmatched = {{ features = "{unmatched}" }}\n{NAMED}'
    assert problems_of(tmp_path, layer, **NAMING) == []
    assert written in NAMING[file]
    said = problems_of(tmp_path, layer, **(NAMING | {file: NAMING[file].replace(written, mistaken)}))
    assert [one.rpartition("[")[2][:-1] for one in said] == (codes if unmatched == "error" else codes[:1])


@pytest.mark.parametrize("table", ["", NAMING["l_csv"].replace("id,", "no,")])
def test_where_no_key_is_known_what_names_features_waits(tmp_path: Path, table: str) -> None:
    files = NAMING | {"l_csv": table, "l_geojson": NAMING["l_geojson"].replace('"id"', '"no"')}
    layer = NAMED if table else NAMED.replace('fields.near = { type = "feature" }\n', "")
    codes = {said.rpartition("[")[2][:-1] for said in problems_of(tmp_path, layer, **files)}
    assert codes == {"KEY_MISSING", *(["TABLE_COLUMN"] if table else [])}


def test_a_slip_is_held_against_a_key_that_a_mistake_keeps_out(tmp_path: Path) -> None:
    files = {"l_csv": NAMING["l_csv"].replace("kant,Kant", "tank,Kant"), "f_csv": "feature,text\nkantt,hi\n"}
    (said,) = (one for one in problems_of(tmp_path, NAMED, **(NAMING | files)) if one.startswith("f.csv"))
    assert said.endswith("Fix: did you mean 'kant'? [RECORD_NO_FEATURE]")


def test_a_series_comes_by_feature_and_year_without_blanks() -> None:
    series = load_everything().layers["votes"].series["remittances"]
    assert series.values.tolist() == [[0, 2013, 31.06, "radnitz2016"], [0, 2014, 30.03, "radnitz2016"]]


def test_sources_and_digests_are_kept() -> None:
    atlas = load_everything()
    assert list(atlas.sources) == ["lewis2015", "radnitz2016"]
    assert atlas.sources["radnitz2016"].line == 3
    folder = CASES / "everything"
    assert atlas.inputs == {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in sorted(path.name for path in folder.glob("*.[cg]*s*"))
    }


def test_the_key_of_a_layer_without_table_is_unique(tmp_path: Path) -> None:
    shapes = features({"a": {"id": "a", "name": "First"}, "b": {"id": "a", "name": "Second"}, "c": {"id": "c"}})
    assert problems_of(tmp_path, l_csv="", l_geojson=shapes) == [
        "l.geojson:3 feature 2 (\"a\"): feature 1 has the key 'a' too. Fix: give each its own key. [KEY_DUPLICATE]"
    ]


def test_a_property_that_gives_way_to_the_key_of_the_table_is_told_of(tmp_path: Path) -> None:
    shapes = features({place: {"iso": place, "code": place * 3} for place in "abc"})
    key = 'key = { features = "iso", table = "code" }'
    assert problems_of(tmp_path, key, l_geojson=shapes, l_csv="code,name\na,A\nb,B\nc,C\n") == [
        "l.geojson:2 feature 1 (\"a\") property \"code\": warning: 'aaa' gives way to 'a' of l.csv. "
        'Fix: take "code" out of the properties of all features. [JOIN_COLUMN]'
    ]


def test_a_column_that_only_ends_like_one_of_sources_is_told_to_be_renamed(tmp_path: Path) -> None:
    said = problems_of(
        tmp_path,
        l_csv="id,power_source,id_source\na,hydro,\nb,,coal\nc,,\n",
        sources_csv="id,citation\nlewis2015,Lewis\n",
    )
    fixes = ('add it to sources.csv, or rename the column: there is no column "power"', "add it to sources.csv")
    assert [problem.partition(": ")[2] for problem in said] == [
        f"there is no source {source!r} (of {key!r}). Fix: {fix}. [SOURCE_UNKNOWN]"
        for source, key, fix in zip(("hydro", "coal"), "ab", fixes, strict=True)
    ]


@pytest.mark.parametrize("layers", [["airports", "nosuch"], [7]])
def test_a_layer_that_the_atlas_does_not_have_is_refused(layers: list[Any]) -> None:
    with pytest.raises(ConfigError, match=r"there is no layer '(nosuch|7)'\. Fix: choose of airports, "):
        load_everything(*layers)


def test_layers_are_not_asked_for_letter_by_letter() -> None:
    with pytest.raises(TypeError, match=r"a list of ids, \['airports'\], not by 'airports'"):
        load_atlas(read_config(CASES / "everything"), "airports")


def test_a_layer_of_many_columns_is_loaded_without_a_warning(tmp_path: Path) -> None:
    names = [f"c{n}" for n in range(150)]
    table = f"id,{','.join(names)}\n" + "".join(f"{key},{','.join(names)}\n" for key in PLACES)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frame = load_small(tmp_path, l_csv=table).layers["l"].frame
    assert list(frame.columns) == ["id", *names, "_key", "geometry"]
    assert frame.crs == "EPSG:4326"


def test_loading_leaves_garbage_collection_as_it_was() -> None:
    assert gc.isenabled()
    load_everything()
    assert gc.isenabled()


if __name__ == "__main__":
    for folder in sorted(CASES.iterdir()):
        if not (folder / "expected.txt").exists():
            (folder / "expected.txt").write_text(outcome(folder).replace(str(folder), folder.name), encoding="utf-8")
