"""TopoJSON of the registry packages: land, rivers, borders as shared arcs, and Crimea apart from its neighbours."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

import antimeridian
import numpy as np
import shapely
from numpy.typing import NDArray

from layers.basemap.inputs import Archive, Inputs

Shape = Any
"""A shapely geometry; the stubs of shapely name no type that has both its bounds and its rings."""

CRIMEA_BOX = (32.0, 44.0, 37.0, 46.5)


class Topology:
    """A TopoJSON file: arcs shared by the shapes of its objects."""

    def __init__(self, inputs: Inputs, archive: Archive, member: str) -> None:
        document = json.loads(inputs.read(archive, f"package/{member}"))
        scale, translate = document["transform"]["scale"], document["transform"]["translate"]
        self._arcs = [np.cumsum(np.array(arc, dtype=float), axis=0) * scale + translate for arc in document["arcs"]]
        self._objects = document["objects"]

    def lines(self, name: str) -> Shape:
        shapes = [shape for shape in self._objects[name]["geometries"] if shape["type"]]
        lines: list[Shape] = [shapely.linestrings(self._join(arcs)) for shape in shapes for arcs in _arc_lists(shape)]
        return shapely.multilinestrings(lines)

    def land(self) -> Shape:
        return shapely.union_all([self._polygons(shape) for shape in self._objects["land"]["geometries"]])

    def crimea(self) -> Shape:
        return shapely.get_geometry(self._polygons({"type": "Polygon", "arcs": self._crimea_arcs()}), 0)

    def borders(self) -> tuple[Shape, Shape]:
        """Give the arcs that two countries share, and apart from them the line between Crimea and Ukraine."""
        owners: dict[int, set[int]] = defaultdict(set)
        for index, country in enumerate(self._objects["countries"]["geometries"]):
            for arc in _flat(country["arcs"]):
                owners[arc if arc >= 0 else ~arc].add(index)
        crimea = {arc if arc >= 0 else ~arc for arc in _flat(self._crimea_arcs())}
        shared = [arc for arc, countries in sorted(owners.items()) if len(countries) > 1]
        lines = [[self._arcs[arc] for arc in shared if (arc in crimea) == inside] for inside in (False, True)]
        settled, isthmus = (
            shapely.line_merge(shapely.multilinestrings([shapely.linestrings(a) for a in b])) for b in lines
        )
        return settled, isthmus

    def _crimea_arcs(self) -> list[list[int]]:
        russia = next(c for c in self._objects["countries"]["geometries"] if c["properties"]["name"] == "Russia")
        box = shapely.box(*CRIMEA_BOX)
        return next(part for part in russia["arcs"] if shapely.contains(box, shapely.linestrings(self._join(part[0]))))

    def _polygons(self, shape: dict[str, Any]) -> Shape:
        parts = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        rings = [[ring for ring in map(self._join, part) if len(ring) > 3] for part in parts]
        polygons = [_cut_at_180(shapely.Polygon(part[0], part[1:])) for part in rings if part]
        return shapely.union_all(shapely.make_valid(np.array(polygons, dtype=object)))

    def _join(self, arcs: list[int]) -> NDArray[np.float64]:
        pieces = [self._arcs[arc] if arc >= 0 else self._arcs[~arc][::-1] for arc in arcs]
        return np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])


def _cut_at_180(polygon: Shape) -> Shape:
    """Cut what the source draws on across 180 degrees as if the map went round."""
    steps = np.abs(np.diff(shapely.get_coordinates(polygon.exterior)[:, 0]))
    return antimeridian.fix_polygon(polygon, fix_winding=True) if steps.max() > 180 else polygon


def _arc_lists(shape: dict[str, Any]) -> list[list[int]]:
    return [shape["arcs"]] if shape["type"] == "LineString" else list(shape["arcs"])


def _flat(arcs: Any) -> list[int]:
    return [arcs] if isinstance(arcs, int) else [arc for part in arcs for arc in _flat(part)]
