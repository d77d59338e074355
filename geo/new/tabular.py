"""The places of a table: points of two columns of degrees, or the geometries of one column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import shapely

from geo.check.values import Checker
from geo.coordinates.lonlat import check_lonlat
from geo.errors import ConfigError
from geo.new.degrees import AXES, are_pairs, is_angle, parse_degrees
from geo.new.geometries import are_points, find_geometries, read_geometries
from geo.new.given import Columns, Given, Shapes, find_column, stop_at
from geo.problems import Problem, to_lines
from geo.read.features import Features
from geo.read.tables import Table

PAIRS = (
    *(("lon", "lat"), ("lng", "lat"), ("long", "lat"), ("longitude", "latitude"), ("x", "y")),
    *(("долгота", "широта"), ("узундук", "кеңдик")),
)
LON_NAMES, LAT_NAMES = (tuple(dict.fromkeys(names)) for names in zip(*PAIRS, strict=True))


_TOTAL = re.compile(r"((grand |sub)?total|sum|итого|всего|жалпы|бардыгы)( .*)?[.:]?", re.IGNORECASE)


def has_places(columns: Columns) -> bool:
    return None not in _find_both(columns) or find_geometries(columns) is not None


def places_of(table: Table) -> Given:
    """Give the places of a table; raises ConfigError where it has no coordinates, DataError for what is wrong in it."""
    stop_at(table.problems)
    lon, lat = _find_both(table.columns)
    column = find_geometries(table.columns)
    if column and (lon is None or lat is None or not are_points(table.columns[column])):
        features = read_geometries(table, column)
        stop_at(_of_rows(table, check_lonlat(features)))
        notes = [*to_lines(_of_rows(table, features)), f'the shapes are those of the column "{column}"']
        columns = {name: list(cells) for name, cells in table.columns.items() if name != column}
        return Given(features.geometry, columns, table.separator, (*to_lines(table.problems), *notes))
    if lon is None or lat is None:
        named = ", ".join(table.columns)
        message = f"{table.path}: no column of {'longitudes' if lon is None else 'latitudes'} among {named}."
        both = next((name for name, cells in table.columns.items() if are_pairs(cells)), None)
        parted = f'part the column "{both}" into two' if both else "name the columns"
        raise ConfigError(f"{message} Fix: {parted}{', called' if both else ''} lon and lat, in degrees.")
    shapes = _points(table, lon, lat)
    so_called = [name for name in table.columns if name.strip().casefold() in {*LON_NAMES, *LAT_NAMES}]
    is_plain = {lon, lat} == {*so_called}
    notes = list(to_lines(table.problems))
    notes += [] if is_plain else [f'longitude is that of "{lon}", latitude that of "{lat}"']
    angle = next((cell for name in (lat, lon) for cell in table.columns[name] if is_angle(cell)), None)
    notes += [f"read as degrees: {lat} and {lon}, such as {angle!r}"] if angle else []
    notes += [f'the column "{column}" has points, too, which are set aside'] if column else []
    columns = {name: list(cells) for name, cells in table.columns.items() if name not in (lon, lat, column)}
    totals = _find_totals(table, shapes)
    rows = len(table) - len(totals)
    notes += [f"left out, as it has no coordinates and is a total: {told}" for told in totals]
    columns = {name: cells[:rows] for name, cells in columns.items()}
    return Given(shapes[:rows], columns, table.separator, (*notes,))


def _find_totals(table: Table, shapes: Shapes) -> list[str]:
    """Name the last rows that are no places, but have the totals of those above."""
    totals: list[str] = []
    for row in range(len(table) - 1, -1, -1):
        first = next((cell.strip() for cells in table.columns.values() if (cell := cells[row]).strip()), "")
        if shapes[row] is not None or not _TOTAL.fullmatch(first):
            break
        totals.insert(0, f'{table.subject(row)} ("{first}")')
    return totals


def _points(table: Table, lon: str, lat: str) -> Shapes:
    """Give the point of each row, None where both cells are blank; what is no degrees is said of the table's rows."""
    rows = Checker(table)
    lonlat = np.full((len(table), 2), np.nan)
    for row, pair in enumerate(zip(table.columns[lon], table.columns[lat], strict=True)):
        if not any(pair):
            continue
        numbers = [
            None if not cell.strip() else parse_degrees(cell, axis) for cell, axis in zip(pair, AXES, strict=True)
        ]
        if None not in numbers:
            lonlat[row] = numbers
            continue
        at = numbers.index(None)
        hint = "write degrees, such as 74.85 or 74°51'0\"E, or leave both cells blank"
        rows.report("TABLE_NUMBER", row, (lon, lat)[at], f"{pair[at]!r} is not a number", hint)
    stop_at(rows.problems)
    shapes = np.array(shapely.points(lonlat), dtype=object)
    shapes[np.isnan(lonlat[:, 0])] = None
    points = Features(
        path=table.path,
        geometry=shapes,
        properties={},
        lines=table.lines,
        numbers=table.numbers,
    )
    hints = {"COORDINATE_SWAPPED": "exchange the two cells"}
    stop_at(replace(one, hint=hints.get(one.code, one.hint)) for one in _of_rows(table, check_lonlat(points)))
    return shapes


def _of_rows(table: Table, features: Features) -> list[Problem]:
    """Give the problems of features that are the rows of a table, each of a line with its row."""
    row_at = {int(line): row for row, line in enumerate(table.lines)}
    return [replace(one, subject=table.subject(row_at[one.line])) if one.line else one for one in features.problems]


def _find_both(columns: Iterable[str]) -> tuple[str | None, str | None]:
    columns = list(columns)
    return _find_pair(columns) or (_find_degrees(columns, LON_NAMES), _find_degrees(columns, LAT_NAMES))


def _find_pair(columns: Iterable[str]) -> tuple[str, str] | None:
    """The first pair of columns that are called alike: where there are lat, latitude and longitude, the last two."""
    columns = list(columns)
    pairs = ((find_column(columns, [lon]), find_column(columns, [lat])) for lon, lat in PAIRS)
    return next(((lon, lat) for lon, lat in pairs if lon and lat), None)


def _find_degrees(columns: Iterable[str], names: Sequence[str]) -> str | None:
    """The column that bears one of the names, or the only one with such a word, "Lat_WGS84" before "point_latitude"."""
    columns = list(columns)
    words = {name: re.findall(r"[^\W_]+", name.casefold()) for name in columns}
    first = [name for name in columns if words[name] and words[name][0] in names]
    # A letter in the middle is as likely that of something else.
    some = [name for name in columns if any(len(word) > 1 and word in names for word in words[name])]
    likely = first or some
    return find_column(columns, names) or (likely[0] if len(likely) == 1 else None)
