"""What features look like and how that is drawn, as SVG for the index page, from the tables by which maps draw.

What geo/page/draw/styles.js and symbols.js do. Light edges and the inside of what is hollow are of the page's theme.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from geo.config.looks import NO_VALUE_COLOUR, PRECISIONS
from geo.model import LayerData
from geo.pack.style import Styled, pixels_of
from geo.render import bundle

Dash = Sequence[float] | None
Corners = tuple[tuple[float, float], ...]

CLASSED = ("color", "shape", "dash")
_MODULE = "draw/symbols.js"
OPTIONS, SKETCH_DASHES = bundle.page_table(_MODULE, "SYMBOL_OPTIONS"), bundle.page_table(_MODULE, "SKETCH_DASHES")
TEXTURES = bundle.page_table(_MODULE, "TEXTURES")
# As in geo/page/draw/paint.js.
COVER = 1.7
"""So much more opaque are patterns, which leave most of the ground free."""
CASING_PX = 1.3
"""The light edge on each side of a line, and around each dash."""
ARROW_PX = 6
"""An arrow's head, plus twice its line's width."""


class Look(NamedTuple):
    """How a feature is drawn; sizes in pixels, `precision` the place in PRECISIONS."""

    colour: str
    shape: str
    size: float
    width: float
    dash: tuple[float, ...] | None
    fill: str
    ends: str
    precision: int
    texture: int = 0


class Defined:
    """What a picture draws more than once, each with an id of its own on the page."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.ids: dict[str, str] = {}

    def id_of(self, part: str) -> str:
        """The id of a part, whose own text leaves it open as {}."""
        return self.ids.setdefault(part, f"geo-{self.name}-{len(self.ids)}")

    def use(self, part: str) -> str:
        return f'href="#{self.id_of(part)}"'

    def parts(self) -> list[str]:
        return [part.format(name) for part, name in self.ids.items()]


def looks_of(layer: LayerData, styled: Styled) -> Callable[[int], Look]:
    """What each feature looks like."""
    n = len(layer.frame)
    sizes, widths = pixels_of(styled, "size", n), pixels_of(styled, "width", n)
    column = layer.frame["precision"].tolist() if "precision" in layer.frame else [None] * n
    arrays = {part: styled.arrays[f"_{part}"] for part in CLASSED if f"_{part}" in styled.arrays}
    scales = [] if styled.style["color"] else [styled.arrays.get("_size"), styled.arrays.get("_width")]
    is_unknown = np.any([codes == 0 for codes in scales if codes is not None] or [np.zeros(n, dtype=bool)], axis=0)

    def look(at: int) -> Look:
        size = max(1, round(2 * float(sizes[at]))) / 2  # half pixels, so that features share their symbols
        precision = PRECISIONS.index(column[at]) if column[at] in PRECISIONS else 0
        codes = {part: int(array[at]) for part, array in arrays.items()}
        drawn = look_of(styled, codes, size=size, width=float(widths[at]), precision=precision)
        return drawn._replace(colour=NO_VALUE_COLOUR) if is_unknown[at] else drawn

    return look


def look_of(styled: Styled, codes: dict[str, int], *, size: float, width: float, precision: int = 0) -> Look:
    """What such classes of color, shape and dash look like, as classStyle() of the page says it."""
    style, base = styled.style, styled.style["base"]

    def own(part: str) -> dict[str, Any]:
        chosen = style[part] if part in codes else None
        if not chosen or chosen.get("kind") == "series":
            return {}
        given: dict[str, Any] = chosen["classes"][codes[part] - 1] if codes[part] else chosen.get("none", {})
        return given

    def cue(name: str) -> Any:
        return own(name if style.get(name) else "color").get(name) or base[name]

    # With a series the base colour: a picture shows no one year.
    is_classed = style["color"] and style["color"]["kind"] != "series"
    colour = own("color").get("color", NO_VALUE_COLOUR) if is_classed else base["color"]
    dash = cue("dash")
    shape, fill, ends, texture = cue("shape"), cue("fill"), cue("ends"), own("color").get("texture", 0)
    return Look(colour, shape, size, width, tuple(dash) if dash else None, fill, ends, precision, texture)


