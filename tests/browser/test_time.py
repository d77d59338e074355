"""A reader moves through time: one slider for all layers, dates typed, steps, play, and what is said of the undated."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from geo.check.dates import parse_date
from geo.pipeline.build import build_atlas
from tests.browser.reader import (
    PHONE,
    OpenMap,
    address_state,
    box_of,
    card,
    count_stated,
    go_to,
    is_undated,
    is_valid,
    layer_box,
    open_panel,
    read_paint,
    read_place,
    read_rows,
    settle,
    table_names,
    time_bar,
    type_date,
    wait_painted,
    wait_until,
    words,
)
from tests.conftest import OpenPage
from tests.small import write_atlas

pytestmark = pytest.mark.browser

BASES = "#v1&on=bases"
KANT, MANAS = "Kant air base", "Transit Center at Manas"


def expected_names(layer: str, first: str, last: str = "") -> list[str]:
    """The rows that a period shows, the undated among them: they are faded, not hidden."""
    return sorted(row["name"] for row in read_rows(layer) if is_undated(row) or is_valid(row, first, last))


def test_each_date_shows_what_the_table_says_and_the_bars_count_it(open_map: OpenMap) -> None:
    """Kant comes and stays, Manas comes and goes, as all the others do."""
    page = open_map("security", BASES)
    open_panel(page, "Table")
    for date, kant, manas in (
        ("2001-11", False, False),
        ("2001", False, True),
        ("2001-12", False, True),
        ("2003-09-30", False, True),
        ("2003-10", True, True),
        ("2003", True, True),
        ("2010", True, True),
        ("2014-06-03", True, True),
        ("2014-06-04", True, False),
        ("2014", True, True),
        ("2015", True, False),
        ("2024", True, False),
    ):
        type_date(page, date)
        names = table_names(page)
        assert (KANT in names, MANAS in names) == (kant, manas), date
    for year in range(1955, 2025, 3):
        type_date(page, str(year))
        assert sorted(table_names(page)) == expected_names("bases", str(year)), year
    type_date(page, "")
    rows = read_rows("bases")
    assert sorted(table_names(page)) == sorted(row["name"] for row in rows)
    heights, dated = read_bars(page), [row for row in rows if not is_undated(row)]
    for year in range(1960, 2025, 8):
        assert heights.get(year, 0) == sum(is_valid(row, str(year)) for row in dated), year


def read_bars(page: Page) -> dict[int, int]:
    """Give how many features the bars of the slider count, by year."""
    first = int(time_bar(page).get_by_role("slider").last.get_attribute("min") or 0)
    paths = time_bar(page).locator("svg path")
    heights = {}
    for path in paths.evaluate_all("(paths) => paths.map((path) => path.getAttribute('d') ?? '')"):
        for at, height in re.findall(r"M(-?[\d.]+) [\d.]+v-([\d.]+)h", path):
            heights[first + round(float(at) + 0.42)] = int(float(height))
    return heights


def test_one_slider_moves_all_layers_and_names_those_without_dates(open_map: OpenMap) -> None:
    """Border posts and votes stay as they are; bases have dates, remittances the value of the year."""
    page = open_map("atlas", "#v1&on=pipelines,dams,events")
    type_date(page, "1975")
    dated = [row for layer in ("pipelines", "dams", "events") for row in read_rows(layer)]
    assert count_stated(page)[0] == sum(is_undated(row) or is_valid(row, "1975") for row in dated)
    go_to(page, "#v1&on=bases,border_posts,countries,remittances")
    line = page.locator(".geo-time-untold")
    expect(line).to_be_empty()
    type_date(page, "1930")
    expect(line).to_have_text(re.compile("^Not filtered by time: .*Border posts"))
    expect(line).to_contain_text("24 countries: vote on UN resolution")
    for title in ("Military bases", "Remittances"):
        expect(line).not_to_contain_text(title)
    layer_box(page, "Border posts").uncheck()
    expect(line).not_to_contain_text("Border posts")
    page.get_by_role("button", name="Reset").click()
    expect(line).to_be_empty()


def test_arrow_keys_and_brackets_are_a_step_in_time_from_before_the_data_to_its_first_year(open_map: OpenMap) -> None:
    page = open_map("security", f"{BASES}&t=2003-10")
    open_panel(page, "Table")
    assert KANT in table_names(page)
    page.keyboard.press("[")
    settle(page)
    assert KANT not in table_names(page), "a month earlier"
    page.keyboard.press("]")
    settle(page)
    assert KANT in table_names(page)
    wait_until(page, "location.hash.includes('t=2003-10')")
    type_date(page, "2003")
    slider = time_bar(page).get_by_role("slider").last
    slider.focus()
    page.keyboard.press("ArrowLeft")
    settle(page)
    assert KANT not in table_names(page)
    expect(slider).to_have_attribute("aria-valuetext", "2002")
    page.keyboard.press("ArrowRight")
    settle(page)
    assert KANT in table_names(page)
    field, first = time_bar(page).get_by_role("textbox").first, slider.get_attribute("min") or ""
    for key in ("[", "]", "Play"):
        go_to(page, f"{BASES}&t=1850")
        expect(field).to_have_value("1850")
        if key == "Play":
            time_bar(page).get_by_role("button", name=key).click()
        else:
            slider.press(key)
        expect(field).to_have_value(first)
    expect(time_bar(page).get_by_role("button", name="Pause")).to_be_visible()


def test_where_the_time_bar_is_closed_brackets_step_by_the_time_that_is_shown(open_map: OpenMap) -> None:
    page = open_map("security", f"{BASES}&t=2001/2010", **PHONE)
    go_to(page, f"{BASES}&t=2005")
    page.keyboard.press("]")
    wait_until(page, "location.hash.includes('t=2006')")
    assert address_state(page)["t"] == "2006", "a moment, not a period of one year"


def test_a_period_shows_what_overlaps_any_part_of_it_and_is_typed_as_it_is_said(open_map: OpenMap) -> None:
    page = open_map("security", BASES)
    open_panel(page, "Table")
    period, fields = time_bar(page).get_by_role("radio", name="Period"), time_bar(page).get_by_role("textbox")
    period.check()
    settle(page)
    expect(fields).to_have_count(2)
    fields.last.fill("2003-09")
    fields.last.press("Enter")
    fields.first.fill("1990")
    fields.first.press("Enter")
    settle(page)
    names = sorted(table_names(page))
    assert names == expected_names("bases", "1990", "2003-09")
    assert MANAS in names
    assert KANT not in names
    go_to(page, BASES)
    expect(period).not_to_be_checked()
    type_date(page, "1991-2001")
    expect(period).to_be_checked()
    wait_until(page, "location.hash.includes('t=1991/2001')")
    time_bar(page).get_by_role("radio", name="All dates").check()
    settle(page)
    type_date(page, "October 2003")
    wait_until(page, "location.hash.includes('t=2003-10')")
    for text in ("0", "-5", "2200"):  # beyond the slider
        type_date(page, text)
        expect(page.locator(".geo-note")).to_have_text(re.compile(r"^This map has dates of 19\d\d – 20\d\d\.$"))
    wait_until(page, "location.hash.includes('t=2003-10')")


def test_a_handle_leaves_the_other_end_of_a_period_alone_and_one_year_opens_either_way(open_map: OpenMap) -> None:
    page = open_map("security", f"{BASES}&t=2003-10/2005-03")
    ends = time_bar(page).get_by_role("slider")
    for handle, key, chosen, left in (
        (1, "ArrowRight", "2003-10/2005-03", "2003-10/2006-12"),
        (0, "ArrowLeft", "2003/2200", "2002/2200"),
    ):
        go_to(page, f"{BASES}&t={chosen}")
        ends.nth(handle).press(key)
        wait_until(page, "(before) => !location.hash.includes(before)", chosen)
        assert address_state(page)["t"] == left, chosen
    for px, period in ((-60, r"^(?:199|200)\d/2009$"), (60, r"^2009/20\d\d$")):
        go_to(page, f"{BASES}&t=2009/2009")
        expect(time_bar(page).get_by_role("radio", name="Period")).to_be_checked()
        expect(ends.first).to_have_value("2009")
        expect(ends.last).to_have_value("2009")
        box = box_of(ends.last)
        first, last = (int(ends.last.get_attribute(end) or 0) for end in ("min", "max"))
        x = box["x"] + 9 + (box["width"] - 18) * (2009 - first) / (last - first)  # the thumb is 18 px wide
        y = box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + px, y, steps=5)
        page.mouse.up()
        wait_until(page, "!location.hash.includes('2009/2009')")
        assert re.match(period, address_state(page)["t"]), px


def test_what_is_no_date_is_refused_half_a_date_stays_and_a_date_is_said_and_taken_off(open_map: OpenMap) -> None:
    page = open_map("security", BASES)
    field, before = time_bar(page).get_by_role("textbox").first, count_stated(page)
    type_date(page, "2014-13")
    expect(page.locator(".geo-note")).to_contain_text("not a date")
    assert count_stated(page) == before
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill("2010")
    page.evaluate("document.querySelector('.geo-tree input[type=checkbox]').click()")  # which the panels follow
    settle(page)
    settle(page)
    assert field.input_value() == "2010"
    field.press("Enter")
    settle(page)
    assert wait_until(page, "location.hash.includes('t=2010')")
    go_to(page, BASES)
    type_date(page, "2003-10")
    expect(page.get_by_role("status")).to_contain_text("October 2003")
    page.get_by_role("button", name="Remove filter: October 2003").click()
    settle(page)
    assert count_stated(page)[0] == len(read_rows("bases"))
    expect(time_bar(page).get_by_label("All dates").first).to_be_visible()


def test_a_period_without_one_end_goes_on_to_the_data_s_and_none_ends_before_it_begins(open_map: OpenMap) -> None:
    page = open_map("security", f"{BASES}&t=2000/2010")
    bar = time_bar(page)
    fields, note = bar.get_by_role("textbox"), page.locator(".geo-note")
    for end, side in enumerate(("min", "max")):
        go_to(page, f"{BASES}&t=2000/2010")
        covered = bar.get_by_role("slider").first.get_attribute(side)
        fields.nth(end).fill("")
        fields.nth(end).press("Enter")
        expect(fields.nth(end)).to_have_value(covered or "")
        expect(fields.nth(1 - end)).to_have_value(["2010", "2000"][end])
    go_to(page, f"{BASES}&t=2014/2016")
    fields.last.fill("2010")
    fields.last.press("Enter")
    expect(note).to_have_text(words("en")["time_reversed"])
    noted = box_of(note)
    assert noted["y"] + noted["height"] < box_of(fields.last)["y"], "the note lies over what it speaks of"
    fields.last.fill("2015")
    fields.last.press("Enter")
    settle(page)
    expect(note).to_be_hidden(timeout=2000)  # by itself it would stay for 4 s
    expect(fields.last).not_to_have_attribute("aria-invalid", "true")


def test_undated_features_are_faded_shown_or_hidden_as_the_reader_likes(open_map: OpenMap) -> None:
    undated = [row for row in read_rows("bases") if is_undated(row)]
    assert undated, "else this test says nothing"
    lon, lat = read_place("bases", undated[0]["id"])
    page = open_map("security", f"{BASES}&at=10/{lat}/{lon}")
    type_date(page, "2010")
    count = count_stated(page)[0]
    *_, faded = read_paint(page, lon, lat)
    choice = time_bar(page).get_by_role("combobox")
    choice.select_option(label="hidden")
    settle(page)
    assert count_stated(page)[0] == count - len(undated)
    choice.select_option(label="shown")
    settle(page)
    assert count_stated(page)[0] == count
    *_, shown = read_paint(page, lon, lat)
    assert 0 < faded < 0.5 * shown


@pytest.mark.parametrize("valid_from", ["2001", ""])
def test_undated_features_are_spoken_of_where_there_are_some(
    valid_from: str, tmp_path: Path, open_page: OpenPage
) -> None:
    table = f"id,name,valid_from\na,A,2000\nb,B,{valid_from}\nc,C,2002\n"
    build_atlas(write_atlas(tmp_path, l_csv=table), tmp_path / "maps")
    page = open_page(tmp_path / "maps" / "m.html", "#v1&t=2001", locale="en").page
    wait_painted(page)
    expect(time_bar(page).get_by_text("Undated")).to_have_count(0 if valid_from else 1)


def test_play_moves_on_pauses_and_at_the_end_begins_again_with_a_period_as_long(open_map: OpenMap) -> None:
    page = open_map("security", f"{BASES}&t=2010")
    play, pause = (time_bar(page).get_by_role("button", name=name) for name in ("Play", "Pause"))
    fields = time_bar(page).get_by_role("textbox")
    play.click()
    expect(fields.first).not_to_have_value("2010")
    pause.click()
    expect(play).to_be_visible()
    assert 2011 <= int(fields.first.input_value()) < 2024
    go_to(page, f"{BASES}&t=2002/2024")
    expect(fields).to_have_count(2)
    play.click()
    pause.click()
    expect(time_bar(page).get_by_role("radio", name="Period")).to_be_checked()
    settle(page)
    first, last = (int(field.input_value()) for field in fields.all())
    assert last - first == 22
    assert 1955 <= last < 1965  # the first base begins in 1956; some steps on


def test_play_starts_before_the_first_change_of_what_is_shown_and_ends_after_the_last(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&on=bases")
    play, field = time_bar(page).get_by_role("button", name="Play"), time_bar(page).get_by_role("textbox").first
    for shown, year in (("bases", "1955"), ("remittances", "2008"), ("flight_routes", "2014")):
        go_to(page, f"#v1&on={shown}")  # all dates
        play.click()
        expect(field, shown).to_have_value(year)
    go_to(page, "#v1&on=flight_routes&t=2015")
    play.click()
    expect(time_bar(page).get_by_role("button", name="Pause")).to_be_visible()
    expect(play).to_be_visible()
    expect(field).to_have_value("2016")


def test_where_nothing_shown_changes_play_says_so_and_the_years_of_a_series_have_bars(open_map: OpenMap) -> None:
    page = open_map("alignment")  # with the vote, which is of one day
    play, reason = time_bar(page).get_by_role("button", name="Play"), words("en")["time_still"]
    expect(play).to_be_disabled()
    expect(play).to_have_attribute("title", reason)
    play.press("Enter")
    expect(page.get_by_role("status")).to_have_text(reason)
    expect(page.locator(".geo-time")).to_have_attribute("data-mode", "all")
    layer_box(page, "Remittances, % of GDP").check()
    expect(play).to_be_enabled()
    go_to(page, "#v1&on=remittances&t=2005")
    bars = page.locator(".geo-time-track .geo-bars path")
    expect(bars.first).to_have_attribute("d", re.compile(r"^M"))
    layer_box(page, "Remittances, % of GDP").uncheck()
    expect(bars.first).to_have_attribute("d", "")


def test_play_ends_where_the_reader_chooses_another_time(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&t=2000")
    play, field = time_bar(page).get_by_role("button", name="Play"), page.locator(".geo-time-field").first
    for choice in ("All dates", "Reset", "Story"):
        go_to(page, "#v1&t=2000")
        play.click()
        page.get_by_role("radio" if choice == "All dates" else "button", name=choice, exact=True).click()
        settle(page)
        settle(page)
        chosen = field.input_value()
        page.wait_for_timeout(1200)  # more than a step of the player
        assert field.input_value() == chosen, choice
        expect(play).to_be_visible()


def test_what_begins_and_ends_is_named_as_the_slider_passes(open_map: OpenMap) -> None:
    page = open_map("security", "#v1&on=bases,events")
    type_date(page, "2014-06")
    changes = time_bar(page).locator(".geo-time-changes")
    expect(changes).to_contain_text(f"{MANAS} (ends)")
    type_date(page, "2003-10")
    expect(changes).to_contain_text(f"{KANT} (begins)")
    expect(changes.get_by_role("button", name=KANT)).to_have_attribute("title", "Since October 2003")
    changes.get_by_role("button", name=KANT).click()
    expect(card(page).get_by_role("heading", level=2)).to_have_text(KANT)
    go_to(page, "#v1&on=bases,events&t=2003")
    changes.get_by_role("button").last.focus()
    for _ in range(3):  # what begins leaves the focus to what begins next
        page.keyboard.press("]")
        settle(page)
        settle(page)
        expect(page.locator(":focus")).to_have_count(1)
        named = changes.get_by_role("button").count()
        expect(changes.locator(":focus") if named else page.get_by_role("button", name="Play")).to_be_focused()


def test_of_a_long_period_what_its_last_year_brings_is_named(open_map: OpenMap) -> None:
    page = open_map("security", "#v1&on=bases&t=1995/2003")
    changes = time_bar(page).locator(".geo-time-changes")
    expect(changes).to_have_text(re.compile(rf"^2003:.*{KANT} \(begins\)"))
    go_to(page, "#v1&on=bases&t=1995/2014-06")
    expect(changes).to_have_text(re.compile(rf"^January 2014 – June 2014:.*{MANAS} \(ends\)"))
    go_to(page, "#v1&on=bases&t=1995/2002")
    expect(changes).to_be_empty()


def test_changes_are_listed_whole_and_the_rest_on_request(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&on=bases,events,dams,pipelines,csto,sco", viewport={"width": 820, "height": 900})
    changes = time_bar(page).locator(".geo-time-changes")
    buttons = changes.get_by_role("button")
    more = changes.get_by_role("button", name=re.compile(r"^and \d+ more$"))

    def expect_whole(width: int) -> int:
        page.set_viewport_size({"width": width, "height": 900})
        settle(page)
        cut = "(items) => items.filter((item) => item.scrollWidth > item.clientWidth).length"
        assert buttons.evaluate_all(cut) == 0, width
        boxes, edge = [box_of(item) for item in buttons.all()], box_of(changes)
        assert all(box["x"] + box["width"] <= edge["x"] + edge["width"] for box in boxes), width
        return int(re.sub(r"\D", "", more.inner_text())) + buttons.count() - 1

    for width in (820, 1000, 1440):
        type_date(page, "2010")
        n = expect_whole(width)
        assert expect_whole(width + 60) == n, width
        listed = buttons.count() - 1
        more.press("Enter")
        expect(buttons).to_have_count(n)
        expect(buttons.nth(listed)).to_be_focused()
        type_date(page, "2011")
        assert buttons.count() < n, width


def test_bars_handles_and_labels_of_a_year_meet_however_few_there_are(tmp_path: Path, open_page: OpenPage) -> None:
    for last in (2024, 2028):
        folder = tmp_path / str(last)
        folder.mkdir()
        dated = f"id,name,valid_from,valid_to\na,A,2024,2024\nb,B,2024,2024\nc,C,{last},{last}\n"
        build_atlas(write_atlas(folder, l_csv=dated), folder / "maps")
        page = open_page(folder / "maps" / "m.html", "#v1&t=2024", viewport={"width": 1280, "height": 800}).page
        wait_painted(page)
        field, bars = (box_of(time_bar(page).locator(part)) for part in (".geo-time-field >> nth=0", ".geo-bars"))
        handle, labels = box_of(time_bar(page).get_by_role("slider").first), page.locator(".geo-time-axis span")
        assert bars["x"] >= field["x"] + field["width"], last
        year, thumb = bars["width"] / (last - 2023), 18
        for at in (0, last - 2024):
            middle, label = bars["x"] + (at + 0.5) * year, box_of(labels.nth(at))
            assert label["x"] + label["width"] / 2 == pytest.approx(middle, abs=1), last
            end = handle["width"] - thumb / 2 if at else thumb / 2
            assert handle["x"] + end == pytest.approx(middle, abs=1), last


def test_the_axis_says_which_years_are_before_our_era(tmp_path: Path, open_page: OpenPage) -> None:
    table = "id,name,valid_from,valid_to\na,A,-0599,-0300\nb,B,-0100,0001\nc,C,,0001\n"
    build_atlas(write_atlas(tmp_path, top='languages = ["en", "ru", "ky"]\n', l_csv=table), tmp_path / "maps")
    phone = {"width": 375, "height": 812}
    page = open_page(tmp_path / "maps" / "m.html", "#v1&t=-0399", locale="en", viewport=phone).page
    wait_painted(page)
    page.locator(".geo-tab-time").click()
    for language, first in (("en", "400 BC"), ("ru", "400 г. до н. э."), ("ky", "б.з.ч. 400")):
        go_to(page, f"#v1&t=-0399&lang={language}")
        expect(page.locator(".geo-chip")).to_have_text(first)
        labels = page.locator(".geo-time-axis span")
        texts = [label.replace("\u00a0", " ") for label in labels.all_inner_texts()]
        assert texts == [first, first.replace("4", "2"), "1"]
        boxes = [box_of(label) for label in labels.all()]
        assert all(left["x"] + left["width"] <= right["x"] for left, right in itertools.pairwise(boxes)), language


def test_the_colours_of_a_series_and_memberships_follow_the_year(open_map: OpenMap) -> None:
    """Kyrgyzstan's remittances rose from class 20 to 30 into class 30 to 40 (percent of GDP).

    Uzbekistan left the Collective Security Treaty in 1999, came back in 2006, and left again in 2012.
    """
    values = {row["year"]: float(row["pct_gdp"]) for row in read_rows("remittances") if row["iso_a3"] == "KGZ"}
    assert 20 <= values["2009"] < 30 <= values["2013"] < 40
    page = open_map("alignment", "#v1&on=remittances&at=6/41.5/74.5")
    found = []
    for year in ("2009", "2013"):
        type_date(page, year)
        found.append([read_paint(page, lon, lat) for lon, lat in ((75.8, 40.9), (70.5, 45.5))])
    (kyrgyzstan, kazakhstan), (kyrgyzstan_later, kazakhstan_later) = found
    assert kyrgyzstan != kyrgyzstan_later
    assert kazakhstan == kazakhstan_later
    go_to(page, "#v1&on=csto")
    open_panel(page, "Table")
    for year in ("1998", "2004", "2010", "2015"):
        type_date(page, year)
        expected = [row["name"] for row in read_rows("csto") if is_valid(row, year)]
        assert sorted(table_names(page)) == sorted(expected), year
    uzbekistan = [row for row in read_rows("csto") if row["iso_a3"] == "UZB"]
    assert len(uzbekistan) > 1
    assert all(parse_date(row["valid_from"]).earliest for row in uzbekistan)
