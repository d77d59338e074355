"""Measure and print: `python3 tests bench [atlas] [explorer] [scale] [peers]`, the atlas where nothing is named."""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.atlas import ROOT, RUNS, broken_promises, measure_atlas, print_rows


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what the arguments name; 1 where two builds differ, or a page asks for something or says something."""
    parser = argparse.ArgumentParser(prog="python3 tests bench", description=__doc__)
    parser.add_argument("what", nargs="*", choices=["atlas", "explorer", "scale", "peers", []], default=[])
    parser.add_argument("--runs", type=int, default=RUNS, help="openings and builds of each map, for peers")
    parser.add_argument("--large", action="store_true", help="peers on a million points and 100,000 lines too")
    parser.add_argument("--tools", help="some of the peers, joined by commas")
    parser.add_argument("--samples", help="some of the samples, by their titles, joined by ;")
    parser.add_argument("--out", type=Path, help="folder where peers are kept: benchmark.json, and .md and .svg of it")
    options = parser.parse_args(arguments)
    print(f"{machine()}\n", flush=True)
    broken: list[str] = []
    if not options.what or "atlas" in options.what:
        from tests.bench.regeneration import measure_regeneration

        rows = measure_atlas()
        broken = broken_promises(rows)
        print_rows([*rows, *measure_regeneration()])
    if "explorer" in options.what:
        from tests.bench.explorer import measure_explorer

        print_rows(measure_explorer())
    if "scale" in options.what:
        from tests.bench.scale import HEADINGS, measure_scale

        for row in (HEADINGS, ("---",) * len(HEADINGS), *measure_scale()):
            print("| " + " | ".join(row) + " |")
    if "peers" in options.what:
        _compare_peers(options)
    return 1 if broken else 0


def machine() -> str:
    """What the figures were measured on."""
    now = f"{datetime.now(UTC):%Y-%m-%d}"
    return f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}, {now}"


def _compare_peers(options: argparse.Namespace) -> None:
    from tests.bench.peers import LARGE, SAMPLES, all_tools, compare, versions
    from tests.bench.results import Measured, keep
    from tests.bench.tables import markdown, plot

    tools = options.tools.split(",") if options.tools else all_tools()
    order = [*SAMPLES, *LARGE]
    samples = order if options.large else SAMPLES
    if options.samples:
        samples = [sample for sample in order if sample.title in options.samples.split(";")]
    measured = []
    # Kept after each sample: a run of hours may end before its time.
    for results in compare(samples, tools, runs=options.runs, say=lambda line: print(line, flush=True)):
        about = f"Medians of {options.runs}; {machine()}; {versions(row.tool for row in results)}."
        measured.append(Measured(about, results))
        if options.out:
            folder = ROOT / options.out
            kept = keep(folder / "benchmark.json", measured[-1], order)
            (folder / "benchmark.md").write_text(markdown(kept), encoding="utf-8")
            (folder / "benchmark.svg").write_text(plot(kept), encoding="utf-8")
    print(markdown(measured))


if __name__ == "__main__":
    raise SystemExit(main())
