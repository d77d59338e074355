"""The files of an atlas folder, each read once, and its list of sources.

Input: `Config`. Output: features and tables with their problems and digests.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import partial
from operator import gt
from typing import Any

import numpy as np

from geo.check.citations import Citation, parse_source
from geo.check.headers import check_shown
from geo.check.near import Nearest
from geo.check.values import Checker
from geo.config.settings import CONFIG_NAME, SOURCES_NAME, Config
from geo.coordinates.lonlat import check_lonlat
from geo.coordinates.swapped import Bounds
from geo.errors import DataError
from geo.model import Source, Tell
from geo.problems import Problem
from geo.read.features import Features
from geo.read.files import FileBytes, read_bytes, shapefile_parts
from geo.read.formats import join_shapefile, read_features, read_table
from geo.read.tables import Table

SOURCE_COLUMNS = ("id", "citation", "url", "licence", "accessed")
# Problems after which the rest of a file cannot be told from what is wrong.
_ENDING = ("JSON_SYNTAX", "TABLE_QUOTE", "TABLE_HEADER", "TABLE_HEADER_BLANK", "TABLE_HEADER_DUPLICATE")


class Folder:
    """Reads each file of the atlas folder once and collects the problems of all."""

    def __init__(self, config: Config, tell: Tell = lambda *_: None) -> None:
        self.config = config
        self._tell = tell
        self.problems: list[Problem] = []
        self.inputs: dict[str, str] = {}
        self._features: dict[str, Features | None] = {}
        self._tables: dict[str, Table | None] = {}

    def features(self, name: str, *named_at: str) -> Features | None:
        """Give the features of a file, None where it cannot be read (the reason is among the problems).

        `named_at` is where atlas.toml names it, key by key.
        """
        if name not in self._features:
            users = {layer_id: layer for layer_id, layer in self.config.layers.items() if layer.features == name}
            keys = sorted({layer.key.features for layer in users.values()})
            expected = self._expected_bounds(users)
            is_far_right = any(layer.outliers == "allow" for layer in users.values())
            is_geodesic = all(layer.geodesic for layer in users.values())
            tell = partial(self._tell, f"reading {name}")

            def read(file: FileBytes) -> Features:
                features = read_features(file, keys=keys, tell=tell)
                return check_lonlat(features, expected=expected, is_far_right=is_far_right, is_geodesic=is_geodesic)

            self._features[name] = self._read(name, named_at, read)
        return self._features[name]

    def _expected_bounds(self, layers: Collection[str]) -> Bounds | None:
        """Give the bounds of the maps that show any of the layers, as far as atlas.toml has them."""
        maps = self.config.maps.values()
        bounds = [m.bounds for m in maps if m.bounds and not set(m.layers).isdisjoint(layers)]
        if not bounds:
            return None
        west, south, east, north = zip(*bounds, strict=True)
        if any(map(gt, west, east)):  # over 180 degrees
            return -180, min(south), 180, max(north)
        return min(west), min(south), max(east), max(north)

    def table(self, name: str, *named_at: str) -> Table | None:
        """Give the rows of a table, None where it cannot be read; `named_at` as in `features`."""
        if name not in self._tables:
            self._tell(f"reading {name}", 0, 1)
            self._tables[name] = self._read(name, named_at, read_table)
        return self._tables[name]

    def _read(self, name: str, named_at: tuple[str, ...], read: Any) -> Any:
        try:
            file = self._bytes(name)
            found = read(file if not name.lower().endswith(".shp") else self._shapefile(file))
        except DataError as err:
            named = self.config.line(*named_at) if named_at else 0
            self.problems += [replace(p, line=named) if p.path == CONFIG_NAME else p for p in _ended(err.problems)]
            return None
        self.problems += found.problems
        return found

    def _bytes(self, name: str) -> FileBytes:
        file = read_bytes(self.config.folder, name)
        self.inputs[name] = file.sha256
        return file

    def _shapefile(self, main: FileBytes) -> FileBytes:
        """Read the files that go with a `.shp`."""
        folder = self.config.folder
        names = shapefile_parts(folder, main.name)[1:]
        return join_shapefile([main, *(self._bytes(name) for name in names if (folder / name).exists())])


def _ended(problems: list[Problem]) -> list[Problem]:
    """Give the problems of a file that cannot be read on; the last one of those that end the reading says so."""
    last = max((at for at, problem in enumerate(problems) if problem.code in _ENDING), default=None)
    if last is None:
        return problems
    said = replace(problems[last], message=f"{problems[last].message}; nothing else in the file was checked")
    return [*problems[:last], said, *problems[last + 1 :]]


def read_sources(folder: Folder) -> dict[str, Source] | None:
    """Give the sources by id, None where the atlas has no list of them."""
    config = folder.config
    name = config.atlas.sources
    if name is None and not (config.folder / SOURCES_NAME).exists() and not config.atlas.require_sources:
        return None
    table = folder.table(name or SOURCES_NAME, *(["sources"] if name else []))
    if table is None:
        return None
    checker = Checker(table)
    columns = {column: checker.text(cells) for column, cells in table.columns.items()}
    for column in ("id", "citation"):
        if column not in columns:
            hint = Nearest(columns).hint(column, "add it: id,citation,url,licence")
            checker.report("TABLE_COLUMN", None, None, f'there is no column "{column}"', hint)
    if {"id", "citation"} <= columns.keys():
        check_shown(checker, columns, SOURCE_COLUMNS)
    if "url" in columns:
        checker.urls("url", columns["url"])
    if "accessed" in columns:
        checker.dates("accessed", columns["accessed"])
    sources: dict[str, Source] = {}
    blank = np.full(len(table), None, dtype=object)
    parts = [columns.get(column, blank) for column in SOURCE_COLUMNS]
    for row, (source_id, citation, url, licence, accessed) in enumerate(zip(*parts, strict=True)):
        if source_id in sources:
            place = f"line {sources[source_id].line}"
            checker.report(
                "SOURCE_DUPLICATE", row, "id", f"{place} has the id {source_id!r} too", "give each its own id"
            )
        elif source_id is None or citation is None:
            what = "id" if source_id is None else "citation"
            if what in columns:
                checker.report("SOURCE_BLANK", row, what, f"the {what} is blank", "write it, or take the row out")
        elif not _can_be_cited(source_id):
            message = f"no cell can cite {source_id!r}: ; and # part a citation, spaces around it do not count"
            checker.report("SOURCE_SYNTAX", row, "id", message, "write the id without them")
        if source_id is not None:
            sources.setdefault(
                source_id, Source(source_id, citation or "", url, licence, accessed, int(table.lines[row]))
            )
    folder.problems += checker.problems
    return sources


def _can_be_cited(source_id: str) -> bool:
    try:
        return parse_source(source_id) == (Citation(source_id, ""),)
    except ValueError:
        return False
