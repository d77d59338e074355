"""Coloured pictures of land, relief and waters, on which the index page draws its thumbnails: all, and Central Asia."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from layers.basemap.inputs import Inputs
from layers.basemap.relief import SHADE_FLAT, Area, Box, Grid, Shades, read_elevation, shade, warp
from layers.basemap.shapes import Level, project_box
from layers.basemap.topology import Shape

OVERSAMPLING = 3
SEA, LAKE, LAND = "#c3dbe9", "#b5d5e8", "#e8ecd8"
# The light palette of geo/page/draw/relief.js.
TINT = (
    (0, 0xDFE8D2), (250, 0xE8ECD8), (700, 0xEFECD3), (1300, 0xEFE3C4), (2000, 0xE5D1AB), (2800, 0xD9C19B),
    (3500, 0xD6C5AE), (4300, 0xDDD2C4), (5200, 0xECE7E0), (6500, 0xFFFFFF),
)  # fmt: skip
SHADOW, SHADOW_SHARE = (0x3D, 0x3A, 0x5C), 0.7
LIGHT, LIGHT_SHARE = (0xFF, 0xFD, 0xF2), 0.6


@dataclass(frozen=True)
class Picture:
    """What a picture shows, with the level of shapes and the relief on it; `relief` has the picture's scale."""

    name: str
    bounds: Box
    level: int
    relief: Area


def _picture(
    name: str, bounds: Box, level: int, pixels_per_degree: int, quality: int, relief: Box, fade: Box
) -> Picture:
    west, north, east, south = (round(degrees * pixels_per_degree) for degrees in fade)
    return Picture(name, bounds, level, Area(name, relief, pixels_per_degree, quality, (west, north, east, south)))


WIDE = _picture(
    "thumbnail.webp", (20.0, 20.0, 109.0, 65.0), 1, 15, 36, relief=(22.0, 20.0, 90.0, 50.0), fade=(4.0, 4.5, 8.0, 0.0)
)
CLOSE = _picture(
    "thumbnail-close.webp",
    (56.0, 34.5, 87.0, 48.5),
    2,
    40,
    44,
    relief=(56.0, 34.5, 87.0, 48.5),
    fade=(0.0, 0.0, 0.0, 0.0),
)


def make_picture(inputs: Inputs, picture: Picture, levels: list[Level]) -> bytes:
    """Draw a picture's bounds in Web Mercator, as WebP."""
    level = levels[picture.level]
    west, north, east, south = project_box(picture.bounds)
    scale = (picture.bounds[2] - picture.bounds[0]) * picture.relief.pixels_per_degree / (east - west)
    size = (round((east - west) * scale), round((south - north) * scale))
    corner = (west, north)
    land = _mask(size, level.land, corner, scale)[:, :, None]
    lakes = _mask(size, level.lakes, corner, scale)[:, :, None]
    ground = np.broadcast_to(np.array(_rgb(LAND), dtype=np.float32), (size[1], size[0], 3)).copy()
    _lay_relief(ground, inputs, picture.relief, corner, scale)
    colours = np.array(_rgb(SEA)) + (ground - _rgb(SEA)) * land
    colours += (np.array(_rgb(LAKE)) - colours) * lakes
    file = io.BytesIO()
    image = Image.fromarray(np.round(colours).astype(np.uint8))
    image.save(file, "WEBP", quality=picture.relief.quality, method=6)
    return file.getvalue()


def colour_relief(elevation: Grid, grey: Shades) -> Grid:
    """Tint by elevation, take on the shadow's or the light's colour by the shade: as the page does."""
    at = [metres for metres, _ in TINT]
    channels = [np.interp(elevation, at, [colour >> shift & 255 for _, colour in TINT]) for shift in (16, 8, 0)]
    tint, level = np.stack(channels, -1), grey[:, :, None].astype(np.float32)
    dark = np.clip(1 - level / SHADE_FLAT, 0, 1) * SHADOW_SHARE
    bright = np.clip((level - SHADE_FLAT) / (255 - SHADE_FLAT), 0, 1) * LIGHT_SHARE
    shaded = tint + (np.array(SHADOW) - tint) * dark
    return np.asarray(shaded + (np.array(LIGHT) - shaded) * bright, dtype=np.float32)


def _lay_relief(ground: Grid, inputs: Inputs, area: Area, corner: tuple[float, float], scale: float) -> None:
    elevation = warp(read_elevation(inputs), area)
    colours = colour_relief(elevation, shade(elevation, area))
    left, top, *_ = project_box(area.bounds)
    x, y = round((left - corner[0]) * scale), round((top - corner[1]) * scale)
    part = ground[y : y + elevation.shape[0], x : x + elevation.shape[1]]
    rows, columns = part.shape[:2]
    part += (colours[:rows, :columns] - part) * _fade(area, elevation.shape)[:rows, :columns, None]


def _mask(size: tuple[int, int], polygons: list[Shape], corner: tuple[float, float], scale: float) -> Grid:
    """Give how much of each pixel lies in the polygons, 0 to 1."""
    large = Image.new("L", (size[0] * OVERSAMPLING, size[1] * OVERSAMPLING), 0)
    pen = ImageDraw.Draw(large)
    for polygon in polygons:
        for ring, cover in ((polygon.exterior, 255), *((hole, 0) for hole in polygon.interiors)):
            pen.polygon([tuple((np.array(at) - corner) * scale * OVERSAMPLING) for at in ring.coords], fill=cover)
    return np.asarray(large.resize(size, Image.Resampling.BOX), dtype=np.float32) / 255


def _fade(area: Area, shape: tuple[int, ...]) -> Grid:
    west, north, east, south = area.feather
    y, x = (np.arange(length, dtype=np.float64) + 0.5 for length in shape)
    columns = _smooth_step(x, west) * _smooth_step(x[::-1], east)
    rows = _smooth_step(y, north) * _smooth_step(y[::-1], south)
    return np.asarray(rows[:, None] * columns[None, :], dtype=np.float32)


def _smooth_step(at: Grid, length: int) -> Grid:
    t = np.clip(at / length, 0, 1) if length else np.ones_like(at)
    return np.asarray(t * t * (3 - 2 * t))


def _rgb(colour: str) -> tuple[int, int, int]:
    value = int(colour[1:], 16)
    return (value >> 16, value >> 8 & 255, value & 255)
