"""The browser fixtures themselves: what they find, and that they notice what a page asks for and says."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests import browsers
from tests.conftest import OpenPage, _open_pages
from tests.webkit import get_webkit

NOISY = """<!doctype html><html lang="en"><title>Noisy</title><h1>Kant</h1>
<img src="https://example.org/pixel.png" alt=""><script>console.warn("heard"); setTimeout(() => missing())</script>"""


def write_page(folder: Path, html: str) -> Path:
    page = folder / "a page №1.html"
    page.write_text(html, encoding="utf-8")
    return page


def test_the_variable_names_the_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_BROWSER", sys.executable)
    assert browsers.find_program("chromium") == sys.executable


def test_tests_open_pages_in_the_browser_without_windows_and_figures_are_those_of_readers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("ATLAS_BROWSER", raising=False)
    monkeypatch.setattr("shutil.which", {name: f"/bin/{name}" for name in ("chromium", "chromium-headless-shell")}.get)
    assert browsers.find_program("chromium") == "/bin/chromium-headless-shell"
    assert browsers.find_program("chromium", as_readers_have=True) == "/bin/chromium"
    monkeypatch.setattr("shutil.which", {"chromium-headless-shell": "/bin/shell"}.get)
    assert browsers.find_program("chromium", as_readers_have=True) == "/bin/shell", "where there is no other"


def test_a_variable_that_names_no_program_is_an_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ATLAS_BROWSER", "/no/such/browser")
    with pytest.raises(SystemExit, match="3"):
        browsers.get_browsers(["chromium"])
    assert capsys.readouterr().err == "Tests stopped: ATLAS_BROWSER=/no/such/browser is not a program\n"


def test_one_line_says_that_no_browser_can_be_had(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for way in ("find_installed", "download", "install_by_apt"):
        monkeypatch.setattr(browsers, way, lambda name: False)
    with pytest.raises(SystemExit, match="3"):
        browsers.get_browsers(["chromium"])
    line = capsys.readouterr().err
    assert line.startswith("Tests stopped: no Chromium that starts. Install one, or name it in ATLAS_BROWSER; or leave")
    assert line.count("\n") == 1


def test_one_line_says_that_there_is_no_webkit(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(SystemExit, match="3"):
        get_webkit()
    line = capsys.readouterr().err
    assert line == "Tests stopped: no WebKit. On Debian install webkit2gtk-driver xvfb xauth, or leave --webkit out.\n"


@pytest.mark.parametrize("works", ["find_installed", "download", "install_by_apt"])
def test_tries_each_way_to_a_browser_in_turn(monkeypatch: pytest.MonkeyPatch, works: str) -> None:
    ways, tried = ["find_installed", "download", "install_by_apt"], []

    def stand_in(way: str) -> Callable[[str], bool]:
        def get(name: str) -> bool:
            tried.append((way, name))
            return way == works

        return get

    for way in ways:
        monkeypatch.setattr(browsers, way, stand_in(way))
    browsers.get_browsers(["chromium"])
    assert tried == [(way, "chromium") for way in ways[: ways.index(works) + 1]]


@pytest.mark.browser
def test_opens_a_file_offline_in_each_browser(open_everywhere: OpenPage, tmp_path: Path) -> None:
    visit = open_everywhere(write_page(tmp_path, "<!doctype html><title>Kant</title>"), "#t=2003")
    assert visit.page.title() == "Kant"
    assert visit.page.evaluate("[navigator.onLine, location.hash]") == [False, "#t=2003"]


@pytest.mark.browser
def test_chromium_loads_no_page_of_its_own_beside_ours(chromium: Browser, open_page: OpenPage, tmp_path: Path) -> None:
    open_page(write_page(tmp_path, "<!doctype html><title>Kant</title>"))
    targets = chromium.new_browser_cdp_session().send("Target.getTargets", {"filter": [{}]})["targetInfos"]
    assert [target["url"] for target in targets if not target["url"].startswith("file:")] == []


@pytest.mark.browser
def test_hears_what_a_page_asks_for_and_says(open_page: OpenPage, tmp_path: Path) -> None:
    visit = open_page(write_page(tmp_path, NOISY))
    deadline = time.monotonic() + 10
    while len(visit.messages) < 3 and time.monotonic() < deadline:
        visit.page.wait_for_timeout(20)
    assert visit.requests == ["https://example.org/pixel.png"]
    assert [line.split(":")[0] for line in sorted(visit.messages)] == ["error", "uncaught", "warning"]
    visit.requests.clear()
    visit.messages.clear()


@pytest.mark.browser
def test_hears_what_a_page_says_after_the_last_that_is_done(
    chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.conftest.LAST_WORDS_MS", 1000)
    pages = _open_pages(chromium)
    visit = next(pages)(write_page(tmp_path, "<!doctype html><title>Kant</title>"))
    visit.page.evaluate("void setTimeout(() => console.warn('late'), 200)")
    with pytest.raises(AssertionError, match="wrote to the console"):
        next(pages)


@pytest.mark.browser
def test_axe_names_the_element_at_fault(open_page: OpenPage, tmp_path: Path) -> None:
    visit = open_page(write_page(tmp_path, "<!doctype html><html lang=en><title>A</title><main><h1>A</h1><img src=''>"))
    assert browsers.find_violations(visit.page) == ['image-alt (critical): <img src="">']
