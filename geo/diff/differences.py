"""What differs between two atlases: settings, sources, layers, stories, features, attributes, records, values by year.

Input: two checked atlases. Output: `Difference`s in a stable order, old value and new value each with its source.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any, Literal, TypeVar

import shapely
from pyproj import Geod

from geo.config.columns import is_source_column
from geo.model import SOURCE_COLUMNS, AtlasData, Edtf, LayerData, Step

Kind = Literal["added", "removed", "changed"]
What = Literal["setting", "source", "map", "layer", "step", "feature", "record", "value"]

NOT_COMPARED = {"geometry", "_key", "_feature"}
PLACE = "place"  # stands for the geometry among the names of changed fields
LEAST_M = 0.01
AREA = 2
"""Of shapely's dimensions."""
_WGS84 = Geod(ellps="WGS84")
_T = TypeVar("_T")


@dataclass(frozen=True)
class Change:
    """One value, before and after, as text ("" = none), each with the source cell that it rests on."""

    field: str
    old: str
    new: str
    old_source: str = ""
    new_source: str = ""


@dataclass(frozen=True)
class Difference:
    """Something added, removed or changed.

    layer : the layer of a feature or value; "" for all else
    key : of a feature, or the id of what else; a record without id is named by its text, a step after its map
    name : what a reader calls it
    features : (layer, key) of the features that it is about
    changes : its values; of a record or source added or removed, all of them
    """

    what: What
    kind: Kind
    layer: str
    key: str
    name: str = ""
    features: tuple[tuple[str, str], ...] = ()
    changes: tuple[Change, ...] = ()


def compare(old: AtlasData, new: AtlasData) -> list[Difference]:
    """Give everything that differs: settings, sources, maps, layers, stories, then what layers hold, in file order.

    A layer that has another id is the same layer, under the new one.
    """
    ids = {new_id: (Change("id", old_id, new_id),) for new_id, old_id in _old_ids(old, new).items()}
    old = with_new_ids(old, new)
    return [
        *_compare_settings(old, new),
        *_compare_sources(old, new),
        *_compare_names("map", old.config.maps, new.config.maps, {}),
        *_compare_names("layer", old.config.layers, new.config.layers, ids),
        *_compare_steps(old, new),
        *_compare_layers(old.layers, new.layers),
        *_compare_records(old.layers, new.layers),
    ]


def with_new_ids(old: AtlasData, new: AtlasData) -> AtlasData:
    """Give the old atlas with the ids that its layers have in the new one."""
    new_ids = {old_id: new_id for new_id, old_id in _old_ids(old, new).items()}
    if not new_ids:
        return old
    layers = {id_: replace(layer, id=id_) for layer in old.layers.values() for id_ in [new_ids.get(layer.id, layer.id)]}
    tables = {new_ids.get(layer_id, layer_id): table for layer_id, table in old.config.layers.items()}
    atlas = old.config.atlas.model_copy(update={"layers": tables})
    return replace(old, config=replace(old.config, atlas=atlas), layers=layers)


def _old_ids(old: AtlasData, new: AtlasData) -> dict[str, str]:
    """Give the ids that layers had, by their new ones: of the same title or files, and with a feature in common."""
    found: dict[str, str] = {}
    gone = {layer_id: layer for layer_id, layer in old.layers.items() if layer_id not in new.config.layers}
    for layer_id, layer in new.layers.items():
        if layer_id in old.config.layers:
            continue
        for old_id, before in gone.items():
            tables = [(side.config.features, side.config.table) for side in (before, layer)]
            is_called_so = before.config.title == layer.config.title or tables[0] == tables[1]
            if is_called_so and {*before.frame["_key"]} & {*layer.frame["_key"]}:
                found[layer_id] = old_id
                del gone[old_id]
                break
    return found


