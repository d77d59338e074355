"""What the benchmark found of a tool, of one build of a map and of all its runs on one sample; kept from run to run."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.bench.samples import Sample

if TYPE_CHECKING:  # it needs Pillow, which the tests go without
    from tests.bench.page import Behaviour

OURS = "shyrdak"
LONG_S = 60
"""A tool that takes longer than this to build and show a sample is measured once: five times would be hours."""


class Build(NamedTuple):
    """One process that made a map; `reason` = why it did not."""

    cpu_s: float
    peak_mb: float
    bytes: int
    reason: str = ""


class Result(NamedTuple):
    """Medians of the runs of one tool on one sample; None = it could not, `reasons` says why."""

    tool: str
    sample: Sample
    cpu_s: float | None
    peak_mb: float | None
    needed_bytes: int | None
    requests: int | None
    painted_s: float | None
    pan_p95_ms: float | None
    pan_worst_ms: float | None
    zoom_p95_ms: float | None
    zoom_worst_ms: float | None
    pick_ms: float | None
    filter_ms: float | None
    reasons: dict[str, str]


class Measured(NamedTuple):
    """What one run found on one sample; `about`: the machine, the day and the versions of the tools."""

    about: str
    results: list[Result]

    @property
    def sample(self) -> Sample:
        return self.results[0].sample


def medians_of(tool: str, sample: Sample, found: Sequence[tuple[Build, Behaviour | None]], *, runs: int) -> Result:
    """The medians of what was found; a tool that was measured less often than asked for says so."""
    builds = [build for build, _ in found]
    pages = [page for _, page in found if page]
    reasons = {"build": said} if (said := next((build.reason for build in builds if build.reason), "")) else {}
    times = Counter(reason for page in pages for reason in page.reasons.items())
    for (what, said), n in times.items():
        reasons[what] = said if n == len(pages) else f"{said} ({n} of {len(pages)} times)"
    if len(found) < runs and not reasons:
        reasons["runs"] = f"measured {len(found)} of {runs} times, one taking more than {LONG_S} s"

    def middle(values: Iterable[float | None]) -> float | None:
        known = [value for value in values if value is not None]
        return statistics.median(known) if known else None

    built = not reasons.get("build")
    return Result(
        tool,
        sample,
        cpu_s=middle(build.cpu_s for build in builds) if built else None,
        peak_mb=middle(build.peak_mb for build in builds) if built else None,
        needed_bytes=builds[0].bytes + pages[0].loaded_bytes if pages else None,
        requests=pages[0].requests if pages else None,
        painted_s=middle(page.painted_s for page in pages),
        pan_p95_ms=middle(page.pan.p95 if page.pan else None for page in pages),
        pan_worst_ms=middle(page.pan.worst if page.pan else None for page in pages),
        zoom_p95_ms=middle(page.zoom.p95 if page.zoom else None for page in pages),
        zoom_worst_ms=middle(page.zoom.worst if page.zoom else None for page in pages),
        pick_ms=middle(page.pick_ms for page in pages),
        filter_ms=middle(page.filter_ms for page in pages),
        reasons=reasons,
    )


def keep(path: Path, new: Measured, order: Sequence[Sample]) -> list[Measured]:
    """Put what was found on a sample in the place of what the JSON file had of it, and give all it has, in order."""
    old = read_measured(path) if path.exists() else []
    kept = [*(measured for measured in old if measured.sample != new.sample), new]
    kept.sort(key=lambda measured: order.index(measured.sample))
    rows = [
        {"about": about, "results": [row._asdict() | {"sample": asdict(row.sample)} for row in results]}
        for about, results in kept
    ]
    path.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    return kept


def read_measured(path: Path) -> list[Measured]:
    """What `keep` wrote."""
    rows = json.loads(path.read_text(encoding="utf-8"))
    return [
        Measured(row["about"], [Result(**one | {"sample": Sample(**one["sample"])}) for one in row["results"]])
        for row in rows
    ]
