"""The index page: every text in each language of the atlas, and the years that its maps cover."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from playwright.sync_api import expect

from geo.basemap.reading import read_basemap
from geo.config.settings import read_config
from geo.index.page import index_page
from geo.load.atlas import load_atlas
from geo.pipeline.build import build_atlas
from tests.conftest import OpenPage

FEATURE = (
    '{"type": "Feature", "properties": {"id": "%s"%s}, "geometry": {"type": "Point", "coordinates": [74.8, 42.8]}}'
)
POINT, LINE = '"Point", "coordinates": [74.8, 42.8]', '"LineString", "coordinates": [[74.8, 42.8], [75, 42]]'
LAYER = '[layers.x]\ntitle = "X"\nfeatures = "x.geojson"\n[maps.m]\ntitle = "Karte"\nlayers = ["x"]\n'


def build_index(folder: Path, top: str, dates: str = "") -> Path:
    """Build an atlas of one feature, with these dates, whose atlas.toml begins with `top`; gives its index page."""
    (folder / "x.geojson").write_text(FEATURE % ("a", dates))
    (folder / "atlas.toml").write_text(f'{top}\nbasemap = "none"\n{LAYER}', encoding="utf-8")
    build_atlas(folder, folder / "maps")
    return folder / "maps" / "index.html"


def test_its_title_is_in_the_default_language(tmp_path: Path) -> None:
    index = build_index(tmp_path, 'title = { en = "Atlas", de = "Kartenwerk" }\nlanguages = ["de", "en"]')
    assert "<title>Kartenwerk</title>" in index.read_text(encoding="utf-8")


def test_it_is_described_to_chats_and_search_engines_in_the_default_language(tmp_path: Path) -> None:
    description = 'description = { en = "Places", de = "Orte & <Wege>" }'
    index = build_index(tmp_path, f'title = "Atlas"\n{description}\nlanguages = ["de", "en"]')
    assert '<meta name="description" content="Orte &amp; &lt;Wege&gt;">' in index.read_text(encoding="utf-8")
    assert "description" not in build_index(tmp_path, 'title = "Atlas"').read_text(encoding="utf-8").split("<style>")[0]


def test_the_icon_of_the_tab_is_in_each_page_so_that_no_server_is_asked_for_one(tmp_path: Path) -> None:
    index = build_index(tmp_path, 'title = "Atlas"')
    for page in (index, index.with_name("m.html")):
        icons = re.findall(r'<link rel="icon" href="data:image/svg\+xml,(.*?)">', page.read_text(encoding="utf-8"))
        assert [ElementTree.fromstring(unquote(icon)).tag for icon in icons] == ["{http://www.w3.org/2000/svg}svg"]


def test_its_languages_go_by_the_names_that_maps_give_them(tmp_path: Path) -> None:
    html = build_index(tmp_path, 'title = "Atlas"\nlanguages = ["de", "ky"]').read_text(encoding="utf-8")
    assert re.findall(r"<option value=.*?>(.*?)<", html) == ["de", "Кыргызча"]


def test_a_text_that_the_readers_language_lacks_is_the_nearest_and_says_its_own(tmp_path: Path) -> None:
    top = 'title = { en = "Atlas", ru = "Атлас" }\nlanguages = ["en", "ru", "ky", "de"]'
    heading = re.findall(r"<h1>(.*?)</h1>", build_index(tmp_path, top).read_text(encoding="utf-8"))
    assert heading == [
        '<span lang="en">Atlas</span><span lang="ru">Атлас</span>'
        '<span lang="ky"><bdi lang="ru">Атлас</bdi></span><span lang="de"><bdi lang="en">Atlas</bdi></span>'
    ]


def test_the_licence_of_the_data_stands_on_it(tmp_path: Path) -> None:
    html = build_index(tmp_path, 'title = "Atlas"\nlicence = "CC BY 4.0"').read_text(encoding="utf-8")
    facts = re.findall(r'<p class="geo-facts">(.*?)</p>', html)
    assert len(facts) == 2, "of the map and of the atlas"
    assert all('<span lang="en">CC BY 4.0</span>' in each for each in facts)


@pytest.mark.parametrize(
    ("begin", "end", "said"),
    [("1941-07", "1990", "1941–1990"), ("..", "1990-01", "1990"), ("-0043", "..", "-43"), ("..", "..", "")],
)
def test_it_says_what_years_a_map_covers(tmp_path: Path, begin: str, end: str, said: str) -> None:
    dates = f', "valid_from": "{begin}", "valid_to": "{end}"'
    html = build_index(tmp_path, 'title = "Atlas"', dates).read_text(encoding="utf-8")
    assert re.findall(r"Period</span>: ([^<]+)", html) == ([said] if said else [])


def test_the_years_are_those_of_the_layers_that_its_picture_shows(tmp_path: Path) -> None:
    events = FEATURE % ("e", ', "valid_from": "1916"')
    (tmp_path / "y.geojson").write_text(events)
    layer = LAYER.replace('["x"]', '["x", "y"]\n[layers.y]\ntitle = "Y"\nfeatures = "y.geojson"\nshown = false')
    (tmp_path / "x.geojson").write_text(FEATURE % ("a", ', "valid_from": "1956"'))
    (tmp_path / "atlas.toml").write_text(f'title = "Atlas"\nbasemap = "none"\n{layer}')
    build_atlas(tmp_path, tmp_path / "maps")
    html = (tmp_path / "maps" / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"Period</span>: ([^<]+)", html) == ["1956"]


def test_the_edition_is_dated_in_the_words_of_each_language(tmp_path: Path) -> None:
    top = 'title = "Atlas"\nedition = 2026-05-09\nlanguages = ["en", "ru", "ky"]'
    footer = build_index(tmp_path, top).read_text(encoding="utf-8").split("<footer>")[1]
    assert [re.sub("<.*?>", "", text) for text in re.findall(r'<span lang="\w+">[^<]*2026[^<]*</span>', footer)] == [
        "9 May 2026",
        "9 мая 2026 г.",
        "2026-ж., 9-май",
    ]


def build_many(folder: Path, years: Iterable[str]) -> str:
    """Build an atlas of a feature for each of the years from which it is valid; gives its index page."""
    features = ", ".join(FEATURE % (at, f', "valid_from": "{year}"') for at, year in enumerate(years))
    (folder / "x.geojson").write_text(f'{{"type": "FeatureCollection", "features": [{features}]}}')
    (folder / "atlas.toml").write_text(f'title = "Atlas"\nbasemap = "none"\n{LAYER}')
    build_atlas(folder, folder / "maps")
    return (folder / "maps" / "index.html").read_text(encoding="utf-8")


def test_the_years_are_those_of_all_features(tmp_path: Path) -> None:
    assert "1941–2014" in build_many(tmp_path, ["1956", "2014", "1941"])


def test_thousands_are_set_apart_as_every_language_reads_them(tmp_path: Path) -> None:
    assert "Features</span>: 1\u202f200\u00a0·" in build_many(tmp_path, ["1956"] * 1200)


def test_the_first_map_has_a_key_to_its_picture(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("id,kind\na,open\n")
    table = 'table = "x.csv"\nstyle = { color_by = "kind" }\n[layers.x.fields.kind]\ntype = "category"\n'
    categories = 'categories = { open = { title = { en = "Open", ru = "Открыт" } }, shut = { title = "Shut" } }\n'
    (tmp_path / "x.geojson").write_text(FEATURE % ("a", ""))
    layer = LAYER.replace("[maps.m]", f"{table}{categories}[maps.m]")
    second = '[maps.n]\ntitle = "Second"\nlayers = ["x"]\n'
    (tmp_path / "atlas.toml").write_text(
        f'title = "Atlas"\nlanguages = ["en", "ru"]\nbasemap = "none"\n{layer}{second}', encoding="utf-8"
    )
    build_atlas(tmp_path, tmp_path / "maps")
    html = (tmp_path / "maps" / "index.html").read_text(encoding="utf-8")
    (key,) = re.findall(r'<ul class="geo-key">(.*?)</ul>', html)
    assert re.findall("<b>(.*?)</b>", key) == ['<span lang="en">X</span><span lang="ru"><bdi lang="en">X</bdi></span>']
    assert re.findall("<i>(.*?)</i>", key) == ['<span lang="en">Open</span><span lang="ru">Открыт</span>']
    assert key.count("<svg") == 1, "a class that nothing has is not drawn"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([0, 342500, 780000, ""], ["0 – 342 499", "342 500 – 780 000", "No value"]),
        ([0, 0.5, 342500, 780000], ["0 – &lt;342 500", "342 500 – 780 000"]),
        ([0, 342500.5], ["0", "342 500 – 780 000"]),
    ],
)
def test_the_key_writes_classes_of_numbers_as_the_map_does(
    tmp_path: Path, values: list[object], said: list[str]
) -> None:
    several = ",".join(FEATURE % (at, "") for at, _ in enumerate(values))
    (tmp_path / "x.geojson").write_text(f'{{"type": "FeatureCollection", "features": [{several}]}}')
    (tmp_path / "x.csv").write_text("id,people\n" + "".join(f"{at},{value}\n" for at, value in enumerate(values)))
    style = 'style = { color_by = "people", bounds = [0, 342500, 780000] }\n[layers.x.fields.people]\ntype = "number"\n'
    style += 'title = "Population"\nunit = "persons"\n'
    layer = LAYER.replace("[maps.m]", f'table = "x.csv"\n{style}[maps.m]')
    (tmp_path / "atlas.toml").write_text(f'title = "Atlas"\nlanguages = ["en"]\nbasemap = "none"\n{layer}')
    build_atlas(tmp_path, tmp_path / "maps")
    html = (tmp_path / "maps" / "index.html").read_text(encoding="utf-8")
    found = [re.sub("<.*?>", "", words).replace("\u202f", " ") for words in re.findall("<i>(.*?)</i>", html)]
    assert found == said
    assert (
        re.sub("<.*?>", "", re.findall('</b> <span class="geo-class">(.*?)<svg', html)[0]).strip()
        == "Population, persons"
    )


def test_the_key_says_once_how_what_is_not_exact_is_drawn(tmp_path: Path) -> None:
    known = {one: FEATURE % (one, f', "precision": "{one}"') for one in ("exact", "schematic", "settlement")}
    (tmp_path / "x.geojson").write_text(f'{{"type": "FeatureCollection", "features": [{",".join(known.values())}]}}')
    (tmp_path / "y.geojson").write_text(known["schematic"].replace(POINT, LINE).replace('"id": "', '"id": "y-'))
    layer = LAYER.replace('["x"]', '["x", "y"]\n[layers.y]\ntitle = "Y"\nfeatures = "y.geojson"')
    (tmp_path / "atlas.toml").write_text(f'title = "Atlas"\nlanguages = ["en", "ru"]\nbasemap = "none"\n{layer}')
    build_atlas(tmp_path, tmp_path / "maps")
    html = (tmp_path / "maps" / "index.html").read_text(encoding="utf-8")
    *_, last = re.findall(r"<li>(.*?)</li>", html)
    said = re.sub(r"<span lang=.ru.*?</span>|<svg.*?</svg>", lambda part: "*" if "svg" in part[0] else "", last)
    assert re.sub("<.*?>", "", said) == "Position * Settlement only * * Schematic"
    assert 'stroke-dasharray="12 4"' in last, "a line"


@pytest.mark.parametrize("first", ["atlas", "alignment"])
def test_what_pictures_use_is_on_the_page_once(first: str) -> None:
    config = read_config(Path(__file__).parent.parent / "layers")
    maps = {first: config.maps[first]} | config.maps
    data = load_atlas(replace(config, atlas=config.atlas.model_copy(update={"maps": maps})))
    html = index_page(data, read_basemap(config))
    ids = re.findall(r' id="([^"]+)"', html)
    used = re.findall(r'(?:href="|url\()#([^")]+)', html)
    assert len(ids) == len(set(ids))
    assert set(used) <= set(ids)


@pytest.mark.browser
def test_a_reader_sees_an_atlas_in_a_language_that_the_interface_has_not(tmp_path: Path, open_page: OpenPage) -> None:
    page = open_page(build_index(tmp_path, 'title = "Kartenwerk"\nlanguages = ["de"]'), locale="en").page
    for text in ("Kartenwerk", "Karte", "Features: 1 · Layers: 1"):
        expect(page.get_by_text(text, exact=True)).to_be_visible()
    page.get_by_role("link", name="Karte").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Karte")
    expect(page.get_by_placeholder("Search")).to_be_visible()


@pytest.mark.browser
def test_a_browser_of_a_language_with_three_letters_gets_it(tmp_path: Path, open_page: OpenPage) -> None:
    top = 'title = { de = "Kartenwerk", kaa = "Atlas kaa" }\nlanguages = ["de", "kaa"]'
    page = open_page(build_index(tmp_path, top), locale="kaa-UZ").page
    expect(page.get_by_role("heading", level=1)).to_have_text("Atlas kaa", use_inner_text=True)
    expect(page.get_by_role("combobox").locator("option")).to_have_text(["Deutsch", "kaa"])
    page.get_by_role("combobox").select_option("de")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kartenwerk", use_inner_text=True)
