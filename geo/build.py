"""The pipeline in one function: an atlas folder in, a folder of pages out.

Everything is read and checked before the first byte is written: a folder with problems leaves earlier maps as they were.
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
from geo.load import load_atlas
from geo.model import AtlasData, Counts
from geo.pagedata import PageData, pack_map
from geo.problems import Problem
from geo.render import AtlasMap, number_ids, render_map
from geo.write import write_file

INDEX_NAME = "index.html"

Step = Callable[[str, int, int], None]
"""Told before each step: what is done, how many steps are done, of how many."""


@dataclass(frozen=True)
class Report:
    """What a build read, joined and wrote."""

    layers: dict[str, Counts]
    problems: tuple[Problem, ...]
    pages: dict[str, int]
    """Bytes of each page written, by file name."""


def build_atlas(
    folder: Path, out: Path, *, maps: Sequence[str] = (), strict: bool = False, step: Step = lambda *_: None
) -> Report:
    """Build the pages of an atlas folder.

    Parameters
    ----------
    folder : the atlas folder, with atlas.toml
    out : where the pages go; made if needed
    maps : ids of the maps to build; empty = all of them and the index
    strict : warnings stop the build too
    step : called before each step, for a progress bar

    Raises
    ------
    DataError
        Every problem of the folder; nothing is written.
    ConfigError
        A map that is not in the atlas.
    OutputError
        A page cannot be written; those before it are.
    """
    config = read_config(folder)
    wanted = _wanted_maps(config, maps)
    step("reading", 0, len(wanted) + 1)
    data = check_atlas(config, wanted, strict=strict)
    basemap = read_basemap(config)
    pages: dict[str, bytes] = {}
    packed: dict[str, PageData] = {}
    for done, map_id in enumerate(wanted, start=1):
        step(f"drawing {map_id}", done, len(wanted) + 1)
        packed[map_id] = pack_map(data, map_id)
        pages[f"{map_id}.html"] = map_html(data, packed[map_id], basemap).encode("utf-8")
    if not maps:
        pages[INDEX_NAME] = inline_page(index_page(data, packed, basemap)).encode("utf-8")
    for name, page in pages.items():
        write_file(out / name, page)
    return Report(
        layers={layer.id: layer.counts for layer in data.layers.values()},
        problems=data.problems,
        pages={name: len(page) for name, page in pages.items()},
    )


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
