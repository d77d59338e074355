"""A map's thumbnail as SVG: the relief and borders of the basemap, the layers that are on at first, simplified."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.basemap import Basemap
from geo.columns import read_array
from geo.config import Config
from geo.looks import NO_VALUE_COLOUR
from geo.model import LayerData
from geo.routes import geodesic_lines
from geo.style import Styled, pixels_of, style_layer
from geo.vertices import WORLD_UNITS, web_mercator

THUMBNAIL_PX = (640, 360)
TOLERANCE_PX = 0.7
BORDERS_TOLERANCE_PX = 0.4
COVERED_PX, MOST_POINTS = 2, 3000
"""Of points in one cell of this size the last is drawn; the cells grow until there are few enough."""
MOST_VERTICES = 20_000
"""Lines and areas with more than these are thinned as points are: drawn is what comes last in some cell."""
POINT_TYPES = (0, 4)
SYMBOL_SHARE = 0.8
"""Symbols are drawn at this share of their size on the map."""
SKETCH_DASHES: dict[str | None, Sequence[float]] = {"settlement": (14, 3), "approximate": (10, 4), "schematic": (8, 5)}
"""Of lines whose place is not exact; as on the map, see symbols.js."""
COMMON_WIDTH = 2.5
"""What dashes are given for; as on the map, too."""
# Corners in radii of the symbol, y down; every other shape is drawn as a dot, which is what is left of it at this size.
CORNERS = {
    "gate": ((-1.1, -1), (1.1, -1), (1.1, 1), (0.45, 1), (0.45, -0.25), (-0.45, -0.25), (-0.45, 1), (-1.1, 1)),
    "square": ((-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)),
    "triangle": ((0, -1.1), (1, 0.75), (-1, 0.75)),
    "diamond": ((0, -1.15), (1.15, 0), (0, 1.15), (-1.15, 0)),
}


def relief_definition(basemap: Basemap | None) -> str:
    """The thumbnails' pictures of the relief, once for all of them: the wide one, and a close one of the region."""
    images = "".join(
        f'<image id="{name}" preserveAspectRatio="none" width="1" height="1" href="{picture["image"]}"/>'
        for name, picture in _pictures(basemap)
    )
    return (
        f'<svg class="geo-defined" width="0" height="0" aria-hidden="true"><defs>{images}</defs></svg>'
        if images
        else ""
    )


def thumbnail(
    config: Config, layers: list[LayerData], bounds: tuple[float, float, float, float], basemap: Basemap | None
) -> str:
    """Give the picture of some layers within bounds, as large as fills the box."""
    west, south, east, north = bounds
    # What lies beyond 180 degrees is drawn from the other end of the world.
    frames = [_Frame(bounds), *([_Frame((west - 360, south, east - 360, north))] if east > 180 else [])]
    parts = ['<rect class="geo-ground" width="100%" height="100%"/>']
    for frame in frames:
        parts += _relief(frame, basemap)
        if basemap:
            parts += [
                f'<path class="geo-border" d="{_borders(frame, basemap, "borders")}"/>',
                f'<path class="geo-border geo-disputed" d="{_borders(frame, basemap, "disputed_borders")}"/>',
            ]
    order = list(config.layers)
    for layer in layers:
        styled = style_layer(config, layer, index=order.index(layer.id))
        parts += [mark for frame in frames for mark in _layer_marks(frame, layer, styled)]
    width, height = THUMBNAIL_PX
    return f'<svg class="geo-thumbnail" viewBox="0 0 {width} {height}" aria-hidden="true">{"".join(parts)}</svg>'


class _Frame:
    """Web Mercator to the pixels of a thumbnail that shows `bounds` and fills its box."""

    def __init__(self, bounds: tuple[float, float, float, float]) -> None:
        west, south, east, north = bounds
        _, y = web_mercator(np.array([west, east]), np.array([south, north]))
        x = (np.array([west, east]) + 180) / 360 * WORLD_UNITS  # also beyond the world's ends
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
        width, height = THUMBNAIL_PX
        lon, lat = self._degrees(np.array([-20, width + 20]), np.array([-20, height + 20]))
        return shapely.box(lon[0], lat[1], lon[1], lat[0])

    def cells(self, cell_px: float) -> NDArray[np.object_]:
        """The thumbnail's box in cells of a size, each a box in degrees."""
        width, height = THUMBNAIL_PX
        lon, lat = self._degrees(np.arange(0, width + cell_px, cell_px), np.arange(0, height + cell_px, cell_px))
        cells: NDArray[np.object_] = shapely.box(lon[:-1], lat[1:, None], lon[1:], lat[:-1, None]).ravel()
        return cells

    def _degrees(self, x: NDArray[Any], y: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        lon = (self.left + x / self.scale) / WORLD_UNITS * 360 - 180
        lat = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * (self.top + y / self.scale) / WORLD_UNITS))))
        return lon, lat


def _pictures(basemap: Basemap | None) -> list[tuple[str, dict[str, Any]]]:
    if not (basemap and basemap.thumbnail):
        return []
    close = basemap.thumbnail.get("close")
    return [("geo-relief", basemap.thumbnail), *([("geo-relief-close", close)] if close else [])]


def _relief(frame: _Frame, basemap: Basemap | None) -> list[str]:
    """The sharpest picture of the relief that fills the frame, else the widest."""
    pictures = [(name, frame.box(picture["bounds"])) for name, picture in _pictures(basemap)]
    if not pictures:
        return []
    name, (x, y, width, height) = next((p for p in reversed(pictures) if _fills(p[1])), pictures[0])
    return [f'<use href="#{name}" transform="translate({x:.1f} {y:.1f}) scale({width:.1f} {height:.1f})"/>']


