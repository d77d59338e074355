"""What every test may ask for: browsers, and pages opened in them with the network off.

`open_page(path)` opens a built file in Chromium; `open_everywhere(path)` does in Firefox too, where pytest is given
`--firefox`. At the end of a test each page must have asked for nothing and said nothing.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Playwright, Request, WebError, sync_playwright

from geo.pipeline.build import build_atlas
from tests.browsers import explain_missing, launch
from tests.small import THREE_MAPS

# The same examples in every run, and a busy machine is no failure.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")


# The style that Playwright itself puts into a page for a screenshot: our policy refuses it, and Firefox says so.
SCREENSHOT_STYLE = "sha256-YjaKGiklmzC6wjXA513HAMmzus8VE61XCOT+SmwNZWA="


@dataclass(frozen=True)
class Visit:
    """A page that was opened, the addresses it asked for and the lines it wrote to the console.

    Both lists must be empty when the test ends: a test that expects some looks at them and clears them.
    """

    page: Page
    requests: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


LAST_WORDS_MS = 50  # so long a page may still speak after the last that is done in it
OpenPage = Callable[..., Visit]
LAYERS = Path(__file__).parent.parent / "layers"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--firefox", action="store_true", help="open the pages of open_everywhere in Firefox, too")
    parser.addoption("--webkit", action="store_true", help="run the tests of test_webkit.py, too")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return True if collection_path.name == "test_webkit.py" and not config.getoption("--webkit") else None


@pytest.hookimpl(optionalhook=True)  # plain pytest runs without pytest-xdist too
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """How many `-n auto` means: none for tests that are named, which are done before workers have started.

    Nor where output is to be seen, as workers show none. Else pytest-xdist's own answer, one a processor.
    """
    options, are_named = config.option, config.args_source is pytest.Config.ArgsSource.ARGS
    return 0 if are_named or options.keyword or options.lf or options.capture == "no" else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "open_everywhere" in metafunc.fixturenames:
        names = ["chromium", "firefox"] if metafunc.config.getoption("--firefox") else ["chromium"]
        metafunc.parametrize("open_everywhere", names, indirect=True)


@pytest.fixture(scope="session")
def default_maps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built pages of the default atlas."""
    out = tmp_path_factory.mktemp("atlas") / "maps"
    build_atlas(LAYERS, out)
    return out


@pytest.fixture
def atlas(tmp_path: Path) -> Path:
    """A copy of three_maps: security has posts and bases, energy has dams, everything has all three."""
    return Path(shutil.copytree(THREE_MAPS, tmp_path / "atlas"))


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    yield from _run_browser(playwright, "chromium")


@pytest.fixture(scope="session")
def firefox(playwright: Playwright) -> Iterator[Browser]:
    yield from _run_browser(playwright, "firefox")


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[OpenPage]:
    """`open_page(path, fragment="", **options)`: the `Visit` of a local file in Chromium, the network off.

    The options are those of Playwright's `new_context`: viewport, color_scheme, locale, has_touch ...; and
    `init_script`, which runs before the page's own scripts.
    """
    yield from _open_pages(chromium)


@pytest.fixture
def open_everywhere(request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """`open_page`, once in each browser."""
    yield from _open_pages(request.getfixturevalue(request.param))


def _run_browser(playwright: Playwright, name: str) -> Iterator[Browser]:
    try:
        browser = launch(playwright, name)
    except (Error, FileNotFoundError):
        pytest.exit(explain_missing(name), returncode=3)
    yield browser
    browser.close()


def _open_pages(browser: Browser) -> Iterator[OpenPage]:
    visits: list[Visit] = []

    def open_page(path: Path, fragment: str = "", *, init_script: str = "", **options: Any) -> Visit:
        context = browser.new_context(**options)
        context.set_offline(True)
        if init_script:
            context.add_init_script(init_script)
        visit = Visit(context.new_page())
        visits.append(visit)
        _listen(visit)
        visit.page.goto(path.resolve().as_uri() + fragment)
        return visit

    yield open_page
    for visit in visits:
        visit.page.wait_for_timeout(LAST_WORDS_MS)
    said = [(visit.requests, visit.messages) for visit in visits if visit.requests or visit.messages]
    for visit in visits:
        visit.page.context.close()
    assert not said, "pages asked for something, or wrote to the console"


def _listen(visit: Visit) -> None:
    def note_request(request: Request) -> None:
        is_own_file = request.url.startswith("file:") and request.is_navigation_request()
        if not is_own_file and not request.url.startswith(("data:", "blob:")):
            visit.requests.append(request.url)

    def note_message(message: ConsoleMessage) -> None:
        visit.messages.append(f"{message.type}: {message.text}")

    def note_error(error: WebError) -> None:
        if SCREENSHOT_STYLE not in str(error.error):
            visit.messages.append(f"uncaught: {error.error}")

    context = visit.page.context
    context.on("request", note_request)
    context.on("console", note_message)
    context.on("weberror", note_error)
