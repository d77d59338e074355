"""The columns of a layer by what they mean: declared fields by their type, dates of validity, keys, precisions.

Input: columns as read and the layer's table of atlas.toml. Output: typed columns; problems go to a `Checker`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from geo.check.periods import check_periods
from geo.check.values import Checker, Values
from geo.config.columns import date_columns
from geo.config.looks import PRECISIONS
from geo.config.schema import FieldConfig, LayerConfig
from geo.config.settings import Config

RESERVED_COLUMNS = ("geometry", "_key")


def typed_columns(
    rows: Checker, columns: Mapping[str, Sequence[Any]], config: Config, layer: LayerConfig, *, key: str
) -> dict[str, Values]:
    """Give all columns by their declared type; dates of validity and `as_of` are dates in any case.

    Problems go to `rows`. The key stays text as it is.
    """
    typed: dict[str, Values] = {}
    for name, cells in columns.items():
        field = layer.fields.get(name)
        if name in RESERVED_COLUMNS:
            message = f'the name "{name}" is taken by what the atlas adds itself'
            rows.report("TABLE_COLUMN", None, name, message, "rename the column")
        elif name == key:
            typed[name] = rows.text(cells)
        elif name.startswith("_"):
            message = "names that begin with _ are for what the atlas adds itself: the column is left out"
            rows.report("TABLE_COLUMN", None, name, message, "rename the column", severity="warning")
        elif field is not None:
            categories = config.atlas.categories_of(field)
            typed[name] = rows.typed(name, cells, field, categories)
            if not categories and _has_classes(layer, name, field):
                rows.twins(name, typed[name])
        elif name in date_columns(layer):
            typed[name] = rows.dates(name, rows.text(cells))
        else:
            typed[name] = rows.text(cells)
            if name == "precision":
                rows.words(name, typed[name], PRECISIONS)
    if layer.time:
        check_periods(rows, typed, layer.time.from_, layer.time.to)
    return typed


def _has_classes(layer: LayerConfig, name: str, field: FieldConfig) -> bool:
    """Tell whether each different text of a field is a class."""
    by = (layer.style.color_by, layer.style.shape_by, layer.style.dash_by)
    return field.type == "category" or (field.type == "text" and name in by)
