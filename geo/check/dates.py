"""Dates of the data: EDTF (ISO 8601-2, level 1) text to its earliest and latest day.

`2003`, `2003-10`, `2003-10-23`, a trailing `?` `~` `%`, years down to -9999, `..` for an open end, and in records an
interval `a/b`. Seasons, sets and unspecified digits are refused: a slider has no place for them.

The parser is our own because it must be exact (the usual package accepts 29 February 2003) and quick (that one takes
6 ms a date; here a text that repeats is parsed once).
"""

from __future__ import annotations

import calendar
import re
from functools import lru_cache

import numpy as np

from geo.check.cells import Refused
from geo.model import OPEN_END, OPEN_START, Edtf

_DATE = re.compile(r"(-?\d{4})(?:-(\d\d)(?:-(\d\d))?)?[?~%]?", re.ASCII)
_MONTHS = tuple(
    names.split(" ")
    for names in (
        *("january januar январь января", "february februar февраль февраля", "march märz март марта"),
        *("april апрель апреля", "may mai май мая", "june juni июнь июня", "july juli июль июля"),
        *("august август августа", "september сентябрь сентября", "october oktober октябрь октября"),
        *("november ноябрь ноября", "december dezember декабрь декабря"),
    )
)
"""As English, German and Russian write them, the last beside a day, too."""


