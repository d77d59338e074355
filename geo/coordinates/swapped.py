"""Which positions look like latitude and longitude, not longitude and latitude: those far off, near when exchanged.

Arrays in, arrays out: what is reported of them, and as what, `lonlat` says. Positions are [[longitude, latitude],
...] in degrees, as written; bounds west, south, east, north.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Bounds = tuple[float, float, float, float]
Lonlats = npt.NDArray[np.float64]

_FAR_DEGREES = 10  # how far outside all others a point must lie to be called swapped
_LEAST_OTHERS = 4  # and how many others there must be
# Moscow exchanged lies beside Ashgabat, Murmansk beside Kabul: a lone point is doubted where few people live, or very
# far away. It is never refused: Nagurskoye (47.66, 80.80) is a base in the Arctic, and exchanged lies in Kazakhstan.
POLAR_LATITUDE = 62
_VERY_FAR_DEGREES = 30
# Where the others lie wider apart (degrees of longitude, latitude), nearly every place exchanged lies amid them: of 200
# samples of the airports of the world 134 had a right one doubted, with these limits none, and none was found less.
_WIDEST_OTHERS = (120, 60)


def degrees_outside(lonlat: Lonlats, bounds: Bounds | Lonlats) -> Lonlats:
    """Give how many degrees each position lies outside the bounds, 0 inside."""
    west, south, east, north = bounds
    x, y = lonlat[:, 0], lonlat[:, 1]
    away: Lonlats = np.maximum.reduce([west - x, x - east, south - y, y - north, np.zeros(len(lonlat))])
    return away


def is_dense(lonlat: Lonlats, expected: Bounds | None) -> bool:
    """Tell whether all lie so close together that none can be called far from the others."""
    is_near = bool((degrees_outside(lonlat, _core(lonlat)) <= _FAR_DEGREES).all())
    return is_near and (expected is None or bool((degrees_outside(lonlat, expected) <= _FAR_DEGREES).any()))


def _core(lonlat: Lonlats) -> Lonlats:
    """Give the bounds of all but the outermost tenth on each side, at least one."""
    low = np.percentile(lonlat, 10, axis=0, method="higher")
    return np.concatenate([low, np.percentile(lonlat, 90, axis=0, method="lower")])


def _swapped_against(centres: Lonlats, bounds: Bounds | Lonlats) -> npt.NDArray[np.bool_]:
    """Tell which centres lie far outside the bounds, and inside or much nearer with lon and lat exchanged."""
    away, mirrored = degrees_outside(centres, bounds), degrees_outside(centres[:, ::-1], bounds)
    is_swapped: npt.NDArray[np.bool_] = (away > _FAR_DEGREES) & (mirrored <= _FAR_DEGREES) & (away > 2 * mirrored)
    return is_swapped


def share_swapped_into(centres: Lonlats, expected: Bounds | None) -> float:
    """Give the share of the centres that exchanging brings inside the bounds; 0 unless it brings all of them near."""
    if expected is None or not _swapped_against(centres, expected).all():
        return 0
    return float((degrees_outside(centres[:, ::-1], expected) == 0).mean())


def swapped_against_others(centres: Lonlats, expected: Bounds | None) -> npt.NDArray[np.bool_]:
    """Tell which few centres are likely swapped, going by the bounds of all others."""
    candidates = degrees_outside(centres, _core(centres)) > _FAR_DEGREES
    others = centres[~candidates]
    if len(others) < max(_LEAST_OTHERS, 4 * int(candidates.sum())) or (np.ptp(others, axis=0) > _WIDEST_OTHERS).any():
        return np.zeros(len(centres), dtype=bool)
    if expected is not None:
        candidates &= degrees_outside(centres, expected) > 0
    bounds = np.concatenate([others.min(axis=0), others.max(axis=0)])
    is_polar = np.abs(centres[:, 1]) > POLAR_LATITUDE
    is_very_far = (degrees_outside(centres, bounds) > _VERY_FAR_DEGREES) & (
        degrees_outside(centres[:, ::-1], bounds) == 0
    )
    is_swapped: npt.NDArray[np.bool_] = candidates & _swapped_against(centres, bounds) & (is_polar | is_very_far)
    return is_swapped
