"""Live preview: builds, serves the pages to this machine, builds again what a change shows on, tells open pages."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from geo.config.settings import read_config
from geo.errors import AtlasError, ConfigError, DataError, EnvironmentFailure
from geo.pipeline.build import Report, build_atlas
from geo.problems import to_lines
from geo.serve.server import PageServer
from geo.serve.watch import watch


def serve(
    folder: Path,
    out: Path,
    *,
    port: int,
    strict: bool = False,
    started: Callable[[str], None],
    built: Callable[[list[str], Report], None],
    refused: Callable[[list[str], AtlasError | EnvironmentFailure], None],
) -> None:
    """Build an atlas and serve it until interrupted, building again what a change shows on.

    Parameters
    ----------
    port : 0 = any that is free
    started : told the address once the server answers
    built, refused : told the files that changed and the report of a build, or what kept it from being made
    """
    if not folder.is_dir():
        raise ConfigError(f"there is no folder '{folder}'. Fix: name the atlas folder.")
    with PageServer(out, port=port) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
        try:
            started(server.url)
            for changed in watch(folder, without=out):
                told: set[object] = set()  # of this change: a second build finds again what the first did
                try:
                    for report in _build_in_turn(folder, out, first=server.open_maps(), strict=strict):
                        server.news.tell([], left_over=report.left_over, is_building=True)
                        problems = tuple(problem for problem in report.problems if problem not in told)
                        left_over = [name for name in report.left_over if name not in told]
                        built(changed, replace(report, problems=problems, left_over=left_over))
                        told.update(problems, left_over)
                    server.news.tell([])
                except (AtlasError, EnvironmentFailure) as err:
                    server.news.tell(_lines(err, folder))
                    refused(changed, err)
        finally:
            server.news.tell([], is_over=True)
            server.shutdown()


def _build_in_turn(folder: Path, out: Path, *, first: list[str], strict: bool) -> Iterator[Report]:
    """Build the maps that somebody looks at, so that they need not wait for the others, then all that is left."""
    has_built = False
    # Other pages may be open: the map of changes that `diff` wrote, or one whose map has left atlas.toml.
    maps = read_config(folder).maps.keys() & first
    if maps:
        with suppress(ConfigError):  # a map that leaves atlas.toml right now
            report = build_atlas(folder, out, maps=sorted(maps), strict=strict, jobs=1)
            has_built = bool(report.pages)
            if has_built:
                yield report
    report = build_atlas(folder, out, strict=strict, jobs=1)
    if report.pages or not has_built:
        yield report


def _lines(err: AtlasError | EnvironmentFailure, folder: Path) -> list[str]:
    problems = err.problems if isinstance(err, DataError) else []
    lines = to_lines([problem.under(str(folder)) for problem in problems]) if problems else [str(err)]
    count = f"{len(problems)} problems" if len(problems) > 1 else "1 problem"
    return [f"{count}.", *lines]
