"""A file of places as somebody has it: features, or a table with coordinates, to shapes and columns of text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from geo.check.near import Nearest
from geo.check.values import Checker
from geo.coordinates.lonlat import check_lonlat
from geo.errors import ConfigError, DataError
from geo.new.degrees import AXES, are_pairs, is_angle, parse_degrees
from geo.new.downloads import is_csv_of_map, split_csv, split_geojson
from geo.new.geometries import are_points, find_geometries, read_geometries
from geo.new.given import Given, GivenFile, Shapes
from geo.problems import Problem, to_lines
from geo.read.features import Features
from geo.read.files import FileBytes, parts_of, read_bytes
from geo.read.formats import read_features, read_table
from geo.read.tables import Table

TABLE_ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".xlsm", ".xlsb", ".ods")  # the last are refused as tables
PAIRS = (
    *(("lon", "lat"), ("lng", "lat"), ("long", "lat"), ("longitude", "latitude"), ("x", "y")),
    *(("долгота", "широта"), ("узундук", "кеңдик")),
)
LON_NAMES, LAT_NAMES = (tuple(dict.fromkeys(names)) for names in zip(*PAIRS, strict=True))


def read_file(path: Path) -> GivenFile:
    """Give the places of a file.

    Raises
    ------
    ConfigError
        A table without coordinates.
    DataError
        Whatever is wrong in the file.
    """
    return _read_table(path) if path.suffix.lower() in TABLE_ENDINGS else _read_features(path)


def _read_features(path: Path) -> GivenFile:
    file = _read(path)
    beside = (path.with_name(name) for name in parts_of(path.parent, path.name)[1:])
    features = read_features(file, beside=[_read(part) for part in beside if part.exists()])
    _stop_at(check_lonlat(features).problems)
    columns = {str(name): list(map(_text, values)) for name, values in features.properties.items()}
    own = tuple(map(_text, features.ids))
    are_others = any(one and one != given for one, given in zip(own, columns.get("id", own), strict=False))
    notes = (*to_lines(features.problems),)
    given = Given(features.geometry, columns, notes=notes, own_ids=own if are_others else ())
    is_geojson = path.suffix.lower() in (".geojson", ".json")
    return split_geojson(given, file.data) if is_geojson else GivenFile((given,))


def _read_table(path: Path) -> GivenFile:
    table = read_table(_read(path))
    _stop_at(table.problems)
    lon, lat = _find_pair(table.columns) or (_find_degrees(table.columns, names) for names in (LON_NAMES, LAT_NAMES))
    column = find_geometries(table.columns)
    if column and (lon is None or lat is None or not are_points(table.columns[column])):
        features = read_geometries(table, column)
        _stop_at(_of_rows(table, check_lonlat(features)))
        notes = [*to_lines(_of_rows(table, features)), f'the shapes are those of the column "{column}"']
        columns = {name: list(cells) for name, cells in table.columns.items() if name != column}
        given = Given(features.geometry, columns, table.separator, (*to_lines(table.problems), *notes))
        return GivenFile((given,))
    if lon is None or lat is None:
        named = ", ".join(table.columns)
        message = f"{path}: no column of {'longitudes' if lon is None else 'latitudes'} among {named}."
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
    given = Given(shapes, columns, table.separator, (*notes,))
    return split_csv(given) if is_csv_of_map(table.columns) else GivenFile((given,))


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
    _stop_at(rows.problems)
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
    _stop_at(replace(one, hint=hints.get(one.code, one.hint)) for one in _of_rows(table, check_lonlat(points)))
    return shapes


def _of_rows(table: Table, features: Features) -> list[Problem]:
    """Give the problems of features that are the rows of a table, each of a line with its row."""
    row_at = {int(line): row for row, line in enumerate(table.lines)}
    return [replace(one, subject=table.subject(row_at[one.line])) if one.line else one for one in features.problems]


def _read(path: Path) -> FileBytes:
    if path.is_dir():
        raise ConfigError(f"'{path}' is a folder. Fix: name one file; of a database, save a layer of it as a file.")
    if not path.is_file():
        others = (other.name for other in path.parent.glob("*") if other.is_file())
        raise ConfigError(f"there is no file '{path}'. Fix: {Nearest(others).hint(path.name, 'name another one.')}")
    real = path.resolve()  # a link may lead anywhere: there is no atlas folder yet to stay in
    return replace(read_bytes(real.parent, real.name), name=path.name)


def _stop_at(problems: Iterable[Problem]) -> None:
    if errors := [problem for problem in problems if problem.severity == "error"]:
        raise DataError(errors)


def find_column(columns: Iterable[str], names: Sequence[str]) -> str | None:
    """The column that bears one of the names, the first of them winning."""
    by_name = {name.strip().casefold(): name for name in reversed(list(columns))}
    return next((by_name[name] for name in names if name in by_name), None)


def _find_pair(columns: Iterable[str]) -> tuple[str, str] | None:
    """The first pair of columns that are called alike: where there are lat, latitude and longitude, the last two."""
    columns = list(columns)
    pairs = ((find_column(columns, [lon]), find_column(columns, [lat])) for lon, lat in PAIRS)
    return next(((lon, lat) for lon, lat in pairs if lon and lat), None)


def _find_degrees(columns: Iterable[str], names: Sequence[str]) -> str | None:
    """The column that bears one of the names, or the only one whose first word is one, as in "Lat_WGS84"."""
    words = {name: re.search(r"[^\W_]+", name.casefold()) for name in columns}
    first = [name for name, word in words.items() if word and word[0] in names]
    return find_column(columns, names) or (first[0] if len(first) == 1 else None)


def _text(value: Any) -> str:
    """A property of a feature as a table has it."""
    if value is None:
        return ""
    return (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)).strip()
