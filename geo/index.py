"""The index page: every map with a drawn thumbnail, counts, period and licence.

Made without a browser, the same bytes each time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo import bundle
from geo.basemap import Basemap
from geo.columns import WORLD_UNITS, web_mercator
from geo.config import Config
from geo.dates import year_of
from geo.inline import CSP_PLACE
from geo.model import OPEN_END, OPEN_START, AtlasData, LayerData
from geo.pagedata import PageData
from geo.routes import geodesic_lines
from geo.style import EIGHTHS, NO_VALUE_COLOUR, style_layer

THUMBNAIL_PX = (640, 360)
TOLERANCE_PX = 0.7
LANGUAGE_NAMES = {"en": "English", "ru": "Русский", "ky": "Кыргызча"}


def index_page(data: AtlasData, pages: Mapping[str, PageData], basemap: Basemap | None) -> str:
    """Give the html of the index: one card a map, in the order of atlas.toml."""
    config = data.config
    cards = [_card(data, map_id, page, basemap) for map_id, page in pages.items()]
    atlas = config.atlas
    facts = [
        *([f"{_word('edition', config)} {atlas.edition.isoformat()}"] if atlas.edition else []),
        *([f"{_word('licence', config)}: {_said(config, config.text(atlas.licence))}"] if atlas.licence else []),
    ]
    title = escape(next(iter(config.text(atlas.title).values())))
    return f"""<!DOCTYPE html>
<html lang="{config.languages[0]}">
<head>
<meta charset="utf-8">
{CSP_PLACE}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{bundle.index_styles()}</style>
</head>
<body>
<header>
{_language_control(config)}
<h1>{_said(config, config.text(atlas.title))}</h1>
<p>{_said(config, config.text(atlas.description))}</p>
</header>
<main>
{_relief_definition(basemap)}
<ul class="geo-maps">
{"".join(cards)}
</ul>
</main>
<footer>
<p>{_word("offline", config)}</p>
<p class="geo-facts">{" · ".join(facts)}</p>
</footer>
<script>{bundle.index_script()}</script>
</body>
</html>
"""


def _card(data: AtlasData, map_id: str, page: PageData, basemap: Basemap | None) -> str:
    config = data.config
    about = config.maps[map_id]
    layers = [data.layers[layer_id] for layer_id in about.layers]
    features = sum(len(layer.frame) for layer in layers)
    shown = {head["id"] for head in page.head["layers"] if head["shown"]}
    facts = [
        f"{features} {_word('features', config)}",
        f"{len(layers)} {_word('layers', config)}",
        *([f"{_word('period', config)} {period}"] if (period := period_covered(layers)) else []),
    ]
    return f"""<li class="geo-map-card">
<a href="{map_id}.html">
{_thumbnail(config, [layer for layer in layers if layer.id in shown], list(config.layers), page.bounds, basemap)}
<h2>{_said(config, config.text(about.title))}</h2>
</a>
<p>{_said(config, config.text(about.description))}</p>
<p class="geo-facts">{" · ".join(facts)}</p>
</li>
"""


def period_covered(layers: Iterable[LayerData]) -> str:
    """The first and last year that the layers' validity and series name; "" where none is dated."""
    years: list[int] = []
    for layer in layers:
        time = layer.config.time
        for name in (time.from_, time.to) if time else ():
            if name in layer.frame.columns:
                days = [day for date in layer.frame[name] if date for day in (date.earliest, date.latest)]
                years += [year_of(day) for day in days if day not in (OPEN_START, OPEN_END)]
        for table in layer.series.values():
            years += [int(year) for year in (table["time"].min(), table["time"].max()) if year == year]
    if not years:
        return ""
    return str(min(years)) if min(years) == max(years) else f"{min(years)}–{max(years)}"


def _relief_definition(basemap: Basemap | None) -> str:
    """The thumbnails' relief, once for all of them."""
    if not (basemap and basemap.thumbnail):
        return ""
    image = (
        f'<image id="geo-relief" preserveAspectRatio="none" width="1" height="1" href="{basemap.thumbnail["image"]}"/>'
    )
    return f'<svg width="0" height="0" aria-hidden="true"><defs>{image}</defs></svg>'


def _thumbnail(
    config: Config,
    layers: list[LayerData],
    order: list[str],
    bounds: tuple[float, float, float, float],
    basemap: Basemap | None,
) -> str:
    frame = _Frame(bounds)
    parts = ['<rect class="geo-ground" width="100%" height="100%"/>']
    if basemap and basemap.thumbnail:
        x, y, width, height = frame.box(basemap.thumbnail["bounds"])
        parts.append(
            f'<use href="#geo-relief" transform="translate({x:.1f} {y:.1f}) scale({width:.1f} {height:.1f})"/>'
        )
    for layer in layers:
        parts += _layer_marks(frame, layer, style_layer(config, layer, index=order.index(layer.id)))
    width, height = THUMBNAIL_PX
    return f'<svg class="geo-thumbnail" viewBox="0 0 {width} {height}" aria-hidden="true">{"".join(parts)}</svg>'


