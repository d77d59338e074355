"""GeoParquet to `Features`: by geopandas, which needs pyarrow, once its geometries are such as GEOS reads."""

from __future__ import annotations

import importlib
import io
import json
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import shapely

from geo.errors import DataError
from geo.read.exact import TO_GEOJSON
from geo.read.features import Features
from geo.read.files import FileBytes
from geo.read.frames import as_features
from geo.read.shapes import Flaw
from geo.read.wkb import LEAST_BYTES, is_nested, read_wkb


def read_parquet(file: FileBytes, keys: Sequence[str]) -> Features:
    """Give the features of a file; errors as `read_geojson`, and FILE_PACKAGE where there is no pyarrow."""
    try:
        importlib.import_module("pyarrow.parquet")
    except ImportError:
        hint = "python3 -m pip --python .venv install pyarrow (elsewhere: pip install pyarrow), or convert the file"
        raise DataError.of("FILE_PACKAGE", file.name, "reading it needs the package pyarrow", hint) from None
    flaws: dict[int, Flaw] = {}
    try:
        if _has_nested(file.data):
            frame, flaws = _mended_frame(file.data)
        else:
            try:
                frame = _frame(file.data)
            except (shapely.errors.GEOSException, NotImplementedError):
                frame, flaws = _mended_frame(file.data)
    except (ValueError, OSError, shapely.errors.GEOSException) as err:
        raise DataError.of(
            "FILE_KIND", file.name, f"it is no GeoParquet ({str(err).partition(chr(10))[0][:80]})", TO_GEOJSON
        ) from None
    return as_features(file.name, frame, keys, flaws=flaws)


def _frame(data: bytes) -> gpd.GeoDataFrame:
    return gpd.read_parquet(io.BytesIO(data), to_pandas_kwargs={"integer_object_nulls": True})


def _wkb_columns(schema: Any) -> dict[str, bool]:
    """Name the columns of geometries in WKB, each with whether it is the main one."""
    about = json.loads((schema.metadata or {}).get(b"geo", b"{}"))
    encodings = {name: column.get("encoding") for name, column in about.get("columns", {}).items()}
    return {name: name == about.get("primary_column") for name, kind in encodings.items() if kind == "WKB"}


def _has_nested(data: bytes) -> bool:
    compute, parquet = map(importlib.import_module, ("pyarrow.compute", "pyarrow.parquet"))
    names = list(_wkb_columns(parquet.read_schema(io.BytesIO(data))))
    columns = parquet.read_table(io.BytesIO(data), columns=names).columns if names else []
    longest = (column.filter(compute.greater(compute.binary_length(column), LEAST_BYTES)) for column in columns)
    return any(is_nested(one) for column in longest for one in column.to_pylist())


def _mended_frame(data: bytes) -> tuple[gpd.GeoDataFrame, dict[int, Flaw]]:
    """Give the frame of a file whose geometries are mended or left out, and the flaws of the main ones."""
    pyarrow, parquet = map(importlib.import_module, ("pyarrow", "pyarrow.parquet"))
    table = parquet.read_table(io.BytesIO(data))
    flaws: dict[int, Flaw] = {}
    for name, is_main in _wkb_columns(table.schema).items():
        shapes, found = read_wkb(table[name].to_pylist())
        flaws |= found if is_main else {}
        at = table.schema.get_field_index(name)
        mended = pyarrow.array(list(shapely.to_wkb(shapes)), table.schema.field(at).type)
        table = table.set_column(at, table.schema.field(at), [mended])
    file = io.BytesIO()
    parquet.write_table(table, file)
    return _frame(file.getvalue()), flaws
