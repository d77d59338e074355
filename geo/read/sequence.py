"""GeoJSON of a feature a line (newline-delimited), or of features after record separators (RFC 8142), to `Features`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from geo.errors import DataError
from geo.read.features import Collector, Features
from geo.read.files import FileBytes, as_utf8
from geo.read.geojson import read_geojson
from geo.read.jsontext import Parser

_RECORD_SEPARATOR, _LINE_FEED = b"\x1e", b"\n"  # the first stands in no JSON
_ENDS = {_RECORD_SEPARATOR: (b" ", b","), _LINE_FEED: (b"\n", b",\n")}  # instead of them, the latter between features


def read_sequence(file: FileBytes, *, keys: Sequence[str], tell: Callable[[int, int], None]) -> Features:
    """Give the features of a sequence; parameters and errors as `read_geojson`.

    They are read as one collection in which each feature keeps its line.
    """
    data = as_utf8(file)
    separator = _RECORD_SEPARATOR if _RECORD_SEPARATOR in data else _LINE_FEED
    records = data.rstrip(b" \t\r\n\x1e").split(separator)
    last = len(records) - 1
    end, comma = _ENDS[separator]
    parts = (record + (comma if at < last and record.strip() else end) for at, record in enumerate(records))
    collection = b'{"type": "FeatureCollection", "features": [' + b"".join(parts) + b"]}"
    try:
        return read_geojson(replace(file, data=collection), keys=keys, tell=tell)
    except DataError as err:
        if any(problem.code == "JSON_SYNTAX" for problem in err.problems):
            _check_records(file.name, records, separator)
        raise


def _check_records(path: str, records: Sequence[bytes], separator: bytes) -> None:
    """Raise at the first record that is no JSON, as its place in the collection may be that of the next."""
    lines = 0
    for record in records:
        text = record.decode()
        try:
            if text.strip():
                Parser(text, Collector.of_text(path, text)).parse()
        except DataError as err:
            more = "; each feature stands on one line" if separator == _LINE_FEED else ""
            raise DataError(
                replace(problem, line=problem.line + lines, hint=problem.hint + more) for problem in err.problems
            ) from None
        lines += text.count("\n") + (separator == _LINE_FEED)
