"""Whether a page is as it was built, part by part, and whether an atlas folder builds this very page.

Input: one html file. Everything that its seal and its security policy say of it is worked out again.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import hashlib
import json
import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo import __version__
from geo.errors import AtlasError
from geo.pipeline.build import page_html
from geo.pipeline.manifest import INDEX_ID, text_digest
from geo.pipeline.plan import changes_between
from geo.pipeline.provenance import PROVENANCE_ID, SEAL_ID, data_elements, set_page_seal
from geo.render.inline import content_policy

PART_NAMES = {
    "geo-head": "head",
    PROVENANCE_ID: "provenance",
    "geo-basemap-head": "basemap",
    "geo-basemap-blob": "basemap data",
}


@dataclass(frozen=True)
class Finding:
    """One part of a page: whether it is as the page says it was built."""

    part: str
    is_sound: bool
    detail: str = ""


@dataclass(frozen=True)
class Verdict:
    """All parts of a page; `page_id`: its map or the index; `provenance` as it stands there."""

    findings: tuple[Finding, ...]
    page_id: str
    provenance: dict[str, Any]

    @property
    def is_sound(self) -> bool:
        return all(finding.is_sound for finding in self.findings)

    @property
    def origin(self) -> str:
        """What it says it was made by, and of what, in a line."""
        layers = _table(self.provenance, "layers")
        edition = f", edition {self.provenance['edition']}" if self.provenance.get("edition") else ""
        counts = {"layers": len(layers)} | {name: _sum(layers, name) for name in ("features", "rows", "records")}
        counts["inputs"] = len(_table(self.provenance, "inputs"))
        counted = ", ".join(f"{name} {count}" for name, count in counts.items())
        return f"Shyrdak {self.provenance.get('version')}{edition}: {counted}"


def _sum(layers: dict[str, Any], name: str) -> int:
    counts = (_table(layers, layer).get(name) for layer in layers)
    return sum(count for count in counts if isinstance(count, int))


def read_page(path: Path) -> str:
    """Give the text of an html file.

    Raises
    ------
    AtlasError
        It is not there, or no text.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as err:
        raise AtlasError(f"{path}: cannot be read ({err.strerror}). Fix: name a file that a build wrote.") from None
    except UnicodeDecodeError:
        raise AtlasError(f"{path}: altered since it was built: it is no UTF-8 text. Fix: build it again.") from None


def verify_page(html: str, *, name: str = "this") -> Verdict:
    """Work out again what a page says of itself; `name` is what an error calls it.

    Raises
    ------
    AtlasError
        It says nothing of itself: it is no page of ours, or its seal is gone.
    """
    try:
        elements = data_elements(html)
        seal = json.loads(elements[SEAL_ID])
        digests = {str(part): str(digest) for part, digest in seal.items()}
    except (KeyError, ValueError, AttributeError, RecursionError):
        raise AtlasError(f"{name}: no page that Shyrdak built, or its seal is gone. Fix: build it again.") from None
    whole = digests.pop("page", "")
    found = [_sealed_part(part, elements.get(part), digest) for part, digest in digests.items()]
    head = _json(elements.get("geo-head", ""))
    if "geo-blob" in elements:
        found.append(_columns(elements["geo-blob"], head))
    found.append(_scripts(html))
    found.append(_finding("whole file", text_digest(set_page_seal(html, "")), whole))
    provenance = _table(head, "provenance") or _json(elements.get(PROVENANCE_ID, ""))
    return Verdict(tuple(found), str(_table(head, "map").get("id", INDEX_ID)), provenance)


def _sealed_part(part: str, text: str | None, digest: str) -> Finding:
    name = PART_NAMES.get(part, part)
    return Finding(name, False, "it is gone") if text is None else _finding(name, text_digest(text), digest)


def _columns(text: str, head: dict[str, Any]) -> Finding:
    """The columns as a reader decodes them: the raw bytes behind base64 and gzip."""
    about = _table(head, "blob")
    try:
        packed = base64.b64decode(text.strip(), validate=True)
        raw = gzip.decompress(packed) if about.get("gzip") else packed
    except (binascii.Error, OSError, EOFError, zlib.error) as err:
        return Finding("columns", False, f"they cannot be unpacked ({err})")
    return _finding("columns", hashlib.sha256(raw).hexdigest(), str(about.get("sha256")))


def _scripts(html: str) -> Finding:
    """Code and styles, by the hashes without which a browser does not run them."""
    policy = re.search(r'"Content-Security-Policy" content="([^"]*)"', html)
    allowed, there = _hashes(policy[1] if policy else ""), _hashes(content_policy(html))
    is_sound = bool(policy) and allowed == there
    return Finding("scripts and styles", is_sound, "" if is_sound else "not those that the page lets run")


def _hashes(policy: str) -> dict[str, set[str]]:
    """The hashes that a security policy lets run as scripts and as styles."""
    directives = (directive.split() for directive in policy.split(";"))
    return {words[0]: set(words[1:]) for words in directives if words and words[0] in ("script-src", "style-src")}


def _finding(part: str, digest: str, expected: str) -> Finding:
    is_sound = digest == expected
    return Finding(part, is_sound, f"sha256 {digest[:16]}" + ("" if is_sound else f", not {expected[:16]}"))


def _table(value: dict[str, Any], name: str) -> dict[str, Any]:
    """A member that must be an object; in a page from anywhere it may be anything."""
    inner = value.get(name)
    return inner if isinstance(inner, dict) else {}


def _json(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _uncompressed(html: str) -> str:
    """A page without its packed columns, which another zlib packs into other bytes; the head has their digest."""
    elements = data_elements(html)
    for part in ("geo-blob", SEAL_ID):
        html = html.replace(elements.get(part, ""), "", 1)
    return html


def differences(html: str, folder: Path) -> list[str]:
    """Say why a page is not what an atlas folder builds, by the inputs that differ; empty where it is.

    Raises
    ------
    DataError, ConfigError
        The folder builds nothing, or has no such map.
    """
    verdict = verify_page(html)
    rebuilt = page_html(folder, verdict.page_id)
    if html == rebuilt or (verdict.is_sound and _uncompressed(html) == _uncompressed(rebuilt)):
        return []
    known = {str(name): str(digest) for name, digest in _table(verdict.provenance, "inputs").items()}
    said = changes_between(known, verify_page(rebuilt).provenance["inputs"])
    made_by = verdict.provenance.get("version")
    if made_by != __version__:
        said.append(f"made by Shyrdak {made_by}, this is {__version__}")
    if said:
        return said
    return ["made by another state of Shyrdak or its packages" if verdict.is_sound else "it was altered"]