def _compare_settings(old: AtlasData, new: AtlasData) -> Iterator[Difference]:
    """What atlas.toml says of the atlas as a whole, by key: its texts, category sets, groups, credits."""
    sides = [_settings(atlas.config.atlas, exclude={"layers", "maps"}) for atlas in (old, new)]
    by_key: dict[str, list[Change]] = defaultdict(list)
    for change in _changes(*sides):
        by_key[change.field.partition(".")[0]].append(change)
    for key, changes in by_key.items():
        yield Difference("setting", "changed", "", key, changes=tuple(changes))


def _compare_sources(old: AtlasData, new: AtlasData) -> Iterator[Difference]:
    rows = [
        {
            source.id: {name: getattr(source, name) or "" for name in SOURCE_COLUMNS[1:]}
            for source in atlas.sources.values()
        }
        for atlas in (old, new)
    ]
    for key, kind in _kinds(*rows):
        before, after = (side.get(key, {}) for side in rows)
        if changes := _changes(before, after):
            yield Difference("source", kind, "", key, (after or before)["citation"], changes=changes)


def _compare_names(
    what: What, old: Mapping[str, Any], new: Mapping[str, Any], ids: Mapping[str, tuple[Change, ...]]
) -> Iterator[Difference]:
    """Maps and layers with their settings as atlas.toml has them, `style.color` and the like; `ids`: those changed."""
    for key, kind in _kinds(old, new):
        sides = old.get(key), new.get(key)
        # The steps of a story are compared as such, wherever they are written.
        before, after = ({} if side is None else _settings(side, exclude={"story": {"steps"}}) for side in sides)
        if kind != "changed":
            yield Difference(what, kind, "", key, _title(new.get(key) or old[key]))
        elif changes := (*ids.get(key, ()), *_changes(before, after)):
            yield Difference(what, kind, "", key, _title(new[key]), changes=changes)


def _settings(table: Any, *, exclude: Any) -> dict[str, str]:
    return _flat(table.model_dump(mode="json", by_alias=True, exclude=exclude))


def _flat(table: Mapping[str, Any]) -> dict[str, str]:
    """Give the values of a table of tables as text, by their paths."""
    found: dict[str, str] = {}

    def walk(value: Any, path: tuple[str, ...]) -> None:
        if isinstance(value, list) and any(isinstance(item, dict) for item in value):
            value = {str(number): item for number, item in enumerate(value, start=1)}
        if isinstance(value, dict):
            for name, inner in value.items():
                walk(inner, (*path, str(name)) if name else path)
        elif value is not None:
            listed = isinstance(value, list | tuple)
            found[".".join(path)] = ", ".join(map(as_text, value)) if listed else as_text(value)

    walk(table, ())
    return found


def _title(table: Any) -> str:
    return str(next(iter(table.title.values()), ""))


def _compare_steps(old: AtlasData, new: AtlasData) -> Iterator[Difference]:
    """The steps of stories by map and id, with what each says and shows."""
    before, after = (
        {f"{map_id}: {step.id}": step for map_id, steps in atlas.stories.items() for step in steps}
        for atlas in (old, new)
    )
    for key, kind in _kinds(before, after):
        pair = before.get(key), after.get(key)
        step = pair[1] or pair[0]
        if changes := _changes(*map(_said_in, pair)):
            yield Difference("step", kind, "", key, _title(step), changes=changes)


def _said_in(step: Step | None) -> dict[str, str]:
    if step is None:
        return {}
    said = {name: getattr(step, name) for name in ("title", "text", "view", "layers", "selection", "source")}
    return _flat(said | {"time": step.time and step.time.text})


def _compare_layers(old: Mapping[str, LayerData], new: Mapping[str, LayerData]) -> Iterator[Difference]:
    for layer_id, _ in _kinds(old, new):
        before, after = old.get(layer_id), new.get(layer_id)
        yield from _compare_features(layer_id, before, after)
        yield from _compare_series(layer_id, before, after)


