"""The pipeline in one function: an atlas folder in, a folder of pages out.

Everything is read and checked before the first byte is written: a folder with problems leaves earlier maps as they
were. Pages that are current are neither made nor touched.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from geo.basemap.reading import Basemap, read_basemap
from geo.config.settings import Config, read_config
from geo.errors import AtlasError, DataError
from geo.index.page import index_page
from geo.load.atlas import load_atlas
from geo.load.translations import Untranslated, find_untranslated
from geo.model import AtlasData, Counts, Tell
from geo.pack.pagedata import PageData, pack_map, used_sources
from geo.pipeline.cluster import connect
from geo.pipeline.inputs import Inputs
from geo.pipeline.manifest import (
    INDEX_ID,
    MANIFEST_NAME,
    Digests,
    Manifest,
    bytes_digest,
    file_digest,
    left_over,
    manifest_bytes,
)
from geo.pipeline.parallel import processors, work_on
from geo.pipeline.plan import Plan, make_plan, next_manifest, wanted_maps
from geo.pipeline.provenance import describe, seal_page
from geo.pipeline.write import hold_folder, remove_file, write_files
from geo.problems import Problem
from geo.render import bundle
from geo.render.inline import inline_page
from geo.render.map import AtlasMap, number_ids, render_map

PARALLEL_FROM_FEATURES = 20_000
"""Features on the pages to make, from which several processes are faster than one: starting them costs 0.1 s."""


@dataclass(frozen=True)
class Report:
    """What a build read, joined and wrote."""

    layers: dict[str, Counts]
    problems: tuple[Problem, ...]
    pages: dict[str, int]
    """Bytes of each page written, by file name."""
    reasons: dict[str, list[str]]
    """Why each of them was written."""
    untranslated: list[Untranslated]
    """Where texts lack a language; none where only some of the layers were read."""
    left_over: list[str]
    """Pages of maps that atlas.toml no longer has: removed where asked for."""
    jobs: int
    """How many processes drew the pages, here or on a cluster."""


def build_atlas(
    folder: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    maps: Sequence[str] = (),
    force: bool = False,
    prune: bool = False,
    strict: bool = False,
    jobs: int | None = None,
    scheduler: str | None = None,
    tell: Tell = lambda *_: None,
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
    jobs : how many processes may draw pages; by default as many as there are processors, where that is faster
    scheduler : the address of a Dask scheduler, whose workers draw the pages instead: `tcp://HOST:8786`
    tell : is told how far it is, for a progress bar

    Raises
    ------
    DataError
        Every problem of the layers that have to be read; nothing is written.
    ConfigError
        A map that is not in the atlas.
    PageSizeError
        A map that holds more than a browser opens in one page.
    AtlasError
        Files that somebody keeps changing while they are read.
    OutputError
        A page cannot be written, or another process writes to the folder; earlier pages are as they were.
    EnvironmentFailure
        A file cannot be read, a process that draws was ended from outside, or the cluster cannot be used.
    """
    folder, out = Path(folder), Path(out)
    with hold_folder(out), connect(scheduler) if scheduler else nullcontext() as cluster:
        tell("reading", 0, 1)
        plan, data, basemap = _read_unchanged(folder, out, maps=maps, force=force, strict=strict, tell=tell)
        cited = {map_id: used_sources(data, map_id) for map_id in plan.to_check}
        used_jobs = min(cluster.workers, len(plan.stale)) if cluster else _jobs(data, plan, jobs)
        is_here = used_jobs == 1 and not cluster
        inputs = {page_id: plan.inputs.of_page(page_id, cited) for page_id in plan.stale}
        drawing = _Drawing(data, basemap, cited, inputs, tell if is_here else lambda *_: None)
        ids = list(plan.stale)
        tell(f"drawing {len(ids)} pages", 1, len(ids) + 1)
        drawn = cluster.work_on(ids, drawing.page) if cluster else work_on(ids, drawing.page, jobs=used_jobs)
        pages = dict(zip(ids, drawn, strict=True))
        tell("writing", len(ids), len(ids) + 1)
        manifest = next_manifest(plan, pages, inputs, cited, warnings=len(data.problems))
        _write(out, {f"{page_id}.html": page for page_id, page in pages.items()}, manifest)
        unwanted = left_over(manifest, out)
        if prune:
            _prune(out, manifest, unwanted)
    return Report(
        layers={layer.id: layer.counts for layer in data.layers.values()},
        problems=data.problems,
        pages={f"{page_id}.html": len(page) for page_id, page in pages.items()},
        reasons={f"{page_id}.html": why for page_id, why in plan.stale.items()},
        # Of some of the layers the count would be another each time.
        untranslated=find_untranslated(data) if data.layers.keys() == plan.config.layers.keys() else [],
        left_over=unwanted,
        jobs=used_jobs,
    )


def _read_unchanged(
    folder: Path, out: Path, *, maps: Sequence[str], force: bool, strict: bool, tell: Tell
) -> tuple[Plan, AtlasData, Basemap | None]:
    """Plan and read, again where a file changed meanwhile: a page must be of the inputs that it says it is of."""
    changed: list[str] = []
    for is_last in (False, True):
        plan = make_plan(folder, out, maps=maps, force=force, recheck=strict)
        try:
            data = check_atlas(plan.config, None if plan.checks_all else plan.to_check, strict=strict, tell=tell)
            basemap = read_basemap(plan.config)
        except DataError:
            if is_last or not plan.inputs.changed_since({}):
                raise
            continue  # half of a file that was just being saved
        if not (changed := plan.inputs.changed_since(data.inputs)):
            return plan, data, basemap
    names = ", ".join(changed)
    raise AtlasError(
        f"{folder}: {names} changed while being read, twice. Fix: let the change finish, then build again."
    )


