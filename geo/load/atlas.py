"""An atlas folder to `AtlasData`: read every file once, check it, join it, and stop with all problems of the run.

Input: `Config`. Output: layers as geopandas frames, with their records and series. The only stage that knows the whole
folder.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.check.cells import as_written, is_written
from geo.check.citations import check_sources
from geo.check.fields import check_bounds, check_fields, check_sizes
from geo.check.headers import check_attributes
from geo.check.periods import check_overlaps
from geo.check.typed import typed_columns
from geo.check.values import Checker, Values
from geo.config.schema import Key, LayerConfig
from geo.config.settings import Config, read_config
from geo.errors import ConfigError, DataError
from geo.load.flows import make_flows
from geo.load.folder import Folder
from geo.load.join import Joined, feature_keys, join_attributes, meant_keys, repeated_features
from geo.load.records import check_statement_columns, read_records, read_series, year_columns
from geo.load.references import References, check_references
from geo.load.sources import read_sources
from geo.load.story import read_story
from geo.model import AtlasData, Counts, LayerData, Source, Step, Tell
from geo.problems import in_order
from geo.read.features import Features
from geo.read.tables import Table


def load_atlas(
    atlas: Config | str | os.PathLike[str], layers: Collection[str] | None = None, tell: Tell = lambda *_: None
) -> AtlasData:
    """Give the layers of an atlas, read, checked and joined.

    Parameters
    ----------
    atlas : the atlas folder, or its `Config` where that is read already
    layers : the ids to load (with the node layers that their flows need); default all
    tell : is told how far reading is, for a progress bar

    Raises
    ------
    DataError
        with every problem of the run, warnings among them, where one is an error; of atlas.toml as `read_config`.
    EnvironmentFailure
        Where the system does not let us read a file.
    ConfigError
        A layer that is not in the atlas.
    """
    config = atlas if isinstance(atlas, Config) else read_config(atlas)
    folder = Folder(config, tell)
    loaded: dict[str, LayerData] = {}
    with _no_garbage_collection():
        sources = read_sources(folder)
        wanted = _in_loading_order(config, layers)
        for layer_id in wanted:
            layer = _load_layer(folder, sources, layer_id, loaded)
            if layer is not None:
                loaded[layer_id] = layer
        _add_statements(folder, sources, loaded)
        stories = _read_stories(folder, sources, loaded, wanted=wanted)
        if loaded.keys() == config.layers.keys():
            folder.problems += check_references(folder.references, loaded)
    problems = in_order(folder.problems)
    if any(problem.severity == "error" for problem in problems):
        raise DataError(problems)
    return AtlasData(
        config=config,
        sources=sources or {},
        layers={layer_id: loaded[layer_id] for layer_id in config.layers if layer_id in loaded},
        stories=stories,
        problems=tuple(problems),
        inputs=dict(sorted(folder.inputs.items())),
    )


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Keep Python from looking for cycles among millions of new objects: that took 4 of 5 seconds of the parsing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.freeze()  # into the oldest generation at once, unlooked at
            gc.enable()
            gc.unfreeze()


def _in_loading_order(config: Config, layers: Collection[str] | None) -> list[str]:
    """Give the layers to load, those that flows take their nodes from before these."""
    if isinstance(layers, str):
        raise TypeError(f"layers are asked for by a list of ids, [{layers!r}], not by {layers!r}")
    for layer_id in layers or ():
        if layer_id not in config.layers:
            raise ConfigError(f"there is no layer {str(layer_id)!r}. Fix: choose of {', '.join(config.layers)}.")
    wanted = [layer_id for layer_id in config.layers if layers is None or layer_id in layers]
    nodes = [flows.nodes for layer_id in wanted if (flows := config.layers[layer_id].flows)]
    return list(dict.fromkeys([*(n for n in nodes if n in config.layers), *wanted]))


def _load_layer(
    folder: Folder, sources: Mapping[str, Source] | None, layer_id: str, loaded: Mapping[str, LayerData]
) -> LayerData | None:
    config = folder.config
    layer = config.layers[layer_id]
    before = len(folder.problems)
    at = ("layers", layer_id)
    if layer.flows:
        table = folder.table(layer.flows.table, *at, "flows", "table")
        nodes = loaded.get(layer.flows.nodes)
        if table is None or nodes is None:
            return None
        features, table, flow_problems = make_flows(table, layer, nodes)
        folder.problems += flow_problems
        name = layer.flows.table
    else:
        assert layer.features is not None, "config has checked that a layer has features or flows"
        name = layer.features
        read = folder.features(name, *at, "features")
        table = folder.table(layer.table, *at, "table") if layer.table else None
        if read is None and table is not None:
            _type_rows(folder, sources, layer, table)  # for its problems: they need not wait for those of the features
        if read is None or (layer.table and table is None):
            return None
        features = read
    frame, lost = _join_layer(folder, sources, layer_id, features, table)
    has_keys = layer.key.features in features.properties or (table is not None and layer.key.table in table.columns)
    if len(features) and not has_keys and frame["_key"].isna().all():
        return None  # the key is missing, which has been said: what names features may be right or wrong
    counts = Counts(
        features=len(features),
        rows=len(table) if table is not None else 0,
        matched=len(frame),
        located=int(frame.geometry.notna().sum()),
        problems=len(folder.problems) - before,
    )
    return LayerData(layer_id, layer, frame, None, {}, name, counts, lost)


def _join_layer(
    folder: Folder,
    sources: Mapping[str, Source] | None,
    layer_id: str,
    features: Features,
    table: Table | None,
) -> tuple[gpd.GeoDataFrame, frozenset[str]]:
    """Give the frame of a layer, matched features with their properties and the columns of its table, and lost keys."""
    config, layer = folder.config, folder.config.layers[layer_id]
    required = config.atlas.require_sources
    columns: dict[str, Values] = {}
    if table is None:
        keys, at = _own_keys(folder, layer, features)
        lost = features.refused | meant_keys(features, layer.key.features)
    else:
        joined = join_attributes(features, table, key=layer.key, rows=layer.rows, unmatched=layer.unmatched)
        folder.problems += joined.problems
        _check_doubles(folder, features, table, joined, layer.key)
        at, lost = joined.features, joined.lost
        typed, row_names = _type_rows(folder, sources, layer, table)
        columns = {name: values[joined.rows] for name, values in typed.items()}
        keys = row_names[joined.rows]
    own = Checker(features, at)
    kept = {name: [cells[i] for i in at] for name, cells in features.properties.items() if name not in columns}
    check_attributes(own, kept, config, layer, key=layer.key.features, beside=columns, severity="warning")
    properties = typed_columns(own, kept, config, layer, key=layer.key.features)
    folder.references += _references(own, layer, properties)
    check_sources(own, properties, sources, required=required and table is None, keys=keys)
    shapes = features.geometry[at]
    if layer.unlocated == "error":
        for row in np.flatnonzero(shapes == None):  # noqa: E711  element by element
            if int(at[row]) not in features.flawed:
                hint = 'give it coordinates, or set unlocated = "allow" in atlas.toml'
                own.report("GEOMETRY_NULL", int(row), None, "the geometry is null", hint)
    folder.problems += own.problems
    columns = properties | columns
    files = dict.fromkeys([features.path] if table is None else [table.path, features.path])
    folder.problems += check_fields(config, layer_id, columns, where=" and ".join(files))
    folder.problems += check_sizes(config, layer_id, shapes)
    return _frame(columns, keys, shapes), lost


def _type_rows(
    folder: Folder, sources: Mapping[str, Source] | None, layer: LayerConfig, table: Table
) -> tuple[dict[str, Values], Values]:
    """Give the columns of a layer's table by their declared type, and what each row is about."""
    rows = Checker(table)
    of_series = {
        name
        for series in layer.series.values()
        if series.table == layer.table
        for name in year_columns(table.columns, series)
    }
    columns = {name: cells for name, cells in table.columns.items() if name in layer.fields or name not in of_series}
    check_attributes(rows, columns, folder.config, layer, key=layer.key.table)
    typed = typed_columns(rows, columns, folder.config, layer, key=layer.key.table)
    folder.references += _references(rows, layer, typed)
    names = typed.get(layer.key.table, np.arange(1, len(table) + 1).astype(object))
    if layer.rows == "many" and layer.time and layer.overlaps == "warn":
        check_overlaps(rows, typed, layer.time.from_, layer.time.to, keys=names)
    check_sources(rows, typed, sources, required=folder.config.atlas.require_sources, keys=names)
    folder.problems += rows.problems
    return typed, names


