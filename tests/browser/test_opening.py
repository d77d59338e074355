"""A reader opens the pages from a disk, the network off: each stands there whole, silent, and asks for nothing.

That nothing is asked for and nothing is written to the console is checked at the end of every test (tests/conftest.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from geo.pipeline.build import build_atlas
from tests.browser.reader import (
    MAPS,
    PAGES,
    OpenMap,
    box_of,
    layer_box,
    point_at,
    read_colours,
    read_rows,
    read_view,
    wait_for,
    wait_painted,
    wait_until,
    words,
)
from tests.conftest import OpenPage
from tests.small import PLACES, write_atlas

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", MAPS)
def test_a_reader_opens_each_map_and_sees_its_layers(name: str, open_map_everywhere: OpenMap) -> None:
    page = open_map_everywhere(name)
    expect(page.get_by_role("heading", level=1)).not_to_be_empty()
    assert page.title()
    assert page.evaluate("document.documentElement.lang") == "en"
    wait_for(
        page,
        lambda: len(read_colours(page, page.locator(".geo-stage").screenshot())) > 500,
        "land, water, borders, names, features",
    )


def test_a_reader_opens_the_index_and_sees_every_map_with_its_picture(maps: Path, open_everywhere: OpenPage) -> None:
    page = open_everywhere(maps / "index.html").page
    for name in MAPS:
        link = page.locator(f"a[href='{name}.html']").first
        expect(link).to_be_visible()
    pictures = page.locator("main svg, main img")
    assert pictures.count() >= len(MAPS)


def test_the_first_picture_on_the_index_has_its_key_beside_it(maps: Path, open_page: OpenPage) -> None:
    page = open_page(maps / "index.html", locale="en", viewport={"width": 1440, "height": 900}).page
    picture, key = (box_of(page.locator(name).first) for name in (".geo-thumbnail", ".geo-key"))
    assert key["x"] > picture["x"] + picture["width"]
    assert abs(key["y"] + key["height"] - picture["y"] - picture["height"]) < 60
    for said in ("Military bases and sites", "Kyrgyzstan and Russia", "Under construction"):
        expect(page.locator(".geo-key").get_by_text(said, exact=True)).to_be_visible()


def test_a_reader_goes_from_the_index_to_a_map(maps: Path, open_page: OpenPage) -> None:
    page = open_page(maps / "index.html", locale="en").page
    page.get_by_role("link", name="Energy").first.click()
    wait_painted(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Energy")


def test_the_index_says_how_many_features_a_map_has(maps: Path, open_map: OpenMap, open_page: OpenPage) -> None:
    index = open_page(maps / "index.html", locale="en").page
    layers = ("countries", "pipelines", "cities", "dams", "events")
    count = sum(len(read_rows(layer)) for layer in layers)
    expect(index.locator("main")).to_contain_text(f"Features: {count} ·", use_inner_text=True)


@pytest.mark.parametrize("name", PAGES)
def test_without_javascript_a_line_says_what_is_missing(name: str, maps: Path, open_page: OpenPage) -> None:
    page = open_page(maps / f"{name}.html", java_script_enabled=False).page
    expected = ["needs JavaScript", "нужен JavaScript", "JavaScript керек"] if name != "index" else ["Central Asia"]
    said = page.locator("body").inner_text()
    assert all(words in said for words in expected)


@pytest.mark.parametrize(
    ("locale", "told"),
    [("fr", "needs a newer browser"), ("ru-RU", "нужен более новый браузер"), ("ky", "жаңыраак браузер керек")],
)
def test_an_old_browser_is_told_what_it_lacks(locale: str, told: str, maps: Path, open_page: OpenPage) -> None:
    page = open_page(maps / "index.html", locale=locale).page
    page.add_init_script("delete window.DecompressionStream")
    page.goto((maps / "alignment.html").as_uri())
    expect(page.get_by_role("alert")).to_contain_text(told)


def damage(html: str) -> str:
    """Give the page with one character of its data another one."""
    head, tag, rest = html.partition('id="geo-blob">')
    at = rest.index("<") // 2
    return head + tag + rest[:at] + ("B" if rest[at] == "A" else "A") + rest[at + 1 :]


@pytest.mark.parametrize(
    ("change", "said"),
    [(damage, "cannot be read"), (lambda html: html.replace('"format":1,', '"format":99,'), "data format 99")],
    ids=["damaged", "another format"],
)
def test_a_page_that_cannot_be_read_says_so(
    change: Callable[[str], str], said: str, maps: Path, tmp_path: Path, open_page: OpenPage
) -> None:
    html = (maps / "atlas.html").read_text(encoding="utf-8")
    changed = change(html)
    assert changed != html
    (tmp_path / "atlas.html").write_text(changed, encoding="utf-8")
    visit = open_page(tmp_path / "atlas.html", viewport={"width": 1280, "height": 800})
    line = visit.page.get_by_role("alert")
    expect(line).to_contain_text(said)
    assert line.evaluate("(line) => document.elementFromPoint(innerWidth / 2, line.offsetTop + 8) === line")
    expect(visit.page.get_by_role("progressbar")).to_have_count(0)
    assert [message for message in visit.messages if "uncaught" in message], "the console has it, too"
    visit.messages.clear()


def test_about_says_what_the_data_is_and_whose(tmp_path: Path, open_page: OpenPage) -> None:
    top = """about = "Of three places.\\n\\nNo more."
