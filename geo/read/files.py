"""The bytes of an atlas's files: found inside the atlas folder only, digested, decoded.

Input: the folder and a name from atlas.toml. Output: `FileBytes`, or a `DataError` that says what is wrong with it.
"""

from __future__ import annotations

import difflib
import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from geo.errors import DataError, EnvironmentFailure
from geo.problems import Problem

WAL = "-wal"
BESIDE_SHP = (".shx", ".dbf", ".prj", ".cpg")
# Letters that are frequent in the languages an encoding serves; what it decodes well is full of them.
_CYRILLIC = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфөүңіғқұһ"
_LIKELY_LETTERS = {
    "latin": {"cp1252": "éèêëàâäáãåçñòóôöõøùúûüíìîïßæ’“”–«»°", "cp1254": "şğıçöüâî", "cp1250": "ąćęłńśźżčďěňřšťůžőű"},
    "other": {"cp1251": _CYRILLIC, "koi8-r": _CYRILLIC, "cp866": _CYRILLIC, "gb18030": "的一国中人在有我他这大站口"},
}


@dataclass(frozen=True, slots=True)
class FileBytes:
    """A file as read: `name` relative to the atlas folder, `data` its bytes, `sha256` their digest."""

    name: str
    data: bytes
    sha256: str


def find_file(folder: Path, name: str) -> Path:
    """Give the path of a regular file inside the atlas folder.

    Parameters
    ----------
    name : as written in atlas.toml, with forward slashes; the problem's line there is for the caller to add

    Raises
    ------
    DataError
        FILE_OUTSIDE where the name, or the link it is, leads out of the folder; FILE_MISSING; FILE_KIND for what is no
        regular file (a folder, a pipe).
    """

    def refuse(code: str, message: str, hint: str) -> DataError:
        return DataError.of(code, "atlas.toml", message, hint)

    if "\0" in name:
        raise refuse("FILE_MISSING", f"{name!r} is no file name", "name a file of the atlas folder")
    parts = PurePosixPath(name.replace("\\", "/"))
    outside = "copy the file into the atlas folder and name it without .. or a leading /"
    if parts.is_absolute() or re.match(r"[A-Za-z]:|[a-z]+://|/vsi", name) or ".." in parts.parts:
        raise refuse("FILE_OUTSIDE", f"'{name}' leads out of the atlas folder", outside)
    path = folder / parts
    if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder)):
        raise refuse("FILE_OUTSIDE", f"'{name}' is a link that leads out of the atlas folder", outside)
    if not os.path.exists(path):
        raise refuse("FILE_MISSING", f"there is no file '{name}'", _nearest_file(folder, path))
    if not path.is_file():
        raise refuse("FILE_KIND", f"'{name}' is not a file", "name a file")
    return path


def read_bytes(folder: Path, name: str) -> FileBytes:
    """Give the bytes of a file of the atlas folder with their digest.

    Raises
    ------
    DataError
        as `find_file`; FILE_EMPTY.
    EnvironmentFailure
        where the system does not let us read it.
    """
    path = find_file(folder, name)
    try:
        data = path.read_bytes()
    except OSError as err:
        raise EnvironmentFailure(f"{path} cannot be read: {err.strerror}. Fix: check its permissions.") from err
    if not data or data.isspace():
        hint = "write its content, or take it out of atlas.toml"
        raise DataError.of("FILE_EMPTY", name, "the file is empty", hint, line=1)
    return FileBytes(name, data, hashlib.sha256(data).hexdigest())


def parts_of(folder: Path, name: str) -> list[str]:
    """Name the files that make up one: the file as it is given, of a shapefile those beside the `.shp`.

    Of a GeoPackage it is the one in which SQLite keeps what was saved last, as long as a program has it open. These are
    named in the case in which they are there, and where they are not, too: that one is missing is what a page
    depends on.
    """
    path = PurePosixPath(name.replace("\\", "/"))
    if path.suffix.lower() == ".gpkg":
        return [name, f"{name}{WAL}"]
    if path.suffix.lower() != ".shp":
        return [name]
    near = folder / path.parent
    there = sorted(file.name for file in near.iterdir()) if near.is_dir() else []
    names = [name]
    for ending in BESIDE_SHP:
        part = path.stem + (ending.upper() if path.suffix.isupper() else ending)
        alike = [other for other in there if other.casefold() == part.casefold()]
        names.append(str(path.with_name(part if part in alike or not alike else alike[0])))
    return names


