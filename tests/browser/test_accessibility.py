"""A reader with a screen reader or the keyboard alone: no rule of axe is broken, whatever is open; changes are said."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from geo.pipeline.build import build_atlas
from tests.browser.reader import (
    PHONE,
    OpenMap,
    box_of,
    card,
    go_to,
    layer_row,
    map_list,
    open_panel,
    read_view,
    settle,
    type_date,
    wait_painted,
    wait_until,
    words,
)
from tests.browsers import find_violations
from tests.conftest import OpenPage
from tests.small import change, write_atlas

pytestmark = pytest.mark.browser

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def broken_rules(page: Page) -> dict[str, list[str]]:
    """Give what axe finds in light and dark, {} where it finds nothing."""
    found = {}
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        expect(page.locator("html")).to_have_attribute("data-geo-theme", scheme)
        settle(page)
        found[scheme] = find_violations(page)
    return {scheme: violations for scheme, violations in found.items() if violations}


def test_no_rule_is_broken_by_any_panel_in_light_or_dark(open_map: OpenMap) -> None:
    page = open_map("security")
    found = {"start": broken_rules(page)}
    page.evaluate("location.hash = '#v1&card=bases/base-kant'")
    expect(card(page)).to_be_visible()
    found["card"] = broken_rules(page)
    open_panel(page, "Table")
    found["table"] = broken_rules(page)
    open_panel(page, "Filters")
    type_date(page, "2010")
    found["filters, a year"] = broken_rules(page)
    type_date(page, "no date")
    expect(page.locator(".geo-note")).to_be_visible()
    found["a note"] = broken_rules(page)
    page.get_by_role("button", name="About").click()
    found["about"] = broken_rules(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Download and share").click()
    found["sharing"] = broken_rules(page)
    page.keyboard.press("Escape")
    open_panel(page, "Layers")
    layer_row(page, "Border posts").get_by_role("button", name="Options:").click()
    layer_row(page, "Border posts").get_by_text("without a place on the map").click()
    page.get_by_role("combobox", name="Search").fill("osh")
    found["options, search"] = broken_rules(page)
    page.get_by_role("combobox", name="Search").fill("qqq")
    found["nothing found"] = broken_rules(page)
    assert {state: violations for state, violations in found.items() if violations} == {}


def test_text_follows_the_size_set_in_the_browser(open_map: OpenMap) -> None:
    page = open_map("atlas")
    sizes = "sized.map((node) => parseFloat(getComputedStyle(node).fontSize))"
    for width, height in ((1280, 800), (375, 812)):
        page.set_viewport_size({"width": width, "height": height})
        settle(page)
        page.evaluate("() => { window.sized = [...document.querySelectorAll('.geo-app *')]; }")
        before = page.evaluate(sizes)
        set_size_of_text(page, "24px")
        # What the page has written anew in between has no size by now.
        grown = [after / size for size, after in zip(before, page.evaluate(sizes), strict=True) if size and after]
        assert sum(growth >= 1.49 for growth in grown) > 0.97 * len(grown), width
        for region in (".geo-header", ".geo-tabs"):
            overhang = page.locator(region).evaluate("({ scrollWidth, clientWidth }) => scrollWidth - clientWidth")
            assert overhang <= 1, (region, width)
        set_size_of_text(page, "")


def set_size_of_text(page: Page, size: str) -> None:
    """Set it as the browser's own setting does; "" is what the browser begins with."""
    page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", size)
    settle(page)


@pytest.mark.parametrize("is_phone", [False, True])
def test_no_rule_is_broken_in_any_language(is_phone: bool, open_map: OpenMap) -> None:
    fragment = "#v1&on=remittances,bases&card=remittances/KGZ&t=2013"
    page = open_map("alignment", fragment, locale="ru", **(PHONE if is_phone else {}))
    found = {}
    for language in ("ru", "ky"):
        if language == "ky":
            go_to(page, f"{fragment}&lang=ky")
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(card(page)).to_be_visible()
        found[f"card, {language}"] = find_violations(page)
        for name in ("filters", "table"):
            open_panel(page, words(language)[f"tab_{name}"])
            expect(page.locator(f"#geo-{name}")).to_be_visible()
            found[f"{name}, {language}"] = find_violations(page)
        dialogs = {"sharing": ".geo-tools button >> nth=-1", "about": ".geo-menu .geo-link-button >> nth=-1"}
        for name, button in dialogs.items():
            if is_phone and name == "about":
                page.locator(".geo-tab-menu").click()
            page.locator(button).click()
            expect(page.get_by_role("dialog")).to_be_visible()
            found[f"{name}, {language}"] = find_violations(page)
            page.keyboard.press("Escape")
    assert {state: violations for state, violations in found.items() if violations} == {}


