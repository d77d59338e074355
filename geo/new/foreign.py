"""A file of somebody's to its layers: features, or tables with coordinates."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from geo.check.near import Nearest
from geo.coordinates.lonlat import check_lonlat
from geo.errors import ConfigError, DataError
from geo.new.downloads import is_csv_of_map, split_csv, split_geojson
from geo.new.given import Given, GivenFile, stop_at
from geo.new.tabular import has_places, places_of
from geo.problems import Problem, to_lines
from geo.read.files import FileBytes, old_encoding, parts_there, read_bytes
from geo.read.formats import list_layers, list_tables, read_features
from geo.read.tables import TEXT_ENDINGS, Table

TABLE_ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".xlsm", ".xlsb", ".ods")  # the last are refused as tables

Layers = dict[str, Callable[[], Given]]
"""What reads each layer of a file, by its name; one that cannot have another has none."""


def read_file(path: Path, wanted: Collection[str] = ()) -> GivenFile:
    """Give the places of a file: those of the layers that are `wanted`, or of all.

    Raises
    ------
    ConfigError
        A table without coordinates, a layer that is not there.
    DataError
        Whatever is wrong in the file.
    """
    file, told = _decoded(_read(path))
    is_table = path.suffix.lower() in TABLE_ENDINGS
    layers, left_out = _sheets(path, file, wanted) if is_table else _layers(path, file)
    if layers.keys() == {""}:
        whole = _of_map(path, file, layers[""](), wanted)
        return replace(whole, notes=(*told, *whole.notes))
    _check_wanted(path, wanted, list(layers))
    given = _read_all({name: read for name, read in layers.items() if not wanted or name in wanted})
    if len(layers) == 1 and not wanted:  # it is called as the file is
        return GivenFile((replace(given[0], name=""),), notes=(*left_out,))
    filled = [one for one in given if len(one.shapes)] or given[:1]
    empty = [one.name for one in given if not len(one.shapes) and len(given) > 1]
    return GivenFile((*filled,), notes=() if wanted else (*left_out, *_left_out("features", empty)))


def _read_all(layers: Layers) -> list[Given]:
    """Give the layers; raises DataError with what is wrong in any of them."""
    given, problems = [], list[Problem]()
    for name, read in layers.items():
        try:
            given.append(replace(read(), name=name))
        except DataError as err:
            problems += err.problems
    stop_at(problems)
    return given


def _decoded(file: FileBytes) -> tuple[FileBytes, list[str]]:
    """Give a table in UTF-8, and say so of one that was in an old encoding: in the new atlas none is."""
    is_text = PurePosixPath(file.name).suffix.lower() in TEXT_ENDINGS
    if not is_text or not (encoding := old_encoding(file.data)):
        return file, []
    text = file.data.decode(encoding)
    word = re.findall(r"\w*[^\x00-\x7f]\w*", text)[0][:40]
    return replace(file, data=text.encode()), [f"read as {encoding}, as it is not in UTF-8: {word!r}"]


def _of_map(path: Path, file: FileBytes, given: Given, wanted: Collection[str]) -> GivenFile:
    """Give the layers of a file that may have been taken from a map."""
    whole = GivenFile((given,))
    if path.suffix.lower() in (".geojson", ".json"):
        whole = split_geojson(given, file.data)
    elif is_csv_of_map(given.columns):
        whole = split_csv(given)
    _check_wanted(path, wanted, [one.name for one in whole.layers if one.name])
    return replace(whole, layers=tuple(one for one in whole.layers if not wanted or one.name in wanted))


def _check_wanted(path: Path, wanted: Collection[str], names: Sequence[str]) -> None:
    for name in wanted:
        if name not in names:
            has = f"has {', '.join(names)}" if names else "has no layers to choose from"
            hint = Nearest(names).hint(name, "name one of these." if names else "leave --layer out.")
            raise ConfigError(f"there is no layer '{name}' in {path}, which {has}. Fix: {hint}")


def _left_out(lack: str, names: Sequence[str]) -> list[str]:
    return [f"left out, as {'they have' if len(names) > 1 else 'it has'} no {lack}: {', '.join(names)}"] * bool(names)


def _layers(path: Path, file: FileBytes) -> tuple[Layers, list[str]]:
    beside = [_read(path.with_name(name)) for name in parts_there(path.parent, path.name)]
    layers, others = list_layers(file, beside)
    stems = [PurePosixPath(layer).stem for layer in layers] if path.suffix.lower() == ".zip" else layers
    names = stems if len({*stems}) == len(stems) else layers
    if not layers:
        return {"": partial(_read_features, file, beside, "")}, []
    return {
        name: partial(_read_features, file, beside, layer if len(layers) > 1 else "")
        for name, layer in zip(names, layers, strict=True)
    }, _left_out("geometries", others)


def _read_features(file: FileBytes, beside: Sequence[FileBytes], layer: str) -> Given:
    features = read_features(file, beside=beside, layer=layer)
    stop_at(check_lonlat(features).problems)
    columns = {str(name): list(map(_text, values)) for name, values in features.properties.items()}
    own = tuple(map(_text, features.ids))
    are_others = any(one and one != given for one, given in zip(own, columns.get("id", own), strict=False))
    notes = (*to_lines(features.problems),)
    return Given(features.geometry, columns, notes=notes, own_ids=own if are_others else ())


def _sheets(path: Path, file: FileBytes, wanted: Collection[str]) -> tuple[Layers, list[str]]:
    """Give the sheets of a workbook, of several those that have places: others tell of the data, or look it up."""
    tables = list_tables(file)
    if not tables:
        raise ConfigError(f"{path} has no sheet with content that is not hidden. Fix: show the one to make it from.")
    if len(tables) == 1 or wanted:
        return {name: partial(_places, read) for name, read in tables.items()}, []
    layers: Layers = {}
    placeless, notes, problems = [], [], list[Problem]()
    for name, read in tables.items():
        try:
            if has_places(read().columns):
                layers[name] = partial(_places, read)
            else:
                placeless.append(name)
        except DataError as err:
            problems += err.problems
            notes.append(f"left out: {err.problems[0]}")
    if not layers:
        stop_at(problems)
        named = ", ".join(placeless)
        fix = "name the columns lon and lat, in degrees"
        raise ConfigError(f"{path}: none of its sheets has columns of longitude and latitude ({named}). Fix: {fix}.")
    return layers, [*_left_out("columns of longitude and latitude", placeless), *notes]


def _places(read: Callable[[], Table]) -> Given:
    return places_of(read())


def _read(path: Path) -> FileBytes:
    if path.is_dir():
        raise ConfigError(f"'{path}' is a folder. Fix: name one file; of a database, save a layer of it as a file.")
    if not path.is_file():
        others = (other.name for other in path.parent.glob("*") if other.is_file())
        raise ConfigError(f"there is no file '{path}'. Fix: {Nearest(others).hint(path.name, 'name another one.')}")
    real = path.resolve()  # a link may lead anywhere: there is no atlas folder yet to stay in
    return replace(read_bytes(real.parent, real.name), name=path.name)


def _text(value: Any) -> str:
    """A property of a feature as a table has it."""
    if value is None:
        return ""
    return (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)).strip()
