"""Which pages a build has to make again, and why: the place where this is decided.

    inputs     `Inputs.of_page`: what a page depends on now, name -> sha256
    manifest   the same of when the page was written, and the sha256 of what was written
    plan       `make_plan`: a page is made again for each name whose digest is another, new or gone (`changes_between`),
               where its file is gone or altered, or --force asks for it; else it is not touched
    build      makes these pages and writes the manifest of `next_manifest`
    verify     `changes_between` again: what a page itself says that it was built of, against an atlas folder

A page is never made again for a date, nor for a file that none of its names stands for. Two things are apart from that:
`manifest.is_current` answers first, with nothing parsed, where no byte of any file has changed; and a change that no
page shows has the layers read all the same (`Plan.to_check`), as it may be a mistake.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo.config.settings import Config
from geo.errors import ConfigError
from geo.pipeline.inputs import Inputs
from geo.pipeline.manifest import (
    CODE_NAME,
    INDEX_ID,
    MISSING,
    Digests,
    Manifest,
    file_digest,
    new_manifest,
    page_entry,
    read_manifest,
)


@dataclass(frozen=True)
class Plan:
    """What to build.

    inputs : the digests of the atlas as they are now
    manifest : what the last build left
    stale : the reasons of each page that is not current, in the order of atlas.toml, the index last
    to_check : the maps whose layers have to be read and checked: more than the stale ones where files changed
    is_whole : all pages of the atlas were looked at
    """

    inputs: Inputs
    manifest: Manifest
    stale: dict[str, list[str]]
    to_check: tuple[str, ...]
    is_whole: bool

    @property
    def config(self) -> Config:
        return self.inputs.config

    @property
    def pages(self) -> list[str]:
        """Every page that atlas.toml asks for."""
        return [*self.config.maps, INDEX_ID]

    @property
    def checks_all(self) -> bool:
        """All layers are to be read, those that no map shows too.

        Only then are all warnings known, and a key that none of the layers has is known to be wrong.
        """
        return self.is_whole and len(self.to_check) == len(self.config.maps)


def make_plan(folder: Path, out: Path, *, maps: Sequence[str] = (), force: bool = False, recheck: bool = False) -> Plan:
    """Compare an atlas folder with the pages in the output folder.

    Parameters
    ----------
    maps : ids of the maps to look at; empty = all of them and the index
    force : every page looked at is to be made
    recheck : the layers of every page looked at are to be checked

    Raises
    ------
    DataError
        Every problem of atlas.toml.
    ConfigError
        A map that is not in the atlas.
    """
    inputs, manifest = Inputs(folder), read_manifest(out)
    config = inputs.config
    wanted = wanted_maps(config, maps)
    entries: dict[str, dict[str, Any]] = manifest["pages"]
    cited = {page: entry["sources"] for page, entry in entries.items()}
    pages = wanted if maps else [*wanted, INDEX_ID]
    reasons = {page: _stale_reasons(entries.get(page), inputs.of_page(page, cited), out) for page in pages}
    stale = {page: why or ["--force"] for page, why in reasons.items() if why or force}
    # A change that no page shows may still be a mistake, so all layers are read again. The index shows every map.
    is_read_whole = recheck or INDEX_ID in stale or inputs.files() != manifest["files"]
    return Plan(inputs, manifest, stale, to_check=tuple(wanted if is_read_whole else stale), is_whole=not maps)


def _stale_reasons(entry: Mapping[str, Any] | None, inputs: Digests, out: Path) -> list[str]:
    """Say why a page is not current, one reason an input; empty where it is.

    Parameters
    ----------
    entry : the page's entry in the manifest, None where it has none
    inputs : the digests of what it depends on now
    """
    if entry is None:
        return ["not built before"]
    page = file_digest(os.path.join(out, entry["file"]))
    if page is None:
        return [f"{entry['file']} is missing"]
    altered = [f"{entry['file']} was altered"] if page != entry["sha256"] else []
    return sorted(changes_between(entry["inputs"], inputs) + altered)


def changes_between(known: Digests, now: Digests) -> list[str]:
    """Name the inputs that differ, and how."""
    said = [f"{name} {_what_happened(known.get(name), now[name])}" for name in now if now[name] != known.get(name)]
    return sorted(said + [f"{name} is no longer used" for name in known if name not in now])


def _what_happened(before: str | None, now: str) -> str:
    return "is new" if before in (None, MISSING) else "is gone" if now == MISSING else "changed"


def wanted_maps(config: Config, maps: Sequence[str]) -> list[str]:
    """Give the ids asked for in the order of atlas.toml, all of them where none is."""
    if isinstance(maps, str):
        raise TypeError(f"maps are asked for by a list of ids, [{maps!r}], not by {maps!r}")
    for map_id in maps:
        if not isinstance(map_id, str):
            raise TypeError(f"a map is named by its id, a str, not by {map_id!r}")
    unknown = [map_id for map_id in maps if map_id not in config.maps]
    if unknown:
        raise ConfigError(f"there is no map '{unknown[0]}'. Fix: choose of {', '.join(config.maps)}.")
    return [map_id for map_id in config.maps if not maps or map_id in maps]


def explain(folder: Path, out: Path) -> dict[str, list[str]]:
    """Give for each page of an atlas the reasons why the next build would make it again; none = current."""
    plan = make_plan(folder, out)
    return {f"{page}.html": plan.stale.get(page, []) for page in plan.pages}


def next_manifest(
    plan: Plan,
    pages: Mapping[str, bytes],
    inputs: Mapping[str, Digests],
    cited: Mapping[str, Collection[str]],
    *,
    warnings: int,
) -> Manifest:
    """Give the manifest once the stale pages are written: their entries beside those of the pages left as they are.

    Parameters
    ----------
    pages, inputs : the bytes of each stale page, and what it was made of
    cited : the ids of the sources of each map that was read
    warnings : how many that had
    """
    old, files, code = plan.manifest, plan.inputs.files(), plan.inputs.code
    made = {
        page_id: page_entry(f"{page_id}.html", page, inputs[page_id], cited.get(page_id, ()), plan.stale[page_id])
        for page_id, page in pages.items()
    }
    is_same = files == old["files"] and code == old[CODE_NAME]
    return new_manifest(
        code=code,
        files=files if plan.is_whole or is_same else {},
        wanted=plan.pages,
        pages=old["pages"] | made,
        warnings=warnings if plan.checks_all else old["warnings"],
    )
