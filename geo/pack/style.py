"""Colours, classes, sizes and legend entries of a layer, from its style table and its joined attributes.

Input: `LayerData`. Output: `Styled`: the STYLE object of docs/format.md and one small array per styled property.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.config.looks import DASHES, MOST_PX, NO_VALUE_COLOUR, PRECISIONS, QUALITATIVE, SHAPES
from geo.config.schema import Category, FieldConfig, LayerConfig
from geo.config.settings import Config
from geo.model import AtlasData, LayerData
from geo.pack.classes import Codes, breaks_of, classify, ramp
from geo.pack.columns import cell_text
from geo.pack.cues import Classes, first_alike, with_cues

EIGHTHS = 8
"""Sizes travel in eighths of a pixel."""
NO_VALUE_PART = 0.6
"""What has no number is drawn with this part of the least size or width."""
UNLIKE_PX = 1.5
"""By so much two sizes differ for a reader to see it."""


@dataclass(frozen=True)
class Styled:
    """`style`: STYLE of docs/format.md; `arrays`: `_color`, `_size` ... one item a feature; `series`: classes a row."""

    style: dict[str, Any]
    arrays: dict[str, Codes] = field(default_factory=dict)
    series: dict[str, Codes] = field(default_factory=dict)


def style_layer(config: Config, layer: LayerData) -> Styled:
    """Give each feature of a layer its classes and sizes, and the legend that explains them.

    The layer's place in the atlas picks its colour where the style names none.
    """
    style = layer.config.style
    base = {
        "shape": style.shape,
        "color": _own_colour(config, layer.id),
        "size": style.size,
        "width": style.width,
        "dash": list(style.dash) if style.dash else None,
        "fill": style.fill,
        "opacity": style.opacity,
        "fill_opacity": style.fill_opacity,
        "ends": style.ends,
    }
    out: dict[str, Any] = {"base": base, "color": None, "shape": None, "dash": None, "size": None, "width": None}
    arrays: dict[str, Codes] = {}
    series: dict[str, Codes] = {}
    if style.color_by and style.color_by in layer.series:
        out["color"], series[style.color_by] = _series_colours(layer, style.color_by)
        arrays["_color"] = np.zeros(len(layer.frame), dtype=np.uint8)
    elif style.color_by:
        out["color"], arrays["_color"] = _colours(config, layer, style.color_by)
    for name, choices in (("shape", SHAPES), ("dash", DASHES)):
        if by := getattr(style, f"{name}_by"):
            classes, codes = _categories(config, layer, by, most=len(choices))
            _tell_apart(classes, name, choices)
            out[name], arrays[f"_{name}"] = {"by": by, "classes": classes}, codes
    for name in ("size", "width"):
        if by := getattr(style, f"{name}_by"):
            out[name], arrays[f"_{name}"] = _scale(layer, by, getattr(style, f"{name}_range"), area=name == "size")
    return Styled(style=out, arrays=arrays, series=series)


def find_alike(data: AtlasData) -> Iterator[tuple[str, str, str, str]]:
    """Give the layers whose categories differ in colour alone: the id, two of them, and what would tell them apart."""
    for layer in data.layers.values():
        styled = style_layer(data.config, layer)
        alike = first_alike(layer, styled.style, styled.arrays["_color"]) if styled.style["color"] else None
        if alike:
            yield layer.id, *alike


def pixels_of(styled: Styled, name: str, n: int) -> NDArray[np.float64]:
    """Give the size or width of each of n features in pixels."""
    codes = styled.arrays.get(f"_{name}")
    if codes is None:
        return np.full(n, styled.style["base"][name], dtype=np.float64)
    return np.where(codes, codes / EIGHTHS, styled.style[name].get("no_value", 0))


def _field(layer: LayerConfig, name: str) -> FieldConfig:
    return layer.fields.get(name, FieldConfig())


def _is_numeric(layer: LayerData, by: str) -> bool:
    return by in layer.frame.columns and pd.api.types.is_float_dtype(layer.frame[by])


def _colours(config: Config, layer: LayerData, by: str) -> tuple[dict[str, Any], Codes]:
    style = layer.config.style
    if _is_numeric(layer, by) and style.method != "categories":
        values = layer.frame[by].to_numpy(dtype=np.float64)
        classes, codes = _numeric_classes(values, layer, _field(layer.config, by).decimals)
        return {"by": by, **with_cues(layer, "number", classes, codes)}, codes
    taken = _colours_beside(config, layer.id)
    given = style.palette if isinstance(style.palette, tuple) else sorted(QUALITATIVE, key=taken.__contains__)
    classes, codes = _categories(config, layer, by, most=len(given))
    for entry in classes:
        if entry.get("other"):
            entry["color"] = NO_VALUE_COLOUR
    _tell_apart(classes, "color", ramp(style.palette, len(classes)) if isinstance(style.palette, str) else given)
    return {"by": by, **with_cues(layer, "category", classes, codes)}, codes


def _own_colour(config: Config, layer_id: str) -> str:
    index = list(config.layers).index(layer_id)
    return config.layers[layer_id].style.color or QUALITATIVE[index % len(QUALITATIVE)]


def _colours_beside(config: Config, layer_id: str) -> set[str]:
    """The colours of the layers of one colour that some map has beside this one: the last that its classes take."""
    beside = {other for about in config.maps.values() if layer_id in about.layers for other in about.layers}
    return {_own_colour(config, other) for other in beside - {layer_id} if not config.layers[other].style.color_by}


def _numeric_classes(
    values: NDArray[np.float64], layer: LayerData, decimals: int | None = None
) -> tuple[Classes, Codes]:
    style = layer.config.style
    method = style.method or ("bounds" if style.bounds else "quantiles")
    breaks = breaks_of(values, method=method, classes=style.classes, bounds=style.bounds, decimals=decimals)
    codes = classify(values, breaks)
    colours = ramp(style.palette, max(len(breaks) - 1, 1))
    limits = list(itertools.pairwise(breaks)) or [(b, b) for b in breaks]
    classes = [{"from": low, "to": high, "color": colour} for (low, high), colour in zip(limits, colours, strict=False)]
    return classes, codes


def _series_colours(layer: LayerData, series_id: str) -> tuple[dict[str, Any], Codes]:
    values = layer.series[series_id]["value"].to_numpy(dtype=np.float64)
    classes, codes = _numeric_classes(values, layer, layer.config.series[series_id].decimals)
    return {"by": series_id, **with_cues(layer, "series", classes, codes)}, codes


def _tell_apart(classes: Classes, cue: str, choices: Sequence[Any]) -> None:
    """Give classes without a colour, shape or dash of their own the next free one, as `config.looks` sees to."""
    own = [entry[cue] for entry in classes if cue in entry]
    free = (choice for choice in map(_jsonable, choices) if choice not in own)
    for entry in classes:
        if cue not in entry:
            entry[cue] = next(free)


def _categories(config: Config, layer: LayerData, by: str, *, most: int) -> tuple[Classes, Codes]:
    """The classes of a field: as configured, else `most`: numbers in order, others by frequency, the rarest as one."""
    configured = config.atlas.categories_of(_field(layer.config, by))
    column = layer.frame[by] if by in layer.frame.columns else pd.Series([None] * len(layer.frame), dtype=object)
    places, found = pd.factorize(column.to_numpy(dtype=object), use_na_sentinel=True)
    values = [_category_text(value) for value in found]
    counts = dict(zip(values, np.bincount(places[places >= 0], minlength=len(values)).tolist(), strict=True))
    if configured:
        order = [value for value in configured if value in counts]
    elif by == "precision":
        order = [value for value in PRECISIONS if value in counts]
    else:
        order = sorted(counts, key=lambda value: (-counts[value], value))
    kept = order if configured or len(order) <= most else order[: most - 1]
    if _is_numeric(layer, by) and not configured:
        kept = sorted(kept)
    classes = [_class_entry(config, value, configured.get(value)) for value in kept]
    code_of = {value: n for n, value in enumerate(kept, start=1)}
    if len(kept) < len(order):
        classes.append({"other": True})
        code_of |= dict.fromkeys(order[len(kept) :], len(classes))
    # Place -1, no value, finds the last code, which is 0.
    codes: Codes = np.array([*(code_of.get(value, 0) for value in values), 0], dtype=np.uint8)[places]
    return classes, codes


def _category_text(value: Any) -> Any:
    return cell_text(value) if isinstance(value, bool) else value


def _class_entry(config: Config, value: str, category: Category | None) -> dict[str, Any]:
    entry: dict[str, Any] = {"value": value}
    if category:
        entry["title"] = config.text(category.title)
        for cue in ("color", "shape", "dash", "fill", "ends"):
            if (given := getattr(category, cue)) is not None:
                entry[cue] = _jsonable(given)
    return entry


def _jsonable(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _scale(layer: LayerData, by: str, pixels: tuple[float, float], *, area: bool) -> tuple[dict[str, Any], Codes]:
    """Sizes in proportion to a number: the symbol's area, or the line's width, the smallest kept visible.

    Code 0 has no value: smaller than all that have one, not to be taken for a small number.
    """
    values = layer.frame[by].to_numpy(dtype=np.float64)
    is_known = ~np.isnan(values)
    low, high = (float(values[is_known].min()), float(values[is_known].max())) if is_known.any() else (0.0, 0.0)
    share = np.clip(np.nan_to_num(values) / (high or 1), 0, 1)
    drawn = np.maximum((np.sqrt(share) if area else share) * pixels[1], pixels[0])
    codes = np.where(is_known, np.maximum(np.round(np.minimum(drawn, MOST_PX) * EIGHTHS), 1), 0).astype(np.uint8)
    scale: dict[str, Any] = {"by": by, "ticks": _ticks(low, high, pixels, area=area)}
    is_drawn = layer.frame.geometry.notna().to_numpy()
    return scale if is_known[is_drawn].all() else scale | {"no_value": pixels[0] * NO_VALUE_PART}, codes


def _ticks(low: float, high: float, pixels: tuple[float, float], *, area: bool) -> list[dict[str, Any]]:
    """Up to three round numbers between low and high that look unlike: the sizes or widths which a legend explains.

    Where the least size hides differences, the first is the greatest number drawn so small, with `at_most`.
    """
    if high <= 0:
        return []
    ticks: list[dict[str, Any]] = []
    for value in [value for value in _round_values(high) if low <= value <= high] or [high]:
        px = pixels[1] * ((value / high) ** 0.5 if area else value / high)
        if px <= pixels[0]:
            ticks = [{"value": value, "px": pixels[0]} | ({"at_most": True} if value > low else {})]
        else:
            ticks.append({"value": value, "px": px})
    least, most = ticks[0], ticks[-1]
    if most["px"] - least["px"] < UNLIKE_PX:
        return [most]
    apart = [tick for tick in ticks if min(tick["px"] - least["px"], most["px"] - tick["px"]) >= UNLIKE_PX]
    middle = sorted(apart, key=lambda tick: abs(2 * tick["px"] - least["px"] - most["px"]))
    return [least, *middle[:1], most]


def _round_values(high: float) -> list[float]:
    """Numbers 1, 2, 5 x 10**k of about the size of `high` and down to some thousandths of it, in order."""
    magnitude = int(np.floor(np.log10(high)))
    return [m * 10.0**k for k in range(magnitude - 3, magnitude + 1) for m in (1, 2, 5)]
