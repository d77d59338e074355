"""atlas.toml: what is read, and every problem with its line."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from geo.config.settings import Config, read_config
from geo.errors import DataError

MINIMAL = """
title = "Atlas"
[layers.bases]
title = "Bases"
features = "bases.geojson"
[maps.all]
title = "All"
layers = ["bases"]
"""


def read(tmp_path: Path, text: str) -> Config:
    (tmp_path / "atlas.toml").write_text(text, encoding="utf-8")
    return read_config(tmp_path)


def problems(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(DataError) as caught:
        read(tmp_path, text)
    return [str(problem) for problem in caught.value.problems]


def test_reads_a_minimal_atlas(tmp_path: Path) -> None:
    config = read(tmp_path, MINIMAL)
    assert config.languages == ("en",)
    assert config.text(config.atlas.title) == {"en": "Atlas"}
    layer = config.layers["bases"]
    assert (layer.key.features, layer.unmatched.rows, layer.rows) == ("id", "error", "one")


def test_a_short_form_says_both_sides(tmp_path: Path) -> None:
    layer = read(tmp_path, MINIMAL.replace("[maps", 'key = "iso"\nunmatched = "warn"\n[maps')).layers["bases"]
    assert (layer.key.features, layer.key.table) == ("iso", "iso")
    assert (layer.unmatched.features, layer.unmatched.rows) == ("warn", "warn")


def test_a_folder_without_config_says_so(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"there is no atlas\.toml in"):
        read_config(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (f"[{'[' * 50_000}", "nested too deep"),
        (f"{{ a = {'{ a = ' * 50_000}", "nested too deep"),
        ("1" * 6_000, "not valid TOML: exceeds the limit (4300 digits)"),
        (f"0x{'f' * 6_000}", "atlas.toml:1 title: what is written there is neither a text nor one per language"),
    ],
)
def test_what_python_cannot_hold_is_a_problem_of_the_file(tmp_path: Path, value: str, said: str) -> None:
    assert any(said in problem for problem in problems(tmp_path, f"title = {value}\n"))


def test_an_atlas_toml_that_is_called_otherwise_is_found(tmp_path: Path) -> None:
    (tmp_path / "atlas.toml.txt").write_text(MINIMAL)
    with pytest.raises(DataError, match=r"Fix: rename atlas\.toml\.txt, which is there, to atlas\.toml\. "):
        read_config(tmp_path)
    read(tmp_path, MINIMAL)
    with pytest.raises(DataError, match=r"'atlas\.toml' is a file\. Fix: name the folder that it is in, .*\. "):
        read_config(tmp_path / "atlas.toml")


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_an_atlas_toml_that_is_no_file_is_not_waited_for(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "atlas.toml")
    with pytest.raises(DataError, match=r"atlas\.toml: 'atlas\.toml' is not a file\. Fix: put one in its place"):
        read_config(tmp_path)


def test_broken_toml_is_named_with_its_line(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, 'title = "A"\nlanguages = [en]\n')
    assert problem.startswith("atlas.toml:2: 'languages = [en]' is not valid TOML: ")
    assert problem.endswith(". Fix: put texts in quotation marks. [CONFIG_TOML]")
    (problem,) = problems(tmp_path, 'title = "A"\nlanguages = [\n"en"\n\n')
    assert problem.startswith("atlas.toml:3: '\"en\"' is not valid TOML: ")


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("title = Bases", 'write title = "Bases"'),
        ("filter = True", "write filter = true"),
        ("filter = no", "write filter = false"),
        ("min = 4,5", "write min = 4.5"),
        ("title =", "write a value after the ="),
        ("title = “Bases”", 'write straight quotation marks: "'),
        ("title = «Базы»", 'write straight quotation marks: "'),
        ('title = "Bases\n', "close the quotation marks"),
        ("about = '''Bases", "close the quotation marks"),
        ('about = "The "new" bases"', 'write \\" for a quotation mark inside a text'),
        (r'features = "C:\Users\me\bases.geojson"', "write / for \\ in the path of a file, elsewhere \\\\"),
        ('title: "Bases"', 'write title = "Bases"'),
        ('title = { en: "Bases" }', "write = after each key, not :"),
        (
            'layers = ["bases" "dams"]',
            "close the list that begins here or further up with ], its values parted by commas",
        ),
        ('title = { en = "Bases"', "close it with }, in the same line"),
        ("[layers.bases.fields.Runway (m)]", 'write [layers.bases.fields."Runway (m)"]'),
        ("[layers.bases.fields.Длина]", 'write [layers.bases.fields."Длина"]'),
        ("[[credits]", "write [[credits]]"),
        ("runway m = 5", 'write "runway m" = 5'),
        ("// a note", "begin a comment with #"),
        ("Bases", "write a key, = and its value"),
        ('title = "Bases', "close the quotation marks"),
        (f"about = {'words ' * 99}", "mend the line"),
    ],
)
def test_broken_toml_is_shown_with_how_to_write_it(line: str, hint: str, tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, f"languages = ['en']\n{line}")
    assert problem.startswith(f"atlas.toml:2: '{line.strip()[:60]}")
    assert problem.endswith(f" Fix: {hint}. [CONFIG_TOML]")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[layers.bases.style]\nunlocated = 1\n",
            "10 layers.bases.style.unlocated: @. Fix: write it under [layers.bases].",
        ),
        ("languages = []\n", "9 maps.all.languages: @. Fix: write it at the top, above the first [."),
        ("[layers.x]\ntitle = 'X'\nnodes = 'y'\n", "11 layers.x.nodes: @. Fix: write it under [layers.x.flows]."),
        ("[layers.x]\ntitle = 'X'\ncolor = 1\n", "11 layers.x.color: @. Fix: write it under [layers.x.style]."),
        (
            "[layers.bases.fields.'Runway (m)'.categories.a]\ntitle = 'A'\ntype = 1\n",
            "11 layers.bases.fields.Runway (m).categories.a.type: @. "
            'Fix: write it under [layers.bases.fields."Runway (m)"].',
        ),
    ],
)
def test_a_key_in_the_wrong_table_is_sent_to_its_own(text: str, said: str, tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, MINIMAL + text)
    key = said.split(": @")[0].split(".")[-1]
    whole = said.replace("@", f"unknown key '{key}'")
    assert problem == f"atlas.toml:{whole} [CONFIG_UNKNOWN_KEY]"


def test_capitals_and_spaces_find_what_was_meant(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, MINIMAL.replace('["bases"]', '["BASES "]'))
    assert "there is no layer 'BASES '. Fix: did you mean 'bases'?" in problem


def test_a_table_without_a_header_has_the_line_of_the_first_inside_it(tmp_path: Path) -> None:
    found = problems(tmp_path, f"{MINIMAL}[layer.x]\n[layers.y.style]\n[layers.y.fields.z]\n")
    assert [problem.partition(": ")[0] for problem in found] == ["atlas.toml:9 layer", "atlas.toml:10 layers.y"]


def test_what_stands_twice_is_said(tmp_path: Path) -> None:
    assert problems(tmp_path, f"{MINIMAL}[layers.bases]\n") == [
        "atlas.toml:9: the table [layers.bases] is there already, further up. "
        "Fix: put what both hold under one of them. [CONFIG_TOML]"
    ]
    assert problems(tmp_path, f'{MINIMAL}title = "Bases"\n') == [
        "atlas.toml:9: 'title' is there already, further up. Fix: take one of the two out. [CONFIG_TOML]"
    ]


@pytest.mark.parametrize(
    "text",
    [
        'about = """\n[1] Lewis, \'of\' 2015\nedition = \\""" none\n""""',
        "about = '''\n[1] Lewis\n\"\"\"'''",
        'about = { en = """\n[1] Lewis""" } # """ [',
        'credits = [\n["a]", # [\n"b"],\n["c"]\n]',
    ],
)
def test_what_stands_in_texts_and_lists_is_no_header(tmp_path: Path, text: str) -> None:
    found = problems(tmp_path, f"{text}\nbasemap = false{MINIMAL}colour = 1\n")
    line = text.count("\n") + 2
    assert f"atlas.toml:{line} basemap" in "\n".join(found)
    assert f"atlas.toml:{line + 8} maps.all.colour" in "\n".join(found)


