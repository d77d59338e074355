"""A reader switches layers and groups on and off, and the legend of a layer goes and comes with it."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.reader import (
    OpenMap,
    address_state,
    box_of,
    count_on_map,
    count_stated,
    layer_box,
    layer_row,
    map_list,
    names_on_map,
    read_colours,
    read_paint,
    read_rows,
    settle,
    table_names,
    type_date,
    wait_until,
)

pytestmark = pytest.mark.browser

WHOLE_REGION = "#v1&at=4/42/70"


def legend_counts(page: Page, title: str) -> dict[str, int]:
    """Give the words and counts of a layer's legend."""
    rows = layer_row(page, title).locator(".geo-legend-row").filter(has=page.locator(".geo-count"))
    counts = [row.split("\n") for row in rows.all_inner_texts()]
    return {row[0].strip(): int(row[-1]) for row in counts}


def test_a_reader_unticks_energy_and_pipelines_and_dams_and_their_legends_go(open_map: OpenMap) -> None:
    page = open_map("atlas", WHOLE_REGION)
    layers = page.locator("#geo-layers")
    expect(layers.get_by_text("Under construction").first).to_be_visible()
    assert any("Kambarata-1" in name for name in names_on_map(page))
    layer_box(page, "Energy").uncheck()
    settle(page)
    expect(layer_box(page, "Pipelines")).not_to_be_checked()
    expect(layer_box(page, "Hydropower plants")).not_to_be_checked()
    for title in ("Pipelines", "Hydropower plants"):
        expect(layer_row(page, title).locator(".geo-legend")).to_be_hidden()
    names = names_on_map(page)
    assert names
    assert not any("Pipelines" in name or "Hydropower plants" in name for name in names)
    layer_box(page, "Energy").check()
    settle(page)
    expect(layer_row(page, "Pipelines").locator(".geo-legend")).to_be_visible()
    assert any("Kambarata-1" in name for name in names_on_map(page))


