"""Set-up: goes on in an interpreter that has what Shyrdak needs - this one, or the one in `.venv`, made where missing.

Standard library only, and little of it: every run passes here, mostly twice, in the Python that was called and in that
of `.venv`. What is slow and rare, making `.venv`, is in venv.py; what both must know is in environment.py.

    the Python that was called            that of .venv
    has all requirements?   yes -> go on
    .venv finished?         no  -> make
    restart in .venv ------------------>  locks as installed?    no -> install
                                          go on
"""

from __future__ import annotations

import os
import sys

from geo.setup import environment

TYPE_CHECKING = False  # typing takes 10 ms to import
if TYPE_CHECKING:
    from typing import NoReturn


def prepare(*extras: str) -> None:
    """Return in an interpreter that has the requirements of pyproject.toml, those of its `extras` included.

    Where this interpreter lacks some, the command starts again in `.venv`, which is made or brought up to date first.
    Ends the process with one line and exit code 3 where that cannot be done, with 130 where it is interrupted.
    """
    locks = ["requirements-test.lock", "requirements.lock"] if extras else ["requirements.lock"]
    if _is_in_venv():
        if environment.note_of(locks) <= environment.read_note():
            return
    elif not find_missing(read_requirements(*extras), read_versions(sys.path)):
        return
    elif environment.read_note() and _has_python():
        try:  # noqa: SIM105 - contextlib takes 5 ms to import
            _restart()
        except OSError:  # its Python is no program any more: it is made anew
            pass
    from geo.setup.venv import make_venv

    make_venv(locks)
    _restart()


def read_requirements(*extras: str) -> list[str]:
    """Requirements listed in pyproject.toml, one a line there: a TOML parser would take 15 ms to import."""
    with open(os.path.join(environment.ROOT, "pyproject.toml"), encoding="utf-8") as file:
        text = file.read()
    found = []
    for name in ("dependencies", *extras):
        entries = text.partition(f"\n{name} = [\n")[2].partition("]")[0]
        found += [entry.partition("#")[0].strip(' ",') for entry in entries.splitlines()]
    return [requirement for requirement in found if requirement]


def read_versions(path: list[str]) -> dict[str, str]:
    """Version of each distribution on the path, as its folder is named: importlib.metadata would take 40 ms."""
    versions: dict[str, str] = {}
    for folder in path:
        try:
            entries = os.listdir(folder or ".")
        except OSError:
            continue
        for entry in entries:
            stem, kind = os.path.splitext(entry)
            if kind in (".dist-info", ".egg-info"):
                name, version = [*stem.split("-"), ""][:2]
                versions.setdefault(_normalise(name), version)  # the first on the path is the one imported
    return versions


def find_missing(requirements: list[str], versions: dict[str, str]) -> list[str]:
    """Requirements that no distribution of these versions meets; they use >=, < and == only."""
    return [requirement for requirement in requirements if not _is_met(requirement, versions)]


def _is_met(requirement: str, versions: dict[str, str]) -> bool:
    name = requirement.partition("<")[0].partition(">")[0].partition("=")[0]
    version = versions.get(_normalise(name))
    if version is None:
        return False
    have = _as_numbers(version)
    for clause in filter(None, requirement[len(name) :].split(",")):
        sign, bound = clause.rstrip("0123456789."), _as_numbers(clause.lstrip("<>="))
        if not {">=": have >= bound, "<": have < bound, "==": have == bound}[sign]:
            return False
    return True


def _as_numbers(version: str) -> list[int]:
    """`2.10.0rc1` as [2, 10]: its parts as numbers, up to the first that is none; zeros at the end say nothing."""
    numbers = []
    for part in version.split("."):
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        if not digits:
            break
        numbers.append(int(digits))
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return numbers


def _normalise(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def _is_in_venv() -> bool:
    return os.path.exists(environment.NOTE) and os.path.samefile(sys.prefix, environment.VENV)


def _has_python() -> bool:
    """True where `.venv` has a Python that knows itself to be a venv's: without the file it would restart for ever."""
    return all(map(os.path.exists, (environment.VENV_PYTHON, os.path.join(environment.VENV, "pyvenv.cfg"))))


def _restart() -> NoReturn:
    """Run the same command in `.venv`; the interpreter's own options (-P, -I, -X ...) stay."""
    command = [environment.VENV_PYTHON, *sys.orig_argv[1:]]
    if os.name != "nt":
        os.execve(environment.VENV_PYTHON, command, environment.clean_environment())
    # On Windows exec returns to the shell at once and leaves the command running behind its back.
    from subprocess import Popen

    with Popen(command, env=environment.clean_environment()) as process:
        while True:
            try:
                sys.exit(process.wait())
            except KeyboardInterrupt:  # the command has had it too, and ends in its own way
                continue
