"""Other formats of features: GeoPackage, FlatGeobuf, shapefile, GeoParquet."""

from __future__ import annotations

import contextlib
import datetime
import json
import math
import os
import sqlite3
import struct
import sys
import warnings
from pathlib import Path
from types import ModuleType
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.errors import DataError
from geo.read.files import FileBytes, read_bytes
from geo.read.formats import read_features, read_table
from geo.read.frames import as_features, plain_value
from geo.read.wkb import read_wkb

PLACES = {"kant": (74.8465, 42.8532), "osh": (72.7933, 40.609)}


def bases(**columns: Any) -> gpd.GeoDataFrame:
    points = gpd.points_from_xy(*zip(*PLACES.values(), strict=True))
    return gpd.GeoDataFrame({"id": list(PLACES)} | columns, geometry=points, crs="EPSG:4326")


def problem_of(file: FileBytes, *beside: FileBytes, read: Any = read_features) -> str:
    with pytest.raises(DataError) as caught:
        read(file, **({"beside": beside} if beside else {}))
    return str(caught.value)


@pytest.mark.parametrize(("ending", "driver"), [("gpkg", "GPKG"), ("fgb", "FlatGeobuf")])
def test_reads_features_with_their_properties(tmp_path: Path, ending: str, driver: str) -> None:
    frame = bases(staff=[500, None], site=["https://mil.ru", None])
    frame.to_file(tmp_path / f"bases.{ending}", driver=driver)
    features = read_features(read_bytes(tmp_path, f"bases.{ending}"))
    found = {key: features.geometry[at].coords[0] for at, key in enumerate(features.properties["id"])}
    assert found == PLACES
    kant = features.properties["id"].index("kant")
    assert features.properties["staff"][kant] == 500
    assert features.properties["staff"][1 - kant] is None
    assert features.properties["site"][1 - kant] is None
    assert features.subject(kant) == f'feature {kant + 1} ("kant")'


@pytest.mark.parametrize(("ending", "driver"), [("gpkg", "GPKG"), ("fgb", "FlatGeobuf"), ("shp", "ESRI Shapefile")])
def test_a_blank_makes_no_floats_of_whole_numbers(tmp_path: Path, ending: str, driver: str) -> None:
    columns = {"staff": pd.array([500, None], dtype="Int64"), "shared": pd.array([True, None], dtype="boolean")}
    bases(**columns).to_file(tmp_path / f"bases.{ending}", driver=driver)
    parts = [read_bytes(tmp_path, path.name) for path in sorted(tmp_path.iterdir(), key=lambda p: p.suffix != ".shp")]
    properties = read_features(parts[0], beside=parts[1:]).properties
    assert sorted(map(str, properties["staff"])) == ["500", "None"]
    assert sorted(map(str, properties["shared"])) == ["None", "True"]


@pytest.mark.parametrize(("ending", "driver"), [("gpkg", "GPKG"), ("fgb", "FlatGeobuf"), ("shp", "ESRI Shapefile")])
def test_a_blank_rounds_no_large_whole_number(tmp_path: Path, ending: str, driver: str) -> None:
    cards = [2**53 + 1, None, -(2**53) - 3]
    points = gpd.points_from_xy([74, 75, 76], [42, 42, 42])
    frame = gpd.GeoDataFrame({"card": pd.array(cards, dtype="Int64")}, geometry=points, crs="EPSG:4326")
    frame.to_file(tmp_path / f"bases.{ending}", driver=driver)
    parts = [read_bytes(tmp_path, path.name) for path in sorted(tmp_path.iterdir(), key=lambda p: p.suffix != ".shp")]
    features = read_features(parts[0], beside=parts[1:])
    by_place = {int(point.x): card for point, card in zip(features.geometry, features.properties["card"], strict=True)}
    assert by_place == dict(zip((74, 75, 76), cards, strict=True))