def test_the_keyboard_alone_unticks_a_group(open_map: OpenMap) -> None:
    page = open_map("energy")
    page.locator("body").press("Tab")
    for _ in range(60):
        if page.evaluate("document.activeElement.matches('.geo-group-row input')"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    settle(page)
    expect(layer_box(page, "Energy")).not_to_be_checked()
    expect(layer_box(page, "Pipelines")).not_to_be_checked()
    expect(page.get_by_role("status")).to_contain_text("layers on")


def test_a_group_of_which_one_layer_is_on_is_neither_on_nor_off(open_map: OpenMap) -> None:
    page = open_map("energy")
    group = layer_box(page, "Energy")
    assert not group.evaluate("(box) => box.indeterminate")
    layer_box(page, "Pipelines").uncheck()
    wait_until(page, "() => document.querySelector('.geo-group-row input').indeterminate")
    group.click()
    settle(page)
    expect(layer_box(page, "Pipelines")).to_be_checked()
    assert not group.evaluate("(box) => box.indeterminate")


def test_the_legend_counts_what_the_table_has(open_map: OpenMap) -> None:
    page = open_map("energy")
    titles = {
        "operating": "Operating",
        "construction": "Under construction",
        "suspended": "Suspended",
        "pre-construction": "Pre-construction",
        "announced": "Announced",
    }
    counts = Counter(titles[row["status"]] for row in read_rows("dams"))
    assert legend_counts(page, "Hydropower plants") == counts


def test_the_whole_count_is_that_of_the_tables(open_map: OpenMap) -> None:
    page = open_map("energy")
    layers = ("countries", "pipelines", "cities", "dams", "events")
    rows = {layer: len(read_rows(layer)) for layer in layers}
    assert count_stated(page) == (rows["pipelines"] + rows["dams"], sum(rows.values()))


def test_the_legend_counts_a_series_by_its_values_of_the_year(open_map: OpenMap) -> None:
    page = open_map("alignment", "#v1&on=remittances")
    layer = "Remittances, % of GDP"
    for year in ("1985", "2023", "2010"):
        type_date(page, year)
        settle(page)
        told = sum(row["year"] == year for row in read_rows("remittances"))
        counts = legend_counts(page, layer)
        assert counts["No value"] == len(read_rows("remittance_states")) - told
        assert sum(counts.values()) == len(read_rows("remittance_states"))


def test_the_legend_draws_no_line_for_what_has_none_on_the_map(open_map: OpenMap) -> None:
    page = open_map("transport", "#v1&on=flight_routes")
    rows = layer_row(page, "Weekly flights, January 2015").locator(".geo-legend-row")
    pictures = [(row.inner_text().split("\n")[0], row.locator("svg").screenshot()) for row in rows.all()]
    drawn = {words: len(read_colours(page, picture)) > 1 for words, picture in pictures}
    assert drawn["Split not given"]
    assert not drawn["Derived, no line"]
    assert not drawn["Total, no line"]


def test_the_legend_of_a_series_says_where_it_mixes_years(open_map: OpenMap) -> None:
    page = open_map("alignment", "#v1&on=remittances")
    caption = layer_row(page, "Remittances, % of GDP").locator(".geo-legend-title")
    mixed, one = (f"Remittances received, % of GDP{rest}" for rest in (", latest value of each", ""))
    expect(caption).to_have_text(mixed)
    type_date(page, "2014")
    expect(caption).to_have_text(one)
    page.get_by_role("radio", name="Period").check(force=True)
    expect(caption).to_have_text(mixed)


@pytest.mark.parametrize(("language", "least"), [("en", "≤ 200 MW"), ("ru", "≤ 200 МВт"), ("ky", "≤ 200 МВт")])
def test_the_legend_of_sizes_says_up_to_what_all_look_alike(language: str, least: str, open_map: OpenMap) -> None:
    page = open_map("energy", f"#v1&at=6/42/72&lang={language}")
    rows = page.locator(".geo-legend-size").first.locator(".geo-legend-row")
    expect(rows.first).to_have_text(least)
    heights = [box_of(picture)["height"] for picture in rows.locator("path").all()]
    assert all(larger > 1.2 * smaller for smaller, larger in itertools.pairwise(heights))
    boxes = [box_of(row) for row in rows.all()]
    assert all(lower["y"] >= upper["y"] + upper["height"] for upper, lower in itertools.pairwise(boxes)), "one a row"


def test_all_and_none(open_map: OpenMap) -> None:
    page = open_map("security")
    page.get_by_role("button", name="None", exact=True).click()
    settle(page)
    assert count_stated(page)[0] == 0
    assert count_on_map(page) == 0
    expect(map_list(page)).to_contain_text("No feature")
    expect(map_list(page).locator("[aria-posinset]")).to_have_count(0)
    page.get_by_role("button", name="All", exact=True).click()
    settle(page)
    shown, of = count_stated(page)
    assert shown == of


def test_a_layer_alone_and_everything_back(open_map: OpenMap) -> None:
    page = open_map("security", WHOLE_REGION)
    before = count_stated(page)
    row = layer_row(page, "Border posts")
    row.get_by_role("button", name="Options: Border posts").click()
    solo = row.get_by_role("button", name="Only this")
    solo.click()
    settle(page)
    assert count_stated(page)[0] == len(read_rows("border_posts"))
    expect(layer_box(page, "Military bases and sites")).not_to_be_checked()
    expect(solo).to_have_attribute("aria-pressed", "true")
    solo.click()
    settle(page)
    assert count_stated(page) == before


def test_after_one_layer_alone_in_a_link_the_map_is_as_it_opens(open_map: OpenMap) -> None:
    page = open_map("security", "#v1&on=border_posts")
    row = layer_row(page, "Border posts")
    row.get_by_role("button", name="Options: Border posts").click()
    row.get_by_role("button", name="Only this").click()
    wait_until(page, "!location.hash.includes('on=')")


def test_from_one_layer_alone_to_another_and_everything_back(open_map: OpenMap) -> None:
    page = open_map("security")
    before = count_stated(page)
    for title in ("Border posts", "Military bases and sites", "Military bases and sites"):
        row = layer_row(page, title)
        if not row.get_by_role("button", name="Only this").is_visible():
            row.hover()
            row.get_by_role("button", name="Options:").click()
        row.get_by_role("button", name="Only this").click()
        settle(page)
    assert count_stated(page) == before


def test_a_reader_makes_a_layer_fainter(open_map: OpenMap) -> None:
    page = open_map("alignment")
    row = layer_row(page, "24 countries: vote on UN resolution 68/262")
    row.get_by_role("button", name="Options:").click()
    astana = (71.4, 51.2)
    *_, full = read_paint(page, *astana)
    slider = row.get_by_role("slider")
    slider.focus()
    page.keyboard.press("Home")
    settle(page)
    assert slider.input_value() == "0"
    wait_until(page, "location.hash.includes('alpha=countries:0')")
    *_, faint = read_paint(page, *astana)
    assert faint == 0 < full


def test_a_reader_draws_a_layer_above_another(open_map: OpenMap) -> None:
    page = open_map("security")
    row = layer_row(page, "Border posts")
    row.get_by_role("button", name="Options:").click()
    row.get_by_role("button", name="Draw Border posts further up").click()
    expect(page.get_by_role("status")).to_contain_text("from the top")
    expect(page.locator(".geo-note")).to_contain_text("from the top")
    wait_until(page, "location.hash.includes('order=')")
    order = address_state(page)["order"].split(",")
    assert order.index("border_posts") > order.index("bases")
    row.get_by_role("button", name="Draw Border posts further down").click()
    wait_until(page, "!location.hash.includes('order=')")


def test_a_layer_moves_past_those_that_are_off(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&on=bases,border_posts,pipelines&at=6/41/72")
    row = layer_row(page, "Pipelines")
    row.get_by_role("button", name="Options:").click()
    for place in ("2", "1", "1"):
        row.get_by_role("button", name="Draw Pipelines further up").click()
        expect(page.locator(".geo-note")).to_contain_text(f"Place {place} of 3")


def test_the_tree_lists_the_layers_of_a_group_as_the_reader_has_put_them(open_map: OpenMap) -> None:
    def listed(page: Page) -> Locator:
        return page.locator(".geo-group").filter(has_text="SCO").locator(".geo-layer > .geo-row .geo-row-label")

    page = open_map("security")
    group = listed(page)
    first, second, *others = group.all_inner_texts()
    row = layer_row(page, second)
    row.get_by_role("button", name="Options:").click()
    button = row.get_by_role("button", name=f"Draw {second} further up")
    button.focus()
    page.keyboard.press("Enter")
    expect(group.first).to_have_text(second)
    assert group.all_inner_texts() == [second, first, *others]
    expect(button).to_be_focused()
    wait_until(page, "location.hash.includes('order=')")
    copy = open_map("security", page.evaluate("location.hash"))
    assert listed(copy).all_inner_texts() == [second, first, *others]


def test_a_reader_collapses_the_groups(open_map: OpenMap) -> None:
    page = open_map("security")
    page.get_by_role("button", name="Collapse").click()
    expect(layer_box(page, "Military bases and sites")).to_be_hidden()
    expect(layer_box(page, "Security")).to_be_visible()
    page.locator(".geo-group").filter(has=layer_box(page, "Security")).get_by_role("button").first.click()
    expect(layer_box(page, "Military bases and sites")).to_be_visible()


def test_the_keyboard_collapses_and_expands_the_groups(open_map: OpenMap) -> None:
    page = open_map("security")
    page.get_by_role("button", name="Collapse").focus()
    page.keyboard.press("Enter")
    expect(layer_box(page, "Military bases and sites")).to_be_hidden()
    expect(page.get_by_role("button", name="Expand")).to_be_focused()
    page.keyboard.press("Enter")
    expect(layer_box(page, "Military bases and sites")).to_be_visible()
    expect(page.get_by_role("button", name="Collapse")).to_be_focused()


def test_what_has_no_place_is_listed_and_opens_its_card(open_map: OpenMap) -> None:
    page = open_map("energy")
    row = layer_row(page, "Hydropower plants")
    row.get_by_text("without a place on the map").click()
    row.locator("details li").first.get_by_role("button").click()
    expect(page.locator("#geo-card")).to_contain_text("No coordinate found")


def test_the_legend_shows_sizes_as_the_map_draws_them(open_map: OpenMap) -> None:
    """From afar symbols are smaller: at zoom 3 they have 0.6 of their size, from zoom 7 on all of it."""
    page = open_map("energy", "#v1&on=dams&at=7/41/74")
    largest = layer_row(page, "Hydropower plants").locator(".geo-legend-size svg").last
    width = box_of(largest)["width"]
    page.evaluate("location.hash = '#v1&on=dams&at=3/41/74'")
    wait_until(page, "shyrdak.map.getZoom() === 3")
    settle(page)
    assert box_of(largest)["width"] == pytest.approx(0.6 * width, abs=0.5)


def test_a_reader_zooms_to_a_layer(open_map: OpenMap) -> None:
    page = open_map("transport", reduced_motion="reduce")
    row = layer_row(page, "Border posts")
    row.get_by_role("button", name="Options:").click()
    zoom = page.evaluate("shyrdak.map.getZoom()")
    row.get_by_role("button", name="Zoom to layer").click()
    wait_until(page, "(before) => shyrdak.map.getZoom() > before", zoom)


def test_the_table_lists_a_layer_as_it_is_switched_on(open_map: OpenMap) -> None:
    page = open_map("security", "#v1&on=bases")
    page.get_by_role("button", name="Table").click()
    assert sorted(table_names(page)) == sorted(row["name"] for row in read_rows("bases"))
    layer_box(page, "Military bases and sites").uncheck()
    settle(page)
    assert table_names(page) == []
