"""What a run says while it works."""

from __future__ import annotations

import io
import time
from pathlib import Path

import pytest

from geo.pipeline.build import build_atlas
from geo.progress import Progress

THREE_MAPS = Path(__file__).parent / "atlases" / "three_maps"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def test_long_work_shows_its_rate_and_the_time_left(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    with Progress() as progress:
        progress.tell("reading sites.geojson", 0, 1_000_000)
        assert not terminal.getvalue()
        clock[0] = 2.0
        progress.tell("reading sites.geojson", 400_000, 1_000_000)
        assert "[#########...............] reading sites.geojson 400,000 of 1,000,000, 200,000/s, 3 s left" in (
            terminal.getvalue()
        )
        progress.tell("drawing big", 1, 2)
        assert terminal.getvalue().endswith("[############............] drawing big")
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_a_pipe_gets_no_bar(clock: list[float], capsys: pytest.CaptureFixture[str]) -> None:
    with Progress() as progress:
        clock[0] = 5.0
        progress.tell("reading", 1, 2)
    assert capsys.readouterr().err == ""


def test_a_build_tells_what_it_reads_draws_and_writes(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    build_atlas(THREE_MAPS, tmp_path / "maps", tell=lambda *step: told.append(step))
    names = [what.split()[0] for what, *_ in told]
    assert list(dict.fromkeys(names)) == ["reading", "drawing", "writing"]
    assert all(0 <= done <= of for _, done, of in told)
