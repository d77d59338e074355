"""GeoJSON (RFC 7946) to `Features`: geometries, property columns, and the line each feature begins on.

Parsed by us: GDAL would follow VRT inside a `.geojson` to other files and accept what JSON does not have. The quick way
parses chunks of features with orjson and proves where each begins; the exact way (standard library, every member looked
at) is gone where that proof fails: a member stands twice, a huge integer, NaN, broken JSON, an unusual arrangement.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple, NoReturn

import numpy as np
import numpy.typing as npt
import orjson

from geo.errors import DataError
from geo.problems import Problem
from geo.read.files import FileBytes, as_utf8
from geo.read.shapes import DEPTHS, Shapes, make_shapes

_CHUNK = 4_000  # features parsed at a time: their objects stay in the processor's cache, and die young


@dataclass(frozen=True, slots=True)
class Features:
    """The features of a file, in its order.

    geometry : shapely geometries, None where null or flawed
    properties : one column of plain JSON values per name, None where a feature lacks it
    lines : the line each feature begins on
    numbers : the number of each feature in the file, counted from 1, those left out included
    flawed : positions of the features whose geometry has a problem
    refused : keys of what is in the file but is no feature, so that their rows are not called orphans
    keys : the properties that may name a feature in a message
    problems : what was found so far; after an error the geometry must not be drawn
    """

    path: str
    geometry: Shapes
    properties: dict[str, list[Any]]
    lines: npt.NDArray[np.int64]
    numbers: npt.NDArray[np.int64]
    flawed: frozenset[int]
    refused: frozenset[str]
    keys: Sequence[str]
    problems: tuple[Problem, ...]

    def __len__(self) -> int:
        return len(self.geometry)

    def subject(self, row: int, column: str | None = None) -> str:
        """Name a feature, counted from 0 here, and its property as a message does."""
        names = (self.properties[key][row] for key in self.keys if key in self.properties)
        name = next((f' ("{name}")' for name in names if type(name) in (str, int)), "")
        return f"feature {self.numbers[row]}{name}" + (f' property "{column}"' if column else "")


def read_geojson(file: FileBytes, *, keys: Sequence[str] = ("id",)) -> Features:
    """Give the features of a GeoJSON file: a FeatureCollection, a Feature, or a bare geometry (without properties).

    Parameters
    ----------
    keys : the properties that may name a feature in a message

    Raises
    ------
    DataError
        where the file as a whole cannot be read: not text, not JSON, not GeoJSON.
    """
    data = as_utf8(file)
    collector = _read_quick(file.name, data, keys) or _read_exact(file.name, data, keys)
    return collector.features()


class _Collector:
    """Takes features chunk by chunk, keeps geometries, property columns and lines, and lets the JSON objects go."""

    def __init__(self, path: str, line_ends: npt.NDArray[np.int64], keys: Sequence[str]) -> None:
        self.path = path
        self.keys = keys
        self.line_ends = line_ends
        self.count = 0
        self.columns: dict[str, list[Any]] = {}
        self.shapes: list[Shapes] = []
        self.lines: list[npt.NDArray[np.int64]] = []
        self.numbers: list[npt.NDArray[np.int64]] = []
        self.flawed: set[int] = set()
        self.refused: set[str] = set()
        self.height_line = 0
        self.problems: list[Problem] = []

    def line_at(self, starts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        return np.searchsorted(self.line_ends, starts).astype(np.int64) + 1

    def add(
        self,
        geometries: list[Any],
        properties: list[Any],
        starts: npt.NDArray[np.int64],
        numbers: npt.NDArray[np.int64],
    ) -> None:
        """Take the members of features, with the place where each begins and its number in the file."""
        lines = self.line_at(starts)
        shapes, flaws, has_heights = make_shapes(geometries)
        for flaw in flaws:
            subject = self.subject(int(numbers[flaw.at]), properties[flaw.at])
            self.report(flaw.code, int(lines[flaw.at]), subject, flaw.message, flaw.hint)
            self.flawed.add(self.count + flaw.at)
        if has_heights and not self.height_line:
            self.height_line = int(lines[0])
        self._add_columns([values or {} for values in properties] if None in properties else properties)
        self.shapes.append(shapes)
        self.lines.append(lines)
        self.numbers.append(numbers)
        self.count += len(geometries)

    def _add_columns(self, properties: list[dict[str, Any]]) -> None:
        for name in dict.fromkeys(chain.from_iterable(properties)):
            column = self.columns.setdefault(name, [])
            column += [None] * (self.count - len(column))
            column += [values.get(name) for values in properties]
        for column in self.columns.values():
            column += [None] * (self.count + len(properties) - len(column))

    def subject(self, number: int, properties: Any) -> str:
        """Name a feature by its number and, where it has one, its key."""
        values = (properties.get(key) for key in self.keys) if isinstance(properties, dict) else ()
        key = next((value for value in values if type(value) in (str, int)), None)
        return f"feature {number}" + (f' ("{key}")' if key is not None else "")

    def report(self, code: str, line: int, subject: str, message: str, hint: str) -> None:
        self.problems.append(Problem(code=code, path=self.path, line=line, subject=subject, message=message, hint=hint))

    def features(self) -> Features:
        """Give all that was taken."""
        problems = list(self.problems)
        if self.height_line:
            message, hint = "positions have a third number, the height, which is set aside", "take it out, or let it be"
            problems.append(
                Problem(
                    code="GEOMETRY_HEIGHT",
                    path=self.path,
                    line=self.height_line,
                    message=message,
                    hint=hint,
                    severity="warning",
                )
            )
        shapes = np.concatenate(self.shapes) if self.shapes else np.empty(0, dtype=object)
        lines, numbers = (
            np.concatenate(parts) if parts else np.empty(0, dtype=np.int64) for parts in (self.lines, self.numbers)
        )
        return Features(
            path=self.path,
            geometry=shapes,
            properties=self.columns,
            lines=lines,
            numbers=numbers,
            flawed=frozenset(self.flawed),
            refused=frozenset(self.refused),
            keys=self.keys,
            problems=tuple(problems),
        )


# ---- the quick way ---------------------------------------------------------------------------------------------------


def _read_quick(path: str, data: bytes, keys: Sequence[str]) -> _Collector | None:
    """Take the features, or give None where a proof fails and the exact way must be gone."""
    body = _find_features(data)
    if body is None:
        return None
    starts = _feature_starts(data, *body)
    line_ends = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == ord("\n"))
    collector = _Collector(path, line_ends, keys)
    for first in range(0, len(starts), _CHUNK):
        chunk_starts = starts[first : first + _CHUNK]
        end = starts[first + _CHUNK] if first + _CHUNK < len(starts) else body[1]
        text = data[chunk_starts[0] if first else body[0] : end].rstrip()
        text = text.removesuffix(b",") if end < body[1] else text
        try:
            features = orjson.loads(b"[" + text + b"]")
        except orjson.JSONDecodeError:
            return None
        # Every feature but the first begins after "},": where as many such places were found as features were parsed,
        # those are the places. A list of objects inside a feature, or such text in a string, makes them more.
        members = _members_of(features) if len(features) == len(chunk_starts) else None
        if members is None or (members.total != text.count(b'":') and members.total != len(_COLON.findall(text))):
            return None
        numbers = np.arange(first + 1, first + 1 + len(features), dtype=np.int64)
        collector.add(members.geometries, members.properties, chunk_starts, numbers)
    return collector


def _find_features(data: bytes) -> tuple[int, int] | None:
    """Give begin and end of the list of features where the rest of the file is a plain FeatureCollection."""
    opening = re.search(rb'"features"\s*:\s*\[', data)
    if opening is None:
        return None
    closing = data.rfind(b"]")
    while closing > opening.end() and not data[closing - 200 : closing].rstrip().endswith(b"}"):
        closing = data.rfind(b"]", 0, closing)  # the list of a bbox that stands after the features
    if closing <= opening.end():
        return None
    frame = data[: opening.end()] + data[closing:]
    try:
        collection = orjson.loads(frame)
    except orjson.JSONDecodeError:
        return None
    is_plain = isinstance(collection, dict) and collection.get("type") == "FeatureCollection"
    if not is_plain or collection["features"] != [] or not _is_wgs84(collection.get("crs")):
        return None
    if len(_COLON.findall(frame)) != _members_in(collection):
        return None
    return opening.end(), closing


def _feature_starts(data: bytes, begin: int, end: int) -> npt.NDArray[np.int64]:
    """Give every place between `begin` and `end` where an object begins first of all or after `},`."""
    text = np.frombuffer(data, dtype=np.uint8)
    braces = np.flatnonzero(text[begin:end] == ord("{")) + begin
    commas = _before(text, braces)
    is_start = text[commas] == ord(",")
    is_start[is_start] = text[_before(text, commas[is_start])] == ord("}")
    is_start[0] = True
    starts: npt.NDArray[np.int64] = braces[is_start]
    return starts


def _before(text: npt.NDArray[np.uint8], places: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Give for each place the last one before it that is no white space."""
    before = places - 1
    is_space = text[before] <= ord(" ")
    while is_space.any():
        before[is_space] -= 1
        is_space[is_space] = text[before[is_space]] <= ord(" ")
    return before


