"""WebKit, the engine of Safari, in a window of WebKitGTK: driven by WebDriver, the standard protocol of browsers.

Playwright drives a build of its own, which no package manager has; the few requests needed here take less code than
another library would take packages. https://www.w3.org/TR/webdriver2/
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.browsers import FONTS, run_quietly

PACKAGES = ("webkit2gtk-driver", "xvfb", "xauth")
DRIVER = "WebKitWebDriver"
WINDOW = "/usr/lib/{machine}-linux-gnu/webkit2gtk-4.1/MiniBrowser"
PATIENCE_S = 20.0
KEYS = {"Enter": "\ue007", "Escape": "\ue00c", "ArrowDown": "\ue015"}
"""How the protocol writes keys that are no characters."""


class WebKit:
    """An open window."""

    def __init__(self, address: str, session: str) -> None:
        self._session = f"{address}/session/{session}"

    def open(self, path: Path, fragment: str = "") -> None:
        """Open a built map, and wait until it stands."""
        _ask(f"{self._session}/url", {"url": "about:blank"})  # another fragment alone would not load it anew
        _ask(f"{self._session}/url", {"url": path.as_uri() + fragment})
        self.wait("performance.getEntriesByName('geo-panels').length || document.querySelector('[role=alert]')")

    def resize(self, width: int, height: int) -> None:
        _ask(f"{self._session}/window/rect", {"x": 0, "y": 0, "width": width, "height": height})

    def value(self, expression: str) -> Any:
        """Give what an expression of JavaScript is."""
        return _ask(f"{self._session}/execute/sync", {"script": f"return ({expression})", "args": []})

    def wait(self, expression: str) -> Any:
        """Wait until an expression of JavaScript is true, and give its value."""
        until = time.monotonic() + PATIENCE_S
        while not (value := self.value(expression)):
            assert time.monotonic() < until, f"not within {PATIENCE_S:.0f} s: {expression}"
            time.sleep(0.05)
        return value

    def press(self, *keys: str) -> None:
        strokes = [{"type": kind, "value": KEYS.get(key, key)} for key in keys for kind in ("keyDown", "keyUp")]
        _ask(f"{self._session}/actions", {"actions": [{"type": "key", "id": "keys", "actions": strokes}]})

    def click(self, x: float, y: float) -> None:
        """Click at a place of the window, in CSS px."""
        move = {"type": "pointerMove", "x": round(x), "y": round(y)}
        moves = [move, {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        _ask(f"{self._session}/actions", {"actions": [{"type": "pointer", "id": "mouse", "actions": moves}]})


@contextmanager
def open_webkit(home: Path) -> Iterator[WebKit]:
    """Open a window, on a screen of its own, with `home` as the folder of the reader, where downloads go."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # What it draws is seen nowhere, and drawing by the graphics card is not to be had on such a screen.
    environment = os.environ | {"HOME": str(home), "WEBKIT_DISABLE_COMPOSITING_MODE": "1", "LIBGL_ALWAYS_SOFTWARE": "1"}
    command = ["xvfb-run", "--auto-servernum", "--server-args=-screen 0 1600x1200x24", DRIVER, f"--port={port}"]
    driver = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_listening(port)
        options = {"binary": _find_window(), "args": ["--automation"]}
        wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
        yield WebKit(address, _ask(f"{address}/session", wanted)["sessionId"])
    finally:
        os.killpg(driver.pid, signal.SIGTERM)  # the group that we started: the screen, the driver, the window
        driver.wait()


def get_webkit() -> None:
    """Make sure that WebKit is there, installing it where we are allowed to; else end with one line, exit code 3."""
    if _is_installed():
        return
    if sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get"):
        sys.stderr.write("Installing WebKit by apt-get.\n")
        install = ["apt-get", "install", "--yes", "--no-install-recommends", FONTS, *PACKAGES]
        if run_quietly(["apt-get", "update"]) and run_quietly(install) and _is_installed():
            return
    sys.stderr.write(f"Tests stopped: no WebKit. On Debian install {' '.join(PACKAGES)}, or leave --webkit out.\n")
    sys.exit(3)


def _is_installed() -> bool:
    return bool(shutil.which(DRIVER) and shutil.which("xvfb-run") and Path(_find_window()).is_file())


def _find_window() -> str:
    return WINDOW.format(machine=os.uname().machine)


def _wait_listening(port: int) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(f"{DRIVER} does not listen")


def _ask(address: str, body: dict[str, Any]) -> Any:
    request = urllib.request.Request(address, json.dumps(body).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]
    except urllib.error.HTTPError as err:
        raise AssertionError(json.load(err)["value"]["message"]) from None
