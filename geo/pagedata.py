"""One map's data for its page: the JSON head and the blob of docs/format.md, from checked and joined layers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.citations import parse_source
from geo.columns import FORMAT_VERSION, Packer, encode_blob, first_places
from geo.config import Config
from geo.errors import AtlasError
from geo.model import AtlasData, Edtf, LayerData, Step
from geo.routes import geodesic_lines
from geo.schema import FieldConfig, LayerConfig, MapConfig
from geo.style import style_layer
from geo.vertices import POINT, WORLD_UNITS, point_order, spatial_order, web_mercator

VIEW_MARGIN = 0.06
MAX_BLOB_BYTES = 128 * 2**20
"""Of packed data in one page, before compression: some 7 million points of six columns. At 20 MB a tab of Chromium
takes 320 MB of memory, and the text of a page has to fit into one string, of 512 MB in V8.
"""
KIND_NAMES = {0: "point", 1: "line", 2: "line", 3: "polygon", 4: "point", 5: "line", 6: "polygon"}
SPECIAL_TYPES = {"source": "text", "note": "text", "name": "text", "precision": "category"}


class PageSizeError(AtlasError):
    """A map holds more than a browser opens in one page."""


@dataclass(frozen=True)
class PageData:
    """`head` is JSON, `blob` base64 text; `bounds` the first view (west, south, east, north)."""

    head: dict[str, Any]
    blob: str
    bounds: tuple[float, float, float, float]


def pack_map(data: AtlasData, map_id: str) -> PageData:
    """Give one map's head and blob: its layers in drawing order, the geometry each file shares, the sources used.

    Raises
    ------
    PageSizeError
        It is more than MAX_BLOB_BYTES.
    """
    config, page = data.config, data.config.maps[map_id]
    layers = [data.layers[layer_id] for layer_id in page.layers]
    packer = Packer()
    pools, places = _pack_pools(packer, layers)
    order = list(config.layers)
    heads = [
        _pack_layer(packer, config, page, layer, places=places[layer.id], index=order.index(layer.id))
        for layer in layers
    ]
    pool_of = {name: n for n, name in enumerate(dict.fromkeys(_pool_name(layer) for layer in layers))}
    for head, layer in zip(heads, layers, strict=True):
        head["pool"] = pool_of[_pool_name(layer)]
    _check_size(packer.size_bytes, map_id, layers)
    blob, about = encode_blob(packer.blob())
    bounds = first_view(data, map_id)
    head = {
        "format": FORMAT_VERSION,
        "atlas": _atlas_head(config),
        "map": {
            "id": map_id,
            "title": config.text(page.title),
            "description": config.text(page.description),
            "bounds": list(bounds),
        }
        | _story_head(data, map_id),
        "languages": list(config.languages),
        "sources": used_sources(data, map_id),
        "groups": _groups(config, layers),
        "layers": heads,
        "pools": pools,
        "blob": about,
    }
    return PageData(head=head, blob=blob, bounds=bounds)


def _check_size(size_bytes: int, map_id: str, layers: list[LayerData]) -> None:
    if size_bytes <= MAX_BLOB_BYTES:
        return
    features = {layer.id: len(layer.frame) for layer in layers}
    largest = max(features, key=lambda layer_id: features[layer_id])
    raise PageSizeError(
        f'the map "{map_id}" holds {size_bytes / 2**20:,.0f} MB of data, {sum(features.values()):,} features; one page '
        f"takes {MAX_BLOB_BYTES // 2**20} MB. Fix: give its layers to several maps, or leave columns out of their "
        f'tables and vertices out of their shapes; the largest layer is "{largest}" ({features[largest]:,}).'
    )


def first_view(data: AtlasData, map_id: str) -> tuple[float, float, float, float]:
    """Give what a map shows first, (west, south, east, north): its own bounds, or those of its features."""
    page = data.config.maps[map_id]
    return page.bounds or _bounds(data.layers[layer_id] for layer_id in page.layers)


def is_shown(page: MapConfig, layer: LayerData) -> bool:
    """Tell whether a map shows a layer at first."""
    return layer.id in page.shown if page.shown is not None else layer.config.shown


def _story_head(data: AtlasData, map_id: str) -> dict[str, Any]:
    """Give the story of a map as the head has it; nothing where the map has none."""
    story = data.config.maps[map_id].story
    if story is None:
        return {}
    return {"story": {"title": data.config.text(story.title), "steps": list(map(_step_head, data.stories[map_id]))}}


def _step_head(step: Step) -> dict[str, Any]:
    time = [step.time.earliest, step.time.latest] if step.time else None
    parts = {"text": step.text, "view": step.view, "layers": step.layers, "time": time, "selection": step.selection}
    given = {name: part for name, part in (parts | {"source": step.source}).items() if part}
    return {"id": step.id, "title": step.title} | given


def _atlas_head(config: Config) -> dict[str, Any]:
    atlas = config.atlas
    credits = [
        {"title": config.text(c.title), "licence": c.licence, "url": c.url, "note": config.text(c.note)}
        for c in atlas.credits
    ]
    return {
        "title": config.text(atlas.title),
        "edition": atlas.edition.isoformat() if atlas.edition else None,
        "about": config.text(atlas.about),
        "credits": credits,
    }


def _pool_name(layer: LayerData) -> str:
    # Great circles are new geometry: a geodesic layer does not share its file's.
    return f"{layer.pool} geodesic" if layer.config.geodesic else layer.pool


def _pack_pools(packer: Packer, layers: list[LayerData]) -> tuple[list[dict[str, Any]], dict[str, NDArray[np.int64]]]:
    """Pack each file's geometry once. Gives the pools, and for each layer the place of its features in the pool.

    Places are -1 for what is not located. Equal shapes are kept once, in spatial order.
    """
    by_pool: dict[str, list[LayerData]] = {}
    for layer in layers:
        by_pool.setdefault(_pool_name(layer), []).append(layer)
    pools: list[dict[str, Any]] = []
    places: dict[str, NDArray[np.int64]] = {}
    for members in by_pool.values():
        shapes = [_shapes(layer) for layer in members]
        pool, place = _pack_shapes(packer, np.concatenate(shapes))
        pools.append(pool)
        for layer, at in zip(members, np.split(place, np.cumsum([len(s) for s in shapes])[:-1]), strict=True):
            places[layer.id] = at
    return pools, places


def _shapes(layer: LayerData) -> NDArray[np.object_]:
    shapes = np.asarray(layer.frame.geometry.array, dtype=object)
    return geodesic_lines(shapes) if layer.config.geodesic else shapes


def _pack_shapes(packer: Packer, shapes: NDArray[np.object_]) -> tuple[dict[str, Any], NDArray[np.int64]]:
    """Pack the distinct shapes in spatial order. Gives the pool, and the place of each shape in it, -1 for none."""
    place = np.full(len(shapes), -1, dtype=np.int64)
    located = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
    if (shapely.get_type_id(shapes[located]) == POINT).all():
        lon, lat = shapely.get_coordinates(shapes[located]).T
        x, y = web_mercator(lon, lat)
        codes, _ = pd.factorize(x * (2 * WORLD_UNITS) + y)
        first = first_places(codes)
        order = point_order(x[first], y[first])
        pool = packer.points(x[first][order], y[first][order])
    else:
        codes, _ = pd.factorize(pd.Series(shapely.to_wkb(shapes[located]), dtype=object))
        kept = shapes[located][first_places(codes)]
        order = spatial_order(kept)
        pool = packer.geometries(kept[order])
    place[located] = _ranks(order)[codes]
    return pool, place


def _ranks(order: NDArray[np.int64]) -> NDArray[np.int64]:
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.arange(len(order))
    return ranks


def _pack_layer(
    packer: Packer, config: Config, page: MapConfig, layer: LayerData, *, places: NDArray[np.int64], index: int
) -> dict[str, Any]:
    # Features travel in the order of their geometry, so that a tile's features are one range of each column.
    order = np.argsort(np.where(places < 0, np.iinfo(np.int64).max, places), kind="stable")
    at = places[order]
    frame = layer.frame
    styled = style_layer(config, layer, index=index)
    columns: dict[str, Any] = {"_key": packer.texts(frame["_key"], order)}
    if not np.array_equal(at, np.arange(len(at))):
        columns["_geometry"] = packer.integers(at + 1, delta=True)
    columns |= {name: packer.integers(codes[order]) for name, codes in styled.arrays.items()}
    columns |= _pack_lanes(packer, layer, at)
    fields = _fields(config, layer)
    for name in _attribute_columns(layer, fields):
        columns[name] = _pack_column(packer, frame[name], order)
    new_place = _ranks(order)
    return {
        "id": layer.id,
        "title": config.text(layer.config.title),
        "description": config.text(layer.config.description),
        "group": layer.config.group,
        "attribution": config.text(layer.config.attribution),
        "shown": is_shown(page, layer),
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
    languages = config.languages
    special = {*SPECIAL_TYPES, "_key", "geometry", "as_of"}
    time = layer.config.time
    if time:
        special |= {time.from_, time.to}
    key = layer.config.key
    special |= {key.features, key.table} - set(declared)
    translated = {f"{base}_{lang}" for base in layer.frame.columns for lang in languages}
    sources = {f"{base}_source" for base in layer.frame.columns}
    # GeoJSON's own properties are attributes too; pandas may have given a column of both a suffix.
    others = [
        name
        for name in layer.frame.columns
        if name not in declared and name not in special and name not in translated and name not in sources
    ]
    shown = [name for name in declared if name in layer.frame.columns and name not in ("name", "source", "note")]
    return [_field_head(config, name, declared.get(name, FieldConfig())) for name in [*shown, *others]]


def _field_head(config: Config, name: str, field: FieldConfig) -> dict[str, Any]:
    categories = {
        value: {"title": config.text(category.title)}
        | {cue: given for cue in ("color", "shape", "fill") if (given := getattr(category, cue))}
        for value, category in config.categories(field).items()
    }
    head: dict[str, Any] = {
        "id": name,
        "title": config.text(field.title) or {config.languages[0]: name.replace("_", " ")},
        "type": field.type,
        "filter": field.filter,
        "card": field.card,
    }
    optional = {
        "unit": config.text(field.unit),
        "description": config.text(field.description),
        "decimals": field.decimals,
        "min": field.min,
        "max": field.max,
        "categories": categories,
    }
    return head | {name: value for name, value in optional.items() if value not in (None, {})}


def _attribute_columns(layer: LayerData, fields: list[dict[str, Any]]) -> list[str]:
    shown = [field["id"] for field in fields]
    time = layer.config.time
    dates = ["as_of", *((time.from_, time.to) if time else ())]
    wanted = {*shown, *SPECIAL_TYPES, *dates, "geometry"}  # it has a source as a column has
    languages = layer_languages(layer)
    return [
        name
        for name in layer.frame.columns
        if name != "geometry"
        and not name.startswith("_")
        and (
            name in wanted
            or any(name == f"{base}_{lang}" for base in wanted for lang in languages)
            or any(name == f"{base}_source" for base in wanted)
        )
    ]


def layer_languages(layer: LayerData) -> set[str]:
    """The suffixes after the last `_` of the layer's columns: among them the languages of its translations."""
    return {name.rsplit("_", 1)[1] for name in layer.frame.columns if "_" in name.strip("_")}


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


