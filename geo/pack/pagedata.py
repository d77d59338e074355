"""One map's data for its page: the JSON head and the blob of docs/format.md, from checked and joined layers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.check.citations import citations_in
from geo.config.boxes import MAX_LATITUDE, unrolled
from geo.config.columns import is_source_column
from geo.config.settings import Config
from geo.coordinates.mercator import WORLD_UNITS, web_mercator
from geo.errors import AtlasError
from geo.format import json_text
from geo.model import SOURCE_COLUMNS, AtlasData, LayerData, Source, Step
from geo.pack.columns import FORMAT_VERSION, Packer, encode_blob, first_places
from geo.pack.layerdata import pack_layer, ranks
from geo.pack.routes import drawn_shapes
from geo.pack.vertices import POINT, point_order, spatial_order

VIEW_MARGIN = 0.06
MAX_BLOB_BYTES = 128 * 2**20
"""Of packed data in one page, before compression: some 7 million points of six columns. At 20 MB a tab of Chromium
takes 320 MB of memory, and the text of a page has to fit into one string, of 512 MB in V8.
"""


class PageSizeError(AtlasError):
    """A map holds more than a browser opens in one page."""


@dataclass(frozen=True)
class PageData:
    """`head` is JSON, `blob` base64 text, the `layers` in it; `bounds` the first view (west, south, east, north)."""

    head: dict[str, Any]
    layers: list[dict[str, Any]]
    blob: str
    bounds: tuple[float, float, float, float]


def pack_map(data: AtlasData, map_id: str, words: Mapping[str, Any]) -> PageData:
    """Give one map's head and blob: its layers in drawing order, the geometry each file shares, the sources used.

    Parameters
    ----------
    words : the texts of the interface by language, which travel with the data as they are compressed there

    Raises
    ------
    PageSizeError
        It is more than MAX_BLOB_BYTES.
    """
    config, page = data.config, data.config.maps[map_id]
    layers = [data.layers[layer_id] for layer_id in page.layers]
    packer = Packer()
    pools, places = _pack_pools(packer, layers)
    heads = [
        pack_layer(packer, config, layer, places=places[layer.id]) | {"shown": page.opens_with(layer.id, layer.config)}
        for layer in layers
    ]
    pool_of = {name: n for n, name in enumerate(dict.fromkeys(_pool_name(layer) for layer in layers))}
    for head, layer in zip(heads, layers, strict=True):
        head["pool"] = pool_of[_pool_name(layer)]
    sources = _pack_sources(packer, [data.sources[name] for name in used_sources(data, map_id)])
    story = _pack_story(packer, data, map_id)
    packed_layers = _pack_objects(packer, heads)
    atlas = _atlas_head(packer, config)
    packed_words = _pack_objects(packer, [words])
    _check_size(packer.size_bytes, map_id, layers)
    blob, about = encode_blob(packer.blob())
    bounds = first_view(data, map_id)
    head = {
        "format": FORMAT_VERSION,
        "atlas": atlas,
        "map": {
            "id": map_id,
            "title": config.text(page.title),
            "description": config.text(page.description),
            "bounds": list(bounds),
        }
        | story,
        "languages": list(config.languages),
        "words": packed_words,
        "sources": sources,
        "groups": _groups(config, layers),
        "layers": packed_layers,
        "pools": pools,
        "blob": about,
    }
    return PageData(head=head, layers=heads, blob=blob, bounds=bounds)


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
    """Give what a map shows first, (west, south, east, north): its own bounds, or those of its features.

    East is beyond 180 where that lies between.
    """
    page = data.config.maps[map_id]
    if page.bounds is None:
        return view_of(data.layers[layer_id] for layer_id in page.layers)
    return unrolled(*page.bounds)


def _pack_story(packer: Packer, data: AtlasData, map_id: str) -> dict[str, Any]:
    """Pack the steps of a map's story. Gives the head's member about it, none where the map has none."""
    story = data.config.maps[map_id].story
    if story is None:
        return {}
    steps = _pack_objects(packer, list(map(story_step, data.stories[map_id])))
    return {"story": {"title": data.config.text(story.title), "steps": steps}}


def _pack_objects(packer: Packer, objects: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Pack objects as JSON, a text each: in the blob they are compressed with all else."""
    return {"n": len(objects), "columns": {"json": packer.texts(list(map(json_text, objects)))}}


def story_step(step: Step) -> dict[str, Any]:
    """Give a step as the page reads it; what is blank is left out."""
    time = [step.time.earliest, step.time.latest] if step.time else None
    parts = {"text": step.text, "view": step.view, "layers": step.layers, "time": time, "selection": step.selection}
    given = {name: part for name, part in (parts | {"source": step.source}).items() if part}
    return {"id": step.id, "title": step.title} | given


