"""An Excel workbook to a `Table`: each cell as a CSV of what the sheet shows would hold it.

Read by us, as libraries give values alone. What must not be lost stands beside these: errors, formulas that were never
calculated, merged cells, and the format that shows 0.45 as 45 % and a day as its year (ECMA-376, 18.2 to 18.8).
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any
from xml.etree import ElementTree

import numpy as np

from geo.errors import DataError
from geo.problems import Problem
from geo.read.archive import DAMAGES, check_part
from geo.read.files import FileBytes
from geo.read.tables import Table, header_problems

# The formats that a file does not spell out, by their letters alone.
_BUILT_IN = {9: "%", 10: "%", 17: "m y"} | dict.fromkeys((14, 15, 16, 22, *range(27, 37), *range(50, 59)), "d")
_BUILT_IN |= dict.fromkeys((18, 19, 20, 21, 45, 46, 47), "h")
_NO_LETTERS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|;.*', re.DOTALL)
MOST_ROWS = 2**20
_FIRST_DAY = -693_593  # of the year 1: days before 1900 are negative, which Excel shows as ####, LibreOffice as days
_LAST_DAY = 2_958_466  # the first day after the year 9999
_DAMAGES = (*DAMAGES, ElementTree.ParseError)
_ESCAPE = re.compile(r"_x(?![dD][89a-fA-F])([0-9a-fA-F]{4})_")


def read_sheets(file: FileBytes) -> dict[str, Sheet]:
    """Give the sheets of a workbook that have content and are not hidden, by their names."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(file.data))
        for part in archive.infolist():
            check_part(part, size=len(file.data))
        sheets = _Book(archive).sheets()
    except _DAMAGES as err:
        raise DataError.of(
            "FILE_KIND", file.name, f"it cannot be read as .xlsx ({str(err)[:80]})", "save it anew"
        ) from None
    return {name: sheet for name, sheet in sheets.items() if sheet.rows}


def as_table(path: str, sheet: Sheet) -> Table:
    """Give the rows of a sheet; raises DataError as `read_csv`."""
    problems = [
        Problem(code="TABLE_CELL", path=path, line=line, subject=subject, message=message, hint=hint)
        for line, subject, message, hint in sheet.problems
    ]
    places = sorted({at for row in sheet.rows.values() for at in row})  # a column without any text is none
    top = min(sheet.rows)  # blank rows above it are none
    header = [sheet.rows[top].get(at, "").strip() for at in places]
    if found := header_problems(path, header):
        raise DataError([*(replace(problem, line=top) for problem in found), *problems])
    rows = {line: row for line, row in sheet.rows.items() if line > top}
    columns = {name: [row.get(at, "") for row in rows.values()] for at, name in zip(places, header, strict=True)}
    lines = np.array(list(rows), dtype=np.int64)
    return Table(path, columns, lines, lines - top, frozenset(), tuple(problems)).without_controls()


@dataclass(frozen=True)
class Sheet:
    """The texts of filled cells by row (from 1) and column (from 0), and problems: line, subject, message, hint."""

    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    problems: list[tuple[int, str, str, str]] = field(default_factory=list)


