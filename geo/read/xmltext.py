"""XML of features (KML, GPX) to elements, each with its line.

The parser of the standard library, without entities: nothing is expanded, and nothing outside the file is opened.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from geo.errors import DataError
from geo.read.files import FileBytes, as_utf8

_MOST_DEEP = 100
_ENCODING = re.compile(rb"""\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)""")


@dataclass(slots=True)
class Element:
    """An element by its name without prefix."""

    tag: str
    attributes: dict[str, str]
    line: int
    children: list[Element] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    def text(self) -> str:
        """Give all text in the element, that of elements inside it too, without the space around it."""
        return "".join([*self.pieces, *(child.text() for child in self.children)]).strip()

    def all(self, *tags: str) -> Iterator[Element]:
        """Give the children of these names."""
        return (child for child in self.children if child.tag in tags)

    def find(self, tag: str) -> str:
        """Give the text of the first child of this name, "" without one."""
        return next((child.text() for child in self.all(tag)), "")


Take = Callable[[Element, list[Element]], None]


def parse_xml(
    file: FileBytes,
    kind: str,
    roots: Collection[str],
    taken: Collection[str],
    take: Take,
) -> None:
    """Hand over each element that bears one of the names `taken`, with those around it, outermost first; then drop it.

    Raises
    ------
    DataError
        where the file is no XML, has entities of its own, or another root: it is no `kind`.
    """

    def refuse(message: str, hint: str, line: int = 0) -> DataError:
        return DataError.of("FILE_KIND", file.name, message, hint, line=line)

    def begin(name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if not around and tag not in roots:
            raise refuse(f"its content is <{name[:40]}>, not {kind}", "give the file the ending of what it holds")
        if len(around) == _MOST_DEEP:
            raise refuse("its elements lie too deep", f"save it anew as {kind}", parser.CurrentLineNumber + above)
        element = Element(tag, attributes, parser.CurrentLineNumber + above)
        if around:
            around[-1].children.append(element)
        around.append(element)

    def end(_: str) -> None:
        element = around.pop()
        if element.tag in taken:
            take(element, around)
            if around:
                around[-1].children.pop()

    def text(piece: str) -> None:
        if around:
            around[-1].pieces.append(piece)

    def doctype(name: str, *_: object) -> None:
        if name.lower() == "html":
            raise refuse(f"its content is a page of the web, not {kind}", "download the file itself")
        hint = "take it out; write what its entities stand for"
        raise refuse("it has a <!DOCTYPE>, which is not read", hint, parser.CurrentLineNumber + above)

    around: list[Element] = []
    declared = _ENCODING.match(file.data[:200])
    is_plain = not declared or declared[1].upper().replace(b"_", b"-") in (b"UTF-8", b"UTF-16", b"US-ASCII")
    data = as_utf8(file) if is_plain else file.data
    blank = len(data) - len(data.lstrip())  # which may not stand before <?xml, and does
    above = data.count(b"\n", 0, blank)
    try:
        parser = expat.ParserCreate("utf-8" if is_plain else None)
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = begin, end
        parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = text, doctype
        parser.Parse(data[blank:], True)
    except expat.ExpatError as err:
        line = err.lineno + above
        message = f"it is no whole XML ({expat.ErrorString(err.code)})"
        raise refuse(message, f"save it anew as {kind}, or mend the text there", line) from None
    except (LookupError, ValueError) as err:
        raise refuse(f"its text cannot be read ({str(err)[:80]})", "save it in UTF-8", 1) from None