class _Drawing(NamedTuple):
    """Makes pages out of what was read, wherever it is sent: it looks at no file of the atlas.

    cited : the ids of the sources of each map
    inputs : what each page to be made depends on
    """

    data: AtlasData
    basemap: Basemap | None
    cited: Mapping[str, Collection[str]]
    inputs: Mapping[str, Digests]
    tell: Tell = lambda *_: None

    def page(self, page_id: str) -> bytes:
        """Give the bytes of a page."""
        self.tell(f"drawing {page_id}", 1 + list(self.inputs).index(page_id), len(self.inputs) + 1)
        inputs = self.inputs[page_id]
        if page_id == INDEX_ID:
            return index_html(self.data, self.basemap, self.cited, inputs).encode()
        return map_html(self.data, page_id, self.basemap, self.cited[page_id], inputs).encode()


def map_html(data: AtlasData, map_id: str, basemap: Basemap | None, sources: Collection[str], inputs: Digests) -> str:
    """Give the whole page of one map: everything inside, sealed, the same text for the same inputs."""
    layers = data.config.maps[map_id].layers
    packed = _packed(data, map_id)
    provenance = describe(data, layers=layers, sources=sources, inputs=inputs)
    page = replace(packed, head=packed.head | {"provenance": provenance})
    figure = render_map(data, page, basemap=basemap).figure
    number_ids(figure)
    return seal_page(inline_page(figure.render(), scripts=figure.scripts()))


def _packed(data: AtlasData, map_id: str) -> PageData:
    return pack_map(data, map_id, bundle.catalogues_of(data.config.languages))


def index_html(
    data: AtlasData, basemap: Basemap | None, sources: Mapping[str, Collection[str]], inputs: Digests
) -> str:
    """Give the page that lists the maps; `sources` by map."""
    cited = {source for ids in sources.values() for source in ids}
    shown = {layer for page in data.config.maps.values() for layer in page.layers}
    provenance = describe(data, layers=sorted(shown), sources=cited, inputs=inputs)
    return seal_page(inline_page(index_page(data, basemap), scripts=[bundle.index_script()]), provenance=provenance)


def page_html(folder: Path, page_id: str) -> str:
    """Give a page, a map's or the index, as a build of the folder would write it now; nothing is written.

    Raises
    ------
    DataError, ConfigError, PageSizeError, EnvironmentFailure
        As `build_atlas`.
    """
    inputs = Inputs(folder)
    is_index = page_id == INDEX_ID
    maps = wanted_maps(inputs.config, [] if is_index else [page_id])
    data, basemap = check_atlas(inputs.config, None if is_index else maps), read_basemap(inputs.config)
    cited = {map_id: used_sources(data, map_id) for map_id in maps}
    return _Drawing(data, basemap, cited, {page_id: inputs.of_page(page_id, cited)}).page(page_id).decode()


def _jobs(data: AtlasData, plan: Plan, asked_for: int | None) -> int:
    """How many processes draw the pages: what was asked for, or as many as are faster than one."""
    most = len(plan.stale)
    if asked_for is not None:
        return max(1, min(asked_for, most))
    pages = [plan.config.maps[page].layers if page != INDEX_ID else data.layers for page in plan.stale]
    features = sum(len(data.layers[layer].frame) for layers in pages for layer in layers)
    return max(1, min(processors(), most)) if features >= PARALLEL_FROM_FEATURES else 1


def _write(out: Path, pages: Mapping[str, bytes], manifest: Manifest) -> None:
    """Put pages in place, the manifest after them; nothing where all is as it was."""
    data = manifest_bytes(manifest)
    is_same = file_digest(out / MANIFEST_NAME) == bytes_digest(data)
    if pages or not is_same:
        write_files(out, {**pages, MANIFEST_NAME: data})


def _prune(out: Path, manifest: Manifest, unwanted: Iterable[str]) -> None:
    """Remove the files of maps that atlas.toml no longer has, and their entries in the manifest."""
    for name in unwanted:
        remove_file(out / name)
    entries = {page_id: entry for page_id, entry in manifest["pages"].items() if page_id in manifest["wanted"]}
    _write(out, {}, manifest | {"pages": entries})


def check_atlas(
    config: Config, maps: Iterable[str] | None = None, *, strict: bool = False, tell: Tell = lambda *_: None
) -> AtlasData:
    """Read, check and join the layers of some maps; all of the atlas without. With `strict` warnings are errors."""
    used = None if maps is None else {layer for map_id in maps for layer in config.maps[map_id].layers}
    data = load_atlas(config, used, tell)
    if strict and data.problems:
        raise DataError(data.problems)
    return data


def folium_map(folder: str | os.PathLike[str], map_id: str) -> AtlasMap:
    """Give one map of an atlas folder as a `folium.Map`, for a notebook or for adding Folium's own parts to it.

    It is a page of its own: several of them in one page, or one in a figure with other things, each need a frame, such
    as `m._repr_html_()` gives.

    Examples
    --------
    >>> m = geo.folium_map("layers", "energy")
    >>> folium.LayerControl().add_to(m)
    >>> m.save("energy.html")

    Raises
    ------
    DataError, ConfigError, PageSizeError, EnvironmentFailure
        As `build_atlas`.
    """
    config = read_config(folder)
    wanted_maps(config, [map_id])
    data = check_atlas(config, [map_id])
    return render_map(data, _packed(data, map_id), basemap=read_basemap(config))
