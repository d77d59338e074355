"""Waiting for changes in a folder: by the system's own notices where the package watchfiles is, else by looking.

Both give the names of changed files, once at the start without any: what changed before is for the caller to find.
"""

from __future__ import annotations

import importlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

POLL_S = 0.25
SETTLE_MS = 50  # an editor that writes in several steps is given so long between two of them ...
AT_MOST_MS = 500  # ... and so long for all


def watch(folder: Path, *, without: Path) -> Iterator[list[str]]:
    """Give the files of a folder that changed, sorted, each time when some did; the folder `without` is left out.

    Names that begin with a dot or end in `~`, such as editors' own, do not count. The first list comes at once, empty,
    when watching has begun.
    """
    try:
        watchfiles = importlib.import_module("watchfiles")
    except ImportError:
        yield from poll(folder, without=without)
        return
    notices = watchfiles.watch(
        folder, watch_filter=None, debounce=AT_MOST_MS, step=SETTLE_MS, rust_timeout=200, yield_on_timeout=True
    )
    has_begun = False
    for changes in notices:
        names = sorted({name for _, path in changes if (name := _name(Path(path), folder, without))})
        if names or not has_begun:
            yield names
        has_begun = True


def poll(folder: Path, *, without: Path) -> Iterator[list[str]]:
    """As `watch`, by looking at sizes and times four times a second."""
    before = _look(folder, without)
    yield []
    while True:
        time.sleep(POLL_S)
        now = _look(folder, without)
        if now != before:
            yield sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
            before = now


def _look(folder: Path, without: Path) -> dict[str, tuple[int, int, int]]:
    found = {}
    for place, folders, files in os.walk(folder):  # which passes over folders that are gone since
        folders[:] = [name for name in folders if _name(Path(place, name), folder, without)]
        for path in (Path(place, file) for file in files):
            name = _name(path, folder, without)
            try:
                stat = path.stat()
            except OSError:  # gone since
                continue
            if name and path.is_file():
                found[name] = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
    return found


def _name(path: Path, folder: Path, without: Path) -> str | None:
    """The path in the folder; None where it does not count."""
    path, root, other = (Path(os.path.abspath(each)) for each in (path, folder, without))
    is_other = other.is_relative_to(root) and other != root and path.is_relative_to(other)
    if is_other or not path.is_relative_to(root):
        return None
    parts = path.relative_to(root).parts
    is_own = any(part.startswith(".") or part.endswith("~") or part == "__pycache__" for part in parts)
    return None if is_own else "/".join(parts)
