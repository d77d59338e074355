"""Fields of type "feature": cells that name features of the atlas by their keys, or whole layers.

Input: the cells of such fields and all layers. Output: a problem for each name that nothing has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from geo.check.near import Nearest
from geo.check.values import Checker, Values
from geo.model import LayerData
from geo.problems import Problem


class References(NamedTuple):
    """The cells of one field, and the rows that they are in."""

    rows: Checker
    field: str
    cells: Values


def keys_in(cell: str) -> list[str]:
    """Give the keys that a cell names, joined by ";", each once."""
    return list(dict.fromkeys(part.strip() for part in cell.split(";")))


def keys_of(layer: LayerData) -> list[str]:
    """Give the keys that may name a feature of a layer, those last that an error keeps out of it."""
    return [*(key for key in layer.frame["_key"] if key is not None), *sorted(layer.lost)]


def check_references(found: Iterable[References], layers: Mapping[str, LayerData]) -> list[Problem]:
    """Report what is neither a key of a feature nor the id of a layer.

    Parameters
    ----------
    layers : all of the atlas, by id: a key that is missing may be that of a layer not loaded
    """
    references = list(found)
    if not references:
        return []
    known = dict.fromkeys([*layers, *(key for layer in layers.values() for key in keys_of(layer))])
    nearest = Nearest(known)
    problems: list[Problem] = []
    for rows, field, cells in references:
        checker = Checker(rows.rows, rows.at)
        for row, cell in enumerate(cells):
            for key in keys_in(cell) if cell else ():
                if key and key not in known:
                    hint = nearest.hint(key, "add the feature, or take the key out")
                    checker.report("FIELD_NO_FEATURE", row, field, f"no feature or layer is called {key!r}", hint)
        problems += checker.problems
    return problems
