"""The files that the peers' pages load from content networks, served from npm packages on this machine.

So a page is judged by what it does, not by the network of the day; what npm does not hold is refused, as when offline.
"""

from __future__ import annotations

import functools
import io
import os
import re
import subprocess
import tarfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

from playwright.sync_api import BrowserContext, Route

NPM_HOSTS = ("unpkg.com", "cdn.jsdelivr.net")
# Other addresses of files that are in an npm package too: (pattern of host and path, package, path in it).
ELSEWHERE = (
    (r"code\.jquery\.com/jquery-([\d.]+)\.min\.js", r"jquery@\1", "dist/jquery.min.js"),
    (r"code\.jquery\.com/ui/([\d.]+)/jquery-ui\.js", r"jquery-ui-dist@\1", "jquery-ui.js"),
    (r"cdnjs\.cloudflare\.com/ajax/libs/require\.js/([\d.]+)/require\.min\.js", r"requirejs@\1", "require.js"),
    (r"api\.tiles\.mapbox\.com/mapbox-gl-js/v([\d.]+)/mapbox-gl\.js", r"mapbox-gl@\1", "dist/mapbox-gl.js"),
    (
        r"cdnjs\.cloudflare\.com/ajax/libs/Leaflet\.awesome-markers/[\d.]+/(leaflet\.awesome-markers\.\w+)",
        "leaflet.awesome-markers@2.0.5",
        r"dist/\1",
    ),
)
TYPES = {".css": "text/css", ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm"}


class Mirror:
    """Answers a browser's requests; `served`: bytes of each address; `refused`: addresses without an answer."""

    def __init__(self) -> None:
        self.served: dict[str, int] = {}
        self.refused: list[str] = []

    def attach(self, context: BrowserContext) -> None:
        """Answer for a context, counting from nothing."""
        self.served, self.refused = {}, []
        context.route(re.compile(r"^https?://"), self._answer)

    def _answer(self, route: Route) -> None:
        url = route.request.url
        body = self.body(url)
        if body is None:
            self.refused.append(url)
            route.abort()
            return
        self.served[url] = len(body)
        kind = TYPES.get(Path(urlsplit(url).path).suffix, "application/octet-stream")
        route.fulfill(body=body, content_type=kind, headers={"access-control-allow-origin": "*"})

    def body(self, url: str) -> bytes | None:
        """The bytes behind an address, None where no npm package has them."""
        address = urlsplit(url)
        place = unquote(address.netloc + address.path)
        for pattern, package, path in ELSEWHERE:
            if match := re.fullmatch(pattern, place):
                return _read(match.expand(package), match.expand(path))
        if address.netloc not in NPM_HOSTS or address.path.startswith("/gh/"):
            return None
        path = re.sub(r"^/npm/|^/", "", unquote(address.path))
        if not (match := re.fullmatch(r"(?P<package>(?:@[^/]+/)?[^/@]+(?:@[^/]+)?)/(?P<path>.+)", path)):
            return None
        return _read(match["package"], match["path"])


def _read(package: str, path: str) -> bytes | None:
    folder = npm_package(package)
    file = folder / path if folder else None
    for candidate in (file, file and file.with_name(file.name + ".js")):
        if candidate and candidate.is_file():
            return candidate.read_bytes()
    return None


@functools.cache
def npm_package(package: str) -> Path | None:
    """The folder of a package ("name@version"), fetched once by npm and kept; None where npm has not got it."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "shyrdak-bench" / "npm"
    folder = cache / re.sub(r"[^\w.-]", "_", package)
    if folder.is_dir():
        return folder / "package"
    cache.mkdir(parents=True, exist_ok=True)
    command = ["npm", "pack", "--silent", "--pack-destination", str(cache), package]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode or not done.stdout.strip():
        return None
    archive = cache / done.stdout.split()[-1]
    with tarfile.open(fileobj=io.BytesIO(archive.read_bytes())) as files:
        files.extractall(folder, filter="data")
    archive.unlink()
    return folder / "package"
