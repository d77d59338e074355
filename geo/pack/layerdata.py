"""One layer's data for a page: its part of the JSON head, and its columns, records and series in the blob."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.config.columns import TEXT_COLUMNS, date_columns, translated
from geo.config.schema import FieldConfig, LayerConfig
from geo.config.settings import Config
from geo.model import Edtf, LayerData
from geo.pack.columns import Packer
from geo.pack.lanes import pack_lanes
from geo.pack.style import style_layer

KIND_NAMES = {0: "point", 1: "line", 2: "line", 3: "polygon", 4: "point", 5: "line", 6: "polygon"}


def ranks(order: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give each place of `order` the rank that it has there."""
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.arange(len(order))
    return ranks


def pack_layer(packer: Packer, config: Config, layer: LayerData, *, places: NDArray[np.int64]) -> dict[str, Any]:
    """Pack a layer's columns, records and series, and give its part of the head.

    `places` tells where in its pool each feature has its geometry, -1 where it is not located.
    """
    # Features travel in the order of their geometry, so that a tile's features are one range of each column.
    order = np.argsort(np.where(places < 0, np.iinfo(np.int64).max, places), kind="stable")
    at = places[order]
    frame = layer.frame
    styled = style_layer(config, layer)
    columns: dict[str, Any] = {"_key": packer.texts(frame["_key"], order)}
    if not np.array_equal(at, np.arange(len(at))):
        columns["_geometry"] = packer.integers(at + 1, delta=True)
    columns |= {name: packer.integers(codes[order]) for name, codes in styled.arrays.items()}
    columns |= pack_lanes(packer, layer, styled, order)
    fields = _fields(config, layer)
    for name in _attribute_columns(config, layer, fields):
        columns[name] = _pack_column(packer, frame[name], order)
    new_place = ranks(order)
    return {
        "id": layer.id,
        "title": config.text(layer.config.title),
        "description": config.text(layer.config.description),
        "group": layer.config.group,
        "attribution": config.text(layer.config.attribution),
        "kind": _kind(layer),
        "n": len(frame),
        "unlocated": int((places < 0).sum()),
        "label": _label_field(layer.config),
        "fields": fields,
        "time": _time_columns(layer),
        "columns": columns,
        "style": styled.style,
        "records": _pack_records(packer, layer, new_place),
        "series": [
            _pack_series(packer, config, layer, series_id, new_place, styled.series.get(series_id))
            for series_id in layer.series
        ],
        **({"geodesic": True} if layer.config.geodesic else {}),
    }


def _label_field(layer: LayerConfig) -> str | None:
    return "name" if layer.label is True else layer.label or None


def _kind(layer: LayerData) -> str:
    ids = shapely.get_type_id(np.asarray(layer.frame.geometry.array, dtype=object))
    kinds = {KIND_NAMES[int(i)] for i in np.unique(ids) if i >= 0}
    return kinds.pop() if len(kinds) == 1 else "mixed"


def _fields(config: Config, layer: LayerData) -> list[dict[str, Any]]:
    """The attributes that the card and the table show: declared ones in their order, then the table's other columns."""
    declared = layer.config.fields
    special = {*TEXT_COLUMNS, *date_columns(layer.config), "_key", "geometry"}
    keys = {layer.config.key.features, layer.config.key.table} & set(layer.frame.columns)
    # The one side's key may bear the name of another column of the other side.
    special |= {name for name in keys if layer.frame[name].equals(layer.frame["_key"])} - set(declared)
    special |= translated(layer.frame.columns, config.languages)
    special |= {f"{base}_source" for base in layer.frame.columns}
    # GeoJSON's own properties are attributes too.
    others = [name for name in layer.frame.columns if name not in declared and name not in special]
    shown = [name for name in declared if name in layer.frame.columns and name not in ("name", "source", "note")]
    return [_field_head(config, name, declared.get(name, FieldConfig())) for name in [*shown, *others]]


def field_title(config: Config, name: str, field: FieldConfig) -> dict[str, str]:
    """The title of a field per language, without one its name in words."""
    return config.text(field.title) or {config.languages[0]: name.replace("_", " ")}


def _field_head(config: Config, name: str, field: FieldConfig) -> dict[str, Any]:
    categories = {
        value: {"title": config.text(about.title)} for value, about in config.atlas.categories_of(field).items()
    }
    head: dict[str, Any] = {
        "id": name,
        "title": field_title(config, name, field),
        "type": field.type,
        "filter": field.filter,
        "card": field.card,
    }
    optional = {
        "unit": config.text(field.unit),
        "description": config.text(field.description),
        "decimals": field.decimals,
        "categories": categories,
    }
    return head | {name: value for name, value in optional.items() if value not in (None, {})}


def _attribute_columns(config: Config, layer: LayerData, fields: list[dict[str, Any]]) -> list[str]:
    shown = [field["id"] for field in fields]
    wanted = {*shown, *TEXT_COLUMNS, *date_columns(layer.config), "geometry"}  # it has a source as a column has
    forms = wanted | {f"{base}_{ending}" for base in wanted for ending in ("source", *config.languages[1:])}
    return [name for name in layer.frame.columns if name != "geometry" and not name.startswith("_") and name in forms]


def _pack_column(packer: Packer, column: pd.Series[Any], order: NDArray[np.int64]) -> dict[str, Any]:
    if pd.api.types.is_float_dtype(column):
        return packer.numbers(column.to_numpy()[order])
    first = next((value for value in column if value is not None), None)
    if isinstance(first, Edtf):
        return packer.dates(column, order)
    return packer.texts(column, order)


def _time_columns(layer: LayerData) -> dict[str, str] | None:
    """The columns of validity; None = the layer is timeless."""
    time = layer.config.time
    return {"from": time.from_, "to": time.to} if time and {time.from_, time.to} & set(layer.frame.columns) else None


def _pack_records(packer: Packer, layer: LayerData, new_place: NDArray[np.int64]) -> dict[str, Any] | None:
    records = layer.records
    if records is None:
        return None
    owner = new_place[records["_feature"].to_numpy(dtype=np.int64)]
    order = np.argsort(owner, kind="stable")  # records of a feature come by date
    columns = {"feature": packer.numbers(owner[order])}
    # A column of the table by that name is none of what records have, nor shown.
    shown = [name for name in records.columns if name[0] != "_" and name != "feature"]
    columns |= {name: _pack_column(packer, records[name], order) for name in shown}
    return {"n": len(records), "columns": columns}


def _pack_series(
    packer: Packer,
    config: Config,
    layer: LayerData,
    series_id: str,
    new_place: NDArray[np.int64],
    classes: NDArray[np.uint8] | None,
) -> dict[str, Any]:
    table, about = layer.series[series_id], layer.config.series[series_id]
    owner = new_place[table["_feature"].to_numpy(dtype=np.int64)]
    order = np.lexsort((table["time"].to_numpy(), owner))
    columns = {"feature": packer.numbers(owner[order])}
    columns |= {name: packer.numbers(table[name].to_numpy(dtype=np.float64)[order]) for name in ("time", "value")}
    columns["source"] = packer.texts(table["source"], order)
    if classes is not None:
        columns["class"] = packer.numbers(classes[order])
    return {
        "id": series_id,
        "title": config.text(about.title) or {config.languages[0]: series_id},
        "unit": config.text(about.unit),
        **({} if about.decimals is None else {"decimals": about.decimals}),
        "n": len(table),
        "columns": columns,
    }
