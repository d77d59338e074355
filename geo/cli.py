"""The command line: arguments, what is printed, exit codes.

0 fine, 1 our bug, 2 the user's data, config or usage, 3 environment (disk, permission, browser), 130 interrupted.
Modules that need pandas or folium are imported only when something is built.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo import __version__
from geo.errors import AtlasError, DataError, EnvironmentFailure
from geo.manifest import is_current

if TYPE_CHECKING:
    from geo.build import Report
    from geo.model import Counts
    from geo.problems import Problem

DEFAULT_ATLAS, DEFAULT_OUT = "layers", "maps"
PROGRESS_AFTER_S = 1.0
BAR_CELLS = 24
MOST_REASONS = 3


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    options = argparse.Namespace(atlas=Path(DEFAULT_ATLAS), format="text")
    try:
        _parser().parse_args(_with_command(sys.argv[1:] if argv is None else argv), options)
        code: int = options.run(options)
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
    return code


def _with_command(argv: Sequence[str]) -> list[str]:
    """Without a command, build."""
    asks_for_help = bool(argv) and argv[0] in ("-h", "--help", "--version")
    return list(argv) if argv and (asks_for_help or not argv[0].startswith("-")) else ["build", *argv]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="build_maps.py", description="Build offline maps from a folder of layers.")
    parser.add_argument("--version", action="version", version=f"Shyrdak {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True, title="commands (without one: build)")
    build = _command(commands, _build, "build", "build the maps of an atlas folder that are not current")
    build.add_argument("--map", action="append", default=[], metavar="ID", help="only this map; may be given again")
    build.add_argument("--force", action="store_true", help="build maps even where nothing changed")
    build.add_argument("--prune", action="store_true", help="remove the pages of maps that atlas.toml no longer has")
    check = _command(commands, _check, "check", "list every problem of an atlas folder; write nothing")
    why = _command(commands, _why, "why", "say which maps are stale, and because of what")
    for command in (build, check):
        command.add_argument("--strict", action="store_true", help="warnings are errors")
    for command in (build, why):
        command.add_argument("--out", type=Path, default=Path(DEFAULT_OUT), metavar="DIR", help="where maps go (maps)")
    return parser


def _command(commands: Any, run: Callable[[argparse.Namespace], int], name: str, about: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=about, description=about)
    command.set_defaults(run=run)
    command.add_argument("atlas", nargs="?", type=Path, default=Path(DEFAULT_ATLAS), help="its folder (layers)")
    command.add_argument("--format", choices=("text", "json"), default="text", help="how to print (text)")
    return command


def _build(options: argparse.Namespace) -> int:
    if not (options.map or options.force or options.prune) and is_current(options.atlas, options.out):
        print(json.dumps({"pages": {}}) if options.format == "json" else f"{options.out}: every map is current")
        return 0
    from geo.build import build_atlas

    progress = Progress()
    try:
        report = build_atlas(
            options.atlas,
            options.out,
            maps=options.map,
            force=options.force,
            prune=options.prune,
            strict=options.strict,
            step=progress.step,
        )
    finally:
        progress.clear()
    _print_report(report, options)
    return 0


def _why(options: argparse.Namespace) -> int:
    from geo.build import explain

    reasons = explain(options.atlas, options.out)
    if options.format == "json":
        print(json.dumps(reasons))
        return 0
    for page, why in reasons.items():
        print(f"{page}: {'current' if not why else '; '.join(why)}")
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
        pages = {page: {"bytes": size, "reasons": report.reasons[page]} for page, size in report.pages.items()}
        left_over = {"removed" if options.prune else "left_over": report.left_over}
        print(json.dumps({"layers": _layers_json(report.layers), "problems": problems, "pages": pages} | left_over))
        return
    if report.layers:
        _print_layers(report.layers)
    for problem in report.problems:
        print(problem.under(str(options.atlas)))
    for page, size in report.pages.items():
        print(f"wrote {options.out / page} ({size / 1024:,.0f} KB): {_in_short(report.reasons[page])}")
    if not report.pages:
        print(f"{options.out}: every map is current")
    for page in report.left_over:
        what = "removed" if options.prune else "left alone"
        print(
            f"{what} {options.out / page}: atlas.toml has no such map{'' if options.prune else ' (--prune removes it)'}"
        )


def _in_short(reasons: Sequence[str]) -> str:
    more = f" and {len(reasons) - MOST_REASONS} more; why lists all" if len(reasons) > MOST_REASONS else ""
    return ", ".join(reasons[:MOST_REASONS]) + more


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