class _Frame:
    """Web Mercator to the pixels of a thumbnail that shows `bounds` and fills its box."""

    def __init__(self, bounds: tuple[float, float, float, float]) -> None:
        west, south, east, north = bounds
        x, y = web_mercator(np.array([west, east]), np.array([south, north]))
        width, height = THUMBNAIL_PX
        self.scale = max(width / (x[1] - x[0]), height / (y[0] - y[1]))
        self.left = (x[0] + x[1]) / 2 - width / 2 / self.scale
        self.top = (y[0] + y[1]) / 2 - height / 2 / self.scale

    def pixels(self, lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = web_mercator(lonlat[:, 0], lonlat[:, 1])
        return np.column_stack([(x - self.left) * self.scale, (y - self.top) * self.scale])

    def box(self, bounds: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        west, south, east, north = bounds
        (x0, y0), (x1, y1) = self.pixels(np.array([[west, north], [east, south]]))
        return x0, y0, x1 - x0, y1 - y0

    def shape(self) -> Any:
        """The thumbnail's box in degrees, a little wider, to cut shapes to."""
        top = WORLD_UNITS
        width, height = THUMBNAIL_PX
        x = np.array([self.left - 20 / self.scale, self.left + (width + 20) / self.scale])
        y = np.array([self.top - 20 / self.scale, self.top + (height + 20) / self.scale])
        lon = x / top * 360 - 180
        lat = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * y / top))))
        return shapely.box(lon[0], lat[1], lon[1], lat[0])


def _layer_marks(frame: _Frame, layer: LayerData, styled: Any) -> list[str]:
    shapes = np.asarray(layer.frame.geometry.array, dtype=object)
    shapes = geodesic_lines(shapes) if layer.config.geodesic else shapes
    colours = _colours(styled, len(shapes))
    sizes, widths = (styled.arrays.get(name) for name in ("_size", "_width"))
    base, box = styled.style["base"], frame.shape()
    degrees = 360 * TOLERANCE_PX / (WORLD_UNITS * frame.scale)
    marks = []
    for n, shape in enumerate(shapes):
        if shape is None or not shape.intersects(box):
            continue
        if shape.geom_type.endswith("Point"):
            radius = (sizes[n] / EIGHTHS if sizes is not None else base["size"]) * 0.8
            for x, y in frame.pixels(shapely.get_coordinates(shape)):
                marks.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{colours[n]}"/>')
            continue
        path = _path(frame, shapely.simplify(shapely.intersection(shapely.make_valid(shape), box), degrees))
        if not path:
            continue
        if shape.geom_type.endswith("Polygon"):
            marks.append(f'<path class="geo-area" d="{path}" fill="{colours[n]}"/>')
        else:
            width = widths[n] / EIGHTHS if widths is not None else base["width"]
            marks.append(f'<path class="geo-line" d="{path}" stroke="{colours[n]}" stroke-width="{width:.1f}"/>')
    return marks


def _colours(styled: Any, n: int) -> list[str]:
    """Each feature's colour; with a series, the base colour: a thumbnail shows no one year."""
    colour = styled.style["color"]
    if not colour or colour["kind"] == "series":
        return [styled.style["base"]["color"]] * n
    choices = [NO_VALUE_COLOUR, *(entry["color"] for entry in colour["classes"])]
    return [choices[code] for code in styled.arrays["_color"]]


def _path(frame: _Frame, shape: Any) -> str:
    parts = []
    for piece in shapely.get_parts(shape):
        rings = shapely.get_rings(piece) if piece.geom_type == "Polygon" else [piece]
        for ring in rings:
            if ring.geom_type == "Point":
                continue
            points = frame.pixels(shapely.get_coordinates(ring))
            close = "Z" if piece.geom_type == "Polygon" else ""
            parts.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points[: -1 if close else None]) + close)
    return "".join(parts)


def _said(config: Config, text: dict[str, str]) -> str:
    """A text in each of its languages; the page shows one, the default where the reader's is missing."""
    default = config.languages[0]
    texts = {language: text[language] for language in config.languages if text.get(language)}
    fallback = texts.get(default, next(iter(texts.values()), ""))
    return "".join(
        f'<span lang="{language}">{escape(texts.get(language, fallback))}</span>' for language in config.languages
    )


def _word(key: str, config: Config) -> str:
    words = bundle.index_words()
    return _said(config, {language: words.get(language, words["en"])[key] for language in config.languages})


def _language_control(config: Config) -> str:
    """A native select, filled and wired by the page's script; without script the page stays in the default language."""
    if len(config.languages) < 2:
        return ""
    options = "".join(
        f'<option value="{language}">{LANGUAGE_NAMES.get(language, language)}</option>' for language in config.languages
    )
    return (
        f'<label class="geo-language">{_word("language", config)} <select id="geo-language">{options}</select></label>'
    )
