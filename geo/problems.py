"""What is wrong in an atlas folder: `Problem`, and every code it can bear with its meaning.

`CODES` is the one list. The command prints the code at the end of each problem, and a test shows that each code fires
(tests/atlases/<case>/expected.txt).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

CODES: dict[str, str] = {
    # atlas.toml
    "CONFIG_MISSING": "a folder without atlas.toml",
    "CONFIG_TOML": "atlas.toml is not TOML",
    "CONFIG_UNKNOWN_KEY": "a key that means nothing there",
    "CONFIG_MISSING_KEY": "a key that must be there",
    "CONFIG_VALUE": "a value of the wrong type or out of range",
    "CONFIG_REFERENCE": "a name that is defined nowhere",
    # files
    "FILE_MISSING": "a file that atlas.toml names is not there",
    "FILE_OUTSIDE": "a path leads out of the atlas folder",
    "FILE_KIND": "a file of a kind that cannot be read",
    "FILE_ENCODING": "text that is not UTF-8, or in an unknown encoding",
    "FILE_PACKAGE": "an optional package is needed",
    "FILE_EMPTY": "a file without content",
    # JSON and GeoJSON
    "JSON_SYNTAX": "the file is not JSON",
    "JSON_DUPLICATE_KEY": "an object has the same member twice",
    "JSON_NUMBER": "a number that JSON does not have",
    "GEOJSON_TYPE": "an object is not the GeoJSON type expected here",
    "GEOJSON_MEMBER": "a GeoJSON object lacks a member or has a wrong one",
    "GEOJSON_CRS": "a crs member that is not WGS 84",
    "GEOMETRY_TYPE": "a geometry type that GeoJSON does not have",
    "GEOMETRY_NESTING": "coordinates nested too deep or not deep enough",
    "GEOMETRY_NULL": "a feature without geometry in a layer that needs one",
    "GEOMETRY_EMPTY": "a geometry without coordinates",
    "GEOMETRY_SHORT": "too few positions for a line or ring",
    "GEOMETRY_RING": "a ring does not end where it began",
    "GEOMETRY_INVALID": "a polygon crosses itself, or encloses nothing",
    "GEOMETRY_ACROSS": "a line or ring crosses 180 degrees uncut",
    "GEOMETRY_HEIGHT": "heights are set aside",
    "COORDINATE_NUMBER": "a coordinate that is not a number",
    "COORDINATE_RANGE": "a coordinate outside the globe",
    "COORDINATE_SWAPPED": "latitude and longitude look swapped",
    "COORDINATE_PROJECTED": "metres of a projection instead of degrees",
    "COORDINATE_ZERO": "a point at 0, 0",
    # keys and the join
    "KEY_MISSING": "a feature without its join key",
    "KEY_BLANK": "a feature or row with a blank join key",
    "KEY_TYPE": "a join key that is neither text nor a whole number",
    "KEY_DUPLICATE": "two features with the same key",
    "ROW_DUPLICATE": "two rows with the same key",
    "JOIN_NO_ROW": "a feature without a row",
    "JOIN_NO_FEATURE": "a row without a feature",
    "JOIN_NOTHING": "no feature goes with any row",
    "JOIN_COLUMN": "a property and a column of one name differ",
    # tables
    "TABLE_HEADER": "a table without a usable header",
    "TABLE_HEADER_DUPLICATE": "two columns with the same name",
    "TABLE_HEADER_BLANK": "a column without a name",
    "TABLE_COLUMN": "a column that atlas.toml names is not there",
    "TABLE_NAME": "a column whose name is all but one with a meaning",
    "TABLE_UNUSED": "a column of records, series or sources that nothing shows",
    "TABLE_FILTER": "a filter with more values than a list holds",
    "TABLE_STYLE": "a number that the style of its layer cannot show",
    "TABLE_RAGGED": "a row with more or fewer cells than the header",
    "TABLE_QUOTE": "a quotation mark that is never closed",
    "TABLE_CONTROL": "a control character in a cell or property",
    "TABLE_CELL": "a cell of a spreadsheet without a value of its own",
    "TABLE_NUMBER": "a number that does not parse",
    "TABLE_INTEGER": "a whole number that is none",
    "TABLE_RANGE": "a number outside min and max",
    "TABLE_DATE": "a date that does not parse",
    "TABLE_PERIOD": "an end before its beginning",
    "TABLE_OVERLAP": "two rows of one key that are valid at once",
    "TABLE_CATEGORY": "a value that is not in the categories",
    "TABLE_BOOLEAN": "a yes/no value that is neither",
    "TABLE_URL": "an address that is not http, https or mailto",
    "FIELD_NO_FEATURE": "a field names a feature or layer that the atlas has not",
    # sources
    "SOURCE_UNKNOWN": "a source that sources.csv does not have",
    "SOURCE_MISSING": "a row without a source where the atlas requires one",
    "SOURCE_SYNTAX": "a source cell that cannot be split",
    "SOURCE_DUPLICATE": "two sources with the same id",
    "SOURCE_BLANK": "a source without id or citation",
    # records, series, flows
    "RECORD_DUPLICATE": "two records with the same id",
    "RECORD_EMPTY": "a record that says nothing",
    "RECORD_NO_FEATURE": "a record of a feature that no layer has",
    "SERIES_TIME": "a year of a series that is none",
    "SERIES_DUPLICATE": "two values for one feature and year",
    "FLOW_NODE": "a flow that starts or ends at an unknown node",
    "FLOW_UNLOCATED": "a flow that starts or ends at a node without geometry",
    "FLOW_LOOP": "a flow that ends where it begins",
    # stories
    "STORY_EMPTY": "a story without steps",
    "STORY_COLUMN": "a column that a story has no use for",
    "STORY_DUPLICATE": "two steps with the same id",
    "STORY_TITLE": "a step without a title",
    "STORY_VIEW": "a view that is neither a box nor a place",
    "STORY_LAYER": "a layer that the map of the story does not have",
    "STORY_TIME": "a step whose time has no beginning or no end",
    "STORY_SELECTION": "a selection that the step cannot show",
}
"""What each code means."""

MOST_ALIKE = 10
"""Problems of one code in one column that are printed: one wrong column may have a million."""
MOST_LETTERS = 80
"""Letters of a quoted value, or of any word far longer, that are printed: what to do is to stay in sight."""
_QUOTED = re.compile(r"""(?<!\w)(['"])((?:\\.|(?!\1)[^\\])*)\1|[^\s'"]{200,}""", re.DOTALL)
_COLUMN = re.compile(r' (column|property) ".*"$', re.DOTALL)

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One finding in the data, with the place to look at and what to do.

    Parameters
    ----------
    code : one of `geo.problems.CODES`
    path : the file, relative to the atlas folder, with forward slashes
    line, column : counted from 1; 0 where the problem is the whole file's or the column is not known
    subject : what in the file, for example ``feature 3 ("kant")`` or ``row 14 column "capacity_mw"``; may be ""
    message : what is wrong, the value quoted, with or without a full stop
    hint : what to do; may be ""
    severity : a warning does not stop a build, unless --strict is given
    """

    code: str
    severity: Severity = "error"
    path: str
    line: int = 0
    column: int = 0
    subject: str = ""
    message: str
    hint: str = ""

    def __str__(self) -> str:
        place = self.path + (f":{self.line}" if self.line else "") + (f":{self.column}" if self.column else "")
        subject = f" {_shortened(self.subject)}" if self.subject else ""
        warning = "warning: " if self.severity == "warning" else ""
        message, hint = _sentence(_shortened(self.message)), _fix(_shortened(self.hint))
        return printable(f"{place}{subject}: {warning}{message}{hint} [{self.code}]")

    def under(self, folder: str) -> Problem:
        """Give the same problem with `folder` before its path, for a message that a terminal can follow."""
        return replace(self, path=f"{folder}/{self.path}") if folder else self


def to_lines(problems: Sequence[Problem]) -> Iterator[str]:
    """Give a line for each problem; of more than some of one code in one column the first, and how many there are."""
    last = {_kind(problem): problem for problem in problems}
    count, told = Counter(map(_kind, problems)), Counter[tuple[str, ...]]()
    for problem in problems:
        kind = _kind(problem)
        told[kind] += 1
        if told[kind] <= MOST_ALIKE:
            yield str(problem)
        elif told[kind] == MOST_ALIKE + 1:
            row = _COLUMN.sub("", last[kind].subject)
            where = " in this column" if row != last[kind].subject else ""
            example = f", the last in {_shortened(row)}" if row else ""
            yield printable(f"{problem.path}: and {count[kind] - MOST_ALIKE:,} more{where}{example}. [{problem.code}]")


def _kind(problem: Problem) -> tuple[str, ...]:
    column = _COLUMN.search(problem.subject)
    return problem.path, problem.code, problem.severity, column[0] if column else ""


def _shortened(text: str) -> str:
    """Give a text with each value that it quotes, and each word that no reader takes in, cut where it is long."""
    return _QUOTED.sub(_cut, text) if len(text) > MOST_LETTERS else text


def _cut(found: re.Match[str]) -> str:
    quote, text = found[1] or "", found[2] if found[1] else found[0]
    return f"{quote}{text[:MOST_LETTERS]}…{quote}" if len(text) > MOST_LETTERS else found[0]


def printable(text: str) -> str:
    """Give a line with what a terminal would obey, or not show, written out: files come from anywhere."""
    return text if text.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else text + "."


def _fix(hint: str) -> str:
    return f" Fix: {_sentence(hint)}" if hint else ""


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Give the problems by file, line and column, each once."""
    place = {p: (p.path, p.line, p.column, p.code, p.subject, p.message) for p in problems}
    return sorted(place, key=place.__getitem__)
