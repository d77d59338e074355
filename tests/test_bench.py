"""The benchmark's tables and plot: from figures made up, so that what they say of a tool can be read off."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.bench import __main__ as bench
from tests.bench.results import OURS, Build, Measured, Result, keep, medians_of
from tests.bench.samples import Sample
from tests.bench.tables import markdown, plot

FEW, MANY = Sample("points", 1_000), Sample("points", 100_000)


def result(tool: str, sample: Sample, cpu_s: float | None, painted_s: float | None = 1.0, **reasons: str) -> Result:
    return Result(
        tool,
        sample,
        cpu_s=cpu_s,
        peak_mb=100,
        needed_bytes=1_000_000,
        requests=0,
        painted_s=painted_s,
        pan_p95_ms=17,
        pan_worst_ms=20,
        zoom_p95_ms=33,
        zoom_worst_ms=50,
        pick_ms=None,
        filter_ms=None,
        reasons=reasons,
    )


ON_FEW = Measured("One machine.", [result(OURS, FEW, 2.0), result("quick", FEW, 1.0)])
ON_MANY = Measured(
    "Another.",
    [
        result(OURS, MANY, 3.0),
        result("quick", MANY, 1.0, None, paint="nothing in 90 s"),
        result("slow", MANY, 12.0),
    ],
)
RESULTS = [ON_FEW, ON_MANY]


def test_ours_stands_beside_the_best_peer_that_shows_the_sample() -> None:
    rows = [line for line in markdown(RESULTS).splitlines() if line.startswith(("| 1,000", "| 100,000"))]
    assert "| 2.00 (quick) |" in rows[0]
    assert "| 0.25 (slow) |" in rows[1], "quick never shows 100,000 points"


def test_a_tool_without_a_figure_stands_with_its_reason() -> None:
    text = markdown(RESULTS)
    assert "- quick: nothing in 90 s" in text
    assert "| slow | 12.00 |" in text
    assert "| **1.00** |" in text, "the best of a column"


def test_the_best_is_bold_among_those_that_show_the_sample_and_what_is_written_alike_is_as_good() -> None:
    fast, close, blank = (
        result(tool, FEW, cpu_s, at) for tool, cpu_s, at in (("a", 1.0, 2), ("b", 1.004, 2), ("c", 0.5, None))
    )
    text = markdown([Measured("One machine.", [fast, close, blank])])
    assert ("| a | **1.00** |" in text, "| b | **1.00** |" in text, "| c | 0.50 |" in text) == (True, True, True)


def test_the_plot_draws_every_tool_to_where_it_ends() -> None:
    svg = ET.fromstring(plot(RESULTS))
    names = [text.text for text in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert names.count(OURS) == 3
    assert names.count("slow") == 3
    lines = [line.get("points", "").split() for line in svg.iter("{http://www.w3.org/2000/svg}polyline")]
    assert sorted(map(len, lines)) == [1, 1, 1, 1, 1, 2, 2, 2, 2], (
        "quick has a build at 100,000 points, and no painting"
    )


def test_a_tool_that_was_measured_less_often_says_so() -> None:
    builds = [(Build(cpu_s, 100, 1000), None) for cpu_s in (3.0, 1.0, 2.0)]
    assert medians_of("slow", FEW, builds[:1], runs=3).reasons == {
        "runs": "measured 1 of 3 times, one taking more than 60 s"
    }
    whole = medians_of("quick", FEW, builds, runs=3)
    assert (whole.cpu_s, whole.reasons) == (2.0, {})


def test_what_failed_in_some_of_the_runs_says_in_how_many() -> None:
    def opened(**reasons: str) -> SimpleNamespace:
        parts = ("painted_s", "pan", "zoom", "pick_ms", "filter_ms")
        return SimpleNamespace(**dict.fromkeys(parts), loaded_bytes=0, requests=0, reasons=reasons)

    build = Build(1.0, 100, 1000)
    pages = [opened(pick="silent", paint="late"), opened(paint="late")]
    found = [(build, page) for page in pages]
    assert medians_of("odd", FEW, found, runs=2).reasons == {"pick": "silent (1 of 2 times)", "paint": "late"}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("bytes_are", "noise", "code"), [("equal bytes", "0", 0), ("DIFFERENT", "0", 1), ("equal bytes", "2", 1)]
)
def test_it_fails_where_builds_differ_or_a_page_speaks(
    bytes_are: str, noise: str, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [("time", "9 s", "1 s"), ("two builds", bytes_are, "equal bytes"), ("requests", noise, "0")]
    monkeypatch.setattr(bench, "measure_atlas", lambda: rows)
    monkeypatch.setattr("tests.bench.regeneration.measure_regeneration", list)
    assert bench.main([]) == code


def test_what_was_measured_is_kept_until_it_is_measured_again(tmp_path: Path) -> None:
    path = tmp_path / "benchmark.json"
    keep(path, ON_MANY, [FEW, MANY])
    assert keep(path, ON_FEW, [FEW, MANY]) == RESULTS, "in the order of the samples"
    again = Measured("A third.", [result(OURS, FEW, 1.5)])
    assert keep(path, again, [FEW, MANY]) == [again, ON_MANY]
    assert "A third." in markdown([again, ON_MANY])
