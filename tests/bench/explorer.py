"""Figures of the explorer: what a change by the reader costs until the map shows it, what large pages hold in memory.

A change is an input event on a control. Its cost is the work of the page's thread, from the event to the end of the
frame in which the tiles are painted, layout and painting included, the wait for the next frame left out: what does
not fit into 16 ms is seen a frame late. Medians over a row of different changes, in headless Chromium, the network off.
"""

from __future__ import annotations

import csv
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.atlas import LAYERS_MARK, ROOT
from tests.bench.page import VIEW
from tests.bench.samples import Sample, write_sample
from tests.browsers import launch

MIXED = (Sample("points", 2500), Sample("lines", 1500), Sample("polygons", 1000))
LARGE = Sample("points", 100_000)
LARGEST = Sample("points", 1_000_000)
FRAME_MS, KEYSTROKE_MS, MEMORY_MB = 16, 100, 500
SETTLED_MS = 5000
DURATIONS = (3, 12, 25, 60)
"""Years that features are valid, in turn; every fourth is still so."""
LAYER = """\
[layers.{kind}]
title = "{kind}"
features = "{kind}/sites.geojson"
table = "{kind}/sites.csv"
[layers.{kind}.fields.status]
type = "category"
filter = true
[layers.{kind}.fields.capacity_mw]
type = "integer"
filter = true
[layers.{kind}.style]
color_by = "status"
"""

CHANGES = {
    "year": """(turn) => {
        const slider = document.querySelector(".geo-time input[type=range]");
        slider.value = 1955 + 3 * turn;
        slider.dispatchEvent(new Event("input", { bubbles: true }));
    }""",
    "facet": """(turn) => {
        document.querySelectorAll(".geo-facet input[type=checkbox]")[(turn >> 1) % 4].click();
    }""",
    "search": """(turn) => {
        const field = document.querySelector(".geo-search-field"), text = "1234", to = turn % 6 + 1;
        field.value = text.slice(0, to <= text.length ? to : 2 * text.length - to);
        field.dispatchEvent(new Event("input", { bubbles: true }));
    }""",
}
"""What a reader does, once a turn: pull the slider 3 years on, set or unset a value, type or rub out a digit of a
site's number; each finds others than before."""
TURNS, PAUSE_MS = 16, 500

# A frame that is asked for before the page asks for its own tells when the next one begins and ends. What the seen part
# of the tiles holds at its end is held against what it holds when all has come to rest: alike, they were painted in it.
MEASURE = """async ([change, turns]) => {
    const act = eval(change), channel = new MessageChannel();
    const pause = (ms) => new Promise((go) => setTimeout(go, ms));
    const frame = () => new Promise((done) => requestAnimationFrame(() => {
        const start = performance.now();
        channel.port1.onmessage = () => done(performance.now() - start);
        channel.port2.postMessage(0);
    }));
    const stage = document.querySelector(".geo-stage").getBoundingClientRect();
    const seen = () => [...document.querySelectorAll(".leaflet-geo-data-pane canvas")].map((canvas) => {
        const { x, y, width, height } = canvas.getBoundingClientRect();
        const left = Math.max(0, stage.left - x), top = Math.max(0, stage.top - y);
        const wide = Math.min(width, stage.right - x) - left, high = Math.min(height, stage.bottom - y) - top;
        if (wide < 1 || high < 1) return [];
        return canvas.getContext("2d").getImageData(left, top, wide, high).data;
    });
    // How many pixels in a thousand are another colour; edges of lines differ a little with what is painted with them.
    const changed = (before, after) => {
        let others = 0, all = 0;
        before.forEach((pixels, tile) => {
            for (let i = 3; i < pixels.length; i += 4, all++) others += Math.abs(pixels[i] - after[tile][i]) > 128;
        });
        return (others / all) * 1000;
    };
    const found = [];
    for (let turn = 0; turn < turns; turn++) {
        await frame();
        const next = frame(), start = performance.now();
        act(turn);
        const atOnce = performance.now() - start, work = atOnce + await next, after = await frame(), painted = seen();
        await pause(PAUSE);
        found.push([work, atOnce, after, changed(painted, seen())]);
    }
    return found;
}""".replace("PAUSE", str(PAUSE_MS))


class Cost(NamedTuple):
    """Milliseconds of work for one change, those of them within the event, those of the frame that follows with the
    panels and names; how many pixels in a thousand changed later still, between two years some 20."""

    work_ms: float
    at_once_ms: float
    after_ms: float
    late: float


