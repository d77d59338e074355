"""The names of columns: those that are all but one with a meaning, and those that nothing shows.

Input: the columns of a table or the properties of features. Output: problems of the header.
"""

from __future__ import annotations

from collections.abc import Collection

from geo.check.near import Nearest, is_slip
from geo.check.values import Checker
from geo.config.columns import TEXT_COLUMNS, date_columns
from geo.config.schema import LayerConfig
from geo.config.settings import Config
from geo.problems import Severity

_SHORTEST_SLIP = 6  # letters: "names" and "vote" are words of their own, "precison" is not


def check_attributes(
    rows: Checker,
    columns: Collection[str],
    config: Config,
    layer: LayerConfig,
    *,
    key: str,
    beside: Collection[str] = (),
    severity: Severity = "error",
) -> None:
    """Report columns of a layer whose name is all but one with a meaning, which is then missing.

    What atlas.toml declares is meant as it is.

    Parameters
    ----------
    beside : the columns that the layer has from its other file
    severity : of a name that looks the same; one with a letter wrong is warned of
    """
    special = [*TEXT_COLUMNS, *sorted(date_columns(layer))]
    present = [*columns, *beside]
    default, *others = config.languages
    endings = ("source", *others)
    derived = [f"{base}_{ending}" for base in (*special, "geometry", *present) for ending in endings]
    nearest = Nearest(name for name in (*special, *derived) if name not in present)
    known = {key, layer.label, *layer.fields, *special, *derived}
    for name in columns:
        if name in known or name.startswith("_"):
            continue
        base = name.removesuffix(f"_{default}")
        if base != name and base in (*special, *present):
            message = f"{base!r} is the column of the default language, {default}"
            hint = f"write {base} (and {base}_<language> for what else that holds), or declare the field in atlas.toml"
            rows.report("TABLE_NAME", None, name, message, hint, severity="warning")
        elif twin := nearest.find_twin(name):
            _report_twin(rows, name, twin, "or declare the field in atlas.toml", severity)
        elif slip := next(
            (s for s in special if s not in present and len(s) >= _SHORTEST_SLIP and is_slip(name.casefold(), s)), ""
        ):
            hint = f"write {slip}, or declare the field in atlas.toml"
            rows.report("TABLE_NAME", None, name, f"nearly {slip!r}, which has a meaning", hint, severity="warning")


def check_shown(rows: Checker, columns: Collection[str], shown: Collection[str]) -> None:
    """Report columns that nothing shows: what else a table of records, a series or the list of sources holds."""
    nearest = Nearest(name for name in shown if name not in columns)
    for name in columns:
        if name in shown:
            continue
        if twin := nearest.find_twin(name):
            _report_twin(rows, name, twin, "or take the column out", "error")
        else:
            hint = nearest.hint(name, "take it out")
            rows.report("TABLE_UNUSED", None, name, "nothing shows this column", hint, severity="warning")


def _report_twin(rows: Checker, name: str, twin: tuple[str, str], otherwise: str, severity: Severity) -> None:
    meant, reason = twin
    message = f"not {meant!r}, which has a meaning" + (f": {reason[0].lower()}{reason[1:]}" if reason else "")
    rows.report("TABLE_NAME", None, name, message, f"write {meant}, {otherwise}", severity=severity)
