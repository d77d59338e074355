"""A reader looks for a place as they know it: in any script, with or without the hyphen, with a slip."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.reader import (
    OpenMap,
    address_state,
    card,
    count_on_map,
    count_stated,
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


def test_kambarata_is_found_however_it_is_written(open_map: OpenMap) -> None:
    page = open_map("energy")
    for query in ("Камбарата", "kambar-ata", "kambarta", "KAMBARATA", "Камбар-Ата", "kambaráta"):
        search_field(page).fill("")
        expect(results(page).first).to_be_hidden()
        search_field(page).fill(query)
        expect(results(page).first, query).to_contain_text("Kambarata-1")


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


@pytest.mark.parametrize("written", ["Kambarata-1", "камбарата"])
def test_enter_opens_the_first_of_several_results(written: str, open_map: OpenMap) -> None:
    page = open_map("energy", "#v1&card=dams/dam-toktogul", reduced_motion="reduce")
    heading = card(page).get_by_role("heading", level=2)
    expect(heading).to_have_text("Toktogul")
    search_field(page).fill(written)
    expect(results(page).nth(2)).to_be_visible()
    search_field(page).press("Enter")
    expect(heading).to_have_text("Kambarata-1")
    expect(heading).to_be_focused()
    expect(results(page).first).to_be_hidden()


@pytest.mark.parametrize("written", ["Issyk-Kul", "Иссык", "Ысык-Көл"])
def test_a_name_of_the_basemap_is_found_and_the_map_goes_there(written: str, open_map: OpenMap) -> None:
    page = open_map("energy", "#v1&at=5/41/66&on=dams")
    wait_until(page, "document.querySelector('.leaflet-geo-labels-pane canvas')")
    search_field(page).fill(written)
    place = page.get_by_role("group", name="Places on the map").get_by_role("option", name="Issyk-Kul")
    expect(place).to_have_count(1)
    page.keyboard.press("ArrowUp")  # the last one listed
    page.keyboard.press("Enter")
    expect(search_field(page)).to_have_value("")
    wait_for(page, lambda: read_view(page)[2] == pytest.approx(77.25, abs=0.2), "the map is at Issyk-Kul")
    assert count_stated(page)[0] > 0  # nothing is filtered any more


def test_a_place_stands_before_features_that_only_mention_it(open_map: OpenMap) -> None:
    page = open_map("security", "#v1&at=5/41/66", reduced_motion="reduce")
    wait_until(page, "document.querySelector('.leaflet-geo-labels-pane canvas')")
    search_field(page).fill("Issyk-Kul")
    expect(results(page).filter(has_text="Koy-Sary")).to_be_visible()
    expect(results(page).first).to_have_text("Issyk-Kul")
    search_field(page).press("Enter")
    wait_for(page, lambda: read_view(page)[2] == pytest.approx(77.25, abs=0.2), "the map is at Issyk-Kul")
    expect(card(page)).to_be_hidden()


def test_results_stand_by_layer_and_are_counted_aloud(open_map: OpenMap) -> None:
    page = open_map("atlas")
    search_field(page).fill("osh")
    groups = page.get_by_role("listbox", name="Search results").get_by_role("group")
    expect(groups.first).to_be_visible()
    assert groups.count() > 2
    expect(page.get_by_role("status")).to_contain_text("found")


def test_what_is_typed_filters_map_table_and_count(open_map: OpenMap) -> None:
    page = open_map("energy", "#v1&on=dams&at=4/42/70")
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


@pytest.mark.parametrize(("source", "column"), [("azattyk", "source"), ("airportsdata", "geometry_source")])
def test_a_source_finds_what_rests_on_it(source: str, column: str, open_map: OpenMap) -> None:
    page = open_map("security", "#v1&on=bases")
    search_field(page).fill(source)
    settle(page)
    cited = [row for row in read_rows("bases") if source in row[column]]
    assert count_stated(page)[0] >= len(cited) > 1
    for row in cited:
        expect(page.get_by_role("listbox", name="Search results")).to_contain_text(row["name"])


def test_a_record_finds_its_feature(open_map: OpenMap) -> None:
    """The record says "New fighter planes were delivered": the base does not, and the result tells."""
    page = open_map("security")
    search_field(page).fill("fighter planes")
    expect(results(page).first).to_contain_text("Kant air base")
    expect(results(page).first.locator(".geo-muted")).to_have_text("Record: New fighter planes were delivered.")


def test_names_are_shown_in_their_other_languages(open_map: OpenMap) -> None:
    page = open_map("security")
    search_field(page).fill("Кант")
    option = results(page).filter(has_text="Kant air base").first
    expect(option).to_contain_text("Авиабаза Кант")


@pytest.mark.parametrize("language", ["en", "ru"])
def test_equally_good_results_go_by_the_names_that_the_reader_sees(language: str, open_map: OpenMap) -> None:
    page = open_map("energy", f"#v1&lang={language}")
    page.locator(".geo-search-field").fill("Жарыяланган")  # a status, and said nowhere else
    plants = page.locator(".geo-results [role=group]").filter(has_text={"en": "Fandarya", "ru": "Фандарь"}[language])
    expect(plants).to_be_visible()
    names = plants.locator(".geo-result > span:first-child").all_inner_texts()
    assert len(names) > 9
    order = "([names, tag]) => names.sort(new Intl.Collator(tag, { numeric: true }).compare)"
    assert names == page.evaluate(order, [names, language])


def test_what_is_nowhere_is_said(open_map: OpenMap) -> None:
    page = open_map("security")
    search_field(page).fill("qqqxyz")
    expect(results(page)).to_have_text("Nothing found")
    expect(page.get_by_role("status")).to_contain_text("0")


def test_the_list_says_how_many_it_leaves_out(open_map: OpenMap) -> None:
    page = open_map("atlas")
    page.get_by_role("button", name="All", exact=True).click()
    search_field(page).fill("lewis")
    settle(page)
    found = count_stated(page)[0]
    expect(results(page)).to_have_count(61)
    expect(results(page).last).to_have_text(f"and {found - 60} more")
    page.keyboard.press("ArrowUp")
    expect(results(page).nth(59)).to_have_attribute("aria-selected", "true")


def test_escape_closes_the_list_then_empties_the_field(open_map: OpenMap) -> None:
    page = open_map("security")
    search_field(page).fill("osh")
    expect(results(page).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(results(page).first).to_be_hidden()
    expect(search_field(page)).to_have_value("osh")
    page.keyboard.press("Escape")
    expect(search_field(page)).to_have_value("")


def test_a_result_is_chosen_by_the_pointer(open_map: OpenMap) -> None:
    page = open_map("security", reduced_motion="reduce")
    search_field(page).fill("baikonur")
    results(page).filter(has_text="Baikonur").first.click()
    expect(card(page).get_by_role("heading", level=2)).to_contain_text("Baikonur")
    expect(search_field(page)).to_have_value("")


@pytest.mark.parametrize(
    ("fragment", "said"),
    [("t=1950", "outside the time chosen (1950)"), ("on=bases&f.precision=settlement", "hidden by filters")],
)
def test_what_time_or_filters_hide_is_found_and_says_so(fragment: str, said: str, open_map: OpenMap) -> None:
    page = open_map("security", f"#v1&{fragment}", reduced_motion="reduce")
    shown = count_stated(page)[0]
    search_field(page).fill("transit center at manas")
    expect(results(page).first).to_contain_text("not in 1950" if "t=" in fragment else "hidden by filters")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(card(page)).to_contain_text(f"Not on the map: {said}")
    assert "Transit Center at Manas, Military bases and sites" not in names_on_map(page)
    card(page).get_by_role("button", name="Show on the map").click()
    expect(card(page)).not_to_contain_text("Not on the map")
    expect(card(page).get_by_role("heading", level=2)).to_be_focused()
    assert count_stated(page)[0] > shown
    assert "Transit Center at Manas, Military bases and sites" in names_on_map(page)


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


def test_enter_in_an_emptied_field_opens_nothing(open_map: OpenMap) -> None:
    page = open_map("security")
    field = page.get_by_role("combobox", name="Search")
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


def test_the_field_says_what_a_link_looks_for(open_map: OpenMap) -> None:
    page = open_map("energy", "#v1&q=naryn")
    expect(search_field(page)).to_have_value("naryn")
    page.evaluate("location.hash = '#v1&lang=ru'")
    expect(page.get_by_role("combobox", name="Поиск")).to_have_value("")


def test_a_press_on_the_name_of_a_layer_leaves_the_list_open(open_map: OpenMap) -> None:
    page = open_map("security")
    search_field(page).fill("baikonur")
    page.locator(".geo-results-layer").first.click()
    settle(page)
    expect(search_field(page)).to_be_focused()
    expect(results(page).first).to_be_visible()


def test_a_right_press_on_a_result_opens_nothing(open_map: OpenMap) -> None:
    page = open_map("security", reduced_motion="reduce")
    search_field(page).fill("baikonur")
    results(page).first.click(button="right")
    settle(page)
    expect(card(page)).to_be_hidden()
    expect(search_field(page)).to_have_value("baikonur")
    expect(results(page).first).to_be_visible()


def test_of_one_name_the_feature_that_is_on_the_map_comes_before_one_of_a_layer_that_is_off(open_map: OpenMap) -> None:
    page = open_map("energy")
    search_field(page).fill("toktogul")
    expect(results(page).first).to_be_visible()
    search_field(page).press("Enter")
    wait_until(page, "location.hash.includes('card=')")
    assert address_state(page)["card"] == "dams/dam-toktogul"
    assert "cities" not in address_state(page).get("on", "")
