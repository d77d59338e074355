"""Pack tables and geometries into the arrays of a page; `docs/format.md` is the format, `page/columns.js` the reader.

Everything here is numpy over whole columns: no Python loop per feature or vertex.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import itertools
import string
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

FORMAT_VERSION = 1
WORLD_UNITS = 2**28
"""Width of the Web Mercator square in coordinate units: 0.15 m at the equator."""
MAX_LATITUDE_DEGREES = 85.0511287798066
PLANES_FROM_ITEMS = 4096
GZIP_FROM_BYTES = 64 * 1024
GZIP_HEADER = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
"""No name, no time, no system: Python 3.11 names the system that it runs on, 3.13 does not."""
MAX_DECIMALS = 6
MAX_PATTERN_DIGITS = 9

POINT, LINE, POLYGON = 0, 1, 2
LAST_SIMPLE_TYPE = 2
"""Of shapely's types 0 point, 1 line and 2 ring are one part each."""
ARRAY_TYPES = {"u8": "<u1", "i8": "<i1", "u16": "<u2", "u32": "<u4", "i32": "<i4", "f64": "<f8"}

Array = list[Any]
"""Where an array lies in the blob: [offset, items, type, flags]; JSON of the head."""
Column = dict[str, Any]
"""A column, text block or geometry pool made of arrays: JSON of the head."""
Integers = NDArray[np.integer[Any]]
Order = NDArray[np.integer[Any]]


