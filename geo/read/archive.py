"""A zip archive to the one file of features in it: a KMZ, or a shapefile as it is downloaded."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Collection, Iterable
from pathlib import PurePosixPath

from geo.errors import DataError
from geo.read.files import BESIDE_SHP, FileBytes

MOST_TIMES, SMALL_BYTES = 100, 100_000_000
"""A part of a file unpacks to so many times the file at most, or to so much: tables to 7 to 12 times, zip to 1,000."""
# What zipfile and we raise for a damaged file; RuntimeError for one with a password, NotImplementedError among them.
DAMAGES = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, LookupError, ValueError, OverflowError)


def check_part(part: zipfile.ZipInfo, *, size: int) -> None:
    """Raise where a part is packed as no program packs it: of a small file one may fill all memory."""
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError(f"{part.filename} is packed in a way that is not read")
    if part.file_size > max(SMALL_BYTES, MOST_TIMES * size):
        raise ValueError(f"{part.filename} would unpack to {part.file_size / 1e6:,.0f} MB")


def list_parts(file: FileBytes, endings: Collection[str]) -> list[str]:
    """Name the files in an archive that have one of the endings; none of what cannot be read."""
    try:
        names = zipfile.ZipFile(io.BytesIO(file.data)).namelist()
    except DAMAGES:
        return []
    return _of_features(names, endings)


def _of_features(names: Iterable[str], endings: Collection[str]) -> list[str]:
    inner = (name for name in names if not name.startswith("__MACOSX/"))
    return [name for name in inner if PurePosixPath(name).suffix.lower() in endings]


def unpack(file: FileBytes, endings: Collection[str], wanted: str = "") -> list[FileBytes]:
    """Give the one file in an archive that has one of the endings, then what belongs to it where it is a shapefile.

    Of several it is the one that is `wanted`.

    Of a KMZ, whose other files are those that the first links to, it is `doc.kml` or the first of the outermost.
    Raises DataError where there is none, where there are more, or where the archive cannot be read.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(file.data))
        parts = {part.filename: part for part in archive.infolist()}
        found = _of_features(parts, endings)
        if file.name.lower().endswith(".kmz"):
            found = sorted(found, key=lambda name: (name.count("/"), name.lower() != "doc.kml"))[:1]
        found = [wanted] if wanted in found else found
        if len(found) != 1:
            named = ", ".join(found[:8]) + ", ..." * (len(found) > 8)
            message, hint = f"it has {len(found)} files of features: {named}", "unpack it, and give one of them"
            if not found:
                message, hint = f"no file in it ends in {', '.join(endings)}", "unpack it, and give the file itself"
            raise DataError.of("FILE_KIND", file.name, message, hint)
        if found[0].lower().endswith(".shp"):
            stem = found[0][:-4]
            found += [name for name in parts if name[:-4] == stem and name[-4:].lower() in BESIDE_SHP]
        for name in found:
            check_part(parts[name], size=len(file.data))
        return [FileBytes(f"{file.name}/{name}", archive.read(parts[name]), "") for name in found]
    except DAMAGES as err:
        message = f"it cannot be read as {PurePosixPath(file.name).suffix} ({str(err)[:80]})"
        raise DataError.of("FILE_KIND", file.name, message, "pack or download it anew") from None
