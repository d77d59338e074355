"""The list of codes: each fires somewhere, none is used that is not listed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from geo import errors
from geo.errors import DataError
from geo.problems import CODES, MOST_ALIKE, Problem, in_order, to_lines

ROOT = Path(__file__).parent.parent
EXPECTED = "\n".join(path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("tests/atlases/*/expected.txt")))


# A package that is not there cannot be put into a folder, hundreds of rows need not.
ELSEWHERE = {"FILE_PACKAGE": "test_read_formats.py", "TABLE_FILTER": "test_fields.py"}


@pytest.mark.parametrize("code", CODES)
def test_each_code_fires_in_a_case(code: str) -> None:
    said = EXPECTED if code not in ELSEWHERE else (ROOT / "tests" / ELSEWHERE[code]).read_text(encoding="utf-8")
    assert f"[{code}]" in said, "add a folder to tests/atlases/ that has this problem"


def test_every_code_in_the_sources_is_listed() -> None:
    area = "|".join(sorted({code.partition("_")[0] for code in CODES}))
    modules = sorted(path for path in ROOT.glob("geo/**/*.py") if path.name != "problems.py")
    sources = "\n".join(path.read_text(encoding="utf-8") for path in modules)
    assert set(re.findall(rf'"((?:{area})_[A-Z_]+)"', sources)) == set(CODES)


def test_every_error_is_in_the_drawn_tree() -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("geo/**/*.py")))
    bases = "AtlasError|ConfigError|DataError|EnvironmentFailure|OutputError"
    found = set(re.findall(rf"^class (\w+)\((?:{bases})\)", sources, re.MULTILINE))
    assert found == set(re.findall(r"^ +(?:\|-|'-) (\w+)", str(errors.__doc__), re.MULTILINE))


def test_a_problem_says_where_what_and_what_to_do() -> None:
    problem = Problem(
        code="TABLE_NUMBER",
        path="dams.csv",
        line=15,
        subject='row 14 column "capacity_mw"',
        message="'1,860' is not a number",
        hint="write 1860",
    )
    text = "dams.csv:15 row 14 column \"capacity_mw\": '1,860' is not a number. Fix: write 1860. [TABLE_NUMBER]"
    assert str(problem) == text
    assert str(problem.under("layers")) == f"layers/{text}"


def test_of_many_alike_some_are_printed_and_the_others_counted() -> None:
    def wrong(row: int, subject: str, code: str = "TABLE_NUMBER") -> Problem:
        return Problem(code=code, path="a.csv", line=row + 1, subject=f"row {row}{subject}", message="x")

    cells = [wrong(row, ' column "mw"') for row in range(1, 2001)]
    others = [wrong(2000, ' column "km"'), wrong(2000, ' column "mw"', "TABLE_RANGE"), wrong(2001, "", "TABLE_RAGGED")]
    lines = list(to_lines([*cells, *others]))
    assert lines[:MOST_ALIKE] == list(map(str, cells[:MOST_ALIKE]))
    assert lines[MOST_ALIKE] == "a.csv: and 1,990 more in this column, the last in row 2000. [TABLE_NUMBER]"
    assert lines[MOST_ALIKE + 1 :] == list(map(str, others))
    rows = [wrong(row, "", "TABLE_RAGGED") for row in range(1, 13)]
    assert list(to_lines(rows))[MOST_ALIKE:] == ["a.csv: and 2 more, the last in row 12. [TABLE_RAGGED]"]


def test_a_question_and_a_warning_keep_their_marks() -> None:
    problem = Problem(
        code="JOIN_NO_ROW",
        path="bases.geojson",
        line=12,
        subject='feature 3 ("kantt")',
        message="no row in bases.csv has id 'kantt'",
        hint="did you mean 'kant' (row 2)?",
        severity="warning",
    )
    assert str(problem) == (
        "bases.geojson:12 feature 3 (\"kantt\"): warning: no row in bases.csv has id 'kantt'. "
        "Fix: did you mean 'kant' (row 2)? [JOIN_NO_ROW]"
    )


def test_what_a_terminal_would_obey_is_written_out() -> None:
    problem = Problem(code="JSON_SYNTAX", path="a.geojson", subject='property "\x1b[2J"', message="Ош\n\x9b8m\u202e")
    assert str(problem) == 'a.geojson property "\\x1b[2J": Ош\\n\\x9b8m\\u202e. [JSON_SYNTAX]'


def test_of_a_long_value_the_beginning_is_printed_so_that_the_fix_stays_in_sight() -> None:
    long, cut = "Ош's " * 4000, "Ош's " * 16 + "…"
    problem = Problem(
        code="JOIN_NO_ROW",
        path="a.csv",
        subject=f'feature 3 ("{"k" * 81}") property "{"p" * 80}"',
        message=f"the layer's {long!r} is not {'kant'!r}, nor {'m' * 200} which is a word far from the others",
        hint=f"did you mean {long!r} (row 2)?",
    )
    feature = f'feature 3 ("{"k" * 80}…")'
    assert str(problem) == (
        f'a.csv {feature} property "{"p" * 80}": the layer\'s "{cut}" is not \'kant\', nor {"m" * 80}… '
        f'which is a word far from the others. Fix: did you mean "{cut}" (row 2)? [JOIN_NO_ROW]'
    )
    assert list(to_lines([problem] * 11))[-1].endswith(f"1 more in this column, the last in {feature}. [JOIN_NO_ROW]")


def test_problems_come_by_file_line_and_column_each_once() -> None:
    places = [("b.csv", 1, 0), ("a.csv", 10, 0), ("a.csv", 9, 3), ("a.csv", 9, 2), ("a.csv", 9, 3)]
    problems = [
        Problem(code="FILE_EMPTY", path=path, line=line, column=column, message="x") for path, line, column in places
    ]
    found = [(p.path, p.line, p.column) for p in in_order(problems)]
    assert found == [("a.csv", 9, 2), ("a.csv", 9, 3), ("a.csv", 10, 0), ("b.csv", 1, 0)]


def test_a_data_error_lists_all_problems() -> None:
    problems = [Problem(code="FILE_EMPTY", path=path, line=1, message="the file is empty") for path in ("b", "a")]
    assert str(DataError(problems)).splitlines() == [
        "a:1: the file is empty. [FILE_EMPTY]",
        "b:1: the file is empty. [FILE_EMPTY]",
    ]
