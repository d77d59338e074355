"""What commands print: layers, pages and reasons as text or JSON, problems, failures."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.errors import AtlasError, DataError, EnvironmentFailure
from geo.problems import Problem, printable, to_lines

if TYPE_CHECKING:
    from geo.diff.differences import Difference
    from geo.load.translations import Untranslated
    from geo.model import AtlasData, Counts
    from geo.new.atlas import Made
    from geo.pipeline.build import Report
    from geo.pipeline.verify import Verdict

MOST_REASONS = 3
FIRST_LETTERS = 60  # of a text without translation: enough to find it by


def print_failure(failure: Exception, options: argparse.Namespace) -> int | None:
    """Print what is at fault, if that is the user's data or the machine, and give the exit code; None = our bug."""
    if isinstance(failure, DataError):
        problems = [problem.under(str(options.atlas)) for problem in failure.problems]
        if options.format == "json":
            print(json.dumps({"problems": list(map(asdict, problems))}))
        else:
            _print_problems(problems, is_writing=options.writes)
        return failure.exit_code
    if isinstance(failure, AtlasError | EnvironmentFailure):
        said, code = str(failure), failure.exit_code
    elif refused := _at_fault_in_machine(failure):
        said, code = (
            f"{refused}. Fix: check space, permissions and memory, then try again.",
            EnvironmentFailure.exit_code,
        )
    else:
        return None
    if options.format == "json":
        print(json.dumps({"error": said}))
    else:
        print(printable(said), file=sys.stderr)
    return code


def _at_fault_in_machine(failure: Exception) -> str:
    """Name what the system refused wherever it did; "" where that is no fault of the machine.

    An OSError without a number is a library's own; a pipe that broke has been read enough.
    """
    if isinstance(failure, MemoryError):
        return "there is not enough memory"
    if not isinstance(failure, OSError) or failure.errno is None or isinstance(failure, BrokenPipeError):
        return ""
    return f"{failure.filename}: {failure.strerror}" if failure.filename else str(failure.strerror)


def _print_problems(problems: Sequence[Problem], *, is_writing: bool) -> None:
    print("\n".join(to_lines(problems)), file=sys.stderr)
    print(_count(len(problems), "problem") + "; nothing was written" * is_writing, file=sys.stderr)


def _print_warnings(problems: Iterable[Problem], folder: Path) -> None:
    for line in to_lines([problem.under(str(folder)) for problem in problems]):
        print(line)


def print_report(report: Report, options: argparse.Namespace, *, pruned: bool = False) -> None:
    """Print what a build read, joined and wrote; `pruned`: pages left over were removed."""
    if options.format == "json":
        problems = list(map(asdict, report.problems))
        pages = {page: {"bytes": size, "reasons": report.reasons[page]} for page, size in report.pages.items()}
        said = {"layers": _layers_json(report.layers), "problems": problems, "pages": pages}
        said["untranslated"] = list(map(asdict, report.untranslated))
        print(json.dumps(said | {"removed" if pruned else "left_over": report.left_over}))
        return
    if report.layers:
        _print_layers(report.layers)
    _print_warnings(report.problems, options.atlas)
    _print_untranslated(report.untranslated, whole=False)
    if report.jobs > 1:
        print(f"drawn by {report.jobs} processes")
    _print_pages(report, options.out)
    if not report.pages:
        print(f"{options.out}: every map is current")
    print_left_over(report.left_over, options.out, removed=pruned)


def print_address(url: str) -> None:
    print(f"serving {url} (Ctrl-C stops)", flush=True)


def print_rebuilt(changed: Sequence[str], report: Report, options: argparse.Namespace) -> None:
    """Print what a preview built again; the first time, with no file changed, as a build does."""
    if not changed:
        print_report(report, options)
    elif not report.pages:
        print(f"{', '.join(changed)} changed: every map is current")
    else:
        _print_warnings(report.problems, options.atlas)
        _print_pages(report, options.out)
        print_left_over(report.left_over, options.out, removed=False)
    sys.stdout.flush()


