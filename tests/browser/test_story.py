"""A reader is led through the atlas step by step, by button, arrow key and link, and takes the story away on paper."""

from __future__ import annotations

import csv
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.reader import (
    LAYERS,
    PHONE,
    OpenMap,
    address_state,
    box_of,
    card,
    layer_box,
    map_list,
    open_panel,
    point_at,
    read_place,
    read_view,
    settle,
    time_bar,
    type_date,
    wait_until,
)
from tests.browsers import find_violations

pytestmark = pytest.mark.browser

CALM = {"reduced_motion": "reduce"}
with (LAYERS / "story.csv").open(encoding="utf-8-sig", newline="") as file:
    STEPS = list(csv.DictReader(file))


def story(page: Page) -> Locator:
    return page.get_by_role("region", name="How Russia came back to Kyrgyzstan")


def heading(page: Page) -> Locator:
    return story(page).get_by_role("heading", level=2)


def begin(open_map: OpenMap, fragment: str = "", **options: object) -> Page:
    page = open_map("atlas", fragment, **{**CALM, **options})
    open_panel(page, "Story")
    expect(heading(page)).to_have_text(STEPS[0]["title"])
    return page


def wait_address(page: Page, part: str) -> None:
    wait_until(page, "(part) => location.hash.includes(part)", part)


def test_a_reader_opens_the_story_and_sees_what_its_first_step_speaks_of(open_map_everywhere: OpenMap) -> None:
    page = begin(open_map_everywhere)
    expect(heading(page)).to_be_focused()
    expect(story(page)).to_contain_text("Step 1 of 12 · 2009")
    expect(story(page)).to_contain_text("five more years")
    expect(card(page).get_by_role("heading", level=2)).to_have_text("Transit Center at Manas")
    expect(page.locator(".geo-shown")).to_contain_text("14 of")
    wait_address(page, "step=two-bases")
    state = address_state(page)
    assert (state["on"], state["t"], state["card"]) == ("bases", "2009", "bases/base-manas")


def test_arrow_keys_lead_to_the_end_and_no_further(open_map: OpenMap) -> None:
    page = begin(open_map)
    for step in STEPS[1:]:
        page.keyboard.press("ArrowRight")
        expect(heading(page)).to_have_text(step["title"])
    page.keyboard.press("ArrowRight")
    settle(page)
    expect(heading(page)).to_have_text(STEPS[-1]["title"])
    page.keyboard.press("ArrowLeft")
    expect(heading(page)).to_have_text(STEPS[-2]["title"])


def test_the_time_bar_says_the_whole_period_of_a_step_after_one_of_a_year(open_map: OpenMap) -> None:
    page = begin(open_map)
    expect(time_bar(page).get_by_role("radio", name="Moment")).to_be_checked()
    page.keyboard.press("ArrowRight")
    expect(heading(page)).to_have_text(STEPS[1]["title"])
    expect(time_bar(page).get_by_role("radio", name="Period")).to_be_checked()
    fields = time_bar(page).get_by_role("textbox")
    expect(fields).to_have_count(2)
    for field, month in zip(fields.all(), ("2010-04", "2010-06"), strict=True):
        expect(field).to_have_value(month)
        assert field.evaluate("(field) => field.scrollWidth <= field.clientWidth"), "all of it is seen"


def test_the_time_bar_says_the_month_of_a_step_whichever_step_came_before(open_map: OpenMap) -> None:
    before, step = STEPS[1], STEPS[3]
    assert "/" in before["time"]
    assert "/" not in step["time"]
    page = begin(open_map)
    for number, told in ((2, before), (4, step)):
        story(page).get_by_role("button", name=f"Step {number}: {told['title']}").click()
    expect(heading(page)).to_have_text(step["title"])
    bar = time_bar(page)
    expect(bar.get_by_role("radio", name="Moment")).to_be_checked()
    expect(bar.get_by_role("textbox")).to_have_value(step["time"])


def test_each_step_has_its_sources_as_footnotes(open_map: OpenMap) -> None:
    page = begin(open_map)
    for number, step in enumerate(STEPS, start=1):
        story(page).get_by_role("button", name=f"Step {number}: {step['title']}").click()
        expect(heading(page)).to_have_text(step["title"])
        expect(story(page).locator(".geo-footnote")).to_have_count(len(step["source"].split(";")))


