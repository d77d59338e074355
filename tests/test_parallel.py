"""Work shared among processes gives what one would have given, or one error."""

from __future__ import annotations

import errno
import os
import pickle
import signal
import threading
import time
from typing import Any

import pytest

from geo.errors import AtlasError, DataError, EnvironmentFailure
from geo.pipeline.parallel import work_on
from geo.problems import Problem


def refuse_odd(n: int) -> int:
    if n % 2:
        raise AtlasError(f"{n} is odd")
    return n


@pytest.mark.parametrize("jobs", [1, 2, 9])
def test_results_come_in_the_order_of_the_items(jobs: int) -> None:
    factor = 3
    assert work_on(range(7), lambda n: n * factor, jobs=jobs) == [0, 3, 6, 9, 12, 15, 18]


def test_the_work_is_shared() -> None:
    pids = work_on(range(4), lambda _: os.getpid(), jobs=2)
    assert os.getpid() not in pids


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_first_error_is_raised(jobs: int) -> None:
    with pytest.raises(AtlasError, match="1 is odd"):
        work_on([0, 1, 2, 3], refuse_odd, jobs=jobs)


def refuse_all(n: int) -> int:
    problems = [Problem(code="TABLE_NUMBER", path="l.csv", line=line, message="is none", hint="") for line in (3, 2)]
    raise DataError(problems[:n])


def test_an_error_keeps_its_problems() -> None:
    with pytest.raises(DataError) as caught:
        work_on([2, 1], refuse_all, jobs=2)
    assert [problem.line for problem in caught.value.problems] == [2, 3]
    assert str(caught.value).splitlines() == list(map(str, caught.value.problems))


def test_a_process_ended_from_outside_is_said() -> None:
    with pytest.raises(EnvironmentFailure, match="--jobs 1"):
        work_on([1, 2], lambda _: os.kill(os.getpid(), signal.SIGKILL), jobs=2)


def test_a_full_disk_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(pickle, "dump", refuse)
    with pytest.raises(EnvironmentFailure, match="make room there"):
        work_on([1, 2], lambda n: n, jobs=2)


def test_ctrl_c_during_a_fork_is_not_lost() -> None:
    # What runs after a fork must not raise: Python would drop it. This stands for any such moment.
    has_come = threading.Event()

    def interrupt() -> None:
        if not has_come.is_set():
            has_come.set()
            signal.raise_signal(signal.SIGINT)

    os.register_at_fork(after_in_parent=interrupt)
    with pytest.raises(KeyboardInterrupt):
        work_on([1, 2], lambda _: time.sleep(60), jobs=2)
    assert has_come.is_set()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ctrl_c_of_a_terminal_may_end_the_others_first() -> None:
    with pytest.raises(KeyboardInterrupt):
        work_on([1, 2], lambda _: signal.raise_signal(signal.SIGINT), jobs=2)