def _references(rows: Checker, layer: LayerConfig, typed: Mapping[str, Values]) -> list[References]:
    """Give the cells that name other features, to be checked once all layers are there."""
    fields = (name for name, field in layer.fields.items() if field.type == "feature" and name in typed)
    return [References(rows, name, typed[name]) for name in fields]


def _own_keys(folder: Folder, layer: LayerConfig, features: Features) -> tuple[Values, Any]:
    """Give keys and positions of a layer without table: by its key property, else by the number of the feature."""
    everything = np.arange(len(features), dtype=np.intp)
    if layer.key.features not in features.properties and not layer.records and not layer.series:
        return features.numbers.astype(str).astype(object), everything
    keys, problems = feature_keys(features, layer.key.features)
    folder.problems += [*problems, *repeated_features(features, keys, layer.key.features)]
    values = np.empty(len(keys), dtype=object)
    values[:] = keys
    return values, everything


def _check_doubles(folder: Folder, features: Features, table: Table, joined: Joined, key: Key) -> None:
    """Report properties that a column of the table hides although they say something else."""
    for name in sorted(features.properties.keys() & table.columns.keys() - {key.features}):
        hidden, shown = features.properties[name], table.columns[name]
        pairs = zip(joined.features, joined.rows, strict=True)
        for feature, row in pairs:
            if hidden[feature] not in (None, "") and not is_written(hidden[feature], shown[row]):
                checker = Checker(features)
                message = f"{as_written(hidden[feature])} gives way to {shown[row]!r} of {table.path}"
                hint = f'take "{name}" out of the properties of all features'
                checker.report("JOIN_COLUMN", int(feature), name, message, hint, severity="warning")
                folder.problems += checker.problems
                break