def parts_there(folder: Path, name: str) -> list[str]:
    """Name those of `parts_of`, but for the file itself, that are there; that of SQLite may be left without content."""
    there = ((part, folder / part) for part in parts_of(folder, name)[1:] if (folder / part).exists())
    return [part for part, path in there if not part.endswith(WAL) or path.stat().st_size]


def as_utf8(file: FileBytes) -> bytes:
    """Give the bytes of a text file in UTF-8 without byte order mark, UTF-16 recoded.

    Raises
    ------
    DataError
        FILE_ENCODING at the first byte that is no text, with the encoding that the file is likely in.
    """
    data = file.data
    if encoding := _wide_encoding(data):
        try:
            return data.decode(encoding).removeprefix("\ufeff").encode()
        except UnicodeError:
            message = f"the file is not whole {encoding.upper()} text"
            raise DataError.of("FILE_ENCODING", file.name, message, "save it as UTF-8", line=1) from None
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        data.decode()
    except UnicodeDecodeError as err:
        raise DataError([_undecodable(file.name, data, err.start)]) from None
    return data


def _wide_encoding(data: bytes) -> str | None:
    """Name the UTF-16 or UTF-32 that a file is in, by its mark or by the zeros between its ASCII letters."""
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "utf-32"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = data[:64]
    if len(head) >= 4 and b"\0" in head:
        return "utf-16-le" if head[1:2] == b"\0" else "utf-16-be" if head[:1] == b"\0" else None
    return None


def _undecodable(name: str, data: bytes, start: int) -> Problem:
    line = data.count(b"\n", 0, start) + 1
    line_start = data.rfind(b"\n", 0, start) + 1
    column = len(data[line_start:start].decode()) + 1
    word_start = max(line_start, start - 20)
    line_end = data.find(b"\n", start) % (len(data) + 1)
    guess = likely_encoding(data)
    message, hint = f"byte 0x{data[start]:02x} is not UTF-8 text", "save the file as UTF-8"
    if guess:
        word = data[word_start : min(line_end, start + 20)].decode(guess, "replace").strip()
        message += f"; the file is likely in {guess} ({word!r})"
        hint += f" (a spreadsheet: open it as {guess}, save as CSV UTF-8)"
    return Problem(code="FILE_ENCODING", path=name, line=line, column=column, message=message, hint=hint)


def old_encoding(data: bytes) -> str | None:
    """Name the old encoding that a whole text is likely in; None of one in Unicode, and of one that is so in part."""
    if _wide_encoding(data) or b"\0" in data:
        return None
    try:
        data.decode()
        return None
    except UnicodeDecodeError:
        pass
    in_utf8 = len(re.findall(rb"[\xc3-\xf4][\x80-\xbf]", data))
    encoding = likely_encoding(data) if 4 * in_utf8 < len(re.findall(rb"[\x80-\xff]", data)) else None
    try:
        return encoding if encoding and data.decode(encoding) else None
    except UnicodeDecodeError:
        return None


def likely_encoding(data: bytes) -> str | None:
    """Name the old encoding under which the bytes above 127 read as frequent letters; None if none does.

    In a word of Latin letters such a byte has ASCII letters beside it, in a Cyrillic or Chinese word it has not.
    """
    sample = data[:1_000_000]
    high = len(re.findall(rb"[\x80-\xff]", sample))
    beside = len(re.findall(rb"(?<=[A-Za-z])[\x80-\xff]|[\x80-\xff](?=[A-Za-z])", sample))
    script = "latin" if 2 * beside > high else "other"
    scores = {}
    for encoding, letters in _LIKELY_LETTERS[script].items():
        text = re.sub(r"[\x00-\x7f]+", " ", sample.decode(encoding, "replace"))
        read = text.replace(" ", "")
        # Capitals after small letters betray a wrong Cyrillic page: KOI8 read as CP1251 has its case turned round.
        wrong = read.count("\ufffd") + len(re.findall(r"(?<=[а-яё])[А-ЯЁ]", text))
        scores[encoding] = (sum(c.lower() in letters for c in read) - 2 * wrong) / max(len(read), 1)
    best = max(scores, key=scores.__getitem__)
    return best if scores[best] > 0.5 else None


def _nearest_file(folder: Path, path: Path) -> str:
    near = path.parent if path.parent.is_dir() else folder
    names = sorted(p.relative_to(folder).as_posix() for p in near.iterdir() if p.is_file())
    wanted = path.relative_to(folder).as_posix()
    same = [n for n in names if n.casefold() == wanted.casefold()]
    found = same or difflib.get_close_matches(wanted, names, n=1)
    return f"did you mean '{found[0]}'?" if found else "add the file, or correct the name in atlas.toml"
