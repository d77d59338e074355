"""What the style of a layer asks for in vain: what cannot be drawn, or would be drawn wrong.

No numpy here: atlas.toml is checked by every command, also by those that build nothing.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence

from geo.config.fault import Fault
from geo.config.looks import DASHES, MOST_CLASSES, MOST_PX, NUMERIC, QUALITATIVE, RAMPS, SHAPES
from geo.config.schema import Category, FieldConfig, LayerConfig

_OF_COLOURS = ("palette", "method", "classes", "bounds")


def style_faults(layer: LayerConfig, categories: Callable[[FieldConfig], Mapping[str, Category]]) -> Iterator[Fault]:
    """Find what the style of a layer asks for in vain; fields that it names and does not have are not looked at.

    `categories` gives those that a field declares.
    """
    style, fields = layer.style, layer.fields
    for option in ("size_by", "width_by"):
        field = fields.get(name := getattr(style, option))
        if name == "precision" or (field and field.type not in NUMERIC):
            kind = field.type if field else "category"
            yield Fault(
                ("style", option),
                f"'{name}' has the type {kind}, a size is that of a number",
                'take a field of type "number"',
            )
    for option in ("size_range", "width_range"):
        low, high = getattr(style, option)
        if not 0 < low <= high <= MOST_PX:
            yield Fault(
                ("style", option),
                f"{low:g} to {high:g} pixels",
                f"write the smaller first, above 0 and up to {MOST_PX}",
            )
    palette = style.palette if isinstance(style.palette, tuple) else QUALITATIVE
    for cue, choices in (("color", palette), ("shape", SHAPES), ("dash", DASHES)):
        name = getattr(style, f"{cue}_by")
        field = fields.get(name)
        if field and field.type == "date":
            yield Fault(("style", f"{cue}_by"), f"'{name}' is a date, which has no classes", "take another field")
        elif field and not (cue == "color" and isinstance(style.palette, str)):
            yield from _category_faults(name, categories(field), cue, choices)
    if style.color_by:
        yield from _colour_faults(layer)
    elif idle := next((option for option in _OF_COLOURS if option in style.model_fields_set), None):
        yield Fault(
            ("style", idle), "there is no color_by whose colours it could choose", "add color_by, or take this out"
        )


def _category_faults(
    name: str, categories: Mapping[str, Category], cue: str, choices: Sequence[object]
) -> Iterator[Fault]:
    """Find whether there are enough colours, shapes or dashes for the categories that have none of their own."""
    own = [value for entry in categories.values() if (value := getattr(entry, cue)) is not None]
    free = [choice for choice in choices if choice not in own]
    without = len(categories) - len(own)
    if without > len(free):
        message = (
            f"{without} categories of '{name}' have no {cue} of their own, {without - len(free)} more than there are"
        )
        yield Fault(("style", f"{cue}_by"), message, f"give more of them a {cue}")
    elif len(categories) > MOST_CLASSES:
        yield Fault(
            ("style", f"{cue}_by"), f"'{name}' has {len(categories)} categories", f"declare {MOST_CLASSES} at most"
        )


def _colour_faults(layer: LayerConfig) -> Iterator[Fault]:
    style, field = layer.style, layer.fields.get(layer.style.color_by or "")
    is_numeric = style.color_by in layer.series or bool(
        field and field.type in NUMERIC and style.method != "categories"
    )
    if isinstance(style.palette, str) and style.palette not in RAMPS:
        yield Fault(
            ("style", "palette"),
            f"there is no palette '{style.palette}'",
            f"take one of {', '.join(RAMPS)}, or write colours",
        )
    if not is_numeric:
        if style.method not in (None, "categories") or style.bounds is not None:
            option = "method" if style.bounds is None else "bounds"
            hint = 'take it out, or a field of type "number" (or a series) for color_by'
            yield Fault(("style", option), f"'{style.color_by}' is no number that could be put into classes", hint)
        return
    if isinstance(style.palette, tuple) and len(style.palette) < 2:
        yield Fault(
            ("style", "palette"), "one colour tells no numbers apart", "write two at least, or the name of a ramp"
        )
    if style.method == "bounds" and style.bounds is None:
        yield Fault(("style", "method"), "there are no bounds", "add bounds = [...], or take another method")
    if style.bounds is not None and style.method not in (None, "bounds"):
        yield Fault(("style", "bounds"), f"the method is '{style.method}'", "take out one of the two")
    if style.bounds is None:
        return
    is_rising = all(low < high for low, high in itertools.pairwise(style.bounds))
    if not is_rising or not 2 <= len(style.bounds) <= MOST_CLASSES:
        yield Fault(
            ("style", "bounds"), f"{list(style.bounds)} do not rise", "write two or more numbers, from low to high"
        )
