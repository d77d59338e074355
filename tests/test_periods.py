"""Rows of one key that are valid at once: what surely overlaps is named, what may not is left in peace."""

from __future__ import annotations

import numpy as np
import pytest

from geo.check.dates import parse_date
from geo.check.periods import overlapping_rows


def overlapping(*rows: str) -> list[tuple[int, int]]:
    """Give the overlapping rows of texts such as "UZB 1994 1999", `-` for a blank date."""
    cells = [row.split() for row in rows]
    dates = [[None if text == "-" else parse_date(text) for text in row[1:]] for row in cells]
    keys, begins, ends = (
        np.array(column, dtype=object) for column in ([r[0] for r in cells], *zip(*dates, strict=True))
    )
    return list(overlapping_rows(keys, begins, ends))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1994 2000", "1999 2012"),
        ("1994 2012", "1999 1999"),
        ("1994 ..", "2006-06-23 2012-12"),
        (".. 1999", "1994 .."),
        ("1994 1999", "1994 1999"),
        ("2003-10-23 2003-10-23", "2003-10-23 2003-10-23"),
    ],
)
def test_what_surely_overlaps_is_found_in_either_order(one: str, other: str) -> None:
    assert sorted(overlapping(f"UZB {one}", f"UZB {other}")[0]) == [0, 1]
    assert sorted(overlapping(f"UZB {other}", f"UZB {one}")[0]) == [0, 1]
    assert overlapping(f"UZB {one}", f"KGZ {other}") == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1994 1999", "1999 2012"),  # left and came back in the course of the year
        ("1999 1999", "1999 1999"),
        ("1992-05-15 2002-10-07", "2002-10-07 .."),
        ("1994 1999-06", "1999 2012"),
        ("1994 -", "2006 2012"),
        ("1994 2000~", "1999 2012"),
        ("1994 2000", "1999? 2012"),
        ("- -", "- -"),
    ],
)
def test_what_may_follow_on_is_left_in_peace(one: str, other: str) -> None:
    assert overlapping(f"UZB {one}", f"UZB {other}") == []
    assert overlapping(f"UZB {other}", f"UZB {one}") == []


def test_each_row_is_named_once_with_the_longest_before_it() -> None:
    assert overlapping("A 1990 1991", "B 1990 2010", "A 1992 2010", "A 1993 1994", "A 1995 1996") == [(2, 3), (2, 4)]


def test_a_table_without_rows_has_no_overlap() -> None:
    nothing = np.array([], dtype=object)
    assert list(overlapping_rows(nothing, nothing, nothing)) == []
