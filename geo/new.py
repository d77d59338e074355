"""A new atlas folder: from one file of places that somebody has, or a small one to start from.

Whatever the file is, the folder is as an atlas wants it: shapes with a key in GeoJSON, attributes in a table that a
spreadsheet opens, every column declared in atlas.toml by what its cells are. It is checked before it is put in place,
so that the next build succeeds.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo.config import CONFIG_NAME, read_config
from geo.dates import DateError, parse_date
from geo.errors import ConfigError, DataError, OutputError
from geo.load import load_atlas
from geo.problems import Problem
from geo.read.files import FileBytes, read_bytes
from geo.read.formats import SHAPEFILE_PARTS, join_shapefile, read_features, read_table

STARTER = Path(__file__).parent / "starter"
TABLE_ENDINGS = (".csv", ".tsv", ".txt", ".xlsx")
LON_NAMES, LAT_NAMES = ("lon", "lng", "long", "longitude", "x"), ("lat", "latitude", "y")
NAME_NAMES = ("name", "title", "label", "название", "имя", "аталышы")
MOST_CATEGORIES = 12
COORDINATE_DECIMALS = 7  # 1 cm
PRECISIONS = ("exact", "settlement", "approximate", "schematic")

Columns = dict[str, list[str]]


@dataclass(frozen=True)
class Made:
    """What `new_atlas` made: the layer's id, how many features it has and how many of them are located."""

    layer: str
    features: int
    located: int


def new_atlas(folder: Path, file: Path | None = None) -> Made:
    """Make an atlas folder: with one layer, from a file, or with three places to start from.

    Parameters
    ----------
    file : features (GeoJSON, GeoPackage, FlatGeobuf, shapefile, GeoParquet), or a table (CSV, Excel) with columns of
        longitude and latitude in degrees

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
    files = _read_starter() if file is None else _make_files(file)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as place:
            for name, text in files.items():
                # Excel takes a CSV file for UTF-8 only where it has a mark; atlases read it with and without.
                is_for_excel = name.endswith(".csv") and not text.isascii()
                (Path(place) / name).write_text(text, encoding="utf-8-sig" if is_for_excel else "utf-8")
            atlas = load_atlas(read_config(Path(place)))
            folder.mkdir(exist_ok=True)
            for name in files:
                shutil.move(Path(place) / name, folder / name)
    except OSError as err:
        raise OutputError(f"{folder}: cannot be made ({err.strerror}). Fix: check the folder above it.") from err
    (layer,) = atlas.layers.values()
    return Made(layer.id, layer.counts.matched, layer.counts.located)


def _read_starter() -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(STARTER.iterdir())}


def _make_files(path: Path) -> dict[str, str]:
    shapes, columns = _read_table(path) if path.suffix.lower() in TABLE_ENDINGS else _read_features(path)
    layer = _identifier(path.stem)
    columns = _with_name({_column_name(name): cells for name, cells in columns.items()})
    columns, sources = _with_sources(_without_misfits(columns))
    key, columns = _with_key(columns, len(shapes))
    return {
        CONFIG_NAME: _toml(path, layer, key, columns, shapes),
        f"{layer}.geojson": _geojson(columns[key], key, shapes),
        f"{layer}.csv": _csv(columns),
        "sources.csv": _csv({"id": list(sources.values()), "citation": list(sources), "url": [], "licence": []}),
    }


def _read_features(path: Path) -> tuple[npt.NDArray[np.object_], Columns]:
    file = _read(path)
    if path.suffix.lower() == ".shp":
        parts = (path.with_suffix(ending) for ending in SHAPEFILE_PARTS[1:])
        file = join_shapefile([file, *(_read(part) for part in parts if part.exists())])
    features = read_features(file)
    _stop_at(features.problems)
    columns = {str(name): list(map(_text, values)) for name, values in features.properties.items()}
    return features.geometry, columns


def _read_table(path: Path) -> tuple[npt.NDArray[np.object_], Columns]:
    table = read_table(_read(path))
    _stop_at(table.problems)
    lon, lat = (_find(table.columns, names) for names in (LON_NAMES, LAT_NAMES))
    if lon is None or lat is None:
        named = ", ".join(table.columns)
        message = f"{path}: no column of {'longitudes' if lon is None else 'latitudes'} among {named}."
        raise ConfigError(f"{message} Fix: name the columns lon and lat, in degrees.")
    shapes = np.full(len(table), None, dtype=object)
    problems = []
    for row, pair in enumerate(zip(table.columns[lon], table.columns[lat], strict=True)):
        if not any(pair):
            continue
        numbers = [_number(cell) for cell in pair]
        lonlat = [number for number in numbers if number is not None]
        if len(lonlat) == 2:
            shapes[row] = shapely.Point(lonlat)
            continue
        at = numbers.index(None)
        problems.append(
            Problem(
                code="TABLE_NUMBER",
                path=path.name,
                line=int(table.lines[row]),
                subject=table.subject(row, (lon, lat)[at]),
                message=f"{pair[at]!r} is not a number",
                hint="write degrees, such as 74.85, or leave both cells blank",
            )
        )
    _stop_at(problems)
    return shapes, {name: list(cells) for name, cells in table.columns.items() if name not in (lon, lat)}


def _read(path: Path) -> FileBytes:
    return read_bytes(path.parent, path.name)


def _stop_at(problems: Iterable[Problem]) -> None:
    if errors := [problem for problem in problems if problem.severity == "error"]:
        raise DataError(errors)


def _find(columns: Iterable[str], names: Sequence[str]) -> str | None:
    """The column that bears one of the names, the first of them winning."""
    by_name = {name.strip().casefold(): name for name in reversed(list(columns))}
    return next((by_name[name] for name in names if name in by_name), None)


def _column_name(name: str) -> str:
    """A name that a column may have: some are Shyrdak's own."""
    name = name.strip().lstrip("_") or "column"
    return f"{name}_given" if name in ("geometry", "_key") else name


