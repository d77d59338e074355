"""The browsers of the tests: where one is found, how one is got where there is none, how it is started.

Chromium runs every browser test; Firefox repeats those that ask for it, where pytest is given `--firefox`.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserType, Error, Page, Playwright, sync_playwright

# Chromium without the windows and menus around its pages: in it a page is opened for little more than half the work.
WINDOWLESS = "chromium-headless-shell"
# The variable that names a browser's program, then the names and places it has by itself.
VARIABLES = {"chromium": "ATLAS_BROWSER", "firefox": "ATLAS_FIREFOX"}
PROGRAMS = {
    "chromium": (
        WINDOWLESS,
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ),
    "firefox": ("firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox"),
}
# Each window of Chromium loads two pages of its own, for the list under its address bar: a third of the work of opening
# one of ours. The switch replaces Playwright's, so what that has against work in the background is named here again.
NEEDLESS_FEATURES = (
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup"),
    *("AimEnabled", "MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints", "Translate"),
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "PaintHolding"),
)
PACKAGES = {"chromium": (WINDOWLESS, "chromium"), "firefox": ("firefox-esr",)}  # the first that there is
FONTS = "fonts-dejavu-core"


def find_program(name: str, *, as_readers_have: bool = False) -> str | None:
    """Path of the browser `name` on this machine, None where only Playwright's own can be there.

    Of several the one that opens pages soonest, or the one that readers have, where there is one.

    Raises
    ------
    FileNotFoundError
        the variable names a program that does not exist: another one in its place would surprise
    """
    given = os.environ.get(VARIABLES[name])
    if given:
        program = shutil.which(given)
        if not program:
            raise FileNotFoundError(f"{VARIABLES[name]}={given} is not a program")
        return program
    programs = sorted(PROGRAMS[name], key=WINDOWLESS.__eq__) if as_readers_have else PROGRAMS[name]
    return next(filter(None, map(shutil.which, programs)), None)


def launch(playwright: Playwright, name: str, *, as_readers_have: bool = False) -> Browser:
    """A running headless browser; Playwright's `Error` where there is none, or where it does not start."""
    kind: BrowserType = getattr(playwright, name)
    program = find_program(name, as_readers_have=as_readers_have)
    if program is None:
        return kind.launch()
    if name == "chromium":
        return kind.launch(executable_path=program, args=["--disable-features=" + ",".join(NEEDLESS_FEATURES)])
    # Playwright drives its own build of Firefox, and any other by the standard protocol that this channel stands for.
    return kind.launch(executable_path=program, channel="moz-firefox")


def get_browsers(names: list[str]) -> None:
    """Make sure that each browser starts, getting what is missing; else end the process with one line, exit code 3."""
    for name in names:
        ways: tuple[Callable[[str], bool], ...] = (find_installed, download, install_by_apt)
        try:
            if not any(way(name) for way in ways):
                sys.stderr.write(explain_missing(name) + "\n")
                sys.exit(3)
        except FileNotFoundError as err:
            sys.stderr.write(f"Tests stopped: {err}\n")
            sys.exit(3)


def explain_missing(name: str) -> str:
    """What to do where no browser can be had."""
    return (
        f"Tests stopped: no {name.title()} that starts. Install one, or name it in {VARIABLES[name]};"
        ' or leave the browser tests out: python3 tests -m "not browser"'
    )


def find_installed(name: str) -> bool:
    """True where the browser is there; one that is Playwright's own or newly got must start, too."""
    return find_program(name) is not None or _starts(name)


def download(name: str) -> bool:
    """Let Playwright download its own build; True where that then starts (it may lack libraries of the system)."""
    sys.stderr.write(f"No {name.title()} found; downloading Playwright's.\n")
    return run_quietly([sys.executable, "-m", "playwright", "install", name]) and _starts(name)


def install_by_apt(name: str) -> bool:
    """Let the system's package manager install it, where we are allowed to."""
    if not (sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get")):
        return False
    sys.stderr.write(f"Installing {name.title()} by apt-get.\n")
    install = ["apt-get", "install", "--yes", "--no-install-recommends", FONTS]
    return (
        run_quietly(["apt-get", "update"])
        and any(run_quietly([*install, name]) for name in PACKAGES[name])
        and _starts(name)
    )


def find_violations(page: Page) -> list[str]:
    """What axe finds wrong with the page as it stands: rule, weight, the first element."""
    violations = Axe().run(page).response["violations"]
    return [f"{found['id']} ({found['impact']}): {found['nodes'][0]['html']}" for found in violations]


def _starts(name: str) -> bool:
    with sync_playwright() as playwright:
        try:
            launch(playwright, name).close()
        except Error:
            return False
    return True


def run_quietly(command: list[str]) -> bool:
    """True for exit code 0; what the command prints does not matter to somebody who wants tests."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=600)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