class Packer:
    """Collect arrays into one blob; each method gives the JSON that finds its array again. Equal arrays are kept once.

    `order`, where a method takes one, is the order in which the cells of a column travel: places in `values`.
    """

    def __init__(self) -> None:
        self._chunks: list[bytes] = []
        self._length = 0
        self._places: dict[bytes, int] = {}

    def integers(self, values: Any, *, delta: bool = False, signed: bool = False) -> Array:
        """Pack whole numbers in the smallest unsigned type that holds them, or in i32 where `signed`.

        With `delta` the differences are packed (zigzag), which suits sorted and near-by numbers.
        """
        items = np.asarray(values, dtype=np.int64)
        if delta:
            steps = np.diff(items, prepend=0)
            items = (steps << 1) ^ (steps >> 63)
        if signed and not delta:
            return self._array(items.astype("<i4"), "i32")
        top = int(items.max(initial=0))
        if items.min(initial=0) < 0 or top >= 2**32:
            raise ValueError(f"{items.min(initial=0)} to {top} does not fit 32 bits")
        kind = "u8" if top < 2**8 else "u16" if top < 2**16 else "u32"
        return self._array(items.astype(ARRAY_TYPES[kind]), kind, flags="d" if delta else "")

    def signed_bytes(self, values: Any) -> Array:
        return self._array(np.asarray(values, dtype="<i1"), "i8")

    def floats(self, values: Any) -> Array:
        return self._array(np.asarray(values, dtype="<f8"), "f64")

    def numbers(self, values: Any) -> Column:
        """Pack numbers (NaN = no value) exactly: as integers, as integers of a power of ten, else as floats."""
        numbers = np.asarray(values, dtype=np.float64)
        known = ~np.isnan(numbers)
        for scale in range(MAX_DECIMALS + 1):
            scaled = np.round(numbers[known] * 10.0**scale)
            if not np.array_equal(scaled / 10.0**scale, numbers[known]):
                continue
            base, top = (int(scaled.min()), int(scaled.max())) if scaled.size else (0, 0)
            if top - base >= 2**31 or max(abs(top), abs(base)) >= 2**53:
                break
            return {"type": "int", "scale": scale} | self._coded(numbers * 10.0**scale, known, base)
        return {"type": "float", "values": self.floats(numbers)}

    def texts(self, values: Any, order: Order | None = None) -> Column:
        """Pack strings (None = no value) in the way that suits them.

        As codes into a dictionary where they repeat or are missing, as numbers where all of them are one text followed
        by a number ("s0000001"), else each one. What is no string comes as its text, True and False as "true" and
        "false".
        """
        codes, found = pd.factorize(np.asarray(values, dtype=object), use_na_sentinel=True)
        distinct = list(found) if pd.api.types.infer_dtype(found) == "string" else list(map(_cell_text, found))
        codes = codes if order is None else codes[order]
        is_repeating = len(distinct) * 2 <= len(codes)
        if not is_repeating and (pattern := _pattern(distinct)):
            prefix, width, numbers = pattern
            known = codes >= 0
            coded = self._coded(np.where(known, numbers[codes], 0), known, int(numbers.min()))
            return {"type": "pattern", "prefix": prefix, "width": width} | coded
        if is_repeating or (codes < 0).any() or "" in distinct:
            values_first, codes = _most_frequent_first(distinct, codes)
            return {"type": "dict", "values": self._text(values_first), "codes": self.integers(codes + 1)}
        strings = np.asarray(distinct, dtype=object)[codes]
        return {"type": "text", "text": self._text(list(strings))}

    def dates(self, values: Any, order: Order | None = None) -> Column:
        """Pack `Edtf | None`: codes into a dictionary of dates."""
        # By identity first: dates hash and compare in Python, and equal ones are mostly one object.
        cells = np.asarray(values, dtype=object)
        met, _ = pd.factorize(np.fromiter(map(id, cells), dtype=np.int64, count=len(cells)))
        objects = cells[first_places(met)]
        dates = {date.text: date for date in objects if date is not None}
        code_of = {text: code for code, text in enumerate(dates, start=1)}
        codes = np.array([code_of[date.text] if date else 0 for date in objects], dtype=np.int64)[met]
        return {
            "type": "date",
            "values": self._text(list(dates)),
            "from": self.integers([date.earliest for date in dates.values()], signed=True),
            "to": self.integers([date.latest for date in dates.values()], signed=True),
            "codes": self.integers(codes if order is None else codes[order]),
        }

    def geometries(self, geometries: NDArray[np.object_]) -> Column:
        """Pack shapely geometries (none missing or empty, EPSG:4326 lon/lat) as one pool, in their order."""
        kinds = _kinds(geometries)
        parts, part_owner = _parts(geometries, kinds)
        coordinates, vertex_part = shapely.get_coordinates(parts.shapes, return_index=True)
        coordinates, vertex_part = _without_closing_vertex(coordinates, vertex_part, parts.closed)
        vertices = np.bincount(vertex_part, minlength=len(parts.shapes))
        part_counts = np.bincount(part_owner, minlength=len(geometries))
        pool: Column = {"n": len(geometries)}
        same = len(kinds) > 0 and (kinds == kinds[0]).all()
        pool["kind"] = int(kinds[0]) if same else self.integers(kinds)
        if (part_counts != 1).any():
            pool["parts"] = self.integers(part_counts)
        if (vertices != 1).any():
            pool["vertices"] = self.integers(vertices)
        if parts.holes.any():
            pool["holes"] = self.integers(parts.holes)
        return pool | self._coordinates(*web_mercator(coordinates[:, 0], coordinates[:, 1]))

    def points(self, x: Integers, y: Integers) -> Column:
        """Pack single points, in world units, as a pool: what `geometries` gives for them, without making shapes."""
        return {"n": len(x), "kind": POINT} | self._coordinates(x, y)

    @property
    def size_bytes(self) -> int:
        """The length of the blob so far."""
        return self._length

    def blob(self) -> bytes:
        return b"".join(self._chunks)

    def _coordinates(self, x: Integers, y: Integers) -> Column:
        return {"x": self.integers(x, delta=True), "y": self.integers(y, delta=True)}

    def _coded(self, numbers: NDArray[Any], known: NDArray[np.bool_], base: int) -> Column:
        """Whole numbers as codes from `base` on, code 0 = no value where some have none."""
        nullable = int(not known.all())
        codes = np.zeros(len(numbers), dtype=np.int64)
        codes[known] = np.round(numbers[known]).astype(np.int64) - base + nullable
        return {"codes": self.integers(codes), "base": base, "nullable": nullable}

    def _text(self, strings: list[str]) -> Column:
        joined = "".join(strings)
        lengths = np.fromiter(map(len, strings), dtype=np.int64, count=len(strings))
        data = np.frombuffer(joined.encode("utf-8", "surrogatepass"), dtype=np.uint8)
        if (data >= 0xF0).any():  # the characters beyond 16 bits are two units of the page's strings
            units = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4")
            owners = np.searchsorted(np.cumsum(lengths), np.flatnonzero(units > 0xFFFF), side="right")
            lengths = lengths + np.bincount(owners, minlength=len(strings))
        return {"bytes": self._array(data, "u8"), "lengths": self.integers(lengths)}

    def _array(self, items: NDArray[Any], kind: str, *, flags: str = "") -> Array:
        n = len(items)
        if items.itemsize in (2, 4) and n >= PLANES_FROM_ITEMS:
            flags += "p"
            items = np.ascontiguousarray(items.view(np.uint8).reshape(-1, items.itemsize).T)
        data = items.tobytes()
        data += bytes(-len(data) % 8)
        at = self._places.setdefault(data, self._length)
        if at == self._length:
            self._chunks.append(data)
            self._length += len(data)
        return [at, n, kind, flags] if flags else [at, n, kind]


