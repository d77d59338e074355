"""A new atlas folder: from one file of places that somebody has, or a small one to start from.

Whatever the file is, the folder is as an atlas wants it: shapes with a key in GeoJSON, attributes in a table that a
spreadsheet opens, every column declared in atlas.toml by what its cells are. It is checked before it is put in place,
so that the next build succeeds.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from geo.check.cells import without_percent
from geo.check.values import Checker
from geo.config.settings import CONFIG_NAME, read_config
from geo.errors import ConfigError, DataError, OutputError
from geo.load.atlas import load_atlas
from geo.model import AtlasData, LayerData
from geo.new.files import WITHOUT_SLIDER, make_files, with_ids
from geo.new.foreign import read_file
from geo.new.guess import find_missed, misfits, why_refused
from geo.new.naming import MEANINGS, Places, name_layers
from geo.new.plain import find_undated
from geo.problems import Problem, in_order
from geo.read.files import FileBytes
from geo.read.tables import read_csv

SLIDER_NOTE = f"the dates move no time slider yet: for one take the # from the line time = ... in {CONFIG_NAME}"
_ANEW = ", in the file that this is made from, and make it anew"
STARTER = Path(__file__).parent / "starter"


@dataclass(frozen=True)
class Made:
    """What `new_atlas` made: of each layer, by its id, how many features it has and how many of them are located.

    `notes`: what was taken for what. `problems`: warnings of the new atlas, and of cells that cost a column its type.
    """

    layers: dict[str, tuple[int, int]]
    notes: tuple[str, ...]
    problems: tuple[Problem, ...]


def new_atlas(folder: Path, file: Path | None = None, wanted: Collection[str] = ()) -> Made:
    """Make an atlas folder: of the layers of a file, or of three places to start from.

    Parameters
    ----------
    file : features (GeoJSON, KML, GPX, GeoPackage, FlatGeobuf, shapefile, GeoParquet), or a table (CSV, Excel) with
        columns of longitude and latitude in degrees, or with one of geometries
    wanted : the names of the layers to take, of a file that has several; all where it is empty

    Raises
    ------
    ConfigError
        The folder holds something already, or the table has no coordinates.
    DataError
        What is wrong in the file. Nothing is made.
    OutputError
        The folder cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigError(f"{folder} is there already. Fix: name a new folder, or an empty one.")
    if file and any("\ud800" <= letter <= "\udfff" for letter in file.name):  # bytes that are no UTF-8
        raise ConfigError(f"the name {file.name!r} is not in UTF-8. Fix: rename the file.")
    layers: dict[str, Places] = {}
    files, notes = _read_starter(), list[str]()
    if file:
        given = read_file(file, wanted)
        named, sources = name_layers(given)
        layers = with_ids(file, named)
        files = make_files(file, given, layers, sources)
        notes = [*_notes(layers), *given.notes, *([SLIDER_NOTE] if f"\n{WITHOUT_SLIDER}" in files[CONFIG_NAME] else [])]
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as place:
            for name, text in files.items():
                # Excel takes a CSV file for UTF-8 only where it has a mark; atlases read it with and without.
                is_for_excel = name.endswith(".csv") and not text.isascii()
                (Path(place) / name).write_text(text, encoding="utf-8-sig" if is_for_excel else "utf-8")
            atlas = _load(Path(place), file)
            folder.mkdir(exist_ok=True)
            for name in files:
                shutil.move(Path(place) / name, folder / name)
    except OSError as err:
        hint = "check the folder above it, its permissions and the space left"
        raise OutputError(f"{folder}: cannot be made ({err.strerror}). Fix: {hint}.") from err
    missed = (one for layer, places in layers.items() for one in _missed_types(places, atlas.layers[layer], files))
    problems = in_order([*atlas.problems, *missed])
    counts = {layer.id: (layer.counts.matched, layer.counts.located) for layer in atlas.layers.values()}
    return Made(counts, tuple(notes), tuple(problems))


def _notes(layers: Mapping[str, Places]) -> list[str]:
    """Give what is to be said of each layer, with its id where there are several."""
    several = len(layers) > 1
    return [f"{layer}: {note}" if several else note for layer, places in layers.items() for note in places.notes]


def _load(place: Path, file: Path | None) -> AtlasData:
    """Give the new atlas; its problems name the file that it was made from, by row: what has their lines goes."""
    try:
        return load_atlas(read_config(place))
    except DataError as err:
        if file is None:
            raise
        raise DataError(replace(problem, path=file.name, line=0) for problem in err.problems) from None


def _missed_types(places: Places, layer: LayerData, files: Mapping[str, str]) -> list[Problem]:
    """Warn of each column that a few cells keep from being dates or numbers, at the first of them in the new table."""
    missed = []
    for column, cells in places.columns.items():
        if meaning := places.misfits.get(column):
            kind, odd = "precision" if meaning == "precision" else "date", misfits(cells, MEANINGS[meaning])
            so, then = f"the column is called {column}", _ANEW
        elif column in places.words.types:
            continue
        elif column in layer.config.fields and layer.config.fields[column].type in ("text", "category"):
            kind, odd = find_missed(list(map(without_percent, cells)) if column in places.units else cells)
            so, then = "the column is text", f', and type = "{kind}" in {CONFIG_NAME}'
            if not odd and (odd := find_undated(cells)):
                kind, then = "date", _ANEW
        else:
            continue
        if odd:
            code, message, hint = why_refused(cells[odd[0]], kind)
            more = f", nor are {len(odd) - 1:,} more" if len(odd) > 1 else ""
            others = sum(map(bool, cells)) - len(odd)
            but = f", but {others:,} {'others are' if others > 1 else 'other is'}" if others else ""
            missed.append((code, odd[0], column, f"{message}{more}{but}: {so}", hint + then))
    if not missed:
        return []
    name = f"{layer.id}.csv"
    rows = Checker(read_csv(FileBytes(name, files[name].encode(), "")))  # for the lines of the rows
    for code, row, column, message, hint in missed:
        rows.report(code, row, column, message, hint, severity="warning")
    return rows.problems


def _read_starter() -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(STARTER.iterdir())}
