"""Numbers and dates of somebody's table as an atlas has them: 1860 for 1 860, 45 for 45%, 2014-06-03 for 3.6.2014.

Input: columns as text, "" where blank. Output: the columns, what became of them. Where a column may be read in two
ways, as codes or as another country writes, it stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geo.check.cells import without_percent
from geo.check.dates import likely_date
from geo.config.columns import DATE_COLUMNS, is_source_column
from geo.new.guess import NUMBER, OWN_NAMES, are_few, has_month, is_date, misfits

_SPACES = " \u00a0\u202f"
_MINUS = "\u2212"
# As spreadsheets show what is longer than a column is wide, and save it.
_SHORTENED = re.compile(r"[1-9](\.\d{1,5})?E\+(0[89]|1\d|20)", re.ASCII)
_WITH_COMMA, _WITH_POINT = (
    re.compile(rf"[+-]?(0|[1-9]\d{{0,2}}([{_SPACES}]\d{{3}})+|[1-9]\d{{0,14}})({mark}\d+)?", re.ASCII)
    for mark in (",", r"\.")
)
_MAY_BE_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}", re.ASCII)
_MAY_BE_CODE = re.compile(rf"[1-9]\d{{1,2}}([{_SPACES}]?\d{{3}})+", re.ASCII)  # that of a town, a telephone
_MAY_BE_NUMBER = re.compile(
    rf"[+-]?\d{{1,3}}([{_SPACES}]\d{{3}})+(,\d+)?|[+-]?\d{{1,3}}(,\d{{3}})+|[+-]?\d+,\d+", re.ASCII
)
_SAMPLE = 1_000
_DECIMALS = {mark: re.compile(rf"[+-]?\d+[{mark}](\d{{1,2}}|\d{{4,}})", re.ASCII) for mark in ",."}
_MIDNIGHT = re.compile(r"[T ]0?0:00(:00(\.0+)?)?Z?$")
_WITH_TIME = re.compile(r"\d{4}[-/.].*[T ]", re.ASCII)
# A year of three digits is a number as well, 2014.1 what a spreadsheet leaves of 2014.10.
_NO_DATE = re.compile(r"-?\d{1,3}|\d{4}\.\d", re.ASCII)
_UNSURE_DATE = re.compile(r"\d{1,2}[/.]\d{4}|\d{4}[-/.]\d{1,2}", re.ASCII)  # or the 5th paper of 2014


@dataclass(frozen=True)
class Plain:
    """`columns` as they were or written anew; `units` of those whose cells had them; `notes` of all of them."""

    columns: dict[str, list[str]]
    units: dict[str, str]
    notes: tuple[str, ...]


def with_plain_values(columns: dict[str, list[str]], *, may_have_commas: bool) -> Plain:
    """Write the columns of numbers and of dates plainly; `may_have_commas`: a comma may begin decimals.

    Names and what else has a meaning of its own, but dates, are left alone.
    """
    points_part = may_have_commas and _writes_decimal_commas(columns)
    plain, units, dated = {}, {}, {}
    for name, cells in columns.items():
        is_of_dates = name in DATE_COLUMNS
        if (name in OWN_NAMES and not is_of_dates) or is_source_column(name):
            continue
        if dates := _from_dates(cells, is_sure=is_of_dates):
            dated[name] = dates
        elif is_of_dates:
            continue
        elif numbers := _from_percents(cells):
            plain[name], units[name] = numbers, "%"
        else:
            signed = [f"-{cell[1:]}" if cell[:1] == _MINUS else cell for cell in cells]
            numbers = _whole_numbers(signed) or _plain_numbers(
                signed, may_have_commas=may_have_commas, points_part=points_part
            )
            if numbers or (signed != cells and are_few(misfits(signed, NUMBER.fullmatch), signed)):
                plain[name] = numbers or signed
    doubtful = {
        name: cell
        for name, cells in columns.items()
        if name not in {*plain, *dated, *OWN_NAMES} and not is_source_column(name) and (cell := _doubtful(cells))
    }
    changed = [name for name, cells in plain.items() if cells != columns[name]]
    names = (f"{name} (in {units[name]})" if name in units else name for name in changed)
    notes = [f"written as plain numbers now: {', '.join(names)}"] if changed else []
    for name, dates in dated.items():
        before, now = next(pair for pair in zip(columns[name], dates, strict=True) if pair[0] != pair[1])
        notes.append(f"written as dates now: {name}, such as {now} for {before!r}")
    for name, cells in columns.items():
        if cell := next(filter(_SHORTENED.fullmatch, cells), ""):
            notes.append(f"a spreadsheet may have shortened long numbers: {name}, such as {cell}; look them up")
    for name, cell in doubtful.items():
        todo = "if they are, write them without marks between thousands and with decimal points, and make it anew"
        notes.append(f"stays text, though its cells may be numbers: {name}, such as {cell!r}; {todo}")
    return Plain(columns | plain | dated, units, tuple(notes))


def _from_dates(cells: Sequence[str], *, is_sure: bool) -> list[str] | None:
    """Give a column of dates in EDTF, None for any other, and where nothing is written otherwise.

    `is_sure`: they are dates by their name, else one at least must be nothing but a date.
    """
    dates = {}
    for cell in filter(None, dict.fromkeys(cells)):
        dates[cell] = _edtf(cell)
        if not dates[cell]:
            return None
    if all(cell == date for cell, date in dates.items()):
        return None
    if not is_sure and not any(has_month(date) and _is_only_date(cell) for cell, date in dates.items()):
        return None
    return [dates.get(cell, "") for cell in cells]


def find_undated(cells: Sequence[str]) -> list[int]:
    """Give the few rows that keep a column of dates, however these are written, from being one; [] of any other."""
    known = list(filter(None, cells))
    if 2 * sum(map(bool, map(_edtf, known[:_SAMPLE]))) < len(known[:_SAMPLE]):
        return []
    rows = misfits(cells, _edtf)
    is_of_dates = any((date := _edtf(cell)) and has_month(date) and _is_only_date(cell) for cell in known)
    return rows if is_of_dates and are_few(rows, cells) else []


def _is_only_date(cell: str) -> bool:
    return is_date(cell) or not (NUMBER.fullmatch(cell) or _UNSURE_DATE.fullmatch(cell))


def _edtf(cell: str) -> str:
    """Give the EDTF text of a date however it is written, "" where that is in doubt, or a time of day would be lost."""
    text = _MIDNIGHT.sub("", cell.strip())
    if is_date(text):
        return text
    return "" if _NO_DATE.fullmatch(text) or _WITH_TIME.match(text) else likely_date(text)


def _from_percents(cells: Sequence[str]) -> list[str] | None:
    """Give a column of percents as numbers, None for any other; 2003% is a date, as EDTF has it.

    Where a few cells are none, such as "n/a", they keep the sign: the column is text until these are blank. A comma
    may begin decimals whatever parts the cells: "4,5%" is no list.
    """
    rows = misfits(cells, lambda cell: without_percent(cell) != cell)
    odd = {cells[row] for row in rows}
    percents = set(filter(None, cells)) - odd
    if not percents or not are_few(rows, cells) or re.search(r"\d", "".join(odd)) or all(map(is_date, percents)):
        return None
    bare = list(map(without_percent, cells))
    numbers = _plain_numbers(bare, may_have_commas=True) or bare
    if misfits(numbers, NUMBER.fullmatch) != rows:
        return None
    return [f"{number}%" if number and number not in odd else number for number in numbers] if odd else numbers


def _whole_numbers(cells: Sequence[str]) -> list[str] | None:
    """Give 398 for 398.0 where all are so: pandas writes whole numbers with a point beside a blank cell."""
    if not any(cells) or not all(
        re.fullmatch(r"-?(0|[1-9]\d{0,14})\.0", cell, re.ASCII) for cell in set(cells) if cell
    ):
        return None
    return [cell.removesuffix(".0") for cell in cells]


def _writes_decimal_commas(columns: Mapping[str, Sequence[str]]) -> bool:
    """Tell a table some of whose numbers have commas that can only begin decimals, and none such a point."""
    cells = {cell for cells in columns.values() for cell in cells}
    return any(map(_DECIMALS[","].fullmatch, cells)) and not any(map(_DECIMALS["."].fullmatch, cells))


def _plain_numbers(cells: Sequence[str], *, may_have_commas: bool, points_part: bool = False) -> list[str] | None:
    """Give a column of numbers such as "1 860", "1,234,567" or, where these may be, "3,5" as 1860, 1234567 and 3.5.

    None for any other. A few cells that are no numbers, such as "n/a", stay as they are. `points_part`: 1.860 is 1860.
    """
    spaced = _without_spaces(cells, may_have_commas=may_have_commas)
    return spaced or _without_marks(cells, ",", ".") or _without_marks(cells, ".", ",", is_sure=points_part)


def _without_spaces(cells: Sequence[str], *, may_have_commas: bool) -> list[str] | None:
    """Give numbers without spaces, their decimal commas as points.

    A comma may part thousands, too: one cell at least must have one that cannot. What is grouped by spaces alone, and
    all of one length, is as likely a code, unless one digit stands first.
    """
    marks = _SPACES + "," * may_have_commas
    rows = misfits(cells, (_WITH_COMMA if may_have_commas else _WITH_POINT).fullmatch)
    if not any(mark in cell for cell in set(cells) for mark in marks) or not are_few(rows, cells):
        return None
    odd = {cells[row] for row in rows}
    plain = {cell: re.sub(r"\s", "", cell) for cell in set(cells) - odd}
    commas = [text for text in plain.values() if "," in text]
    known = [cell for cell in plain if cell]
    is_code = len({len(plain[cell]) for cell in known}) == 1 and all(map(_MAY_BE_CODE.fullmatch, known))
    if all(map(_MAY_BE_THOUSANDS.fullmatch, commas)) if commas else is_code:
        return None
    return [cell if cell in odd else plain[cell].replace(",", ".") for cell in cells]


def _doubtful(cells: Sequence[str]) -> str:
    """Give the first cell with a mark of a column of numbers, but for a few cells, that marks keep from being one."""
    may_be = {cell for cell in set(cells) if _MAY_BE_NUMBER.fullmatch(cell)}
    rows = misfits(cells, lambda cell: cell in may_be or NUMBER.fullmatch(cell))
    marked = next((cell for cell in cells if cell in may_be), "")
    is_told = are_few(misfits(cells, NUMBER.fullmatch), cells)  # by each cell
    return marked if are_few(rows, cells) and not is_told else ""


def _without_marks(cells: Sequence[str], group: str, decimal: str, *, is_sure: bool = False) -> list[str] | None:
    """Give numbers without the mark between their thousands, None where that may be another: it must be sure in one.

    "1,860" may have decimals, "101,102,103" be a list. `is_sure`: other columns tell what the mark is.
    """
    marked = {cell for cell in cells if group in cell}
    group, decimal = re.escape(group), re.escape(decimal)
    number = rf"[+-]?(0|[1-9]\d{{0,2}}({group}\d{{3}}){{1,4}}|[1-9]\d{{0,14}})({decimal}\d+)?"
    sure = rf"[+-]?([1-9]\d?({group}\d{{3}}){{2,4}}({decimal}\d+)?|[1-9]\d{{0,2}}({group}\d{{3}})+{decimal}\d+)"
    if not marked or not (is_sure or any(re.fullmatch(sure, cell, re.ASCII) for cell in marked)):
        return None
    rows = misfits(cells, re.compile(number, re.ASCII).fullmatch)
    if not are_few(rows, cells):
        return None
    odd = {cells[row] for row in rows}
    return [cell if cell in odd else re.sub(decimal, ".", re.sub(group, "", cell)) for cell in cells]