def test_lists_and_objects_of_a_parquet_file_are_those_of_json() -> None:
    found = plain_value(
        [np.array([1, 2]), {"a": np.array([1.5, math.nan])}, np.int64(3), datetime.date(2003, 10, 23), b"x"]
    )
    assert found == [[1, 2], {"a": [1.5, None]}, 3, "2003-10-23", "b'x'"]
    assert json.dumps(found)


def test_turns_metres_of_a_named_system_into_degrees(tmp_path: Path) -> None:
    bases().to_crs("EPSG:32643").to_file(tmp_path / "bases.gpkg", driver="GPKG")
    features = read_features(read_bytes(tmp_path, "bases.gpkg"))
    assert features.geometry[0].coords[0] == pytest.approx(PLACES["kant"])


@pytest.mark.parametrize("ending", ["gpkg", "fgb", "shp"])
def test_a_file_without_a_system_is_in_degrees(tmp_path: Path, ending: str) -> None:
    with pytest.warns(UserWarning, match="'crs' was not provided"):
        bases().set_crs(None, allow_override=True).to_file(tmp_path / f"bases.{ending}")
    parts = [read_bytes(tmp_path, path.name) for path in sorted(tmp_path.iterdir(), key=lambda p: p.suffix != ".shp")]
    features = read_features(parts[0], beside=parts[1:])
    assert sorted(shape.coords[0] for shape in features.geometry) == sorted(PLACES.values())


@pytest.mark.parametrize(
    ("system", "is_doubted"),
    [
        ("+proj=utm +zone=43 +ellps=krass", True),
        ("+proj=utm +zone=43 +ellps=krass +towgs84=23,-130,-84", False),
        ("+proj=utm +zone=43 +ellps=WGS84", False),
        ("+proj=utm +zone=43 +ellps=GRS80", False),
        ("EPSG:28413", False),
    ],
)
def test_a_system_without_a_datum_is_doubted(system: str, is_doubted: bool) -> None:
    features = as_features("bases.gpkg", bases().to_crs(system))
    assert features.geometry[0].coords[0] == pytest.approx(PLACES["kant"], abs=0.01)
    assert [str(problem) for problem in features.problems] == is_doubted * [
        "bases.gpkg: warning: its reference system (unknown) has no known datum: places may be 100 m off. "
        "Fix: give it the system that it is in, such as Pulkovo 1942, or let it be. [GEOJSON_CRS]"
    ]


def test_degrees_said_to_be_metres_are_refused(tmp_path: Path) -> None:
    bases().set_crs("EPSG:3857", allow_override=True).to_file(tmp_path / "bases.gpkg")
    (problem,) = read_features(read_bytes(tmp_path, "bases.gpkg")).problems
    assert str(problem) == (
        "bases.gpkg: its reference system (WGS 84 / Pseudo-Mercator) has metres, and its coordinates look like "
        "degrees. Fix: give it the system that it is in (EPSG:4326), without converting it. [GEOJSON_CRS]"
    )


def test_reads_a_shapefile_from_its_parts(tmp_path: Path) -> None:
    bases(name=["Кант", "Ош"]).to_file(tmp_path / "bases.shp", encoding="utf-8")
    parts = [read_bytes(tmp_path, f"bases.{ending}") for ending in ("shp", "shx", "dbf", "prj", "cpg")]
    features = read_features(parts[0], beside=parts[1:])
    assert features.properties == {"id": ["kant", "osh"], "name": ["Кант", "Ош"]}


@pytest.mark.parametrize(
    ("encoding", "name", "says"),
    [("cp1251", "Нарын", "likely cp1251 ('Нарын')"), ("utf-8", "Нарын", "likely UTF-8 ('Нарын')")],
)
def test_a_shapefile_without_its_encoding_is_refused(tmp_path: Path, encoding: str, name: str, says: str) -> None:
    bases(name=[name, "Ош"]).to_file(tmp_path / "bases.shp", encoding=encoding)
    parts = [read_bytes(tmp_path, f"bases.{ending}") for ending in ("shp", "shx", "dbf", "prj")]
    problem = problem_of(*parts)
    assert problem == (
        f"bases.shp: the shapefile has no bases.cpg, which says what encoding its text is in; it is {says}. "
        f"Fix: write bases.cpg with the one word {says.split()[1]}. [FILE_ENCODING]"
    )
    (tmp_path / "bases.cpg").write_text(says.split()[1])
    features = read_features(parts[0], beside=[*parts[1:], read_bytes(tmp_path, "bases.cpg")])
    assert features.properties["name"] == [name, "Ош"]


