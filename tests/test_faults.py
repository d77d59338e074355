"""Faults injected for real: whatever breaks, every map is whole, and what is at fault is said in one line."""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from geo.cli import main
from geo.load.atlas import load_atlas
from geo.model import AtlasData
from geo.pipeline import build
from geo.pipeline.build import build_atlas
from geo.pipeline.manifest import bytes_digest, file_digest
from geo.pipeline.write import TEMPORARY_SUFFIX, hold_folder, write_files
from tests.small import THREE_MAPS

ROOT = THREE_MAPS.parents[2]
PAGES = ("security.html", "energy.html", "everything.html", "index.html")


def digests(out: Path) -> dict[str, str | None]:
    return {page: file_digest(out / page) for page in PAGES}


def build_fails(atlas: Path, out: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    """Run a build that must fail for the machine's sake, and give the one line that it says."""
    capsys.readouterr()
    assert main(["build", str(atlas), "--out", str(out), "--force", *options]) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    return said.err.replace(str(out.parent), "")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MB: room for the maps (1.3 MB), not for the maps twice."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"no right to mount a file system of 2 MB: {mounted.stderr.decode().strip()}")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_leaves_all_maps_as_they_were(
    atlas: Path, small_disk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = small_disk / "maps"
    build_atlas(atlas, out)
    before = digests(out)
    said = build_fails(atlas, out, capsys)
    assert re.fullmatch(r"/maps/\w+\.html: cannot be written \(No space left on device\)\. Fix: .*\n", said)
    assert digests(out) == before
    assert {path.name for path in out.iterdir()} == {*PAGES, "manifest.json"}
    subprocess.run(["mount", "-o", "remount,size=4m", str(small_disk)], check=True)
    assert main(["build", str(atlas), "--out", str(out), "--force"]) == 0


def test_a_read_only_folder(atlas: Path, small_disk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = small_disk / "maps"
    build_atlas(atlas, out)
    before = digests(out)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    said = build_fails(atlas, out, capsys)
    assert said.startswith("/maps: cannot be written to (Read-only file system). Fix:")
    assert digests(out) == before
    assert main(["build", str(atlas), "--out", str(out)]) == 0  # nothing to do is nothing to write


def test_a_folder_in_the_place_of_a_map(atlas: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "maps"
    build_atlas(atlas, out)
    before = digests(out)
    (out / "energy.html").unlink()
    (out / "energy.html").mkdir()
    said = build_fails(atlas, out, capsys)
    assert said.startswith("/maps/energy.html: cannot be written (a folder is in its place). Fix:")
    assert digests(out) == before | {"energy.html": None}


def test_a_file_in_the_place_of_the_folder(atlas: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "maps"
    out.write_text("not a folder")
    assert build_fails(atlas, out, capsys).startswith("/maps: cannot be written to (File exists). Fix:")
    assert out.read_text() == "not a folder"


def test_a_folder_held_by_another_build(atlas: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "maps"
    build_atlas(atlas, out)
    with hold_folder(out):
        assert f"/maps: process {os.getpid()} on" in build_fails(atlas, out, capsys)


def test_a_limit_on_file_size(atlas: Path, tmp_path: Path) -> None:
    out = tmp_path / "maps"
    build_atlas(atlas, out)
    before = digests(out)
    status, said = in_child(lambda: limited_build(atlas, out))
    assert (status, said.count("\n")) == (3, 1)
    assert "cannot be written (File too large). Fix:" in said
    assert digests(out) == before
    assert not list(out.glob(f".*{TEMPORARY_SUFFIX}"))


def limited_build(atlas: Path, out: Path) -> int:
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
    return main(["build", str(atlas), "--out", str(out), "--force", "--jobs", "1"])


def in_child(work: Callable[[], int]) -> tuple[int, str]:
    """Give the exit code of some work in a forked child, and what it wrote to the standard error."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(writing, 2)
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115 - pytest has its own
        status = 1
        try:
            status = work()
        finally:
            sys.stderr.flush()
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        said = pipe.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said


@pytest.fixture
def two_states(atlas: Path, tmp_path: Path) -> tuple[list[Path], list[dict[str, str | None]]]:
    """The atlas in two states, and the digests of the pages of either."""
    other = Path(shutil.copytree(atlas, tmp_path / "other"))
    dams = other / "dams.csv"
    dams.write_text(dams.read_text(encoding="utf-8").replace("Toktogul", "Toktogul dam"), encoding="utf-8")
    toml = other / "atlas.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("2026-11-21", "2026-11-22"), encoding="utf-8")
    pages = []
    for folder in (atlas, other):
        build_atlas(folder, tmp_path / f"{folder.name}-maps")
        pages.append(digests(tmp_path / f"{folder.name}-maps"))
    assert not set(pages[0].values()) & set(pages[1].values())
    return [atlas, other], pages


def fork(work: Callable[[], Any]) -> int:
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    return child


def test_a_hundred_kills_leave_no_map_torn_or_missing(
    two_states: tuple[list[Path], list[dict[str, str | None]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders, known = two_states
    out = tmp_path / "maps"
    build_atlas(folders[0], out)
    # The pages are drawn beforehand, so that more of the kills strike the writing.
    monkeypatch.setattr(build, "map_html", lambda data, page, *_: drawn_page(data, page))
    monkeypatch.setattr(build, "index_html", lambda data, *_: drawn_page(data, "index"))

    def drawn_page(data: AtlasData, page: str) -> str:
        return (tmp_path / f"{data.config.folder.name}-maps" / f"{page}.html").read_text(encoding="utf-8")

    start = time.monotonic()
    os.waitpid(fork(partial(build_atlas, folders[1], out)), 0)
    build_s = time.monotonic() - start
    seen = set()
    for n in range(100):
        child = fork(partial(build_atlas, folders[n % 2], out))
        time.sleep(build_s * 1.1 * n / 100)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        found = digests(out)
        for page in PAGES:
            assert found[page] in (known[0][page], known[1][page]), f"kill {n}: {page} is torn or missing"
        seen.add(tuple(known[0][page] == found[page] for page in PAGES))
    assert len(seen) > 1, "no build got as far as to write"
    build_atlas(folders[0], out)
    assert digests(out) == known[0]
    assert {path.name for path in out.iterdir()} == {*PAGES, "manifest.json"}


def test_a_kill_at_every_step_of_the_writing(tmp_path: Path) -> None:
    old, new = ({f"{name}.html": bytes([value]) * 50_000 for name in "abc"} for value in (1, 2))
    whole = {bytes_digest(page) for page in (*old.values(), *new.values())}
    steps = 0
    while True:
        write_files(tmp_path, old)
        status = os.waitstatus_to_exitcode(os.waitpid(fork(partial(write_and_die, tmp_path, new, steps)), 0)[1])
        assert {file_digest(tmp_path / name) for name in old} <= whole, f"killed at step {steps}"
        if status == 0:
            break
        steps += 1
    assert steps >= 2 * (3 + 3 + 1)  # before and after each of three writes, three renames and the folder's own


def write_and_die(folder: Path, files: Mapping[str, bytes], steps: int) -> None:
    """Write files and kill this process after so many steps of it, each a system call that changes the disk."""
    left = steps

    def count(call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any) -> Any:
            die_if_it_is_time()
            result = call(*arguments)
            die_if_it_is_time()
            return result

        return counted

    def die_if_it_is_time() -> None:
        nonlocal left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1

    os.fsync, os.replace = count(os.fsync), count(os.replace)
    write_files(folder, files)


# The clock is the process's own CPU time; it starts when everything is imported, and stops before Python ends.
INTERRUPTED = """
import signal, sys
import geo.pipeline.build
from geo.cli import main
signal.signal(signal.SIGVTALRM, lambda *_: signal.raise_signal(signal.SIGINT))
signal.setitimer(signal.ITIMER_VIRTUAL, float(sys.argv[1]))
code = main(sys.argv[2:])
signal.setitimer(signal.ITIMER_VIRTUAL, 0)
sys.exit(code)
"""
STUCK = """
import sys, time
from geo.pipeline import build
from geo.cli import main
build.map_html = lambda *_: time.sleep(60)
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("after_cpu_s", [0.01, 0.05, 0.1, 0.2, 0.4])
def test_ctrl_c_ends_with_130_and_one_line(atlas: Path, tmp_path: Path, after_cpu_s: float) -> None:
    out = tmp_path / "maps"
    build_atlas(atlas, out)
    before = digests(out)
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, str(after_cpu_s), "build", str(atlas), "--out", str(out), "--force"],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    if done.returncode:  # a quick machine may be done before
        assert (done.returncode, done.stderr) == (
            130,
            "interrupted; maps that were not yet replaced are as they were\n",
        )
    assert digests(out) == before
    assert {path.name for path in out.iterdir()} == {*PAGES, "manifest.json"}


def test_ctrl_c_ends_the_processes_that_draw(atlas: Path, tmp_path: Path) -> None:
    out = tmp_path / "maps"
    command = [sys.executable, "-c", STUCK, "build", str(atlas), "--out", str(out), "--jobs", "2"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    child = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + 60
    while len(children := children_of(child.pid)) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(children) == 2
    child.send_signal(signal.SIGINT)
    assert child.wait(timeout=60) == 130
    assert not any(Path(f"/proc/{each}").exists() for each in children)
    assert not out.exists()


def children_of(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return []


def change_while_read(monkeypatch: pytest.MonkeyPatch, path: Path, texts: list[str]) -> None:
    """Give a file another text each time after the atlas is read."""

    def load_then_change(*arguments: Any) -> Any:
        try:
            return load_atlas(*arguments)
        finally:
            if texts:
                path.write_text(texts.pop(0), encoding="utf-8")

    monkeypatch.setattr(build, "load_atlas", load_then_change)


def test_a_file_that_changes_while_it_is_read_is_read_again(
    atlas: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dams = (atlas / "dams.csv").read_text(encoding="utf-8")
    change_while_read(monkeypatch, atlas / "dams.csv", [dams.replace("Toktogul", "Toktogul dam")])
    build_atlas(atlas, tmp_path / "maps")
    monkeypatch.undo()
    build_atlas(atlas, tmp_path / "clean")
    assert digests(tmp_path / "maps") == digests(tmp_path / "clean")


def test_a_half_saved_file_is_read_again_before_it_is_a_problem(
    atlas: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = (atlas / "dams.csv").read_text(encoding="utf-8")
    (atlas / "dams.csv").write_text(whole[:60], encoding="utf-8")
    change_while_read(monkeypatch, atlas / "dams.csv", [whole])
    build_atlas(atlas, tmp_path / "maps")
    assert (tmp_path / "maps" / "energy.html").exists()


def test_a_file_that_goes_on_changing_stops_the_build(
    atlas: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    dams = (atlas / "dams.csv").read_text(encoding="utf-8")
    change_while_read(monkeypatch, atlas / "dams.csv", [dams + "\n" * n for n in range(1, 5)])
    assert main(["build", str(atlas), "--out", str(tmp_path / "maps")]) == 2
    assert capsys.readouterr().err == (
        f"{atlas}: dams.csv changed while being read, twice. Fix: let the change finish, then build again.\n"
    )
    assert not (tmp_path / "maps").exists()
