"""What the stages hand to each other: plain frozen dataclasses. No I/O, no folium."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo.problems import Problem

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

    from geo.config.schema import LayerConfig
    from geo.config.settings import Config

Tell = Callable[[str, int, int], None]
"""Is told how far the work is: what is done, how many steps of it are done, of how many."""
MIN_ZOOM, MAX_ZOOM = 2, 13  # how far out and near maps go
OPEN_START = -(2**31) + 1  # the earliest day of a period without a beginning
OPEN_END = 2**31 - 1  # the latest day of a period without an end


@dataclass(frozen=True, slots=True)
class Edtf:
    """A date of the data: its first and last day (both included, days since 1970-01-01) and the text as written."""

    earliest: int
    latest: int
    text: str


SOURCE_COLUMNS = ("id", "citation", "url", "licence", "accessed")


@dataclass(frozen=True, slots=True)
class Source:
    """A reference of sources.csv: SOURCE_COLUMNS, and the line on which it stands there."""

    id: str
    citation: str
    url: str | None
    licence: str | None
    accessed: str | None
    line: int


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of a layer's inputs; what matched nothing is reported, or ignored as atlas.toml has it.

    features : features read
    rows : rows of the attribute table read (0 without a table)
    matched : rows of `LayerData.frame`
    located : those of them with a geometry
    problems : warnings about this layer's features and rows; of a file that layers share, with the first of them
    """

    features: int
    rows: int
    matched: int
    located: int
    problems: int


@dataclass(frozen=True, slots=True)
class LayerData:
    """A layer, read, checked and joined.

    frame : one row per feature drawn, in file order (that of the table where a feature has many rows), RangeIndex,
        EPSG:4326. "geometry" (None = not located), "_key" (text) and every property and table column under its own
        name, typed by declaration: text, category, url -> object of str | None; boolean -> object of bool | None;
        integer, number -> float64 (NaN = missing); date, valid_from, valid_to, as_of -> object of Edtf | None, for
        which `frame.to_json` needs `default=lambda date: date.text`
    records : None where the layer has none; sorted by "_feature" (row position in `frame`) and date; id, date
        (Edtf | None), text, text_<language>, value, unit, source, note and further columns, all str | None
    series : by id: "_feature", "time" (year), "value", "source"; sorted by feature and year
    pool : the file that the geometry comes from; layers of one pool share their geometry
    lost : keys of its files that an error keeps out of `frame`: what names them is not wrong
    """

    id: str
    config: LayerConfig
    frame: GeoDataFrame
    records: pd.DataFrame | None
    series: Mapping[str, pd.DataFrame]
    pool: str
    counts: Counts
    lost: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a map's story; what is None is as the map opens.

    title, text : per language
    view : (west, south, east, north), east beyond 180 where that lies between, or (lon, lat, zoom)
    layers : ids of those shown
    selection : layer id and key of the feature whose card is open
    source : a source cell, "" where the step has none
    """

    id: str
    title: Mapping[str, str]
    text: Mapping[str, str]
    view: tuple[float, ...] | None
    layers: tuple[str, ...] | None
    time: Edtf | None
    selection: tuple[str, str] | None
    source: str


@dataclass(frozen=True, slots=True)
class AtlasData:
    """An atlas folder without errors.

    stories : the steps by map id, of the maps whose layers are all here
    inputs : sha256 of the bytes read, by path relative to the folder
    """

    config: Config
    sources: Mapping[str, Source]
    layers: Mapping[str, LayerData]
    stories: Mapping[str, tuple[Step, ...]]
    problems: tuple[Problem, ...]
    inputs: Mapping[str, str]
