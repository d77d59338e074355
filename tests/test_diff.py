"""Two atlases compared: what was added, removed and changed, each value with its source, as text, JSON and map."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import shapely

from geo.cli import main
from geo.config.settings import read_config
from geo.diff.differences import compare
from geo.diff.map import diff_map
from geo.format import read_array
from geo.load.atlas import load_atlas
from geo.pipeline.provenance import data_elements
from geo.pipeline.verify import verify_page
from tests.conftest import OpenPage
from tests.small import THREE_MAPS, change, load_small, point, write_atlas
from tests.test_columns import unpack_column


def differ(atlas: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert main(["diff", str(THREE_MAPS), str(atlas), *options]) == 0
    return capsys.readouterr().out


def edit_everything(atlas: Path) -> None:
    """Change a status and its source, move a base, remove a dam with its record, add a post, a source and a record."""
    change(atlas / "dams.csv", "kambarata-1,Kambarata-1,Камбаратинская ГЭС-1,planned,1860,2024,gem2024\n", "")
    change(atlas / "dams.csv", "operating,1200,2024,gem2024", "planned,1260,2025,gem2025#p. 3")
    change(atlas / "dams.geojson", f"{point('kambarata-1', 73.1, 41.78)},\n", "")
    change(atlas / "bases.geojson", "74.8465", "74.8565")
    change(atlas / "posts.csv", "torugart,", "dostuk,Dostuk,Достук,geonames\ntorugart,")
    torugart = '{"type": "Feature", "properties": {"id": "torugart"}'
    change(atlas / "posts.geojson", torugart, f"{point('dostuk', 72.76, 40.62)},\n{torugart}")
    change(atlas / "sources.csv", "geonames,", "gem2025,Global Energy Monitor (2025),,CC BY 4.0\ngeonames,")
    change(atlas / "sources.csv", "Policy memo", "Memo")
    change(atlas / "facts.csv", "F2,kambarata-1,2012-09,Russia agreed to finance the dam.,lewis2015#5.2\n", "")
    change(atlas / "facts.csv", "2014-06-03,The last", "2014-06,The last")
    change(atlas / "facts.csv", "F3,", "F4,kant;manas,2001,Two bases stood near Bishkek.,lewis2015\nF3,")
    change(atlas / "atlas.toml", 'size_by = "capacity_mw"', 'shape_by = "status"')


EXPECTED = """\
sources
  ~ radnitz2016 "Radnitz, S. (2016). Memo"
      citation: "Radnitz, S. (2016). Policy memo" -> "Radnitz, S. (2016). Memo"
  + gem2025 "Global Energy Monitor (2025)"

layers
  ~ dams "Dams"
      style.shape_by: "" -> status
      style.size_by: capacity_mw -> ""