@pytest.mark.parametrize(
    ("wrong", "line", "hint"),
    [
        ('titel = "x"', 10, "did you mean 'title'?"),
        ('[layers.bases.style]\ncolour = "#ff0000"', 11, "did you mean 'color'?"),
        ('[layers.bases.fields.status]\ntyp = "text"', 11, "did you mean 'type'?"),
    ],
)
def test_an_unknown_key_is_named_with_the_nearest(tmp_path: Path, wrong: str, line: int, hint: str) -> None:
    (problem,) = problems(tmp_path, f"{MINIMAL}\n{wrong}")
    assert problem.startswith(f"atlas.toml:{line} "), problem
    assert hint in problem


def test_a_wrong_value_says_what_is_allowed(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, MINIMAL + '\n[layers.bases.style]\nshape = "blob"\n')
    assert problem.startswith("atlas.toml:11 layers.bases.style.shape:")
    assert "'circle'" in problem
    assert "'blob'" in problem


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('title = "Bases"', 'title = "Bases"\nstyle = { color = "red" }', "'red' is not a colour as #rrggbb, such as"),
        ('title = "Atlas"', 'title = "Atlas"\nlanguages = ["English"]', "'English' is not a language by its code"),
        ("[layers.bases]", '[layers."2010"]\ntitle = "Old"\nfeatures = "f.csv"\n[layers.bases]', "a letter first"),
    ],
)
def test_a_text_of_another_form_is_told_the_right_one(tmp_path: Path, before: str, after: str, said: str) -> None:
    (problem,) = problems(tmp_path, MINIMAL.replace(before, after))
    assert said in problem


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (
            "title = 5",
            'title: 5 is neither a text nor one per language. Fix: write "..." or { en = "...", ru = "..." }.',
        ),
        ('title = "A"\ngroups = 5', "groups: 5 is not a table. Fix: write { ... } or a table of its own."),
        ('title = "A"\ngroups = [1]', "groups: [1] is not a table."),
        ('title = "A"\nsources = true', "sources: true is not a text. Fix: write it in quotation marks."),
        ('title = "A"\nlanguages = "en"', "languages: 'en' is not a list. Fix: put it in [ ]."),
        (
            'title = "A"\nrequire_sources = "ja"',
            "require_sources: 'ja' is neither true nor false. Fix: write true or false.",
        ),
        ('title = "A"\nedition = 2026', "edition: 2026 is not a date. Fix: write year-month-day, such as 2026-11-29."),
    ],
)
def test_a_value_of_another_kind_is_told_in_words_of_toml(after: str, said: str, tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, MINIMAL.replace('title = "Atlas"', after))
    assert problem.partition(" ")[2].startswith(said)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("bounds = [62, 36.5, 82]", ["maps.all.bounds: number 4 is missing. Fix: add it. [CONFIG_MISSING_KEY]"]),
        ("style.size_range = [4]", ["layers.bases.style.size_range: number 2 is missing. Fix: add it. [CONFIG_MISSI"]),
        ('style.palette = ["red"]', ["layers.bases.style.palette.0: 'red' is not a colour as #rrggbb, such as"]),
        (
            'fields.state = { type = "category", categories = ["open", "closed"] }',
            ["layers.bases.fields.state.categories: ['open', 'closed'] is neither a text nor a table"],
        ),
        ('label = ["a"]', ["layers.bases.label: ['a'] is neither true nor false nor a text. Fix: write tr"]),
        (
            "style.palette = 5",
            ["layers.bases.style.palette: 5 is neither a text nor a list. Fix: write it in quotation"],
        ),
        (
            'unmatched = "ignored"',
            ["layers.bases.unmatched: 'ignored' means nothing here. Fix: write 'error', 'warn' or 'ignore'. [CONFIG_"],
        ),
        (
            "time = true",
            ["layers.bases.time: true is neither a table nor false. Fix: write { from = ..., to = ... } or a table"],
        ),
        ('style.opacity = "faint"', ["layers.bases.style.opacity: 'faint' is not a number. Fix: write one, such as"]),
        ("style.width = nan", ["layers.bases.style.width: nan is not a number. Fix: write one, such as"]),
        ("fields.mw.max = inf", ["layers.bases.fields.mw.max: inf is not a number. Fix: write one, such as"]),
        ("style.opacity = 2", ["layers.bases.style.opacity: 2 is more than 1. Fix: write that or less."]),
        ("style.classes = 1", ["layers.bases.style.classes: 1 is less than 2. Fix: write that or more."]),
        ("style.size = 0", ["layers.bases.style.size: 0 is not above 0. Fix: write a greater number."]),
        ("style.classes = 2.5", ["layers.bases.style.classes: 2.5 is not a whole number. Fix: write one, such as 3."]),
        ("bounds = [1, 2, 3, 4, 5]", ["maps.all.bounds: 5 values where there are 4. Fix: take out those at the end."]),
        ('time = { form = "opened" }', ["layers.bases.time.form: unknown key 'form'. Fix: did you mean 'from'?"]),
        ("time = { from = 5 }", ["layers.bases.time.from: 5 is not a text. Fix: write it"]),
    ],
)
def test_a_list_too_short_or_a_value_of_another_kind(line: str, said: list[str], tmp_path: Path) -> None:
    table = "[maps.all]\n" if line.startswith("bounds") else "[layers.bases]\n"
    found = [problem.partition(" ")[2] for problem in problems(tmp_path, MINIMAL.replace(table, f"{table}{line}\n"))]
    assert [one[: len(start)] for one, start in zip(found, said, strict=True)] == said


