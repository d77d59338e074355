"""A reader filters by status, figures, precision, together with layers and years: all counts tell the same."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.reader import (
    OpenMap,
    address_state,
    box_of,
    count_on_map,
    count_stated,
    download_csv,
    go_to,
    is_undated,
    is_valid,
    layer_box,
    layer_row,
    open_panel,
    read_rows,
    settle,
    table_count,
    type_date,
    wait_until,
)

pytestmark = pytest.mark.browser

DAMS = "#v1&on=dams&at=4/42/70"


def facet(page: Page, title: str) -> Locator:
    """The fieldset of a facet that is in sight."""
    titled = page.locator("fieldset").filter(has=page.locator(".geo-facet-title").get_by_text(title, exact=True))
    return titled.locator("visible=true").first


def value_box(page: Page, title: str, value: str) -> Locator:
    return facet(page, title).get_by_role("checkbox", name=value)


def value_counts(page: Page, title: str) -> dict[str, int]:
    rows = facet(page, title).locator("li").locator("visible=true")
    counts = [row.split("\n") for row in rows.all_inner_texts()]
    return {row[0].strip(): int(row[-1]) for row in counts}


def test_map_table_legend_count_and_file_agree(open_map: OpenMap) -> None:
    page = open_map("energy", DAMS)
    open_panel(page, "Filters")
    value_box(page, "Status", "Operating").check()
    type_date(page, "2010")
    settle(page)
    rows = [row for row in read_rows("dams") if row["status"] == "operating"]
    expected = {row["id"] for row in rows if is_undated(row) or is_valid(row, "2010")}
    located = {row["id"] for row in rows if row["id"] in expected and row["precision"]}
    assert count_stated(page)[0] == len(expected)
    assert count_on_map(page) == len(located)
    open_panel(page, "Table")
    assert table_count(page) == len(expected)
    assert {row["key"] for row in download_csv(page)} == expected
    open_panel(page, "Layers")
    operating = layer_row(page, "Hydropower plants").locator(".geo-legend-row").filter(has_text="Operating")
    expect(operating.locator(".geo-count")).to_have_text(str(len(expected)))
    expect(layer_row(page, "Hydropower plants").locator(".geo-row .geo-count")).to_have_text(
        f"{len(expected)} of {len(read_rows('dams'))}"
    )


def test_values_of_a_facet_add_up_facets_cut_and_the_count_is_said(open_map: OpenMap) -> None:
    dams = read_rows("dams")
    page = open_map("energy", DAMS)
    open_panel(page, "Filters")
    before = value_counts(page, "Status")
    value_box(page, "Status", "Operating").check()
    settle(page)
    operating = [row for row in dams if row["status"] == "operating"]
    assert value_counts(page, "Status") == before, "the counts of a facet leave the facet itself out"
    assert value_counts(page, "Country")["Kyrgyzstan"] == sum(row["country"] == "KGZ" for row in operating)
    expect(page.get_by_role("status")).to_contain_text(f"{len(operating)} of")
    value_box(page, "Status", "Under construction").check()
    settle(page)
    either = [row for row in dams if row["status"] in ("operating", "construction")]
    assert count_stated(page)[0] == len(either)
    value_box(page, "Country", "Tajikistan").check()
    settle(page)
    assert count_stated(page)[0] == sum(row["country"] == "TJK" for row in either)


def test_two_handles_choose_a_range_each_its_own_end(open_map: OpenMap) -> None:
    page = open_map("energy", f"{DAMS}&f.capacity_mw=123..456")
    open_panel(page, "Filters")
    low, high = facet(page, "Capacity").get_by_role("slider").all()
    high.press("ArrowRight")
    wait_until(page, "!location.hash.includes('..456')")
    assert address_state(page)["f.capacity_mw"].startswith("123.."), "the other end as it was chosen"
    go_to(page, DAMS)
    low.focus()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    settle(page)
    at_least = float(low.input_value())
    assert at_least > 0
    capacities = [float(row["capacity_mw"]) for row in read_rows("dams") if row["capacity_mw"]]
    assert count_stated(page)[0] == sum(capacity >= at_least for capacity in capacities)
    expect(low).to_have_attribute("aria-valuetext", f"{at_least:,.0f}\u00a0MW")
    high.focus()
    for _ in range(30):
        page.keyboard.press("ArrowLeft")
    settle(page)
    at_most = float(high.input_value())
    assert count_stated(page)[0] == sum(at_least <= capacity <= at_most for capacity in capacities)
    go_to(page, DAMS)
    expect_apart_again(page, low, high)


def expect_apart_again(page: Page, low: Locator, high: Locator) -> None:
    """Drag two handles together at either end, and apart."""

    def drag(start: float, end: float) -> list[float]:
        track = box_of(low)
        y = track["y"] + track["height"] / 2
        page.mouse.move(track["x"] + start, y)
        page.mouse.down()
        page.mouse.move(track["x"] + end, y, steps=5)
        page.mouse.up()
        settle(page)
        return [float(handle.input_value()) for handle in (low, high)]

    width = box_of(low)["width"]
    low.scroll_into_view_if_needed()
    first, last = (float(low.get_attribute(end) or 0) for end in ("min", "max"))
    assert drag(9, width - 9) == [last, last]
    at_least, at_most = drag(width - 9, width / 2)
    assert first < at_least < at_most == last
    assert drag(width - 9, 9) == [first, first], "the upper one takes the lower one along"
    at_least, at_most = drag(9, width / 2)
    assert first == at_least < at_most


def test_of_many_values_the_most_frequent_are_listed_as_the_language_orders_their_titles(open_map: OpenMap) -> None:
    page = open_map("energy", DAMS)
    open_panel(page, "Filters")
    listed = value_counts(page, "River")
    facet(page, "River").get_by_role("button", name="All").click()
    everything = value_counts(page, "River")
    assert len(listed) == 8
    assert list(listed) == [river for river in everything if river in listed]
    left = [count for river, count in everything.items() if river not in (*listed, "No value")]
    assert left
    assert max(left) <= min(listed.values())
    go_to(page, f"{DAMS}&lang=ru")
    in_russian = value_counts(page, "Река")
    for values, without in ((everything, "No value"), (in_russian, "Нет данных")):
        *titles, none = values
        assert titles == sorted(titles, key=str.casefold)
        assert none == without
    assert in_russian.keys().isdisjoint(everything)


def test_filters_by_place_and_kind_name_the_layers_that_they_leave_alone(open_map: OpenMap) -> None:
    """Countries have no precision, two posts no place; bases have kinds, but other ones than border posts."""
    page = open_map("atlas", "#v1&on=bases,csto")
    open_panel(page, "Filters")
    untold = facet(page, "Position").locator(".geo-facet-untold")
    expect(untold).to_contain_text("Not filtered")
    expect(untold).to_contain_text("CSTO")
    expect(untold).not_to_contain_text("Military")
    go_to(page, "#v1&on=bases")
    expect(untold).to_be_empty()
    value_box(page, "Position", "Exact").check()
    settle(page)
    assert count_stated(page)[0] == sum(row["precision"] == "exact" for row in read_rows("bases"))
    for layers in (["dams"], ["bases", "border_posts"]):  # most dams rest on the source of their row
        go_to(page, f"#v1&on={','.join(layers)}")
        page.get_by_role("checkbox", name="Only with a source for the coordinates").check()
        settle(page)
        rows = [row for layer in layers for row in read_rows(layer)]
        assert count_stated(page)[0] == sum(bool(row["precision"]) for row in rows), layers
    go_to(page, "#v1&on=bases,border_posts")
    untold = facet(page, "Kind").locator(".geo-facet-untold")
    expect(untold).to_be_empty()
    value_box(page, "Kind", "Railway").check()
    expect(page.locator(".geo-chip")).to_have_text("Railway (Border posts)")
    expect(untold).to_have_text(f"Features of other layers, not filtered by this: {len(read_rows('bases'))}")


def test_chips_name_the_filters_and_take_them_off(open_map: OpenMap) -> None:
    page = open_map("energy", DAMS)
    everything = count_stated(page)
    open_panel(page, "Filters")
    value_box(page, "Status", "Announced").check()
    type_date(page, "2020")
    chips = page.locator(".geo-chip")
    expect(chips).to_have_text(["2020", "Announced"])
    page.get_by_role("button", name="Remove filter: Announced").click()
    expect(value_box(page, "Status", "Announced")).not_to_be_checked()
    expect(chips).to_have_text(["2020"])
    page.get_by_role("button", name="Reset").click()
    expect(chips).to_have_count(0)
    assert count_stated(page) == everything
    go_to(page, f"{DAMS}&f.status=operating,planned&t=2020")
    expect(chips).to_have_count(3)
    page.evaluate("document.querySelectorAll('.geo-chip').forEach((chip) => chip.click())")  # before the page follows
    settle(page)
    expect(chips).to_have_count(0)


def test_filters_stay_when_the_panel_is_left_and_go_with_their_layer(open_map: OpenMap) -> None:
    page = open_map("energy")
    open_panel(page, "Filters")
    expect(facet(page, "Capacity")).to_be_visible()
    value_box(page, "Status", "Announced").check()
    open_panel(page, "Layers")
    wait_until(page, "location.hash.includes('f.status=announced') || location.hash.includes('status=announced')")
    open_panel(page, "Filters")
    expect(value_box(page, "Status", "Announced")).to_be_checked()
    open_panel(page, "Layers")
    layer_box(page, "Hydropower plants").uncheck()
    open_panel(page, "Filters")
    expect(page.locator("fieldset").filter(has_text="Capacity")).to_be_hidden()


def test_the_keyboard_alone_filters(open_map: OpenMap) -> None:
    page = open_map("energy", DAMS)
    page.get_by_role("button", name="Filters").press("Enter")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('label')?.textContent.startsWith('Suspended')"):
            break
    page.keyboard.press("Space")
    settle(page)
    assert count_stated(page)[0] == sum(row["status"] == "suspended" for row in read_rows("dams"))
