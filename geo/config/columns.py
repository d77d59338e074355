"""The columns with a meaning of their own, which need no declaration as fields."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from geo.config.schema import LayerConfig

TEXT_COLUMNS = ("name", "note", "source", "precision")
DATE_COLUMNS = ("valid_from", "valid_to", "as_of")
"""Of a layer that names no others under time."""


def date_columns(layer: LayerConfig) -> list[str]:
    """Name the columns of a layer that hold dates without being declared."""
    return list(dict.fromkeys(["as_of", *((layer.time.from_, layer.time.to) if layer.time else ())]))


def is_source_column(name: str) -> bool:
    """Tell whether a column cites sources: those of the whole row, or of one of its values."""
    return name == "source" or name.endswith("_source")


def by_language(name: str, languages: Sequence[str]) -> dict[str, str]:
    """Give the column of each language: of the first, the default, `name` itself, then `name_ru` ..."""
    return {language: f"{name}_{language}" if n else name for n, language in enumerate(languages)}


def translated(names: Iterable[str], languages: Sequence[str]) -> set[str]:
    """Name the columns of all languages but the first."""
    return {f"{name}_{language}" for name in names for language in languages[1:]}
