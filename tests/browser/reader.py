"""What a reader of a built page sees and does, for the browser tests; and what the atlas's tables say, read anew.

Only what a reader has is used: the words on the page, pointer and keyboard, the address, the files that are downloaded.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import FloatRect, Locator, Page, expect

from geo.check.dates import parse_date
from geo.model import OPEN_END, OPEN_START

ROOT = Path(__file__).parent.parent.parent
LAYERS = ROOT / "layers"
PAGES = ("index", "atlas", "security", "energy", "transport", "alignment")
MAPS = PAGES[1:]
PHONE: dict[str, Any] = {"viewport": {"width": 375, "height": 812}, "has_touch": True, "is_mobile": True}
PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)  # Playwright's own 5 s are too few where several browsers share a slow machine

Row = dict[str, str]
Colour = tuple[int, int, int]
OpenMap = Callable[..., Page]


# What the tables say.


def read_rows(table: str) -> list[Row]:
    """Give the rows of a table of the default atlas."""
    with (LAYERS / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def read_row(table: str, key: str) -> Row:
    return next(row for row in read_rows(table) if row["id"] == key)


def read_place(layer: str, key: str) -> tuple[float, float]:
    """Give longitude and latitude of a point feature."""
    lon, lat = _read_geometry(layer, key)["coordinates"]
    return lon, lat


def read_line(layer: str, key: str) -> list[tuple[float, float]]:
    """Give longitude and latitude of each vertex of a line."""
    return [(lon, lat) for lon, lat in _read_geometry(layer, key)["coordinates"]]


def _read_geometry(layer: str, key: str) -> dict[str, Any]:
    features = json.loads((LAYERS / f"{layer}.geojson").read_text(encoding="utf-8"))["features"]
    found: dict[str, Any] = next(feature["geometry"] for feature in features if feature["properties"]["id"] == key)
    return found


def is_undated(row: Row) -> bool:
    return not row["valid_from"] and not row["valid_to"]


def is_valid(row: Row, first: str, last: str = "") -> bool:
    """Tell whether a row with dates is valid on some day of the dates `first` to `last`; what it lacks is open."""
    period_start, period_end = parse_date(first).earliest, parse_date(last or first).latest
    valid_from = parse_date(row["valid_from"]).earliest if row["valid_from"] else OPEN_START
    valid_to = parse_date(row["valid_to"]).latest if row["valid_to"] else OPEN_END
    return valid_from <= period_end and valid_to >= period_start


def words(language: str) -> dict[str, Any]:
    """Give the interface's own words in a language."""
    catalogue: dict[str, Any] = json.loads((ROOT / f"geo/page/catalogues/{language}.json").read_text(encoding="utf-8"))
    return catalogue


# Waiting. Under the page's policy Playwright cannot wait for a function; it can ask again.


def wait_until(page: Page, question: str, argument: object = None) -> Any:
    """Ask the page until the answer is true, and give it."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while not (answer := page.evaluate(question, argument)):
        if time.monotonic() > deadline:
            raise TimeoutError(f"the page never answered yes: {question}")
        page.wait_for_timeout(20)
    return answer


def wait_for(page: Page, holds: Callable[[], bool], what: str) -> None:
    """Look again until something holds, where the page alone cannot tell."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"it never came true: {what}")
        page.wait_for_timeout(20)


def wait_painted(page: Page) -> None:
    """Wait until the layers are painted for the first time and the panels written."""
    marks = ("geo-layers", "geo-panels")
    wait_until(page, " && ".join(f"performance.getEntriesByName('{mark}').length > 0" for mark in marks))


def wait_basemap(page: Page) -> None:
    """Wait until land and water are there: a picture taken before has but the layers."""
    wait_until(page, "document.querySelectorAll('.leaflet-tile-pane canvas').length > 0")


def settle(page: Page) -> None:
    """Wait for the next two frames: by then the page has followed what was done."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")


def go_to(page: Page, fragment: str) -> None:
    """Follow a link to a state of the page that is open: `go_to(page, "#v1&t=2010&at=6/41/72")`.

    What the fragment does not name goes back to what the map begins with, except language, theme and view; panels stay.
    """
    # Without a state between them, a fragment that the address has already is no news to the page.
    page.evaluate("(fragment) => { location.hash = ''; location.hash = fragment; }", fragment)
    settle(page)
    settle(page)


# The regions of the page.


def layer_box(page: Page, title: str) -> Locator:
    """Give the checkbox of a layer or a group."""
    return page.get_by_role("checkbox", name=title, exact=True)


def layer_row(page: Page, title: str) -> Locator:
    """Give the part of the tree that is one layer: its row, its options, its legend."""
    return page.locator(".geo-layer").filter(has=layer_box(page, title))


def card(page: Page) -> Locator:
    return page.locator("#geo-card")


def box_of(element: Locator) -> FloatRect:
    """Where an element that is there stands, in px of the window."""
    box = element.bounding_box()
    assert box, "the element is not to be seen"
    return box


def open_panel(page: Page, name: str) -> None:
    tab = page.get_by_role("navigation").get_by_role("button", name=name)
    if tab.get_attribute("aria-expanded") != "true":
        tab.click()
    expect(tab).to_have_attribute("aria-expanded", "true")


def type_date(page: Page, text: str) -> None:
    """Type a date into the time bar, as one moment; "" = everything."""
    field = page.get_by_role("region", name="Time").get_by_role("textbox").first
    field.fill(text)
    field.press("Enter")
    settle(page)


def address_state(page: Page) -> dict[str, str]:
    """Give the parts of the state that the address holds."""
    parts = page.evaluate("location.hash").removeprefix("#").split("&")[1:]
    return dict(part.split("=", 1) for part in parts)


def read_view(page: Page) -> list[float]:
    """Give zoom, latitude and longitude of the map."""
    view: list[float] = page.evaluate(
        "[shyrdak.map.getZoom(), shyrdak.map.getCenter().lat, shyrdak.map.getCenter().lng]"
    )
    return view


def read_colours(page: Page, png: bytes) -> dict[Colour, int]:
    """Give the colours of a picture with their counts of pixels. The page's browser reads it, from no address."""
    counted = page.evaluate(
        """async (picture) => {
            const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
            const image = await createImageBitmap(new Blob([bytes]));
            const canvas = new OffscreenCanvas(image.width, image.height);
            const context = canvas.getContext("2d");
            context.drawImage(image, 0, 0);
            const pixels = new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer);
            const counts = new Map();
            for (const pixel of pixels) counts.set(pixel & 0xffffff, (counts.get(pixel & 0xffffff) ?? 0) + 1);
            return [...counts];
        }""",
        base64.b64encode(png).decode("ascii"),
    )
    return {(pixel & 255, pixel >> 8 & 255, pixel >> 16): count for pixel, count in counted}


