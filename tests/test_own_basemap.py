"""A basemap that an atlas brings along: drawn where it is one, told where it has a flaw."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geo.basemap.reading import read_basemap
from geo.config.settings import read_config
from geo.errors import ConfigError
from geo.pipeline.build import build_atlas
from tests.conftest import LAYERS
from tests.small import write_atlas

DEEP = json.loads("[" * 900 + "]" * 900)


def write_basemap(atlas: Path, change: Callable[[Any], Any] = lambda _: None) -> Path:
    """Give an atlas the basemap that comes with Shyrdak as one of its own, with another head."""
    write_atlas(atlas, top='basemap = "own"\n')
    own = Path(shutil.copytree(LAYERS / "basemap", atlas / "own"))
    head = json.loads((own / "basemap.json").read_bytes())
    change(head)
    (own / "basemap.json").write_text(json.dumps(head), encoding="utf-8")
    return own


def flaw_of(atlas: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        read_basemap(read_config(atlas))
    return str(caught.value)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda head: head.clear(), "it has no levels"),
        (lambda head: head["levels"][1].pop("land"), "it has no levels.1.land"),
        (lambda head: head.update(thumbnail=5), "its thumbnail is not as make_basemap.py writes it"),
        (lambda head: head["thumbnail"]["close"].update(bounds=[1, 2, 3]), "its thumbnail.close.bounds is not"),
        (lambda head: head["shapes"].update(x=[4288, "29587", "u32"]), "its shapes do not lie in basemap.bin.gz"),
        (lambda head: head["shapes"].update(x=[10**9, 29587, "u32"]), "its shapes do not lie in basemap.bin.gz"),
        (lambda head: head["shapes"].update(n=3), "its shapes are not those in basemap.bin.gz"),
        (lambda head: head["levels"][0].update(land=[0, 9999]), "it draws the shapes 0 to 9999 of 1068"),
        (lambda head: head["levels"].reverse(), "of its levels the first, and no other, is the world"),
        (lambda head: head["blob"].update(sha256="0"), "basemap.bin.gz is not the one that it tells of"),
        (lambda head: head.update(notes=[5]), "its notes.0 is not"),
        (lambda head: head.update(notes=DEEP), "it is nested too deep"),
    ],
)
def test_a_flaw_of_its_head_is_told(change: Callable[[Any], Any], says: str, tmp_path: Path) -> None:
    write_basemap(tmp_path, change)
    assert f'toml:2: the basemap "own" has a basemap.json that cannot be read ({says}' in flaw_of(tmp_path)


@pytest.mark.parametrize("blob", [b"none", gzip.compress(b"other", mtime=0)[:-9]], ids=["none", "cut off"])
def test_a_blob_that_is_none_is_told(blob: bytes, tmp_path: Path) -> None:
    (write_basemap(tmp_path) / "basemap.bin.gz").write_bytes(blob)
    assert "(basemap.bin.gz cannot be unpacked)" in flaw_of(tmp_path)


def test_a_folder_is_no_file_of_it(tmp_path: Path) -> None:
    own = write_basemap(tmp_path)
    (own / "thumbnail.webp").unlink()
    (own / "thumbnail.webp").mkdir()
    assert 'the basemap "own" has no thumbnail.webp' in flaw_of(tmp_path)


def test_it_needs_neither_pictures_for_the_index_nor_credits(tmp_path: Path) -> None:
    write_basemap(tmp_path, lambda head: [head.pop(name) for name in ("thumbnail", "notes", "credits")])
    assert build_atlas(tmp_path, tmp_path / "maps").pages


def test_pages_are_drawn_where_the_atlas_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    atlas = tmp_path / "atlas"
    atlas.mkdir()
    write_basemap(atlas)
    build_atlas(atlas, tmp_path / "here")

    def work_on(items: list[str], work: Any, **_: int) -> list[bytes]:
        atlas.rename(tmp_path / "away")
        drawn = list(map(work, items))
        (tmp_path / "away").rename(atlas)
        return drawn

    monkeypatch.setattr("geo.pipeline.build.work_on", work_on)
    build_atlas(atlas, tmp_path / "there")
    for page in ("m.html", "index.html"):
        assert (tmp_path / "there" / page).read_bytes() == (tmp_path / "here" / page).read_bytes()
