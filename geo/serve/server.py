"""The server of a live preview: built pages, each with a script that follows the news of the next build.

Served pages carry a small script more than the built files, which stay as they are. Requests are answered only where
they come from a page of this very server or from its user: the address is 127.0.0.1, Host and Origin are checked, and
no path leads out of the output folder.
"""

from __future__ import annotations

import base64
import hashlib
import os
import sys
import threading
from collections import Counter
from dataclasses import dataclass, field
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from geo.errors import EnvironmentFailure
from geo.format import json_text
from geo.pipeline.manifest import INDEX_ID, file_digest

ADDRESS = "127.0.0.1"
EVENTS_PATH = "/-/events"
KEEP_ALIVE_S = 15  # between two signs of life to a page, by which a page that has gone is noticed
NOT_OURS = "this server answers its own pages only"
KEPT = "What you see is the last map without any."
LEFT_OVER = "atlas.toml has no such map any more: what you see is the page that it left."
KINDS = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".geojson": "application/geo+json",
    ".txt": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
}
LIVE_SCRIPT = (Path(__file__).parent.parent / "page" / "live" / "live.js").read_text(encoding="utf-8")
_LIVE_HASH = base64.b64encode(hashlib.sha256(LIVE_SCRIPT.encode("utf-8")).digest()).decode("ascii")


@dataclass
class News:
    """What open pages must know: the problems of the last build, that one goes on, and whose map is no more."""

    problems: list[str] = field(default_factory=list)
    left_over: list[str] = field(default_factory=list)
    number: int = 0
    is_building: bool = True
    is_over: bool = False
    changed: threading.Condition = field(default_factory=threading.Condition)

    def tell(
        self,
        problems: list[str],
        *,
        left_over: list[str] | None = None,
        is_building: bool = False,
        is_over: bool = False,
    ) -> None:
        """Tell lines on the problems and, where a build came to an end, the pages whose map atlas.toml has no more."""
        with self.changed:
            self.problems, self.is_building, self.is_over = problems, is_building, is_over
            self.left_over = self.left_over if left_over is None else left_over
            self.number += 1
            self.changed.notify_all()

    def wait(self, number: int) -> int:
        """Wait for news after those of this number, or for some seconds; give the number of the latest."""
        with self.changed:
            self.changed.wait_for(lambda: self.number != number, timeout=KEEP_ALIVE_S)
            return self.number


class PageServer(ThreadingHTTPServer):
    """Serves an output folder.

    Raises
    ------
    EnvironmentFailure
        The port is taken.
    """

    daemon_threads = True
    allow_reuse_address = os.name != "nt"  # there it would let two programs have one port

    def __init__(self, out: Path, *, port: int) -> None:
        try:
            super().__init__((ADDRESS, port), _Handler)
        except OSError as err:
            raise EnvironmentFailure(f"port {port}: {err.strerror}. Fix: choose another one with --port.") from err
        self.out = out
        self.news = News()
        self.viewers: Counter[Path | None] = Counter()
        self.hosts = {f"{name}:{self.server_port}" for name in (ADDRESS, "localhost")}

    @property
    def url(self) -> str:
        return f"http://{ADDRESS}:{self.server_port}/"

    def count_viewer(self, page: Path | None, change: int) -> None:
        with self.news.changed:
            self.viewers[page] += change

    def open_maps(self) -> list[str]:
        """Give the ids of the maps that are open in a browser."""
        with self.news.changed:
            return sorted({page.stem for page, viewers in self.viewers.items() if page and viewers} - {INDEX_ID})

    def handle_error(self, *_: object) -> None:
        """A page that is left before its answer is complete is nothing to tell the terminal; all else is a bug."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(*_)  # type: ignore[arg-type]


def find_page(out: Path, target: str) -> Path | None:
    """Give the file that a request's path names; None for what is not there or not meant to be seen.

    Hidden files, folders and whatever a link would lead to outside of the output folder are not.
    """
    try:
        path = unquote(urlsplit(target).path, errors="strict")
    except ValueError:  # no address, or none of letters
        return None
    names = path.split("/")[1:]
    if names[-1:] == [""]:
        names[-1] = "index.html"
    if not path.startswith("/") or any(not name or set(name) & set("\\:\0") for name in names):
        return None
    root, real = Path(os.path.realpath(out)), Path(os.path.realpath(out.joinpath(*names)))
    if not real.is_relative_to(root) or not os.path.isfile(real):
        return None
    is_hidden = any(name.startswith(".") for name in (*names, *real.relative_to(root).parts))
    return None if is_hidden else real


def live_page(html: str, *, page: str, version: str) -> str:
    """Give a built page with the script that reloads it, and a security policy that lets this script run."""
    policy = 'http-equiv="Content-Security-Policy" content="'
    before, found, after = html.partition(policy)
    if found:
        after = after.replace("script-src ", f"script-src 'sha256-{_LIVE_HASH}' ", 1)
        html = f"{before}{policy}connect-src 'self'; {after}"
    script = f'<script data-page="{escape(page)}" data-version="{version}">{LIVE_SCRIPT}</script>\n'
    before, end, after = html.rpartition("</body>")
    return before + script + end + after


_NO_MAP_YET = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src ">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>No map yet</title>
</head>
<body>
<main><h1>No map yet</h1><p>It appears here once it is built.</p></main>
</body>
</html>
"""


