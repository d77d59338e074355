"""The commands: their arguments, and what each of them calls."""

from __future__ import annotations

import argparse
import gc
import re
import shlex
from collections.abc import Callable, Collection, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo import __version__, report
from geo.errors import AtlasError, ConfigError, DataError, EnvironmentFailure
from geo.pipeline import manifest
from geo.pipeline.manifest import DEFAULT_ATLAS, DEFAULT_OUT
from geo.progress import Progress

if TYPE_CHECKING:
    from geo.model import AtlasData

DEFAULT_PORT = 8000
MOST_JOBS = 1_000
INTERRUPTED = 130


def run(words: Sequence[str]) -> int:
    """Run the command of these words and give its exit code."""
    # What a mistake in the words themselves is told by, before they are understood.
    is_json = "--format=json" in words or ("--format", "json") in pairwise(words)
    options = argparse.Namespace(format="json" if is_json else "text", writes=False)
    try:
        parser, commands = _parser()
        if words and words[0] not in commands and Path(words[0]).exists():
            raise ConfigError(f"'{words[0]}' is no command. Fix: write build {_folder(words[0])} to build its maps.")
        parser.parse_args(_with_command(words), options)
        code: int = options.run(options)
    except SystemExit as err:  # argparse: 0 after --help, 2 for usage
        return int(err.code or 0)
    except Exception as err:
        failure = report.print_failure(err, options)
        if failure is None:
            raise
        return failure
    return code


def _with_command(words: Sequence[str]) -> list[str]:
    """Without a command, build."""
    asks_for_help = bool(words) and words[0] in ("-h", "--help", "--version")
    return list(words) if words and (asks_for_help or not words[0].startswith("-")) else ["build", *words]


