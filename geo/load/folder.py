"""The files of an atlas folder, each read once.

Input: `Config`. Output: features and tables with their problems and digests.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import partial
from operator import gt
from typing import Any

from geo.config.settings import CONFIG_NAME, Config
from geo.coordinates.lonlat import check_lonlat
from geo.coordinates.swapped import Bounds
from geo.errors import DataError
from geo.load.references import References
from geo.model import Tell
from geo.problems import Problem
from geo.read.features import Features
from geo.read.files import FileBytes, parts_there, read_bytes
from geo.read.formats import read_features, read_table
from geo.read.tables import Table

# Problems after which the rest of a file cannot be told from what is wrong.
_ENDING = ("JSON_SYNTAX", "TABLE_QUOTE", "TABLE_HEADER", "TABLE_HEADER_BLANK", "TABLE_HEADER_DUPLICATE")


class Folder:
    """Reads each file of the atlas folder once and collects the problems of all."""

    def __init__(self, config: Config, tell: Tell = lambda *_: None) -> None:
        self.config = config
        self._tell = tell
        self.problems: list[Problem] = []
        self.references: list[References] = []  # to be checked once all layers are there
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
                features = read_features(file, keys=keys, tell=tell, beside=self._beside(name))
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
            found = read(self._bytes(name))
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

    def _beside(self, name: str) -> list[FileBytes]:
        """Read the other files of a shapefile or GeoPackage."""
        return [self._bytes(part) for part in parts_there(self.config.folder, name)]


def _ended(problems: list[Problem]) -> list[Problem]:
    """Give the problems of a file that cannot be read on; the last one of those that end the reading says so."""
    last = max((at for at, problem in enumerate(problems) if problem.code in _ENDING), default=None)
    if last is None:
        return problems
    said = replace(problems[last], message=f"{problems[last].message}; nothing else in the file was checked")
    return [*problems[:last], said, *problems[last + 1 :]]
