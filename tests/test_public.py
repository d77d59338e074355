"""The public names: these, each importable, none of them costing the command line its quick start."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import geo
from tests.small import write_atlas

PUBLIC = """
AtlasData AtlasError CODES Config DataError EnvironmentFailure LayerData Problem Report
build_atlas folium_map load_atlas read_config
"""


def test_the_public_names_are_these() -> None:
    assert sorted(geo.__all__) == sorted(PUBLIC.split())
    assert all(getattr(geo, name).__doc__ or name == "CODES" for name in geo.__all__)


def test_the_command_line_does_not_import_pandas() -> None:
    code = "import sys, geo.cli; print(sorted({'pandas', 'geopandas', 'folium', 'pydantic'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("kind", [str, Path])
def test_folders_are_given_as_text_or_path(kind: Callable[[Path], str | Path], tmp_path: Path) -> None:
    atlas = kind(write_atlas(tmp_path))
    assert list(geo.build_atlas(atlas, kind(tmp_path / "maps")).pages) == ["m.html", "index.html"]
    assert list(geo.read_config(atlas).maps) == ["m"]
    assert list(geo.load_atlas(atlas).layers) == ["l"]
    assert geo.folium_map(atlas, "m").get_bounds() == [[40.1, 72.3], [43.5, 75.3]]


def test_an_atlas_is_loaded_of_its_config_too(tmp_path: Path) -> None:
    config = geo.read_config(write_atlas(tmp_path))
    assert geo.load_atlas(config).config is config


@pytest.mark.parametrize(
    ("maps", "said"),
    [("m", r"a list of ids, \['m'\], not by 'm'"), ([Path("m")], r"its id, a str, not by .*Path\('m'\)")],
)
def test_maps_are_asked_for_by_ids(tmp_path: Path, maps: Any, said: str) -> None:
    atlas = write_atlas(tmp_path)
    with pytest.raises(TypeError, match=said):
        geo.build_atlas(atlas, tmp_path / "out", maps=maps)
    with pytest.raises(TypeError, match=r"its id, a str, not by "):
        geo.folium_map(atlas, Path("m"))  # type: ignore[arg-type]
