"""Shyrdak: a folder of GeoJSON layers, attribute tables and one atlas.toml becomes offline maps.

The names below are the public ones; everything else may change. They are imported on first use, so that a command that
has nothing to build does not wait for pandas.

Where what is done, in the order of a build (imports point one way; tests/test_layout.py has their order):

    set up         setup, venv, environment: `.venv` and what is in it
    say            problems, errors: what can be wrong, and how it ends a command
    configure      config, lines, schema, faults, looks: atlas.toml
    read           read.formats, read.sheets, read.geojson, read.tables, read.exact, read.jsontext, read.features,
                   read.shapes, read.controls, read.files, foreign (a file as somebody has it), guess
    model          model: what the stages hand to each other
    check          check, typed, headers, cells, citations, dates, periods, lonlat, swapped, land, projections,
                   meridian, near ("did you mean")
    join           load (the whole folder), folder, fields, join, records, flows, story, routes
    pack           pagedata, layerdata, columns, arrays, vertices, generalise, style, translations
    draw           render (folium), index, thumbnail, key, symbols, basemap, bundle (page/), inline, provenance
    build          build, plan, inputs, manifest, parallel, write
    after a build  verify, serve, preview, watch, diff, difftext, diffmap, new
    command line   cli, commands, report
    the page       page/: docs/format.md is what the two sides share; modules in folders, each needing those before it:
                   elements (what panels are made of), data, state (the one filter, and what it goes by), words (of
                   the interface and of the data), draw, panels, share (address, files, pictures, paper); app starts all
"""

from __future__ import annotations

import importlib

TYPE_CHECKING = False  # typing takes 10 ms to import, and every command passes here twice
if TYPE_CHECKING:
    from typing import Any

    from geo.build import Report, build_atlas, folium_map
    from geo.config import Config, read_config
    from geo.errors import AtlasError, DataError, EnvironmentFailure
    from geo.load import load_atlas
    from geo.model import AtlasData, LayerData
    from geo.problems import CODES, Problem

__version__ = "0.1.0"

_HOMES = {
    "AtlasData": "geo.model",
    "AtlasError": "geo.errors",
    "CODES": "geo.problems",
    "Config": "geo.config",
    "DataError": "geo.errors",
    "EnvironmentFailure": "geo.errors",
    "LayerData": "geo.model",
    "Problem": "geo.problems",
    "Report": "geo.build",
    "build_atlas": "geo.build",
    "folium_map": "geo.build",
    "load_atlas": "geo.load",
    "read_config": "geo.config",
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
