"""Tables to columns of text, each row with the line it begins on.

Everything stays text: types are declared in atlas.toml and converted by `check`; `NA` stays Namibia and 007 a key.
Cells are separated by comma, semicolon or tab, as the header shows; text is UTF-8, or UTF-16 with its mark.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from operator import methodcaller

import numpy as np
import numpy.typing as npt

from geo.errors import DataError
from geo.problems import Problem
from geo.read.controls import CONTROL, RETURN, without_controls
from geo.read.files import FileBytes, as_utf8

TEXT_ENDINGS = (".csv", ".tsv", ".txt")
_SAMPLE_LETTERS = 20_000
csv.field_size_limit(2**30)  # a cell may hold a long text; the default stops at 128 KB


@dataclass(frozen=True, slots=True)
class Table:
    """A table as text.

    columns : cells by column name, in the order of the header, "" where blank
    lines : the line each row begins on
    numbers : the number of each row, counted from 1 below the header, rows left out included
    refused : the cells of rows left out, so that their features are not called orphans
    problems : what was found so far; an error means that rows are left out
    separator : of the cells in the file
    """

    path: str
    columns: dict[str, list[str]]
    lines: npt.NDArray[np.int64]
    numbers: npt.NDArray[np.int64]
    refused: frozenset[str]
    problems: tuple[Problem, ...]
    separator: str = ""

    def __len__(self) -> int:
        return len(self.lines)

    def subject(self, row: int, column: str | None = None) -> str:
        """Name a row, counted from 0 here, and its column as a message does."""
        return f"row {self.numbers[row]}" + (f' column "{column}"' if column else "")

    def without_controls(self) -> Table:
        """Give the same table with a space for each control character in a cell, and a warning of it."""
        columns, problems = without_controls(self.columns, self.path, self.lines, self.subject)
        return replace(self, columns=columns, problems=(*self.problems, *problems))


def read_csv(file: FileBytes) -> Table:
    """Give the rows of a CSV file.

    Rows of blank cells are no rows. A row that has more or fewer cells than the header is reported and left out.

    Raises
    ------
    DataError
        where the file as a whole cannot be read: not text, no header, two columns of one name, an open quotation.
    """
    text = as_utf8(file).decode()
    if "\r" in text:
        # Two returns end the lines that Python's csv writes on Windows to a file opened without newline="".
        text = text.replace("\r\r\n", "\n").replace("\r\n", "\n")
        text = text.replace("\r", RETURN if "\n" in text else "\n")
    first = text.partition("\n")[0]
    unquoted = re.sub(r'"[^"]*"', "", first)
    separator = _separator(text)
    if re.fullmatch("sep=.?", first):
        message = f"the first line ({first!r}) is a note for Excel, not the names of the columns"
        raise DataError([_header_problem(file.name, message, "take it out")])
    if "|" in unquoted and separator not in unquoted:
        message = f"the columns are separated by | ({first[:40]!r})"
        raise DataError([_header_problem(file.name, message, "separate them by commas, semicolons or tabs")])
    split = _split_plain(text, separator) or _split_exactly(file.name, text, separator)
    split = split if split.problems else _without_empty_columns(split)
    header = [name.strip() for name in split.header]
    found = header_problems(file.name, header)
    if found or any(problem.line == 1 for problem in split.problems):
        raise DataError([*found, *split.problems])
    columns = dict(zip(header, split.columns, strict=True))
    refused = frozenset(split.refused)
    table = Table(file.name, columns, split.lines, split.numbers, refused, tuple(split.problems), separator)
    return table.without_controls() if CONTROL.search(text) else table


def _separator(text: str) -> str:
    """Give what separates cells: the first line tells, unless more of the others have a steady number of another mark.

    Then it is a title, which may have any mark, or none.
    """
    lines = [line for line in re.sub(r'"[^"]*"', "", text[:_SAMPLE_LETTERS]).split("\n") if line.strip()]
    lines = lines[:-1] if len(text) > _SAMPLE_LETTERS else lines  # the last may be cut
    if not lines:
        return ","
    first, *others = lines
    separator = max(",;\t", key=first.count)
    count = first.count(separator)
    like_first = sum(line.count(separator) == count > 0 for line in others)
    least = max(count, 2) if 2 * like_first > len(others) or not count else 1
    for mark in ",;\t".replace(separator, ""):
        most, alike = Counter(line.count(mark) for line in others).most_common(1)[0] if others else (0, 0)
        if most >= least and alike > max(like_first, len(others) / 2, 1):
            return mark
    return separator


def header_problems(path: str, header: Sequence[str]) -> list[Problem]:
    """Report a header that is missing, has a name twice or a column without name."""
    if not any(header) or any(re.fullmatch(r"-?\d+\.\d+", name) for name in header):
        message = f"the first line does not name the columns ({', '.join(header)[:60]!r})"
        return [_header_problem(path, message, "add a line with the names of the columns above it")]
    if len(header) > 2 and sum(map(bool, header)) == 1:
        message = f"the first line holds one text ({''.join(header)[:60]!r}), not the names of the columns"
        return [_header_problem(path, message, "take out what stands above the names of the columns")]
    found = []
    for number, name in enumerate(header, start=1):
        if not name:
            hint = "write its name, or take the column out"
            where = f"column {number}"
            found.append(_header_problem(path, "the column has no name", hint, "TABLE_HEADER_BLANK", where))
    for name, count in Counter(filter(None, header)).items():
        if count > 1:
            numbers = [str(n) for n, other in enumerate(header, start=1) if other == name]
            message, hint = f"columns {' and '.join(numbers)} bear the same name", "rename or take out one of them"
            found.append(_header_problem(path, message, hint, "TABLE_HEADER_DUPLICATE", f'column "{name}"'))
    return found


def _header_problem(path: str, message: str, hint: str, code: str = "TABLE_HEADER", subject: str = "") -> Problem:
    return Problem(code=code, path=path, line=1, subject=subject, message=message, hint=hint)


@dataclass(frozen=True, slots=True)
class _Split:
    header: list[str]
    columns: list[list[str]]
    lines: npt.NDArray[np.int64]
    numbers: npt.NDArray[np.int64]
    refused: set[str]
    problems: list[Problem]


def _without_empty_columns(split: _Split) -> _Split:
    """Leave out the columns without name and content that spreadsheets put at the end."""
    kept = [at for at, name in enumerate(split.header) if name.strip() or any(split.columns[at])]
    return replace(split, header=[split.header[at] for at in kept], columns=[split.columns[at] for at in kept])


def _split_plain(text: str, separator: str) -> _Split | None:
    """Split a text without quotation marks, blank rows and ragged rows; None where it has any.

    All cells at once: a million rows of six cells take a third of the time that the csv module needs.
    """
    if '"' in text:
        return None
    body = text.removesuffix("\n")
    rows = body.split("\n")
    width = rows[0].count(separator) + 1
    if set(map(methodcaller("count", separator), rows)) != {width - 1} or separator * (width - 1) in rows:
        return None
    del rows[1:]
    cells = body.replace("\n", separator).split(separator)
    numbers = np.arange(1, len(cells) // width, dtype=np.int64)
    columns = [cells[width + place :: width] for place in range(width)]
    return _Split(cells[:width], columns, numbers + 1, numbers, set(), [])


def _split_exactly(path: str, text: str, separator: str) -> _Split:
    """Split any text, row by row."""
    # newline="\n": only a line feed ends a line, so that the reader's count is the editor's.
    reader = csv.reader(io.StringIO(text, newline="\n"), delimiter=separator, strict=True)
    header: list[str] = []
    rows: list[list[str]] = []
    lines: list[int] = []
    numbers: list[int] = []
    ragged: list[tuple[int, int, list[str]]] = []
    line = 1
    try:
        for number, row in enumerate(reader):
            if number == 0:
                header = row
            elif len(row) == len(header) and any(row):
                rows.append(row)
                lines.append(line)
                numbers.append(number)
            elif any(row):
                ragged.append((line, number, row))
            line = reader.line_num + 1
    except csv.Error:
        problems = [_ragged(path, *one, header, separator) for one in ragged]
        raise DataError([*problems, _open_quotation(path, text, line)]) from None
    width = len(header)
    if ragged and all(len(row) > width and not any(row[width:]) for *_, row in ragged):  # a separator ends the rows
        full = [*zip(lines, numbers, rows, strict=True), *((at, number, row[:width]) for at, number, row in ragged)]
        lines, numbers, rows = map(list, zip(*sorted(full), strict=True))
        ragged = []
    refused = {cell for *_, row in ragged for cell in row}
    problems = [_ragged(path, *one, header, separator) for one in ragged]
    if len(ragged) > max(1, len(rows)):
        problems = _header_flaw(path, header, ragged, separator) or problems
    columns = [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in header]
    first_lines, row_numbers = np.array(lines, dtype=np.int64), np.array(numbers, dtype=np.int64)
    return _Split(header, columns, first_lines, row_numbers, refused, problems)


def _header_flaw(
    path: str, header: list[str], ragged: list[tuple[int, int, list[str]]], separator: str
) -> list[Problem]:
    """Report a header that is what is wrong: all rows have the same other width, or all from one on.

    Raises DataError where it is none: lines about the table stand above it, as in files of the World Bank.
    """
    width = len(ragged[-1][2])
    table = list(takewhile(lambda one: len(one[2]) == width, reversed(ragged)))
    begin, number, names = table[-1]
    if len(table) < max(2, len(ragged)) or (number > 1 and width < len(header)):
        return []
    has_numbers = [any(letter.isdigit() for cell in row for letter in cell) for *_, row in reversed(table)]
    is_title = len(list(filter(None, header))) < 2 and not has_numbers[0] and any(has_numbers)
    if number > 1 or is_title:
        message = f"the first line has {_cells(len(header))}, the table that begins in line {begin} has {width}"
        hint = f"take out what stands above its header ({separator.join(names)[:60]!r})"
        raise DataError([_header_problem(path, message, hint)])
    hint = f"put quotation marks around a name that has {_NAMES[separator]} inside, or take out what is too much"
    hint = "add the names that are missing" if width > len(header) else hint
    return [_header_problem(path, f"the header has {_cells(len(header))}, all rows have {width}", hint)]


def _ragged(path: str, line: int, number: int, row: list[str], header: list[str], separator: str) -> Problem:
    """Report a row that is too long or too short, and the cell that was likely cut by a separator inside it."""
    message = f"the row has {_cells(len(row))}, the header {len(header)}"
    if len(row) < len(header):
        hint = f"add {_cells(len(header) - len(row))}, left blank where nothing is known"
        hint += ", or take it out where it is a note" if sum(map(bool, row)) == 1 < len(header) - 1 else ""
    else:
        hint = f"put quotation marks around a cell that has {_NAMES[separator]} inside, or take out what is too much"
    return Problem(code="TABLE_RAGGED", path=path, line=line, subject=f"row {number}", message=message, hint=hint)


_NAMES = {",": "a comma", ";": "a semicolon", "\t": "a tab"}


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"


def _open_quotation(path: str, text: str, line: int) -> Problem:
    first = text.split("\n", line)[line - 1] if text.count("\n") >= line - 1 else ""
    message = f"a quotation mark is out of place in the row that begins here ({first[:40]!r})"
    hint = 'close the quotation; write "" for a quotation mark inside one'
    return Problem(code="TABLE_QUOTE", path=path, line=line, message=message, hint=hint)
