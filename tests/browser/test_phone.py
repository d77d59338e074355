"""A reader opens the map on a phone, 375 x 812, and uses all of it by touch: panels are a sheet."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from geo.pipeline.build import build_atlas
from tests.browser.reader import (
    PHONE,
    OpenMap,
    box_of,
    card,
    count_stated,
    go_to,
    layer_box,
    layer_row,
    open_panel,
    point_at,
    read_place,
    read_rows,
    read_view,
    settle,
    table_count,
    type_date,
    wait_for,
    wait_painted,
    wait_until,
    words,
)
from tests.browsers import find_violations
from tests.conftest import OpenPage
from tests.small import write_atlas

pytestmark = pytest.mark.browser

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def tap_tab(page: Page, name: str) -> None:
    page.get_by_role("navigation").get_by_role("button", name=name).tap()
    settle(page)


def is_within(page: Page, selector: str) -> bool:
    """Whether nothing of an element is beyond the sides of the screen."""
    inside: bool = page.locator(selector).evaluate(
        "(node) => { const box = node.getBoundingClientRect(); return box.left >= 0 && box.right <= innerWidth + 0.5; }"
    )
    return inside


def test_the_index_fits_a_phone(maps: Path, open_page: OpenPage) -> None:
    page = open_page(maps / "index.html", **PHONE).page
    assert page.evaluate("document.documentElement.scrollWidth") == 375
    expect(page.locator(".geo-key").get_by_text("Under construction")).to_be_visible()


def test_a_finger_on_a_feature_or_near_it_opens_its_card_as_a_sheet(open_map: OpenMap) -> None:
    page = open_map("security", "#v1&on=bases&at=10/42.8532/74.8465", **PHONE)
    heading, kant = card(page).get_by_role("heading", level=2), read_place("bases", "base-kant")
    page.touchscreen.tap(*point_at(page, *kant))
    expect(heading).to_have_text("Kant air base")
    assert is_within(page, "#geo-card")
    card(page).get_by_role("button", name="Close details").tap()
    expect(card(page)).to_be_hidden()

    x, y = point_at(page, *kant)
    page.evaluate(  # as Safari does, whose clicks are those of a mouse
        """([clientX, clientY]) => document.elementFromPoint(clientX, clientY)
            .dispatchEvent(new MouseEvent("click", { clientX, clientY, bubbles: true }))""",
        [x + 18, y],
    )
    expect(heading).to_have_text("Kant air base")


def test_layers_filters_time_and_table_work_by_touch_and_stay_as_the_phone_is_turned(open_map: OpenMap) -> None:
    page = open_map("security", **PHONE)
    posts = layer_box(page, "Border posts")
    expect(posts).to_be_hidden()
    tap_tab(page, "Layers")
    expect(posts).to_be_visible()
    before = count_of(page)
    posts.tap()
    settle(page)
    assert count_of(page) == before - len(read_rows("border_posts"))
    tap_tab(page, "Layers")
    expect(posts).to_be_hidden()

    go_to(page, "#v1&on=bases")
    tap_tab(page, "Filters")
    page.get_by_role("checkbox", name="Exact").tap()
    tap_tab(page, "Time")
    field = page.get_by_role("region", name="Time").get_by_role("textbox").first
    field.fill("2010")
    field.press("Enter")
    settle(page)
    shown = count_of(page)
    assert 0 < shown < len(read_rows("bases"))
    tap_tab(page, "Table")
    settle(page)
    assert table_count(page) == shown
    tap_tab(page, "Table")

    page.set_viewport_size({"width": 812, "height": 375})
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 812
    assert count_of(page) == count_stated(page)[0] == shown


def count_of(page: Page) -> int:
    text = page.locator(".geo-shown").evaluate("(node) => node.textContent")
    return int(text.split()[0])


def test_each_panel_opens_fits_is_large_enough_breaks_no_rule_and_closes(open_map: OpenMap) -> None:
    """What is tapped has 24 x 24 px at least (WCAG 2.5.8), what is within a sentence aside."""
    page = open_map("energy", "#v1&t=2010", **PHONE)
    assert_sound(page, "start")
    for name, panel in (
        ("Layers", "#geo-layers"),
        ("Filters", "#geo-filters"),
        ("Time", "#geo-time"),
        ("Table", "#geo-table"),
        ("More", "#geo-menu"),
    ):
        tap_tab(page, name)
        expect(page.locator(panel), name).to_be_visible()
        assert is_within(page, panel), name
        assert page.evaluate("document.documentElement.scrollWidth") == 375, name
        assert_sound(page, name)
        tap_tab(page, name)
        expect(page.locator(panel), name).to_be_hidden()
    page.evaluate("location.hash = '#v1&t=2010&card=dams/dam-toktogul'")
    expect(card(page)).to_be_visible()
    assert_sound(page, "card")


def assert_sound(page: Page, state: str) -> None:
    """Nothing that is tapped is too small, no rule of axe is broken in light or dark."""
    assert small_targets(page) == set(), state
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        expect(page.locator("html")).to_have_attribute("data-geo-theme", scheme)
        settle(page)
        assert find_violations(page) == [], (state, scheme)


def test_a_card_gives_back_the_sheet_whose_place_it_took(open_map: OpenMap) -> None:
    page = open_map("security", reduced_motion="reduce", **PHONE)
    for name in ("Table", "Layers", "Time"):
        go_to(page, "#v1&at=10/42.73/74.8465")
        sheet = page.locator(f"#geo-{name.lower()}")
        tap_tab(page, name)
        expect(sheet, name).to_be_visible()
        page.touchscreen.tap(*point_at(page, *read_place("bases", "base-kant")))
        expect(card(page), name).to_be_visible()
        expect(sheet, name).to_be_hidden()
        card(page).get_by_role("button", name="Close details").tap()
        expect(card(page), name).to_be_hidden()
        expect(sheet, name).to_be_visible()
        tap_tab(page, name)


def test_a_card_has_its_feature_above_it_comes_back_from_under_a_sheet_and_is_drawn_down(open_map: OpenMap) -> None:
    page = open_map("security", "#v1&card=bases/base-kant", reduced_motion="reduce", **PHONE)
    place, filters = read_place("bases", "base-kant"), page.locator("#geo-filters")
    wait_for(page, lambda: point_at(page, *place)[1] < sheet_top(page) - 10, "it is above the sheet")
    for closing in ("tab", "grip"):
        go_to(page, "#v1&card=bases/base-kant")
        expect(card(page)).to_be_visible()
        tap_tab(page, "Filters")
        expect(card(page)).to_be_hidden()
        if closing == "tab":
            tap_tab(page, "Filters")
        else:
            drag_grip(page, 200)
        expect(filters, closing).to_be_hidden()
        expect(card(page).get_by_role("heading", level=2), closing).to_have_text("Kant air base")
        card(page).get_by_role("button", name="Close details").tap()
        expect(card(page), closing).to_be_hidden()
        expect(filters, closing).to_be_hidden()

    go_to(page, "#v1&on=bases")
    tap_tab(page, "Table")
    page.get_by_role("button", name="Kant air base").tap()
    expect(card(page)).to_be_visible()
    drag_grip(page, 200)
    expect(card(page)).to_be_hidden()
    expect(page.locator("#geo-table")).to_be_hidden()


def test_a_keyboard_closes_a_sheet_to_its_tab_and_a_card_to_its_row(open_map: OpenMap) -> None:
    """A page enlarged to 400 % is as narrow as a phone: who enlarges it may have a keyboard alone."""
    page = open_map("security", viewport={"width": 320, "height": 640}, reduced_motion="reduce")
    tab = page.get_by_role("navigation").get_by_role("button", name="Filters")
    tab.press("Enter")
    page.keyboard.press("Tab")
    page.get_by_role("checkbox", name="Exact").press("Space")
    page.keyboard.press("Escape")
    expect(page.locator("#geo-filters")).to_be_hidden()
    expect(tab).to_be_focused()

    go_to(page, "#v1")
    open_panel(page, "Table")
    page.locator("#geo-table tbody button").first.focus()
    for _ in range(30):
        page.keyboard.press("ArrowDown")
    row = page.locator("#geo-table tbody button:focus")
    name = row.inner_text()
    row.press("Enter")
    card(page).get_by_role("button", name="Close details").press("Enter")
    expect(card(page)).to_be_hidden()
    expect(row).to_have_text(name)
    expect(row).to_be_in_viewport()


def test_a_step_is_shown_under_the_tools_and_its_card_gives_the_story_back_unless_it_ends(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&step=manas-closes", reduced_motion="reduce", **PHONE)
    story = page.locator("#geo-story")
    details = story.get_by_role("button", name="Details:")
    assert point_at(page, *read_place("bases", "base-manas"))[1] > tools_foot(page)
    details.focus()
    page.keyboard.press("Enter")
    expect(card(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(card(page)).to_be_hidden()
    expect(page.get_by_role("navigation").get_by_role("button", name="Story")).to_be_focused()
    expect(story).to_be_visible()

    details.tap()
    expect(card(page)).to_be_visible()
    page.evaluate("location.hash = '#v1'")
    expect(card(page)).to_be_hidden()
    settle(page)
    expect(story).to_be_hidden()
    wait_until(page, "!location.hash.includes('step=')")


def test_the_smallest_phone_shows_the_map_of_a_step_and_the_way_out_of_the_table(open_map: OpenMap) -> None:
    page = open_map("atlas", reduced_motion="reduce", **PHONE | {"viewport": {"width": 320, "height": 568}})
    tap_tab(page, "Story")
    story = box_of(page.locator("#geo-story"))
    for base in ("base-manas", "base-kant"):
        assert tools_foot(page) < point_at(page, *read_place("bases", base))[1] < story["y"], base
    steps = page.locator(".geo-step")
    assert box_of(steps.first)["y"] == box_of(steps.last)["y"], "on one line"
    tap_tab(page, "Table")
    for language in ("ru", "ky", "en"):
        go_to(page, f"#v1&lang={language}")
        close = page.get_by_role("button", name=words(language)["table_close"])
        assert box_of(close)["y"] == pytest.approx(box_of(page.locator(".geo-columns"))["y"], abs=9), language


def test_what_a_year_brings_leaves_the_map_in_sight_and_is_unfolded_on_request(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&on=bases,dams,events,pipelines,csto,sco&t=2009", **PHONE)
    tap_tab(page, "Time")
    bar = page.get_by_role("region", name="Time")
    heights = []
    for year in ("2009", "2010", "2011"):
        type_date(page, year)
        heights.append(box_of(bar)["height"])
    assert len(set(heights)) == 1, heights
    assert heights[0] < 0.45 * PHONE["viewport"]["height"]
    type_date(page, "2010")
    changes = bar.locator(".geo-time-changes")
    changes.get_by_role("button", name="more").tap()
    expect(changes.get_by_role("button", name="Inter-ethnic violence")).to_be_visible()


def test_a_map_without_dates_has_no_tab_for_time(tmp_path: Path, open_page: OpenPage) -> None:
    build_atlas(write_atlas(tmp_path), tmp_path / "maps")
    page = open_page(tmp_path / "maps" / "m.html", locale="en", **PHONE).page
    wait_painted(page)
    expect(page.get_by_role("navigation").get_by_role("button")).to_have_text(["Layers", "Filters", "Table", "More"])


def test_the_header_and_tabs_of_a_small_phone_fit_in_every_language(open_map: OpenMap) -> None:
    """Title and count take a line each: wrapped, the count made the header taller, and that change with each filter."""
    page = open_map("security", **PHONE)
    title, count = page.locator(".geo-title"), page.locator(".geo-shown")
    for width in (375, 360, 320):
        page.set_viewport_size({"width": width, "height": 640})
        heights = set()
        for language in ("en", "ru", "ky"):
            case = (width, language)
            go_to(page, f"#v1&lang={language}")
            expect(page.locator("html")).to_have_attribute("lang", language)
            settle(page)
            heights.add(box_of(count)["height"])
            lines = "(title) => title.clientHeight / parseFloat(getComputedStyle(title).lineHeight)"
            assert title.evaluate(lines) == pytest.approx(1, abs=0.2), case
            boxes = [box_of(word) for word in page.locator(".geo-tab:visible span").all()]
            assert len(boxes) >= 5, case
            for left, right in itertools.pairwise(boxes):
                assert left["x"] + left["width"] + 2 <= right["x"], case
        assert len(heights) == 1, width


def small_targets(page: Page) -> set[str]:
    found: list[str] = page.evaluate(
        """() => {
            const isSmall = (node) => {
                const { width, height } = node.getBoundingClientRect();
                return width > 0 && (width < 24 || height < 24);
            };
            const name = (node) => node.getAttribute("aria-label") ?? node.textContent;
            return [...document.querySelectorAll("button, select, summary, input[type=text], label:has(input)")]
                .filter((node) => node.checkVisibility() && !node.closest("p, dd, dt, .leaflet-container, .geo-record"))
                .filter(isSmall).map((node) => `${node.className || node.tagName}: ${name(node)}`);
        }"""
    )
    return set(found)


def test_what_is_searched_stands_in_sight_beside_its_card_and_the_language_is_in_more(open_map: OpenMap) -> None:
    """The card is below the map on an upright phone, and beside it on one on its side."""
    page = open_map("security", reduced_motion="reduce", **PHONE)
    for width, height in ((375, 812), (812, 375)):
        page.set_viewport_size({"width": width, "height": height})
        page.get_by_role("button", name="Whole map").tap()
        page.get_by_role("combobox", name="Search").fill("")
        page.get_by_role("combobox", name="Search").fill("kant")
        page.get_by_role("option").filter(has_text="Kant air base").first.tap()
        expect(card(page).get_by_role("heading", level=2)).to_have_text("Kant air base")
        settle(page)
        (x, y), box = point_at(page, *read_place("bases", "base-kant")), box_of(card(page))
        at, edge = (y, box["y"]) if height > width else (x, box["x"])
        assert 0 < at < edge, (width, height)
        card(page).get_by_role("button", name="Close details").tap()
    tap_tab(page, "More")
    page.get_by_role("combobox", name="Language").select_option(label="Русский")
    expect(page.locator("html")).to_have_attribute("lang", "ru")


def test_a_country_stands_above_the_sheet_of_its_card(open_map: OpenMap) -> None:
    page = open_map("alignment", "#v1&on=csto&card=csto/KGZ", **PHONE)
    stage = box_of(page.locator(".geo-stage"))

    def is_clear(lon: float, lat: float) -> bool:
        x, y = point_at(page, lon, lat)
        return 0 < x < stage["width"] and stage["y"] < y < sheet_top(page) - 10

    wait_for(page, lambda: is_clear(74.5, 41.5), "Kyrgyzstan is on the map, above the sheet")
    go_to(page, "#v1&at=6/55/40")
    expect(card(page)).to_be_hidden()
    go_to(page, "#v1&on=remittances&t=2013&card=remittances/TJK")
    wait_for(page, lambda: is_clear(71, 38.8), "Tajikistan is, too")


def test_the_card_of_a_country_that_is_seen_leaves_the_map_where_it_is(open_map: OpenMap) -> None:
    page = open_map("alignment", "#v1&on=csto&at=5/42/74", reduced_motion="reduce")
    before = read_view(page)
    page.mouse.click(*point_at(page, 68, 47))
    expect(card(page)).to_contain_text("Kazakhstan")
    settle(page)
    assert read_view(page) == pytest.approx(before, abs=0.1)


def test_the_whole_map_and_a_layer_zoomed_to_stand_in_what_tools_and_sheet_leave(open_map: OpenMap) -> None:
    page = open_map("energy", reduced_motion="reduce", **PHONE)
    west, south, east, north = page.evaluate("JSON.parse(document.getElementById('geo-head').textContent).map.bounds")
    for tab, foot in (("", ".geo-tabs"), ("Filters", ".geo-grip"), ("Time", "#geo-time")):
        if tab:
            tap_tab(page, tab)
        page.get_by_role("button", name="Whole map").tap()
        settle(page)
        assert point_at(page, west, north)[1] >= tools_foot(page) - 1, tab
        assert point_at(page, east, south)[1] <= box_of(page.locator(foot))["y"] + 1, tab

    tap_tab(page, "Layers")
    row = layer_row(page, "Hydropower plants")
    row.get_by_role("button", name="Options:").click()
    row.get_by_role("button", name="Zoom to layer").click()
    settle(page)
    ys = [point_at(page, *read_place("dams", key))[1] for key in ("dam-toktogul", "dam-nurek", "dam-pskem")]
    assert min(ys) > tools_foot(page)
    assert max(ys) < sheet_top(page)


def tools_foot(page: Page) -> float:
    tools = box_of(page.locator(".geo-tools"))
    return tools["y"] + tools["height"]


def sheet_top(page: Page) -> float:
    return box_of(page.locator(".geo-grip"))["y"]


def drag_grip(page: Page, by: float) -> None:
    """Draw the grip by so many px downwards."""
    box = box_of(page.locator(".geo-grip"))
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + by / 2)
    page.mouse.move(x, y + by)
    page.mouse.up()
    settle(page)


def test_the_sheet_has_two_heights_by_keyboard_and_finger(open_map: OpenMap) -> None:
    page = open_map("security", **PHONE)
    grip = page.get_by_role("button", name="Taller panel")
    expect(grip).to_be_hidden()
    tap_tab(page, "Layers")
    half = sheet_top(page)
    assert half == pytest.approx(812 / 2 - 56, abs=2)
    grip.focus()
    page.keyboard.press("Enter")
    expect(grip).to_have_attribute("aria-expanded", "true")
    tall = sheet_top(page)
    header = box_of(page.locator(".geo-header"))
    assert tall == pytest.approx(header["y"] + header["height"], abs=6), "title and search stay in sight"
    panel = box_of(page.locator("#geo-layers"))
    assert panel["height"] > 550
    grip.tap()
    assert sheet_top(page) == half
    drag_grip(page, -200)
    assert sheet_top(page) == tall
    drag_grip(page, 100)
    assert sheet_top(page) == half
    drag_grip(page, 10)
    assert sheet_top(page) == tall, "a short way is a press"
    tap_tab(page, "Filters")
    assert sheet_top(page) == half, "opened, a sheet leaves the map in sight"
    drag_grip(page, 200)
    expect(page.locator("#geo-filters")).to_be_hidden()
    expect(grip).to_be_hidden()


def test_on_its_side_the_phone_shows_each_sheet_beside_the_map_and_what_is_found(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&t=2010", **{**PHONE, "viewport": {"width": 812, "height": 375}})
    for name in ("Layers", "Filters", "Time", "Table", "More", "Story"):
        tap_tab(page, name)
        sheet = box_of(page.locator(f"#geo-{'menu' if name == 'More' else name.lower()}"))
        header, tabs = box_of(page.locator(".geo-header")), box_of(page.locator(".geo-tabs"))
        assert sheet["x"] > 400, f"the map is in sight, {name}"
        assert sheet["y"] >= header["height"] - 1, name
        assert sheet["y"] + sheet["height"] <= tabs["y"] + 1, name
        assert header["height"] + tabs["height"] < 105, name
        assert page.evaluate("document.documentElement.scrollWidth") == 812, name
        assert find_violations(page) == [], name

    go_to(page, "#v1&t=2010&lang=ru")
    page.set_viewport_size({"width": 640, "height": 360})
    page.get_by_role("combobox").first.tap()
    page.keyboard.type("камбарата")
    expect(page.locator(".geo-result").first).to_be_visible()
    assert box_of(page.locator(".geo-results"))["width"] > 300
    assert box_of(page.locator(".geo-search-field"))["width"] > 200


def test_the_way_through_what_lies_here_has_its_own_line(open_map: OpenMap) -> None:
    fragment = "#v1&at=8/40.5283/72.7985&on=bases,events,border_posts"
    page = open_map("security", fragment, locale="ru", **PHONE)
    for language, width in (("ru", 375), ("ky", 320)):
        page.set_viewport_size({"width": width, "height": 812})
        go_to(page, f"{fragment}&lang={language}")
        expect(page.locator("html")).to_have_attribute("lang", language)
        page.touchscreen.tap(*point_at(page, *read_place("bases", "base-osh-prospective")))
        name, way = (box_of(card(page).locator(part)) for part in (".geo-card-layer", ".geo-overlap"))
        assert name["y"] >= way["y"] + way["height"] - 1, language
        assert name["x"] + name["width"] <= width, language
        page.keyboard.press("Escape")
        expect(card(page)).to_be_hidden()


def test_a_page_at_400_percent_scrolls_to_the_text_of_the_story_and_on(open_map: OpenMap) -> None:
    page = open_map("atlas", viewport={"width": 320, "height": 256}, reduced_motion="reduce")
    open_panel(page, "Story")
    story, tabs = page.locator("#geo-story"), box_of(page.locator(".geo-tabs"))
    text, on = story.locator(".geo-story-body p").first, story.get_by_role("button", name="Next")
    assert box_of(text)["y"] + 30 < tabs["y"]
    page.mouse.move(160, 150)
    page.mouse.wheel(0, 5000)
    settle(page)
    assert box_of(on)["y"] + box_of(on)["height"] <= tabs["y"]
    on.click()
    expect(story).to_contain_text("Step 2 of 12")


def test_in_small_windows_nothing_is_lost(open_map: OpenMap) -> None:
    """A laptop at twice its size has the card beside the map, a low frame rows of the table (WCAG 1.4.10)."""
    laptop = {"width": 640, "height": 360}
    page = open_map("security", "#v1&card=bases/base-kant&at=8/42.85/74.85", viewport=laptop)
    stage, sheet = box_of(page.locator(".geo-stage")), box_of(card(page))
    assert sheet["x"] >= stage["x"] + 200
    assert stage["height"] > 200
    page.keyboard.press("Escape")
    expect(card(page)).to_be_hidden()

    for height in (360, 400):
        page.set_viewport_size({"width": 640, "height": height})
        settle(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), height
        expect(page.get_by_role("combobox", name="Search"), str(height)).to_be_visible()

    page.set_viewport_size({"width": 400, "height": 300})
    open_panel(page, "Table")
    page.locator(".geo-grip").click()
    page.locator("#geo-table").evaluate("(sheet) => { sheet.scrollTop = sheet.scrollHeight; }")
    row, tabs = box_of(page.locator("#geo-table tbody tr").first), box_of(page.locator(".geo-tabs"))
    assert row["y"] + row["height"] <= tabs["y"]
