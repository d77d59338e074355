"""A build whose pages are drawn by a Dask cluster gives the bytes of one that draws them itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import dask.config
import pytest
from distributed import LocalCluster

from geo.cli import main
from geo.errors import DataError, EnvironmentFailure
from geo.pipeline import cluster
from geo.pipeline.cluster import connect
from geo.problems import Problem
from tests.conftest import LAYERS


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where a scheduler with two workers listens, each a process of its own."""
    patience = dask.config.set({"distributed.comm.timeouts.connect": "180s"})  # of a machine that has more to do
    options = {"n_workers": 2, "threads_per_worker": 1, "host": "127.0.0.1", "dashboard_address": None}
    with patience, LocalCluster(**options) as running:  # type: ignore[no-untyped-call]
        yield running.scheduler_address


@pytest.fixture
def lonely(tmp_path: Path) -> Iterator[str]:
    """Where a scheduler without workers listens."""
    about = tmp_path / "scheduler.json"
    options = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(about)]
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", *options]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            deadline = time.monotonic() + 60
            while not about.exists():
                assert process.poll() is None, "the scheduler has ended"
                assert time.monotonic() < deadline, "the scheduler did not start"
                time.sleep(0.05)
            yield json.loads(about.read_text())["address"]
        finally:
            process.terminate()


def build(out: Path, scheduler: str, *options: str) -> int:
    return main(["build", str(LAYERS), "--out", str(out), "--scheduler", scheduler, *options])


def test_the_default_atlas_has_the_same_bytes(
    address: str, default_maps: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert build(tmp_path / "maps", address) == 0
    assert "drawn by 2 processes" in capsys.readouterr().out
    pages = {path.name: path.read_bytes() for path in default_maps.iterdir()}
    assert {path.name: path.read_bytes() for path in (tmp_path / "maps").iterdir()} == pages
    assert build(tmp_path / "maps", "tcp://127.0.0.1:1") == 0, "nothing is left to draw, and nobody is asked"


def refuse(line: int) -> int:
    """Refuse everything: what a page raises on a worker."""
    raise DataError([Problem(code="TABLE_NUMBER", path="l.csv", line=line, message="is none", hint="")])


def test_the_error_of_the_first_page_is_raised_whole(address: str) -> None:
    with connect(address) as found, pytest.raises(DataError) as caught:
        found.work_on([2, 1], refuse)
    assert [problem.line for problem in caught.value.problems] == [2]


def test_results_come_in_the_order_of_the_items(address: str) -> None:
    with connect(address) as found:
        assert found.work_on(range(7), partial(int.__mul__, 3)) == [0, 3, 6, 9, 12, 15, 18]


def test_workers_of_another_version_draw_nothing(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "code_digest", lambda: "of another version")
    with pytest.raises(EnvironmentFailure, match=r"the worker tcp://.* has not the Shyrdak.*install the same"):
        connect(address).__enter__()


def test_a_scheduler_without_workers_is_not_waited_for(lonely: str) -> None:
    with pytest.raises(EnvironmentFailure, match=rf"{lonely} has no workers. Fix: .*dask worker {lonely}"):
        connect(lonely).__enter__()


@pytest.mark.parametrize(
    ("scheduler", "code", "words"),
    [
        ("tcp://127.0.0.1:1", 3, "no Dask scheduler answers at tcp://127.0.0.1:1"),
        ("127.0.0.1:8786", 2, "write it as tcp://HOST:8786"),
        ("tcp://127.0.0.1", 2, "write it as tcp://HOST:8786"),
        ("tcp://127.0.0.1:many", 2, "write it as tcp://HOST:8786"),
    ],
)
def test_who_cannot_be_reached_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], scheduler: str, code: int, words: str
) -> None:
    assert build(tmp_path / "maps", scheduler) == code
    assert words in capsys.readouterr().err
    assert not (tmp_path / "maps").exists()


def test_a_missing_package_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert build(tmp_path / "maps", "tcp://127.0.0.1:8786") == 3
    assert "pip --python .venv install distributed" in capsys.readouterr().err


def test_processes_of_this_machine_or_a_cluster(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert build(tmp_path / "maps", "tcp://127.0.0.1:8786", "--jobs", "2") == 2
    assert "not allowed with" in capsys.readouterr().err


def test_workers_that_are_lost_are_said(address: str) -> None:
    with connect(address) as found, pytest.raises(EnvironmentFailure, match="were lost while they drew"):
        found.work_on([1], os._exit)
