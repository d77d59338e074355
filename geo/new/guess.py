"""What the columns of somebody's table hold, told by their cells: types, the language of the names.

Input: cells as text, "" where blank. Output: words of atlas.toml, rows and cells. Nothing is read or written here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from geo.check.cells import Refused, parse_number, parse_url
from geo.check.dates import DateError, parse_date
from geo.config.columns import DATE_COLUMNS, TEXT_COLUMNS
from geo.config.looks import PRECISIONS

MOST_CATEGORIES = 12
_MOST_MISFITS = 3  # of many cells one in 20
_WHOLE = re.compile(r"[+-]?(0|[1-9]\d{0,14})", re.ASCII)  # what is longer, such as the number of a card, is a text
NUMBER = re.compile(r"[+-]?(0|[1-9]\d{0,14})(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_OF_KYRGYZ, _OF_KAZAKH = "өүң", "әғқұһі"  # beside those of Russian; Kazakh has the first, too
OWN_NAMES = {"id", "key", *TEXT_COLUMNS, *DATE_COLUMNS}
_MOST_NAMES = 10_000  # looked at, letter by letter
_LONGEST_NAME = 120
_LEAST_KYRGYZ = 0.01  # of all letters: in Kyrgyz texts they are 5 to 7 in a hundred


def is_date(cell: str) -> bool:
    if cell[:1] not in "0123456789-.":  # of names and other texts no message is made
        return False
    try:
        parse_date(cell)
    except DateError:
        return False
    return True


def has_month(cell: str) -> bool:
    """Tell a date that has a month: a column of bare years may be one of numbers."""
    return "-" in cell[1:] and is_date(cell)


_FITS: dict[str, Callable[[str], Any]] = {
    "integer": _WHOLE.fullmatch,
    "number": NUMBER.fullmatch,
    "boolean": lambda cell: cell.lower() in ("true", "false", "yes", "no"),
    "date": is_date,
    "url": re.compile(r"https?://[^\s/?#]+\S*").fullmatch,
}


def fits_type(cell: str, kind: str) -> bool:
    """Tell whether a cell that is not blank is of a type; all are texts."""
    return bool(_FITS[kind](cell)) if kind in _FITS else True


def guess_type(cells: Sequence[str]) -> str:
    """Give the type that all cells have which are not blank."""
    known = [cell for cell in cells if cell]
    distinct = set(known)
    for kind, fits in _FITS.items():
        if known and all(map(fits, distinct)) and (kind != "date" or any(map(has_month, distinct))):
            return kind
    is_few = bool(known) and len(distinct) <= min(MOST_CATEGORIES, len(known) // 2) and max(map(len, distinct)) <= 40
    return "category" if is_few else "text"


def find_missed(cells: Sequence[str]) -> tuple[str, list[int]]:
    """Give the type that a column of texts misses by a few cells, and their rows; ("", []) where it misses none."""
    for kind in ("number", "date", "url"):
        rows = misfits(cells, _FITS[kind])
        if rows and are_few(rows, cells) and (kind != "date" or any(map(has_month, set(cells)))):
            return kind, rows
    return "", []


def misfits(cells: Sequence[str], fits: Callable[[str], Any]) -> list[int]:
    """Give the rows whose cells are neither blank nor fit."""
    odd = {cell for cell in set(cells) if cell and not fits(cell)}
    return [row for row, cell in enumerate(cells) if cell in odd]


def are_few(rows: Sequence[int], cells: Sequence[str]) -> bool:
    known = sum(map(bool, cells))
    return len(rows) <= min(max(_MOST_MISFITS, known // 20), known // 4)


def why_refused(cell: str, kind: str) -> tuple[str, str, str]:
    """Give the code, the message and the hint of a cell that is no number, date, url or precision."""
    parsers: dict[str, Callable[[str], Any]] = {"number": parse_number, "date": parse_date, "url": parse_url}
    if kind == "precision":
        return "TABLE_CATEGORY", f"{cell!r} is no precision", f"write one of {', '.join(PRECISIONS)}"
    try:
        parsers[kind](cell)
    except Refused as refused:
        return refused.code, refused.message, refused.hint
    return f"TABLE_{kind.upper()}", f"{cell!r} is not a plain {kind}", "write it as the other cells are"


def are_names(cells: Sequence[str]) -> bool:
    """Tell texts that nearly all are there, different, and like names."""
    return (
        0 < 9 * len(cells) <= 10 * len(set(cells) - {""})
        and guess_type(cells) == "text"
        and are_few(misfits(cells, _is_like_name), cells)
    )


def _is_like_name(cell: str) -> bool:
    """Tell a name, "Школа №1" or "Kambarata-1", from a code such as "KG-01" or "UCFM", an address and a long text."""
    is_code = cell.isupper() and " " not in cell and (len(cell) <= 4 or any(map(str.isdigit, cell)))
    # A letter of a script without capitals, such as Georgian, begins a name, too.
    begins = any(letter.isalpha() and letter == letter.title() for letter in cell)
    is_word = begins and re.search(r"[^\W\d_]{2}", cell) and not re.search(r"://|@|^www\.", cell)
    return bool(is_word) and not is_code and len(cell) <= _LONGEST_NAME


def guess_languages(columns: Mapping[str, Sequence[str]]) -> list[str]:
    """Give the languages of names and headers: first that of the column `name`, then those of `name_ru` ...."""
    names, headers = columns.get("name", ())[:_MOST_NAMES], columns.keys() - OWN_NAMES
    default = "en"
    if _is_cyrillic(names) or ("name_ru" not in columns and _is_cyrillic(headers)):
        default = "ky" if _is_kyrgyz([*names, *headers]) else "ru"
    return [default, *(other for other in ("en", "ru", "ky") if other != default and f"name_{other}" in columns)]


def _is_cyrillic(texts: Iterable[str]) -> bool:
    letters = [letter for text in texts for letter in text if letter.isalpha()]
    return 2 * sum("\u0400" <= letter <= "\u04ff" for letter in letters) > len(letters)


def _is_kyrgyz(texts: Iterable[str]) -> bool:
    letters = [letter for text in texts for letter in text.lower() if letter.isalpha()]
    own = sum(letter in _OF_KYRGYZ for letter in letters)
    return own >= _LEAST_KYRGYZ * len(letters) and not any(letter in _OF_KAZAKH for letter in letters)
