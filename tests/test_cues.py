"""What tells classes apart beside their colours, and what `check` says where nothing does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import shapely

from geo.commands import run
from geo.pack.cues import MOST_PATTERNED
from tests.small import write_atlas
from tests.test_style import a_line, a_point, field, styled

LETTERS = [*"abcdefghij"]


def an_area(at: int) -> Any:
    return shapely.box(at, at, at + 1, at + 1)


def cues_of(
    cue: str, style: dict[str, Any] | None = None, category: dict[str, Any] | None = None, n: int = 3, **options: Any
) -> list[Any]:
    """Give a cue of n classes of which the last one is `category`; "" where it has none."""
    categories = {letter: {"title": letter} for letter in LETTERS[:n]}
    categories[LETTERS[n - 1]] |= category or {}
    layer = field(type="category", categories=categories) | {"style": {"color_by": "v", **(style or {})}}
    values = options.pop("columns", {"v": LETTERS[:n]})
    return [entry.get(cue, "") for entry in styled(values, layer, **options).style["color"]["classes"]]


def test_points_are_told_apart_by_shapes_also_where_some_have_no_place() -> None:
    assert cues_of("shape", geometry=a_point) == ["circle", "square", "triangle"]
    assert cues_of("shape", drawn=2) == ["circle", "square", "triangle"]
    assert cues_of("shape", n=9)[-1] == "circle", "beyond the shapes, colours alone are better than none"


def test_lines_are_told_apart_by_dashes_and_areas_by_patterns() -> None:
    assert cues_of("dash", geometry=a_line) == [None, [7, 5], [2, 4]]
    assert cues_of("fill", geometry=an_area, n=4) == ["solid", "hatch", "dots", "hollow"]
    assert cues_of("fill", geometry=an_area, n=5) == [""] * 5, "there are four of them"
    assert cues_of("shape", geometry=an_area) == [""] * 3


def test_who_chose_a_cue_keeps_it() -> None:
    assert cues_of("shape", {"shape": "circle"}) == ["", "", ""]
    assert cues_of("shape", category={"shape": "star"}) == ["", "", "star"]
    assert cues_of("shape", category={"fill": "dots"}) == ["", "", ""]
    assert cues_of("dash", {"dash": [1, 2]}, geometry=a_line) == ["", "", ""]
    assert cues_of("dash", category={"ends": "arrow"}, geometry=a_line) == ["", "", ""]
    assert cues_of("fill", {"fill": "solid"}, geometry=an_area) == ["", "", ""]
    assert cues_of("fill", category={"fill": "dots"}, geometry=an_area) == ["", "", "dots"]


def test_dashes_that_speak_of_precision_speak_of_nothing_else() -> None:
    def dashes(*precision: str) -> list[Any]:
        return cues_of("dash", geometry=a_line, columns={"v": ["a", "b", "c"], "precision": [*precision]})

    assert dashes("exact", "exact", "exact") == [None, [7, 5], [2, 4]]
    assert dashes("exact", "schematic", "exact") == ["", "", ""]


@pytest.mark.parametrize(("geometry", "cue"), [(a_line, "dash"), (an_area, "fill")])
def test_many_lines_and_areas_have_no_room_for_patterns(geometry: Any, cue: str) -> None:
    def cues(n: int) -> list[Any]:
        return cues_of(cue, geometry=geometry, columns={"v": (["a", "b", "c"] * n)[:n]})

    assert cues(MOST_PATTERNED)[1] != ""
    assert cues(MOST_PATTERNED + 1) == ["", "", ""]


def test_check_says_where_colour_alone_tells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keys = LETTERS[:5]
    items = [
        {"type": "Feature", "properties": {"id": key}, "geometry": shapely.geometry.mapping(a_line(n))}
        for n, key in enumerate(keys)
    ]
    collection = json.dumps({"type": "FeatureCollection", "features": items})
    table = "id,name,v\n" + "".join(f"{key},{key},{key}\n" for key in keys)

    def said(style: str = "") -> list[str]:
        layer = f'[layers.l.fields.v]\ntype = "category"\n[layers.l.style]\ncolor_by = "v"\n{style}'
        assert run(["check", str(write_atlas(tmp_path, layer, l_geojson=collection, l_csv=table))]) == 0
        return [line for line in capsys.readouterr().out.splitlines() if "colour" in line]

    assert said() == ["l: some of the 5 classes of v differ in colour alone: give its categories a dash or ends"]
    assert said('dash_by = "v"') == []
    assert said('palette = "teal"') == [], "a ramp differs in lightness"
    assert said('shape_by = "v"') != [], "lines have no shape"
