"""What has no translation is counted by language and place; a page carries the interface in its own languages."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path

import pytest

from geo.config.settings import read_config
from geo.load.atlas import load_atlas
from geo.load.translations import Untranslated, find_untranslated
from geo.pipeline.build import build_atlas, page_html
from geo.pipeline.provenance import data_elements
from tests.test_columns import unpack_column

TOML = """
title = { en = "Atlas", ru = "Атлас" }
languages = ["en", "ru", "ky"]
basemap = "none"
[layers.bases]
title = { en = "Bases", ru = "Базы", ky = "Базалар" }
features = "bases.geojson"
table = "bases.csv"
[maps.m]
title = "Map"
layers = ["bases"]
"""


def test_counts_what_lacks_a_language(tmp_path: Path) -> None:
    point = (
        '{"type": "Feature", "properties": {"id": "%s"}, "geometry": {"type": "Point", "coordinates": [74.8, 42.8]}}'
    )
    features = ", ".join(point % key for key in ("kant", "osh"))
    (tmp_path / "atlas.toml").write_text(TOML, encoding="utf-8")
    (tmp_path / "bases.geojson").write_text(f'{{"type": "FeatureCollection", "features": [{features}]}}')
    table = "id,name,name_ru,note,note_ru,owner\nkant,Kant,Кант,A note,,RUS\nosh,Osh,,,,RUS\n"
    (tmp_path / "bases.csv").write_text(table, encoding="utf-8")
    assert find_untranslated(load_atlas(read_config(tmp_path))) == [
        Untranslated("ru", "atlas.toml", 1, 3, "Map"),
        Untranslated("ru", "bases: name", 1, 2, "Osh"),
        Untranslated("ru", "bases: note", 1, 1, "A note"),
        Untranslated("ky", "atlas.toml", 2, 3, "Atlas"),
        Untranslated("ky", "bases: name", 2, 2, "Kant"),
        Untranslated("ky", "bases: note", 1, 1, "A note"),
    ]


def write_one_feature(folder: Path, languages: str) -> None:
    feature = (
        '{"type": "Feature", "properties": {"id": "a"}, "geometry": {"type": "Point", "coordinates": [74.8, 42.8]}}'
    )
    (folder / "x.geojson").write_text(feature)
    layer = '[layers.x]\ntitle = "X"\nfeatures = "x.geojson"\n[maps.m]\ntitle = "M"\nlayers = ["x"]\n'
    (folder / "atlas.toml").write_text(f'title = "A"\nbasemap = "none"\nlanguages = {languages}\n{layer}')


def test_texts_that_were_not_read_are_not_counted(tmp_path: Path) -> None:
    write_one_feature(tmp_path, '["en", "ru"]')
    assert build_atlas(tmp_path, tmp_path / "maps").untranslated == [Untranslated("ru", "atlas.toml", 3, 3, "A")]
    assert build_atlas(tmp_path, tmp_path / "maps").untranslated == []


@pytest.mark.parametrize(
    ("licence", "missing"),
    [
        ('"CC BY 4.0"', 3),
        ('"CC0"', 3),
        ('"ODbL-1.0"', 3),
        ('{ en = "CC BY-NC-SA 4.0" }', 3),
        ('"Ask us before use"', 4),
        ('"CC BY 4.0, maps by hand"', 4),
        ('{ en = "Ask us", ru = "Спросите" }', 3),
    ],
)
def test_the_name_of_a_licence_needs_no_translation(tmp_path: Path, licence: str, missing: int) -> None:
    write_one_feature(tmp_path, '["en", "ru"]')
    config = tmp_path / "atlas.toml"
    config.write_text(f"licence = {licence}\n{config.read_text()}", encoding="utf-8")
    (found,) = find_untranslated(load_atlas(read_config(tmp_path)))
    assert found.missing == missing


def test_one_language_lacks_nothing(tmp_path: Path) -> None:
    write_one_feature(tmp_path, '["ru"]')
    assert find_untranslated(load_atlas(read_config(tmp_path))) == []


@pytest.mark.parametrize(("languages", "spoken"), [('["ky", "de"]', ["en", "ky"]), ('["en"]', ["en"])])
def test_a_page_carries_the_interface_in_english_and_its_own_languages(
    tmp_path: Path, languages: str, spoken: list[str]
) -> None:
    write_one_feature(tmp_path, languages)
    parts = data_elements(page_html(tmp_path, "m"))
    head, blob = json.loads(parts["geo-head"]), base64.b64decode(parts["geo-blob"])
    raw = gzip.decompress(blob) if head["blob"]["gzip"] else blob
    (words,) = unpack_column(raw, head["words"]["columns"]["json"])
    assert list(json.loads(words)) == spoken
