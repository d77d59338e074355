"""The differences between two atlases as a map: the new atlas, a badge on every feature that something changed on.

Badges are one more layer of the atlas, so that everything a map does works on them: cards, search, table, filters. A
card lists old and new values with their sources. What was removed is drawn as it was, in grey.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.basemap.reading import Basemap
from geo.check.citations import citations_in
from geo.config.columns import by_language
from geo.config.schema import Category, FieldConfig, Group, LayerConfig, MapConfig, Records, Style
from geo.config.settings import Config, default_text
from geo.diff.differences import PLACE, Change, Difference, Kind, with_new_ids
from geo.diff.text import summary
from geo.load.records import RECORD_COLUMNS
from geo.model import AtlasData, Counts, LayerData
from geo.pack.pagedata import used_sources, view_of
from geo.pipeline.build import map_html

# In the languages of the interface; an atlas in others gets the English.
WORDS = {
    "what_changed": {"en": "What changed", "ru": "Что изменилось", "ky": "Эмне өзгөрдү"},
    "removed_features": {"en": "Removed features", "ru": "Удалённые объекты", "ky": "Өчүрүлгөн объекттер"},
    "change": {"en": "Change", "ru": "Изменение", "ky": "Өзгөрүү"},
    "layer": {"en": "Layer", "ru": "Слой", "ky": "Катмар"},
    "added": {"en": "Added", "ru": "Добавлено", "ky": "Кошулган"},
    "changed": {"en": "Changed", "ru": "Изменено", "ky": "Өзгөртүлгөн"},
    "removed": {"en": "Removed", "ru": "Удалено", "ky": "Өчүрүлгөн"},
    PLACE: {"en": "Place", "ru": "Место", "ky": "Жери"},
    "nothing": {"en": "nothing", "ru": "ничего", "ky": "эч нерсе"},
}
LOOKS: dict[Kind, dict[str, Any]] = {  # colour, shape and filling each tell them apart
    "added": {"color": "#1a7f37", "shape": "star", "fill": "solid"},
    "changed": {"color": "#b3261e", "shape": "diamond", "fill": "hollow"},
    "removed": {"color": "#4b5563", "shape": "cross", "fill": "solid"},
}
MAP_ID = "changes"
BADGE_PX = 13
GENERATED = "(what changed)"
"""The group of the layers made here, and what they have in place of a file's name."""

Feature = tuple[str, str]
"""Layer and key."""


class _Side(NamedTuple):
    """One of the two atlases, and the row of each feature: of several with one key the first."""

    atlas: AtlasData
    rows: dict[Feature, int]


def _side(atlas: AtlasData) -> _Side:
    rows: dict[Feature, int] = {}
    for layer_id, layer in atlas.layers.items():
        for at, key in enumerate(layer.frame["_key"]):
            rows.setdefault((layer_id, key), at)
    return _Side(atlas, rows)


def diff_map(old: AtlasData, new: AtlasData, differences: Sequence[Difference], basemap: Basemap | None) -> str:
    """Give the html of the map that shows the differences on the new atlas."""
    old = with_new_ids(old, new)
    badged = _badged(differences)
    sides = _side(old), _side(new)
    badges = _badges(*sides, badged)
    gone = _gone(*sides, differences)
    added = {"changes": badges} | ({"removed": gone} if gone is not None else {})
    names = _names(added, new.config)
    layers = dict(new.layers) | {names[name]: replace(layer, id=names[name]) for name, layer in added.items()}
    shown = [layer_id for layer_id in new.config.layers if any(layer == layer_id for layer, _ in badged)]
    below = [layer_id for layer_id in new.config.layers if layer_id in layers]
    page = MapConfig(
        title=_word("what_changed", new.config),
        description={"en": f"{summary(differences)}."} if "en" in new.config.languages else None,
        layers=(*below, *reversed(names.values())),
        shown=(*shown, *names.values()),
        bounds=view_of([badges]) if badges.counts.located else None,
    )
    config = _config(new.config, page, {layer_id: layer.config for layer_id, layer in layers.items()})
    sources = {**old.sources, **new.sources}
    data = replace(new, config=config, layers=layers, sources=sources, stories={}, problems=())
    inputs = {
        f"{when}: {name}": digest
        for when, atlas in (("old", old), ("new", new))
        for name, digest in atlas.inputs.items()
    }
    return map_html(data, MAP_ID, basemap, used_sources(data, MAP_ID), inputs)


