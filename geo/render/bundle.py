"""The page's own files as text for inlining: the modules joined into one, the styles, the catalogues, Leaflet.

No bundler: modules import downwards by `import { a, b } from "../data/x.js"` alone and have unique top-level names, so
joining is leaving the import lines and the word `export` out. A test shows that joined and separate forms behave alike.
Comments and spacing stay in the repository; names stay as they are, so that a page can be read and mended in place.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import importlib.metadata
import json
import posixpath
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

import rcssmin
import rjsmin

from geo.errors import EnvironmentFailure

PAGE_FOLDER = Path(__file__).parent.parent / "page"
ENTRY_MODULE = "app.js"
LEAFLET_PACKAGE = "django-js-lib-leaflet"
LEAFLET_FILES = {  # npm's leaflet 1.9.4, byte for byte
    "leaflet.js": "db49d009c841f5ca34a888c96511ae936fd9f5533e90d8b2c4d57596f4e5641a",
    "leaflet.css": "a7837102824184820dfa198d1ebcd109ff6d0ff9a2672a074b9a1b4d147d04c6",
}
_IMPORT = re.compile(r'^import\s*\{([^}]*)\}\s*from\s*"(\.[\w./-]+\.js)";[^\S\n]*\n', re.MULTILINE)
_PICTURE = re.compile(r"background-image:url\(images/([\w.-]+\.png)\);?")
_TOP_LEVEL = re.compile(
    r"^(?:export\s+)?(?:async\s+)?(?:function\*?|const|let|class)\s+([A-Za-z_$][\w$]*)", re.MULTILINE
)


@functools.cache
def page_script() -> str:
    """Give all modules that app.js needs as one module, each after those it imports, without comments and spacing."""
    order: list[str] = []
    _visit(ENTRY_MODULE, order, ())
    owner: dict[str, str] = {}
    parts = []
    for name in order:
        text = _read(name)
        for top_level in _TOP_LEVEL.findall(text):
            if (other := owner.setdefault(top_level, name)) != name:
                raise AssertionError(f"'{top_level}' is a top-level name of both {other} and {name}")
        text = re.sub(r"^export\s+", "", _IMPORT.sub("", text), flags=re.MULTILINE)
        if left := re.search(r"^\s*(?:import|export)\b[^(]", text, re.MULTILINE):
            raise AssertionError(f"{name}: joining knows no '{left.group().strip()}' of this form")
        if re.search(r"\$\{(?:[^{}`]|\{[^{}`]*\})*(?:\{[^{}`]*)?`", text):
            raise AssertionError(f"{name}: a template literal within another would lose its spaces to rjsmin")
        parts.append(text)
    return _compact_script("".join(parts) + "start();\n") + "\n"


def _compact_script(text: str) -> str:
    compact: str = rjsmin.jsmin(text)
    return compact


def _compact_styles(text: str) -> str:
    compact: str = rcssmin.cssmin(text)
    return compact


def _visit(name: str, order: list[str], importers: tuple[str, ...]) -> None:
    if name in importers:
        raise AssertionError(f"import cycle: {' -> '.join((*importers, name))}")
    if name in order:
        return
    for _, imported in _IMPORT.findall(_read(name)):
        _visit(posixpath.normpath(posixpath.join(posixpath.dirname(name), imported)), order, (*importers, name))
    order.append(name)


@functools.cache
def page_stub() -> str:
    return _compact_script(_read("stub.js"))


@functools.cache
def folium_parts() -> str:
    """Give what a page needs beside the stub where others than ours are on Folium's map."""
    return _compact_script(_read("folium/parts.js"))


@functools.cache
def page_styles() -> str:
    """Give every css file of the page: what all share, then the regions, then what fills them by name, then paper."""
    rank = {"vars.css": 0, "base.css": 1, "layout.css": 2, "print.css": 4}
    files = sorted((PAGE_FOLDER / "css").glob("*.css"), key=lambda path: (rank.get(path.name, 3), path.name))
    return _compact_styles("\n".join(path.read_text(encoding="utf-8") for path in files))


@functools.cache
def index_styles() -> str:
    return _compact_styles(_read("index/index.css"))


@functools.cache
def index_script() -> str:
    return _compact_script(_read("index/index.js"))


@functools.cache
def index_words() -> dict[str, dict[str, str]]:
    """Give the index page's own words by language."""
    words: dict[str, dict[str, str]] = json.loads(_read("index/words.json"))
    return words


@functools.cache
def page_table(module: str, name: str) -> dict[str, Any]:
    """Give a top-level object of a module of the page, one of plain values alone, so that it stands in one place."""
    found = re.search(rf"^const {name} = (\{{.*?\}});$", _read(module), re.MULTILINE | re.DOTALL)
    if not found:
        raise AssertionError(f"{module} has no '{name}'")
    text = re.sub(r",(?=\s*\})", "", re.sub(r"\s*//.*", "", found.group(1)))
    table: dict[str, Any] = json.loads(re.sub(r"(\w+):", r'"\1":', text))
    return table


def catalogues_of(languages: Collection[str]) -> dict[str, dict[str, object]]:
    """Give the interface's texts in these languages, and in English, which stands in where it has none."""
    return {name: words for name, words in catalogues().items() if name in ("en", *languages)}


@functools.cache
def catalogues() -> dict[str, dict[str, object]]:
    """Give the interface's texts by language."""
    files = sorted((PAGE_FOLDER / "catalogues").glob("*.json"))
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in files}


@functools.cache
def leaflet(name: str) -> str:
    """Give Leaflet's script or stylesheet as text, after checking that it is the one we know.

    Raises
    ------
    EnvironmentFailure
        The package is missing or holds another file.
    """
    files = _leaflet_files()
    data = files[name].read_bytes() if name in files else b""
    if hashlib.sha256(data).hexdigest() != LEAFLET_FILES[name]:
        message = f"{name} of {LEAFLET_PACKAGE} is not Leaflet 1.9.4 as published. Fix: reinstall the package."
        raise EnvironmentFailure(message)
    # Checked as shipped, then made fit for inlining: browsers hash text with LF, the map file is not ours to ask for.
    text = data.decode("utf-8").replace("\r\n", "\n")
    text = re.sub(r"\n?//# sourceMappingURL=\S+\s*$", "\n", text)
    return _compact_styles(text) if name.endswith(".css") else text


def leaflet_styles() -> str:
    """Give Leaflet's styles without its pictures: 5 KB of a page that has neither its layer control nor its markers."""
    return _PICTURE.sub("", leaflet("leaflet.css"))


def leaflet_pictures() -> str:
    """Give the rules that bring its pictures back."""
    rules = re.findall(r"([^{}]+)\{[^{}]*" + _PICTURE.pattern + r"[^{}]*\}", leaflet("leaflet.css"))
    files = _leaflet_files()
    return "".join(f"{selector}{{background-image:url({_picture(files[name])})}}" for selector, name in rules)


@functools.cache
def _leaflet_files() -> dict[str, Path]:
    try:
        files = importlib.metadata.files(LEAFLET_PACKAGE) or []
    except importlib.metadata.PackageNotFoundError:
        raise EnvironmentFailure(
            f"the package {LEAFLET_PACKAGE} is missing. Fix: pip install {LEAFLET_PACKAGE}."
        ) from None
    return {file.name: Path(str(file.locate())) for file in files}


def _picture(path: Path) -> str:
    return "data:image/png;base64," + base64.b64encode(path.read_bytes()).decode("ascii")


def _read(name: str) -> str:
    return (PAGE_FOLDER / name).read_text(encoding="utf-8").replace("\r\n", "\n")
