"""Feature and table files by the ending of their names.

GeoPackage, FlatGeobuf, shapefile and GeoParquet are opened each by its own driver alone, from the bytes that were
digested: what GDAL would follow to other files (VRT inside a `.gpkg`) is refused by its first bytes. These have no
lines; problems name features by number.
"""

from __future__ import annotations

import sqlite3
import tempfile
import warnings
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath

import geopandas as gpd
import numpy as np
import shapely

from geo.errors import DataError
from geo.problems import Problem
from geo.read.archive import list_parts, unpack
from geo.read.exact import TO_GEOJSON
from geo.read.features import Features
from geo.read.files import FileBytes, likely_encoding
from geo.read.frames import as_features
from geo.read.geojson import read_geojson
from geo.read.sequence import read_sequence
from geo.read.shapes import Flaw
from geo.read.sheets import as_table, read_sheets
from geo.read.tables import TEXT_ENDINGS, Table, read_csv
from geo.read.wkb import UNREADABLE, read_wkb

_DRIVERS = {".gpkg": "GPKG", ".fgb": "FlatGeobuf", ".shp": "ESRI Shapefile"}
_BEGINNINGS = {".gpkg": b"SQLite format 3\0", ".fgb": b"fgb", ".shp": b"\0\0'\x0a", ".parquet": b"PAR1", ".xlsx": b"PK"}
_BEGINNINGS |= {".geoparquet": b"PAR1", ".kmz": b"PK", ".zip": b"PK"}
_PARQUET = (".parquet", ".geoparquet")
_FEATURES = (".geojson", ".json", ".geojsonl", ".geojsons", ".ndjson", ".kml", ".gpx", *_DRIVERS, *_PARQUET)


def read_features(
    file: FileBytes,
    *,
    keys: Sequence[str] = ("id",),
    tell: Callable[[int, int], None] = lambda *_: None,
    beside: Iterable[FileBytes] = (),
    layer: str = "",
) -> Features:
    """Give the features of a file by the ending of its name; parameters and errors as `read_geojson`.

    `beside` are the other files of a shapefile or GeoPackage; `layer` is one of `list_layers`, where there are several.
    """
    ending = _ending(file.name)
    if ending in (".kmz", ".zip"):
        _check_beginning(file, ending)
        file, *beside = unpack(file, (".kml",) if ending == ".kmz" else _FEATURES, layer)
        ending = _ending(file.name)
    if ending in (".geojson", ".json"):
        return read_geojson(file, keys=keys, tell=tell)
    if ending in (".geojsonl", ".geojsons", ".ndjson"):
        return read_sequence(file, keys=keys, tell=tell)
    if ending in (".kml", ".gpx"):
        if file.data.startswith(b"PK"):
            raise DataError.of("FILE_KIND", file.name, "its content is a zip archive", f"call it {_zipped(file.name)}")
        from geo.read import gpx, kml  # most atlases do without

        return kml.read_kml(file, keys=keys) if ending == ".kml" else gpx.read_gpx(file, keys=keys)
    if ending not in (*_DRIVERS, *_PARQUET):
        raise DataError.of("FILE_KIND", file.name, f"{_named(ending)} is not read as features", TO_GEOJSON)
    _check_beginning(file, ending)
    if ending in _PARQUET:
        from geo.read.parquet import read_parquet  # which most atlases do without

        return read_parquet(file, keys)
    return _read_ogr(file, _DRIVERS[ending], keys, list(beside), layer)


def list_layers(file: FileBytes, beside: Sequence[FileBytes] = ()) -> tuple[list[str], list[str]]:
    """Name the layers of a GeoPackage that have geometries and those that have none, or the files in a zip archive.

    There are none in other files, nor in what cannot be read.
    """
    if _ending(file.name) == ".zip":
        parts = list_parts(file, _FEATURES)
        return list_layers(unpack(file, _FEATURES)[0]) if len(parts) == 1 else (parts, [])
    if _ending(file.name) != ".gpkg":
        return [], []
    _check_beginning(file, ".gpkg")
    import pyogrio

    with tempfile.TemporaryDirectory() as folder:
        path = _copied(folder, file, beside)
        try:
            layers = pyogrio.list_layers(path)
        except pyogrio.errors.DataSourceError:
            return [], []
    return [name for name, kind in layers if kind is not None], [name for name, kind in layers if kind is None]


def read_table(file: FileBytes) -> Table:
    """Give the rows of a table by the ending of its name; raises DataError as `read_csv`."""
    tables = list_tables(file)
    if len(tables) != 1:
        message = f"it has {len(tables)} sheets with content: {', '.join(tables)}"
        message = message if tables else "it has no sheet with content that is not hidden"
        raise DataError.of("FILE_KIND", file.name, message, "keep one sheet a file")
    (read,) = tables.values()
    return read()