def _with_name(columns: Columns) -> Columns:
    """Call the column that names the features `name`."""
    found = _find(columns, NAME_NAMES)
    return {("name" if name == found else name): cells for name, cells in columns.items()}


def _without_misfits(columns: Columns) -> Columns:
    """Rename columns that bear a name with a meaning but hold something else: dates as text, words of another scale."""

    def is_precision(cell: str) -> bool:
        return cell in PRECISIONS

    meanings: dict[str, Callable[[str], bool]] = dict.fromkeys(("valid_from", "valid_to", "as_of"), _is_date)
    meanings["precision"] = is_precision
    fitting = {}
    for name, cells in columns.items():
        fits = name not in meanings or all(map(meanings[name], filter(None, cells)))
        fitting[name if fits else f"{name}_given"] = cells
    return fitting


def _with_sources(columns: Columns) -> tuple[Columns, dict[str, str]]:
    """Make a reference of each text in a column of sources, which is added where there is none, for what is to come.

    Gives the columns with ids, and the ids by text.
    """
    ids: dict[str, str] = {}
    referring: Columns = {}
    columns = columns if "source" in columns else columns | {"source": []}
    for name, cells in columns.items():
        if name == "source" or name.endswith("_source"):
            for cell in filter(None, cells):
                ids.setdefault(cell, f"source{len(ids) + 1}")
            cells = [ids.get(cell, "") for cell in cells]
        referring[name] = cells
    return referring, ids


def _with_key(columns: Columns, count: int) -> tuple[str, Columns]:
    """Give the column that is the join key, and the columns with it in front; rows are numbered where none is."""
    for name in ("id", "key", "code", "fid", "gid", "osm_id", "iso_a3"):
        found = _find(columns, [name])
        if found and len(set(columns[found])) == count and "" not in columns[found]:
            return found, {found: columns[found]} | columns
    key = next(name for name in ("id", "key", "row_number") if name not in columns)
    return key, {key: [str(number + 1) for number in range(count)]} | columns


