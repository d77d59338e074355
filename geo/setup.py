"""Set-up: goes on in an interpreter that has what Shyrdak needs - this one, or the one in `.venv`, made where missing.

Standard library only, and little of it: every run passes here, mostly twice, in the Python that was called and in that
of `.venv`. What is slow and rare, making `.venv`, is in venv.py.

    the Python that was called            that of .venv
    has all requirements?   yes -> go on
    .venv finished?         no  -> make
    restart in .venv ------------------>  locks as installed?    no -> install
                                          go on
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # typing's own takes 5 ms to import
if TYPE_CHECKING:
    from typing import NoReturn

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
VENV_PYTHON = os.path.join(VENV, "Scripts", "python.exe") if os.name == "nt" else os.path.join(VENV, "bin", "python")
# Marks .venv as ours. Empty while it is unfinished; then the Python and the locks that are installed, a line each.
NOTE = os.path.join(VENV, "shyrdak.txt")

# These lead a restarted Python, or pip, to packages outside .venv.
MISLEADING = ("PYTHONPATH", "PYTHONHOME", "PIP_PREFIX", "PIP_PYTHON", "PIP_ROOT", "PIP_TARGET", "PIP_USER")


def prepare(*extras: str) -> None:
    """Return in an interpreter that has the requirements of pyproject.toml, those of its `extras` included.

    Where this interpreter lacks some, the command starts again in `.venv`, which is made or brought up to date first.
    Ends the process with one line and exit code 3 where that cannot be done, with 130 where it is interrupted.
    """
    locks = ["requirements-test.lock", "requirements.lock"] if extras else ["requirements.lock"]
    if _is_in_venv():
        if note_of(locks) <= read_note():
            return
    elif not find_missing(read_requirements(*extras), read_versions(sys.path)):
        return
    elif read_note() and os.path.exists(VENV_PYTHON) and os.path.exists(os.path.join(VENV, "pyvenv.cfg")):
        try:  # noqa: SIM105 - contextlib takes 5 ms to import
            _restart()
        except OSError:  # its Python is no program any more: it is made anew
            pass
    from geo.venv import make_venv

    make_venv(locks)
    _restart()


def read_note() -> set[str]:
    """Lines of the note in `.venv`: what is installed there; empty where it is missing, unfinished or not ours."""
    try:
        with open(NOTE, encoding="ascii", errors="replace") as note:
            return set(note.read().splitlines())
    except OSError:
        return set()


def note_of(locks: list[str]) -> set[str]:
    """Lines that the note has when this Python's `.venv` holds what these locks name."""
    from hashlib import sha256

    lines = {"python {}.{}".format(*sys.version_info)}
    for lock in locks:
        with open(os.path.join(ROOT, lock), "rb") as file:
            lines.add(f"{lock} {sha256(file.read()).hexdigest()}")
    return lines


def read_requirements(*extras: str) -> list[str]:
    """Requirements listed in pyproject.toml, one a line there: a TOML parser would take 15 ms to import."""
    with open(os.path.join(ROOT, "pyproject.toml"), encoding="utf-8") as file:
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
    return os.path.exists(NOTE) and os.path.samefile(sys.prefix, VENV)


def clean_environment() -> dict[str, str]:
    """The environment without what would lead away from `.venv`."""
    return {name: value for name, value in os.environ.items() if name not in MISLEADING}


def _restart() -> NoReturn:
    """Run the same command in `.venv`; the interpreter's own options (-P, -I, -X ...) stay."""
    command = [VENV_PYTHON, *sys.orig_argv[1:]]
    if os.name != "nt":
        os.execve(VENV_PYTHON, command, clean_environment())
    # On Windows exec returns to the shell at once and leaves the command running behind its back.
    from subprocess import Popen

    with Popen(command, env=clean_environment()) as process:
        while True:
            try:
                sys.exit(process.wait())
            except KeyboardInterrupt:  # the command has had it too, and ends in its own way
                continue


if __name__ == "__main__":  # python3 -m geo.setup: for developers and CI, prints the Python that has all tools
    prepare("test", "dev")
    print(sys.executable)
