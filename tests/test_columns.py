"""The packed columns: what goes in comes out. The page's own reader is tested in tests/page and in the browser."""

from __future__ import annotations

import base64
import csv
import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.check.dates import parse_date
from geo.coordinates.mercator import web_mercator
from geo.format import read_array
from geo.model import Edtf
from geo.pack.columns import Packer, encode_blob
from geo.pack.vertices import point_order, spatial_order


def unpack_text(blob: bytes, block: dict[str, Any]) -> list[str]:
    units = read_array(blob, block["bytes"]).tobytes().decode("utf-8").encode("utf-16-le")
    ends = np.cumsum(read_array(blob, block["lengths"]).astype(np.int64))
    starts = [0, *ends[:-1]] if len(ends) else []
    return [units[2 * start : 2 * end].decode("utf-16-le") for start, end in zip(starts, ends, strict=True)]


def unpack_column(blob: bytes, column: dict[str, Any]) -> list[Any]:
    if column["type"] == "int":
        return [None if code is None else code / 10 ** column["scale"] for code in unpack_codes(blob, column)]
    if column["type"] == "pattern":
        codes = unpack_codes(blob, column)
        return [None if code is None else f"{column['prefix']}{code:0{column['width']}}" for code in codes]
    if column["type"] == "text":
        return unpack_text(blob, column["text"])
    if column["type"] in ("dict", "date"):
        values = unpack_text(blob, column["values"])
        return [values[code - 1] if code else None for code in read_array(blob, column["codes"])]
    return list(read_array(blob, column["values"]))


def unpack_codes(blob: bytes, column: dict[str, Any]) -> list[int | None]:
    codes = read_array(blob, column["codes"]).astype(np.int64).tolist()
    return [None if column["nullable"] and not code else code - column["nullable"] + column["base"] for code in codes]


@given(st.lists(st.integers(0, 2**31 - 1)), st.booleans())
def test_integers_come_back(values: list[int], delta: bool) -> None:
    packer = Packer()
    ref = packer.integers(values, delta=delta)
    assert read_array(packer.blob(), ref).tolist() == values


@given(st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"]))))
def test_texts_come_back(values: list[str | None]) -> None:
    packer = Packer()
    column = packer.texts(values)
    assert unpack_column(packer.blob(), column) == values


@given(st.lists(st.none() | st.from_regex(r"(s|s0|Dam )?[0-9]{1,4}", fullmatch=True), unique=True))
def test_texts_that_end_in_numbers_come_back(values: list[str | None]) -> None:
    packer = Packer()
    column = packer.texts(values)
    assert unpack_column(packer.blob(), column) == values


def test_a_text_and_a_number_is_packed_as_the_number() -> None:
    packer = Packer()
    assert packer.texts(["s0007", "s0100", None])["type"] == "pattern"
    assert packer.texts(["Объект 7", "Объект 12"])["prefix"] == "Объект "
    assert packer.texts(["s7", "s07"])["type"] == "text"
    assert packer.texts(["s7", "t"])["type"] == "text"
    assert packer.texts(["7\n1", "8\n1"])["type"] == "text"


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([f"s{n:04}" for n in range(3000)], "pattern"),
        ([f"s{n % 2000}" for n in range(3000)], "pattern"),
        ([f"owner {n % 30}" for n in range(3000)], "dict"),
        ([*(f"s{n}" for n in range(3000)), "sum"], "text"),
        ([*(f"s{n}" for n in range(3000)), 7], "text"),
    ],
)
def test_many_texts_come_back_in_their_order(values: list[str | int], kind: str) -> None:
    packer, order = Packer(), np.arange(len(values))[::-1]
    column = packer.texts(values, order)
    assert column["type"] == kind
    assert unpack_column(packer.blob(), column) == [str(value) for value in reversed(values)]


def test_texts_that_repeat_are_packed_once_the_most_frequent_first() -> None:
    packer = Packer()
    column = packer.texts(["planned", "operating", None, "operating", "closed", "operating"])
    assert unpack_text(packer.blob(), column["values"]) == ["operating", "closed", "planned"]
    assert read_array(packer.blob(), column["codes"]).tolist() == [3, 1, 0, 1, 2, 1]


def test_yes_and_no_become_texts() -> None:
    packer = Packer()
    column = packer.texts([True, None, False, True])
    assert unpack_column(packer.blob(), column) == ["true", None, "false", "true"]


def test_a_column_travels_in_the_order_given() -> None:
    packer = Packer()
    order = np.array([2, 0, 1])
    for values in (["c", "a", "b"], ["c", "a", None], ["n1", "n2", "n3"]):
        column = packer.texts(values, order)
        assert unpack_column(packer.blob(), column) == [values[at] for at in order]
    dates = packer.dates([parse_date("2003"), None, parse_date("2014")], order)
    assert unpack_column(packer.blob(), dates) == ["2014", "2003", None]


def test_equal_arrays_are_kept_once() -> None:
    packer = Packer()
    key, name = packer.texts(["s0007", "s0100"]), packer.texts(["Site 7", "Site 100"])
    assert key["codes"] == name["codes"]
    assert len(packer.blob()) == 8


