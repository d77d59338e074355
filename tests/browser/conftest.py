"""The default atlas, built once and opened in the browser by every test here."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.reader import PATIENCE_MS, OpenMap, wait_painted
from tests.conftest import OpenPage

WIDE = {"width": 1280, "height": 800}


@pytest.fixture(scope="session")
def maps(default_maps: Path) -> Path:
    """The folder of the built pages."""
    return default_maps


@pytest.fixture
def open_map(maps: Path, open_page: OpenPage) -> OpenMap:
    """`open_map("energy", "#v1&t=2010", **options)`: a built map with its layers painted, in English unless asked."""
    return _open_painted(maps, open_page)


@pytest.fixture
def open_map_everywhere(maps: Path, open_everywhere: OpenPage) -> OpenMap:
    """`open_map`, once in each browser."""
    return _open_painted(maps, open_everywhere)


def _open_painted(maps: Path, open_page: OpenPage) -> Callable[..., Page]:
    def open_map(name: str, fragment: str = "", **options: Any) -> Page:
        options = {"viewport": WIDE, "locale": "en", "timezone_id": "America/Los_Angeles", **options}
        page = open_page(maps / f"{name}.html", fragment, **options).page
        page.set_default_timeout(PATIENCE_MS)
        wait_painted(page)
        return page

    return open_map
