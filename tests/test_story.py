"""Stories: what is read from a table and from atlas.toml, what of it reaches the page, and what rebuilds the map.

The problems of stories are cases of tests/atlases/.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from geo.check.dates import parse_date
from geo.config.settings import read_config
from geo.errors import DataError
from geo.load.atlas import load_atlas
from geo.load.translations import find_untranslated
from geo.model import AtlasData
from geo.pack.pagedata import pack_map, story_step, used_sources
from geo.pipeline.inputs import Inputs

CASE = Path(__file__).parent / "atlases" / "story_table"
STEPS = """id,title,title_ru,text,view,layers,time,selection,source
kant,Kant opens,Открытие Канта,Russia opens a base.,74.85 42.85 8,plans;bases,2003-10,bases:kant,lewis2015#4.1.2
,As the map opens,,,,,,,lewis2015
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(CASE, tmp_path, dirs_exist_ok=True)
    (tmp_path / "story.csv").write_text(STEPS, encoding="utf-8")
    return tmp_path


def load(folder: Path, *layers: str) -> AtlasData:
    return load_atlas(read_config(folder), layers or None)


def write_steps(folder: Path, steps: str) -> None:
    """Write the steps into atlas.toml instead of the table."""
    toml = (folder / "atlas.toml").read_text(encoding="utf-8").replace('table = "story.csv"\n', "")
    (folder / "atlas.toml").write_text(toml + steps, encoding="utf-8")


def test_reads_a_step_from_a_table(folder: Path) -> None:
    first, _ = load(folder).stories["security"]
    assert first.title == {"en": "Kant opens", "ru": "Открытие Канта"}
    assert (first.id, first.text) == ("kant", {"en": "Russia opens a base."})
    assert (first.view, first.time) == ((74.85, 42.85, 8), parse_date("2003-10"))
    assert (first.selection, first.source) == (("bases", "kant"), "lewis2015#4.1.2")


def test_the_layers_of_a_step_come_in_the_order_of_the_map(folder: Path) -> None:
    first, _ = load(folder).stories["security"]
    assert first.layers == ("bases", "plans")


def test_a_blank_cell_is_as_the_map_opens_and_a_blank_id_the_number(folder: Path) -> None:
    _, second = load(folder).stories["security"]
    assert second.id == "2"
    assert (second.view, second.layers, second.time, second.selection) == (None, None, None, None)


def test_a_column_in_the_default_language_bears_no_ending(folder: Path) -> None:
    (folder / "story.csv").write_text(STEPS.replace(",text,", ",text_en,"), encoding="utf-8")
    (problem,) = load(folder).problems
    assert (problem.code, problem.hint) == ("STORY_COLUMN", "did you mean 'text'?")


def test_reads_the_same_step_from_atlas_toml(folder: Path) -> None:
    from_table, _ = load(folder).stories["security"]
    write_steps(
        folder,
        """[[maps.security.story.steps]]
id = "kant"
title = { en = "Kant opens", ru = "Открытие Канта" }
text = "Russia opens a base."
view = [74.85, 42.85, 8]
layers = ["bases", "plans"]
time = "2003-10"
selection = "bases:kant"
source = "lewis2015#4.1.2"
""",
    )
    assert load(folder).stories["security"] == (from_table,)


def test_a_view_of_atlas_toml_keeps_all_its_digits(folder: Path) -> None:
    write_steps(
        folder,
        '[[maps.security.story.steps]]\ntitle = "A"\nsource = "lewis2015"\nview = [-122.1234567, 42.8532109, 8]\n',
    )
    assert load(folder).stories["security"][0].view == (-122.1234567, 42.8532109, 8)