def _parser() -> tuple[argparse.ArgumentParser, Collection[str]]:
    """Give the parser and the names of the commands."""
    parser = argparse.ArgumentParser(prog=report.called_as(), description="Build offline maps from a folder of layers.")
    parser.add_argument("--version", action="version", version=f"Shyrdak {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True, title="commands (without one: build)")
    build = _command(commands, _build, "build", "build the maps of an atlas folder that are not current")
    build.add_argument("--map", action="append", default=[], metavar="ID", help="only this map; may be given again")
    build.add_argument("--force", action="store_true", help="build maps even where nothing changed")
    build.add_argument("--prune", action="store_true", help="remove the pages of maps that atlas.toml no longer has")
    engine = build.add_mutually_exclusive_group()
    engine.add_argument(
        "--jobs", type=_whole(1, MOST_JOBS), metavar="N", help="processes that draw maps (as many as are of use)"
    )
    engine.add_argument("--scheduler", metavar="ADDRESS", help="of a Dask cluster whose workers draw the maps instead")
    check = _command(commands, _check, "check", "list every problem of an atlas folder at once; write nothing")
    why = _command(commands, _why, "why", "say which maps are stale, and because of what")
    serve = _command(
        commands, _serve, "serve", "serve the maps to this computer, built again whenever the folder changes"
    )
    serve.add_argument(
        "--port", type=_whole(0, 65_535), default=DEFAULT_PORT, help=f"of 127.0.0.1; 0 = any ({DEFAULT_PORT})"
    )
    diff = _command(commands, _diff, "diff", "say what differs between two atlas folders, as text, JSON or a map")
    diff.add_argument("old", type=_folder, help="the folder as it was")
    diff.add_argument("new", type=_folder, help="the folder as it is")
    diff.add_argument("--html", type=Path, metavar="FILE", help="write a map, too, with badges on what changed")
    verify = _command(commands, _verify, "verify", "tell whether built pages are as they were built")
    verify.add_argument("file", nargs="+", type=Path, help="an html file that a build wrote")
    verify.add_argument("--atlas", type=_folder, metavar="DIR", help="tell whether this atlas folder builds it, too")
    new = _command(commands, _new, "new", "make an atlas folder from one file, or a small one to start from")
    new.add_argument("folder", type=Path, help="the folder to make")
    new.add_argument("others", nargs="*", type=Path, help=argparse.SUPPRESS)  # to say what was meant
    new.add_argument(
        "--from",
        dest="file",
        type=Path,
        metavar="FILE",
        help="GeoJSON, KML, GeoPackage ..., or a table with lon and lat",
    )
    new.add_argument(
        "--layer",
        action="append",
        default=[],
        metavar="NAME",
        help="take this layer or sheet of the file alone; repeat for several (all)",
    )
    for command in (build, check, serve):
        command.add_argument("--strict", action="store_true", help="warnings are errors")
    for command in (build, check, why, serve):
        command.add_argument(
            "atlas", nargs="?", default=Path(DEFAULT_ATLAS), type=_folder, help=f"its folder ({DEFAULT_ATLAS})"
        )
    for command in (build, why, serve):
        command.add_argument(
            "--out", default=Path(DEFAULT_OUT), type=Path, metavar="DIR", help=f"where maps go ({DEFAULT_OUT})"
        )
    return parser, commands.choices


def _folder(word: str) -> Path:
    """An atlas folder by its name, or by that of its atlas.toml."""
    path = Path(word)
    if not path.is_file():
        return path
    if path.name == "atlas.toml":
        return path.parent
    if (path.parent / "atlas.toml").is_file():
        raise ConfigError(f"'{word}' is a file. Fix: name its folder, {path.parent}.")
    raise ConfigError(f"'{word}' is a file, not an atlas. Fix: {_making_of(path)}")


def _making_of(file: Path, folder: Path | str = "my-atlas") -> str:
    return f"write new {shlex.quote(str(folder))} --from {shlex.quote(str(file))} to make an atlas of it."


def _whole(lowest: int, highest: int) -> Callable[[str], int]:
    """Give what makes a whole number within bounds of a word."""

    def convert(word: str) -> int:
        if not re.fullmatch(r"-?\d{1,9}", word, re.ASCII) or not lowest <= int(word) <= highest:
            raise argparse.ArgumentTypeError(f"'{word}' is no whole number from {lowest} to {highest}")
        return int(word)

    return convert


def _command(commands: Any, run: Callable[[argparse.Namespace], int], name: str, about: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=about, description=about)
    command.set_defaults(run=run, writes=run in (_build, _serve, _new))
    if run is not _serve:  # what it tells is for the one who edits
        command.add_argument("--format", choices=("text", "json"), default="text", help="how to print (text)")
    return command


def _build(options: argparse.Namespace) -> int:
    known = manifest.read_manifest(options.out)
    left_over = manifest.left_over(known, options.out)
    has_more_to_do = options.force or (options.prune and left_over) or (options.strict and known["warnings"])
    if not has_more_to_do and manifest.is_current(known, options.atlas, options.out, options.map):
        report.print_current(left_over, known["warnings"], options)
        return 0
    # What is imported and what a build makes is kept: looking for cycles among it at the usual pace takes a tenth of
    # the time.
    gc.disable()
    from geo.pipeline.build import build_atlas

    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    gc.enable()

    with Progress() as progress:
        done = build_atlas(
            options.atlas,
            options.out,
            maps=options.map,
            force=options.force,
            prune=options.prune,
            strict=options.strict,
            jobs=options.jobs,
            scheduler=options.scheduler,
            tell=progress.tell,
        )
    report.print_report(done, options, pruned=options.prune)
    return 0


def _check(options: argparse.Namespace) -> int:
    from geo.basemap.reading import read_basemap
    from geo.config.settings import read_config
    from geo.pipeline.build import check_atlas

    config = read_config(options.atlas)
    data = check_atlas(config, strict=options.strict)
    read_basemap(config)
    report.print_check(data, options)
    return 0


def _why(options: argparse.Namespace) -> int:
    from geo.pipeline.plan import explain

    report.print_reasons(explain(options.atlas, options.out), options)
    return 0


def _serve(options: argparse.Namespace) -> int:
    from geo.serve.preview import serve

    try:
        serve(
            options.atlas,
            options.out,
            port=options.port,
            strict=options.strict,
            started=report.print_address,
            built=lambda changed, done: report.print_rebuilt(changed, done, options),
            refused=lambda changed, failure: report.print_refused(changed, failure, options),
        )
    except KeyboardInterrupt:
        print("stopped", flush=True)
    return INTERRUPTED


def _diff(options: argparse.Namespace) -> int:
    from geo.config.settings import read_config
    from geo.diff.differences import compare
    from geo.load.atlas import load_atlas

    options.writes = options.html is not None

    def read(folder: Path) -> AtlasData:
        options.atlas = folder  # what a problem's path is relative to
        return load_atlas(read_config(folder))

    old, new = read(options.old), read(options.new)
    differences = compare(old, new)
    if options.html:
        from geo.basemap.reading import read_basemap
        from geo.diff.map import diff_map
        from geo.pipeline.write import write_file

        write_file(options.html, diff_map(old, new, differences, read_basemap(new.config)).encode("utf-8"))
    report.print_differences(differences, options)
    return 0


def _verify(options: argparse.Namespace) -> int:
    codes = []
    for path in options.file:
        try:
            codes.append(_verify_page(path, options))
        except (AtlasError, EnvironmentFailure) as err:  # the other files are looked at all the same
            report.print_failure(err, options)
            codes.append(err.exit_code)
    return max(codes)


def _verify_page(path: Path, options: argparse.Namespace) -> int:
    from geo.pipeline import verify

    html = verify.read_page(path)
    verdict = verify.verify_page(html, name=str(path))
    differs = None
    try:
        differs = verify.differences(html, options.atlas) if options.atlas else None
    finally:  # a mistake in the atlas folder says nothing of the page
        report.print_verdict(path, verdict, differs, options)
    return 0 if verdict.is_sound and not differs else DataError.exit_code


def _new(options: argparse.Namespace) -> int:
    from geo.new.atlas import new_atlas

    words = [options.folder, *options.others]
    if options.others or options.folder.is_file():
        file = next((word for word in words if word.is_file()), words[-1])
        folder = next((word for word in words if word != file), "my-atlas")
        raise ConfigError(f"'{file}' is no folder to make. Fix: {_making_of(file, folder)}")
    options.atlas = options.file.parent if options.file else Path()
    if options.layer and not options.file:
        raise ConfigError("--layer names a layer of a file. Fix: name the file, too: --from FILE.")
    made = new_atlas(options.folder, options.file, options.layer)
    report.print_new(made, options)
    return 0
