"""What tells the classes of a layer apart beside their colours, as some readers tell no colours apart.

Points get shapes, areas patterns, lines dashes where these do not speak of precision. Patterns and dashes need room:
few lines and areas get them, of few classes. `told_by_colour_alone` says where a reader would be left with the colours.
"""

from __future__ import annotations

import itertools
from typing import Any, NamedTuple

import numpy as np
import shapely

from geo.config.looks import DASHES, FILLS, PRECISIONS, SHAPES
from geo.model import LayerData

Classes = list[dict[str, Any]]

MOST_PATTERNED = 300
"""Of more lines or areas than this most are shorter than a dash, smaller than a pattern, when all of them are seen."""


class _Cue(NamedTuple):
    """Of one kind of geometry: `of_style` and `of_class` are the keys by which an author has chosen for himself."""

    name: str
    choices: tuple[Any, ...]
    of_style: frozenset[str]
    of_class: frozenset[str]


_CUES = {
    0: _Cue("shape", SHAPES, frozenset({"shape", "shape_by"}), frozenset({"shape", "fill"})),
    1: _Cue("dash", DASHES, frozenset({"dash", "dash_by"}), frozenset({"dash", "ends"})),
    2: _Cue("fill", FILLS, frozenset({"fill", "dash", "dash_by"}), frozenset({"fill", "dash"})),
}
"""By the dimension of the geometries."""


def add_cue(layer: LayerData, classes: Classes) -> None:
    """Give classes told apart by colour a cue beside it, unless style or categories have chosen one."""
    cue = _CUES.get(_dimension(layer))
    if cue is None or cue.of_style & layer.config.style.model_fields_set or cue.of_class & set().union(*classes):
        return
    is_few = len(classes) <= len(cue.choices) and len(layer.frame) <= MOST_PATTERNED
    if cue.name == "shape" or (is_few and not (cue.name == "dash" and _is_some_inexact(layer))):
        for entry, choice in zip(classes, itertools.cycle(cue.choices), strict=False):
            entry[cue.name] = list(choice) if isinstance(choice, tuple) else choice


def told_by_colour_alone(layer: LayerData, style: dict[str, Any]) -> str:
    """Say what would help where some classes of a layer, drawn in this STYLE, differ in colour alone; else "".

    Classes of numbers, and categories along a ramp, differ in lightness.
    """
    part, cue = style["color"], _CUES.get(_dimension(layer))
    own = layer.config.style
    if not part or part["kind"] != "category" or isinstance(own.palette, str) or cue is None:
        return ""
    looks = {str([entry.get(name) for name in ("shape", "dash", "fill", "ends")]) for entry in part["classes"]}
    if len(looks) == len(part["classes"]) or getattr(own, f"{cue.name}_by", None) == part["by"]:
        return ""
    return (
        f"{layer.id}: some of the {len(part['classes'])} classes of {part['by']} differ in colour alone: "
        f"give its categories a {' or '.join(sorted(cue.of_class))}"
    )


def _dimension(layer: LayerData) -> int:
    """The one dimension of all geometries, 0 where there are none, -1 where they are mixed."""
    found = np.unique(shapely.get_dimensions(layer.frame.geometry.dropna().array)).tolist() or [0]
    return int(found[0]) if len(found) == 1 else -1


def _is_some_inexact(layer: LayerData) -> bool:
    frame = layer.frame
    return "precision" in frame.columns and bool(frame["precision"].isin(PRECISIONS[1:]).any())
