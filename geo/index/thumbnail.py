"""A map's thumbnail as SVG: the relief and borders of the basemap, the layers that are on at first, simplified."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Callable
from html import escape
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.basemap.reading import Basemap
from geo.basemap.shapes import polygons, read_outlines
from geo.config.settings import Config
from geo.coordinates.mercator import WORLD_UNITS, to_degrees, web_mercator
from geo.index.symbols import Defined, Look, areas_of, line_end, looks_of, strokes_of, symbol
from geo.model import LayerData
from geo.pack.routes import drawn_shapes
from geo.pack.style import Styled, style_layer

Size = tuple[int, int]

LARGE_PX, SMALL_PX = (640, 360), (400, 225)
"""Of the first map's picture, and of the others, which are shown smaller: symbols of all stay readable."""
TOLERANCE_PX = 0.7
BORDERS_TOLERANCE_PX = 0.4
COVERED_PX, MOST_POINTS = 2, 3000
"""Of points in one cell of this size the last is drawn; the cells grow until there are few enough."""
MOST_VERTICES = 20_000
"""Lines and areas with more than these are thinned as points are: drawn is what comes last in some cell."""
POINT_TYPES = (0, 4)
SYMBOL_SHARE = 0.8
"""Symbols are drawn at this share of their size on the map."""
MOST_CASED = 40
"""Of more lines none has a light edge, nor marks at its ends; as on the map, see draw/paint.js."""
NIGHT = (
    '<filter id="geo-night" color-interpolation-filters="sRGB"><feColorMatrix values="'
    '.58 -.06 -.26 0 -.09 .41 -.01 -.09 0 -.11 .24 .01 .06 0 -.09 0 0 0 1 0"/></filter>'
)
"""Turns the relief into the colours of the dark basemap: land and sea dark, heights a little lighter, shade deep."""
TURNED_PX = 8
"""The marks at the ends of lines are turned as this much of the line's end is."""


def relief_definition(basemap: Basemap | None) -> str:
    """The thumbnails' pictures of the relief, once for all of them: the wide one, and a close one of the region."""
    images = "".join(
        f'<image id="{name}" preserveAspectRatio="none" width="1" height="1" href="{escape(picture["image"])}"/>'
        for name, picture in _pictures(basemap)
    )
    return (
        f'<svg class="geo-defined" width="0" height="0" aria-hidden="true"><defs>{images}{NIGHT}</defs></svg>'
        if images
        else ""
    )


def thumbnail(
    map_id: str,
    config: Config,
    layers: list[LayerData],
    bounds: tuple[float, float, float, float],
    basemap: Basemap | None,
    size: Size = SMALL_PX,
) -> str:
    """Give the picture of some layers within bounds: those that the map names fill the box, others are seen whole."""
    west, south, east, north = bounds
    fit = min if config.maps[map_id].bounds is None else max
    # What lies beyond 180 degrees is drawn from the other end of the world.
    boxes = [bounds, *([(west - 360, south, east - 360, north)] if east > 180 else [])]
    frames = [_Frame(box, size, fit) for box in boxes]
    defined = Defined(map_id)
    parts = ['<rect class="geo-ground" width="100%" height="100%"/>']
    reliefs = [_relief(frame, basemap) for frame in frames]
    if basemap and not all(reliefs):
        parts.append('<rect class="geo-sea" width="100%" height="100%"/>')  # once: over a frame it would hide its land
    for frame, relief in zip(frames, reliefs, strict=True):
        if basemap:
            parts += relief or [_land(frame, basemap)]
            lines = defined.use(f'<path id="{{}}" d="{_borders(frame, basemap, "borders")}"/>')
            parts += [f'<use class="geo-border{look}" {lines}/>' for look in (" geo-glow", "")]
            parts.append(f'<path class="geo-border geo-disputed" d="{_borders(frame, basemap, "disputed_borders")}"/>')
    for layer in layers:
        turn = config.maps[map_id].layers.index(layer.id)
        styled = style_layer(config, layer)
        marks = [mark for frame in frames for mark in _layer_marks(frame, layer, styled, turn, defined)]
        opacity = styled.style["base"]["opacity"]
        parts += marks if opacity == 1 else [f'<g opacity="{opacity:g}">', *marks, "</g>"]
    width, height = size
    drawn = f"<defs>{''.join(defined.parts())}</defs>{''.join(parts)}"
    return f'<svg class="geo-thumbnail" viewBox="0 0 {width} {height}" aria-hidden="true">{drawn}</svg>'


