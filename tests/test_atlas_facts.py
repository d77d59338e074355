"""The default atlas says what its sources say: counts, the facts of the papers, their sums, sources, names."""

import codecs
import csv
import json
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from shapely.geometry import Point, shape

from geo.config.settings import read_config
from geo.load.atlas import load_atlas
from geo.model import AtlasData
from geo.pack.style import style_layer

LAYERS = Path(__file__).resolve().parent.parent / "layers"
MOST_PAGE_BYTES = 1_100_000
# The numbering of the two papers' facts: L = Lewis 2015, R = Radnitz 2016.
FACT_IDS = [f"L{n:03}" for n in range(1, 144)] + [f"R{n:03}" for n in range(1, 42)]
CENTRAL_ASIA = {"KGZ", "KAZ", "TJK", "TKM", "UZB"}

Row = dict[str, str]


def rows_of(name: str) -> list[Row]:
    with (LAYERS / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def by_id(name: str, key: str = "id") -> dict[str, Row]:
    return {row[key]: row for row in rows_of(name)}


def features_of(name: str) -> dict[str, Any]:
    """Geometries by key."""
    key = "iso_a3" if name == "countries.geojson" else "id"
    collection = json.loads((LAYERS / name).read_text(encoding="utf-8"))
    return {feature["properties"][key]: feature["geometry"] for feature in collection["features"]}


def atlas_toml() -> dict[str, Any]:
    return tomllib.loads((LAYERS / "atlas.toml").read_text(encoding="utf-8"))


def tables() -> list[str]:
    return sorted(path.name for path in LAYERS.glob("*.csv") if path.name not in ("sources.csv", "unmapped_facts.csv"))


@pytest.fixture(scope="module")
def atlas() -> AtlasData:
    return load_atlas(read_config(LAYERS))


def test_no_page_weighs_more_than_people_send(default_maps: Path) -> None:
    sizes = {path.name: path.stat().st_size for path in default_maps.glob("*.html")}
    assert len(sizes) == 6
    assert max(sizes.values()) <= MOST_PAGE_BYTES, sizes


def test_loads_without_a_warning(atlas: AtlasData) -> None:
    assert [str(problem) for problem in atlas.problems] == []


@pytest.mark.parametrize(
    ("layer", "features", "located"),
    [
        ("bases", 16, 16),
        ("dams", 30, 30),
        ("pipelines", 10, 9),
        ("border_posts", 19, 17),
        ("airports", 30, 30),
        ("flight_routes", 6, 4),
        ("countries", 15, 15),
        ("cities", 40, 40),
        ("events", 45, 22),
    ],
)
def test_has_the_features_promised(atlas: AtlasData, layer: str, features: int, located: int) -> None:
    frame = atlas.layers[layer].frame
    assert len(frame) >= features
    assert frame.geometry.notna().sum() >= located


def test_has_the_maps_promised() -> None:
    maps = atlas_toml()["maps"]
    assert list(maps) == ["atlas", "security", "energy", "transport", "alignment"]
    assert set(maps["atlas"]["layers"]) == set(atlas_toml()["layers"])


def test_classes_of_a_layer_differ_in_more_than_colour(atlas: AtlasData) -> None:
    cues = {"Point": ("shape", "fill"), "LineString": ("dash", "ends"), "Polygon": ("fill", "dash")}
    for layer in atlas.layers.values():
        styled, located = style_layer(atlas.config, layer), layer.frame.geometry.notna()
        colour = styled.style["color"]
        if not colour or colour["kind"] != "category":
            continue
        kind = layer.frame.geometry[located].geom_type.iat[0].removeprefix("Multi")
        on_map = [colour["classes"][code - 1] for code in np.unique(styled.arrays["_color"][located]) if code]
        looks = Counter(str([(styled.style["base"] | entry)[cue] for cue in cues[kind]]) for entry in on_map)
        assert set(looks.values()) == {1}, (layer.id, looks)


# ---- the papers' facts


def test_keeps_every_fact_of_the_papers_once() -> None:
    unmapped = rows_of("unmapped_facts.csv") if (LAYERS / "unmapped_facts.csv").exists() else []
    assert len(unmapped) <= 5
    assert all(row["reason"] for row in unmapped)
    assert sorted(row["id"] for row in rows_of("facts.csv") + unmapped) == sorted(FACT_IDS)


def test_every_text_that_counts_the_facts_has_their_number() -> None:
    """One record is a difference of others, which no paper states."""
    number = sum(not row["note"].startswith("Derived") for row in rows_of("facts.csv"))
    texts = [
        (LAYERS.parent / name).read_text(encoding="utf-8") for name in ("README.md", "CHANGELOG.md", "layers/README.md")
    ]
    texts += atlas_toml()["about"].values()
    said = [re.findall(r"(\d+) (?:sourced )?(?:facts?|факт)", text) for text in texts]
    assert said == [[str(number)]] * 6


def test_an_event_outside_the_papers_says_so() -> None:
    outside = [row for row in rows_of("events.csv") if not re.search("lewis|radnitz", row["source"])]
    assert [row["id"] for row in outside if "Not in the papers" not in row["note"]] == []


def test_each_step_in_the_exit_of_uzbekistan_and_the_start_of_the_union_is_an_event() -> None:
    events, facts = by_id("events.csv"), by_id("facts.csv")
    told = {"L026": "evt-2012-12-uzb-csto", "L095": "evt-2010-customs-union", "L119": "evt-2015-04-irkeshtam"}
    assert {id: facts[id]["date"] for id in told} == {id: events[event]["valid_from"] for id, event in told.items()}
    assert all(event in facts[id]["feature"].split(";") for id, event in told.items())


def test_shows_every_fact_on_a_card(atlas: AtlasData) -> None:
    shown = {id for layer in atlas.layers.values() if layer.records is not None for id in layer.records["id"]}
    assert shown == {row["id"] for row in rows_of("facts.csv")}


def test_states_facts_in_three_languages() -> None:
    for row in rows_of("facts.csv"):
        assert re.search("[a-z]", row["text"]), row["id"]
        assert re.search("[а-я]", row["text_ru"]), row["id"]
        assert re.search("[а-яөүң]", row["text_ky"]), row["id"]
        assert bool(row["note"]) == bool(row["note_ru"]) == bool(row["note_ky"]), row["id"]


def test_values_of_facts_are_numbers_which_need_no_translation() -> None:
    values = {row["id"]: row["value"] for row in rows_of("facts.csv") if row["value"]}
    assert [id for id, value in values.items() if not re.fullmatch(r"\d+(\.\d+)?", value)] == []


def test_a_value_of_a_fact_has_a_unit() -> None:
    """Else a bare number stands behind the text."""
    assert [row["id"] for row in rows_of("facts.csv") if row["value"] and not row["unit"]] == []


def test_a_view_that_the_paper_rejects_has_its_answer_beside_it() -> None:
    facts = by_id("facts.csv")
    assert [id for id in ("L015", "L016", "L131") if not facts[id]["note"].startswith("Lewis: ")] == []
    assert [id for id in ("L015", "L016") if not facts[id]["text"].startswith("Some analysts held")] == []


def test_the_census_in_the_paper_has_the_published_one_beside_it() -> None:
    fact = by_id("facts.csv")["L010"]
    assert fact["value"] == "439860"
    assert "419,583" in fact["note"]


def test_cites_the_paper_that_a_fact_is_of() -> None:
    papers = {"L": "lewis2015#", "R": "radnitz2016#"}
    assert [row["id"] for row in rows_of("facts.csv") if not row["source"].startswith(papers[row["id"][0]])] == []


def test_no_record_is_dated_after_the_paper_it_is_of() -> None:
    """A plan for 2030 has the date of the statement."""
    written = {"L": "2015", "R": "2016"}
    late = [row["id"] for row in rows_of("facts.csv") if row["date"].split("/")[-1][:4] > written[row["id"][0]]]
    assert late == []
    assert [by_id("facts.csv")[id]["date"] for id in ("L051", "L116", "L119")] == ["2014", "2015-05", "2015-04"]


# ---- what the papers say of themselves


def test_flights_to_russia_are_109_of_167() -> None:
    flights = {row["id"]: int(row["flights"]) for row in rows_of("flight_routes.csv")}
    assert flights["flow-fru-rus"] + flights["flow-oss-rus"] == 49 + 60 == 109
    parts = sum(number for id, number in flights.items() if id != "flow-kgz-all")
    assert parts == flights["flow-kgz-all"] == 167


def test_flights_in_the_table_are_those_of_the_facts() -> None:
    flights = {row["id"]: row["flights"] for row in rows_of("flight_routes.csv")}
    facts = by_id("facts.csv")
    said = {"L098": "flow-kgz-all", "L100": "flow-kgz-urc", "L101": "flow-fru-rus", "L102": "flow-oss-rus"}
    said |= {"L103": "flow-kgz-tur", "L104": "flow-kgz-other"}
    assert {id: facts[id]["value"] for id in said} == {id: flights[route] for id, route in said.items()}
    assert facts["L099"]["value"] == "109"


def test_two_origins_given_together_are_one_feature_of_two_arcs() -> None:
    shapes = features_of("flight_routes.geojson")
    for route in ("flow-kgz-tur", "flow-kgz-urc"):
        assert shapes[route]["type"] == "MultiLineString"
        assert [len(arc) for arc in shapes[route]["coordinates"]] == [2, 2]


def test_arcs_whose_ends_the_paper_does_not_name_are_schematic() -> None:
    shapes = features_of("flight_routes.geojson")
    drawn = {row["id"]: row["precision"] for row in rows_of("flight_routes.csv") if shapes[row["id"]]}
    assert set(drawn.values()) == {"schematic"}, drawn


def test_flights_to_a_country_alone_end_at_no_airport() -> None:
    airports = [tuple(shape["coordinates"]) for shape in features_of("airports.geojson").values()]
    for route in ("flow-fru-rus", "flow-oss-rus"):
        start, end = features_of("flight_routes.geojson")[route]["coordinates"]
        assert tuple(start) in airports
        assert all(abs(end[0] - lon) + abs(end[1] - lat) > 1 for lon, lat in airports)


def test_votes_of_one_event_are_100_11_and_58() -> None:
    facts = by_id("facts.csv")
    assert [facts[id]["value"] for id in ("R007", "R008", "R009")] == ["100", "11", "58"]
    assert all("evt-2014-03-27-unga" in facts[id]["feature"].split(";") for id in ("R007", "R008", "R009"))
    assert by_id("events.csv")["evt-2014-03-27-unga"]["valid_from"] == "2014-03-27"


@pytest.mark.parametrize(
    ("fact", "vote", "states"),
    [
        ("R010", "no", {"ARM", "BLR"}),
        ("R011", "abstain", {"KAZ", "UZB"}),
        ("R012", "absent", {"KGZ", "TJK", "TKM"}),
        ("R013", "yes", {"AZE"}),
    ],
)
def test_votes_of_named_states_agree(fact: str, vote: str, states: set[str]) -> None:
    countries = by_id("countries.csv", "iso_a3")
    named = {key for key in by_id("facts.csv")[fact]["feature"].split(";") if not key.startswith("evt-")}
    assert named == states
    assert {countries[iso]["vote"] for iso in states} == {vote}


def test_the_ranking_of_states_says_of_which_years_it_is() -> None:
    first, last = by_id("facts.csv")["R014"]["date"].split("/")
    titles = atlas_toml()["layers"]["countries"]["fields"]["accommodation"]["title"]
    assert [title for title in titles.values() if f"{first}–{last}" not in title] == []


def test_remittances_reach_31_percent_in_2013() -> None:
    value = {(row["iso_a3"], row["year"]): float(row["pct_gdp"]) for row in rows_of("remittances.csv")}
    assert round(value["KGZ", "2013"]) == int(by_id("facts.csv")["L075"]["value"]) == 31


def test_kyrgyzstan_joins_each_organisation_when_the_paper_says() -> None:
    begin = {org: [r["valid_from"] for r in rows_of(f"{org}.csv") if r["iso_a3"] == "KGZ"] for org in ("eeu", "aiib")}
    assert begin == {"eeu": [by_id("facts.csv")["L115"]["date"]], "aiib": [by_id("facts.csv")["L123"]["date"]]}


def test_the_bank_has_its_founders_before_kyrgyzstan_and_all_of_them_on_this_map() -> None:
    begin = {row["iso_a3"]: row["valid_from"] for row in rows_of("aiib.csv") if row["status"] == "founder"}
    assert {iso for iso, month in begin.items() if month == "2014-10"} == {"CHN", "IND", "KAZ", "MNG", "PAK", "UZB"}
    assert {iso for iso, month in begin.items() if month == "2015-03"} == {"GBR", "KGZ", "TJK"}
    assert {"ARE", "AZE", "DEU", "FRA", "GEO", "IRN", "RUS", "TUR"} == {
        iso for iso, month in begin.items() if month == "2015-04"
    }


def test_a_prospective_founder_is_one_until_the_bank_exists() -> None:
    founders = [row for row in rows_of("aiib.csv") if row["status"] == "founder"]
    assert {row["valid_to"] for row in founders} == {"2015-12-25"}
    assert [row["name"] for row in founders if "aiib_charter" not in row["source"]] == []


def test_uzbekistan_leaves_the_csto_in_december_2012() -> None:
    (row,) = [row for row in rows_of("csto.csv") if row["iso_a3"] == "UZB" and row["status"] == "former"]
    assert row["valid_to"] == by_id("facts.csv")["L026"]["date"] == "2012-12"


def test_uzbekistan_is_filled_as_a_member_in_the_years_in_which_it_was_one() -> None:
    looks = atlas_toml()["categories"]["csto_status"]
    assert looks["former"]["fill"] == looks["member"]["fill"]


def test_an_intention_or_a_refusal_ends_with_the_report_of_it() -> None:
    passing = [row for org in ("eeu", "aiib") for row in rows_of(f"{org}.csv")]
    passing = [row for row in passing if row["status"] in ("considering", "declined", "not-applied")]
    assert {row["iso_a3"]: row["valid_to"] for row in passing} == {"TJK": "2016", "UZB": "2016", "TKM": "2015-03-31"}


def test_no_post_on_the_border_with_tajikistan_counts_as_open_while_it_was_shut() -> None:
    posts = [row for row in rows_of("border_posts.csv") if row["neighbour"].startswith("Tajikistan")]
    assert {row["as_of"]: row["status"] for row in posts} == {"2021-05": "listed"}


def test_a_post_does_not_count_as_open_while_its_source_has_it_closed_for_repair() -> None:
    post = by_id("border_posts.csv")["post-ak-jol"]
    assert (post["status"], post["as_of"]) == ("listed", "2020-06")


def test_no_step_of_the_story_shows_posts_as_they_were_years_later() -> None:
    assert [step["id"] for step in rows_of("story.csv") if "border_posts" in step["layers"].split(";")] == []


def test_no_garrison_is_promised_for_longer_than_it_stayed() -> None:
    assert by_id("bases.csv")["base-201-kulob"]["valid_to"] == "2015-12"
    assert by_id("facts.csv")["R021"]["feature"] == "base-201-dushanbe;base-201-bokhtar;TJK"


def test_a_garrison_stands_as_of_the_source_that_names_its_town() -> None:
    assert by_id("bases.csv")["base-201-bokhtar"]["as_of"] == "2013-04"


def test_the_story_tells_both_sides_in_every_language() -> None:
    """What the papers say against its own line: the ranking that did not last, and who was against the union."""
    steps = by_id("story.csv")
    for column, pragmatic, liberals in (("text", "pragmatic", "liberals"), ("text_ru", "прагматичн", "либерал")):
        assert pragmatic in steps["limits"][column]
        assert liberals in steps["eurasian-union"][column]
    assert "прагматикалык" in steps["limits"]["text_ky"]
    assert "либералдар" in steps["eurasian-union"]["text_ky"]


def test_no_step_of_the_story_tells_to_press_what_paper_does_not_have() -> None:
    texts = [step[column] for step in rows_of("story.csv") for column in ("text", "text_ru", "text_ky")]
    assert [text for text in texts if re.search(r"\b(press|click)\b|[Нн]ажмите|басыңыз", text)] == []


@pytest.mark.parametrize(
    ("step", "words", "source"),
    [
        ("two-bases", "419.583", "wiki_kgdemo"),
        ("gas", r"2015\D{1,4}2017", "lewis2015#5.2"),
        ("eurasian-union", r"\b6\b.(август|August)", "wiki_eeu"),
        ("china", r"\b2013\b", "chinadaily2014_silkroad"),
    ],
)
def test_the_story_says_where_other_sources_correct_the_paper(step: str, words: str, source: str) -> None:
    row = by_id("story.csv")[step]
    assert [column for column in ("text", "text_ru", "text_ky") if not re.search(words, row[column])] == []
    assert source in row["source"].split(";")


def test_the_story_leaves_rules_and_costs_of_2015_in_the_past() -> None:
    steps = by_id("story.csv")
    assert not re.search(r"требует |нужно ", steps["migrants"]["text_ru"] + steps["dams"]["text_ru"])
    assert not re.search(r"талап кылат|доллар керек,", steps["migrants"]["text_ky"] + steps["dams"]["text_ky"])


# ---- sources


def test_every_row_has_a_source_that_is_listed() -> None:
    known = set(by_id("sources.csv"))
    for name in tables():
        for number, row in enumerate(rows_of(name), start=1):
            cited = [part.split("#")[0] for part in row["source"].split(";")]
            assert set(cited) <= known, f"{name} row {number}"


def test_lists_no_source_that_nothing_cites() -> None:
    cells = [cell for name in tables() for row in rows_of(name) for column, cell in row.items() if "source" in column]
    assert set(by_id("sources.csv")) == {part.split("#")[0] for cell in cells for part in cell.split(";") if part}


def test_cites_no_general_knowledge() -> None:
    for path in LAYERS.glob("*.csv"):
        assert "general_knowledge" not in path.read_text(encoding="utf-8"), path.name
        assert "general knowledge" not in path.read_text(encoding="utf-8").lower(), path.name


def test_excel_takes_every_table_for_utf8() -> None:
    """It does so only where a file begins with the mark; Cyrillic would come back as other letters."""
    texts = {path.name: path.read_bytes() for path in LAYERS.glob("*.csv")}
    assert [name for name, text in texts.items() if not text.isascii() and not text.startswith(codecs.BOM_UTF8)] == []


def test_every_source_says_what_it_is_and_its_licence() -> None:
    for row in rows_of("sources.csv"):
        assert row["citation"], row["id"]
        assert row["licence"], row["id"]


# How notes name a source, and how the ids of those sources begin.
NAMED_IN_NOTES = {
    "24.kg": "24kg", "Asia-Plus": "asiaplus", "Azattyk": "azattyk", "Azatlyk": "azathabar", "Azernews": "azernews",
    "Business Upturn": "bup_", "Central Asia Online": "cao", "China Daily": "chinadaily",
    "Chinese finance ministry": "cn_aiib", "CRI": "cri_", "FAO": "fao", "Fergana": "fergana", "GEM": "gem",
    "GeoNames": "geonames", "GlobalSecurity": "globalsecurity", "Jamestown": "jamestown", "Kazinform": "kazinform",
    "Lewis": "lewis", "Moscow Times": "mt2013", "Natural Earth": "ne_wa", "Ozodi": "ozodi", "Radnitz": "radnitz",
    "Reuters": "reuters", "RFE/RL": "rferl", "RFI": "rfi", "RIA": "ria", "roll call": "unvotes",
    "RT": "rt2012", "Rusletter": "rusletter", "Sputnik": "sputnik", "Times of Central Asia": "tca", "tracker": "gem_",
    "Trend": "trend", "Wikipedia": "wiki", "World Bank": "wdi", "WRI": "wri_",
    "A public list": "repo_", "unlicensed list": "rusbases",
}  # fmt: skip


def test_a_note_that_names_a_source_cites_it() -> None:
    silent = []
    for name in tables():
        for row in rows_of(name):
            cited = ";".join(cell for column, cell in row.items() if "source" in column)
            named = [word for word in NAMED_IN_NOTES if re.search(rf"\b{word}\b", row.get("note", ""))]
            silent += [
                (name, row["name" if "name" in row else "id"], w) for w in named if NAMED_IN_NOTES[w] not in cited
            ]
    assert silent == []


# ---- names, dates, precision


def test_every_feature_has_an_english_and_a_russian_name(atlas: AtlasData) -> None:
    for layer in atlas.layers.values():
        names = layer.frame[["_key", "name", "name_ru"]].itertuples(index=False)
        assert [key for key, name, name_ru in names if not (name and name_ru)] == [], layer.id


def test_every_title_is_in_three_languages() -> None:
    def titles(table: dict[str, Any], path: str = "") -> list[str]:
        found = []
        for key, value in table.items():
            if key == "title" and not (isinstance(value, dict) and set(value) == {"en", "ru", "ky"}):
                found.append(path)
            elif isinstance(value, dict):
                found += titles(value, f"{path}.{key}")
        return found

    assert titles({key: value for key, value in atlas_toml().items() if key != "credits"}) == []


def test_located_features_say_how_precisely() -> None:
    for name in ("bases", "dams", "pipelines", "border_posts", "airports", "cities", "events", "flight_routes"):
        shapes, rows = features_of(f"{name}.geojson"), by_id(f"{name}.csv")
        assert [id for id, shape in shapes.items() if bool(shape) != bool(rows[id]["precision"])] == []


def test_status_says_as_of_when() -> None:
    dated = ("bases.csv", "dams.csv", "eeu.csv", "sco.csv", "aiib.csv", "flight_routes.csv")
    assert [(name, row["name"]) for name in dated for row in rows_of(name) if not row["as_of"]] == []


def test_plants_without_a_place_that_fits_have_no_point() -> None:
    unlocated = {id for id, at in features_of("dams.geojson").items() if at is None}
    assert unlocated == {"dam-naryn-1", "dam-naryn-2", "dam-naryn-3", "dam-shurob"}


def test_a_plant_is_found_by_the_river_that_a_source_puts_it_on() -> None:
    plants = by_id("dams.csv")
    near = {id: row for id, row in plants.items() if row["river_source"].startswith("ne_rivers#")}
    assert len(near) == 7
    assert {row["river"] for row in near.values()} == {"Naryn"}
    assert all(float(row["river_source"].split("#")[1].removesuffix(" km")) < 2 for row in near.values())
    assert plants["dam-rogun"]["river"] == plants["dam-shurob"]["river"] == "Vakhsh"


def test_no_description_says_that_every_plant_is_in_dispute() -> None:
    toml = atlas_toml()
    told = toml["maps"]["energy"]["description"]["en"] + toml["layers"]["dams"]["description"]["en"]
    assert "disput" not in told


def test_a_plant_of_which_two_of_six_units_run_does_not_count_as_operating() -> None:
    plant = by_id("dams.csv")["dam-rogun"]
    assert (plant["status"], plant["status_source"], plant["as_of"]) == ("construction", "trend_rogun", "2025-04")


def test_a_plant_that_does_not_operate_has_no_dates() -> None:
    """Else it would stand as suspended in the years in which it was being built, and vanish when it was suspended."""
    dated = [row for row in rows_of("dams.csv") if row["valid_from"] or row["valid_to"]]
    assert [row["id"] for row in dated if row["status"] != "operating"] == []


def test_what_a_step_of_the_story_points_at_is_not_drawn_as_undated() -> None:
    steps = [step for step in rows_of("story.csv") if step["time"] and ":" in step["selection"]]
    pointed = [step["selection"].split(":") for step in steps]
    dated = {name: by_id(f"{name}.csv") for name in ("bases", "pipelines", "dams")}
    found = [dated[layer][id] for layer, id in pointed if layer in dated]
    assert [row["id"] for row in found if not row["valid_from"]] == []


def test_a_base_that_an_agreement_made_possible_is_not_older_than_the_agreement() -> None:
    assert by_id("bases.csv")["base-osh-prospective"]["valid_from"] == by_id("facts.csv")["L030"]["date"] == "2012-09"


def test_what_is_still_valid_has_a_beginning() -> None:
    """Else it would stand in 1916, too: one unknown side counts as open."""
    dated = {name: rows for name in tables() if "valid_to" in (rows := rows_of(name))[0]}
    assert [
        (name, row["name"]) for name, rows in dated.items() for row in rows if row["valid_to"] and not row["valid_from"]
    ] == []


# ---- shapes


def test_lines_a_b_and_c_share_one_course() -> None:
    shapes = features_of("pipelines.geojson")
    assert shapes["pipe-ca-china-a"] == shapes["pipe-ca-china-b"] == shapes["pipe-ca-china-c"]


def test_pipelines_without_a_published_course_have_no_line() -> None:
    shapes = features_of("pipelines.geojson")
    assert {id for id, shape in shapes.items() if shape is None} == {"pipe-tapi", "pipe-kg-north-south"}


def test_no_country_is_filled_over_crimea() -> None:
    simferopol = Point(34.1, 45.0)
    assert not any(shape(country).contains(simferopol) for country in features_of("countries.geojson").values())


def test_countries_are_valid_and_do_not_overlap() -> None:
    shapes = {iso: shape(country) for iso, country in features_of("countries.geojson").items()}
    assert [iso for iso, country in shapes.items() if not country.is_valid] == []
    pairs = [(a, b) for a in CENTRAL_ASIA for b in shapes if a != b]
    assert [(a, b) for a, b in pairs if shapes[a].intersection(shapes[b]).area > 1e-6] == []


def test_ferghana_enclaves_are_kept() -> None:
    shapes = {iso: shape(country) for iso, country in features_of("countries.geojson").items()}
    where = {"Sokh": Point(71.13, 39.97), "Vorukh": Point(70.58, 39.86), "Shohimardon": Point(71.73, 39.95)}
    found = {name: next(iso for iso, country in shapes.items() if country.contains(at)) for name, at in where.items()}
    assert found == {"Sokh": "UZB", "Vorukh": "TJK", "Shohimardon": "UZB"}


def test_points_of_kyrgyz_features_lie_in_or_at_kyrgyzstan() -> None:
    kyrgyzstan = shape(features_of("countries.geojson")["KGZ"])
    for name in ("bases", "dams", "border_posts", "airports", "cities"):
        rows, shapes = by_id(f"{name}.csv"), features_of(f"{name}.geojson")
        own = {id: Point(at["coordinates"]) for id, at in shapes.items() if at and rows[id]["country"] == "KGZ"}
        assert [id for id, point in own.items() if kyrgyzstan.distance(point) > 0.06] == [], name


def test_a_point_that_the_map_draws_in_another_country_says_so() -> None:
    shapes = {iso: shape(country) for iso, country in features_of("countries.geojson").items()}
    silent = []
    for name in ("bases", "dams", "border_posts", "airports", "cities"):
        rows = by_id(f"{name}.csv")
        for id, at in features_of(f"{name}.geojson").items():
            derived = "derived_ne" in rows[id]["geometry_source"] if "geometry_source" in rows[id] else False
            if at is None or derived or "Natural Earth" in rows[id]["note"] or "country shapes" in rows[id]["note"]:
                continue
            silent += [
                (name, id)
                for iso, country in shapes.items()
                if iso != rows[id]["country"] and country.contains(Point(at["coordinates"]))
            ]
    assert silent == []


def test_coincident_features_are_only_those_known() -> None:
    """Several dams of one tracker point: a new one is a copying slip until shown otherwise."""
    places = Counter(tuple(shape["coordinates"]) for shape in features_of("dams.geojson").values() if shape)
    assert [place for place, number in places.items() if number > 1] == [(70.0859, 38.7877)]
