"""A reader takes the table, the accessible twin of the map: rows of what is shown, sorted, walked by the keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.reader import (
    OpenMap,
    card,
    count_stated,
    download_csv,
    layer_box,
    open_panel,
    point_at,
    read_place,
    read_rows,
    settle,
    table_count,
    table_names,
    table_rows,
)

pytestmark = pytest.mark.browser

DAMS = "#v1&on=dams&at=5/41/72"


def table(page: Page) -> Locator:
    return page.locator("#geo-table")


def list_one(page: Page, title: str) -> None:
    table(page).get_by_role("combobox", name="Layer listed").select_option(label=title)
    settle(page)


def test_t_opens_the_table_and_closes_it(open_map: OpenMap) -> None:
    page = open_map("energy", DAMS)
    expect(table(page).get_by_role("table")).to_be_hidden()
    page.locator("body").press("t")
    expect(table(page).get_by_role("table")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("Table opened")
    page.keyboard.press("t")
    expect(table(page).get_by_role("table")).to_be_hidden()


def test_a_filter_is_said_once_with_the_table_open_and_so_is_the_layer_listed(open_map: OpenMap) -> None:
    page = open_map("energy", DAMS)
    open_panel(page, "Table")
    expect(page.locator("[aria-live]")).to_have_count(1)
    list_one(page, "Pipelines")
    expect(page.get_by_role("status")).to_have_text(f"{len(read_rows('pipelines'))} features")


def test_rows_are_sorted_by_a_figure_both_ways(open_map: OpenMap) -> None:
    page = open_map("energy", DAMS)
    open_panel(page, "Table")
    list_one(page, "Hydropower plants")
    heading = table(page).get_by_role("columnheader", name="Capacity")
    heading.get_by_role("button").click()
    expect(heading).to_have_attribute("aria-sort", "ascending")
    heading.get_by_role("button").click()
    expect(heading).to_have_attribute("aria-sort", "descending")
    by_capacity = sorted(
        (row for row in read_rows("dams") if row["capacity_mw"]), key=lambda row: -float(row["capacity_mw"])
    )
    assert table_names(page)[:5] == [row["name"] for row in by_capacity[:5]]
    assert [row["name"] for row in download_csv(page)][:5] == table_names(page)[:5]


def test_the_value_of_the_year_is_listed_and_taken_away(open_map: OpenMap) -> None:
    page = open_map("alignment", "#v1&on=remittances&t=2012")
    open_panel(page, "Table")
    list_one(page, "Remittances, % of GDP")
    known = {row["iso_a3"]: row["pct_gdp"] for row in read_rows("remittances") if row["year"] == "2012"}
    table(page).get_by_role("columnheader", name="Remittances received, % of GDP").get_by_role("button").click()
    settle(page)
    listed = [cells[1:3] for cells in table_rows(page)]
    assert listed[: len(known)] == [[value, "2012"] for value in sorted(known.values(), key=float)]
    assert {row["key"]: row["pct_gdp"] for row in download_csv(page) if row["pct_gdp"]} == known


def test_rows_are_sorted_by_name(open_map: OpenMap) -> None:
    page = open_map("energy", DAMS)
    open_panel(page, "Table")
    table(page).get_by_role("columnheader", name="Name").get_by_role("button").click()
    settle(page)
    names = table_names(page)
    assert names == sorted(names, key=str.casefold)


def test_a_row_opens_its_card_and_a_card_marks_its_row(open_map: OpenMap) -> None:
    page = open_map("energy", DAMS, reduced_motion="reduce")
    open_panel(page, "Table")
    table(page).get_by_role("columnheader", name="Name").get_by_role("button").click()
    table(page).get_by_role("button", name="Andijan-1", exact=True).click()
    expect(card(page).get_by_role("heading", level=2)).to_contain_text("Andijan-1")
    expect(table(page).locator("tr[aria-current=true]")).to_contain_text("Andijan-1")
    lon, lat = read_place("dams", "dam-nurek")
    page.evaluate("(at) => shyrdak.map.setView(at, 9, { animate: false })", [lat, lon])
    page.mouse.click(*point_at(page, lon, lat))
    expect(table(page).locator("tr[aria-current=true]")).to_contain_text("Nurek")
    expect(table(page).locator("tr[aria-current=true]")).to_be_in_viewport()


def test_a_feature_chosen_in_the_search_is_brought_into_sight_in_the_whole_table(open_map: OpenMap) -> None:
    page = open_map("atlas", reduced_motion="reduce")
    page.get_by_role("button", name="All", exact=True).click()
    open_panel(page, "Table")
    page.get_by_role("combobox", name="Search").fill("toktogul")
    expect(page.locator(".geo-result").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(table(page).locator("tr[aria-current=true]")).to_be_in_viewport()
    assert table_count(page) == count_stated(page)[1]


def test_the_keyboard_walks_through_the_rows_and_opens_one(open_map: OpenMap) -> None:
    page = open_map("energy", DAMS, reduced_motion="reduce")
    page.locator("body").press("t")
    focused = "document.activeElement.textContent"
    first = page.evaluate(focused)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(focused) == table_names(page)[2]
    page.keyboard.press("End")
    last = page.evaluate(focused)
    assert last != first
    assert table_rows(page)[-1][0] == last
    page.keyboard.press("Home")
    assert page.evaluate(focused) == first
    page.keyboard.press("Enter")
    expect(card(page).get_by_role("heading", level=2)).to_have_text(first)


def test_a_long_table_keeps_few_rows_in_the_document_and_shows_them_all(open_map: OpenMap) -> None:
    page = open_map("atlas")
    page.get_by_role("button", name="All", exact=True).click()
    open_panel(page, "Table")
    settle(page)
    shown = count_stated(page)[0]
    assert table_count(page) == shown
    assert len(table_rows(page)) < shown
    seen = set()
    scroller = page.locator(".geo-table-scroll")
    height = scroller.evaluate("(node) => node.scrollHeight")
    for top in range(0, height + 200, 200):
        scroller.evaluate("(node, top) => { node.scrollTop = top; }", top)
        settle(page)
        seen |= set(page.locator("#geo-table tr[data-row]").evaluate_all("(rows) => rows.map((r) => r.dataset.row)"))
    assert len(seen) == shown


def test_columns_are_chosen(open_map: OpenMap) -> None:
    page = open_map("energy", DAMS)
    open_panel(page, "Table")
    list_one(page, "Hydropower plants")
    expect(table(page).get_by_role("columnheader", name="River")).to_be_visible()
    table(page).get_by_text("Columns").click()
    table(page).get_by_role("checkbox", name="River").uncheck()
    expect(table(page).get_by_role("columnheader", name="River")).to_have_count(0)
    table(page).get_by_role("checkbox", name="Sources").check()
    expect(table(page).get_by_role("columnheader", name="Sources")).to_have_count(1)


def test_a_layer_that_is_off_is_listed_when_it_is_asked_for(open_map: OpenMap) -> None:
    """Else a reader of the table could not reach it: a row opened from there switches the layer on."""
    page = open_map("energy", DAMS, reduced_motion="reduce")
    open_panel(page, "Table")
    list_one(page, "Cities")
    assert table_count(page) == len(read_rows("cities"))
    assert len(download_csv(page)) == table_count(page)
    table(page).get_by_role("button", name="Bishkek", exact=True).click()
    expect(layer_box(page, "Cities")).to_be_checked()


def test_values_are_shown_in_words_with_their_units(open_map: OpenMap) -> None:
    page = open_map("energy", DAMS)
    open_panel(page, "Table")
    list_one(page, "Hydropower plants")
    row = table(page).get_by_role("row").filter(has=page.get_by_role("button", name="Kambarata-1", exact=True))
    expect(row).to_contain_text("Under construction")
    expect(row).to_contain_text("MW")
    expect(row).to_contain_text("Kyrgyzstan")


def test_a_table_scrolled_to_its_end_shows_the_rows_of_a_smaller_layer_at_once(open_map: OpenMap) -> None:
    page = open_map("atlas")
    page.get_by_role("button", name="All", exact=True).click()
    open_panel(page, "Table")
    settle(page)
    page.locator(".geo-table-scroll").evaluate("(node) => { node.scrollTop = node.scrollHeight; }")
    settle(page)
    list_one(page, "Hydropower plants")
    assert table_rows(page)


def test_a_table_scrolled_by_the_wheel_is_reached_by_the_keyboard(open_map: OpenMap) -> None:
    page = open_map("atlas")
    open_panel(page, "Table")
    table(page).locator("tbody button").first.focus()
    page.locator(".geo-table-scroll").evaluate("(node) => { node.scrollTop = node.scrollHeight / 2; }")
    settle(page)
    in_rows = "document.activeElement.closest('#geo-table tbody') !== null"
    assert page.evaluate(in_rows), "the focus stays in the table"
    table(page).locator("thead button").last.focus()
    page.keyboard.press("Tab")
    assert page.evaluate(in_rows), "a row is a stop of the Tab key"
