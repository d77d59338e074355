"""The exact way through a GeoJSON file: every member looked at, every problem named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from geo.errors import DataError
from geo.read.features import Collector
from geo.read.jsontext import Parser
from geo.read.shapes import DEPTHS, shown

_RFC = "write a FeatureCollection, a Feature or a geometry as RFC 7946 has it"
_NO_TYPE = 'the object has no "type"'
_DEGREES = "convert the coordinates to longitude and latitude (EPSG:4326) and take the member out"
TO_GEOJSON = "save it as GeoJSON in EPSG:4326 (in QGIS: Export > Save Features As)"
_ESRI = "Esri JSON", "ask the server for f=geojson in place of f=json"
_OTHERS = {  # by a member that all of a kind have
    "objects": ("TopoJSON", TO_GEOJSON),
    "geometryType": _ESRI,
    "spatialReference": _ESRI,
    "elements": ("an answer of Overpass", "in overpass turbo: Export > GeoJSON"),
}
_WGS84 = re.compile(r"(urn:ogc:def:crs:)?(OGC:[\d.]*:?CRS84|EPSG:[\d.]*:?4326)", re.IGNORECASE)


def read_exact(path: str, data: bytes, keys: Sequence[str]) -> Collector:
    """Take the features member by member, with every problem of the text; raises as `read_geojson`."""
    text = data.decode()
    collector = Collector.of_text(path, text, keys)
    parser = Parser(text, collector)
    top = parser.parse()
    kind = top.get("type") if isinstance(top, dict) else None
    if kind == "FeatureCollection" and isinstance(top.get("features"), list):
        features = parser.features
    elif kind == "Feature":
        features = [(top, parser.begin)]
    elif isinstance(kind, str) and (kind in DEPTHS or kind == "GeometryCollection"):
        features = [({"type": "Feature", "properties": {}, "geometry": top}, parser.begin)]
    else:
        collector.report(*_no_geojson(top, kind))
        raise DataError(collector.problems)
    if kind == "FeatureCollection" and not is_wgs84(top.get("crs")):
        line = text.count("\n", 0, max(text.find('"crs"'), 0)) + 1
        collector.system = _crs_name(top["crs"]), line
    kept = []
    for number, (feature, start) in enumerate(features, start=1):
        flaw = _feature_flaw(feature)
        if flaw is None:
            kept.append((feature, start, number))
        else:
            line = int(collector.line_at(np.array([start]))[0])
            named = _named(feature)
            collector.report(flaw[0], line, collector.subject(number, named), *flaw[1:])
            collector.refused |= {str(named[key]) for key in keys if key in named}
    starts, numbers = (np.array([one[part] for one in kept], dtype=np.int64) for part in (1, 2))
    geometries, properties = ([one[0][member] for one in kept] for member in ("geometry", "properties"))
    ids = [one[0].get("id") for one in kept]
    collector.add(geometries, properties, ids, starts, numbers)
    return collector


def _named(feature: Any) -> dict[str, Any]:
    """What may name a feature that is none: its properties, and an id that stands beside them."""
    if not isinstance(feature, dict):
        return {}
    properties = feature.get("properties")
    own = {"id": feature["id"]} if "id" in feature else {}
    return own | (properties if isinstance(properties, dict) else {})


def _no_geojson(top: Any, kind: Any) -> tuple[str, int, str, str, str]:
    if not isinstance(top, dict):
        return "GEOJSON_TYPE", 1, "", "the file does not hold a JSON object", _RFC
    if kind == "FeatureCollection":
        return "GEOJSON_MEMBER", 1, "", 'the FeatureCollection has no list "features"', 'add "features": [...]'
    for what, hint in (_OTHERS[name] for name in _OTHERS if name in top):
        return "GEOJSON_TYPE", 1, "", f"the file is {what}, not GeoJSON", hint
    return "GEOJSON_TYPE", 1, "", f"the type is {shown(kind)}" if "type" in top else _NO_TYPE, _RFC


def _feature_flaw(feature: Any) -> tuple[str, str, str] | None:
    if not isinstance(feature, dict):
        return "GEOJSON_TYPE", f"{shown(feature)} is not a feature", 'write {"type": "Feature", ...}'
    if feature.get("type") != "Feature":
        message = f"the type is {shown(feature['type'])}, not 'Feature'" if "type" in feature else _NO_TYPE
        return "GEOJSON_TYPE", message, 'write "type": "Feature"'
    if "geometry" not in feature:
        return "GEOJSON_MEMBER", 'the feature has no "geometry"', 'add it, or "geometry": null for "not located"'
    if "properties" not in feature:
        return "GEOJSON_MEMBER", 'the feature has no "properties"', 'add "properties": {...} with its key'
    if not isinstance(feature["properties"], dict | None):
        return "GEOJSON_MEMBER", "the properties are not an object", 'write "properties": {...}'
    if others := [crs for crs in crs_of(feature) if not is_wgs84(crs)]:
        return "GEOJSON_CRS", f"the feature says that it is in {_crs_name(others[0])!r}", _DEGREES
    return None


def crs_of(feature: dict[str, Any]) -> list[Any]:
    """Give the crs members of a feature and of its geometry: until RFC 7946 any object could have one."""
    return [one["crs"] for one in (feature, feature["geometry"]) if isinstance(one, dict) and "crs" in one]


def is_wgs84(crs: Any) -> bool:
    """Tell whether a crs member names WGS 84, the only system of GeoJSON (RFC 7946, 4)."""
    return crs is None or _WGS84.fullmatch(_crs_name(crs)) is not None


def _crs_name(crs: Any) -> str:
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else crs
    return name[:60] if isinstance(name, str) else shown(crs)