def _pack_lanes(packer: Packer, layer: LayerData, at: NDArray[np.int64]) -> dict[str, Any]:
    """Lanes for lines that share one course: 0 for one, -1 and 1 for two, -1, 0, 1 for three ...; `at` ascends."""
    if _kind(layer) != "line":
        return {}
    is_first = np.diff(at, prepend=-2) != 0
    start = np.flatnonzero(is_first)
    course = np.cumsum(is_first) - 1
    size = np.diff(start, append=len(at))[course]
    lanes = np.arange(len(at)) - start[course] - size // 2
    lanes += (size % 2 == 0) & (lanes >= 0)  # an even number leaves the middle free
    lanes[(size == 1) | (at < 0)] = 0
    return {"_lane": packer.signed_bytes(lanes)} if lanes.any() else {}


def _pack_records(packer: Packer, layer: LayerData, new_place: NDArray[np.int64]) -> dict[str, Any] | None:
    records = layer.records
    if records is None:
        return None
    owner = new_place[records["_feature"].to_numpy(dtype=np.int64)]
    order = np.argsort(owner, kind="stable")  # records of a feature come by date
    columns = {"feature": packer.numbers(owner[order])}
    columns |= {name: _pack_column(packer, records[name], order) for name in records.columns if name[0] != "_"}
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
        "n": len(table),
        "columns": columns,
    }


