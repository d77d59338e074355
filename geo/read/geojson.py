"""GeoJSON (RFC 7946) to `Features`: geometries, property columns, and the line each feature begins on.

Parsed by us: GDAL would follow VRT inside a `.geojson` to other files and accept what JSON does not have. The quick way
parses chunks of features with orjson and proves where each begins; the exact way (standard library, every member looked
at) is gone where that proof fails: a member stands twice, a huge integer, NaN, broken JSON, an unusual arrangement.

Why two: neither does without the other. A million points take 3 s of CPU by the quick way, of which orjson has 2, and
18 s by the exact one, which looks at each member in Python. And orjson tells of no place but that of the first fault,
keeps the last of two members alike, rounds large integers and stops at NaN: to name what is wrong takes the exact way.
Both fill the same `Collector`, and tests hold them against each other. Sequences (`sequence`) go through both as one
collection.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import orjson

from geo.read.exact import crs_of, is_wgs84, read_exact
from geo.read.features import Collector, Features
from geo.read.files import FileBytes, as_utf8

_CHUNK = 4_000  # features parsed at a time: their objects stay in the processor's cache, and die young


def read_geojson(
    file: FileBytes, *, keys: Sequence[str] = ("id",), tell: Callable[[int, int], None] = lambda *_: None
) -> Features:
    """Give the features of a GeoJSON file: a FeatureCollection, a Feature, or a bare geometry (without properties).

    Parameters
    ----------
    keys : the properties that may name a feature in a message
    tell : is told how many features are read, of how many

    Raises
    ------
    DataError
        where the file as a whole cannot be read: not text, not JSON, not GeoJSON.
    """
    data = as_utf8(file)
    collector = _read_quick(file.name, data, keys, tell) or read_exact(file.name, data, keys)
    features = collector.features()
    if collector.system:
        from geo.read.frames import converted  # which needs geopandas

        features = converted(features, *collector.system)
    return features.without_controls() if _may_have_controls(data) else features


_EIGHT_BIT_CONTROL = re.compile(rb"\xc2[\x80-\x9f]")
_ESCAPED_CONTROL = re.compile(rb"\\(?:[bfr]|u00[0189]|u007[fF]|u202[89]|u[eE]00[dD])")


def _may_have_controls(data: bytes) -> bool:
    """Tell whether a text of JSON may have a control character: most can stand there only after a backslash."""
    if b"\x7f" in data or (b"\\" in data and _ESCAPED_CONTROL.search(data)):
        return True
    if data.isascii():
        return False
    is_there = any(control.encode() in data for control in "\u2028\u2029\ue00d")
    return is_there or bool(_EIGHT_BIT_CONTROL.search(data))


def _read_quick(
    path: str, data: bytes, keys: Sequence[str], tell: Callable[[int, int], None] = lambda *_: None
) -> Collector | None:
    """Take the features, or give None where a proof fails and the exact way must be gone."""
    body = _find_features(data)
    if body is None:
        return None
    starts = _feature_starts(data, *body)
    if not len(starts):
        return None
    line_ends = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == ord("\n"))
    collector = Collector(path, line_ends, keys)
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
        if members is None or not _is_each_once(members.total, text):
            return None
        numbers = np.arange(first + 1, first + 1 + len(features), dtype=np.int64)
        collector.add(members.geometries, members.properties, members.ids, chunk_starts, numbers)
        tell(first + len(features), len(starts))
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
    if not is_plain or collection.get("features") != [] or not is_wgs84(collection.get("crs")):
        return None
    return (opening.end(), closing) if _is_each_once(_members_in(collection), frame) else None


def _feature_starts(data: bytes, begin: int, end: int) -> npt.NDArray[np.int64]:
    """Give every place between `begin` and `end` where an object begins first of all or after `},`."""
    text = np.frombuffer(data, dtype=np.uint8)
    braces = np.flatnonzero(text[begin:end] == ord("{")) + begin
    commas = _before(text, braces)
    is_start = text[commas] == ord(",")
    is_start[is_start] = text[_before(text, commas[is_start])] == ord("}")
    is_start[:1] = True
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


_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"(\s*+:)?', re.DOTALL)


def _is_each_once(members: int, text: bytes) -> bool:
    """Tell whether a text of JSON has just as many members as were parsed of it: orjson keeps the last of two alike.

    No way of counting finds fewer than there are. Colons and quotation marks in strings make them more for the first
    two; the last looks at every string, and takes 20 times as long as the first.
    """
    return (
        text.count(b":") == members
        or text.translate(None, b" \t\n\r").count(b'":') == members
        or sum(map(bool, _STRING.findall(text))) == members
    )


class _Members(NamedTuple):
    geometries: list[Any]
    properties: list[Any]
    ids: list[Any]  # empty where the features have no member but the three that all have
    total: int  # of the members of the features and of all objects in them


def _members_of(features: list[Any]) -> _Members | None:
    """Give the members of the features, None where one is no plain feature or has an integer that orjson rounded."""
    try:
        if set(map(itemgetter("type"), features)) != {"Feature"}:
            return None
        geometries = list(map(itemgetter("geometry"), features))
        properties = list(map(itemgetter("properties"), features))
        shapes, tables = _without_nulls(geometries), _without_nulls(properties)
        values = list(chain.from_iterable(map(dict.values, tables)))
        kinds = set(map(type, values))
        nested = [] if kinds.isdisjoint((dict, list)) else values
        total = sum(sum(map(len, objects)) for objects in (features, shapes, tables)) + _members_in(nested)
        ids: list[Any] = []
        # Nearly always these have the members alone that all of them have.
        if sum(map(len, features)) != 3 * len(features) or sum(map(len, shapes)) != 2 * len(shapes):
            if not all(map(is_wgs84, chain.from_iterable(map(crs_of, features)))):
                return None
            ids = [feature.get("id") for feature in features]
            total += _members_in([v for f in features for k, v in f.items() if k not in ("geometry", "properties")])
            total += _members_in([v for shape in shapes for k, v in shape.items() if k != "coordinates"])
    except (TypeError, KeyError, AttributeError, RecursionError):
        return None
    # orjson turns an integer of more than 64 bits into the nearest float.
    numbers = chain(values if float in kinds else (), _scalars_in(nested), ids)
    if any(abs(number) >= 2**63 for number in numbers if type(number) is float):
        return None
    return _Members(geometries, properties, ids, total)


def _without_nulls(values: list[Any]) -> list[Any]:
    return values if None not in values else [value for value in values if value is not None]


def _scalars_in(value: Any) -> Iterator[Any]:
    if isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _scalars_in(inner)
    else:
        yield value


def _members_in(value: Any) -> int:
    if isinstance(value, dict):
        return len(value) + sum(map(_members_in, value.values()))
    return sum(map(_members_in, value)) if isinstance(value, list) else 0
