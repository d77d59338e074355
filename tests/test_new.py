"""A new atlas from one file, or from nothing: the next build succeeds."""

from __future__ import annotations

import contextlib
import csv
import errno
import io
import itertools
import json
import os
import re
import sqlite3
import struct
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely

from geo.cli import main
from geo.config.schema import FieldConfig
from geo.config.settings import read_config
from geo.load.atlas import load_atlas
from geo.model import LayerData
from geo.new.atlas import new_atlas
from tests.small import write_atlas
from tests.test_read_sheets import rows, text, workbook

LAYERS = Path(__file__).parent.parent / "layers"


def make(tmp_path: Path, name: str, content: str | bytes) -> Path:
    """Write a file and make an atlas of it; gives the atlas folder."""
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    new_atlas(tmp_path / "atlas", path)
    return tmp_path / "atlas"


def only_layer(atlas: Path) -> LayerData:
    (layer,) = load_atlas(read_config(atlas)).layers.values()
    return layer


def layers_of(atlas: Path) -> dict[str, LayerData]:
    return dict(load_atlas(read_config(atlas)).layers)


def geojson(*features: tuple[dict[str, Any], tuple[float, float] | None]) -> str:
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": properties,
                    "geometry": lonlat and {"type": "Point", "coordinates": lonlat},
                }
                for properties, lonlat in features
            ],
        }
    )


TABLE = """\
Name;Kind;Opened;Runway m;Web;Lon;Lat
Kant;military;1941-07;2500;https://example.org/kant;74,8465;42,8532
Manas;civil;1974-10;4200;;74.4776;43.0613
Osh;civil;;2614;;72.7933;40.609
Balykchy;civil;;;;;
"""


def test_a_table_with_lon_and_lat_becomes_points(tmp_path: Path) -> None:
    atlas = make(tmp_path, "Our airports.csv", TABLE)
    layer = only_layer(atlas)
    assert layer.id == "our_airports"
    assert layer.frame["name"].tolist() == ["Kant", "Manas", "Osh", "Balykchy"]
    assert [point and point.coords[0] for point in layer.frame.geometry] == [
        (74.8465, 42.8532), (74.4776, 43.0613), (72.7933, 40.609), None,
    ]  # fmt: skip
    types = {name: field.type for name, field in layer.config.fields.items()}
    assert types == {"Kind": "category", "Opened": "date", "Runway m": "integer", "Web": "url"}
    assert layer.config.style.color_by == "Kind"


def test_titles_keep_the_capitals_of_columns_and_files(tmp_path: Path) -> None:
    atlas = make(tmp_path, "NATO-bases_in Asia.csv", "name,lon,lat,GDP (US$ bn),capacity_MW\nKant,74.8,42.8,1,2\n")
    config = read_config(atlas)
    titles = [field.title for field in only_layer(atlas).config.fields.values()]
    assert [config.text(title) for title in (config.atlas.title, *titles)] == [
        {"en": title} for title in ("NATO bases in Asia", "GDP (US$ bn)", "Capacity MW")
    ]


def test_what_is_the_same_for_all_gives_neither_colours_nor_a_filter(tmp_path: Path) -> None:
    rows = "".join(f"{n},74.8,42.8,KG,{'ab'[n % 2]}\n" for n in range(6))
    atlas = make(tmp_path, "a.csv", f"id,lon,lat,country,kind\n{rows}")
    config = only_layer(atlas).config
    assert config.style.color_by == "kind"
    assert [name for name, field in config.fields.items() if field.filter] == ["kind"]


@pytest.mark.parametrize(
    ("header", "row", "line"),
    [
        ("opened,closed", "1941-07,2014-06-03", 'time = { from = "opened", to = "closed" }'),
        ("day", "1941-07", 'time = { from = "day", to = "day" }'),
        ("day,valid_from", "1941-07,1941", ""),
        ("runway", "2500", ""),
    ],
)
def test_a_slider_of_the_dates_is_a_line_to_take(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], header: str, row: str, line: str
) -> None:
    (tmp_path / "a.csv").write_text(f"name,lon,lat,{header}\nKant,74.8,42.8,{row}\n")
    assert main(["new", str(tmp_path / "atlas"), "--from", str(tmp_path / "a.csv")]) == 0
    config = tmp_path / "atlas" / "atlas.toml"
    assert (f"# {line}   #" in config.read_text()) == bool(line)
    assert ("for one take the # from the line time = ... in atlas.toml" in capsys.readouterr().out) == bool(line)
    config.write_text(config.read_text().replace("# time", "time"))
    time = only_layer(tmp_path / "atlas").config.time
    assert not line or (time and f'time = {{ from = "{time.from_}", to = "{time.to}" }}' == line)


def test_numbers_that_may_be_others_are_still_doubted(tmp_path: Path) -> None:
    atlas = make(
        tmp_path, "towns.csv", "id;name;lon;lat;people\na;Aachen;7.1;50.1;1.860\nb;Bonn, Rhine;8.1;51.2;2.455\n"
    )
    assert only_layer(atlas).frame["name"].tolist() == ["Aachen", "Bonn, Rhine"]
    problems = load_atlas(read_config(atlas)).problems
    assert ["'1.860' is read as 1.86" in str(problem) for problem in problems] == [True]


