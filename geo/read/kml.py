"""KML (OGC 07-147r2) to `Features`: the placemarks of all folders, each with its folder, its dates and its data.

Read by us: GDAL's drivers lose data, dates or lines. Neither links to other files nor images are followed; of
descriptions, which are HTML, the text is kept.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from typing import Any

from geo.errors import DataError
from geo.problems import Problem
from geo.read.features import Features
from geo.read.files import FileBytes
from geo.read.placemarks import NoPosition, Placemarks, as_position
from geo.read.xmltext import Element, parse_xml

_ROOTS = ("kml", "Document", "Folder", "Placemark")
_OVERLAYS = ("GroundOverlay", "PhotoOverlay")
_GROUPS = ("MultiGeometry", "MultiTrack")
_LINK, _IMAGE = "a link to another file", "an image laid over the ground"
_MARKUP = re.compile(r"<[a-zA-Z/!]|&#?\w+;")
_TAG = re.compile(r"(<[a-zA-Z/!?][^<>]*>)")
_ROW = re.compile(r"</?tr\b[^<>]*>", re.IGNORECASE)
_CELL = re.compile(r"<t[dh]\b[^<>]*>", re.IGNORECASE)
_ADDRESS = re.compile(r"""\bhref\s*=\s*["']?(https?://[^"'\s>]+)""", re.IGNORECASE)
_LINES = {"br", "p", "div", "li", "ul", "ol", "tr", "table", "hr", "h1", "h2", "h3", "h4", "h5", "h6"}
_UNSEEN = {"script", "style", "title"}


def read_kml(file: FileBytes, *, keys: Sequence[str] = ("id",)) -> Features:
    """Give the placemarks of a KML file; parameters and errors as `read_geojson`."""
    marks = Placemarks(file.name, keys)
    others: dict[str, list[Element]] = {}

    def take(element: Element, around: list[Element]) -> None:
        if element.tag == "Placemark":
            texts = _texts(marks, element, around)
            marks.add(element.line, lambda: _geometry(marks, element), texts, element.attributes.get("id"))
        else:
            others.setdefault(_LINK if element.tag == "NetworkLink" else _IMAGE, []).append(element)

    parse_xml(file, "KML", _ROOTS, ("Placemark", "NetworkLink", *_OVERLAYS), take)
    if not len(marks):
        raise _without_placemarks(file, others.get(_LINK, []))
    hint = "expect the map without it, or add what it has"
    return marks.features(
        *(
            Problem(
                code="FILE_KIND",
                severity="warning",
                path=file.name,
                line=elements[0].line,
                message=f"{what} ({elements[0].find('name')!r}) is set aside",
                hint=hint,
            )
            for what, elements in others.items()
        )
    )


def _without_placemarks(file: FileBytes, links: list[Element]) -> DataError:
    message, hint = "it has no placemarks", "save the places, not the view, from the program that it comes from"
    if links:
        address = next((url.find("href") for url in links[0].all("Link", "Url")), "")
        message = f"{message}, only a link to another file ({address[:200]})"
        hint = 'download that; in My Maps export without "Keep data up to date"'
    return DataError.of("FILE_KIND", file.name, message, hint, line=links[0].line if links else 0)


def _texts(marks: Placemarks, mark: Element, around: list[Element]) -> Iterator[tuple[str, str]]:
    """Give what a placemark says, by the columns of an atlas where these mean the same."""
    yield "name", " ".join(mark.find("name").split())
    description = mark.find("description")
    rows = table_of(description)
    yield from rows or [("description", plain_text(description))]
    yield "folder", " / ".join(filter(None, (one.find("name") for one in around if one.tag == "Folder")))
    for name in ("address", "phoneNumber"):
        yield name, mark.find(name)
    for span in mark.all("TimeSpan"):
        yield "valid_from", marks.day(span.find("begin"))
        yield "valid_to", marks.day(span.find("end"))
    for stamp in mark.all("TimeStamp"):
        yield from ((name, marks.day(stamp.find("when"))) for name in ("valid_from", "valid_to"))
    for data in (data for extended in mark.all("ExtendedData") for data in extended.children):
        if data.tag == "Data":
            yield data.attributes.get("name") or data.find("displayName"), plain_text(data.find("value"))
        for simple in data.all("SimpleData"):
            yield simple.attributes.get("name", ""), plain_text(simple.text())


def _geometry(marks: Placemarks, mark: Element) -> dict[str, Any] | None:
    """Give the geometry of a placemark as GeoJSON has it.

    A point beside lines or areas, where Google Earth writes their name, is set aside.
    """
    parts = list(_parts(marks, mark))
    kinds = {part["type"] for part in parts}
    if "Point" in kinds and len(kinds) > 1:
        parts = [part for part in parts if part["type"] != "Point"]
        message, hint = "the point beside its lines or areas is set aside", "make a placemark of it, or let it be"
        marks.tell("GEOMETRY_TYPE", "warning", message, hint)
    if len(parts) > 1:
        return {"type": "GeometryCollection", "geometries": parts}
    return parts[0] if parts else None


def _parts(marks: Placemarks, element: Element) -> Iterator[dict[str, Any]]:
    """Give the plain geometries in an element that have positions."""
    for part in element.children:
        if part.tag in _GROUPS:
            yield from _parts(marks, part)
        elif part.tag == "Point" and (positions := _positions(part)):
            if len(positions) > 1:
                raise NoPosition(part.find("coordinates"))
            yield {"type": "Point", "coordinates": positions[0]}
        elif part.tag in ("LineString", "LinearRing") and (positions := _positions(part)):
            yield {"type": "LineString", "coordinates": positions}
        elif part.tag == "Track" and (coords := [coord.text().split() for coord in part.all("coord")]):
            yield {"type": "LineString", "coordinates": list(map(as_position, coords))}
        elif part.tag == "Polygon":
            sides = (side for tag in ("outerBoundaryIs", "innerBoundaryIs") for side in part.all(tag))
            rings = [_positions(ring) for side in sides for ring in side.all("LinearRing")]
            if rings := list(filter(None, rings)):
                yield {"type": "Polygon", "coordinates": rings}


def _positions(element: Element) -> list[list[float]]:
    """Give the positions of `coordinates`: numbers parted by commas, where some programs put spaces too."""
    text = re.sub(r"\s*,\s*", ",", element.find("coordinates"))
    return [as_position(one.rstrip(",").split(",")) for one in text.split()]


def table_of(text: str) -> list[tuple[str, str]]:
    """Give the rows of a description that is a table of names and values, as ArcGIS writes attributes; [] of others.

    A line above them may repeat the name of the feature.
    """
    pieces = [_CELL.split(piece)[1:] for piece in _ROW.split(text) if "<" in piece]
    rows = [(plain_text(cells[0]), plain_text(cells[1])) for cells in pieces if len(cells) == 2]
    names = [name for name, _ in rows]
    others = len(plain_text(text).split("\n")) - len(rows) if len(rows) > 1 else 2
    return rows if others < 2 and all(names) and len({*names}) == len(names) else []


def plain_text(text: str) -> str:
    """Give the text of HTML with a line for each of its paragraphs and rows; what has no markup stays as it is.

    What no reader sees (scripts, comments, images) is left out; an address follows the words that lead to it.
    """
    if not _MARKUP.search(text):
        return text
    begin, *others = text.split("<!--")
    text = begin + "".join(part.partition("-->")[2] if "-->" in part else part for part in others)
    pieces: list[str] = []
    unseen, address, words = "", "", 0
    for number, piece in enumerate(_TAG.split(text)):
        if number % 2 == 0:
            pieces.append("" if unseen else html.unescape(" ".join(re.split(r"\s+", piece))))
            continue
        tag = re.split(r"[\s/>]", piece.lstrip("</"), maxsplit=1)[0].lower()
        if tag in _UNSEEN:
            unseen = "" if piece.startswith("</") else tag
        elif tag == "a" and not piece.startswith("</"):
            found = _ADDRESS.search(piece)
            address, words = html.unescape(found[1]) if found else "", len(pieces)
        elif tag == "a" and address:
            pieces.append("" if address in "".join(pieces[words:]) else f" ({address})")
            address = ""
        pieces.append("\n" if tag in _LINES else " " if tag in ("td", "th") else "")
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return "\n".join(filter(None, lines))