def _config(config: Config, page: MapConfig, layers: dict[str, LayerConfig]) -> Config:
    groups = {GENERATED: Group(title=_word("what_changed", config))} | config.atlas.groups
    update = {"layers": layers, "maps": {MAP_ID: page}, "groups": groups}
    return replace(config, atlas=config.atlas.model_copy(update=update))


def _names(added: Mapping[str, LayerData], config: Config) -> dict[str, str]:
    """Ids of the added layers that none of the atlas has."""
    names = {}
    for name in added:
        names[name] = name
        while names[name] in config.layers:
            names[name] += "_"
    return names


def _badged(differences: Iterable[Difference]) -> dict[Feature, list[Difference]]:
    """Give what differs about each feature: itself, its records, its values by year."""
    found: dict[Feature, list[Difference]] = {}
    for difference in differences:
        for feature in difference.features:
            found.setdefault(feature, []).append(difference)
    return found


def _badges(old: _Side, new: _Side, badged: Mapping[Feature, list[Difference]]) -> LayerData:
    """The layer of badges: a point on each feature, its card the changes as records."""
    config = new.atlas.config
    rows = [_badge(old, new, feature, differences) for feature, differences in badged.items()]
    columns = ["_key", "geometry", "change", "layer", *_name_columns(config)]
    frame = _frame([{name: row.get(name) for name in columns} for row in rows], columns)
    records = [record | {"_feature": at} for at, row in enumerate(rows) for record in row["records"]]
    texts = list(by_language("text", config.languages).values())[1:]
    table = pd.DataFrame(
        {"_feature": np.array([record["_feature"] for record in records], dtype=np.int64)}
        | {
            name: pd.Series([record.get(name) for record in records], dtype=object)
            for name in (*RECORD_COLUMNS, *texts)
        }
    )
    categories = {kind: Category(title=_word(kind, config), **look) for kind, look in LOOKS.items()}
    fields = {
        "change": FieldConfig(title=_word("change", config), type="category", categories=categories, filter=True),
        "layer": FieldConfig(title=_word("layer", config)),
    }
    style = Style(color_by="change", size=BADGE_PX)
    layer = _layer("what_changed", config, fields=fields, style=style, records=Records(table=GENERATED))
    return _layer_data("changes", layer, frame, table)


def _badge(old: _Side, new: _Side, feature: Feature, differences: Sequence[Difference]) -> dict[str, Any]:
    layer_id, key = feature
    kind: Kind = "removed" if feature not in new.rows else "changed" if feature in old.rows else "added"
    atlas, rows = old if kind == "removed" else new
    first = atlas.layers[layer_id].frame.iloc[rows[feature]]
    names = {name: first.get(name) for name in _name_columns(new.atlas.config)}
    records = [
        _record(atlas, layer_id, difference, change)
        for difference in differences
        for change in _told(difference, is_whole=kind != "changed")
    ]
    return names | {
        "_key": f"{layer_id} {key}",
        "geometry": _middle(first["geometry"]),
        "name": names.get("name") or key,
        "change": kind,
        "layer": _said(atlas.config, atlas.config.layers[layer_id].title, atlas.config.languages[0]) or layer_id,
        "records": records,
    }


def _told(difference: Difference, *, is_whole: bool) -> Iterable[Change]:
    """The changes that a card lists: of what was added or removed whole, only what it says.

    A row that came or went beside others of its feature is a change of the feature, not `is_whole`.
    """
    if difference.kind == "changed" or difference.what == "value" or (difference.what == "feature" and not is_whole):
        return difference.changes
    return [change for change in difference.changes if change.field in ("text", "value", "note")]


