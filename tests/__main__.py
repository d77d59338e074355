"""`python3 tests` runs every test: sets up once, finds or gets a browser, then calls pytest with what it was given.

python3 tests -k join              pytest's own options
python3 tests -m "not browser"     leaves the browser tests out, and needs no browser
python3 tests --firefox            opens the pages in Firefox too
python3 tests --webkit             and in WebKit, Safari's engine
python3 tests -n 0                 runs in one process, not in one a processor
python3 tests bench                measures instead (tests/bench)
"""

import os
import sys

# An older Python must get this far, so it sees neither f-strings nor anything newer before its one line.
if sys.version_info < (3, 11):  # noqa: UP036 - an older Python is the very case that this is for
    sys.stderr.write("Shyrdak needs Python 3.11 or newer, this is {}.{}: use a newer one.\n".format(*sys.version_info))
    sys.exit(3)

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, ROOT)  # Python itself puts tests/ there
# More than four take memory for their browsers, and bring little. Who names tests gets one process (conftest.py).
IN_PARALLEL = ["-n", "auto", "--maxprocesses", "4", "--dist", "worksteal"]


def main() -> int:
    """Run the tests that `sys.argv` chooses and return pytest's exit code; 3 where a browser is missing."""
    from geo.setup.interpreter import prepare

    try:
        prepare("test")
        os.chdir(ROOT)
        if sys.argv[1:2] == ["bench"]:
            from tests.bench.__main__ import main as measure

            return measure(sys.argv[2:])
        import pytest

        from tests.browsers import get_browsers
        from tests.webkit import get_webkit

        if not any("not browser" in argument for argument in sys.argv):
            get_browsers(["chromium", "firefox"] if "--firefox" in sys.argv else ["chromium"])
            if "--webkit" in sys.argv:
                get_webkit()
        return int(pytest.main([*IN_PARALLEL, *sys.argv[1:]]))
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
