"""Files are whole or not there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from geo.errors import OutputError
from geo.write import write_file


def test_writes_and_replaces_without_leaving_parts(tmp_path: Path) -> None:
    target = tmp_path / "new" / "a.html"
    write_file(target, b"one")
    write_file(target, b"two")
    assert target.read_bytes() == b"two"
    assert os.listdir(target.parent) == ["a.html"]


def test_a_failure_names_the_file_and_keeps_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "a.html"
    target.mkdir()
    with pytest.raises(OutputError, match=r"a\.html: cannot be written .*Fix:"):
        write_file(target, b"one")
    assert os.listdir(tmp_path) == ["a.html"]