def list_tables(file: FileBytes) -> dict[str, Callable[[], Table]]:
    """Give what reads each sheet of a workbook that has content and is not hidden, by its name; a CSV has none."""
    ending = _ending(file.name)
    if ending in TEXT_ENDINGS:
        return {"": partial(read_csv, file)}
    if ending != ".xlsx":
        hint = "save it as .csv (UTF-8)"
        raise DataError.of("FILE_KIND", file.name, f"{_named(ending)} is not read as a table", hint)
    _check_beginning(file, ending)
    sheets = read_sheets(file)
    named = {name: f"{file.name}/{name}" if len(sheets) > 1 else file.name for name in sheets}
    return {name: partial(as_table, named[name], sheet) for name, sheet in sheets.items()}


def _named(ending: str) -> str:
    return f"a file that ends in '{ending}'" if ending else "a file whose name has no ending"


def _ending(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _zipped(name: str) -> str:
    return PurePosixPath(name).with_suffix(".kmz" if _ending(name) == ".kml" else ".zip").name


def _check_beginning(file: FileBytes, ending: str) -> None:
    is_sqlite_alone = ending == ".gpkg" and file.data[68:72] not in (b"GPKG", b"GP10", b"GP11")
    if not file.data.startswith(_BEGINNINGS[ending]) or is_sqlite_alone:
        message = f"the content is not what '{ending}' stands for"
        raise DataError.of("FILE_KIND", file.name, message, "give the file the ending of what it holds")


def _read_ogr(
    file: FileBytes, driver: str, keys: Sequence[str], beside: Sequence[FileBytes], layer: str = ""
) -> Features:
    import pyogrio  # loads all of GDAL, which most atlases do without

    problems = _missing_parts(file, beside) if driver == "ESRI Shapefile" else []
    with tempfile.TemporaryDirectory() as folder:  # a copy: what is read is what was digested, and alone in its folder
        path = _copied(folder, file, beside)
        try:
            with warnings.catch_warnings(record=True) as said:
                warnings.simplefilter("always", RuntimeWarning)
                frame, flaws = _read_layer(path, *_only_layer(file, path, driver, layer))
        except UnicodeDecodeError:
            message, hint = "its text is not in the encoding that it names", "save it anew, in UTF-8"
            raise DataError.of("FILE_ENCODING", file.name, message, hint) from None
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError):
            raise DataError.of("FILE_KIND", file.name, f"it cannot be read as {driver}", TO_GEOJSON) from None
        if driver == "ESRI Shapefile" and not _names_encoding(path):
            _check_ascii(file, frame)
    # Which rings are open is said of each.
    texts = (str(one.message).replace(str(path), file.name) for one in said)
    for text in dict.fromkeys(text for text in texts if not text.startswith("Non closed ring")):
        hint = "see that nothing of it is missing"
        problems.append(_warning(file, f"GDAL says of it: {text}", hint))
    features = as_features(f"{file.name}/{layer}" if layer else file.name, frame, keys, flaws=flaws)
    return replace(features, problems=(*problems, *features.problems))


def _copied(folder: str, file: FileBytes, beside: Iterable[FileBytes]) -> Path:
    path = Path(folder, f"features{_ending(file.name)}")
    for part in (file, *beside):
        path.with_suffix(_ending(part.name)).write_bytes(part.data)
    return path


def _warning(file: FileBytes, message: str, hint: str) -> Problem:
    return Problem(code="FILE_KIND", severity="warning", path=file.name, message=message, hint=hint)


def _missing_parts(file: FileBytes, beside: Sequence[FileBytes]) -> list[Problem]:
    """Refuse a shapefile without its index, and warn of one without attributes, which nothing else would tell."""
    there = {_ending(part.name) for part in beside}
    shx, dbf = (PurePosixPath(file.name).with_suffix(ending).name for ending in (".shx", ".dbf"))
    if ".shx" not in there:
        message, hint = f"there is no {shx} beside it", "a shapefile is several files: copy all that are called so"
        raise DataError.of("FILE_MISSING", file.name, message, hint)
    message = f"there is no {dbf} beside it, in which its attributes are"
    return [] if ".dbf" in there else [_warning(file, message, "copy it there, or expect shapes alone")]


