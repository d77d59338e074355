"""Control characters in texts, which would break lists and files: each is read as a space, but tabs and line feeds."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.problems import Problem

# A carriage return alone breaks names in real files ("Lake\rBalkhash"). It travels as this private character while the
# rows of a CSV are split, so that it cannot end one.
RETURN = "\ue00d"
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ue00d]")


def without_controls(
    columns: dict[str, list[Any]], path: str, lines: npt.NDArray[np.int64], subject: Callable[[int, str], str]
) -> tuple[dict[str, list[Any]], list[Problem]]:
    """Give the columns with a space for each control character in their texts, and a warning of each such text.

    `subject` names a row, counted from 0, and its column. A Windows line break is one character, not two.
    """
    kept = {}
    problems = []
    for name, cells in columns.items():
        flawed = [row for row, cell in enumerate(cells) if isinstance(cell, str) and CONTROL.search(cell)]
        kept[name] = cells = list(cells) if flawed else cells
        for row in flawed:
            text = cells[row].replace("\r\n", "\n")
            cells[row] = CONTROL.sub(" ", text)
            if cells[row] != text:
                shown = text.replace(RETURN, "\r")[:60]
                problems.append(
                    Problem(
                        code="TABLE_CONTROL",
                        path=path,
                        line=int(lines[row]),
                        subject=subject(row, name),
                        message=f"{shown!r} has a control character inside, read as a space",
                        hint=f"write {cells[row][:60]!r}",
                        severity="warning",
                    )
                )
    return kept, problems
