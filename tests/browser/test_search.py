"""A reader looks for a place as they know it: in any script, with or without the hyphen, with a slip."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.reader import (
    OpenMap,
    address_state,
    card,
    count_on_map,
    count_stated,
    go_to,
    layer_box,
    names_on_map,
    open_panel,
    read_rows,
    read_view,
    settle,
    table_count,
    type_date,
    wait_for,
    wait_until,
)

pytestmark = pytest.mark.browser


def search_field(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Search")


def results(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Search results").get_by_role("option")


def test_kambarata_is_found_however_it_is_written_and_enter_opens_the_first(open_map: OpenMap) -> None:
    page = open_map("energy", reduced_motion="reduce")
    for query in ("Камбарата", "kambar-ata", "kambarta", "KAMBARATA", "Камбар-Ата", "kambaráta"):
        search_field(page).fill("")
        expect(results(page).first).to_be_hidden()
        search_field(page).fill(query)
        expect(results(page).first, query).to_contain_text("Kambarata-1")
    heading = card(page).get_by_role("heading", level=2)
    for written in ("Kambarata-1", "камбарата"):
        go_to(page, "#v1&card=dams/dam-toktogul")
        expect(heading).to_have_text("Toktogul")
        search_field(page).fill(written)
        expect(results(page).nth(2)).to_be_visible()
        search_field(page).press("Enter")
        expect(heading, written).to_have_text("Kambarata-1")
        expect(heading).to_be_focused()
        expect(results(page).first).to_be_hidden()
    # Of one name the feature on the map comes before one of a layer that is off.
    go_to(page, "#v1")
    expect(card(page)).to_be_hidden()
    search_field(page).fill("toktogul")
    expect(results(page).first).to_be_visible()
    search_field(page).press("Enter")
    wait_until(page, "location.hash.includes('card=')")
    assert address_state(page)["card"] == "dams/dam-toktogul"
    assert "cities" not in address_state(page).get("on", "")


def test_the_keyboard_finds_opens_and_switches_the_layer_on(open_map_everywhere: OpenMap) -> None:
    page = open_map_everywhere("energy", "#v1&on=pipelines", reduced_motion="reduce")
    page.locator("body").press("/")
    expect(search_field(page)).to_be_focused()
    page.keyboard.type("kambarata-1")
    expect(results(page).first).to_contain_text("Kambarata-1")
    page.keyboard.press("ArrowDown")
    expect(results(page).first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    heading = card(page).get_by_role("heading", level=2)
    expect(heading).to_have_text("Kambarata-1")
    expect(heading).to_be_focused()
    expect(page.get_by_role("status")).to_have_text("Hydropower plants")  # the heading says the name
    expect(layer_box(page, "Hydropower plants")).to_be_checked()
    assert page.evaluate("shyrdak.map.getZoom()") > 7


def test_a_name_of_the_basemap_is_found_before_what_mentions_it_and_the_map_goes_there(open_map: OpenMap) -> None:
    page = open_map("security", "#v1&at=5/41/66", reduced_motion="reduce")
    wait_until(page, "document.querySelector('.leaflet-geo-labels-pane canvas')")
    place = page.get_by_role("group", name="Places on the map").get_by_role("option", name="Issyk-Kul")

    def expect_at_issyk_kul() -> None:
        expect(search_field(page)).to_have_value("")
        wait_for(page, lambda: read_view(page)[2] == pytest.approx(77.25, abs=0.2), "the map is at Issyk-Kul")
        expect(card(page)).to_be_hidden()
        assert count_stated(page)[0] > 0  # nothing is filtered any more

    for written in ("Issyk-Kul", "Иссык", "Ысык-Көл"):
        go_to(page, "#v1&at=5/41/66")
        search_field(page).fill(written)
        expect(place, written).to_have_count(1)
        page.keyboard.press("ArrowDown")
        expect(place, written).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Enter")
        expect_at_issyk_kul()
    go_to(page, "#v1&at=5/41/66")
    search_field(page).fill("Issyk-Kul")
    expect(results(page).filter(has_text="Koy-Sary")).to_be_visible()
    expect(results(page).first).to_have_text("Issyk-Kul")
    search_field(page).press("Enter")
    expect_at_issyk_kul()


def test_results_stand_by_layer_are_counted_aloud_and_said_where_left_out(open_map: OpenMap) -> None:
    page = open_map("atlas")
    search_field(page).fill("osh")
    groups = page.get_by_role("listbox", name="Search results").get_by_role("group")
    expect(groups.first).to_be_visible()
    assert groups.count() > 2
    expect(page.get_by_role("status")).to_contain_text("found")
    search_field(page).fill("")
    page.get_by_role("button", name="All", exact=True).click()
    search_field(page).fill("lewis")
    settle(page)
    found = count_stated(page)[0]
    expect(results(page)).to_have_count(61)
    expect(results(page).last).to_have_text(f"and {found - 60} more")
    page.keyboard.press("ArrowUp")
    expect(results(page).nth(59)).to_have_attribute("aria-selected", "true")


def test_what_is_typed_or_in_a_link_stands_in_the_field_and_filters_map_table_and_count(open_map: OpenMap) -> None:
    page = open_map("energy", "#v1&q=naryn")
    expect(search_field(page)).to_have_value("naryn")
    page.evaluate("location.hash = '#v1&lang=ru'")
    expect(page.get_by_role("combobox", name="Поиск")).to_have_value("")
    go_to(page, "#v1&lang=en&on=dams&at=4/42/70")
    search_field(page).fill("naryn")
    page.keyboard.press("Escape")
    settle(page)
    shown = count_stated(page)[0]
    assert 1 < shown < len(read_rows("dams"))
    open_panel(page, "Table")
    assert table_count(page) == shown
    assert count_on_map(page) <= shown
    page.get_by_role("button", name="Remove filter: “naryn”").click()
    settle(page)
    assert count_stated(page)[0] == len(read_rows("dams"))
    expect(search_field(page)).to_have_value("")


def test_sources_records_and_other_names_find_their_feature_and_nothing_is_said(open_map: OpenMap) -> None:
    page = open_map("security", "#v1&on=bases")
    for source, column in (("azattyk", "source"), ("airportsdata", "geometry_source")):
        search_field(page).fill(source)
        settle(page)
        cited = [row for row in read_rows("bases") if source in row[column]]
        assert count_stated(page)[0] >= len(cited) > 1, source
        for row in cited:
            expect(page.get_by_role("listbox", name="Search results")).to_contain_text(row["name"])
    go_to(page, "#v1")
    # A record of the base says "New fighter planes were delivered", the base does not: the result tells.
    search_field(page).fill("fighter planes")
    expect(results(page).first).to_contain_text("Kant air base")
    expect(results(page).first.locator(".geo-muted")).to_have_text("Record: New fighter planes were delivered.")
    search_field(page).fill("Кант")
    expect(results(page).filter(has_text="Kant air base").first).to_contain_text("Авиабаза Кант")
    search_field(page).fill("qqqxyz")
    expect(results(page)).to_have_text(["Nothing found"])  # a list of one: those of before are gone
    expect(page.get_by_role("status")).to_have_text(re.compile(r"^0\b"))


def test_a_date_finds_what_began_or_ended_then_in_the_words_of_the_page(open_map: OpenMap) -> None:
    page = open_map("security", "#v1")
    for language, query, dates in (("en", "June 2014", "– 3 June 2014"), ("ru", "июнь 2014", "– 3 июня 2014")):
        go_to(page, f"#v1&lang={language}")
        for written in (query, "2014-06", "3.6.2014"):
            page.locator(".geo-search-field").fill(written)
            expect(page.locator(".geo-results").get_by_text(dates)).to_be_visible()


def test_equally_good_results_go_by_the_names_that_the_reader_sees(open_map: OpenMap) -> None:
    page = open_map("energy")
    order = "([names, tag]) => names.sort(new Intl.Collator(tag, { numeric: true }).compare)"
    for language, plant in (("en", "Fandarya"), ("ru", "Фандарь")):
        go_to(page, f"#v1&lang={language}")
        page.locator(".geo-search-field").fill("Жарыяланган")  # a status, and said nowhere else
        plants = page.locator(".geo-results [role=group]").filter(has_text=plant)
        expect(plants).to_be_visible()
        names = plants.locator(".geo-result > span:first-child").all_inner_texts()
        assert len(names) > 9, language
        assert names == page.evaluate(order, [names, language]), language


def test_escape_closes_the_list_then_empties_the_field_and_enter_in_it_opens_nothing(open_map: OpenMap) -> None:
    page = open_map("security")
    field = search_field(page)
    field.fill("osh")
    expect(results(page).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(results(page).first).to_be_hidden()
    expect(field).to_have_value("osh")
    page.keyboard.press("Escape")
    expect(field).to_have_value("")
    field.fill("koy-sary")
    expect(results(page)).to_have_count(1)
    field.press("Escape")
    # All within one frame: the field shows the reset in the next one.
    page.get_by_role("button", name="Reset", exact=True).evaluate(
        "(button, field) => { button.focus(); button.click(); field.focus(); }", field.element_handle()
    )
    field.press("Enter")
    settle(page)
    expect(card(page)).to_be_hidden()


def test_of_all_presses_on_the_list_that_on_a_result_chooses_it(open_map: OpenMap) -> None:
    page = open_map("security", reduced_motion="reduce")
    search_field(page).fill("baikonur")
    page.locator(".geo-results-layer").first.click()
    settle(page)
    expect(search_field(page)).to_be_focused()
    expect(results(page).first).to_be_visible()
    results(page).first.click(button="right")
    settle(page)
    expect(card(page)).to_be_hidden()
    expect(search_field(page)).to_have_value("baikonur")
    expect(results(page).first).to_be_visible()
    results(page).filter(has_text="Baikonur").first.click()
    expect(card(page).get_by_role("heading", level=2)).to_contain_text("Baikonur")
    expect(search_field(page)).to_have_value("")


def test_what_time_or_filters_hide_is_found_and_says_so(open_map: OpenMap) -> None:
    page = open_map("security", reduced_motion="reduce")
    base = "Transit Center at Manas, Military bases and sites"
    for fragment, told, said in (
        ("t=1950", "not in 1950", "outside the time chosen (1950)"),
        ("on=bases&f.precision=settlement", "hidden by filters", "hidden by filters"),
    ):
        go_to(page, f"#v1&at=5/43/70&{fragment}")
        shown = count_stated(page)[0]
        search_field(page).fill("transit center at manas")
        expect(results(page).first, fragment).to_contain_text(told)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(card(page)).to_contain_text(f"Not on the map: {said}")
        assert base not in names_on_map(page), fragment
        card(page).get_by_role("button", name="Show on the map").click()
        expect(card(page)).not_to_contain_text("Not on the map")
        expect(card(page).get_by_role("heading", level=2)).to_be_focused()
        settle(page)
        assert count_stated(page)[0] > shown, fragment
        assert base in names_on_map(page), fragment


def test_a_card_says_when_what_it_shows_leaves_the_map(open_map: OpenMap) -> None:
    page = open_map("security", "#v1&on=bases&card=bases/base-manas")
    expect(card(page)).to_contain_text("Transit Center at Manas")
    expect(card(page)).not_to_contain_text("Not on the map")
    type_date(page, "2020")
    expect(card(page)).to_contain_text("outside the time chosen (2020)")
    type_date(page, "2010")
    expect(card(page)).not_to_contain_text("Not on the map")
    box = layer_box(page, "Military bases and sites")
    box.uncheck()
    expect(card(page)).to_contain_text("Not on the map: its layer is off.")
    card(page).get_by_role("button", name="Show on the map").click()
    expect(card(page)).not_to_contain_text("Not on the map")
    expect(box).to_be_checked()
