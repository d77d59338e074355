"""Bytes to disk: a file is whole or not there, and an earlier one stays until its successor is complete."""

from __future__ import annotations

import os
from pathlib import Path

from geo.errors import OutputError

TEMPORARY_SUFFIX = ".shyrdak-part"


def write_file(path: Path, data: bytes) -> None:
    """Write a file atomically: a temporary one beside it, fsync, then replace.

    Raises
    ------
    OutputError
        The file cannot be written; what stood at `path` is as it was.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}{TEMPORARY_SUFFIX}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError as err:
        part.unlink(missing_ok=True)
        raise OutputError(
            f"{path}: cannot be written ({err.strerror}). Fix: check the folder, its permissions and the space left."
        ) from err


def remove_file(path: Path) -> None:
    """Remove a file, or do nothing where there is none.

    Raises
    ------
    OutputError
        It cannot be removed.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as err:
        raise OutputError(f"{path}: cannot be removed ({err.strerror}). Fix: check the folder's permissions.") from err