def _toml(path: Path, layer: str, key: str, columns: Columns, shapes: npt.NDArray[np.object_]) -> str:
    """atlas.toml with every column declared by what its cells are."""
    title = path.stem.replace("_", " ").replace("-", " ").strip().capitalize() or layer
    types = {
        name: _type(cells) for name, cells in columns.items() if name not in (key, "name") and not _is_special(name)
    }
    categories = [name for name, kind in types.items() if kind == "category"]
    lines = [
        f"# Made from {json.dumps(path.name, ensure_ascii=False)}. docs/atlas-folder.md of Shyrdak explains every key.",
        f"title = {_string(title)}",
        "require_sources = false       # true: a row without a known source stops the build",
        "",
        f"[layers.{layer}]",
        f"title = {_string(title)}",
        f'features = "{layer}.geojson"',
        f'table = "{layer}.csv"',
        *([f"key = {_string(key)}"] if key != "id" else []),
        *(['unlocated = "allow"'] if any(shape is None for shape in shapes) else []),
        "",
    ]
    for name, kind in types.items():
        lines += [f"[layers.{layer}.fields.{_toml_key(name)}]", f"title = {_string(_title(name))}", f'type = "{kind}"']
        lines += ["filter = true", ""] if kind in ("category", "number", "integer", "boolean") else [""]
    if categories:
        lines += [f"[layers.{layer}.style]", f"color_by = {_string(categories[0])}", ""]
    lines += [f"[maps.{layer}]", f"title = {_string(title)}", f'layers = ["{layer}"]', ""]
    return "\n".join(lines)


def _is_special(name: str) -> bool:
    """Columns with a meaning of their own need no declaration."""
    special = ("source", "note", "precision", "as_of", "valid_from", "valid_to")
    return name in special or name.endswith("_source")


def _type(cells: Sequence[str]) -> str:
    """What all cells are that are not blank."""
    known = [cell for cell in cells if cell]
    distinct = set(known)
    if not known:
        return "text"
    if all(re.fullmatch(r"[+-]?(0|[1-9]\d{0,14})", cell) for cell in distinct):
        return "integer"
    if all(re.fullmatch(r"[+-]?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?", cell) for cell in distinct):
        return "number"
    if {cell.lower() for cell in distinct} <= {"true", "false", "yes", "no"}:
        return "boolean"
    if all("-" in cell and _is_date(cell) for cell in distinct):
        return "date"
    if all(re.fullmatch(r"https?://[^\s/?#]+\S*", cell) for cell in distinct):
        return "url"
    is_few = len(distinct) <= min(MOST_CATEGORIES, len(known) // 2) and max(map(len, distinct)) <= 40
    return "category" if is_few else "text"


def _is_date(cell: str) -> bool:
    try:
        parse_date(cell)
    except DateError:
        return False
    return True


def _number(cell: str) -> float | None:
    try:
        return float(cell.replace(",", "."))
    except ValueError:
        return None


def _text(value: Any) -> str:
    """A property of a feature as a table has it, control characters as spaces."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return re.sub(r"[\x00-\x1f\x7f\u2028\u2029]+", " ", text).strip()


def _identifier(text: str) -> str:
    """An id of plain letters for a layer, a map and its files."""
    plain = re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_").lower()
    return plain if re.match(r"[a-z]", plain) and plain != "index" else f"places_{plain}".rstrip("_")


def _title(name: str) -> str:
    return name.replace("_", " ").strip().capitalize() or name


def _string(text: str) -> str:
    """A TOML string: JSON's is one, but for a character that JSON leaves as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _toml_key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _string(name)


def _geojson(keys: Sequence[str], key: str, shapes: npt.NDArray[np.object_]) -> str:
    features = []
    for value, shape in zip(keys, shapes, strict=True):
        geometry = None if shape is None else shapely.geometry.mapping(shape)
        feature = {"type": "Feature", "properties": {key: value}, "geometry": _rounded(geometry)}
        features.append(json.dumps(feature, ensure_ascii=False))
    return '{"type": "FeatureCollection", "features": [\n' + ",\n".join(features) + "\n]}\n"


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(inner) for inner in value]
    return round(value, COORDINATE_DECIMALS) if isinstance(value, float) else value


def _csv(columns: Columns) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    length = max(map(len, columns.values()), default=0)
    writer.writerows(zip(*([*cells, *[""] * (length - len(cells))] for cells in columns.values()), strict=True))
    return text.getvalue()
