"""Records and series: the statements and the values by year of features, each tied to its feature by the key.

Input: a table as read and the layers that use it. Output: one frame a layer, and the problems of the table.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from geo.check.citations import check_sources
from geo.check.headers import check_shown
from geo.check.near import Nearest
from geo.check.values import Checker, Values
from geo.config.columns import is_source_column, translated
from geo.config.schema import FieldConfig, Series
from geo.config.settings import Config
from geo.load.references import keys_in, keys_of
from geo.model import LayerData, Source
from geo.problems import Problem, Severity
from geo.read.tables import Table

RECORD_COLUMNS = ("id", "date", "text", "value", "unit", "source", "note")
_TRANSLATED = ("text", "unit", "note")
_YEAR_COLUMN = re.compile(r"(-?\d{4})( \[YR\1\])?", re.ASCII)  # as the World Bank calls them, too
_ADD_OR_NAME = "add it, or name the column in atlas.toml"


def check_statement_columns(table: Table, config: Config) -> list[Problem]:
    """Report the columns of a table of records or series that nothing shows, unless it is a layer's own table, too."""
    shown: set[str] = set()
    for layer in config.layers.values():
        if table.path in (layer.table, layer.flows and layer.flows.table):
            return []
        if layer.records and layer.records.table == table.path:
            shown |= {layer.records.key, *RECORD_COLUMNS, *translated(_TRANSLATED, config.languages)}
        for series in layer.series.values():
            if series.table == table.path:
                shown |= {series.key, "source", *(year_columns(table.columns, series) or (series.time, series.value))}
    rows = Checker(table)
    check_shown(rows, table.columns, shown)
    return rows.problems


def read_records(
    table: Table,
    key: str,
    layers: Collection[LayerData],
    *,
    sources: Mapping[str, Source] | None,
    require_sources: bool,
    is_complete: bool,
) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Give each layer the records of its features, by layer id.

    Parameters
    ----------
    key : the column with the keys of one or several features, joined by ";"
    is_complete : all layers that use the table are here, so a key that none of them has is an orphan
    """
    rows = Checker(table)
    if not rows.has_columns(table.columns, [key], _ADD_OR_NAME):
        return {}, rows.problems
    keys = rows.text(table.columns[key])
    # Where the column of keys is called `id`, as in a layer's own table, records have no ids of their own.
    own = {name: cells for name, cells in table.columns.items() if name != key and not name.startswith("_")}
    columns = {name: rows.text(cells) for name, cells in own.items()}
    blank = np.full(len(table), None, dtype=object)
    columns = {name: columns.get(name, blank) for name in RECORD_COLUMNS} | columns
    columns["date"] = rows.dates("date", columns["date"], periods=True)
    names = columns["id"] if "id" in own else table.numbers.astype(str).astype(object)
    check_sources(rows, {n: columns[n] for n in own}, sources, required=require_sources, keys=names)
    _check_ids(rows, columns["id"])
    for row in np.flatnonzero(_is_blank(columns["text"]) & _is_blank(columns["value"])):
        rows.report("RECORD_EMPTY", int(row), None, "the record has neither text nor value", "write its text")
    pairs = [(row, part) for row, cell in enumerate(keys) for part in keys_in(cell or "")]
    if is_complete:
        _check_orphans(rows, pairs, layers, key)
    frames = {layer.id: _frame_of(layer, pairs, columns) for layer in layers}
    return frames, rows.problems


def _frame_of(layer: LayerData, pairs: Sequence[tuple[int, str]], columns: Mapping[str, Values]) -> pd.DataFrame:
    """Give the records of a layer's features by feature, date (undated last) and place in the table."""
    positions = _positions(layer)
    found = [(at, row) for row, key in pairs for at in positions.get(key, ())]
    dates = columns["date"]
    found.sort(key=lambda pair: (pair[0], _begin(dates[pair[1]]), pair[1]))
    rows = np.array([row for _, row in found], dtype=np.intp)
    data = {name: pd.Series(values[rows], dtype=object) for name, values in columns.items()}
    return pd.DataFrame({"_feature": np.array([at for at, _ in found], dtype=np.int64)} | data)


def _begin(date: object) -> float:
    return getattr(date, "earliest", np.inf)


def _check_ids(rows: Checker, ids: Values) -> None:
    first: dict[str, int] = {}
    for row, record_id in enumerate(ids):
        if record_id is not None and first.setdefault(record_id, row) != row:
            message = f"{rows.rows.subject(first[record_id])} has the id {record_id!r} too"
            rows.report("RECORD_DUPLICATE", row, "id", message, "give each its own id")


def _check_orphans(rows: Checker, pairs: Sequence[tuple[int, str]], layers: Collection[LayerData], key: str) -> None:
    # In their order: of several that are equally near, the first is meant.
    known = dict.fromkeys(one for layer in layers for one in keys_of(layer))
    nearest = Nearest(known)
    listed = ", ".join(layer.id for layer in layers)
    for row, one in pairs:
        if not one:
            rows.report("KEY_BLANK", row, key, "the key is blank", "write the key of a feature")
        elif one not in known:
            message = f"no feature of {listed} has the key {one!r}"
            rows.report(
                "RECORD_NO_FEATURE", row, key, message, nearest.hint(one, "add the feature, or take the key out")
            )