def test_a_missing_key_is_told_of_beside_an_unknown_one(tmp_path: Path) -> None:
    found = "\n".join(problems(tmp_path, MINIMAL.replace('title = "Bases"', 'titel = "Bases"')))
    assert "layers.bases: 'title' is missing" in found
    assert "layers.bases.titel: unknown key 'titel'" in found


def test_a_wrong_id_is_told_of_beside_what_it_stands_for(tmp_path: Path) -> None:
    found = "\n".join(problems(tmp_path, f'{MINIMAL}[layers."2010"]\ntitle = 5\nfeatures = "f.csv"\n'))
    assert "layers.2010: '2010' is not a name" in found
    assert "layers.2010.title: 5 is neither a text" in found


def test_a_missing_key_is_asked_for_at_its_table(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, MINIMAL.replace('title = "Bases"\n', ""))
    assert problem.startswith("atlas.toml:3 layers.bases: 'title' is missing")


def test_a_map_of_an_unknown_layer_is_refused(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, MINIMAL.replace('layers = ["bases"]', 'layers = ["basis"]'))
    assert "there is no layer 'basis'. Fix: did you mean 'bases'?" in problem
    assert problem.startswith("atlas.toml:8 ")


def test_a_style_by_an_undeclared_field_is_refused(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, MINIMAL + '\n[layers.bases.style]\ncolor_by = "status"\n')
    assert "there is no field 'status' in this layer" in problem


