"""Classes, colours and sizes, and the legend that explains them."""

from __future__ import annotations

import itertools
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely

from geo.config.looks import DASHES, NO_VALUE_COLOUR, QUALITATIVE, RAMPS, SHAPES, TEXTURES
from geo.config.schema import AtlasTable, LayerConfig
from geo.config.settings import Config
from geo.model import AtlasData, Counts, LayerData
from geo.pack.classes import breaks_of, classify, ramp
from geo.pack.style import EIGHTHS, find_alike, style_layer
from geo.render import bundle

NAN = float("nan")


def a_point(at: int) -> Any:
    return shapely.Point(at, at)


def a_line(at: int) -> Any:
    return shapely.LineString([(at, at), (at + 1, at)])


def styled(columns: dict[str, list[Any]], layer: dict[str, Any], **options: Any) -> Any:
    return style_layer(*loaded(columns, layer, **options))


def loaded(
    columns: dict[str, list[Any]], layer: dict[str, Any], *, drawn: int = 100, geometry: Any = a_point, **atlas: Any
) -> tuple[Config, LayerData]:
    tables = {"title": "A", "layers": {"x": {"title": "X", "features": "x.geojson", **layer}}}
    maps = {"m": {"title": "M", "layers": ["x"]}}
    config = Config(folder=None, atlas=AtlasTable.model_validate({**tables, "maps": maps, **atlas}), raw="")  # type: ignore[arg-type]
    about: LayerConfig = config.layers["x"]
    n = len(next(iter(columns.values())))
    shapes = [geometry(at) if at < drawn else None for at in range(n)]
    frame = geopandas.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326")
    return config, LayerData("x", about, frame, None, {}, "x.geojson", Counts(n, n, n, n, 0))


def field(**options: Any) -> dict[str, Any]:
    return {"fields": {"v": options}}


def test_categories_keep_the_configured_order_and_cues() -> None:
    categories = {
        "open": {"title": "Open", "color": "#112233", "shape": "star"},
        "shut": {"title": "Shut", "fill": "hollow"},
        "none": {"title": "None"},
    }
    layer = field(type="category", categories="states") | {"style": {"color_by": "v"}}
    result = styled({"v": ["shut", "open", None, "shut"]}, layer, categories={"states": categories})
    first, second = result.style["color"]["classes"]
    assert (first["value"], first["color"], first["shape"]) == ("open", "#112233", "star")
    assert (second["value"], second["fill"]) == ("shut", "hollow")
    assert result.arrays["_color"].tolist() == [2, 1, 0, 2]


def test_categories_take_the_colours_of_other_layers_of_a_map_last() -> None:
    """Here the second layer is of one colour, the second of the palette; a third is on no map with the first."""
    beside = {"title": "Y", "features": "x.geojson"}
    layers = {"x": {"title": "X", "features": "x.geojson", **field(type="category"), "style": {"color_by": "v"}}}
    maps = {"m": {"title": "M", "layers": ["x", "y"]}, "n": {"title": "N", "layers": ["z"]}}
    result = styled({"v": ["a", "b"]}, {}, layers={**layers, "y": beside, "z": beside}, maps=maps)
    assert [entry["color"] for entry in result.style["color"]["classes"]] == [QUALITATIVE[0], QUALITATIVE[2]]


def test_unlisted_values_come_by_frequency_and_rare_ones_together() -> None:
    values = [f"v{n}" for n in range(20)] + ["v7"]
    result = styled({"v": values}, field(type="category") | {"style": {"color_by": "v"}})
    classes = result.style["color"]["classes"]
    assert len(classes) == len(QUALITATIVE)
    assert classes[0]["value"] == "v7"
    assert (classes[-1]["other"], classes[-1]["color"]) == (True, NO_VALUE_COLOUR)
    assert len({entry["color"] for entry in classes}) == len(QUALITATIVE)
    assert np.bincount(result.arrays["_color"]).tolist() == [0, 2, *[1] * (len(QUALITATIVE) - 2), 11]


