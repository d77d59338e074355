"""What tells classes apart beside their colours: some readers see few of these, and some prints have none.

Input: a layer and its classes of colours. Output: the classes with shapes or textures, or which of them lack a cue.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely

from geo.config.looks import SHAPES, TEXTURES
from geo.model import LayerData
from geo.pack.classes import Codes, turns_of

Classes = list[dict[str, Any]]

CUES = (("shape", "fill"), ("dash", "ends"), ("fill", "dash"))
"""What tells apart points, lines and areas where an author gives it to their categories."""


def with_cues(layer: LayerData, kind: str, classes: Classes, codes: Codes) -> dict[str, Any]:
    """Give classes, and what has no value, a second cue, unless the author has chosen any.

    The steps of a ramp are told by their lightness; where it turns, as a diverging one does, what follows gets a cue.
    """
    part: dict[str, Any] = {"kind": kind, "classes": classes}
    if cues := _free_cues(layer, classes):
        is_ramp = kind != "category" or (isinstance(layer.config.style.palette, str) and "texture" in cues[1])
        places = turns_of([entry["color"] for entry in classes]) if is_ramp else list(range(len(classes)))
        for entry, place in zip(classes, places, strict=True):
            entry.update(cues[place % len(cues)])
        if kind == "series" or (codes == 0).any():
            part["none"] = cues[(max(places, default=0) + 1) % len(cues)]
    return part


def _free_cues(layer: LayerData, classes: Classes) -> Classes:
    """Give shapes for points, else textures, plain first; none where the style or a class has a cue of its own."""
    style, dimension = layer.config.style, _dimension(layer)
    has_own = any(cue in entry for cue in CUES[dimension] for entry in classes)
    if not dimension:
        shapes: Classes = [{}, *({"shape": shape} for shape in SHAPES[1:])]
        has_own |= not style.model_fields_set.isdisjoint({"shape", "shape_by"})
        return [] if has_own else [*shapes, *(shape | {"fill": "dots"} for shape in shapes)]
    has_own |= style.color_by in (style.dash_by, "precision")  # which has dashes of its own
    has_own |= dimension == 2 and "fill" in style.model_fields_set
    return [] if has_own else [{"texture": n} if n else {} for n in range(TEXTURES)]


def _dimension(layer: LayerData) -> int:
    """0 of points alone, 1 of lines, 2 where there are areas."""
    return int(shapely.get_dimensions(np.asarray(layer.frame.geometry.array, dtype=object)).max(initial=0))


def first_alike(layer: LayerData, style: Mapping[str, Any], codes: Codes) -> tuple[str, str, str] | None:
    """Give two categories on the map that differ in colour alone, as the author chose a cue, and what would tell them.

    `style`, `codes` : the STYLE of the layer, and the class of colour of each feature
    """
    part, dimension = style["color"], _dimension(layer)
    twin = style["dash" if dimension else "shape"]
    if part["kind"] != "category" or isinstance(layer.config.style.palette, str) or part["by"] == "precision":
        return None
    first: dict[str, dict[str, Any]] = {}
    for code in np.unique(codes[layer.frame.geometry.notna().to_numpy() & (codes > 0)]):
        entry = part["classes"][code - 1]
        cues = [entry.get(cue, style["base"].get(cue)) for cue in (*CUES[dimension], "texture")]
        other = first.setdefault(repr([cues, twin and twin["by"] == part["by"] and code]), entry)
        if other["color"] != entry["color"] and "value" in entry:
            return other["value"], entry["value"], " or ".join(CUES[dimension])
    return None
