"""A reader opens the pages from a disk, the network off: each stands there whole, silent, and asks for nothing.

That nothing is asked for and nothing is written to the console is checked at the end of every test (tests/conftest.py).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from geo.pipeline.build import build_atlas
from tests.browser.reader import (
    MAPS,
    OpenMap,
    box_of,
    go_to,
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
from tests.browsers import find_violations
from tests.conftest import OpenPage
from tests.small import PLACES, write_atlas

pytestmark = pytest.mark.browser


def wait_drawn(page: Page) -> None:
    """Wait until land, water, borders, names and features are there, which have many colours."""
    wait_for(page, lambda: len(read_colours(page, page.locator(".geo-stage").screenshot())) > 500, "the map is drawn")


@pytest.mark.parametrize("name", MAPS)
def test_each_map_opens_whole_and_breaks_no_rule(name: str, open_map: OpenMap) -> None:
    page = open_map(name)
    expect(page.get_by_role("heading", level=1)).not_to_be_empty()
    assert page.title()
    assert page.evaluate("document.documentElement.lang") == "en"
    wait_drawn(page)
    assert find_violations(page) == []


def test_a_map_is_drawn_in_every_browser(open_map_everywhere: OpenMap) -> None:
    wait_drawn(open_map_everywhere("alignment"))


WHEN_WRITTEN = """
  window.framesEnd = [];
  const frame = () => requestAnimationFrame(() => {
    setTimeout(() => framesEnd.push(performance.now()));
    frame();
  });
  frame();
  for (const name of Object.getOwnPropertyNames(Intl)) {
    Intl[name] = new Proxy(Intl[name], {
      construct(target, given) {
        window.firstWritten ??= performance.now();
        return Reflect.construct(target, given);
      },
    });
  }
"""


def test_features_are_seen_before_numbers_and_dates_are_first_written(maps: Path, open_page: OpenPage) -> None:
    # The first number that a page writes in the reader's language takes 20 ms, the first date as long.
    page = open_page(maps / "alignment.html", init_script=WHEN_WRITTEN).page
    wait_painted(page)
    wait_for(page, lambda: page.evaluate("window.firstWritten > 0"), "a number is written")
    painted, written, ends = page.evaluate(
        "[performance.getEntriesByName('geo-layers')[0].startTime, firstWritten, framesEnd]"
    )
    assert written >= next(end for end in ends if end > painted)


def test_a_reader_opens_the_index_and_sees_every_map_with_its_picture(maps: Path, open_everywhere: OpenPage) -> None:
    page = open_everywhere(maps / "index.html").page
    for name in MAPS:
        link = page.locator(f"a[href='{name}.html']").first
        expect(link).to_be_visible()
    pictures = page.locator("main svg, main img")
    assert pictures.count() >= len(MAPS)


def test_the_index_has_a_picture_with_its_key_counts_features_and_leads_to_each_map(
    maps: Path, open_page: OpenPage
) -> None:
    page = open_page(maps / "index.html", locale="en", viewport={"width": 1440, "height": 900}).page
    picture, key = (box_of(page.locator(name).first) for name in (".geo-thumbnail", ".geo-key"))
    assert key["x"] > picture["x"] + picture["width"]
    assert abs(key["y"] + key["height"] - picture["y"] - picture["height"]) < 60
    for said in ("Military bases and sites", "Kyrgyzstan and Russia", "Under construction"):
        expect(page.locator(".geo-key").get_by_text(said, exact=True)).to_be_visible()
    count = sum(len(read_rows(layer)) for layer in ("countries", "pipelines", "cities", "dams", "events"))
    expect(page.locator("main")).to_contain_text(f"Features: {count} ·", use_inner_text=True)

    page.get_by_role("link", name="Energy").first.click()
    wait_painted(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Energy")
    expect(layer_box(page, "Hydropower plants")).to_be_checked()
    expect(layer_box(page, "Cities"), "hidden at first").not_to_be_checked()


@pytest.mark.parametrize(
    ("name", "expected"),
    [("index", ["Central Asia"]), ("atlas", ["needs JavaScript", "нужен JavaScript", "JavaScript керек"])],
)
def test_without_javascript_a_line_says_what_is_missing(
    name: str, expected: list[str], maps: Path, open_page: OpenPage
) -> None:
    page = open_page(maps / f"{name}.html", java_script_enabled=False).page
    said = page.locator("body").inner_text()
    assert all(words in said for words in expected)


@pytest.mark.parametrize(("locale", "told"), [("fr", "needs a newer browser"), ("ru-RU", "нужен более новый браузер")])
def test_an_old_browser_is_told_what_it_lacks(locale: str, told: str, maps: Path, open_page: OpenPage) -> None:
    old = "delete window.DecompressionStream"
    page = open_page(maps / "alignment.html", locale=locale, init_script=old).page
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
    top = """licence = "ODbL 1.0"