def _fills(box: tuple[float, float, float, float]) -> bool:
    x, y, width, height = box
    return x <= 0 and y <= 0 and x + width >= THUMBNAIL_PX[0] and y + height >= THUMBNAIL_PX[1]


def _borders(frame: _Frame, basemap: Basemap, kind: str) -> str:
    """The borders of the most detailed level of the basemap that covers the frame, cut to it."""
    width, height = THUMBNAIL_PX
    box = (frame.left, frame.top, frame.left + width / frame.scale, frame.top + height / frame.scale)
    levels = [level for level in basemap.head["levels"] if _holds(level.get("window"), box)]
    first, last = levels[-1][kind]
    shapes = basemap.head["shapes"]
    blob = gzip.decompress(base64.b64decode(basemap.blob))
    counts = read_array(blob, shapes["vertices"]).astype(np.int64)
    part_of = np.concatenate([[0], np.cumsum(read_array(blob, shapes["parts"]).astype(np.int64))])
    parts = slice(part_of[first], part_of[last])
    start = int(counts[: parts.start].sum())
    end = start + int(counts[parts].sum())
    points = np.column_stack([read_array(blob, shapes[axis])[start:end] for axis in ("x", "y")])
    points = (points - [frame.left, frame.top]) * frame.scale
    lines = shapely.linestrings(points, indices=np.repeat(np.arange(len(counts[parts])), counts[parts]))
    inside = shapely.simplify(shapely.clip_by_rect(lines, -4, -4, width + 4, height + 4), BORDERS_TOLERANCE_PX)
    pieces = shapely.get_parts(inside[~shapely.is_empty(inside)])
    return "".join(_polyline(shapely.get_coordinates(piece)) for piece in pieces)


def _holds(window: list[int] | None, box: tuple[float, float, float, float]) -> bool:
    if window is None:
        return True
    return window[0] <= box[0] and window[1] <= box[1] and box[2] <= window[2] and box[3] <= window[3]


def _polyline(points: NDArray[np.float64]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _layer_marks(frame: _Frame, layer: LayerData, styled: Styled) -> list[str]:
    shapes = np.asarray(layer.frame.geometry.array, dtype=object)
    shapes = geodesic_lines(shapes) if layer.config.geodesic else shapes
    colours = _colours(styled, len(shapes))
    radii, widths = pixels_of(styled, "size", len(shapes)) * SYMBOL_SHARE, pixels_of(styled, "width", len(shapes))
    (inside,) = np.nonzero(shapely.intersects(shapes, frame.shape()))
    is_point = np.isin(shapely.get_type_id(shapes[inside]), POINT_TYPES)
    marks = []
    for n, shape in _shapes_seen(frame, shapes, inside[~is_point]):
        path = _path(frame, shape)
        if path and shapes[n].geom_type.endswith("Polygon"):
            marks.append(f'<path class="geo-area" d="{path}" fill="{colours[n]}"/>')
        elif path:
            dash = " ".join(f"{px * max(1, widths[n] / COMMON_WIDTH):.1f}" for px in _dash(layer, styled, n))
            line = f'stroke="{colours[n]}" stroke-width="{widths[n]:.1f}" stroke-dasharray="{dash or "none"}"'
            marks.append(f'<path class="geo-line" d="{path}" {line}/>')
    for n, (x, y) in _points_seen(frame, shapes, inside[is_point]):
        marks.append(_symbol(_cue(styled, "shape", n), x, y, radii[n], colours[n]))
    return marks


def _dash(layer: LayerData, styled: Styled, n: int) -> Sequence[float]:
    """A line's dashes: its class's or its layer's, else those of its precision."""
    precision = layer.frame["precision"].iat[n] if "precision" in layer.frame else None
    dash: Sequence[float] = _cue(styled, "dash", n) or SKETCH_DASHES.get(precision, ())
    return dash


def _cue(styled: Styled, cue: str, n: int) -> Any:
    """A feature's shape or dash: its class's, else its layer's."""
    part = cue if styled.style[cue] else "color"
    codes = styled.arrays.get(f"_{part}")
    own = styled.style[part]["classes"][codes[n] - 1].get(cue) if codes is not None and codes[n] else None
    return own or styled.style["base"][cue]


def _shapes_seen(frame: _Frame, shapes: NDArray[np.object_], places: NDArray[np.int64]) -> list[tuple[int, Any]]:
    """Give lines and areas cut to the frame and simplified, those that are not wholly under later ones if many."""
    degrees = 360 * TOLERANCE_PX / (WORLD_UNITS * frame.scale)
    # Part by part: where the lines of one feature cross each other, cutting it as a whole takes minutes.
    parts, owner = shapely.get_parts(shapes[places], return_index=True)
    places = places[owner]
    seen = shapely.simplify(shapely.intersection(shapely.make_valid(parts), frame.shape()), degrees)
    places, seen = places[~shapely.is_empty(seen)], seen[~shapely.is_empty(seen)]
    cell_px: float = COVERED_PX
    while shapely.get_num_coordinates(seen).sum() > MOST_VERTICES and cell_px < max(THUMBNAIL_PX):
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


def _symbol(shape: str, x: float, y: float, radius: float, colour: str) -> str:
    if corners := CORNERS.get(shape):
        points = np.array(corners) * radius + [x, y]
        return f'<path class="geo-symbol" d="{_polyline(points)}Z" fill="{colour}"/>'
    return f'<circle class="geo-symbol" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{colour}"/>'


def _colours(styled: Styled, n: int) -> list[str]:
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
            parts.append(f"{_polyline(points[:-1])}Z" if piece.geom_type == "Polygon" else _polyline(points))
    return "".join(parts)
