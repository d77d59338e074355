"""Something wrong in atlas.toml, and the name that was likely meant."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from typing import NamedTuple


class Fault(NamedTuple):
    """`keys`: the place in the file; `code`: one of `geo.problems.CODES`."""

    keys: tuple[str | int, ...]
    message: str
    hint: str
    code: str = "CONFIG_VALUE"


def did_you_mean(name: str, known: Collection[str], listed: str = "known are") -> str:
    """Name the nearest of what is known, else list all of it."""
    same = [one for one in sorted(known) if one.strip().casefold() == name.strip().casefold()]
    near = same or difflib.get_close_matches(name, known, n=1)
    return f"did you mean '{near[0]}'?" if near else f"{listed} {', '.join(sorted(known)) or 'none'}"
