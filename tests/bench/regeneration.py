"""Figures of regeneration: what a run with nothing to do costs, how soon a page shows what was saved."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Error, Page, sync_playwright

from tests.bench.atlas import LAYERS_MARK, ROOT, RUNS, paired, ratio
from tests.browsers import launch

# The Python that people call: where this one is that of .venv, the set-up's restart counts too.
CALLED = getattr(sys, "_base_executable", sys.executable)
QUIET_S = 1.5  # between two edits, so that each is one of its own


def measure_regeneration() -> list[tuple[str, str, str]]:
    """Give rows of (what, measured, limit)."""
    with tempfile.TemporaryDirectory() as folder:
        build = [CALLED, str(ROOT / "build_maps.py"), "build", str(ROOT / "layers"), "--out", f"{folder}/maps"]
        subprocess.run(build, check=True, capture_output=True)
        idle, bare = paired(build, [CALLED, "-I", "-c", "pass"])
        delays = _serve_and_edit(Path(folder))
    return [
        ("run with nothing to do, both interpreters, CPU, x bare interpreter", f"{ratio(idle, bare):.1f}", "6"),
        ("from a saved table to the page with its layers painted", f"{statistics.median(delays):.2f} s", "2 s"),
        ("the same, slowest of them", f"{max(delays):.2f} s", ""),
    ]


def _serve_and_edit(place: Path) -> list[float]:
    atlas = Path(shutil.copytree(ROOT / "layers", place / "atlas"))
    command = [
        sys.executable,
        str(ROOT / "build_maps.py"),
        "serve",
        str(atlas),
        "--out",
        str(place / "out"),
        "--port",
        "0",
    ]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout
    try:
        url = server.stdout.readline().split()[1]
        while "index.html" not in server.stdout.readline():
            pass
        with sync_playwright() as playwright:
            browser = launch(playwright, "chromium", as_readers_have=True)
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(f"{url}atlas.html")
            delays = [_edit(page, atlas / "dams.csv", n) for n in range(RUNS + 1)][1:]
            browser.close()
        return delays
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()


def _edit(page: Page, table: Path, number: int) -> float:
    """Seconds from the saving of a table to the moment at which the reloaded page has painted its layers."""
    time.sleep(QUIET_S)
    page.evaluate("window.isOld = true")
    text = table.read_text(encoding="utf-8")
    names = ("Toktogul", "Toktogul dam")
    old, new = names if number % 2 == 0 else reversed(names)
    start = time.monotonic()
    table.write_text(text.replace(old, new), encoding="utf-8")
    while True:
        try:
            if page.evaluate(f"!window.isOld && performance.getEntriesByName('{LAYERS_MARK}').length > 0"):
                return time.monotonic() - start
        except Error:  # the page is just being left
            pass
        time.sleep(0.01)
