"""Features and attribute rows, paired on the join key.

Input: features and a table as read. Output: which feature goes with which row, and a problem for each without partner.
Keys are compared as text, exactly. Rows in = matched + reported (or ignored where atlas.toml says so).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.check.near import Nearest
from geo.check.values import Checker, Rows
from geo.config.schema import Key, OnUnmatched, Unmatched
from geo.problems import Problem, Severity
from geo.read.features import Features
from geo.read.tables import Table

Positions = npt.NDArray[np.intp]
Keys = Sequence[str | None]


@dataclass(frozen=True, slots=True)
class Joined:
    """Pairs of a feature and a row, by position in their files.

    features, rows : of equal length; in the order of the features, or of the rows where a feature may have many and not
        each has exactly one
    lost : keys that an error, reported here or by the reader, keeps out of the pairs
    """

    features: Positions
    rows: Positions
    problems: list[Problem]
    lost: frozenset[str]


def join_attributes(
    features: Features,
    table: Table,
    *,
    key: Key,
    rows: Literal["one", "many"] = "one",
    unmatched: Unmatched | None = None,
) -> Joined:
    """Give each feature the table row with the same key.

    Parameters
    ----------
    features : keys unique, unless features without row are ignored: then only those that a row asks for
    table : keys unique, any order; with rows="many" a feature goes with every row of its key

    Returns
    -------
    Joined
        the matched pairs; `problems` has one for each feature without row and row without feature, the nearest
        candidate named, for each blank key and for each that stands twice.
    """
    unmatched = unmatched or Unmatched()
    features = replace(features, refused=features.refused | meant_keys(features, key.features))
    is_made = features.path == table.path  # flows, made from the rows themselves: what is wrong is said of these
    left, problems = feature_keys(features, key.features, unmatched="ignore" if is_made else unmatched.features)
    right, row_problems = row_keys(table, key.table, hint="write one" if is_made else "write the key of its feature")
    problems += row_problems
    if (rows_of := _rows_in_order(left, right)) is not None:
        return Joined(np.arange(len(left), dtype=np.intp), rows_of, problems, features.refused | table.refused)
    first_feature, first_row = _first(left), _first(right)
    wanted = first_row if unmatched.features == "ignore" else None
    if not is_made:
        problems += _repeated(features, left, first_feature, "KEY_DUPLICATE", key.features, only=wanted)
    if rows == "one":
        problems += _repeated(table, right, first_row, "ROW_DUPLICATE", key.table)
    else:
        problems += _repeated_rows(table)
    is_missing = (key.features not in features.properties and len(features)) or key.table not in table.columns
    wrong = None if is_missing else _wrong_columns(features, table, key, first_feature, first_row, unmatched)
    if is_missing or wrong:  # of a column that is missing it has been said
        problems += [wrong] if wrong else []
        nothing = np.empty(0, dtype=np.intp)
        return Joined(nothing, nothing, problems, _lost(features, table, first_feature, first_row, problems))
    problems += _orphans(features, left, table, first_row, "JOIN_NO_ROW", key, unmatched.features)
    problems += _orphans(table, right, features, first_feature, "JOIN_NO_FEATURE", key, unmatched.rows)
    of_row = np.array([first_feature.get(k, -1) if k is not None else -1 for k in right], dtype=np.intp)
    matched = np.flatnonzero(of_row >= 0)
    if rows == "one":
        firsts = np.fromiter(first_row.values(), dtype=np.intp, count=len(first_row))
        matched = np.intersect1d(matched, firsts)
        matched = matched[np.argsort(of_row[matched], kind="stable")]
    return Joined(of_row[matched], matched, problems, _lost(features, table, first_feature, first_row, problems))


def _rows_in_order(left: Keys, right: Keys) -> Positions | None:
    """Give the row of each feature where every key has exactly one partner, else None: the quick way of large files."""
    if len(left) != len(right) or None in left or None in right:
        return None
    if left == right:
        return np.arange(len(left), dtype=np.intp) if len(set(left)) == len(left) else None
    # Left to itself pandas would copy all keys into texts of its own.
    index, wanted = (pd.Index(np.array(keys, dtype=object), dtype="object") for keys in (left, right))
    if not index.is_unique:
        return None
    of_row = index.get_indexer(wanted)
    rows_of = np.full(len(left), -1, dtype=np.intp)
    rows_of[of_row] = np.arange(len(right))  # -1 writes the last row's place, so count below
    return rows_of if (of_row >= 0).all() and (rows_of >= 0).all() else None


def feature_keys(
    features: Features, name: str, *, unmatched: OnUnmatched = "error"
) -> tuple[list[str | None], list[Problem]]:
    """Give the key of each feature as text, None where it has none, and a problem for each of these."""
    if not len(features):
        return [], []
    column = features.properties.get(name)
    if column is None:
        hint = Nearest(features.properties).hint(name, "add it to the properties, or name the key in atlas.toml")
        message = f'no feature has the property "{name}", the join key'
        line = int(features.lines[0])
        missing = Problem(code="KEY_MISSING", path=features.path, line=line, message=message, hint=hint)
        return [None] * len(features), [missing]
    if set(map(type, column)) == {str} and "" not in column:
        return column, []
    keys: list[str | None] = []
    checker = Checker(features)
    for index, value in enumerate(column):
        is_key = isinstance(value, str) or type(value) is int
        keys.append(str(value) if is_key and value != "" else None)
        if keys[-1] is not None or (unmatched == "ignore" and value in (None, "")):
            continue
        if value is None:
            code, message, hint = "KEY_MISSING", f'the properties have no "{name}", the join key', "add it"
        elif value == "":
            code, message, hint = "KEY_BLANK", f'the join key "{name}" is blank', "write the key of its row"
        else:
            code, message = "KEY_TYPE", f'the join key "{name}" is {value!r}, neither text nor a whole number'
            hint = f'write "{value:.15g}"' if isinstance(value, float) else "write it as text"
        checker.report(code, index, None, message, hint)
    return keys, checker.problems


def meant_keys(features: Features, name: str) -> frozenset[str]:
    """Give the keys meant where a number such as 36.0 is none, so that the rows of 36 are not called orphans."""
    column = features.properties.get(name, ())
    if float not in set(map(type, column)):
        return frozenset()
    return frozenset(f"{value:.15g}" for value in column if isinstance(value, float))


def repeated_features(features: Features, keys: Keys, name: str) -> list[Problem]:
    """Give a problem for each feature with the key of an earlier one."""
    return _repeated(features, keys, _first(keys), "KEY_DUPLICATE", name)


def row_keys(table: Table, name: str, *, hint: str) -> tuple[list[str | None], list[Problem]]:
    """Give the key of each row, None where it is blank, and a problem for each of these."""
    column = table.columns.get(name)
    if column is None:
        near = Nearest(table.columns).hint(name, "add it, or name the key in atlas.toml")
        message = f'there is no column "{name}", the join key'
        missing = Problem(code="TABLE_COLUMN", path=table.path, line=1, message=message, hint=near)
        return [None] * len(table), [missing]
    if "" not in column:
        return list(column), []
    checker = Checker(table)
    for row, cell in enumerate(column):
        if cell == "":
            checker.report("KEY_BLANK", row, name, "the join key is blank", hint)
    return [cell or None for cell in column], checker.problems


class _Side(Rows, Protocol):
    """Features or a table."""

    @property
    def refused(self) -> frozenset[str]: ...


def _first(keys: Keys) -> dict[str, int]:
    """Give the first position of each key."""
    return {key: at for at, key in zip(range(len(keys) - 1, -1, -1), reversed(keys), strict=True) if key is not None}


def _lost(
    features: Features, table: Table, left: Mapping[str, int], right: Mapping[str, int], problems: Sequence[Problem]
) -> frozenset[str]:
    """Give the keys without partner where an error may be why: of those ignored some may be meant by a wrong one."""
    refused = features.refused | table.refused
    has_error = any(problem.severity == "error" for problem in problems)
    return refused | (left.keys() ^ right.keys()) if has_error else refused


def _repeated(
    side: _Side, keys: Keys, first: dict[str, int], code: str, name: str, *, only: dict[str, int] | None = None
) -> list[Problem]:
    """Report each key that an earlier feature or row has too."""
    if len(first) == len(keys):
        return []
    column = name if isinstance(side, Table) else None
    checker = Checker(side)
    for at, key in enumerate(keys):
        if key is not None and first[key] != at and (only is None or key in only):
            message = f"{_place(side, first[key])} has the key {key!r} too"
            checker.report(code, at, column, message, "give each its own key")
    return checker.problems


def _repeated_rows(table: Table) -> list[Problem]:
    """Report rows that say the same as an earlier one in every cell."""
    seen: dict[tuple[str, ...], int] = {}
    checker = Checker(table)
    for row, cells in enumerate(zip(*table.columns.values(), strict=True)):
        first = seen.setdefault(cells, row)
        if first != row:
            message = f"{_place(table, first)} says the same"
            checker.report("ROW_DUPLICATE", row, None, message, "take one of them out")
    return checker.problems


def _orphans(
    side: _Side, keys: Keys, other: _Side, known: dict[str, int], code: str, key: Key, unmatched: OnUnmatched
) -> list[Problem]:
    """Report each key that the other side does not know, with the nearest that it knows."""
    if unmatched == "ignore":
        return []
    orphans = [at for at, one in enumerate(keys) if one is not None and one not in known and one not in other.refused]
    is_row = isinstance(side, Table)
    column, name, noun = (key.table, key.features, "feature") if is_row else (None, key.table, "row")
    # A row is a fact lost, features without rows may be all the other countries of the world.
    allowed = "warn" if is_row and unmatched == "error" else "ignore"
    setting = f'unmatched = {{ {"rows" if is_row else "features"} = "{allowed}" }}'
    otherwise = f"{'correct the key, ' * is_row}add a {noun} to {other.path}, or set {setting} in atlas.toml"
    # A key that itself waits for its partner is likelier meant than one that is matched.
    own = set(keys)
    waiting = Nearest([one for one in known if one not in own])
    everyone = Nearest(known)
    severity: Severity = "warning" if unmatched == "warn" else "error"
    checker = Checker(side)
    for at in orphans:
        one = str(keys[at])
        nearest = waiting if waiting.find(one) else everyone
        hint = nearest.hint(one, otherwise, place=lambda candidate: _place(other, known[candidate]))
        message = f"no {noun} in {other.path} has {name} {one!r}"
        checker.report(code, at, column, message, hint, severity=severity)
    return checker.problems


def _wrong_columns(
    features: Features, table: Table, key: Key, left: Mapping[str, int], right: Mapping[str, int], unmatched: Unmatched
) -> Problem | None:
    """Report once that nothing matches, where not slips of the pen but the choice of the columns explains it."""
    if min(len(left), len(right)) < 3 or not left.keys().isdisjoint(right):
        return None
    if any(map(Nearest(right).find, list(left)[:20])):
        return None
    properties = {name: {str(value) for value in values[:1_000]} for name, values in features.properties.items()}
    columns = {column: set(cells) for column, cells in table.columns.items()}
    pairs = {
        (name, column): len(values & cells) for name, values in properties.items() for column, cells in columns.items()
    }
    (name, column), count = max(pairs.items(), key=lambda pair: pair[1])
    hint = "name the columns to join in atlas.toml: key = { features = ..., table = ... }"
    if 2 * count >= min(len(features), len(table), 1_000):
        hint = f'write key = {{ features = "{name}", table = "{column}" }} in atlas.toml, {count} of them match'
    elif unmatched == Unmatched(features="ignore", rows="ignore"):
        return None
    message = (
        f'none of the {len(features)} features has an "{key.features}" that is '
        f'the "{key.table}" of one of the {len(table)} rows of {table.path}'
    )
    return Problem(code="JOIN_NOTHING", path=features.path, line=int(features.lines[0]), message=message, hint=hint)


def _place(side: _Side, at: int) -> str:
    return side.subject(at).partition(" (")[0]