def test_a_view_may_go_over_180_degrees_as_the_bounds_of_a_map(folder: Path) -> None:
    (folder / "story.csv").write_text("title,source,view\nA,lewis2015,170 -10 -170 20\n", encoding="utf-8")
    assert load(folder).stories["security"][0].view == (170, -10, 190, 20)


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        (
            "selection",
            "bases",
            "'bases' names no feature. Fix: write layer:key, for example bases:kant. [STORY_SELECTION]",
        ),
        ("selection", "towns:osh", "'towns' is no layer of the map. Fix: write layer:key, for example bases:kant."),
        (
            "view",
            "82 36.5 66 45",
            "nor lon lat zoom, in degrees and a zoom from 2 to 13. Fix: write for example 66 36.5",
        ),
        ("view", "74 42 14", "nor lon lat zoom, in degrees and a zoom from 2 to 13. Fix: write for example 66 36.5 82"),
    ],
)
def test_a_selection_or_view_that_cannot_be_is_refused(folder: Path, column: str, cell: str, said: str) -> None:
    (folder / "story.csv").write_text(f"title,source,{column}\nA,lewis2015,{cell}\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load(folder)
    assert said in str(caught.value.problems[0])


def test_a_selection_is_refused_where_no_layer_has_a_feature(folder: Path) -> None:
    (folder / "bases.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    (folder / "bases.csv").write_text("id,name,source\n")
    (folder / "story.csv").write_text("title,source,selection\nA,lewis2015,towns:osh\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load(folder)
    assert "'towns' is no layer of the map. Fix: take the selection out" in "\n".join(map(str, caught.value.problems))


@pytest.mark.parametrize(("written", "text"), [("2014", "2014"), ("2014-06-03", "2014-06-03"), ('"2014~"', "2014~")])
def test_a_time_of_atlas_toml_needs_no_quotation_marks(folder: Path, written: str, text: str) -> None:
    write_steps(folder, f'[[maps.security.story.steps]]\ntitle = "Kant"\nsource = "lewis2015"\ntime = {written}\n')
    (step,) = load(folder).stories["security"]
    assert step.time == parse_date(text)


def test_an_unknown_key_of_a_step_has_the_line_of_its_step(folder: Path) -> None:
    write_steps(folder, '[[maps.security.story.steps]]\ntitle = "A"\n[[maps.security.story.steps]]\nveiw = [1, 2, 3]\n')
    line = (folder / "atlas.toml").read_text(encoding="utf-8").split("\n").index("veiw = [1, 2, 3]") + 1
    with pytest.raises(DataError) as caught:
        read_config(folder)
    assert str(caught.value.problems[-1]).startswith(f"atlas.toml:{line} maps.security.story.steps.1.veiw: unknown key")


def test_a_story_is_read_where_all_layers_of_its_map_are(folder: Path) -> None:
    assert load(folder, "bases").stories == {}
    assert "story.csv" not in load(folder, "bases").inputs
    assert "story.csv" in load(folder).inputs


def test_what_is_wrong_in_a_story_is_told_beside_a_layer_that_cannot_be_read(folder: Path) -> None:
    (folder / "bases.geojson").write_text("{", encoding="utf-8")
    (folder / "story.csv").write_text(STEPS.replace("2003-10", "2003-13").replace("plans;", "plan;"), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load(folder)
    told = [(problem.path, problem.code) for problem in caught.value.problems]
    assert told == [("bases.geojson", "JSON_SYNTAX"), ("story.csv", "STORY_LAYER"), ("story.csv", "TABLE_DATE")]


def test_the_head_holds_the_steps_and_nothing_that_is_blank(folder: Path) -> None:
    data = load(folder)
    story = pack_map(data, "security", {}).head["map"]["story"]
    steps = [story_step(step) for step in data.stories["security"]]
    october = parse_date("2003-10")
    assert (story["title"], story["steps"]["n"]) == ({"en": "Two bases"}, 2)
    assert steps[0]["time"] == [october.earliest, october.latest]
    assert steps[0]["selection"] == ("bases", "kant")
    assert steps[1] == {"id": "2", "title": {"en": "As the map opens"}, "source": "lewis2015"}


def test_a_map_without_a_story_has_none_in_its_head(folder: Path) -> None:
    toml = (folder / "atlas.toml").read_text(encoding="utf-8")
    (folder / "atlas.toml").write_text(toml.partition("[maps.security.story]")[0], encoding="utf-8")
    assert "story" not in pack_map(load(folder), "security", {}).head["map"]


def test_what_a_step_cites_is_among_the_sources_used(folder: Path) -> None:
    sources = (folder / "sources.csv").read_text(encoding="utf-8")
    (folder / "sources.csv").write_text(f"{sources}kucera2014,Kucera (2014),,\n", encoding="utf-8")
    (folder / "story.csv").write_text("title,source\nKant,kucera2014#2\n", encoding="utf-8")
    assert "kucera2014" in used_sources(load(folder), "security")


def test_a_source_says_when_its_address_was_read_where_that_is_known(folder: Path) -> None:
    (folder / "sources.csv").write_text(
        "id,citation,accessed\nlewis2015,Lewis,2025-03-02\nradnitz2016,Radnitz,\n", encoding="utf-8"
    )
    data = load(folder)
    assert [data.sources[name].accessed for name in ("lewis2015", "radnitz2016")] == ["2025-03-02", None]
    assert "accessed" in pack_map(data, "security", {}).head["sources"]["columns"]


def test_a_map_depends_on_the_table_of_its_story(folder: Path) -> None:
    before = Inputs(folder).of_page("security", {})
    (folder / "story.csv").write_text(STEPS.replace("Russia", "Moscow"), encoding="utf-8")
    after = Inputs(folder).of_page("security", {})
    assert [name for name in after if after[name] != before[name]] == ["story.csv"]
    assert "story.csv" in Inputs(folder).files()


def test_what_a_story_lacks_in_a_language_is_counted(folder: Path) -> None:
    found = {(entry.place, entry.missing, entry.total) for entry in find_untranslated(load(folder))}
    assert {("story.csv: title", 1, 2), ("story.csv: text", 1, 1)} <= found


def test_a_story_whose_rows_are_refused_is_not_called_empty(folder: Path) -> None:
    (folder / "story.csv").write_text("id,title\nkant,Kant,opens\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load(folder)
    assert [problem.code for problem in caught.value.problems] == ["TABLE_RAGGED"]
