"""Source cells: `lewis2015#4.1.2;radnitz2016` to pairs of source and locator, and whether the atlas has the sources."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from geo.check.near import Nearest
from geo.check.values import Checker, Values, rows_of, where
from geo.config.columns import is_source_column
from geo.model import Source


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


def citations_in(cell: str) -> tuple[Citation, ...]:
    """Give the citations of a cell, none where it is no source cell."""
    try:
        return parse_source(cell)
    except ValueError:
        return ()


def check_sources(
    rows: Checker,
    columns: Mapping[str, Values],
    sources: Mapping[str, Source] | None,
    *,
    required: bool,
    keys: Values,
) -> None:
    """Report citations of unknown sources and, where the atlas requires one, rows without a source.

    Parameters
    ----------
    sources : None where the atlas has no list of sources
    keys : what the rows are about, for the message
    """
    if required and "source" not in columns:
        hint = "add it: this atlas requires sources"
        rows.report("SOURCE_MISSING", None, None, 'there is no column "source"', hint)
    nearest = Nearest(sources or ())
    for name, texts in columns.items():
        if not is_source_column(name):
            continue
        codes, uniques = pd.factorize(texts)
        if name == "source" and required:
            for row in where(codes == -1):
                message = f"{keys[row]!r} has no source"
                rows.report("SOURCE_MISSING", row, name, message, "name one of sources.csv")
        if sources is None:
            if len(uniques):
                message = "there is no sources.csv to look the sources up in"
                hint = "write one with the columns id,citation,url,licence"
                rows.report("SOURCE_UNKNOWN", None, name, message, hint, severity="warning")
            continue
        flaws = {}
        for number, text in enumerate(uniques):
            if found := list(_citation_flaws(text, sources, nearest, _otherwise(name, columns))):
                flaws[number] = found
        for found, positions in zip(flaws.values(), rows_of(codes, list(flaws)), strict=True):
            for code, message, hint in found:
                for row in positions:
                    rows.report(code, row, name, f"{message} (of {keys[row]!r})", hint)


def _otherwise(name: str, columns: Collection[str]) -> str:
    """Say what to do about a source that is not known: a column like power_source may hold none."""
    cited = name.removesuffix("_source")
    is_doubtful = cited not in (*columns, "geometry", "source")
    return "add it to sources.csv" + (f', or rename the column: there is no column "{cited}"' if is_doubtful else "")


def _citation_flaws(
    cell: str, sources: Mapping[str, Source], nearest: Nearest, otherwise: str
) -> Iterator[tuple[str, str, str]]:
    try:
        citations = parse_source(cell)
    except ValueError as err:
        yield "SOURCE_SYNTAX", str(err), "write id, id#locator, or several joined by ;"
        return
    for citation in citations:
        if citation.source not in sources:
            hint = nearest.hint(citation.source, otherwise, place=lambda name: f"sources.csv line {sources[name].line}")
            yield "SOURCE_UNKNOWN", f"there is no source {citation.source!r}", hint
