"""The index page: every map with a drawn thumbnail, counts, period and licence.

Made without a browser, the same bytes each time.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from html import escape
from typing import Any

from geo.basemap.reading import Basemap
from geo.check.dates import year_of
from geo.config.schema import FieldConfig
from geo.config.settings import Config, default_text
from geo.index.key import layer_key, precision_key
from geo.index.thumbnail import LARGE_PX, SMALL_PX, relief_definition, thumbnail
from geo.model import OPEN_END, OPEN_START, AtlasData, LayerData
from geo.pack.layerdata import field_title
from geo.pack.pagedata import first_view
from geo.render import bundle
from geo.render.inline import CSP_PLACE, ICON


def index_page(data: AtlasData, basemap: Basemap | None) -> str:
    """Give the html of the index: one card a map, in the order of atlas.toml."""
    config = data.config
    cards = [_card(data, map_id, basemap) for map_id in config.maps]
    atlas = config.atlas
    facts = [
        *([f"{_word('edition', config)}: {_date(atlas.edition, config)}"] if atlas.edition else []),
        *([f"{_word('licence', config)}: {_said(config, config.text(atlas.licence))}"] if atlas.licence else []),
    ]
    title = escape(default_text(config.text(atlas.title), config.languages))
    description = escape(default_text(config.text(atlas.description), config.languages))
    summary = f'<meta name="description" content="{description}">' if description else ""
    return f"""<!DOCTYPE html>
<html lang="{config.languages[0]}">
<head>
<meta charset="utf-8">
{CSP_PLACE}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
{summary}{ICON}
<style>{bundle.index_styles()}{_language_rule(config)}</style>
</head>
<body>
<header>
{_language_control(config)}
<h1>{_said(config, config.text(atlas.title))}</h1>
<p>{_said(config, config.text(atlas.description))}</p>
</header>
<main>
{relief_definition(basemap)}
<ul class="geo-maps">
{"".join(cards)}
</ul>
</main>
<footer>
<p>{_word("offline", config)}</p>
<p class="geo-facts">{_in_a_row(facts)}</p>
</footer>
<script>{bundle.index_script()}</script>
</body>
</html>
"""


def _card(data: AtlasData, map_id: str, basemap: Basemap | None) -> str:
    config = data.config
    about = config.maps[map_id]
    layers = [data.layers[layer_id] for layer_id in about.layers]
    features = sum(len(layer.frame) for layer in layers)
    is_first = map_id == next(iter(config.maps))
    shown = [layer for layer in layers if about.opens_with(layer.id, layer.config)]
    facts = [
        f"{_word('features', config)}: {_number(features)}",  # so every language has one form for every number
        f"{_word('layers', config)}: {_number(len(layers))}",
        *([f"{_word('period', config)}: {period}"] if (period := period_covered(shown)) else []),
        *([_said(config, config.text(config.atlas.licence))] if config.atlas.licence else []),
    ]
    return f"""<li class="geo-map-card">
<a href="{map_id}.html">
{thumbnail(map_id, config, shown, first_view(data, map_id), basemap, LARGE_PX if is_first else SMALL_PX)}
<h2>{_said(config, config.text(about.title))}</h2>
</a>
<p>{_said(config, config.text(about.description))}</p>
<p class="geo-facts">{_in_a_row(facts)}</p>
{_key(config, shown) if is_first else ""}
</li>
"""


def _in_a_row(facts: list[str]) -> str:
    """Facts with points between, each as a whole, no line beginning with a point."""
    point = "\N{NO-BREAK SPACE}·</span> <span>"
    return f"<span>{point.join(facts)}</span>"


def _key(config: Config, shown: list[LayerData]) -> str:
    """What the first map's picture shows, the topmost first: the picture is large, and there is room beside it."""
    layers = []
    for layer in reversed(shown):
        title = f"<b>{_said(config, config.text(layer.config.title))}</b>"
        swatches = layer_key(f"key.{layer.id}", config, layer)
        measures = dict.fromkeys(entry["by"] for _, entry in swatches if "by" in entry)
        classes = [
            *(f'<span class="geo-class">{_measure(config, layer, name)}</span>' for name in measures),
            *(
                f'<span class="geo-class">{drawn} <i>{_class_title(config, entry)}</i></span>'
                for drawn, entry in swatches
            ),
        ]
        layers += [f"<li>{title} {' '.join(classes)}</li>"] if classes else []
    precisions = [
        f'<span class="geo-class">{drawn} <i>{_map_word(f"precision_{precision}", config)}</i></span>'
        for precision, drawn in precision_key(shown)
    ]
    title = f'<span class="geo-class">{_map_word("precision", config)}</span>'
    layers += [f"<li>{title} {' '.join(precisions)}</li>"] if precisions else []
    return f'<ul class="geo-key">{"".join(layers)}</ul>' if layers else ""


