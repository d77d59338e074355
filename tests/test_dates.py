"""Dates: what EDTF text covers, and what is said about text that is none."""

from __future__ import annotations

from datetime import date

import pytest

from geo.check.dates import DateError, day_number, parse_date, parse_period
from geo.model import OPEN_END, OPEN_START, Edtf


def days(first: str, last: str, text: str) -> Edtf:
    epoch = date(1970, 1, 1)
    return Edtf((date.fromisoformat(first) - epoch).days, (date.fromisoformat(last) - epoch).days, text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2003", "2003-01-01", "2003-12-31"),
        ("2003-10", "2003-10-01", "2003-10-31"),
        ("2003-10-23", "2003-10-23", "2003-10-23"),
        ("2004-02", "2004-02-01", "2004-02-29"),
        ("1900-02", "1900-02-01", "1900-02-28"),
        ("2000-02-29", "2000-02-29", "2000-02-29"),
        ("1956~", "1956-01-01", "1956-12-31"),
        ("2001-12?", "2001-12-01", "2001-12-31"),
        ("2014-06-03%", "2014-06-03", "2014-06-03"),
    ],
)
def test_covers_every_day_of_its_precision(text: str, first: str, last: str) -> None:
    assert parse_date(text) == days(first, last, text)


def test_two_dots_are_open_on_both_sides() -> None:
    assert parse_date("..") == Edtf(OPEN_START, OPEN_END, "..")


def test_day_numbers_agree_with_the_standard_library() -> None:
    for number in range(-200_000, 200_000, 997):
        day = date.fromordinal(number + 719_163)
        assert day_number(day.year, day.month, day.day) == number


def test_years_before_our_era_come_first() -> None:
    assert parse_date("-0329").latest < parse_date("0001").earliest


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("2003-02-29", "'2003-02-29' is not a day: 2003-02 has 28 days", "write a day from 01 to 28"),
        ("2003-13", "'2003-13' has no month 13", "write year-month-day, the month from 01 to 12"),
        ("2003-22", "'2003-22' is a season, which the year slider cannot show", "write the months or 2003"),
        ("-0001-02-30", "'-0001-02-30' is not a day: -0001-02 has 28 days", "write a day from 01 to 28"),
        ("-0001-22", "'-0001-22' is a season, which the year slider cannot show", "write the months or -0001"),
        (
            "2003-2005",
            "'2003-2005' is an interval, one date is expected here",
            "write its ends into valid_from and valid_to",
        ),
        ("200X", "'200X' has unspecified digits", "write the years as valid_from and valid_to, or one year with ~"),
        ("[2003,2004]", "'[2003,2004]' is a set of dates", "write one date, or one row for each"),
        (
            "2003/2014",
            "'2003/2014' is an interval, one date is expected here",
            "write its ends into valid_from and valid_to",
        ),
        ("23.10.2003", "'23.10.2003' is not a date", "write 2003-10-23"),
        ("10/23/2003", "'10/23/2003' is not a date", "write 2003-10-23"),
        ("03/04/2003", "'03/04/2003' is not a date", "write 2003, 2003-10 or 2003-10-23"),
        ("2003/10/23", "'2003/10/23' is not a date", "write 2003-10-23"),
        ("2003-1-5", "'2003-1-5' is not a date", "write 2003-01-05"),
        ("2003-10-23T00:00:00", "'2003-10-23T00:00:00' is not a date", "write 2003-10-23"),
        ("Oct 2003", "'Oct 2003' is not a date", "write 2003-10"),
        ("3 Sept. 2003", "'3 Sept. 2003' is not a date", "write 2003-09-03"),
        ("Decree 2003", "'Decree 2003' is not a date", "write 2003, 2003-10 or 2003-10-23"),
        ("12/2010", "'12/2010' is not a date", "write 2010-12"),
        ("10.2003", "'10.2003' is not a date", "write 2003-10"),
        ("c. 1956", "'c. 1956' is not a date", "write 1956~"),
        ("988", "'988' is not a date", "write 0988"),
        ("-44", "'-44' is not a date", "write -0044"),
        ("95", "'95' is not a date", "write 2003, 2003-10 or 2003-10-23"),
        ("44 BC", "'44 BC' is not a date", "write -0043"),
        ("1 до н. э.", "'1 до н. э.' is not a date", "write 0000"),
        ("0 BC", "'0 BC' is not a date", "write 2003, 2003-10 or 2003-10-23"),
        (" 2003", "' 2003' has a space around it", "write 2003"),
        ("٢٠٠٣", "'٢٠٠٣' is not a date", "write 2003, 2003-10 or 2003-10-23"),
        (
            "Oct-03",
            "'Oct-03' is a month as a spreadsheet shows it, its century lost",
            "write the year first and in full, such as 2003-10; a column formatted as text stays as it is written",
        ),
        (
            "окт.03",
            "'окт.03' is a month as a spreadsheet shows it, its century lost",
            "write the year first and in full, such as 2003-10; a column formatted as text stays as it is written",
        ),
        ("soon", "'soon' is not a date", "write 2003, 2003-10 or 2003-10-23"),
    ],
)
def test_says_what_is_wrong_and_what_to_write(text: str, message: str, hint: str) -> None:
    with pytest.raises(DateError) as caught:
        parse_date(text)
    assert (str(caught.value), caught.value.hint) == (message, hint)


def test_a_period_runs_from_its_first_to_its_last_day() -> None:
    assert parse_period("2003-10/2014") == days("2003-10-01", "2014-12-31", "2003-10/2014")
    assert parse_period("2003/..") == Edtf(parse_date("2003").earliest, OPEN_END, "2003/..")
    assert parse_period("2003") == parse_date("2003")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("2014/2003", "write 2003/2014"),
        ("2003/", "write .. for an open end"),
        ("2003/10/23", "write 2003-10-23"),
        ("12/2010", "write 2010-12"),
        ("2003-2005", "write 2003/2005"),
        ("2003 \u2013 2005", "write 2003/2005"),
        ("2003/2004/2005", "write 2003/2005"),
        ("200X", "write the years as an interval such as 2000/2009, or one year with ~"),
    ],
)
def test_a_period_says_what_is_wrong(text: str, hint: str) -> None:
    with pytest.raises(DateError) as caught:
        parse_period(text)
    assert caught.value.hint == hint