bases
  ~ kant "Kant air base"
      place: 74.8465, 42.8532 -> 74.8565, 42.8532 (moved 817 m)  [lewis2015#4.1.2]

dams
  ~ toktogul "Toktogul"
      status: operating -> planned  [gem2024 -> gem2025#p. 3]
      capacity_mw: 1200 -> 1260  [gem2024 -> gem2025#p. 3]
      as_of: 2024 -> 2025  [gem2024 -> gem2025#p. 3]
      source: gem2024 -> "gem2025#p. 3"
  - kambarata-1 "Kambarata-1"
      [gem2024]

posts
  + dostuk "Dostuk"
      [geonames]

records
  + F4 (kant, manas) "Two bases stood near Bishkek."
      [lewis2015]
  ~ F3 (manas) "The last soldiers left Manas."
      date: 2014-06-03 -> 2014-06  [radnitz2016]
  - F2 (kambarata-1) "Russia agreed to finance the dam."
      [lewis2015#5.2]

1 source changed, 1 source added, 1 layer changed, 2 features changed, 1 feature removed, 1 feature added, \
1 record added, 1 record changed, 1 record removed
"""


def test_the_same_folder_does_not_differ(capsys: pytest.CaptureFixture[str]) -> None:
    assert differ(THREE_MAPS, capsys) == "no difference\n"


def test_says_what_differs_with_old_and_new_and_their_sources(atlas: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit_everything(atlas)
    assert differ(atlas, capsys) == EXPECTED


def test_gives_the_same_as_json(atlas: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(atlas / "dams.csv", "operating,1200,2024,gem2024", "operating,1260,2024,gem2024")
    assert json.loads(differ(atlas, capsys, "--format", "json"))["differences"] == [
        {
            "what": "feature",
            "kind": "changed",
            "layer": "dams",
            "key": "toktogul",
            "name": "Toktogul",
            "features": [["dams", "toktogul"]],
            "changes": [
                {"field": "capacity_mw", "old": "1200", "new": "1260", "old_source": "gem2024", "new_source": "gem2024"}
            ],
        }
    ]


def test_order_and_spelling_of_the_files_are_no_difference(atlas: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = (atlas / "bases.csv").read_text(encoding="utf-8").splitlines()
    (atlas / "bases.csv").write_text("\r\n".join([lines[0], lines[2], lines[1]]) + "\r\n", encoding="utf-16")
    change(atlas / "dams.csv", "1860", "1860.0")
    assert differ(atlas, capsys) == "no difference\n"


def test_rows_of_one_key_are_paired_by_what_they_say(atlas: Path, tmp_path: Path) -> None:
    change(atlas / "atlas.toml", 'table = "posts.csv"', 'table = "posts.csv"\nrows = "many"')
    change(atlas / "posts.csv", "torugart,", "torugart,Torugart before 1992,,geonames\ntorugart,")
    other = Path(shutil.copytree(atlas, tmp_path / "other"))
    change(other / "posts.csv", "torugart,Torugart before 1992,,geonames\n", "")
    found = compare(load_atlas(read_config(atlas)), load_atlas(read_config(other)))
    assert [(difference.kind, difference.key, difference.name) for difference in found] == [
        ("removed", "torugart", "Torugart before 1992")
    ]


def test_records_without_id_that_say_the_same_are_told_apart(atlas: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(atlas / "facts.csv", "F3,", ",kant;manas,2001,A base was renewed.,lewis2015\nF3,")
    change(atlas / "facts.csv", "F3,", ",kant,2003,A base was renewed.,lewis2015\nF3,")
    other = Path(shutil.copytree(atlas, atlas.parent / "other"))
    change(other / "facts.csv", "kant,2003,", "kant,2004,")
    found = compare(load_atlas(read_config(atlas)), load_atlas(read_config(other)))
    assert [(difference.kind, [(c.field, c.old, c.new) for c in difference.changes]) for difference in found] == [
        ("changed", [("date", "2003", "2004")])
    ]


def test_records_whose_column_of_keys_is_called_id(tmp_path: Path) -> None:
    layer, atlases = 'records = { table = "f.csv", key = "id" }', []
    for name, text in (("old", "Closed."), ("new", "Closed for good.")):
        (tmp_path / name).mkdir()
        atlases.append(load_small(tmp_path / name, layer, f_csv=f"id,text\na,Opened.\na,{text}\n"))
    found = compare(*atlases)
    assert [(difference.kind, difference.key, difference.features) for difference in found] == [
        ("added", "Closed for good.", (("l", "a"),)),
        ("removed", "Closed.", (("l", "a"),)),
    ]


def test_a_layer_that_came_or_went(atlas: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(
        atlas / "atlas.toml", '[layers.posts]\ntitle = { en = "Border posts"', '[layers.gates]\ntitle = { en = "Gates"'
    )
    change(atlas / "atlas.toml", "[layers.posts.style]", "[layers.gates.style]")
    change(atlas / "atlas.toml", '"posts"', '"gates"')
    for ending in ("geojson", "csv"):
        (atlas / f"posts.{ending}").rename(atlas / f"gates.{ending}")
        change(atlas / "atlas.toml", f"posts.{ending}", f"gates.{ending}")
    said = differ(atlas, capsys)
    assert '  + gates "Gates"\n' in said
    assert '  - posts "Border posts"\n' in said
    assert said.endswith("2 features added, 2 features removed\n")


def test_a_layer_of_another_id_is_the_same_layer(atlas: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for table in ("[layers.bases", '"bases"'):
        change(atlas / "atlas.toml", table, table.replace("bases", "military"))
    change(atlas / "bases.geojson", "74.8465", "74.8565")
    page = atlas.parent / "changes.html"
    said = differ(atlas, capsys, "--html", str(page))
    assert '\nlayers\n  ~ military "Bases"\n      id: bases -> military\n' in said
    assert "\nmilitary\n  ~ kant" in said
    assert said.endswith(f"2 maps changed, 1 layer changed, 1 feature changed\nwrote {page}\n")
    _, layers = head_and_layers(page.read_text(encoding="utf-8"))
    assert (layers[-1]["id"], layers[-1]["n"]) == ("changes", 1)


def test_settings_are_told_as_atlas_toml_has_them(atlas: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(atlas / "atlas.toml", "[layers.dams]\n", '[layers.dams]\nlabel = false\nunlocated = "allow"\n')
    change(atlas / "atlas.toml", "[layers.dams.style]\n", "[layers.dams.style]\nopacity = 0.5\n")
    said = differ(atlas, capsys)
    for line in ("label: true -> false", "unlocated: error -> allow", "style.opacity: 1 -> 0.5"):
        assert f"      {line}\n" in said


def test_what_the_atlas_and_its_stories_say(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = tmp_path / "old"
    old.mkdir()
    steps = '[[maps.m.story.steps]]\ntitle = "A"\ntext = "It is safe."\nview = [66, 36.5, 82, 45]\n'
    sets = '[categories.state]\nopen = { title = "Open" }\n[[credits]]\ntitle = "GeoNames"\n'
    write_atlas(old, top=f"edition = 2026-11-21\n{sets}")
    with (old / "atlas.toml").open("a") as toml:
        toml.write(steps)
    new = Path(shutil.copytree(old, tmp_path / "new"))
    for before, after in (("safe", "dangerous"), ('"Open"', '"Closed"'), ("GeoNames", "OSM"), ("11-21", "11-22")):
        change(new / "atlas.toml", before, after)
    assert main(["diff", str(old), str(new)]) == 0
    assert (
        capsys.readouterr().out
        == """\
settings
  ~ edition
      edition: 2026-11-21 -> 2026-11-22
  ~ credits
      credits.1.title: GeoNames -> OSM
  ~ categories
      categories.state.open.title: Open -> Closed

steps
  ~ m: 1 "A"
      text.en: "It is safe." -> "It is dangerous."

3 settings changed, 1 step changed
"""
    )


def test_a_value_of_a_year(tmp_path: Path) -> None:
    case = Path(__file__).parent / "atlases" / "everything"
    other = Path(shutil.copytree(case, tmp_path / "other"))
    table = other / "remittances.csv"
    first = table.read_text(encoding="utf-8").splitlines()[1]
    table.write_text(table.read_text(encoding="utf-8").replace(f"{first}\n", ""), encoding="utf-8")
    found = compare(load_atlas(read_config(case)), load_atlas(read_config(other)))
    assert [(difference.what, difference.kind, difference.changes[0].new) for difference in found] == [
        ("value", "removed", "")
    ]


def test_problems_name_the_folder_that_has_them(atlas: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(atlas / "dams.csv", "1860", "plenty")
    assert main(["diff", str(atlas), str(THREE_MAPS)]) == 2
    assert capsys.readouterr().err.startswith(f"{atlas}/dams.csv:2 row 1")


def test_git_keeps_the_folder_as_it_was(atlas: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=A reader", "-c", "user.email=reader@example.org"]
        subprocess.run(["git", "-C", str(tmp_path), *identity, *arguments], check=True, capture_output=True)

    git("init")
    git("add", "atlas")
    git("commit", "-m", "As it was")
    change(atlas / "dams.csv", "1860", "1900")
    git("worktree", "add", "before", "HEAD")
    assert main(["diff", str(tmp_path / "before" / "atlas"), str(atlas)]) == 0
    assert "capacity_mw: 1860 -> 1900  [gem2024]" in capsys.readouterr().out


def head_and_layers(html: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    elements = data_elements(html)
    head = json.loads(elements["geo-head"])
    texts = unpack_column(base64.b64decode(elements["geo-blob"]), head["layers"]["columns"]["json"])
    return head, list(map(json.loads, texts))


def test_the_map_has_a_badge_on_each_feature_with_its_changes(atlas: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit_everything(atlas)
    page = atlas.parent / "changes.html"
    assert differ(atlas, capsys, "--html", str(page)) == f"{EXPECTED}wrote {page}\n"
    html = page.read_text(encoding="utf-8")
    assert verify_page(html).is_sound
    head, layers = head_and_layers(html)
    badges = layers[-1]
    assert (badges["id"], badges["n"], badges["group"]) == ("changes", 5, "(what changed)")
    assert [entry["value"] for entry in badges["style"]["color"]["classes"]] == ["added", "changed", "removed"]
    assert not head["blob"]["gzip"]
    blob = base64.b64decode(data_elements(html)["geo-blob"])
    assert sorted(read_array(blob, badges["columns"]["_color"])) == [1, 2, 2, 2, 3]
    assert head["provenance"]["inputs"].keys() >= {"old: dams.csv", "new: dams.csv"}
    assert {*unpack_column(blob, head["sources"]["columns"]["id"])} >= {"gem2024", "gem2025"}


def test_the_map_opens_on_its_badges_across_180_degrees(tmp_path: Path) -> None:
    atlases = []
    for name, lons in (("old", (178, -178)), ("new", (178.5, -178.5))):
        (tmp_path / name).mkdir()
        points = ",".join(point(key, lon, 88) for key, lon in zip("ab", lons, strict=True))
        shapes = f'{{"type": "FeatureCollection", "features": [{points}]}}'
        atlases.append(load_small(tmp_path / name, l_geojson=shapes, l_csv="id,name\na,A\nb,B\n"))
    old, new = atlases
    head, _ = head_and_layers(diff_map(old, new, compare(old, new), None))
    assert head["map"]["bounds"] == [178, 84, 182, 85]


def test_cells_that_cite_nothing_are_no_obstacle_where_only_the_old_atlas_has_sources(tmp_path: Path) -> None:
    atlases = []
    for name, source, files in (("old", "a", {"sources_csv": "id,citation\na,A\n"}), ("new", "a;;b", {})):
        (tmp_path / name).mkdir()
        table = f"id,name,source\na,A,{source}\nb,B,a\nc,C,\n"
        atlases.append(load_small(tmp_path / name, l_csv=table, **files))
    old, new = atlases
    html = diff_map(old, new, compare(old, new), None)
    assert json.loads(data_elements(html)["geo-head"])["sources"]["n"] == 1


@pytest.mark.parametrize(
    ("shapes", "said"),
    [
        (("POINT (74 42)", "POINT (74 42.0000003)"), "moved 0.03 m"),
        (("POINT (74 42)", "POINT (74 43)"), "moved 111.1 km"),
        (("LINESTRING (74 42, 75 43)", "LINESTRING (75 43, 74 42)"), "the same positions in another order"),
        (("LINESTRING (74 42, 75 42)", "LINESTRING (74 42, 74.5 42, 75 42)"), "moved by less than 0.01 m"),
        (("LINESTRING (74 42, 75 42)", "MULTILINESTRING ((74 42, 75 42), (76 42, 77 42))"), "moved by up to 165.7 km"),
        (
            ("POLYGON ((74 42, 75 42, 75 43, 74 42))", "POLYGON ((74 42, 75 42, 75 43.0000001, 74 42))"),
            "moved by up to 0.01 m",
        ),
        (("POLYGON ((0 0, 9 0, 9 9, 0 0))", "POLYGON ((0 0, 9 0, 9 9, 4 2, 0 0))"), "moved by up to 156.8 km"),
    ],
)
def test_a_move_says_how_far(tmp_path: Path, shapes: tuple[str, str], said: str) -> None:
    atlases = []
    for name, wkt in zip(("old", "new"), shapes, strict=True):
        (tmp_path / name).mkdir()
        shape = {
            "type": "Feature",
            "properties": {"id": "a"},
            "geometry": shapely.geometry.mapping(shapely.from_wkt(wkt)),
        }
        files = {"l_geojson": json.dumps({"type": "FeatureCollection", "features": [shape]}), "l_csv": "id,name\na,A\n"}
        atlases.append(load_small(tmp_path / name, **files))
    (difference,) = compare(*atlases)
    assert difference.changes[0].new.endswith(f" ({said})")


def test_a_row_that_went_leaves_its_feature_on_the_map(tmp_path: Path) -> None:
    features = [
        {
            "type": "Feature",
            "properties": {"id": key},
            "geometry": {"type": "LineString", "coordinates": [[74, lat], [75, lat]]},
        }
        for key, lat in (("a", 42), ("b", 43), ("c", 44))
    ]
    shapes = json.dumps({"type": "FeatureCollection", "features": features})
    atlases = []
    for name, rows in (("old", "a,A,2001\na,A,2006\nb,B,2001\n"), ("new", "a,A,2001\nc,C,2001\n")):
        (tmp_path / name).mkdir()
        table = f"id,name,valid_from\n{rows}"
        atlases.append(load_small(tmp_path / name, 'rows = "many"\nunmatched = "warn"', l_csv=table, l_geojson=shapes))
    old, new = atlases
    html = diff_map(old, new, compare(old, new), None)
    removed, badges = head_and_layers(html)[1][-2:]
    assert (removed["id"], removed["n"]) == ("removed", 1)
    blob = base64.b64decode(data_elements(html)["geo-blob"])
    assert sorted(read_array(blob, badges["columns"]["_color"])) == [1, 2, 3]
    assert "valid from: 2006 → nothing".encode() in blob


@pytest.mark.browser
def test_a_reader_opens_a_badge(
    atlas: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], open_page: OpenPage
) -> None:
    change(atlas / "dams.csv", "operating,1200,2024,gem2024", "planned,1200,2024,gem2024;lewis2015")
    differ(atlas, capsys, "--html", str(tmp_path / "changes.html"))
    page = open_page(tmp_path / "changes.html", locale="en").page
    page.get_by_placeholder("Search").first.fill("Operating")
    page.get_by_role("option", name="Toktogul").first.click()
    card = page.get_by_role("heading", name="Toktogul", level=2).locator("xpath=ancestor::*[contains(., 'Records')][1]")
    assert "Status: Operating → Planned" in card.inner_text()
