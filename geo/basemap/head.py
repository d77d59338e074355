"""What a basemap must have for pages to draw it: what `layers/basemap/make_basemap.py` explains and writes.

Input: basemap.json and the blob, as read. Nothing is changed: what is checked here goes into pages as it is.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from geo.basemap.files import BLOB_NAME
from geo.format import read_array

_Range = Annotated[list[int], Field(min_length=2, max_length=2)]
_Box = Annotated[list[float], Field(min_length=4, max_length=4)]
_Array = Annotated[list[int | str], Field(min_length=3, max_length=4)]
_Texts = dict[str, str]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, allow_inf_nan=False)


class _Level(_Part):
    window: _Box | None = None
    land: _Range
    lakes: _Range
    rivers: _Range
    borders: _Range
    disputed_borders: _Range
    regions: _Range | None = None


class _Crimea(_Part):
    area: _Range
    isthmus: _Range


class _Shapes(_Part):
    n: int
    kind: _Array
    parts: _Array
    vertices: _Array
    x: _Array
    y: _Array


class _Labels(_Part):
    n: int
    languages: list[str]
    columns: dict[str, dict[str, Any]]


class _Picture(_Part):
    image: str
    bounds: _Box


class _Shade(_Picture):
    feather: _Box


class _Relief(_Part):
    flat: float
    top_m: float
    elevation: _Picture
    areas: list[_Shade]


class _Thumbnail(_Picture):
    close: _Picture | None = None


class _Note(_Part):
    title: _Texts
    text: _Texts
    sources: list[str] = []


class _Credit(_Part):
    title: _Texts
    short: str | None = None
    licence: str | None = None
    url: str | None = None
    note: _Texts | None = None


class _Blob(_Part):
    bytes: int
    gzip: Literal[True]
    sha256: str


class _Head(_Part):
    levels: Annotated[list[_Level], Field(min_length=1)]
    crimea: _Crimea
    shapes: _Shapes
    labels: _Labels
    relief: _Relief
    thumbnail: _Thumbnail | None = None
    notes: list[_Note] = []
    credits: list[_Credit] = []
    blob: _Blob


def check_head(head: Any, blob: bytes) -> None:
    """Look at a basemap's head, and whether the blob is the one that it tells of.

    Raises
    ------
    ValueError
        With the first flaw.
    """
    try:
        known = _Head.model_validate(head)
    except ValidationError as err:
        first = err.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        flaw = (
            f"it has no {place}" if first["type"] == "missing" else f"its {place} is not as make_basemap.py writes it"
        )
        raise ValueError(flaw) from err
    is_world = [level.window is None for level in known.levels]
    if not is_world[0] or any(is_world[1:]):
        raise ValueError("of its levels the first, and no other, is the world: without a window")
    _check_blob(known, blob)


def _check_blob(head: _Head, blob: bytes) -> None:
    try:
        raw = gzip.decompress(blob)
    except (OSError, EOFError, zlib.error) as err:
        raise ValueError(f"{BLOB_NAME} cannot be unpacked") from err
    if hashlib.sha256(raw).hexdigest() != head.blob.sha256:
        raise ValueError(f"{BLOB_NAME} is not the one that it tells of")
    pool = head.shapes
    try:
        kind, parts, vertices, x, y = (
            read_array(raw, array) for array in (pool.kind, pool.parts, pool.vertices, pool.x, pool.y)
        )
    except (ValueError, KeyError, TypeError) as err:
        raise ValueError(f"its shapes do not lie in {BLOB_NAME}") from err
    counts = [len(kind), len(parts), parts.sum(), vertices.sum(), len(x)]
    if counts != [pool.n, pool.n, len(vertices), len(x), len(y)]:
        raise ValueError(f"its shapes are not those in {BLOB_NAME}")
    levels = [level.model_dump(exclude={"window"}, exclude_none=True) for level in head.levels]
    for first, last in (drawn for part in (head.crimea.model_dump(), *levels) for drawn in part.values()):
        if not 0 <= first <= last <= pool.n:
            raise ValueError(f"it draws the shapes {first} to {last} of {pool.n}")
