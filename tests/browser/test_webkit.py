"""The maps in WebKit, the engine of Safari and of every browser of an iPhone: where pytest is given `--webkit`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.reader import MAPS
from tests.webkit import WebKit, open_webkit

pytestmark = pytest.mark.browser

COLOURS = """(() => {
  const colours = new Set();
  for (const canvas of document.querySelectorAll(".leaflet-geo-data-pane canvas")) {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    for (const pixel of new Uint32Array(data.buffer)) colours.add(pixel);
  }
  return colours.size;
})()"""
LISTEN = """(() => {
  window.wrong = [];
  window.saved = [];
  addEventListener("error", ({ message }) => wrong.push(message));
  addEventListener("unhandledrejection", ({ reason }) => wrong.push(`${reason}`));
  for (const level of ["error", "warn"]) console[level] = (...words) => wrong.push(words.join(" "));
  const give = URL.createObjectURL;
  URL.createObjectURL = (blob) => {
    saved.push(blob.type);
    return give.call(URL, blob);
  };
})()"""
BUTTON = (
    "[...document.querySelectorAll('dialog[open] button')].find((button) => button.textContent.includes('{}')).click()"
)


@pytest.fixture(scope="module")
def webkit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebKit]:
    with open_webkit(tmp_path_factory.mktemp("reader")) as window:
        yield window


@pytest.mark.parametrize("name", MAPS)
def test_each_map_is_drawn_and_asks_for_nothing(name: str, maps: Path, webkit: WebKit) -> None:
    webkit.resize(1280, 900)
    webkit.open(maps / f"{name}.html")
    webkit.wait(f"{COLOURS} > 20")
    assert webkit.value("document.querySelector('h1').textContent")
    assert not webkit.value("document.querySelector('[role=alert]')?.textContent")
    asked = webkit.value("performance.getEntriesByType('resource').map(({ name }) => name)")
    assert [address for address in asked if not address.startswith(("data:", "blob:"))] == []


def test_a_reader_searches_opens_a_card_moves_in_time_and_saves_what_is_seen(maps: Path, webkit: WebKit) -> None:
    webkit.resize(1280, 900)
    webkit.open(maps / "atlas.html")
    webkit.value(LISTEN)
    webkit.press("/", *"камбарата")
    webkit.wait("document.querySelector('[role=option]')")
    webkit.press("ArrowDown", "Enter")
    webkit.wait("document.querySelector('.geo-card h2')?.textContent === 'Kambarata-1'")
    webkit.press("Escape", "Escape")
    webkit.value("document.querySelector('.leaflet-container').focus()")
    webkit.press("[")
    webkit.wait("location.hash.includes('t=')")
    webkit.press("t")
    webkit.wait("document.querySelectorAll('.geo-table tbody [data-row]').length > 5")
    webkit.press("?")
    webkit.wait("document.querySelector('dialog[open]')")
    webkit.press("Escape")
    for name, kind in [("PNG", "image/png"), ("CSV", "text/csv"), ("GeoJSON", "application/geo+json")]:
        webkit.value("document.querySelector('[aria-label=\"Download and share\"]').click()")
        webkit.wait("document.querySelector('dialog[open]')")
        webkit.value(BUTTON.format(name))
        webkit.wait(f"saved.some((type) => type.startsWith({kind!r}))")
    assert webkit.value("wrong") == []


def test_a_link_shows_the_same_map_on_a_narrow_window(maps: Path, webkit: WebKit) -> None:
    webkit.resize(420, 860)
    webkit.open(maps / "security.html", "#v1&t=2014-06&card=bases/base-manas&lang=ru&theme=dark")
    webkit.wait("document.querySelector('.geo-card h2')?.textContent.includes('Манас')")
    assert webkit.value("document.documentElement.lang") == "ru"
    assert webkit.value("document.documentElement.scrollWidth <= innerWidth")
    assert webkit.value("getComputedStyle(document.documentElement).colorScheme") == "dark"
    assert webkit.value("document.querySelector('.geo-tabs').getBoundingClientRect().bottom") > 600, "as on a phone"
