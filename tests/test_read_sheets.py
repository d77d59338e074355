"""Excel: what a sheet shows is what is read, and what its file has no value for is refused."""

from __future__ import annotations

import io
import zipfile

import pytest

from geo.errors import DataError
from geo.read.files import FileBytes
from geo.read.formats import read_table

NAMES = {
    "": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    ":r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}
OPEN = " ".join(f'xmlns{name}="{address}"' for name, address in NAMES.items())
# Cells of style 1 are shown by the first of these formats, those of style 2 by the second ...
FORMATS = ["0.0%", "yyyy", "mm\\.yyyy", "dd/mm/yyyy", "h:mm", '"y" 0', "yyyy-mm-dd hh:mm", "000"]
BUILT_IN = [9, 14, 17, 20]


def workbook(*sheets: str, strings: str = "", book: str = "", hidden: str = "") -> FileBytes:
    """Give a workbook as small as Excel still opens it, of the XML of its rows."""
    numbers = range(1, len(sheets) + 1)
    formats = "".join(f"<numFmt numFmtId=\"{164 + at}\" formatCode='{code}'/>" for at, code in enumerate(FORMATS))
    styles = "".join(f'<xf numFmtId="{at}"/>' for at in [0, *(164 + at for at in range(len(FORMATS))), *BUILT_IN])
    links = "".join(
        f'<Relationship Id="r{n}" Type="{NAMES[":r"]}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    states = {n: f' state="{hidden}"' if hidden and n > 1 else "" for n in numbers}
    named = "".join(f'<sheet name="Sheet{n}" sheetId="{n}"{states[n]} r:id="r{n}"/>' for n in numbers)
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("xl/workbook.xml", f"<workbook {OPEN}>{book}<sheets>{named}</sheets></workbook>")
        archive.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{links}</Relationships>")
        archive.writestr("xl/sharedStrings.xml", f"<sst {OPEN}>{strings}</sst>")
        archive.writestr(
            "xl/styles.xml",
            f"<styleSheet {OPEN}><numFmts>{formats}</numFmts><cellXfs>{styles}</cellXfs></styleSheet>",
        )
        for n, rows in zip(numbers, sheets, strict=True):
            archive.writestr(f"xl/worksheets/sheet{n}.xml", f"<worksheet {OPEN}>{rows}</worksheet>")
    return FileBytes("bases.xlsx", data.getvalue(), "")


def rows(*cells: str, more: str = "") -> str:
    return f"<sheetData>{''.join(f'<row>{row}</row>' for row in cells)}</sheetData>{more}"


def text(value: str) -> str:
    return f'<c t="inlineStr"><is><t>{value}</t></is></c>'


def column(*cells: str) -> list[str]:
    """Give the texts of cells under a header."""
    table = read_table(workbook(rows(text("c"), *cells)))
    assert table.problems == ()
    return table.columns["c"]


def test_reads_a_sheet_with_the_lines_of_its_rows() -> None:
    sheet = """<sheetData>
    <row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>
    <row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2"><v>500</v></c><c r="D2" s="1"/></row>
    <row r="4"><c r="B4"><f>B2/4</f><v>125.5</v></c><c r="A4" t="inlineStr"><is><t>NA</t></is></c></row>
    </sheetData>"""
    strings = "<si><t>id</t></si><si><t>staff </t></si><si><r><t>ka</t></r><r><t>nt</t></r><rPh><t>x</t></rPh></si>"
    table = read_table(workbook(sheet, "<sheetData/>", strings=strings))
    assert table.columns == {"id": ["kant", "NA"], "staff": ["500", "125.5"]}
    assert table.numbers.tolist() == [1, 3]
    assert table.lines.tolist() == [2, 4]
    assert table.problems == ()


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("<c><v>74.846500000000006</v></c>", "74.8465"),
        ("<c><v>1E3</v></c>", "1000"),
        ("<c><f>0.1+0.2</f><v>0.30000000000000004</v></c>", "0.3"),
        ('<c t="b"><v>1</v></c>', "true"),
        ('<c t="d"><v>2003-10-23T00:00:00</v></c>', "2003-10-23"),
        ('<c t="str"><f>A1</f><v>Ош</v></c>', "Ош"),
        ('<c s="1"><v>0.45</v></c>', "45%"),
        ('<c s="9"><v>7.0000000000000007E-2</v></c>', "7%"),
        ('<c s="2"><v>40178</v></c>', "2009"),
        ('<c s="3"><v>40178</v></c>', "2009-12"),
        ('<c s="4"><v>40178</v></c>', "2009-12-31"),
        ('<c s="10"><v>40178</v></c>', "2009-12-31"),
        ('<c s="11"><v>40178</v></c>', "2009-12"),
        ('<c s="4"><v>1</v></c>', "1900-01-01"),
        ('<c s="4"><v>-7915</v></c>', "1878-04-29"),
        ('<c s="2"><v>-7915</v></c>', "1878"),
        ('<c s="4"><v>-693593</v></c>', "0001-01-01"),
        ('<c s="5"><v>-0.25</v></c>', "-0.25"),
        ('<c s="5"><v>0.4375</v></c>', "10:30:00"),
        ('<c s="12"><v>0.4375</v></c>', "10:30:00"),
        ('<c s="5"><v>1.25</v></c>', "30:00:00"),
        ('<c s="6"><v>12</v></c>', "12"),
        ('<c s="8"><v>7</v></c>', "007"),
        ('<c s="8"><v>1234</v></c>', "1234"),
        ('<c s="8"><v>7.5</v></c>', "7.5"),
        ('<c s="8"><v>-7</v></c>', "-7"),
        ('<c s="7"><v>40178.4375</v></c>', "2009-12-31T10:30:00"),
        (text("Lake_x000D_\nBalkhash"), "Lake\nBalkhash"),
        (text("a_x005F_x000D_"), "a_x000D_"),
    ],
)
def test_a_cell_is_what_its_sheet_shows(cell: str, shown: str) -> None:
    assert column(cell) == [shown]


