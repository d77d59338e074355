"""GPX 1.0 and 1.1 to `Features`: waypoints, routes and tracks, told apart by the property `kind`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from geo.errors import DataError
from geo.read.features import Features
from geo.read.files import FileBytes
from geo.read.placemarks import Placemarks, as_position
from geo.read.xmltext import Element, parse_xml

_KINDS = {"wpt": "waypoint", "rte": "route", "trk": "track"}


def read_gpx(file: FileBytes, *, keys: Sequence[str] = ("id",)) -> Features:
    """Give the waypoints, routes and tracks of a GPX file; parameters and errors as `read_geojson`."""
    marks = Placemarks(file.name, keys)

    def take(element: Element, _: list[Element]) -> None:
        marks.add(element.line, lambda: _geometry(marks, element), _texts(marks, element))

    parse_xml(file, "GPX", ("gpx",), tuple(_KINDS), take)
    if not len(marks):
        hint = "save the track, or the places, anew from the program that it comes from"
        raise DataError.of("FILE_KIND", file.name, "it has no waypoints, routes or tracks", hint)
    return marks.features()


def _texts(marks: Placemarks, element: Element) -> Iterator[tuple[str, str]]:
    yield "name", element.find("name")
    yield "kind", _KINDS[element.tag]
    for tag, name in (("desc", "description"), ("cmt", "comment"), ("sym", "symbol"), ("type", "type")):
        yield name, element.find(tag)
    points = (point for part in element.all("trkseg") for point in part.all("trkpt"))
    first = next(points, None) if element.tag == "trk" else element
    yield "day", marks.day(first.find("time")) if first else ""


def _geometry(marks: Placemarks, element: Element) -> dict[str, Any] | None:
    if element.tag == "wpt":
        return {"type": "Point", "coordinates": _position(element)}
    paths = element.all("trkseg") if element.tag == "trk" else iter([element])
    lines = [list(map(_position, path.all("trkpt", "rtept"))) for path in paths]
    kept = [line for line in lines if len(line) > 1]
    if any(len(line) == 1 for line in lines):
        message = "a segment has one position, which makes no line, and is set aside"
        marks.tell("GEOMETRY_SHORT", "warning", message, "take it out, or let it be")
    return {"type": "MultiLineString", "coordinates": kept} if kept else None


def _position(point: Element) -> list[float]:
    height = point.find("ele")
    numbers = [point.attributes.get(name, "") for name in ("lon", "lat")]
    return as_position([*numbers, height] if height else numbers)
