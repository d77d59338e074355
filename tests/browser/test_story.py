"""A reader is led through the atlas step by step, by button, arrow key and link, and takes the story away on paper."""

from __future__ import annotations

import csv
import itertools

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.reader import (
    LAYERS,
    PHONE,
    OpenMap,
    address_state,
    box_of,
    card,
    go_to,
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


def test_arrow_keys_and_next_lead_through_all_steps_with_symbols_and_sources_on_a_low_screen(open_map: OpenMap) -> None:
    """Such as a projector's: 1280 x 720. The symbols are in sight, and the search waits."""
    page = begin(open_map, viewport={"width": 1280, "height": 720})
    page.evaluate("shyrdak.map.getContainer().focus()")
    page.keyboard.press("ArrowRight")
    settle(page)
    expect(heading(page)).to_have_text(STEPS[0]["title"])  # the key is the map's there
    button = story(page).get_by_role("button", name="Next")
    button.click()
    expect(button).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="Step 2 of 12")).to_contain_text(STEPS[1]["title"])
    page.keyboard.press("ArrowLeft")
    for step in STEPS:
        expect(heading(page)).to_have_text(step["title"])
        expect(story(page).locator(".geo-footnote")).to_have_count(len(step["source"].split(";")))
        key = box_of(story(page).locator(".geo-story-key"))
        assert key["y"] > box_of(heading(page))["y"] + 100, step["title"]
        assert key["y"] + key["height"] <= box_of(story(page).locator(".geo-story-foot"))["y"] + 1, step["title"]
        page.keyboard.press("ArrowRight")
    settle(page)
    expect(heading(page)).to_have_text(STEPS[-1]["title"])  # and no further
    page.keyboard.press("ArrowLeft")
    expect(heading(page)).to_have_text(STEPS[-2]["title"])
    tabs = page.locator(".geo-tabs")
    before = box_of(tabs)["y"]
    page.keyboard.press("/")
    expect(page.get_by_role("combobox", name="Search")).to_be_focused()
    assert box_of(tabs)["y"] > before + 30, "it is there as one asks for it"


def test_the_time_bar_says_the_whole_period_of_a_step_after_one_of_a_year_and_the_month_after_that(
    open_map: OpenMap,
) -> None:
    page = begin(open_map)
    bar = time_bar(page)
    expect(bar.get_by_role("radio", name="Moment")).to_be_checked()
    page.keyboard.press("ArrowRight")
    expect(heading(page)).to_have_text(STEPS[1]["title"])
    expect(bar.get_by_role("radio", name="Period")).to_be_checked()
    fields = bar.get_by_role("textbox")
    expect(fields).to_have_count(2)
    for field, month in zip(fields.all(), STEPS[1]["time"].split("/"), strict=True):
        expect(field).to_have_value(month)
        assert field.evaluate("(field) => field.scrollWidth <= field.clientWidth"), "all of it is seen"
    step = STEPS[3]
    assert "/" not in step["time"]
    story(page).get_by_role("button", name=f"Step 4: {step['title']}").click()
    expect(heading(page)).to_have_text(step["title"])
    expect(bar.get_by_role("radio", name="Moment")).to_be_checked()
    expect(bar.get_by_role("textbox")).to_have_value(step["time"])


