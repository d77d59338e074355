"""Where `.venv` is, and what its note says is installed there.

Standard library only, and little of it, for the reason that interpreter.py gives.
"""

from __future__ import annotations

import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
VENV = os.path.join(ROOT, ".venv")
VENV_PYTHON = os.path.join(VENV, "Scripts", "python.exe") if os.name == "nt" else os.path.join(VENV, "bin", "python")
# Marks .venv as ours. Empty while it is unfinished; then the Python and the locks that are installed, a line each.
NOTE = os.path.join(VENV, "shyrdak.txt")

# These lead a restarted Python, or pip, to packages outside .venv.
MISLEADING = ("PYTHONPATH", "PYTHONHOME", "PIP_PREFIX", "PIP_PYTHON", "PIP_ROOT", "PIP_TARGET", "PIP_USER")


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


def clean_environment() -> dict[str, str]:
    """The environment without what would lead away from `.venv`."""
    return {name: value for name, value in os.environ.items() if name not in MISLEADING}
