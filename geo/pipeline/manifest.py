"""The manifest of an output folder: what every page was built of, and the quick answer that nothing has changed.

`maps/manifest.json` keeps the sha256 of each input of a page, by the names of `geo.pipeline.inputs`, and of the page
written; `geo.pipeline.plan` tells what for. Times play no part.

Standard library only, and little of it: a run that finds nothing to do imports no more than this.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from functools import cache

from geo.basemap.files import INSTALLED_BASEMAP, OWN_BASEMAP, own_basemap

TYPE_CHECKING = False  # typing takes 10 ms to import, pathlib and its kind as much
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any, TypeAlias

    Digests: TypeAlias = dict[str, str]
    Manifest: TypeAlias = dict[str, Any]
    AnyPath: TypeAlias = str | os.PathLike[str]
else:
    Digests = Manifest = dict

DEFAULT_ATLAS, DEFAULT_OUT = "layers", "maps"
MANIFEST_NAME = "manifest.json"
MANIFEST_FORMAT = 2
CODE_NAME = "Shyrdak"
MISSING = "missing"  # what stands for the digest of a file that is not there
INDEX_ID = "index"
PACKAGES = (  # those whose version can change the bytes of a page
    "antimeridian", "branca", "django-js-lib-leaflet", "folium", "geopandas", "jinja2", "markupsafe", "numpy", "orjson",
    "pandas", "pyarrow", "pydantic", "pyogrio", "pyproj", "rcssmin", "rjsmin", "shapely",
)  # fmt: skip

_GEO = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def read_manifest(out: AnyPath) -> Manifest:
    """Give the manifest of an output folder; an empty one where there is none that this version can read."""
    try:
        with open(os.path.join(out, MANIFEST_NAME), "rb") as file:
            manifest = json.loads(file.read())
    except (OSError, ValueError):
        manifest = None
    empty = new_manifest(code="", files={}, wanted=[], pages={}, warnings=0)
    return manifest if _is_like(manifest, empty) else empty


def _is_like(manifest: Any, empty: Manifest) -> bool:
    """Tell whether a manifest is of this version and has not been edited out of shape."""
    if not isinstance(manifest, dict) or manifest.get("format") != MANIFEST_FORMAT:
        return False
    if any(type(manifest.get(name)) is not type(empty[name]) for name in empty):
        return False
    entry = page_entry("", b"", {}, (), [])
    pages = manifest["pages"].values()
    return all(isinstance(page, dict) and all(type(page.get(n)) is type(entry[n]) for n in entry) for page in pages)


def new_manifest(*, code: str, files: Digests, wanted: list[str], pages: Mapping[str, Any], warnings: int) -> Manifest:
    """Make a manifest.

    Parameters
    ----------
    code : the digest of Shyrdak itself
    files : digests of every file of the atlas, as they were when all pages were found or made current; empty where only
        some pages were looked at
    wanted : the pages that atlas.toml asks for; `pages` may hold those of maps that left it
    pages : the entry of each page, by id
    warnings : how many the atlas has
    """
    return {
        "format": MANIFEST_FORMAT,
        CODE_NAME: code,
        "files": files,
        "wanted": wanted,
        "pages": dict(pages),
        "warnings": warnings,
    }


def manifest_bytes(manifest: Manifest) -> bytes:
    return (json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")


def page_entry(file: str, page: bytes, inputs: Digests, sources: Iterable[str], why: list[str]) -> dict[str, Any]:
    """One page's entry in the manifest; `sources` are the ids of those that it cites."""
    return {"file": file, "sha256": bytes_digest(page), "inputs": inputs, "sources": sorted(sources), "reasons": why}


