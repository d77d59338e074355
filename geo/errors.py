"""What can go wrong, and how it is said.

    AtlasError                  exit 2: the user's data, config or usage; message without traceback
     |- ConfigError             the command line or a setting asks for what cannot be
     '- DataError               the atlas folder has problems; `problems` lists all of them
    EnvironmentFailure          exit 3: disk, permission, browser, missing package
     '- OutputError             a file cannot be written

Anything else that escapes is a bug of ours: it shows its traceback and exits 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding in the data, with the place to look at and what to do.

    Parameters
    ----------
    code : one of `geo.problems.CODES`
    path : the file, relative to the atlas folder, with forward slashes
    line, column : counted from 1; 0 where the problem is the whole file's or the column is not known
    subject : what in the file, for example ``feature 3 ("kant")`` or ``row 14 column "capacity_mw"``; may be ""
    message : what is wrong, the value quoted, no full stop
    hint : what to do, no full stop; may be ""
    severity : a warning does not stop a build, unless --strict is given
    """

    code: str
    path: str
    line: int
    column: int
    subject: str
    message: str
    hint: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        place = self.path + (f":{self.line}" if self.line else "") + (f":{self.column}" if self.column else "")
        subject = f" {self.subject}" if self.subject else ""
        warning = "warning: " if self.severity == "warning" else ""
        return f"{place}{subject}: {warning}{_sentence(self.message)}{_fix(self.hint)} [{self.code}]"

    def under(self, folder: str) -> Problem:
        """Give the same problem with `folder` before its path, for a message that a terminal can follow."""
        return replace(self, path=f"{folder}/{self.path}") if folder else self


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else text + "."


def _fix(hint: str) -> str:
    return f" Fix: {_sentence(hint)}" if hint else ""


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Give the problems by file, line and column, each once."""
    place = {p: (p.path, p.line, p.column, p.code, p.subject, p.message) for p in problems}
    return sorted(place, key=place.__getitem__)


class AtlasError(Exception):
    """The user's data, config or usage is at fault."""

    exit_code = 2


class ConfigError(AtlasError):
    """The command line or a setting asks for what cannot be."""


class DataError(AtlasError):
    """The atlas folder has problems: all those that one run can find, in stable order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = in_order(problems)
        super().__init__("\n".join(map(str, self.problems)))


class EnvironmentFailure(Exception):
    """The machine is at fault: disk, permission, browser, missing package."""

    exit_code = 3


class OutputError(EnvironmentFailure):
    """A file cannot be written."""
