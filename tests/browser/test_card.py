"""A reader clicks a feature and reads its card: each value with its source, its place, its records, how to quote it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import shapely
from playwright.sync_api import Page, expect

from geo.pipeline.build import build_atlas
from tests.browser.reader import (
    OpenMap,
    box_of,
    card,
    go_to,
    layer_box,
    map_list,
    names_on_map,
    open_panel,
    point_at,
    read_line,
    read_place,
    read_row,
    read_rows,
    read_view,
    settle,
    table_rows,
    type_date,
    wait_painted,
    wait_until,
)
from tests.conftest import OpenPage
from tests.small import features, write_atlas

pytestmark = pytest.mark.browser

KANT = "#v1&at=10/42.8532/74.8465"


def test_a_reader_clicks_kant_and_reads_where_each_value_is_from(open_map_everywhere: OpenMap) -> None:
    page = open_map_everywhere("security", KANT)
    page.mouse.click(*point_at(page, *read_place("bases", "base-kant")))
    expect(card(page).get_by_role("heading", level=2)).to_have_text("Kant air base")
    expect(card(page)).to_contain_text("Авиабаза Кант")
    expect(card(page)).to_contain_text("Since October 2003")
    expect(card(page)).to_contain_text("as of March 2016")
    for term in ("Kind", "Operated by", "Country", "Status"):
        value = card(page).locator("dl > div").filter(has=page.get_by_text(term, exact=True))
        expect(value.get_by_role("button", name="Source")).to_be_visible()
    expect(card(page)).to_contain_text("Lewis, D. (2015). Reasserting Hegemony in Central Asia")


def test_card_and_table_write_a_field_as_it_is_declared(tmp_path: Path, open_page: OpenPage) -> None:
    fields = """fields.height = { title = "Height", type = "number", unit = "m", decimals = 2 }
fields.code = { title = "Code", card = false }"""
    write_atlas(tmp_path, fields, l_csv="id,name,height,code\na,A,3.5,K-1\nb,B,4,K-2\nc,C,,\n")
    build_atlas(tmp_path, tmp_path / "maps")
    page = open_page(tmp_path / "maps" / "m.html", "#v1&card=l/a", locale="en").page
    wait_painted(page)
    expect(card(page).locator("dl > div")).to_have_text("Height3.50 m")
    page.locator("body").press("t")
    settle(page)
    rows = sorted(row[:3] for row in table_rows(page))
    assert rows == [["A", "3.50\u00a0m", "K-1"], ["B", "4.00\u00a0m", "K-2"], ["C", "", ""]]


def test_the_card_leads_from_each_value_place_and_record_to_its_source(open_map: OpenMap) -> None:
    page = open_map("security", f"{KANT}&card=bases/base-kant")
    reached = "document.activeElement.textContent"
    span = card(page).locator(".geo-card-span")
    expect(span).to_contain_text("Since October 2003")
    span.get_by_role("button", name="Source").first.click()
    # The source of the date: bases.csv, valid_from_source.
    assert page.evaluate(reached).startswith("1RIA Novosti, 19 April 2013")
    lewis = card(page).locator(".geo-footnote").filter(has_text="Lewis").first
    expect(lewis).to_contain_text("International Relations 3, 58-80, 4.1.2")  # two words when copied
    place = card(page).locator("section").filter(has=page.get_by_role("heading", name="Place"))
    expect(place).to_contain_text("Exact position")
    lon, lat = read_place("bases", "base-kant")
    expect(place).to_contain_text(f"{lat:.4f}, {lon:.4f}")
    place.get_by_role("button", name="Source").click()
    assert "airportsdata" in page.evaluate(reached)
    facts = [row for row in read_rows("facts") if "base-kant" in row["feature"].split(";")]
    items = card(page).locator("ol").first.get_by_role("listitem")
    expect(items).to_have_count(len(facts))
    texts = items.all_inner_texts()
    for fact in facts:
        assert any(fact["text"] in text for text in texts), fact["id"]
    for item in items.all():
        expect(item.get_by_role("button", name="Source")).to_be_visible()
    go_to(page, "#v1&card=bases/base-dastan")
    mark = card(page).locator(".geo-place .geo-mark")
    last_line = mark.evaluate(
        """(mark) => {
            const words = document.createRange();
            words.setStart(mark.closest(".geo-place"), 0);
            words.setEndBefore(mark);
            return [...words.getClientRects()].filter(({ width }) => width > 3).at(-1);
        }"""
    )
    assert last_line["bottom"] > box_of(mark)["y"] + 3, "behind the last word, in its line"


def test_a_place_beyond_the_map_is_said_to_be_there_and_a_long_word_stays_within(
    tmp_path: Path, open_page: OpenPage
) -> None:
    north = features({"a": {"id": "a"}}).replace("42.8", "89.0")
    write_atlas(tmp_path, l_geojson=north, l_csv=f"id,name,note\na,A,https://example.org/{'long' * 40}\n")
    build_atlas(tmp_path, tmp_path / "maps")
    page = open_page(tmp_path / "maps" / "m.html", "#v1&card=l/a", locale="en").page
    wait_painted(page)
    expect(card(page).locator(".geo-place")).to_have_text("Beyond the map, which ends at 85.05°: drawn at its edge")
    expect(card(page).get_by_role("button", name="Copy coordinates")).to_have_count(0)
    expect(card(page)).to_contain_text("longlong")
    assert page.locator(".geo-card-body").evaluate("(body) => body.scrollWidth <= body.clientWidth")


def test_values_of_years_have_bars_from_zero_and_what_has_no_source_no_mark(
    tmp_path: Path, open_page: OpenPage
) -> None:
    tables = """[layers.l.records]