def told(tmp_path: Path, name: str, content: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What `new` says between what it made and how to build it, the folder's name taken out."""
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert main(["new", str(tmp_path / "atlas"), "--from", str(tmp_path / name)]) == 0
    return [line.replace(f"{tmp_path}/atlas/", "") for line in capsys.readouterr().out.splitlines()[1:-1]]


def test_a_cell_that_costs_a_column_its_type_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [f"{n};P{n};74,{n};42,5;{2000 + n};{n + 1};2004" for n in range(8)]
    rows[2] = "2;P2;74,2;42,5;12/05/2003;n/a;high"
    said = told(tmp_path, "x.csv", "\n".join(["id;name;lon;lat;valid_from;mw;precision", *rows]), capsys)
    anew = "in the file that this is made from, and make it anew."
    assert [line.rpartition(" [")[0] for line in said] == [
        "x.csv:2 row 1 column \"precision_given\": warning: '2004' is no precision, nor are 7 more: the column is"
        f" called precision_given. Fix: write one of exact, settlement, approximate, schematic, {anew}",
        "x.csv:4 row 3 column \"valid_from_given\": warning: '12/05/2003' is not a date, but 7 others are: the column"
        f" is called valid_from_given. Fix: write 2003, 2003-10 or 2003-10-23, {anew}",
        "x.csv:4 row 3 column \"mw\": warning: 'n/a' is not a number, but 7 others are: the column is text."
        ' Fix: leave the cell blank, and type = "number" in atlas.toml.',
    ]


def test_columns_called_otherwise_and_warnings_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = "id,Название,energy_source,lon,lat\n7,Kant,coal,74,42\n7,Nowhere,,0,0\n"
    said = told(tmp_path, "x.csv", content, capsys)
    assert said[:-1] == [
        'the column "Название" is called name',
        'the column "energy_source" is called energy_source_given, as there is no column "energy" whose source it could'
        " name",
        'the column "id" has \'7\' 2 times: the key is a new column "key", the number of the row',
    ]
    assert "the point lies at 0, 0, in the Atlantic" in said[-1]


def test_what_only_the_file_itself_has_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = geojson(({"name": "Lake\rBalkhash", "note": "A\nB"}, (74, 42))).replace("42]", "42, 760]")
    said = told(tmp_path, "x.geojson", content, capsys)
    assert [re.sub(r"\. Fix.*", "", line) for line in said] == [
        "x.geojson:1: warning: positions have a third number, the height, which is set aside",
        'x.geojson:1 feature 1 property "name": warning: '
        r"'Lake\rBalkhash' has a control character inside, read as a space",
    ]
    assert only_layer(tmp_path / "atlas").frame["note"].tolist() == ["A\nB"]


def test_a_control_character_in_a_table_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = told(tmp_path, "x.csv", "name,lon,lat\nLake\x02Balkhash,74,42\n", capsys)
    assert "has a control character inside, read as a space" in said[0]


@pytest.mark.parametrize(
    ("cells", "kept"),
    [
        (["1246,5", "150,8", "2 507,7", "3"], ["1246.5", "150.8", "2507.7", "3"]),
        (["0,125", "1,5", "1,860", ""], ["0.125", "1.5", "1.860", ""]),
        (["1,5", "2,5", "3,5", "н/д"], ["1.5", "2.5", "3.5", "н/д"]),
        (["1,860", "2,455", "3,100", "1"], None),
        (["12,5", "Kant", "Osh", "Manas"], None),
        (["007,5", "1,5", "2,5"], None),
    ],
)
@pytest.mark.parametrize("separator", [";", "\t"])
def test_decimal_commas_that_can_be_nothing_else_become_points_between_semicolons(
    tmp_path: Path, cells: list[str], kept: list[str] | None, separator: str
) -> None:
    rows = [["name", "lon", "lat", "v"], *(["A", "74,5", "42,5", cell] for cell in cells)]
    atlas = make(tmp_path, "x.csv", "\n".join(map(separator.join, rows)))
    made = csv.DictReader((atlas / "x.csv").read_text(encoding="utf-8-sig").splitlines(), delimiter=separator)
    assert [row["v"] for row in made] == (kept if kept and separator == ";" else cells)


@pytest.mark.parametrize(
    ("cells", "kept"),
    [
        (["1 074 075", "84\u00a0351", "500", "н/д"], ["1074075", "84351", "500", "н/д"]),
        (["1 860.5", "24 100", "", "3"], ["1860.5", "24100", "", "3"]),
        (["1 860", "2 455", "3\u202f100"], ["1860", "2455", "3100"]),
        (["1 234 567", "2 345 678"], ["1234567", "2345678"]),
        (["24 100.5", "31 200.7"], ["24100.5", "31200.7"]),
        (["555 123", "555 124", "", "555 125"], None),
        (["45 382 000", "45 382 100"], None),
        (["0 312", "1 860", "24 100"], None),
    ],
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_thousands_that_spaces_part_are_joined(
    tmp_path: Path, cells: list[str], kept: list[str] | None, separator: str, capsys: pytest.CaptureFixture[str]
) -> None:
    cells = [cell.replace(".", ",") for cell in cells] if separator == ";" else cells
    rows = [["name", "lon", "lat", "v"], *(["A", "74", "42", cell] for cell in cells)]
    said = told(tmp_path, "x.csv", "\n".join(map(separator.join, rows)), capsys)
    made = (tmp_path / "atlas" / "x.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [row["v"] for row in csv.DictReader(made, delimiter=separator)] == (kept or cells)
    assert ("written as plain numbers now: v" in said) == bool(kept)


def made_of(tmp_path: Path, cells: list[str], separator: str) -> tuple[list[str], FieldConfig]:
    """Give a column of a new atlas, and what atlas.toml says of it."""
    text = io.StringIO()
    rows = [("name", "lon", "lat", "v"), *((f"P{row}", "74", "42", cell) for row, cell in enumerate(cells))]
    csv.writer(text, delimiter=separator).writerows(rows)
    atlas = make(tmp_path, "x.csv", text.getvalue())
    made = csv.DictReader((atlas / "x.csv").read_text(encoding="utf-8-sig").splitlines(), delimiter=separator)
    return [row["v"] for row in made], only_layer(atlas).config.fields["v"]


@pytest.mark.parametrize(
    ("cells", "kept"),
    [
        (["1,234,567", "12,455", "860"], ["1234567", "12455", "860"]),
        (["1,860.5", "2,455", "3.25"], ["1860.5", "2455", "3.25"]),
        (["1.234.567", "12.455", "860"], ["1234567", "12455", "860"]),
        (["1,860", "12,455", "860"], None),
        (["101,102,103", "104,105", "106"], None),
    ],
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_thousands_that_marks_part_are_joined_where_these_can_be_nothing_else(
    tmp_path: Path, cells: list[str], kept: list[str] | None, separator: str
) -> None:
    made, field = made_of(tmp_path, cells, separator)
    assert made == (kept or cells)
    assert (field.type in ("number", "integer")) == bool(kept)


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "cp1252"])
def test_a_table_in_an_old_encoding_is_read_and_said(
    tmp_path: Path, encoding: str, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ["Vallée", "Genève"] if encoding == "cp1252" else ["Чолпон-Ата", "Балыкчы"]
    text = "name;lon;lat\n" + "".join(f"{name};74,5;42,5\n" for name in names)
    (tmp_path / "x.csv").write_bytes(text.encode(encoding))
    assert main(["new", str(tmp_path / "atlas"), "--from", str(tmp_path / "x.csv")]) == 0
    first = names[0].partition("-")[0]
    assert f"read as {encoding}, as it is not in UTF-8: {first!r}" in capsys.readouterr().out
    assert only_layer(tmp_path / "atlas").frame["name"].tolist() == names


def test_a_table_that_is_in_utf_8_in_part_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "name;lon;lat\nЧолпон-Ата;74,5;42,5\nКант;".encode() + "Школа;74,5;42,5\n".encode("cp1251")
    (tmp_path / "x.csv").write_bytes(text)
    assert main(["new", str(tmp_path / "atlas"), "--from", str(tmp_path / "x.csv")]) == 2
    assert "[FILE_ENCODING]" in capsys.readouterr().err


def test_a_minus_of_print_is_one(tmp_path: Path) -> None:
    made, field = made_of(tmp_path, ["\u22125", "3", "\u22121.5"], ",")
    assert (made, field.type) == (["-5", "3", "-1.5"], "number")


def test_numbers_that_a_spreadsheet_shortened_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = told(tmp_path, "x.csv", "name,lon,lat,phone\nA,74,42,9.96312E+11\nB,74,42,1.5e+11\n", capsys)
    assert said == ["a spreadsheet may have shortened long numbers: phone, such as 9.96312E+11; look them up"]


def test_whole_numbers_as_pandas_writes_them_beside_a_blank_one_are_whole(tmp_path: Path) -> None:
    made, field = made_of(tmp_path, ["398.0", "-41.0", "", "0.0"], ",")
    assert (made, field.type) == (["398", "-41", "", "0"], "integer")


def test_decimals_of_a_column_that_has_others_stay(tmp_path: Path) -> None:
    made, field = made_of(tmp_path, ["398.0", "41.5"], ",")
    assert (made, field.type) == (["398.0", "41.5"], "number")


@pytest.mark.parametrize(
    ("heights", "areas", "kept"),
    [
        (["1.150", "980", "", "3.200"], ["12,5", "3", "", ""], ["1150", "980", "", "3200"]),
        (["0.150", "980", "", "3.200"], ["12,5", "3", "", ""], None),
        (["1.150", "980", "", "3.200"], ["12,5", "3.5", "", ""], None),
        (["1.150", "980", "", "3.200"], ["12", "3", "", ""], None),
    ],
)
def test_points_part_thousands_where_commas_begin_the_decimals_of_others(
    tmp_path: Path, heights: list[str], areas: list[str], kept: list[str] | None
) -> None:
    rows = "".join(f"74;42;A;{height};{area}\n" for height, area in zip(heights, areas, strict=True))
    atlas = make(tmp_path, "x.csv", f"lon;lat;name;height;area\n{rows}")
    made = csv.DictReader((atlas / "x.csv").read_text(encoding="utf-8-sig").splitlines(), delimiter=";")
    assert [row["height"] for row in made] == (kept or heights)


@pytest.mark.parametrize(
    ("cells", "separator", "kept"),
    [
        (["12.5%", "3 %", "", "100\u00a0%"], ",", ["12.5", "3", "", "100"]),
        (["12,5%", "3%", "1 250%"], ";", ["12.5", "3", "1250"]),
        (["12,5%", "3%"], ",", ["12.5", "3"]),
        (["1,234%", "3%"], ",", None),
        (["12.5%", "n/a%"], ",", None),
        (["12.5%", "3"], ",", None),
        (["1998%", "2003%"], ",", None),
    ],
)
def test_percents_become_numbers_with_a_unit(
    tmp_path: Path, cells: list[str], separator: str, kept: list[str] | None
) -> None:
    made, field = made_of(tmp_path, cells, separator)
    assert made == (kept or cells)
    assert (field.type, field.unit) == (("number", {"": "%"}) if kept else ("text", None))


def test_percents_that_a_few_cells_keep_from_being_numbers_are_told_and_keep_their_unit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cells = ["12,5%", "3 %", "", "n/a", "4%", "5%"]
    text = "\n".join(["name;lon;lat;v", *(f"P{row};74;42;{cell}" for row, cell in enumerate(cells))])
    said = told(tmp_path, "x.csv", text, capsys)
    assert said[-1].endswith(
        "'n/a' is not a number, but 4 others are: the column is text. Fix: leave the cell blank,"
        ' and type = "number" in atlas.toml. [TABLE_NUMBER]'
    )
    for name, old, new in (("x.csv", "n/a", ""), ("atlas.toml", 'type = "text"\nunit', 'type = "number"\nunit')):
        path = tmp_path / "atlas" / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert only_layer(tmp_path / "atlas").frame["v"].dropna().tolist() == [12.5, 3, 4, 5]


@pytest.mark.parametrize("cell", ["3", "~5%", "5 kg"])
def test_percents_beside_other_numbers_stay_as_they_are(tmp_path: Path, cell: str) -> None:
    cells = ["12.5%", "3 %", "4%", "5%", cell]
    made, field = made_of(tmp_path, cells, ",")
    assert (made, field.type, field.unit) == (cells, "text", None)


@pytest.mark.parametrize(
    ("cells", "kept"),
    [
        (["2003-10", "3.6.2014", "Jun 2014", "", "c. 1956"], ["2003-10", "2014-06-03", "2014-06", "", "1956~"]),
        (["23/10/2003", "10/24/2003", "12/2010"], ["2003-10-23", "2003-10-24", "2010-12"]),
        (8 * ["03.04.2014"], 8 * ["2014-04-03"]),
        (["03.2014", " 2014-06-03 ", "2014-06-04T00:00:00"], ["2014-03", "2014-06-03", "2014-06-04"]),
        (["2003-10", "1998", "2001~"], ["2003-10", "1998", "2001~"]),
        (["3 июня 2014 г.", "июль 2014", "5 Мая 2015 года"], ["2014-06-03", "2014-07", "2015-05-05"]),
        (["3. März 2015", "Mai 2014", "1. Dez. 2014"], ["2015-03-03", "2014-05", "2014-12-01"]),
        (["03/04/2014", "23/10/2003"], None),
        (["2014-06-03 10:30", "3.6.2014"], None),
        (["3.6.2014", "2014.1"], None),
        (["3.6.2014", "860"], None),
        (["3.6.2014", "soon"], None),
        (["5/2014", "12/2014"], None),
        (["2014/5", "2014/12"], None),
        (["c. 1956", "1200"], None),
        (["1200?", "1998"], None),
        (["Decree 2014", "Market 2015"], None),
    ],
)
def test_dates_however_they_are_written_become_edtf(tmp_path: Path, cells: list[str], kept: list[str] | None) -> None:
    made, field = made_of(tmp_path, cells, ",")
    assert made == (kept or cells)
    assert field.type == ("date" if kept else "text")


@pytest.mark.parametrize("odd", ["Frühjahr 2016", "03/04/2014", "unknown"])
def test_a_cell_that_keeps_dates_however_they_are_written_from_being_dates_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], odd: str
) -> None:
    cells = ["1.5.2014", "May 2014", "2015", odd, "12.2013"]
    (said,) = told(tmp_path, "x.csv", "lat,lon,name,day\n" + "".join(f"42,75,A,{cell}\n" for cell in cells), capsys)
    assert said.endswith(
        f"{odd!r} is not a date, but 4 others are: the column is text. Fix: write 2003, 2003-10 or 2003-10-23, "
        "in the file that this is made from, and make it anew. [TABLE_DATE]"
    )


def test_what_is_a_date_by_its_name_is_one(tmp_path: Path) -> None:
    text = "name,valid_from,valid_to,lon,lat\nKant,5/2014,c. 2020,74,42\nOsh,2003,,72,40\n"
    frame = only_layer(make(tmp_path, "x.csv", text)).frame
    dates = [[date and date.text for date in frame[name]] for name in ("valid_from", "valid_to")]
    assert dates == [["2014-05", "2003"], ["2020~", None]]


def test_what_is_written_anew_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = told(
        tmp_path,
        "x.csv",
        "name,lon,lat,share,people,since\nOsh,72.8,40.5,12.5%,322 164,\nUzgen,73,40,3%,62 802,1.9.2012\n",
        capsys,
    )
    assert said == [
        "written as plain numbers now: share (in %), people",
        "written as dates now: since, such as 2012-09-01 for '1.9.2012'",
        "the dates move no time slider yet: for one take the # from the line time = ... in atlas.toml",
    ]


@pytest.mark.parametrize(
    ("cells", "is_told"),
    [
        (["1,200", "800", "2,000"], True),
        (["169,9", "182,5", "-", "84.2"], True),
        (["555 123", "555 124"], True),
        (["1,234,567", "12,455"], False),
        (["1,5", "2", "3", "4", "5"], False),
        (["Kant, 5", "Osh, 6"], False),
        (["800", "7"], False),
    ],
)
def test_a_column_that_stays_text_though_it_may_have_numbers_is_told(
    tmp_path: Path, cells: list[str], is_told: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "".join(f'A,74,42,"{cell}"\n' for cell in cells)
    said = told(tmp_path, "x.csv", f"name,lon,lat,v\n{text}", capsys)
    note = (
        f"stays text, though its cells may be numbers: v, such as {cells[0]!r}; if they are, write them without marks"
    )
    assert any(line.startswith(note) for line in said) == is_told


@pytest.mark.parametrize("word", ["Total", "GRAND TOTAL:", "Итого", "Всего по области", "Жалпы"])
def test_totals_under_a_table_are_no_places(tmp_path: Path, word: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = told(tmp_path, "x.csv", f"n;name;lon;lat;mw\n1;A;74;42;5\n2;Total;;;6\n;{word};;;11\n", capsys)
    assert f'left out, as it has no coordinates and is a total: row 3 ("{word}")' in said
    assert only_layer(tmp_path / "atlas").frame["name"].tolist() == ["A", "Total"]


def test_line_breaks_in_the_names_of_columns_are_spaces(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = told(tmp_path, "x.csv", 'name,lon,lat,"Capacity\n(MW)"\nA,74,42,5\n', capsys)
    assert said == ['the column "Capacity\\n(MW)" is called Capacity (MW)']
    assert list(only_layer(tmp_path / "atlas").config.fields) == ["Capacity (MW)"]


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("1234567890123456789", "text"),
        ("123456789012345", "integer"),
        ("0.30000000000000004", "number"),
        ("1234567890123456.5", "text"),
    ],
)
def test_long_numbers_stay_as_they_are_written(tmp_path: Path, cell: str, kind: str) -> None:
    layer = only_layer(make(tmp_path, "x.csv", f"name,lon,lat,card\nA,74,42,{cell}\nB,75,42,1\n"))
    assert layer.config.fields["card"].type == kind


@pytest.mark.parametrize(
    ("header", "row", "languages"),
    [
        ("name,type", "Kant,base", ["en"]),
        ("name,name_ru,type", "Kant,Кант,base", ["en", "ru"]),
        ("name,name_ky,Тип,name_ru", "Osh,Ош,база,Ош", ["en", "ru", "ky"]),
        ("Название,Тип", "Школа №1,село", ["ru"]),
        ("name,type", "Школа №1,село", ["ru"]),
        ("name,Тип объекта", "P1,село", ["ru"]),
        ("name,type", "Өзгөн шаары,шаар", ["ky"]),
        ("name,type", "Өскемен қаласы,қала", ["ru"]),
        ("name,name_ru,type", "Жаңы мектеп,Новая школа,мектеп", ["ky", "ru"]),
    ],
)
def test_the_page_speaks_the_language_of_the_names(tmp_path: Path, header: str, row: str, languages: list[str]) -> None:
    layer = only_layer(atlas := make(tmp_path, "x.csv", f"{header},lon,lat\n{row},74,42\n"))
    config = read_config(atlas)
    assert list(config.languages) == languages
    assert not {"name_ru", "name_ky"} & layer.config.fields.keys()
    assert all("column of the default language" not in problem.message for problem in load_atlas(config).problems)


@pytest.mark.parametrize(
    ("header", "rows", "names"),
    [
        ("№ п/п;Школа;Учеников", ["1;Школа №1;860", "2;с. Ак-Суу;71", "3;;5"], None),
        ("№ п/п;Школа;Учеников", ["1;Школа №1;860", "2;с. Ак-Суу;71"], "Школа"),
        ("Code;Hospital", ["KG-01;Kambarata-1", "KG-02;Osh"], "Hospital"),
        ("Airport;ICAO;City", ["UCFM;UCFM;Bishkek", "UCFO;UCFO;Osh"], "City"),
        ("Web;Mail;Post", ["https://A.org;Me@a.org;Kant", "https://B.org;Me@b.org;Osh"], "Post"),
        ("Built;slug;Dam", ["3 June 1975;at-bashy;At-Bashy", "May 1976;toktogul;Toktogul"], "Dam"),
        ("Head;School name", ["A. Asanov;Gymnasium 5", "B. Bekov;Lyceum 8"], "School name"),
        ("ადგილი", ["თბილისი", "ბათუმი"], "ადგილი"),
        ("District;Town", ["Osh;Uzgen", "Osh;Nookat"], "Town"),
        ("id;note;about", ["Kant;Kant;" + 50 * "Abc ", "Osh;Osh;" + 50 * "Def "], None),
        ("n;mw", ["1;860", "2;71"], None),
    ],
)
def test_where_no_column_is_called_so_texts_like_names_are_the_names(
    tmp_path: Path, header: str, rows: list[str], names: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    said = told(tmp_path, "x.csv", "\n".join([f"{header};lon;lat", *(f"{row};74;42" for row in rows)]), capsys)
    if names is None:
        assert said[-1] == (
            'no column has names, so that the map is without labels: call one "name" in the file that this is made'
            " from, and make it anew"
        )
        return
    assert f'the column "{names}" is called name, as no other is and its texts are like names' in said
    expected = [row.split(";")[header.split(";").index(names)] for row in rows]
    assert only_layer(tmp_path / "atlas").frame["name"].tolist() == expected


@pytest.mark.parametrize(
    ("lon", "lat", "note"),
    [
        ("Долгота", "Широта", False),
        ("Узундук", "Кеңдик", False),
        ("Долгота (град.)", "Широта (град.)", True),
        ("Lon_WGS84", "Lat_WGS84", True),
        ("Longitude, deg", "lat", True),
        ("_geolocation_longitude", "_geolocation_latitude", True),
    ],
)
def test_coordinates_are_found_by_their_first_word(
    tmp_path: Path, lon: str, lat: str, note: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    said = told(tmp_path, "x.csv", f"name;{lon};{lat}\nKant;74;42\n", capsys)
    assert said == [f'longitude is that of "{lon}", latitude that of "{lat}"'] * note
    assert only_layer(tmp_path / "atlas").frame.geometry[0].coords[0] == (74, 42)


def test_names_of_openstreetmap_are_translations_but_in_their_own_language(tmp_path: Path) -> None:
    names = {"name": "Ысык-Көл", "name:en": "Issyk-Kul", "name:ky": "Ысык-Көл", "name:ru": "Иссык-Куль"}
    atlas = make(tmp_path, "export.geojson", geojson((names, (77.2, 42.4))))
    assert read_config(atlas).languages == ("ky", "en", "ru")
    (row,) = only_layer(atlas).frame.to_dict("records")
    assert [row[name] for name in ("name", "name_en", "name_ru", "name:ky")] == [
        *list(names.values())[:2],
        names["name:ru"],
        names["name:ky"],
    ]


def test_coordinates_are_those_of_columns_that_are_called_alike(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = told(tmp_path, "a.csv", "name,Lat,Latitude,Longitude\nOsh,1,40.53,72.8\n", capsys)
    assert said == ['longitude is that of "Longitude", latitude that of "Latitude"']
    assert only_layer(tmp_path / "atlas").frame.geometry[0].coords[0] == (72.8, 40.53)


@pytest.mark.parametrize(
    ("lon", "lat", "lonlat"),
    [
        ("75°15'02\"E", "42°44'47\"N", (75.2505556, 42.7463889)),
        ("67°17′21″ W", "55° 58’ 48” s", (-67.2891667, -55.98)),
        ("-67°17'21''", "S 55.98", (-67.2891667, -55.98)),
        ("67.5°W", "−55,98°", (-67.5, -55.98)),
        ("75° 15.5' в. д.", "42°44' с.ш.", (75.2583333, 42.7333333)),
        ("175°з.д.", "42 ю. ш.", (-175, -42)),
    ],
)
def test_degrees_are_read_however_they_are_written(
    tmp_path: Path, lon: str, lat: str, lonlat: tuple[float, float]
) -> None:
    cells = [cell.replace('"', '""') for cell in ("Place", lat, lon)]
    atlas = make(tmp_path, "a.csv", "name,lat,lon\n" + ",".join(f'"{cell}"' for cell in cells))
    assert only_layer(atlas).frame.geometry[0].coords[0] == lonlat


@pytest.mark.parametrize(
    "cell", ["42.5E", "-42.5S", "42°61'N", "42.5°10'N", "N42N", "42 44 47", "E", "75°15'O", '42°44\'47""N']
)
def test_what_may_be_no_degrees_is_refused(tmp_path: Path, cell: str, capsys: pytest.CaptureFixture[str]) -> None:
    quoted = cell.replace('"', '""')
    (tmp_path / "a.csv").write_text(f'name,lat,lon\nPlace,"{quoted}",75\n')
    assert main(["new", str(tmp_path / "atlas"), "--from", str(tmp_path / "a.csv")]) == 2
    said = capsys.readouterr().err
    assert 'column "lat": ' in said
    assert """is not a number. Fix: write degrees, such as 74.85 or 74°51'0"E, or leave both cells blank.""" in said


def test_how_degrees_were_written_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(tmp_path, "a.csv", "name,Lat,Lon\nOsh,40.5 N,72.8\nUzgen,41 N,73\n", capsys) == [
        "read as degrees: Lat and Lon, such as '40.5 N'"
    ]


def test_both_coordinates_in_one_column_are_to_be_parted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.csv").write_text('name,Place\nOsh,"40.53, 72.8"\nNowhere,\n')
    assert main(["new", str(tmp_path / "atlas"), "--from", str(tmp_path / "a.csv")]) == 2
    said = capsys.readouterr().err
    assert 'among name, Place. Fix: part the column "Place" into two, called lon and lat, in degrees.' in said


KANT_UTM = shapely.set_srid(shapely.Point(483645.554, 4738624.92), 32643)


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("WKT", "POINT (74.8 42.8)"),
        ("wkt_geom", "MultiPoint ((74.8 42.8))"),
        ("coord", "Point(74.8 42.8)"),
        ("geom", "SRID=4326;POINT Z (74.8 42.8 760)"),
        ("geom", f"SRID=32643;{KANT_UTM.wkt}"),
        ("wkb_geometry", shapely.to_wkb(KANT_UTM, hex=True, include_srid=True)),
        ("the_geom", "\\x" + shapely.Point(74.8, 42.8).wkb_hex.lower()),
        ("Geo Shape", json.dumps({"type": "Point", "coordinates": [74.8, 42.8]})),
    ],
)
def test_a_column_of_geometries_is_taken(
    tmp_path: Path, header: str, cell: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([["name", header], ["Kant", cell], ["Nowhere", ""]])
    said = told(tmp_path, "x.csv", text.getvalue(), capsys)
    assert said[-1] == f'the shapes are those of the column "{header}"'
    frame = only_layer(tmp_path / "atlas").frame
    assert frame.columns.tolist() == ["id", "name", "source", "_key", "geometry"]
    assert frame.geometry[0].centroid.coords[0] == pytest.approx((74.8, 42.8), abs=1e-6)
    assert frame.geometry[1] is None


OPEN = [[72, 41], [73, 41], [73, 42]]


@pytest.mark.parametrize(
    "cell",
    [
        "POLYGON((72 41, 73 41, 73 42))",
        struct.pack("<BIII6d", 1, 3, 1, 3, *itertools.chain(*OPEN)).hex(),
        json.dumps({"type": "Polygon", "coordinates": [OPEN]}),
    ],
)
def test_lines_and_areas_of_a_table_are_taken_and_an_open_ring_is_closed(
    tmp_path: Path, cell: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = told(tmp_path, "x.csv", f"name\tgeom\nA\tLINESTRING(72 41, 73 41)\nB\t{cell}\n", capsys)
    assert said[0].startswith("x.csv:3 row 2: warning: a ring does not end where it began; it is drawn closed.")
    assert only_layer(tmp_path / "atlas").frame.geometry[1].wkt == "POLYGON ((72 41, 73 41, 73 42, 72 41))"


@pytest.mark.parametrize(
    ("cell", "is_taken"),
    [
        ("POINT(71 41)", False),
        (shapely.to_wkb(KANT_UTM, hex=True, include_srid=True), False),
        (json.dumps({"type": "Point", "coordinates": [71, 41]}), False),
        ("LINESTRING(71 41, 72 41)", True),
        (shapely.LineString([(71, 41), (72, 41)]).wkb_hex, True),
    ],
)
def test_geometries_beside_coordinates_are_taken_where_they_say_more(
    tmp_path: Path, cell: str, is_taken: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([["name", "lon", "lat", "geom"], ["Kant", "74.8", "42.8", cell]])
    said = told(tmp_path, "x.csv", text.getvalue(), capsys)
    frame = only_layer(tmp_path / "atlas").frame
    assert frame.geometry[0].bounds[0] == (71 if is_taken else 74.8)
    assert "geom" not in frame
    note = 'the shapes are those of the column "geom"' if is_taken else 'the column "geom" has points, too, which are'
    assert said[-1].startswith(note)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (["POINT(74,5 42)"], "x.csv:2 row 1: 'POINT(74,5 42)' is no geometry (Expected number but"),
        (["POINT(1 2)", "hello", "POINT(1 2)"], "x.csv:3 row 2: 'hello' is no geometry ("),
        (["LINESTRING(1 2)"], "x.csv:2 row 1: 'LINESTRING(1 2)' is no geometry ("),
        (["CIRCULARSTRING(1 2, 3 4, 5 2)"], "x.csv:2 row 1: the geometry has curves. Fix: make lines of them"),
        (["GEOMETRYCOLLECTION(POINT(1 2), LINESTRING(1 2, 3 4))"], "x.csv:2 row 1: the geometry is a Geometry"),
        (["GEOMETRYCOLLECTION(" * 20_000 + "POINT(1 2)" + ")" * 20_000], "is no geometry (it has too many collections"),
        (["010700000001000000" * 200_000 + shapely.Point(1, 2).wkb_hex], "the geometry has too many collections. Fix:"),
        (["000000000500000001" * 200_000 + shapely.Point(1, 2).wkb_hex], "the geometry has too many collections. Fix:"),
        (['{"coordinates":' + 20_000 * "[" + 20_000 * "]" + "}"], "is no geometry (maximum recursion depth exceeded"),
        (['{"type": "Point", "coordinates": ["74", 42]}'], "x.csv:2 row 1: the coordinate '74' is text. Fix: write 74"),
        (["POINT(nan 42)"], "x.csv:2 row 1: the position nan, 42 is not two numbers."),
        (["POINT(42 174)"], "x.csv:2 row 1: 42, 174 looks like latitude, longitude."),
        (["POINT(8331907 5290116)"], "x.csv:2 row 1: the coordinates 8331907, 5290116 are no degrees; they look"),
        (
            ["POINT(1 2)", "SRID=32643;POINT(483645 4738624)"],
            "x.csv:3 row 2 column \"geom\": the rows are in more than one reference system (0, 32643). Fix: convert",
        ),
        (["SRID=999999;POINT(1 2)"], "x.csv:2 row 1 column \"geom\": nothing knows the reference system 999999."),
        (["0101000000"], "no column of longitudes among name, geom."),
        (["01070000000100000001" + 40 * "0"], "x.csv:2 row 1: its geometry cannot be read. Fix: write"),
        (["010101010101010101010101010101010101010101"], "no column of longitudes among name, geom."),
        (["01,,0000 0" + 40 * "0"], "no column of longitudes among name, geom."),
        (["000000000000000012"], "no column of longitudes among name, geom."),
    ],
)  # fmt: skip
def test_what_is_no_geometry_is_said_with_its_row(
    tmp_path: Path, cells: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([["name", "geom"], *(["Kant", cell] for cell in cells)])
    (tmp_path / "x.csv").write_text(text.getvalue())
    assert main(["new", str(tmp_path / "atlas"), "--from", str(tmp_path / "x.csv")]) == 2
    assert said in capsys.readouterr().err
    assert os.listdir(tmp_path) == ["x.csv"]


def test_the_next_build_succeeds_and_is_current_afterwards(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "places.csv").write_text(TABLE, encoding="utf-8")
    atlas, maps = str(tmp_path / "atlas"), str(tmp_path / "atlas-maps")
    assert main(["new", atlas, "--from", str(tmp_path / "places.csv")]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said == [
        f"made {atlas}: 4 features, 1 not located",
        "the dates move no time slider yet: for one take the # from the line time = ... in atlas.toml",
        f"build it: python3 build_maps.py build {atlas} --out {maps}",
    ]
    assert main(said[-1].split()[4:]) == 0
    assert sorted(os.listdir(maps)) == ["index.html", "manifest.json", "places.html"]
    assert main(["build", atlas, "--out", maps]) == 0
    assert capsys.readouterr().out.endswith("every map is current\n")


@pytest.mark.parametrize("folder", [".", "../atlas", "sub/.."])
def test_an_atlas_made_here_has_its_maps_beside_it(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "atlas").mkdir()
    monkeypatch.chdir(tmp_path / "atlas")
    assert main(["new", folder]) == 0
    assert capsys.readouterr().out.endswith(f" build {folder} --out ../atlas-maps\n")


def test_a_small_atlas_to_start_from_builds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", str(tmp_path / "atlas")]) == 0
    assert main(["build", str(tmp_path / "atlas"), "--out", str(tmp_path / "maps"), "--strict"]) == 0
    assert "places         3     3        3        3         0" in capsys.readouterr().out


def test_features_keep_their_key_and_their_properties_become_the_table(tmp_path: Path) -> None:
    atlas = make(
        tmp_path,
        "dams.geojson",
        geojson(
            ({"id": 7, "name": "Toktogul", "mw": 1200, "tags": ["Naryn"], "open": True}, (72.64, 41.67)),
            ({"id": 8, "name": "Kürp-Sai", "mw": 800.5, "tags": None, "open": False}, (72.4, 41.5)),
            ({"id": 9, "name": "Unknown"}, None),
        ),
    )
    rows = csv.DictReader((atlas / "dams.csv").read_text(encoding="utf-8-sig").splitlines())
    assert next(rows) == {
        "id": "7", "name": "Toktogul", "mw": "1200", "tags": '["Naryn"]', "open": "true", "source": "",
    }  # fmt: skip
    layer = only_layer(atlas)
    assert layer.frame["_key"].tolist() == ["7", "8", "9"]
    assert layer.frame["mw"].tolist()[:2] == [1200, 800.5]
    assert layer.frame["open"].tolist() == [True, False, None]


def test_areas_of_a_file_of_boundaries_have_names(tmp_path: Path) -> None:
    content = geojson(({"GID_1": "KGZ.1", "NAME_0": "Kyrgyzstan", "NAME_1": "Batken"}, (71, 40)))
    assert only_layer(make(tmp_path, "gadm.geojson", content)).frame["name"].tolist() == ["Batken"]


def test_the_features_own_ids_are_their_key(tmp_path: Path) -> None:
    text = geojson(({"name": "Kyrgyzstan"}, (75, 41))).replace('"properties"', '"id": "KGZ", "properties"')
    assert only_layer(make(tmp_path, "x.geojson", text)).frame["_key"].tolist() == ["KGZ"]


def with_ids(text: str, *ids: Any) -> str:
    """Give each feature of a GeoJSON text an id of its own, beside its properties."""
    collection = json.loads(text)
    for feature, own in zip(collection["features"], ids, strict=True):
        feature["id"] = own
    return json.dumps(collection)


def test_the_features_own_ids_are_kept_beside_a_property_of_that_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    features = [({"id": key, "feature_id": "x"}, (74.0, 42.0)) for key in ("a", "a")]
    said = told(tmp_path, "x.geojson", with_ids(geojson(*features), 1, "KGZ-2"), capsys)
    frame = only_layer(tmp_path / "atlas").frame
    assert 'the features\' own ids, which are not their property "id", are the column feature_id_2' in said
    assert frame[["id", "feature_id", "feature_id_2"]].values.tolist() == [["a", "x", "1"], ["a", "x", "KGZ-2"]]


@pytest.mark.parametrize("ids", [(7, 8), ("7", None)])
def test_the_features_own_ids_are_not_kept_twice(tmp_path: Path, ids: tuple[Any, Any]) -> None:
    text = geojson(({"id": "7"}, (75, 41)), ({"id": "8"}, (75, 42)))
    assert "feature_id" not in only_layer(make(tmp_path, "x.geojson", with_ids(text, *ids))).frame


def test_the_features_own_ids_are_their_key_where_the_property_is_none(tmp_path: Path) -> None:
    text = geojson(({"id": "a"}, (75, 41)), ({"id": "a"}, (75, 42)))
    layer = only_layer(make(tmp_path, "x.geojson", with_ids(text, "7", "8")))
    assert layer.frame["_key"].tolist() == ["7", "8"]


def test_a_key_that_is_not_unique_is_replaced(tmp_path: Path) -> None:
    layer = only_layer(make(tmp_path, "x.csv", "id,name,lon,lat\na,Kant,74,42\na,Manas,74,43\n"))
    assert layer.config.key.table == "key"
    assert layer.frame["_key"].tolist() == ["1", "2"]
    assert layer.frame["id"].tolist() == ["a", "a"]


def test_texts_of_a_source_column_become_references(tmp_path: Path) -> None:
    atlas = make(
        tmp_path, "x.csv", "name,source,lon,lat\nKant,Lewis (2015),74,42\nManas,Lewis (2015),74,43\nOsh,,72,40\n"
    )
    data = load_atlas(read_config(atlas))
    assert [(source.id, source.citation) for source in data.sources.values()] == [("source1", "Lewis (2015)")]
    assert data.layers["x"].frame["source"].tolist() == ["source1", "source1", None]


def test_a_column_that_only_ends_like_one_of_sources_keeps_its_texts(tmp_path: Path) -> None:
    text = "name,mw,mw_source,energy_source,geometry_source,lon,lat\nA,7,GEM,hydro,GPS,74,42\n"
    frame = only_layer(make(tmp_path, "x.csv", text)).frame
    ends = {name: frame[name][0] for name in frame.columns if "_source" in name}
    assert ends == {"mw_source": "source1", "energy_source_given": "hydro", "geometry_source": "source2"}


def test_columns_that_bear_a_name_with_a_meaning_but_another_content_are_renamed(tmp_path: Path) -> None:
    text = "name,valid_from,precision,_key,as_of,lon,lat\nKant,in 1941,high,k,2024,74,42\n"
    layer = only_layer(make(tmp_path, "x.csv", text))
    assert {"valid_from_given", "precision_given", "key", "as_of"} <= set(layer.frame.columns)


@pytest.mark.parametrize(
    ("header", "kept"),
    [
        ("_a,a,name", {"a_2": "1", "a": "2", "name": "3"}),
        ("a,_a,__a", {"a": "1", "a_2": "2", "a_3": "3"}),
        ("Name,name,a", {"Name": "1", "name": "2", "a": "3"}),
        ("geometry,geometry_given,name", {"geometry_given_2": "1", "geometry_given": "2", "name": "3"}),
        ("as_of,as_of_given,as_of_given_2", {"as_of_given_3": "1", "as_of_given": "2", "as_of_given_2": "3"}),
    ],
)
def test_columns_whose_new_names_are_taken_are_kept(tmp_path: Path, header: str, kept: dict[str, str]) -> None:
    frame = only_layer(make(tmp_path, "x.csv", f"{header},lon,lat\n1,2,3,74,42\n")).frame
    assert frame[list(kept)].astype(int).astype(str).iloc[0].to_dict() == kept


@pytest.mark.parametrize(
    ("name", "layer"),
    [
        ("Плотины.csv", "places"),
        ("2024-dams.csv", "places_2024_dams"),
        ("index.csv", "places_index"),
        ("Sources.csv", "places_sources"),
        ("a\x7fb.csv", "a_b"),
    ],
)
def test_any_file_name_gives_a_layer(tmp_path: Path, name: str, layer: str) -> None:
    assert only_layer(make(tmp_path, name, "name,lon,lat\nKant,74,42\n")).id == layer


def test_hostile_texts_are_texts(tmp_path: Path) -> None:
    hostile = 'a "quoted" \\ \x7f{{7*7}} [x] = #'
    name = "x\"y'.geojson"
    atlas = make(
        tmp_path,
        name,
        geojson(({hostile: hostile, "name": hostile}, (74, 42)), ({hostile: "b", "name": "c"}, (75, 42))),
    )
    assert only_layer(atlas).frame["name"].tolist()[1] == "c"


@pytest.mark.parametrize("ending", [".gpkg", ".fgb", ".shp"])
def test_other_formats(tmp_path: Path, ending: str) -> None:
    frame = gpd.GeoDataFrame(
        {"name": ["Irkeshtam road", "Torugart road"]},
        geometry=[shapely.LineString([(73.9, 39.7), (74.0, 39.8)]), shapely.LineString([(75.3, 40.5), (75.4, 40.6)])],
        crs="EPSG:4326",
    )
    frame.to_crs("EPSG:3857").to_file(tmp_path / f"roads{ending}")
    new_atlas(tmp_path / "atlas", tmp_path / f"roads{ending}")
    layer = only_layer(tmp_path / "atlas")
    starts = {name: line.coords[0] for name, line in zip(layer.frame["name"], layer.frame.geometry, strict=True)}
    assert starts == {
        "Irkeshtam road": pytest.approx((73.9, 39.7)),
        "Torugart road": pytest.approx((75.3, 40.5)),
    }


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """A GeoPackage of three layers with features, one without, and a table."""
    shapes = {
        "Points of interest": shapely.Point(74.8, 42.8),
        "roads": shapely.LineString([(72, 40), (74, 42)]),
        "zones": shapely.box(70, 39, 71, 40),
    }
    path = tmp_path / "city.gpkg"
    for layer, shape in shapes.items():
        frame = gpd.GeoDataFrame({"name": [f"One of {layer}"]}, geometry=[shape], crs="EPSG:4326")
        frame.to_file(path, layer=layer)
    frame.iloc[:0].to_file(path, layer="parks")
    pyogrio.write_dataframe(pd.DataFrame({"styleName": ["x"]}), path, layer="layer_styles", append=True)
    return path


def test_each_layer_of_a_file_becomes_one_areas_at_the_bottom(
    city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    atlas = tmp_path / "atlas"
    assert main(["new", str(atlas), "--from", str(city)]) == 0
    assert capsys.readouterr().out.splitlines()[:-1] == [
        f"made {atlas}: 3 layers, 3 features",
        "  points_of_interest: 1 feature",
        "  roads: 1 feature",
        "  zones: 1 feature",
        "left out, as it has no geometries: layer_styles",
        "left out, as it has no features: parks",
    ]
    config = read_config(atlas)
    assert [layer.title for layer in config.layers.values()] == [
        {"": "Points of interest"}, {"": "Roads"}, {"": "Zones"},
    ]  # fmt: skip
    assert config.maps["city"].layers == ("zones", "roads", "points_of_interest")
    assert layers_of(atlas)["roads"].frame["name"].tolist() == ["One of roads"]


@pytest.mark.parametrize("names", [["roads"], ["zones", "roads"]])
def test_the_layers_that_are_named_are_taken_alone(
    city: Path, tmp_path: Path, names: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    words = [word for name in names for word in ("--layer", name)]
    assert main(["new", str(tmp_path / "atlas"), "--from", str(city), *words]) == 0
    assert sorted(layers_of(tmp_path / "atlas")) == sorted(names)
    assert "left out" not in capsys.readouterr().out


def test_what_a_program_has_saved_and_keeps_beside_a_geopackage_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.gpkg"
    frame = gpd.GeoDataFrame({"name": ["Kant"]}, geometry=[shapely.Point(74, 42)], crs="EPSG:4326")
    frame.to_file(path, layer="x")
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute("UPDATE x SET name = 'Osh'")
        database.commit()
        assert b"Osh" not in path.read_bytes()
        new_atlas(tmp_path / "atlas", path)
        write_atlas(tmp_path, l_geojson="", l_csv="")
        config = tmp_path / "atlas.toml"
        config.write_text(config.read_text().replace('"l.geojson"', '"x.gpkg"\nkey = "name"'))
        (layer,) = load_atlas(read_config(tmp_path)).layers.values()
        assert layer.frame["name"].tolist() == ["Osh"]
    assert only_layer(tmp_path / "atlas").frame["name"].tolist() == ["Osh"]
    (tmp_path / "x.gpkg-wal").write_bytes(b"")
    new_atlas(tmp_path / "other", path)


def test_a_layer_that_is_not_there_is_told_with_those_that_are(
    city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", str(tmp_path / "atlas"), "--from", str(city), "--layer", "road"]) == 2
    assert capsys.readouterr().err == (
        f"there is no layer 'road' in {city}, which has Points of interest, roads, zones, parks."
        " Fix: did you mean 'roads'?\n"
    )
    (tmp_path / "x.geojson").write_text(geojson(({}, (74, 42))))
    assert main(["new", str(tmp_path / "atlas"), "--from", str(tmp_path / "x.geojson"), "--layer", "a"]) == 2
    assert "which has no layers to choose from. Fix: leave --layer out." in capsys.readouterr().err
    assert main(["new", str(tmp_path / "atlas"), "--layer", "a"]) == 2
    assert "Fix: name the file, too: --from FILE." in capsys.readouterr().err


def test_what_is_wrong_in_several_layers_is_said_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    frame = gpd.GeoDataFrame(geometry=[shapely.Point(42, 174)], crs="EPSG:4326")
    for layer in ("a", "b"):
        frame.to_file(tmp_path / "x.gpkg", layer=layer)
    assert main(["new", str(tmp_path / "atlas"), "--from", str(tmp_path / "x.gpkg")]) == 2
    said = capsys.readouterr().err
    assert [f"x.gpkg/{layer} feature 1: 42, 174 looks like" in said for layer in ("a", "b")] == [True, True]


def test_each_file_of_an_archive_is_a_layer(tmp_path: Path) -> None:
    gpd.GeoDataFrame({"name": ["Kant"]}, geometry=[shapely.Point(74, 42)], crs="EPSG:4326").to_file(tmp_path / "a.shp")
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for path in sorted(tmp_path.glob("a.*")):
            archive.write(path, f"shapes/{path.name}")
        archive.writestr("b.geojson", geojson(({"name": "Osh"}, (72, 40))))
    new_atlas(tmp_path / "atlas", tmp_path / "x.zip")
    names = {layer: one.frame["name"].tolist() for layer, one in layers_of(tmp_path / "atlas").items()}
    assert names == {"a": ["Kant"], "b": ["Osh"]}


def test_each_sheet_with_places_is_a_layer_and_others_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def sheet(*names: str) -> str:
        return rows(*("".join(map(text, row)) for row in (names, ["74"] * len(names))))

    readme = rows(text("About these data: see there"), text("a") + text("b") + text("c"))
    book = workbook(readme, sheet("name", "lon", "lat"), sheet("code", "meaning"), sheet("lat", "lon"))
    (tmp_path / "x.xlsx").write_bytes(book.data)
    assert main(["new", str(tmp_path / "atlas"), "--from", str(tmp_path / "x.xlsx")]) == 0
    assert sorted(layers_of(tmp_path / "atlas")) == ["sheet2", "sheet4"]
    said = capsys.readouterr().out
    assert "left out, as it has no columns of longitude and latitude: Sheet3" in said
    assert "left out: x.xlsx/Sheet1:1: the first line holds one text" in said
    assert main(["new", str(tmp_path / "other"), "--from", str(tmp_path / "x.xlsx"), "--layer", "Sheet3"]) == 2
    assert "x.xlsx/Sheet3: no column of longitudes among code, meaning." in capsys.readouterr().err


def test_layers_whose_names_are_alike_have_files_of_their_own(tmp_path: Path) -> None:
    for layer in ("Roads", "roads!", "roads_records"):
        frame = gpd.GeoDataFrame({"name": [layer]}, geometry=[shapely.Point(74, 42)], crs="EPSG:4326")
        frame.to_file(tmp_path / "x.gpkg", layer=layer)
    new_atlas(tmp_path / "atlas", tmp_path / "x.gpkg")
    names = {layer: one.frame["name"].tolist() for layer, one in layers_of(tmp_path / "atlas").items()}
    assert names == {"roads": ["Roads"], "roads_2": ["roads!"], "roads_records_2": ["roads_records"]}


def test_a_link_to_a_file_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "v2.bin").write_text("name,lon,lat\nKant,74.8,42.8\n", encoding="utf-8")
    (tmp_path / "data" / "places.csv").symlink_to(tmp_path / "v2.bin")
    new_atlas(tmp_path / "atlas", tmp_path / "data" / "places.csv")
    assert only_layer(tmp_path / "atlas").frame["name"].tolist() == ["Kant"]


def test_a_shapefile_named_in_capitals(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"name": ["Ош"]}, geometry=[shapely.Point(72.8, 40.5)], crs="EPSG:4326")
    frame.to_file(tmp_path / "posts.shp", encoding="utf-8")
    for path in tmp_path.glob("posts.*"):
        path.rename(tmp_path / path.name.upper())
    new_atlas(tmp_path / "atlas", tmp_path / "POSTS.SHP")
    assert only_layer(tmp_path / "atlas").frame["name"].tolist() == ["Ош"]


def test_the_default_atlas_s_own_files_make_atlases(tmp_path: Path) -> None:
    for number, path in enumerate(sorted(LAYERS.glob("*.geojson"))):
        made = new_atlas(tmp_path / str(number), path)
        assert made.layers[path.stem.replace("-", "_")][0] == len(
            json.loads(path.read_text(encoding="utf-8"))["features"]
        )


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.csv", "name,east,north\nKant,74,42\n", "no column of longitudes among name, east, north. Fix: name the"),
        ("x.csv", "name,lon a,lon b,lat\nKant,74,75,42\n", "no column of longitudes among name, lon a,"),
        ("x.csv", "name,lon,lat\nKant,74,north\n", "x.csv:2 row 1 column \"lat\": 'north' is not a number. Fix: write"),
        ("x.csv", "name,lon,lat\nKant,7_4,42\n", "x.csv:2 row 1 column \"lon\": '7_4' is not a number. Fix: write"),
        ("x.csv", "name,lon,lat\nKant,74,\n", "x.csv:2 row 1 column \"lat\": '' is not a number. Fix: write"),
        ("x.csv", "name,lon,lat\nKant,74\n", "[TABLE_RAGGED]"),
        ("x.csv", "name,lon,lat\nKant,nan,42\n", "x.csv:2 row 1 column \"lon\": 'nan' is not a number. Fix: write"),
        (
            "My x.csv", "name,lat,lon\nOsh,40,72\nKant,174,42\n",
            "My x.csv:3 row 2: 42, 174 looks like latitude, longitude. Fix: exchange the two cells.",
        ),
        ("My x.csv", "name,lon,lat\nKant,274,42\n", "My x.csv:2 row 1: the longitude 274 is outside -180 to 180. Fix:"),
        ("x.csv", "name,lon,lat\nKant,8331907,5290116\nOsh,8103307,4950116\n", "x.csv:2 row 1: the coordinates 83319"),
        ("My x.geojson", "\n" + geojson(({"id": 7}, (42, 174))), "My x.geojson:2 feature 1 (\"7\"): 42, 174 looks"),
        (
            "My x.geojson", geojson(({"valid_from": "2010", "valid_to": "2001"}, (74, 42))),
            'My x.geojson row 1 column "valid_to": valid_from 2010 is after valid_to 2001. Fix:',
        ),
        ("x.geojson", '{"type": "FeatureCollection"', "[JSON_SYNTAX]"),
        ("x.kml", "<kml/>", "[FILE_KIND]"),
        ("x.ods", "PK", "is not read as a table. Fix: save it as .csv (UTF-8)."),
        ("x", "PK", "a file whose name has no ending is not read as features. Fix:"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: str, said: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert main(["new", str(tmp_path / "atlas"), "--from", str(tmp_path / name)]) == 2
    assert said in capsys.readouterr().err
    assert os.listdir(tmp_path) == [name]


def test_a_file_name_of_another_encoding_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.csv")
    path.write_text(TABLE)
    assert main(["new", str(tmp_path / "atlas"), "--from", str(path)]) == 2
    assert capsys.readouterr().err == "the name 'caf\\udce9.csv' is not in UTF-8. Fix: rename the file.\n"
    assert os.listdir(os.fsencode(tmp_path)) == [b"caf\xe9.csv"]


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "palces.csv"
    for fix in ("name another one.", "did you mean 'places.csv'?"):
        assert main(["new", str(tmp_path / "atlas"), "--from", str(path)]) == 2
        assert capsys.readouterr().err == f"there is no file '{path}'. Fix: {fix}\n"
        (tmp_path / "places.csv").write_text(TABLE)


def test_a_folder_is_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", str(tmp_path / "atlas"), "--from", str(tmp_path)]) == 2
    said = f"'{tmp_path}' is a folder. Fix: name one file; of a database, save a layer of it as a file.\n"
    assert capsys.readouterr().err == said


def test_a_full_disk_is_said_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_text", fail)
    assert main(["new", str(tmp_path / "atlas")]) == 3
    said = capsys.readouterr().err
    assert said.endswith(
        "(No space left on device). Fix: check the folder above it, its permissions and the space left.\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_use_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    assert main(["new", str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"{tmp_path} is there already. Fix: name a new folder, or an empty one.\n"
    assert os.listdir(tmp_path) == ["mine.txt"]


def download(sources: dict[str, Any]) -> str:
    """GeoJSON as a map gives it: two layers, sources by id, records."""
    record = {"date": "2010", "text": "Begun.", "text_ru": "Начато.", "value": 7, "source": "gem", "citation": "GEM."}
    dam = {"layer": "dams", "key": "toktogul", "name": "Toktogul", "status": "planned", "mw": 1200, "no": "1 860"}
    base = {"layer": "bases", "key": "kant", "name": "Kant", "source": "gem;lewis#5.2", "records": [record]}
    collection = json.loads(
        geojson(
            (dam | {"mw_source": "gem#G1"}, (72.6, 41.7)),
            (base | {"citations": ["GEM.", "Lewis (2015), 5.2."]}, (74.8, 42.9)),
        )
    )
    columns = {
        "mw": {"title": "Capacity", "type": "number", "unit": "MW"},
        "no": {"title": "No", "type": "text"},
        "status": {"title": "Status", "type": "category", "values": {"open": "Open", "planned": "Planned"}},
    }
    layers = {"dams": {"title": "Hydropower", "columns": columns}, "bases": {"title": "Bases", "columns": {}}}
    about = {"name": "Energy", "licence": "CC BY 4.0", "layers": layers, "sources": sources}
    return json.dumps(collection | about)


def test_a_download_of_a_map_gives_its_layers_as_they_were(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sources = {"gem": {"citation": "GEM", "url": "https://gem.wiki"}, "lewis": {"citation": "Lewis (2015)"}}
    (tmp_path / "x.geojson").write_text(download(sources))
    assert main(["new", str(tmp_path / "atlas"), "--from", str(tmp_path / "x.geojson")]) == 0
    assert capsys.readouterr().out.splitlines()[:3] == [
        f"made {tmp_path / 'atlas'}: 2 layers, 2 features",
        "  dams: 1 feature",
        "  bases: 1 feature",
    ]
    data = load_atlas(read_config(tmp_path / "atlas"))
    assert (data.config.atlas.title, data.config.atlas.licence) == ({"": "Energy"}, {"": "CC BY 4.0"})
    assert {source.id: (source.citation, source.url) for source in data.sources.values()} == {
        "gem": ("GEM", "https://gem.wiki"),
        "lewis": ("Lewis (2015)", None),
    }
    dams, bases = data.layers["dams"], data.layers["bases"]
    assert dams.config.title == {"": "Hydropower"}
    assert [dams.frame[name].tolist() for name in ("_key", "mw_source", "no")] == [["toktogul"], ["gem#G1"], ["1 860"]]
    assert (dams.config.fields["mw"].title, dams.config.fields["mw"].unit) == ({"": "Capacity"}, {"": "MW"})
    assert {name: field.type for name, field in dams.config.fields.items()} == {
        "status": "category", "mw": "number", "no": "text",
    }  # fmt: skip
    called = data.config.atlas.categories_of(dams.config.fields["status"])
    assert {value: about.title for value, about in called.items()} == {"open": {"": "Open"}, "planned": {"": "Planned"}}
    assert [column for column in bases.frame.columns if column not in ("_key", "geometry")] == ["key", "name", "source"]
    assert bases.frame["source"].tolist() == ["gem;lewis#5.2"]
    assert bases.records is not None
    (record,) = bases.records.to_dict("records")
    assert (record["text"], record["text_ru"], record["value"], record["source"]) == ("Begun.", "Начато.", "7", "gem")


def test_a_value_that_was_edited_into_a_download_does_not_stop_it(tmp_path: Path) -> None:
    file = download({}).replace('"planned", "mw": 1200', '"done", "mw": "much"')
    fields = layers_of(make(tmp_path, "energy.geojson", file))["dams"].config.fields
    assert (fields["status"].type, fields["status"].categories, fields["mw"].type) == ("category", None, "text")


@pytest.mark.parametrize("records", ['"[1, 2"', "[7]", '"none known"'])
def test_records_that_were_edited_into_something_else_are_a_column(tmp_path: Path, records: str) -> None:
    file = re.sub(r'"records": \[[^]]*\]', f'"records": {records}', download({}))
    bases = layers_of(make(tmp_path, "energy.geojson", file))["bases"]
    assert bases.records is None
    assert bases.frame["records"].tolist() == [json.loads(records) if '"' in records else records]


def test_a_source_that_a_download_does_not_list_is_a_text_of_its_own(tmp_path: Path) -> None:
    file = download({"gem": {"citation": "GEM"}, "source1": {"citation": "X"}})
    cited = load_atlas(read_config(make(tmp_path, "energy.geojson", file))).sources
    assert {source.id: source.citation for source in cited.values()} == {
        "gem": "GEM",
        "source1": "X",
        "source2": "gem;lewis#5.2",
    }


def test_a_csv_of_a_map_that_a_spreadsheet_saved_has_numbers(tmp_path: Path) -> None:
    text = "layer;key;name;mw;latitude;longitude;citations\ndams;a;A;1200,5;41,7;72,6;\ndams;b;B;5;41,8;72,7;\n"
    frame = layers_of(make(tmp_path, "x.csv", text))["dams"].frame
    assert frame["mw"].tolist() == [1200.5, 5]


def test_a_csv_of_a_map_gives_its_layers_and_the_sources_that_its_citations_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = """\
layer,key,name,phone,source,mw,mw_source,latitude,longitude,records,citations
dams,tok,Toktogul,'+996 312,gem;lewis#5.2,1200,gem#G1,41.7,72.6,,"GEM. https://gem.org | Lewis (2015), 5.2. | GEM, G1."
dams,naryn,Naryn,,lewis#5.2,,,41.4,76,2003: Begun.,"Lewis (2015), 5.2."
dams,kambarata,Kambarata,,gem,,,41.8,73,,GEM. https://gem.org
roads,m41,M 41,,,,,,,,
"""
    said = told(tmp_path, "energy.csv", text, capsys)
    assert said == [
        "  dams: 3 features",
        "  roads: 1 feature, 1 not located",
        "the CSV of a map has no lines and areas, its GeoJSON has: roads",
    ]
    data = load_atlas(read_config(tmp_path / "atlas"))
    assert {source.id: (source.citation, source.url) for source in data.sources.values()} == {
        "lewis_5_2": ("Lewis (2015), 5.2.", None),
        "gem": ("GEM", "https://gem.org"),
        "gem_G1": ("GEM, G1.", None),
    }
    (toktogul, *_) = data.layers["dams"].frame.to_dict("records")
    assert [toktogul[name] for name in ("phone", "source", "mw_source")] == ["+996 312", "gem;lewis_5_2", "gem_G1"]
    assert "mw" not in data.layers["roads"].frame
