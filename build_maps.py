"""The command people run: `python3 build_maps.py` builds layers/ into maps/, `--help` tells the rest.

It needs nothing but Python 3.11: what else Shyrdak needs is installed into .venv by the first run (geo/setup).
"""

import os
import sys

# An older Python must get this far, so it sees neither f-strings nor anything newer before its one line.
if sys.version_info < (3, 11):  # noqa: UP036 - an older Python is the very case that this is for
    sys.stderr.write("Shyrdak needs Python 3.11 or newer, this is {}.{}: use a newer one.\n".format(*sys.version_info))
    sys.exit(3)

ROOT = os.path.dirname(os.path.abspath(__file__))
if ROOT not in sys.path:  # as with python3 -P and -I
    sys.path.insert(0, ROOT)


def main() -> int:
    """Run the command of `sys.argv` in an interpreter that has what it needs, and return its exit code."""
    from geo.setup.interpreter import prepare

    try:
        prepare()
        from geo.cli import main as run_command

        return run_command()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
