"""Set-up, the slow and rare part: makes `.venv` in the project folder and installs a lock there, hashes checked.

One process at a time: the note that marks `.venv` as ours is also the lock file. A `.venv` that another tool made is
left alone. Standard library only.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from typing import IO, NoReturn

from geo.setup import environment

LOG = "setup.log"  # in .venv: every command that was run, and what it printed
# A venv is made by the Python it is to be of, not by another venv's.
BASE_PYTHON: str = getattr(sys, "_base_executable", sys.executable)

# Words of uv's or pip's output, then what they mean and what to do. The first that is found counts.
HASH = ("DO NOT MATCH THE HASHES", "Hash mismatch")
NETWORK = (
    "Failed to establish a new connection",
    "NameResolutionError",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "ProxyError",
    "SSLError",
    "dns error",
    "error sending request",
)
WHEEL = ("No matching distribution found", "has no wheels", "not a supported wheel")
DISK = ("No space left on device", "Disk quota exceeded")
REASONS = (
    (DISK, "the disk is full. Free 700 MB and run the command again."),
    (HASH, "a package is not the one that the lock names: its hash differs. Restore requirements*.lock and try again."),
    (NETWORK, "the package index cannot be reached. Connect to the network, this once, and run the command again."),
    (WHEEL, "a package has no wheel for this Python and machine. Try Python 3.11 to 3.14 (a Mac: macOS 14 or newer)."),
)
NO_VENV = (
    "this Python cannot make a virtual environment. Install its venv module (Debian, Ubuntu: apt install python3-venv)"
    " and run the command again."
)


def make_venv(locks: list[str]) -> None:
    """Bring `.venv` to what the first lock names (it covers the others), or end the process with one line."""
    try:
        os.makedirs(environment.VENV, exist_ok=True)
        entries = os.listdir(environment.VENV)
        if entries and os.path.basename(environment.NOTE) not in entries:
            stop(
                "the folder .venv was made by another tool and is left alone. Move it away, or activate it and run:"
                " python -m pip install -e ."
            )
        with open(environment.NOTE, "a+", encoding="ascii") as note:
            os.set_inheritable(note.fileno(), True)  # an installer that outlives us, killed, goes on holding it
            _wait_for_turn(note)
            installed = environment.read_note()
            is_done = environment.note_of(locks) <= installed and _is_sound(installed)  # by another one, just now
            if not is_done:
                _fill_venv(note, installed, locks)
    except OSError as err:
        stop(f"{err.filename or environment.VENV}: {err.strerror}. Shyrdak needs a folder that it can write to.")
    except KeyboardInterrupt:
        sys.stderr.write("\nSet-up interrupted. The next run starts it again.\n")
        sys.exit(130)


def explain(output: str) -> str:
    """What to tell about a failed installation: one sentence, from the words in the installer's output."""
    for words, sentence in REASONS:
        if any(word in output for word in words):
            return sentence
    return f"the packages could not be installed. What the installer said is in .venv/{LOG}"


def stop(sentence: str) -> NoReturn:
    """End the process with one line: exit code 3 says that the machine is at fault, not the data."""
    sys.stderr.write(f"Set-up stopped: {sentence}\n")
    sys.exit(3)


def _wait_for_turn(note: IO[str]) -> None:
    """Hold the note until the process ends it, however it ends; wait while another one holds it."""
    if sys.platform == "win32":
        import msvcrt

        note.seek(1 << 30)  # far behind the text: Windows lets nobody read what is locked
        while True:
            try:
                return msvcrt.locking(note.fileno(), msvcrt.LK_LOCK, 1)
            except OSError:  # it gives up after ten seconds
                continue
    else:
        import fcntl

        try:
            fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.stderr.write("Another command is setting up .venv; waiting for it.\n")
            fcntl.flock(note, fcntl.LOCK_EX)


def _fill_venv(note: IO[str], installed: set[str], locks: list[str]) -> None:
    start = time.monotonic()
    sys.stderr.write("Setting up: installing packages into .venv. The first time takes half a minute or more.\n")
    note.truncate(0)  # unfinished from here on
    if not _is_sound(installed):
        installed = set()
        _clear_venv()
        if _run([BASE_PYTHON, "-I", "-m", "venv", "--without-pip", environment.VENV])[0]:
            stop(NO_VENV)
    failure = _install(os.path.join(environment.ROOT, locks[0]))
    if failure:
        if any(word in failure for word in HASH + NETWORK + WHEEL):
            note.write("\n".join(sorted(installed)))  # seen before anything was changed: what was there still works
        stop(explain(failure))
    # Where PYTHONDONTWRITEBYTECODE is set, as in many containers, every run would compile our own modules again.
    _run([environment.VENV_PYTHON, "-I", "-m", "compileall", "-q", os.path.join(environment.ROOT, "geo")])
    note.write("\n".join(sorted(environment.note_of(locks))))
    sys.stderr.write(f"Setting up took {time.monotonic() - start:.0f} s.\n")


def _is_sound(installed: set[str]) -> bool:
    """True where the Python in `.venv` starts, is a venv's and of the version that the note names."""
    name_itself = "import sys; print('python {}.{}'.format(*sys.version_info) * (sys.prefix != sys.base_prefix))"
    status, output = _run([environment.VENV_PYTHON, "-I", "-c", name_itself])
    return not status and output.strip() in installed


def _clear_venv() -> None:
    for entry in os.scandir(environment.VENV):
        if entry.path == environment.NOTE:
            continue
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path)
        else:
            os.remove(entry.path)


def _install(lock: str) -> str:
    """Install the lock by uv or, where that is missing or fails, by pip; returns what a failure printed."""
    wanted = ["install", "--require-hashes", "--only-binary", ":all:", "--requirement", lock]
    python = environment.VENV_PYTHON
    uv = shutil.which("uv")
    status, output = _run([uv, "pip", *wanted, "--python", python, "--compile-bytecode"]) if uv else (1, "")
    if status and not _run([python, "-I", "-m", "ensurepip"])[0]:
        status, output = _run([python, "-I", "-m", "pip", *wanted])
    elif status and not _run([BASE_PYTHON, "-I", "-m", "pip", "--version"])[0]:  # Debian without python3-venv
        status, output = _run([BASE_PYTHON, "-I", "-m", "pip", "--python", python, *wanted])
    elif not uv:
        stop(NO_VENV)
    return output if status else ""


def _run(command: list[str]) -> tuple[int, str]:
    """Exit code and output of a command; the log keeps both."""
    clean = environment.clean_environment() | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
    try:
        done = subprocess.run(
            command,
            env=clean,
            close_fds=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as err:  # a dangling link, a file that is no program
        return 1, str(err)
    with open(os.path.join(environment.VENV, LOG), "a", encoding="utf-8") as log:
        log.write(f"$ {' '.join(command)}\n{done.stdout}exit code {done.returncode}\n")
    return done.returncode, done.stdout
