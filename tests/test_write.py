"""Files are whole or not there, all of a build or none, and one process at a time writes."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from geo.errors import OutputError
from geo.pipeline.write import LOCK_NAME, TEMPORARY_SUFFIX, hold_folder, write_file, write_files

ROOT = Path(__file__).parent.parent
HOLD = """
import sys, pathlib
from geo.pipeline.write import hold_folder
with hold_folder(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_writes_and_replaces_without_leaving_parts(tmp_path: Path) -> None:
    target = tmp_path / "new" / "a.html"
    write_file(target, b"one")
    write_file(target, b"two")
    assert target.read_bytes() == b"two"
    assert os.listdir(target.parent) == ["a.html"]


def test_all_files_are_written_or_none_is(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"old")
    (tmp_path / "b.html").mkdir()
    with pytest.raises(OutputError, match=r"b\.html: cannot be written \(a folder is in its place\)\. Fix:"):
        write_files(tmp_path, {"a.html": b"new", "b.html": b"new"})
    assert (tmp_path / "a.html").read_bytes() == b"old"
    assert sorted(os.listdir(tmp_path)) == ["a.html", "b.html"]


def test_bytes_reach_the_disk_before_names_and_names_before_success(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []

    def note_fsync(descriptor: int) -> None:
        calls.append(f"fsync {Path(os.readlink(f'/proc/self/fd/{descriptor}')).name}")

    replace = os.replace

    def note_replace(source: Path, target: Path) -> None:
        calls.append(f"replace {target.name}")
        replace(source, target)

    monkeypatch.setattr("geo.pipeline.write.os.fsync", note_fsync)
    monkeypatch.setattr("geo.pipeline.write.os.replace", note_replace)
    write_files(tmp_path, {"a.html": b"a", "b.html": b"b"})
    parts = [f"fsync .{name}{TEMPORARY_SUFFIX}" for name in ("a.html", "b.html")]
    assert calls == [*parts, "replace a.html", "replace b.html", f"fsync {tmp_path.name}"]


def test_a_file_system_that_syncs_no_folder_is_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(descriptor: int) -> None:
        if os.path.isdir(f"/proc/self/fd/{descriptor}"):
            raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr("geo.pipeline.write.os.fsync", refuse)
    write_files(tmp_path, {"a.html": b"a"})
    assert (tmp_path / "a.html").read_bytes() == b"a"


@pytest.mark.parametrize("kind", ["link", "link to nothing", "pipe", "folder"])
def test_what_stands_in_place_of_the_lock_is_left_alone(tmp_path: Path, kind: str) -> None:
    victim, lock = tmp_path / "victim.txt", tmp_path / "out" / LOCK_NAME
    victim.write_text("somebody's own")
    lock.parent.mkdir()
    if kind.startswith("link"):
        lock.symlink_to(victim if kind == "link" else tmp_path / "new.txt")
    elif kind == "pipe":
        os.mkfifo(lock)
    else:
        lock.mkdir()
    with pytest.raises(OutputError, match=r"\.shyrdak-lock: it is no file of a build\. Fix: remove it\."):
        write_file(lock.parent / "a.html", b"new")
    assert victim.read_text() == "somebody's own"
    assert os.listdir(lock.parent) == [LOCK_NAME]
    assert sorted(os.listdir(tmp_path)) == ["out", "victim.txt"]


def test_sweeps_what_a_killed_build_left(tmp_path: Path) -> None:
    (tmp_path / f".atlas.html{TEMPORARY_SUFFIX}").write_bytes(b"half of a pa")
    (tmp_path / ".htaccess").write_bytes(b"somebody's own")
    with hold_folder(tmp_path):
        assert sorted(os.listdir(tmp_path)) == [".htaccess", LOCK_NAME]
    assert os.listdir(tmp_path) == [".htaccess"]


def test_a_folder_made_for_nothing_goes_again(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), hold_folder(tmp_path / "maps"):
        raise ZeroDivisionError
    assert os.listdir(tmp_path) == []


def test_a_second_process_is_told_who_holds_the_folder(tmp_path: Path) -> None:
    with hold_elsewhere(tmp_path) as holder:
        said = rf"process {holder.pid} on {socket.gethostname()} is writing to it\. Fix: wait"
        with pytest.raises(OutputError, match=said), hold_folder(tmp_path):
            pass
        assert holder.stdin
        holder.stdin.close()
        holder.wait()
    with hold_folder(tmp_path):
        pass


def test_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    with hold_elsewhere(tmp_path) as holder:
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    assert os.listdir(tmp_path) == [LOCK_NAME]
    with hold_folder(tmp_path):
        pass
    assert os.listdir(tmp_path) == []


def hold_elsewhere(folder: Path) -> subprocess.Popen[str]:
    """Start a process that holds a folder until its input ends, and wait until it does."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    return holder
