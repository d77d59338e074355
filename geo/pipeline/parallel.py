"""The same work on many items, by several processes where that is faster.

Processes are forked: each starts with everything that is already in memory, so that nothing is read or imported twice.
Where the system does not fork safely (Windows, macOS) one process does all.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from operator import itemgetter
from typing import IO, Any, TypeVar

from geo.errors import EnvironmentFailure

T = TypeVar("T")
R = TypeVar("R")

CAN_FORK = sys.platform == "linux"
_PLACE_BYTES = 4
_ASK_AGAIN_S = 0.01


def processors() -> int:
    """How many processors this process may use; 1 where it cannot share the work."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


def work_on(items: Sequence[T], work: Callable[[T], R], *, jobs: int) -> list[R]:
    """Give the result of each item, in their order, worked out by at most so many processes.

    An exception of the work is raised here, that of the first item that has one.

    Raises
    ------
    EnvironmentFailure
        A process was ended from outside, by the system for want of memory or by somebody, or found no room for its
        results on disk.
    """
    jobs = min(jobs, len(items)) if CAN_FORK else 1
    if jobs < 2:
        return [work(item) for item in items]
    with ExitStack() as stack:
        queue = _queue(len(items), stack)
        found = [stack.enter_context(tempfile.TemporaryFile()) for _ in range(jobs)]
        children: list[int] = []
        stack.callback(_end, children)
        with _ctrl_c_held_back():
            for file in found:
                children.append(_fork(partial(_work_off, queue, items, work, file)))
        _wait_for(children)
        results = dict(pair for file in found for pair in _results(file))
    for _, (_, error) in sorted(results.items(), key=itemgetter(0)):
        if error is not None:
            raise error
    return [results[place][0] for place in range(len(items))]


def _queue(length: int, stack: ExitStack) -> int:
    """Give a pipe with the places of the items still to do: whoever is free reads the next one."""
    queue, feed = os.pipe()
    stack.callback(os.close, queue)
    os.write(feed, b"".join(place.to_bytes(_PLACE_BYTES, "big") for place in range(length)))
    os.close(feed)
    return queue


@contextmanager
def _ctrl_c_held_back() -> Iterator[None]:
    """Let Ctrl-C wait until the processes are forked and known.

    Python drops an exception that is raised while it tidies up after a fork (as in the lock of `logging`), so that a
    Ctrl-C at that moment would be lost. Blocking the signal is not enough: a thread of numpy's may take it.
    """
    handler = signal.getsignal(signal.SIGINT)
    if not callable(handler) or threading.current_thread() is not threading.main_thread():
        yield  # it is ignored, or is for another thread
        return
    held: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: held.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        if held:
            handler(held[0], None)


def _wait_for(children: list[int]) -> None:
    """Wait until all have ended, asking again and again: Ctrl-C just before a call that waits does not end it."""
    while children:
        time.sleep(_ASK_AGAIN_S)
        for child in list(children):
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                children.remove(child)
            if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGINT:
                raise KeyboardInterrupt  # it goes to all processes of a terminal, and may reach this one last
            if os.WIFSIGNALED(status):
                message = "a process that drew maps was ended from outside. Fix: try again with --jobs 1."
                raise EnvironmentFailure(message)
            if status:
                place = tempfile.gettempdir()
                message = f"a process could not keep what it drew in {place}. Fix: make room there, or try --jobs 1."
                raise EnvironmentFailure(message)


def _end(children: list[int]) -> None:
    """End the children that still work, after Ctrl-C or the end of one of them."""
    for child in children:
        with suppress(ProcessLookupError, ChildProcessError):  # Ctrl-C came just after it had ended
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def _fork(work: Callable[[], None]) -> int:
    """Run something in a child, which ends without any clearing up: all of that is the parent's."""
    with warnings.catch_warnings():
        # Python 3.12 and later warn of threads, which numpy has started; they wait, and hold no lock of ours.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child:
        return child
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        work()
        status = 0
    finally:
        os._exit(status)


def _work_off(queue: int, items: Sequence[T], work: Callable[[T], R], file: IO[bytes]) -> None:
    while place := os.read(queue, _PLACE_BYTES):
        at = int.from_bytes(place, "big")
        try:
            outcome: tuple[R | None, Exception | None] = (work(items[at]), None)
        except Exception as err:
            outcome = (None, err)
        pickle.dump((at, outcome), file, protocol=pickle.HIGHEST_PROTOCOL)
    file.flush()


def _results(file: IO[bytes]) -> list[tuple[int, tuple[Any, Exception | None]]]:
    file.seek(0)
    results = []
    while True:
        try:
            results.append(pickle.load(file))
        except EOFError:
            return results