@given(st.lists(st.none() | st.decimals(-(10**6), 10**6, places=3).map(float)))
def test_numbers_come_back_exactly(values: list[float | None]) -> None:
    packer = Packer()
    column = packer.numbers([np.nan if value is None else value for value in values])
    assert column["type"] == "int"
    assert unpack_column(packer.blob(), column) == values


def test_numbers_that_are_no_decimals_stay_floats() -> None:
    packer = Packer()
    column = packer.numbers([1 / 3, np.nan])
    assert column["type"] == "float"
    assert unpack_column(packer.blob(), column)[0] == 1 / 3


def test_many_items_go_in_byte_planes() -> None:
    packer = Packer()
    values = np.arange(5000) * 7
    ref = packer.integers(values)
    assert ref[3] == "p"
    assert read_array(packer.blob(), ref).tolist() == values.tolist()


def test_dates_carry_days_and_the_text_as_written_once_a_value() -> None:
    packer = Packer()
    column = packer.dates([parse_date("2003-10"), None, parse_date(".."), Edtf(12326, 12356, "2003-10")])
    blob = packer.blob()
    assert read_array(blob, column["from"]).tolist() == [12326, -2147483647]
    assert read_array(blob, column["to"]).tolist() == [12356, 2147483647]
    assert unpack_column(blob, column) == ["2003-10", None, "..", "2003-10"]


def test_a_number_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit 32 bits"):
        Packer().integers([2**32])


def test_a_polygon_with_a_hole_is_two_parts_without_closing_vertices() -> None:
    lake = shapely.from_wkt("POLYGON ((76 42, 79 42, 79 43, 76 42), (77 42.2, 77.5 42.2, 77.5 42.3, 77 42.2))")
    two = shapely.from_wkt("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 6, 5 5)))")
    packer = Packer()
    pool = packer.geometries(np.array([lake, two], dtype=object))
    blob = packer.blob()
    assert pool["kind"] == 2
    assert read_array(blob, pool["parts"]).tolist() == [2, 2]
    assert read_array(blob, pool["vertices"]).tolist() == [3, 3, 3, 4]
    assert read_array(blob, pool["holes"]).tolist() == [0, 1, 0, 0]
    assert read_array(blob, pool["x"])[0] == web_mercator(np.array([76.0]), np.array([42.0]))[0][0]


def test_mixed_kinds_keep_their_order() -> None:
    shapes = shapely.from_wkt(["LINESTRING (0 0, 1 1)", "POLYGON ((0 0, 1 0, 1 1, 0 0))", "MULTIPOINT ((3 3), (4 4))"])
    packer = Packer()
    pool = packer.geometries(np.array(shapes, dtype=object))
    blob = packer.blob()
    assert read_array(blob, pool["kind"]).tolist() == [1, 2, 0]
    assert read_array(blob, pool["parts"]).tolist() == [1, 1, 2]
    assert read_array(blob, pool["vertices"]).tolist() == [2, 3, 1, 1]


def test_vertices_travel_with_the_zoom_from_which_they_are_drawn() -> None:
    straight, ring = shapely.from_wkt(["LINESTRING (0 0, 1 0, 2 0)", "POLYGON ((0 0, 1 0, 1 1, 0 0))"])
    packer = Packer()
    pool = packer.geometries(np.array([straight, ring], dtype=object))
    assert read_array(packer.blob(), pool["zooms"]).tolist()[:3] == [0, 17, 0]
    assert "zooms" not in packer.geometries(np.array([shapely.Point(3, 3)], dtype=object))


def test_points_packed_as_numbers_are_those_packed_as_shapes() -> None:
    lon, lat = np.random.default_rng(1).uniform((-180, -80), (180, 80), (500, 2)).T
    shapes = shapely.points(lon, lat)
    x, y = web_mercator(lon, lat)
    assert point_order(x, y).tolist() == spatial_order(shapes).tolist()
    one, other = Packer(), Packer()
    assert one.points(x, y) == other.geometries(shapes)
    assert one.blob() == other.blob()


def test_small_blobs_stay_raw_and_large_ones_are_compressed() -> None:
    text, about = encode_blob(b"Kant")
    assert (base64.b64decode(text), about["gzip"]) == (b"Kant", False)
    large = bytes(70 * 1024)
    text, about = encode_blob(large)
    assert (gzip.decompress(base64.b64decode(text)), about["gzip"], about["bytes"]) == (large, True, len(large))


def test_texts_in_several_alphabets_are_packed_smaller_than_gzip_does() -> None:
    facts = Path(__file__).resolve().parent.parent / "layers" / "facts.csv"
    with facts.open(encoding="utf-8-sig", newline="") as file:
        columns = zip(*csv.reader(file), strict=True)
        texts = "".join(text for column in columns for text in column).encode()
    packed = base64.b64decode(encode_blob(texts)[0])
    assert gzip.decompress(packed) == texts
    assert len(packed) < 0.99 * len(gzip.compress(texts, 9))


def test_packed_bytes_tell_nothing_of_the_system() -> None:
    text, about = encode_blob(bytes(200_000))
    packed = base64.b64decode(text)
    assert packed[:10] == b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
    assert (about["gzip"], gzip.decompress(packed)) == (True, bytes(200_000))