def _frame(columns: Mapping[str, Values], keys: Values, shapes: Values) -> gpd.GeoDataFrame:
    # dtype=object: left to itself pandas would turn text into its own string type.
    data = {name: pd.Series(values, dtype=values.dtype) for name, values in columns.items()}
    data["_key"] = pd.Series(keys, dtype=object)
    # Among the others from the start: put into a frame of a hundred columns, one each, pandas warns that this is slow.
    data["geometry"] = pd.Series(gpd.array.GeometryArray(shapes, crs="EPSG:4326"))
    return gpd.GeoDataFrame(pd.DataFrame(data, copy=False), geometry="geometry", copy=False)


def _add_statements(
    folder: Folder,
    sources: Mapping[str, Source] | None,
    loaded: dict[str, LayerData],
) -> None:
    """Give the loaded layers their records and series."""
    config = folder.config
    required = config.atlas.require_sources
    users: dict[tuple[str, str], list[str]] = {}
    for layer_id, layer in config.layers.items():
        if layer.records:
            users.setdefault((layer.records.table, layer.records.key), []).append(layer_id)
    for (name, key), layer_ids in users.items():
        present = [loaded[layer_id] for layer_id in layer_ids if layer_id in loaded]
        if not present:
            continue
        table = folder.table(name, "layers", present[0].id, "records", "table")
        if table is not None:
            is_complete = len(present) == len(layer_ids)
            frames, problems = read_records(
                table, key, present, sources=sources, require_sources=required, is_complete=is_complete
            )
            folder.problems += problems
            if frames:
                folder.problems += check_statement_columns(table, config)
            for layer_id, frame in frames.items():
                loaded[layer_id] = replace(loaded[layer_id], records=frame)
    for layer_id, data in list(loaded.items()):
        for series_id, series in data.config.series.items():
            table = folder.table(series.table, "layers", layer_id, "series", series_id, "table")
            if table is not None:
                values, problems = read_series(table, series, data, sources=sources, require_sources=required)
                folder.problems += problems
                if values is not None:
                    folder.problems += check_statement_columns(table, config)
                    if data.config.style.bounds and data.config.style.color_by == series_id:
                        folder.problems += check_bounds(config, layer_id, values["value"].to_numpy(dtype=np.float64))
                    known = loaded[layer_id]
                    loaded[layer_id] = replace(known, series={**known.series, series_id: values})


def _read_stories(
    folder: Folder, sources: Mapping[str, Source] | None, loaded: Mapping[str, LayerData], *, wanted: Collection[str]
) -> dict[str, tuple[Step, ...]]:
    """Give the steps of each map that has a story and whose layers are all wanted."""
    stories: dict[str, tuple[Step, ...]] = {}
    for map_id, page in folder.config.maps.items():
        if page.story and {*wanted} >= {*page.layers}:
            table = None
            if page.story.table:
                table = folder.table(page.story.table, "maps", map_id, "story", "table")
                if table is None:
                    continue
            layers = {layer_id: loaded[layer_id] for layer_id in page.layers if layer_id in loaded}
            stories[map_id], problems = read_story(folder.config, map_id, table, layers, sources=sources)
            folder.problems += problems
    return stories
