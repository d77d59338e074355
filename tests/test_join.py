"""The join: exact keys, every orphan named with its nearest, rows in = matched + reported."""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.check.near import Nearest
from geo.config.schema import Key, Unmatched
from geo.load.join import Joined, join_attributes
from geo.read.features import Features
from geo.read.files import FileBytes
from geo.read.geojson import read_geojson
from geo.read.tables import Table, read_csv


def features(keys: Sequence[Any], **more: Sequence[Any]) -> Features:
    items = [
        {
            "type": "Feature",
            "properties": {"id": key} | {name: values[at] for name, values in more.items()},
            "geometry": {"type": "Point", "coordinates": [70, 40]},
        }
        for at, key in enumerate(keys)
    ]
    text = '{"type": "FeatureCollection", "features": [\n' + ",\n".join(map(json.dumps, items)) + "\n]}"
    return read_geojson(FileBytes("bases.geojson", text.encode(), ""))


def table(keys: Sequence[str]) -> Table:
    text = "id,name\n" + "".join(f"{json.dumps(key) if key else ''},n{at}\n" for at, key in enumerate(keys))
    return read_csv(FileBytes("bases.csv", text.encode(), ""))


def pairs(joined: Joined) -> list[tuple[int, int]]:
    return list(zip(joined.features.tolist(), joined.rows.tolist(), strict=True))


def said(joined: Joined) -> list[str]:
    return [str(problem) for problem in joined.problems]


def test_pairs_come_in_the_order_of_the_features() -> None:
    joined = join_attributes(features(["a", "b", "c"]), table(["c", "a", "b"]), key=Key())
    assert pairs(joined) == [(0, 1), (1, 2), (2, 0)]
    assert joined.problems == []


def test_many_rows_come_in_the_order_of_the_table() -> None:
    joined = join_attributes(features(["a", "b"]), table(["b", "a", "b"]), key=Key(), rows="many")
    assert pairs(joined) == [(1, 0), (0, 1), (1, 2)]


def test_names_the_nearest_row_and_the_nearest_feature() -> None:
    joined = join_attributes(features(["irkeshtam", "torugart"]), table(["irkeshtm", "torugart"]), key=Key())
    assert said(joined) == [
        "bases.geojson:2 feature 1 (\"irkeshtam\"): no row in bases.csv has id 'irkeshtam'. "
        "Fix: did you mean 'irkeshtm' (row 1)? [JOIN_NO_ROW]",
        "bases.csv:2 row 1 column \"id\": no feature in bases.geojson has id 'irkeshtm'. "
        "Fix: did you mean 'irkeshtam' (feature 1)? [JOIN_NO_FEATURE]",
    ]


@pytest.mark.parametrize("severity", ["error", "warn", "ignore"])
def test_an_orphan_is_what_the_atlas_says_it_is(severity: Any) -> None:
    unmatched = Unmatched(features=severity, rows=severity)
    joined = join_attributes(features(["a", "b"]), table(["b", "c"]), key=Key(), unmatched=unmatched)
    assert pairs(joined) == [(1, 0)]
    expected = {"error": ["error"] * 2, "warn": ["warning"] * 2, "ignore": []}
    assert [problem.severity for problem in joined.problems] == expected[severity]


@pytest.mark.parametrize(("severity", "rows"), [("error", "warn"), ("warn", "ignore")])
def test_an_orphan_says_how_to_allow_it(severity: Any, rows: str) -> None:
    unmatched = Unmatched(features=severity, rows=severity)
    joined = join_attributes(features(["Kant"]), table(["Dostuk"]), key=Key(), unmatched=unmatched)
    assert [problem.hint for problem in joined.problems] == [
        'add a row to bases.csv, or set unmatched = { features = "ignore" } in atlas.toml',
        f'correct the key, add a feature to bases.geojson, or set unmatched = {{ rows = "{rows}" }} in atlas.toml',
    ]


def test_a_feature_that_no_row_asks_for_may_lack_a_key_or_repeat_one() -> None:
    shared = features(["036", "036", None, "KGZ"])  # the countries of world-atlas
    joined = join_attributes(shared, table(["KGZ"]), key=Key(), rows="many", unmatched=Unmatched(features="ignore"))
    assert pairs(joined) == [(3, 0)]
    assert joined.problems == []