class _Book:
    """A workbook: a zip of XML files, where a sheet names texts and formats by their number in two others."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.book = self._parse("xl/workbook.xml")
        names = archive.namelist()
        strings = self._parse("xl/sharedStrings.xml") if "xl/sharedStrings.xml" in names else ()
        self.strings = [_string(one) for one in strings]
        self.forms = [""]
        if "xl/styles.xml" in names:
            styles = self._parse("xl/styles.xml")
            own = {int(one.attrib["numFmtId"]): one.attrib["formatCode"] for one in styles.iterfind(".//{*}numFmt")}
            ids = (int(one.get("numFmtId", 0)) for one in styles.iterfind("{*}cellXfs/{*}xf"))
            self.forms = [_form(own.get(one) or _BUILT_IN.get(one, "")) for one in ids]
        is_1904 = any(one.get("date1904") in ("1", "true") for one in self.book.iterfind("{*}workbookPr"))
        self.day_0 = datetime.datetime(1904, 1, 1) if is_1904 else datetime.datetime(1899, 12, 30)

    def _parse(self, name: str) -> ElementTree.Element:
        return ElementTree.fromstring(self.archive.read(name))

    def sheets(self) -> dict[str, Sheet]:
        links = {one.attrib["Id"]: one.attrib for one in self._parse("xl/_rels/workbook.xml.rels")}
        sheets = {}
        for one in self.book.iterfind("{*}sheets/{*}sheet"):
            link = links[next(value for name, value in one.attrib.items() if name.endswith("}id"))]
            is_hidden = one.get("state", "visible") != "visible"  # such as the lists that cells are chosen from
            if link["Type"].endswith("/worksheet") and not is_hidden:
                target = link["Target"]
                sheets[one.attrib["name"]] = self._sheet(target[1:] if target.startswith("/") else f"xl/{target}")
        return sheets

    def _sheet(self, name: str) -> Sheet:
        sheet = Sheet()
        line = 0
        for _, element in ElementTree.iterparse(self.archive.open(name)):
            kind = _kind(element.tag)
            if kind == "row":
                line = int(element.get("r", line + 1))
                if not 1 <= line <= MOST_ROWS:
                    raise ValueError(f"there is no row {line:.3g} in a sheet")
                self._row(element, line, sheet)
                element.clear()  # of a million rows only the texts stay
            elif kind == "mergeCell":
                ref = element.attrib["ref"]
                first = int(re.findall(r"\d+", ref)[0])
                message, hint = "the cells are merged: all but the first are blank", "unmerge them and fill each"
                sheet.problems.append((first, f"cells {ref}", message, hint))
        return sheet

    def _row(self, row: ElementTree.Element, line: int, sheet: Sheet) -> None:
        at = -1
        texts = {}
        for cell in row:
            name = cell.get("r")
            at = _column(name) if name else at + 1
            parts = {_kind(part.tag): part for part in cell}
            value = parts["v"].text or "" if "v" in parts else ""
            flaw = None
            if cell.get("t") == "e":
                flaw = f"{value} is an error, not a value", "write its value, or leave it blank where it is not known"
            elif "f" in parts and not value and cell.get("t") != "str":
                flaw = "the file has a formula there and no value", "open it in a spreadsheet and save it"
            elif text := self._text(cell, value, parts):
                texts[at] = text
            if flaw:
                sheet.problems.append((line, f"cell {name or f'{at + 1} of the row'}", *flaw))
        if texts:
            sheet.rows[line] = texts

    def _text(self, cell: ElementTree.Element, value: str, parts: dict[str, Any]) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return _string(parts["is"]) if "is" in parts else ""
        if kind == "str" or not value:
            return _unescaped(value)
        if kind == "s":
            return self.strings[int(value)]
        if kind == "b":
            return "true" if value == "1" else "false"
        if kind == "d":
            return value.removesuffix("T00:00:00")
        return _number(float(value), self.forms[int(cell.get("s", 0))], self.day_0)


@cache
def _kind(tag: str) -> str:
    """Give the name of an element without its namespace, which is one of two."""
    return tag.rpartition("}")[2]


def _column(name: str) -> int:
    """Give the number of a cell's column, 0 for A, 27 for AB."""
    number = 0
    for letter in name.rstrip("0123456789"):
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


def _string(element: ElementTree.Element) -> str:
    """Give a text of one piece, or of pieces that look different."""
    pieces = [*element.iterfind("{*}t"), *element.iterfind("{*}r/{*}t")]
    return _unescaped("".join(piece.text or "" for piece in pieces))


def _unescaped(text: str) -> str:
    """Put characters for what XML cannot hold: _x000D_ is a carriage return."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _form(code: str) -> str:
    """Tell what a number format shows: "%", "year", "month" (of a year), "day", "time", or "", the number itself.

    Of a code such as 007 it is the zeros, one a digit.
    """
    if re.fullmatch("0{2,}", code):
        return code
    letters = set(_NO_LETTERS.sub("", code).lower())
    if "%" in letters:
        return "%"
    if "y" in letters:
        return "day" if "d" in letters else "month" if "m" in letters else "year"
    if letters & {"h", "s", ":"}:
        return "day" if "d" in letters else "time"
    return "day" if letters & {"d", "m"} else ""


def _number(number: float, form: str, day_0: datetime.datetime) -> str:
    """Give a number as its format shows it, dates as EDTF, whole numbers without a point."""
    if form == "%":
        return f"{100 * number:.15g}%"
    if form.startswith("0"):
        return f"{int(number):0{len(form)}}" if number.is_integer() and number >= 0 else f"{number:.15g}"
    if form and (0 if form == "time" else _FIRST_DAY) <= number < _LAST_DAY:
        since = datetime.timedelta(seconds=round(86_400 * number))
        if form == "time":
            minutes, seconds = divmod(int(since.total_seconds()), 60)
            return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
        # For Excel 1900 had a 29th of February; before it day 1 is the 1st of January.
        moment = day_0 + since + datetime.timedelta(days=int(0 <= number < 60 and day_0.year == 1899))
        if form == "day":
            return moment.isoformat().removesuffix("T00:00:00")
        return f"{moment.year:04}" + (f"-{moment.month:02}" if form == "month" else "")
    if number.is_integer():
        return str(int(number)) if abs(number) < 2**53 else str(number)
    return f"{number:.15g}"  # what a spreadsheet shows at most: 0.1 + 0.2 is 0.3 there
