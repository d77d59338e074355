"""Figures of large atlases: what a build costs beside the bare parsing of the same files, how large its page is.

The bare parse is `orjson.loads` of the GeoJSON and `pandas.read_csv` of the table in a process of its own: less than
any tool can do with them. It is measured as anybody would write it; with Python's garbage collector off, as our reading
has it, the parse takes a third of that: the last column.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.atlas import ROOT
from tests.bench.samples import Sample, write_sample

SIZES = (10_000, 100_000, 1_000_000)
BARE = """\
import sys, orjson, pandas
{gc}
with open(sys.argv[1] + "/sites.geojson", "rb") as file:
    shapes = orjson.loads(file.read())
table = pandas.read_csv(sys.argv[1] + "/sites.csv")
"""
NO_GC = "import gc; gc.disable()"
HEADINGS = ("points", "CPU s", "µs a point", "peak, MB", "page, MB", "x bare parse", "x bare parse, no gc")


def measure_scale() -> list[tuple[str, ...]]:
    """Give rows under HEADINGS, one a size."""
    rows: list[tuple[str, ...]] = []
    idle = _cpu_and_peak([sys.executable, "-c", "import sys, orjson, pandas"])[0]
    for size in SIZES:
        with tempfile.TemporaryDirectory() as name:
            folder, out = Path(name) / "atlas", Path(name) / "maps"
            write_sample(folder, Sample("points", size))
            build = [sys.executable, str(ROOT / "build_maps.py"), "build", str(folder), "--out", str(out)]
            cpu, peak = _cpu_and_peak([*build, "--map", "map", "--jobs", "1"])
            bare, plain = (
                _cpu_and_peak([sys.executable, "-c", BARE.format(gc=gc), str(folder)])[0] - idle for gc in ("", NO_GC)
            )
            html = (out / "map.html").stat().st_size
            figures = (f"{cpu:.2f}", f"{cpu / size * 1e6:.1f}", f"{peak:,.0f}", f"{html / 1e6:.2f}")
            rows.append((f"{size:,}", *figures, f"{cpu / bare:.2f}", f"{cpu / plain:.2f}"))
    return rows


def _cpu_and_peak(command: list[str]) -> tuple[float, float]:
    """CPU seconds and the largest memory (MB) of a process."""
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"{command} ended with {child.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
