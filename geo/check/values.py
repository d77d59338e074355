"""Cells to values of their declared type, and the problems of each value: its type, its range.

Input: columns as read. Output: typed arrays and the problems found. A cell that is not of its type becomes missing
*and* a problem, never text in a column of numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.check.cells import (
    Refused,
    as_json,
    as_written,
    first_grouped,
    has_decimal_commas,
    is_exact,
    parse_boolean,
    parse_number,
    parse_plain_numbers,
    parse_url,
    without_percent,
)
from geo.check.dates import parse_date, parse_period
from geo.check.near import Nearest, look_of
from geo.config.schema import Category, FieldConfig
from geo.problems import Problem, Severity
from geo.read.tables import Table

Values = npt.NDArray[Any]

MOST_COMPARED = 1_000  # different values of a category field; of more no legend is made
MAX_EXACT_INTEGER = 2**53  # a float holds every integer below this


class Rows(Protocol):
    """What a column stands in: a `Table`, or the `Features` of a file."""

    @property
    def path(self) -> str: ...
    @property
    def lines(self) -> npt.NDArray[np.int64]: ...
    def subject(self, row: int, column: str | None = None) -> str: ...


class Checker:
    """Collects the problems of one file's rows, or of those `at` the given positions."""

    def __init__(self, rows: Rows, at: npt.NDArray[np.intp] | None = None) -> None:
        self.rows = rows
        self.at = at
        self.problems: list[Problem] = []

    def report(
        self,
        code: str,
        row: int | None,
        column: str | None,
        message: str,
        hint: str,
        *,
        severity: Severity = "error",
    ) -> None:
        """Add a problem of a row and column, of a column (`row` None), or of the file."""
        row = row if row is None or self.at is None else int(self.at[row])
        line = 1 if row is None else int(self.rows.lines[row])
        whole = f'column "{column}"' if column else ""
        self.problems.append(
            Problem(
                code=code,
                path=self.rows.path,
                line=line,
                subject=whole if row is None else self.rows.subject(row, column),
                message=message,
                hint=hint,
                severity=severity,
            )
        )

    def has_columns(self, columns: Collection[str], names: Iterable[str], otherwise: str) -> bool:
        """Report each of the names that no column has; `otherwise`: what to do where none is near."""
        missing = [name for name in names if name not in columns]
        for name in missing:
            hint = Nearest(columns).hint(name, otherwise)
            self.report("TABLE_COLUMN", None, None, f'there is no column "{name}"', hint)
        return not missing

    def text(self, cells: Sequence[Any]) -> Values:
        """Give text, None where blank; a JSON number or list becomes the text that JSON has for it."""
        if not set(map(type, cells)) <= {str, type(None)}:
            cells = [v if v is None or isinstance(v, str) else as_json(v) for v in cells]
        values = as_objects(cells)
        if "" in cells:
            values[values == ""] = None
        return values

    def typed(
        self, column: str, cells: Sequence[Any], field: FieldConfig, categories: Mapping[str, Category]
    ) -> Values:
        """Give the values of a column by its declared type."""
        if field.type in ("number", "integer"):
            return self.numbers(column, cells, field)
        texts = self.text(cells)
        if field.type == "boolean":
            return self._by_unique(column, texts, parse_boolean)
        if field.type == "date":
            return self.dates(column, texts)
        if field.type == "url":
            self.urls(column, texts)
        elif field.type == "category" and categories:
            self.words(column, texts, list(categories))
        return texts

    def dates(self, column: str, texts: Values, *, periods: bool = False) -> Values:
        """Give `Edtf` values; `periods` allows intervals a/b."""
        return self._by_unique(column, texts, parse_period if periods else parse_date)

    def words(self, column: str, texts: Values, allowed: Sequence[str]) -> None:
        """Report what is not among the allowed words."""
        nearest = Nearest(allowed)

        def convert(text: str) -> str:
            if text in allowed:
                return text
            listed = ", ".join(allowed[:8]) + (", ..." if len(allowed) > 8 else "")
            hint = nearest.hint(text, f"write one of {listed}, or add it to atlas.toml")
            raise Refused("TABLE_CATEGORY", f"{text!r} is not among the categories", hint)

        self._by_unique(column, texts, convert)

    def twins(self, column: str, texts: Values) -> None:
        """Warn of each text that looks like a more frequent one: a legend would have a class for both."""
        codes, uniques = pd.factorize(texts)
        if len(uniques) > MOST_COMPARED:
            return
        counts = np.bincount(codes[codes >= 0], minlength=len(uniques))
        frequent: dict[str, str] = {}
        for number in np.argsort(-counts, kind="stable"):
            text = uniques[number]
            meant = frequent.setdefault(look_of(text), text)
            if meant != text:
                message = f"{text!r} looks like {meant!r} and is a category of its own"
                hint = f"write {meant!r}, or list both under categories in atlas.toml"
                self.report(
                    "TABLE_CATEGORY", int(np.argmax(codes == number)), column, message, hint, severity="warning"
                )

    def urls(self, column: str, texts: Values) -> None:
        """Report what is not an address that a page may link to."""
        self._by_unique(column, texts, parse_url)

    def numbers(self, column: str, cells: Sequence[Any], field: FieldConfig) -> npt.NDArray[np.float64]:
        """Give numbers, NaN where blank; reports what is no number, not whole, or out of range.

        Where the unit is %, a cell may have it, too.
        """
        if "%" in (field.unit or {}).values():
            cells = list(map(without_percent, cells))
        values = parse_plain_numbers(cells)
        if values is None:
            values = np.full(len(cells), np.nan)
            is_decimal = self._parts_by_semicolons() or has_decimal_commas(cells)
            for row, cell in enumerate(cells):
                try:
                    values[row] = parse_number(cell, is_decimal_comma=is_decimal)
                except Refused as refused:
                    self.report(refused.code, row, column, refused.message, refused.hint)
        for row in where(np.abs(values) >= MAX_EXACT_INTEGER):
            if field.type == "integer" or not is_exact(cells[row], values[row]):
                message = f"{as_written(cells[row])} is too large to be kept exactly"
                self.report("TABLE_INTEGER", row, column, message, "set the type to text")
        if field.type == "integer":
            for row in where((values != np.trunc(values)) & ~np.isnan(values)):
                message, hint = (
                    f"{as_written(cells[row])} is not a whole number",
                    "write one, or set the type to number",
                )
                self.report("TABLE_INTEGER", row, column, message, hint)
        elif self._parts_by_semicolons() and (at := first_grouped(cells)) is not None:
            message = f"{cells[at]!r} is read as {values[at]:g}"
            hint = f"write {cells[at].replace('.', '')} if it is that, else {cells[at]}0"
            self.report("TABLE_NUMBER", at, column, message, hint, severity="warning")
        for row in where(values < (field.min if field.min is not None else -np.inf)):
            message = f"{as_written(cells[row])} is less than the minimum {field.min:.15g}"
            self.report("TABLE_RANGE", row, column, message, "correct the value, or min in atlas.toml")
        for row in where(values > (field.max if field.max is not None else np.inf)):
            message = f"{as_written(cells[row])} is more than the maximum {field.max:.15g}"
            self.report("TABLE_RANGE", row, column, message, "correct the value, or max in atlas.toml")
        return values

    def _parts_by_semicolons(self) -> bool:
        """Tell of a spreadsheet that writes decimals with a comma, and may part thousands by a point."""
        return isinstance(self.rows, Table) and self.rows.separator == ";"

    def _by_unique(self, column: str, texts: Values, convert: Callable[[str], Any]) -> Values:
        """Convert each different text once; what is refused is reported for every row that has it and becomes None."""
        codes, uniques = pd.factorize(texts)
        converted = np.full(len(uniques) + 1, None, dtype=object)  # the last is for -1: blank
        refusals: dict[int, Refused] = {}
        for number, text in enumerate(uniques):
            try:
                converted[number] = convert(text)
            except Refused as refused:
                refusals[number] = refused
        for refusal, rows in zip(refusals.values(), rows_of(codes, list(refusals)), strict=True):
            for row in rows:
                self.report(refusal.code, row, column, refusal.message, refusal.hint)
        return converted[codes]


def where(is_so: npt.NDArray[np.bool_]) -> list[int]:
    """Give the positions that are true."""
    return [int(at) for at in np.flatnonzero(is_so)]


def rows_of(codes: npt.NDArray[np.intp], wanted: Sequence[int]) -> list[list[int]]:
    """Give the rows of each code wanted; sorted once, as a look at all rows for each took 6 s for 100,000 texts."""
    if not wanted:
        return []
    order = np.argsort(codes, kind="stable")
    first, last = (np.searchsorted(codes[order], wanted, side=side) for side in ("left", "right"))
    return [order[begin:end].tolist() for begin, end in zip(first, last, strict=True)]


def as_objects(cells: Sequence[Any]) -> Values:
    """Give the cells, text or None, as an object array."""
    values = np.empty(len(cells), dtype=object)
    values[:] = cells
    return values
