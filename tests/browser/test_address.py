"""A reader keeps or sends the address: the whole state is behind its #, for a reload or another window."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Frame, Page, expect

from geo.pipeline.build import folium_map
from tests.browser.reader import (
    LAYERS,
    PHONE,
    OpenMap,
    address_state,
    box_of,
    card,
    count_stated,
    download,
    go_to,
    layer_box,
    layer_row,
    open_panel,
    point_at,
    read_place,
    read_rows,
    read_view,
    settle,
    type_date,
    wait_for,
    wait_painted,
    wait_until,
)
from tests.conftest import OpenPage

pytestmark = pytest.mark.browser


def all_of(page: Page) -> dict[str, object]:
    """What the state looks like to a reader, the view aside."""
    open_panel(page, "Layers" if page.locator("html[lang=en]").count() else "Слои")
    return {
        "boxes": page.locator(".geo-tree input[type=checkbox]").evaluate_all(
            "(boxes) => boxes.map((box) => box.checked)"
        ),
        "count": page.locator(".geo-shown").inner_text(),
        "chips": page.locator(".geo-chip").all_inner_texts(),
        "card": card(page).get_by_role("heading", level=2).all_inner_texts(),
        "date": page.locator(".geo-time-field").first.input_value(),
        "theme": page.evaluate("document.documentElement.dataset.geoTheme"),
        "language": page.evaluate("document.documentElement.lang"),
        "title": page.title(),
    }


def change_everything(page: Page) -> None:
    layer_box(page, "Pipelines").uncheck()
    layer_box(page, "Events").check()
    row = layer_row(page, "Hydropower plants")
    row.get_by_role("button", name="Options:").click()
    row.get_by_role("slider").fill("0.5")
    open_panel(page, "Filters")
    page.get_by_role("checkbox", name="Operating").locator("visible=true").first.check()
    type_date(page, "2010-05")
    page.get_by_role("combobox", name="Search").fill("naryn")
    page.get_by_role("combobox", name="Search").press("Escape")
    page.get_by_role("combobox", name="Theme").select_option(label="Dark")
    page.get_by_role("combobox", name="Language").select_option(label="Русский")
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    page.evaluate("shyrdak.map.setView([41.5, 73.25], 7.5, { animate: false })")
    wait_until(page, "location.hash.includes('at=7.5/41.5/') && location.hash.includes('lang=ru')")


def test_the_whole_state_is_a_short_address_and_survives_a_reload_and_another_window(open_map: OpenMap) -> None:
    page = open_map("energy", "#v1&card=dams/dam-toktogul")
    change_everything(page)
    assert set(address_state(page)) >= {"at", "on", "alpha", "t", "q", "card", "lang", "theme"}
    assert len(page.evaluate("location.hash")) < 300
    before = all_of(page)
    page.reload()
    wait_painted(page)
    other = open_map("energy", page.evaluate("location.hash"), locale="ky")
    for again in (page, other):
        assert all_of(again) == before
        assert read_view(again) == pytest.approx([7.5, 41.5, 73.25], abs=0.01)


def test_only_what_was_changed_is_in_the_address_and_kept_over_a_reload(open_map: OpenMap) -> None:
    page = open_map("energy")
    layer_box(page, "Events").check()
    wait_until(page, "location.hash.includes('on=')")
    assert set(address_state(page)) == {"at", "on"}
    page.get_by_role("button", name="None", exact=True).click()
    wait_until(page, "/on=(&|$)/.test(location.hash)")
    page.reload()
    wait_painted(page)
    assert count_stated(page)[0] == 0


def test_of_a_broken_address_the_good_parts_count_and_the_rest_is_said(open_map: OpenMap) -> None:
    broken = {
        "#v1&t=soon": "t",
        "#v1&on=castles": "on",
        "#v1&card=bases/atlantis": "card",
        "#v1&at=a/b/c": "at",
        "#v1&at=5/95/700": "at",
        "#v1&f.colour=red": "f.colour",
        "#v1&q=%E0%A4%A": "q",
        "#v1&nonsense": "nonsense",
        "#v99&on=bases": "v99",
        "#top": "top",
    }
    page = open_map("security", "#v1&on=bases,castles&t=2010&theme=dark")
    note = page.locator(".geo-note")
    expect(note).to_contain_text("left out: on")
    expect(page.locator(".geo-time-field").first).to_have_value("2010")
    expect(page.locator("html")).to_have_attribute("data-geo-theme", "dark")
    wait_until(page, "!location.hash.includes('castles')")
    for fragment, part in broken.items():
        page.evaluate("(fragment) => { location.hash = fragment; }", fragment)
        expect(note, fragment).to_contain_text(f"left out: {part}")
        expect(note).to_be_visible()
        wait_until(page, "(broken) => location.hash !== broken", fragment)
        assert count_stated(page)[0] > 0
        zoom, lat, lon = read_view(page)
        assert 2 <= zoom <= 13
        assert -90 < lat < 90
        assert -180 < lon < 180
    # No more is said than can be read.
    page.evaluate("(parts) => { location.hash = `v1&${parts.join('&')}`; }", ["a", "a", "b" * 2000, *"cdefg"])
    expect(note).to_contain_text(f"left out: a, {'b' * 30}…, c, d, e, …")
    page.evaluate("location.hash = '#v1&q=%&q=%'")
    expect(note).to_have_text(re.compile("left out: q$"))


def test_an_address_of_another_kind_changes_nothing(open_map: OpenMap) -> None:
    page = open_map("security", "#v1&on=bases&t=2010&f.country=KGZ&q=manas&card=bases/base-manas")
    before = all_of(page)
    for fragment, part in (("#v99&on=border_posts", "v99"), ("#top", "top")):
        page.evaluate("(fragment) => { location.hash = fragment; }", fragment)
        expect(page.locator(".geo-note")).to_contain_text(f"left out: {part}")
        wait_until(page, "location.hash.includes('on=bases')")
        assert all_of(page) == before, fragment
        assert set(address_state(page)) == {"at", "on", "t", "f.country", "q", "card"}, fragment


def test_a_link_followed_on_the_open_page_is_not_lost_and_keeps_the_language_chosen(open_map: OpenMap) -> None:
    page = open_map("security", "#v1&on=bases&t=2010")
    bases, posts = layer_box(page, "Military bases and sites"), layer_box(page, "Border posts")
    page.evaluate("location.hash = '#v1&on=border_posts&at=6/42/74'")
    expect(posts).to_be_checked()
    expect(bases).not_to_be_checked()
    expect(page.locator(".geo-time-field").first).to_have_value("")
    assert read_view(page) == pytest.approx([6, 42, 74], abs=0.01)
    # While the address is written.
    page.evaluate("() => { location.hash = '#v1&on=bases'; history.replaceState(null, '', '#v1&on=border_posts'); }")
    expect(bases).to_be_checked()
    expect(posts).not_to_be_checked()
    wait_until(page, "location.hash.includes('on=bases')")
    page.get_by_role("combobox", name="Language").select_option(label="Русский")
    page.evaluate("location.hash = '#v1&on=border_posts'")
    expect(page.locator(".geo-shown")).to_contain_text(f"Показано {len(read_rows('border_posts'))} ")
    wait_until(page, "location.hash.includes('on=border_posts&lang=ru')")


def test_a_card_without_a_view_shows_its_place_at_once_and_on_the_open_page(open_map: OpenMap) -> None:
    page = open_map("security", "#v1&card=bases/base-kant", reduced_motion="reduce")
    for case in ("at once", "on the open page"):
        expect(card(page).get_by_role("heading", level=2)).to_have_text("Kant air base")
        settle(page)
        x, y = point_at(page, *read_place("bases", "base-kant"))
        stage = box_of(page.locator(".geo-stage"))
        assert stage["x"] < x < box_of(card(page))["x"], case
        assert stage["y"] < y < stage["y"] + stage["height"], case
        card(page).get_by_role("button", name="Close").click()
        page.evaluate("shyrdak.map.setView([55, 40], 8, { animate: false })")
        go_to(page, "#v1&card=bases/base-kant")


WIDE: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
FLAT = {**PHONE, "viewport": {"width": 812, "height": 375}}
TABLET = {"viewport": {"width": 768, "height": 1024}}


def read_free(page: Page) -> list[float]:
    """Give zoom, latitude and longitude of the middle of what card and sheet leave of the map."""
    free: list[float] = page.evaluate(
        """() => {
            const { map } = shyrdak, stage = map.getContainer().getBoundingClientRect();
            let [left, top, right, bottom] = [stage.left, stage.top, stage.right, stage.bottom];
            const isPhone = matchMedia("(max-width: 640px), (max-height: 480px)").matches;
            if (isPhone) top += 54;
            for (const node of document.querySelectorAll("#geo-card, #geo-story")) {
                const over = node.getBoundingClientRect();
                if (!over.width || over.right <= stage.left + 2) continue;
                if (over.left > stage.left + 100) right = Math.min(right, over.left);
                else bottom = Math.min(bottom, over.top);
            }
            const middle = [(left + right) / 2 - stage.left, (top + bottom) / 2 - stage.top];
            const { lat, lng } = map.containerPointToLatLng(middle);
            return [map.getZoom(), lat, lng];
        }"""
    )
    return free


def wait_written(page: Page) -> str:
    """Wait until the address is still, and give it."""
    last, now = "", str(page.evaluate("location.hash"))
    while last != now or "at=" not in now:
        page.wait_for_timeout(900)
        last, now = now, str(page.evaluate("location.hash"))
    return now


def test_another_screen_has_in_the_middle_of_what_is_free_what_the_sender_had(open_map: OpenMap) -> None:
    gas, flight, kant = "#v1&step=gas", "#v1&step=manas-closes", "#v1&card=bases/base-kant"
    page = open_map("atlas", gas, reduced_motion="reduce", **PHONE)
    sent = {}
    for fragment in (gas, flight, kant):
        go_to(page, fragment)
        page.evaluate("shyrdak.map.panBy([20, 15], { animate: false })")
        sent[fragment] = wait_written(page), read_free(page), read_view(page)
    wide, flat, tablet, phone = (
        open_map("atlas", sent[fragment][0], reduced_motion="reduce", **screen)
        for screen, fragment in ((WIDE, gas), (FLAT, flight), (TABLET, gas), (PHONE, kant))
    )

    def assert_alike(other: Page, fragment: str, case: str) -> None:
        settle(other)
        _, (zoom, lat, lon), _ = sent[fragment]
        assert read_free(other) == pytest.approx([zoom, lat, lon], abs=24 * 360 / 256 / 2**zoom), case

    assert_alike(wide, gas, "wide step")
    assert_alike(flat, flight, "flat step")
    assert_alike(tablet, gas, "tablet step")
    assert_alike(phone, kant, "phone card")
    _, (zoom, *_), view = sent[kant]
    assert read_view(phone) == pytest.approx(view, abs=360 / 256 / 2**zoom)
    go_to(wide, sent[kant][0])
    assert_alike(wide, kant, "wide card")


# As on a slow machine the address is written before the card is there.
SLOW_FRAMES = """{
    const frame = requestAnimationFrame;
    window.requestAnimationFrame = (go) => setTimeout(() => frame(go), 150);
}"""


@pytest.mark.parametrize("screen", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_reload_gives_the_very_same_view(screen: dict[str, Any], open_map: OpenMap) -> None:
    options = {"reduced_motion": "reduce", "init_script": SLOW_FRAMES, **screen}
    page = open_map("security", "#v1&at=8/42.85/74.85&card=bases/base-kant", **options)
    page.evaluate("shyrdak.map.panBy([-555, 123], { animate: false })")  # the feature of the card is out of sight
    link, before = wait_written(page), read_view(page)
    page.reload()
    wait_painted(page)
    assert wait_written(page) == link
    assert read_view(page) == pytest.approx(before, abs=0.0002)


def test_a_link_from_a_wider_screen_shows_the_feature_of_its_card(open_map: OpenMap) -> None:
    beside, whole = (f"#v1&at=8/42.85/72.5{rest}&card=bases/base-kant" for rest in ("/beside", ""))
    page = open_map("security", beside, reduced_motion="reduce", **PHONE)
    assert_free(page, "bases", "base-kant")
    for width, height, link in ((768, 1024, beside), (812, 375, whole)):
        card(page).get_by_role("button", name="Close").click()
        page.set_viewport_size({"width": width, "height": height})
        go_to(page, link)
        assert_free(page, "bases", "base-kant")


def assert_free(page: Page, layer: str, key: str) -> None:
    """A place is on the map, and neither card nor sheet lies over it."""
    settle(page)
    settle(page)
    x, y = point_at(page, *read_place(layer, key))
    assert page.evaluate(
        "([x, y]) => Boolean(document.elementFromPoint(x, y)?.closest('.geo-stage > .folium-map'))", [x, y]
    )


def test_a_phone_that_is_turned_keeps_the_subject_of_card_and_step_in_sight(open_map: OpenMap) -> None:
    page = open_map("atlas", "", reduced_motion="reduce", **PHONE)
    for fragment, key in (("#v1&card=bases/base-kant", "base-kant"), ("#v1&step=manas-closes", "base-manas")):
        go_to(page, fragment)
        wait_written(page)
        before = read_free(page)
        for width, height in ((812, 375), (1280, 800), (768, 1024), (375, 812)):
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_timeout(700)
            assert_free(page, "bases", key)
        assert read_free(page) == pytest.approx(before, abs=0.3)


def test_the_address_of_firefox_and_chromium_is_one(open_map_everywhere: OpenMap) -> None:
    page = open_map_everywhere(
        "security", "#v1&at=6/42/74&on=bases&t=2001/2014&undated=hide&card=bases/base-kant&theme=dark"
    )
    expect(card(page).get_by_role("heading", level=2)).to_have_text("Kant air base")
    settle(page)
    page.evaluate("shyrdak.map.setView([42.5, 74.5], 6.5, { animate: false })")
    wait_until(page, "location.hash.includes('at=6.5/42.5/')")
    assert address_state(page) == {
        "at": "6.5/42.5/71.6723/beside",
        "on": "bases",
        "t": "2001/2014",
        "undated": "hide",
        "card": "bases/base-kant",
        "theme": "dark",
    }


def open_in_notebook(tmp_path: Path, open_page: OpenPage) -> Frame:
    """Open a map as a notebook shows it: in a frame that has no address of its own."""
    notebook = tmp_path / "notebook.html"
    frame_html = folium_map(LAYERS, "security")._repr_html_()
    notebook.write_text(f"<!DOCTYPE html><meta charset=utf-8>{frame_html}", encoding="utf-8")
    return open_page(notebook, viewport={"width": 1280, "height": 800}, locale="en").page.frames[1]


def test_in_a_notebooks_frame_the_state_is_kept_and_no_link_is_offered_or_given(
    tmp_path: Path, open_page: OpenPage
) -> None:
    frame = open_in_notebook(tmp_path, open_page)
    box = frame.get_by_role("checkbox", name="Border posts")
    box.uncheck()
    frame.page.wait_for_timeout(600)  # the address would follow now
    expect(box).not_to_be_checked()
    expect(frame.locator(".geo-shown")).to_contain_text(f"{len(read_rows('bases'))} of")
    frame.get_by_role("combobox", name="Search").fill("koy-sary")
    frame.get_by_role("listbox", name="Search results").get_by_role("option").first.click()
    card_actions = frame.locator(".geo-card-actions").get_by_role("button")
    expect(card_actions).to_have_text(["Cite", "Zoom to"])
    frame.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    card_actions.first.click()
    expect(frame.locator(".geo-note")).to_have_text("Copied")
    assert "about:" not in frame.evaluate("window.copied")
    frame.get_by_role("button", name="Download and share").click()
    choices = frame.get_by_role("dialog").locator("li")
    expect(choices).to_contain_text(["Picture", "Table", "Map data", "Print"])
    _, content = download(frame.page, choices.nth(2).get_by_role("button"))
    assert set(json.loads(content)) == {"type", "name", "edition", "licence", "layers", "features", "sources"}


def test_a_page_around_the_map_that_lets_nothing_through_is_told_of(
    maps: Path, tmp_path: Path, open_page: OpenPage
) -> None:
    around = tmp_path / "course 7.html"
    map_address = (maps / "security.html").as_uri()
    around.write_text(f'<!DOCTYPE html><iframe sandbox="allow-scripts" width="1000" height="700" src="{map_address}">')
    visit = open_page(around, locale="en")
    frame = visit.page.frames[1]
    note = frame.locator(".geo-note")
    for choice, told in (("Table", "If no file came"), ("Print", "does not let it print")):
        frame.get_by_role("button", name="Download and share").click()
        frame.get_by_role("dialog").get_by_role("button", name=choice).click()
        expect(note).to_contain_text(told)
    assert any("print()" in line for line in visit.messages), "what the browser says of it"
    visit.messages.clear()


def test_a_link_without_an_order_of_layers_has_the_maps_own(open_map: OpenMap) -> None:
    shown = "#v1&at=4/45/80&on=countries,eeu,sco"
    page = open_map("alignment", f"{shown}&theme=light")

    def paint() -> str:
        """What the layers alone have drawn."""
        canvases = "[...document.querySelectorAll('.leaflet-geo-data-pane canvas')]"
        drawn: str = page.evaluate(f"{canvases}.map((canvas) => canvas.style.transform + canvas.toDataURL()).join()")
        page.wait_for_timeout(300)
        return drawn

    wait_for(page, lambda: paint() == paint(), "the map is at rest")
    own = paint()
    order = page.evaluate("[...shyrdak.layers.keys()].reverse().join()")
    go_to(page, f"{shown}&theme=light&order={order}")
    wait_for(page, lambda: paint() != own, "the order of the link is seen")
    go_to(page, f"{shown}&theme=light&undated=show")
    wait_for(page, lambda: paint() == own, "the map's own order is back")
