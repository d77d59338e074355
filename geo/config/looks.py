"""What layers can look like: colours, ramps, shapes, dashes."""

from __future__ import annotations

NO_VALUE_COLOUR = "#8a8f98"

# Qualitative: Okabe and Ito (2008), "Color Universal Design", without black and yellow, which drown on the relief.
QUALITATIVE = (
    "#0072b2",
    "#d55e00",
    "#009e73",
    "#cc79a7",
    "#e69f00",
    "#56b4e9",
    "#7a5195",
    "#8c564b",
    "#5f6b2d",
    "#a3123a",
)
SHAPES = ("circle", "square", "triangle", "diamond", "pentagon", "hexagon", "star", "cross")
DASHES: tuple[tuple[float, ...] | None, ...] = (None, (7, 5), (2, 4), (9, 4, 2, 4))
TEXTURES = 10
"""As many looks of a line or an area beside its colour, the first one plain: TEXTURES of geo/page/draw/symbols.js."""
# Sequential ramps, and a diverging one: even steps of lightness, so that they read in grey and for the colour-blind.
RAMPS = {
    "teal": ("#e4f1ea", "#a8d5cb", "#62b1ac", "#2b8589", "#135a66", "#0b3447"),
    "blue": ("#e6eef8", "#b4cfe9", "#78aad6", "#3f80bb", "#1f5895", "#133261"),
    "orange": ("#fdeedd", "#f8cc9b", "#efa059", "#d9722a", "#a94c17", "#6c2c10"),
    "purple": ("#efeaf5", "#cfc2e3", "#a994cc", "#8167b0", "#5b3f8c", "#361f5c"),
    "heat": ("#fdf0d0", "#f7cb7c", "#ec9554", "#cf5a4a", "#96304f", "#541a47"),
    "balance": ("#1f5895", "#78aad6", "#e9e9e4", "#efa059", "#a94c17"),
}
NUMERIC = ("number", "integer")
PRECISIONS = ("exact", "settlement", "approximate", "schematic")
"""How well a place is known, the best first: each is drawn its own way."""
MOST_CLASSES, MOST_PX = 255, 31
"""A class travels as a byte, a size as one of eighths of a pixel."""
