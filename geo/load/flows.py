"""Flows: lines made from an origin-destination table over a layer of nodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.check.near import Nearest
from geo.check.values import Checker
from geo.config.schema import LayerConfig
from geo.coordinates.lonlat import long_way
from geo.load.references import keys_of
from geo.model import LayerData
from geo.problems import Problem
from geo.read.features import Features
from geo.read.tables import Table


def make_flows(table: Table, layer: LayerConfig, nodes: LayerData) -> tuple[Features, Table, list[Problem]]:
    """Give one line of two points for each row, from the node that `origin` names to that of `destination`.

    The features and the table given back share the key column: the layer's own where the table has it, else
    `origin-destination`.
    """
    flows = layer.flows
    assert flows is not None, "only layers of flows come here"
    rows = Checker(table)
    places = _places(nodes)
    ends = [table.columns.get(column, [""] * len(table)) for column in (flows.origin, flows.destination)]
    flawed = _check_loops(rows, flows.destination, ends)
    for column in (flows.origin, flows.destination):
        flawed |= _check_end(rows, table, column, layer, nodes, places)
    name = layer.key.table
    columns = table.columns if name in table.columns else {name: _made_keys(rows, name, ends)} | table.columns
    features = Features(
        path=table.path,
        geometry=_lines(rows, ends, places, flawed, is_geodesic=layer.geodesic),
        properties={layer.key.features: list(columns[name])},
        lines=table.lines,
        numbers=table.numbers,
        flawed=frozenset(flawed),
        keys=(layer.key.features,),
    )
    return features, replace(table, columns=columns), rows.problems


def _places(nodes: LayerData) -> dict[str, NDArray[np.float64] | None]:
    """Give longitude and latitude of each node by its key, of an area a point in it; None where it has no geometry."""
    inside = shapely.point_on_surface(nodes.frame.geometry.to_numpy())
    return {
        key: None if point is None else shapely.get_coordinates(point)[0]
        for key, point in zip(nodes.frame["_key"], inside, strict=True)
    }


def _lines(
    rows: Checker,
    ends: Sequence[Sequence[str]],
    places: Mapping[str, NDArray[np.float64] | None],
    flawed: set[int],
    *,
    is_geodesic: bool,
) -> NDArray[np.object_]:
    """Give the line of each row, None where it is flawed or an end has no place."""
    lines = np.full(len(ends[0]), None, dtype=object)
    for row, pair in enumerate(zip(*ends, strict=True)):
        origin, destination = map(places.get, pair)
        if row in flawed or origin is None or destination is None:
            continue
        lines[row] = shapely.LineString([origin, destination])
        if abs(origin[0] - destination[0]) > 180 and not is_geodesic:
            message, _ = long_way(origin, destination)
            rows.report("GEOMETRY_ACROSS", row, None, message, "set geodesic = true in atlas.toml")
    return lines


def _made_keys(rows: Checker, name: str, ends: Sequence[Sequence[str]]) -> list[str]:
    """Give each flow a key of its ends, and report those that an earlier one has."""
    keys = [f"{origin}-{destination}" for origin, destination in zip(*ends, strict=True)]
    first: dict[str, int] = {}
    for row, key in enumerate(keys):
        if first.setdefault(key, row) == row:
            continue
        if all(end[row] for end in ends):  # else it is said that one is blank
            message = f"{rows.rows.subject(first[key])} has the same key of its ends, {key!r}"
            rows.report("ROW_DUPLICATE", row, None, message, f'add a column "{name}" with a key for each row')
        keys[row] = f"{key} {row}"  # else it would be reported as if there were a column of keys
    return keys


def _check_end(
    rows: Checker, table: Table, column: str, layer: LayerConfig, nodes: LayerData, places: Mapping[str, Any]
) -> set[int]:
    """Report what is no node, or a node that may not be without geometry; gives the rows that name it."""
    if not rows.has_columns(table.columns, [column], "add it, or name it in atlas.toml"):
        return set(range(len(table)))
    nearest = Nearest(keys_of(nodes))
    flawed = set()
    for row, node in enumerate(table.columns[column]):
        if node == "":
            rows.report("FLOW_NODE", row, column, f"the {column} is blank", f"write the key of a node of {nodes.pool}")
            flawed.add(row)
        elif node not in places:
            if node not in nodes.lost:
                message, otherwise = f"no node of layer {nodes.id} has the key {node!r}", f"add it to {nodes.pool}"
                rows.report("FLOW_NODE", row, column, message, nearest.hint(node, otherwise))
            flawed.add(row)
        elif places[node] is None and layer.unlocated == "error":
            message = f"the node {node!r} has no geometry"
            rows.report("FLOW_UNLOCATED", row, column, message, 'give it one, or set unlocated = "allow"')
            flawed.add(row)
    return flawed


def _check_loops(rows: Checker, column: str, ends: Sequence[Sequence[str]]) -> set[int]:
    """Report flows that end where they begin; gives their rows."""
    loops = {row: origin for row, (origin, end) in enumerate(zip(*ends, strict=True)) if origin == end != ""}
    for row, node in loops.items():
        rows.report("FLOW_LOOP", row, column, f"origin and destination are both {node!r}", "correct one")
    return set(loops)
