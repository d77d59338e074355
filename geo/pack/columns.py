"""Pack tables and geometries into the arrays of a page: docs/format.md is the format, page/data/columns.js the reader.

Everything here is numpy over whole columns: no Python loop per feature or vertex.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import string
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.coordinates.mercator import Integers
from geo.format import ARRAY_TYPES, Array
from geo.pack.generalise import minimum_zooms
from geo.pack.vertices import POINT, POLYGON, split_geometries

FORMAT_VERSION = 1
PLANES_FROM_ITEMS = 4096
GZIP_FROM_BYTES = 64 * 1024
GZIP_FAST_FROM_BYTES = 1024 * 1024
"""From here on blobs are of level 4: they are mostly numbers, of which level 6 takes twice as long for 1 % less. Few
repeat: told so (Z_FILTERED), zlib makes 1 to 2 % less of them in the same time."""
GZIP_BLOCKS = 5
"""zlib's memLevel for the others: blocks of 2,048 symbols, a code for each, suit texts in several alphabets."""
GZIP_HEADER = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
"""No name, no time, no system: Python 3.11 names the system that it runs on, 3.13 does not."""
MAX_DECIMALS = 6
MAX_PATTERN_DIGITS = 9

Column = dict[str, Any]
"""A column, text block or geometry pool made of arrays: JSON of the head."""
Order = NDArray[np.integer[Any]]
Pattern = tuple[str, int, NDArray[np.int64]]
"""Texts that are one text followed by a number: that text, the least width of the numbers, the numbers."""


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
        """Pack whole numbers from -128 to 127."""
        return self._array(np.asarray(values, dtype="<i1"), "i8")

    def floats(self, values: Any) -> Array:
        """Pack numbers of any kind, eight bytes each."""
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
        cells = np.asarray(values, dtype=object)
        if _hardly_repeat(cells) and (pattern := _pattern(cells)):
            # Numbered names need no search for the distinct ones, which would cost three times as much.
            return self._numbered(pattern, np.arange(len(cells)) if order is None else order)
        codes, found = pd.factorize(cells, use_na_sentinel=True)
        distinct = list(found) if pd.api.types.infer_dtype(found) == "string" else list(map(cell_text, found))
        codes = codes if order is None else codes[order]
        is_repeating = len(distinct) * 2 <= len(codes)
        if not is_repeating and (pattern := _pattern(distinct)):
            return self._numbered(pattern, codes)
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
        split = split_geometries(geometries)
        kinds, pool = split.kinds, Column(n=len(geometries))
        same = len(kinds) > 0 and (kinds == kinds[0]).all()
        pool["kind"] = int(kinds[0]) if same else self.integers(kinds)
        if (split.parts != 1).any():
            pool["parts"] = self.integers(split.parts)
        if (split.vertices != 1).any():
            pool["vertices"] = self.integers(split.vertices)
            is_ring = np.repeat(kinds, split.parts) == POLYGON
            pool["zooms"] = self.integers(minimum_zooms(split.x, split.y, split.vertices, is_ring))
        if split.holes.any():
            pool["holes"] = self.integers(split.holes)
        return pool | self._coordinates(split.x, split.y)

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

    def _numbered(self, pattern: Pattern, codes: Order) -> Column:
        """Texts as their numbers: of each the place of its own in the pattern, -1 = no value."""
        prefix, width, numbers = pattern
        known = codes >= 0
        coded = self._coded(np.where(known, numbers[codes], 0), known, int(numbers.min()))
        return {"type": "pattern", "prefix": prefix, "width": width} | coded

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


def cell_text(value: Any) -> str:
    """Give a cell as the page has it."""
    if isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)


def _hardly_repeat(cells: NDArray[np.object_]) -> bool:
    """Tell whether all are texts, of the first thousand more than half different."""
    first = cells[:1000].tolist()
    return set(map(type, first)) == {str} and len(set(first)) * 2 > len(first) and set(map(type, cells)) == {str}


def _pattern(strings: Sequence[str] | NDArray[np.object_]) -> Pattern | None:
    """Give the pattern of the strings, None where they have none.

    A number may have leading zeros up to the least width: "s01" to "s99" and "s100", not "s1" beside "s01".
    """
    if not len(strings) or not (_ends_in_digit(strings[0]) and _ends_in_digit(strings[-1])):
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


def encode_blob(blob: bytes) -> tuple[str, dict[str, Any]]:
    """Give the blob as text for the page, and the head's member about it.

    Small blobs stay raw: gzip's bytes differ between zlib builds, and most pages should be the same bytes everywhere.
    """
    compress = len(blob) > GZIP_FROM_BYTES
    data = GZIP_HEADER + _gzip(blob)[len(GZIP_HEADER) :] if compress else blob
    about = {"bytes": len(blob), "gzip": compress, "sha256": hashlib.sha256(blob).hexdigest()}
    return base64.b64encode(data).decode("ascii"), about


def _gzip(blob: bytes) -> bytes:
    small, large = (8, GZIP_BLOCKS, zlib.Z_DEFAULT_STRATEGY), (4, zlib.DEF_MEM_LEVEL, zlib.Z_FILTERED)
    level, blocks, strategy = small if len(blob) < GZIP_FAST_FROM_BYTES else large
    gzip = zlib.compressobj(level, zlib.DEFLATED, 16 + zlib.MAX_WBITS, blocks, strategy)
    return gzip.compress(blob) + gzip.flush()
