"""The only door to folium: one map's data becomes a real `folium.Map`, with our layers on it.

Nothing of the data passes through branca or Jinja, which would run `{{...}}` in a cell on the builder's machine:
templates hold placeholders, and the figure fills them last, whoever renders it (`save`, `_repr_html_`, `render`).
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any

import folium
import shapely
from branca.element import Element, Figure, MacroElement
from folium.template import Template

from geo.basemap.reading import Basemap
from geo.config.settings import default_text
from geo.errors import ConfigError
from geo.format import json_text
from geo.model import MAX_ZOOM, MIN_ZOOM, AtlasData, LayerData
from geo.pack.pagedata import PageData
from geo.pack.routes import drawn_shapes
from geo.render import bundle
from geo.render.inline import CSP_PLACE, ICON

NO_SCRIPT = {
    "en": "This map needs JavaScript. All of it is in this file; nothing is loaded from the network.",
    "ru": "Этой карте нужен JavaScript. Всё есть в этом файле, из сети ничего не загружается.",
    "ky": "Бул картага JavaScript керек. Баары ушул файлда, тармактан эч нерсе жүктөлбөйт.",
}
# "<" cannot occur in our JSON (it is escaped) nor in base64: a placeholder can be met only where a template put it.
ICON_LINKS = (
    "awesome_markers",
    "awesome_markers_css",
    "awesome_markers_font_css",
    "awesome_rotate_css",
    "glyphicons_css",
)
HEAD, BODY, END = "<!--shy:head-->", "<!--shy:body-->", "<!--shy:end-->"


def render_map(data: AtlasData, page: PageData, *, basemap: Basemap | None) -> AtlasMap:
    """Give one map of the atlas as a folium.Map.

    `folium.LayerControl().add_to(m)`, plugins, `m.save(...)` and a notebook's display work on it as on any folium map.
    The page needs no network; a plugin added to it may load its own files.
    """
    atlas_map = AtlasMap(page, basemap=basemap)
    names: set[str] = set()
    for head in page.layers:
        name = _unique(default_text(head["title"], page.head["languages"]), names)
        AtlasLayer(head["id"], name, show=head["shown"], bounds=_latlon_bounds(data.layers[head["id"]])).add_to(
            atlas_map
        )
    Explorer().add_to(atlas_map)
    return atlas_map


class PageFigure(Figure):
    """The page around the map: head and body of our own, the placeholders filled after everything else is rendered."""

    _template = Template(
        "<!DOCTYPE html>\n<html lang={{ this.language|tojson }}>\n<head>\n"
        '<meta charset="utf-8">\n' + CSP_PLACE + "\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n' + HEAD + "\n"
        "{{ this.header.render(**kwargs) }}\n</head>\n<body>\n{{ this.html.render(**kwargs) }}\n"
        + BODY
        + "\n<script>\n{{ this.script.render(**kwargs) }}\n</script>\n"
        + END
        + "\n</body>\n</html>\n"
    )

    def __init__(self, language: str, filled: dict[str, str]) -> None:
        super().__init__(height="600px")
        del self.header._children["meta_http"]  # the charset stands first in our own head
        self.language = language
        self.filled = filled

    def render(self, **kwargs: Any) -> str:
        text: str = super().render(**kwargs)
        for placeholder, content in self.filled.items():
            if text.count(placeholder) != 1:
                raise AssertionError(f"{placeholder} stands {text.count(placeholder)} times in the page, not once")
            text = text.replace(placeholder, content)
        return text

    def scripts(self) -> list[str]:
        """The scripts of the rendered page in their order: Leaflet, the stub, Folium's lines, the modules."""
        folium_lines = f"\n{self.script.render()}\n"
        return [bundle.leaflet("leaflet.js"), bundle.page_stub(), folium_lines, bundle.page_script()]


