"""What has no translation: counted by language and place, so that a build can say it and an editor can mend it.

Nothing is hidden for want of a translation: the page shows the default language's text and marks it with its language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from geo.config.schema import config_texts
from geo.config.settings import CONFIG_NAME, Config, default_text
from geo.model import AtlasData, LayerData

NAME = "name"
_OF_LICENCE = re.compile(r"\S*(\d|[A-Z]\S*[A-Z])\S*")  # a number, or more than one capital


@dataclass(frozen=True, slots=True)
class Untranslated:
    """`missing` of `total` texts at a place (`atlas.toml`, `dams: name`) lack a language, `first` the first of them."""

    language: str
    place: str
    missing: int
    total: int
    first: str


def find_untranslated(data: AtlasData) -> list[Untranslated]:
    """Give for each language but the default one every place where texts lack it, in the order of the atlas.

    Counted are the texts of atlas.toml, names, stories, and every column that has a translation in some language.
    """
    found = []
    for language in data.config.languages[1:]:
        found.append(_of_config(data.config, language))
        for layer in data.layers.values():
            found += _of_layer(data.config, layer, language)
        for map_id in data.stories:
            found += _of_story(data, map_id, language)
    return [entry for entry in found if entry.missing]


def _of_config(config: Config, language: str) -> Untranslated:
    texts = [text for keys, text in config_texts(config.atlas) if not (keys[-1] == "licence" and _is_name(text))]
    return _of_texts(config, language, CONFIG_NAME, texts)


def _is_name(licence: Mapping[str, str]) -> bool:
    """Tell the name of a licence, such as CC BY 4.0 or ODbL, which all languages share, from words about it."""
    return all(_OF_LICENCE.fullmatch(word) for text in licence.values() for word in text.split())


def _of_texts(config: Config, language: str, place: str, texts: Sequence[dict[str, str]]) -> Untranslated:
    missing = [config.text(text) for text in texts if language not in text]
    return Untranslated(
        language, place, len(missing), len(texts), default_text(missing[0], config.languages) if missing else ""
    )


def _of_layer(config: Config, layer: LayerData, language: str) -> Iterator[Untranslated]:
    tables = {layer.id: layer.frame} | ({} if layer.records is None else {f"{layer.id}, records": layer.records})
    for place, table in tables.items():
        for column in table.columns:
            translated = [name for other in config.languages[1:] if (name := f"{column}_{other}") in table.columns]
            if column != NAME and not translated:
                continue
            given = _filled(table[column])
            own = f"{column}_{language}"
            missing = given & ~_filled(table[own]) if own in table.columns else given
            first = str(table[column][missing].iloc[0]) if missing.any() else ""
            yield Untranslated(language, f"{place}: {column}", int(missing.sum()), int(given.sum()), first)


def _of_story(data: AtlasData, map_id: str, language: str) -> Iterator[Untranslated]:
    story = data.config.maps[map_id].story
    if story is None or story.table is None:
        return  # steps written in atlas.toml are counted there
    for part in ("title", "text"):
        texts = [text for step in data.stories[map_id] if (text := getattr(step, part))]
        yield _of_texts(data.config, language, f"{story.table}: {part}", texts)


def _filled(column: pd.Series[str]) -> pd.Series[bool]:
    return column.notna() & (column != "")