def test_a_shapefile_of_ascii_needs_no_encoding(tmp_path: Path) -> None:
    bases(name=["Kant", "Osh"]).to_file(tmp_path / "bases.shp")
    parts = [read_bytes(tmp_path, f"bases.{ending}") for ending in ("shp", "shx", "dbf", "prj")]
    assert read_features(parts[0], beside=parts[1:]).properties["name"] == ["Kant", "Osh"]


def test_a_shapefile_in_another_encoding_than_it_says_is_refused(tmp_path: Path) -> None:
    bases(name=["Нарын", "Ош"]).to_file(tmp_path / "bases.shp", encoding="cp1251")
    (tmp_path / "bases.cpg").write_text("UTF-8")
    parts = [read_bytes(tmp_path, f"bases.{ending}") for ending in ("shp", "shx", "dbf", "prj", "cpg")]
    assert "its text is not in the encoding that it names" in problem_of(*parts)


@pytest.mark.parametrize(
    ("crs", "position", "says"),
    [
        (4326, (math.nan, 42), "the position nan, 42 is not two numbers"),
        (3857, (1e30, 5.2e6), "1e+30, 5200000 is no place in WGS 84 / Pseudo-Mercator"),
        (3857, (8.3e6, 1e9), "8300000, 1e+09 is no place in WGS 84 / Pseudo-Mercator"),
    ],
)
def test_a_position_that_is_none_is_an_error(tmp_path: Path, crs: int, position: Any, says: str) -> None:
    shapes = [*gpd.GeoSeries([shapely.Point(74, 42)], crs=4326).to_crs(crs), shapely.Point(position)]
    gpd.GeoDataFrame({"id": list(PLACES)}, geometry=shapes, crs=crs).to_file(tmp_path / "bases.gpkg", driver="GPKG")
    features = read_features(read_bytes(tmp_path, "bases.gpkg"))
    assert [shape is None for shape in features.geometry] == [False, True]
    assert features.flawed == {1}
    assert [(problem.subject, problem.message) for problem in features.problems] == [('feature 2 ("osh")', says)]


def test_sets_heights_aside_and_says_so(tmp_path: Path) -> None:
    frame = bases()
    frame.geometry = shapely.force_3d(frame.geometry, 650.0)
    frame.to_file(tmp_path / "bases.gpkg", driver="GPKG")
    features = read_features(read_bytes(tmp_path, "bases.gpkg"))
    assert not features.geometry[0].has_z
    assert [problem.code for problem in features.problems] == ["GEOMETRY_HEIGHT"]


def test_names_a_geometry_that_is_not_drawn(tmp_path: Path) -> None:
    frame = bases()
    frame.geometry = [
        shapely.Point(74, 42),
        shapely.GeometryCollection([shapely.Point(1, 1), shapely.LineString([(1, 1), (2, 2)])]),
    ]
    frame.to_file(tmp_path / "bases.gpkg", driver="GPKG")
    problem = str(read_features(read_bytes(tmp_path, "bases.gpkg")).problems[0])
    assert problem.startswith(
        'bases.gpkg feature 2 ("osh"): the geometry is a GeometryCollection. Fix: make it one of '
    )