def measure_explorer() -> list[tuple[str, str, str]]:
    """Give rows of (what, measured, limit)."""
    rows = []
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = launch(playwright, "chromium", as_readers_have=True)
        mixed = _build(write_mixed(Path(name) / "mixed"))
        count = f"{sum(sample.count for sample in MIXED):,} mixed features"
        for change in CHANGES:
            page = _open(browser, mixed)
            if change == "facet":
                page.get_by_role("button", name="Filters", exact=True).click()
            rows.append((f"{change} over {count}: work until painted", *_row(page, change, FRAME_MS)))
            page.context.close()
        page = _open(browser, _build(_write(Path(name) / "large", LARGE)))
        rows.append((f"a keystroke in the search over {LARGE.title}", *_row(page, "search", KEYSTROKE_MS)))
        browser.close()
        browser = launch(playwright, "chromium", as_readers_have=True)  # a process of its own for the memory
        page = _open(browser, _build(_write(Path(name) / "largest", LARGEST)))
        page.wait_for_timeout(SETTLED_MS)
        memory = f"{_renderer_mb(browser):.0f} MB (JS heap {_heap_mb(page):.0f} MB)"
        rows.append(
            (f"memory of the renderer, {LARGEST.title}, {SETTLED_MS // 1000} s after", memory, f"{MEMORY_MB} MB")
        )
        browser.close()
    return rows


def write_mixed(folder: Path) -> Path:
    """Write points, lines of 20 vertices and polygons as an atlas of three layers: dates, names and two filters."""
    for sample in MIXED:
        part = _write(folder / sample.kind, sample)
        with (part / "sites.csv").open(newline="", encoding="utf-8") as file:
            header, *rows = csv.reader(file)
        ends = [int(row[-1]) + DURATIONS[n % 4] if n % 4 else ".." for n, row in enumerate(rows)]
        with (part / "sites.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerows([[*header, "valid_to"], *([*row, end] for row, end in zip(rows, ends, strict=True))])
    kinds = [sample.kind for sample in reversed(MIXED)]
    layers = "".join(LAYER.format(kind=kind) for kind in kinds)
    maps = f'[maps.map]\ntitle = "Mixed"\nlayers = {json.dumps(kinds)}\n'
    (folder / "atlas.toml").write_text(f'title = "Mixed"\n{layers}{maps}', encoding="utf-8")
    return folder


def _write(folder: Path, sample: Sample) -> Path:
    write_sample(folder, sample)
    return folder


def _build(atlas: Path) -> Path:
    out = atlas / "maps"
    command = [sys.executable, str(ROOT / "build_maps.py"), "build", str(atlas), "--out", str(out), "--map", "map"]
    subprocess.run(command, check=True, capture_output=True)
    return out / "map.html"


def _open(browser: Browser, path: Path) -> Page:
    context = browser.new_context(viewport=VIEW, offline=True, locale="en")
    page = context.new_page()
    page.goto(path.as_uri())
    while not page.evaluate(f"performance.getEntriesByName('{LAYERS_MARK}').length"):
        page.wait_for_timeout(50)
    page.wait_for_timeout(1000)  # names and relief come after the layers
    return page


def _row(page: Page, change: str, limit_ms: int) -> tuple[str, str]:
    costs = [Cost(*found) for found in page.evaluate(MEASURE, [CHANGES[change], TURNS])]
    work, at_once, after, _ = (statistics.median(values) for values in zip(*costs, strict=True))
    worst, late = max(cost.work_ms for cost in costs), sum(cost.late > 1 for cost in costs)
    parts = f"at once {at_once:.1f}, worst {worst:.1f}, panels and names in the next frame {after:.1f}"
    return f"{work:.1f} ms ({parts}; {late} of {TURNS} later)", f"{limit_ms} ms"


def _renderer_mb(browser: Browser) -> float:
    """Proportional set size of the largest renderer, as Linux counts it."""
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    pids = [process["id"] for process in processes if process["type"] == "renderer"]
    return max(_pss_kb(Path(f"/proc/{pid}/smaps_rollup")) for pid in pids) / 1024


def _pss_kb(rollup: Path) -> int:
    return next(int(line.split()[1]) for line in rollup.read_text().splitlines() if line.startswith("Pss:"))


def _heap_mb(page: Page) -> float:
    """What scripts hold, arrays included."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(metric["value"] for metric in metrics if metric["name"] == "JSHeapUsedSize")) / 1e6