# A quotation mark before a colon: one for each member, more where one stands twice (orjson keeps the last).
_COLON = re.compile(rb'(?<!\\)"\s*:')


class _Members(NamedTuple):
    geometries: list[Any]
    properties: list[Any]
    total: int  # of the members of the features and of all objects in them


def _members_of(features: list[Any]) -> _Members | None:
    """Give the members of the features, None where one is no plain feature or has an integer that orjson rounded."""
    try:
        if set(map(itemgetter("type"), features)) != {"Feature"}:
            return None
        geometries = list(map(itemgetter("geometry"), features))
        properties = list(map(itemgetter("properties"), features))
        shapes = geometries if None not in geometries else [g for g in geometries if g is not None]
        tables = properties if None not in properties else [p for p in properties if p is not None]
        values = list(chain.from_iterable(map(dict.values, tables)))
        counts = [sum(map(len, part)) for part in (features, shapes, tables)]
        kinds = set(map(type, values))
        others = values if not kinds.isdisjoint((dict, list)) else []
        if counts[0] != 3 * len(features):
            others = others + [v for f in features for k, v in f.items() if k not in ("geometry", "properties")]
        if counts[1] != 2 * len(shapes):
            others = others + [v for g in shapes for k, v in dict.items(g) if k != "coordinates"]
        total = sum(counts) + _members_in(others)
    except (TypeError, KeyError, RecursionError):
        return None
    # orjson turns an integer of more than 64 bits into the nearest float.
    if float in kinds and any(abs(value) >= 2**63 for value in values if type(value) is float):
        return None
    return _Members(geometries, properties, total)