def first_places(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """The place where each code stands first; codes count up from 0 in the order in which they are met."""
    return np.flatnonzero(np.diff(np.maximum.accumulate(codes), prepend=-1))


def _cell_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def _pattern(strings: list[str]) -> tuple[str, int, NDArray[np.int64]] | None:
    """Give what all strings begin with, the digits of their numbers at least, and the numbers; None = no such pattern.

    A number may have leading zeros up to the least width: "s01" to "s99" and "s100", not "s1" beside "s01".
    """
    if not strings or not (_ends_in_digit(strings[0]) and _ends_in_digit(strings[-1])):
        return None
    same = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(min(strings), max(strings), strict=False))
    prefix = "".join(letter for letter, _ in same).rstrip(string.digits)
    data = np.frombuffer(("\n".join(strings) + "\n").encode("utf-8", "surrogatepass"), dtype=np.uint8)
    ends = np.flatnonzero(data == ord("\n"))
    if len(ends) != len(strings):
        return None
    digits = np.diff(ends, prepend=-1) - 1 - len(prefix.encode("utf-8", "surrogatepass"))
    width = int(digits.min())
    if width < 1 or digits.max() > MAX_PATTERN_DIGITS:
        return None
    numbers = np.zeros(len(strings), dtype=np.int64)
    for place in range(int(digits.max())):
        digit = np.where(digits > place, data[ends - 1 - place], ord("0")).astype(np.int64) - ord("0")
        is_leading_zero = (digits == place + 1) & (digit == 0) & (digits > width)
        if digit.min() < 0 or digit.max() > 9 or is_leading_zero.any():
            return None
        numbers += digit * 10**place
    return prefix, width, numbers


def _ends_in_digit(text: str) -> bool:
    return text != "" and text[-1] in string.digits


def _most_frequent_first(distinct: list[str], codes: NDArray[np.int64]) -> tuple[list[str], NDArray[np.int64]]:
    """Short dictionaries go by frequency, as a legend's classes do: the codes of both are then one array."""
    if len(distinct) >= 2**8:
        return distinct, codes
    counts = np.bincount(codes[codes >= 0], minlength=len(distinct))
    ranked = sorted(range(len(distinct)), key=lambda code: (-counts[code], distinct[code]))
    new = np.empty(len(distinct) + 1, dtype=np.int64)
    new[ranked] = np.arange(len(distinct))
    new[-1] = -1  # what code -1, no value, finds
    return [distinct[code] for code in ranked], new[codes]


def read_array(blob: bytes, array: Array) -> NDArray[Any]:
    """Give the items of an array of the blob: what `Packer` packed."""
    at, n, kind, flags = [*array, ""][:4]
    dtype = np.dtype(ARRAY_TYPES[kind])
    raw = np.frombuffer(blob, dtype=np.uint8, count=n * dtype.itemsize, offset=at)
    if "p" in flags:
        raw = np.ascontiguousarray(raw.reshape(dtype.itemsize, -1).T).ravel()
    items = raw.view(dtype)
    if "d" in flags:
        codes = items.astype(np.int64)
        items = np.cumsum((codes >> 1) ^ -(codes & 1))
    return items


def encode_blob(blob: bytes) -> tuple[str, dict[str, Any]]:
    """Give the blob as text for the page, and the head's member about it.

    Small blobs stay raw: gzip's bytes differ between zlib builds, and most pages should be the same bytes everywhere.
    """
    compress = len(blob) > GZIP_FROM_BYTES
    data = GZIP_HEADER + gzip.compress(blob, compresslevel=6, mtime=0)[len(GZIP_HEADER) :] if compress else blob
    about = {"bytes": len(blob), "gzip": compress, "sha256": hashlib.sha256(blob).hexdigest()}
    return base64.b64encode(data).decode("ascii"), about


