"""A key to a thumbnail: the looks of a layer's classes, each a small SVG with its legend entry, and of precisions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import shapely

from geo.config.looks import NO_VALUE_COLOUR, PRECISIONS
from geo.config.settings import Config
from geo.index.symbols import CLASSED, Defined, Look, areas_of, look_of, strokes_of, symbol
from geo.model import LayerData
from geo.pack.style import style_layer


def layer_key(name: str, config: Config, layer: LayerData) -> list[tuple[str, dict[str, Any]]]:
    """Give the look and the legend entry of each class that a layer draws, of one without classes its look and {}.

    The parts of the looks are called by `name`.
    """
    styled = style_layer(config, layer)
    is_drawn = layer.frame.geometry.notna().to_numpy()
    kind = layer.frame.geometry.iat[is_drawn.argmax()].geom_type if is_drawn.any() else ""
    entries: list[tuple[dict[str, int], dict[str, Any]]] = []
    for part in CLASSED:
        classes = styled.style[part]
        # One field behind colour and shape (or dash) is one list, its symbols show both.
        if classes and (part == "color" or classes["by"] != (styled.style["color"] or {}).get("by")):
            twins = [other for other in CLASSED if (styled.style[other] or {}).get("by") == classes["by"]]
            found = np.unique(styled.arrays[f"_{part}"][is_drawn])
            # What has no value comes last; with a series the picture shows no classes.
            codes_found = [int(n) for n in sorted(found, key=lambda n: n == 0) if n or classes.get("kind") != "series"]
            entries += [(dict.fromkeys(twins, n), _entry(layer, classes, n)) for n in codes_found]
    base = styled.style["base"]
    swatches: list[tuple[str, dict[str, Any]]] = []
    for codes, entry in entries or ([({}, {})] if kind else []):
        look = look_of(styled, codes, size=6, width=min(base["width"], 4))
        swatches.append((_swatch(f"{name}.{len(swatches)}", kind, look, base["fill_opacity"]), entry))
    return swatches


def _entry(layer: LayerData, classes: dict[str, Any], code: int) -> dict[str, Any]:
    """The legend entry of a class; of numbers their field and the limits that rangeWords() of the page would write."""
    if not code:
        return {"none": True}
    entry: dict[str, Any] = classes["classes"][code - 1]
    if "from" not in entry:
        return entry
    low, high, is_last = entry["from"], entry["to"], code == len(classes["classes"])
    values = layer.frame[classes["by"]].to_numpy(dtype=np.float64)
    known = values[~np.isnan(values)]
    inside = known[(known >= low) & (is_last | (known < high))]
    first, last = math.ceil(low), math.floor(high) if is_last else math.ceil(high) - 1
    if first <= last and (known == np.floor(known)).all():
        return {"by": classes["by"], "limits": sorted({first, last}), "is_below": False}
    return {
        "by": classes["by"],
        "limits": [low] if inside.size and (inside == low).all() else [low, high],
        "is_below": not is_last,
    }


def precision_key(layers: Iterable[LayerData]) -> Iterator[tuple[str, str]]:
    """Give each precision that is not drawn as exact, with how it is drawn: points, lines and areas."""
    frames = [layer.frame for layer in layers if "precision" in layer.frame]
    found = {
        pair
        for frame in frames
        for pair in zip(frame["precision"], shapely.get_dimensions(frame.geometry.to_numpy()), strict=True)
    }
    plain = Look(NO_VALUE_COLOUR, "circle", 6, 2.5, None, "solid", "none", 0)
    for at, precision in enumerate(PRECISIONS[1:], start=1):
        kinds = [kind for n, kind in enumerate(("Point", "LineString", "Polygon")) if (precision, n) in found]
        if kinds:
            yield precision, " ".join(_swatch(precision, kind, plain._replace(precision=at), 0.3) for kind in kinds)


def _swatch(name: str, kind: str, look: Look, fill_opacity: float) -> str:
    defined = Defined(name)
    if kind.endswith("Point"):
        width, drawn = 18, [f'<g transform="translate(9 9)">{symbol(look, look.size)}</g>']
    elif kind.endswith("Polygon"):
        width, drawn = 28, areas_of(look, ['d="M.5 1h27v16h-27Z"'], fill_opacity, 0, defined)
    else:
        width, drawn = 28, strokes_of('d="M1 9h26"', look, "path")
    defs = "".join(defined.parts())
    return f'<svg width="{width}" height="18" aria-hidden="true">{defs}{"".join(drawn)}</svg>'
