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


def test_t_opens_the_table_and_closes_it_and_a_change_is_said_once(open_map: OpenMap) -> None:
    page = open_map("energy", DAMS)
    expect(table(page).get_by_role("table")).to_be_hidden()
    page.locator("body").press("t")
    expect(table(page).get_by_role("table")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("Table opened")
    page.keyboard.press("t")
    expect(table(page).get_by_role("table")).to_be_hidden()
    open_panel(page, "Table")
    expect(page.locator("[aria-live]")).to_have_count(1)
    list_one(page, "Pipelines")
    expect(page.get_by_role("status")).to_have_text(f"{len(read_rows('pipelines'))} features")


def test_rows_are_sorted_by_name_and_by_a_figure_both_ways(open_map: OpenMap) -> None:
    page = open_map("energy", DAMS)
    open_panel(page, "Table")
    table(page).get_by_role("columnheader", name="Name").get_by_role("button").click()
    settle(page)
    names = table_names(page)
    assert names == sorted(names, key=str.casefold)
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


def test_a_row_opens_its_card_and_a_card_marks_its_row_also_of_a_layer_that_is_off(open_map: OpenMap) -> None:
    """Such a layer is listed when it is asked for: else a reader of the table could not reach it."""
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
    list_one(page, "Cities")
    assert table_count(page) == len(read_rows("cities"))
    assert len(download_csv(page)) == table_count(page)
    table(page).get_by_role("button", name="Bishkek", exact=True).click()
    expect(layer_box(page, "Cities")).to_be_checked()
    expect(card(page).get_by_role("heading", level=2)).to_have_text("Bishkek")


def test_in_the_whole_table_the_search_and_the_keyboard_reach_their_rows(open_map: OpenMap) -> None:
    page = open_map("atlas", reduced_motion="reduce")
    page.get_by_role("button", name="All", exact=True).click()
    open_panel(page, "Table")
    page.get_by_role("combobox", name="Search").fill("toktogul")
    expect(page.locator(".geo-result").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(table(page).locator("tr[aria-current=true]")).to_be_in_viewport()
    assert table_count(page) == count_stated(page)[1]
    scroller = page.locator(".geo-table-scroll")
    scroller.evaluate("(node) => { node.scrollTop = 0; }")
    settle(page)
    table(page).locator("tbody button").first.focus()
    scroller.evaluate("(node) => { node.scrollTop = node.scrollHeight / 2; }")
    settle(page)
    in_rows = "document.activeElement.closest('#geo-table tbody') !== null"
    assert page.evaluate(in_rows), "scrolled by the wheel, the focus stays in the table"
    table(page).locator("thead button").last.focus()
    page.keyboard.press("Tab")
    assert page.evaluate(in_rows), "a row is a stop of the Tab key"


def test_the_keyboard_walks_through_the_rows_and_opens_one_with_a_place_or_without(open_map: OpenMap) -> None:
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
    page.keyboard.press("Enter")
    expect(card(page)).to_contain_text("No coordinate found")
    page.keyboard.press("Home")
    assert page.evaluate(focused) == first
    page.keyboard.press("Enter")
    expect(card(page).get_by_role("heading", level=2)).to_have_text(first)


def test_of_the_whole_atlas_every_row_is_shown_with_few_in_the_document_and_each_has_a_source(
    open_map: OpenMap,
) -> None:
    page = open_map("atlas")
    page.get_by_role("button", name="All", exact=True).click()
    rows = download_csv(page)
    settle(page)
    shown, all_of_them = count_stated(page)
    assert table_count(page) == len(rows) == shown == all_of_them
    assert [row["key"] for row in rows if not row["citations"]] == []
    assert len(table_rows(page)) < shown
    seen = set()
    scroller = page.locator(".geo-table-scroll")
    height, in_sight = scroller.evaluate("(node) => [node.scrollHeight, node.clientHeight]")
    for top in range(0, height, in_sight):
        scroller.evaluate("(node, top) => { node.scrollTop = top; }", top)
        settle(page)
        seen |= set(page.locator("#geo-table tr[data-row]").evaluate_all("(rows) => rows.map((r) => r.dataset.row)"))
    assert len(seen) == shown
    list_one(page, "Hydropower plants")
    assert table_rows(page), "scrolled to its end, it shows the rows of a smaller layer at once"


def test_values_are_shown_in_words_with_their_units_and_columns_are_chosen(open_map: OpenMap) -> None:
    page = open_map("energy", DAMS)
    open_panel(page, "Table")
    list_one(page, "Hydropower plants")
    row = table(page).get_by_role("row").filter(has=page.get_by_role("button", name="Kambarata-1", exact=True))
    for words in ("Under construction", "MW", "Kyrgyzstan"):
        expect(row).to_contain_text(words)
    expect(table(page).get_by_role("columnheader", name="River")).to_be_visible()
    table(page).get_by_text("Columns").click()
    table(page).get_by_role("checkbox", name="River").uncheck()
    expect(table(page).get_by_role("columnheader", name="River")).to_have_count(0)
    table(page).get_by_role("checkbox", name="Sources").check()
    expect(table(page).get_by_role("columnheader", name="Sources")).to_have_count(1)
