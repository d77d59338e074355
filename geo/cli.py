"""The command line's front door: exit codes, and the quick answer of a build that has nothing to do.

0 fine, 1 our bug, 2 the user's data, config or usage, 3 environment (disk, permission, browser), 130 interrupted,
141 whoever read what is printed went away.
What is imported here takes no time; the commands and all that they need wait until one has something to do.
"""

from __future__ import annotations

import gc
import os
import sys

from geo.pipeline import manifest

TYPE_CHECKING = False  # typing takes 10 ms to import
if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code: of `sys.argv` where none is given, as a process's last act."""
    words = list(sys.argv[1:] if argv is None else argv)
    # Nothing here is linear algebra: numpy's threads for it would take 0.05 s or more to start.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if hasattr(sys.stdout, "reconfigure"):  # a file on Windows may have no Cyrillic
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code = _run(words)
        print(end="", flush=True)  # what a pipe no longer takes is to be said here, not on the way out
        return code
    except BrokenPipeError:  # `| head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except KeyboardInterrupt:
        print("interrupted; maps that were not yet replaced are as they were", file=sys.stderr)
        return 130
    finally:
        if argv is None:
            gc.freeze()  # else the interpreter looks through all that there is for cycles on its way out: 0.1 s


def _run(words: list[str]) -> int:
    if (folders := _plain_build(words)) and _says_current(*folders):
        return 0
    from geo.commands import run

    return run(words)


def _plain_build(words: list[str]) -> tuple[str, str] | None:
    """Give the atlas and the output folder of a build without further options; None for argparse to look at.

    Importing argparse, and making a parser, takes a third of the time of a run that has nothing to do.
    """
    if words and words[0] not in ("build", "--out"):
        return None
    rest = words[words[:1] == ["build"] :]
    out = manifest.DEFAULT_OUT
    if "--out" in rest[:-1]:
        at = rest.index("--out")
        out = rest[at + 1]
        del rest[at : at + 2]
    atlas = rest[0] if rest else manifest.DEFAULT_ATLAS
    return None if len(rest) > 1 or atlas.startswith("-") or out.startswith("-") else (atlas, out)


def _says_current(atlas: str, out: str) -> bool:
    """Say that every page is current, where a look at the bytes alone tells."""
    known = manifest.read_manifest(out)
    if manifest.left_over(known, out) or not manifest.is_current(known, atlas, out):
        return False
    warnings = known["warnings"]
    said = f"; {warnings} warning{'s' * (warnings != 1)}, which check lists" if warnings else ""
    print(f"{out}: every map is current{said}")
    return True
