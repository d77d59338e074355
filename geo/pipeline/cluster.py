"""The same work on many items, by the workers of a Dask cluster, to the same results.

What the work needs is sent to each worker once, so that they share no disk with this machine. A scheduler runs what
it is sent by whoever reaches it, and results are unpickled here: a cluster is named by the person who builds, never
by the data.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

from geo.errors import ConfigError, EnvironmentFailure
from geo.pipeline.manifest import code_digest

T = TypeVar("T")
R = TypeVar("R")

ANSWER_S = 10
"""So long a scheduler may take to answer."""


class Cluster(NamedTuple):
    """The workers of a Dask scheduler, all of them running what runs here."""

    client: Any
    workers: int

    def work_on(self, items: Sequence[T], work: Callable[[T], R]) -> list[R]:
        """Give the result of each item, in their order; an exception of the work is raised here, the first item's.

        Raises
        ------
        EnvironmentFailure
            Scheduler or workers were lost meanwhile.
        """
        from distributed import KilledWorker
        from distributed.comm.core import CommClosedError

        try:
            # Of the work itself, which holds all that was read, each worker gets one copy.
            sent = self.client.scatter(work, broadcast=True, hash=False)
            futures = self.client.map(_call, items, work=sent, pure=False)
            return [future.result() for future in futures]
        except (KilledWorker, CancelledError, CommClosedError) as err:
            message = (
                "scheduler or workers were lost while they drew. Fix: look at their logs, or build without --scheduler."
            )
            raise EnvironmentFailure(message) from err


@contextmanager
def connect(address: str) -> Iterator[Cluster]:
    """Give the cluster of a scheduler, such as `tcp://127.0.0.1:8786`, for as long as it is needed.

    Raises
    ------
    ConfigError
        That is no address of a scheduler.
    EnvironmentFailure
        The package distributed is missing, nothing answers within `ANSWER_S` seconds, there is no worker, or one runs
        another Shyrdak, another Python or other packages: its pages might have other bytes.
    """
    try:
        from distributed import Client
    except ModuleNotFoundError as err:
        message = "--scheduler needs the package distributed. Fix: python3 -m pip --python .venv install distributed"
        raise EnvironmentFailure(message) from err
    try:
        _knock(address)
        client = Client(address, timeout=ANSWER_S, set_as_default=False)  # type: ignore[no-untyped-call]
    except OSError as err:
        message = f"no Dask scheduler answers at {address}. Fix: start one (dask scheduler), or mend the address."
        raise EnvironmentFailure(message) from err
    with client:
        yield Cluster(client, _count_workers(client, address))


def _knock(address: str) -> None:
    """Raise an `OSError` where nothing listens: a client that finds nobody complains for half a minute."""
    at = urlsplit(address)
    try:
        host, port = at.hostname, at.port
    except ValueError:  # no number
        host = port = None
    if at.scheme not in ("tcp", "tls") or not host or not port:
        raise ConfigError(f"--scheduler '{address}' is no address of a scheduler. Fix: write it as tcp://HOST:8786.")
    socket.create_connection((host, port), ANSWER_S).close()


def _count_workers(client: Any, address: str) -> int:
    codes = client.run(_code, on_error="return")
    if not codes:
        raise EnvironmentFailure(f"{address} has no workers. Fix: start some there: dask worker {address}")
    for worker, code in sorted(codes.items()):
        if code != code_digest():  # or what it raised instead, where there is no Shyrdak at all
            message = (
                f"the worker {worker} has not the Shyrdak, Python and packages that run here."
                " Fix: install the same there, by requirements.lock."
            )
            raise EnvironmentFailure(message)
    return len(codes)


def _code() -> str:
    return code_digest()


def _call(item: T, *, work: Callable[[T], R]) -> R:
    return work(item)
