"""A reader reads the names on the map: none over another, in the reader's language, each at its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from geo.pipeline.build import build_atlas
from tests.browser.reader import PHONE, box_of, go_to, point_at, settle, wait_painted, wait_until
from tests.conftest import OpenPage

pytestmark = pytest.mark.browser

# What is written on the canvas of names: text and box in pixels of the window, as of its last drawing.
RECORD = """() => {
    const sheets = new WeakMap(); // what is written on each sheet since it was last handed over
    const spy = (type, name, look) => {
        const real = type.prototype[name];
        type.prototype[name] = function (...values) {
            look(this, ...values);
            return real.apply(this, values);
        };
    };
    let handedOver = [];
    window.written = [];
    spy(OffscreenCanvasRenderingContext2D, "fillText", (ctx, text, x, y) => {
        const ink = ctx.measureText(text);
        sheets.set(ctx.canvas, [...(sheets.get(ctx.canvas) ?? []), {
            text, fill: ctx.fillStyle, alpha: ctx.globalAlpha,
            left: x - ink.actualBoundingBoxLeft, right: x + ink.actualBoundingBoxRight,
            top: y - ink.actualBoundingBoxAscent, bottom: y + ink.actualBoundingBoxDescent,
        }]);
    });
    spy(OffscreenCanvas, "transferToImageBitmap", (sheet) => {
        handedOver = sheets.get(sheet) ?? [];
        sheets.delete(sheet);
    });
    spy(ImageBitmapRenderingContext, "transferFromImageBitmap", ({ canvas }) => {
        if (!canvas.parentElement?.className.includes("geo-labels")) return;
        window.written = handedOver.map((name) => ({ ...name, canvas }));
        window.drawings = (window.drawings ?? 0) + 1;
    });
}"""
READ = """() => {
    const stage = document.querySelector(".geo-stage").getBoundingClientRect();
    const boxes = window.written.map(({ text, canvas, left, right, top, bottom }) => {
        const corner = canvas.getBoundingClientRect();
        return [text, corner.x + left, corner.y + top, corner.x + right, corner.y + bottom];
    });
    return boxes.filter(([, left, top, right, bottom]) =>
        right > stage.left && left < stage.right && bottom > stage.top && top < stage.bottom);
}"""

FLAT_PHONE = {**PHONE, "viewport": {"width": 812, "height": 375}}
Box = tuple[str, float, float, float, float]
OpenRecorded = Callable[..., Page]


@pytest.fixture
def open_recorded(maps: Path, open_page: OpenPage) -> OpenRecorded:
    """A map that keeps a record of the names it writes."""

    def open_map(name: str, fragment: str, *, folder: Path = maps, **options: Any) -> Page:
        options = {"viewport": {"width": 1280, "height": 800}, "locale": "en", **options}
        page = open_page(folder / f"{name}.html", fragment, init_script=f"({RECORD})()", **options).page
        wait_painted(page)
        wait_until(page, "window.written.length > 0")
        return page

    return open_map


def look(page: Page, lat: float, lon: float, zoom: float) -> list[Box]:
    """Go there and give the names that are drawn."""
    page.evaluate("([lat, lon, zoom]) => shyrdak.map.setView([lat, lon], zoom, { animate: false })", [lat, lon, zoom])
    for _ in range(3):
        settle(page)  # the names of features come a frame after the others
    boxes: list[Box] = [tuple(box) for box in page.evaluate(READ)]
    return boxes


def choose_language(page: Page, language: str) -> None:
    page.locator("select.geo-language").select_option(language)
    settle(page)


def texts(boxes: list[Box]) -> set[str]:
    return {box[0] for box in boxes}


def places(boxes: list[Box]) -> dict[str, tuple[float, float]]:
    """Give left and top of each name that is written once."""
    once = [box for box in boxes if sum(box[0] == other[0] for other in boxes) == 1]
    return {text: (left, top) for text, left, top, *_ in once}


def overlapping(boxes: list[Box]) -> list[tuple[str, str]]:
    def meet(a: Box, b: Box) -> bool:
        return a[1] < b[3] - 1 and b[1] < a[3] - 1 and a[2] < b[4] - 1 and b[2] < a[4] - 1

    return [(a[0], b[0]) for a, b in combinations(boxes, 2) if meet(a, b)]


def test_no_name_lies_over_another(open_recorded: OpenRecorded) -> None:
    page = open_recorded("atlas", "#v1&lang=ru&at=6/41/72")
    page.locator(".geo-tree-bar button").first.click()  # all layers
    for language in ("ru", "en"):
        choose_language(page, language)
        for view in ((45, 65, 3), (42, 70, 5), (41, 72, 7), (39, 69, 7), (40.9, 72.9, 10), (42.87, 74.6, 10)):
            boxes = look(page, *view)
            assert boxes, (language, view)
            assert overlapping(boxes) == [], (language, view)


def test_the_names_of_the_region_are_there_from_far_to_near_in_the_readers_language(
    open_recorded: OpenRecorded,
) -> None:
    page = open_recorded("alignment", "#v1&on=&at=6/41/72")
    for zoom in (4, 5, 6, 7, 8, 9, 10):
        assert "Bishkek" in texts(look(page, 42.6, 75, zoom)), zoom
    for zoom in (6, 7, 8, 9, 10):
        assert "Osh" in texts(look(page, 40.5, 72.8, zoom)), zoom
    assert "KYRGYZSTAN" in texts(look(page, 41.5, 74.5, 6))
    assert "Issyk-Kul" in " ".join(texts(look(page, 42.4, 77.2, 7)))
    assert texts(look(page, 40.93, 73.0, 9)) & {"Jalal-Abad", "Manas"} == {"Jalal-Abad"}
    choose_language(page, "ru")
    assert {"Бишкек", "Ташкент", "КИРГИЗИЯ"} <= texts(look(page, 41.5, 73, 6))
    choose_language(page, "ky")
    assert {"Бишкек", "КЫРГЫЗСТАН"} <= texts(look(page, 41.5, 74, 6.5))


def test_the_largest_features_are_named_as_the_map_opens_and_what_is_selected_before_them(
    open_recorded: OpenRecorded,
) -> None:
    page = open_recorded("atlas", "")
    boxes = page.evaluate(READ)
    capitals = {"Bishkek", "Dushanbe", "Tashkent"}
    assert {"Rogun", "Transit Center at Manas", "KYRGYZSTAN"} | capitals <= texts(boxes)
    assert overlapping(boxes) == []
    assert "Shamaldy-Sai" not in texts(look(page, 41, 75, 5.5))
    go_to(page, "#v1&card=dams/dam-shamaldy-sai")
    assert "Shamaldy-Sai" in texts(look(page, 41, 75, 5.5))


def test_the_name_of_a_feature_is_in_its_colour_and_faint_where_that_is_faded(open_recorded: OpenRecorded) -> None:
    def ink(page: Page, name: str) -> tuple[str, float]:
        look(page, 41.7, 73.5, 8)
        found: tuple[str, float] = page.evaluate(
            "(name) => window.written.filter(({ text }) => text === name).map(({ fill, alpha }) => [fill, alpha])[0]",
            name,
        )
        return found

    page = open_recorded("energy", "#v1&at=8/41.7/73.5")
    working, announced = ink(page, "Toktogul"), ink(page, "Saz")
    assert working[0] != announced[0]
    assert (working[1], announced[1]) == (1, 1)
    go_to(page, "#v1&at=8/41.7/73.5&t=2010")
    assert ink(page, "Toktogul") == working
    assert ink(page, "Saz")[1] < 0.7


def test_features_are_labelled_by_the_name_or_a_column_or_not_at_all(
    tmp_path: Path, open_recorded: OpenRecorded
) -> None:
    toml, labels = 'title = "T"\n', {"named": "true", "coded": '"code"', "bare": "false"}
    for at, (name, label) in enumerate(labels.items()):
        point = {"type": "Point", "coordinates": [74.5 + at * 0.3, 42.8]}
        feature = {"type": "Feature", "properties": {"id": "a"}, "geometry": point}
        (tmp_path / f"{name}.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
        (tmp_path / f"{name}.csv").write_text(f"id,name,code\na,Name {name},Code {name}\n")
        toml += f'[layers.{name}]\ntitle = "{name}"\nfeatures = "{name}.geojson"\ntable = "{name}.csv"\n'
        toml += f"label = {label}\n"
    (tmp_path / "atlas.toml").write_text(f'{toml}[maps.m]\ntitle = "M"\nlayers = {json.dumps(list(labels))}\n')
    build_atlas(tmp_path, tmp_path / "maps")
    page = open_recorded("m", "#v1&at=9/42.8/74.8", folder=tmp_path / "maps")
    written = texts(look(page, 42.8, 74.8, 9.5))
    assert {text for text in written if text.endswith(tuple(labels))} == {"Name named", "Code coded"}


def test_a_feature_is_named_as_the_reader_comes_nearer_and_its_name_stands_beside_it(
    open_recorded: OpenRecorded,
) -> None:
    page = open_recorded("security", "#v1&on=bases&at=6/41/72")
    assert "Kant air base" in texts(look(page, 42.8, 74.8, 9))
    name = next(box for box in look(page, 42.8532, 74.8465, 10) if box[0] == "Kant air base")
    x, y = point_at(page, 74.8465, 42.8532)
    assert abs(y - (name[2] + name[4]) / 2) < 30
    assert min(abs(x - name[1]), abs(x - name[3])) < 30 or name[1] < x < name[3]


def test_names_stay_where_they_are_while_the_map_is_moved_and_are_drawn_once_a_zoom(
    open_recorded: OpenRecorded,
) -> None:
    page = open_recorded("energy", "#v1&at=7/41/72")
    before = places(look(page, 41, 72, 7))
    x, y = point_at(page, 72, 41)
    after = places(look(page, 41, 72.1, 7))
    moved_x, moved_y = point_at(page, 72, 41)
    both = before.keys() & after.keys()
    assert len(both) >= 0.8 * len(before)
    for name in both:
        (left, top), (left_after, top_after) = before[name], after[name]
        assert (left_after - left, top_after - top) == pytest.approx((moved_x - x, moved_y - y), abs=1.5), name
    page.evaluate("window.drawings = 0")
    look(page, 41, 72, 8)
    assert page.evaluate("window.drawings") == 1


def test_names_are_whole_and_clear_of_buttons_but_while_the_map_is_dragged(open_recorded: OpenRecorded) -> None:
    page = open_recorded("atlas", "#v1&at=6/41/72")
    stage = page.locator(".geo-stage").bounding_box()
    tools = page.locator(".geo-tools-group").last.bounding_box()
    assert stage
    assert tools

    def cut(boxes: list[Box]) -> list[str]:
        right, bottom = stage["x"] + stage["width"], stage["y"] + stage["height"]
        return [box[0] for box in boxes if box[1] < stage["x"] - 1 or box[3] > right + 1 or box[4] > bottom + 1]

    def covered(boxes: list[Box]) -> list[str]:
        right, bottom = tools["x"] + tools["width"], tools["y"] + tools["height"]
        return [box[0] for box in boxes if box[1] < right - 1 and box[2] < bottom - 1]

    moving: list[str] = []
    for x in range(400, 1000, 75):
        page.mouse.move(x, 600)
        page.mouse.down()
        page.mouse.move(x + 15, 600, steps=3)
        settle(page)
        moving += cut([tuple(box) for box in page.evaluate(READ)])
        page.wait_for_timeout(150)  # held still, so that the map does not glide on
        page.mouse.up()
        settle(page)
        still = [tuple(box) for box in page.evaluate(READ)]
        assert still
        assert cut(still) + covered(still) == []
    assert moving


def test_names_and_credits_keep_clear_of_each_sheet_of_a_phone_on_its_side(open_recorded: OpenRecorded) -> None:
    page = open_recorded("atlas", "#v1&at=6/41/74", reduced_motion="reduce", **FLAT_PHONE)

    def tap(tab: str) -> float:
        """Open or close the sheet, and give how far names reach then."""
        drawn = page.evaluate("window.drawings")
        page.get_by_role("navigation").get_by_role("button", name=tab).tap()
        wait_until(page, "(before) => window.drawings > before", drawn)
        settle(page)
        reach: float = max(box[3] for box in page.evaluate(READ))
        return reach

    for tab in ("Story", "Layers", "Filters", "Time"):
        reach = tap(tab)
        edge = box_of(page.locator(f"#geo-{tab.lower()}"))["x"]
        credit = box_of(page.locator(".geo-credit"))
        assert reach <= edge, tab
        assert credit["x"] + credit["width"] <= edge, tab
        assert tap(tab) > edge, f"what {tab} covered is named again"
