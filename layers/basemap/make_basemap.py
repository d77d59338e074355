"""Make the basemap of a page from packages of public registries."""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

from geo.columns import FORMAT_VERSION, Packer
from layers.basemap.inputs import Inputs
from layers.basemap.shapes import (
    ADMIN1_GRID,
    SCALES,
    Level,
    make_crimea,
    make_isthmus,
    make_levels,
    ShapePool,
    project_box,
)

FOLDER = Path(__file__).parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=Path, required=True, help="folder for the packages; what is missing is fetched")
    inputs = Inputs(parser.parse_args().inputs)
    packer = Packer()
    head: dict[str, Any] = {"format": FORMAT_VERSION}
    pool = ShapePool()
    head["levels"] = [_add_level(pool, level) for level in make_levels(inputs)]
    grid = SCALES[1].grid
    head["crimea"] = {"area": pool.add([make_crimea(inputs)], grid), "isthmus": pool.add(make_isthmus(inputs), grid)}
    head["shapes"] = pool.pack(packer)
    blob = packer.blob()
    head["blob"] = {"bytes": len(blob), "gzip": True, "sha256": hashlib.sha256(blob).hexdigest()}
    packed = gzip.compress(blob, compresslevel=9, mtime=0)
    (FOLDER / "basemap.json").write_text(json.dumps(head, ensure_ascii=False, separators=(",", ":")) + "\n")
    (FOLDER / "basemap.bin.gz").write_bytes(packed)
    print(len(blob), len(packed))


def _add_level(pool: ShapePool, level: Level) -> dict[str, Any]:
    grid = level.scale.grid
    packed: dict[str, Any] = {"source": f"1:{level.scale.name}"}
    if level.scale.window:
        packed["window"] = [round(value) for value in project_box(level.scale.window)]
    for name in ("land", "lakes", "rivers", "borders", "disputed_borders"):
        packed[name] = pool.add(getattr(level, name), grid)
        print(level.scale.name, name, packed[name], sum(len(__import__("shapely").get_coordinates(s)) for s in getattr(level, name)))
    if level.regions:
        packed["regions"] = pool.add(level.regions, ADMIN1_GRID)
        print(packed["regions"], sum(len(__import__("shapely").get_coordinates(s)) for s in level.regions))
    return packed


if __name__ == "__main__":
    main()