def test_a_collection_of_one_kind_is_that_kind(tmp_path: Path) -> None:
    frame = bases()
    frame.geometry = [
        shapely.Point(74, 42),
        shapely.GeometryCollection([shapely.MultiPoint([(1, 1)]), shapely.Point(2, 2)]),
    ]
    frame.to_file(tmp_path / "bases.gpkg", driver="GPKG")
    features = read_features(read_bytes(tmp_path, "bases.gpkg"))
    assert features.geometry[1].wkt == "MULTIPOINT ((1 1), (2 2))"
    assert features.problems == ()


def test_an_open_ring_is_closed_and_what_has_too_few_positions_named() -> None:
    ring = struct.pack("<BIII8d", 1, 3, 1, 4, 74, 42, 75, 42, 75, 43, 74, 43)
    line = struct.pack("<BII2d", 1, 2, 1, 74, 42)
    shapes, flaws = read_wkb([ring, line, None])
    assert [shape and shape.wkt for shape in shapes] == ["POLYGON ((74 42, 75 42, 75 43, 74 43, 74 42))", None, None]
    assert {at: (flaw.code, flaw.severity) for at, flaw in flaws.items()} == {
        0: ("GEOMETRY_RING", "warning"), 1: ("GEOMETRY_SHORT", "error"),
    }  # fmt: skip


SQUARE, OPEN_END = shapely.box(74, 42, 75, 43), struct.pack("<2d", 74.5, 42.5)
WITH_OPEN_RING = SQUARE.wkb[:-16] + OPEN_END


@pytest.mark.parametrize("ending", ["gpkg", "fgb", "parquet", "shp"])
def test_an_open_ring_is_closed_and_said_in_each_format(tmp_path: Path, ending: str) -> None:
    frame = bases().iloc[:1]
    frame.geometry = [SQUARE]
    path = tmp_path / f"bases.{ending}"
    if ending == "parquet":
        pytest.importorskip("pyarrow")
        frame.to_parquet(path, compression="none", write_statistics=False)
    else:
        frame.to_file(path)
    square = shapely.get_coordinates(SQUARE.reverse() if ending == "shp" else SQUARE).tobytes()
    data = path.read_bytes()
    assert data.count(square) == 1
    beside = [read_bytes(tmp_path, f"bases.{part}") for part in ("shx", "dbf") if ending == "shp"]
    file = FileBytes(path.name, data.replace(square, square[:-16] + OPEN_END), "")
    features = read_features(file, beside=beside)
    assert len(features.geometry[0].exterior.coords) == 6
    assert features.properties["id"] == ["kant"]
    assert [(problem.code, problem.severity) for problem in features.problems] == [("GEOMETRY_RING", "warning")]