table = "facts.csv"
[layers.l.series.gdp]
table = "gdp.csv"
key = "id"
title = "GDP"
"""
    (tmp_path / "sources.csv").write_text("id,citation\ns,Lewis (2015)\nt,RIA (2013)\n", encoding="utf-8")
    (tmp_path / "facts.csv").write_text("id,feature,text,source\n1,a,Said.,\n2,a,Cited.,t\n", encoding="utf-8")
    values = "id,year,value,source\na,2010,10,\na,2011,-30,t\na,2012,20,\nb,2010,1,\n"
    (tmp_path / "gdp.csv").write_text(values, encoding="utf-8")
    write_atlas(tmp_path, tables, l_csv="id,name,kind,source\na,A,dam,s\nb,B,dam,s\nc,C,dam,s\n")
    build_atlas(tmp_path, tmp_path / "maps")
    page = open_page(tmp_path / "maps" / "m.html", "#v1&card=l/a", locale="en").page
    wait_painted(page)
    marked = [card(page).locator(".geo-fact"), *card(page).locator(".geo-record, .geo-series tr").all()]
    marks = [row.locator(".geo-mark").all_inner_texts() for row in marked]
    assert marks == [["1"], [], ["2"], [], [], ["2"]]
    expect(card(page).locator(".geo-footnote")).to_have_count(2)
    cell, bars = box_of(card(page).locator(".geo-series-cell").first), card(page).locator(".geo-series-bar").all()
    spans = [((bar["x"] - cell["x"]) / cell["width"], bar["width"] / cell["width"]) for bar in map(box_of, bars)]
    assert [part for span in spans for part in span] == pytest.approx([0.6, 0.2, 0, 0.6, 0.6, 0.4], abs=0.02)


def test_the_card_has_the_symbol_of_its_feature(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&card=dams/dam-kambarata-1")
    symbol = card(page).locator(".geo-card-layer svg")
    for fragment, layer, words in (
        ("#v1&card=dams/dam-kambarata-1", "Hydropower plants", "Under construction"),
        ("#v1&on=countries&card=countries/KAZ", "24 countries: vote on UN resolution", "Abstained"),
    ):
        go_to(page, fragment)
        expect(card(page)).to_contain_text(words)
        row = page.locator(".geo-layer").filter(has_text=layer).locator(".geo-legend-row", has_text=words)
        drawn = [svg.evaluate("(svg) => svg.innerHTML") for svg in (row.locator("svg").first, symbol)]
        assert drawn[0] == drawn[1], fragment
    go_to(page, "#v1&card=bases/base-dastan")  # of which the settlement alone is known: hollow
    expect(card(page)).to_contain_text("Dastan")
    fills = symbol.locator("path").evaluate_all("(paths) => paths.map((p) => p.attributes.fill.value)")
    assert fills == ["#fff", "none"]


def test_the_tooltip_says_what_it_is_over_lies_on_top_and_goes_with_feature_and_card(open_map: OpenMap) -> None:
    page = open_map("security", "#v1&on=bases&at=9/43.061/74.478&t=2014")
    tooltip, depth = page.locator(".geo-tooltip"), "(node) => Number(getComputedStyle(node).zIndex)"
    page.mouse.move(*point_at(page, *read_place("bases", "base-manas")))
    expect(tooltip).to_contain_text("Transit Center at Manas")
    page.keyboard.press("]")
    expect(tooltip).to_be_hidden()
    go_to(page, KANT)
    x, y = point_at(page, *read_place("bases", "base-kant"))
    page.mouse.move(x - 3, y)
    page.mouse.move(x, y)
    expect(tooltip).to_be_visible()
    expect(tooltip).to_contain_text("Kant air base")
    left, name = box_of(tooltip)["x"], tooltip.locator(".geo-tooltip-name").element_handle()
    page.mouse.move(x + 2, y)
    settle(page)
    assert box_of(tooltip)["x"] == left + 2
    assert name.evaluate("(name) => name.isConnected"), "what it says is not written anew"
    page.mouse.move(x + 300, y + 200)
    expect(tooltip).to_be_hidden()
    page.mouse.move(x, y)
    expect(tooltip).to_be_visible()
    page.mouse.click(x, y)
    expect(tooltip).to_be_hidden()
    page.mouse.move(x + 1, y)
    settle(page)
    expect(tooltip).to_be_hidden()
    assert tooltip.evaluate(depth) > card(page).evaluate(depth), "of the two the one in the way is the card"
    page.keyboard.press("Escape")
    map_list(page).focus()
    expect(tooltip).to_be_visible()
    page.keyboard.press("Enter")
    expect(card(page)).to_be_visible()
    expect(tooltip).to_be_hidden()
    page.evaluate("shyrdak.map.panBy([40, 0], { animate: false })")  # the list of what is in view is made anew
    settle(page)
    expect(tooltip).to_be_hidden()


def test_the_keyboard_alone_reaches_a_feature_opens_its_card_goes_into_it_and_closes_it(
    open_map_everywhere: OpenMap,
) -> None:
    page = open_map_everywhere("security", f"{KANT}&on=bases")
    map_list(page).focus()
    wanted = "Kant air base, Military bases and sites"
    assert wanted in names_on_map(page)
    page.keyboard.press("Home")
    while map_list(page).get_by_role("option").inner_text() != wanted:
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    heading = card(page).get_by_role("heading", level=2)
    expect(heading).to_have_text("Kant air base")
    expect(page.get_by_role("status")).to_contain_text("Kant air base")
    expect(map_list(page)).to_be_focused()
    page.keyboard.press("Escape")
    expect(card(page)).to_be_hidden()
    page.keyboard.press("Enter")
    expect(heading).to_be_visible()
    page.keyboard.press("Enter")
    expect(heading).to_be_focused()
    page.keyboard.press("Escape")
    expect(card(page)).to_be_hidden()
    expect(map_list(page)).to_be_focused()


def test_a_card_stays_while_its_layer_is_hidden_and_a_click_beside_every_feature_closes_it(open_map: OpenMap) -> None:
    page = open_map("security", f"{KANT}&on=bases&card=bases/base-kant")
    bases = layer_box(page, "Military bases and sites")
    bases.uncheck()
    settle(page)
    expect(card(page).get_by_role("heading", level=2)).to_have_text("Kant air base")
    bases.check()
    settle(page)
    x, y = point_at(page, *read_place("bases", "base-kant"))
    page.mouse.click(x - 200, y + 200)
    expect(card(page)).to_be_hidden()


def test_lines_on_one_course_lie_side_by_side_and_each_can_be_pointed_at(open_map: OpenMap) -> None:
    """Lines A, B and C of the gas pipeline to China run through the same towns."""
    page = open_map("energy", "#v1&at=7/41/66&on=pipelines")
    names = {read_row("pipelines", f"pipe-ca-china-{line}")["name"] for line in "abc"}
    (west, south), (east, north) = read_line("pipelines", "pipe-ca-china-a")[1:3]
    page.evaluate("(at) => shyrdak.map.setView(at, 7, { animate: false })", [(south + north) / 2, (west + east) / 2])
    x, y = point_at(page, (west + east) / 2, (south + north) / 2)
    settle(page)
    found: set[str] = set()
    for dy in [*range(-16, 17)] * 3:  # a slow machine may need another pass of the pointer
        page.mouse.move(x, y + dy)
        settle(page)
        found.add(page.locator(".geo-tooltip-name").inner_text() if page.locator(".geo-tooltip").is_visible() else "")
        if names <= found:
            break
    assert names <= found


def test_stacked_points_are_walked_through_by_pointer_and_keyboard_until_a_link_is_followed(open_map: OpenMap) -> None:
    page = open_map("energy", "#v1&at=5.5/42/75&on=dams", reduced_motion="reduce")
    title, overlap = card(page).get_by_role("heading", level=2), card(page).locator(".geo-overlap")
    following = card(page).get_by_role("button", name="Next feature at this place")
    located = {row["name"] for row in read_rows("dams") if row["precision"]}
    for zoom in (5.5, 5):
        go_to(page, f"#v1&at={zoom}/42/75&on=dams")
        assert {name.removesuffix(", Hydropower plants") for name in names_on_map(page)} <= located, zoom
        page.mouse.click(*point_at(page, *read_place("dams", "dam-kambarata-1")))
        settle(page)
        expect(card(page)).to_be_visible()
        expect(overlap).to_contain_text("of")
        first = title.inner_text()
        following.click()
        expect(title, str(zoom)).not_to_have_text(first)
        card(page).get_by_role("button", name="Previous feature at this place").click()
        expect(title, str(zoom)).to_have_text(first)
    following.focus()
    names = [title.inner_text()]
    for _ in range(2):
        page.keyboard.press("Enter")
        expect(title).not_to_have_text(names[-1])
        expect(following).to_be_focused()
        names.append(title.inner_text())
    page.evaluate("location.hash = '#v1&at=5/42/75&on=dams&t=2024&card=dams/dam-kambarata-1'")
    expect(page.locator(".geo-time-field").first).to_have_value("2024")
    expect(title).to_have_text("Kambarata-1")
    expect(following).to_have_count(0)


def test_reference_link_and_coordinates_are_copied(open_map: OpenMap) -> None:
    page = open_map("security", f"{KANT}&card=bases/base-kant", permissions=["clipboard-read", "clipboard-write"])
    note = page.locator(".geo-note")

    def copy_by(button: str) -> str:
        note.evaluate("(note) => { note.textContent = ''; }")  # which says so of each
        card(page).get_by_role("button", name=button).click()
        expect(note).to_contain_text("Copied")
        return str(page.evaluate("navigator.clipboard.readText()"))

    reference = copy_by("Cite")
    atlas = "Central Asia between its neighbours: Security. Edition of "
    for piece in ("Kant air base", atlas, "Lewis, D. (2015)", "#v1", "card=bases/base-kant"):
        assert piece in reference
    assert "\nsecurity.html#v1&" in reference  # and no folder of this machine
    lon, lat = read_place("bases", "base-kant")
    copied = copy_by("Copy coordinates")
    assert [float(part) for part in copied.split(",")] == pytest.approx([lat, lon], abs=0.001)
    link, fragment = copy_by("Copy link").split("#")
    assert link == page.url.split("#")[0]
    page.keyboard.press("Escape")
    expect(card(page)).to_be_hidden()
    go_to(page, f"#{fragment}")
    expect(card(page).get_by_role("heading", level=2)).to_have_text("Kant air base")


def test_a_name_longer_than_the_window_is_high_leaves_all_of_the_card_within_reach(
    tmp_path: Path, open_page: OpenPage
) -> None:
    table = f"id,name,note\na,{'A very long name. ' * 60},A note.\nb,B,\nc,C,\n"
    build_atlas(write_atlas(tmp_path, top='basemap = "none"\n', l_csv=table), tmp_path / "maps")
    page = open_page(tmp_path / "maps" / "m.html", "#v1&card=l/a", viewport={"width": 1280, "height": 600}).page
    wait_painted(page)
    frame, stage = box_of(card(page)), box_of(page.locator(".geo-stage"))
    assert frame["y"] + frame["height"] < stage["y"] + stage["height"]
    for part in (card(page).get_by_text("A note."), card(page).get_by_role("button", name="Cite")):
        part.scroll_into_view_if_needed()
        box = box_of(part)
        assert frame["y"] < box["y"] < box["y"] + box["height"] < frame["y"] + frame["height"]


def test_the_map_goes_to_a_feature_that_lies_over_180_degrees(tmp_path: Path, open_page: OpenPage) -> None:
    shape = shapely.MultiPolygon([shapely.box(177, -19, 180, -16), shapely.box(-180, -19, -178, -16)])
    feature = {"type": "Feature", "properties": {"id": "a"}, "geometry": shapely.geometry.mapping(shape)}
    shapes = json.dumps({"type": "FeatureCollection", "features": [feature]})
    write_atlas(tmp_path, l_geojson=shapes, l_csv="id,name\na,A\n")
    build_atlas(tmp_path, tmp_path / "maps")
    page = open_page(tmp_path / "maps" / "m.html", "#v1&at=2/40/70&card=l/a", locale="en", reduced_motion="reduce").page
    wait_painted(page)
    card(page).get_by_role("button", name="Zoom to").click()
    wait_until(page, "shyrdak.map.getZoom() > 5")
    assert read_view(page)[2] % 360 == pytest.approx(179.5, abs=2)


def test_the_map_brings_the_feature_of_a_card_beside_it_at_once_for_a_reader_who_wants_no_motion(
    open_map: OpenMap,
) -> None:
    page = open_map("security", "#v1&at=4/50/60&card=bases/base-kant", reduced_motion="reduce")
    lon, lat = read_place("bases", "base-kant")
    card(page).get_by_role("button", name="Zoom to").click()
    assert page.evaluate("shyrdak.map.getZoom()") > 6
    assert not page.evaluate("shyrdak.map._animatingZoom ?? false")
    wait_until(page, "([lat, lon]) => shyrdak.map.getBounds().contains([lat, lon])", [lat, lon])
    assert point_at(page, lon, lat)[0] < box_of(card(page))["x"], "not under the card"

    go_to(page, "#v1&on=bases&at=9/42.85/73.93")
    page.evaluate("window.moves = 0; shyrdak.map.on('move', () => { moves++; })")
    page.mouse.click(*point_at(page, lon, lat))
    expect(card(page)).to_be_visible()
    page.wait_for_timeout(400)
    assert point_at(page, lon, lat)[0] < box_of(card(page))["x"]
    assert page.evaluate("moves") == 1

    page.keyboard.press("Escape")
    page.set_viewport_size({"width": 1600, "height": 900})
    page.evaluate("document.documentElement.style.fontSize = '24px'")  # as the browser's own setting does
    settle(page)
    page.evaluate("([lat, lon]) => shyrdak.map.setView([lat, lon - 0.55], 8, { animate: false })", [lat, lon])
    page.evaluate("location.hash = '#v1&card=bases/base-kant'")
    expect(card(page)).to_be_visible()
    settle(page)
    settle(page)
    assert point_at(page, lon, lat)[0] < box_of(card(page))["x"], "from under the wider card of large text"


def test_on_a_tablet_card_and_feature_are_both_in_sight(open_map: OpenMap) -> None:
    page = open_map("security", "#v1&on=bases", viewport={"width": 641, "height": 900}, reduced_motion="reduce")
    for width, height, way in (
        (641, 900, "search"),
        (768, 1024, "table"),
        (858, 900, "keyboard"),
        (859, 900, "table"),
        (1024, 768, "keyboard"),
    ):
        page.set_viewport_size({"width": width, "height": height})
        settle(page)
        go_to(page, "#v1&on=bases&at=" + ("8/43.4/74.3" if way == "keyboard" else "5/42/72"))
        open_kant(page, way)
        settle(page)
        settle(page)
        x, y = point_at(page, *read_place("bases", "base-kant"))
        box, stage = box_of(card(page)), box_of(page.locator(".geo-stage"))
        assert stage["x"] + 20 < x < stage["x"] + stage["width"] - 20, (width, way)
        assert stage["y"] + 20 < y < stage["y"] + stage["height"] - 20, (width, way)
        assert x < box["x"] - 20 or y < box["y"] - 20, (width, way)
        assert box["height"] > 150, (width, way)
        page.keyboard.press("Escape")
        expect(card(page)).to_be_hidden()
        if way == "table":
            page.keyboard.press("Escape")
        expect(page.locator("#geo-table")).to_be_hidden()


def open_kant(page: Page, way: str) -> None:
    """Open Kant's card by search, table or keyboard."""
    if way == "search":
        page.get_by_role("combobox", name="Search").fill("kant air")
        page.keyboard.press("Enter")
    elif way == "table":
        open_panel(page, "Table")
        page.locator("#geo-table").get_by_role("button", name="Kant air base").click()
    else:
        names = names_on_map(page)
        page.keyboard.press("Home")
        for _ in range(next(at for at, name in enumerate(names) if name.startswith("Kant air base"))):
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
    expect(card(page).get_by_role("heading", level=2)).to_have_text("Kant air base")