def test_a_key_that_a_row_asks_for_may_not_stand_twice() -> None:
    joined = join_attributes(
        features(["036", "036"]), table(["036"]), key=Key(), unmatched=Unmatched(features="ignore")
    )
    assert said(joined) == [
        "bases.geojson:3 feature 2 (\"036\"): feature 1 has the key '036' too. "
        "Fix: give each its own key. [KEY_DUPLICATE]"
    ]


def test_whole_numbers_are_keys() -> None:
    assert pairs(join_attributes(features([417, 36]), table(["36", "417"]), key=Key())) == [(0, 1), (1, 0)]


def test_a_wrong_choice_of_columns_is_said_once() -> None:
    shared = features([1, 2, 3], iso=["KGZ", "KAZ", "UZB"])
    joined = join_attributes(shared, table(["KGZ", "KAZ", "UZB"]), key=Key())
    assert said(joined) == [
        'bases.geojson:2: none of the 3 features has an "id" that is the "id" of one of the 3 rows of bases.csv. '
        'Fix: write key = { features = "iso", table = "id" } in atlas.toml, 3 of them match. [JOIN_NOTHING]'
    ]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(["a", "b", "c", "", "A", "1", "01"]), max_size=6),
    st.lists(st.sampled_from(["a", "b", "c", "", "A", "1", "01"]), max_size=6),
    st.sampled_from(["one", "many"]),
)
def test_rows_in_are_matched_or_reported(left: list[str], right: list[str], rows: Any) -> None:
    joined = join_attributes(features(left), table(right), key=Key(), rows=rows)
    reported = {(problem.path, problem.line) for problem in joined.problems}
    if any(problem.code == "JOIN_NOTHING" for problem in joined.problems):
        return
    for at in range(len(left)):
        assert at in joined.features or ("bases.geojson", at + 2) in reported
    for row in range(len(right)):
        assert row in joined.rows or ("bases.csv", row + 2) in reported
    assert all(left[feature] == right[row] for feature, row in pairs(joined))
    assert len(set(joined.rows.tolist())) == len(joined.rows)


@pytest.mark.parametrize(
    ("word", "candidate", "reason"),
    [
        ("kant ", "kant", "Only the spaces differ"),
        ("kant\u00a0", "kant", "Only the spaces differ"),
        ("Kant", "kant", "Only capital letters differ"),
        ("ka\u0301nt", "k\u00e1nt", "Only the Unicode form of a letter differs"),
        ("каnt", "kant", "Letters of two alphabets look alike"),
        ("9.0", "9", "Only .0 differs"),
        ("9.00", "9", "Only .0 differs"),
        ("001", "1", "Only leading zeros differ"),
        ("koy_sary", "koy-sary", "Only the marks between differ"),
        ("Окно", "okno", "It is the same in another script"),
        ("Джалал-Абад", "jalal-abad", "It is the same in another script"),
        ("Ысык-Көл", "ysyk-kol", "It is the same in another script"),
        ("Koy Sary", "koy-sary", ""),
        ("kantt", "kant", ""),
    ],
)
def test_a_near_miss_is_named_with_what_differs(word: str, candidate: str, reason: str) -> None:
    assert Nearest(["osh", candidate, "torugart"]).find(word) == (candidate, reason)


def test_a_word_is_searched_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    nearest = Nearest(["osh", "torugart"])
    assert nearest.find("torugrt") == ("torugart", "")
    monkeypatch.setattr(difflib, "get_close_matches", None)
    assert nearest.hint("torugrt", "add it") == "did you mean 'torugart'?"


def test_nothing_near_is_nothing() -> None:
    assert Nearest(["osh", "torugart"]).find("xyz") is None
    assert Nearest([]).find("xyz") is None


@pytest.mark.parametrize("word", ["place-04321x", "xplace-04321", "plaec-04321"])
def test_the_nearest_of_very_many_is_found(word: str) -> None:
    assert Nearest(f"place-{number:05d}" for number in range(20_000)).find(word) == ("place-04321", "")
