"""A reader measures distances, by pointer and by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect
from pyproj import Geod

from tests.browser.reader import PHONE, OpenMap, card, go_to, point_at, read_place, read_view, settle, wait_until
from tests.browsers import find_violations

pytestmark = pytest.mark.browser

NEAR_BISHKEK = "#v1&at=9/42.95/74.7&on=bases"


def box(page: Page) -> Locator:
    return page.get_by_role("region", name="Measure distance")


def measure(page: Page, *places: tuple[float, float]) -> None:
    for place in places:
        page.mouse.click(*point_at(page, *place))
        settle(page)


def kilometres(page: Page) -> float:
    words = box(page).locator("strong").inner_text()
    return float(re.sub(r"[^\d.]", "", words))


def test_a_reader_measures_from_manas_to_kant(open_map: OpenMap) -> None:
    page = open_map("atlas", NEAR_BISHKEK)
    manas, kant = read_place("bases", "base-manas"), read_place("bases", "base-kant")
    page.get_by_role("button", name="Measure distance").click()
    expect(box(page)).to_contain_text("Click the map")
    measure(page, manas, kant)
    metres = Geod(ellps="WGS84").inv(*manas, *kant)[2]
    assert kilometres(page) == pytest.approx(metres / 1000, rel=0.02), "a click is a pixel or two beside the place"
    expect(card(page)).to_be_hidden()


def test_the_total_runs_each_section_is_listed_and_a_double_click_sets_one_place(open_map: OpenMap) -> None:
    page = open_map("atlas", NEAR_BISHKEK)
    page.keyboard.press("m")
    measure(page, (74.2, 42.8), (74.6, 42.8), (74.6, 43.1))
    sections = [float(text.split()[0]) for text in box(page).get_by_role("listitem").all_inner_texts()]
    assert len(sections) == 2
    assert sum(sections) == pytest.approx(kilometres(page), abs=1)
    expect(page.get_by_role("status").filter(has_text="2 sections")).to_contain_text("km")
    assert find_violations(page) == []
    box(page).get_by_role("button", name="Undo").click()
    assert kilometres(page) == pytest.approx(sections[0], abs=0.1)
    page.mouse.dblclick(*point_at(page, 74.6, 43.1))
    settle(page)
    expect(box(page).get_by_role("listitem")).to_have_count(2)


def test_by_keyboard_alone(open_map: OpenMap) -> None:
    page = open_map("atlas", NEAR_BISHKEK, reduced_motion="reduce")
    page.keyboard.press("m")
    page.keyboard.press("Enter")
    _, lat, lon = read_view(page)
    page.keyboard.press("ArrowRight")
    wait_until(page, "(lon) => shyrdak.map.getCenter().lng > lon", lon)
    settle(page)
    page.keyboard.press("Enter")
    _, lat2, lon2 = read_view(page)
    assert lon2 > lon
    metres = Geod(ellps="WGS84").inv(lon, lat, lon2, lat2)[2]
    assert kilometres(page) == pytest.approx(metres / 1000, rel=0.01)
    page.keyboard.press("Backspace")
    expect(box(page)).to_contain_text("Click the map")


def test_escape_ends_it_but_closes_the_card_that_the_reader_is_in_first(open_map: OpenMap) -> None:
    page = open_map("atlas", NEAR_BISHKEK, reduced_motion="reduce")
    button = page.get_by_role("button", name="Measure distance")
    page.keyboard.press("m")
    expect(button).to_have_attribute("aria-pressed", "true")
    measure(page, (74.2, 42.8), (74.6, 42.8))
    page.keyboard.press("Escape")
    expect(box(page)).to_be_hidden()
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".leaflet-geo-measure-pane path")).to_have_count(0)
    measure(page, read_place("bases", "base-kant"))
    expect(card(page).get_by_role("heading", level=2)).to_have_text("Kant air base")  # clicks open cards again
    page.keyboard.press("Escape")
    go_to(page, NEAR_BISHKEK)
    page.keyboard.press("m")
    measure(page, (74.2, 42.8), (74.6, 42.8))
    length = kilometres(page)
    page.keyboard.press("/")
    page.keyboard.type("kant")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(card(page).locator(":focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(card(page)).to_be_hidden()
    assert kilometres(page) == length
    button.focus()
    page.keyboard.press("Escape")
    expect(box(page)).to_be_hidden()


def test_distances_are_written_as_the_language_does(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&at=3/45/60&lang=ru")
    page.keyboard.press("m")
    measure(page, (20.0, 45.0), (80.0, 50.0))
    expect(page.locator(".geo-measure strong")).to_have_text(re.compile(r"^\d[\d\s\u00a0]*\d\u00a0км$"))


def test_by_touch_on_a_phone(open_map: OpenMap) -> None:
    page = open_map("atlas", NEAR_BISHKEK, **PHONE)
    page.get_by_role("button", name="Measure distance").tap()
    for y in (420, 620):
        page.touchscreen.tap(180, y)
        settle(page)
    assert kilometres(page) > 1
