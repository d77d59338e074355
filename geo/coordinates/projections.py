"""What projection coordinates in metres look like: a guess for a message, nothing is moved by it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from pyproj import Transformer
from pyproj.exceptions import ProjError

from geo.coordinates.swapped import Bounds, Lonlats, degrees_outside


def likely_projection(metres: Lonlats, expected: Bounds | None, *, near: Lonlats) -> str:
    """Name the projection that the coordinates look like, "" where they look like none.

    The zones of one system give the same numbers. Where other features of the file are on the globe (`near`), or the
    atlas says what it shows, the zone nearest to that is named, else the system alone.
    """
    if np.median(np.abs(metres).max(axis=1)) < 1_000:
        return ""
    west, south, east, north = expected or (-180, -85, 180, 85)
    is_known = expected is not None or len(near) > 0
    middle = np.median(near, axis=0) if len(near) else np.array([west + east, south + north]) / 2
    fitting = []
    for epsg, name in _candidates(metres):
        try:
            transformer = Transformer.from_crs(epsg, 4326, always_xy=True)
            lonlat = np.column_stack(transformer.transform(metres[:, 0], metres[:, 1]))
        except ProjError:
            continue
        if np.isfinite(lonlat).all() and (degrees_outside(lonlat, (west, south, east, north)) <= 2).mean() >= 0.8:
            x, y = np.median(lonlat, axis=0)
            away = round(max(abs(x - middle[0]), abs(y - middle[1]))) if is_known else 0
            fitting.append((away, f"EPSG:{epsg} ({name}, at about {x:.1f}, {y:.1f})", name))
    if not fitting:
        return "metres of a projection"
    if is_known:
        _, likely, name = min(fitting, key=lambda fit: fit[0])
        return likely + (" or a zone beside it" if "UTM" in name else "")
    if "UTM" in fitting[0][2]:
        return "UTM (EPSG:32601 to EPSG:32660, the numbers do not tell the zone)"
    return " or ".join(likely for _, likely, _ in fitting[:2])


def _candidates(metres: Lonlats) -> Iterator[tuple[int, str]]:
    """Give the projections whose coordinates have this size, likeliest first."""
    x, y = np.median(metres, axis=0)
    if 100_000 < x < 900_000 and 0 < y < 10_000_000:
        yield from ((32_600 + zone, f"UTM zone {zone}N") for zone in range(1, 61))
    if abs(x) <= 20_037_509 and abs(y) <= 20_048_967:
        yield 3857, "web Mercator"
    zone, easting = divmod(x, 1_000_000)  # Gauss-Kruger writes the zone before the easting: 13 483 687
    if 4 <= zone <= 32 and 160_000 < easting < 840_000 and 0 < y < 10_000_000:
        yield 28_400 + int(zone), f"Pulkovo 1942 / Gauss-Kruger zone {zone:.0f}"
    yield 3035, "Lambert of Europe"