def _record(atlas: AtlasData, layer_id: str, difference: Difference, change: Change) -> dict[str, Any]:
    """One change as a record: `Capacity: 1860 → 1900 MW`, resting on the new source and the old."""
    cells = dict.fromkeys(filter(None, (change.new_source, change.old_source)))
    known = [cell for cell in cells if citations_in(cell)]
    record: dict[str, Any] = {"source": ";".join(known) or None}
    field = atlas.config.layers[layer_id].fields.get(change.field) if difference.what == "feature" else None
    for language, column in by_language("text", atlas.config.languages).items():
        title = _field_title(atlas.config, field, change, language)
        about = f"{difference.key}, {title}" if difference.what == "record" else title
        old, new = (_shown(atlas.config, field, value, language) for value in (change.old, change.new))
        unit = _said(atlas.config, field.unit, language) if field and field.unit else ""
        record[column] = f"{about}: {old} → {new} {unit}".rstrip()
    return record


def _field_title(config: Config, field: FieldConfig | None, change: Change, language: str) -> str:
    if change.field == PLACE:
        return _word(PLACE, config)[language]
    return (_said(config, field.title, language) if field else "") or change.field.replace("_", " ")


def _shown(config: Config, field: FieldConfig | None, value: str, language: str) -> str:
    """A value as a card shows it: of a category, its title."""
    category = config.atlas.categories_of(field).get(value) if field else None
    return (_said(config, category.title, language) if category else value) or _word("nothing", config)[language]


def _said(config: Config, text: dict[str, str] | None, language: str) -> str:
    return default_text(config.text(text), (language, *config.languages))


def _gone(old: _Side, new: _Side, differences: Iterable[Difference]) -> LayerData | None:
    """The layer of removed lines and areas as they were; points have their badge."""
    removed = {(d.layer, d.key): d for d in differences if d.what == "feature" and d.kind == "removed"}
    rows = []
    for feature, difference in removed.items():
        if feature not in new.rows:
            row = old.atlas.layers[difference.layer].frame.iloc[old.rows[feature]]
            if row["geometry"] is not None and row["geometry"].geom_type != "Point":
                key = f"{difference.layer} {difference.key}"
                rows.append({"_key": key, "geometry": row["geometry"], "name": difference.name or difference.key})
    if not rows:
        return None
    style = Style(color=LOOKS["removed"]["color"], dash=(6, 6), fill="hatch", width=3)
    layer = _layer("removed_features", new.atlas.config, style=style)
    return _layer_data("removed", layer, _frame(rows, ["_key", "geometry", "name"]), None)


def _frame(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> gpd.GeoDataFrame:
    shapes = np.array([row["geometry"] for row in rows], dtype=object)
    data = {name: pd.Series([row[name] for row in rows], dtype=object) for name in columns if name != "geometry"}
    return gpd.GeoDataFrame(data, geometry=gpd.array.from_shapely(shapes, crs="EPSG:4326"))


def _layer(title: str, config: Config, **settings: Any) -> LayerConfig:
    return LayerConfig(
        title=_word(title, config), group=GENERATED, features=GENERATED, unlocated="allow", time=False, **settings
    )


def _layer_data(layer_id: str, layer: LayerConfig, frame: gpd.GeoDataFrame, records: pd.DataFrame | None) -> LayerData:
    n = len(frame)
    counts = Counts(features=n, rows=0, matched=n, located=int(frame.geometry.notna().sum()), problems=0)
    return LayerData(layer_id, layer, frame, records, {}, f"{GENERATED} {layer_id}", counts)


def _name_columns(config: Config) -> list[str]:
    return list(by_language("name", config.languages).values())


def _middle(shape: Any) -> Any:
    """A point on the feature: halfway along a line, inside an area."""
    if shape is None or shape.geom_type == "Point":
        return shape
    is_line = shape.geom_type == "LineString"
    return shape.interpolate(0.5, normalized=True) if is_line else shape.representative_point()


def _word(word: str, config: Config) -> dict[str, str]:
    return {language: WORDS[word].get(language, WORDS[word]["en"]) for language in config.languages}
