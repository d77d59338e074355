"""Which pages of an atlas a build has to make again, and why.

Input: the atlas folder and what the manifest of the output folder remembers. Output: `Plan`. Reads no geometry.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo.config.settings import Config
from geo.errors import ConfigError
from geo.pipeline.inputs import Inputs
from geo.pipeline.manifest import INDEX_ID, Manifest, read_manifest, stale_reasons


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
    reasons = {page: stale_reasons(entries.get(page), inputs.of_page(page, cited), out) for page in pages}
    stale = {page: why or ["--force"] for page, why in reasons.items() if why or force}
    # A change that no page shows may still be a mistake, so all layers are read again. The index shows every map.
    is_read_whole = recheck or INDEX_ID in stale or inputs.files() != manifest["files"]
    to_check = (config.maps if not maps else wanted) if is_read_whole else stale
    return Plan(inputs, manifest, stale, tuple(to_check), is_whole=not maps)


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
