"""Source cells: `lewis2015#4.1.2;radnitz2016` to pairs of source and locator."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple


class Citation(NamedTuple):
    """A source's id and where in it the fact stands ("" = the source as a whole)."""

    source: str
    locator: str


@lru_cache(maxsize=65_536)
def parse_source(cell: str) -> tuple[Citation, ...]:
    """Give the citations of a source cell, in its order.

    Raises
    ------
    ValueError
        where a part has no id: two semicolons in a row, a locator alone.
    """
    citations = []
    for part in cell.split(";"):
        source, _, locator = (text.strip() for text in part.partition("#"))
        if not source:
            what = f"'#{locator}' is a locator without a source" if locator else f"a source is blank in {cell!r}"
            raise ValueError(what)
        citations.append(Citation(source, locator))
    return tuple(citations)
