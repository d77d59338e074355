"""Periods of validity: an end before its beginning, and those of one key that are valid at once.

Input: keys and dates of a table's rows. Problems go to a `Checker`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.check.values import Checker, Values
from geo.model import OPEN_END, OPEN_START, Edtf

_OPEN = ".."


class _Period(NamedTuple):
    """The days on which a row's validity begins at the latest and at the earliest, and ends at the earliest."""

    begun: int
    begins: int
    ends: int
    row: int


def check_periods(rows: Checker, columns: Mapping[str, Values], begin: str, end: str) -> None:
    """Report rows whose validity ends before it begins."""
    if begin not in columns or end not in columns:
        return
    for row, (first, last) in enumerate(zip(columns[begin], columns[end], strict=True)):
        if first is not None and last is not None and first.earliest > last.latest:
            message = f"{begin} {first.text} is after {end} {last.text}"
            rows.report("TABLE_PERIOD", row, end, message, "exchange or correct them")


def check_overlaps(rows: Checker, columns: Mapping[str, Values], begin: str, end: str, *, keys: Values) -> None:
    """Report rows that are valid while another row of their key is."""
    if begin not in columns or end not in columns:
        return
    begins, ends = columns[begin], columns[end]
    for pair in overlapping_rows(keys, begins, ends):
        earlier, row = sorted(pair)
        now, then = (f"{begins[at].text} to {ends[at].text}" for at in (row, earlier))
        message = f"{keys[row]!r} is valid {now}, and {then} in line {rows.rows.lines[earlier]}"
        hint = 'correct the dates, or set overlaps = "allow" in atlas.toml where both are right'
        rows.report("TABLE_OVERLAP", row, begin, message, hint, severity="warning")


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