def test_geoparquet_keeps_what_it_says_of_a_mended_geometry(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    frame = bases().iloc[:2].to_crs("EPSG:32643")
    frame["area"] = gpd.GeoSeries([SQUARE, None], crs="EPSG:4326")
    frame.to_parquet(tmp_path / "bases.parquet", compression="none", write_statistics=False)
    data = (tmp_path / "bases.parquet").read_bytes().replace(SQUARE.wkb, WITH_OPEN_RING)
    features = read_features(FileBytes("bases.parquet", data, ""))
    assert [shape.coords[0] for shape in features.geometry] == [
        pytest.approx(shape.coords[0]) for shape in bases().geometry[:2]
    ]
    assert [problem.code for problem in features.problems] == ["GEOMETRY_TYPE"], "what is set aside is not told of"


NESTED = b"\x01\x07\0\0\0\x01\0\0\0" * 200_000 + shapely.Point(74, 42).wkb
CURVE = b"\x01\x08\0\0\0\x03\0\0\0" + struct.pack("<6d", 74, 42, 75, 43, 76, 42)


@pytest.mark.parametrize("wkb", [NESTED, shapely.Point(74, 42).wkb[:-5], b"junk"])
def test_a_geometry_in_a_geopackage_of_which_gdal_makes_none_is_told(tmp_path: Path, wkb: bytes) -> None:
    bases().to_file(tmp_path / "bases.gpkg")
    with contextlib.closing(sqlite3.connect(tmp_path / "bases.gpkg")) as database, database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        ((blob,),) = database.execute("SELECT geom FROM bases WHERE id = 'kant'").fetchall()
        database.execute("UPDATE bases SET geom = ? WHERE id = 'kant'", [blob.removesuffix(blob[-21:]) + wkb])
        database.execute("UPDATE bases SET geom = NULL WHERE id = 'osh'")
    features = read_features(read_bytes(tmp_path, "bases.gpkg"))
    assert [shape is None for shape in features.geometry] == [True, True]
    assert [(problem.subject, problem.message) for problem in features.problems] == [
        ('feature 1 ("kant")', "its geometry cannot be read")
    ]


@pytest.mark.parametrize(
    ("wkb", "said"),
    [
        (NESTED, "the geometry has too many collections"),
        (CURVE, "the geometry has curves"),
        (b"junk", "its geometry cannot be read"),
    ],
)
def test_a_geometry_of_geoparquet_that_is_none_is_told(tmp_path: Path, wkb: bytes, said: str) -> None:
    pyarrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    bases().to_parquet(tmp_path / "bases.parquet")
    table = parquet.read_table(tmp_path / "bases.parquet")
    at = table.schema.get_field_index("geometry")
    cells = pyarrow.array([wkb, shapely.Point(72, 40).wkb], pyarrow.binary())
    parquet.write_table(table.set_column(at, table.schema.field(at), [cells]), tmp_path / "bases.parquet")
    features = read_features(read_bytes(tmp_path, "bases.parquet"))
    assert [shape is None for shape in features.geometry] == [True, False]
    assert [(problem.subject, problem.message) for problem in features.problems] == [('feature 1 ("kant")', said)]


def test_pictures_in_a_geopackage_are_set_aside_and_said(tmp_path: Path) -> None:
    bases(name=["Kant", None]).to_file(tmp_path / "bases.gpkg")
    with contextlib.closing(sqlite3.connect(tmp_path / "bases.gpkg")) as database, database:
        database.execute("ALTER TABLE bases ADD COLUMN photo BLOB")
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute("UPDATE bases SET photo = ? WHERE id = 'osh'", [b"\xff\xd8\xff"])
    features = read_features(read_bytes(tmp_path, "bases.gpkg"))
    assert features.properties == {"id": ["kant", "osh"], "name": ["Kant", None]}
    assert list(map(str, features.problems)) == [
        'bases.gpkg: warning: "photo" has data that are no text, such as pictures, which are set aside.'
        " Fix: let it be. [FILE_KIND]"
    ]


def test_a_part_of_a_shapefile_that_is_missing_is_told(tmp_path: Path) -> None:
    bases().to_file(tmp_path / "bases.shp")
    shp, shx, prj = (read_bytes(tmp_path, f"bases.{ending}") for ending in ("shp", "shx", "prj"))
    assert problem_of(shp, prj).startswith("bases.shp: there is no bases.shx beside it. Fix: a shapefile is several")
    features = read_features(shp, beside=[shx, prj])
    assert [problem.message for problem in features.problems] == [
        "there is no bases.dbf beside it, in which its attributes are"
    ]


def test_what_gdal_warns_of_is_told_without_the_place_of_a_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def warn(path: Path, **_: Any) -> gpd.GeoDataFrame:
        warnings.warn(f"{path}: odd", RuntimeWarning, stacklevel=1)
        return bases()

    bases().to_file(tmp_path / "bases.fgb")
    monkeypatch.setattr("pyogrio.read_dataframe", warn)
    (problem,) = read_features(read_bytes(tmp_path, "bases.fgb")).problems
    assert (problem.severity, problem.message) == ("warning", "GDAL says of it: bases.fgb: odd")


def test_does_not_take_the_first_of_two_layers(tmp_path: Path) -> None:
    for layer in ("bases", "towns"):
        bases().to_file(tmp_path / "bases.gpkg", driver="GPKG", layer=layer)
    problem = problem_of(read_bytes(tmp_path, "bases.gpkg"))
    assert problem == (
        "bases.gpkg: it has 2 layers with geometry: bases, towns. Fix: save one of them as GeoJSON in EPSG:4326 "
        "(in QGIS: Export > Save Features As). [FILE_KIND]"
    )


@pytest.mark.parametrize("ending", ["gpkg", "fgb", "parquet"])
def test_does_not_follow_vrt_to_other_files(ending: str) -> None:
    vrt = b"<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>"
    problem = problem_of(FileBytes(f"bases.{ending}", vrt, ""))
    assert problem == (
        f"bases.{ending}: the content is not what '.{ending}' stands for. "
        "Fix: give the file the ending of what it holds. [FILE_KIND]"
    )


def test_a_sqlite_file_that_is_no_geopackage_is_refused(tmp_path: Path) -> None:
    data = b"SQLite format 3\0" + bytes(4096)
    assert "[FILE_KIND]" in problem_of(FileBytes("bases.gpkg", data, ""))


def test_of_two_columns_of_geometries_one_is_taken_and_the_other_told() -> None:
    frame = bases(area=gpd.GeoSeries([shapely.box(1, 1, 2, 2)] * 2, crs="EPSG:4326"))
    features = as_features("bases.parquet", frame)
    assert list(features.properties) == ["id"]
    assert [problem.message for problem in features.problems] == ['"area" has geometries, too, which are set aside']


def test_a_damaged_parquet_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise OSError("Couldn't deserialize thrift")  # what pyarrow says, which the lock does not have

    parquet = ModuleType("parquet")
    parquet.__dict__["read_schema"] = fail
    for name, module in (
        ("pyarrow.parquet", parquet),
        ("pyarrow.compute", parquet),
        ("pyarrow", ModuleType("pyarrow")),
    ):
        monkeypatch.setitem(sys.modules, name, module)
    file = FileBytes("bases.parquet", b"PAR1" + bytes(60), "")
    assert problem_of(file).startswith("bases.parquet: it is no GeoParquet")


@pytest.mark.parametrize("ending", ["gpkg", "shp"])
def test_a_system_that_has_no_place_on_the_globe_is_refused(tmp_path: Path, ending: str) -> None:
    local = 'LOCAL_CS["Site grid",UNIT["metre",1],AXIS["Easting",EAST],AXIS["Northing",NORTH]]'
    bases().set_crs(local, allow_override=True).to_file(tmp_path / f"bases.{ending}")
    parts = [read_bytes(tmp_path, path.name) for path in sorted(tmp_path.iterdir(), key=lambda p: p.suffix != ".shp")]
    features = read_features(parts[0], beside=parts[1:])
    assert (features.geometry.tolist(), {*features.flawed}) == ([None, None], {0, 1})
    (problem,) = features.problems
    assert str(problem).startswith(
        f"bases.{ending}: nothing converts its reference system (Site grid) to degrees. Fix: give it"
    )


@pytest.mark.parametrize("ending", ["parquet", "geoparquet"])
def test_says_which_package_a_format_needs(ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    assert problem_of(FileBytes(f"bases.{ending}", b"PAR1", "")) == (
        f"bases.{ending}: reading it needs the package pyarrow. "
        "Fix: python3 -m pip --python .venv install pyarrow (elsewhere: pip install pyarrow), or convert the file. "
        "[FILE_PACKAGE]"
    )


@pytest.mark.parametrize(("name", "read"), [("roads.dxf", read_features), ("roads.ods", read_table)])
def test_refuses_other_endings(name: str, read: Any) -> None:
    assert "[FILE_KIND]" in problem_of(FileBytes(name, b"x", ""), read=read)


@pytest.mark.skipif(os.name == "nt", reason="the root there is that of a drive")
def test_the_root_of_a_disk_may_be_an_atlas_folder() -> None:
    file = Path(__file__).resolve()
    assert read_bytes(Path("/"), file.relative_to("/").as_posix()).data == file.read_bytes()