class _Handler(BaseHTTPRequestHandler):
    server: PageServer
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "Shyrdak", ""
    timeout = 60

    def do_GET(self) -> None:
        if not self._is_meant_for_us():
            self._answer(HTTPStatus.MISDIRECTED_REQUEST, NOT_OURS)
        elif urlsplit(self.path).path == EVENTS_PATH and self.command == "GET":
            self._send_news()
        else:
            self._send_file()

    do_HEAD = do_GET

    def _refuse_method(self) -> None:
        self.close_connection = True  # what the request carries is left unread
        if self._is_meant_for_us():
            self._answer(HTTPStatus.METHOD_NOT_ALLOWED, "GET and HEAD only", Allow="GET, HEAD")
        else:
            self._answer(HTTPStatus.MISDIRECTED_REQUEST, NOT_OURS)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_TRACE = do_CONNECT = _refuse_method

    def _is_meant_for_us(self) -> bool:
        """A page elsewhere may send the browser here, by a name that leads to 127.0.0.1 or by an element of its own."""
        hosts, origins = self.headers.get_all("Host", []), self.headers.get_all("Origin", [])
        if len(hosts) != 1 or hosts[0].lower() not in self.server.hosts or not self.path.startswith("/"):
            return False
        if any(origin.lower() not in {f"http://{host}" for host in self.server.hosts} for origin in origins):
            return False
        is_opened = (
            self.headers.get("Sec-Fetch-Mode") == "navigate" and self.headers.get("Sec-Fetch-Dest") == "document"
        )
        return is_opened or self.headers.get("Sec-Fetch-Site", "none") in ("same-origin", "none")

    def _send_file(self) -> None:
        try:
            path = find_page(self.server.out, self.path)
            data = path.read_bytes() if path else b""
        except (OSError, ValueError):
            path = None
        if path is None:
            is_page = urlsplit(self.path).path.endswith(("/", ".html"))
            news = self.server.news
            if is_page and (news.problems or news.is_building):
                page = live_page(_NO_MAP_YET, page=self._page_name(), version="")
                self._answer(HTTPStatus.SERVICE_UNAVAILABLE, page, kind=KINDS[".html"])
            else:
                self._answer(HTTPStatus.NOT_FOUND, "there is no such page")
            return
        kind = KINDS.get(path.suffix.lower(), "application/octet-stream")
        if kind == KINDS[".html"]:
            html, version = data.decode("utf-8", "replace"), hashlib.sha256(data).hexdigest()
            data = live_page(html, page=self._page_name(), version=version).encode("utf-8")
        self._answer(HTTPStatus.OK, data, kind=kind)

    def _page_name(self) -> str:
        return urlsplit(self.path).path

    def _answer(
        self, status: HTTPStatus, body: str | bytes, *, kind: str = "text/plain; charset=utf-8", **more: str
    ) -> None:
        data = body.encode("utf-8") if isinstance(body, str) else body
        self.send_response(status)
        headers = {
            "Content-Type": kind,
            "Content-Length": str(len(data)),
            "Cache-Control": "no-store",
            "Content-Security-Policy": "frame-ancestors 'none'",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }
        for name, value in (headers | more).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def _send_news(self) -> None:
        """Tell a page its version and the problems, now and whenever they change, until it goes or we end."""
        target = parse_qs(urlsplit(self.path).query).get("page", ["/"])[0]
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(b"retry: 500\n\n")
        viewed = find_page(self.server.out, target)
        self.server.count_viewer(viewed, 1)
        try:
            self._follow_news(target)
        finally:
            self.server.count_viewer(viewed, -1)

    def _follow_news(self, target: str) -> None:
        news, said, number = self.server.news, "", -1
        while not news.is_over:
            page = find_page(self.server.out, target)
            is_left = page is not None and page.name in news.left_over
            is_kept = page is not None and bool(news.problems)
            problems = [*news.problems[:1], *[KEPT] * is_kept, *news.problems[1:], *[LEFT_OVER] * is_left]
            version = page and file_digest(page)
            about = {"version": version, "problems": problems, "is_left": is_left, "is_building": news.is_building}
            state = json_text(about)
            self.wfile.write(f"data: {state}\n\n".encode() if state != said else b":\n\n")
            said = state
            number = news.wait(number)

    def log_message(self, *_: object) -> None:
        """Requests are not worth a line in the terminal."""