def _compare_features(layer_id: str, old: LayerData | None, new: LayerData | None) -> Iterator[Difference]:
    for key, (before, after) in _pairs(_features(old), _features(new)):
        values = [{} if feature is None else feature.values for feature in (before, after)]
        changes = _changes(*values, places=_move(before, after))
        kind = _kind(before, after)
        if kind != "changed" or changes:
            name = (values[1] or values[0]).get("name", "")
            yield Difference("feature", kind, layer_id, key, name, ((layer_id, key),), changes)


@dataclass(frozen=True)
class _Feature:
    values: dict[str, str]
    shape: Any


def _features(layer: LayerData | None) -> dict[str, list[_Feature]]:
    """The features by key; several of one key where a feature may have many rows."""
    found: dict[str, list[_Feature]] = defaultdict(list)
    if layer is None:
        return found
    columns = {name: list(map(as_text, layer.frame[name])) for name in layer.frame.columns if name not in NOT_COMPARED}
    rows = zip(*columns.values(), strict=True) if columns else ([()] * len(layer.frame))
    for key, shape, cells in zip(layer.frame["_key"], layer.frame.geometry, rows, strict=True):
        found[key].append(_Feature(dict(zip(columns, cells, strict=True)), shape))
    return found


def _pairs(
    old: Mapping[str, list[_T]], new: Mapping[str, list[_T]]
) -> Iterator[tuple[str, tuple[_T | None, _T | None]]]:
    """Pair the features or records of each key: equal ones first, what is left in order."""
    for key, _ in _kinds(old, new):
        before, after = list(old.get(key, ())), list(new.get(key, ()))
        for one in list(before):
            if one in after:
                before.remove(one)
                after.remove(one)
        for pair in zip_longest(before, after):
            yield key, pair


def _move(old: _Feature | None, new: _Feature | None) -> tuple[str, str] | None:
    """Say how the geometry differs; None where it does not."""
    if old is None or new is None or old.shape == new.shape:
        return None
    if old.shape is None or new.shape is None or shapely.get_dimensions(old.shape) != shapely.get_dimensions(new.shape):
        return _where(old.shape), _where(new.shape)
    return _where(old.shape), f"{_where(new.shape)} ({_way(old.shape, new.shape)})"


def _way(old: Any, new: Any) -> str:
    """Say how far a geometry moved: of positions that one of the two lacks, the farthest from its outline."""
    before, after = ({*map(tuple, shapely.get_coordinates(shape))} for shape in (old, new))
    if before == after:
        return "the same positions in another order"
    metres = max(_farthest_m(before - after, new), _farthest_m(after - before, old))
    if metres < LEAST_M:
        return f"moved by less than {LEAST_M} m"
    said = f"{metres / 1000:,.1f} km" if metres >= 1000 else f"{metres:.0f} m" if metres >= 10 else f"{metres:.2f} m"
    return f"moved {said}" if new.geom_type == "Point" else f"moved by up to {said}"


def _farthest_m(positions: set[tuple[float, ...]], other: Any) -> float:
    """How far some positions lie from the outline of a geometry at most; 0 for none."""
    if not positions:
        return 0.0
    outline = other.boundary if shapely.get_dimensions(other) == AREA else other
    ways = shapely.shortest_line(shapely.points(sorted(positions)), outline)
    return float(_WGS84.inv(*shapely.get_coordinates(ways).reshape(-1, 4).T)[2].max())


def _where(shape: Any) -> str:
    if shape is None:
        return "not located"
    if shape.geom_type == "Point":
        return f"{shape.x:.10g}, {shape.y:.10g}"
    return f"{shape.geom_type} of {shapely.get_num_coordinates(shape)} positions"


def _compare_series(layer_id: str, old: LayerData | None, new: LayerData | None) -> Iterator[Difference]:
    before, after = _series(old), _series(new)
    for series_id, key, year in dict(_kinds(before, after)):
        pair = before.get((series_id, key, year), ("", "")), after.get((series_id, key, year), ("", ""))
        if pair[0] != pair[1]:
            kind: Kind = "added" if not pair[0][0] else "removed" if not pair[1][0] else "changed"
            change = Change(f"{series_id} {year}", pair[0][0], pair[1][0], pair[0][1], pair[1][1])
            yield Difference("value", kind, layer_id, key, features=((layer_id, key),), changes=(change,))