def test_days_may_be_counted_from_1904() -> None:
    sheet = rows(text("c"), '<c s="4"><v>38716</v></c>')
    table = read_table(workbook(sheet, book='<workbookPr date1904="1"/>'))
    assert table.columns["c"] == ["2009-12-31"]


@pytest.mark.parametrize(
    ("cell", "more", "says"),
    [
        (
            '<c r="A3" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
            "",
            "cell A3: #DIV/0! is an error, not a value. Fix: write its value, or leave it blank where it is not known.",
        ),
        (
            '<c r="A3"><f>B3*2</f></c>',
            "",
            "cell A3: the file has a formula there and no value. Fix: open it in a spreadsheet and save it.",
        ),
        (
            "",
            '<mergeCells><mergeCell ref="A3:A5"/></mergeCells>',
            "cells A3:A5: the cells are merged: all but the first are blank. Fix: unmerge them and fill each.",
        ),
    ],
)
def test_a_cell_without_a_value_of_its_own_is_an_error(cell: str, more: str, says: str) -> None:
    table = read_table(workbook(rows(text("c"), text("kant"), cell, more=more)))
    assert [str(problem) for problem in table.problems] == [f"bases.xlsx:3 {says} [TABLE_CELL]"]


def test_a_formula_may_give_an_empty_text() -> None:
    assert column(text("kant"), '<c t="str"><f>""</f><v></v></c>') == ["kant"]


def test_a_control_character_is_told_as_in_a_csv() -> None:
    table = read_table(workbook(rows(text("c"), text("Lake_x000B_Balkhash"))))
    assert table.columns["c"] == ["Lake Balkhash"]
    assert [(problem.code, problem.line) for problem in table.problems] == [("TABLE_CONTROL", 2)]


def test_does_not_take_the_first_of_two_sheets() -> None:
    with pytest.raises(DataError) as caught:
        read_table(workbook(rows(text("id"), text("kant")), rows(text("id"))))
    assert str(caught.value) == (
        "bases.xlsx: it has 2 sheets with content: Sheet1, Sheet2. Fix: keep one sheet a file. [FILE_KIND]"
    )


def test_a_title_above_the_names_of_the_columns_is_told_as_one() -> None:
    sheet = rows(text("Dams of 2024"), text("id") + text("name") + text("mw"), text("a") + text("A") + text("5"))
    with pytest.raises(DataError) as caught:
        read_table(workbook(sheet))
    assert str(caught.value) == (
        "bases.xlsx:1: the first line holds one text ('Dams of 2024'), not the names of the columns. Fix: take out what"
        " stands above the names of the columns. [TABLE_HEADER]"
    )


