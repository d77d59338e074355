"""The features of a file as the readers give them, and how they are gathered chunk by chunk."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.problems import Problem, Severity
from geo.read.controls import without_controls
from geo.read.shapes import Shapes, make_shapes


@dataclass(frozen=True, slots=True)
class Features:
    """The features of a file, in its order.

    geometry : shapely geometries, None where null or flawed
    properties : one column of plain JSON values per name, None where a feature lacks it
    lines : the line each feature begins on
    numbers : the number of each feature in the file, counted from 1, those left out included
    flawed : positions of the features whose geometry has a problem
    refused : keys of what is in the file but is no feature, so that their rows are not called orphans
    keys : the properties that may name a feature in a message
    problems : what was found so far; after an error the geometry must not be drawn
    ids : the features' own, beside their properties, where they have such and these are not the property `id`
    """

    path: str
    geometry: Shapes
    properties: dict[str, list[Any]]
    lines: npt.NDArray[np.int64]
    numbers: npt.NDArray[np.int64]
    flawed: frozenset[int] = frozenset()
    refused: frozenset[str] = frozenset()
    keys: Sequence[str] = ()
    problems: tuple[Problem, ...] = ()
    ids: Sequence[Any] = ()

    def __len__(self) -> int:
        return len(self.geometry)

    def subject(self, row: int, column: str | None = None) -> str:
        """Name a feature, counted from 0 here, and its property as a message does."""
        names = (self.properties[key][row] for key in self.keys if key in self.properties)
        name = next((f' ("{name}")' for name in names if type(name) in (str, int)), "")
        return f"feature {self.numbers[row]}{name}" + (f' property "{column}"' if column else "")

    def without_controls(self) -> Features:
        """Give the same features with a space for each control character in a property, and a warning of it."""
        properties, problems = without_controls(self.properties, self.path, self.lines, self.subject)
        return replace(self, properties=properties, problems=(*self.problems, *problems))


class Collector:
    """Takes features chunk by chunk, keeps geometries, property columns and lines, and lets the JSON objects go.

    line_ends : the place of each line feed in the text, in the unit in which features tell where they begin
    system : the name of the reference system that the file says it is in, if that is not WGS 84, and the line
    """

    def __init__(self, path: str, line_ends: npt.NDArray[np.int64], keys: Sequence[str]) -> None:
        self.path = path
        self.keys = keys
        self.line_ends = line_ends
        self.count = 0
        self.columns: dict[str, list[Any]] = {}
        self.ids: list[Any] = []
        self.shapes: list[Shapes] = []
        self.lines: list[npt.NDArray[np.int64]] = []
        self.numbers: list[npt.NDArray[np.int64]] = []
        self.flawed: set[int] = set()
        self.refused: set[str] = set()
        self.height_line = 0
        self.problems: list[Problem] = []
        self.system: tuple[str, int] | None = None

    @classmethod
    def of_text(cls, path: str, text: str, keys: Sequence[str] = ()) -> Collector:
        return cls(path, np.array([match.start() for match in re.finditer("\n", text)], dtype=np.int64), keys)

    def line_at(self, starts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        return np.searchsorted(self.line_ends, starts).astype(np.int64) + 1

    def add(
        self,
        geometries: list[Any],
        properties: list[Any],
        ids: list[Any],
        starts: npt.NDArray[np.int64],
        numbers: npt.NDArray[np.int64],
    ) -> None:
        """Take the members of features, with the place where each begins and its number in the file.

        `ids` may be left empty where no feature has one of its own.
        """
        lines = self.line_at(starts)
        shapes, flaws, first_height = make_shapes(geometries)
        for at, flaw in flaws:
            subject = self.subject(int(numbers[at]), properties[at])
            self.report(flaw.code, int(lines[at]), subject, flaw.message, flaw.hint, flaw.severity)
            if flaw.severity == "error":
                self.flawed.add(self.count + at)
        if first_height is not None and not self.height_line:
            self.height_line = int(lines[first_height])
        self._add_columns([values or {} for values in properties] if None in properties else properties)
        self.ids += ids or [None] * len(geometries)
        self.shapes.append(shapes)
        self.lines.append(lines)
        self.numbers.append(numbers)
        self.count += len(geometries)

    def _add_columns(self, properties: list[dict[str, Any]]) -> None:
        for name in dict.fromkeys(chain.from_iterable(properties)):
            column = self.columns.setdefault(name, [])
            column += [None] * (self.count - len(column))
            column += [values.get(name) for values in properties]
        for column in self.columns.values():
            column += [None] * (self.count + len(properties) - len(column))

    def subject(self, number: int, properties: Any) -> str:
        """Name a feature by its number and, where it has one, its key."""
        values = (properties.get(key) for key in self.keys) if isinstance(properties, dict) else ()
        key = next((value for value in values if type(value) in (str, int)), None)
        return f"feature {number}" + (f' ("{key}")' if key is not None else "")

    def report(self, code: str, line: int, subject: str, message: str, hint: str, severity: Severity = "error") -> None:
        place = Problem(code=code, path=self.path, line=line, subject=subject, message=message, hint=hint)
        self.problems.append(replace(place, severity=severity))

    def features(self) -> Features:
        """Give all that was taken; the features' own ids are a property where one has such and no property is `id`."""
        ids = self.ids if any(one is not None for one in self.ids) else []
        if ids and "id" in self.keys and "id" not in self.columns:
            self.columns["id"] = ids  # None and what is no key are told of where keys are looked at
            ids = []
        problems = list(self.problems)
        if self.height_line:
            problems.append(height_warning(self.path, self.height_line))
        shapes = np.concatenate(self.shapes) if self.shapes else np.empty(0, dtype=object)
        lines, numbers = (
            np.concatenate(parts) if parts else np.empty(0, dtype=np.int64) for parts in (self.lines, self.numbers)
        )
        return Features(
            path=self.path,
            geometry=shapes,
            properties=self.columns,
            lines=lines,
            numbers=numbers,
            flawed=frozenset(self.flawed),
            refused=frozenset(self.refused),
            keys=self.keys,
            problems=tuple(problems),
            ids=ids,
        )


def height_warning(path: str, line: int = 0) -> Problem:
    message, hint = "positions have a third number, the height, which is set aside", "take it out, or let it be"
    return Problem(code="GEOMETRY_HEIGHT", path=path, line=line, message=message, hint=hint, severity="warning")