def _atlas_head(packer: Packer, config: Config) -> dict[str, Any]:
    """Give what the page says of the atlas; its long texts are packed."""
    atlas = config.atlas
    credits = [
        {
            "title": config.text(c.title),
            "short": c.short,
            "licence": c.licence,
            "url": c.url,
            "note": config.text(c.note),
        }
        for c in atlas.credits
    ]
    return {
        "title": config.text(atlas.title),
        "edition": atlas.edition.isoformat() if atlas.edition else None,
        "licence": config.text(atlas.licence),
        "told": _pack_objects(packer, [{"about": config.text(atlas.about), "credits": credits}]),
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
        shapes = [drawn_shapes(layer) for layer in members]
        pool, place = _pack_shapes(packer, np.concatenate(shapes))
        pools.append(pool)
        for layer, at in zip(members, np.split(place, np.cumsum([len(s) for s in shapes])[:-1]), strict=True):
            places[layer.id] = at
    return pools, places


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
    place[located] = ranks(order)[codes]
    return pool, place


def _groups(config: Config, layers: Iterable[LayerData]) -> list[dict[str, Any]]:
    used = {layer.config.group for layer in layers}
    groups = config.atlas.groups.items()
    return [{"id": name, "title": config.text(group.title)} for name, group in groups if name in used]


def _pack_sources(packer: Packer, sources: list[Source]) -> dict[str, Any]:
    cells = {name: [getattr(source, name) or "" for source in sources] for name in SOURCE_COLUMNS}
    return {"n": len(sources), "columns": {name: packer.texts(texts) for name, texts in cells.items() if any(texts)}}


def used_sources(data: AtlasData, map_id: str) -> list[str]:
    """Give the ids of the references that a map's features, records, series and story cite, in order."""
    if not data.sources:
        return []  # then cells may hold what is no citation
    layers = [data.layers[layer_id] for layer_id in data.config.maps[map_id].layers]
    cells: set[str] = set()
    for layer in layers:
        tables = [layer.frame, *([] if layer.records is None else [layer.records]), *layer.series.values()]
        for table in tables:
            for name in table.columns:
                if is_source_column(name):
                    cells |= {cell for cell in table[name].unique() if isinstance(cell, str)}
    cells |= {step.source for step in data.stories.get(map_id, ()) if step.source}
    # On a map of changes nothing has checked the cells of one side.
    used = {citation.source for cell in cells for citation in citations_in(cell)}
    return sorted(used & data.sources.keys())


def view_of(layers: Iterable[LayerData]) -> tuple[float, float, float, float]:
    """Give the box around all located features, with a margin; the world where there are none.

    East is beyond 180 where that lies between.
    """
    located = [shapes for shapes in map(drawn_shapes, layers) if not shapely.is_missing(shapes).all()]
    if not located:
        return (-180.0, -60.0, 180.0, 75.0)
    boxes = np.array([shapely.total_bounds(shapes) for shapes in located])
    (west, south), (east, north) = boxes.min(axis=0)[:2], boxes.max(axis=0)[2:]
    if east - west > 180:
        west, east = _around(shapely.bounds(shapely.get_parts(np.concatenate(located))))
    pad_x, pad_y = max((east - west) * VIEW_MARGIN, 0.5), max((north - south) * VIEW_MARGIN, 0.5)
    farthest = 180 if east <= 180 else 360
    # What lies nearer to a pole is drawn at the map's edge.
    south = min(max(south - pad_y, -MAX_LATITUDE), MAX_LATITUDE - 1)
    north = max(min(north + pad_y, MAX_LATITUDE), 1 - MAX_LATITUDE)
    box = (max(west - pad_x, -180), south, min(east + pad_x, farthest), north)
    return tuple(round(float(side), 4) for side in box)  # type: ignore[return-value]


def _around(boxes: NDArray[np.float64]) -> tuple[float, float]:
    """Give west and east of boxes (west, south, east, north), east beyond 180 where half the world is free between."""
    boxes = boxes[np.argsort(boxes[:, 0])]
    reached = np.maximum.accumulate(boxes[:, 2])
    gaps = boxes[1:, 0] - reached[:-1]
    if not len(gaps) or gaps.max() < 180:
        return float(boxes[0, 0]), float(reached[-1])
    widest = int(np.argmax(gaps))
    return float(boxes[widest + 1, 0]), float(reached[widest] + 360)