def _members_in(value: Any) -> int:
    if isinstance(value, dict):
        return len(value) + sum(map(_members_in, value.values()))
    return sum(map(_members_in, value)) if isinstance(value, list) else 0


# ---- the exact way ---------------------------------------------------------------------------------------------------

_RFC = "write a FeatureCollection, a Feature or a geometry as RFC 7946 has it"
_WGS84 = re.compile(r"(urn:ogc:def:crs:)?(OGC:[\d.]*:?CRS84|EPSG:[\d.]*:?4326)", re.IGNORECASE)
# Half of a character that takes two \u escapes: no text encoding can hold it.
_HALF_CHARACTER = re.compile(
    r"(?<!\\)(?:\\\\)*(\\u[dD][89abAB]..(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB]..)\\u[dD][c-fC-F]..)"
)


def _read_exact(path: str, data: bytes, keys: Sequence[str]) -> _Collector:
    """Take the features member by member, with every problem of the text; raises as `read_geojson`."""
    text = data.decode()
    line_ends = np.array([match.start() for match in re.finditer("\n", text)], dtype=np.int64)
    collector = _Collector(path, line_ends, keys)
    parser = _Parser(text, collector)
    top = parser.parse()
    kind = top.get("type") if isinstance(top, dict) else None
    if kind == "FeatureCollection" and isinstance(top.get("features"), list):
        features = parser.features
    elif kind == "Feature":
        features = [(top, parser.begin)]
    elif kind in DEPTHS or kind == "GeometryCollection":
        features = [({"type": "Feature", "properties": {}, "geometry": top}, parser.begin)]
    else:
        collector.report(*_no_geojson(top, kind))
        raise DataError(collector.problems)
    _check_crs(top, text, collector)
    kept = []
    for number, (feature, start) in enumerate(features, start=1):
        flaw = _feature_flaw(feature)
        if flaw is None:
            kept.append((feature, start, number))
        else:
            line = int(collector.line_at(np.array([start]))[0])
            properties = feature.get("properties") if isinstance(feature, dict) else None
            collector.report(flaw[0], line, collector.subject(number, properties), *flaw[1:])
            if isinstance(properties, dict):
                collector.refused |= {str(properties[key]) for key in keys if key in properties}
    starts, numbers = (np.array([one[part] for one in kept], dtype=np.int64) for part in (1, 2))
    geometries, properties = ([one[0][member] for one in kept] for member in ("geometry", "properties"))
    collector.add(geometries, properties, starts, numbers)
    return collector