def read_ground(page: Page, lon: float, lat: float) -> Colour:
    """Give the commonest colour of the map around a place."""
    return commonest(read_around(page, lon, lat))


def read_around(page: Page, lon: float, lat: float) -> dict[Colour, int]:
    """Give the colours of the map around a place with their counts of pixels."""
    x, y = point_at(page, lon, lat)
    return read_colours(page, page.screenshot(clip={"x": x - 8, "y": y - 8, "width": 16, "height": 16}))


def read_paint(page: Page, lon: float, lat: float) -> list[int]:
    """Give red, green, blue and alpha that the layers have at a place, whatever lies under them by now."""
    paint: list[int] = page.evaluate(
        """([x, y]) => {
            for (const canvas of document.querySelectorAll(".leaflet-geo-data-pane canvas")) {
                const { left, top, right, bottom } = canvas.getBoundingClientRect();
                if (x < left || x >= right || y < top || y >= bottom) continue;
                return [...canvas.getContext("2d").getImageData(x - left, y - top, 1, 1).data];
            }
            return [];
        }""",
        point_at(page, lon, lat),
    )
    return paint


def commonest(colours: dict[Colour, int]) -> Colour:
    return max(colours, key=lambda colour: colours[colour])


def max_difference(first: Colour, second: Colour) -> int:
    return max(abs(a - b) for a, b in zip(first, second, strict=True))


# What is shown: on the map, in the count, in the table, in the files.


def map_list(page: Page) -> Locator:
    """Give the list box over the map: the keyboard's way to the features in view."""
    return page.get_by_role("listbox", name="Features on the map")


def count_on_map(page: Page) -> int:
    """Give how many features the view holds, as the keyboard finds them."""
    map_list(page).focus()
    settle(page)
    size = map_list(page).get_by_role("option").get_attribute("aria-setsize")
    return int(size or 0)


def names_on_map(page: Page) -> list[str]:
    """Walk through the features in view by keyboard: "name, layer" of each."""
    count = count_on_map(page)
    page.keyboard.press("Home")
    names = []
    for _ in range(count):
        names.append(map_list(page).get_by_role("option").inner_text())
        page.keyboard.press("ArrowRight")
    return names


def count_stated(page: Page) -> tuple[int, int]:
    """Give n and N of "n of N features shown"."""
    text = page.locator(".geo-shown").inner_text()
    numbers = [int(word.replace(",", "")) for word in text.split() if word.replace(",", "").isdigit()]
    return numbers[0], numbers[1]


def table_rows(page: Page) -> list[list[str]]:
    """Give the cells of the table's rows that are in the document (of a long table those in sight)."""
    rows: list[list[str]] = page.locator("#geo-table tbody tr[data-row]").evaluate_all(
        "(rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent))"
    )
    return rows


def table_names(page: Page) -> list[str]:
    return [cells[0] for cells in table_rows(page)]


def table_count(page: Page) -> int:
    return int(page.locator("#geo-table").get_by_role("table").get_attribute("aria-rowcount") or 0) - 1


def download(page: Page, button: Locator) -> tuple[str, bytes]:
    """Press a button and give name and content of the file that comes."""
    with page.expect_download() as waiting:
        button.click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def download_csv(page: Page) -> list[Row]:
    """Give the rows of the CSV that the table's button gives."""
    open_panel(page, "Table")
    _, content = download(page, page.locator("#geo-table").get_by_role("button", name="CSV", exact=True))
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


# The pointer.


def point_at(page: Page, lon: float, lat: float) -> tuple[float, float]:
    """Give the pixel of the window where the map shows a place."""
    x, y = page.evaluate(
        """([lat, lon]) => {
            const { map } = shyrdak, box = map.getContainer().getBoundingClientRect();
            const point = map.latLngToContainerPoint([lat, lon]);
            return [box.x + point.x, box.y + point.y];
        }""",
        [lat, lon],
    )
    return x, y


def time_bar(page: Page) -> Locator:
    return page.get_by_role("region", name="Time")
