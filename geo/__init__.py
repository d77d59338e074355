"""Shyrdak: a folder of GeoJSON layers, attribute tables and one atlas.toml becomes offline maps.

The names below are the public ones; everything else may change. They are imported on first use, so that a command that
has nothing to build does not wait for pandas.

Where what is done. A module imports from its own folder and from those above it here (tests/test_layout.py):

    setup          an interpreter that has what Shyrdak needs: `.venv` and what is in it
    problems       what can be wrong in an atlas folder, and every code it can bear
    errors         how it ends a command
    format         JSON and arrays as pages hold them; docs/format.md is what Python and the page share
    config         atlas.toml: `schema` its tables, `settings` what the stages read, `looks` the words of a style
    model          what the stages hand to each other
    read           the bytes of an atlas's files to features and tables, each with its line
    basemap        the basemap that pages carry
    coordinates    what cannot be longitude and latitude, what crosses 180 degrees; `mercator` is the map's square
    check          cells to values: `values`, dates, periods, citations, columns; `near` is the "did you mean"
    load           `atlas`, the whole folder: each file read once (`folder`), joined (`join`), its records, flows,
                   stories, what has no translation
    pack           `pagedata`, what a page holds: colours and classes, columns, geometries as they are drawn
    render         `map`, the only door to folium; `bundle` puts page/ together, `inline` leaves nothing outside
    index          the index page and its pictures
    pipeline       `build`, all of it from top to bottom; `plan`, what has to be made again and why; `verify`
    serve          live preview
    new            a new atlas folder
    diff           what differs between two atlases
    report         what commands print
    progress       how far they are
    commands, cli  the command line
    __main__       the same as `python -m geo`

    page           the front end, in folders that need only those before them: elements (what panels are made of),
                   data, state (the one filter, and what it goes by), words (of the interface and of the data), draw,
                   panels, share (address, files, pictures, paper); `app` starts all
"""

from __future__ import annotations

import importlib

TYPE_CHECKING = False  # typing takes 10 ms to import, and every command passes here twice
if TYPE_CHECKING:
    from typing import Any

    from geo.config.settings import Config, read_config
    from geo.errors import AtlasError, DataError, EnvironmentFailure
    from geo.load.atlas import load_atlas
    from geo.model import AtlasData, LayerData
    from geo.pipeline.build import Report, build_atlas, folium_map
    from geo.problems import CODES, Problem

__version__ = "0.1.0"

_HOMES = {
    "AtlasData": "geo.model",
    "AtlasError": "geo.errors",
    "CODES": "geo.problems",
    "Config": "geo.config.settings",
    "DataError": "geo.errors",
    "EnvironmentFailure": "geo.errors",
    "LayerData": "geo.model",
    "Problem": "geo.problems",
    "Report": "geo.pipeline.build",
    "build_atlas": "geo.pipeline.build",
    "folium_map": "geo.pipeline.build",
    "load_atlas": "geo.load.atlas",
    "read_config": "geo.config.settings",
}

__all__ = [
    "CODES",
    "AtlasData",
    "AtlasError",
    "Config",
    "DataError",
    "EnvironmentFailure",
    "LayerData",
    "Problem",
    "Report",
    "build_atlas",
    "folium_map",
    "load_atlas",
    "read_config",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'geo' has no attribute '{name}'")
    return getattr(importlib.import_module(_HOMES[name]), name)
