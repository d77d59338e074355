"""What each map depends on, as digests by name: the names are what `why` and a build print as reasons.

Finer than files where files are shared: a map depends on its own tables of atlas.toml and on the rows of sources.csv
that it cites, so that a word changed for another map, or a new source, rebuilds only what shows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from geo.basemap import basemap_files, basemap_folder
from geo.config import CONFIG_NAME, Config, LayerConfig
from geo.errors import DataError
from geo.manifest import CODE_NAME, Digests, code_digest, file_digest, text_digest
from geo.read.files import read_bytes
from geo.read.tables import read_csv

SOURCES_NAME = "sources.csv"
# What no map but the index shows, or what is digested by the piece.
_NOT_GENERAL = {"layers", "maps", "groups", "categories", "description", "sources"}


class Inputs:
    """The digests of an atlas folder's parts, each taken once."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self._code = code_digest()
        self._files: dict[Path, str | None] = {}
        self._sources: Digests | None = None

    def of_map(self, map_id: str, sources: Iterable[str]) -> Digests:
        """Give name -> sha256 of everything that one map depends on; `sources` are the ids of those it cites."""
        config = self.config
        page = config.maps[map_id]
        digests = {CODE_NAME: self._code}
        digests[CONFIG_NAME] = text_digest(config.atlas.model_dump_json(exclude=_NOT_GENERAL))
        digests[f"{CONFIG_NAME} [maps.{map_id}]"] = text_digest(page.model_dump_json())
        for layer_id in dict.fromkeys(page.layers):
            layer = config.layers[layer_id]
            digests[f"{CONFIG_NAME} [layers.{layer_id}]"] = text_digest(self._layer_text(layer_id))
            for name in _layer_files(config, layer):
                digests[name] = self._file(config.folder / name)
        digests |= self._basemap()
        known = self._source_digests()
        return digests | {f"{SOURCES_NAME}: {source}": known.get(source, "missing") for source in sorted(sources)}

    def of_index(self) -> Digests:
        """What the index page depends on by itself; it is made again whenever a map is."""
        text = self.config.atlas.model_dump_json(exclude=_NOT_GENERAL - {"description"})
        return {CODE_NAME: self._code, CONFIG_NAME: text_digest(text), "maps": text_digest(" ".join(self.config.maps))}

    def files(self) -> Digests:
        """Every file that the whole atlas depends on, by path relative to its folder."""
        names = {
            CONFIG_NAME,
            *(name for layer in self.config.layers.values() for name in _layer_files(self.config, layer)),
        }
        sources = self.config.atlas.sources or SOURCES_NAME
        if (self.config.folder / sources).exists():
            names.add(sources)
        return {name: self._file(self.config.folder / name) for name in sorted(names)} | self._basemap()

    def _file(self, path: Path) -> str:
        if path not in self._files:
            self._files[path] = file_digest(path)
        return self._files[path] or "missing"

    def _basemap(self) -> Digests:
        folder = basemap_folder(self.config)
        if folder is None:
            return {}
        within = self.config.folder if folder.is_relative_to(self.config.folder) else folder.parent
        return {path.relative_to(within).as_posix(): self._file(path) for path in basemap_files(folder)}

    def _layer_text(self, layer_id: str) -> str:
        """A layer's table with the category sets and the group that it refers to."""
        atlas = self.config.atlas
        layer = self.config.layers[layer_id]
        sets = [f.categories for f in layer.fields.values() if isinstance(f.categories, str)]
        parts = [layer, *(c for name in sets for c in atlas.categories[name].values())]
        if layer.group in atlas.groups:
            parts.append(atlas.groups[layer.group])
        # A layer without a colour of its own takes it from its place among all.
        place = list(self.config.layers).index(layer_id)
        return "\n".join([str(place), *sets, *(part.model_dump_json() for part in parts)])

    def _source_digests(self) -> Digests:
        if self._sources is None:
            self._sources = {}
            name = self.config.atlas.sources or SOURCES_NAME
            try:
                table = read_csv(read_bytes(self.config.folder, name))
            except DataError:
                return self._sources  # loading the atlas will say what is wrong
            ids = table.columns.get("id", [])
            rows = zip(*table.columns.values(), strict=True)
            self._sources = {str(i): text_digest("\0".join(map(str, row))) for i, row in zip(ids, rows, strict=True)}
        return self._sources


def _layer_files(config: Config, layer: LayerConfig) -> Iterator[str]:
    """The files that a layer is made of, the nodes of its flows among them."""
    names = [layer.features, layer.table, layer.records and layer.records.table]
    names += [series.table for series in layer.series.values()]
    yield from filter(None, names)
    if layer.flows:
        yield layer.flows.table
        yield from _layer_files(config, config.layers[layer.flows.nodes])
