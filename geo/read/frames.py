"""Geometries of any reference system, in frames or beside it, to `Features` in longitude and latitude.

What nothing converts, what its system does not have, and what is no geometry that can be drawn is named.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError, ProjError

from geo.problems import Problem
from geo.read.features import Features, height_warning
from geo.read.shapes import DEPTHS, Flaw, Shapes
from geo.read.tables import Table

_SYSTEM = "give it the system that it is in, or convert it to longitude and latitude (EPSG:4326)"
_AUTHORITY = re.compile(r"(urn:ogc:def:crs:)?[A-Za-z]+:[\d.]*:?\w+", re.ASCII)  # and no path to a file of systems
_GATHERS: dict[int, Callable[[Shapes], Any]] = {
    shapely.GeometryType.POINT: shapely.multipoints,
    shapely.GeometryType.LINESTRING: shapely.multilinestrings,
    shapely.GeometryType.POLYGON: shapely.multipolygons,
}


def as_features(
    path: str,
    given: gpd.GeoDataFrame,
    keys: Sequence[str] = (),
    *,
    flaws: Mapping[int, Flaw] = MappingProxyType({}),
    table: Table | None = None,
) -> Features:
    """Give a frame's features, in longitude and latitude; lines and numbers are those of `table`, where it is one.

    `flaws`: what is known to be wrong with geometries, by position.
    """
    degrees, of_system = _in_degrees(path, given.geometry)
    frame = given.set_geometry(degrees)
    others = [name for name in frame.select_dtypes("geometry").columns if name != frame.geometry.name]
    pictures = [
        name
        for name, column in frame.items()
        if column.dtype == object and any(type(value) is bytes for value in column)
    ]
    frame = frame.drop(columns=[*others, *pictures])
    shapes = np.array(frame.geometry, dtype=object)
    has_heights = bool(np.nan_to_num(shapely.get_coordinates(shapes, include_z=True)[:, 2]).any())
    shapes = shapely.force_2d(shapes)
    shapes[shapely.is_empty(shapes)] = None
    shapes = _without_collections(shapes)
    flaws = {**_other_types(shapes), **_off_the_system(given.geometry, degrees), **flaws}
    flawed = frozenset(at for at, flaw in flaws.items() if flaw.severity == "error")
    shapes[list(flawed)] = None
    flawed |= _unplaced(given.geometry, degrees)
    columns = frame.drop(columns=frame.geometry.name).items()
    properties = {
        str(name): list(map(plain_value, column.astype(object).where(column.notna(), None))) for name, column in columns
    }
    features = Features(
        path=path,
        geometry=shapes,
        properties=properties,
        lines=table.lines if table else np.zeros(len(frame), dtype=np.int64),
        numbers=table.numbers if table else np.arange(1, len(frame) + 1, dtype=np.int64),
        flawed=flawed,
        keys=keys,
    )
    problems = [*of_system, *_problems(features, flaws)]
    if has_heights:
        problems.append(height_warning(path))
    if given.crs is not None and _has_unknown_datum(given.crs):
        message = f"its reference system ({given.crs.name}) has no known datum: places may be 100 m off"
        hint = "give it the system that it is in, such as Pulkovo 1942, or let it be"
        problems.append(Problem(code="GEOJSON_CRS", path=path, message=message, hint=hint, severity="warning"))
    for name in others:
        message, hint = f'"{name}" has geometries, too, which are set aside', "make a file of its own of them"
        problems.append(Problem(code="GEOMETRY_TYPE", path=path, message=message, hint=hint, severity="warning"))
    for name in pictures:
        message, hint = f'"{name}" has data that are no text, such as pictures, which are set aside', "let it be"
        problems.append(Problem(code="FILE_KIND", path=path, message=message, hint=hint, severity="warning"))
    return replace(features, problems=tuple(problems)).without_controls()


def converted(features: Features, system: str, line: int) -> Features:
    """Give features whose file names a reference system, on that line, in degrees."""
    try:
        crs = CRS.from_user_input(system if _AUTHORITY.fullmatch(system) else "")
    except CRSError:
        message = f"the file says that it is in {system!r}, which nothing knows"
        nowhere = np.full(len(features), None, dtype=object)
        problem = Problem(code="GEOJSON_CRS", path=features.path, line=line, message=message, hint=_SYSTEM)
        everything = frozenset(range(len(features)))
        return replace(features, geometry=nowhere, flawed=everything, problems=(*features.problems, problem))
    given = gpd.GeoSeries(gpd.array.GeometryArray(features.geometry, crs=crs))
    degrees, of_system = _in_degrees(features.path, given, line)
    flaws = _off_the_system(given, degrees)
    shapes = np.array(degrees, dtype=object)
    shapes[list(flaws)] = None
    problems = (*features.problems, *of_system, *_problems(features, flaws))
    flawed = features.flawed | {*flaws} | _unplaced(given, degrees)
    return replace(features, geometry=shapes, flawed=flawed, problems=problems)


def _unplaced(given: gpd.GeoSeries, degrees: gpd.GeoSeries) -> frozenset[int]:
    """Tell which shapes have no place in degrees, so that it is not asked where they are."""
    return frozenset(np.flatnonzero(degrees.isna() & ~given.isna()).tolist())


def _problems(features: Features, flaws: Mapping[int, Flaw]) -> list[Problem]:
    return [
        Problem(
            code=flaw.code,
            path=features.path,
            line=int(features.lines[at]),
            subject=features.subject(at),
            message=flaw.message,
            hint=flaw.hint,
            severity=flaw.severity,
        )
        for at, flaw in sorted(flaws.items())
    ]


def _in_degrees(path: str, given: gpd.GeoSeries, line: int = 0) -> tuple[gpd.GeoSeries, list[Problem]]:
    """Give shapes in longitude and latitude, None where nothing converts them, and the problem of their system.

    A file that names no reference system has degrees already.
    """
    crs = given.crs
    if crs is None or crs.equals("EPSG:4326", ignore_axis_order=True):
        return given, []
    if crs.is_projected and _look_like_degrees(given):
        message = f"its reference system ({crs.name}) has metres, and its coordinates look like degrees"
        hint = "give it the system that it is in (EPSG:4326), without converting it"
        hint = 'take its member "crs" out' if line else hint
        return given, [Problem(code="GEOJSON_CRS", path=path, line=line, message=message, hint=hint)]
    try:
        return given.to_crs("EPSG:4326"), []
    except ProjError:
        message = f"nothing converts its reference system ({crs.name}) to degrees"
        nowhere = gpd.GeoSeries([None] * len(given), index=given.index, crs="EPSG:4326")
        return nowhere, [Problem(code="GEOJSON_CRS", path=path, line=line, message=message, hint=_SYSTEM)]


def _has_unknown_datum(crs: CRS) -> bool:
    """Tell a system of another ellipsoid than that of WGS 84 which does not say where it lies."""
    is_bound = crs.type_name == "Bound CRS"  # by numbers of its own
    is_other = crs.ellipsoid is not None and abs(crs.ellipsoid.inverse_flattening - 298.2572) > 0.0001
    return is_other and not is_bound and crs.datum is not None and crs.datum.name.lower().startswith("unknown")


def _look_like_degrees(given: gpd.GeoSeries) -> bool:
    """Tell whether a system of metres was given to degrees: whole countries within 180 m of its origin."""
    xy = shapely.get_coordinates(given)
    return len(xy) > 0 and bool((np.abs(xy) <= (180, 90)).all() and given.crs.axis_info[0].unit_conversion_factor <= 1)


def _without_collections(shapes: Shapes) -> Shapes:
    """Give collections of one kind of geometry as that Multi type, as GeoJSON is read, too."""
    for at in np.flatnonzero(shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION):
        parts = shapely.get_parts(shapely.get_parts(shapes[at]))
        for kind, gather in _GATHERS.items():
            if len(parts) and (shapely.get_type_id(parts) == kind).all():
                shapes[at] = gather(parts)
    return shapes


def _other_types(shapes: Shapes) -> dict[int, Flaw]:
    kinds = {shapely.GeometryType[name.upper()] for name in DEPTHS}
    others = (int(at) for at, kind in enumerate(shapely.get_type_id(shapes)) if kind not in kinds and kind >= 0)
    hint = f"make it one of {', '.join(DEPTHS)}"
    return {at: Flaw("GEOMETRY_TYPE", f"the geometry is a {shapes[at].geom_type}", hint) for at in others}


def _off_the_system(given: gpd.GeoSeries, degrees: gpd.GeoSeries) -> dict[int, Flaw]:
    """Find what is no number, and what its system does not have: 1e30 metres become some place or other in degrees."""
    lonlat, owner = shapely.get_coordinates(given, return_index=True)
    is_off = ~np.isfinite(lonlat).all(axis=1)
    if degrees.crs != given.crs and not degrees.isna().all():
        back = shapely.get_coordinates(degrees.to_crs(given.crs))
        unit = 1 if given.crs.is_geographic else 10_000  # two datums may lie hundreds of feet apart, one way and back
        is_off |= ~np.isclose(back, lonlat, rtol=0.01, atol=unit).all(axis=1)
    flaws = {}
    for at, first in zip(*np.unique(owner[is_off], return_index=True), strict=True):
        x, y = lonlat[is_off][first]
        pair = f"{x:.9g}, {y:.9g}"
        flaws[int(at)] = (
            Flaw("COORDINATE_RANGE", f"{pair} is no place in {given.crs.name}", "write the right position")
            if np.isfinite([x, y]).all()
            else Flaw("COORDINATE_NUMBER", f"the position {pair} is not two numbers", "write both, or no geometry")
        )
    return flaws


def plain_value(value: Any) -> Any:
    """Give a value as JSON would hold it: text, int, float, bool, None, lists and objects of these; dates as text."""
    if isinstance(value, np.ndarray | list):
        return list(map(plain_value, value))
    if isinstance(value, dict):
        return {str(name): plain_value(one) for name, one in value.items()}
    if isinstance(value, np.generic):
        return plain_value(value.item())
    if isinstance(value, datetime.date):
        return value.isoformat()
    if value is None or value != value:  # NaN
        return None
    return value if isinstance(value, str | int | float) else str(value)
