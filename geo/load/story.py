"""The story of a map: its steps, each with a text and what the map shows meanwhile.

Input: the rows of a story table, or the steps that atlas.toml has itself. Output: `Step`s whose layers, features and
sources are there, and the problems of the others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.check.citations import check_sources
from geo.check.near import Nearest
from geo.check.values import Checker, Rows
from geo.config.boxes import MAX_LATITUDE, is_box, unrolled
from geo.config.columns import by_language, translated
from geo.config.schema import MapConfig
from geo.config.settings import CONFIG_NAME, Config
from geo.load.references import keys_of
from geo.model import MAX_ZOOM, MIN_ZOOM, OPEN_END, OPEN_START, Edtf, LayerData, Source, Step
from geo.problems import Problem
from geo.read.tables import Table

STORY_COLUMNS = ("id", "title", "text", "view", "layers", "time", "selection", "source")


@dataclass(frozen=True)
class _InlineRows:
    """Steps of atlas.toml as the rows of a table."""

    columns: Mapping[str, Sequence[str]]
    lines: npt.NDArray[np.int64]
    path: str = CONFIG_NAME

    def subject(self, row: int, column: str | None = None) -> str:
        return f"step {row + 1}" + (f' "{column}"' if column else "")


def read_story(
    config: Config,
    map_id: str,
    table: Table | None,
    layers: Mapping[str, LayerData],
    *,
    sources: Mapping[str, Source] | None,
) -> tuple[tuple[Step, ...], list[Problem]]:
    """Give the steps of a map's story in their order.

    Parameters
    ----------
    table : None where the steps stand in atlas.toml
    layers : those of the map that could be loaded, by id
    sources : None where the atlas has no list of sources
    """
    page = config.maps[map_id]
    rows: Table | _InlineRows = _inline_rows(config, map_id, page) if table is None else table
    reader = _Reader(rows, page, layers, config.languages)
    reader.check_columns(rows.columns)
    ids = reader.ids(rows.columns.get("id", ()))
    has_lost_rows = table is not None and bool(table.problems)
    if "title" in rows.columns and not ids and not has_lost_rows:
        reader.report("STORY_EMPTY", None, None, "the story has no step", "write one row for each")
    blank = [""] * len(ids)
    cells = {name: list(rows.columns.get(name, blank)) for name in STORY_COLUMNS}
    texts = {"source": reader.text(cells["source"])} if "source" in rows.columns else {}
    names = np.array(ids, dtype=object)
    check_sources(reader, texts, sources, required=config.atlas.require_sources and bool(ids), keys=names)
    times = reader.dates("time", reader.text(cells["time"]), periods=True)
    steps = []
    for row, step_id in enumerate(ids):
        shown = reader.shown(row, cells["layers"][row])
        time = reader.time(row, times[row])
        step = Step(
            id=step_id,
            title=reader.texts(row, "title", rows.columns),
            text=reader.texts(row, "text", rows.columns),
            view=reader.view(row, cells["view"][row]),
            layers=shown,
            time=time,
            selection=reader.selection(row, cells["selection"][row], shown, time),
            source=cells["source"][row],
        )
        steps.append(step)
    return tuple(steps), reader.problems


def _inline_rows(config: Config, map_id: str, page: MapConfig) -> _InlineRows:
    assert page.story is not None, "only maps with a story come here"
    steps = page.story.steps
    columns: dict[str, list[str]] = {}
    for name in ("id", "time", "selection", "source"):
        columns[name] = [getattr(step, name) for step in steps]
    columns["view"] = [" ".join(f"{number:.10g}" for number in step.view) for step in steps]
    columns["layers"] = [";".join(step.layers) for step in steps]
    for name in ("title", "text"):
        texts = [config.text(getattr(step, name)) for step in steps]
        for language, column in by_language(name, config.languages).items():
            columns[column] = [text.get(language, "") for text in texts]
    lines = [config.line("maps", map_id, "story", "steps", n) for n in range(len(steps))]
    return _InlineRows(columns, np.array(lines, dtype=np.int64))


class _Reader(Checker):
    """Cells of a story to the parts of its steps; what is refused is reported and left out."""

    def __init__(self, rows: Rows, page: MapConfig, layers: Mapping[str, LayerData], languages: Sequence[str]) -> None:
        super().__init__(rows)
        self.page = page
        self.layers = layers
        self.languages = languages

    def check_columns(self, columns: Mapping[str, Sequence[str]]) -> None:
        """Report a missing title, and what a misspelt name would leave out in silence."""
        known = [*STORY_COLUMNS, *sorted(translated(("title", "text"), self.languages))]
        if "title" not in columns:
            hint = Nearest(columns).hint("title", "add it")
            self.report("TABLE_COLUMN", None, None, 'there is no column "title"', hint)
        for name in columns:
            if name not in known:
                hint = Nearest(known).hint(name, "take it out")
                self.report("STORY_COLUMN", None, name, f"a story has no column {name!r}", hint, severity="warning")

    def ids(self, cells: Sequence[str]) -> list[str]:
        """Give each step its id, its number where the cell is blank."""
        ids = [cell or str(row) for row, cell in enumerate(cells or [""] * len(self.rows.lines), start=1)]
        for row, step_id in enumerate(ids):
            first = ids.index(step_id)
            if first < row:
                message = f"{self.rows.subject(first)} has the id {step_id!r} too"
                self.report("STORY_DUPLICATE", row, "id", message, "give each its own id")
        return ids

    def texts(self, row: int, name: str, columns: Mapping[str, Sequence[str]]) -> dict[str, str]:
        """Give a text per language; a title must be there in the default one."""
        found = {}
        for language, column in by_language(name, self.languages).items():
            cells = columns.get(column, ())
            if cells and cells[row]:
                found[language] = cells[row]
        if name == "title" and self.languages[0] not in found and name in columns:
            self.report("STORY_TITLE", row, name, "the title is blank", "write a few words")
        return found

    def view(self, row: int, cell: str) -> tuple[float, ...] | None:
        """Give a box (west, south, east, north), its east beyond 180 where that lies between, or (lon, lat, zoom)."""
        if not cell.strip():
            return None
        try:
            numbers = tuple(float(part) for part in re.split(r"[,\s]+", cell.strip()))
        except ValueError:
            numbers = ()
        if len(numbers) == 4:
            if is_box(*numbers):
                return unrolled(*numbers)
        elif len(numbers) == 3:
            lon, lat, zoom = numbers
            if abs(lon) <= 180 and abs(lat) <= MAX_LATITUDE and MIN_ZOOM <= zoom <= MAX_ZOOM:
                return numbers
        forms = f"neither west south east north nor lon lat zoom, in degrees and a zoom from {MIN_ZOOM} to {MAX_ZOOM}"
        self.report("STORY_VIEW", row, "view", f"{cell!r} is {forms}", "write for example 66 36.5 82 45")
        return None

    def shown(self, row: int, cell: str) -> tuple[str, ...] | None:
        """Give the layers that a step shows, in the order of the map."""
        named = [part.strip() for part in cell.split(";") if part.strip()]
        for layer_id in named:
            if layer_id not in self.page.layers:
                hint = Nearest(self.page.layers).hint(layer_id, "add it to the layers of the map, or take it out")
                self.report("STORY_LAYER", row, "layers", f"the map has no layer {layer_id!r}", hint)
        return tuple(layer_id for layer_id in self.page.layers if layer_id in named) if named else None

    def time(self, row: int, period: Edtf | None) -> Edtf | None:
        """Give the period of a step: a slider needs both its ends."""
        if period is None or (period.earliest != OPEN_START and period.latest != OPEN_END):
            return period
        hint = "write both ends, or leave the cell blank for everything"
        self.report("STORY_TIME", row, "time", f"{period.text!r} has an open end", hint)
        return None

    def selection(
        self, row: int, cell: str, shown: tuple[str, ...] | None, time: Edtf | None
    ) -> tuple[str, str] | None:
        """Give the layer and the key of the feature that a step selects."""
        if not cell:
            return None
        layer_id, _, key = (part.strip() for part in cell.partition(":"))
        flaw = self._selection_flaw(layer_id, key, shown, time)
        if flaw is None:
            return layer_id, key
        self.report("STORY_SELECTION", row, "selection", *flaw)
        return None

    def _selection_flaw(
        self, layer_id: str, key: str, shown: tuple[str, ...] | None, time: Edtf | None
    ) -> tuple[str, str] | None:
        """Give what is wrong with a selection and what to do."""
        if layer_id not in self.page.layers:
            hint = Nearest(self.page.layers).hint(layer_id, _example(self.layers))
            return f"{layer_id!r} is no layer of the map", hint
        layer = self.layers.get(layer_id)
        if layer is None:
            return None  # it could not be loaded, which has been said
        if not key:
            return f"{layer_id!r} names no feature", _example({layer_id: layer})
        is_shown = layer_id in shown if shown is not None else self.page.opens_with(layer_id, layer.config)
        if not is_shown:
            return f"the step does not show the layer {layer_id}", "add it to layers"
        rows = np.flatnonzero(layer.frame["_key"].to_numpy(dtype=object) == key)
        if not len(rows) and key in layer.lost:
            return None
        if not len(rows):
            hint = Nearest(keys_of(layer)).hint(key, "add the feature, or take the selection out")
            return f"no feature of {layer_id} has the key {key!r}", hint
        if time and not any(_is_valid(layer, int(at), time) for at in rows):
            return f"{key!r} is not shown in {time.text}", "change the time or the selection"
        return None


def _example(layers: Mapping[str, LayerData]) -> str:
    """Say how a selection is written."""
    selections = (f"{layer_id}:{key}" for layer_id, layer in layers.items() for key in layer.frame["_key"])
    first = next(selections, None)
    return f"write layer:key, for example {first}" if first else "take the selection out"


def _is_valid(layer: LayerData, row: int, time: Edtf) -> bool:
    """True where a feature's validity overlaps the period; a side that is not known counts as open."""
    about = layer.config.time
    if not about:
        return True
    begin, end = (layer.frame[name].iloc[row] if name in layer.frame else None for name in (about.from_, about.to))
    earliest = begin.earliest if begin else OPEN_START
    latest = end.latest if end else OPEN_END
    return bool(earliest <= time.latest and latest >= time.earliest)