@pytest.mark.parametrize(("cue", "most"), [("shape", len(SHAPES)), ("dash", len(DASHES))])
def test_no_two_classes_have_one_shape_or_dash(cue: str, most: int) -> None:
    layer = field(type="category") | {"style": {f"{cue}_by": "v"}}
    classes = styled({"v": [f"v{n}" for n in range(20)]}, layer).style[cue]["classes"]
    assert len({str(entry[cue]) for entry in classes}) == len(classes) == most


def cues_of(
    cue: str, category: dict[str, Any] | None = None, *, values: str = "abc", geometry: Any = a_point, **style: Any
) -> list[Any]:
    """Give the shapes or textures of three classes of which the last one is `category`."""
    categories = {"a": {"title": "A"}, "b": {"title": "B"}, "c": {"title": "C", **(category or {})}}
    layer = field(type="category", categories=categories) | {"style": {"color_by": "v", **style}}
    found = styled({"v": [value.strip() or None for value in values]}, layer, drawn=2, geometry=geometry)
    return [entry.get(cue) for entry in found.style["color"]["classes"]]


def an_area(at: int) -> Any:
    return shapely.box(at, at, at + 1, at + 1)


def test_no_classes_are_told_apart_by_colour_alone() -> None:
    assert cues_of("shape") == [None, "square", "triangle"]
    for geometry in (a_line, an_area):
        assert cues_of("shape", geometry=geometry) == [None, None, None]
        assert cues_of("texture", geometry=geometry) == [None, 1, 2]


@pytest.mark.parametrize(
    ("geometry", "style", "beside_two", "beside_numbers"),
    [
        (a_point, {}, {"shape": "triangle"}, {"shape": "square"}),
        (an_area, {}, {"texture": 2}, {"texture": 1}),
        (an_area, {"fill": "hatch"}, None, None),
    ],
)
def test_what_has_no_value_looks_unlike_all_that_have_one(
    geometry: Any, style: dict[str, Any], beside_two: Any, beside_numbers: Any
) -> None:
    for values, kind, none in ((["a", "b", None], "category", beside_two), ([1.0, 2.0, NAN], "number", beside_numbers)):
        layer = field(type=kind) | {"style": {"color_by": "v", **style}}
        assert styled({"v": values}, layer, geometry=geometry).style["color"].get("none") == none
        assert "none" not in styled({"v": values[:2]}, layer, geometry=geometry).style["color"]


def test_who_chose_cues_keeps_them() -> None:
    assert cues_of("shape", shape="circle") == [None, None, None]
    assert cues_of("shape", {"shape": "star"}) == [None, None, "star"]
    assert cues_of("shape", {"fill": "dots"}) == [None, None, None]
    for geometry, category in ((an_area, {"fill": "dots"}), (a_line, {"dash": [6, 4]}), (a_line, {"ends": "arrow"})):
        assert cues_of("texture", category, geometry=geometry) == [None, None, None]
    assert cues_of("texture", geometry=an_area, fill="hatch") == [None, None, None]
    assert cues_of("texture", geometry=a_line, dash_by="v") == [None, None, None]


@pytest.mark.parametrize(
    ("geometry", "style", "own", "cues"),
    [
        (a_point, {}, {}, None),  # the maps give shapes,
        (a_point, {"shape": "square"}, {}, "shape or fill"),  # but not where the style has one
        (a_point, {"shape": "square"}, {"shape": "star"}, None),
        (a_point, {"shape": "square"}, {"color": QUALITATIVE[0]}, None),  # alike on purpose
        (a_point, {"shape": "square", "shape_by": "v"}, {}, None),
        (a_point, {"shape": "square", "palette": "teal"}, {}, None),
        (a_line, {"dash": [6, 4], "ends": "arrow"}, {}, None),
        (a_line, {}, {"dash": [6, 4]}, None),
        (a_line, {}, {"ends": "none"}, "dash or ends"),
        (an_area, {}, {"color": "#112233"}, None),
        (an_area, {"fill": "hatch"}, {}, "fill or dash"),
        (an_area, {"fill": "hatch"}, {"fill": "dots"}, None),
    ],
)
def test_categories_that_differ_in_colour_alone_are_found(
    geometry: Any, style: dict[str, Any], own: dict[str, Any], cues: str | None
) -> None:
    categories = {"a": {"title": "A", "color": QUALITATIVE[0]}, "b": {"title": "B", **own}}
    layer = field(type="category", categories=categories) | {"style": {"color_by": "v", **style}}
    config, data = loaded({"v": ["a", "b"]}, layer, geometry=geometry)
    atlas = AtlasData(config, {}, {"x": data}, {}, (), {})
    assert list(find_alike(atlas)) == ([("x", "a", "b", cues)] if cues else [])


