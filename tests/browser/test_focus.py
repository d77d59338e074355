"""A reader with the keyboard alone stays where they are: what closes or goes leaves the focus to the next thing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.reader import (
    OpenMap,
    card,
    go_to,
    layer_box,
    map_list,
    open_panel,
    point_at,
    read_place,
    settle,
)

pytestmark = pytest.mark.browser


def table_tab(page: Page) -> Locator:
    return page.get_by_role("navigation").get_by_role("button", name="Table")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
        settle(page)


def test_a_table_keeps_the_focus_and_what_closes_in_it_leaves_it_to_its_button(open_map: OpenMap) -> None:
    page = open_map("energy", "#v1&on=dams&t=2010")
    press(page, "t", "ArrowDown", "Escape")
    expect(table_tab(page)).to_be_focused()
    press(page, "t")
    page.get_by_role("button", name="Close table").focus()
    press(page, "Enter")
    expect(table_tab(page)).to_be_focused()

    press(page, "t")
    heading = page.locator(".geo-sort").nth(2)
    heading.focus()
    for key in ("]", "Enter"):
        press(page, key)
        expect(heading, key).to_be_focused()

    columns, boxes = page.locator(".geo-columns summary"), page.locator(".geo-columns input")
    columns.focus()
    press(page, "Enter", "Tab", "Space")
    expect(boxes.first).to_be_focused()
    expect(boxes.first).not_to_be_checked()
    boxes.nth(2).focus()
    press(page, "]")
    expect(boxes.nth(2), "the year moves on").to_be_focused()
    press(page, "Escape")
    expect(columns).to_be_focused()
    expect(boxes.first).to_be_hidden()
    press(page, "Escape")
    expect(table_tab(page)).to_be_focused()


def test_chips_and_reset_keep_the_focus_or_leave_it_to_the_next_and_the_count(open_map: OpenMap) -> None:
    page = open_map("energy", "#v1&t=2000&f.status=operating,planned")
    chips, count = page.locator(".geo-chip"), page.locator(".geo-shown")
    reset = page.locator(".geo-chips").get_by_role("button", name="Reset", exact=True)
    reset.focus()
    press(page, "]")
    expect(chips.first).to_contain_text("2001")
    expect(reset).to_be_focused()
    chips.first.focus()
    press(page, "]")
    expect(chips.first).to_contain_text("2002")
    expect(chips.first).to_be_focused()

    press(page, "Enter")
    expect(chips).to_have_count(2)
    expect(chips.first).to_be_focused()
    press(page, "Enter", "Enter")
    expect(chips).to_have_count(0)
    expect(count).to_be_focused()

    go_to(page, "#v1&t=2000")
    reset.focus()
    press(page, "Enter")
    expect(chips).to_have_count(0)
    expect(count).to_be_focused()

    go_to(page, "#v1&t=2003-10")
    chips.focus()
    press(page, "Enter", "]")
    expect(count, "kept as a chip comes back").to_be_focused()


def test_what_unfolds_has_the_focus_where_it_is_new(open_map: OpenMap) -> None:
    """The column with its search field, and the first of more values of a filter."""
    page = open_map("atlas")
    page.locator(".geo-fold").click()
    expect(layer_box(page, "Border posts")).to_be_hidden()
    press(page, "/")
    expect(page.get_by_role("combobox", name="Search")).to_be_focused()
    expect(layer_box(page, "Border posts")).to_be_visible()

    open_panel(page, "Filters")
    facet = page.get_by_role("group", name="Status").first
    before = facet.locator("li:visible label > span:first-of-type").all_inner_texts()
    facet.get_by_role("button", name="All 11 values").focus()
    press(page, "Enter")
    after = facet.locator("li:visible label > span:first-of-type").all_inner_texts()
    first = next(at for at, value in enumerate(after) if value not in before)
    expect(facet.locator("li:visible").nth(first).get_by_role("checkbox")).to_be_focused()


def test_a_card_closed_by_the_keyboard_leaves_the_focus_to_where_it_was_opened_and_by_the_pointer_nowhere(
    open_map: OpenMap,
) -> None:
    """By the pointer nobody looks for it: on the map it would show a tooltip, in the field the keyboard of a phone."""
    page = open_map("security", "#v1&at=10/42.8532/74.8465", reduced_motion="reduce")
    field, place = page.get_by_role("combobox", name="Search"), point_at(page, *read_place("bases", "base-kant"))
    close = card(page).get_by_role("button", name="Close details")
    page.mouse.click(*place)
    close.click()
    settle(page)
    expect(map_list(page)).not_to_be_focused()
    expect(page.locator(".geo-tooltip")).to_be_hidden()
    field.fill("kant air")
    press(page, "ArrowDown", "Enter")
    expect(card(page).get_by_role("heading", level=2)).to_be_focused()
    close.click()
    expect(card(page)).to_be_hidden()
    expect(field).not_to_be_focused()

    field.fill("kant air")
    press(page, "ArrowDown", "Enter", "Escape")
    expect(field).to_be_focused()
    page.mouse.click(*point_at(page, *read_place("bases", "base-kant")))
    close.focus()
    press(page, "Enter")
    expect(map_list(page)).to_be_focused()


def test_a_card_keeps_the_focus_as_the_year_moves_on_and_as_a_copy_fails(open_map: OpenMap) -> None:
    """Of marks and sources that read alike, the same one keeps it."""
    page = open_map("alignment", "#v1&on=remittances&card=remittances/KGZ&t=2013")
    copy, mark = card(page).get_by_role("button", name="Copy link"), card(page).locator(".geo-mark").nth(2)
    for control in (copy, mark, card(page).locator(".geo-footnote a").last):
        control.focus()
        press(page, "]")
        expect(control).to_be_focused()
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    copy.focus()
    press(page, "Enter")
    expect(page.locator(".geo-note")).to_be_visible()
    expect(copy).to_be_focused()


def test_a_story_that_follows_the_year_keeps_the_focus(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&step=two-bases", reduced_motion="reduce")
    press(page, "Escape")
    body = page.locator(".geo-story-body")
    for control in (body.get_by_role("button", name="Details:"), body.get_by_role("link").last):
        control.focus()
        press(page, "]")
        expect(control).to_be_focused()
