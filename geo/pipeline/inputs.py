"""What each page depends on, as digests by name: the names are what `why` and a build print as reasons.

Finer than files where files are shared: a map depends on its own tables of atlas.toml, on the category sets that its
layers use, on the rows of sources.csv that it cites and on the records of its features. So a word changed for another
map, a new source or another layer's fact rebuilds only what shows it.
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
from geo.pipeline.manifest import CODE_NAME, INDEX_ID, MISSING, Digests, code_digest, digest_of, input_path, text_digest
from geo.read.controls import CONTROL
from geo.read.files import FileBytes, find_file, parts_of, read_bytes
from geo.read.tables import Table, read_csv

# What changes no map: shown by the index alone, digested by the piece, or a rule for the check.
_NOT_GENERAL = {"layers", "maps", "groups", "categories", "description", "sources", "require_sources"}


class Inputs:
    """The digests of an atlas folder's parts, each taken once; atlas.toml is read between its digest and its use."""

    def __init__(self, folder: Path) -> None:
        self._digests: Digests = {}
        self._tables: dict[str, Table | None] = {}
        self._record_rows: dict[tuple[str, str], list[tuple[set[str], str]]] = {}
        self._layers: dict[str, Digests] = {}
        self.folder = folder
        self._file(CONFIG_NAME)
        self.config: Config = read_config(folder)
        self.code = code_digest()

    def of_page(self, page_id: str, sources: Mapping[str, Collection[str]]) -> Digests:
        """Give name -> sha256 of everything that a page depends on; `sources` are the ids of those that each cites."""
        return self.of_index(sources) if page_id == INDEX_ID else self.of_map(page_id, sources.get(page_id, ()))

    def of_map(self, map_id: str, sources: Collection[str]) -> Digests:
        """Give name -> sha256 of everything that one map depends on; `sources` are the ids of those it cites."""
        return self._of_map(map_id) | self._sources(sources)

    def _of_map(self, map_id: str) -> Digests:
        config = self.config
        page = config.maps[map_id]
        digests = {CODE_NAME: self.code, CONFIG_NAME: text_digest(config.atlas.model_dump_json(exclude=_NOT_GENERAL))}
        digests[f"{CONFIG_NAME} [maps.{map_id}]"] = text_digest(page.model_dump_json())
        if page.story and page.story.table:
            digests[page.story.table] = self._file(page.story.table)
        layers = dict.fromkeys(page.layers)
        groups = [group for group in config.atlas.groups if group in {config.layers[layer].group for layer in layers}]
        if len(groups) > 1:  # the page has them in the order of atlas.toml
            digests[f"{CONFIG_NAME} [groups]"] = text_digest(" ".join(groups))
        for layer_id in layers:
            if layer_id not in self._layers:
                self._layers[layer_id] = self._of_layer(layer_id)
            digests |= self._layers[layer_id]
        return digests | self._basemap()

    def of_index(self, sources: Mapping[str, Collection[str]]) -> Digests:
        """What the index page depends on: what all maps do, and what is said of the atlas as a whole.

        `sources` are the ids of those that each map cites.
        """
        text = self.config.atlas.model_dump_json(exclude=_NOT_GENERAL - {"description"})
        digests = {CODE_NAME: self.code, f"{CONFIG_NAME} [maps]": text_digest(" ".join(self.config.maps))}
        cited: set[str] = set()
        for map_id in self.config.maps:
            digests |= self._of_map(map_id)
            cited.update(sources.get(map_id, ()))
        return digests | {CONFIG_NAME: text_digest(text)} | self._sources(cited)

    def files(self) -> Digests:
        """Give the digest of every file that the whole atlas depends on, by path relative to its folder."""
        names = {CONFIG_NAME, self.sources_name}
        names |= {name for layer in self.config.layers.values() for name in self._layer_files(layer)}
        names |= {page.story.table for page in self.config.maps.values() if page.story and page.story.table}
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
        return digest_of(input_path(self.folder, name))

    def _of_layer(self, layer_id: str) -> Digests:
        """A layer's table of atlas.toml with the category sets and the group that it refers to, and its files."""
        atlas, layer = self.config.atlas, self.config.layers[layer_id]
        digests = self._layer_table(layer_id)
        for field in layer.fields.values():
            if isinstance(name := field.categories, str):
                values = {value: category.model_dump(mode="json") for value, category in atlas.categories[name].items()}
                digests[f"{CONFIG_NAME} [categories.{name}]"] = text_digest(orjson.dumps(values).decode())
        if layer.group in atlas.groups:
            group = atlas.groups[layer.group].model_dump_json()
            digests[f"{CONFIG_NAME} [groups.{layer.group}]"] = text_digest(group)
        if layer.flows:
            digests |= self._layer_table(layer.flows.nodes)
        digests |= {name: self._file(name) for name in self._layer_files(layer, records=False)}
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
        return {f"{CONFIG_NAME} [layers.{layer_id}]": text_digest(text)}

    def _layer_files(self, layer: LayerConfig, *, records: bool = True) -> Iterator[str]:
        """The files that a layer is made of; of the nodes of its flows, the places."""
        names = [layer.features, layer.table, *(series.table for series in layer.series.values())]
        if layer.flows:
            nodes = self.config.layers[layer.flows.nodes]
            names += [layer.flows.table, nodes.features, nodes.table]
        if layer.records and records:
            names.append(layer.records.table)
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
        is_shared = (
            sum(layer.records is not None and layer.records.table == records.table for layer in layers.values()) > 1
        )
        table = self._table(records.table) if is_shared else None
        keys = None if table is None else self._keys(layer_id)
        if table is None or not keys or records.key not in table.columns:
            return {records.table: self._file(records.table)}
        own = [digest for named, digest in self._rows_by_key(records.table, table, records.key) if named & keys]
        # The page has the names of the columns also where no record is of the layer.
        return {f"{records.table}: records of {layer_id}": text_digest("\n".join(["\0".join(table.columns), *own]))}

    def _rows_by_key(self, name: str, table: Table, key: str) -> list[tuple[set[str], str]]:
        """Give each row of a records table as the keys that it names and its digest."""
        if (name, key) not in self._record_rows:
            digests = (text_digest("\0".join(row)) for row in zip(*table.columns.values(), strict=True))
            keys = ({part.strip() for part in cell.split(";")} for cell in table.columns[key])
            self._record_rows[name, key] = list(zip(keys, digests, strict=True))
        return self._record_rows[name, key]

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
            if name.lower().endswith((".csv", ".tsv", ".txt")):
                with suppress(DataError):
                    self._tables[name] = read_csv(self._bytes(name))
        return self._tables[name]

    def _bytes(self, name: str) -> FileBytes:
        """Read a file, and take its digest of the very bytes: what is saved meanwhile is then seen as changed."""
        file = read_bytes(self.folder, name)
        self._digests.setdefault(name, file.sha256)
        return file
