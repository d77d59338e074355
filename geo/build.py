"""The pipeline in one function: an atlas folder in, a folder of pages out.

Everything is read and checked before the first byte is written: a folder with problems leaves earlier maps as they
were. Pages that are current are neither made nor touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from geo.basemap import Basemap, read_basemap
from geo.config import Config, read_config
from geo.errors import ConfigError, DataError
from geo.index import index_page
from geo.inline import inline_page
from geo.inputs import Inputs
from geo.load import load_atlas
from geo.manifest import (
    MANIFEST_NAME,
    Manifest,
    bytes_digest,
    file_digest,
    manifest_bytes,
    new_manifest,
    page_entry,
    read_manifest,
    stale_reasons,
)
from geo.model import AtlasData, Counts
from geo.pagedata import PageData, pack_map
from geo.problems import Problem
from geo.render import AtlasMap, number_ids, render_map
from geo.write import remove_file, write_file

INDEX_ID = "index"

Step = Callable[[str, int, int], None]
"""Told before each step: what is done, how many steps are done, of how many."""


@dataclass(frozen=True)
class Report:
    """What a build read, joined and wrote."""

    layers: dict[str, Counts]
    problems: tuple[Problem, ...]
    pages: dict[str, int]
    """Bytes of each page written, by file name."""
    reasons: dict[str, list[str]]
    """Why each of them was written."""
    left_over: list[str]
    """Pages of maps that atlas.toml no longer has: removed where asked for."""


def build_atlas(
    folder: Path,
    out: Path,
    *,
    maps: Sequence[str] = (),
    force: bool = False,
    prune: bool = False,
    strict: bool = False,
    step: Step = lambda *_: None,
) -> Report:
    """Build those pages of an atlas folder that are not current.

    Parameters
    ----------
    folder : the atlas folder, with atlas.toml
    out : where the pages go; made if needed
    maps : ids of the maps to build; empty = all of them and the index
    force : build them even where nothing changed
    prune : remove the pages of maps that atlas.toml no longer has
    strict : warnings stop the build too
    step : called before each step, for a progress bar

    Raises
    ------
    DataError
        Every problem of the layers that have to be read; nothing is written.
    ConfigError
        A map that is not in the atlas.
    OutputError
        A page cannot be written; those before it are.
    """
    config = read_config(folder)
    wanted = _wanted_maps(config, maps)
    inputs, manifest = Inputs(config), read_manifest(out)
    stale = {map_id: why for map_id in wanted if (why := _reasons(inputs, manifest, map_id, out, force=force))}
    why_index = [] if maps else _index_reasons(inputs, manifest, out, stale, force=force)
    # The index draws every map's thumbnail, so it needs every layer.
    needed = list(config.maps) if why_index else list(stale)
    step("reading", 0, len(needed) + 1)
    data = check_atlas(config, needed, strict=strict)
    basemap = read_basemap(config)
    packed: dict[str, PageData] = {}
    pages: dict[str, bytes] = {}
    for done, map_id in enumerate(needed, start=1):
        step(f"drawing {map_id}", done, len(needed) + 1)
        packed[map_id] = pack_map(data, map_id)
        if map_id in stale:
            pages[map_id] = map_html(data, packed[map_id], basemap).encode("utf-8")
    if why_index:
        pages[INDEX_ID] = inline_page(index_page(data, packed, basemap)).encode("utf-8")
    reasons = stale | ({INDEX_ID: why_index} if why_index else {})
    for page_id, page in pages.items():
        write_file(out / f"{page_id}.html", page)
    entries = {page_id: _entry(inputs, page_id, page, reasons[page_id], packed) for page_id, page in pages.items()}
    kept = {page_id: entry for page_id, entry in manifest["maps"].items() if page_id not in entries}
    left_over = [kept[page_id]["file"] for page_id in sorted(set(kept) - {*config.maps, INDEX_ID})]
    if prune:
        kept = {page_id: entry for page_id, entry in kept.items() if entry["file"] not in left_over}
        for name in left_over:
            remove_file(out / name)
    _write_manifest(out, inputs, kept | entries, warnings=len(data.problems))
    return Report(
        layers={layer.id: layer.counts for layer in data.layers.values()},
        problems=data.problems,
        pages={f"{page_id}.html": len(page) for page_id, page in pages.items()},
        reasons={f"{page_id}.html": why for page_id, why in reasons.items()},
        left_over=left_over,
    )


def explain(folder: Path, out: Path) -> dict[str, list[str]]:
    """Give for each page of an atlas the reasons why the next build would make it again; none = current."""
    config = read_config(folder)
    inputs, manifest = Inputs(config), read_manifest(out)
    reasons = {map_id: _reasons(inputs, manifest, map_id, out) for map_id in config.maps}
    stale = {map_id: why for map_id, why in reasons.items() if why}
    reasons[INDEX_ID] = _index_reasons(inputs, manifest, out, stale)
    return {f"{page_id}.html": why for page_id, why in reasons.items()}


def _reasons(inputs: Inputs, manifest: Manifest, map_id: str, out: Path, *, force: bool = False) -> list[str]:
    entry = manifest["maps"].get(map_id)
    why = stale_reasons(entry, inputs.of_map(map_id, entry["sources"] if entry else ()), out)
    return why or (["--force"] if force else [])


def _index_reasons(
    inputs: Inputs, manifest: Manifest, out: Path, stale: Iterable[str], *, force: bool = False
) -> list[str]:
    why = stale_reasons(manifest["maps"].get(INDEX_ID), inputs.of_index(), out)
    return why or [f"{map_id}.html is made again" for map_id in stale] or (["--force"] if force else [])


def _entry(inputs: Inputs, page_id: str, page: bytes, why: list[str], packed: dict[str, PageData]) -> dict[str, object]:
    sources = packed[page_id].head["sources"] if page_id != INDEX_ID else ()
    digests = inputs.of_index() if page_id == INDEX_ID else inputs.of_map(page_id, sources)
    return page_entry(f"{page_id}.html", page, digests, sources, why)


def _write_manifest(out: Path, inputs: Inputs, entries: dict[str, object], *, warnings: int) -> None:
    manifest = new_manifest(inputs.files(), entries, warnings=warnings)
    data = manifest_bytes(manifest)
    if file_digest(out / MANIFEST_NAME) != bytes_digest(data):
        write_file(out / MANIFEST_NAME, data)


def check_atlas(config: Config, maps: Iterable[str], *, strict: bool = False) -> AtlasData:
    """Read, check and join the layers of some maps. With `strict` warnings are errors."""
    layers = {layer for map_id in maps for layer in config.maps[map_id].layers}
    data = load_atlas(config, layers)
    if strict and data.problems:
        raise DataError(data.problems)
    return data


def folium_map(folder: Path | str, map_id: str) -> AtlasMap:
    """Give one map of an atlas folder as a `folium.Map`, for a notebook or for adding Folium's own parts to it.

    Examples
    --------
    >>> m = geo.folium_map("layers", "energy")
    >>> folium.LayerControl().add_to(m)
    >>> m.save("energy.html")

    Raises
    ------
    DataError, ConfigError
        As `build_atlas`.
    """
    config = read_config(Path(folder))
    _wanted_maps(config, [map_id])
    data = check_atlas(config, [map_id])
    return render_map(data, pack_map(data, map_id), basemap=read_basemap(config))


def map_html(data: AtlasData, page: PageData, basemap: Basemap | None) -> str:
    """Give the whole page of one map: everything inside, the same text for the same inputs."""
    figure = render_map(data, page, basemap=basemap).get_root()
    number_ids(figure)
    return inline_page(figure.render())


def _wanted_maps(config: Config, maps: Sequence[str]) -> list[str]:
    unknown = [map_id for map_id in maps if map_id not in config.maps]
    if unknown:
        raise ConfigError(f"there is no map '{unknown[0]}'. Fix: choose of {', '.join(config.maps)}.")
    return [map_id for map_id in config.maps if not maps or map_id in maps]
