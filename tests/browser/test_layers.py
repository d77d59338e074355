"""A reader switches layers and groups on and off, and the legend of a layer goes and comes with it."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from geo.pipeline.build import build_atlas
from tests.browser.reader import (
    OpenMap,
    address_state,
    box_of,
    count_on_map,
    count_stated,
    go_to,
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
    wait_painted,
    wait_until,
)
from tests.conftest import OpenPage
from tests.small import write_atlas

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


def test_the_keyboard_alone_unticks_a_group_that_is_neither_on_nor_off_with_one_layer(open_map: OpenMap) -> None:
    page = open_map("energy")
    group = layer_box(page, "Energy")
    page.locator("body").press("Tab")
    for _ in range(60):
        if page.evaluate("document.activeElement.matches('.geo-group-row input')"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    settle(page)
    expect(group).not_to_be_checked()
    expect(layer_box(page, "Pipelines")).not_to_be_checked()
    expect(page.get_by_role("status")).to_contain_text("layers on")
    page.keyboard.press("Space")
    expect(layer_box(page, "Pipelines")).to_be_checked()
    assert not group.evaluate("(box) => box.indeterminate")
    layer_box(page, "Pipelines").uncheck()
    wait_until(page, "() => document.querySelector('.geo-group-row input').indeterminate")
    group.click()
    settle(page)
    expect(layer_box(page, "Pipelines")).to_be_checked()
    assert not group.evaluate("(box) => box.indeterminate")


def test_legend_and_count_are_those_of_the_tables_and_what_has_no_place_is_listed(open_map: OpenMap) -> None:
    page = open_map("energy")
    expect(layer_box(page, "Hydropower plants")).to_be_checked()
    expect(layer_box(page, "Cities")).not_to_be_checked()
    titles = {
        "operating": "Operating",
        "construction": "Under construction",
        "suspended": "Suspended",
        "pre-construction": "Pre-construction",
        "announced": "Announced",
    }
    counts = Counter(titles[row["status"]] for row in read_rows("dams"))
    assert legend_counts(page, "Hydropower plants") == counts
    layers = ("countries", "pipelines", "cities", "dams", "events")
    rows = {layer: len(read_rows(layer)) for layer in layers}
    assert count_stated(page) == (rows["pipelines"] + rows["dams"], sum(rows.values()))
    dams = layer_row(page, "Hydropower plants")
    dams.get_by_text("without a place on the map").click()
    dams.locator("details li").first.get_by_role("button").click()
    expect(page.locator("#geo-card")).to_contain_text("No coordinate found")
    unlocated = dams.locator("details")
    go_to(page, "#v1&q=naryn-1")
    expect(unlocated.get_by_role("button")).to_have_text(["Naryn-1"])
    expect(unlocated.locator("summary")).to_have_text("1 without a place on the map")
    go_to(page, "#v1&q=zzzz")
    expect(unlocated).to_be_hidden()


def test_the_legend_of_a_series_counts_the_values_of_the_year_and_says_where_it_mixes_years(open_map: OpenMap) -> None:
    page = open_map("alignment", "#v1&on=remittances")
    layer = "Remittances, % of GDP"
    caption = layer_row(page, layer).locator(".geo-legend-title")
    mixed, one = (f"Remittances received, % of GDP{rest}" for rest in (", latest value of each", ""))
    expect(caption).to_have_text(mixed)
    for year in ("1985", "2023", "2010"):
        type_date(page, year)
        settle(page)
        told = sum(row["year"] == year for row in read_rows("remittances"))
        counts = legend_counts(page, layer)
        assert counts["No value"] == len(read_rows("remittance_states")) - told, year
        assert sum(counts.values()) == len(read_rows("remittance_states")), year
        expect(caption, year).to_have_text(one)
    page.get_by_role("radio", name="Period").check(force=True)
    expect(caption).to_have_text(mixed)


def test_the_legend_draws_no_line_for_what_has_none_on_the_map(open_map: OpenMap) -> None:
    page = open_map("transport", "#v1&on=flight_routes")
    rows = layer_row(page, "Weekly flights, January 2015").locator(".geo-legend-row")
    pictures = [(row.inner_text().split("\n")[0], row.locator("svg").screenshot()) for row in rows.all()]
    drawn = {words: len(read_colours(page, picture)) > 1 for words, picture in pictures}
    assert drawn["Split not given"]
    assert not drawn["Derived, no line"]
    assert not drawn["Total, no line"]


@pytest.mark.parametrize(
    ("column", "layer"),
    [
        ("precision", 'style = { width = 9, ends = "arrow" }\n'),
        ("state", 'fields.state.type = "category"\nstyle = { dash_by = "state", width = 9, ends = "arrow" }\n'),
    ],
)
def test_the_legend_tells_dashes_of_wide_lines_with_arrows_apart(
    tmp_path: Path, open_page: OpenPage, column: str, layer: str
) -> None:
    values = ("exact", "settlement", "approximate", "schematic")
    line = {"type": "LineString", "coordinates": [[70, 41], [74, 43]]}
    features = [{"type": "Feature", "properties": {"id": value}, "geometry": line} for value in values]
    l_geojson = json.dumps({"type": "FeatureCollection", "features": features})
    table = f"id,{column}\n" + "".join(f"{value},{value}\n" for value in values)
    atlas = write_atlas(tmp_path, layer, top='basemap = "none"\n', l_geojson=l_geojson, l_csv=table)
    build_atlas(atlas, tmp_path / "maps")
    page = open_page(tmp_path / "maps" / "m.html", locale="en").page
    wait_painted(page)
    rows = layer_row(page, "L").locator(".geo-legend-row")
    expect(rows).to_have_count(4)
    assert len({row.locator("svg").screenshot() for row in rows.all()}) == 4


def test_the_legend_of_sizes_says_up_to_what_all_look_alike_and_shows_them_as_drawn(open_map: OpenMap) -> None:
    """From afar symbols are smaller: at zoom 3 they have 0.6 of their size, from zoom 7 on all of it."""
    page = open_map("energy", "#v1&at=6/42/72")
    rows = page.locator(".geo-legend-size").first.locator(".geo-legend-row")
    for language, least in (("en", "≤ 200 MW"), ("ru", "≤ 200 МВт"), ("ky", "≤ 200 МВт")):
        page.locator("select.geo-language").select_option(language)
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(rows.first, language).to_have_text(least)
        settle(page)
        heights = [box_of(picture)["height"] for picture in rows.locator("path").all()]
        assert all(larger > 1.2 * smaller for smaller, larger in itertools.pairwise(heights)), language
        boxes = [box_of(row) for row in rows.all()]
        below = [lower["y"] >= upper["y"] + upper["height"] for upper, lower in itertools.pairwise(boxes)]
        assert all(below), f"one a row: {language}"
    largest = page.locator(".geo-legend-size").first.locator("svg").last
    go_to(page, "#v1&on=dams&at=7/41/74")
    width = box_of(largest)["width"]
    go_to(page, "#v1&on=dams&at=3/41/74")
    assert box_of(largest)["width"] == pytest.approx(0.6 * width, abs=0.5)


def test_all_and_none_and_the_table_lists_what_is_on(open_map: OpenMap) -> None:
    page = open_map("security", "#v1&on=bases")
    page.get_by_role("button", name="Table").click()
    assert sorted(table_names(page)) == sorted(row["name"] for row in read_rows("bases"))
    layer_box(page, "Military bases and sites").uncheck()
    settle(page)
    assert table_names(page) == []
    layer_box(page, "Military bases and sites").check()
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


def test_a_layer_alone_another_alone_and_everything_back(open_map: OpenMap) -> None:
    page = open_map("security", WHOLE_REGION)
    before = count_stated(page)

    def press_only_this(title: str) -> Locator:
        row = layer_row(page, title)
        solo = row.get_by_role("button", name="Only this")
        if not solo.is_visible():
            row.hover()
            row.get_by_role("button", name=f"Options: {title}").click()
        solo.click()
        settle(page)
        return solo

    expect(press_only_this("Border posts")).to_have_attribute("aria-pressed", "true")
    assert count_stated(page)[0] == len(read_rows("border_posts"))
    expect(layer_box(page, "Military bases and sites")).not_to_be_checked()
    press_only_this("Border posts")
    assert count_stated(page) == before
    for title in ("Border posts", "Military bases and sites", "Military bases and sites"):
        press_only_this(title)
    assert count_stated(page) == before
    go_to(page, "#v1&on=border_posts")
    assert count_stated(page)[0] == len(read_rows("border_posts"))
    press_only_this("Border posts")
    wait_until(page, "!location.hash.includes('on=')")  # as the map opens


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


def test_a_reader_draws_a_layer_above_another_and_tree_and_link_have_that_order(open_map: OpenMap) -> None:
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
    group = page.locator(".geo-group").filter(has_text="SCO").locator(".geo-layer > .geo-row .geo-row-label")
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
    link = page.evaluate("location.hash")
    go_to(page, "#v1")
    assert group.all_inner_texts() == [first, second, *others]
    go_to(page, link)
    assert group.all_inner_texts() == [second, first, *others]


def test_a_layer_moves_past_those_that_are_off(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&on=bases,border_posts,pipelines&at=6/41/72")
    row = layer_row(page, "Pipelines")
    row.get_by_role("button", name="Options:").click()
    for place in ("2", "1", "1"):
        row.get_by_role("button", name="Draw Pipelines further up").click()
        expect(page.locator(".geo-note")).to_contain_text(f"Place {place} of 3")


def test_pointer_and_keyboard_collapse_and_expand_the_groups(open_map: OpenMap) -> None:
    page = open_map("security")
    bases = layer_box(page, "Military bases and sites")
    page.get_by_role("button", name="Collapse").click()
    expect(bases).to_be_hidden()
    expect(layer_box(page, "Security")).to_be_visible()
    page.locator(".geo-group").filter(has=layer_box(page, "Security")).get_by_role("button").first.click()
    expect(bases).to_be_visible()
    page.get_by_role("button", name="Collapse").focus()
    page.keyboard.press("Enter")
    expect(bases).to_be_hidden()
    expect(page.get_by_role("button", name="Expand")).to_be_focused()
    page.keyboard.press("Enter")
    expect(bases).to_be_visible()
    expect(page.get_by_role("button", name="Collapse")).to_be_focused()