def test_a_flight_whose_airport_is_not_given_says_so(open_map: OpenMap) -> None:
    page = open_map("transport", "#v1&card=flight_routes/flow-fru-rus")
    row = read_row("flight_routes", "flow-fru-rus")
    expect(card(page)).to_contain_text(row["destination"])
    expect(card(page)).to_contain_text(row["flights"])
    expect(card(page)).to_contain_text("Airport not given")
    expect(card(page)).to_contain_text("January 2015")


def test_the_card_of_a_country_shows_its_years_and_its_symbol_follows_them_and_the_theme(open_map: OpenMap) -> None:
    page = open_map("alignment", "#v1&on=remittances&card=remittances/KGZ&t=2013", color_scheme="light")
    years = [row for row in read_rows("remittances") if row["iso_a3"] == "KGZ"]
    table = card(page).get_by_role("table")
    expect(table.get_by_role("row")).to_have_count(len(years))
    now = table.locator("[aria-current=true]")
    expect(now).to_contain_text("2013")
    value = float(next(row["pct_gdp"] for row in years if row["year"] == "2013"))
    assert float(now.locator("td").last.inner_text().split("\u00a0")[0].split("\n")[0]) == pytest.approx(
        value, abs=0.06
    )
    go_to(page, "#v1&on=remittances&t=2013&card=remittances/UZB")
    expect(card(page).get_by_role("heading", level=2)).to_have_text("Uzbekistan")
    symbol = card(page).locator(".geo-card-layer path").first
    light = symbol.get_attribute("fill")
    page.emulate_media(color_scheme="dark")
    settle(page)
    dark = symbol.get_attribute("fill")
    type_date(page, "1995")
    assert len({light, dark, symbol.get_attribute("fill")}) == 3