@functools.cache
def corners(shape: str) -> Corners:
    """The corners of a shape in radii, y down; none of a circle."""
    if ring := bundle.page_table(_MODULE, "RINGS").get(shape):
        count, outer, *inner = ring
        angles = [(i / count - 0.25) * 2 * math.pi for i in range(count)]
        radii = [inner[0] if inner and i % 2 else outer for i in range(count)]
        return tuple((math.cos(a) * r, math.sin(a) * r) for a, r in zip(angles, radii, strict=True))
    half = bundle.page_table(_MODULE, "HALVES").get(shape, [])
    right = list(zip(half[::2], half[1::2], strict=True))
    return (*right, *((-x, y) for x, y in reversed(right)))


def symbol_path(shape: str, radius: float) -> str:
    """The outline of a shape around the origin, as path text."""
    if places := corners(shape):
        return "M" + "L".join(f"{_px(x * radius)},{_px(y * radius)}" for x, y in places) + "Z"
    r = _px(radius)
    arc = f"A{r} {r} 0 1 1"
    return f"M-{r} 0{arc} {r} 0{arc} -{r} 0Z"


def symbol(look: Look, radius: float) -> str:
    """The paths of a point, bottom first; filled: exact, hollow: the settlement, halo: near here, dashed: a sketch."""
    colour, fill, precision = look.colour, look.fill, look.precision
    path = symbol_path(look.shape, radius)
    if not precision and fill == "solid":
        return f'<path class="geo-casing" d="{path}" fill="{colour}"/>'
    width = min(OPTIONS["outline"], radius / 2.2)
    halo = symbol_path("circle", radius * OPTIONS["halo"])
    below = f'<path d="{halo}" fill="{colour}" opacity=".22"/>' if PRECISIONS[precision] == "approximate" else ""
    below += f'<path class="geo-casing geo-hollow" d="{path}"/>'
    if PRECISIONS[precision] == "schematic":
        dash = stroke(width * 0.63, SKETCH_DASHES["point"])
        return f'{below}<path d="{path}" fill="{colour}" fill-opacity=".3" stroke="{colour}" {dash}/>'
    edge = f'<path d="{symbol_path(look.shape, radius - width / 2)}" fill="none" stroke="{colour}" {stroke(width)}/>'
    shape, share = {"hatch": (look.shape, 0.5), "dots": ("circle", 0.3)}.get(fill, ("", 0))
    inside = f'<path d="{symbol_path(shape, radius * share)}" fill="{colour}"/>' if shape else ""
    return below + edge + inside


def pattern(fill: str, colour: str, turn: int) -> str:
    """The pattern of a hatched or dotted area, its id left open; that of another layer is turned, or lies beside."""
    step, angles = OPTIONS["hatchStep"][fill], OPTIONS["hatchAngles"]
    at = turn % len(angles)
    path = f"M-1 1L1 -1M-1 {step + 1}L{step + 1} -1M{step - 1} {step + 1}l2 -2"
    marks = {
        "dots": f'<circle cx="{step / 2}" cy="{step / 2}" r="1.8" fill="{colour}"/>',
        "hatch": f'<path d="{path}" stroke="{colour}" stroke-width="{OPTIONS["hatchWidth"]}"/>',
    }[fill]
    place = f'patternTransform="rotate({angles[at]})"' if fill == "hatch" else f'x="{at * step / len(angles):g}"'
    box = f'{place} width="{step}" height="{step}" patternUnits="userSpaceOnUse"'
    return f'<pattern id="{{}}" {box}>{marks}</pattern>'


