"""The geometries that a table has as text in one column: WKT and WKB as databases write them, or GeoJSON.

QGIS exports WKT, PostGIS hexadecimal WKB, both perhaps with the number of a reference system; Wikidata writes
Point(74.6 42.87).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo.errors import DataError
from geo.problems import Problem
from geo.read.features import Features, height_warning
from geo.read.frames import as_features
from geo.read.shapes import UNCLOSED, Flaw, Shapes, make_shapes
from geo.read.tables import Table
from geo.read.wkb import CURVE, MOST_COLLECTIONS, read_wkb

_KINDS = "(MULTI)?(POINT|LINESTRING|POLYGON|CURVE|SURFACE)|GEOMETRYCOLLECTION|CURVEPOLYGON|COMPOUNDCURVE|CIRCULARSTRING"
_WKT = re.compile(rf"(SRID=(\d+);)?\s*(({_KINDS})\s*(Z|M|ZM)?\s*(\(|EMPTY).*)", re.IGNORECASE | re.DOTALL)
# The order of its bytes, its type in four of them, and numbers: a point is the shortest, a code is none.
_HEX = re.compile(
    r"(\\x|0x)?(?=01..0[037b]00[0-9a-f]0|00[0-9a-f]0000[037b])(([0-9a-f]{2}){21,})", re.ASCII | re.IGNORECASE
)
_GEOJSON = re.compile(r'\{.*"coordinates".*\}', re.DOTALL)
# A point of hexadecimal WKB is shorter than the shortest line.
_POINT = re.compile(r'(SRID=\d+;)?\s*POINT|[\\0-9a-fx]{1,81}$|\{.*"Point"', re.IGNORECASE | re.DOTALL)
_WGS84 = {0, 4326}  # 0: none is named
_SAMPLE = 1_000


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
    texts = {row: text for row, cell in enumerate(table.columns[column]) if (text := cell.strip())}
    wkt = {row: found for row, text in texts.items() if (found := _WKT.fullmatch(text))}
    wkb = {row: bytes.fromhex(found[2]) for row, text in texts.items() if (found := _HEX.fullmatch(text))}
    objects = {row: text for row, text in texts.items() if row not in wkt and row not in wkb}
    of_objects, in_objects, first_height = _read_objects(list(objects.values()))
    shapes = np.full(len(table), None, dtype=object)
    flaws: dict[int, Flaw] = {}
    for of, (parts, found_in) in (
        (wkt, _read_wkt([found[3] for found in wkt.values()])),
        (wkb, read_wkb(list(wkb.values()))),
        (objects, (of_objects, in_objects)),
    ):
        rows = list(of)
        shapes[rows] = parts
        flaws |= {rows[at]: flaw for at, flaw in found_in.items()}
    systems: dict[int, int] = {}
    for row in map(int, np.flatnonzero(~shapely.is_missing(shapes))):
        system = int(wkt[row][2] or 0) if row in wkt else int(shapely.get_srid(shapes[row]))
        systems.setdefault(system, row)
    given = gpd.GeoDataFrame(geometry=gpd.array.GeometryArray(shapes, crs=_system(table, column, systems)))
    features = as_features(table.path, given, flaws=flaws, table=table)
    if first_height is None:
        return features
    height = height_warning(table.path, int(table.lines[list(objects)[first_height]]))
    return replace(features, problems=(*features.problems, height))


def _read_wkt(texts: Sequence[str]) -> tuple[Shapes, dict[int, Flaw]]:
    shapes = np.full(len(texts), None, dtype=object)
    flaws = {}
    for at, text in enumerate(texts):
        try:
            if text.upper().count("COLLECTION") > MOST_COLLECTIONS:
                raise ValueError("it has too many collections")
            shapes[at] = shapely.from_wkt(text)
        except NotImplementedError:
            flaws[at] = CURVE
        except shapely.errors.ShapelyError as err:
            shapes[at] = shapely.from_wkt(text, on_invalid="fix")
            flaws[at] = UNCLOSED if shapes[at] else _no_geometry(text, err)
        except ValueError as err:
            flaws[at] = _no_geometry(text, err)
    return shapes, flaws


def _read_objects(texts: Sequence[str]) -> tuple[Shapes, dict[int, Flaw], int | None]:
    """Give the geometries of GeoJSON, as `make_shapes` does."""
    objects: list[Any] = []
    flaws = {}
    for at, text in enumerate(texts):
        try:
            objects.append(json.loads(text))
        except (ValueError, RecursionError) as err:
            objects.append(None)
            flaws[at] = _no_geometry(text, err)
    shapes, found, first_height = make_shapes(objects)
    return shapes, flaws | dict(found), first_height


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
