"""Flows: lines made from an origin-destination table over a layer of nodes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely

from geo.check import Checker
from geo.model import LayerData
from geo.near import Nearest
from geo.problems import Problem
from geo.read.features import Features
from geo.read.tables import Table
from geo.schema import LayerConfig


def make_flows(table: Table, layer: LayerConfig, nodes: LayerData) -> tuple[Features, Table, list[Problem]]:
    """Give one line of two points for each row, from the node that `origin` names to that of `destination`.

    The features and the table given back share the key column: the layer's own where the table has it, else
    `origin-destination`.
    """
    flows = layer.flows
    assert flows is not None, "only layers of flows come here"
    rows = Checker(table)
    keys = nodes.frame["_key"]
    places = dict(zip(keys, nodes.frame.geometry, strict=True))
    nearest = Nearest(places)
    ends = []
    for column in (flows.origin, flows.destination):
        cells = table.columns.get(column)
        if cells is None:
            hint = Nearest(table.columns).hint(column, "add it, or name it in atlas.toml")
            rows.report("TABLE_COLUMN", None, None, f'there is no column "{column}"', hint)
            cells = [""] * len(table)
        ends.append(cells)
    shapes = np.full(len(table), None, dtype=object)
    flawed = set()
    for row, pair in enumerate(zip(*ends, strict=True)):
        problems = len(rows.problems)
        for column, node in zip((flows.origin, flows.destination), pair, strict=True):
            if column not in table.columns:
                flawed.add(row)
            elif node not in places:
                message, otherwise = f"no node of layer {nodes.id} has the key {node!r}", f"add it to {nodes.pool}"
                rows.report("FLOW_NODE", row, column, message, nearest.hint(node, otherwise))
            elif places[node] is None and layer.unlocated == "error":
                message = f"the node {node!r} has no geometry"
                rows.report("FLOW_UNLOCATED", row, column, message, 'give it one, or set unlocated = "allow"')
        if pair[0] == pair[1] != "":
            rows.report(
                "FLOW_LOOP", row, flows.destination, f"origin and destination are both {pair[0]!r}", "correct one"
            )
        if len(rows.problems) > problems:
            flawed.add(row)
        elif places.get(pair[0]) is not None and places.get(pair[1]) is not None:
            points = [shapely.get_coordinates(shapely.point_on_surface(places[node]))[0] for node in pair]
            shapes[row] = shapely.LineString(points)
    name = layer.key.table
    if name in table.columns:
        columns = table.columns
    else:
        columns = {name: [f"{a}-{b}" for a, b in zip(*ends, strict=True)]} | table.columns
    features = Features(
        path=table.path,
        geometry=shapes,
        properties={layer.key.features: list(columns[name])},
        lines=table.lines,
        numbers=table.numbers,
        flawed=frozenset(flawed),
        refused=frozenset(),
        keys=(layer.key.features,),
        problems=(),
    )
    return features, replace(table, columns=columns), rows.problems
