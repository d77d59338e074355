"""The basemap that is committed: whole, small enough, and drawn as its notes say."""

import gzip
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from geo.coordinates.mercator import to_degrees
from geo.format import read_array
from geo.model import MAX_ZOOM

FOLDER = Path(__file__).parent.parent / "layers" / "basemap"
HEAD: dict[str, Any] = json.loads((FOLDER / "basemap.json").read_text("utf-8"))
PROVENANCE: dict[str, Any] = json.loads((FOLDER / "PROVENANCE.json").read_text("utf-8"))
CITY = 2
"""And capitals above."""
MAX_VECTOR_BYTES = 90_000
MAX_RELIEF_BYTES = 230_000
MAX_THUMBNAIL_BYTES = 25_000


@cache
def blob() -> bytes:
    return gzip.decompress((FOLDER / "basemap.bin.gz").read_bytes())


def numbers(array: list[Any]) -> NDArray[np.int64]:
    return np.asarray(read_array(blob(), array), dtype=np.int64)


def lines_of(first: int, last: int) -> list[Any]:
    """The parts of shapes first to before last as lines in degrees."""
    shapes = HEAD["shapes"]
    counts = numbers(shapes["vertices"])
    parts = np.concatenate([[0], np.cumsum(numbers(shapes["parts"]))])
    starts = np.concatenate([[0], np.cumsum(counts)])
    lon, lat = to_degrees(numbers(shapes["x"]), numbers(shapes["y"]))
    return [
        shapely.linestrings(
            np.column_stack([lon[starts[part] : starts[part + 1]], lat[starts[part] : starts[part + 1]]])
        )
        for part in range(parts[first], parts[last])
    ]


def names(column: str) -> list[str]:
    """The names of the labels in one language."""
    packed = HEAD["labels"]["columns"][column]
    texts = packed["values"] if packed["type"] == "dict" else packed["text"]
    lengths, joined = numbers(texts["lengths"]), bytes(read_array(blob(), texts["bytes"])).decode()
    ends = np.cumsum(lengths)
    values = [joined[end - length : end] for end, length in zip(ends, lengths, strict=True)]
    return [["", *values][code] for code in numbers(packed["codes"])] if packed["type"] == "dict" else values


def test_every_file_is_the_one_whose_origin_is_known() -> None:
    found = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in FOLDER.glob("*.webp")}
    found |= {
        name: hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() for name in ("basemap.json", "basemap.bin.gz")
    }
    assert found == {name: about["sha256"] for name, about in PROVENANCE["outputs"].items()}
    assert hashlib.sha256(blob()).hexdigest() == HEAD["blob"]["sha256"]


def test_every_input_has_version_digest_and_licence() -> None:
    assert len(PROVENANCE["inputs"]) == 8
    for package in PROVENANCE["inputs"]:
        assert package["version"]
        assert package["licence"]
        assert package["used"]
        assert len(package["sha256"]) == 64


def test_it_is_small_enough_for_every_page() -> None:
    relief = [*FOLDER.glob("relief-*.webp")]
    assert (FOLDER / "basemap.bin.gz").stat().st_size <= MAX_VECTOR_BYTES
    assert len(relief) == 4
    assert sum(file.stat().st_size for file in relief) <= MAX_RELIEF_BYTES
    for file in FOLDER.glob("thumbnail*.webp"):
        assert file.stat().st_size <= MAX_THUMBNAIL_BYTES


def test_every_picture_of_the_head_is_there() -> None:
    relief, thumbnail = HEAD["relief"], HEAD["thumbnail"]
    pictures = [relief["elevation"], *relief["areas"], thumbnail, thumbnail["close"]]
    assert sorted(picture["image"] for picture in pictures) == sorted(file.name for file in FOLDER.glob("*.webp"))


def test_levels_lie_in_each_other() -> None:
    first, second, third = HEAD["levels"]
    assert "window" not in first
    outer, inner = second["window"], third["window"]
    assert outer[0] < inner[0] < inner[2] < outer[2]
    assert outer[1] < inner[1] < inner[3] < outer[3]


@pytest.mark.parametrize(
    ("exclave", "lon", "lat"), [("Sokh", 71.1, 39.98), ("Shohimardon", 71.74, 39.95), ("Vorukh", 70.58, 39.83)]
)
def test_exclaves_are_there_and_dashed(exclave: str, lon: float, lat: float) -> None:
    level = HEAD["levels"][2]
    near = shapely.buffer(shapely.points(lon, lat), 0.25)
    dashed = [line for line in lines_of(*level["disputed_borders"]) if near.intersects(line)]
    solid = [line for line in lines_of(*level["borders"]) if near.contains(line)]
    ring = shapely.convex_hull(shapely.union_all(dashed))
    assert ring.contains(shapely.points(lon, lat)), exclave
    assert not solid, exclave


def test_the_isthmus_of_crimea_is_no_solid_border() -> None:
    isthmus = shapely.box(33.4, 45.95, 34.9, 46.25)
    for level in HEAD["levels"][:2]:
        assert not any(isthmus.intersects(line) for line in lines_of(*level["borders"]))
    assert any(isthmus.intersects(line) for line in lines_of(*HEAD["crimea"]["isthmus"]))
    (outline,) = lines_of(*HEAD["crimea"]["area"])
    assert shapely.Polygon(shapely.get_coordinates(outline)).contains(shapely.Point(34.1, 45.1))


def test_cities_have_the_names_of_the_atlas() -> None:
    english, russian, kyrgyz = (names(column) for column in ("name", "name_ru", "name_ky"))
    assert {"Bishkek", "Osh", "Jalal-Abad", "Kyrgyzstan", "Issyk-Kul", "Caspian Sea"} <= set(english)
    assert "Manas" not in english
    at = english.index("Jalal-Abad")
    assert (russian[at], kyrgyz[at]) == ("Джалал-Абад", "Жалал-Абад")
    assert kyrgyz[english.index("Issyk-Kul")] == "Ысык-Көл"
    assert kyrgyz[english.index("Caspian Sea")] == "Каспий деңизи"
    assert all(english)


def test_cities_and_lakes_are_named_to_the_nearest_zoom() -> None:
    kind, last_zoom = (
        numbers(column["codes"]) + column["base"]
        for column in map(HEAD["labels"]["columns"].__getitem__, ("kind", "last_zoom"))
    )
    assert set(last_zoom[kind >= CITY].tolist()) == {MAX_ZOOM}
    assert last_zoom[names("name").index("Issyk-Kul")] == MAX_ZOOM


def test_disputed_land_is_explained_in_every_language() -> None:
    for note in HEAD["notes"]:
        assert set(note["text"]) == set(note["title"]) == {"en", "ru", "ky"}
        assert note["sources"]
    crimea = next(note for note in HEAD["notes"] if note["id"] == "crimea")
    assert all("68/262" in text for text in crimea["text"].values())


def test_credits_name_licence_and_address() -> None:
    assert [credit["licence"] for credit in HEAD["credits"]] == [
        "Public domain",
        "Free of restrictions",
        "CC BY 4.0",
        "Unicode License v3",
    ]
    assert all(credit["url"].startswith("https://") for credit in HEAD["credits"])