def _series(layer: LayerData | None) -> dict[tuple[str, str, int], tuple[str, str]]:
    """Value and source by series, key and year."""
    found: dict[tuple[str, str, int], tuple[str, str]] = {}
    if layer is None:
        return found
    keys = layer.frame["_key"]
    for series_id, table in layer.series.items():
        for row in table.itertuples(index=False):
            found[series_id, keys[row[0]], int(row[1])] = (as_text(row[2]), row[3] or "")
    return found


def _compare_records(old: Mapping[str, LayerData], new: Mapping[str, LayerData]) -> Iterator[Difference]:
    for key, (before, after) in _pairs(_records(old), _records(new)):
        values = [{} if record is None else record.values for record in (before, after)]
        if (record := after or before) and (changes := _changes(*values)):
            name = record.values.get("text", "") or record.values.get("value", "")
            yield Difference("record", _kind(before, after), "", key, name, tuple(record.features), changes)


@dataclass(frozen=True)
class _Record:
    values: dict[str, str]
    features: list[tuple[str, str]] = field(compare=False)


def _records(layers: Mapping[str, LayerData]) -> dict[str, list[_Record]]:
    """The records by id, or by what they say where they have none, with the features that they are about.

    Without id several may say the same, with another date or source; rows of the layers' frames that
    agree in all are one record.
    """
    by_cells: dict[tuple[str, ...], _Record] = {}
    found: dict[str, list[_Record]] = defaultdict(list)
    for layer in layers.values():
        if layer.records is None:
            continue
        names = [name for name in layer.records.columns if name not in NOT_COMPARED]
        columns = [list(map(as_text, layer.records[name])) for name in names]
        for owner, cells in zip(layer.records["_feature"], zip(*columns, strict=True), strict=True):
            if cells not in by_cells:
                values = dict(zip(names, cells, strict=True))
                key = values["id"] or values["text"] or values["value"]
                by_cells[cells] = _Record(values, [])
                found[key].append(by_cells[cells])
            by_cells[cells].features.append((layer.id, layer.frame["_key"].iloc[owner]))
    for record in by_cells.values():
        record.values["features"] = ", ".join(dict.fromkeys(key for _, key in record.features))
    return found


def _changes(
    old: Mapping[str, str], new: Mapping[str, str], *, places: tuple[str, str] | None = None
) -> tuple[Change, ...]:
    """Give the values that differ, with the sources that they rest on."""
    names = [*dict.fromkeys([*new, *old])]
    found = [Change(PLACE, *places, _source(old, "geometry"), _source(new, "geometry"))] if places else []
    for name in names:
        pair = old.get(name, ""), new.get(name, "")
        if pair[0] != pair[1]:
            found.append(Change(name, *pair, _source(old, name), _source(new, name)))
    # A value that changed names its source before and after: that this changed too need not be said again.
    told = {f"{change.field}_source" for change in found}
    return tuple(change for change in found if change.field not in told)


def _source(values: Mapping[str, str], field: str) -> str:
    """The source cell that a value rests on: its own, or the row's."""
    return "" if is_source_column(field) else values.get(f"{field}_source") or values.get("source", "")


def _kind(old: object, new: object) -> Kind:
    return "added" if old is None else "removed" if new is None else "changed"


def _kinds(old: Iterable[Any], new: Iterable[Any]) -> list[tuple[Any, Kind]]:
    """Give the keys of both sides, the new order first: added, changed (perhaps) or removed."""
    before, after = dict.fromkeys(old), dict.fromkeys(new)
    here: list[tuple[Any, Kind]] = [(key, "changed" if key in before else "added") for key in after]
    return here + [(key, "removed") for key in before if key not in after]


def as_text(value: Any) -> str:
    """Give a cell as the table would have it."""
    if isinstance(value, str):
        return value
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, Edtf):
        return value.text
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.15g}" if isinstance(value, float) else str(value)