def read_series(
    table: Table,
    series: Series,
    layer: LayerData,
    *,
    sources: Mapping[str, Source] | None,
    require_sources: bool,
) -> tuple[pd.DataFrame | None, list[Problem]]:
    """Give the values of a layer's features by year; None where a column is missing.

    The table has a row for each feature and year, or, where nothing says when, a column for each year.
    """
    rows = Checker(table)
    by_column = year_columns(table.columns, series)
    needed = [series.key] if by_column else [series.key, series.time, series.value]
    if not rows.has_columns(table.columns, needed, _ADD_OR_NAME):
        return None, rows.problems
    keys = rows.text(table.columns[series.key])
    years: dict[str, Sequence[int | None]] = {column: [year] * len(table) for column, year in by_column.items()}
    years = years or {series.value: _years(rows, series.time, table.columns[series.time])}
    texts = {n: rows.text(cells) for n, cells in table.columns.items() if is_source_column(n)}
    check_sources(rows, texts, sources, required=require_sources, keys=keys)
    positions = _positions_of_rows(rows, series, layer, keys)
    about, found = FieldConfig(type="number", unit=series.unit), list[tuple[int, int, int, float]]()
    for column, of_rows in years.items():
        values = rows.numbers(column, table.columns[column], about)
        placed = zip(positions, of_rows, values, strict=True)
        for row, (places, year, value) in enumerate(placed):
            found += [(at, year, row, value) for at in places if year is not None]
    _check_doubles(rows, series, keys, positions, years)
    found = sorted(one for one in found if not np.isnan(one[3]))
    source = texts.get("source", np.full(len(table), None, dtype=object))
    frame = pd.DataFrame(
        {
            "_feature": np.array([at for at, _, _, _ in found], dtype=np.int64),
            "time": np.array([year for _, year, _, _ in found], dtype=np.int64),
            "value": np.array([value for _, _, _, value in found], dtype=np.float64),
            "source": pd.Series(source[np.array([row for _, _, row, _ in found], dtype=np.intp)], dtype=object),
        }
    )
    return frame, rows.problems


def year_columns(columns: Iterable[str], series: Series) -> dict[str, int]:
    """Give the years by the columns that are called so, "2014" or "2014 [YR2014]"; {} where one column has them all."""
    if series.time in columns or series.value in columns:
        return {}
    named = {column: _YEAR_COLUMN.fullmatch(column.strip()) for column in columns if column != series.key}
    return {column: int(year[1]) for column, year in named.items() if year}


def _positions_of_rows(rows: Checker, series: Series, layer: LayerData, keys: Values) -> list[list[int]]:
    """Give the rows of the frame that each row of the table is of; reports those that are of none."""
    positions = _positions(layer)
    nearest = Nearest(keys_of(layer))
    for row, key in enumerate(keys):
        if key is None:
            rows.report("KEY_BLANK", row, series.key, "the key is blank", "write the key of a feature")
        elif key not in positions and key not in layer.lost and layer.config.unmatched.rows != "ignore":
            message = f"no feature of {layer.id} has the key {key!r}"
            severity: Severity = "warning" if layer.config.unmatched.rows == "warn" else "error"
            hint = nearest.hint(
                key, f'correct it, add it to {layer.pool}, or set unmatched = {{ rows = "ignore" }} in atlas.toml'
            )
            rows.report("JOIN_NO_FEATURE", row, series.key, message, hint, severity=severity)
    return [positions.get(key, []) for key in keys]


def _check_doubles(
    rows: Checker,
    series: Series,
    keys: Values,
    positions: Sequence[Sequence[int]],
    years: Mapping[str, Sequence[int | None]],
) -> None:
    """Report the second of two values of a feature for one year; in a table with a column for each, once a row."""
    seen: dict[tuple[str, int], int] = {}
    of_rows = next(iter(years.values()))
    for row, (key, places, year) in enumerate(zip(keys, positions, of_rows, strict=True)):
        if places and year is not None and seen.setdefault((key, year), row) != row:
            column = series.time if series.value in years else series.key
            message = f"{rows.rows.subject(seen[key, year])} has a value of {key!r} for {year} too"
            rows.report("SERIES_DUPLICATE", row, column, message, "keep one of them")


def _years(rows: Checker, column: str, cells: Sequence[str]) -> list[int | None]:
    years: list[int | None] = []
    for row, cell in enumerate(cells):
        is_year = re.fullmatch(r"-?\d{4}", cell, re.ASCII) is not None
        years.append(int(cell) if is_year else None)
        if not is_year:
            rows.report("SERIES_TIME", row, column, f"{cell!r} is not a year", "write a year of four digits")
    return years


def _positions(layer: LayerData) -> dict[str, list[int]]:
    """Give the rows of the frame that have each key; several where a feature has many rows."""
    positions: dict[str, list[int]] = {}
    for at, key in enumerate(layer.frame["_key"]):
        positions.setdefault(key, []).append(at)
    return positions


def _is_blank(values: Values) -> Values:
    return np.array([value is None for value in values], dtype=bool)
