"""What pydantic finds wrong in atlas.toml, in the words of its author: a text, a list, true or false.

Input: the tables of the file and pydantic's errors. Output: a `Fault` for each place, an unknown key with the nearest
known one.
"""

from __future__ import annotations

import datetime
import types
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel

from geo.config.fault import Fault, did_you_mean
from geo.config.schema import PATTERNS, AtlasTable
from geo.config.syntax import quoted_key

_MOST_SHOWN = 4  # keys of a table
Path = tuple[str | int, ...]


class _Kind(NamedTuple):
    """What a value should have been, and how to write that."""

    names: tuple[str, ...]
    hint: str


_TEXT = _Kind(("a text",), "write it in quotation marks")
_FLAG = _Kind(("true", "false"), "write true or false")
_WHOLE = _Kind(("a whole number",), "write one, such as 3")
_NUMBER = _Kind(("a number",), "write one, such as 2.5")
_DATE = _Kind(("a date",), "write year-month-day, such as 2026-11-29")
_LIST = _Kind(("a list",), "put it in [ ]")
_TABLE = _Kind(("a table",), "write { ... } or a table of its own")
_KINDS = {
    "bool_parsing": _FLAG,
    "bool_type": _FLAG,
    "date_from_datetime_inexact": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_parsing": _DATE,
    "date_type": _DATE,
    "dict_type": _TABLE,
    "finite_number": _NUMBER,
    "float_parsing": _NUMBER,
    "float_type": _NUMBER,
    "int_from_float": _WHOLE,
    "int_parsing": _WHOLE,
    "int_type": _WHOLE,
    "model_type": _TABLE,
    "string_type": _TEXT,
    "tuple_type": _LIST,
}


def find_mistakes(tables: dict[str, Any], errors: Iterable[Any]) -> Iterator[Fault]:
    """Give the errors of pydantic as faults, one a place, but for those that only follow from another one.

    A list is too short as well where an item is wrong, and of a union each other branch complains of the value whole.
    """
    found: dict[tuple[Path, object], list[Any]] = {}
    for number, error in enumerate(errors):
        about = "kind" if _kind_of(error) else number  # the branches of a union each say of what kind it should be
        found.setdefault((_path_in_file(tables, error["loc"]), about), []).append(error)
    inside = {path[:n] for path, _ in found for n in range(len(path))}
    for (path, _), (first, *more) in found.items():
        if path not in inside or first["type"] == "missing" or first["loc"][-1] == "[key]":
            kinds = [kind for error in (first, *more) if (kind := _kind_of(error))]
            yield _of_kinds(path, first["input"], kinds) if kinds else _fault(path, first)


def _kind_of(error: Any) -> _Kind | None:
    if error["type"] != "literal_error":
        return _KINDS.get(error["type"])
    words = error["ctx"]["expected"]
    return _Kind(("false",), "write false") if words == "False" else _Kind((), f"write {words}")


def _of_kinds(path: Path, value: Any, kinds: Iterable[_Kind]) -> Fault:
    names = [name for kind in kinds for name in kind.names]
    if not names:
        said = "means nothing here"
    else:
        said = f"is not {names[0]}" if len(names) == 1 else f"is neither {' nor '.join(names)}"
    hint = ", or ".join(dict.fromkeys(kind.hint for kind in kinds))
    keys = sorted(_known_keys(path))
    inside = ", ".join(f"{key} = ..." for key in keys) if 0 < len(keys) <= _MOST_SHOWN else "..."
    return Fault(path, f"{_as_toml(value)} {said}", hint.replace("{ ... }", f"{{ {inside} }}"))


def _as_toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(part, dict | list) for part in value)):
        return "a table" if isinstance(value, dict) else "a list"
    try:
        return str(value) if isinstance(value, datetime.date | datetime.time) else repr(value)
    except ValueError:  # a whole number in hexadecimal digits, of more than Python writes out
        return "what is written there"


def _fault(path: Path, error: Any) -> Fault:
    value, limits = error["input"], error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            hint = _home_of(path) or did_you_mean(str(path[-1]), _known_keys(path[:-1]), "the keys known here are")
            return Fault(path, f"unknown key '{path[-1]}'", hint, "CONFIG_UNKNOWN_KEY")
        case "missing":
            missing = error["loc"][-1]
            if isinstance(missing, int):
                return Fault(path, f"number {missing + 1} is missing", "add it", "CONFIG_MISSING_KEY")
            return Fault(path, f"'{missing}' is missing", f"add {missing} = ... here", "CONFIG_MISSING_KEY")
        case "string_pattern_mismatch":
            return Fault(path, f"'{value}' is not {PATTERNS[limits['pattern']]}", "write it in that form")
        case "too_short":
            least = limits["min_length"]
            return Fault(path, f"fewer than {least} named", f"name at least {least}")
        case "too_long":
            message = f"{limits['actual_length']} values where there are {limits['max_length']}"
            return Fault(path, message, "take out those at the end")
        case "greater_than":
            return Fault(path, f"{_as_toml(value)} is not above {limits['gt']:g}", "write a greater number")
        case "greater_than_equal":
            return Fault(path, f"{_as_toml(value)} is less than {limits['ge']:g}", "write that or more")
        case "value_error":
            said, hint = limits["error"].args
            return Fault(path, f"{_as_toml(value)} {said}", hint)
        case "less_than_equal":
            return Fault(path, f"{_as_toml(value)} is more than {limits['le']:g}", "write that or less")
    return Fault(path, error["msg"], "correct the value")


def _path_in_file(tables: Any, loc: Path) -> Path:
    """What of a path of pydantic is in the file, and so has a line: it names branches of unions and what is missing."""
    path: list[str | int] = []
    here = tables
    for part in loc:
        is_item = isinstance(here, list) and isinstance(part, int) and part < len(here)
        if is_item or (isinstance(here, dict) and part in here):
            here = here[part]
            path.append(part)
    return tuple(path)


def _home_of(path: Path) -> str:
    """Tell which table around or inside that of an unknown key has a key of that name, "" where none has.

    What is written at the end of a table of TOML, after another one's header, is in that one.
    """
    *here, key = map(str, path)
    around = [here[:n] for n in range(len(here) - 1, -1, -1)]
    inside = [[*here, name] for name in sorted(_known_keys((*here,)))]
    home = next((table for table in [*around, *inside] if key in _known_keys((*table,))), None)
    if home is None:
        return ""
    return f"write it under [{quoted_key(*home)}]" if home else "write it at the top, above the first ["


def _known_keys(path: Path) -> set[str]:
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
