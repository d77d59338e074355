"""A file of places as somebody has it: features, or a table with coordinates, to shapes and columns of an atlas.

Columns come out as an atlas understands them: the features' name is called `name`, texts of sources become references,
what bears a name with a meaning but holds something else is renamed, and one column is the key.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo.check.near import Nearest
from geo.check.values import Checker
from geo.config.columns import DATE_COLUMNS, is_source_column
from geo.config.looks import PRECISIONS
from geo.coordinates.lonlat import check_lonlat
from geo.errors import ConfigError, DataError
from geo.new.degrees import AXES, are_pairs, is_angle, parse_degrees
from geo.new.downloads import RECORDS, Download, read_download, record_rows
from geo.new.geometries import are_points, find_geometries, read_geometries
from geo.new.guess import OWN_NAMES, are_names, guess_languages, is_date, misfits
from geo.new.plain import with_plain_values
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
NAME_NAMES = (
    *("name", "title", "label", "название", "наименование", "имя", "аталышы", "аты"),
    *("name_3", "name_2", "name_1", "adm2_en", "adm1_en", "shapename", "name_en"),  # files of boundaries, finest first
)
KEY_NAMES = ("id", "key", "code", "fid", "gid", "osm_id", "iso_a3", "feature_id")

MEANINGS: dict[str, Callable[[str], bool]] = {
    **dict.fromkeys(DATE_COLUMNS, is_date),
    "precision": PRECISIONS.__contains__,
}
"""What the cells of a column must be that bears one of these names."""

Columns = dict[str, list[str]]
Shapes = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Places:
    """`shapes`, None where a place has none; `columns` as text, that of the `key` first; `sources`, `records`: tables.

    `separator`: of the cells of the table that they come from, "" where they come from none. `notes`: what was set
    aside, taken for what, called otherwise or written anew. `misfits`: columns that bear another name, as their cells
    are none of what theirs means: that name by the new one. `units`: of columns whose cells had them. `titles`, where
    the file has any for its columns.
    """

    shapes: Shapes
    columns: Columns
    key: str
    sources: Columns
    records: Columns
    separator: str
    notes: tuple[str, ...]
    misfits: dict[str, str]
    units: dict[str, str]
    titles: dict[str, str]


def read_places(path: Path) -> Places:
    """Give the places of a file.

    Raises
    ------
    ConfigError
        A table without coordinates.
    DataError
        Whatever is wrong in the file.
    """
    is_table = path.suffix.lower() in TABLE_ENDINGS
    shapes, given, separator, notes = _read_table(path) if is_table else _read_features(path)
    download = read_download(_read(path).data) if path.suffix.lower() in (".geojson", ".json") else Download()
    stated = given.get(RECORDS, [])
    given = {name: cells for name, cells in given.items() if name not in download.own_columns}
    named = _with_name(_renamed(given, _column_name))
    # Between other separators a comma would be an odd thing inside a cell.
    plain = with_plain_values(named, may_have_commas=separator == ";")
    notes += plain.notes
    likely = None if "name" in named else _likely_name(plain.columns)
    called = {("name" if name == likely else name): cells for name, cells in plain.columns.items()}
    fitting = _without_misfits(_with_translations(called))
    misfitting = {new: old for old, new in zip(named, fitting, strict=True) if old in MEANINGS and old != new}
    for old, new in zip(given, fitting, strict=True):
        if new not in misfitting and old.strip().casefold() != new.casefold():
            cited = old.removesuffix("_source") if new == f"{old}_given" else old
            reason = f', as there is no column "{cited}" whose source it could name' if cited != old else ""
            reason = ", as no other is and its texts are like names" if new == "name" and likely else reason
            notes.append(f'the column "{old}" is called {new}{reason}')
    if "name" not in fitting and len(shapes):
        todo = 'call one "name" in the file that this is made from, and make it anew'
        notes.append(f"no column has names, so that the map is without labels: {todo}")
    columns, sources = _with_sources(fitting, download.sources)
    key, columns, flaw = _with_key(columns, len(shapes))
    records = record_rows(stated, columns[key]) if download.sources and stated else {}
    notes += flaw
    units = download.units | plain.units
    return Places(shapes, columns, key, sources, records, separator, (*notes,), misfitting, units, download.titles)


def _read_features(path: Path) -> tuple[Shapes, Columns, str, list[str]]:
    beside = (path.with_name(name) for name in parts_of(path.parent, path.name)[1:])
    features = read_features(_read(path), beside=[_read(part) for part in beside if part.exists()])
    _stop_at(check_lonlat(features).problems)
    columns = {str(name): list(map(_text, values)) for name, values in features.properties.items()}
    notes = list(to_lines(features.problems))
    own = list(map(_text, features.ids))
    if any(one and one != given for one, given in zip(own, columns.get("id", own), strict=False)):
        name = next(name for name in _numbered("feature_id") if name not in columns)
        columns[name] = own
        notes.append(f'the features\' own ids, which are not their property "id", are the column {name}')
    return features.geometry, columns, "", notes


def _read_table(path: Path) -> tuple[Shapes, Columns, str, list[str]]:
    table = read_table(_read(path))
    _stop_at(table.problems)
    lon, lat = _find_pair(table.columns) or (_find_degrees(table.columns, names) for names in (LON_NAMES, LAT_NAMES))
    column = find_geometries(table.columns)
    if column and (lon is None or lat is None or not are_points(table.columns[column])):
        features = read_geometries(table, column)
        _stop_at(_of_rows(table, check_lonlat(features)))
        notes = [*to_lines(_of_rows(table, features)), f'the shapes are those of the column "{column}"']
        columns = {name: list(cells) for name, cells in table.columns.items() if name != column}
        return features.geometry, columns, table.separator, [*to_lines(table.problems), *notes]
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
    return shapes, columns, table.separator, notes


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


def _find(columns: Iterable[str], names: Sequence[str]) -> str | None:
    """The column that bears one of the names, the first of them winning."""
    by_name = {name.strip().casefold(): name for name in reversed(list(columns))}
    return next((by_name[name] for name in names if name in by_name), None)


def _find_pair(columns: Iterable[str]) -> tuple[str, str] | None:
    """The first pair of columns that are called alike: where there are lat, latitude and longitude, the last two."""
    columns = list(columns)
    pairs = ((_find(columns, [lon]), _find(columns, [lat])) for lon, lat in PAIRS)
    return next(((lon, lat) for lon, lat in pairs if lon and lat), None)


def _find_degrees(columns: Iterable[str], names: Sequence[str]) -> str | None:
    """The column that bears one of the names, or the only one whose first word is one, as in "Lat_WGS84"."""
    words = {name: re.search(r"[^\W_]+", name.casefold()) for name in columns}
    first = [name for name, word in words.items() if word and word[0] in names]
    return _find(columns, names) or (first[0] if len(first) == 1 else None)


def _renamed(columns: Columns, new_name: Callable[[str], str]) -> Columns:
    """Give the columns by their new names, _2, _3 ... after one that is taken: none is lost."""
    renamed: Columns = {}
    for name, cells in columns.items():
        wanted = new_name(name)
        renamed[next(n for n in _numbered(wanted) if n not in renamed and (n == name or n not in columns))] = cells
    return renamed


def _numbered(name: str) -> Iterator[str]:
    """Give a name, then the same with _2, _3 ... at its end."""
    return chain([name], (f"{name}_{number}" for number in count(2)))


def _column_name(name: str) -> str:
    """A name that a column may have: some are Shyrdak's own."""
    name = name.strip().lstrip("_") or "column"
    return "geometry_given" if name == "geometry" else name