def test_no_rule_is_broken_by_the_index_in_light_or_dark(maps: Path, open_page: OpenPage) -> None:
    page = open_page(maps / "index.html").page
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        settle(page)
        assert find_violations(page) == [], scheme


def test_the_keyboard_can_skip_the_panels_or_meets_every_part_in_order_and_sees_where_it_is(open_map: OpenMap) -> None:
    page = open_map("security", "#v1&on=bases")
    page.keyboard.press("Tab")
    skip = page.get_by_role("button", name="To the map")
    expect(skip).to_be_focused()
    expect(skip).to_have_css("clip-path", "none")
    page.keyboard.press("Enter")
    expect(map_list(page)).to_be_focused()
    expect(skip).not_to_have_css("clip-path", "none")

    skip.focus()
    met: list[str] = []
    for _ in range(90):
        part, outline = page.evaluate(
            """() => {
                const node = document.activeElement, region = node.closest(
                    ".geo-header, .geo-tabs, #geo-layers, #geo-menu, .geo-stage, #geo-time");
                const style = getComputedStyle(node);
                const shows = style.outlineStyle !== "none" || style.boxShadow !== "none" || node.matches(
                    "input[type=radio], input[type=range], .geo-feature-keys");
                return [region ? region.id || region.className : "", shows];
            }"""
        )
        assert outline or not part, page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        if part and part not in met:
            met.append(part)
        page.keyboard.press("Tab")
    assert met == ["geo-header", "geo-tabs", "geo-layers", "geo-menu", "geo-stage", "geo-time"]


