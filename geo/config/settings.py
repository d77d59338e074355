"""Read atlas.toml: from the text of the file to one checked, frozen `Config`.

Input: the atlas folder. Output: `Config`, or a `DataError` with every problem found, each with its line.
`schema` has names, types and ranges, `faults` what does not go together; this module adds lines and near names.
"""

from __future__ import annotations

import difflib
import re
import tomllib
import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from geo.config.faults import find_faults
from geo.config.lines import line_of_key
from geo.config.schema import PATTERNS, AtlasTable, Category, FieldConfig, LayerConfig, MapConfig
from geo.errors import DataError, EnvironmentFailure
from geo.problems import Problem

CONFIG_NAME = "atlas.toml"
SOURCES_NAME = "sources.csv"  # read without being named


@dataclass(frozen=True)
class Config:
    """A checked atlas.toml.

    `folder` is the atlas folder, `atlas` the tables as written, `raw` the text (for line numbers).
    """

    folder: Path
    atlas: AtlasTable
    raw: str

    @property
    def languages(self) -> tuple[str, ...]:
        return self.atlas.languages

    @property
    def layers(self) -> dict[str, LayerConfig]:
        return self.atlas.layers

    @property
    def maps(self) -> dict[str, MapConfig]:
        return self.atlas.maps

    def text(self, text: dict[str, str] | None) -> dict[str, str]:
        """A text per language, the plain string under the default language."""
        return {language or self.languages[0]: words for language, words in (text or {}).items()}

    def categories(self, field: FieldConfig) -> dict[str, Category]:
        """The allowed values of a category field in order; empty: whatever the table holds."""
        return self.atlas.categories_of(field)

    def line(self, *keys: str | int) -> int:
        """The 1-based line of a key path in atlas.toml, or of its nearest parent found."""
        return line_of_key(self.raw, keys)


def default_text(text: Mapping[str, str], languages: Iterable[str]) -> str:
    """The text in the first of the languages that it has."""
    return next((text[language] for language in languages if text.get(language)), "")


def read_config(folder: Path) -> Config:
    """Give the checked configuration of an atlas folder.

    Raises
    ------
    DataError
        Every problem of atlas.toml at once: not there, not UTF-8, not TOML, unknown key (with the nearest known one),
        wrong type or value, a reference to something that is not defined.
    EnvironmentFailure
        Where the system does not let us read it.
    """
    path = folder / CONFIG_NAME
    try:
        raw = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except (FileNotFoundError, NotADirectoryError):
        hint = f"name a folder that holds {CONFIG_NAME}."
        raise DataError([_problem("CONFIG_MISSING", 1, "", f"there is no {CONFIG_NAME} in '{folder}'", hint)]) from None
    except UnicodeDecodeError as err:
        line = path.read_bytes()[: err.start].count(b"\n") + 1
        raise DataError([_problem("CONFIG_TOML", line, "", "not UTF-8 text", "save the file as UTF-8.")]) from err
    except OSError as err:
        raise EnvironmentFailure(f"{path} cannot be read: {err.strerror}. Fix: check its permissions.") from err
    try:
        tables = tomllib.loads(raw)
    except tomllib.TOMLDecodeError as err:
        raise DataError([_toml_problem(raw, str(err))]) from err
    try:
        atlas = AtlasTable.model_validate(tables)
    except ValidationError as err:
        raise DataError(_validation_problems(raw, tables, err.errors())) from err
    config = Config(folder=folder, atlas=atlas, raw=raw)
    problems = [
        _problem(fault.code, config.line(*fault.keys), ".".join(map(str, fault.keys)), fault.message, fault.hint)
        for fault in find_faults(atlas)
    ]
    if problems:
        raise DataError(problems)
    return config


def _problem(code: str, line: int, subject: str, message: str, hint: str) -> Problem:
    return Problem(code=code, path=CONFIG_NAME, line=line, subject=subject, message=message, hint=hint)


def _toml_problem(raw: str, message: str) -> Problem:
    at = re.search(r"\(at line (\d+), column \d+\)", message)
    line = int(at.group(1)) if at else raw.rstrip().count("\n") + 1  # at the end of the file
    return _problem("CONFIG_TOML", line, "", f"not valid TOML: {message.split(' (at ')[0]}", "mend the line.")