def test_a_step_says_what_its_symbols_mean(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&step=dams", **CALM)
    key = story(page).locator(".geo-story-key")
    for words in ("Hydropower plants", "Operating", "Under construction", "Suspended", "Announced"):
        expect(key).to_contain_text(words)


def test_a_step_says_what_widths_and_sizes_mean_on_the_page_and_on_paper(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&step=flights", **CALM)
    widths = story(page).locator(".geo-legend-width")
    expect(widths).to_have_text("Flights a week2050100")
    expect(widths.locator("svg")).to_have_count(3)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".geo-handout .geo-legend-width")).to_have_text("Flights a week2050100")
    expect(page.locator(".geo-handout .geo-legend-size").first).to_contain_text("Population")


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("two-bases", "PositionSettlement onlyApproximate"),
        ("spring-2010", "PositionSettlement only"),
        ("gas", "PositionSchematic"),
    ],
)
def test_a_step_says_why_symbols_are_hollow_and_lines_dashed(open_map: OpenMap, step: str, said: str) -> None:
    page = open_map("atlas", f"#v1&step={step}", **CALM)
    expect(story(page).locator(".geo-legend-precision")).to_have_text(said)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    told = next(at for at, other in enumerate(STEPS) if other["id"] == step)
    expect(page.locator(".geo-handout article").nth(told).locator(".geo-legend-precision")).to_have_text(said)


def test_the_symbols_of_a_step_stand_in_two_columns_under_their_layers(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&step=flights", **CALM)
    key = story(page).locator(".geo-story-key")
    expect(key).to_contain_text("Airport not given")
    expect(key).not_to_contain_text("no line")
    classes = key.locator("ul:not([class]) svg").all()
    middles = [box_of(symbol)["x"] + box_of(symbol)["width"] / 2 for symbol in classes]
    assert len({round(middle) for middle in middles}) == 2
    for layer in key.locator(":scope > li").all():
        title = box_of(layer.locator("strong"))
        assert all(box_of(symbol)["y"] >= title["y"] + title["height"] - 1 for symbol in layer.locator("svg").all())


def test_on_a_low_screen_the_symbols_of_each_step_are_in_sight_and_the_search_waits(open_map: OpenMap) -> None:
    """Such as a projector's: 1280 x 720."""
    page = begin(open_map, viewport={"width": 1280, "height": 720})
    for step in STEPS:
        expect(heading(page)).to_have_text(step["title"])
        key = box_of(story(page).locator(".geo-story-key"))
        assert key["y"] > box_of(heading(page))["y"] + 100, step["title"]
        assert key["y"] + key["height"] <= box_of(story(page).locator(".geo-story-foot"))["y"] + 1, step["title"]
        page.keyboard.press("ArrowRight")
    tabs = page.locator(".geo-tabs")
    before = box_of(tabs)["y"]
    page.keyboard.press("/")
    expect(page.get_by_role("combobox", name="Search")).to_be_focused()
    assert box_of(tabs)["y"] > before + 30, "it is there as one asks for it"


def test_the_view_of_a_step_is_seen_beside_its_card(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&step=two-bases", **CALM)
    expect(card(page)).to_be_visible()
    free_px = page.evaluate("document.querySelector('.geo-card').getBoundingClientRect().left")
    west, south, east, north = (float(part) for part in STEPS[0]["view"].split())
    left, bottom = point_at(page, west, south)
    right, top = point_at(page, east, north)
    assert 344 < left < right < free_px
    assert 0 < top < bottom < 800


def test_next_keeps_the_focus_and_is_announced(open_map: OpenMap) -> None:
    page = begin(open_map)
    button = story(page).get_by_role("button", name="Next")
    button.click()
    expect(button).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="Step 2 of 12")).to_contain_text(STEPS[1]["title"])


