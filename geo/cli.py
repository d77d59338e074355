"""The command line: arguments, what is printed, exit codes.

0 fine, 1 our bug, 2 the user's data, config or usage, 3 environment (disk, permission, browser), 130 interrupted.
Modules that need pandas or folium are imported only when something is built.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.errors import AtlasError, DataError, EnvironmentFailure

if TYPE_CHECKING:
    from geo.build import Report
    from geo.model import Counts
    from geo.problems import Problem

DEFAULT_ATLAS, DEFAULT_OUT = "layers", "maps"
PROGRESS_AFTER_S = 1.0
BAR_CELLS = 24


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    try:
        options = _parser().parse_args(argv)
        run = {"build": _build, "check": _check}[options.command]
        return run(options)
    except DataError as err:
        _print_problems([problem.under(str(options.atlas)) for problem in err.problems], options.format)
        return err.exit_code
    except (AtlasError, EnvironmentFailure) as err:
        print(err, file=sys.stderr)
        return err.exit_code
    except KeyboardInterrupt:
        print("interrupted; maps that were not yet replaced are as they were", file=sys.stderr)
        return 130
    except SystemExit as err:  # argparse: 0 after --help, 2 for usage
        return int(err.code or 0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="build_maps.py", description="Build offline maps from a folder of layers.")
    parser.set_defaults(
        command="build", atlas=Path(DEFAULT_ATLAS), out=Path(DEFAULT_OUT), map=[], strict=False, format="text"
    )
    commands = parser.add_subparsers(metavar="COMMAND", title="commands (without one: build layers/ into maps/)")
    build = commands.add_parser("build", help="build the maps of an atlas folder")
    build.set_defaults(command="build")
    check = commands.add_parser("check", help="list every problem of an atlas folder; write nothing")
    check.set_defaults(command="check")
    for command in (build, check):
        command.add_argument(
            "atlas", nargs="?", type=Path, default=Path(DEFAULT_ATLAS), help="folder with atlas.toml (layers)"
        )
        command.add_argument("--strict", action="store_true", help="warnings are errors")
        command.add_argument("--format", choices=("text", "json"), default="text", help="how to print (text)")
    build.add_argument("--out", type=Path, default=Path(DEFAULT_OUT), metavar="DIR", help="where the maps go (maps)")
    build.add_argument("--map", action="append", default=[], metavar="ID", help="only this map; may be given again")
    return parser


def _build(options: argparse.Namespace) -> int:
    from geo.build import build_atlas

    progress = Progress()
    try:
        report = build_atlas(options.atlas, options.out, maps=options.map, strict=options.strict, step=progress.step)
    finally:
        progress.clear()
    _print_report(report, options)
    return 0


def _check(options: argparse.Namespace) -> int:
    from geo.build import check_atlas
    from geo.config import read_config

    config = read_config(options.atlas)
    data = check_atlas(config, config.maps, strict=options.strict)
    layers = {layer.id: layer.counts for layer in data.layers.values()}
    if options.format == "json":
        print(json.dumps({"layers": _layers_json(layers), "problems": [_problem_json(p) for p in data.problems]}))
        return 0
    _print_layers(layers)
    for problem in data.problems:
        print(problem.under(str(options.atlas)))
    print(f"no errors, {_count(len(data.problems), 'warning')}")
    return 0


def _print_report(report: Report, options: argparse.Namespace) -> None:
    if options.format == "json":
        problems = [_problem_json(problem) for problem in report.problems]
        print(json.dumps({"layers": _layers_json(report.layers), "problems": problems, "pages": report.pages}))
        return
    _print_layers(report.layers)
    for problem in report.problems:
        print(problem.under(str(options.atlas)))
    for name, size in report.pages.items():
        print(f"wrote {options.out / name} ({size / 1024:,.0f} KB)")


def _print_layers(layers: dict[str, Counts]) -> None:
    header = ("layer", "features", "rows", "matched", "located", "problems")
    rows = [(i, *map(str, (c.features, c.rows, c.matched, c.located, c.problems))) for i, c in layers.items()]
    widths = [max(len(row[n]) for row in [header, *rows]) for n in range(len(header))]
    for row in (header, *rows):
        first, *rest = (
            cell.ljust(w) if n == 0 else cell.rjust(w) for n, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        print("  ".join([first, *rest]))


def _print_problems(problems: Sequence[Problem], form: str) -> None:
    if form == "json":
        print(json.dumps({"problems": [_problem_json(problem) for problem in problems]}))
        return
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{_count(len(problems), 'problem')}; nothing was written", file=sys.stderr)


def _layers_json(layers: dict[str, Counts]) -> dict[str, Any]:
    names = ("features", "rows", "matched", "located", "problems")
    return {layer: {name: getattr(counts, name) for name in names} for layer, counts in layers.items()}


def _problem_json(problem: Problem) -> dict[str, Any]:
    names = ("code", "severity", "path", "line", "column", "subject", "message", "hint")
    return {name: getattr(problem, name) for name in names}


def _count(n: int, word: str) -> str:
    return f"{n} {word}" if n == 1 else f"{n} {word}s"


class Progress:
    """A bar on a terminal once the work has taken a second; nothing in a pipe."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._drawn = False

    def step(self, what: str, done: int, of: int) -> None:
        if not sys.stderr.isatty() or time.monotonic() - self._start < PROGRESS_AFTER_S:
            return
        full = BAR_CELLS * done // max(of, 1)
        print(f"\r\x1b[K[{'#' * full}{'.' * (BAR_CELLS - full)}] {what}", end="", file=sys.stderr, flush=True)
        self._drawn = True

    def clear(self) -> None:
        if self._drawn:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
