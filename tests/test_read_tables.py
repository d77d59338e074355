"""Tables: every separator, encoding and quotation, with true rows and lines; nothing is guessed."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import DataError
from geo.read import tables
from geo.read.files import FileBytes
from geo.read.tables import Table, read_csv


def read(text: str | bytes) -> Table:
    return read_csv(FileBytes("bases.csv", text.encode() if isinstance(text, str) else text, ""))


PLAIN = "id,name\nkant,Кант\nosh,Ош\n"
EXPECTED = {"id": ["kant", "osh"], "name": ["Кант", "Ош"]}


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        PLAIN.encode("utf-16-le"),
        PLAIN.encode("utf-16-be"),
        PLAIN.encode("utf-32"),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").encode(),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.rstrip().encode(),
        PLAIN.replace("kant", '"kant"').encode(),
        PLAIN.replace("id,name", '"id","name"').encode(),
        PLAIN.replace("id,name", " id , name ").encode(),
        PLAIN.replace("\nosh", "\n\n,\nosh").encode(),
        (PLAIN + ",\n\n").encode(),
    ],
)
def test_reads_what_spreadsheets_write(data: bytes) -> None:
    assert read(data).columns == EXPECTED


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "sep=;\nid;name;c\nkant;Кант;x\n",
            "the first line ('sep=;') is a note for Excel, not the names of the columns. Fix: take it out.",
        ),
        (
            'id|"name"\nkant|Кант\n',
            "the columns are separated by | ('id|\"name\"'). Fix: separate them by commas, semicolons or tabs.",
        ),
    ],
)
def test_says_why_a_header_is_none(text: str, says: str) -> None:
    with pytest.raises(DataError) as caught:
        read(text)
    assert str(caught.value) == f"bases.csv:1: {says} [TABLE_HEADER]"


def test_text_stays_text() -> None:
    cells = ["NA", "007", "nan", "1e5", "TRUE", "", " x ", "08123"]
    assert read("id,n\n" + "".join(f"{cell},1\n" for cell in cells)).columns["id"] == cells


def test_rows_and_lines_are_those_of_the_editor() -> None:
    table = read('id,note\nkant,"one\ntwo"\n\nosh,x\n,\nmanas,y\n')
    assert table.columns["id"] == ["kant", "osh", "manas"]
    assert table.lines.tolist() == [2, 5, 7]
    assert [table.subject(row) for row in range(3)] == ["row 1", "row 3", "row 5"]


def test_quotation_marks_inside_a_cell_are_read() -> None:
    assert read('id,note\nkant,"the ""first"" base; 5"" pipe"\n').columns["note"] == ['the "first" base; 5" pipe']
    assert read('id,note\nkant,5" pipe\n').columns["note"] == ['5" pipe']


def test_a_separator_in_the_quoted_header_does_not_deceive() -> None:
    assert read('id;"name, full, long"\nkant;Kant\n').columns == {"id": ["kant"], "name, full, long": ["Kant"]}


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Co"]), max_size=5),
            min_size=3,
            max_size=3,
        ),
        max_size=6,
    ),
    st.sampled_from(",;\t"),
)
def test_the_plain_split_finds_what_the_csv_module_finds(rows: list[list[str]], separator: str) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\n").writerows([["a", "b", "c"], *rows])
    plain = tables._split_plain(text.getvalue(), separator)
    exact = tables._split_exactly("x.csv", text.getvalue(), separator)
    if plain is not None:
        assert plain.header == exact.header
        assert plain.columns == exact.columns
        assert plain.lines.tolist() == exact.lines.tolist()
        assert plain.numbers.tolist() == exact.numbers.tolist()
    assert [list(row) for row in zip(*exact.columns, strict=True)] == [row for row in rows if any(row)]


def test_ragged_rows_are_named_and_left_out() -> None:
    table = read("id,name\nkant\nosh,Ош\nmanas,a,b,c\n")
    assert table.columns["id"] == ["osh"]
    assert list(map(str, table.problems)) == [
        "bases.csv:2 row 1: the row has 1 cell, the header 2. Fix: add 1 cell, left blank where nothing is known. "
        "[TABLE_RAGGED]",
        "bases.csv:4 row 3: the row has 4 cells, the header 2. Fix: put quotation marks around a cell that has a comma "
        "inside, or take out what is too much. [TABLE_RAGGED]",
    ]
    assert {"kant", "manas"} <= table.refused


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '"Data Source","WDI",\n\n"Updated","2026",\n\n"Name","Code","2010","2011"\nFiji,FJI,1,2\nNauru,NRU,3,4\n',
            "the first line has 3 cells, the table that begins in line 5 has 4. Fix: take out what stands above its "
            "header ('Name,Code,2010,2011'). [TABLE_HEADER]",
        ),
        (
            "id,name, in full\nkant,Kant\nosh,Osh\n",
            "has 3 cells, all rows have 2. Fix: put quotation marks around a name",
        ),
        ("id\nkant,Kant\nosh,Osh\n", "the header has 1 cell, all rows have 2. Fix: add the names that are missing."),
        *(
            (
                f"{title}\nname;lon;lat\nKant;74,8;42,8\nOsh;72,8;40,5\n",
                "the first line has 1 cell, the table that begins in line 2 has 3. Fix: take out what stands above its "
                "header ('name;lon;lat').",
            )
            for title in ("Bases", "Bases, 2024, ministry", '"Bases; all, of them"', "Bases, of all, 2024, here, there")
        ),
    ],
)
def test_a_header_that_no_row_fits_is_what_is_wrong(text: str, said: str) -> None:
    with pytest.raises(DataError) as caught:
        read(text)
    (problem,) = map(str, caught.value.problems)
    assert problem.startswith("bases.csv:1: ")
    assert said in problem


@pytest.mark.parametrize("rows", ["kant,Kant,\nosh,Osh,,\n", 'kant,Kant\nosh,"Osh",\n'])
def test_blank_cells_beyond_the_last_column_are_none(rows: str) -> None:
    table = read(f"id,name\n{rows}")
    assert (table.columns, table.problems) == ({"id": ["kant", "osh"], "name": ["Kant", "Osh"]}, ())
    assert (table.lines.tolist(), table.numbers.tolist()) == ([2, 3], [1, 2])


def test_a_cell_beyond_the_last_column_is_told_even_where_others_are_blank() -> None:
    table = read("id,name\nkant,Kant,\nosh,Osh\nmanas,Manas\nnaryn,Naryn,x\n")
    assert [problem.code for problem in table.problems] == ["TABLE_RAGGED", "TABLE_RAGGED"]


def test_a_note_under_a_table_is_to_be_taken_out() -> None:
    (problem,) = read("id,name,km\nkant,Kant,1\n\nSource: census\n").problems
    assert problem.hint == "add 2 cells, left blank where nothing is known, or take it out where it is a note"


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("id;km\nkant;2,5\nosh;2,6\n", ["id", "km"]),
        ("name\na;b\nc;d\n", ["name"]),
        ("id,name,source\nkant,Kant,a;b\nosh,Osh\nmanas,Manas,a;b\n", ["id", "name", "source"]),
    ],
)
def test_the_first_line_tells_the_separator(text: str, columns: list[str]) -> None:
    assert list(read(text).columns) == columns


def test_a_carriage_return_in_a_name_does_not_end_the_row() -> None:
    table = read("id,name\nbalkhash,Lake\rBalkhash\nosh,Ош\n")
    assert table.columns["name"] == ["Lake Balkhash", "Ош"]
    assert [str(problem) for problem in table.problems] == [
        "bases.csv:2 row 1 column \"name\": warning: 'Lake\\rBalkhash' has a control character inside, "
        "read as a space. Fix: write 'Lake Balkhash'. [TABLE_CONTROL]"
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("id,name,id\nkant,Kant,x\n", "TABLE_HEADER_DUPLICATE"),
        ("id,,name\nkant,x,Kant\n", "TABLE_HEADER_BLANK"),
        ("74.85,42.85\n74.47,43.06\n", "TABLE_HEADER"),
        ('id,name\nkant,"Kant\nosh,Osh\n', "TABLE_QUOTE"),
        ('id,name\nkant,"Kant" base\n', "TABLE_QUOTE"),
        (b"id,name\nkant,\xca\xe0\xed\xf2 \xe0\xe2\xe8\xe0\xe1\xe0\xe7\xe0\n", "FILE_ENCODING"),
        (b"\xff\xfei\x00d\x00\n", "FILE_ENCODING"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(text: str | bytes, code: str) -> None:
    with pytest.raises(DataError) as caught:
        read(text)
    assert [problem.code for problem in caught.value.problems] == [code]


def test_a_cell_may_be_long() -> None:
    assert len(read(f'id,note\nkant,"{"x" * 500_000}"\n').columns["note"][0]) == 500_000
