"""What atlas.toml asks for in vain: names that no other table has, and what no map could show as it is meant.

Found before any data is read. `schema` has looked at each value by itself; here they are held against each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from geo.config.boxes import is_box
from geo.config.columns import date_columns
from geo.config.fault import Fault, did_you_mean
from geo.config.looks import NUMERIC
from geo.config.schema import AtlasTable, FieldConfig, LayerConfig, MapConfig, config_texts
from geo.config.styles import style_faults

_HOW_TO_DECLARE = {
    "group": "declare one, [groups.<id>] with a title, and write its id here",
    "category set": "declare one, [categories.<id>.<value>] with a title for each value, and write its id here",
}


def find_faults(atlas: AtlasTable) -> Iterator[Fault]:
    """Find every fault, those of the layers before those of the maps."""
    for name in _twice(atlas.languages):
        yield Fault(("languages",), f"'{name}' is there twice", "take one out")
    for keys, texts in config_texts(atlas):
        for language in texts:
            if language and language not in atlas.languages:
                message = f"a text in '{language}', which is not one of the languages {list(atlas.languages)}"
                yield Fault(keys, message, "add it to languages, or take the text out", "CONFIG_REFERENCE")
        is_of_step = keys[0] == "maps" and keys[2:4] == ("story", "steps")  # looked at with those of tables
        if keys[-1] == "title" and not is_of_step and not (texts and all(map(str.strip, texts.values()))):
            yield Fault(keys, "the title is blank", "write one")
    for layer_id, layer in atlas.layers.items():
        for fault in _layer_faults(atlas, layer_id, layer):
            yield fault._replace(keys=("layers", layer_id, *fault.keys))
    for map_id, page in atlas.maps.items():
        for fault in _map_faults(atlas, map_id, page):
            yield fault._replace(keys=("maps", map_id, *fault.keys))
    for name in _twice(map_id.casefold() for map_id in atlas.maps):
        first, second = [map_id for map_id in atlas.maps if map_id.casefold() == name][:2]
        message = f"its file is that of '{first}' where case does not count"
        yield Fault(("maps", second), message, "choose another id")


def _map_faults(atlas: AtlasTable, map_id: str, page: MapConfig) -> Iterator[Fault]:
    if map_id.casefold() == "index":
        yield Fault((), f"'{map_id}' is the page that lists the maps", "choose another id", "CONFIG_REFERENCE")
    for name in page.layers:
        if name not in atlas.layers:
            yield _unknown(("layers",), "layer", name, atlas.layers)
    for name in _twice(page.layers):
        yield Fault(("layers",), f"'{name}' is there twice", "take one out")
    for name in page.shown or ():
        if name not in page.layers:
            yield _unknown(("shown",), "layer", name, page.layers)
    if page.bounds and not is_box(*page.bounds):
        west, south, east, north = page.bounds
        message = f"bounds {list(page.bounds)} are not [west, south, east, north] in degrees"
        hint = "give two corners, south-west first, between -180 and 180 and between 85 south and 85 north"
        if is_box(east, south, west, north):
            hint = "exchange west and east, or give less than half the world: no more may lie over 180 degrees"
        yield Fault(("bounds",), message, hint, "CONFIG_REFERENCE")
    if page.story and bool(page.story.table) == bool(page.story.steps):
        hint = 'name a table = "story.csv", or write [[' + f"maps.{map_id}.story.steps]]"
        yield Fault(("story",), "a story has either a 'table' or 'steps'", hint, "CONFIG_REFERENCE")


def _layer_faults(atlas: AtlasTable, layer_id: str, layer: LayerConfig) -> Iterator[Fault]:
    if layer.features is None and layer.flows is None:
        message = "neither 'features' nor 'flows' says where its shapes are"
        yield Fault((), message, 'add features = "..."', "CONFIG_REFERENCE")
    for option in ("features", "table"):
        if layer.flows and getattr(layer, option) is not None:
            yield Fault((option,), "flows have their shapes and attributes from their own table", "take this out")
    if layer.flows and layer.flows.nodes not in atlas.layers:
        yield _unknown(("flows", "nodes"), "layer", layer.flows.nodes, atlas.layers)
    elif layer.flows and atlas.layers[layer.flows.nodes].flows:
        message = f"'{layer.flows.nodes}' is made of flows itself"
        yield Fault(("flows", "nodes"), message, "name a layer with features", "CONFIG_REFERENCE")
    if layer.rows == "many" and not layer.table:
        yield Fault(("rows",), "there is no table whose rows these are", 'add table = "...", or take this out')
    if layer.group is not None and layer.group not in atlas.groups:
        yield _unknown(("group",), "group", layer.group, atlas.groups)
    named = {("fields", name): name for name in layer.fields} | {("label",): str(layer.label)}
    for keys, name in named.items():
        if name.startswith("_"):
            message = f'"{name}": columns whose names begin with _ are left out, for what the atlas adds itself'
            yield Fault(keys, message, "rename the column, or take this out")
    for name, field in layer.fields.items():
        for fault in _field_faults(atlas, field):
            yield fault._replace(keys=("fields", name, *fault.keys))
    key = layer.key.table if layer.table or layer.flows else layer.key.features
    if key in layer.fields and layer.fields[key].type not in ("text", "category", "url"):
        message = f"the column is the join key, which stays text, and has the type {layer.fields[key].type}"
        yield Fault(("fields", key), message, "take the type out, or name another column as key")
    for name in date_columns(layer):
        if name in layer.fields and layer.fields[name].type != "date":
            message = f"the column says when, and has the type {layer.fields[name].type}"
            yield Fault(("fields", name), message, 'write type = "date", or name another column under time')
    for option in ("color_by", "shape_by", "dash_by", "size_by", "width_by"):
        by = getattr(layer.style, option)
        known = {*layer.fields, *(layer.series if option == "color_by" else ()), "precision"}
        if by is not None and by not in known:
            hint = did_you_mean(by, known) if known else f"declare it: [layers.{layer_id}.fields.{by}]"
            yield Fault(("style", option), f"there is no field '{by}' in this layer", hint, "CONFIG_REFERENCE")
    yield from style_faults(layer, atlas.categories_of)


def _field_faults(atlas: AtlasTable, field: FieldConfig) -> Iterator[Fault]:
    if isinstance(field.categories, str) and field.categories not in atlas.categories:
        yield _unknown(("categories",), "category set", field.categories, atlas.categories)
    if field.categories and field.type != "category":
        yield Fault(("categories",), f"the type is {field.type}", 'write type = "category", or take this out')
    for option in ("min", "max", "decimals"):
        if getattr(field, option) is not None and field.type not in NUMERIC:
            yield Fault((option,), f"the type is {field.type}", 'write type = "number", or take this out')
    if field.min is not None and field.max is not None and field.min > field.max:
        yield Fault(("min",), f"{field.min:.15g} is more than the maximum {field.max:.15g}", "correct one of the two")


def _unknown(keys: tuple[str, ...], kind: str, name: str, known: Collection[str]) -> Fault:
    hint = did_you_mean(name, known) if known else _HOW_TO_DECLARE.get(kind, "declare one")
    return Fault(keys, f"there is no {kind} '{name}'", hint, "CONFIG_REFERENCE")


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]