def test_an_event_and_what_it_is_tied_to_lead_to_each_other(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&on=bases&card=bases/base-manas")
    title = card(page).locator(".geo-card-title")
    card(page).get_by_role("button", name="US troops leave Manas").click()
    expect(title).to_have_text("US troops leave Manas")
    expect(layer_box(page, "Events")).to_be_checked()
    card(page).locator(".geo-fact", has_text="Tied to").get_by_role("button", name="Transit Center at Manas").click()
    expect(title).to_have_text("Transit Center at Manas")


def test_what_an_event_is_tied_to_on_another_map_is_named_by_its_key(open_map: OpenMap) -> None:
    page = open_map("alignment", "#v1&on=events&card=events/evt-2014-gas-embargo")
    tied = card(page).locator(".geo-fact", has_text="Tied to").locator("dd")
    expect(tied).to_have_text(re.compile("^pipe-osh, Uzbekistan"))
    expect(tied.get_by_role("button", name="Uzbekistan")).to_be_visible()


def test_a_record_has_its_note_and_its_unit_in_the_readers_language(open_map: OpenMap) -> None:
    facts = {row["id"]: row for row in read_rows("facts")}
    kant, plant = facts["L028"], facts["L081"]
    page = open_map("atlas", "#v1&card=bases/base-kant", locale="ru")
    record = card(page).get_by_role("listitem").filter(has_text=kant["text_ru"])
    expect(record).to_contain_text(kant["note_ru"])
    assert kant["value"] in kant["text_ru"], "which the record need not say again"
    go_to(page, "#v1&card=dams/dam-kambarata-1&lang=en")
    expect(card(page).get_by_role("listitem").filter(has_text=plant["text"])).to_contain_text(plant["note"])
