"""Coordinates that cannot be longitude and latitude, polygons that cross themselves, what crosses 180 degrees.

Input: features as read. Output: the same with every such problem, and with geometries that can be drawn. Nothing is
moved: swapped or projected coordinates are named, never put right in silence; only the meridian that is -180 and 180 at
once is written from the side on which its shape lies.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo.coordinates.land import is_at_sea_unless_exchanged
from geo.coordinates.mercator import MAX_LATITUDE_DEGREES
from geo.coordinates.meridian import first_jump, on_one_side, paths_of
from geo.coordinates.projections import likely_projection
from geo.coordinates.swapped import (
    POLAR_LATITUDE,
    Bounds,
    Lonlats,
    is_dense,
    share_swapped_into,
    swapped_against_others,
)
from geo.problems import Problem, Severity
from geo.read.features import Features

_LEAST_SURE = 3  # features of a file, all outside the map and all inside it when exchanged, are no chance
_MOST_LOOKED_AT = 1_000  # points, to tell whether most lie at sea
_POINTS = (shapely.GeometryType.POINT, shapely.GeometryType.MULTIPOINT)


def check_lonlat(
    features: Features, *, expected: Bounds | None = None, is_far_right: bool = False, is_geodesic: bool = False
) -> Features:
    """Give the features with the problems of their coordinates; a geometry that is off the globe becomes None.

    Parameters
    ----------
    expected : where the features should lie (west, south, east, north), as far as the atlas says so
    is_far_right : the atlas says that features far from the others, or from its maps, lie where they should
    is_geodesic : lines go the shortest way, and are cut at 180 degrees where that crosses it
    """
    check = _Check(features, expected)
    check.off_the_globe()
    if not is_far_right:
        check.likely_swapped()
        check.wholly_swapped()
    check.at_zero()
    check.beyond_the_map()
    check.round_the_world(is_geodesic=is_geodesic)
    check.crossing_itself()
    return replace(
        features,
        geometry=check.shapes,
        flawed=features.flawed | check.flawed,
        problems=(*features.problems, *check.problems),
    )


class _Check:
    def __init__(self, features: Features, expected: Bounds | None) -> None:
        self.features = features
        self.expected = expected
        self.shapes = features.geometry.copy()
        self.lonlat, self.owner = shapely.get_coordinates(self.shapes, return_index=True)
        # A point of two NaN, which JSON does not have and the reader has reported, counts as empty.
        self.flawed = set(np.flatnonzero(shapely.is_empty(self.shapes)).tolist())
        self.shapes[list(self.flawed)] = None
        self.problems: list[Problem] = []

    def report(self, code: str, at: int, message: str, hint: str, severity: Severity = "error") -> None:
        self.problems.append(
            Problem(
                code=code,
                path=self.features.path,
                line=int(self.features.lines[at]),
                subject=self.features.subject(at),
                message=message,
                hint=hint,
                severity=severity,
            )
        )
        if severity == "error":
            self.flawed.add(at)

    def off_the_globe(self) -> None:
        """Report positions beyond 180 or 90 degrees, and take their shapes out.

        They are metres of a projection, degrees that look swapped, or plain wrong.
        """
        lonlat, owner = self.lonlat, self.owner
        is_off = ~((np.abs(lonlat) <= (180, 90)).all(axis=1))
        if not is_off.any():
            return
        # NaN stands for a number that JSON does not have; the reader has reported it.
        unknown = np.unique(owner[np.isnan(lonlat).any(axis=1)])
        self.flawed |= set(map(int, unknown))
        is_off &= ~np.isnan(lonlat).any(axis=1)
        owners, firsts = np.unique(owner[is_off], return_index=True)
        off = lonlat[is_off]
        self.shapes[owners] = None
        self.shapes[unknown] = None
        self.lonlat, self.owner = shapely.get_coordinates(self.shapes, return_index=True)
        projected = likely_projection(off, self.expected, near=lonlat[~is_off]) if len(off) else ""
        if projected:
            self._projected(owners, off[firsts[0]], projected)
            return
        is_partly_on = np.isin(owners, owner[np.abs(lonlat[:, 0]) <= 180])
        known = lonlat[~np.isnan(lonlat).any(axis=1)]
        if len(owners) >= max(2, len(self.shapes) / 20) and ((known >= (0, -90)) & (known <= (360, 90))).all():
            self._from_0_to_360(owners, off[firsts[0], 0], is_across=bool(is_partly_on.any()))
            return
        for at, (x, y), is_across in zip(owners, off[firsts], is_partly_on, strict=True):
            if abs(x) <= 90 < abs(y) <= 180:
                self.report(
                    "COORDINATE_SWAPPED", int(at), f"{_pair(x, y)} looks like latitude, longitude", _exchange(x, y)
                )
            elif abs(y) > 90:
                message = f"the latitude {_number(y)} is outside -90 to 90"
                self.report("COORDINATE_RANGE", int(at), message, "write degrees")
            else:
                # RFC 7946, 3.1.9: what crosses 180 degrees is cut there, and its parts stay between -180 and 180.
                hint = f"write {_number((x + 180) % 360 - 180)}" if abs(x) <= 360 else "write degrees"
                if is_across and abs(x) <= 360:
                    hint = f"cut it at 180 degrees, and {hint} beyond"
                self.report("COORDINATE_RANGE", int(at), f"the longitude {_number(x)} is outside -180 to 180", hint)

    def _projected(self, owners: npt.NDArray[np.intp], first: Lonlats, projected: str) -> None:
        """Report a file in metres once: it needs one conversion, not one mending a feature."""
        others = f" (and those of {len(owners) - 1} more)" if len(owners) > 1 else ""
        message = f"the coordinates {_pair(*first)}{others} are no degrees; they look like {projected}"
        hint = "convert the file to longitude and latitude (EPSG:4326)"
        self.report("COORDINATE_PROJECTED", int(owners[0]), message, hint)
        self.flawed |= set(map(int, owners))

    def _from_0_to_360(self, owners: npt.NDArray[np.intp], first: float, *, is_across: bool) -> None:
        """Report once a file whose longitudes go east all the way round, as those of the weather do."""
        message = (
            f"the longitude {_number(first)} (and those of {len(owners) - 1} more) is above 180: they are counted from"
        )
        message += " 0 to 360, not from -180 to 180"
        hint = "take 360 from each that is above 180" + ", and cut at 180 degrees what crosses it" * is_across
        self.report("COORDINATE_RANGE", int(owners[0]), message, hint)
        self.flawed |= set(map(int, owners))

    def likely_swapped(self) -> None:
        """Doubt features on the globe that lie far from all others, and amid them with lon and lat exchanged.

        Refused is only a file that lies outside the bounds which the author gave the maps, and inside when exchanged.
        """
        if not len(self.lonlat) or is_dense(self.lonlat, self.expected):
            return
        located = np.flatnonzero(~shapely.is_missing(self.shapes))
        bounds = shapely.bounds(self.shapes[located])
        centres = (bounds[:, :2] + bounds[:, 2:]) / 2
        share = share_swapped_into(centres, self.expected)
        others, amid = ("the map is", "in it") if share == 1 else ("the map is", "in or near it")
        is_swapped = np.ones(len(centres), dtype=bool)
        if share < 0.5:
            others, amid = "the others are", "amid them"
            is_swapped = swapped_against_others(centres, self.expected)
        severity: Severity = "error" if share == 1 and len(centres) >= _LEAST_SURE else "warning"
        for at, (x, y) in zip(located[is_swapped], centres[is_swapped], strict=True):
            message = f"{_pair(x, y)} is far from where {others}, {_pair(y, x)} is {amid}"
            hint = f'{_exchange(x, y)}, or set outliers = "allow" in atlas.toml where it is right'
            self.report("COORDINATE_SWAPPED", int(at), message, hint, severity)

    def wholly_swapped(self) -> None:
        """Doubt once points most of which lie in the sea of the far north, and on land with lon and lat exchanged.

        So do those of Central Asia. Other seas are places that maps are made of.
        """
        is_far_north = self.lonlat[:, 1] > POLAR_LATITUDE
        if self.expected is not None or is_far_north.sum() < max(_LEAST_SURE, len(is_far_north) / 2):
            return
        if not np.isin(shapely.get_type_id(self.shapes[self.owner]), _POINTS).all():
            return
        sample = self.lonlat[:: 1 + len(self.lonlat) // _MOST_LOOKED_AT]
        is_swapped = is_at_sea_unless_exchanged(sample) & (sample[:, 1] > POLAR_LATITUDE)
        if is_swapped.sum() >= max(_LEAST_SURE, len(sample) / 2):
            x, y = sample[is_swapped][0]
            at = int(self.owner[np.flatnonzero((self.lonlat == (x, y)).all(axis=1))[0]])
            message = f"most points lie in the sea of the far north, as {_pair(x, y)}, and on land as {_pair(y, x)}"
            hint = 'exchange longitude and latitude in all, or set outliers = "allow" in atlas.toml where that is right'
            self.report("COORDINATE_SWAPPED", at, message, hint, "warning")

    def at_zero(self) -> None:
        """Warn of points at 0, 0, which mostly stand for an unknown place."""
        for at in np.unique(self.owner[(self.lonlat == 0).all(axis=1)]):
            if shapely.get_type_id(self.shapes[at]) == shapely.GeometryType.POINT:
                message, hint = "the point lies at 0, 0, in the Atlantic", 'write "geometry": null for "not located"'
                self.report("COORDINATE_ZERO", int(at), message, hint, "warning")

    def beyond_the_map(self) -> None:
        """Report once the points that no place of the map is for; areas may reach the pole, which is its edge."""
        is_beyond = np.abs(self.lonlat[:, 1]) > MAX_LATITUDE_DEGREES
        owners, firsts = np.unique(self.owner[is_beyond], return_index=True)
        is_point = np.isin(shapely.get_type_id(self.shapes[owners]), _POINTS)
        if is_point.any():
            latitude = self.lonlat[is_beyond][firsts[is_point][0], 1]
            others = f" (and those of {is_point.sum() - 1} more)" if is_point.sum() > 1 else ""
            message = (
                f"the latitude {_number(latitude)}{others} is beyond {MAX_LATITUDE_DEGREES:.2f}, where the map ends"
            )
            hint = "expect the point at its edge, or take it out"
            self.report("COORDINATE_RANGE", int(owners[is_point][0]), message, hint, "warning")

    def round_the_world(self, *, is_geodesic: bool) -> None:
        """Report lines and rings that cross 180 degrees uncut: as they are written they go the long way.

        Those that only write the meridian itself as -180 on one side and as 180 on the other are put right.
        """
        is_far = (np.abs(np.diff(self.lonlat[:, 0])) > 180) & (np.diff(self.owner) == 0)
        for at in np.unique(self.owner[1:][is_far]):
            is_line = "Line" in self.shapes[at].geom_type
            if is_line and is_geodesic:
                continue
            self.shapes[at] = on_one_side(self.shapes[at])
            if jumps := [jump for path in paths_of(self.shapes[at]) if (jump := first_jump(path))]:
                message, hint = long_way(*jumps[0])
                hint += ", or set geodesic = true in atlas.toml" if is_line else ""
                self.report("GEOMETRY_ACROSS", int(at), message, hint)

    def crossing_itself(self) -> None:
        """Make crossing polygons valid, and say so: filled as they are written, their overlap would be a hole."""
        # Only rings have four positions and more: points need not be asked for their type.
        places = np.flatnonzero(np.bincount(self.owner) >= 4)
        types = shapely.get_type_id(self.shapes[places])
        places = places[(types == shapely.GeometryType.POLYGON) | (types == shapely.GeometryType.MULTIPOLYGON)]
        for at in places[~shapely.is_valid(self.shapes[places])]:
            reason = shapely.is_valid_reason(self.shapes[at])
            what, _, where = reason.rstrip("]").partition("[")
            near = f" near {', '.join(f'{float(part):g}' for part in where.split()[:2])}" if where else ""
            message = f"the polygon is not valid ({what.strip().lower()}{near})"
            mended = _made_valid(self.shapes[at])
            if mended.is_empty:
                self.shapes[at] = None
                message, hint = f"{message} and encloses no area", "mend its rings, or make it a line"
                self.report("GEOMETRY_INVALID", int(at), message, hint)
            else:
                self.shapes[at] = mended
                message += "; it is drawn with that mended"
                self.report("GEOMETRY_INVALID", int(at), message, "mend the ring there", "warning")


def _made_valid(shape: Any) -> Any:
    """Mend the parts that cross themselves, join those that meet: all at once is three times slower (world-atlas)."""
    parts = shapely.get_parts(shape)
    is_flawed = ~shapely.is_valid(parts)
    parts[is_flawed] = shapely.make_valid(parts[is_flawed], method="structure", keep_collapsed=False)
    parts = shapely.get_parts(parts)
    shapely.prepare(parts)
    pairs = shapely.STRtree(parts).query(parts)
    pairs = pairs[:, pairs[0] < pairs[1]]
    meets = np.unique(pairs[:, shapely.intersects(*parts[pairs])])
    joined = shapely.make_valid(shapely.multipolygons(parts[meets]), method="structure", keep_collapsed=False)
    parts = np.concatenate([np.delete(parts, meets), shapely.get_parts(joined)])
    parts = parts[~shapely.is_empty(parts)]  # of what encloses no area nothing is left
    return parts[0] if len(parts) == 1 else shapely.multipolygons(parts)


def long_way(a: Lonlats, b: Lonlats) -> tuple[str, str]:
    """Give message and hint for two neighbouring vertices more than half the globe apart."""
    apart = _number(abs(a[0] - b[0]))
    message = f"{_pair(*a)} and {_pair(*b)} lie {apart} degrees apart: a line between them goes round the world"
    return message, "cut it at 180 degrees, or write a vertex between them where that is meant"


def _number(value: float) -> str:
    return f"{value:.9g}"


def _pair(first: float, second: float) -> str:
    return f"{_number(first)}, {_number(second)}"


def _exchange(x: float, y: float) -> str:
    return f"write longitude first: [{_pair(y, x)}]"