def test_a_phones_title_is_whole_at_every_size_of_text_and_no_language_scrolls_sideways(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&t=2010", **PHONE)
    title, count = page.locator(".geo-title"), page.locator(".geo-shown")
    for case in (
        ("32px", 375, "en"),
        ("24px", 375, "en"),
        ("16px", 375, "en"),
        ("16px", 320, "en"),
        ("16px", 375, "ru"),
        ("16px", 375, "ky"),
    ):
        text, width, language = case
        page.set_viewport_size({"width": width, "height": 812})
        set_size_of_text(page, text)
        go_to(page, f"#v1&t=2010&lang={language}")
        expect(page.locator("html")).to_have_attribute("lang", language)
        assert title.evaluate(
            "(node) => node.scrollHeight <= node.clientHeight + 2 && node.scrollWidth <= node.clientWidth"
        ), case
        assert (box_of(count)["y"] >= box_of(title)["y"] + box_of(title)["height"] - 1) == (text != "16px"), case
        assert page.evaluate("document.documentElement.scrollWidth") == width, case
        if text == "16px":
            assert box_of(page.locator(".geo-stage"))["height"] > 400, f"the map is what the page is about, {case}"


def test_the_list_on_the_map_says_how_much_there_is_and_which_feature_the_keyboard_is_on(open_map: OpenMap) -> None:
    page = open_map("security", "#v1&on=bases")
    option = map_list(page).get_by_role("option")
    expect(option).to_have_text(page.locator(".geo-shown").inner_text())
    page.evaluate("shyrdak.map.setView([-50, -30], 8, { animate: false })")
    map_list(page).focus()
    expect(option).to_have_text(words("en")["map_no_features"])
    page.locator(".geo-search-field").focus()
    page.evaluate("shyrdak.map.setView([42, 74], 6, { animate: false })")
    expect(option, "there is something again").to_have_text(page.locator(".geo-shown").inner_text())

    go_to(page, "#v1&on=bases&at=8/42.85/74.85")
    map_list(page).focus()
    expect(option).to_have_attribute("aria-posinset", "1")
    first = option.inner_text()
    expect(page.locator(".geo-tooltip")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(option).not_to_have_text(first)
    expect(option).to_have_attribute("aria-posinset", "2")


def test_text_of_twice_the_size_stands_clear_of_its_neighbours(open_map: OpenMap) -> None:
    page = open_map("atlas")
    set_size_of_text(page, "32px")
    texts_of_tabs = (
        ("layers", ".geo-tab span"),
        ("time", ".geo-time-axis span"),
        ("story", ".geo-step"),
        ("time", ".geo-segments span"),
    )
    for width, language in ((1280, "en"), (1280, "ru"), (375, "en")):
        go_to(page, f"#v1&lang={language}")
        page.set_viewport_size({"width": width, "height": 800})
        settle(page)
        for tab, texts in texts_of_tabs:
            case = (texts, width, language)
            if tab == "story" or width < 640:
                open_panel(page, words(language)[f"tab_{tab}"])
            boxes = [box_of(text) for text in page.locator(texts).all() if text.is_visible()]
            assert len(boxes) >= 3, case
            for one, other in itertools.pairwise(boxes):
                beside, below = one["x"] + one["width"] <= other["x"] + 1, one["y"] + one["height"] <= other["y"] + 1
                assert beside or below, case
            assert all(box["x"] + box["width"] <= width for box in boxes), case
        scale = page.locator(".geo-scale")
        assert box_of(scale)["height"] < 2 * scale.evaluate("(node) => parseFloat(getComputedStyle(node).fontSize)")


def test_the_bar_of_the_scale_holds_its_distance_at_every_size_of_text(open_map: OpenMap) -> None:
    page = open_map("security")
    scale = page.locator(".geo-scale")
    for size, zoom in itertools.product(("24px", "32px"), range(3, 9)):
        set_size_of_text(page, size)
        page.evaluate("(zoom) => { shyrdak.map.setZoom(zoom, { animate: false }); }", zoom)
        settle(page)
        overhang = scale.evaluate("({ scrollWidth, clientWidth }) => scrollWidth - clientWidth")
        assert overhang <= 0, (size, zoom, scale.inner_text())


def hide_the_undated(page: Page) -> None:
    page.get_by_role("combobox", name="Undated").select_option(label="hidden")


def show_the_feature(page: Page) -> None:
    card(page).get_by_role("button", name="Show on the map").click()


def escape_from_the_search(page: Page) -> None:
    page.get_by_role("combobox", name="Search").fill("osh")
    for _ in ("its list", "what is typed"):
        page.get_by_role("combobox", name="Search").press("Escape")


def delete_the_search(page: Page) -> None:
    page.get_by_role("combobox", name="Search").fill("osh")
    page.get_by_role("combobox", name="Search").fill("")


def end_the_story(page: Page) -> None:
    page.get_by_role("button", name="End the story").click()


def silence(page: Page) -> None:
    """Wait until all is said, and empty it."""
    page.wait_for_timeout(600)
    page.get_by_role("status").evaluate("(status) => status.replaceChildren()")


def test_changes_are_said_politely_and_how_much_the_map_shows(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&on=bases", reduced_motion="reduce")
    status = page.get_by_role("status")
    type_date(page, "2010")
    expect(status).to_contain_text("2010")
    page.get_by_role("checkbox", name="Border posts").check()
    expect(status).to_contain_text("layers on")
    page.get_by_role("combobox", name="Search").fill("osh")
    expect(status).to_contain_text("found")

    acts: list[tuple[str, Callable[[Page], None]]] = [
        ("#v1&on=bases", escape_from_the_search),
        ("#v1&on=bases", delete_the_search),
        ("#v1&on=bases&t=2010", hide_the_undated),
        ("#v1&on=bases&t=2020&card=bases/base-manas", show_the_feature),
        ("#v1&step=two-bases", end_the_story),
    ]
    for fragment, act in acts:
        go_to(page, fragment)
        silence(page)
        act(page)
        expect(status, act.__name__).to_contain_text("features shown")
        assert status.inner_text() == page.locator(".geo-shown").inner_text(), act.__name__


def test_a_zoom_by_button_or_key_is_said_and_ends_at_the_limits(open_map: OpenMap) -> None:
    page = open_map("energy", "#v1&at=12/41.7/72.6", reduced_motion="reduce")
    status, nearer = page.get_by_role("status"), page.get_by_role("button", name="Zoom in")
    expect(nearer).to_have_attribute("aria-disabled", "false")
    nearer.press("Enter")
    expect(status).to_have_text("Zoom 13")
    expect(nearer).to_have_attribute("aria-disabled", "true")
    page.locator(".geo-map").press("-")
    expect(status).to_have_text("Zoom 12")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("move it, zoom in and out")


def test_who_wants_no_motion_is_there_at_once(open_map: OpenMap) -> None:
    page = open_map("security", "#v1&on=bases&at=6/42.85/74.85", reduced_motion="reduce")
    page.evaluate(
        """() => {
            window.went = [];
            for (const name of ["zoomanim", "move"]) shyrdak.map.on(name, () => window.went.push(name));
        }"""
    )
    ways: list[Callable[[], None]] = [
        page.get_by_role("button", name="Zoom in").click,
        lambda: page.mouse.dblclick(700, 300),
        lambda: page.mouse.wheel(0, -200),
        lambda: page.keyboard.press("+"),
        lambda: page.keyboard.press("ArrowRight"),
    ]
    page.mouse.move(700, 300)
    for way in ways:
        view = read_view(page)
        page.evaluate("() => { window.went = []; }")
        way()
        wait_until(page, "window.went.length > 0")
        page.wait_for_timeout(400)  # longer than Leaflet's animations, and than it gathers turns of the wheel
        assert page.evaluate("window.went") == ["move"]
        assert read_view(page) != view


def test_a_dialog_takes_the_focus_gives_it_back_and_closes_by_a_press_beside_it(open_map: OpenMap) -> None:
    page = open_map("security")
    about, dialog = page.get_by_role("button", name="About"), page.get_by_role("dialog")
    about.focus()
    page.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    assert page.evaluate("document.activeElement.closest('dialog') !== null")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(about).to_be_focused()

    about.click()
    box = box_of(dialog)
    x, y = box["x"] + 8, box["y"] + box["height"] / 2
    page.mouse.click(x, y)
    expect(dialog).to_be_visible()
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 100, y)  # a text is selected beyond the edge
    page.mouse.up()
    expect(dialog).to_be_visible()
    page.mouse.click(x - 100, y)
    expect(dialog).to_be_hidden()

    page.locator("body").press("?")
    expect(dialog.locator("kbd").first).to_be_visible()
    for key in ("/", "t", "[", "]", "Esc", "?", "Home", "PgDn", "Backspace"):
        expect(dialog.locator("kbd").get_by_text(key, exact=True).first).to_be_attached()


def test_single_keys_can_be_switched_off_and_rest_while_something_is_typed(open_map: OpenMap) -> None:
    """WCAG 2.1.4: who dictates types them unasked. The page keeps the choice; keys that are no characters go on."""
    page = open_map("security", "#v1&card=bases/base-kant")
    page.locator("body").press("?")
    switch = page.get_by_role("dialog").get_by_role("checkbox", name="single-key")
    expect(switch).to_be_in_viewport()
    switch.press("Space")
    page.keyboard.press("Escape")
    for key in ("?", "t", "/", "m"):
        page.locator("body").press(key)
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("#geo-table")).to_be_hidden()
    assert page.evaluate("document.activeElement === document.body")
    page.locator("body").press("Escape")
    expect(card(page)).to_be_hidden()
    page.reload()
    wait_painted(page)
    page.locator("body").press("t")
    expect(page.locator("#geo-table")).to_be_hidden()
    page.get_by_role("button", name="About").click()
    switch.check()
    page.keyboard.press("Escape")
    page.locator("body").press("t")
    expect(page.locator("#geo-table")).to_be_visible()

    page.locator("body").press("t")
    expect(page.locator("#geo-table")).to_be_hidden()
    field = page.get_by_role("combobox", name="Search")
    field.focus()
    page.keyboard.type("t?[")
    expect(field).to_have_value("t?[")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("#geo-table")).to_be_hidden()


def test_a_long_description_leaves_room_for_the_layers_and_is_read_by_keyboard(
    tmp_path: Path, open_page: OpenPage
) -> None:
    atlas = write_atlas(tmp_path, top='basemap = "none"\n')
    change(atlas / "atlas.toml", 'title = "M"', f'title = "M"\ndescription = "{"What this map shows. " * 80}"')
    build_atlas(atlas, tmp_path / "maps")
    page = open_page(tmp_path / "maps" / "m.html", viewport={"width": 1280, "height": 700}).page
    wait_painted(page)
    assert box_of(page.locator(".geo-panel-layers"))["height"] > 200
    assert broken_rules(page) == {}
    lead = page.locator(".geo-lead")
    lead.focus()
    page.keyboard.press("End")
    wait_until(page, "document.activeElement.scrollTop > 100")
