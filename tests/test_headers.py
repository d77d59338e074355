"""The names of columns: those that the atlas keeps for itself, and near misses of those with a meaning."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.small import features, load_small, problems_of

LEFT_OUT = "warning: names that begin with _ are for what the atlas adds itself: the column is left out"


def test_a_record_stays_with_its_feature_whatever_its_columns_are_called(tmp_path: Path) -> None:
    atlas = load_small(
        tmp_path, 'records = { table = "f.csv" }', f_csv="_feature,id,feature,text\n2,1,a,hi\nx,2,b,there\n"
    )
    records = atlas.layers["l"].records
    assert records is not None
    assert records[["_feature", "text"]].values.tolist() == [[0, "hi"], [1, "there"]]
    assert [str(problem) for problem in atlas.problems] == [
        f'f.csv:1 column "_feature": {LEFT_OUT}. Fix: rename the column. [TABLE_COLUMN]'
    ]


def test_a_key_may_begin_as_it_likes(tmp_path: Path) -> None:
    records = load_small(tmp_path, 'records = { table = "f.csv", key = "_feature" }', f_csv="_feature,text\nc,hi\n")
    assert records.problems == ()
    table = load_small(tmp_path, 'key = { features = "id", table = "_id" }', l_csv="_id,name\na,A\nb,B\nc,C\n")
    assert table.problems == ()


@pytest.mark.parametrize("name", ["_x", "__proto__", "_color"])
def test_a_column_that_is_left_out_is_told_of_in_tables_and_properties(name: str, tmp_path: Path) -> None:
    said = f"{LEFT_OUT}. Fix: rename the column. [TABLE_COLUMN]"
    table = f"id,name,{name}\na,A,1\nb,B,\nc,C,\n"
    assert problems_of(tmp_path, l_csv=table) == [f'l.csv:1 column "{name}": {said}']
    shapes = features({"a": {"id": "a", name: 1}, "b": {"id": "b"}})
    assert problems_of(tmp_path, l_csv="", l_geojson=shapes) == [f'l.geojson:1 column "{name}": {said}']


@pytest.mark.parametrize("asked", ["[layers.l.fields._x]\nfilter = true", 'label = "_x"', 'time = { from = "_x" }'])
def test_to_ask_for_a_column_that_is_left_out_is_an_error(asked: str, tmp_path: Path) -> None:
    said = problems_of(tmp_path, asked, l_csv="id,name,_x\na,A,2003\nb,B,\nc,C,\n")
    assert 'there is no column "_x" in l.csv and l.geojson' in said[0]
    assert said[0].startswith("atlas.toml:6 ")
    assert LEFT_OUT in said[1]