def _no_geojson(top: Any, kind: Any) -> tuple[str, int, str, str, str]:
    if not isinstance(top, dict):
        return "GEOJSON_TYPE", 1, "", "the file does not hold a JSON object", _RFC
    if kind == "FeatureCollection":
        return "GEOJSON_MEMBER", 1, "", 'the FeatureCollection has no list "features"', 'add "features": [...]'
    if kind == "Topology":
        return "GEOJSON_TYPE", 1, "", "the file is TopoJSON", "convert it to GeoJSON"
    return "GEOJSON_TYPE", 1, "", f"the type is {kind!r}" if kind else 'the object has no "type"', _RFC


def _feature_flaw(feature: Any) -> tuple[str, str, str] | None:
    if not isinstance(feature, dict):
        return "GEOJSON_TYPE", f"{str(feature)[:40]!r} is not a feature", 'write {"type": "Feature", ...}'
    if feature.get("type") != "Feature":
        return "GEOJSON_TYPE", f"the type is {feature.get('type')!r}, not 'Feature'", 'write "type": "Feature"'
    if "geometry" not in feature:
        return "GEOJSON_MEMBER", 'the feature has no "geometry"', 'add it, or "geometry": null for "not located"'
    if "properties" not in feature:
        return "GEOJSON_MEMBER", 'the feature has no "properties"', 'add "properties": {...} with its key'
    if not isinstance(feature["properties"], dict | None):
        return "GEOJSON_MEMBER", "the properties are not an object", 'write "properties": {...}'
    return None


def _check_crs(top: dict[str, Any], text: str, collector: _Collector) -> None:
    """Report a crs member that names another system than WGS 84, the only one of GeoJSON (RFC 7946, 4)."""
    crs = top.get("crs")
    if not _is_wgs84(crs):
        line = text.count("\n", 0, text.index('"crs"')) + 1
        hint = "convert the coordinates to longitude and latitude (EPSG:4326) and take the member out"
        collector.report("GEOJSON_CRS", line, "", f"the file says that it is in {_crs_name(crs)[:60]!r}", hint)


def _is_wgs84(crs: Any) -> bool:
    return crs is None or _WGS84.fullmatch(_crs_name(crs)) is not None


def _crs_name(crs: Any) -> str:
    properties = crs.get("properties") if isinstance(crs, dict) else None
    return str(properties.get("name") if isinstance(properties, dict) else crs)


