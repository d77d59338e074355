"""Features whose numbers are text, as XML has them, to `Features`; what KML and GPX have in common."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from geo.problems import Problem, Severity
from geo.read.features import Collector, Features

_DAY = re.compile(r"(-?\d{4,}-\d\d-\d\d)T(.*)", re.DOTALL)
_EDGE_OF_DAY = re.compile(r"(00:00(:00(\.0+)?)?|23:59(:59(\.\d+)?)?)(Z|[+-]\d\d:\d\d)?")


class NoPosition(ValueError):
    """What stands where a position should."""


def as_position(numbers: Sequence[str]) -> list[float]:
    """Give longitude, latitude and perhaps a height; raises NoPosition."""
    try:
        position = [float(number) for number in numbers]
    except ValueError:
        position = []
    if len(position) not in (2, 3) or not all(map(math.isfinite, position)):
        raise NoPosition(", ".join(numbers))
    return position


class Placemarks:
    """Takes features one by one; what is wrong with them is told once all are there."""

    def __init__(self, path: str, keys: Sequence[str]) -> None:
        self._path = path
        self._keys = (*keys, "name")
        self._features: list[tuple[Any, dict[str, str], str | None]] = []
        self._lines: list[int] = []
        self._flawed: list[int] = []
        self._told: list[tuple[str, int, Severity, str, str]] = []
        self._with_time: tuple[int, str] | None = None

    def __len__(self) -> int:
        return len(self._features)

    def add(
        self, line: int, shape: Callable[[], Any], texts: Iterable[tuple[str, str]], own: str | None = None
    ) -> None:
        """Take a feature: `shape` gives its geometry as GeoJSON has it, or raises NoPosition; blank texts are none.

        Of two texts of one name that differ the second is called name_2; `own`: its id in the file.
        """
        properties: dict[str, str] = {}
        for name, text in texts:
            number, free = 1, name
            while properties.get(free, text) != text:
                number, free = number + 1, f"{name}_{number + 1}"
            if text:
                properties[free] = text
        self._lines.append(line)
        try:
            geometry = shape()
        except NoPosition as err:
            geometry = None
            self._flawed.append(len(self._features))
            hint = "write longitude and latitude in degrees, with decimal points"
            self.tell("COORDINATE_NUMBER", "error", f"{str(err)[:60]!r} is no position", hint)
        self._features.append((geometry, properties, own))

    def tell(self, code: str, severity: Severity, message: str, hint: str) -> None:
        """Report something of the feature that is being taken."""
        self._told.append((code, len(self._features), severity, message, hint))

    def day(self, text: str) -> str:
        """Give the day of a date with a time, which dates of an atlas have not."""
        found = _DAY.fullmatch(text)
        if found and not _EDGE_OF_DAY.fullmatch(found[2]) and not self._with_time:
            self._with_time = len(self._features), text
        return found[1] if found else text

    def features(self, *problems: Problem) -> Features:
        """Give all that was taken; `problems` are those of the file."""
        lines = np.array(self._lines, dtype=np.int64)
        collector = Collector(self._path, np.arange(lines.max(initial=0)), self._keys)  # a place is a line here
        collector.problems += problems
        geometries, properties, ids = (list(part) for part in zip(*self._features, strict=True))
        ids = ids if None not in ids and len({*ids}) == len(ids) else []  # which XML asks of no feature
        collector.add(geometries, properties, ids, lines - 1, np.arange(1, len(lines) + 1))
        collector.flawed |= {*self._flawed}
        if self._with_time:
            at, text = self._with_time
            self._told.append(("TABLE_DATE", at, "warning", f"the time of {text!r} is set aside", "expect days alone"))
        for code, at, severity, message, hint in self._told:
            subject = collector.subject(at + 1, self._features[at][1])
            collector.problems.append(
                Problem(
                    code=code,
                    severity=severity,
                    path=self._path,
                    line=self._lines[at],
                    subject=subject,
                    message=message,
                    hint=hint,
                )
            )
        return collector.features().without_controls()
