"""The line of atlas.toml on which a key stands: tomllib keeps no positions."""

from __future__ import annotations

import re
from itertools import count

_QUOTED = r""""(?:[^"\\\n]|\\.)*"|'[^'\n]*'"""
_TEXT = re.compile(rf'"""(?:[^\\]|\\.)*?"{{3,5}}|\'\'\'.*?\'{{3,5}}|{_QUOTED}|#[^\n]*', re.DOTALL)
_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]\]?")
_PAIR = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")


def line_of_key(raw: str, path: tuple[str | int, ...]) -> int:
    """The line of a key path: of its own `key =` or header where it has one, else of the nearest parent.

    TOML as people write it has one header or key a line, which is all that is needed.
    """
    keys = list(path)
    best, depth, here = 1, 0, list[str | int]()
    implied = 0  # the first line of a table that none but those inside it have a header for
    lengths: dict[tuple[str, ...], int] = {}  # of the arrays of tables so far: `[[credits]]`
    brackets = 0  # open at the beginning of the line: it goes on with a list
    plain = _TEXT.sub(_without_text, raw).split("\n")
    for number, text, bare in zip(count(1), plain, _TEXT.sub(_line_ends, raw).split("\n"), strict=False):
        is_in_list, brackets = brackets > 0, brackets + bare.count("[") - bare.count("]")
        if is_in_list:
            continue
        if header := _HEADER.match(text):
            names = _split_key(header.group(2))
            if header.group(1) == "[[":
                lengths[*names] = lengths.get((*names,), 0) + 1
            here = []
            for n, name in enumerate(names, start=1):
                length = lengths.get((*names[:n],), 0)
                here += [name, length - 1] if length else [name]
            candidate = here
        elif pair := _PAIR.match(text):
            candidate = [*here, *_split_key(pair.group(1))]
        else:
            continue
        if len(candidate) > depth and candidate == keys[: len(candidate)]:
            best, depth = number, len(candidate)
        elif candidate[: len(keys)] == keys:
            implied = implied or number
    return implied if implied and depth < len(keys) else best


def _line_ends(text: re.Match[str]) -> str:
    return "\n" * text[0].count("\n")


def _without_text(text: re.Match[str]) -> str:
    """Of a text of several lines or a comment the line ends alone; a text of one line, which may be a key, whole."""
    return _line_ends(text) if text[0].startswith(('"""', "'''", "#")) else text[0]


def _split_key(text: str) -> list[str]:
    return [part.strip().strip("\"'") for part in re.findall(r""""[^"]*"|'[^']*'|[^.\s]+""", text)]