def test_a_link_names_a_step_alone(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&step=gas", **CALM)
    expect(heading(page)).to_have_text("A pipeline changes hands")
    expect(card(page).get_by_role("heading", level=2)).to_have_text("Gas from Uzbekistan to Kara-Suu and Osh")
    expect(layer_box(page, "Pipelines")).to_be_hidden()
    assert read_view(page)[0] > 5


def test_a_link_followed_on_the_open_page_goes_to_its_step(open_map: OpenMap) -> None:
    page = open_map("atlas", **CALM)
    page.evaluate("location.hash = '#v1&step=crimea-vote'")
    expect(heading(page)).to_have_text("The vote on Crimea")
    expect(card(page).get_by_role("heading", level=2)).to_have_text("Kyrgyzstan")


def test_a_reader_who_looks_around_comes_back_to_what_was_seen(open_map: OpenMap) -> None:
    page = begin(open_map)
    open_panel(page, "Layers")
    layer_box(page, "Border posts").check()
    type_date(page, "2015")
    wait_address(page, "t=2015")
    page.reload()
    expect(heading(page)).to_have_text(STEPS[0]["title"])
    assert address_state(page)["t"] == "2015"
    open_panel(page, "Layers")
    expect(layer_box(page, "Border posts")).to_be_checked()


def test_another_panel_leaves_the_map_as_the_step_has_it(open_map: OpenMap) -> None:
    page = begin(open_map)
    open_panel(page, "Layers")
    expect(layer_box(page, "Military bases and sites")).to_be_checked()
    expect(layer_box(page, "Pipelines")).not_to_be_checked()
    open_panel(page, "Story")
    expect(heading(page)).to_have_text(STEPS[0]["title"])


def test_who_comes_back_to_the_story_sees_its_step_and_ends_it_where_the_reader_was(open_map: OpenMap) -> None:
    page = begin(open_map)
    open_panel(page, "Layers")
    layer_box(page, "Pipelines").check()
    type_date(page, "2015")
    open_panel(page, "Story")
    expect(heading(page)).to_have_text(STEPS[0]["title"])
    wait_address(page, f"t={STEPS[0]['time']}")
    story(page).get_by_role("button", name="End the story").click()
    wait_until(page, "!location.hash.includes('step')")
    assert address_state(page)["t"] == "2015"
    expect(layer_box(page, "Pipelines")).to_be_checked()


def test_to_end_the_story_brings_back_what_was_there_before(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&at=7/41/72&on=dams&t=2010&q=toktogul", **CALM)
    open_panel(page, "Story")
    expect(heading(page)).to_have_text(STEPS[0]["title"])
    expect(page.get_by_role("search").get_by_role("combobox")).to_have_value("")
    page.keyboard.press("ArrowRight")
    story(page).get_by_role("button", name="End the story").click()
    expect(page.get_by_role("button", name="Story", exact=True)).to_be_focused()
    expect(layer_box(page, "Hydropower plants")).to_be_checked()
    wait_until(page, "!location.hash.includes('step')")
    state = address_state(page)
    assert (state["on"], state["t"], state["q"], "card" in state) == ("dams", "2010", "toktogul", False)
    assert read_view(page) == pytest.approx([7, 41, 72], abs=0.1)


def test_to_end_a_story_opened_by_a_link_shows_the_whole_map_in_all_of_the_room(open_map: OpenMap) -> None:
    views = []
    for keys in (["Escape"], []):
        page = open_map("atlas", "#v1&step=two-bases", **CALM)
        expect(card(page)).to_be_visible()
        for key in keys:
            page.keyboard.press(key)
            expect(card(page)).to_be_hidden()
        story(page).get_by_role("button", name="End the story").click()
        settle(page)
        views.append(read_view(page))
    assert views[0] == pytest.approx(views[1], abs=0.1)


@pytest.mark.parametrize("device", [{}, PHONE], ids=["wide", "phone"])
def test_an_address_without_a_step_leaves_the_story(open_map: OpenMap, device: dict[str, object]) -> None:
    page = begin(open_map, "", **device)
    page.evaluate("location.hash = '#v1&on=dams'")
    expect(story(page)).to_be_hidden()
    open_panel(page, "Story")
    expect(heading(page)).to_have_text(STEPS[0]["title"])


def test_escape_closes_the_card_then_the_story(open_map: OpenMap) -> None:
    page = begin(open_map)
    page.keyboard.press("Escape")
    expect(card(page)).to_be_hidden()
    expect(story(page).get_by_role("button", name="Details: Transit Center at Manas")).to_be_visible()
    page.keyboard.press("Escape")
    expect(story(page)).to_be_hidden()
    expect(layer_box(page, "Pipelines")).to_be_checked()


def test_the_details_of_a_step_take_the_focus(open_map: OpenMap) -> None:
    page = begin(open_map)
    page.keyboard.press("Escape")
    story(page).get_by_role("button", name="Details: Transit Center at Manas").focus()
    page.keyboard.press("Enter")
    expect(card(page).get_by_role("heading", level=2)).to_be_focused()


def test_the_details_closed_by_keyboard_leave_the_focus_to_the_step(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&step=manas-closes", **CALM)
    card(page).get_by_role("button", name="Close details").click()
    story(page).get_by_role("button", name="Details:").press("Enter")
    expect(card(page).get_by_role("heading", level=2)).to_be_focused()
    page.keyboard.press("Escape")
    expect(card(page)).to_be_hidden()
    expect(heading(page)).to_be_focused()


def test_the_details_closed_over_another_panel_leave_the_focus_to_the_map(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&step=manas-closes", **CALM)
    card(page).get_by_role("button", name="Close details").click()
    story(page).get_by_role("button", name="Details:").press("Enter")
    expect(card(page).get_by_role("heading", level=2)).to_be_focused()
    open_panel(page, "Layers")
    card(page).get_by_role("button", name="Close details").press("Enter")
    expect(map_list(page)).to_be_focused()


def test_in_a_small_window_the_card_of_a_step_waits_until_a_reader_asks_for_it(open_map: OpenMap) -> None:
    page = begin(open_map, viewport={"width": 1024, "height": 768})
    details = story(page).get_by_role("button", name="Details: Transit Center at Manas")
    title = card(page).get_by_role("heading", level=2)
    expect(title).to_be_hidden()
    details.focus()
    page.keyboard.press("Enter")
    expect(title).to_be_focused()
    page.keyboard.press("Escape")
    expect(title).to_be_hidden()
    page.mouse.click(*point_at(page, *read_place("bases", "base-manas")))
    settle(page)
    expect(title).to_have_text("Transit Center at Manas")
    expect(title).to_be_visible()
    story(page).get_by_role("button", name=f"Step 1: {STEPS[0]['title']}").click()
    expect(title).to_be_hidden()
    expect(details).to_be_visible()


def test_keys_leave_a_story_alone_that_is_folded_away(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&step=manas-closes", **CALM)
    page.get_by_role("button", name="Show or hide the side panel").click()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Escape")  # the card
    expect(card(page)).to_be_hidden()
    before = address_state(page)["step"]
    for key in ("ArrowRight", "Escape"):
        page.keyboard.press(key)
        page.wait_for_timeout(600)  # by then the address would tell
        assert address_state(page).get("step") == before


def test_arrow_keys_on_the_map_move_the_map(open_map: OpenMap) -> None:
    page = begin(open_map)
    page.evaluate("shyrdak.map.getContainer().focus()")
    page.keyboard.press("ArrowRight")
    settle(page)
    expect(heading(page)).to_have_text(STEPS[0]["title"])


def test_the_map_flies_where_motion_is_welcome(open_map: OpenMap) -> None:
    page = open_map("atlas", reduced_motion="no-preference")
    page.evaluate("window.zooms = new Set(); shyrdak.map.on('zoom', () => zooms.add(shyrdak.map.getZoom()))")
    open_panel(page, "Story")
    expect(card(page)).to_be_visible()
    wait_until(page, "shyrdak.map.getZoom() === 8.5 && !document.querySelector('.geo-flying')")
    assert page.evaluate("zooms.size") > 2, "it passes through zooms on its way"


def test_names_stay_away_while_the_map_flies(open_map: OpenMap) -> None:
    """Also where the time bar grows by a line on the way, and the map gets another size."""
    page = open_map("atlas", reduced_motion="no-preference")
    page.evaluate("""() => {
        window.seen = [];
        const flying = () => shyrdak.map.getContainer().classList.contains("geo-flying");
        for (const event of ["resize", "zoom"]) shyrdak.map.on(event, () => seen.push([event, flying()]));
    }""")
    page.get_by_role("button", name="Story", exact=True).click()
    wait_until(page, "shyrdak.map.getZoom() === 8.5 && !document.querySelector('.geo-flying')")
    seen = page.evaluate("seen")
    assert {event for event, _ in seen} == {"resize", "zoom"}  # how many of them, the speed of the machine says
    assert all(is_flying for _, is_flying in seen)


def test_on_a_phone_the_sheet_leaves_the_map_free_and_the_card_waits(open_map: OpenMap) -> None:
    page = begin(open_map, **PHONE)
    expect(card(page)).to_be_hidden()
    sheet = box_of(story(page))
    x, y = point_at(page, *read_place("bases", "base-kant"))
    assert 0 < x < 375
    assert y < sheet["y"]
    story(page).get_by_role("button", name="Details: Transit Center at Manas").click()
    expect(card(page)).to_be_visible()
    card(page).get_by_role("button", name="Close details").click()
    expect(heading(page)).to_be_visible()


def test_the_story_speaks_russian_and_kyrgyz(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&step=dams&lang=ru", **CALM)
    expect(page.get_by_role("heading", name="Плотины в верховьях")).to_be_visible()
    expect(page.locator(".geo-story-page")).to_contain_text("Шаг 5 из 12")
    page.locator(".geo-language").select_option("ky")
    expect(page.locator(".geo-story-page")).to_contain_text("Дарыялардын башындагы плотиналар")
    expect(page.locator(".geo-story-body")).to_contain_text("Таасир бетонго да куюлмак.")
    expect(page.locator(".geo-story-body .geo-language-tag")).to_have_count(0)


def test_a_map_without_a_story_has_no_button_for_it(open_map: OpenMap) -> None:
    page = open_map("energy", **CALM)
    expect(page.get_by_role("button", name="Story", exact=True)).to_have_count(0)


def test_the_whole_story_is_printed_with_pictures_and_sources(open_map: OpenMap) -> None:
    page = begin(open_map)
    wait_address(page, "step=two-bases")
    before = page.evaluate("location.hash")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    sheet = page.locator(".geo-handout")
    for step in STEPS:
        expect(sheet.get_by_role("heading", name=step["title"], exact=True)).to_be_visible()
    expect(sheet.locator("canvas")).to_have_count(len(STEPS))
    expect(sheet.locator(".geo-footnote")).to_have_count(sum(len(step["source"].split(";")) for step in STEPS))
    colours = page.evaluate(
        """() => [...document.querySelectorAll(".geo-handout canvas")].map((canvas) => {
            const ctx = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
            ctx.drawImage(canvas, 0, 0);
            const { data } = ctx.getImageData(0, 0, canvas.width, canvas.height);
            return new Set(new Uint32Array(data.buffer)).size;
        })"""
    )
    assert min(colours) > 100, "each picture shows a map"
    expect(page.locator(".geo-side")).to_be_hidden()
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    settle(page)
    expect(heading(page)).to_have_text(STEPS[0]["title"])
    expect(sheet).to_be_hidden()
    wait_until(page, "(hash) => location.hash === hash", before)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_printed_story_has_three_steps_on_a_sheet(language: str, open_map: OpenMap) -> None:
    page = open_map("atlas", f"#v1&step=two-bases&lang={language}", **CALM)
    sheets = re.search(rb"/Count (\d+)", page.pdf(prefer_css_page_size=True, print_background=True))
    assert sheets
    assert int(sheets[1]) == len(STEPS) / 3


def test_an_open_story_is_printed_whole_but_by_share_its_view(open_map: OpenMap) -> None:
    page = begin(open_map)
    page.evaluate("() => { window.print = () => dispatchEvent(new Event('beforeprint')); }")
    handout, view = page.locator(".geo-handout"), page.locator(".geo-print-map")

    def share_print() -> None:
        page.get_by_role("button", name="Download and share").click()
        page.get_by_role("dialog").get_by_role("button", name="Print").click()

    for act, shown, missing in ((share_print, view, handout), (lambda: page.evaluate("print()"), handout, view)):
        act()
        page.emulate_media(media="print")
        expect(shown).to_be_visible()
        expect(missing).to_be_hidden()
        expect(story(page)).to_be_hidden()
        page.emulate_media(media="screen")
        page.evaluate("dispatchEvent(new Event('afterprint'))")


def test_the_printed_view_of_a_story_is_as_high_from_a_low_screen(open_map: OpenMap) -> None:
    def height_from(screen: int) -> float:
        page = open_map("atlas", "#v1&step=china", viewport={"width": 1280, "height": screen}, **CALM)
        page.evaluate("window.print = () => dispatchEvent(new Event('beforeprint'))")
        page.get_by_role("button", name="Download and share").click()
        page.get_by_role("dialog").get_by_role("button", name="Print").click()
        page.emulate_media(media="print")
        return box_of(page.locator(".geo-print-map"))["height"]

    assert height_from(720) == height_from(900)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ru", "ky"])
def test_the_story_has_no_flaw_that_axe_finds(open_map: OpenMap, theme: str, language: str) -> None:
    page = open_map("atlas", f"#v1&step=two-bases&theme={theme}&lang={language}", **CALM)
    expect(card(page)).to_be_visible()
    assert find_violations(page) == []


def test_the_story_on_a_phone_has_no_flaw_that_axe_finds(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&step=eurasian-union", **{**CALM, **PHONE})
    expect(heading(page)).to_be_visible()
    assert find_violations(page) == []


def test_long_words_and_addresses_of_the_printed_story_break(open_map: OpenMap) -> None:
    page = begin(open_map)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    wraps = page.locator(".geo-handout :is(.geo-footnote, .geo-story-key li)").evaluate_all(
        "(parts) => [...new Set(parts.map((part) => getComputedStyle(part).overflowWrap))]"
    )
    assert wraps == ["anywhere"]


def test_printing_the_story_leaves_the_open_card_as_it_is(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&step=manas-closes&card=bases/base-manas", viewport={"width": 1280, "height": 500})
    body = page.locator(".geo-card-body")
    body.evaluate("(body) => { body.scrollTop = 120; }")
    view = read_view(page)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    settle(page)
    assert body.evaluate("(body) => body.scrollTop") == 120
    assert read_view(page) == view