def test_a_step_says_what_its_symbols_widths_and_precisions_mean_on_the_page_and_on_paper(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&step=dams", **CALM)
    key = story(page).locator(".geo-story-key")
    for words in ("Hydropower plants", "Operating", "Under construction", "Suspended", "Announced"):
        expect(key).to_contain_text(words)
    go_to(page, "#v1&step=flights")
    expect(key).to_contain_text("Airport not given")
    expect(key).not_to_contain_text("no line")
    assert_two_columns(key)
    expect(key.locator(".geo-legend-width svg")).to_have_count(3)
    expect(key.locator(".geo-legend-width")).to_have_text("Flights a week2050100")
    hollow_and_dashed = {
        "two-bases": "PositionSettlement onlyApproximate",
        "spring-2010": "PositionSettlement only",
        "gas": "PositionSchematic",
    }
    for step, said in hollow_and_dashed.items():
        go_to(page, f"#v1&step={step}")
        expect(key.locator(".geo-legend-precision")).to_have_text(said)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    paper = page.locator(".geo-handout")
    expect(paper.locator(".geo-legend-width")).to_have_text("Flights a week2050100")
    expect(paper.locator(".geo-legend-size").first).to_contain_text("Population")
    for at, told in enumerate(STEPS):
        if said := hollow_and_dashed.get(told["id"], ""):
            expect(paper.locator("article").nth(at).locator(".geo-legend-precision")).to_have_text(said)


def assert_two_columns(key: Locator) -> None:
    """Of symbols, under the titles of their layers."""
    classes = key.locator("ul:not([class]) svg").all()
    middles = [box_of(symbol)["x"] + box_of(symbol)["width"] / 2 for symbol in classes]
    assert len({round(middle) for middle in middles}) == 2
    for layer in key.locator(":scope > li").all():
        title = box_of(layer.locator("strong"))
        assert all(box_of(symbol)["y"] >= title["y"] + title["height"] - 1 for symbol in layer.locator("svg").all())


def test_a_link_names_a_step_alone_whose_view_is_seen_beside_its_card(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&step=gas", **CALM)
    expect(heading(page)).to_have_text("A pipeline changes hands")
    expect(card(page).get_by_role("heading", level=2)).to_have_text("Gas from Uzbekistan to Kara-Suu and Osh")
    expect(layer_box(page, "Pipelines")).to_be_hidden()
    assert read_view(page)[0] > 5
    assert_view_is_free(page, STEPS[5])
    # Followed on the open page, too.
    go_to(page, "#v1&step=crimea-vote")
    expect(heading(page)).to_have_text("The vote on Crimea")
    expect(card(page).get_by_role("heading", level=2)).to_have_text("Kyrgyzstan")
    go_to(page, "#v1&step=two-bases")
    expect(card(page).get_by_role("heading", level=2)).to_have_text("Transit Center at Manas")
    assert_view_is_free(page, STEPS[0])


def assert_view_is_free(page: Page, step: dict[str, str]) -> None:
    """Between the column at the left and the card, both of them over the map."""
    free_px = page.evaluate("document.querySelector('.geo-card').getBoundingClientRect().left")
    west, south, east, north = (float(part) for part in step["view"].split())
    left, bottom = point_at(page, west, south)
    right, top = point_at(page, east, north)
    assert 344 < left < right < free_px, step["id"]
    assert 0 < top < bottom < 800, step["id"]


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


def test_who_comes_back_from_another_panel_sees_the_step_and_ends_the_story_where_the_reader_was(
    open_map: OpenMap,
) -> None:
    page = begin(open_map)
    open_panel(page, "Layers")
    expect(layer_box(page, "Military bases and sites")).to_be_checked()
    expect(layer_box(page, "Pipelines")).not_to_be_checked()
    open_panel(page, "Story")
    expect(heading(page)).to_have_text(STEPS[0]["title"])
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
    page = open_map("atlas", "#v1&step=two-bases", **CALM)
    views = [read_view(page)]
    for is_card_closed in (True, False):
        go_to(page, "#v1&step=two-bases")
        expect(card(page)).to_be_visible()
        assert read_view(page) == pytest.approx(views[0], abs=0.1)
        if is_card_closed:
            page.keyboard.press("Escape")
            expect(card(page)).to_be_hidden()
        story(page).get_by_role("button", name="End the story").click()
        settle(page)
        views.append(read_view(page))
    assert views[1] == pytest.approx(views[2], abs=0.1)
    assert views[1][0] < views[0][0]


def test_escape_closes_the_card_then_the_story_and_an_address_without_a_step_leaves_it(open_map: OpenMap) -> None:
    page = begin(open_map)
    page.keyboard.press("Escape")
    expect(card(page)).to_be_hidden()
    expect(story(page).get_by_role("button", name="Details: Transit Center at Manas")).to_be_visible()
    page.keyboard.press("Escape")
    expect(story(page)).to_be_hidden()
    expect(layer_box(page, "Pipelines")).to_be_checked()
    open_panel(page, "Story")
    expect(heading(page)).to_have_text(STEPS[0]["title"])
    go_to(page, "#v1&on=dams")
    expect(story(page)).to_be_hidden()
    open_panel(page, "Story")
    expect(heading(page)).to_have_text(STEPS[0]["title"])


def test_the_details_closed_by_keyboard_leave_the_focus_to_the_step_and_over_another_panel_to_the_map(
    open_map: OpenMap,
) -> None:
    page = open_map("atlas", "#v1&step=manas-closes", **CALM)
    title = card(page).get_by_role("heading", level=2)
    card(page).get_by_role("button", name="Close details").click()
    story(page).get_by_role("button", name="Details:").press("Enter")
    expect(title).to_be_focused()
    page.keyboard.press("Escape")
    expect(card(page)).to_be_hidden()
    expect(heading(page)).to_be_focused()
    story(page).get_by_role("button", name="Details:").press("Enter")
    expect(title).to_be_focused()
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


def test_the_map_flies_where_motion_is_welcome_and_names_stay_away_meanwhile(open_map: OpenMap) -> None:
    """Also where the time bar grows by a line on the way, and the map gets another size."""
    page = open_map("atlas", reduced_motion="no-preference")
    page.evaluate("""() => {
        window.zooms = new Set();
        window.seen = [];
        const { map } = shyrdak, flying = () => map.getContainer().classList.contains("geo-flying");
        map.on("zoom", () => zooms.add(map.getZoom()));
        for (const event of ["resize", "zoom"]) map.on(event, () => seen.push([event, flying()]));
    }""")
    open_panel(page, "Story")
    expect(card(page)).to_be_visible()
    wait_until(page, "shyrdak.map.getZoom() === 8.5 && !document.querySelector('.geo-flying')")
    assert page.evaluate("zooms.size") > 1, "it passes through zooms on its way"
    seen = page.evaluate("seen")
    assert {event for event, _ in seen} == {"resize", "zoom"}  # how many of them, the speed of the machine says
    assert all(is_flying for _, is_flying in seen)


def test_on_a_phone_the_sheet_leaves_the_map_free_the_card_waits_and_axe_finds_no_flaw(open_map: OpenMap) -> None:
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
    go_to(page, "#v1&step=eurasian-union")
    expect(heading(page)).to_have_text("Into the Eurasian union")
    assert find_violations(page) == []
    go_to(page, "#v1&on=dams")  # an address without a step
    expect(story(page)).to_be_hidden()
    open_panel(page, "Story")
    expect(heading(page)).to_have_text(STEPS[0]["title"])


def test_the_story_speaks_russian_and_kyrgyz(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&step=dams&lang=ru", **CALM)
    expect(page.get_by_role("heading", name="Плотины в верховьях")).to_be_visible()
    expect(page.locator(".geo-story-page")).to_contain_text("Шаг 5 из 12")
    page.locator(".geo-language").select_option("ky")
    expect(page.locator(".geo-story-page")).to_contain_text("Дарыялардын башындагы плотиналар")
    expect(page.locator(".geo-story-body")).to_contain_text("Таасир бетонго да куюлмак.")
    expect(page.locator(".geo-story-body .geo-language-tag")).to_have_count(0)


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
    wraps = sheet.locator(":is(.geo-footnote, .geo-story-key li)").evaluate_all(
        "(parts) => [...new Set(parts.map((part) => getComputedStyle(part).overflowWrap))]"
    )
    assert wraps == ["anywhere"], "long words and addresses break"
    expect(page.locator(".geo-side")).to_be_hidden()
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    settle(page)
    expect(heading(page)).to_have_text(STEPS[0]["title"])
    expect(sheet).to_be_hidden()
    wait_until(page, "(hash) => location.hash === hash", before)


def test_an_open_story_is_printed_whole_but_by_share_its_view_as_high_from_a_low_screen(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&step=china", viewport={"width": 1280, "height": 720}, **CALM)
    page.evaluate("() => { window.print = () => dispatchEvent(new Event('beforeprint')); }")
    handout, view = page.locator(".geo-handout"), page.locator(".geo-print-map")

    def share_print() -> None:
        page.get_by_role("button", name="Download and share").click()
        page.get_by_role("dialog").get_by_role("button", name="Print").click()

    def show_print(shown: Locator, missing: Locator) -> float:
        page.emulate_media(media="print")
        expect(shown).to_be_visible()
        expect(missing).to_be_hidden()
        expect(story(page)).to_be_hidden()
        height = box_of(shown)["height"]
        page.emulate_media(media="screen")
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        return height

    share_print()
    low = show_print(view, handout)
    page.evaluate("print()")
    show_print(handout, view)
    page.set_viewport_size({"width": 1280, "height": 900})
    go_to(page, "#v1&step=china")
    share_print()
    assert show_print(view, handout) == low


def test_the_story_has_no_flaw_that_axe_finds_in_any_language_and_theme(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&step=two-bases", **CALM)
    for language, theme in itertools.product(("en", "ru", "ky"), ("light", "dark")):
        go_to(page, f"#v1&step=two-bases&theme={theme}&lang={language}")
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("html")).to_have_attribute("data-geo-theme", theme)
        expect(card(page)).to_be_visible()
        assert find_violations(page) == [], (language, theme)


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
