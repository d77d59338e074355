"""The public names: these, each importable, none of them costing the command line its quick start."""

from __future__ import annotations

import subprocess
import sys

import geo

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
