"""A reader with a screen reader or the keyboard alone: no rule of axe is broken, whatever is open; changes are said."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reader import (
    MAPS,
    PHONE,
    OpenMap,
    box_of,
    card,
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

pytestmark = pytest.mark.browser

KANT = "#v1&card=bases/base-kant&at=9/42.85/74.85"


@pytest.mark.parametrize("name", [name for name in MAPS if name != "security"])  # of which the next test sees more
def test_no_rule_is_broken_by_a_map_as_it_opens(name: str, open_map: OpenMap) -> None:
    assert find_violations(open_map(name)) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_rule_is_broken_by_any_panel(scheme: str, open_map: OpenMap) -> None:
    page = open_map("security", color_scheme=scheme)
    found = {"start": find_violations(page)}
    page.evaluate("location.hash = '#v1&card=bases/base-kant'")
    expect(card(page)).to_be_visible()
    found["card"] = find_violations(page)
    open_panel(page, "Table")
    found["table"] = find_violations(page)
    open_panel(page, "Filters")
    type_date(page, "2010")
    found["filters, a year"] = find_violations(page)
    page.get_by_role("button", name="About").click()
    found["about"] = find_violations(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Download and share").click()
    found["sharing"] = find_violations(page)
    page.keyboard.press("Escape")
    open_panel(page, "Layers")
    layer_row(page, "Border posts").get_by_role("button", name="Options:").click()
    layer_row(page, "Border posts").get_by_text("without a place on the map").click()
    page.get_by_role("combobox", name="Search").fill("osh")
    found["options, search"] = find_violations(page)
    page.get_by_role("combobox", name="Search").fill("qqq")
    found["nothing found"] = find_violations(page)
    assert {state: violations for state, violations in found.items() if violations} == {}


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (375, 812)])
def test_text_follows_the_size_set_in_the_browser(width: int, height: int, open_map: OpenMap) -> None:
    page = open_map("atlas", viewport={"width": width, "height": height})
    page.evaluate("() => { window.sized = [...document.querySelectorAll('.geo-app *')]; }")
    sizes = "sized.map((node) => parseFloat(getComputedStyle(node).fontSize))"
    before = page.evaluate(sizes)
    page.evaluate("document.documentElement.style.fontSize = '24px'")  # as the browser's own setting does
    settle(page)
    # What the page has written anew in between has no size by now.
    grown = [after / size for size, after in zip(before, page.evaluate(sizes), strict=True) if size and after]
    assert sum(growth >= 1.49 for growth in grown) > 0.97 * len(grown)
    for region in ("header", "tabs"):
        overhang = (
            f"(({{ scrollWidth, clientWidth }}) => scrollWidth - clientWidth)(document.querySelector('.geo-{region}'))"
        )
        assert page.evaluate(overhang) <= 1, region


@pytest.mark.parametrize("is_phone", [False, True])
@pytest.mark.parametrize("language", ["ru", "ky"])
def test_no_rule_is_broken_in_any_language(language: str, is_phone: bool, open_map: OpenMap) -> None:
    fragment = "#v1&on=remittances,bases&card=remittances/KGZ&t=2013"
    page = open_map("alignment", fragment, locale=language, **(PHONE if is_phone else {}))
    found = {"card": find_violations(page)}
    for name in ("filters", "table"):
        page.locator(f".geo-tab-{name}").click()
        expect(page.locator(f"#geo-{name}")).to_be_visible()
        found[name] = find_violations(page)
    for name, button in (("sharing", ".geo-tools button >> nth=-1"), ("about", ".geo-menu .geo-link-button >> nth=-1")):
        if is_phone and name == "about":
            page.locator(".geo-tab-menu").click()
        page.locator(button).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        found[name] = find_violations(page)
        page.keyboard.press("Escape")
    assert {state: violations for state, violations in found.items() if violations} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_rule_is_broken_on_a_phone(scheme: str, open_map: OpenMap) -> None:
    page = open_map("energy", "#v1&t=2010", color_scheme=scheme, **PHONE)
    found = {"start": find_violations(page)}
    for name in ("Layers", "Filters", "Time", "Table", "More"):
        page.get_by_role("navigation").get_by_role("button", name=name).tap()
        settle(page)
        found[name] = find_violations(page)
    page.evaluate("location.hash = '#v1&card=dams/dam-toktogul'")
    expect(card(page)).to_be_visible()
    found["card"] = find_violations(page)
    assert {state: violations for state, violations in found.items() if violations} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_rule_is_broken_by_the_index(scheme: str, maps: Path, open_page: OpenPage) -> None:
    assert find_violations(open_page(maps / "index.html", color_scheme=scheme).page) == []


def test_the_keyboard_meets_every_part_in_order_and_sees_where_it_is(open_map: OpenMap) -> None:
    page = open_map("security", "#v1&on=bases")
    met: list[str] = []
    for _ in range(90):
        page.keyboard.press("Tab")
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
    assert met == ["geo-header", "geo-tabs", "geo-layers", "geo-menu", "geo-stage", "geo-time"]


@pytest.mark.parametrize(("text", "width"), [("32px", 375), ("24px", 375), ("16px", 375), ("16px", 320)])
def test_a_phones_title_is_whole_at_every_size_of_text(text: str, width: int, open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&t=2010", **{**PHONE, "viewport": {"width": width, "height": 812}})
    page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", text)
    settle(page)
    title, count = page.locator(".geo-title"), page.locator(".geo-shown")
    assert title.evaluate(
        "(node) => node.scrollHeight <= node.clientHeight + 2 && node.scrollWidth <= node.clientWidth"
    )
    assert (box_of(count)["y"] >= box_of(title)["y"] + box_of(title)["height"] - 1) == (text != "16px")
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_list_on_the_map_says_that_there_is_nothing_only_where_there_is_nothing(open_map: OpenMap) -> None:
    page = open_map("security", "#v1&on=bases")
    option = map_list(page).get_by_role("option")
    expect(option).to_have_text(page.locator(".geo-shown").inner_text())
    page.evaluate("shyrdak.map.setView([-50, -30], 8, { animate: false })")
    map_list(page).focus()
    expect(option).to_have_text(words("en")["map_no_features"])
    page.locator(".geo-search-field").focus()
    page.evaluate("shyrdak.map.setView([42, 74], 6, { animate: false })")
    expect(option).to_have_text(page.locator(".geo-shown").inner_text())


@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (1280, "ru"), (375, "en")])
def test_text_of_twice_the_size_stands_clear_of_its_neighbours(width: int, language: str, open_map: OpenMap) -> None:
    page = open_map("atlas", f"#v1&lang={language}", viewport={"width": width, "height": 800})
    page.evaluate("document.documentElement.style.fontSize = '32px'")
    for tab, texts in (
        ("layers", ".geo-tab span"),
        ("time", ".geo-time-axis span"),
        ("story", ".geo-step"),
        ("time", ".geo-segments span"),
    ):
        if tab == "story" or width < 640:
            open_panel(page, words(language)[f"tab_{tab}"])
        boxes = [box_of(text) for text in page.locator(texts).all() if text.is_visible()]
        assert len(boxes) >= 3
        for one, other in itertools.pairwise(boxes):
            beside, below = one["x"] + one["width"] <= other["x"] + 1, one["y"] + one["height"] <= other["y"] + 1
            assert beside or below, texts
        assert all(box["x"] + box["width"] <= width for box in boxes), texts
    scale = page.locator(".geo-scale")
    assert box_of(scale)["height"] < 2 * scale.evaluate("(node) => parseFloat(getComputedStyle(node).fontSize)")


def test_the_first_stop_of_the_keyboard_leads_past_the_panels_to_the_map(open_map: OpenMap) -> None:
    page = open_map("security", "#v1&on=bases")
    page.keyboard.press("Tab")
    skip = page.get_by_role("button", name="To the map")
    expect(skip).to_be_focused()
    expect(skip).to_have_css("clip-path", "none")
    page.keyboard.press("Enter")
    expect(map_list(page)).to_be_focused()
    expect(skip).not_to_have_css("clip-path", "none")


def test_the_map_says_which_feature_the_keyboard_is_on(open_map: OpenMap) -> None:
    page = open_map("security", "#v1&on=bases&at=8/42.85/74.85")
    map_list(page).focus()
    option = map_list(page).get_by_role("option")
    assert option.get_attribute("aria-posinset") == "1"
    first = option.inner_text()
    expect(page.locator(".geo-tooltip")).to_be_visible()
    page.keyboard.press("ArrowRight")
    assert option.inner_text() != first
    assert option.get_attribute("aria-posinset") == "2"


def test_changes_are_said_politely(open_map: OpenMap) -> None:
    page = open_map("security", "#v1&on=bases")
    status = page.get_by_role("status")
    type_date(page, "2010")
    expect(status).to_contain_text("2010")
    page.get_by_role("checkbox", name="Border posts").check()
    expect(status).to_contain_text("layers on")
    page.get_by_role("combobox", name="Search").fill("osh")
    expect(status).to_contain_text("found")


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


@pytest.mark.parametrize(
    ("fragment", "act"),
    [
        ("#v1&on=bases&t=2010", hide_the_undated),
        ("#v1&on=bases&t=2020&card=bases/base-manas", show_the_feature),
        ("#v1&on=bases", escape_from_the_search),
        ("#v1&on=bases", delete_the_search),
        ("#v1&step=two-bases", end_the_story),
    ],
)
def test_what_changes_the_map_says_how_much_it_shows(
    fragment: str, act: Callable[[Page], None], open_map: OpenMap
) -> None:
    page = open_map("atlas", fragment, reduced_motion="reduce")
    act(page)
    expect(page.get_by_role("status")).to_contain_text("features shown")
    assert page.get_by_role("status").inner_text() == page.locator(".geo-shown").inner_text()


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


def test_a_dialog_takes_the_focus_and_gives_it_back(open_map: OpenMap) -> None:
    page = open_map("security")
    about = page.get_by_role("button", name="About")
    about.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.evaluate("document.activeElement.closest('dialog') !== null")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(about).to_be_focused()


def test_the_question_mark_lists_the_keys(open_map: OpenMap) -> None:
    page = open_map("security")
    page.locator("body").press("?")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog.locator("kbd").first).to_be_visible()
    for key in ("/", "t", "[", "]", "Esc", "?", "Home", "PgDn", "Backspace"):
        expect(dialog.locator("kbd").get_by_text(key, exact=True).first).to_be_attached()


def test_single_keys_rest_while_something_is_typed(open_map: OpenMap) -> None:
    page = open_map("security")
    field = page.get_by_role("combobox", name="Search")
    field.focus()
    page.keyboard.type("t?[")
    expect(field).to_have_value("t?[")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("#geo-table").get_by_role("table")).to_be_hidden()


def test_single_keys_can_be_switched_off(open_map: OpenMap) -> None:
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
