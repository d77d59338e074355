"""Periods that are valid at once although one key has them one after the other.

Input: keys and dates of a table's rows. Output: the pairs of rows that surely overlap.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.model import OPEN_END, OPEN_START, Edtf

_OPEN = ".."


class _Period(NamedTuple):
    """The days on which a row's validity begins at the latest and at the earliest, and ends at the earliest."""

    begun: int
    begins: int
    ends: int
    row: int


def overlapping_rows(
    keys: npt.NDArray[Any], begins: npt.NDArray[Any], ends: npt.NDArray[Any]
) -> Iterator[tuple[int, int]]:
    """Give the pairs of rows of one key whose periods surely overlap.

    A date says a day, a month or a year: 1999 to 2003 and 2003 to 2010 need not overlap, nor do periods that end and
    begin on one day. Blank is unknown, and `~`, `?`, `%` are doubtful: neither makes sure.

    Parameters
    ----------
    begins, ends : Edtf | None
    """
    codes, _ = pd.factorize(keys)
    known = np.flatnonzero(codes >= 0)
    repeated = known[np.bincount(codes[known])[codes[known]] > 1] if len(known) else known
    by_key = repeated[np.argsort(codes[repeated], kind="stable")]
    for rows in np.split(by_key, np.flatnonzero(np.diff(codes[by_key])) + 1):
        yield from _overlapping([p for row in map(int, rows) if (p := _period(row, begins[row], ends[row]))])


def _overlapping(periods: list[_Period]) -> Iterator[tuple[int, int]]:
    longest: _Period | None = None
    for period in sorted(periods):
        if longest and _overlap(longest, period):
            yield longest.row, period.row
        longest = max(longest or period, period, key=lambda each: each.ends)


def _overlap(one: _Period, other: _Period) -> bool:
    """Tell whether the one that begins later surely begins while the other is valid, whichever of them that is."""
    return (other.begun < one.ends or other.begun <= one.begins) and (
        one.begun < other.ends or one.begun <= other.begins
    )


def _period(row: int, begin: Edtf | None, end: Edtf | None) -> _Period | None:
    if begin is None or end is None or {begin.text[-1], end.text[-1]} & set("~?%"):
        return None
    is_open = begin.text == _OPEN
    return _Period(
        OPEN_START if is_open else begin.latest,
        OPEN_START if is_open else begin.earliest,
        OPEN_END if end.text == _OPEN else end.earliest,
        row,
    )
