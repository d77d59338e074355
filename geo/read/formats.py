"""Feature and table files by the ending of their names.

GeoPackage, FlatGeobuf, shapefile and GeoParquet are opened each by its own driver alone, from the bytes that were
digested: what GDAL would follow to other files (VRT inside a `.gpkg`) is refused by its first bytes. These have no
lines; problems name features by number.
"""

from __future__ import annotations

import datetime
import importlib
import io
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from pyproj.exceptions import ProjError

from geo.errors import DataError
from geo.problems import Problem
from geo.read.archive import unpack
from geo.read.features import Features, height_warning
from geo.read.files import FileBytes, likely_encoding
from geo.read.geojson import read_geojson
from geo.read.gpx import read_gpx
from geo.read.kml import read_kml
from geo.read.sequence import read_sequence
from geo.read.shapes import DEPTHS, Shapes
from geo.read.sheets import read_xlsx
from geo.read.tables import TEXT_ENDINGS, Table, read_csv

_DRIVERS = {".gpkg": "GPKG", ".fgb": "FlatGeobuf", ".shp": "ESRI Shapefile"}
_BEGINNINGS = {".gpkg": b"SQLite format 3\0", ".fgb": b"fgb", ".shp": b"\0\0'\x0a", ".parquet": b"PAR1", ".xlsx": b"PK"}
_BEGINNINGS |= {".kmz": b"PK", ".zip": b"PK"}
_FEATURES = (".geojson", ".json", ".geojsonl", ".geojsons", ".ndjson", ".kml", ".gpx", *_DRIVERS, ".parquet")


def read_features(
    file: FileBytes,
    *,
    keys: Sequence[str] = ("id",),
    tell: Callable[[int, int], None] = lambda *_: None,
    beside: Iterable[FileBytes] = (),
) -> Features:
    """Give the features of a file by the ending of its name; parameters and errors as `read_geojson`.

    `beside` are the other files of a shapefile.
    """
    ending = _ending(file.name)
    if ending in (".kmz", ".zip"):
        _check_beginning(file, ending)
        file, *beside = unpack(file, (".kml",) if ending == ".kmz" else _FEATURES)
        ending = _ending(file.name)
    if ending in (".geojson", ".json"):
        return read_geojson(file, keys=keys, tell=tell)
    if ending in (".geojsonl", ".geojsons", ".ndjson"):
        return read_sequence(file, keys=keys, tell=tell)
    if ending in (".kml", ".gpx"):
        if file.data.startswith(b"PK"):
            raise DataError.of("FILE_KIND", file.name, "its content is a zip archive", f"call it {_zipped(file.name)}")
        return (read_kml if ending == ".kml" else read_gpx)(file, keys=keys)
    if ending not in (*_DRIVERS, ".parquet"):
        raise DataError.of(
            "FILE_KIND", file.name, f"a file that ends in '{ending}' is not read as features", _TO_GEOJSON
        )
    _check_beginning(file, ending)
    frame = _read_parquet(file) if ending == ".parquet" else _read_ogr(file, _DRIVERS[ending], beside)
    return _as_features(file, frame, keys)


def read_table(file: FileBytes) -> Table:
    """Give the rows of a table by the ending of its name; raises DataError as `read_csv`."""
    ending = _ending(file.name)
    if ending in TEXT_ENDINGS:
        return read_csv(file)
    if ending != ".xlsx":
        hint = "save it as .csv (UTF-8)"
        raise DataError.of("FILE_KIND", file.name, f"a file that ends in '{ending}' is not read as a table", hint)
    _check_beginning(file, ending)
    return read_xlsx(file)


_TO_GEOJSON = "save it as GeoJSON in EPSG:4326 (in QGIS: Export > Save Features As)"


