"""What the benchmark found of a tool: of one build of a map, and of all its runs on one sample."""

from __future__ import annotations

from typing import NamedTuple

from tests.bench.samples import Sample

OURS = "shyrdak"


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