def print_refused(changed: Sequence[str], failure: Exception, options: argparse.Namespace) -> None:
    """Print what keeps a preview from building; it goes on with the pages that it has."""
    if changed:
        print(f"{', '.join(changed)} changed", file=sys.stderr)
    print_failure(failure, options)
    sys.stderr.flush()


def print_current(left_over: Sequence[str], warnings: int, options: argparse.Namespace) -> None:
    """Print that there was nothing to do."""
    if options.format == "json":
        nothing: dict[str, Any] = {"layers": {}, "problems": [], "pages": {}, "untranslated": []}
        print(json.dumps(nothing | {"left_over": left_over, "warnings": warnings}))
        return
    print(
        f"{options.out}: every map is current"
        + (f"; {_count(warnings, 'warning')}, which check lists" * bool(warnings))
    )
    print_left_over(left_over, options.out, removed=False)


def _print_untranslated(places: Sequence[Untranslated], *, whole: bool) -> None:
    """Say what is shown in the default language for want of a translation: a line a language, or all places."""
    for language in dict.fromkeys(place.language for place in places):
        own = [place for place in places if place.language == language]
        listed = "" if whole else " (check lists them)"
        print(f"{language}: {_count(sum(place.missing for place in own), 'text')} without translation{listed}")
        for place in own if whole else ():
            first = place.first if len(place.first) <= FIRST_LETTERS else f"{place.first[: FIRST_LETTERS - 1]}…"
            print(printable(f'  {place.place}: {place.missing} of {place.total}, first "{first}"'))


def _print_pages(report: Report, out: Path) -> None:
    for page, size in report.pages.items():
        print(printable(f"wrote {out}/{page} ({size / 1024:,.0f} KB): {_in_short(report.reasons[page])}"))


def print_left_over(pages: Sequence[str], out: Path, *, removed: bool) -> None:
    what, how = ("removed", "") if removed else ("left alone", " (build --prune removes it)")
    for page in pages:
        print(f"{what} {out}/{page}: atlas.toml has no such map{how}")


def print_check(data: AtlasData, options: argparse.Namespace) -> None:
    """Print what was read and joined, the warnings, what has no translation, and what is told by colour alone."""
    from geo.load.translations import find_untranslated  # not before: it needs pandas
    from geo.pack.style import find_alike

    layers = {layer.id: layer.counts for layer in data.layers.values()}
    untranslated, alike = find_untranslated(data), list(find_alike(data))
    if options.format == "json":
        said = {"layers": _layers_json(layers), "problems": list(map(asdict, data.problems))}
        print(json.dumps(said | {"untranslated": list(map(asdict, untranslated)), "alike": alike}))
        return
    _print_layers(layers)
    _print_warnings(data.problems, options.atlas)
    _print_untranslated(untranslated, whole=True)
    for layer_id, first, second, cues in alike:
        unlike = f"'{first}' and '{second}' differ in colour alone, which some readers cannot tell"
        print(printable(f"{layer_id}: {unlike}; give one its own {cues}"))
    print(f"no errors, {_count(len(data.problems), 'warning')}")


def print_reasons(reasons: Mapping[str, Sequence[str]], options: argparse.Namespace) -> None:
    """Print for each page what made it stale."""
    if options.format == "json":
        print(json.dumps(reasons))
        return
    for page, why in reasons.items():
        print(printable(f"{page}: {'current' if not why else '; '.join(why)}"))


def print_differences(differences: Sequence[Difference], options: argparse.Namespace) -> None:
    """Print what differs between two atlases."""
    from geo.diff.text import list_differences

    if options.format == "json":
        print(json.dumps({"differences": list(map(asdict, differences))}))
        return
    print("\n".join(map(printable, list_differences(differences))))
    if options.html:
        print(f"wrote {options.html}")


