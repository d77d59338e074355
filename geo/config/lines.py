"""The line of atlas.toml on which a key stands: tomllib keeps no positions."""

from __future__ import annotations

import re


def line_of_key(raw: str, path: tuple[str | int, ...]) -> int:
    """The line of a key path: of its own `key =` or header where it has one, else of the nearest parent.

    TOML as people write it has one header or key a line, which is all that is needed.
    """
    keys = list(path)
    best, depth, here = 1, 0, list[str | int]()
    lengths: dict[tuple[str, ...], int] = {}  # of the arrays of tables so far: `[[credits]]`
    for number, text in enumerate(raw.split("\n"), start=1):
        if header := re.match(r"\s*(\[\[?)\s*([^\]]+?)\s*\]\]?", text):
            names = _split_key(header.group(2))
            if header.group(1) == "[[":
                lengths[*names] = lengths.get((*names,), 0) + 1
            here = []
            for n, name in enumerate(names, start=1):
                length = lengths.get((*names[:n],), 0)
                here += [name, length - 1] if length else [name]
            candidate = here
        elif pair := re.match(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""", text):
            candidate = [*here, *_split_key(pair.group(1))]
        else:
            continue
        if len(candidate) > depth and candidate == keys[: len(candidate)]:
            best, depth = number, len(candidate)
    return best


def _split_key(text: str) -> list[str]:
    return [part.strip().strip("\"'") for part in re.findall(r""""[^"]*"|'[^']*'|[^.\s]+""", text)]