def _measure(config: Config, layer: LayerData, name: str) -> str:
    """What the numbers of a class are: "Capacity, MW", as the legend of the map has it above them."""
    field = layer.config.fields.get(name, FieldConfig())
    title, unit = _said(config, field_title(config, name, field)), config.text(field.unit)
    return f"{title}, {_said(config, unit)}" if unit else title


def _class_title(config: Config, entry: dict[str, Any]) -> str:
    if "title" in entry:
        return _said(config, entry["title"])
    for name, word in (("none", "no_value"), ("other", "other_values")):
        if name in entry:
            return _map_word(word, config)
    if "limits" in entry:
        return escape((" – <" if entry["is_below"] else " – ").join(map(_number, entry["limits"])))
    return escape(str(entry.get("value", "")))


def period_covered(layers: Iterable[LayerData]) -> str:
    """The first and last year that the layers' validity and series name; "" where none is dated."""
    years: list[int] = []
    for layer in layers:
        time = layer.config.time
        for name in (time.from_, time.to) if time else ():
            if name in layer.frame.columns:
                dates = {id(date): date for date in layer.frame[name] if date}  # a text that repeats is parsed once
                days = {day for date in dates.values() for day in (date.earliest, date.latest)} - {OPEN_START, OPEN_END}
                years += [year_of(day) for day in (min(days), max(days))] if days else []
        for table in layer.series.values():
            years += [int(year) for year in (table["time"].min(), table["time"].max()) if year == year]
    if not years:
        return ""
    return str(min(years)) if min(years) == max(years) else f"{min(years)}–{max(years)}"


def _said(config: Config, text: dict[str, str]) -> str:
    """A text for the readers of each language; the page shows one, the nearest where the reader's own is missing."""
    spans = []
    for language in config.languages:
        near = ["ru"] if language == "ky" else []  # as languagesRead() in geo/page/data/model.js
        found = next((code for code in (language, *near, *config.languages, *text) if text.get(code)), language)
        words = escape(text.get(found, ""))
        spans.append(f'<span lang="{language}">{_of_language(found, words) if found != language else words}</span>')
    return "".join(spans)


def _of_language(language: str, words: str) -> str:
    """Words within others of another language. Not a span: those are shown and hidden by their language."""
    return f'<bdi lang="{language}">{words}</bdi>'


def _language_rule(config: Config) -> str:
    """The style that hides what `_said` writes in the languages other than the page's."""
    others = [f"html[lang={language}] span[lang]:not([lang={language}])" for language in config.languages]
    return f"{','.join(others)}{{display:none}}"


def _word(key: str, config: Config) -> str:
    return _said(config, {language: words[key] for language, words in bundle.index_words().items()})


def _map_word(key: str, config: Config) -> str:
    """A word of the maps."""
    return _said(config, {language: str(words[key]) for language, words in bundle.catalogues().items()})


def _date(date: datetime.date, config: Config) -> str:
    """A day as the maps write it."""
    written = {}
    for language, words in bundle.index_words().items():
        month = words["months"].split()[date.month - 1]
        written[language] = words["date"].format(day=date.day, month=month, year=date.year)
    return _said(config, written)


def _number(n: float) -> str:
    """A number as all the page's languages can read it: thousands apart by a narrow space."""
    return f"{n:,.12g}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def _language_control(config: Config) -> str:
    """A native select, filled and wired by the page's script; without script the page stays in the default language."""
    if len(config.languages) < 2:
        return ""
    catalogues = bundle.catalogues()
    names = {language: catalogues.get(language, {}).get("language_name", language) for language in config.languages}
    options = "".join(f'<option value="{language}">{name}</option>' for language, name in names.items())
    return (
        f'<label class="geo-language">{_word("language", config)} <select id="geo-language">{options}</select></label>'
    )
