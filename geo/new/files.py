"""The files of a new atlas folder: atlas.toml, GeoJSON and tables, as text."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import shapely

from geo.config.columns import DATE_COLUMNS, TEXT_COLUMNS, is_source_column, translated
from geo.config.settings import CONFIG_NAME
from geo.new.foreign import Columns
from geo.new.guess import guess_languages, guess_type
from geo.new.naming import Places

WITHOUT_SLIDER = "# time = "
COORDINATE_DECIMALS = 7  # 1 cm


def make_files(path: Path, places: Places) -> dict[str, str]:
    """Give the text of each file of the atlas; `path`: the file that it is made from, after which it is called."""
    layer = _identifier(path.stem)
    return {
        CONFIG_NAME: _toml(path, layer, places),
        f"{layer}.geojson": _geojson(places),
        # With its separator: where spreadsheets part cells by ; a number such as 1.860 is one to be asked about.
        f"{layer}.csv": _csv(places.columns, places.separator or ","),
        "sources.csv": _csv(places.sources),
        **({_records(layer): _csv(places.records)} if places.records else {}),
    }


def _records(layer: str) -> str:
    return f"{layer}_records.csv"


def _toml(path: Path, layer: str, places: Places) -> str:
    """atlas.toml with every column declared by what its cells are."""
    key = places.key
    title = _title(path.stem.replace("-", " ")) or layer
    languages = guess_languages(places.columns)
    named = {key, *TEXT_COLUMNS, *DATE_COLUMNS, *translated(places.columns, languages)}  # these need no declaration
    types = {
        name: "text" if name in places.misfits else guess_type(cells)
        for name, cells in places.columns.items()
        if name not in named and not is_source_column(name)
    }
    telling = [name for name in types if len({*places.columns[name]} - {""}) > 1]  # of others no choice is to be made
    colouring = next((name for name in telling if types[name] == "category"), None)
    lines = [
        f"# Made from {_string(path.name)}. docs/atlas-folder.md of Shyrdak explains every key.",
        f"title = {_string(title)}",
        f"languages = {json.dumps(languages)}".ljust(30) + "# of the page; names and titles are in the first of them",
        "require_sources = false       # true: a row without a known source stops the build",
        "",
        f"[layers.{layer}]",
        f"title = {_string(title)}",
        f'features = "{layer}.geojson"',
        f'table = "{layer}.csv"',
        *([f"key = {_string(key)}"] if key != "id" else []),
        *(['unlocated = "allow"'] if any(shape is None for shape in places.shapes) else []),
        *_time([name for name, kind in types.items() if kind == "date"], places.columns),
        "",
    ]
    for name, kind in types.items():
        lines += [f"[layers.{layer}.fields.{_toml_key(name)}]"]
        lines += [f"title = {_string(places.titles.get(name) or _title(name))}", f'type = "{kind}"']
        lines += [f"unit = {_string(places.units[name])}"] if name in places.units else []
        is_filter = kind in ("category", "number", "integer", "boolean") and name in telling
        lines += ["filter = true", ""] if is_filter else [""]
    if places.records:
        lines += [f"[layers.{layer}.records]", f'table = "{_records(layer)}"', ""]
    if colouring:
        lines += [f"[layers.{layer}.style]", f"color_by = {_string(colouring)}", ""]
    lines += [f"[maps.{layer}]", f"title = {_string(title)}", f'layers = ["{layer}"]', ""]
    return "\n".join(lines)


def _time(dates: list[str], columns: Columns) -> list[str]:
    """The line that makes a slider of the dates, for the author to take: what they mean, a table does not say."""
    if not dates or {*DATE_COLUMNS[:2]} & columns.keys():
        return []
    since, until = _string(dates[0]), _string(dates[1] if len(dates) == 2 else dates[0])
    return [f"{WITHOUT_SLIDER}{{ from = {since}, to = {until} }}   # take away the first # for a slider of these dates"]


def _identifier(text: str) -> str:
    """An id of plain letters for a layer, a map and its files."""
    plain = re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_").lower()
    return plain if re.match(r"[a-z]", plain) and plain not in ("index", "sources") else f"places_{plain}".rstrip("_")


def _title(name: str) -> str:
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:] or name


def _string(text: str) -> str:
    """A TOML string: JSON's is one, but for a character that JSON leaves as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _toml_key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _string(name)


def _geojson(places: Places) -> str:
    shapes = shapely.transform(places.shapes, lambda lonlat: lonlat.round(COORDINATE_DECIMALS))
    key, *values = (json.dumps(text, ensure_ascii=False) for text in (places.key, *places.columns[places.key]))
    features = (
        f'{{"type": "Feature", "properties": {{{key}: {value}}}, "geometry": {geometry or "null"}}}'
        for value, geometry in zip(values, shapely.to_geojson(shapes), strict=True)
    )
    return '{"type": "FeatureCollection", "features": [\n' + ",\n".join(features) + "\n]}\n"


def _csv(columns: Columns, separator: str = ",") -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\n")
    writer.writerow(columns)
    length = max(map(len, columns.values()), default=0)
    writer.writerows(zip(*([*cells, *[""] * (length - len(cells))] for cells in columns.values()), strict=True))
    return text.getvalue()