about = "Of three places.\\n\\nNo more."
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
    expect(about).to_contain_text("Licence of the data: ODbL 1.0.")


def test_the_foot_of_the_map_names_who_is_credited_and_leads_to_all(open_map: OpenMap) -> None:
    page = open_map("atlas")
    line, dialog = page.locator(".geo-credit"), page.get_by_role("dialog")
    for language, width in itertools.product(("en", "ky"), (1440, 820, 375)):
        case = (language, width)
        page.set_viewport_size({"width": width, "height": 900})
        go_to(page, f"#v1&lang={language}")
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(line, str(case)).to_contain_text("Natural Earth")
        assert line.evaluate("(line) => line.scrollWidth <= line.clientWidth"), f"nothing of it is cut, {case}"
        names = line.inner_text().split(" · ")
        if width == 1440:
            assert {"NOAA GLOBE", "GeoNames", "Global Energy Monitor", "World Bank"} <= set(names), case
        else:
            more = re.escape(words(language)["and_more"]).replace(r"\{n\}", r"\d+")
            assert re.fullmatch(more, names[-1]), case
        line.click()
        heading = dialog.get_by_role("heading", name=words(language)["about_credits"])
        expect(heading, str(case)).to_be_focused()
        expect(heading, str(case)).to_be_in_viewport()
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()


@pytest.mark.parametrize("height", [720, 1100])
def test_a_map_opens_where_it_should_in_every_window_and_comes_back_to_it(height: int, open_map: OpenMap) -> None:
    page = open_map("alignment", viewport={"width": 1280, "height": height})
    page.wait_for_timeout(600)
    start = read_view(page)
    assert start[1:] == pytest.approx([46.3, 67.0], abs=1)
    page.emulate_media(reduced_motion="reduce")
    page.get_by_role("button", name="Zoom in").click()
    wait_until(page, "(zoom) => shyrdak.map.getZoom() > zoom", start[0])
    page.get_by_role("button", name="Whole map").click()
    wait_until(page, "(zoom) => shyrdak.map.getZoom() === zoom", start[0])
    assert read_view(page) == pytest.approx(start, abs=0.05), "within a pixel"


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
    expect_whole(page, ".geo-note", ".geo-title", ".geo-legend-words")  # the note first: it stays for 4 s
    page.mouse.move(*point_at(page, *PLACES["a"]))
    page.get_by_role("combobox", name="Search").fill(word[:6])
    expect_whole(page, ".geo-result", ".geo-tooltip")
    page.set_viewport_size({"width": 320, "height": 640})
    for part in (".geo-title", ".geo-shown"):
        box = page.locator(part)
        assert box.evaluate(
            "(box) => box.scrollWidth <= box.clientWidth && box.getBoundingClientRect().right <= 320"
        ), part


def expect_whole(page: Page, *parts: str) -> None:
    for part in parts:
        box = page.locator(part).first
        expect(box).to_be_visible()
        assert box.evaluate("(box) => box.scrollWidth <= box.clientWidth"), part