def texture(look: Look, fill_opacity: float) -> str:
    """The pattern of an area's texture, its id left open: thin lines on a ground of their colour."""
    step, path = OPTIONS["textureStep"], TEXTURES["area"][look.texture]
    ground = f'<path d="M0 0H{step}V{step}H0Z" fill="{look.colour}" fill-opacity="{fill_opacity:g}"/>'
    places = [f"translate({x} {y})" for x in (-step, 0, step) for y in (-step, 0, step)]
    lines = "".join(f'<path transform="{place}" d="{path}"/>' for place in places)
    lines = f'<g fill="none" stroke="{look.colour}" {stroke(OPTIONS["textureWidth"])}>{lines}</g>'
    return f'<pattern id="{{}}" width="{step}" height="{step}" patternUnits="userSpaceOnUse">{ground}{lines}</pattern>'


def areas_of(look: Look, paths: list[str], fill_opacity: float, turn: int, defined: Defined) -> list[str]:
    """Areas that look alike, `paths` as attributes: filled, dotted, hatched or hollow."""
    fill = {"solid": look.colour, "hollow": "none"}.get(look.fill)
    if look.texture:
        fill = f"url(#{defined.id_of(texture(look, min(fill_opacity, OPTIONS['textureGround'])))})"
        fill_opacity = 1
    elif fill is None:
        fill_opacity = min(1, fill_opacity * COVER)
        fill = f"url(#{defined.id_of(pattern(look.fill, look.colour, turn))})"
    look_of_all = (
        f'fill="{fill}" fill-opacity="{fill_opacity:g}" stroke="{look.colour}" {stroke(look.width, area_dash(look))}'
    )
    return [f'<g class="geo-area" {look_of_all}>', *(f"<path {path}/>" for path in paths), "</g>"]


def strokes_of(path: str, look: Look, tag: str = "use") -> list[str]:
    """A line's edge in the colour of the ground, and the line; `path`, an attribute, says where it is."""
    edge = f'<{tag} class="geo-line geo-edge" {path} {stroke(look.width + 2 * CASING_PX)}/>'
    line = f'<{tag} class="geo-line" {path} stroke="{look.colour}" {stroke(look.width, line_dash(look))}/>'
    if not look.texture:
        return [edge, line]
    wider, *dash = TEXTURES["line"][look.texture]
    dash = _grown(dash, look)
    cap = "" if dash[0] else 'stroke-linecap="round" '
    marks = f'{cap}stroke-dashoffset="{_px(-dash[-1] / 2)}" {stroke(look.width + wider, dash)}'
    return [edge, f'{line}<{tag} class="geo-line" {path} stroke="{look.colour}" {marks}/>']


def line_dash(look: Look) -> Dash:
    """A line's dashes: its own, else those of its precision; they grow with wide lines."""
    given: Dash = look.dash or SKETCH_DASHES["line"][look.precision]
    return given and _grown(given, look)


def _grown(dash: Sequence[float], look: Look) -> list[float]:
    return [px * max(1, look.width / OPTIONS["commonWidth"]) for px in dash]


def area_dash(look: Look) -> Dash:
    """The dashes of an area's outline: its own, else those of its precision."""
    dash: Dash = look.dash or SKETCH_DASHES["area"][look.precision]
    return dash


def line_end(look: Look, angle: float) -> str:
    """What stands at the end of a line that comes at this angle: an arrow's head, or a ring where it goes on."""
    width, colour = look.width, look.colour
    if look.ends == "arrow":
        size = ARROW_PX + 2 * width
        head = ((0, size * 0.35), (2.55, size), (-2.55, size))
        places = [(math.cos(angle + turn) * far, math.sin(angle + turn) * far) for turn, far in head]
        path = "L".join(f"{_px(x)},{_px(y)}" for x, y in places)
        return f'<path class="geo-casing" d="M{path}Z" fill="{colour}"/>'
    path = symbol_path("circle", 2.5 + width * 0.75)
    ring = f'<path d="{path}" fill="none" stroke="{colour}" {stroke(max(1.6, width * 0.4))}/>'
    return f'<path class="geo-casing geo-hollow" d="{path}"/>{ring}'


def stroke(width: float, dash: Dash = None) -> str:
    """The attributes of a line."""
    return f'stroke-width="{_px(width)}"' + (f' stroke-dasharray="{" ".join(map(_px, dash))}"' if dash else "")


def _px(value: float) -> str:
    return f"{round(value, 2) + 0:g}"
