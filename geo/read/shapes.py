"""GeoJSON geometry objects to shapely geometries, all of one type at once.

Input: the `geometry` members of many features. Output: an array of geometries (None where there is none, or a flawed
one) and the flaws. Geometries are looked at one by one only where something is wrong, to name it.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from geo.problems import Severity

Shapes = npt.NDArray[np.object_]

# How deep the positions of a type are nested in lists: 0 = the coordinates are one position.
DEPTHS = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
_MULTI = {"Point": "MultiPoint", "LineString": "MultiLineString", "Polygon": "MultiPolygon"}
_KINDS = {name: shapely.GeometryType[name.upper()] for name in DEPTHS}
_OF_RINGS = ("Polygon", "MultiPolygon")
_LEAST_POSITIONS = {"LineString": 2, "MultiLineString": 2, "Polygon": 4, "MultiPolygon": 4}  # of a line, of a ring


class Flaw(NamedTuple):
    """What is wrong with a geometry, or was: where it is mended a warning says so."""

    code: str
    message: str
    hint: str
    severity: Severity = "error"


UNCLOSED = Flaw(
    "GEOMETRY_RING",
    "a ring does not end where it began; it is drawn closed",
    "see that none of its positions is missing",
    "warning",
)


class _Flat(NamedTuple):
    """Coordinates of many geometries in one array.

    lonlat : (n, 2)
    offsets : outermost first; offsets[0][i] is where geometry i begins in the next level, the last counts positions
    first_height : the first position that has a third number other than 0, None where none has
    """

    lonlat: npt.NDArray[np.float64]
    offsets: list[npt.NDArray[np.int64]]
    first_height: int | None


def make_shapes(geometries: Sequence[Any]) -> tuple[Shapes, list[tuple[int, Flaw]], int | None]:
    """Give the geometries, their flaws by number, and which is the first with a height (a third number, set aside).

    Numbers are counted from 0. An open ring is closed. A null geometry gives None and no flaw: whether it may be null
    is the layer's affair. Ranges are checked where all coordinates of a file are known.
    """
    shapes = np.full(len(geometries), None, dtype=object)
    flaws: list[tuple[int, Flaw]] = []
    with_heights: list[int] = []
    for kind, group in _by_kind(geometries).items():
        indices = group
        if kind not in DEPTHS:
            singles = [_single_kind(geometries[index]) for index in indices]
            flaws += [(i, Flaw(*one)) for i, one in zip(indices, singles, strict=True) if isinstance(one, tuple)]
            kept = [(i, single) for i, single in zip(indices, singles, strict=True) if isinstance(single, dict)]
            if kept:
                parts, more, first = make_shapes([single for _, single in kept])
                shapes[[i for i, _ in kept]] = parts
                flaws += [(kept[at][0], flaw) for at, flaw in more]
                with_heights += [kept[first][0]] if first is not None else []
            continue
        coordinates = [geometries[i]["coordinates"] for i in indices]
        flat = _flatten(coordinates, DEPTHS[kind])
        if flat is None or not _is_sound(flat, kind):
            found = [_examine(one, kind) for one in coordinates]
            flaws += [(i, Flaw(*flaw)) for i, flaw in zip(indices, found, strict=True) if flaw]
            sound = {i: one for i, one, flaw in zip(indices, coordinates, found, strict=True) if not flaw}
            closed = {i: _closed(one, DEPTHS[kind]) for i, one in sound.items()} if kind in _OF_RINGS else sound
            flaws += [(i, UNCLOSED) for i in closed if closed[i] != sound[i]]
            indices = list(closed)
            flat = _flatten(list(closed.values()), DEPTHS[kind])
            assert flat is not None, "examined geometries must be flat"
        offsets = tuple(reversed(flat.offsets)) or None
        shapes[np.asarray(indices, dtype=np.intp)] = shapely.from_ragged_array(_KINDS[kind], flat.lonlat, offsets)
        if (at := flat.first_height) is not None:
            for level in reversed(flat.offsets):
                at = int(np.searchsorted(level, at, side="right")) - 1
            with_heights.append(indices[at])
    return shapes, sorted(flaws), min(with_heights, default=None)


def _by_kind(geometries: Sequence[Any]) -> dict[str, Sequence[int]]:
    """Give the positions of the geometries of each type; "" stands for what is no plain geometry."""
    try:  # one type, everywhere in its place: a file of points
        kinds = set(map(itemgetter("type"), geometries))
        has_coordinates = all(map(itemgetter("coordinates"), geometries))
    except (TypeError, KeyError):
        kinds, has_coordinates = set(), False
    if len(kinds) == 1 and has_coordinates and kinds <= DEPTHS.keys():
        return {kinds.pop(): range(len(geometries))}
    groups: dict[str, list[int]] = {}
    for index, geometry in enumerate(geometries):
        if geometry is not None:
            groups.setdefault(geometry["type"] if _is_plain(geometry) else "", []).append(index)
    return dict(sorted(groups.items()))


def _is_plain(geometry: Any) -> bool:
    if not isinstance(geometry, dict) or "coordinates" not in geometry:
        return False
    kind = geometry.get("type")
    return isinstance(kind, str) and kind in DEPTHS


def _flatten(coordinates: list[Any], depth: int) -> _Flat | None:
    """Give the coordinates as arrays, or None where they are not all lists of numbers nested `depth` deep.

    Every number is looked at, as `true` and "74.6" would become numbers without a word.
    """
    level, offsets = coordinates, []
    for _ in range(depth):
        if not set(map(type, level)) <= {list}:
            return None
        lengths = np.fromiter(map(len, level), dtype=np.int64, count=len(level))
        offsets.append(np.concatenate(([0], np.cumsum(lengths))))
        level = list(chain.from_iterable(level))
    if not set(map(type, level)) <= {list}:
        return None
    sizes = set(map(len, level))
    if not sizes <= {2, 3, 4} or not set(map(type, chain.from_iterable(level))) <= {float, int}:
        return None
    if sizes <= {2}:
        numbers = np.fromiter(chain.from_iterable(level), dtype=np.float64, count=2 * len(level))
        return _Flat(numbers.reshape(-1, 2), offsets, first_height=None)
    lonlat = np.array([position[:2] for position in level], dtype=np.float64)
    return _Flat(lonlat, offsets, next((at for at, position in enumerate(level) if any(position[2:])), None))


def _is_sound(flat: _Flat, kind: str) -> bool:
    """True where no geometry or part is empty or too short and every ring is closed."""
    if not flat.offsets:
        return True
    if any(np.any(np.diff(offsets) == 0) for offsets in flat.offsets):
        return False
    parts = flat.offsets[-1]
    if np.any(np.diff(parts) < _LEAST_POSITIONS.get(kind, 1)):
        return False
    return kind not in _OF_RINGS or bool(np.array_equal(flat.lonlat[parts[:-1]], flat.lonlat[parts[1:] - 1]))


def _examine(coordinates: Any, kind: str) -> tuple[str, str, str] | None:
    """Name the first thing that is wrong with the coordinates of one geometry."""
    depth = DEPTHS[kind]
    if isinstance(coordinates, list) and not coordinates:
        return "GEOMETRY_EMPTY", f"the {kind} is empty", "give it coordinates, or write null for 'not located'"
    found, innermost = _nesting(coordinates)
    if innermost == [] and found <= depth + 1:
        return "GEOMETRY_EMPTY", f"a part of the {kind} is empty", "take the empty list out"
    if found != depth + 1:
        example = "[lon, lat]"
        for _ in range(depth):
            example = f"[{example}, ...]"
        message = f"the coordinates of a {kind} are nested {_levels(found)}, {_levels(depth + 1)} expected"
        likely = next((other for other in DEPTHS if DEPTHS[other] == found - 1), None)
        return "GEOMETRY_NESTING", message, f"write {example}" + (f", or the type {likely}" if likely else "")
    parts: list[Any] = [coordinates] if depth == 0 else coordinates
    for _ in range(depth - 1):
        for part in parts:
            if not isinstance(part, list):
                return (
                    "GEOMETRY_NESTING",
                    f"{shown(part)} stands in the {kind} where a list is expected",
                    "take it out",
                )
            if not part:
                return "GEOMETRY_EMPTY", f"a part of the {kind} is empty", "take the empty list out"
        parts = list(chain.from_iterable(parts))
    for part in [parts] if depth == 0 else [coordinates] if depth == 1 else _parts(coordinates, depth):
        flaw = _examine_part(part, kind)
        if flaw:
            return flaw
    return None


def _closed(rings: list[Any], depth: int) -> list[Any]:
    """Give sound coordinates, nested so deep, with every ring closed."""
    if depth > 1:
        return [_closed(ring, depth - 1) for ring in rings]
    return [*rings, rings[0]] if rings and rings[0][:2] != rings[-1][:2] else rings


def _parts(coordinates: Any, depth: int) -> list[Any]:
    """Give the lists of positions (lines, rings) of coordinates nested 2 or 3 deep."""
    return coordinates if depth == 2 else list(chain.from_iterable(coordinates))


def _examine_part(part: Any, kind: str) -> tuple[str, str, str] | None:
    """Name the first thing that is wrong with a list of positions."""
    if not isinstance(part, list):
        return "GEOMETRY_NESTING", f"{shown(part)} stands in the {kind} where a list is expected", "take it out"
    for position in part:
        if not isinstance(position, list):
            return (
                "GEOMETRY_NESTING",
                f"{shown(position)} stands where a position [lon, lat] is expected",
                "write [lon, lat]",
            )
        for number in position:
            if type(number) is str:
                return "COORDINATE_NUMBER", f"the coordinate {number!r} is text", _unquoted(number)
            if type(number) not in (float, int):
                return "COORDINATE_NUMBER", f"the coordinate {shown(number)} is not a number", "write degrees"
        if not 2 <= len(position) <= 4:
            return (
                "GEOMETRY_NESTING",
                f"a position has {_numbers(len(position))}: {shown(position)}",
                "write [lon, lat]",
            )
    least = _LEAST_POSITIONS.get(kind, 1)
    name = "a ring" if kind in _OF_RINGS else "a line"
    if len(_closed(part, 1) if kind in _OF_RINGS else part) < least:
        count = "1 position" if len(part) == 1 else f"{len(part)} positions"
        return "GEOMETRY_SHORT", f"{name} has {count}, it needs {least} or more", "add the others"
    return None


def _nesting(value: Any) -> tuple[int, Any]:
    """Count the lists around the first number, 3 for [[[1, 2]]], and give the innermost of them."""
    depth, innermost = 0, None
    while isinstance(value, list):
        depth, innermost = depth + 1, value
        value = value[0] if value else None
    return depth, innermost


def _single_kind(geometry: Any) -> dict[str, Any] | tuple[str, str, str]:
    """Give a GeometryCollection whose members are of one type as that Multi type, or what is wrong with the object."""
    if not isinstance(geometry, dict):
        return "GEOMETRY_TYPE", f"the geometry is {shown(geometry)}, not an object", "write a geometry object or null"
    kind = geometry.get("type")
    if kind != "GeometryCollection":
        if isinstance(kind, str) and kind in DEPTHS:
            return "GEOJSON_MEMBER", f'the {kind} has no "coordinates"', "add them"
        near = difflib.get_close_matches(str(kind).title(), DEPTHS, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else f"write one of {', '.join(DEPTHS)}"
        return "GEOMETRY_TYPE", f"the geometry type is {shown(kind)}", hint
    members = geometry.get("geometries")
    if not isinstance(members, list):
        return "GEOJSON_MEMBER", 'the GeometryCollection has no "geometries"', "add them"
    if not members:
        return "GEOMETRY_EMPTY", "the GeometryCollection is empty", "write null for 'not located'"
    if others := [member for member in members if not _is_plain(member)]:
        message = f"the GeometryCollection has the member {shown(others[0])}"
        return "GEOMETRY_TYPE", message, f"make it one of {', '.join(DEPTHS)} with coordinates, or take it out"
    kinds = {member["type"].removeprefix("Multi") for member in members}
    if len(kinds) > 1:
        message = f"the GeometryCollection mixes {', '.join(sorted(kinds))}"
        return "GEOMETRY_TYPE", message, "make one feature of each type"
    kind = kinds.pop()
    parts = [m["coordinates"] if m["type"].startswith("Multi") else [m["coordinates"]] for m in members]
    if not all(isinstance(part, list) for part in parts):
        return "GEOMETRY_NESTING", "the coordinates of a member are not a list", "write lists of positions"
    return {"type": _MULTI[kind], "coordinates": list(chain.from_iterable(parts))}


def shown(value: Any) -> str:
    """Give a value as JSON would write it, shortened."""
    text = repr(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "..."


def _numbers(count: int) -> str:
    return "1 number" if count == 1 else f"{count} numbers"


def _levels(depth: int) -> str:
    return {0: "not at all", 1: "once", 2: "twice"}.get(depth, f"{depth} times")


def _unquoted(text: str) -> str:
    try:
        return f"write {float(text.replace(',', '.')):.15g} without quotation marks"
    except ValueError:
        return "write degrees, a number without quotation marks"