[[credits]]
title = "Airports"
licence = "Public domain"
url = "https://example.org/airports"
note = "For two of the places."
"""
    table, sources = "id,name,source\na,A,s\nb,B,s\nc,C,s\n", "id,citation,url,licence\ns,Jones 2015,,CC BY 4.0\n"
    write_atlas(tmp_path, 'attribution = "Data: Smith"', top=top, l_csv=table, sources_csv=sources)
    build_atlas(tmp_path, tmp_path / "maps")
    page = open_page(tmp_path / "maps" / "m.html", locale="en").page
    wait_painted(page)
    page.get_by_role("button", name="About").click()
    about = page.get_by_role("dialog")
    for paragraph in ("Of three places.", "No more."):
        expect(about.get_by_text(paragraph, exact=True)).to_be_visible()
    expect(about.get_by_role("listitem").filter(has_text="3 features")).to_contain_text("Data: Smith")
    expect(about.get_by_role("listitem").filter(has_text="Jones 2015")).to_contain_text("CC BY 4.0")
    credit = about.get_by_role("listitem").filter(has_text="Airports. Public domain")
    expect(credit).to_contain_text("For two of the places.")
    expect(credit.get_by_role("link")).to_have_attribute("href", "https://example.org/airports")


@pytest.mark.parametrize("width", [375, 820, 1440])
@pytest.mark.parametrize("language", ["en", "ky"])
def test_the_foot_of_the_map_names_who_is_credited_and_leads_to_all(
    width: int, language: str, open_map: OpenMap
) -> None:
    page = open_map("atlas", viewport={"width": width, "height": 900}, locale=language)
    line = page.locator(".geo-credit")
    expect(line).to_contain_text("Natural Earth")
    assert line.evaluate("(line) => line.scrollWidth <= line.clientWidth"), "nothing of it is cut"
    names = line.inner_text().split(" · ")
    if width == 1440:
        assert {"NOAA GLOBE", "GeoNames", "Global Energy Monitor", "World Bank"} <= set(names)
    else:
        more = re.escape(words(language)["and_more"]).replace(r"\{n\}", r"\d+")
        assert re.fullmatch(more, names[-1])
    line.click()
    heading = page.get_by_role("dialog").get_by_role("heading", name=words(language)["about_credits"])
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport()


def test_a_reader_makes_the_page_larger_and_nothing_is_lost(open_map: OpenMap) -> None:
    """At 200 percent (half the window) everything is there without scrolling sideways (WCAG 1.4.10)."""
    page = open_map("security", viewport={"width": 640, "height": 400})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.get_by_role("searchbox").or_(page.get_by_role("combobox", name="Search"))).to_be_visible()


def test_the_view_of_home_comes_back(open_map: OpenMap) -> None:
    page = open_map("security", reduced_motion="reduce")
    start = read_view(page)
    page.get_by_role("button", name="Zoom in").click()
    wait_until(page, "(zoom) => shyrdak.map.getZoom() > zoom", start[0])
    page.get_by_role("button", name="Whole map").click()
    wait_until(page, "(zoom) => shyrdak.map.getZoom() === zoom", start[0])
    assert read_view(page) == pytest.approx(start, abs=0.05), "within a pixel"


def test_hidden_layers_are_not_drawn_at_first(open_map: OpenMap) -> None:
    page = open_map("energy")
    expect(layer_box(page, "Hydropower plants")).to_be_checked()
    expect(layer_box(page, "Cities")).not_to_be_checked()


@pytest.mark.parametrize("height", [720, 800, 1100])
def test_the_map_opens_where_it_should_in_every_window(height: int, open_map: OpenMap) -> None:
    page = open_map("alignment", viewport={"width": 1280, "height": height})
    page.wait_for_timeout(600)
    _, lat, lon = read_view(page)
    assert (lat, lon) == pytest.approx((46.3, 67.0), abs=1)


def test_a_dialog_closes_by_a_press_beside_it_not_by_one_in_it(open_map: OpenMap) -> None:
    page = open_map("security")
    page.get_by_role("button", name="About").click()
    about = page.get_by_role("dialog")
    box = box_of(about)
    x, y = box["x"] + 8, box["y"] + box["height"] / 2
    page.mouse.click(x, y)
    expect(about).to_be_visible()
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 100, y)  # a text is selected beyond the edge
    page.mouse.up()
    expect(about).to_be_visible()
    page.mouse.click(x - 100, y)
    expect(about).to_be_hidden()


def test_words_longer_than_their_box_are_broken(tmp_path: Path, open_page: OpenPage) -> None:
    word = "Rindfleischetikettierung" * 4
    style = 'style.color_by = "kind"\nfields.kind = { title = "Kind", type = "category" }'
    config = (
        write_atlas(tmp_path, style, l_csv=f"id,name,kind\na,{word},{word}\nb,B,{word}\nc,C,{word}\n") / "atlas.toml"
    )
    config.write_text(config.read_text("utf-8").replace('"M"', f'"{word}"'), "utf-8")
    build_atlas(tmp_path, tmp_path / "maps")
    page = open_page(tmp_path / "maps" / "m.html", f"#v1&{word}=1", locale="en").page
    wait_painted(page)
    page.mouse.move(*point_at(page, *PLACES["a"]))
    page.get_by_role("combobox", name="Search").fill(word[:6])
    for part in (".geo-title", ".geo-legend-words", ".geo-result", ".geo-tooltip", ".geo-note"):
        box = page.locator(part).first
        expect(box).to_be_visible()
        assert box.evaluate("(box) => box.scrollWidth <= box.clientWidth"), part
    page.set_viewport_size({"width": 320, "height": 640})
    for part in (".geo-title", ".geo-shown"):
        box = page.locator(part)
        assert box.evaluate(
            "(box) => box.scrollWidth <= box.clientWidth && box.getBoundingClientRect().right <= 320"
        ), part