def test_a_column_without_any_text_is_none() -> None:
    sheet = rows('<c r="A1" t="str"><v>id</v></c><c r="C1" t="str"><v>mw</v></c>', '<c r="C2"><v>5</v></c>')
    assert read_table(workbook(sheet)).columns == {"id": [""], "mw": ["5"]}


def packed(file: FileBytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Give a workbook compressed."""
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file.data)) as whole, zipfile.ZipFile(data, "w", method) as archive:
        for name in whole.namelist():
            archive.writestr(name, whole.read(name))
    return data.getvalue()


def damaged(file: FileBytes, *, flags: int = 0, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Give a workbook, compressed, with a part that is no compressed text, or with other flags of its first part."""
    data = packed(file, method)
    at = data.index(b"PK\x01\x02") + 8 if flags else 30 + len("xl/workbook.xml")
    return data[:at] + bytes([flags or 0xFF]) + data[at + 1 :]


BEYOND = rows(text("c"), '<c s="4"><v>2958465</v></c>')  # the year 10003, counted from 1904


@pytest.mark.parametrize(
    "data",
    [
        b"PK",
        b"PK\x03\x04" + bytes(40),
        workbook("<sheetData>").data,
        damaged(workbook(BEYOND)),
        damaged(workbook(BEYOND), flags=1),  # "it has a password"
        damaged(workbook(BEYOND), method=zipfile.ZIP_LZMA),
        damaged(workbook(BEYOND), method=zipfile.ZIP_BZIP2),
        workbook(f'<sheetData><row r="{10**20}">{text("c")}</row></sheetData>').data,
        workbook(f'<sheetData><row r="-5">{text("c")}</row></sheetData>').data,
        workbook(BEYOND, book='<workbookPr date1904="1"/>').data,
    ],
)
def test_a_damaged_workbook_is_refused(data: bytes) -> None:
    with pytest.raises(DataError, match="it cannot be read as"):
        read_table(FileBytes("bases.xlsx", data, ""))


def test_a_small_file_that_unpacks_to_gigabytes_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    data = packed(workbook(rows(text("c")), strings=100_000 * f"<si><t>{40 * 'a'}</t></si>"))
    assert read_table(FileBytes("bases.xlsx", data, "")).columns == {"c": []}, "up to a size it does no harm"
    monkeypatch.setattr("geo.read.archive.SMALL_BYTES", 1_000_000)
    with pytest.raises(DataError, match=r"bases\.xlsx: .*xl/sharedStrings\.xml would unpack to 6 MB"):
        read_table(FileBytes("bases.xlsx", data, ""))


@pytest.mark.parametrize("hidden", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_not_read(hidden: str) -> None:
    book = workbook(rows(text("id"), text("kant")), rows(text("choices"), text("open")), hidden=hidden)
    assert read_table(book).columns == {"id": ["kant"]}
    with pytest.raises(DataError, match="it has no sheet with content that is not hidden"):
        read_table(workbook(rows(), rows(text("id")), hidden=hidden))


def test_blank_rows_and_columns_before_a_table_are_none() -> None:
    head = '<row r="3"><c r="B3" t="inlineStr"><is><t>id</t></is></c><c r="C3"><v>2019</v></c></row>'
    sheet = f'<sheetData>{head}<row r="4"><c r="B4"><v>7</v></c></row></sheetData>'
    table = read_table(workbook(sheet))
    assert table.columns == {"id": ["7"], "2019": [""]}
    assert (table.lines.tolist(), table.numbers.tolist()) == ([4], [1])
    with pytest.raises(DataError, match=r'bases.xlsx:3 column "7": columns 1 and 2 bear the same name'):
        read_table(workbook('<sheetData><row r="3"><c r="B3"><v>7</v></c><c r="C3"><v>7</v></c></row></sheetData>'))


def test_a_cell_of_text_without_any_is_blank() -> None:
    assert read_table(workbook(rows(text("c"), '<c t="inlineStr"/>', text("kant")))).columns == {"c": ["kant"]}
