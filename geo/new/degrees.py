"""Longitude and latitude as people write them: 42.7464, 42,7464, 42.7464 N, 42°44'47"N, 42° 44.783′ с. ш.

Input: a cell. Output: degrees, west and south below zero.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from geo.check.cells import Refused, parse_number

AXES = ("lon", "lat")
_SIDES = {"lon": {"e": 1, "w": -1, "вд": 1, "зд": -1}, "lat": {"n": 1, "s": -1, "сш": 1, "юш": -1}}
_SIDE = r"[a-z]|[а-яА-Я]\.?\s*[а-яА-Я]\.?"
_PART = r"(\d+(?:\.\d+)?)\s*"
_SECONDS = rf"(?:{_PART}(?:[\"″”ʺ]|['′’ʹ]{{2}})\s*)?"
_MINUTES = rf"(?:{_PART}['′’ʹ]\s*{_SECONDS})?"
_ANGLE = re.compile(
    rf"({_SIDE})?\s*([+\-\u2212]?)\s*{_PART}(?:[°º˚]\s*{_MINUTES})?({_SIDE})?", re.ASCII | re.IGNORECASE
)
_PAIR = re.compile(r"\(?[+-]?\d{1,3}\.\d+[°,;\s]+[+-]?\d{1,3}\.\d+°?\)?", re.ASCII)


def parse_degrees(cell: str, axis: str) -> float | None:
    """Give the degrees of a cell that is not blank, None where it has none; `axis`: of `AXES`."""
    text = cell.strip().replace(",", ".")
    try:
        return parse_number(text)
    except Refused:
        angle = _ANGLE.fullmatch(text)
    if not angle:
        return None
    before, sign, degrees, minutes, seconds, after = (part or "" for part in angle.groups())
    side = re.sub(r"[\s.]", "", before or after).casefold()
    if (before and after) or (side and (sign or side not in _SIDES[axis])):
        return None
    if max(float(minutes or 0), float(seconds or 0)) >= 60:
        return None
    if (minutes and "." in degrees) or (seconds and "." in minutes):
        return None
    size = math.fsum((float(degrees), float(minutes or 0) / 60, float(seconds or 0) / 3600))
    return size * (_SIDES[axis][side] if side else -1 if sign in ("-", "\u2212") else 1)


def is_angle(cell: str) -> bool:
    """Tell degrees that are no plain number, such as those with minutes."""
    return bool(re.search(r"[^\d.,+\-\s]", cell)) and any(parse_degrees(cell, axis) is not None for axis in AXES)


def are_pairs(cells: Sequence[str]) -> bool:
    """Tell a column that has both numbers of each place: "42.7464, 75.2505"."""
    known = [cell for cell in cells if cell]
    return bool(known) and all(map(_PAIR.fullmatch, known))