def _only_layer(file: FileBytes, path: Path, driver: str, wanted: str) -> tuple[str, dict[str, str]]:
    """Give the one layer with geometry, or the wanted one, and, of its columns that may have blanks, pandas' types."""
    import pyogrio

    layers = [name for name, kind in pyogrio.list_layers(path) if kind is not None]
    layers = [wanted] if wanted in layers else layers
    info = pyogrio.read_info(path, layer=layers[0]) if layers else {"driver": driver}
    if info["driver"] != driver:
        raise DataError.of("FILE_KIND", file.name, f"its content is {info['driver']}, not {driver}", TO_GEOJSON)
    if len(layers) != 1:
        message = f"it has {len(layers)} layers with geometry{': ' if layers else ''}{', '.join(layers)}"
        raise DataError.of("FILE_KIND", file.name, message, TO_GEOJSON.replace(" it ", " one of them "))
    return layers[0], _with_blanks(zip(info["fields"], info["dtypes"], strict=True))


def _read_layer(path: Path, layer: str, types: dict[str, str]) -> tuple[gpd.GeoDataFrame, dict[int, Flaw]]:
    """Give a layer in pandas' types that may be blank, and what is wrong with its geometries.

    A blank makes floats of whole numbers, which rounds large ones: these are read once more, without the blanks.
    """
    import pyogrio

    options = {"layer": layer, "datetime_as_string": True, "fid_as_index": True}
    flaws: dict[int, Flaw] = {}
    try:
        frame = pyogrio.read_dataframe(path, **options)
    except shapely.errors.GEOSException:
        frame = pyogrio.read_dataframe(path, **options, on_invalid="fix")
        flaws = read_wkb(pyogrio.raw.read(path, layer=layer, columns=[])[2])[1]
    flaws |= _unreadable(path, layer, frame)
    for name in types.keys() & frame.select_dtypes("float").columns:
        if (frame[name].abs() >= 2**53).any():
            known = frame.index[frame[name].notna()]
            exact = pyogrio.read_dataframe(path, layer=layer, columns=[name], fids=known, read_geometry=False)[name]
            frame[name] = exact.astype("Int64").set_axis(known).reindex(frame.index)
    return frame.astype(types).reset_index(drop=True), flaws


def _unreadable(path: Path, layer: str, frame: gpd.GeoDataFrame) -> dict[int, Flaw]:
    """Find the features of a GeoPackage that have a geometry of which GDAL makes none, without a word."""
    is_missing = frame.geometry.isna()
    if path.suffix.lower() != ".gpkg" or not is_missing.any():
        return {}
    with closing(sqlite3.connect(path)) as database:
        try:
            of_layer = "SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?"
            names = (name.replace('"', '""') for name in (layer, *database.execute(of_layer, [layer]).fetchone()))
            table, column = names
            known = database.execute(f'SELECT rowid FROM "{table}" WHERE "{column}" IS NOT NULL').fetchall()
        except sqlite3.Error:  # a view has no numbers of rows
            return {}
    has_geometry = frame.index.isin([number for (number,) in known])
    return dict.fromkeys(map(int, np.flatnonzero(is_missing & has_geometry)), UNREADABLE)


def _with_blanks(types: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Give pandas' types that may be blank: a blank among whole numbers and yes or no makes floats of all of them."""
    names = {"bool": "boolean", "int16": "Int64", "int32": "Int64", "int64": "Int64"}
    return {name: names[kind] for name, kind in types if kind in names}


def _names_encoding(shapefile: Path) -> bool:
    """Tell whether a shapefile says what encoding its text is in, in a file of its own or in byte 29 of its table."""
    table = shapefile.with_suffix(".dbf")
    says_none = b"\x00", b"\x57"  # nothing, and that of the computer that wrote it; GDAL takes both for Latin-1
    return shapefile.with_suffix(".cpg").exists() or not table.exists() or table.read_bytes()[29:30] not in says_none


def _check_ascii(file: FileBytes, frame: gpd.GeoDataFrame) -> None:
    """Refuse text of a shapefile that may be in any encoding."""
    texts = [*map(str, frame.columns), *(v for column in frame.columns for v in frame[column] if type(v) is str)]
    written = "\n".join(text for text in texts if not text.isascii()).encode("latin-1")
    if written:
        try:
            written.decode()
            guess = "UTF-8"
        except UnicodeDecodeError:
            guess = likely_encoding(written) or ""
        name = PurePosixPath(file.name).with_suffix(".cpg")
        message, hint = (
            f"the shapefile has no {name.name}, which says what encoding its text is in",
            f"write {name} with its name",
        )
        if guess:
            word = written.decode(guess, "replace").split("\n")[0][:40]
            message, hint = f"{message}; it is likely {guess} ({word!r})", f"write {name} with the one word {guess}"
        raise DataError.of("FILE_ENCODING", file.name, message, hint)
