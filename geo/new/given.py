"""What the stages of `new` hand to each other first: a file of somebody's as it stands there, layer by layer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from geo.errors import DataError
from geo.problems import Problem

Columns = dict[str, list[str]]
Shapes = npt.NDArray[np.object_]
Sources = Mapping[str, Mapping[str, str]]
"""The rows of sources.csv by their ids."""


@dataclass(frozen=True)
class Words:
    """What a file says of a layer: its `title`; `titles`, `units` and `types` of columns, what `values` are called."""

    title: str = ""
    titles: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Given:
    """`shapes`, None where a place has none; `columns` as text, called as in the file; `notes`: what was set aside.

    `separator`: of the cells of the table that they come from, "" where they come from none. `own_ids`: of the
    features, beside a property `id` that says another. `records`: of each place, as JSON. `name`: of one layer of
    several. `is_plain`: numbers and dates are written as an atlas has them.
    """

    shapes: Shapes
    columns: Columns
    separator: str = ""
    notes: tuple[str, ...] = ()
    own_ids: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    name: str = ""
    is_plain: bool = False
    words: Words = field(default_factory=Words)


@dataclass(frozen=True)
class GivenFile:
    """`layers`; `sources` that their columns name by ids; `title` and `licence`, where the file tells them."""

    layers: tuple[Given, ...]
    sources: Sources = field(default_factory=dict)
    title: str = ""
    licence: str = ""
    notes: tuple[str, ...] = ()


def find_column(columns: Iterable[str], names: Sequence[str]) -> str | None:
    """The column that bears one of the names, the first of them winning."""
    by_name = {name.strip().casefold(): name for name in reversed(list(columns))}
    return next((by_name[name] for name in names if name in by_name), None)


def stop_at(problems: Iterable[Problem]) -> None:
    if errors := [problem for problem in problems if problem.severity == "error"]:
        raise DataError(errors)
