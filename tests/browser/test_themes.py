"""A reader in the dark: the page follows the system or the reader's own choice, the map with it, and moves gently."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from geo.config.looks import NO_VALUE_COLOUR
from tests.browser.reader import (
    OpenMap,
    commonest,
    go_to,
    read_colours,
    read_ground,
    settle,
    wait_painted,
    wait_until,
)
from tests.conftest import OpenPage

pytestmark = pytest.mark.browser

STEPPE, UKRAINE = (70.5, 45.5), (31.5, 48)


def expect_ground(page: Page, is_as_expected: Callable[[int], bool], place: tuple[float, float] = STEPPE) -> None:
    """Wait until a place is as bright as it should be: the relief takes its new colours in the background."""
    for _ in range(40):
        settle(page)
        if is_as_expected(sum(read_ground(page, *place))):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"the map stays at {read_ground(page, *place)}")


def is_dark(brightness: int) -> bool:
    return brightness < 250


def is_light(brightness: int) -> bool:
    return brightness > 550


def test_the_theme_follows_system_address_and_menu_and_stays(open_map: OpenMap) -> None:
    page = open_map("security", "#v1&at=5/44/72", color_scheme="dark")
    html, menu = page.locator("html"), page.get_by_role("combobox", name="Theme")
    expect(html).to_have_attribute("data-geo-theme", "dark")
    expect_ground(page, is_dark)
    page.emulate_media(color_scheme="light")
    expect(html).to_have_attribute("data-geo-theme", "light")
    expect_ground(page, is_light)
    page.emulate_media(color_scheme="dark")
    expect(html).to_have_attribute("data-geo-theme", "dark")
    expect_ground(page, is_dark)
    go_to(page, "#v1&at=5/44/72&theme=light")
    expect(html).to_have_attribute("data-geo-theme", "light")
    expect(menu).to_have_value("light")
    expect_ground(page, is_light)
    page.emulate_media(color_scheme="light")
    menu.select_option(label="Dark")
    expect(html).to_have_attribute("data-geo-theme", "dark")
    expect_ground(page, is_dark)
    wait_until(page, "location.hash.includes('theme=dark')")
    page.reload()
    wait_painted(page)
    expect(html).to_have_attribute("data-geo-theme", "dark")
    expect(menu).to_have_value("dark")


def test_every_symbol_of_the_key_is_seen_on_the_dark_index_and_the_pictures_are_dark_with_it(
    maps: Path, open_page: OpenPage
) -> None:
    page = open_page(maps / "index.html", color_scheme="dark").page
    for symbol in page.locator(".geo-key svg").all():
        colours = read_colours(page, symbol.screenshot())
        assert max(map(sum, colours)) > sum(commonest(colours)) + 200, symbol.locator("xpath=..").inner_text()
    for picture in page.locator(".geo-thumbnail").all()[:4]:  # the fifth is of countries in their own colours
        assert is_dark(sum(commonest(read_colours(page, picture.screenshot()))))
    page.emulate_media(color_scheme="light")
    for picture in page.locator(".geo-thumbnail").all()[:4]:
        assert is_light(sum(commonest(read_colours(page, picture.screenshot()))))


def test_a_dark_legend_has_light_edges_and_areas_in_the_colours_of_the_map(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&on=pipelines,countries&at=5/49/32", color_scheme="dark")
    areas = page.locator(".geo-legend-row", has_text="In favour").locator("svg")
    colour = commonest(read_colours(page, areas.screenshot()))
    expect_ground(page, lambda brightness: abs(brightness - sum(colour)) < 40, UKRAINE)
    page.locator("#geo-layers").get_by_text("Oil", exact=True).scroll_into_view_if_needed()
    oil = page.locator(".geo-legend-row", has_text="Oil").locator("svg")
    colours = read_colours(page, oil.screenshot())
    assert max(sum(colour) for colour in colours) > 450
    page.get_by_role("combobox", name="Theme").select_option(label="Light")
    assert "rgba(0, 0, 0, 0)" in oil.evaluate("(node) => getComputedStyle(node).filter")


def read_ramp(page: Page, legend: str) -> list[int]:
    """Give the brightness of each class of remittances in a legend, from the lowest on."""
    fills = (
        page.locator(legend, has_text="Remittances")
        .locator(":has(> svg)")
        .evaluate_all("(items) => items.map((item) => item.querySelector('path').getAttribute('fill'))")
    )
    return [sum(bytes.fromhex(fill.removeprefix("#"))) for fill in fills if fill not in ("none", NO_VALUE_COLOUR)]


def test_more_is_lighter_in_the_dark_and_darker_on_paper(open_map: OpenMap) -> None:
    page = open_map("alignment", "#v1&on=remittances&t=2013", color_scheme="dark")
    ramp = read_ramp(page, ".geo-legend-color")
    assert len(ramp) == 5
    assert ramp == sorted(ramp)
    tajikistan, uzbekistan = (sum(read_ground(page, *place)) for place in ((69.3, 37.7), (63, 42.5)))
    assert tajikistan > uzbekistan + 100
    # The basemap of paper is made in the background.
    for _ in range(40):
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        on_paper = read_ramp(page, ".geo-legend-color")
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        if on_paper != ramp:
            break
        page.wait_for_timeout(100)
    assert on_paper == ramp[::-1]
    assert read_ramp(page, ".geo-legend-color") == ramp


def test_the_key_of_a_story_turns_with_the_theme(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&step=migrants", color_scheme="dark", reduced_motion="reduce")
    ramp = read_ramp(page, ".geo-story-key li")
    assert len(ramp) == 3
    assert ramp == sorted(ramp)
    page.emulate_media(color_scheme="light")
    settle(page)
    ramp = read_ramp(page, ".geo-story-key li")
    assert ramp == sorted(ramp, reverse=True)


def test_forced_colours_show_the_open_tab_and_the_chosen_mode_and_no_hidden_text(open_map: OpenMap) -> None:
    page = open_map("security", forced_colors="active")
    tabs = page.locator(".geo-tab:visible:not(.geo-tab-table)")
    lines = tabs.evaluate_all("(tabs) => tabs.map((tab) => parseFloat(getComputedStyle(tab).borderBottomWidth))")
    assert [line > 0 for line in lines] == [True, False]
    grounds = page.locator(".geo-segments span").evaluate_all(
        "(words) => words.map((word) => getComputedStyle(word).backgroundColor)"
    )
    assert grounds[0] != grounds[1] == grounds[2]
    hidden = page.get_by_role("listbox", name="Features on the map").get_by_role("option")
    assert hidden.evaluate("(option) => getComputedStyle(option).opacity") == "0"


def test_the_play_button_keeps_its_colours_under_the_pointer(open_map: OpenMap) -> None:
    page = open_map("security", reduced_motion="reduce")
    play = page.get_by_role("button", name="Play")
    colours = "(button) => [getComputedStyle(button).backgroundColor, getComputedStyle(button).color]"
    looks = []
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        page.mouse.move(0, 0)
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        expect(page.locator("html")).to_have_attribute("data-geo-theme", scheme)
        settle(page)
        before = play.evaluate(colours)
        play.hover()
        settle(page)
        assert play.evaluate(colours) == before, scheme
        looks.append(before)
    assert looks[0] != looks[1], "each theme has its own"
