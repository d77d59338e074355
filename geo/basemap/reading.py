"""The basemap that pages carry: read from its folder as it was made, nothing computed.

`basemap.json` is its head in the terms of docs/format.md, `basemap.bin.gz` its blob, the pictures the relief. An atlas
names a folder of its own, takes the one that comes with Shyrdak ("default"), or draws on plain ground ("none").
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo.basemap.files import BLOB_NAME, HEAD_NAME, own_basemap
from geo.basemap.head import check_head
from geo.config.settings import CONFIG_NAME, Config
from geo.errors import ConfigError


@dataclass(frozen=True)
class Basemap:
    """`head` with its pictures as data addresses, `blob` as base64; `thumbnail`: picture and bounds for the index."""

    head: dict[str, Any]
    blob: str
    thumbnail: dict[str, Any] | None


def read_basemap(config: Config) -> Basemap | None:
    """Give the basemap of an atlas, None where it wants none."""
    folder = basemap_folder(config)
    if folder is None:
        return None
    name, line = config.atlas.basemap, config.line("basemap")
    if name != "default" and _leads_out(config, folder):
        raise ConfigError(f'{CONFIG_NAME}:{line}: the basemap "{name}" is outside the atlas folder.')
    try:
        head = json.loads((folder / HEAD_NAME).read_bytes())
        if not isinstance(head, dict):
            raise ValueError("it is no object")
        blob = (folder / BLOB_NAME).read_bytes()
        head = _with_pictures(head, folder)
        check_head(head, blob)
        thumbnail = head.pop("thumbnail", None)
        return Basemap(head=head, blob=base64.b64encode(blob).decode("ascii"), thumbnail=thumbnail)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as err:
        flaw = f"has no {Path(err.filename).name}"
    except RecursionError:
        flaw = f"has a {HEAD_NAME} that cannot be read (it is nested too deep)"
    except ValueError as err:
        flaw = f"has a {HEAD_NAME} that cannot be read ({err})"
    hint = 'basemap = "default".' if name != "default" else "install Shyrdak again."
    raise ConfigError(f'{CONFIG_NAME}:{line}: the basemap "{name}" {flaw}. Fix: {hint}')


def basemap_folder(config: Config) -> Path | None:
    """The folder of an atlas's basemap, None where it wants none."""
    name = config.atlas.basemap
    if name == "none":
        return None
    if name != "default":
        return config.folder / name
    return Path(own_basemap())


def basemap_files(folder: Path) -> list[Path]:
    """The files that a page with this basemap depends on, the two that must be there first."""
    return [folder / HEAD_NAME, folder / BLOB_NAME, *sorted(folder.glob("*.webp"))]


def _leads_out(config: Config, folder: Path) -> bool:
    """Tell whether the name of a basemap's folder, or a link in its place or inside it, leads out of the atlas folder.

    As `geo.read.files.find_file` does, by which its files are digested.
    """
    if "\0" in config.atlas.basemap:  # names nothing at all
        return True
    name, atlas = Path(config.atlas.basemap), config.folder.resolve()
    places = (folder, *basemap_files(folder))
    return name.is_absolute() or ".." in name.parts or not all(p.resolve().is_relative_to(atlas) for p in places)


def _with_pictures(value: Any, folder: Path) -> Any:
    """Replace the file name of each picture, a member "image", by a data address of its content."""
    if isinstance(value, dict):
        return {
            name: _picture(inner, folder) if name == "image" else _with_pictures(inner, folder)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [_with_pictures(inner, folder) for inner in value]
    return value


def _picture(name: Any, folder: Path) -> str:
    """The data address of a picture: no other address ever stands in a page."""
    if not isinstance(name, str) or not name.endswith(".webp") or Path(name).name != name:
        raise ValueError(f"the picture {name!r} is no .webp file beside it")
    return "data:image/webp;base64," + base64.b64encode((folder / name).read_bytes()).decode("ascii")
