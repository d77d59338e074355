"""Whole atlas folders: each case in tests/atlases/ beside the text it must give.

A new case is a new folder; `python -m tests.test_load` writes the expected.txt of folders that have none.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.config import read_config
from geo.errors import DataError
from geo.load import load_atlas

CASES = Path(__file__).parent / "atlases"


def outcome(folder: Path) -> str:
    """Give the problems of an atlas folder, and where none is an error what was made of it."""
    try:
        atlas = load_atlas(read_config(folder))
    except DataError as err:
        return f"{err}\n"
    lines = [str(problem) for problem in atlas.problems]
    for layer in atlas.layers.values():
        counts = layer.counts
        lines.append(
            f"{layer.id}: {counts.features} features, {counts.rows} rows, {counts.matched} matched, "
            f"{counts.located} located, {counts.problems} problems"
        )
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("case", sorted(path.name for path in CASES.iterdir()))
def test_says_what_is_expected_of_a_case(case: str) -> None:
    folder = CASES / case
    assert outcome(folder).replace(str(folder), case) == (folder / "expected.txt").read_text(encoding="utf-8")


if __name__ == "__main__":
    for folder in sorted(CASES.iterdir()):
        if not (folder / "expected.txt").exists():
            (folder / "expected.txt").write_text(outcome(folder).replace(str(folder), folder.name), encoding="utf-8")
