"""A small atlas of three points, for tests that change one of its files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from geo.config.settings import read_config
from geo.errors import DataError
from geo.load.atlas import load_atlas
from geo.model import AtlasData

THREE_MAPS = Path(__file__).parent / "atlases" / "three_maps"
PLACES = {"a": (74.8, 42.8), "b": (74.4, 43.0), "c": (72.8, 40.6)}
TABLE = "id,name\na,A\nb,B\nc,C\n"


def change(path: Path, old: str, new: str) -> None:
    """Put another text in a file for one that it must have."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def point(key: str, lon: float, lat: float) -> str:
    """Give a feature as the files have it."""
    geometry = f'{{"type": "Point", "coordinates": [{lon}, {lat}]}}'
    return f'{{"type": "Feature", "properties": {{"id": "{key}"}}, "geometry": {geometry}}}'


def features(properties: Mapping[str, Mapping[str, Any]]) -> str:
    """Give a GeoJSON file of some of the places, one a line, with these properties."""
    items = [
        {"type": "Feature", "properties": own, "geometry": {"type": "Point", "coordinates": PLACES[place]}}
        for place, own in properties.items()
    ]
    lines = ",\n".join(json.dumps(item, ensure_ascii=False) for item in items)
    return f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n'


def write_atlas(folder: Path, layer: str = "", *, top: str = "", **files: str) -> Path:
    """Write the atlas, its layer `l` of l.geojson and l.csv; `l_csv=...` is another l.csv, "" leaves it out.

    Parameters
    ----------
    layer, top : more lines for the table of the layer and for the beginning of atlas.toml
    """
    texts = {"l_geojson": features({place: {"id": place} for place in PLACES}), "l_csv": TABLE} | files
    table = 'table = "l.csv"\n' if texts["l_csv"] else ""
    toml = f'title = "T"\n{top}[layers.l]\ntitle = "L"\nfeatures = "l.geojson"\n{table}{layer}\n'
    texts["atlas_toml"] = toml + '[maps.m]\ntitle = "M"\nlayers = ["l"]\n'
    for name, text in texts.items():
        if text:
            (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return folder


def load_small(folder: Path, layer: str = "", *, top: str = "", **files: str) -> AtlasData:
    return load_atlas(read_config(write_atlas(folder, layer, top=top, **files)))


def problems_of(folder: Path, layer: str = "", *, top: str = "", **files: str) -> list[str]:
    """Say what is wrong in the atlas, errors and warnings."""
    try:
        return [str(problem) for problem in load_small(folder, layer, top=top, **files).problems]
    except DataError as err:
        return [str(problem) for problem in err.problems]
