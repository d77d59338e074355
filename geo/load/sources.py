"""The list of sources: what rows may cite."""

from __future__ import annotations

import numpy as np

from geo.check.citations import Citation, citations_in
from geo.check.headers import check_shown
from geo.check.values import Checker
from geo.config.settings import SOURCES_NAME
from geo.load.folder import Folder
from geo.model import SOURCE_COLUMNS, Source


def read_sources(folder: Folder) -> dict[str, Source] | None:
    """Give the sources by id, None where the atlas has no list of them."""
    config = folder.config
    name = config.atlas.sources
    if name is None and not (config.folder / SOURCES_NAME).exists() and not config.atlas.require_sources:
        return None
    table = folder.table(name or SOURCES_NAME, *(["sources"] if name else []))
    if table is None:
        return None
    checker = Checker(table)
    columns = {column: checker.text(cells) for column, cells in table.columns.items()}
    if checker.has_columns(columns, ("id", "citation"), "add it: id,citation,url,licence"):
        check_shown(checker, columns, SOURCE_COLUMNS)
    if "url" in columns:
        checker.urls("url", columns["url"])
    if "accessed" in columns:
        checker.dates("accessed", columns["accessed"])
    sources: dict[str, Source] = {}
    blank = np.full(len(table), None, dtype=object)
    parts = [columns.get(column, blank) for column in SOURCE_COLUMNS]
    for row, (source_id, citation, url, licence, accessed) in enumerate(zip(*parts, strict=True)):
        if source_id in sources:
            place = f"line {sources[source_id].line}"
            checker.report(
                "SOURCE_DUPLICATE", row, "id", f"{place} has the id {source_id!r} too", "give each its own id"
            )
        elif source_id is None or citation is None:
            what = "id" if source_id is None else "citation"
            if what in columns:
                checker.report("SOURCE_BLANK", row, what, f"the {what} is blank", "write it, or take the row out")
        elif citations_in(source_id) != (Citation(source_id, ""),):
            message = f"no cell can cite {source_id!r}: ; and # part a citation, spaces around it do not count"
            checker.report("SOURCE_SYNTAX", row, "id", message, "write the id without them")
        if source_id is not None:
            sources.setdefault(
                source_id, Source(source_id, citation or "", url, licence, accessed, int(table.lines[row]))
            )
    folder.problems += checker.problems
    return sources
