"""GeoJSON of a feature a line: read as a collection, with true lines."""

from __future__ import annotations

import pytest

from geo.errors import DataError
from geo.read.features import Features
from geo.read.files import FileBytes
from geo.read.formats import read_features
from tests.small import point

KANT, OSH = point("kant", 74.8465, 42.8532), point("osh", 72.7933, 40.609)


def read(text: str, name: str = "bases.geojsonl") -> Features:
    return read_features(FileBytes(name, text.encode(), ""))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (f"{KANT}\n{OSH}\n", [1, 2]),
        (f"\ufeff{KANT}\r\n\r\n{OSH}", [1, 3]),
        (f"\n{KANT}\n \n{OSH}\n\n", [2, 4]),
        (f"\x1e{KANT}\n\x1e{OSH}\n", [1, 2]),
        (f"\x1e\x1e{KANT}\x1e{OSH}\x1e", [1, 1]),
        ("\x1e" + KANT.replace(', "', ',\n"') + "\n\x1e" + OSH, [1, 5]),
    ],
)
@pytest.mark.parametrize("name", ["bases.geojsonl", "bases.geojsons", "bases.NDJSON"])
def test_reads_each_feature_with_its_line(text: str, lines: list[int], name: str) -> None:
    features = read(text, name)
    assert features.properties == {"id": ["kant", "osh"]}
    assert [shape.wkt for shape in features.geometry] == ["POINT (74.8465 42.8532)", "POINT (72.7933 40.609)"]
    assert features.lines.tolist() == lines
    assert features.problems == ()


def test_what_is_wrong_with_a_feature_is_said_of_its_line() -> None:
    problems = read(f'{KANT}\n{{"type": "Point", "coordinates": [74, 42]}}\n{OSH.replace("40.609", "NaN")}\n').problems
    assert [(problem.line, problem.code) for problem in problems] == [
        (3, "JSON_NUMBER"), (2, "GEOJSON_TYPE"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            f"{KANT}\n{OSH[:-1]}\n{KANT}\n",
            f"bases.geojsonl:2:{len(OSH)}: the text ends before the JSON does. Fix: look ",
        ),
        (
            f"{KANT},\n{OSH},\n",
            f"bases.geojsonl:1:{len(KANT) + 1}: text follows after the end of the JSON value. Fix: ",
        ),
        (f"{KANT}\n\n{OSH} {KANT}\n", f"bases.geojsonl:3:{len(OSH) + 2}: another JSON object follows the first"),
        (f"\x1e{KANT}\n\x1e{OSH[:-1]}\n", f"bases.geojsonl:2:{len(OSH)}: the text ends before the JSON does."),
    ],
)
def test_a_line_that_is_no_json_is_named(text: str, said: str) -> None:
    with pytest.raises(DataError) as caught:
        read(text)
    assert str(caught.value).startswith(said)
    assert ("each feature stands on one line" in str(caught.value)) == ("\x1e" not in text)
