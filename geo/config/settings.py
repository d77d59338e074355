"""Read atlas.toml: from the text of the file to one checked, frozen `Config`.

Input: the atlas folder. Output: `Config`, or a `DataError` with every problem found, each with its line.
`schema` has names, types and ranges (`mistakes` says what it refuses), `faults` what does not go together; lines are
added here.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from geo.config.across import find_faults
from geo.config.fault import Fault
from geo.config.lines import line_of_key
from geo.config.mistakes import find_mistakes
from geo.config.schema import AtlasTable, LayerConfig, MapConfig
from geo.config.syntax import find_syntax_fault
from geo.errors import DataError, EnvironmentFailure
from geo.problems import Problem

CONFIG_NAME = "atlas.toml"
SOURCES_NAME = "sources.csv"  # read without being named


@dataclass(frozen=True)
class Config:
    """A checked atlas.toml.

    folder : the atlas folder
    atlas : the tables as written, defaults filled in
    raw : the text of the file (for line numbers)
    """

    folder: Path
    atlas: AtlasTable
    raw: str

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of the atlas's languages, the default language first."""
        return self.atlas.languages

    @property
    def layers(self) -> dict[str, LayerConfig]:
        """The `[layers.<id>]` tables by id, in their order in the file."""
        return self.atlas.layers

    @property
    def maps(self) -> dict[str, MapConfig]:
        """The `[maps.<id>]` tables by id, in their order in the file."""
        return self.atlas.maps

    def text(self, text: dict[str, str] | None) -> dict[str, str]:
        """A text per language, the plain string under the default language."""
        return {language or self.languages[0]: words for language, words in (text or {}).items()}

    def line(self, *keys: str | int) -> int:
        """The 1-based line of a key path in atlas.toml, or of its nearest parent found."""
        return line_of_key(self.raw, keys)


def default_text(text: Mapping[str, str], languages: Iterable[str]) -> str:
    """The text in the first of the languages that it has."""
    return next((text[language] for language in languages if text.get(language)), "")


def read_config(folder: str | os.PathLike[str]) -> Config:
    """Give the checked configuration of an atlas folder.

    Raises
    ------
    DataError
        Every problem of atlas.toml at once: not there, not UTF-8, not TOML, unknown key (with the nearest known one),
        wrong type or value, a reference to something that is not defined.
    EnvironmentFailure
        Where the system does not let us read it.
    """
    folder = Path(folder)
    path = folder / CONFIG_NAME
    if path.exists() and not path.is_file():  # a pipe would keep us waiting
        raise DataError([_problem("FILE_KIND", 0, "", f"'{CONFIG_NAME}' is not a file", "put one in its place")])
    try:
        raw = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except (FileNotFoundError, NotADirectoryError):
        what, hint = f"there is no {CONFIG_NAME} in '{folder}'", f"name a folder that holds {CONFIG_NAME}."
        if folder.name == CONFIG_NAME and folder.is_file():
            what, hint = f"'{folder.name}' is a file", f"name the folder that it is in, {folder.parent}"
        elif (given := folder / f"{CONFIG_NAME}.txt").exists():  # Windows does not show the ending that Notepad adds
            hint = f"rename {given.name}, which is there, to {CONFIG_NAME}"
        raise DataError([_problem("CONFIG_MISSING", 1, "", what, hint)]) from None
    except UnicodeDecodeError as err:
        line = path.read_bytes()[: err.start].count(b"\n") + 1
        raise DataError([_problem("CONFIG_TOML", line, "", "not UTF-8 text", "save the file as UTF-8.")]) from err
    except OSError as err:
        raise EnvironmentFailure(f"{path} cannot be read: {err.strerror}. Fix: check its permissions.") from err
    try:
        tables = tomllib.loads(raw)
    except ValueError as err:  # TOMLDecodeError, or what Python says of a number of thousands of digits
        raise DataError([_toml_problem(raw, str(err))]) from err
    except RecursionError:
        raise DataError([_problem("CONFIG_TOML", 0, "", "its lists or tables are nested too deep", "")]) from None
    try:
        atlas = AtlasTable.model_validate(tables)
    except ValidationError as err:
        raise DataError(_fault_problem(raw, fault) for fault in find_mistakes(tables, err.errors())) from err
    problems = [_fault_problem(raw, fault) for fault in find_faults(atlas)]
    if problems:
        raise DataError(problems)
    return Config(folder=folder, atlas=atlas, raw=raw)


def _problem(code: str, line: int, subject: str, message: str, hint: str) -> Problem:
    return Problem(code=code, path=CONFIG_NAME, line=line, subject=subject, message=message, hint=hint)


def _fault_problem(raw: str, fault: Fault) -> Problem:
    subject = ".".join(map(str, fault.keys))
    return _problem(fault.code, line_of_key(raw, fault.keys), subject, fault.message, fault.hint)


def _toml_problem(raw: str, message: str) -> Problem:
    line, what, hint = find_syntax_fault(raw, message)
    return _problem("CONFIG_TOML", line, "", what, hint)
