"""GeoJSON that was taken from a map: what it says beside its features, as geo/page/share/exporting.js writes it.

In the new atlas its sources keep their ids, its records have a table, its columns the titles and units that they had.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

CITATIONS, RECORDS = "citations", "records"
_MARKS = (b'"layers"', b'"sources"')


@dataclass(frozen=True)
class Download:
    """`sources`: the rows of sources.csv by id; `titles` and `units` of columns. All empty of any other file."""

    sources: dict[str, dict[str, str]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)

    @property
    def own_columns(self) -> frozenset[str]:
        """The columns that the map added, which say what sources and records say."""
        return frozenset([CITATIONS, RECORDS] if self.sources else [])


def read_download(content: bytes) -> Download:
    """Give what a file says that is known to be GeoJSON."""
    if not all(mark in content for mark in _MARKS):
        return Download()
    told = json.loads(content)
    layers, sources = (told.get(name) if isinstance(told, dict) else None for name in ("layers", "sources"))
    if not isinstance(layers, dict) or not isinstance(sources, dict):
        return Download()
    cited = {name: _texts(about) for name, about in sources.items()}
    titles: dict[str, str] = {}
    units: dict[str, str] = {}
    for layer in filter(lambda layer: isinstance(layer, dict), layers.values()):
        columns = layer.get("columns")
        for name, words in columns.items() if isinstance(columns, dict) else ():
            about = _texts(words)
            # A column of several layers is one here, and called as in the first.
            if about.get("title") and name not in titles:
                titles[name] = about["title"]
                units |= {name: about["unit"]} if about.get("unit") else {}
    return Download({name: about for name, about in cited.items() if about.get("citation")}, titles, units)


def record_rows(cells: list[str], keys: list[str]) -> dict[str, list[str]]:
    """Give the table of the records in such cells, of the features with these keys; empty where there are none."""
    rows = []
    for key, cell in zip(keys, cells, strict=True):
        for record in json.loads(cell) if cell.startswith("[") else ():
            rows.append({"feature": key} | {name: _text(value) for name, value in record.items() if name != "citation"})
    return {name: [row.get(name, "") for row in rows] for name in dict.fromkeys(name for row in rows for name in row)}


def _texts(about: Any) -> dict[str, str]:
    """The texts among an object's members."""
    pairs = about.items() if isinstance(about, dict) else ()
    return {name: value for name, value in pairs if isinstance(value, str)}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
