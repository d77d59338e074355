"""What atlas.toml says of the columns of a layer, held against those that are there.

Input: the joined columns of a layer. Output: problems, each at its line of atlas.toml.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.check.cells import parse_plain_numbers
from geo.check.near import Nearest
from geo.config.looks import QUALITATIVE
from geo.config.schema import FieldConfig, LayerConfig
from geo.config.settings import CONFIG_NAME, Config
from geo.problems import Problem, Severity

MOST_FILTER_VALUES = 200
"""A list of more is no help to a reader; state/facets.js has the same number."""


def check_fields(
    config: Config, layer_id: str, columns: Mapping[str, NDArray[Any]], *, where: str
) -> Iterator[Problem]:
    """Report columns that atlas.toml names and `where` (the layer's files) has not, filters and styles that cannot be.

    `columns` : the values of all features, one array a column, None or NaN where there is none
    """
    layer = config.layers[layer_id]
    nearest = Nearest(columns)
    for keys, name in _named_columns(layer).items():
        if name not in columns:
            hint = nearest.hint(name, "add the column, or take this out")
            yield _problem(
                config, ("layers", layer_id, *keys), "TABLE_COLUMN", f'there is no column "{name}" in {where}', hint
            )
    for name, field in layer.fields.items():
        values = _count_values(columns[name], field) if field.filter and name in columns else 0
        if values > MOST_FILTER_VALUES:
            message = f"the filter would list {values:,} values: above {MOST_FILTER_VALUES} the maps go without it"
            hint = "take it out; the search finds each of them"
            at = ("layers", layer_id, "fields", name, "filter")
            yield _problem(config, at, "TABLE_FILTER", message, hint, severity="warning")
    for option, by in (("size_by", layer.style.size_by), ("width_by", layer.style.width_by)):
        if by and by in columns and (below := columns[by][columns[by] < 0]).size:
            message = f"{_told(below)} below 0: what is drawn in proportion cannot show it"
            keys = ("layers", layer_id, "style", option)
            yield _problem(config, keys, "TABLE_STYLE", message, "take another field, or color_by")
    if (by := layer.style.color_by) and by in columns:
        yield from _check_colours(config, layer_id, by, columns[by])


def _check_colours(config: Config, layer_id: str, by: str, values: NDArray[Any]) -> Iterator[Problem]:
    layer = config.layers[layer_id]
    if by in layer.fields and layer.fields[by].type == "text" and (n := _count_numbers(values)) > len(QUALITATIVE):
        message = f"its {n:,} different numbers are coloured as texts, the rarer ones all alike"
        hint = f'set type = "number" for {by}, or "category" if each is a class'
        keys = ("layers", layer_id, "style", "color_by")
        yield _problem(config, keys, "TABLE_STYLE", message, hint, severity="warning")
    if layer.style.bounds and by not in layer.series:
        yield from check_bounds(config, layer_id, values)


def check_sizes(config: Config, layer_id: str, shapes: NDArray[np.object_]) -> Iterator[Problem]:
    """Report a size of areas or lines, a width of points: nothing would show it but the legend."""
    style, dimensions = config.layers[layer_id].style, shapely.get_dimensions(shapes[~shapely.is_missing(shapes)])
    for option, is_drawn, said, hint in (
        ("size_by", dimensions == 0, "points, of which the layer has none", "take color_by, or show points in a layer"),
        ("width_by", dimensions > 0, "lines, and the layer has points alone", "take size_by"),
    ):
        if getattr(style, option) and dimensions.size and not is_drawn.any():
            keys = ("layers", layer_id, "style", option)
            yield _problem(config, keys, "TABLE_STYLE", f"{option.removesuffix('_by')} is one of {said}", hint)


def check_bounds(config: Config, layer_id: str, values: NDArray[np.float64]) -> Iterator[Problem]:
    """Report numbers that lie outside the bounds of a layer's classes: they would be drawn as having no value."""
    bounds = config.layers[layer_id].style.bounds or ()
    if (outside := values[(values < min(bounds)) | (values > max(bounds))]).size:
        at = ("layers", layer_id, "style", "bounds")
        yield _problem(config, at, "TABLE_STYLE", f"{_told(outside)} outside the bounds", "set the bounds wider")


def _told(values: NDArray[np.float64]) -> str:
    """ "250 lies", "3 values (the first 250) lie"."""
    first = repr(float(values[0])).removesuffix(".0")  # as the file has it, to its last digit
    return f"{first} lies" if len(values) == 1 else f"{len(values):,} values (the first {first}) lie"


def _problem(
    config: Config, keys: tuple[str, ...], code: str, message: str, hint: str, *, severity: Severity = "error"
) -> Problem:
    return Problem(
        code=code,
        path=CONFIG_NAME,
        line=config.line(*keys),
        subject=".".join(keys),
        message=message,
        hint=hint,
        severity=severity,
    )


def _named_columns(layer: LayerConfig) -> dict[tuple[str, ...], str]:
    """Give the columns that a layer's table of atlas.toml names, by their place in it."""
    named: dict[tuple[str, ...], str] = {("fields", name): name for name in layer.fields}
    if "key" in layer.model_fields_set and not (layer.table or layer.flows or layer.records or layer.series):
        named["key",] = layer.key.features  # else who needs the key has missed it
    if isinstance(layer.label, str):
        named["label",] = layer.label
    if layer.time and "time" in layer.model_fields_set:
        sides = {"from_": ("from", layer.time.from_), "to": ("to", layer.time.to)}
        named |= {("time", side): name for field, (side, name) in sides.items() if field in layer.time.model_fields_set}
    return named


def _count_numbers(values: NDArray[Any]) -> int:
    """How many different texts a column has where all are numbers, else 0."""
    known = list(pd.unique(values[pd.notna(values)]))
    return len(known) if parse_plain_numbers(known) is not None else 0


def _count_values(values: NDArray[Any], field: FieldConfig) -> int:
    """How many different values a column has, 0 for one of numbers, whose filter is a range."""
    if field.type in ("number", "integer"):
        return 0
    known = values[pd.notna(values)]
    return len(pd.unique(np.array([date.text for date in known], dtype=object) if field.type == "date" else known))
