"""JSON text parsed member by member: every duplicate, every number that JSON does not have, every place.

Input: the text of a GeoJSON file. Output: its value, where each feature begins, and problems in a `Collector`. Slow,
and only gone through where something is wrong or unusual.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from typing import Any, NoReturn

import numpy as np

from geo.errors import DataError
from geo.problems import Problem
from geo.read.features import Collector

# Half of a character that takes two \u escapes: no text encoding can hold it.
_HALF_CHARACTER = re.compile(
    r"(?<!\\)(?:\\\\)*(\\u[dD][89abAB]..(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB]..)\\u[dD][c-fC-F]..)"
)


class Parser:
    """Parses a JSON text and keeps where each element of a top-level "features" list begins.

    What JSON does not have is reported and read as NaN, so that one run finds all of it; a syntax error ends it.
    """

    def __init__(self, text: str, collector: Collector) -> None:
        self.text = text
        self.collector = collector
        self.begin = 0
        self.features: list[tuple[Any, int]] = []
        self.found: list[
            tuple[str, str, str, str]
        ] = []  # of the value being decoded: code, message, hint, where to look
        self.decoder = json.JSONDecoder(
            object_pairs_hook=self._object,
            parse_constant=self._constant,
            parse_float=self._float,
            parse_int=self._integer,
        )

    def parse(self) -> Any:
        """Give the top-level value; raises DataError where the text is not JSON."""
        text = self.text
        try:
            if half := _HALF_CHARACTER.search(text):
                raise json.JSONDecodeError("half", text, half.start(1))
            self.begin = position = self._skip(0)
            if text[position : position + 1] == "<":
                self._refuse(position, "the file holds XML, not GeoJSON", "convert it to GeoJSON")
            if text[position : position + 1] == "{":
                value, position = self._top_object(position)
            else:
                value, position = self._value(position)
            position = self._skip(position)
            if text[position : position + 1] == "{":
                message = "another JSON object follows the first, as in a file of one feature a line"
                hint = 'call such a file .geojsonl, or write {"type": "FeatureCollection", "features": [all of them]}'
                self._refuse(position, message, hint)
            if position < len(text):
                self._refuse(position, "text follows after the end of the JSON value", "take it out")
        except json.JSONDecodeError as err:
            self._refuse(*_syntax_error(text, err.pos))
        except RecursionError:
            self._refuse(0, "the lists are nested too deep", "write GeoJSON as RFC 7946 has it")
        return value

    def _top_object(self, position: int) -> tuple[dict[str, Any], int]:
        pairs: list[tuple[str, Any]] = []
        position = self._skip(position + 1)
        while self.text[position : position + 1] != "}":
            if pairs:
                position = self._expect(position, ",")
            if self.text[position : position + 1] != '"':
                raise json.JSONDecodeError("key", self.text, position)
            key, position = self.decoder.raw_decode(self.text, position)
            position = self._expect(self._skip(position), ":")
            if key == "features" and self.text[position : position + 1] == "[":
                value, position = self._list(position)
            else:
                value, position = self._value(position)
            pairs.append((key, value))
            position = self._skip(position)
        members = self._object(pairs)
        self._report_found(self.begin, len(self.text), "")
        return members, position + 1

    def _list(self, position: int) -> tuple[list[Any], int]:
        self.features = []
        position = self._skip(position + 1)
        while self.text[position : position + 1] != "]":
            if self.features:
                position = self._expect(position, ",")
            start = position
            value, position = self._value(position, number=len(self.features))
            self.features.append((value, start))
            position = self._skip(position)
        return [value for value, _ in self.features], position + 1

    def _value(self, position: int, *, number: int | None = None) -> tuple[Any, int]:
        try:
            value, end = self.decoder.raw_decode(self.text, position)
        except StopIteration as err:
            raise json.JSONDecodeError("value", self.text, err.value) from None
        if self.found:
            is_feature = number is not None and isinstance(value, dict)
            self._report_found(
                position, end, self.collector.subject((number or 0) + 1, value.get("properties")) if is_feature else ""
            )
        return value, end

    def _report_found(self, start: int, end: int, subject: str) -> None:
        """Report what the hooks found between two places, each at the last place where its text stands there."""
        for code, message, hint, sought in dict.fromkeys(self.found):  # a track has thousands of NaN
            places = [match.start() for match in re.finditer(sought, self.text[start:end])]
            place = start + (places[-1] if places else 0)
            line = int(self.collector.line_at(np.array([place]))[0])
            self.collector.report(code, line, subject, message, hint)
        self.found.clear()

    def _skip(self, position: int) -> int:
        match = _SPACE.match(self.text, position)
        assert match is not None
        return match.end()

    def _expect(self, position: int, mark: str) -> int:
        if self.text[position : position + 1] != mark:
            raise json.JSONDecodeError(mark, self.text, position)
        return self._skip(position + 1)

    def _refuse(self, position: int, message: str, hint: str) -> NoReturn:
        before = self.text[:position]
        line, column = before.count("\n") + 1, position - before.rfind("\n")
        problem = Problem(
            code="JSON_SYNTAX", path=self.collector.path, line=line, column=column, message=message, hint=hint
        )
        raise DataError([*self.collector.problems, problem])

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) < len(pairs):
            counts = Counter(name for name, _ in pairs)
            for name in (name for name, count in counts.items() if count > 1):
                message = f'the member "{name}" is there {"twice" if counts[name] == 2 else f"{counts[name]} times"}'
                sought = re.escape(json.dumps(name, ensure_ascii=False)) + r"\s*:"
                self.found.append(("JSON_DUPLICATE_KEY", message, "keep one of them", sought))
        return members

    def _constant(self, name: str) -> float:
        self.found.append(("JSON_NUMBER", f"{name} is not a number that JSON has", _NO_NUMBER, re.escape(name)))
        return math.nan

    def _float(self, digits: str) -> float:
        value = float(digits)
        if math.isinf(value):
            self.found.append(("JSON_NUMBER", f"{digits} is too large for a number", _NO_NUMBER, re.escape(digits)))
            return math.nan
        return value

    def _integer(self, digits: str) -> int | float:
        if len(digits) > 300:
            self.found.append(("JSON_NUMBER", f"{digits[:20]}... is too large for a number", _NO_NUMBER, digits))
            return math.nan
        return int(digits)


_SPACE = re.compile(r"[ \t\n\r]*")
_NO_NUMBER = "write the number, or null where it is not known"


def _syntax_error(text: str, position: int) -> tuple[int, str, str]:
    """Give place, message and hint; in words of our own, as the library's differ from one Python to the next."""
    before = text[:position].rstrip()
    found = text[position : position + 1]
    after = text[position + 1 :].lstrip()[:1]
    if found == "," and after in ("]", "}"):
        return position, f"a comma stands before {after}", "take the comma out"
    if found in ("]", "}") and before.endswith(","):
        return len(before) - 1, f"a comma stands before {found}", "take the comma out"
    if not found:
        return position, "the text ends before the JSON does", "look whether the file was cut off"
    if found == "'":
        return position, "a text begins with '", 'write "'
    if found == "#" or text.startswith(("//", "/*"), position):
        return position, "a comment stands here; JSON has none", "take it out"
    if found < " ":
        return position, "a line break or tab stands inside a text", "write \\n or \\t, or close the quotation mark"
    if _HALF_CHARACTER.match(text, position):
        return position, f"{text[position : position + 6]} is half a character", "write the whole character"
    if found == "\\":
        return position, f"{text[position : position + 2]} means nothing in a JSON text", "write \\\\ for a backslash"
    if before[-1:] in ('"', "}", "]") or before[-1:].isdigit():
        return (
            position,
            f"{found!r} stands where a comma or a closing bracket is expected",
            "add what is missing before it",
        )
    return (
        position,
        f"{found!r} stands where a JSON value is expected",
        "look at the brackets and quotation marks before it",
    )
