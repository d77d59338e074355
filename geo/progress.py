"""How far a build is: a bar on the terminal."""

from __future__ import annotations

import sys
import time

PROGRESS_AFTER_S = 1.0
BAR_CELLS = 24
PACE_FROM_STEPS = 1_000


class Progress:
    """A bar on a terminal once the work has taken a second, gone at its end; nothing in a pipe."""

    def __init__(self) -> None:
        self._start = self._since = time.monotonic()
        self._what = ""
        self._is_drawn = False

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._is_drawn:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def tell(self, what: str, done: int, of: int) -> None:
        now = time.monotonic()
        if what != self._what:
            self._what, self._since = what, now
        if not sys.stderr.isatty() or now - self._start < PROGRESS_AFTER_S:
            return
        full = BAR_CELLS * done // max(of, 1)
        bar = f"[{'#' * full}{'.' * (BAR_CELLS - full)}] {what}{_pace(done, of, now - self._since)}"
        print(f"\r\x1b[K{bar}", end="", file=sys.stderr, flush=True)
        self._is_drawn = True


def _pace(done: int, of: int, took_s: float) -> str:
    """How fast many steps are done and how long the others will take; nothing where they are few."""
    if of < PACE_FROM_STEPS or not done or not took_s:
        return ""
    return f" {done:,} of {of:,}, {done / took_s:,.0f}/s, {(of - done) * took_s / done:.0f} s left"