def _ending(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _zipped(name: str) -> str:
    return PurePosixPath(name).with_suffix(".kmz" if _ending(name) == ".kml" else ".zip").name


def _check_beginning(file: FileBytes, ending: str) -> None:
    is_sqlite_alone = ending == ".gpkg" and file.data[68:72] not in (b"GPKG", b"GP10", b"GP11")
    if not file.data.startswith(_BEGINNINGS[ending]) or is_sqlite_alone:
        message = f"the content is not what '{ending}' stands for"
        raise DataError.of("FILE_KIND", file.name, message, "give the file the ending of what it holds")


def _read_ogr(file: FileBytes, driver: str, beside: Iterable[FileBytes]) -> gpd.GeoDataFrame:
    import pyogrio  # loads all of GDAL, which most atlases do without

    with tempfile.TemporaryDirectory() as folder:  # a copy: what is read is what was digested, and alone in its folder
        path = Path(folder, f"features{_ending(file.name)}")
        for part in (file, *beside):
            path.with_suffix(_ending(part.name)).write_bytes(part.data)
        try:
            frame = _read_layer(path, *_only_layer(file, path, driver))
        except UnicodeDecodeError:
            message, hint = "its text is not in the encoding that it names", "save it anew, in UTF-8"
            raise DataError.of("FILE_ENCODING", file.name, message, hint) from None
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError):
            raise DataError.of("FILE_KIND", file.name, f"it cannot be read as {driver}", _TO_GEOJSON) from None
        if driver == "ESRI Shapefile" and not _names_encoding(path):
            _check_ascii(file, frame)
    return frame


def _only_layer(file: FileBytes, path: Path, driver: str) -> tuple[str, dict[str, str]]:
    """Give the one layer with geometry and, of its columns that may have blanks, pandas' types."""
    import pyogrio

    layers = [name for name, kind in pyogrio.list_layers(path) if kind is not None]
    info = pyogrio.read_info(path, layer=layers[0]) if layers else {"driver": driver}
    if info["driver"] != driver:
        raise DataError.of("FILE_KIND", file.name, f"its content is {info['driver']}, not {driver}", _TO_GEOJSON)
    if len(layers) != 1:
        message = f"it has {len(layers)} layers with geometry{': ' if layers else ''}{', '.join(layers)}"
        raise DataError.of("FILE_KIND", file.name, message, "save one layer as GeoJSON")
    return layers[0], _with_blanks(zip(info["fields"], info["dtypes"], strict=True))


def _read_layer(path: Path, layer: str, types: dict[str, str]) -> gpd.GeoDataFrame:
    """Give a layer in pandas' types that may be blank.

    A blank makes floats of whole numbers, which rounds large ones: these are read once more, without the blanks.
    """
    import pyogrio

    frame = pyogrio.read_dataframe(path, layer=layer, datetime_as_string=True, fid_as_index=True)
    for name in types.keys() & frame.select_dtypes("float").columns:
        if (frame[name].abs() >= 2**53).any():
            known = frame.index[frame[name].notna()]
            exact = pyogrio.read_dataframe(path, layer=layer, columns=[name], fids=known, read_geometry=False)[name]
            frame[name] = exact.astype("Int64").set_axis(known).reindex(frame.index)
    return frame.astype(types).reset_index(drop=True)


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


def _read_parquet(file: FileBytes) -> gpd.GeoDataFrame:
    try:
        importlib.import_module("pyarrow.parquet")
    except ImportError:
        hint = "python3 -m pip --python .venv install pyarrow (elsewhere: pip install pyarrow), or convert the file"
        raise DataError.of("FILE_PACKAGE", file.name, "reading it needs the package pyarrow", hint) from None
    try:
        return gpd.read_parquet(io.BytesIO(file.data), to_pandas_kwargs={"integer_object_nulls": True})
    except (ValueError, OSError) as err:
        raise DataError.of("FILE_KIND", file.name, f"it is no GeoParquet ({str(err)[:80]})", _TO_GEOJSON) from None


