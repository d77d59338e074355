"""The differences between two atlases as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from geo.diff.differences import PLACE, Change, Difference


def summary(differences: Sequence[Difference]) -> str:
    """Count what differs: `2 features changed, 1 source added`."""
    counts = Counter((difference.what, difference.kind) for difference in differences)
    plural = {(what, 1): what for what, _ in counts}
    said = [f"{n} {plural.get((what, n), f'{what}s')} {kind}" for (what, kind), n in counts.items()]
    return ", ".join(said) or "no difference"


def list_differences(differences: Sequence[Difference]) -> list[str]:
    """Give the differences as text, a mark for each: + added, - removed, ~ changed."""
    lines: list[str] = []
    heading = ""
    for difference in differences:
        here = difference.layer or f"{difference.what}s"
        if here != heading:
            lines += ([""] if lines else []) + [here]
            heading = here
        lines += _difference_lines(difference)
    return [*lines, "", summary(differences)] if lines else [summary(differences)]


MARKS = {"added": "+", "removed": "-", "changed": "~"}


def _difference_lines(difference: Difference) -> Iterator[str]:
    mark = MARKS[difference.kind]
    if difference.what == "value":
        (change,) = difference.changes
        yield f"  {mark} {difference.key}, {change.field}: {_arrow(change)}"
        return
    keys = ", ".join(dict.fromkeys(key for _, key in difference.features))
    about = f" ({keys})" if difference.what == "record" else ""
    named = f' "{difference.name}"' if difference.name and difference.name != difference.key else ""
    yield f"  {mark} {difference.key}{about}{named}"
    if difference.kind == "changed":
        for change in difference.changes:
            yield f"      {change.field}: {_arrow(change)}"
    elif source := next((c.new or c.old for c in difference.changes if c.field == "source"), ""):
        yield f"      [{source}]"


def _arrow(change: Change) -> str:
    """The value before and after, then the source, or the two where they differ."""
    shown = (change.old, change.new) if change.field == PLACE else (_quoted(change.old), _quoted(change.new))
    values = " -> ".join(shown)
    sources = [source for source in dict.fromkeys([change.old_source, change.new_source]) if source]
    return f"{values}  [{' -> '.join(sources)}]" if sources else values


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text or not text else text