def is_current(manifest: Manifest, folder: AnyPath, out: AnyPath, maps: Sequence[str] = ()) -> bool:
    """Tell whether every input and every page is byte for byte as the manifest has it, parsing none of them.

    With `maps` only the pages of these maps count. A quick answer: False may still turn out to be current once one
    looks at what each map uses.
    """
    files, pages, wanted = manifest["files"], manifest["pages"], maps or manifest["wanted"]
    if not files or not {*pages} & {*manifest["wanted"]} >= {*wanted} or manifest[CODE_NAME] != code_digest():
        return False
    if any(digest != input_digest(folder, name) for name, digest in files.items()):
        return False
    if any(digest == MISSING and _is_there_otherwise(folder, name) for name, digest in files.items()):
        return False
    return all(pages[page]["sha256"] == file_digest(os.path.join(out, pages[page]["file"])) for page in wanted)


def _is_there_otherwise(folder: AnyPath, name: str) -> bool:
    """Tell whether a file is there whose name differs in small and capital letters: `posts.PRJ` is read, too."""
    place, base = os.path.split(os.path.join(folder, name.replace("\\", "/")))
    return os.path.isdir(place) and base.casefold() in map(str.casefold, os.listdir(place))


def left_over(manifest: Manifest, out: AnyPath) -> list[str]:
    """Give the files of pages that are still there although atlas.toml, as last read, has no such map any more."""
    files = {page: entry["file"] for page, entry in sorted(manifest["pages"].items())}
    names = [name for page, name in files.items() if page not in manifest["wanted"]]
    kept = {name.casefold(): name for page, name in files.items() if page in manifest["wanted"]}
    there = [name for name in names if os.path.basename(name) == name and os.path.isfile(os.path.join(out, name))]
    return [name for name in there if not _is_same_file(out, name, kept.get(name.casefold(), ""))]


def _is_same_file(folder: AnyPath, name: str, other: str) -> bool:
    """Tell whether two names are of one file: `Energy.html` is where case does not count, on Windows and macOS."""
    try:
        return os.path.samefile(os.path.join(folder, name), os.path.join(folder, other))
    except OSError:
        return False


def input_digest(folder: AnyPath, name: str) -> str:
    """The sha256 of an input's bytes, MISSING where there is no such file.

    `name` is its path in the atlas folder, where a backslash parts folders as everywhere, or in the default basemap.
    """
    is_own = name.startswith(OWN_BASEMAP)
    path = (own_basemap(), name[len(OWN_BASEMAP) :]) if is_own else (folder, name.replace("\\", "/"))
    return file_digest(os.path.join(*path)) or MISSING


def file_digest(path: AnyPath) -> str | None:
    """The sha256 of a file's bytes, None where it cannot be read or is none: a pipe would keep us waiting."""
    if not os.path.isfile(path):
        return None
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def bytes_digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def text_digest(text: str) -> str:
    return bytes_digest(text.encode("utf-8"))


@cache
def code_digest() -> str:
    """The sha256 of Shyrdak's own files, of the Python that runs it and of the packages that shape its pages.

    Once a process: `serve` draws with the code that it began with, whatever lies on disk since.
    """
    from geo.setup.interpreter import read_versions

    digest = hashlib.sha256()
    for place, folders, files in os.walk(_GEO):
        # The basemap that an installed package carries is an input of its own; file managers and editors leave what is
        # none of ours, such as .DS_Store.
        folders[:] = sorted(_ours(folders) - {"__pycache__", INSTALLED_BASEMAP})
        for name in sorted(_ours(files)):
            digest.update(f"{os.path.relpath(os.path.join(place, name), _GEO)}\0".encode())
            with open(os.path.join(place, name), "rb") as file:
                digest.update(file.read())
    versions = read_versions(sys.path)
    known = [f"{name} {versions.get(name)}" for name in PACKAGES]
    digest.update("\n".join([f"python {sys.version_info[0]}.{sys.version_info[1]}", *known]).encode())
    return digest.hexdigest()


def _ours(names: Iterable[str]) -> set[str]:
    return {name for name in names if not name.startswith(".")}
