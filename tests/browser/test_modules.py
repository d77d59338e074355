"""The page's modules joined into one script, as built pages have them, behave like the separate files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import copytree
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.reader import (
    ROOT,
    OpenMap,
    download_csv,
    layer_box,
    names_on_map,
    open_panel,
    settle,
    type_date,
    wait_painted,
    wait_until,
)

pytestmark = pytest.mark.browser

JOINED = re.compile(r'<script type="module">.*?</script>', re.DOTALL)
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')


class _Quiet(SimpleHTTPRequestHandler):
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {".js": "text/javascript"}

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def address(maps: Path, tmp_path: Path) -> Iterator[str]:
    """Where energy.html with separate modules is served: a file may not import another from disk."""
    html = (maps / "energy.html").read_text(encoding="utf-8")
    separate = '<script type="module">import { start } from "./page/app.js"; start();</script>'
    html, count = JOINED.subn(lambda _: separate, POLICY.sub("", html))
    assert count == 1
    (tmp_path / "energy.html").write_text(html, encoding="utf-8")
    (tmp_path / "favicon.ico").touch()  # a browser asks a server for one
    copytree(ROOT / "geo" / "page", tmp_path / "page")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=tmp_path)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/energy.html"
        server.shutdown()


def use(page: Page) -> dict[str, Any]:
    """What a reader meets who filters, moves through time, searches, opens a card and changes the language."""
    met: dict[str, Any] = {"start": page.locator("body").aria_snapshot(), "on the map": names_on_map(page)}
    layer_box(page, "Pipelines").uncheck()
    type_date(page, "1975")
    page.get_by_role("combobox", name="Search").fill("naryn")
    page.get_by_role("combobox", name="Search").press("Escape")
    met["file"] = download_csv(page)
    page.locator("#geo-table .geo-row-name").first.click()
    settle(page)
    page.get_by_role("combobox", name="Theme").select_option(label="Dark")
    page.get_by_role("combobox", name="Language").select_option(label="Русский")
    open_panel(page, "Слои")
    wait_until(page, "location.hash.includes('lang=ru')")
    expect(page.locator(".geo-note")).to_be_hidden()  # that of the download goes in its own time
    met["end"] = page.locator("body").aria_snapshot()
    met["address"] = page.evaluate("location.hash")
    return met


def test_joined_and_separate_modules_behave_alike(address: str, open_map: OpenMap, chromium: Browser) -> None:
    options: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "locale": "en", "reduced_motion": "reduce"}
    joined = use(open_map("energy", **options))
    context = chromium.new_context(**options)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address)
    wait_painted(page)
    separate = use(page)
    context.close()
    assert said == []
    assert joined["file"]
    assert separate == joined