class _Frame:
    """Web Mercator to the pixels of a thumbnail; `fit`: of the scales of width and height that one that it takes."""

    def __init__(self, bounds: tuple[float, float, float, float], size: Size, fit: Callable[..., float]) -> None:
        self.size = size
        west, south, east, north = bounds
        _, y = web_mercator(np.array([west, east]), np.array([south, north]))
        x = (np.array([west, east]) + 180) / 360 * WORLD_UNITS  # also beyond the world's ends
        width, height = size
        self.scale = fit(width / (x[1] - x[0]), height / (y[0] - y[1]))
        self.left = (x[0] + x[1]) / 2 - width / 2 / self.scale
        self.top = (y[0] + y[1]) / 2 - height / 2 / self.scale

    def pixels(self, lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give positions in degrees as x and y in pixels, from the upper left."""
        x, y = web_mercator(lonlat[:, 0], lonlat[:, 1])
        return np.column_stack([(x - self.left) * self.scale, (y - self.top) * self.scale])

    def box(self, bounds: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        """Give bounds in degrees (west, south, east, north) as x, y, width and height in pixels."""
        west, south, east, north = bounds
        (x0, y0), (x1, y1) = self.pixels(np.array([[west, north], [east, south]]))
        return x0, y0, x1 - x0, y1 - y0

    def shape(self) -> Any:
        """The thumbnail's box in degrees, a little wider, to cut shapes to."""
        width, height = self.size
        lon, lat = self._degrees(np.array([-20, width + 20]), np.array([-20, height + 20]))
        return shapely.box(lon[0], lat[1], lon[1], lat[0])

    def cells(self, cell_px: float) -> NDArray[np.object_]:
        """The thumbnail's box in cells of a size, each a box in degrees."""
        width, height = self.size
        lon, lat = self._degrees(np.arange(0, width + cell_px, cell_px), np.arange(0, height + cell_px, cell_px))
        cells: NDArray[np.object_] = shapely.box(lon[:-1], lat[1:, None], lon[1:], lat[:-1, None]).ravel()
        return cells

    def _degrees(self, x: NDArray[Any], y: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return to_degrees(self.left + x / self.scale, self.top + y / self.scale)


def _pictures(basemap: Basemap | None) -> list[tuple[str, dict[str, Any]]]:
    if not (basemap and basemap.thumbnail):
        return []
    close = basemap.thumbnail.get("close")
    return [("geo-relief", basemap.thumbnail), *([("geo-relief-close", close)] if close else [])]


def _relief(frame: _Frame, basemap: Basemap | None) -> list[str]:
    """The sharpest picture of the relief that fills the frame; none where none does."""
    pictures = [(name, frame.box(picture["bounds"])) for name, picture in _pictures(basemap)]
    filling = [picture for picture in pictures if _fills(picture[1], frame.size)]
    if not filling:
        return []
    name, (x, y, width, height) = filling[-1]
    place = f"translate({x:.1f} {y:.1f}) scale({width:.1f} {height:.1f})"
    return [f'<use class="geo-relief" href="#{name}" transform="{place}"/>']


def _fills(box: tuple[float, float, float, float], size: Size) -> bool:
    x, y, width, height = box
    return x <= 0 and y <= 0 and x + width >= size[0] and y + height >= size[1]


def _land(frame: _Frame, basemap: Basemap) -> str:
    pieces = _seen(frame, polygons(*_outlines(frame, basemap, "land")))
    path = "".join(f"{_polyline(shapely.get_coordinates(ring))}Z" for ring in shapely.get_rings(pieces))
    return f'<path class="geo-land" fill-rule="evenodd" d="{path}"/>'


def _borders(frame: _Frame, basemap: Basemap, kind: str) -> str:
    points, line_of, _ = _outlines(frame, basemap, kind)
    pieces = _seen(frame, shapely.linestrings(points, indices=line_of))
    return "".join(_polyline(shapely.get_coordinates(piece)) for piece in pieces)


def _seen(frame: _Frame, shapes: Any) -> Any:
    """Shapes in pixels, cut to the frame and simplified, as single ones."""
    width, height = frame.size
    cut = shapely.simplify(shapely.clip_by_rect(shapes, -4, -4, width + 4, height + 4), BORDERS_TOLERANCE_PX)
    return shapely.get_parts(np.asarray(cut)[~shapely.is_empty(cut)])


def _outlines(
    frame: _Frame, basemap: Basemap, kind: str
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Outlines as `read_outlines` gives them, in pixels, of the most detailed level that covers the frame."""
    width, height = frame.size
    box = (frame.left, frame.top, frame.left + width / frame.scale, frame.top + height / frame.scale)
    levels = [level for level in basemap.head["levels"] if _holds(level.get("window"), box)]
    points, lines, shapes = read_outlines(basemap.head, base64.b64decode(basemap.blob), levels[-1], kind)
    return (points - [frame.left, frame.top]) * frame.scale, lines, shapes


def _holds(window: list[int] | None, box: tuple[float, float, float, float]) -> bool:
    if window is None:
        return True
    return window[0] <= box[0] and window[1] <= box[1] and box[2] <= window[2] and box[3] <= window[3]


def _polyline(points: NDArray[np.float64]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _layer_marks(frame: _Frame, layer: LayerData, styled: Styled, turn: int, defined: Defined) -> list[str]:
    shapes = drawn_shapes(layer)
    looks, fill_opacity = looks_of(layer, styled), styled.style["base"]["fill_opacity"]
    (inside,) = np.nonzero(shapely.intersects(shapes, frame.shape()))
    is_point = np.isin(shapely.get_type_id(shapes[inside]), POINT_TYPES)
    areas: dict[Look, list[str]] = {}
    lines: dict[Look, list[str]] = {}
    segments: dict[Look, set[frozenset[str]]] = {}
    ends: list[str] = []
    for n, shape in _shapes_seen(frame, shapes, inside[~is_point]):
        look, is_area = looks(n), shapes[n].geom_type.endswith("Polygon")
        if is_area:
            areas.setdefault(look, []).extend(_area_paths(frame, shape))
        elif path := _line_path(frame, shape, segments.setdefault(look, set())):
            lines.setdefault(look, []).append(path)
        if not is_area and look.ends != "none":
            ends += _line_ends(frame, shapes[n], look)
    marks = [mark for look, paths in areas.items() for mark in areas_of(look, paths, fill_opacity, turn, defined)]
    drawn = [strokes_of(defined.use(f'<path id="{{}}" d="{"".join(paths)}"/>'), look) for look, paths in lines.items()]
    if sum(map(len, lines.values())) <= MOST_CASED:
        # Edges first, so that where lines of a layer cross none cuts through another.
        marks += [edge for edge, _ in drawn] + [line for _, line in drawn] + ends
    else:
        marks += [line for _, line in drawn]
    for n, (x, y) in _points_seen(frame, shapes, inside[is_point]):
        look = looks(n)
        picture = defined.use(f'<g id="{{}}">{symbol(look, look.size * SYMBOL_SHARE)}</g>')
        marks.append(f'<use {picture} x="{x:.1f}" y="{y:.1f}"/>')
    return marks


def _line_ends(frame: _Frame, shape: Any, look: Look) -> list[str]:
    """The marks at the ends of a line's parts: not where the frame cuts it, nor where it goes on beyond 180 degrees."""
    marks = []
    for part in shapely.get_parts(shape):
        lonlat = shapely.get_coordinates(part)
        places = frame.pixels(lonlat)
        x, y = places[-1]
        is_cut = abs(lonlat[-1, 0]) == 180
        if len(places) > 1 and not is_cut and 0 <= x <= frame.size[0] and 0 <= y <= frame.size[1]:
            away = np.hypot(*(places[:-1] - places[-1]).T) >= TURNED_PX
            back_x, back_y = places[np.flatnonzero(away)[-1] if away.any() else 0]
            mark = line_end(look, float(np.arctan2(y - back_y, x - back_x)))
            marks.append(f'<g transform="translate({x:.1f} {y:.1f})">{mark}</g>')
    return marks


def _shapes_seen(frame: _Frame, shapes: NDArray[np.object_], places: NDArray[np.int64]) -> list[tuple[int, Any]]:
    """Give lines and areas cut to the frame and simplified, those that are not wholly under later ones if many."""
    degrees = 360 * TOLERANCE_PX / (WORLD_UNITS * frame.scale)
    # Part by part: where the lines of one feature cross each other, cutting it as a whole takes minutes.
    parts, owner = shapely.get_parts(shapes[places], return_index=True)
    places = places[owner]
    seen = shapely.simplify(shapely.intersection(shapely.make_valid(parts), frame.shape()), degrees)
    places, seen = places[~shapely.is_empty(seen)], seen[~shapely.is_empty(seen)]
    cell_px: float = COVERED_PX
    while shapely.get_num_coordinates(seen).sum() > MOST_VERTICES and cell_px < max(frame.size):
        seen, owner = shapely.get_parts(seen, return_index=True)
        cell_px, degrees = 1.25 * cell_px, 1.25 * degrees
        cells = frame.cells(cell_px)
        crossing, crossed = shapely.STRtree(cells).query(seen, predicate="intersects")
        last = np.full(len(cells), -1)
        np.maximum.at(last, crossed, crossing)
        kept = np.unique(last[last >= 0])
        places, seen = places[owner[kept]], shapely.simplify(seen[kept], degrees)
    return list(zip(map(int, places), seen, strict=True))


def _points_seen(
    frame: _Frame, shapes: NDArray[np.object_], points: NDArray[np.int64]
) -> list[tuple[int, NDArray[np.float64]]]:
    """Give the points that are not wholly under a later one, with their pixels: of a million, some thousands."""
    coordinates, owner = shapely.get_coordinates(shapes[points], return_index=True)
    if not len(coordinates):
        return []
    places = frame.pixels(coordinates)
    cell_px = COVERED_PX
    last = _last_in_cells(places, cell_px)
    while len(last) > MOST_POINTS:
        cell_px *= 2
        last = _last_in_cells(places, cell_px)
    return [(int(points[owner[at]]), places[at]) for at in np.sort(len(places) - 1 - last)]


def _last_in_cells(places: NDArray[np.float64], cell_px: int) -> NDArray[np.int64]:
    """Number the points that come last in their cell, counted from the end."""
    cells = np.floor(places / cell_px)[::-1].astype(np.int64)
    # One number a cell takes a tenth of the time of rows of two.
    last: NDArray[np.int64] = np.unique((cells[:, 0] << 32) + cells[:, 1], return_index=True)[1]
    return last


def _line_path(frame: _Frame, shape: Any, segments: set[frozenset[str]]) -> str:
    """A line without the segments that are drawn already, to which its own are added.

    Where two dashed lines run on one course each would fill the other's gaps.
    """
    parts = []
    for piece in shapely.get_parts(shape):
        places = [f"{x:.1f} {y:.1f}" for x, y in frame.pixels(shapely.get_coordinates(piece))]
        is_drawing = False
        for segment in itertools.pairwise(places):
            is_new = frozenset(segment) not in segments
            if is_new:
                parts.append(f"L{segment[1]}" if is_drawing else f"M{segment[0]}L{segment[1]}")
                segments.add(frozenset(segment))
            is_drawing = is_new
    return "".join(parts)


def _area_paths(frame: _Frame, shape: Any) -> list[str]:
    """The attributes of an area's path; of one cut at 180 degrees of two: it goes on there, and has no outline."""
    rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(shapely.get_parts(shape))]
    whole = "".join(f"{_polyline(frame.pixels(ring)[:-1])}Z" for ring in rings)
    is_end = [abs(ring[:, 0]) == 180 for ring in rings]
    cuts = [np.flatnonzero(at[:-1] & at[1:]) + 1 for at in is_end]
    if not any(map(len, cuts)):
        return [f'd="{whole}"'] if whole else []
    runs = [run for ring, at in zip(rings, cuts, strict=True) for run in np.split(ring, at)]
    outline = "".join(_polyline(frame.pixels(run)) for run in runs)
    return [f'd="{whole}" stroke="none"', f'd="{outline}" fill="none"']
