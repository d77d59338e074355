"""What atlas.toml says of columns: a filter that would list too much is told of, not left out in silence."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from geo.check.fields import MOST_FILTER_VALUES
from geo.config.settings import read_config
from geo.load.atlas import load_atlas
from tests.small import features, problems_of

ROOT = Path(__file__).parent.parent


def warnings(folder: Path, *, kind: str, values: int, use: str = "filter = true") -> list[str]:
    """What is said of an atlas whose rows have so many different values in a field of this type, used as a filter."""
    cells = [str(1000 + n % values) for n in range(MOST_FILTER_VALUES * 2)]
    point = {"type": "Point", "coordinates": [74.5, 42.5]}
    features = [{"type": "Feature", "properties": {"id": f"s{n}"}, "geometry": point} for n in range(len(cells))]
    (folder / "sites.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    rows = "".join(f"s{n},{cell}\n" for n, cell in enumerate([*cells[:-1], ""]))
    (folder / "sites.csv").write_text(f"id,owner\n{rows}", "utf-8")
    (folder / "atlas.toml").write_text(
        f"""title = "Sites"
[layers.sites]
title = "Sites"
features = "sites.geojson"
table = "sites.csv"
[layers.sites.fields.owner]
type = "{kind}"
{use}
[maps.map]
title = "Sites"
layers = ["sites"]
""",
        "utf-8",
    )
    return list(map(str, load_atlas(read_config(folder)).problems))


@pytest.mark.parametrize("kind", ["category", "text", "date"])
def test_a_filter_of_more_values_than_a_list_holds_is_told_of(kind: str, tmp_path: Path) -> None:
    assert warnings(tmp_path, kind=kind, values=MOST_FILTER_VALUES + 1) == [
        "atlas.toml:8 layers.sites.fields.owner.filter: warning: the filter would list 201 values: "
        "above 200 the maps go without it. Fix: take it out; the search finds each of them. [TABLE_FILTER]"
    ]
    assert warnings(tmp_path, kind=kind, values=MOST_FILTER_VALUES) == []


def test_numbers_are_a_range_however_many_there_are(tmp_path: Path) -> None:
    assert warnings(tmp_path, kind="integer", values=MOST_FILTER_VALUES + 1) == []


def test_numbers_that_are_coloured_as_texts_are_told_of(tmp_path: Path) -> None:
    use = '[layers.sites.style]\ncolor_by = "owner"'
    (said,) = warnings(tmp_path, kind="text", values=11, use=use)
    assert said.endswith(
        "layers.sites.style.color_by: warning: its 11 different numbers are coloured as texts, the rarer ones all "
        'alike. Fix: set type = "number" for owner, or "category" if each is a class. [TABLE_STYLE]'
    )
    for kind, values in (("text", 10), ("number", 11), ("category", 11)):
        assert warnings(tmp_path, kind=kind, values=values, use=use) == []


def test_a_series_may_bear_the_name_of_a_column(tmp_path: Path) -> None:
    series = 'series.sent = { table = "s.csv", key = "id" }\nstyle = { color_by = "sent", bounds = [0, 5] }'
    said = problems_of(tmp_path, series, l_csv="id,sent\na,much\nb,\nc,\n", s_csv="id,year,value\na,2003,9\n")
    assert [problem.partition(": ")[2].partition(".")[0] for problem in said] == ["9 lies outside the bounds"]


def test_a_series_in_percent_may_have_the_sign(tmp_path: Path) -> None:
    series = 'series.share = { table = "s.csv", key = "id", unit = "%" }'
    assert problems_of(tmp_path, series, s_csv="id,year,value\na,2003,9.5%\n") == []


def test_a_value_just_outside_the_bounds_is_told_to_its_last_digit(tmp_path: Path) -> None:
    layer = 'fields.v = { type = "number" }\nstyle = { color_by = "v", bounds = [0.1, 0.3] }'
    (said,) = problems_of(tmp_path, layer, l_csv="id,name,v\na,A,0.30000000000000004\nb,B,0.2\nc,C,\n")
    assert ": 0.30000000000000004 lies outside the bounds. Fix" in said


def test_a_size_of_areas_or_a_width_of_points_is_told(tmp_path: Path) -> None:
    layer = 'fields.v = { type = "number" }\nstyle = { color = "#112233", @ = "v" }'
    points = features({"a": {"id": "a"}})
    line = re.sub(r'"Point", "coordinates": \[.*?\]', '"LineString", "coordinates": [[74, 42], [75, 42]]', points)
    table = "id,v\na,1\n"
    (said,) = problems_of(tmp_path, layer.replace("@", "width_by"), l_geojson=points, l_csv=table)
    assert "layers.l.style.width_by: width is one of lines, and the layer has points alone. Fix: take size_by." in said
    assert problems_of(tmp_path, layer.replace("@", "size_by"), l_geojson=points, l_csv=table) == []
    (said,) = problems_of(tmp_path, layer.replace("@", "size_by"), l_geojson=line, l_csv=table)
    assert "layers.l.style.size_by: size is one of points, of which the layer has none. Fix: take color_by, or " in said
    assert problems_of(tmp_path, layer.replace("@", "width_by"), l_geojson=line, l_csv=table) == []


def test_the_page_has_the_same_limit() -> None:
    facets = (ROOT / "geo" / "page" / "state" / "facets.js").read_text("utf-8")
    assert re.findall(r"MOST_VALUES = (\d+);", facets) == [str(MOST_FILTER_VALUES)]


def test_a_field_that_names_features_is_checked_against_all_layers(tmp_path: Path) -> None:
    field = '[layers.l.fields.tied_to]\ntype = "feature"\n[layers.more]\ntitle = "More"\nfeatures = "more.geojson"'
    (tmp_path / "more.geojson").write_text(features({"a": {"id": "dam"}}), "utf-8")
    table = "id,name,tied_to\na,A,b; c\nb,B,\nc,C,a;more;damm;\n"
    (said,) = problems_of(tmp_path, field, l_csv=table)
    assert said.startswith(
        """l.csv:4 row 3 column "tied_to": no feature or layer is called 'damm'. Fix: did you mean"""
    )
    assert problems_of(tmp_path, field, l_csv=table.replace("damm", "dam")) == []
