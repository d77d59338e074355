"""The names of columns: those that the atlas keeps for itself, and near misses of those with a meaning."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.pack.pagedata import pack_map
from geo.problems import printable
from tests.small import features, load_small, problems_of

LEFT_OUT = "warning: names that begin with _ are for what the atlas adds itself: the column is left out"
LICENCE = "did you mean 'licence'?"
UNUSED = "warning: nothing shows this column. Fix: take it out. [TABLE_UNUSED]"


def test_a_record_stays_with_its_feature_whatever_its_columns_are_called(tmp_path: Path) -> None:
    atlas = load_small(
        tmp_path, 'records = { table = "f.csv" }', f_csv="_feature,id,feature,text\n2,1,a,hi\nx,2,b,there\n"
    )
    records = atlas.layers["l"].records
    assert records is not None
    assert records[["_feature", "text"]].values.tolist() == [[0, "hi"], [1, "there"]]
    assert [str(problem) for problem in atlas.problems] == [f'f.csv:1 column "_feature": {UNUSED}']


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


@pytest.mark.parametrize("asked", ["[layers.l.fields._x]\nfilter = true", 'label = "_x"'])
@pytest.mark.parametrize("key", ["id", "_x"])
def test_to_ask_for_a_column_that_is_left_out_is_an_error(asked: str, key: str, tmp_path: Path) -> None:
    (said,) = problems_of(tmp_path, f'key.table = "{key}"\n{asked}', l_csv="id,_x\na,a\nb,b\nc,c\n")
    assert said.startswith("atlas.toml:7 layers.l.")
    assert said.endswith("rename the column, or take this out. [CONFIG_VALUE]")


def test_dates_in_a_column_that_is_left_out_are_missed(tmp_path: Path) -> None:
    missed, left_out = problems_of(tmp_path, 'time = { from = "_x" }', l_csv="id,_x\na,2003\nb,\nc,\n")
    assert 'there is no column "_x" in l.csv and l.geojson' in missed
    assert LEFT_OUT in left_out


@pytest.mark.parametrize(
    ("name", "meant", "reason"),
    [
        ("Name", "name", "only capital letters differ"),
        ("n\u0430me", "name", "letters of two alphabets look alike"),
        ("name\u200b", "name", "only the spaces differ"),
        ("sour\u0441e", "source", "letters of two alphabets look alike"),
        ("As_of", "as_of", "only capital letters differ"),
        ("Precision", "precision", "only capital letters differ"),
        ("Valid_From", "valid_from", "only capital letters differ"),
        ("valid-to", "valid_to", "only the marks between differ"),
        ("note_RU", "note_ru", "only capital letters differ"),
        ("river_Source", "river_source", "only capital letters differ"),
    ],
)
def test_a_column_that_looks_like_one_with_a_meaning_is_refused(
    name: str, meant: str, reason: str, tmp_path: Path
) -> None:
    table = f"id,river,{name}\na,,\nb,,\nc,,\n"
    said = f"not {meant!r}, which has a meaning: {reason}. Fix: write {meant}, or declare the field in atlas.toml."
    top = 'languages = ["en", "ru"]\n'
    assert problems_of(tmp_path, top=top, l_csv=table) == [printable(f'l.csv:1 column "{name}": {said} [TABLE_NAME]')]
    declared = f'[layers.l.fields."{name}"]'
    assert problems_of(tmp_path, declared, top=top, l_csv=table) == []


def test_a_property_that_looks_like_one_with_a_meaning_is_warned_of(tmp_path: Path) -> None:
    shapes = features({place: {"id": place, "Name": place} for place in "abc"})
    said = problems_of(tmp_path, l_csv="", l_geojson=shapes)
    assert [problem.partition(" Fix")[0] for problem in said] == [
        "l.geojson:1 column \"Name\": warning: not 'name', which has a meaning: only capital letters differ."
    ]
    assert problems_of(tmp_path, l_geojson=shapes) == []  # the table has a name


@pytest.mark.parametrize(
    ("name", "meant"), [("valid_form", "valid_from"), ("Precison", "precision"), ("sources", "source")]
)
def test_a_column_with_a_letter_wrong_is_warned_of(name: str, meant: str, tmp_path: Path) -> None:
    assert problems_of(tmp_path, l_csv=f"id,{name}\na,\nb,\nc,\n") == [
        f'l.csv:1 column "{name}": warning: nearly {meant!r}, which has a meaning. '
        f"Fix: write {meant}, or declare the field in atlas.toml. [TABLE_NAME]"
    ]


def test_a_translation_into_the_default_language_is_warned_of_and_shown_as_an_attribute(tmp_path: Path) -> None:
    table = "id,name,name_en,region,region_en\na,\u041a\u0430\u043d\u0442,Kant,\u0427\u0443\u0439,Chuy\nb,,,,\nc,,,,\n"
    said = [
        f'l.csv:1 column "{name}_en": warning: {name!r} is the column of the default language, en. Fix: write {name} '
        f"(and {name}_<language> for what else that holds), or declare the field in atlas.toml. [TABLE_NAME]"
        for name in ("name", "region")
    ]
    assert problems_of(tmp_path, l_csv=table) == said
    page = pack_map(load_small(tmp_path, l_csv=table), "m", {})
    assert [field["id"] for field in page.layers[0]["fields"]] == ["name_en", "region", "region_en"]
    nameless = problems_of(tmp_path, l_csv=table.replace("id,name,", "id,title,"))
    assert [problem.split(":")[1] for problem in nameless] == ['1 column "name_en"', '1 column "region_en"']
    assert problems_of(tmp_path, "fields.name_en = {}\nfields.region_en = {}", l_csv=table) == []


def test_columns_of_other_names_are_not_doubted(tmp_path: Path) -> None:
    names = "names,notes,vote,title,dates,data,value,resource,power_source,name_de,status_as_of,valid,from,to"
    rows = "".join(f"{place}{',' * len(names.split(','))}\n" for place in "abc")
    assert problems_of(tmp_path, l_csv=f"id,{names}\n{rows}") == []


def test_what_nothing_shows_of_records_series_and_sources_is_named(tmp_path: Path) -> None:
    files = {
        "f_csv": "feature,Date,text,text_ru,note_en,who\na,2003,hi,,,me\n",
        "s_csv": "id,year,value,Source,country\na,2003,1,lewis2051,X\n",
        "sources_csv": "id,citation,URL,License\nlewis2015,Lewis,,\n",
    }
    layer = 'records = { table = "f.csv" }\nseries.s = { table = "s.csv", key = "id" }'
    said = problems_of(tmp_path, layer, top='languages = ["en", "ru"]\n', **files)
    assert [problem.replace("which has a meaning: only capital letters differ", "...") for problem in said] == [
        "f.csv:1 column \"Date\": not 'date', .... Fix: write date, or take the column out. [TABLE_NAME]",
        "f.csv:1 column \"note_en\": warning: nothing shows this column. Fix: did you mean 'note'? [TABLE_UNUSED]",
        f'f.csv:1 column "who": {UNUSED}',
        "s.csv:1 column \"Source\": not 'source', .... Fix: write source, or take the column out. [TABLE_NAME]",
        f's.csv:1 column "country": {UNUSED}',
        "sources.csv:1 column \"URL\": not 'url', .... Fix: write url, or take the column out. [TABLE_NAME]",
        f'sources.csv:1 column "License": {UNUSED.replace("take it out.", LICENCE)}',
    ]


def test_a_table_of_several_uses_shows_the_columns_of_each(tmp_path: Path) -> None:
    series = "".join(f'series.{v} = {{ table = "s.csv", key = "id", value = "{v}" }}\n' for v in ("usd", "pct"))
    assert problems_of(tmp_path, series, s_csv="id,year,usd,pct\na,2003,1,2\n") == []
    own = 'series.s = { table = "l.csv", key = "id" }'
    assert problems_of(tmp_path, own, l_csv="id,name,year,value\na,A,2003,1\nb,B,2003,2\nc,C,2003,3\n") == []