class AtlasMap(folium.Map):
    """A folium.Map that carries its data, basemap, Leaflet and the explorer inside itself."""

    _template = Template(
        """
        {% macro html(this, kwargs) %}
        <div class="folium-map geo-map" id={{ this.get_name()|tojson }}></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {{ this.options|tojavascript }});
        {{ this.get_name() }}.fitBounds({{ this.view_bounds|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, page: PageData, *, basemap: Basemap | None) -> None:
        west, south, east, north = page.bounds
        # Folium's own lists name files on the network; ours are inside the page.
        self.default_js, self.default_css = [], []
        super().__init__(
            location=[(south + north) / 2, (west + east) / 2],
            tiles=None,
            zoom_control=False,
            attribution_control=False,
            min_zoom=MIN_ZOOM,
            max_zoom=MAX_ZOOM,
            zoom_snap=0.5,
            max_bounds=False,
            world_copy_jump=False,
            # Leaflet would let tiles come up over 200 ms, drawing the page anew all the while.
            fade_animation=False,
        )
        self.options |= {"minZoom": MIN_ZOOM, "maxZoom": MAX_ZOOM}
        self.view_bounds = [[south, west], [north, east]]
        self.page = page
        self.figure = PageFigure(page.head["languages"][0], _contents(page, basemap))
        self.figure.add_child(self)

    def render(self, **kwargs: Any) -> None:  # type: ignore[override]  # as folium.Map does
        """Render the map, with what the layer control, markers and popups need where some are on it.

        Raises
        ------
        ConfigError
            The map stands in a figure of somebody else, where its data is not.
        """
        if self.get_root() is not self.figure:
            hint = "show or save it alone, or put its _repr_html_(), a frame, into your page"
            raise ConfigError(f"the map was put into another figure, and its page stays behind. Fix: {hint}.")
        parts = list(_below(self))
        if not all(isinstance(part, AtlasLayer | Explorer) for part in parts):
            needed = _style(bundle.leaflet_pictures()) + _script(bundle.folium_parts())
            self.figure.header.add_child(Element(needed), name="folium_parts")
        if any(isinstance(part, folium.Icon) for part in parts):
            # Its pictures are letters of fonts, and its script is not ours to carry: they come from the network.
            self.default_js = [link for link in folium.Map.default_js if link[0] in ICON_LINKS]
            self.default_css = [link for link in folium.Map.default_css if link[0] in ICON_LINKS]
        super().render(**kwargs)  # type: ignore[no-untyped-call]

    def _get_self_bounds(self) -> list[list[float | None]]:
        return [list(corner) for corner in self.view_bounds]


class AtlasLayer(folium.map.Layer):
    """One layer of the atlas as Folium knows layers: a name, a switch, bounds. The explorer draws it."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = shyrdak.layer({{ this.layer_id|tojson }}, {{ this.bounds|tojson }});
        {%- if this.show %}
        {{ this.get_name() }}.addTo({{ this._parent.get_name() }});
        {%- endif %}
        {% endmacro %}
        """
    )

    def __init__(self, layer_id: str, name: str, *, show: bool, bounds: list[list[float]] | None) -> None:
        # LayerControl passes a name through Jinja twice and then sets it as innerHTML.
        super().__init__(name=inert(name), overlay=True, show=show)
        self._name = "AtlasLayer"
        self.layer_id = layer_id
        self.bounds = bounds

    def render(self, **kwargs: Any) -> None:  # type: ignore[override]  # as folium's own layers do
        # Layer.render would add one more addTo line each time it renders; the template above does it once.
        MacroElement.render(self, **kwargs)  # type: ignore[no-untyped-call]

    def _get_self_bounds(self) -> list[list[float | None]]:
        return [list(corner) for corner in self.bounds] if self.bounds else [[None, None], [None, None]]


class Explorer(MacroElement):
    """Gives the map to the page's module, which starts once the document is parsed."""

    _template = Template(
        "{% macro script(this, kwargs) %}\nshyrdak.attach({{ this._parent.get_name() }});\n{% endmacro %}"
    )

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Explorer"


def _below(element: Element) -> Iterator[Element]:
    for child in element._children.values():
        yield child
        yield from _below(child)


def number_ids(root: Element) -> None:
    """Give every element of a figure an id by its place, instead of folium's random one: equal inputs, equal pages."""
    elements: list[Element] = [root]
    for n, element in enumerate(elements):
        element._id = str(n)
        elements += element._children.values()


def inert(text: str) -> str:
    """Give text that HTML shows as it is and that no template language reads as its own."""
    escaped = html.escape(text)
    for character in "{}$`":
        escaped = escaped.replace(character, f"&#{ord(character)};")
    return escaped


def _unique(name: str, taken: set[str]) -> str:
    """LayerControl shows two layers of one name as one entry."""
    number, unique = 1, name
    while unique in taken:
        number += 1
        unique = f"{name} ({number})"
    taken.add(unique)
    return unique


def _latlon_bounds(layer: LayerData) -> list[list[float]] | None:
    shapes = drawn_shapes(layer)
    if shapely.is_missing(shapes).all():
        return None
    west, south, east, north = (round(float(side), 6) for side in shapely.total_bounds(shapes))
    return [[south, west], [north, east]]


def _contents(page: PageData, basemap: Basemap | None) -> dict[str, str]:
    """What fills the placeholders: text that no template may see."""
    languages = page.head["languages"]
    titles = [default_text(page.head[part]["title"], languages) for part in ("map", "atlas")]
    title = html.escape(" – ".join(dict.fromkeys(titles)))
    description = html.escape(default_text(page.head["map"]["description"], languages))
    head = [
        f"<title>{title}</title>",
        f'<meta name="description" content="{description}">' if description else "",
        ICON,
        _style(bundle.leaflet_styles()),
        _style(bundle.page_styles()),
        _script(bundle.leaflet("leaflet.js")),
        _script(bundle.page_stub()),
    ]
    no_script = "".join(f'<p lang="{name}">{NO_SCRIPT[name]}</p>' for name in bundle.catalogues_of(languages))
    body = [
        f"<noscript>{no_script}</noscript>",
        _data("geo-head", json_text(page.head)),
        _data("geo-blob", page.blob, "text/plain"),
    ]
    if basemap:
        body += [
            _data("geo-basemap-head", json_text(basemap.head)),
            _data("geo-basemap-blob", basemap.blob, "text/plain"),
        ]
    end = _script(bundle.page_script(), module=True)
    return {HEAD: "\n".join(filter(None, head)), BODY: "\n".join(body), END: end}


def _script(text: str, *, module: bool = False) -> str:
    _assert_inlinable(text)
    return f'<script type="module">{text}</script>' if module else f"<script>{text}</script>"


def _style(text: str) -> str:
    if "</style" in text:
        raise AssertionError("a stylesheet ends its own element")
    return f"<style>{text}</style>"


def _data(element_id: str, text: str, kind: str = "application/json") -> str:
    return f'<script type="{kind}" id="{element_id}">{text}</script>'


def _assert_inlinable(text: str) -> None:
    """`<!--` with `<script` in a script disables it silently; NUL breaks the hash that the CSP gives it."""
    for piece in ("<!--", "<script", "</script", "\0"):
        if piece in text.lower():
            raise AssertionError(f"a script to inline holds {piece!r}")
