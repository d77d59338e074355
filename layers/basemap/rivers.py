"""Rivers that run in their valleys."""

from __future__ import annotations

from shapely import Geometry

from layers.basemap.inputs import Inputs


def follow_valleys(inputs: Inputs, rivers: Geometry) -> Geometry:
    return rivers
