"""One cell to one value: numbers, yes and no, addresses, with what was likely meant where a cell is none.

Input: the text of a cell (or a JSON value). Output: the value, or `Refused` with the problem's code, message and hint.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

_NOT_PLAIN_NUMBER = re.compile(r"[^0-9eE+\-.\n]")
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}", re.ASCII)
_COMMA = re.compile(r"([+-]?\d{1,3}),(\d{3})", re.ASCII)
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,(\d{1,2}|\d{4,})", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_PERCENT = re.compile(r"(.*\d)[ \u00a0\u202f]?%")
_URL = re.compile(r"(https?://[^\s/?#]+[^\s]*|mailto:[^\s@]+@[^\s@]+)", re.IGNORECASE)
_BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class Refused(Exception):
    """A cell is not of its type."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


def parse_boolean(text: str) -> bool:
    """Give true or false for yes, no, 1, 0 and the words themselves, in any case."""
    value = _BOOLEANS.get(text.strip().casefold())
    if value is None:
        message = f"{text!r} is neither true nor false"
        raise Refused("TABLE_BOOLEAN", message, "write true or false, or leave it blank")
    return value


def parse_url(text: str) -> str:
    """Give an address that a page may link to."""
    if _URL.fullmatch(text):
        return text
    likely = (
        f"https://{text}" if re.fullmatch(r"[\w-]+(\.[\w-]+)+(/\S*)?", text) else "an address that begins with https://"
    )
    raise Refused("TABLE_URL", f"{text!r} is not a web address (http, https or mailto)", f"write {likely}")


def parse_plain_numbers(cells: Sequence[Any]) -> npt.NDArray[np.float64] | None:
    """Give the numbers of cells that all are plain, else None.

    `float` takes more than a number (`1_000`, ` 7`, `nan`), so the characters are looked at first.
    """
    kinds = set(map(type, cells))
    if kinds <= {float, int, type(None)}:
        values = np.array(cells, dtype=np.float64)  # None becomes NaN
    elif kinds != {str} or _NOT_PLAIN_NUMBER.search("\n".join(cells)):
        return None
    else:
        try:
            values = np.array([float(cell) if cell else np.nan for cell in cells])
        except ValueError:
            return None
    return None if np.isinf(values).any() else values


def parse_number(cell: Any, *, is_decimal_comma: bool = False) -> float:
    """Give the number of one cell, NaN where blank; `is_decimal_comma`: a comma may begin decimals here."""
    if cell is None or cell == "":
        return np.nan
    if type(cell) in (int, float) and math.isfinite(cell):  # a GeoPackage can hold infinity
        return float(cell)
    if isinstance(cell, str) and _NUMBER.fullmatch(cell) and np.isfinite(float(cell)):
        return float(cell)
    message = f"{as_written(cell)} is not a number"
    if not isinstance(cell, str):
        raise Refused("TABLE_NUMBER", message, "write a number")
    if is_decimal_comma and (either := _COMMA.fullmatch(cell.strip())):
        whole, rest = either.groups()
        raise Refused("TABLE_NUMBER", message, f"write {whole}.{rest}, or {whole}{rest} if the comma parts thousands")
    raise Refused("TABLE_NUMBER", message, _number_hint(cell))


def without_percent(cell: Any) -> Any:
    """Give a cell such as "45 %", as a sheet shows it, without its sign, and any other as it is."""
    match = _PERCENT.fullmatch(cell) if isinstance(cell, str) else None
    return match[1] if match else cell


def _number_hint(cell: str) -> str:
    """Say what number was likely meant: '1,860', '3,5', '1 860', '1860 MW', '~1860', 'n/a'."""
    text = re.sub(r"[\s'’_]", "", cell.replace("\u2212", "-"))
    if re.fullmatch(r"(n/?a|nan|null|none|-+|–|—|\?+|\.+|unknown)?", text, re.IGNORECASE):
        return "leave the cell blank"
    match = re.fullmatch(r"[~≈<>]?([+-]?[\d.,]+)([^\W\d_]\D*|%)?", text)
    if match is None:
        return "write a number, or leave the cell blank"
    digits, unit = match.group(1), match.group(2)
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", digits):
        digits = digits.replace(",", "")
    elif re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+,\d+|[+-]?\d{1,3}(\.\d{3}){2,}", digits):
        digits = digits.replace(".", "").replace(",", ".")
    elif digits.count(",") == 1 and "." not in digits:
        digits = digits.replace(",", ".")
    if not _NUMBER.fullmatch(digits):
        return "write a number, or leave the cell blank"
    if unit == "%" and digits == cell.removesuffix("%").rstrip():
        return f"write {digits}, or the unit '%' in atlas.toml"
    return f"write {digits}" + (f" and the unit {unit!r} in atlas.toml" if unit else "")


def has_decimal_commas(cells: Sequence[Any]) -> bool:
    """Tell whether a cell has a comma that can only begin decimals."""
    return any(isinstance(cell, str) and _DECIMAL_COMMA.fullmatch(cell.strip()) for cell in cells)


def first_grouped(cells: Sequence[str]) -> int | None:
    """Give the place of the first number whose point may part thousands, None where another's parts decimals."""
    pointed = [at for at, cell in enumerate(cells) if "." in cell]
    return pointed[0] if pointed and all(_GROUPED.fullmatch(cells[at]) for at in pointed) else None


def is_exact(cell: Any, value: float) -> bool:
    """Tell whether a number is what its cell says, to the last digit, where that is written as a whole number."""
    is_whole = type(cell) is int or (isinstance(cell, str) and re.fullmatch(r"[+-]?\d+", cell, re.ASCII) is not None)
    return not is_whole or int(cell) == int(value)  # as numbers of numpy both would be rounded


def is_written(value: Any, cell: str) -> bool:
    """Tell whether a cell says what a value of JSON does: true, 5.0 as 5 or 5.0."""
    if isinstance(value, float):
        number = parse_plain_numbers([cell])
        return number is not None and bool(number[0] == value)
    return cell == (value if isinstance(value, str) else as_json(value))


def as_written(cell: Any) -> str:
    return repr(cell) if isinstance(cell, str) else as_json(cell)[:60]


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)  # orjson stops at 64 bits and at 254 levels