def web_mercator(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> tuple[Integers, Integers]:
    """Project degrees to whole units of the Web Mercator square, y to the south.

    Degrees are first rounded to 7 decimals (1 cm), so that the last bits of another library do not show.
    """
    lon, lat = np.round(lon, 7), np.clip(np.round(lat, 7), -MAX_LATITUDE_DEGREES, MAX_LATITUDE_DEGREES)
    x = (lon + 180.0) / 360.0
    y = 0.5 - np.arctanh(np.sin(np.radians(lat))) / (2 * np.pi)
    top = WORLD_UNITS
    return (
        np.clip(np.round(x * top), 0, top).astype(np.int64),
        np.clip(np.round(y * top), 0, top).astype(np.int64),
    )


def spatial_order(geometries: NDArray[np.object_]) -> NDArray[np.int64]:
    """Give the order in which features are packed: points along the Morton curve, others by enclosing quadtree cell.

    A page finds the points of a tile as one range, and lines and polygons as a range plus the cells above it.
    Features without geometry come last, in their order.
    """
    bounds = shapely.bounds(geometries)
    located = ~np.isnan(bounds[:, 0])
    x0, y1 = web_mercator(np.nan_to_num(bounds[:, 0]), np.nan_to_num(bounds[:, 1]))
    x1, y0 = web_mercator(np.nan_to_num(bounds[:, 2]), np.nan_to_num(bounds[:, 3]))
    top = WORLD_UNITS - 1
    low = _morton(np.minimum(x0, top), np.minimum(y0, top))
    high = _morton(np.minimum(x1, top), np.minimum(y1, top))
    # The enclosing cell is the common prefix of the two corners' codes; its first code sorts it, larger cells first.
    differing = low ^ high
    bits = np.zeros(len(differing), dtype=np.int64)
    known = differing > 0
    bits[known] = np.floor(np.log2(differing[known].astype(np.float64))).astype(np.int64) + 1
    bits += bits % 2
    cell = (low >> bits) << bits
    return np.lexsort((-bits, cell, ~located)).astype(np.int64)


def point_order(x: Integers, y: Integers) -> NDArray[np.int64]:
    """`spatial_order` of single points, given in world units."""
    return np.argsort(_morton(np.minimum(x, WORLD_UNITS - 1), np.minimum(y, WORLD_UNITS - 1)), kind="stable")


def _morton(x: Integers, y: Integers) -> NDArray[np.int64]:
    return _spread(x) | (_spread(y) << 1)


def _spread(value: Integers) -> NDArray[np.int64]:
    """Put a zero bit between each two bits of a 28-bit number."""
    v = value.astype(np.int64)
    for shift, mask in ((16, 0x0000FFFF0000FFFF), (8, 0x00FF00FF00FF00FF), (4, 0x0F0F0F0F0F0F0F0F)):
        v = (v | (v << shift)) & mask
    v = (v | (v << 2)) & 0x3333333333333333
    return (v | (v << 1)) & 0x5555555555555555


def _kinds(geometries: NDArray[np.object_]) -> NDArray[np.uint8]:
    #  shapely type ids: 0 point 1 line 2 ring 3 polygon 4 multipoint 5 multiline 6 multipolygon
    table = np.array([POINT, LINE, LINE, POLYGON, POINT, LINE, POLYGON], dtype=np.uint8)
    types = shapely.get_type_id(geometries)
    if len(types) and not (0 <= types.min() and types.max() <= 6):
        raise ValueError("a missing geometry or a GeometryCollection cannot be packed")
    return table[types]


class _Parts:
    """Points, lines and rings: what has one run of vertices."""

    def __init__(self, shapes: NDArray[np.object_], holes: NDArray[np.uint8], closed: NDArray[np.bool_]) -> None:
        self.shapes, self.holes, self.closed = shapes, holes, closed


def _parts(geometries: NDArray[np.object_], kinds: NDArray[np.uint8]) -> tuple[_Parts, Integers]:
    """Split geometries into parts, with the index of the geometry that each belongs to."""
    if len(geometries) and shapely.get_type_id(geometries).max() <= LAST_SIMPLE_TYPE:
        nothing = np.zeros(len(geometries), dtype=np.uint8)
        return _Parts(geometries, nothing, nothing.astype(bool)), np.arange(len(geometries))
    single, owner = shapely.get_parts(geometries, return_index=True)
    polygon = kinds[owner] == POLYGON
    if not polygon.any():
        nothing = np.zeros(len(single), dtype=np.uint8)
        return _Parts(single, nothing, nothing.astype(bool)), owner
    rings, ring_of = shapely.get_rings(single[polygon], return_index=True)
    ring_owner = owner[polygon][ring_of]
    hole = (np.diff(ring_of, prepend=-1) == 0).astype(np.uint8)
    other, other_owner = single[~polygon], owner[~polygon]
    order = np.argsort(np.concatenate([ring_owner, other_owner]), kind="stable")
    shapes = np.concatenate([rings, other])[order]
    holes = np.concatenate([hole, np.zeros(len(other), dtype=np.uint8)])[order]
    closed = np.concatenate([np.ones(len(rings), dtype=bool), np.zeros(len(other), dtype=bool)])[order]
    return _Parts(shapes, holes, closed), np.concatenate([ring_owner, other_owner])[order]


def _without_closing_vertex(
    coordinates: NDArray[np.float64], owner: NDArray[np.int64], closed: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    last = np.diff(owner, append=-1) != 0
    keep = ~(last & closed[owner])
    return coordinates[keep], owner[keep]
