"""Numbers of somebody's table as an atlas has them: percents and what is grouped by thousands become plain.

Input: columns as text, "" where blank. Output: the columns, what became of them. Where a column may be read in two
ways, as codes or in another country's numbers, it stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from geo.new.guess import NUMBER, OWN_NAMES, are_few, is_date, misfits

_SPACES = " \u00a0\u202f"
_WITH_COMMA, _WITH_POINT = (
    re.compile(rf"[+-]?(0|[1-9]\d{{0,2}}([{_SPACES}]\d{{3}})+|[1-9]\d{{0,14}})({mark}\d+)?", re.ASCII)
    for mark in (",", r"\.")
)
_MAY_BE_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}", re.ASCII)
_MAY_BE_CODE = re.compile(rf"[1-9]\d{{1,2}}([{_SPACES}]?\d{{3}})+", re.ASCII)  # that of a town, a telephone
_PERCENT = re.compile(rf".*\d[{_SPACES}]?%")


@dataclass(frozen=True)
class Plain:
    """`columns` as they were or written anew; `units` of those that had them in each cell; `notes` of all of them."""

    columns: dict[str, list[str]]
    units: dict[str, str]
    notes: tuple[str, ...]


def with_plain_values(columns: dict[str, list[str]], *, may_have_commas: bool) -> Plain:
    """Write the columns of numbers plainly; `may_have_commas`: a comma may begin decimals.

    Names, keys and what else has a meaning of its own are left alone.
    """
    plain, units = {}, {}
    for name, cells in columns.items():
        if name in OWN_NAMES or name.endswith("_source"):
            continue
        if numbers := _from_percents(cells, may_have_commas=may_have_commas):
            plain[name], units[name] = numbers, "%"
        elif numbers := _plain_numbers(cells, may_have_commas=may_have_commas):
            plain[name] = numbers
    names = (f"{name} (in {units[name]})" if name in units else name for name in plain)
    notes = (f"written as plain numbers now: {', '.join(names)}",) if plain else ()
    return Plain(columns | plain, units, notes)


def _from_percents(cells: Sequence[str], *, may_have_commas: bool) -> list[str] | None:
    """Give a column of percents as numbers, None for any other; 2003% is a date, as EDTF has it."""
    known = set(filter(None, cells))
    if not known or misfits(cells, _PERCENT.fullmatch) or all(map(is_date, known)):
        return None
    bare = [cell.removesuffix("%").rstrip() for cell in cells]
    numbers = _plain_numbers(bare, may_have_commas=may_have_commas) or bare
    return None if misfits(numbers, NUMBER.fullmatch) else numbers


def _plain_numbers(cells: Sequence[str], *, may_have_commas: bool) -> list[str] | None:
    """Give a column of numbers such as "1 860", "1,234,567" or, where these may be, "3,5" as 1860, 1234567 and 3.5.

    None for any other. A few cells that are no numbers, such as "n/a", stay as they are.
    """
    spaced = _without_spaces(cells, may_have_commas=may_have_commas)
    return spaced or _without_marks(cells, ",", ".") or _without_marks(cells, ".", ",")


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


def _without_marks(cells: Sequence[str], group: str, decimal: str) -> list[str] | None:
    """Give numbers without the mark between their thousands, None where that may be another: it must be sure in one.

    "1,860" may have decimals, "101,102,103" be a list.
    """
    group, decimal = re.escape(group), re.escape(decimal)
    number = rf"[+-]?(0|[1-9]\d{{0,2}}({group}\d{{3}}){{1,4}}|[1-9]\d{{0,14}})({decimal}\d+)?"
    sure = rf"[+-]?([1-9]\d?({group}\d{{3}}){{2,4}}({decimal}\d+)?|[1-9]\d{{0,2}}({group}\d{{3}})+{decimal}\d+)"
    rows = misfits(cells, re.compile(number, re.ASCII).fullmatch)
    if not any(re.fullmatch(sure, cell, re.ASCII) for cell in set(cells)) or not are_few(rows, cells):
        return None
    odd = {cells[row] for row in rows}
    return [cell if cell in odd else re.sub(decimal, ".", re.sub(group, "", cell)) for cell in cells]
