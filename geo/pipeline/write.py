"""Bytes to disk: a file is whole or not there, and an earlier one stays until its successor is complete.

Files that belong together are all written beside their targets first, then put in place one after the other: what
fails on the way (a full disk, a folder in a file's place) leaves every earlier file as it was. One process at a time
writes to a folder; what a killed one left behind, the next one sweeps away.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from geo.errors import OutputError

TEMPORARY_SUFFIX = ".shyrdak-part"
LOCK_NAME = ".shyrdak-lock"
_CHECK = "Fix: check the folder, its permissions and the space left."


@contextmanager
def hold_folder(folder: Path) -> Iterator[None]:
    """Keep other builds from writing to a folder, which is made if needed, and sweep what a killed one left there.

    Raises
    ------
    OutputError
        The folder cannot be made or written to, or another process holds it: the message names that process.
    """
    is_new = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = _lock(folder / LOCK_NAME)
    except OSError as err:
        raise OutputError(f"{folder}: cannot be written to ({err.strerror}). {_CHECK}") from err
    try:
        for part in folder.glob(f".*{TEMPORARY_SUFFIX}"):
            part.unlink(missing_ok=True)
        yield
    finally:
        _unlock(lock, folder / LOCK_NAME)
        if is_new:
            with suppress(OSError):  # there is something in it, as there should be
                folder.rmdir()


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files of a folder that must be held: all of them beside their targets, then each into its place, in order.

    Raises
    ------
    OutputError
        One cannot be written: what stood at every path is as it was. Or put in place, as on Windows a page that is
        held open: those before it are new.
    """
    parts: dict[Path, Path] = {}
    target = folder
    try:
        for name, data in files.items():
            target = folder / name
            if target.is_dir():
                raise IsADirectoryError(None, "a folder is in its place")
            parts[target] = part = target.with_name(f".{name}{TEMPORARY_SUFFIX}")
            _write_through(part, data)
        for target, part in parts.items():
            os.replace(part, target)
        with suppress(OSError):  # some network file systems refuse it; by now all files are new and whole
            _sync_folder(folder)
    except OSError as err:
        raise OutputError(f"{target}: cannot be written ({err.strerror}). {_CHECK}") from err
    finally:
        for part in parts.values():
            with suppress(OSError):
                part.unlink(missing_ok=True)


def write_file(path: Path, data: bytes) -> None:
    """Write one file; its folder is made if needed and held. Raises as `hold_folder` and `write_files`."""
    with hold_folder(path.parent):
        write_files(path.parent, {path.name: data})


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


def _write_through(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Put the renames on disk too. Windows opens no folder, and needs no such thing."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _lock(path: Path) -> int:
    """Give the open lock file, held until it is closed or the process ends, however it ends; it names the holder."""
    while True:
        # Folders come from anywhere: a link in its place would have us empty what it leads to.
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise OutputError(f"{path}: it is no file of a build. Fix: remove it.")
        lock = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
        try:
            _take(lock)
            # Its last holder may have removed the file after we opened it: then another one may hold its successor.
            if os.path.samestat(os.fstat(lock), path.stat()):
                break
        except (BlockingIOError, PermissionError):
            holder = os.read(lock, 200).decode("utf-8", "replace").strip() or "a process that has just started"
            os.close(lock)
            message = f"{path.parent}: {holder} is writing to it. Fix: wait until that has ended, then try again."
            raise OutputError(message) from None
        except FileNotFoundError:
            pass
        os.close(lock)
    with suppress(OSError):  # a lock without a name is still a lock: a full disk will show where it matters
        os.ftruncate(lock, 0)
        os.write(lock, f"process {os.getpid()} on {socket.gethostname()}".encode())
    return lock


def _take(lock: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        os.lseek(lock, 1 << 30, os.SEEK_SET)  # far behind the text: Windows lets nobody read what is locked
        msvcrt.locking(lock, msvcrt.LK_NBLCK, 1)
        os.lseek(lock, 0, os.SEEK_SET)
    else:
        import fcntl

        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _unlock(lock: int, path: Path) -> None:
    if os.name == "nt":  # there nobody can remove what is open
        os.close(lock)
    with suppress(OSError):
        path.unlink()
    if os.name != "nt":
        os.close(lock)
