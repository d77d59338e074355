"""The files of a new atlas folder: atlas.toml, GeoJSON and tables, as text."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from pathlib import Path

import shapely

from geo.config.columns import DATE_COLUMNS, TEXT_COLUMNS, is_source_column, translated
from geo.config.settings import CONFIG_NAME
from geo.new.given import Columns, GivenFile
from geo.new.guess import fits_type, guess_languages, guess_type
from geo.new.naming import Places

WITHOUT_SLIDER = "# time = "
COORDINATE_DECIMALS = 7  # 1 cm


def make_files(path: Path, file: GivenFile, layers: Mapping[str, Places], sources: Columns) -> dict[str, str]:
    """Give the text of each file of the atlas; `path`: the file that it is made from, `layers` by their ids."""
    files = {CONFIG_NAME: _toml(path, file, layers), "sources.csv": _csv(sources)}
    for layer, places in layers.items():
        files[f"{layer}.geojson"] = _geojson(places)
        # With its separator: where spreadsheets part cells by ; a number such as 1.860 is one to be asked about.
        files[f"{layer}.csv"] = _csv(places.columns, places.separator or ",")
        if places.records:
            files[_records(layer)] = _csv(places.records)
    return files


def with_ids(path: Path, layers: Iterable[Places]) -> dict[str, Places]:
    """Give the layers by ids of their own: that of an only one without a name is made of the file's."""
    by_id: dict[str, Places] = {}
    taken: set[str] = set()
    for places in layers:
        wanted = _identifier(places.name or path.stem)
        names = (wanted if number == 1 else f"{wanted}_{number}" for number in count(1))
        layer = next(name for name in names if taken.isdisjoint((f"{name}.csv", _records(name))))
        by_id[layer] = places
        taken |= {f"{layer}.csv", _records(layer)}
    return by_id


def _records(layer: str) -> str:
    return f"{layer}_records.csv"


def _toml(path: Path, file: GivenFile, layers: Mapping[str, Places]) -> str:
    """atlas.toml with every column declared by what its cells are."""
    title = file.title or _title(path.stem.replace("-", " ")) or next(iter(layers))
    languages = guess_languages(_joined(places.columns for places in layers.values()))
    lines = [
        f"# Made from {_string(path.name)}. docs/atlas-folder.md of Shyrdak explains every key.",
        f"title = {_string(title)}",
        f"languages = {json.dumps(languages)}".ljust(29) + " # of the page; names and titles are in the first of them",
        *([f"licence = {_string(file.licence)}"] if file.licence else []),
        "require_sources = false       # true: a row without a known source stops the build",
        "",
    ]
    for layer, places in layers.items():
        called = places.words.title or _title(places.name.replace("-", " ")) or title
        lines += _layer_lines(layer, called, places, languages)
    # The first is drawn at the bottom: areas there, points on top.
    drawn = sorted(layers, key=lambda layer: -max(shapely.get_dimensions(layers[layer].shapes), default=0))
    lines += [f"[maps.{_identifier(path.stem)}]", f"title = {_string(title)}"]
    lines += [f"layers = {json.dumps(drawn)}", ""]
    return "\n".join(lines)


def _layer_lines(layer: str, title: str, places: Places, languages: Sequence[str]) -> list[str]:
    key, words = places.key, places.words
    named = {key, *TEXT_COLUMNS, *DATE_COLUMNS, *translated(places.columns, languages)}  # these need no declaration
    types = {
        name: "text" if name in places.misfits else _type(cells, words.types.get(name))
        for name, cells in places.columns.items()
        if name not in named and not is_source_column(name)
    }
    telling = [name for name in types if len({*places.columns[name]} - {""}) > 1]  # of others no choice is to be made
    colouring = next((name for name in telling if types[name] == "category"), None)
    lines = [
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
        table = f"layers.{layer}.fields.{_toml_key(name)}"
        lines += [f"[{table}]", f"title = {_string(words.titles.get(name) or _title(name))}", f'type = "{kind}"']
        lines += [f"unit = {_string(places.units[name])}"] if name in places.units else []
        is_filter = kind in ("category", "number", "integer", "boolean") and name in telling
        lines += ["filter = true", ""] if is_filter else [""]
        if kind == "category" and {*places.columns[name]} - {""} <= words.values.get(name, {}).keys():
            for value, called in words.values[name].items():
                lines += [f"[{table}.categories.{_toml_key(value)}]", f"title = {_string(called)}", ""]
    if places.records:
        lines += [f"[layers.{layer}.records]", f'table = "{_records(layer)}"', ""]
    if colouring:
        lines += [f"[layers.{layer}.style]", f"color_by = {_string(colouring)}", ""]
    return lines


def _type(cells: Sequence[str], told: str | None) -> str:
    """Give the type that a column had on the map, where its cells still fit it, else what they look like."""
    if told == "feature":  # what it names may be in another layer, or have been left out
        return "text"
    return told if told and all(fits_type(cell, told) for cell in {*cells} - {""}) else guess_type(cells)


def _joined(layers: Iterable[Columns]) -> Columns:
    joined: Columns = {}
    for columns in layers:
        for name, cells in columns.items():
            joined[name] = joined.get(name, []) + cells
    return joined


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