def print_new(made: Made, options: argparse.Namespace) -> None:
    """Print what a new atlas holds, and the command that builds it."""
    out = f"{options.folder}-maps"
    if options.folder.name in ("", ".."):  # such as `.`: its maps go beside it, too
        out = os.path.relpath(f"{options.folder.resolve()}-maps")
    if options.format == "json":
        layers = [{"id": layer, "features": n, "located": located} for layer, (n, located) in made.layers.items()]
        told = {"folder": str(options.folder), "layers": layers, "notes": made.notes}
        print(json.dumps(told | {"problems": list(map(asdict, made.problems))}))
        return
    features, located = map(sum, zip(*made.layers.values(), strict=True))
    several = f"{len(made.layers)} layers, " if len(made.layers) > 1 else ""
    print(f"made {options.folder}: {several}{_located(features, located)}")
    if several:
        print("\n".join(f"  {layer}: {_located(*counts)}" for layer, counts in made.layers.items()))
    for note in made.notes:
        print(printable(note))
    _print_warnings(made.problems, options.folder)
    print(f"build it: {called_as()} build {shlex.quote(str(options.folder))} --out {shlex.quote(out)}")


def _located(features: int, located: int) -> str:
    nowhere = features - located
    return _count(features, "feature") + (f", {nowhere} not located" if nowhere else "")


def called_as() -> str:
    """What to type for this program: its own name where pip has installed it, else as it was called or shorter."""
    called = sys.argv[0]
    if Path(called).stem == "shyrdak":
        return "shyrdak"
    if Path(called).name != "build_maps.py":  # by a test or a notebook
        return "python3 build_maps.py"
    with suppress(ValueError):  # from another drive of Windows no relative path leads there
        called = min(called, os.path.relpath(called), key=len)
    return f"python3 {shlex.quote(called)}"


def print_verdict(path: Path, verdict: Verdict, differs: Sequence[str] | None, options: argparse.Namespace) -> None:
    """Print what was found of each part of a page, what it was made of, and what the atlas folder would build."""
    if options.format == "json":
        parts = {found.part: {"sound": found.is_sound, "detail": found.detail} for found in verdict.findings}
        said = {"file": str(path), "sound": verdict.is_sound, "parts": parts, "provenance": verdict.provenance}
        print(json.dumps(said if differs is None else said | {"differs": differs}))
        return
    lines = [str(path)]
    for found in verdict.findings:
        lines.append(f"  {found.part:<19}{'sound  ' if found.is_sound else 'ALTERED'}  {found.detail}".rstrip())
    compared = f", and {_comparison(differs, options.atlas)}" if differs is not None else ""
    conclusion = "as it was built" if verdict.is_sound else "altered since it was built"
    print("\n".join(map(printable, [*lines, f"  {verdict.origin}", f"  {conclusion}{compared}"])))


def _comparison(differs: Sequence[str], atlas: Path) -> str:
    return f"not what {atlas} builds: {'; '.join(differs)}" if differs else f"just what {atlas} builds"


def _in_short(reasons: Sequence[str]) -> str:
    more = f" and {len(reasons) - MOST_REASONS} more" if len(reasons) > MOST_REASONS else ""
    return ", ".join(reasons[:MOST_REASONS]) + more


def _print_layers(layers: Mapping[str, Counts]) -> None:
    header = ("layer", "features", "rows", "matched", "located", "problems")
    rows = [(i, *map(str, (c.features, c.rows, c.matched, c.located, c.problems))) for i, c in layers.items()]
    widths = [max(len(row[n]) for row in [header, *rows]) for n in range(len(header))]
    for row in (header, *rows):
        first, *rest = (
            cell.ljust(w) if n == 0 else cell.rjust(w) for n, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        print("  ".join([first, *rest]))


def _layers_json(layers: Mapping[str, Counts]) -> dict[str, Any]:
    return {layer: asdict(counts) for layer, counts in layers.items()}


def _count(n: int, word: str) -> str:
    return f"{n} {word}" if n == 1 else f"{n:,} {word}s"
