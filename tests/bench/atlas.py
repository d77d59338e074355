"""Figures of the default atlas: what a build costs, how large its pages are, how soon they show their layers.

CPU seconds are those of whole processes, set against the bare import of geopandas and folium on the same machine in the
same minute; times in the page are medians of several openings in headless Chromium, the network off.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browsers import launch

ROOT = Path(__file__).parent.parent.parent
RUNS = 5
IMPORT = [sys.executable, "-c", "import geopandas, folium"]
BARE = [sys.executable, "-I", "-c", "pass"]
EQUAL_BYTES, NOTHING = "equal bytes", "0"
LAYERS_MARK = "geo-layers"
"""The mark that the page sets when its layers, not the basemap alone, are painted."""


def measure_atlas() -> list[tuple[str, str, str]]:
    """Give rows of (what, measured, limit)."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "maps"
        build = [sys.executable, str(ROOT / "build_maps.py"), "build", str(ROOT / "layers"), "--out", str(out)]
        clean, imports = paired([*build, "--force"], IMPORT)
        idle, bare = paired(build, BARE)
        sizes = {page.name: page.stat().st_size for page in out.glob("*.html")}
        largest = max(sizes, key=lambda name: sizes[name])
        rows = [
            ("build of all pages, CPU, x import of geopandas and folium", f"{ratio(clean, imports):.2f}", "2.5"),
            ("the same in CPU seconds", f"{statistics.median(clean):.2f}", ""),
            ("run with nothing to do, CPU, x bare interpreter", f"{ratio(idle, bare):.1f}", "6"),
            (f"largest page ({largest})", f"{sizes[largest] / 1e6:.2f} MB", "1.1 MB"),
            ("two builds, other folder, locale and hash seed", _same_bytes(out, Path(folder)), EQUAL_BYTES),
        ]
        return rows + _page_rows(sorted(out.glob("*.html")))


def _page_rows(pages: list[Path]) -> list[tuple[str, str, str]]:
    with sync_playwright() as playwright:
        browser = launch(playwright, "chromium", as_readers_have=True)
        maps = [page for page in pages if page.name != "index.html"]
        painted = {page.name: [_open(browser, page) for _ in range(RUNS)] for page in maps}
        browser.close()
    medians = {name: statistics.median(ms for ms, _ in runs) for name, runs in painted.items()}
    slowest = max(medians, key=lambda name: medians[name])
    noise = sum(said for runs in painted.values() for _, said in runs)
    return [
        (f"opening to layers painted, slowest page ({slowest})", f"{medians[slowest]:.0f} ms", "1000 ms"),
        ("requests and console messages on opening", str(noise), NOTHING),
    ]


def _open(browser: Browser, page: Path) -> tuple[float, int]:
    """Milliseconds from navigation to the layers' mark, and how often the page asked or said something."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_offline(True)
    tab = context.new_page()
    said: list[str] = []
    context.on("request", lambda r: said.append(r.url) if not r.url.startswith(("file:", "data:", "blob:")) else None)
    context.on("console", lambda message: said.append(message.text))
    tab.goto(page.as_uri())
    deadline = time.monotonic() + 30
    while (marks := tab.evaluate(f"performance.getEntriesByName('{LAYERS_MARK}').map((m) => m.startTime)")) == []:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{page.name} did not paint its layers in 30 s")
        tab.wait_for_timeout(20)
    context.close()
    return float(marks[0]), len(said)


def _same_bytes(first: Path, folder: Path) -> str:
    second = folder / "elsewhere" / "карты"
    environment = os.environ | {"PYTHONHASHSEED": "1", "LANG": "C", "LC_ALL": "C", "TZ": "Asia/Bishkek"}
    command = [sys.executable, str(ROOT / "build_maps.py"), "build", str(ROOT / "layers"), "--out", str(second)]
    subprocess.run(command, check=True, capture_output=True, env=environment, cwd=folder)
    names = {page.name for page in first.glob("*.html")}
    equal = all((first / name).read_bytes() == (second / name).read_bytes() for name in names)
    return EQUAL_BYTES if equal else "DIFFERENT"


def paired(first: list[str], second: list[str]) -> tuple[list[float], list[float]]:
    """CPU seconds of two commands, run in turn so that a drift of the machine meets both; one warm-up each."""
    runs = [(_cpu_seconds(first), _cpu_seconds(second)) for _ in range(RUNS + 1)][1:]
    return [a for a, _ in runs], [b for _, b in runs]


def _cpu_seconds(command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)


def ratio(first: list[float], second: list[float]) -> float:
    return statistics.median(a / b for a, b in zip(first, second, strict=True))


def broken_promises(rows: list[tuple[str, str, str]]) -> list[str]:
    """What must be just so on any machine, and is not; the other limits depend on the machine."""
    return [what for what, measured, limit in rows if limit in (EQUAL_BYTES, NOTHING) and measured != limit]


def print_rows(rows: list[tuple[str, str, str]], *, write: Callable[[str], object] = print) -> None:
    """Print rows as a Markdown table."""
    for row in (("what", "measured", "at most"), ("---", "---", "---"), *rows):
        write("| " + " | ".join(row) + " |")
