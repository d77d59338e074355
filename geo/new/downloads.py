"""A file that was taken from a map, as geo/page/share/exporting.js writes it, to the layers that it was taken from.

GeoJSON says beside its features what they rest on, and what layers, columns and values are called: in the new atlas
sources keep their ids, records have a table, columns their types, titles and units. A CSV has the citations alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from geo.config.columns import is_source_column
from geo.new.given import Columns, Given, GivenFile, Words

_LAYER, _KEY, _CITATIONS, _RECORDS = "layer", "key", "citations", "records"
_OF_CSV = (_LAYER, _KEY, _CITATIONS)
_MARKS = (b'"layers"', b'"sources"')
_GUARD = re.compile(r"(^|[;\t\r\n])'(?=[=+\-@\t\r\n\uff0b\uff0d\uff1d\uff20])")
_WITH_URL = re.compile(r"(.+?)\.? (https?://\S+)( \(.*\))?", re.DOTALL)


def split_geojson(given: Given, content: bytes) -> GivenFile:
    """Give the layers of a file that is known to be GeoJSON, with what it says of them; of any other map's, the one."""
    told = json.loads(content) if all(mark in content for mark in _MARKS) else None
    layers, sources = (told.get(name) if isinstance(told, dict) else None for name in ("layers", "sources"))
    own = _own_column(given.columns, _LAYER)
    if not isinstance(layers, dict) or not isinstance(sources, dict) or own is None:
        return GivenFile((given,))
    cited = {name: about for name, one in sources.items() if (about := _texts(one)).get("citation")}
    parts = [replace(part, words=_words(layers.get(part.name))) for part in _parts(given, own)]
    about = _texts(told)
    return GivenFile((*parts,), cited, about.get("name", ""), about.get("licence", ""))


def is_csv_of_map(columns: Columns) -> bool:
    """Tell a table that was taken from a map, by the columns that it has beside coordinates."""
    return all(_own_column(columns, name) for name in _OF_CSV)


def split_csv(given: Given) -> GivenFile:
    """Give the layers of a table that `is_csv_of_map`; of which text each reference stands for, its rows tell."""
    columns = {name: [_GUARD.sub(r"\1", cell) for cell in cells] for name, cells in given.columns.items()}
    citing = [cells for name, cells in columns.items() if is_source_column(name)]
    texts = columns[_own_column(columns, _CITATIONS) or ""]
    known = _cited((_references(";".join(row)), text.split(" | ")) for *row, text in zip(*citing, texts, strict=True))
    ids = {reference: re.sub(r"[^\w-]+", "_", reference) for reference in known}
    columns |= {
        name: [";".join(ids.get(one, one) for one in _references(cell)) for cell in cells]
        for name, cells in columns.items()
        if is_source_column(name)
    }
    parts = (*_parts(replace(given, columns=columns), _own_column(columns, _LAYER) or "", are_records_told=True),)
    nowhere = [part.name for part in parts if all(shape is None for shape in part.shapes)]
    notes = [f"the CSV of a map has no lines and areas, its GeoJSON has: {', '.join(nowhere)}"] if nowhere else []
    return GivenFile(parts, {ids[one]: _source(text) for one, text in known.items()}, notes=(*notes,))


def _own_column(columns: Columns, name: str) -> str | None:
    """The column that the map added; beside one of the data of the same name it has another."""
    return next((own for own in (f"map_{name}", name) if own in columns), None)


def _parts(given: Given, layer: str, *, are_records_told: bool = False) -> Iterable[Given]:
    """Give each layer with its rows and those columns that it has."""
    rows: dict[str, list[int]] = {}
    for row, name in enumerate(given.columns[layer]):
        rows.setdefault(name, []).append(row)
    stated = None if are_records_told else _own_column(given.columns, _RECORDS)
    stated = stated if stated and all(_records_in(cell) is not None for cell in given.columns[stated]) else None
    own = {layer, stated, _own_column(given.columns, _CITATIONS)}
    for name, at in rows.items():
        columns = {column: [cells[row] for row in at] for column, cells in given.columns.items()}
        yield replace(
            given,
            name=name,
            is_plain=given.separator != ";",  # which a spreadsheet that writes decimal commas makes of it
            shapes=given.shapes[at],
            columns={column: cells for column, cells in columns.items() if column not in own and any(cells)},
            own_ids=tuple(given.own_ids[row] for row in at) if given.own_ids else (),
            records=tuple(columns[stated]) if stated else (),
        )


def _words(told: Any) -> Words:
    columns = told.get("columns") if isinstance(told, dict) else None
    about = {name: one for name, one in columns.items() if isinstance(one, dict)} if isinstance(columns, dict) else {}
    title, units, types = (
        {name: text for name, one in about.items() if (text := _texts(one).get(kind))}
        for kind in ("title", "unit", "type")
    )
    values = {name: texts for name, one in about.items() if (texts := _texts(one.get("values")))}
    return Words(_texts(told).get("title", ""), title, units, types, values)


def record_rows(cells: Iterable[str], keys: list[str]) -> Columns:
    """Give the table of the records in such cells, of the features with these keys; empty where there are none."""
    rows = []
    for key, cell in zip(keys, cells, strict=True):
        for record in _records_in(cell) or ():
            rows.append({"feature": key} | {name: _text(value) for name, value in record.items() if name != "citation"})
    return {name: [row.get(name, "") for row in rows] for name in dict.fromkeys(name for row in rows for name in row)}


def _records_in(cell: str) -> list[dict[str, Any]] | None:
    """Give the records in a cell, None where it has something else, as somebody may have edited it."""
    try:
        records = json.loads(cell or "[]")
    except (ValueError, RecursionError):
        return None
    is_list = isinstance(records, list) and all(isinstance(record, dict) for record in records)
    return records if is_list else None


def _references(cell: str) -> list[str]:
    return [one for part in cell.split(";") if (one := part.strip())]


def _cited(rows: Iterable[tuple[list[str], list[str]]]) -> dict[str, str]:
    """Tell which text a reference stands for, of rows that have some of both: that which all its rows have."""
    could: dict[str, set[str]] = {}
    for references, texts in rows:
        if len({*references}) == len({*texts}):
            for one in references:
                could[one] = could.get(one, {*texts}) & {*texts}
    known: dict[str, str] = {}
    taken: set[str] = set()
    while sure := {
        one: text
        for one, texts in could.items()
        if one not in known and len(texts - taken) == 1
        for text in texts - taken
    }:
        known |= sure
        taken |= {*sure.values()}
    return known


def _source(text: str) -> dict[str, str]:
    found = _WITH_URL.fullmatch(text)
    return {"citation": found[1] + (found[3] or ""), "url": found[2]} if found else {"citation": text}


def _texts(about: Any) -> dict[str, str]:
    """The texts among an object's members."""
    pairs = about.items() if isinstance(about, Mapping) else ()
    return {name: value for name, value in pairs if isinstance(value, str)}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