class _Parser:
    """Parses a JSON text and keeps where each element of a top-level "features" list begins.

    What JSON does not have is reported and read as NaN, so that one run finds all of it; a syntax error ends it.
    """

    def __init__(self, text: str, collector: _Collector) -> None:
        self.text = text
        self.collector = collector
        self.begin = 0
        self.features: list[tuple[Any, int]] = []
        self.found: list[
            tuple[str, str, str, str]
        ] = []  # of the value being decoded: code, message, hint, where to look
        self.decoder = json.JSONDecoder(
            object_pairs_hook=self._object,
            parse_constant=self._constant,
            parse_float=self._float,
            parse_int=self._integer,
        )

    def parse(self) -> Any:
        """Give the top-level value; raises DataError where the text is not JSON."""
        text = self.text
        try:
            if half := _HALF_CHARACTER.search(text):
                raise json.JSONDecodeError("half", text, half.start(1))
            self.begin = position = self._skip(0)
            if text[position : position + 1] == "<":
                self._refuse(position, "the file holds XML, not GeoJSON", "convert it to GeoJSON")
            if text[position : position + 1] == "{":
                value, position = self._top_object(position)
            else:
                value, position = self._value(position)
            position = self._skip(position)
            if position < len(text):
                self._refuse(position, "text follows after the end of the JSON value", "take it out")
        except json.JSONDecodeError as err:
            self._refuse(*_syntax_error(text, err.pos))
        except RecursionError:
            self._refuse(0, "the lists are nested too deep", "write GeoJSON as RFC 7946 has it")
        return value

    def _top_object(self, position: int) -> tuple[dict[str, Any], int]:
        pairs: list[tuple[str, Any]] = []
        position = self._skip(position + 1)
        while self.text[position : position + 1] != "}":
            if pairs:
                position = self._expect(position, ",")
            if self.text[position : position + 1] != '"':
                raise json.JSONDecodeError("key", self.text, position)
            key, position = self.decoder.raw_decode(self.text, position)
            position = self._expect(self._skip(position), ":")
            if key == "features" and self.text[position : position + 1] == "[":
                value, position = self._list(position)
            else:
                value, position = self._value(position)
            pairs.append((key, value))
            position = self._skip(position)
        members = self._object(pairs)
        self._report_found(self.begin, len(self.text), "")
        return members, position + 1

    def _list(self, position: int) -> tuple[list[Any], int]:
        self.features = []
        position = self._skip(position + 1)
        while self.text[position : position + 1] != "]":
            if self.features:
                position = self._expect(position, ",")
            start = position
            value, position = self._value(position, number=len(self.features))
            self.features.append((value, start))
            position = self._skip(position)
        return [value for value, _ in self.features], position + 1

    def _value(self, position: int, *, number: int | None = None) -> tuple[Any, int]:
        try:
            value, end = self.decoder.raw_decode(self.text, position)
        except StopIteration as err:
            raise json.JSONDecodeError("value", self.text, err.value) from None
        if self.found:
            is_feature = number is not None and isinstance(value, dict)
            self._report_found(
                position, end, self.collector.subject((number or 0) + 1, value.get("properties")) if is_feature else ""
            )
        return value, end

    def _report_found(self, start: int, end: int, subject: str) -> None:
        """Report what the hooks found between two places, each at the last place where its text stands there."""
        for code, message, hint, sought in self.found:
            places = [match.start() for match in re.finditer(sought, self.text[start:end])]
            place = start + (places[-1] if places else 0)
            line = int(self.collector.line_at(np.array([place]))[0])
            self.collector.report(code, line, subject, message, hint)
        self.found.clear()

    def _skip(self, position: int) -> int:
        match = _SPACE.match(self.text, position)
        assert match is not None
        return match.end()

    def _expect(self, position: int, mark: str) -> int:
        if self.text[position : position + 1] != mark:
            raise json.JSONDecodeError(mark, self.text, position)
        return self._skip(position + 1)

    def _refuse(self, position: int, message: str, hint: str) -> NoReturn:
        before = self.text[:position]
        line, column = before.count("\n") + 1, position - before.rfind("\n")
        problem = Problem(
            code="JSON_SYNTAX", path=self.collector.path, line=line, column=column, message=message, hint=hint
        )
        raise DataError([*self.collector.problems, problem])

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) < len(pairs):
            counts = Counter(name for name, _ in pairs)
            for name in (name for name, count in counts.items() if count > 1):
                message = f'the member "{name}" is there {"twice" if counts[name] == 2 else f"{counts[name]} times"}'
                sought = re.escape(json.dumps(name, ensure_ascii=False)) + r"\s*:"
                self.found.append(("JSON_DUPLICATE_KEY", message, "keep one of them", sought))
        return members

    def _constant(self, name: str) -> float:
        self.found.append(("JSON_NUMBER", f"{name} is not a number that JSON has", _NO_NUMBER, re.escape(name)))
        return math.nan

    def _float(self, digits: str) -> float:
        value = float(digits)
        if math.isinf(value):
            self.found.append(("JSON_NUMBER", f"{digits} is too large for a number", _NO_NUMBER, re.escape(digits)))
            return math.nan
        return value

    def _integer(self, digits: str) -> int | float:
        if len(digits) > 300:
            self.found.append(("JSON_NUMBER", f"{digits[:20]}... is too large for a number", _NO_NUMBER, digits))
            return math.nan
        return int(digits)


_SPACE = re.compile(r"[ \t\n\r]*")
_NO_NUMBER = "write the number, or null where it is not known"


def _syntax_error(text: str, position: int) -> tuple[int, str, str]:
    """Give place, message and hint; in words of our own, as the library's differ from one Python to the next."""
    before = text[:position].rstrip()
    found = text[position : position + 1]
    after = text[position + 1 :].lstrip()[:1]
    if found == "," and after in ("]", "}"):
        return position, f"a comma stands before {after}", "take the comma out"
    if found in ("]", "}") and before.endswith(","):
        return len(before) - 1, f"a comma stands before {found}", "take the comma out"
    if not found:
        return position, "the text ends before the JSON does", "look whether the file was cut off"
    if found == "'":
        return position, "a text begins with '", 'write "'
    if found == "#" or text.startswith(("//", "/*"), position):
        return position, "a comment stands here; JSON has none", "take it out"
    if found < " ":
        return position, "a line break or tab stands inside a text", "write \\n or \\t, or close the quotation mark"
    if _HALF_CHARACTER.match(text, position):
        return position, f"{text[position : position + 6]} is half a character", "write the whole character"
    if found == "\\":
        return position, f"{text[position : position + 2]} means nothing in a JSON text", "write \\\\ for a backslash"
    if before[-1:] in ('"', "}", "]") or before[-1:].isdigit():
        return (
            position,
            f"{found!r} stands where a comma or a closing bracket is expected",
            "add what is missing before it",
        )
    return (
        position,
        f"{found!r} stands where a JSON value is expected",
        "look at the brackets and quotation marks before it",
    )
