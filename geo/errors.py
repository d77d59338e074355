"""What can go wrong, and how it is said.

    AtlasError                  exit 2: the user's data, config or usage; message without traceback
     |- ConfigError             the command line or a setting asks for what cannot be
     |- DataError               the atlas folder has problems; `problems` lists all of them
     |- PageSizeError           a map holds more than a browser opens in one page (geo.pack.pagedata)
     '- LinkError               a page would load something from outside itself (geo.render.inline)
    EnvironmentFailure          exit 3: disk, permission, browser, an installation that is not whole
     '- OutputError             a file cannot be written

Anything else that escapes is a bug of ours: it shows its traceback and exits 1.
"""

from __future__ import annotations

from collections.abc import Iterable

from geo.problems import Problem, in_order


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

    @classmethod
    def of(cls, code: str, path: str, message: str, hint: str, *, line: int = 0) -> DataError:
        """Give the error of one problem that keeps a file from being read."""
        return cls([Problem(code=code, path=path, line=line, message=message, hint=hint)])

    def __reduce__(self) -> tuple[type[DataError], tuple[list[Problem]]]:
        """Let one process hand it to another: else it would be made anew of its text, without the problems."""
        return type(self), (self.problems,)


class EnvironmentFailure(Exception):
    """The machine is at fault: disk, permission, browser, an installation that is not whole."""

    exit_code = 3


class OutputError(EnvironmentFailure):
    """A file cannot be written."""
