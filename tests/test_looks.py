"""A style table that asks for what cannot be drawn, or would be drawn wrong, is refused with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.config.settings import read_config
from geo.errors import DataError

CATEGORIES = "".join(f'c{n} = {{ title = "C{n}" }}\n' for n in range(11))
ATLAS = """title = "Sites"
[layers.sites]
title = "Sites"
features = "sites.geojson"
[layers.sites.fields]
mw = { type = "number" }
owner = { type = "category" }
since = { type = "date" }
state = { type = "category", categories = "states" }
[layers.sites.series.sent]
table = "sent.csv"
key = "id"
[categories.states]
%s[maps.map]
title = "Sites"
layers = ["sites"]
[layers.sites.style]
%s
"""


def faults(folder: Path, style: str) -> list[str]:
    (folder / "atlas.toml").write_text(ATLAS % (CATEGORIES, style.replace("; ", "\n")), encoding="utf-8")
    try:
        read_config(folder)
    except DataError as err:
        return str(err).splitlines()
    return []


@pytest.mark.parametrize(
    ("style", "said"),
    [
        ('palette = "blue"', "palette: there is no color_by whose colours it could choose. Fix: add color_by, or take"),
        ("classes = 4; bounds = [0, 9]", "classes: there is no color_by"),
        ('color_by = "mw"; bounds = [100, 50, 0]', "bounds: [100.0, 50.0, 0.0] do not rise. Fix: write two or more"),
        ('color_by = "mw"; bounds = [50]', "bounds: [50.0] do not rise"),
        ('color_by = "sent"; bounds = [5, 5]', "bounds: [5.0, 5.0] do not rise"),
        ('color_by = "mw"; method = "bounds"', "method: there are no bounds. Fix: add bounds = [...]"),
        ('color_by = "mw"; method = "equal"; bounds = [0, 9]', "bounds: the method is 'equal'. Fix: take out one"),
        ('color_by = "owner"; method = "quantiles"', "method: 'owner' is no number that could be put into classes"),
        ('color_by = "owner"; bounds = [0, 9]', "bounds: 'owner' is no number that could be put into classes"),
        ('color_by = "mw"; palette = "blu"', "palette: there is no palette 'blu'. Fix: take one of teal, blue"),
        ('color_by = "owner"; palette = "blu"', "palette: there is no palette 'blu'"),
        ('color_by = "mw"; palette = ["#112233"]', "palette: one colour tells no numbers apart"),
        ('color_by = "state"', "color_by: 11 categories of 'state' have no color of their own, 1 more than there are"),
        (
            'color_by = "state"; palette = ["#112233"]',
            "color_by: 11 categories of 'state' have no color of their own, 10 more",
        ),
        ('shape_by = "state"', "shape_by: 11 categories of 'state' have no shape of their own, 3 more"),
        ('dash_by = "state"', "dash_by: 11 categories of 'state' have no dash of their own, 7 more"),
        (
            'color_by = "since"; palette = "blue"',
            "color_by: 'since' is a date, which has no classes. Fix: take another",
        ),
        ('shape_by = "since"', "shape_by: 'since' is a date"),
        ('dash_by = "since"', "dash_by: 'since' is a date"),
        ('size_by = "owner"', "size_by: 'owner' has the type category, a size is that of a number"),
        ('width_by = "precision"', "width_by: 'precision' has the type category"),
        ("size_range = [14, 4]", "size_range: 14 to 4 pixels. Fix: write the smaller first"),
        ("width_range = [0, 4]", "width_range: 0 to 4 pixels"),
    ],
)
def test_what_cannot_be_drawn_is_refused(style: str, said: str, tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, style)
    before, _, _ = (tmp_path / "atlas.toml").read_text(encoding="utf-8").rpartition(f"{said.partition(':')[0]} = ")
    line = before.count("\n") + 1
    assert fault.startswith(f"atlas.toml:{line} layers.sites.style.{said}")
    assert fault.endswith("[CONFIG_VALUE]")


@pytest.mark.parametrize(
    "style",
    [
        'color_by = "mw"; bounds = [0, 50, 100]',
        'color_by = "mw"; method = "bounds"; bounds = [0, 50]',
        'color_by = "mw"; method = "equal"; classes = 4; palette = ["#112233", "#445566"]',
        'color_by = "sent"; palette = "heat"',
        'color_by = "mw"; method = "categories"',
        'color_by = "state"; palette = "blue"',
        'color_by = "owner"; palette = ["#112233"]; shape_by = "owner"; dash_by = "owner"',
        'color_by = "precision"; size_by = "mw"; width_by = "mw"; size_range = [4, 4]',
    ],
)
def test_what_can_be_drawn_is_taken(style: str, tmp_path: Path) -> None:
    assert faults(tmp_path, style) == []
