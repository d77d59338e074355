"""A small coloured picture of land, relief and waters, on which the index page draws its thumbnails."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from shapely import Geometry

from layers.basemap.inputs import Inputs
from layers.basemap.relief import SHADE_FLAT, Area, Box, Grid, read_elevation, shade, warp
from layers.basemap.shapes import Level, project_box

NAME = "thumbnail.webp"
BOUNDS: Box = (18.0, 20.0, 108.0, 66.0)
PIXELS_PER_DEGREE = 16
QUALITY = 46
OVERSAMPLING = 3
RELIEF = Area("thumbnail", (22.0, 20.0, 90.0, 50.0), PIXELS_PER_DEGREE, QUALITY, (64, 72, 120, 0))

SEA, COAST, LAKE, LAND, BORDER = "#c3dbe9", "#8fb2c8", "#b5d5e8", "#e8ecd8", "#a58fae"
# The light palette of geo/page/relief.js.
TINT = (
    (0, 0xDFE8D2), (250, 0xE8ECD8), (700, 0xEFECD3), (1300, 0xEFE3C4), (2000, 0xE5D1AB), (2800, 0xD9C19B),
    (3500, 0xD6C5AE), (4300, 0xDDD2C4), (5200, 0xECE7E0), (6500, 0xFFFFFF),
)  # fmt: skip
SHADOW, SHADOW_SHARE = (0x3D, 0x3A, 0x5C), 0.7
LIGHT, LIGHT_SHARE = (0xFF, 0xFD, 0xF2), 0.6


def make_thumbnail(inputs: Inputs, level: Level) -> bytes:
    """Draw BOUNDS in Web Mercator with the shapes of a level, as WebP."""
    west, north, east, south = project_box(BOUNDS)
    scale = (BOUNDS[2] - BOUNDS[0]) * PIXELS_PER_DEGREE / (east - west)
    size = (round((east - west) * scale), round((south - north) * scale))
    picture = _flat(size, level.land, (west, north), scale, LAND, SEA)
    land = np.asarray(_flat(size, level.land, (west, north), scale, "white", "black").convert("L"), dtype=np.float32) / 255
    picture = _with_relief(picture, inputs, land, (west, north), scale)
    large = picture.resize((size[0] * OVERSAMPLING, size[1] * OVERSAMPLING), Image.Resampling.BICUBIC)
    pen, factor = ImageDraw.Draw(large), scale * OVERSAMPLING
    for shapes, fill, outline in ((level.lakes, LAKE, COAST), (level.land, None, COAST)):
        for shape in shapes:
            pen.polygon(_pixels(shape.exterior, (west, north), factor), fill=fill, outline=outline, width=2)
            for ring in shape.interiors:
                pen.line(_pixels(ring, (west, north), factor), fill=COAST, width=2)
    for line in (*level.borders, *level.disputed_borders):
        pen.line(_pixels(line, (west, north), factor), fill=BORDER, width=3)
    file = io.BytesIO()
    large.resize(size, Image.Resampling.LANCZOS).save(file, "WEBP", quality=QUALITY, method=6)
    return file.getvalue()


def _flat(
    size: tuple[int, int], land: list[Geometry], corner: tuple[float, float], scale: float, on: str, off: str
) -> Image.Image:
    large = Image.new("RGB", (size[0] * OVERSAMPLING, size[1] * OVERSAMPLING), off)
    pen = ImageDraw.Draw(large)
    for shape in land:
        pen.polygon(_pixels(shape.exterior, corner, scale * OVERSAMPLING), fill=on)
        for ring in shape.interiors:
            pen.polygon(_pixels(ring, corner, scale * OVERSAMPLING), fill=off)
    return large.resize(size, Image.Resampling.LANCZOS)


def _with_relief(
    picture: Image.Image, inputs: Inputs, land: Grid, corner: tuple[float, float], scale: float
) -> Image.Image:
    elevation = warp(read_elevation(inputs), RELIEF)
    colours = colour_relief(elevation, shade(elevation, RELIEF))
    height, width = elevation.shape
    left, top, *_ = project_box(RELIEF.bounds)
    x, y = round((left - corner[0]) * scale), round((top - corner[1]) * scale)
    ground = np.array(picture, dtype=np.float32)
    part = ground[y : y + height, x : x + width]
    rows, columns = part.shape[:2]
    cover = _fade(width, height)[:rows, :columns] * land[y : y + rows, x : x + columns]
    part += (colours[:rows, :columns] - part) * cover[:, :, None]
    return Image.fromarray(np.round(ground).astype(np.uint8))


def colour_relief(elevation: Grid, grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Tint by elevation, take on the shadow's or the light's colour by the shade: as the page does."""
    at = [metres for metres, _ in TINT]
    tint = np.stack([np.interp(elevation, at, [colour >> shift & 255 for _, colour in TINT]) for shift in (16, 8, 0)], -1)
    level = grey[:, :, None].astype(np.float32)
    dark = np.clip(1 - level / SHADE_FLAT, 0, 1) * SHADOW_SHARE
    bright = np.clip((level - SHADE_FLAT) / (255 - SHADE_FLAT), 0, 1) * LIGHT_SHARE
    shaded = tint + (np.array(SHADOW) - tint) * dark
    return np.asarray(shaded + (np.array(LIGHT) - shaded) * bright, dtype=np.float32)


def _fade(width: int, height: int) -> Grid:
    west, north, east, south = RELIEF.feather
    x, y = np.arange(width) + 0.5, np.arange(height) + 0.5
    columns = _smooth_step(x / west) * _smooth_step((width - x) / east)
    rows = _smooth_step(y / north) * (_smooth_step((height - y) / south) if south else 1.0)
    return np.asarray(rows[:, None] * columns[None, :], dtype=np.float32)


def _smooth_step(share: NDArray[np.float64]) -> NDArray[np.float64]:
    t = np.clip(share, 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


def _pixels(line: Geometry, corner: tuple[float, float], scale: float) -> list[tuple[float, float]]:
    return [((x - corner[0]) * scale, (y - corner[1]) * scale) for x, y in line.coords]