def _with_name(columns: Columns) -> Columns:
    """Call the column that names the features `name`."""
    found = _find(columns, NAME_NAMES) if "name" not in columns else "name"
    return {("name" if name == found else name): cells for name, cells in columns.items()}


def _likely_name(columns: Columns) -> str | None:
    """The first column whose texts are like names, of those with a word such as "название" in their header before."""
    others = {*OWN_NAMES, *KEY_NAMES}
    names = [name for name in columns if name.casefold() not in others and not is_source_column(name)]
    names.sort(key=lambda name: not {*re.findall(r"[^\W_]+", name.casefold())} & {*NAME_NAMES})
    return next((name for name in names if are_names(columns[name])), None)


def _with_translations(columns: Columns) -> Columns:
    """Call what OpenStreetMap has as name:en, in another language than that of the names, as an atlas does: name_en."""
    default = guess_languages(columns)[0]
    new = {f"name:{language}": f"name_{language}" for language in ("en", "ru", "ky") if language != default}
    return _renamed(columns, lambda name: new.get(name, name)) if "name" in columns else columns


def _without_misfits(columns: Columns) -> Columns:
    """Rename columns that bear a name with a meaning but hold something else: dates as text, words of another scale.

    A column like power_source cites the source of the column power only where there is one.
    """

    def fitting(name: str) -> str:
        if name in MEANINGS:
            fits = not misfits(columns[name], MEANINGS[name])
        else:
            fits = not is_source_column(name) or name.removesuffix("_source") in (*columns, "geometry")
        return name if fits else f"{name}_given"

    return _renamed(columns, fitting)


def _with_sources(columns: Columns, known: Mapping[str, Mapping[str, str]]) -> tuple[Columns, Columns]:
    """Make a reference of each text in a column of sources, which is added where there is none, for what is to come.

    What names sources that the file itself lists, `known` by their ids, stays. Gives the columns with ids, and the
    table of sources.
    """
    ids: dict[str, str] = {}
    referring: Columns = {}
    free = (name for name in (f"source{number}" for number in count(1)) if name not in known)
    columns = columns if "source" in columns else columns | {"source": []}
    for name, cells in columns.items():
        if is_source_column(name):
            for cell in filter(None, cells):
                if cell not in ids and not all(part.partition("#")[0].strip() in known for part in cell.split(";")):
                    ids[cell] = next(free)
            cells = [ids.get(cell, cell) for cell in cells]
        referring[name] = cells
    listed = {**known, **{source: {"citation": text} for text, source in ids.items()}}
    names = ["citation", "url", "licence"] + ["accessed"] * any("accessed" in about for about in known.values())
    return referring, {"id": [*listed], **{name: [about.get(name, "") for about in listed.values()] for name in names}}


def _with_key(columns: Columns, count: int) -> tuple[str, Columns, list[str]]:
    """Give the column that is the join key, the columns with it in front, and what keeps another from being it.

    Rows are numbered where none can be.
    """
    flaws = []
    for name in KEY_NAMES:
        found = _find(columns, [name])
        if not found:
            continue
        value, uses = Counter(columns[found]).most_common(1)[0] if count else ("", 0)
        if uses < 2 and "" not in columns[found]:
            return found, {found: columns[found]} | columns, []
        flaws.append(f'"{found}" has ' + (f"'{value}' {uses} times" if value and uses > 1 else "blank cells"))
    key = next(name for name in ("id", "key", "row_number") if name not in columns)
    note = [f'the column {flaws[0]}: the key is a new column "{key}", the number of the row'] if flaws else []
    return key, {key: [str(number + 1) for number in range(count)]} | columns, note


def _text(value: Any) -> str:
    """A property of a feature as a table has it."""
    if value is None:
        return ""
    return (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)).strip()
