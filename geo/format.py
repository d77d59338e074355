"""How pages and basemaps hold data (docs/format.md): JSON that is safe inside html, arrays in a blob."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

ARRAY_TYPES = {"u8": "<u1", "i8": "<i1", "u16": "<u2", "u32": "<u4", "i32": "<i4", "f64": "<f8"}

Array = list[Any]
"""Where an array lies in the blob: [offset, items, type, flags]; JSON of the head."""


def json_text(value: Any) -> str:
    """Give JSON that is safe inside a script element: no "<", no line separators of JavaScript."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def read_array(blob: bytes, array: Array) -> NDArray[Any]:
    """Give the items of an array of the blob: what `geo.pack.columns.Packer` packed."""
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