class DateError(Refused):
    """A text is not a date; `hint` says what to write instead."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__("TABLE_DATE", message, hint)


def day_number(year: int, month: int, day: int) -> int:
    """Give the days since 1970-01-01 of a date of the proleptic Gregorian calendar, any year.

    The year is counted from March, so that the leap day is its last (H. Hinnant, chrono-compatible date algorithms).
    """
    year -= month <= 2
    era, of_era = divmod(year, 400)
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


@lru_cache(maxsize=65_536)
def parse_date(text: str) -> Edtf:
    """Give the days that a date covers; `..` covers all.

    Raises
    ------
    DateError
        with what is wrong and what to write.
    """
    return _parse(text, may_be_interval=False)


def _parse(text: str, *, may_be_interval: bool) -> Edtf:
    """Give the days of a date; where it is none, the advice is of an interval where one may be written."""
    if text == "..":
        return Edtf(OPEN_START, OPEN_END, text)
    match = _DATE.fullmatch(text)
    if match is None:
        raise _refusal(text, may_be_interval=may_be_interval)
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    if month is None:
        return Edtf(day_number(year, 1, 1), day_number(year, 12, 31), text)
    if 21 <= month <= 41 and day is None:
        raise DateError(f"{text!r} is a season, which the year slider cannot show", f"write the months or {match[1]}")
    if not 1 <= month <= 12:
        raise DateError(f"{text!r} has no month {month}", "write year-month-day, the month from 01 to 12")
    last = calendar.monthrange(year, month)[1]
    if day is None:
        return Edtf(day_number(year, month, 1), day_number(year, month, last), text)
    if not 1 <= day <= last:
        message = f"{text!r} is not a day: {match[1]}-{month:02d} has {last} days"
        raise DateError(message, f"write a day from 01 to {last}")
    number = day_number(year, month, day)
    return Edtf(number, number, text)


@lru_cache(maxsize=65_536)
def parse_period(text: str) -> Edtf:
    """Give the days that a date or an interval `a/b` covers, `..` on either side for an open end.

    Raises
    ------
    DateError
        with what is wrong and what to write.
    """
    if "/" not in text or _refused_slash(text):
        return _parse(text, may_be_interval=True)
    first, _, last = text.partition("/")
    if "/" in last:
        raise DateError(f"{text!r} has more than two ends", f"write {first}/{last.rpartition('/')[2]}")
    if not first or not last:
        raise DateError(f"{text!r} has a blank end", "write .. for an open end")
    earliest, latest = parse_date(first).earliest, parse_date(last).latest
    if earliest > latest:
        raise DateError(f"{text!r} ends before it begins", f"write {last}/{first}")
    return Edtf(earliest, latest, text)


def _refused_slash(text: str) -> bool:
    """True for 23/10/2003, 10/2003 and 2003/10/23, which are no intervals."""
    return re.fullmatch(r"(\d{1,2}/)?\d{1,2}/\d{2,4}|\d{4}/\d{1,2}(/\d{1,2})?", text) is not None


def _refusal(text: str, *, may_be_interval: bool) -> DateError:
    """Say why `text` is refused and, where its meaning is plain, what to write."""
    if re.search(r"[Xu]", text) and re.fullmatch(r"-?[\dXu-]+[?~%]?", text):
        years = "an interval such as 2000/2009" if may_be_interval else "valid_from and valid_to"
        return DateError(f"{text!r} has unspecified digits", f"write the years as {years}, or one year with ~")
    if text[:1] in "[{":
        return DateError(f"{text!r} is a set of dates", "write one date, or one row for each")
    span = re.fullmatch(r"(\d{4}) ?[-\u2013\u2014] ?(\d{4})", text, re.ASCII)
    if span and may_be_interval:
        return DateError(f"{text!r} is not a date", f"write {span[1]}/{span[2]}")
    if span or ("/" in text and not _refused_slash(text)):
        return DateError(
            f"{text!r} is an interval, one date is expected here", "write its ends into valid_from and valid_to"
        )
    if text.strip() != text:
        return DateError(f"{text!r} has a space around it", f"write {text.strip()}")
    if re.fullmatch(r"[^\W\d]{3,}[-. ]+\d\d", text):
        hint = "write the year first and in full, such as 2003-10; a column formatted as text stays as it is written"
        return DateError(f"{text!r} is a month as a spreadsheet shows it, its century lost", hint)
    likely = likely_date(text)
    return DateError(f"{text!r} is not a date", f"write {likely}" if likely else "write 2003, 2003-10 or 2003-10-23")


def likely_date(text: str) -> str:
    """Give the EDTF text of a date written another way, or "" where it can be read in two ways."""
    if match := re.fullmatch(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?:[T ].*)?", text):
        return _joined(*match.groups())
    if match := re.fullmatch(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})", text):
        first, mark, second, year = match.groups()
        if mark == "." or int(first) > 12:
            return _joined(year, second, first)
        return _joined(year, first, second) if int(second) > 12 or first == second else ""
    if match := re.fullmatch(r"(\d{1,2})[./](\d{4})", text):
        return _joined(match[2], match[1], None)
    if match := re.fullmatch(r"(?:(\d{1,2})\.?[ -] ?)?([^\W\d_]{3,})\.?[ -](\d{4})(?: ?г\.?| года)?", text):
        word = match[2].lower()
        months = [number for number, names in enumerate(_MONTHS, 1) if any(name.startswith(word) for name in names)]
        return _joined(match[3], str(months[0]), match[1]) if months else ""
    if match := re.fullmatch(r"(?:c\.|ca\.?|circa) ?(\d{4})|(\d{4}) ?\(?\?\)?", text):
        return f"{match[1]}~" if match[1] else f"{match[2]}?"
    if match := re.fullmatch(r"([1-9]\d{0,3}) ?(?:BCE?|до н\. ?э\.)", text, re.ASCII):
        year = int(match[1]) - 1  # of EDTF the year 0 is 1 BC
        return f"-{year:04}" if year else "0000"
    if re.fullmatch(r"\d{3}|-\d{1,3}", text, re.ASCII):  # 95 is 1995 as well
        return text.zfill(5 if text[0] == "-" else 4)
    return ""


def _joined(year: str, month: str | None, day: str | None) -> str:
    """Join the parts, or give "" where they are no date."""
    text = "-".join([year, *(part.zfill(2) for part in (month, day) if part)])
    try:
        parse_date(text)
    except DateError:
        return ""
    return text


def year_of(day: int) -> int:
    """The year of a day counted from 1970-01-01."""
    return int(np.datetime64(day, "D").astype("datetime64[Y]").astype(np.int64)) + 1970