def test_a_cue_of_the_whole_layer_tells_no_classes_apart() -> None:
    assert cues_of("shape", fill="dots") == [None, "square", "triangle"]
    assert cues_of("texture", geometry=a_line, dash=[6, 4], ends="arrow") == [None, 1, 2]


def test_the_steps_of_a_ramp_are_told_by_lightness_but_where_it_turns() -> None:
    assert cues_of("texture", geometry=an_area, palette="teal") == [None, None, None]
    for palette, turned in (("purple", [None] * 5), ("balance", [None, None, None, 1, 1])):
        style = {"color_by": "v", "palette": palette, "method": "equal", "classes": 5}
        found = styled({"v": [0.0, 5.0]}, field(type="number") | {"style": style}, geometry=an_area)
        assert [entry.get("texture") for entry in found.style["color"]["classes"]] == turned


@pytest.mark.parametrize("name", [name for name in RAMPS if name != "balance"])
def test_ramps_darken_step_by_step(name: str) -> None:
    for classes in range(2, 13):
        tones = [lightness_of(colour) for colour in ramp(name, classes)]
        assert all(before - after > 4 for before, after in itertools.pairwise(tones))


def lightness_of(colour: str) -> float:
    """L* of CIE 1976, by which people see equal steps as equal."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return float(116 * np.cbrt(np.dot(linear, (0.2126, 0.7152, 0.0722))) - 16)


@pytest.mark.parametrize("geometry", [a_point, a_line, an_area])
def test_as_many_classes_as_there_are_colours_look_unlike_without_them(geometry: Any) -> None:
    layer = field(type="category") | {"style": {"color_by": "v"}}
    color = styled({"v": [*"abcdefghi", None]}, layer, geometry=geometry).style["color"]
    looks = [tuple(map(entry.get, ("shape", "fill", "texture"))) for entry in [*color["classes"], color["none"]]]
    assert len(set(looks)) == len(QUALITATIVE)


def test_the_page_draws_every_texture() -> None:
    kinds = bundle.page_table("draw/symbols.js", "TEXTURES")
    assert {name: len({str(one) for one in each}) for name, each in kinds.items()} == {
        "line": TEXTURES,
        "area": TEXTURES,
    }


def test_a_class_gets_no_colour_that_another_has_of_its_own() -> None:
    categories = {"a": {"title": "A"}, "b": {"title": "B", "color": QUALITATIVE[0]}, "c": {"title": "C"}}
    layer = field(type="category", categories=categories) | {"style": {"color_by": "v"}}
    classes = styled({"v": ["a", "b", "c"]}, layer).style["color"]["classes"]
    assert [entry["color"] for entry in classes] == [QUALITATIVE[1], QUALITATIVE[0], QUALITATIVE[2]]


def test_a_named_ramp_colours_categories_too() -> None:
    layer = field(type="category") | {"style": {"color_by": "v", "palette": "teal"}}
    classes = styled({"v": ["a", "b", "c"]}, layer).style["color"]["classes"]
    assert [entry["color"] for entry in classes] == ramp("teal", 3)


@pytest.mark.parametrize(
    ("method", "expected"),
    [("equal", [0, 25, 50, 75, 100]), ("quantiles", [0, 1, 2, 5, 100]), ("bounds", [0, 10, 200])],
)
def test_breaks(method: str, expected: list[float]) -> None:
    values = np.array([0, 1, 2, NAN, 5, 100])
    assert breaks_of(values, method=method, classes=4, bounds=(0, 10, 200)) == expected


def test_a_value_that_many_share_is_a_class_of_its_own() -> None:
    values = np.array([0] * 62 + [2, 3, 5, 8, 11, 12, 16, 17, 24, 39], dtype=np.float64)
    breaks = breaks_of(values, method="quantiles", classes=5, bounds=None)
    assert breaks == [0, 2, 6, 12, 17, 39]
    assert np.bincount(classify(values, breaks)).tolist() == [0, 62, 3, 2, 2, 3]
    assert breaks_of(np.array([0.0] * 8 + [20.0]), method="quantiles", classes=4, bounds=None) == [0, 10, 20]


@pytest.mark.parametrize(
    ("shared", "expected", "counts"),
    [
        ({100: 17}, [10, 15, 20, 25, 82, 100], [1, 0, 1, 1, 17]),
        ({31: 17}, [10, 15, 20, 25, 30.8, 31], [1, 0, 1, 1, 17]),
        ({100: 17, 0: 17}, [0, 10, 17, 23, 82, 100], [17, 1, 1, 1, 17]),
        ({100: 4, 0: 40}, [0, 10, 17, 23, 82, 100], [40, 1, 1, 1, 4]),
    ],
)
def test_so_is_the_greatest_and_each_of_both(
    shared: dict[float, int], expected: list[float], counts: list[int]
) -> None:
    values = np.array([10, 20, 30, *(value for value, count in shared.items() for _ in range(count))], dtype=np.float64)
    breaks = breaks_of(values, method="quantiles", classes=5, bounds=None)
    assert breaks == expected
    assert np.bincount(classify(values, breaks), minlength=6).tolist() == [0, *counts]
    assert breaks_of(np.array([0.0] + [20.0] * 8), method="quantiles", classes=4, bounds=None) == [0, 15, 20]


@pytest.mark.parametrize(
    ("values", "decimals", "limits"),
    [
        ([0, 16.2, 39], None, [0, 10.8, 23.8, 39]),
        ([0, 16, 39], None, [0, 11, 24, 39]),
        ([5129767301.8, 20402251192.6, 241486342930.6], 0, [5129767301, 15311423229, 94096948439, 241486342931]),
        ([0.04, 0.05, 0.06], 1, [0.04, 0.047, 0.053, 0.06]),
        ([1 / 3, 2 / 3, 1], None, [0.333, 0.555, 0.777, 1]),
        ([-11.9230114, 2.123456, 140.1212829], None, [-11.93, -2.56, 48.12, 140.13]),
        ([1234.5678, 51234.5678, 91234.5678], None, [1234, 34567, 64567, 91235]),
        ([1.23456e-7, 2e-7, 8e-9], None, [8e-9, 8.5e-8, 1.49e-7, 2e-7]),
        ([1.23456e-12, 2e-12, 8e-14], 0, [8e-14, 8.5e-13, 1.49e-12, 2e-12]),
    ],
)
def test_limits_have_the_decimals_of_the_field_or_of_its_values(
    values: list[float], decimals: int | None, limits: list[float]
) -> None:
    found = breaks_of(np.array(values, dtype=float), method="quantiles", classes=3, bounds=None, decimals=decimals)
    assert found == limits
    assert classify(np.array(values, dtype=float), found).all()


def test_short_limits_leave_the_least_value_that_many_share_alone() -> None:
    values = np.array([0.0] * 9 + [0.1237891, 0.2345678, 0.3456789, 0.4567891])
    found = breaks_of(values, method="quantiles", classes=4, bounds=None)
    assert found == [0, 0.123, 0.234, 0.345, 0.457]
    assert (classify(values, found) == 1).sum() == 9


def test_numbers_as_categories_come_in_their_order_the_rare_ones_together() -> None:
    layer = field(type="integer") | {"style": {"color_by": "v", "method": "categories"}}
    few = styled({"v": [0.0, 0.0, 10.0, -1.0, -2.0, 2.0, 2.0, NAN]}, layer)
    assert [entry["value"] for entry in few.style["color"]["classes"]] == [-2, -1, 0, 2, 10]
    assert few.arrays["_color"].tolist() == [3, 3, 5, 2, 1, 4, 4, 0]
    many = styled({"v": [*range(30), *range(20, 30)]}, field(type="integer") | layer)
    assert [entry.get("value") for entry in many.style["color"]["classes"]] == [*range(20, 29), None]


def test_a_value_on_a_limit_is_in_the_upper_class_and_the_top_in_the_last() -> None:
    codes = classify(np.array([0, 9.9, 10, 20, 20.1, -1, NAN]), [0, 10, 20])
    assert codes.tolist() == [1, 1, 2, 2, 0, 0, 0]


def test_equal_values_are_one_class() -> None:
    result = styled({"v": [3.0, 3.0, NAN]}, field(type="number") | {"style": {"color_by": "v"}})
    assert result.arrays["_color"].tolist() == [1, 1, 0]
    assert len(result.style["color"]["classes"]) == 1


def test_symbol_areas_are_in_proportion_and_the_smallest_stays_visible() -> None:
    layer = field(type="number") | {"style": {"size_by": "v", "size_range": [4, 16]}}
    result = styled({"v": [1.0, 25.0, 100.0]}, layer)
    assert (result.arrays["_size"] / EIGHTHS).tolist() == [4, 8, 16]
    assert result.style["size"]["ticks"][-1] == {"value": 100, "px": 16}
    assert "no_value" not in result.style["size"]


@pytest.mark.parametrize("name", ["size", "width"])
def test_no_value_is_no_small_one(name: str) -> None:
    layer = field(type="number") | {"style": {f"{name}_by": "v", f"{name}_range": [5, 16]}}
    result = styled({"v": [4600.0, NAN, 5000.0]}, layer)
    assert result.arrays[f"_{name}"].tolist()[1] == 0
    assert result.style[name]["no_value"] == 3
    assert "no_value" not in styled({"v": [4600.0, 5000.0, NAN]}, layer, drawn=2).style[name], "none is on the map"
    result = styled({"v": [NAN, NAN]}, layer)
    assert (result.arrays[f"_{name}"].tolist(), result.style[name]["ticks"]) == ([0, 0], [])


def ticks(values: list[float], name: str, least: float, most: float) -> list[tuple[float, float, bool]]:
    """Give what a legend says of sizes or widths from least to most: value, px, whether it stands for smaller ones."""
    layer = field(type="number") | {"style": {f"{name}_by": "v", f"{name}_range": [least, most]}}
    found = styled({"v": values}, layer).style[name]["ticks"]
    return [(tick["value"], round(tick["px"], 1), tick.get("at_most", False)) for tick in found]


def test_a_legend_of_sizes_shows_those_that_a_reader_can_tell_apart() -> None:
    # Up to 459 all are drawn at 5 px, the least size.
    assert ticks([1.0, 90.0, 3600.0], "size", 5, 14) == [(200, 5, True), (1000, 7.4, False), (2000, 10.4, False)]
    assert ticks([100.0, 400.0, 1000.0], "size", 2, 20) == [(100, 6.3, False), (500, 14.1, False), (1000, 20, False)]
    assert ticks([11.0, 154.0], "width", 2, 22) == [(20, 2.9, False), (50, 7.1, False), (100, 14.3, False)]


def test_a_legend_of_sizes_has_one_where_all_look_alike() -> None:
    assert ticks([7.0, 7.0], "size", 4, 16) == [(7, 16, False)]
    assert ticks([90.0, 100.0], "size", 4, 16) == [(100, 16, False)]
    assert ticks([10.0, 300.0], "size", 9, 10) == [(200, 9, True)]
    assert ticks([-3.0, 0.0], "size", 4, 16) == []


def test_line_widths_are_in_proportion() -> None:
    layer = field(type="number") | {"style": {"width_by": "v", "width_range": [1, 10]}}
    result = styled({"v": [11.0, 60.0]}, layer)
    assert result.arrays["_width"].tolist() == [round(11 / 60 * 10 * EIGHTHS), 80]


def test_shapes_and_dashes_follow_their_own_fields() -> None:
    layer = field(type="category") | {"style": {"shape_by": "v", "dash_by": "v"}}
    result = styled({"v": ["a", "b", "a"]}, layer)
    assert [entry["shape"] for entry in result.style["shape"]["classes"]] == ["circle", "square"]
    assert [entry["dash"] for entry in result.style["dash"]["classes"]] == [None, [7, 5]]


def test_a_ramp_runs_from_its_first_to_its_last_colour() -> None:
    assert ramp(("#000000", "#ffffff"), 3) == ["#000000", "#808080", "#ffffff"]
    assert len(set(ramp("teal", 7))) == 7
