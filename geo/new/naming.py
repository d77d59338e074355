"""The columns of somebody's file as an atlas understands them.

The features' name is called `name`, texts of sources become references, what bears a name with a meaning but holds
something else is renamed, and one column is the key.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, count

from geo.config.columns import DATE_COLUMNS, is_source_column
from geo.config.looks import PRECISIONS
from geo.new.downloads import record_rows
from geo.new.given import Columns, Given, GivenFile, Shapes, Sources, Words, find_column
from geo.new.guess import OWN_NAMES, are_names, guess_languages, is_date, misfits
from geo.new.plain import Plain, with_plain_values

NAME_NAMES = (
    *("name", "title", "label", "название", "наименование", "имя", "аталышы", "аты"),
    *("name_3", "name_2", "name_1", "adm2_en", "adm1_en", "shapename", "name_en"),  # files of boundaries, finest first
)
KEY_NAMES = ("id", "key", "code", "fid", "gid", "osm_id", "iso_a3", "feature_id")

MEANINGS: dict[str, Callable[[str], bool]] = {
    **dict.fromkeys(DATE_COLUMNS, is_date),
    "precision": PRECISIONS.__contains__,
}
"""What the cells of a column must be that bears one of these names."""


@dataclass(frozen=True)
class Places:
    """`shapes`, None where a place has none; `columns` as text, that of the `key` first; `records`: a table.

    `name`, `words`, `separator` as in the file. `notes`: what was set aside, taken for what, called otherwise or
    written anew. `misfits`: columns that bear another name, as their cells are none of what theirs means: that name by
    the new one. `units`: of columns whose cells had them.
    """

    name: str
    shapes: Shapes
    columns: Columns
    key: str
    records: Columns
    separator: str
    notes: tuple[str, ...]
    misfits: dict[str, str]
    units: dict[str, str]
    words: Words


def name_layers(file: GivenFile) -> tuple[list[Places], Columns]:
    """Give the layers of a file, their columns called as in an atlas, and the table of the sources of all of them."""
    sources = _References(file.sources)
    return [_name_columns(given, sources) for given in file.layers], sources.table()


def _name_columns(given: Given, sources: _References) -> Places:
    own, notes = _own_ids(given), list(given.notes)
    notes += [f'the features\' own ids, which are not their property "id", are the column {name}' for name in own]
    written = given.columns | own
    named = _with_name(_renamed(written, _column_name))
    # Between other separators a comma would be an odd thing inside a cell.
    may_have_commas = given.separator == ";"
    plain = Plain(named, {}, ()) if given.is_plain else with_plain_values(named, may_have_commas=may_have_commas)
    notes += plain.notes
    likely = None if "name" in named else _likely_name(plain.columns)
    called = {("name" if name == likely else name): cells for name, cells in plain.columns.items()}
    fitting = _without_misfits(_with_translations(called))
    misfitting = {new: old for old, new in zip(named, fitting, strict=True) if old in MEANINGS and old != new}
    pairs = ((old, new) for old, new in zip(written, fitting, strict=True) if new not in misfitting)
    notes += [_renaming(old, new, is_guess=bool(likely)) for old, new in pairs if _is_other(old, new)]
    if "name" not in fitting and len(given.shapes):
        todo = 'call one "name" in the file that this is made from, and make it anew'
        notes.append(f"no column has names, so that the map is without labels: {todo}")
    key, columns, flaw = _with_key(sources.refer(fitting), len(given.shapes))
    stated = record_rows(given.records, columns[key]) if given.records else {}
    return Places(
        name=given.name,
        shapes=given.shapes,
        columns=columns,
        key=key,
        records=sources.refer(stated) if stated else {},
        separator=given.separator,
        notes=(*notes, *flaw),
        misfits=misfitting,
        units=given.words.units | plain.units,
        words=given.words,
    )


def _own_ids(given: Given) -> Columns:
    """Give the column of the features' own ids, where these are not their property `id`."""
    name = next(name for name in _numbered("feature_id") if name not in given.columns)
    return {name: list(given.own_ids)} if given.own_ids else {}


def _is_other(old: str, new: str) -> bool:
    return old.strip().casefold() != new.casefold()


def _renaming(old: str, new: str, *, is_guess: bool) -> str:
    cited = old.removesuffix("_source") if new == f"{old}_given" else old
    reason = f', as there is no column "{cited}" whose source it could name' if cited != old else ""
    reason = ", as no other is and its texts are like names" if new == "name" and is_guess else reason
    return f'the column "{old}" is called {new}{reason}'