def _groups(config: Config, layers: Iterable[LayerData]) -> list[dict[str, Any]]:
    ids = dict.fromkeys(layer.config.group for layer in layers if layer.config.group)
    known = config.atlas.groups
    order = sorted(ids, key=lambda group: list(known).index(group) if group in known else len(known))
    return [
        {"id": group, "title": config.text(known[group].title) if group in known else {config.languages[0]: group}}
        for group in order
    ]


def used_sources(data: AtlasData, map_id: str) -> dict[str, Any]:
    """Give the references that a map's features, records, series and story cite, by id in order."""
    layers = [data.layers[layer_id] for layer_id in data.config.maps[map_id].layers]
    cells: set[str] = set()
    for layer in layers:
        tables = [layer.frame, *([] if layer.records is None else [layer.records]), *layer.series.values()]
        for table in tables:
            for name in table.columns:
                if name == "source" or name.endswith("_source"):
                    cells |= {cell for cell in table[name].unique() if isinstance(cell, str)}
    cells |= {step.source for step in data.stories.get(map_id, ()) if step.source}
    used = {reference[0] for cell in cells for reference in parse_source(cell)}
    return {
        source.id: {"citation": source.citation, "url": source.url, "licence": source.licence}
        for source in sorted(data.sources.values(), key=lambda source: source.id)
        if source.id in used
    }


def _bounds(layers: Iterable[LayerData]) -> tuple[float, float, float, float]:
    """The first view where the map names none: all located features, with a margin; the world where there are none."""
    boxes = [layer.frame.total_bounds for layer in layers if layer.frame.geometry.notna().any()]
    if not boxes:
        return (-180.0, -60.0, 180.0, 75.0)
    west, south = np.min(boxes, axis=0)[:2]
    east, north = np.max(boxes, axis=0)[2:]
    pad_x, pad_y = max((east - west) * VIEW_MARGIN, 0.5), max((north - south) * VIEW_MARGIN, 0.5)
    box = (max(west - pad_x, -180), max(south - pad_y, -85), min(east + pad_x, 180), min(north + pad_y, 85))
    return tuple(round(float(side), 4) for side in box)  # type: ignore[return-value]
