"""What is built again after a change, and why: only what the change shows on, and nothing for a new date alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest

from geo.cli import main
from geo.errors import DataError
from geo.pipeline import manifest
from geo.pipeline.build import build_atlas, page_html
from geo.pipeline.inputs import Inputs
from geo.pipeline.plan import changes_between, explain
from geo.pipeline.provenance import PROVENANCE_ID, data_elements
from tests.small import PLACES, THREE_MAPS, change, features, write_atlas

Build = Callable[..., list[str]]


@pytest.fixture
def build(atlas: Path, capsys: pytest.CaptureFixture[str]) -> Build:
    """`build(*options)` builds the atlas into maps/ beside it and gives the lines printed below the table of layers."""

    def run(*options: str) -> list[str]:
        assert main(["build", str(atlas), "--out", str(atlas.parent / "maps"), *options]) == 0
        lines = capsys.readouterr().out.replace(str(atlas.parent), "").splitlines()
        layers = next((n for n, line in enumerate(lines) if "/" in line or "drawn" in line), 0)
        return lines[layers:]

    run()
    return run


def apply(atlas: Path, edit: str) -> None:
    """Make an edit written as `file: old -> new`, line ends as `\\n`."""
    file, _, texts = edit.partition(": ")
    old, new = texts.replace("\\n", "\n").split(" -> ")
    change(atlas / file, old, new)


def wrote(lines: list[str]) -> dict[str, str]:
    """The pages built, with their reasons."""
    pages = [line.removeprefix("wrote /maps/").split(" ", 1) for line in lines if line.startswith("wrote")]
    return {page: rest.partition("): ")[2] for page, rest in pages}


def test_a_changed_row_rebuilds_the_maps_that_show_it_and_says_so(atlas: Path, build: Build) -> None:
    change(atlas / "dams.csv", "1860", "1900")
    assert wrote(build()) == {
        "energy.html": "dams.csv changed",
        "everything.html": "dams.csv changed",
        "index.html": "dams.csv changed",
    }


def test_what_did_not_change_is_not_touched(atlas: Path, build: Build) -> None:
    page = atlas.parent / "maps" / "security.html"
    before = page.stat()
    change(atlas / "dams.csv", "1860", "1900")
    build()
    assert (page.stat().st_ino, page.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_file_that_is_touched_but_not_changed_rebuilds_nothing(atlas: Path, build: Build) -> None:
    for path in atlas.iterdir():
        os.utime(path, (2_000_000_000, 2_000_000_000))
    assert build() == ["/maps: every map is current"]


def test_a_comment_in_the_settings_rebuilds_nothing(atlas: Path, build: Build) -> None:
    change(atlas / "atlas.toml", "[groups]", "# a remark\n[groups]")
    assert build() == ["/maps: every map is current"]


def test_a_page_deleted_or_altered_is_built_again(atlas: Path, build: Build) -> None:
    maps = atlas.parent / "maps"
    before = (maps / "security.html").read_bytes()
    (maps / "energy.html").unlink()
    change(maps / "security.html", "Kyrgyzstan", "Kirghizia")
    assert wrote(build()) == {"security.html": "security.html was altered", "energy.html": "energy.html is missing"}
    assert (maps / "security.html").read_bytes() == before


# A change, the pages that show it beside the index, the reason.
REASONS = r"""
facts.csv: opened the air base -> opened an air base | security everything | facts.csv: records of bases changed
sources.csv: Policy memo -> Memo | security everything | sources.csv: sources cited changed
sources.csv: Lewis, D. -> Lewis, David | security energy everything | sources.csv: sources cited changed
atlas.toml: title = "Planned" -> title = "Intended" | energy everything | atlas.toml [categories.dam_status] changed
atlas.toml: energy.title = "Energy" -> energy.title = "Power" | energy everything | atlas.toml [groups.energy] changed
atlas.toml: Dams on the Naryn. -> Dams. | energy | atlas.toml [maps.energy] changed
atlas.toml: shape = "gate" -> shape = "square" | security everything | atlas.toml [layers.posts] changed
atlas.toml: 2026-11-21 -> 2026-11-22 | security energy everything | atlas.toml changed
"""


@pytest.mark.parametrize("line", REASONS.strip().splitlines())
def test_a_change_rebuilds_what_it_shows_on(atlas: Path, build: Build, line: str) -> None:
    edit, pages, reason = line.split(" | ")
    apply(atlas, edit)
    assert wrote(build()) == {f"{page}.html": reason for page in [*pages.split(), "index"]}


@pytest.mark.parametrize("is_large", [False, True])
def test_what_is_put_beside_a_shapefile_rebuilds_its_maps(atlas: Path, build: Build, is_large: bool) -> None:
    gpd.read_file(atlas / "posts.geojson").to_file(atlas / "posts.shp")
    (atlas / "posts.cpg").unlink()
    names = {path: path.name.upper() if is_large else path.name for path in atlas.glob("posts.[!cg]*")}
    for path, name in names.items():
        path.rename(atlas / name)
    shp = "POSTS.SHP" if is_large else "posts.shp"
    change(atlas / "atlas.toml", 'features = "posts.geojson"', f'features = "{shp}"')
    build()
    cpg = "POSTS.CPG" if is_large else "posts.cpg"
    (atlas / cpg).write_text("UTF-8")
    assert wrote(build()) == {f"{page}.html": f"{cpg} is new" for page in ("security", "everything", "index")}


def test_nor_does_it_matter_how_its_name_is_written(atlas: Path, build: Build) -> None:
    gpd.read_file(atlas / "posts.geojson").to_file(atlas / "posts.shp")
    change(atlas / "atlas.toml", 'features = "posts.geojson"', 'features = "posts.shp"')
    system = (atlas / "posts.prj").rename(atlas.parent / "posts.prj")
    build()
    system.rename(atlas / "posts.PRJ")
    assert wrote(build())["security.html"] == "posts.PRJ is new, posts.prj is no longer used"


def test_another_key_of_a_shared_file_is_a_reason(tmp_path: Path) -> None:
    ids = features({place: {"iso": place} for place in PLACES}).replace('"Feature",', '"Feature", "id": 1,')
    atlas = write_atlas(tmp_path, 'key = { features = "iso", table = "id" }', l_geojson=ids)
    before = Inputs(atlas).of_page("m", {})
    text = (atlas / "atlas.toml").read_text(encoding="utf-8")
    (atlas / "atlas.toml").write_text(f'{text}[layers.k]\ntitle = "K"\nfeatures = "l.geojson"\n', encoding="utf-8")
    # Now that `id` is a key, the ids beside the properties are an attribute of both layers.
    assert changes_between(before, Inputs(atlas).of_page("m", {})) == ["atlas.toml [layers.l] changed"]


def test_whether_all_layers_of_a_file_are_geodesic_is_a_reason(tmp_path: Path) -> None:
    other = '[layers.k]\ntitle = "K"\nfeatures = "l.geojson"\ngeodesic = true'
    atlas = write_atlas(tmp_path, f"geodesic = true\n{other}")
    before = Inputs(atlas).of_page("m", {})
    change(atlas / "atlas.toml", other, other.replace("true", "false"))
    assert changes_between(before, Inputs(atlas).of_page("m", {})) == ["atlas.toml [layers.l] changed"]


def test_what_the_place_of_a_layer_changes_is_a_reason_beside_flows_over_it(tmp_path: Path) -> None:
    flows = '[layers.k]\ntitle = "K"\nstyle.color = "#112233"\nflows = { table = "k.csv", nodes = "l" }'
    atlas = write_atlas(tmp_path, flows, k_csv="origin,destination\na,b\n")
    change(atlas / "atlas.toml", 'layers = ["l"]', 'layers = ["l", "k"]')
    before = Inputs(atlas).of_page("m", {})
    change(atlas / "atlas.toml", "[layers.l]", '[layers.j]\ntitle = "J"\nfeatures = "l.geojson"\n[layers.l]')
    # The nodes, without a colour of their own, have the next one now.
    assert changes_between(before, Inputs(atlas).of_page("m", {})) == ["atlas.toml [layers.l] changed"]


@pytest.mark.parametrize(("key", "written"), [(10**20 + 1, str(10**20 + 1)), ("Lake\rBalkhash", "Lake Balkhash")])
def test_a_record_of_a_key_that_is_not_read_as_written_is_a_reason(
    tmp_path: Path, key: str | int, written: str
) -> None:
    layer = 'key = "n"\n[layers.l.records]\ntable = "facts.csv"\n[layers.k]\ntitle = "K"\nfeatures = "l.geojson"'
    facts = f"feature,text\n{written},Opened\n"
    files = {"l_geojson": features({"a": {"n": key}}), "l_csv": "", "facts_csv": facts}
    atlas = write_atlas(tmp_path, f'{layer}\nrecords = {{ table = "facts.csv" }}', **files)
    before = Inputs(atlas).of_page("m", {})
    change(atlas / "facts.csv", "Opened", "Closed")
    assert changes_between(before, Inputs(atlas).of_page("m", {})) == ["facts.csv changed"]


def test_another_column_of_shared_records_is_a_reason_where_a_layer_has_none_of_them(tmp_path: Path) -> None:
    shared = 'records = { table = "facts.csv" }'
    layer = f'{shared}\n[layers.k]\ntitle = "K"\nfeatures = "k.geojson"\n{shared}'
    other = features({"b": {"id": "k"}})
    atlas = write_atlas(tmp_path, layer, l_csv="", k_geojson=other, facts_csv="feature,text\nk,Opened\n")
    before = Inputs(atlas).of_page("m", {})
    change(atlas / "facts.csv", "Opened", "Closed")
    assert changes_between(before, Inputs(atlas).of_page("m", {})) == []
    (atlas / "facts.csv").write_text("feature,text,text_ru\nk,Opened,\n", encoding="utf-8")
    assert changes_between(before, Inputs(atlas).of_page("m", {})) == ["facts.csv: records of l changed"]


def test_the_index_is_the_same_whatever_the_order_of_layers(atlas: Path) -> None:
    change(atlas / "atlas.toml", 'color_by = "status"\nsize_by', 'color = "#0b5f8a"\nsize_by')
    change(atlas / "atlas.toml", '[layers.bases.style]\ncolor_by = "status"', '[layers.bases.style]\ncolor = "#0b5f8a"')
    before, index = Inputs(atlas).of_page("index", {}), page_html(atlas, "index")
    text = (atlas / "atlas.toml").read_text(encoding="utf-8")
    bases, dams, posts = (text.index(f"[layers.{name}]") for name in ("bases", "dams", "posts"))
    moved = text[:bases] + text[dams:posts] + text[bases:dams] + text[posts:]
    (atlas / "atlas.toml").write_text(moved, encoding="utf-8")
    assert Inputs(atlas).of_page("index", {}) == before
    assert page_html(atlas, "index") == index


def test_a_source_that_nothing_cites_rebuilds_nothing(atlas: Path, build: Build) -> None:
    change(atlas / "sources.csv", "A source that nothing cites", "Another")
    assert build() == ["/maps: every map is current"]


@pytest.mark.parametrize("name", ["sources.csv", "refs.csv"])
def test_a_list_of_sources_that_comes_later_is_a_reason(tmp_path: Path, name: str) -> None:
    cites = "id,name,source\na,A,lewis2015\nb,B,\nc,C,\n"
    atlas, out = write_atlas(tmp_path, top='basemap = "none"\n', l_csv=cites), tmp_path / "maps"
    build_atlas(atlas, out)
    (atlas / name).write_text("id,citation\nlewis2015,Lewis\nunused2020,Another\n", encoding="utf-8")
    if name != "sources.csv":
        change(atlas / "atlas.toml", 'title = "T"', f'title = "T"\nsources = "{name}"')
    assert build_atlas(atlas, out).reasons == {page: [f"{name} is new"] for page in ("m.html", "index.html")}
    change(atlas / name, "Lewis", "Lewis 2015")
    assert build_atlas(atlas, out).reasons["m.html"] == [f"{name}: sources cited changed"]


def test_a_map_that_cites_nothing_is_not_built_for_another_source(tmp_path: Path) -> None:
    atlas = write_atlas(tmp_path, top='basemap = "none"\n', sources_csv="id,citation\nunused2020,A source\n")
    build_atlas(atlas, tmp_path / "maps")
    change(atlas / "sources.csv", "A source", "Another")
    assert build_atlas(atlas, tmp_path / "maps").reasons == {}


def test_the_description_of_the_atlas_is_the_indexs_alone(atlas: Path, build: Build) -> None:
    change(atlas / "atlas.toml", "Bases, dams and border posts.", "Bases and dams.")
    assert wrote(build()) == {"index.html": "atlas.toml changed"}


def test_a_new_citation_is_a_reason_only_through_the_table_that_has_it(atlas: Path, build: Build) -> None:
    change(atlas / "posts.csv", "Irkeshtam,Иркештам,geonames", "Irkeshtam,Иркештам,geonames;unused2020")
    assert wrote(build())["security.html"] == "posts.csv changed"
    change(atlas / "sources.csv", "A source that nothing cites", "A source")
    assert wrote(build())["security.html"] == "sources.csv: sources cited changed"


def test_a_folder_may_be_parted_by_a_backslash(tmp_path: Path) -> None:
    atlas, out = write_atlas(tmp_path, top='basemap = "none"\n', l_csv=""), tmp_path / "maps"
    (atlas / "sub").mkdir()
    (atlas / "l.geojson").rename(atlas / "sub/l.geojson")
    change(atlas / "atlas.toml", "l.geojson", r"sub\\l.geojson")
    build_atlas(atlas, out)
    assert build_atlas(atlas, out).reasons == {}
    change(atlas / "sub/l.geojson", "42.8", "42.9")
    assert build_atlas(atlas, out).reasons["m.html"] == [r"sub\l.geojson changed"]


def test_why_names_what_changed_for_each_page(atlas: Path, build: Build, capsys: pytest.CaptureFixture[str]) -> None:
    change(atlas / "dams.csv", "1860", "1900")
    change(atlas / "sources.csv", "Global Hydropower Tracker", "Tracker")
    (atlas.parent / "maps" / "security.html").unlink()
    assert main(["why", str(atlas), "--out", str(atlas.parent / "maps")]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "security.html: security.html is missing",
        "energy.html: dams.csv changed; sources.csv: sources cited changed",
        "everything.html: dams.csv changed; sources.csv: sources cited changed",
        "index.html: dams.csv changed; sources.csv: sources cited changed",
    ]


def test_why_says_that_all_is_current(atlas: Path, build: Build) -> None:
    assert explain(atlas, atlas.parent / "maps") == {
        page: [] for page in ("security.html", "energy.html", "everything.html", "index.html")
    }


def test_a_map_that_left_is_reported_and_goes_only_when_asked(atlas: Path, build: Build) -> None:
    maps = atlas.parent / "maps"
    text = (atlas / "atlas.toml").read_text(encoding="utf-8")
    start, end = text.index("[maps.energy]"), text.index("[maps.everything]")
    (atlas / "atlas.toml").write_text(text[:start] + text[end:], encoding="utf-8")
    left_alone = "left alone /maps/energy.html: atlas.toml has no such map (build --prune removes it)"
    assert build()[-1] == left_alone
    assert build() == ["/maps: every map is current", left_alone]
    assert (maps / "energy.html").exists()
    assert build("--prune")[-1] == "removed /maps/energy.html: atlas.toml has no such map"
    assert not (maps / "energy.html").exists()
    assert build() == ["/maps: every map is current"]


def test_maps_go_while_others_are_not_built_yet(atlas: Path) -> None:
    maps = atlas.parent / "maps"
    build = ["build", str(atlas), "--out", str(maps), "--map"]
    assert main([*build, "energy"]) == 0
    change(atlas / "atlas.toml", "[maps.energy]", "[maps.power]")
    assert main([*build, "power", "--prune"]) == 0
    assert [page.name for page in maps.glob("*.html")] == ["power.html"]
    assert [*json.loads((maps / "manifest.json").read_bytes())["pages"]] == ["power"]


@pytest.mark.parametrize("is_one_file", [True, False])
def test_a_map_whose_id_became_small_letters(atlas: Path, build: Build, is_one_file: bool) -> None:
    maps = atlas.parent / "maps"
    change(atlas / "atlas.toml", "[maps.energy]", "[maps.Energy]")
    build("--prune")
    change(atlas / "atlas.toml", "[maps.Energy]", "[maps.energy]")
    assert build()[-1] == "left alone /maps/Energy.html: atlas.toml has no such map (build --prune removes it)"
    if is_one_file:  # as where case does not count
        (maps / "Energy.html").unlink()
        (maps / "Energy.html").hardlink_to(maps / "energy.html")
    build("--prune")
    assert (maps / "Energy.html").exists() == is_one_file
    assert (maps / "energy.html").exists()


def test_force_builds_all_and_map_builds_one(atlas: Path, build: Build) -> None:
    assert wrote(build("--force", "--map", "energy")) == {"energy.html": "--force"}
    assert set(wrote(build("--force"))) == {"security.html", "energy.html", "everything.html", "index.html"}


def test_a_build_of_one_map_does_not_make_the_others_current(atlas: Path, build: Build) -> None:
    change(atlas / "dams.csv", "1860", "1900")
    assert wrote(build("--map", "energy")) == {"energy.html": "dams.csv changed"}
    assert build("--map", "energy") == ["/maps: every map is current"]
    assert set(wrote(build())) == {"everything.html", "index.html"}


def test_a_mistake_that_no_page_shows_is_still_found(
    atlas: Path, build: Build, capsys: pytest.CaptureFixture[str]
) -> None:
    with (atlas / "facts.csv").open("a", encoding="utf-8") as file:
        file.write("F4,osh,2010,A record of a base that is not there.,lewis2015\n")
    assert main(["build", str(atlas), "--out", str(atlas.parent / "maps")]) == 2
    assert "no feature of bases, dams has the key 'osh'" in capsys.readouterr().err


def test_a_whole_build_reads_the_layers_that_no_map_shows(tmp_path: Path) -> None:
    facts, records = "feature,text\na,A fact.\n", 'records = { table = "f.csv" }'
    spare = f'{records}\n[layers.spare]\ntitle = "S"\nfeatures = "l.geojson"\n{records}'
    atlas, out = write_atlas(tmp_path, spare, top='basemap = "none"\n', f_csv=facts), tmp_path / "maps"
    assert [*build_atlas(atlas, out).layers] == ["l", "spare"]
    assert page_html(atlas, "index").encode() == (out / "index.html").read_bytes()
    assert "spare" not in json.loads(data_elements((out / "index.html").read_text())[PROVENANCE_ID])["layers"]
    (atlas / "f.csv").write_text(f"{facts}nobody,Another.\n", encoding="utf-8")
    with pytest.raises(DataError, match="no feature of l, spare has the key 'nobody'"):
        build_atlas(atlas, out)
    assert [*build_atlas(atlas, out, maps=["m"]).layers] == ["l"]


def test_warnings_are_remembered_and_strict_stops_at_them(
    atlas: Path, build: Build, capsys: pytest.CaptureFixture[str]
) -> None:
    change(atlas / "atlas.toml", 'table = "posts.csv"', 'table = "posts.csv"\nunmatched = "warn"')
    with (atlas / "posts.csv").open("a", encoding="utf-8") as file:
        file.write("dostuk,Dostuk,Достук,geonames\n")
    assert any("[JOIN_NO_FEATURE]" in line for line in build())
    assert build() == ["/maps: every map is current; 1 warning, which check lists"]
    assert main(["build", str(atlas), "--out", str(atlas.parent / "maps"), "--strict"]) == 2
    assert "[JOIN_NO_FEATURE]" in capsys.readouterr().err


def test_a_build_of_every_map_by_its_name_keeps_the_warnings_of_the_other_layers(tmp_path: Path) -> None:
    spare = '[layers.spare]\ntitle = "S"\nfeatures = "l.geojson"\ntable = "s.csv"\nunmatched = "warn"'
    atlas = str(write_atlas(tmp_path, spare, top='basemap = "none"\n', s_csv="id,name\na,A\n"))
    build = ["build", atlas, "--out", str(tmp_path / "maps")]
    assert main(build) == 0
    assert main([*build, "--map", "m", "--force"]) == 0
    assert main([*build, "--strict"]) == 2


def test_the_manifest_keeps_digests_and_reasons(atlas: Path, build: Build) -> None:
    change(atlas / "dams.csv", "1860", "1900")
    build()
    manifest = json.loads((atlas.parent / "maps" / "manifest.json").read_text(encoding="utf-8"))
    page = manifest["pages"]["energy"]
    assert page["reasons"] == ["dams.csv changed"]
    assert sorted(page["inputs"]) == [
        "Shyrdak", "atlas.toml", "atlas.toml [categories.dam_status]", "atlas.toml [groups.energy]",
        "atlas.toml [layers.dams]", "atlas.toml [maps.energy]", "dams.csv", "dams.geojson",
        "facts.csv: records of dams", "sources.csv: sources cited",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1}', '{"format": 2, "pages": []}', None])
def test_a_manifest_out_of_shape_is_no_manifest(atlas: Path, build: Build, text: str | None) -> None:
    path = atlas.parent / "maps" / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["pages"]["energy"] = "energy.html"
    path.write_text(json.dumps(manifest) if text is None else text, encoding="utf-8")
    assert wrote(build())["energy.html"] == "not built before"
    assert build() == ["/maps: every map is current"]


def test_a_list_of_sources_saved_after_a_look_into_it_has_changed(tmp_path: Path) -> None:
    atlas = write_atlas(tmp_path, sources_csv="id,citation\nlewis2015,Lewis\n")
    inputs = Inputs(atlas)
    inputs.of_page("m", {"m": ["lewis2015"]})
    change(atlas / "sources.csv", "Lewis", "Lewis 2015")
    assert inputs.changed_since({}) == ["sources.csv"]


def test_many_features_are_drawn_by_several_processes(
    atlas: Path, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "drawn by 2 processes" in build("--force", "--jobs", "2")
    monkeypatch.setattr("geo.pipeline.build.processors", lambda: 2)
    assert "drawn by 2 processes" not in build("--force")
    monkeypatch.setattr("geo.pipeline.build.PARALLEL_FROM_FEATURES", 6)
    assert "drawn by 2 processes" in build("--force")


# Whatever a page shows is changed once. A build from nothing tells which pages really differ: none of these may have
# been called current. The other way round a page may be built once too often, which harms nobody.
EDITS = r"""
bases.csv: Kant air -> Kent air
bases.csv: name_ru -> name_ky
bases.csv: 2003-10 -> 2003-11
bases.csv: lewis2015#4.1.2 -> lewis2015
bases.geojson: 74.8465 -> 74.9465
dams.csv: 1200 -> 1201
dams.csv: id,name,name_ru,status -> id,title,name_ru,status
dams.geojson: 41.67 -> 41.68
posts.csv: geonames -> unused2020
posts.geojson: 39.68 -> 39.69
facts.csv: left Manas -> left the base
facts.csv: F2,kambarata-1 -> F2,kant
facts.csv: F2 -> F9
facts.csv: 2012-09 -> 2012-10
facts.csv: id,feature,date,text -> id,feature,as_of,text
sources.csv: licence -> remark
sources.csv: GeoNames -> Geonames
atlas.toml: Kyrgyzstan between -> Kirghizia between
atlas.toml: Bases, dams and border posts. -> Bases and dams.
atlas.toml: ["en", "ru"] -> ["ru", "en"]
atlas.toml: "CC BY 4.0" -> "CC BY 3.0"
atlas.toml: edition = 2026-11-21 -> edition = 2026-11-22
atlas.toml: security.title = "Security" -> security.title = "Army"
atlas.toml: security.title = "Security"\nenergy.title = "Energy" -> energy.title = "Energy"\nsecurity.title = "Security"
atlas.toml: #6b7280 -> #6b7281
atlas.toml: unit = "MW" -> unit = "kW"
atlas.toml: shape = "triangle" -> shape = "star"
atlas.toml: color_by = "status"\nsize_by -> size_by
atlas.toml: color = "#00735a" -> size = 9
atlas.toml: ["posts", "bases"] -> ["bases", "posts"]
atlas.toml: ["dams", "posts", "bases"] -> ["dams", "bases"]
atlas.toml: [69, 39, 81, 44] -> [70, 39, 81, 44]
atlas.toml: Dams on the Naryn. -> The dams of the Naryn.
atlas.toml: [maps.energy]\ntitle = "Energy" -> [maps.energy]\ntitle = "Power"
atlas.toml: [maps.everything] -> [maps.all]
atlas.toml: [layers.bases]\n -> [layers.cities]\ntitle = "Cities"\nfeatures = "posts.geojson"\n\n[layers.bases]\n
atlas.toml: [layers.posts.style]\n -> [layers.posts.records]\ntable = "facts.csv"\n\n[layers.posts.style]\n
"""


def test_nothing_that_shows_goes_unnoticed(tmp_path: Path) -> None:
    build_atlas(THREE_MAPS, tmp_path / "known")
    known = {path.name: path.read_bytes() for path in (tmp_path / "known").glob("*.html")}
    for number, edit in enumerate(EDITS.strip().splitlines()):
        changed, out = Path(shutil.copytree(THREE_MAPS, tmp_path / f"atlas-{number}")), tmp_path / f"maps-{number}"
        apply(changed, edit)
        stale = {page for page, why in explain(changed, tmp_path / "known").items() if why}
        build_atlas(changed, out)
        differing = {path.name for path in out.glob("*.html") if path.read_bytes() != known.get(path.name)}
        assert differing, f"{edit} shows nowhere: it tests nothing"
        assert differing <= stale, f"{edit} shows on {differing - stale}, called current"


def run_python(code: str, *arguments: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=os.environ | {"PYTHONPATH": str(THREE_MAPS.parents[2])} | environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return done.stdout


def test_a_run_with_nothing_to_do_imports_nothing_heavy(atlas: Path, build: Build) -> None:
    heavy = {"geopandas", "pandas", "numpy", "shapely", "folium", "pydantic", "argparse", "typing", "dataclasses"}
    code = f"import sys; from geo.cli import main; main(sys.argv[1:]); print(sorted({heavy} & set(sys.modules)))"
    said = run_python(code, "build", str(atlas), "--out", str(atlas.parent / "maps"))
    assert said.splitlines() == [f"{atlas.parent}/maps: every map is current", "[]"]


@pytest.mark.parametrize(
    "options", [["--format", "json"], ["--map", "energy"], ["--prune"], ["--strict", "--jobs", "2"]]
)
def test_nor_does_one_with_options(atlas: Path, build: Build, options: list[str]) -> None:
    heavy = {"geopandas", "pandas", "numpy", "shapely", "folium", "pydantic"}
    code = f"import sys; from geo.cli import main; main(sys.argv[1:]); print(sorted({heavy} & set(sys.modules)))"
    said = run_python(code, "build", str(atlas), "--out", str(atlas.parent / "maps"), *options)
    assert said.splitlines()[-1] == "[]"


def test_an_atlas_anywhere_is_current_with_the_basemap_that_comes_along(atlas: Path, build: Build) -> None:
    change(atlas / "atlas.toml", 'basemap = "none"', 'basemap = "default"')
    assert "default basemap/basemap.json is new" in wrote(build())["energy.html"]
    test_a_run_with_nothing_to_do_imports_nothing_heavy(atlas, build)


@pytest.mark.parametrize("name", ["../outside.csv", "outside-by-link.csv", "pipe.csv", "/dev/null", "a\\u0000b"])
def test_what_may_not_be_read_is_not_opened(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "atlas"
    folder.mkdir()
    (tmp_path / "outside.csv").write_text("id\n", encoding="utf-8")
    (folder / "outside-by-link.csv").symlink_to("../outside.csv")
    os.mkfifo(folder / "pipe.csv")
    layer = f'records = {{ table = "{name}" }}\n[layers.k]\ntitle = "K"\nfeatures = "{name}"'
    atlas = write_atlas(folder, layer, top='basemap = "none"\n', l_csv="")
    opened: list[str] = []

    def note(_: Path, name: str) -> str:
        opened.append(name)
        return "digest"

    monkeypatch.setattr("geo.pipeline.inputs.input_digest", note)
    inputs = Inputs(atlas)
    inputs.of_page("m", {"m": ["lewis2015"]})
    assert inputs.changed_since({}) == []
    assert {*opened} == {"atlas.toml", "l.geojson"}


def test_a_run_with_a_pipe_in_the_place_of_a_file_ends(tmp_path: Path) -> None:
    records = 'records = { table = "f.csv" }'
    layers = f'{records}\n[layers.k]\ntitle = "K"\nfeatures = "l.geojson"\n{records}'
    files = {"l_csv": "", "f_csv": "feature,text\na,A fact.\n"}
    atlas, out = write_atlas(tmp_path, layers, top='basemap = "none"\n', **files), tmp_path / "maps"
    build_atlas(atlas, out)
    (atlas / "l.geojson").unlink()
    os.mkfifo(atlas / "l.geojson")
    said = run_python("import sys; from geo.cli import main; main(sys.argv[1:])", "why", str(atlas), "--out", str(out))
    assert said.count("l.geojson is gone") == 2
    code = (
        "import sys; from geo.pipeline.manifest import *; print(is_current(read_manifest(sys.argv[2]), *sys.argv[1:]))"
    )
    assert run_python(code, str(atlas), str(out)) == "False\n"


BUILD = """
import sys, pathlib
from geo.pipeline.build import build_atlas
build_atlas(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), jobs=int(sys.argv[3]))
"""


@pytest.mark.parametrize(
    ("place", "jobs", "environment"),
    [
        ("elsewhere/папка с пробелом", "1", {"TZ": "Asia/Bishkek", "LANG": "C", "LC_ALL": "C", "PYTHONHASHSEED": "0"}),
        ("atlas", "2", {"TZ": "Pacific/Kiritimati", "LANG": "ru_RU.UTF-8", "PYTHONHASHSEED": "1", "PYTHONUTF8": "0"}),
    ],
)
def test_the_same_inputs_give_the_same_bytes(
    atlas: Path, build: Build, tmp_path: Path, place: str, jobs: str, environment: dict[str, str]
) -> None:
    # What stands in maps/ is made by steps; what it is compared with, from nothing, in other surroundings.
    change(atlas / "dams.csv", "1860", "1900")
    build()
    change(atlas / "facts.csv", "Russia agreed", "Russia promised")
    build("--map", "energy")
    build()
    folder = tmp_path / place
    if not folder.exists():
        shutil.copytree(atlas, folder)
    run_python(BUILD, str(folder), str(tmp_path / "out"), jobs, **environment)
    pages = sorted(path.name for path in (tmp_path / "maps").glob("*.html"))
    assert len(pages) == 4
    for page in pages:
        assert (tmp_path / "out" / page).read_bytes() == (tmp_path / "maps" / page).read_bytes(), page


EDIT = """
import sys, pathlib
from geo.pipeline import manifest
manifest._GEO = sys.argv[1]
page = pathlib.Path(sys.argv[1], "page.js")
page.write_text("a")
before = manifest.code_digest()
page.write_text("b")
print(manifest.code_digest() == before)
"""


def test_what_a_file_manager_leaves_in_it_is_no_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest, "_GEO", str(tmp_path))
    (tmp_path / "page.js").write_text("a")
    before = manifest.code_digest.__wrapped__()
    (tmp_path / ".DS_Store").write_text("a")
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / ".ipynb_checkpoints" / "page.js").write_text("a")
    assert manifest.code_digest.__wrapped__() == before
    (tmp_path / "page.js").write_text("b")
    assert manifest.code_digest.__wrapped__() != before


def test_the_code_that_draws_is_that_of_the_start(tmp_path: Path) -> None:
    assert run_python(EDIT, str(tmp_path)) == "True\n"
