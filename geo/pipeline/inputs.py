"""What each page depends on, as digests by name: the names are what `why` and a build print as reasons.

    Shyrdak                      the code, the Python and the packages that make pages
    atlas.toml                   what stands at its top, but for what no map shows
    atlas.toml [maps.energy]     the map's own table; of the index also [maps], which there are
    atlas.toml [layers.dams]     the table of each of its layers, and what others decide for it
    atlas.toml [groups.energy]   a group of its layers; [groups], their order; [categories.status], a set they use
    dams.csv                     a file of a layer, of a story or of the basemap
    facts.csv: records of dams   the rows of a table of records, shared by layers, that name features of this one
    sources.csv: sources cited   the rows of the list of sources that the page cites

Finer than files where files are shared: so a word changed for another map, a new source or another layer's fact
rebuilds only what shows it. The index depends on all that any map does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import orjson

from geo.basemap.files import OWN_BASEMAP
from geo.basemap.reading import basemap_files, basemap_folder
from geo.config.schema import LayerConfig
from geo.config.settings import CONFIG_NAME, SOURCES_NAME, Config, read_config
from geo.errors import DataError
from geo.pipeline.manifest import CODE_NAME, INDEX_ID, MISSING, Digests, code_digest, input_digest, text_digest
from geo.read.controls import CONTROL
from geo.read.files import FileBytes, find_file, parts_of, read_bytes
from geo.read.tables import TEXT_ENDINGS, Table, read_csv

# What changes no map: shown by the index alone, digested by the piece, or a rule for the check.
_NOT_GENERAL = {"layers", "maps", "groups", "categories", "description", "sources", "require_sources"}


class Inputs:
    """The digests of an atlas folder's parts, each taken once; atlas.toml is read between its digest and its use."""

    def __init__(self, folder: Path) -> None:
        self._digests: Digests = {}
        self._tables: dict[str, Table | None] = {}
        self._layers: dict[str, Digests] = {}
        self.folder = folder
        self._file(CONFIG_NAME)
        self.config: Config = read_config(folder)
        self.code = code_digest()

    def of_page(self, page_id: str, cited: Mapping[str, Collection[str]]) -> Digests:
        """Give name -> sha256 of all that a page depends on; `cited` are the ids of the sources that each map cites."""
        is_index = page_id == INDEX_ID
        maps = [*self.config.maps] if is_index else [page_id]
        apart = _NOT_GENERAL - {"description"} if is_index else _NOT_GENERAL
        sources = {source for map_id in maps for source in cited.get(map_id, ())}
        digests = {CODE_NAME: self.code, CONFIG_NAME: text_digest(self.config.atlas.model_dump_json(exclude=apart))}
        if is_index:
            digests |= _config_part("maps", " ".join(maps))
        for map_id in maps:
            digests |= self._map(map_id)
        return digests | self._basemap() | self._sources(sources)

    def files(self) -> Digests:
        """Give the digest of every file that the whole atlas depends on, by path relative to its folder."""
        layers, maps = self.config.layers.values(), self.config.maps.values()
        names = {CONFIG_NAME, self.sources_name}
        names |= {name for layer in layers for name in self._layer_files(layer)}
        names |= {layer.records.table for layer in layers if layer.records}
        names |= {page.story.table for page in maps if page.story and page.story.table}
        return {name: self._file(name) for name in sorted(names)} | self._basemap()

    def changed_since(self, parsed: Mapping[str, str]) -> list[str]:
        """Name the files whose bytes are not, or no longer, those digested here; `parsed`: digests of what was read."""
        files = self.files()
        was_other = {name for name, digest in parsed.items() if files[name] != digest}
        is_other = {name for name, digest in files.items() if self._digest(name) != digest}
        return sorted(was_other | is_other)

    @property
    def sources_name(self) -> str:
        return self.config.atlas.sources or SOURCES_NAME

    def _map(self, map_id: str) -> Digests:
        """A map's table of atlas.toml, its story and its layers."""
        page, groups = self.config.maps[map_id], self.config.atlas.groups
        digests = _config_part(f"maps.{map_id}", page.model_dump_json())
        if page.story and page.story.table:
            digests[page.story.table] = self._file(page.story.table)
        used = {self.config.layers[layer_id].group for layer_id in page.layers}
        in_order = [group for group in groups if group in used]
        if len(in_order) > 1:  # the page has them in the order of atlas.toml
            digests |= _config_part("groups", " ".join(in_order))
        for layer_id in page.layers:
            if layer_id not in self._layers:
                self._layers[layer_id] = self._layer(layer_id)
            digests |= self._layers[layer_id]
        return digests

    def _layer(self, layer_id: str) -> Digests:
        """A layer's table of atlas.toml with the category sets and the group that it refers to, and its files."""
        atlas, layer = self.config.atlas, self.config.layers[layer_id]
        digests = self._layer_table(layer_id)
        for field in layer.fields.values():
            if isinstance(name := field.categories, str):
                values = {value: category.model_dump(mode="json") for value, category in atlas.categories[name].items()}
                digests |= _config_part(f"categories.{name}", orjson.dumps(values).decode())
        if layer.group in atlas.groups:
            digests |= _config_part(f"groups.{layer.group}", atlas.groups[layer.group].model_dump_json())
        if layer.flows:
            digests |= self._layer_table(layer.flows.nodes)
        digests |= {name: self._file(name) for name in self._layer_files(layer)}
        return digests | (self._records(layer_id) if layer.records else {})

    def _layer_table(self, layer_id: str) -> Digests:
        """A layer's table of atlas.toml, with what the others decide for it: the same for each map that it is on."""
        atlas, layer = self.config.atlas, self.config.layers[layer_id]
        text = layer.model_dump_json()
        if layer.style.color is None:
            # Without a colour of its own it takes one from its place among all layers.
            text += f" {list(self.config.layers).index(layer_id)}"
        users = [other for other in atlas.layers.values() if other.features == layer.features]
        keys = {other.key.features for other in users}
        if len(keys) > 1:
            # Where one of them is `id`, ids that stand beside properties are a property for all of the file's layers.
            text += f" {sorted(keys)}"
        if len({other.geodesic for other in users}) > 1:
            # Where all of them are, lines over 180 degrees stay as they are written.
            text += " not all geodesic"
        return _config_part(f"layers.{layer_id}", text)

    def _layer_files(self, layer: LayerConfig) -> Iterator[str]:
        """The files that a layer is made of, but for its records; of the nodes of its flows, the places."""
        names = [layer.features, layer.table, *(series.table for series in layer.series.values())]
        if layer.flows:
            nodes = self.config.layers[layer.flows.nodes]
            names += [layer.flows.table, nodes.features, nodes.table]
        for name in filter(None, names):
            yield from parts_of(self.folder, name)

    def _basemap(self) -> Digests:
        folder = basemap_folder(self.config)
        if folder is None:
            return {}
        is_own = self.config.atlas.basemap == "default"
        prefix = OWN_BASEMAP if is_own else f"{self.config.atlas.basemap.rstrip('/')}/"
        return {name: self._file(name) for name in (prefix + path.name for path in basemap_files(folder))}

    def _sources(self, ids: Collection[str]) -> Digests:
        """Those sources by their rows, the names of the columns included; the file where it cannot be read by rows.

        Without any, that there is a list: what cells name is looked up, and cited, only where there is one.
        """
        name = self.sources_name
        if not ids and self._file(name) == MISSING:
            return {}
        table = self._table(name)
        if table is None or "id" not in table.columns:
            return {name: self._file(name)}
        columns = table.columns
        rows = zip(columns["id"], *columns.values(), strict=True)
        cited = sorted("\0".join([*columns, *row]) for source, *row in rows if source in ids)
        return {f"{name}: sources cited" if ids else name: text_digest("\n".join(cited))}

    def _records(self, layer_id: str) -> Digests:
        """A table of records: those of the layer's features where several layers share the table, else the file."""
        layers, records = self.config.layers, self.config.layers[layer_id].records
        assert records is not None, "only layers with records come here"
        users = [layer for layer in layers.values() if layer.records and layer.records.table == records.table]
        table = self._table(records.table) if len(users) > 1 else None
        keys = None if table is None else self._keys(layer_id)
        if table is None or not keys or records.key not in table.columns:
            return {records.table: self._file(records.table)}
        columns = table.columns
        rows = zip(columns[records.key], *columns.values(), strict=True)
        own = ["\0".join(row) for named, *row in rows if not keys.isdisjoint(map(str.strip, named.split(";")))]
        # The page has the names of the columns also where no record is of the layer.
        text = "\n".join(["\0".join(columns), *map(text_digest, own)])
        return {f"{records.table}: records of {layer_id}": text_digest(text)}

    def _keys(self, layer_id: str) -> set[str] | None:
        """Give the keys that a layer's features can have, or more; None where a look at its files does not tell."""
        layer = self.config.layers[layer_id]
        if layer.flows:
            return None
        if layer.table:
            table = self._table(layer.table)
            return set(table.columns.get(layer.key.table, ())) if table else None
        try:
            features = orjson.loads(self._bytes(str(layer.features)).data)["features"]
            keys = [feature["properties"][layer.key.features] for feature in features]
            # Reading makes text as written of a whole number of more than 64 bits, and spaces of control characters.
            is_read_otherwise = float in map(type, keys) or any(map(CONTROL.search, map(str, keys)))
            return None if is_read_otherwise else set(map(str, keys))
        except (DataError, ValueError, LookupError, TypeError):
            return None

    def _table(self, name: str) -> Table | None:
        """Give a table of text; None where it is none: an Excel file, or one that reading will say is wrong."""
        if name not in self._tables:
            self._tables[name] = None
            if name.lower().endswith(TEXT_ENDINGS):
                with suppress(DataError):
                    self._tables[name] = read_csv(self._bytes(name))
        return self._tables[name]

    def _bytes(self, name: str) -> FileBytes:
        """Read a file, and take its digest of the very bytes: what is saved meanwhile is then seen as changed."""
        file = read_bytes(self.folder, name)
        self._digests.setdefault(name, file.sha256)
        return file

    def _file(self, name: str) -> str:
        if name not in self._digests:
            self._digests[name] = self._digest(name)
        return self._digests[name]

    def _digest(self, name: str) -> str:
        """The digest of a file as it is now; what atlas.toml names is opened only where it may be read."""
        if name != CONFIG_NAME and not name.startswith(OWN_BASEMAP):
            try:
                find_file(self.folder, name)
            except DataError:  # reading will say it
                return MISSING
        return input_digest(self.folder, name)


def _config_part(table: str, text: str) -> Digests:
    return {f"{CONFIG_NAME} [{table}]": text_digest(text)}