def test_a_text_in_a_foreign_language_is_refused(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, MINIMAL.replace('title = "Atlas"', 'title = { en = "Atlas", de = "Atlas" }'))
    assert "a text in 'de'" in problem


def test_every_problem_comes_in_one_run(tmp_path: Path) -> None:
    text = MINIMAL.replace("[maps", 'rows = "some"\nunlocated = "maybe"\n[maps') + "\n[nonsense]\n"
    assert len(problems(tmp_path, text)) == 3


WITH_FIELDS = MINIMAL.replace(
    "[maps",
    """[layers.bases.fields.mw]
type = "number"
[layers.bases.fields.who]
type = "category"
[maps""",
)


FLOWS = '[layers.flights]\ntitle = "Flights"\nflows = '


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('layers = ["bases"]', 'layers = ["bases", "bases"]', "maps.all.layers: 'bases' is there twice"),
        ('layers = ["bases"]', 'layers = ["bases"]\nshown = ["basis"]', "maps.all.shown: there is no layer 'basis'"),
        ('title = "Atlas"', 'title = "Atlas"\nlanguages = ["en", "ky", "en"]', "languages: 'en' is there twice"),
        ('title = "Atlas"', 'title = "Atlas"\nlanguages = []', "languages: fewer than 1 named. Fix: name at least 1."),
        ('title = "All"', 'title = " "', "maps.all.title: the title is blank"),
        ('title = "All"', "title = {}", "maps.all.title: the title is blank"),
        ('title = "Atlas"', "title = {}", "title: the title is blank"),
        (
            "[maps.all]",
            '[maps.steps]\ntitle = ""\nlayers = ["bases"]\n[maps.all]',
            "maps.steps.title: the title is blank",
        ),
        (
            'title = "All"',
            'title = "All"\nbounds = [82, 36, 62, 47]',
            "maps.all.bounds: bounds [82.0, 36.0, 62.0, 47.0] are not [west, south, east, north] in degrees. "
            "Fix: exchange west and east, or give less than half the world: no more may lie over 180 degrees.",
        ),
        (
            'title = "All"',
            'title = "All"\nbounds = [62, 36, 82, 89]',
            "maps.all.bounds: bounds [62.0, 36.0, 82.0, 89.0] are not [west, south, east, north] in degrees. "
            "Fix: give two corners, south-west first, between -180 and 180 and between 85 south and 85 north.",
        ),
        (
            "[maps.all]",
            '[maps.All]\ntitle = "A"\nlayers = ["bases"]\n[maps.all]',
            "maps.all: its file is that of 'All'",
        ),
        ("[maps.all]", "[maps.Index]", "maps.Index: 'Index' is the page that lists the maps. Fix: choose another id."),
        (
            "[layers.bases.fields.mw]",
            'group = "army"\n[layers.bases.fields.mw]',
            "layers.bases.group: there is no group 'army'. Fix: declare one, [groups.<id>] with a title, and write",
        ),
        ("[layers.bases.fields.mw]", 'rows = "many"\n[layers.bases.fields.mw]', "layers.bases.rows: there is no table"),
        (
            "[maps.all]",
            f'{FLOWS}{{ table = "f.csv", nodes = "bases" }}\nfeatures = "f.geojson"\n[maps.all]',
            "layers.flights.features: flows have their shapes and attributes from their own table",
        ),
        (
            "[maps.all]",
            f'{FLOWS}{{ table = "f.csv", nodes = "flights" }}\n[maps.all]',
            "layers.flights.flows.nodes: 'flights' is made of flows itself",
        ),
        (
            "[layers.bases.fields.mw]",
            'time = { from = "who" }\n[layers.bases.fields.mw]',
            'layers.bases.fields.who: the column says when, and has the type category. Fix: write type = "date"',
        ),
        (
            "[layers.bases.fields.mw]",
            'key = "mw"\n[layers.bases.fields.mw]',
            "layers.bases.fields.mw: the column is the join key, which stays text, and has the type number. Fix: take",
        ),
        (
            "[layers.bases.fields.mw]",
            'table = "b.csv"\nkey = { table = "mw" }\n[layers.bases.fields.mw]',
            "layers.bases.fields.mw: the column is the join key",
        ),
        ('"category"', '"category"\nmin = 5', "layers.bases.fields.who.min: the type is category"),
        ('"category"', '"category"\ndecimals = 2', "layers.bases.fields.who.decimals: the type is category"),
        ('"number"', '"number"\nmin = 9\nmax = 5', "layers.bases.fields.mw.min: 9 is more than the maximum 5"),
        (
            '"number"',
            '"number"\ncategories = { a = { title = "A" } }',
            "layers.bases.fields.mw.categories: the type is number",
        ),
        (
            "[maps.all]",
            "[layers.bases.style]\ndash = [3, 0]\n[maps.all]",
            "layers.bases.style.dash: [3, 0] are not the lengths",
        ),
        (
            "[maps.all]",
            "[layers.bases.style]\ndash = []\n[maps.all]",
            "layers.bases.style.dash: [] are not the lengths of dash and gap",
        ),
    ],
)
def test_what_does_not_go_together_is_refused(before: str, after: str, said: str, tmp_path: Path) -> None:
    text = WITH_FIELDS.replace(before, after)
    (problem,) = problems(tmp_path, text)
    place, _, rest = problem.partition(" ")
    assert rest.startswith(said)
    named = text.splitlines()[int(place.partition(":")[2]) - 1]
    assert said.split(":")[0].split(".")[-1] in named