def _as_features(file: FileBytes, given: gpd.GeoDataFrame, keys: Sequence[str]) -> Features:
    """Give a frame's features, in longitude and latitude."""
    frame = _in_degrees(file, given)
    shapes = np.array(frame.geometry, dtype=object)
    has_heights = bool(np.nan_to_num(shapely.get_coordinates(shapes, include_z=True)[:, 2]).any())
    shapes = shapely.force_2d(shapes)
    shapes[shapely.is_empty(shapes)] = None
    flaws = _other_types(shapes) | _off_the_system(given.geometry, frame.geometry)
    shapes[list(flaws)] = None
    columns = frame.drop(columns=frame.geometry.name).items()
    properties = {
        str(name): list(map(_plain, column.astype(object).where(column.notna(), None))) for name, column in columns
    }
    features = Features(
        path=file.name,
        geometry=shapes,
        properties=properties,
        lines=np.zeros(len(frame), dtype=np.int64),
        numbers=np.arange(1, len(frame) + 1, dtype=np.int64),
        flawed=frozenset(flaws),
        keys=keys,
    )
    problems = [
        Problem(code=code, path=file.name, subject=features.subject(at), message=message, hint=hint)
        for at, (code, message, hint) in flaws.items()
    ]
    if has_heights:
        problems.append(height_warning(file.name))
    return replace(features, problems=tuple(problems)).without_controls()


def _in_degrees(file: FileBytes, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give a frame in longitude and latitude; a file that names no reference system has these already."""
    crs = frame.crs
    if crs is None or crs.equals("EPSG:4326", ignore_axis_order=True):
        return frame
    if crs.is_projected and _look_like_degrees(frame.geometry):
        message = f"its reference system ({crs.name}) has metres, and its coordinates look like degrees"
        hint = "give it the system that it is in (EPSG:4326), without converting it"
        raise DataError.of("GEOJSON_CRS", file.name, message, hint)
    try:
        return frame.to_crs("EPSG:4326")
    except ProjError:
        message = f"nothing converts its reference system ({crs.name}) to degrees"
        hint = "give it the system that it is in, or convert it to longitude and latitude (EPSG:4326)"
        raise DataError.of("GEOJSON_CRS", file.name, message, hint) from None


def _look_like_degrees(given: gpd.GeoSeries) -> bool:
    """Tell whether a system of metres was given to degrees: whole countries within 180 m of its origin."""
    xy = shapely.get_coordinates(given)
    return len(xy) > 0 and bool((np.abs(xy) <= (180, 90)).all() and given.crs.axis_info[0].unit_conversion_factor <= 1)


def _other_types(shapes: Shapes) -> dict[int, tuple[str, str, str]]:
    kinds = {shapely.GeometryType[name.upper()] for name in DEPTHS}
    others = (int(at) for at, kind in enumerate(shapely.get_type_id(shapes)) if kind not in kinds and kind >= 0)
    hint = f"make it one of {', '.join(DEPTHS)}"
    return {at: ("GEOMETRY_TYPE", f"the geometry is a {shapes[at].geom_type}", hint) for at in others}


def _off_the_system(given: gpd.GeoSeries, degrees: gpd.GeoSeries) -> dict[int, tuple[str, str, str]]:
    """Find what is no number, and what its system does not have: 1e30 metres become some place or other in degrees."""
    lonlat, owner = shapely.get_coordinates(given, return_index=True)
    is_off = ~np.isfinite(lonlat).all(axis=1)
    if degrees.crs != given.crs:
        back = shapely.get_coordinates(degrees.to_crs(given.crs))
        unit = 1 if given.crs.is_geographic else 10_000  # two datums may lie hundreds of feet apart, one way and back
        is_off |= ~np.isclose(back, lonlat, rtol=0.01, atol=unit).all(axis=1)
    flaws = {}
    for at, first in zip(*np.unique(owner[is_off], return_index=True), strict=True):
        x, y = lonlat[is_off][first]
        pair = f"{x:.9g}, {y:.9g}"
        flaws[int(at)] = (
            ("COORDINATE_RANGE", f"{pair} is no place in {given.crs.name}", "write the right position")
            if np.isfinite([x, y]).all()
            else ("COORDINATE_NUMBER", f"the position {pair} is not two numbers", "write both, or no geometry")
        )
    return flaws


def _plain(value: Any) -> Any:
    """Give a value as JSON would hold it: text, int, float, bool, None, lists and objects of these; dates as text."""
    if isinstance(value, np.ndarray | list):
        return list(map(_plain, value))
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, datetime.date):
        return value.isoformat()
    if value is None or value != value:  # NaN
        return None
    return value if isinstance(value, str | int | float) else str(value)
