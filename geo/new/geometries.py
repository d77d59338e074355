"""The geometries that a table has as text in one column: WKT and WKB as databases write them, or GeoJSON.

QGIS exports WKT, PostGIS hexadecimal WKB, both perhaps with the number of a reference system; Wikidata writes
Point(74.6 42.87).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo.errors import DataError
from geo.problems import Problem
from geo.read.features import Features
from geo.read.frames import as_features
from geo.read.shapes import UNCLOSED, Flaw, make_shapes
from geo.read.tables import Table

_KINDS = "(MULTI)?(POINT|LINESTRING|POLYGON|CURVE|SURFACE)|GEOMETRYCOLLECTION|CURVEPOLYGON|COMPOUNDCURVE|CIRCULARSTRING"
_WKT = re.compile(rf"(SRID=(\d+);)?\s*(({_KINDS})\s*(Z|M|ZM)?\s*(\(|EMPTY).*)", re.IGNORECASE | re.DOTALL)
# The order of its bytes, its type in four of them, and numbers: a point is the shortest, a code is none.
_HEX = re.compile(r"(\\x|0x)?((01..0[037b]00[0-9a-f]0|00[0-9a-f]0000[037b]..)([0-9a-f]{2}){16,})", re.IGNORECASE)
_GEOJSON = re.compile(r'\{.*"coordinates".*\}', re.DOTALL)
# A point of hexadecimal WKB is shorter than the shortest line.
_POINT = re.compile(r'(SRID=\d+;)?\s*POINT|[\\0-9a-fx]{1,81}$|\{.*"Point"', re.IGNORECASE | re.DOTALL)
_WGS84 = {0, 4326}  # 0: none is named
_SAMPLE = 1_000
_MOST_COLLECTIONS = 100
"""In a geometry; in each other, tens of thousands overrun the stack of GEOS and end the process."""
# What begins a geometry of geometries in WKB, of either order of bytes, as PostGIS and as ISO mark heights.
_WKB_COLLECTION = re.compile(
    rb"\x01([\x04-\x07]\0\0[\0\x20\x40\x60\x80\xa0\xc0\xe0]|([\xec-\xef]\x03|[\xd4-\xd7]\x07|[\xbc-\xbf]\x0b)\0\0)"
    rb"|\0([\0\x20\x40\x60\x80\xa0\xc0\xe0]\0\0[\x04-\x07]|\0\0(\x03[\xec-\xef]|\x07[\xd4-\xd7]|\x0b[\xbc-\xbf]))"
)
_CURVE = Flaw("GEOMETRY_TYPE", "the geometry has curves", "make lines of them (in PostGIS: ST_CurveToLine(geom))")


def find_geometries(columns: Mapping[str, Sequence[str]]) -> str | None:
    """Name the first column most of whose cells look like geometries."""
    for name, cells in columns.items():
        known = [cell.strip() for cell in filter(None, cells[:_SAMPLE])]
        alike = sum(any(form.fullmatch(cell) for form in (_WKT, _HEX, _GEOJSON)) for cell in known)
        if 2 * alike > len(known):
            return name
    return None


def are_points(cells: Sequence[str]) -> bool:
    """Tell a column of geometries that says no more than a pair of coordinates would."""
    return all(map(_POINT.match, filter(None, map(str.strip, cells))))


def read_geometries(table: Table, column: str) -> Features:
    """Give the geometries of a column in longitude and latitude, without properties.

    Raises
    ------
    DataError
        where the rows are in several reference systems, or in one that nothing converts.
    """
    shapes = np.full(len(table), None, dtype=object)
    systems: dict[int, int] = {}
    flaws: dict[int, Flaw] = {}
    for row, cell in enumerate(table.columns[column]):
        if text := cell.strip():
            found = _WKT.fullmatch(text)
            system = int(found[2] or 0) if found else 0
            try:
                shapes[row] = _parse(text)
            except NotImplementedError:
                flaws[row] = _CURVE
            except shapely.errors.ShapelyError as err:
                shapes[row] = _mended(text)
                flaws[row] = UNCLOSED if shapes[row] else _no_geometry(text, err)
            except ValueError as err:
                flaws[row] = _no_geometry(text, err)
            if shapes[row]:
                systems.setdefault(system or int(shapely.get_srid(shapes[row])), row)
    given = gpd.GeoDataFrame(geometry=gpd.array.GeometryArray(shapes, crs=_system(table, column, systems)))
    return as_features(table.path, given, flaws=flaws, table=table)


def _parse(text: str, **on_invalid: Any) -> Any:
    if found := _WKT.fullmatch(text):
        _check_collections(found[3].upper().count("COLLECTION"))
        return shapely.from_wkt(found[3], **on_invalid)
    if found := _HEX.fullmatch(text):
        data = bytes.fromhex(found[2])
        _check_collections(sum(1 for _ in _WKB_COLLECTION.finditer(data)))
        return shapely.from_wkb(data, **on_invalid)
    return make_shapes([json.loads(text)])[0][0] if on_invalid else shapely.from_geojson(text)


def _mended(text: str) -> Any:
    """Give a geometry whose open rings are closed; None where something else is wrong with it."""
    try:
        return _parse(text, on_invalid="fix")
    except ValueError:  # no JSON
        return None


def _check_collections(count: int) -> None:
    if count > _MOST_COLLECTIONS:
        raise ValueError("it has too many collections")


def _no_geometry(text: str, err: Exception) -> Flaw:
    why = str(err).partition(": ")[2] or str(err)
    message = f"{text[:60]!r} is no geometry ({why.strip()[:80]})"
    return Flaw("GEOMETRY_TYPE", message, "write it as POINT (74.85 42.85), or leave the cell blank")


def _system(table: Table, column: str, systems: Mapping[int, int]) -> CRS | None:
    """Give the one reference system of the rows, by the first row of each; None is longitude and latitude."""
    numbers = systems.keys() - _WGS84
    if not numbers:
        return None
    row = max(systems.values())
    message = f"the rows are in more than one reference system ({', '.join(map(str, sorted(systems)))})"
    if len(systems) == 1:
        try:
            return CRS.from_epsg(next(iter(numbers)))
        except CRSError:
            message = f"nothing knows the reference system {next(iter(numbers))}"
    raise DataError(
        [
            Problem(
                code="GEOJSON_CRS",
                path=table.path,
                line=int(table.lines[row]),
                subject=table.subject(row, column),
                message=message,
                hint="convert all to EPSG:4326 (in PostGIS: ST_Transform(geom, 4326))",
            )
        ]
    )