def _validation_problems(raw: str, tables: dict[str, Any], errors: Iterable[Any]) -> list[Problem]:
    """The errors of pydantic as problems, but for those that only follow from another one.

    A list is too short as well where an item is wrong, and of a union each other branch complains of the value whole.
    """
    places = _joined([(error, _path_in_file(tables, error["loc"])) for error in errors])
    inside = {path[:n] for _, path in places for n in range(len(path))}
    return [
        _validation_problem(raw, error, path)
        for error, path in places
        if path not in inside or error["type"] == "missing" or error["loc"][-1] == "[key]"
    ]


def _joined(places: list[tuple[Any, tuple[str | int, ...]]]) -> list[tuple[Any, tuple[str | int, ...]]]:
    """Make one error of those by which every branch of a union says that the value should be of its type."""
    of_type = "Input should be a valid "
    found: dict[Any, tuple[Any, tuple[str | int, ...]]] = {}
    for number, (error, path) in enumerate(places):
        is_type = error["msg"].startswith(of_type)
        first, _ = found.setdefault(path if is_type else number, (error, path))
        if first is not error:
            first["msg"] += f" or {error['msg'].removeprefix(of_type)}"
    return list(found.values())


def _validation_problem(raw: str, error: Any, path: tuple[str | int, ...]) -> Problem:
    """One pydantic error as a problem with its line and, for an unknown key, the nearest known one."""
    line = line_of_key(raw, path)
    subject = ".".join(str(part) for part in path)
    value = error.get("input")
    shown = f" ({value!r})" if isinstance(value, str | int | float | bool) else ""
    if error["type"] == "extra_forbidden":
        name = str(path[-1])
        known = sorted(_known_keys(path[:-1]))
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"the keys known here are {', '.join(known)}."
        return _problem("CONFIG_UNKNOWN_KEY", line, subject, f"unknown key '{name}'", hint)
    if error["type"] == "missing":
        missing = error["loc"][-1]
        if isinstance(missing, int):
            return _problem("CONFIG_MISSING_KEY", line, subject, f"number {missing + 1} is missing", "add it.")
        return _problem("CONFIG_MISSING_KEY", line, subject, f"'{missing}' is missing", f"add {missing} = ... here.")
    if error["type"] in ("dict_type", "model_type"):
        return _problem("CONFIG_VALUE", line, subject, f"not a table{shown}", "write { ... }, or a table of its own.")
    context = error.get("ctx", {})
    if error["type"] == "string_pattern_mismatch":
        form = PATTERNS[context["pattern"]]
        return _problem("CONFIG_VALUE", line, subject, f"'{value}' is not {form}", "write it in that form.")
    if error["type"] == "too_short":
        least = context["min_length"]
        return _problem("CONFIG_VALUE", line, subject, f"fewer than {least} named", f"name at least {least}.")
    allowed = context.get("expected")
    hint = f"write {allowed}." if allowed else "correct the value."
    said = error["msg"].removeprefix("Value error, ")
    message = said[0].lower() + said[1:].replace("dictionary", "table")
    return _problem("CONFIG_VALUE", line, subject, f"{message}{shown}", hint)


def _path_in_file(tables: Any, loc: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """What of a path of pydantic is in the file, and so has a line: it names branches of unions and what is missing."""
    path: list[str | int] = []
    here = tables
    for part in loc:
        is_item = isinstance(here, list) and isinstance(part, int) and part < len(here)
        if is_item or (isinstance(here, dict) and part in here):
            here = here[part]
            path.append(part)
    return tuple(path)


def _known_keys(path: tuple[str | int, ...]) -> set[str]:
    """The keys that the schema allows at a place of the file."""
    model: Any = AtlasTable
    for part in path:
        if isinstance(model, type) and issubclass(model, BaseModel):
            field = next((f for name, f in model.model_fields.items() if part in (name, f.alias)), None)
            model = _inner(field.annotation) if field else None
        elif get_origin(model) is dict:
            model = _inner(get_args(model)[1])
        elif get_origin(model) is tuple:
            model = _inner(get_args(model)[0])
        else:
            return set()
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return set()
    return {field.alias or name for name, field in model.model_fields.items()}


def _inner(annotation: Any) -> Any:
    """The table class, or the container of tables, inside `X | None`, `X | str`, `Annotated[X, ...]`."""
    if get_origin(annotation) is Annotated:
        return _inner(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        inner = (_inner(a) for a in get_args(annotation))
        return next(
            (a for a in inner if get_origin(a) is dict or (isinstance(a, type) and issubclass(a, BaseModel))), None
        )
    return annotation
