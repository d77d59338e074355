"""The manifest of an output folder: which pages are current, and because of what the others are not.

`maps/manifest.json` keeps, for every map, the sha256 of each input that it uses - its tables and features, the rows of
its sources, its parts of atlas.toml, the basemap, Shyrdak itself - and of the page written. Times play no part.

Standard library only: a run that finds nothing to do imports no more than this.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

MANIFEST_NAME = "manifest.json"
MANIFEST_FORMAT = 1
CODE_NAME = "Shyrdak"
PACKAGES = (  # those whose version can change the bytes of a page
    "antimeridian", "branca", "django-js-lib-leaflet", "folium", "geopandas", "numpy", "orjson", "pandas", "pydantic",
    "pyogrio", "pyproj", "shapely",
)  # fmt: skip

Digests = dict[str, str]
Manifest = dict[str, Any]


def read_manifest(out: Path) -> Manifest:
    """Give the manifest of an output folder; an empty one where there is none that this version can read."""
    empty = {"format": MANIFEST_FORMAT, "files": {}, "maps": {}}
    try:
        manifest = json.loads((out / MANIFEST_NAME).read_bytes())
    except (OSError, ValueError):
        return empty
    return manifest if isinstance(manifest, dict) and manifest.get("format") == MANIFEST_FORMAT else empty


def new_manifest(files: Digests, maps: Mapping[str, Any], *, warnings: int) -> Manifest:
    return {
        "format": MANIFEST_FORMAT,
        CODE_NAME: code_digest(),
        "files": files,
        "maps": dict(maps),
        "warnings": warnings,
    }


def manifest_bytes(manifest: Manifest) -> bytes:
    return (json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")


def is_current(folder: Path, out: Path) -> bool:
    """Tell whether every input and every page is byte for byte as the manifest has it, without reading any of them.

    A quick answer: False may still turn out to be current once one looks at what each map uses.
    """
    manifest = read_manifest(out)
    if not manifest["files"] or manifest.get("warnings") or manifest.get(CODE_NAME) != code_digest():
        return False
    if any(digest != file_digest(folder / name) for name, digest in manifest["files"].items()):
        return False
    return all(entry["sha256"] == file_digest(out / entry["file"]) for entry in manifest["maps"].values())


def file_digest(path: Path | str) -> str | None:
    """The sha256 of a file's bytes, None where it cannot be read."""
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def bytes_digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def text_digest(text: str) -> str:
    return bytes_digest(text.encode("utf-8"))


def code_digest() -> str:
    """The sha256 of Shyrdak's own files, of the Python that runs it and of the packages that shape its pages."""
    from geo.setup import read_versions

    digest = hashlib.sha256()
    root = os.path.dirname(os.path.abspath(__file__))
    for place, folders, files in os.walk(root):
        # The basemap that an installed package carries is an input of its own.
        folders[:] = sorted(set(folders) - {"__pycache__", "basemap"})
        for name in sorted(files):
            digest.update(f"{os.path.relpath(os.path.join(place, name), root)}\0".encode())
            with open(os.path.join(place, name), "rb") as file:
                digest.update(file.read())
    versions = read_versions(sys.path)
    known = [f"{name} {versions.get(name)}" for name in PACKAGES]
    digest.update("\n".join([f"python {sys.version_info[0]}.{sys.version_info[1]}", *known]).encode())
    return digest.hexdigest()


def stale_reasons(entry: Mapping[str, Any] | None, inputs: Digests, out: Path) -> list[str]:
    """Say why a page is not current, one reason an input; empty where it is.

    Parameters
    ----------
    entry : the page's entry in the manifest, None where it has none
    inputs : the digests of what it depends on now
    """
    if entry is None:
        return ["not built before"]
    page = file_digest(out / entry["file"])
    if page is None:
        return [f"{entry['file']} is missing"]
    known = entry["inputs"]
    said = [f"{name} {'changed' if name in known else 'is new'}" for name in inputs if inputs[name] != known.get(name)]
    said += [f"{name} is no longer used" for name in known if name not in inputs]
    if page != entry["sha256"]:
        said.append(f"{entry['file']} was altered")
    return sorted(said)


def page_entry(file: str, page: bytes, inputs: Digests, sources: Iterable[str], why: list[str]) -> dict[str, Any]:
    """One page's entry in the manifest."""
    return {"file": file, "sha256": bytes_digest(page), "inputs": inputs, "sources": sorted(sources), "reasons": why}
