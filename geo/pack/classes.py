"""Numbers in classes: the limits between them, the class of each number, a colour for each class."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geo.config.looks import RAMPS

Codes = NDArray[np.uint8]

MOST_DECIMALS = 9
DIGITS = 3
SMALL, SMALL_DIGITS = 1e-3, 4
"""Limits below the first keep so many digits, as texts.js writes them, however far behind the point."""


def breaks_of(
    values: NDArray[np.float64],
    *,
    method: str,
    classes: int,
    bounds: tuple[float, ...] | None,
    decimals: int | None = None,
) -> list[float]:
    """Give the class limits, low to high, one more than there are classes.

    A class holds its lower limit and not its upper one, but the last class holds both.

    Parameters
    ----------
    values : the numbers to class, NaN ignored
    method : "equal" steps, "quantiles" (as numpy's linear rule; where many share the least or the greatest value, it is
        a class of its own and the others are those of the rest), or given "bounds"
    decimals : of the limits, or more where they would fall together; default those of the values, or as few as tell
        the narrowest class
    """
    known = values[~np.isnan(values)]
    if method == "bounds":
        return [float(limit) for limit in bounds or ()]
    if not known.size:
        return []
    if method == "equal":
        limits = np.linspace(known.min(), known.max(), classes + 1)
    else:
        limits = np.array(_quantiles(known, classes))
    limits = np.unique(limits)
    if decimals is None:
        decimals = _decimals_of(known)
        if limits.size > 1 and (few := _decimals_telling(limits)) < decimals:
            decimals = few
            # Down, so that a value on a limit stays above it: the least that many share may be a class of its own.
            limits[1:-1] = np.floor(np.round(limits[1:-1] * 10.0**few, 6)) / 10.0**few
    return [float(limit) for limit in _rounded(limits, decimals)]


def _quantiles(known: NDArray[np.float64], classes: int) -> list[float]:
    """Give limits between which lie about as many numbers each; fewer, or of another share, where many are equal."""
    limits: list[float] = np.quantile(known, np.linspace(0, 1, classes + 1)).tolist()
    least, greatest = limits[0], limits[-1]
    if classes > 1 and limits[1] == least < greatest:
        above = _quantiles(known[known > least], classes - 1)
        # One value more alone: a limit between the two, as the last class holds both its limits.
        return [least, *(above if above[0] < greatest else [(least + greatest) / 2, greatest])]
    if classes > 1 and limits[-2] == greatest > least:
        rest = known[known < greatest]
        # A limit between the two, nearer to the greatest: rounded, it may meet that one and never the rest.
        return [*_quantiles(rest, classes - 1)[:-1], float(rest.max() + 3 * greatest) / 4, greatest]
    return limits


def _decimals_of(values: NDArray[np.float64]) -> int:
    """Give how many decimals the values have, at most six."""
    return next((places for places in range(6) if (np.round(values, places) == values).all()), 6)


def _decimals_telling(limits: NDArray[np.float64]) -> int:
    """Give the decimals with which the narrowest class has three digits: 1.64 to 3.61 tells what 1.645253 would."""
    return max(0, DIGITS - 1 - int(np.floor(np.log10(np.diff(limits).min()))))


def _rounded(limits: NDArray[np.float64], decimals: int) -> NDArray[np.float64]:
    """Round limits to so many decimals, or more where they would fall together; all values stay between them."""
    if 0 < (most := np.abs(limits).max()) < SMALL:
        decimals = max(decimals, SMALL_DIGITS - 1 - int(np.floor(np.log10(most))))
    for places in range(decimals, max(decimals, MOST_DECIMALS) + 1):
        rounded, step = np.round(limits, places), 10.0**-places
        if rounded[0] > limits[0]:
            rounded[0] = np.round(rounded[0] - step, places)
        if rounded[-1] < limits[-1]:
            rounded[-1] = np.round(rounded[-1] + step, places)
        if (np.diff(rounded) > 0).all():
            return rounded
    return limits


def classify(values: NDArray[np.float64], breaks: list[float]) -> Codes:
    """Give each value the number of its class, from 1; 0 for NaN and for what lies outside the limits."""
    if len(breaks) < 2:
        return np.where(np.isnan(values), 0, 1).astype(np.uint8)
    codes = np.searchsorted(np.asarray(breaks), values, side="right")
    codes[values == breaks[-1]] = len(breaks) - 1
    codes[np.isnan(values) | (codes >= len(breaks))] = 0
    return codes.astype(np.uint8)


def turns_of(colours: list[str]) -> list[int]:
    """Give how often the colours up to each one turned from darker to lighter, or back: 0 for all of most ramps."""
    steps = np.diff([_lightness(colour) for colour in colours])
    return [0, 0, *np.cumsum(steps[1:] * steps[:-1] < 0).tolist()][: len(colours)]


def _lightness(colour: str) -> float:
    """As the page's isDarkening() has it."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return 3 * red + 10 * green + blue


def ramp(palette: str | tuple[str, ...] | None, n: int) -> list[str]:
    """Give n colours along a ramp: a named one, or the given colours as its stops."""
    stops = palette if isinstance(palette, tuple) else RAMPS[palette or "teal"]
    rgb = np.array([[int(stop[i : i + 2], 16) for i in (1, 3, 5)] for stop in stops], dtype=np.float64)
    # The lightest stop is left for a ramp of many classes: on paper-coloured land it reads as "no value".
    low = 0.12 if len(stops) == len(RAMPS["teal"]) else 0.0
    at = np.linspace(low, 1, n) * (len(stops) - 1) if n > 1 else np.array([(len(stops) - 1) * 0.6])
    channels = [np.interp(at, np.arange(len(stops)), rgb[:, channel]) for channel in range(3)]
    return ["#" + "".join(f"{round(value):02x}" for value in colour) for colour in zip(*channels, strict=True)]