def _renamed(columns: Columns, new_name: Callable[[str], str]) -> Columns:
    """Give the columns by their new names, _2, _3 ... after one that is taken: none is lost."""
    renamed: Columns = {}
    for name, cells in columns.items():
        wanted = new_name(name)
        renamed[next(n for n in _numbered(wanted) if n not in renamed and (n == name or n not in columns))] = cells
    return renamed


def _numbered(name: str) -> Iterator[str]:
    """Give a name, then the same with _2, _3 ... at its end."""
    return chain([name], (f"{name}_{number}" for number in count(2)))


def _column_name(name: str) -> str:
    """A name that a column may have: some are Shyrdak's own."""
    name = " ".join(name.split()).lstrip("_") or "column"
    return "geometry_given" if name == "geometry" else name


def _with_name(columns: Columns) -> Columns:
    """Call the column that names the features `name`."""
    found = find_column(columns, NAME_NAMES) if "name" not in columns else "name"
    return {("name" if name == found else name): cells for name, cells in columns.items()}


def _likely_name(columns: Columns) -> str | None:
    """The first column whose texts are like names, of those with a word such as "название" in their header before."""
    others = {*OWN_NAMES, *KEY_NAMES}
    names = [name for name in columns if name.casefold() not in others and not is_source_column(name)]
    names.sort(key=lambda name: not {*re.findall(r"[^\W_]+", name.casefold())} & {*NAME_NAMES})
    return next((name for name in names if are_names(columns[name])), None)


def _with_translations(columns: Columns) -> Columns:
    """Call what OpenStreetMap has as name:en, in another language than that of the names, as an atlas does: name_en."""
    default = guess_languages(columns)[0]
    new = {f"name:{language}": f"name_{language}" for language in ("en", "ru", "ky") if language != default}
    return _renamed(columns, lambda name: new.get(name, name)) if "name" in columns else columns


def _without_misfits(columns: Columns) -> Columns:
    """Rename columns that bear a name with a meaning but hold something else: dates as text, words of another scale.

    A column like power_source cites the source of the column power only where there is one.
    """

    def fitting(name: str) -> str:
        if name in MEANINGS:
            fits = not misfits(columns[name], MEANINGS[name])
        else:
            fits = not is_source_column(name) or name.removesuffix("_source") in (*columns, "geometry")
        return name if fits else f"{name}_given"

    return _renamed(columns, fitting)


class _References:
    """Makes a reference of each text in a column of sources; what names sources that the file itself lists stays."""

    def __init__(self, known: Sources) -> None:
        self._known = known
        self._ids: dict[str, str] = {}
        self._free = (name for name in (f"source{number}" for number in count(1)) if name not in known)

    def refer(self, columns: Columns) -> Columns:
        """Give columns with ids for texts; that of sources is added where there is none, for what is to come."""
        columns = columns if "source" in columns else columns | {"source": []}
        return {
            name: list(map(self._id, cells)) if is_source_column(name) else cells for name, cells in columns.items()
        }

    def _id(self, cell: str) -> str:
        if all(part.partition("#")[0].strip() in self._known for part in filter(None, cell.split(";"))):
            return cell
        if cell not in self._ids:
            self._ids[cell] = next(self._free)
        return self._ids[cell]

    def table(self) -> Columns:
        listed = {**self._known, **{source: {"citation": text} for text, source in self._ids.items()}}
        names = ["citation", "url", "licence"] + ["accessed"] * any("accessed" in about for about in listed.values())
        return {"id": [*listed], **{name: [about.get(name, "") for about in listed.values()] for name in names}}


def _with_key(columns: Columns, count: int) -> tuple[str, Columns, list[str]]:
    """Give the column that is the join key, the columns with it in front, and what keeps another from being it.

    Rows are numbered where none can be.
    """
    flaws = []
    for name in KEY_NAMES:
        found = find_column(columns, [name])
        if not found:
            continue
        value, uses = Counter(columns[found]).most_common(1)[0] if count else ("", 0)
        if uses < 2 and "" not in columns[found]:
            return found, {found: columns[found]} | columns, []
        flaws.append(f'"{found}" has ' + (f"'{value}' {uses} times" if value and uses > 1 else "blank cells"))
    key = next(name for name in ("id", "key", "row_number") if name not in columns)
    note = [f'the column {flaws[0]}: the key is a new column "{key}", the number of the row'] if flaws else []
    return key, {key: [str(number + 1) for number in range(count)]} | columns, note
