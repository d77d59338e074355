"""Nothing in the data can run: hostile text in every slot shows as text, at build and in the page."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import folium
import pytest

from geo.errors import ConfigError
from geo.pipeline.build import build_atlas, folium_map
from tests.conftest import LAYERS, OpenPage

HOSTILE = (
    "{{7*191*7919}}", "{{ cycler.__init__.__globals__.os.getcwd() }}", "{% x", "{# x #}", "${window.hacked=1}",
    "</script><script>window.hacked=1</script>", "<!--<script>", '<img src=x onerror="window.hacked=1">',
    "javascript:window.hacked=1", "`+window.hacked+`", "'\"-window.hacked=1//", "<!--shy:end-->", "&ltb&gt",
)  # fmt: skip
CELL = " ".join(HOSTILE)
# A table may not hold the line separator, which reading turns into a space and says so; a title may.
ALL = f"{CELL} a\u2028b"


def toml(value: Any) -> str:
    """JSON strings are TOML's basic strings, but for what both escape differently; none of that is here."""
    return json.dumps(value, ensure_ascii=False).replace("\u2028", "\\u2028")


@pytest.fixture
def hostile_atlas(tmp_path: Path) -> Path:
    """One layer of two features whose every text is hostile, in a file of a hostile name."""
    folder = tmp_path / "atlas"
    folder.mkdir()
    name = "{{7*191*7919}} ${1} 'x'"
    keys = [f"{CELL} {n}" for n in (1, 2)]
    features = [
        {
            "type": "Feature",
            "properties": {"id": key, ALL: ALL},
            "geometry": {"type": "Point", "coordinates": [74 + n, 42]},
        }
        for n, key in enumerate(keys)
    ]
    (folder / f"{name}.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    _write_csv(
        folder / f"{name}.csv",
        [{"id": k, "name": CELL, "kind": CELL, "note": CELL, "source": f"s#{'{{7*191*7919}}'}"} for k in keys],
    )
    _write_csv(
        folder / "facts.csv",
        [{"id": "F1", "feature": keys[0], "text": CELL, "value": CELL, "unit": CELL, "source": "s"}],
    )
    _write_csv(
        folder / "sources.csv", [{"id": "s", "citation": CELL, "url": "https://example.org/?q=${1}", "licence": CELL}]
    )
    (folder / "atlas.toml").write_text(
        f"""
title = {toml(ALL)}
about = {toml(ALL)}
basemap = "none"
[[credits]]
title = {toml(ALL)}
url = "javascript:window.hacked=1"
[groups.g]
title = {toml(ALL)}
[categories.kinds.{toml(CELL)}]
title = {toml(ALL)}
[layers.hostile]
title = {toml(ALL)}
description = {toml(ALL)}
attribution = {toml(ALL)}
group = "g"
features = {toml(f"{name}.geojson")}
table = {toml(f"{name}.csv")}
records = {{ table = "facts.csv", key = "feature" }}
[layers.hostile.fields.kind]
title = {toml(ALL)}
description = {toml(ALL)}
unit = {toml(ALL)}
type = "category"
categories = "kinds"
filter = true
[layers.hostile.style]
color_by = "kind"
[maps.hostile]
title = {toml(ALL)}
description = {toml(ALL)}
layers = ["hostile"]
bounds = [70, 38, 80, 46]
""",
        encoding="utf-8",
    )
    return folder


@pytest.fixture
def hostile_basemap(hostile_atlas: Path) -> Path:
    """The head of a basemap of the atlas's own, whose every text is hostile."""
    shutil.copytree(LAYERS / "basemap", hostile_atlas / "ground")
    path = hostile_atlas / "ground" / "basemap.json"
    head = json.loads(path.read_text("utf-8"))
    languages = dict.fromkeys(("en", "ru", "ky"), ALL)
    head["notes"] = [note | {"title": languages, "text": languages, "sources": [ALL]} for note in head["notes"]]
    head["credits"] = [credit | {"title": languages, "url": "javascript:window.hacked=1"} for credit in head["credits"]]
    path.write_text(json.dumps(head), encoding="utf-8")
    config = hostile_atlas / "atlas.toml"
    config.write_text(config.read_text("utf-8").replace('basemap = "none"', 'basemap = "ground"'), encoding="utf-8")
    return path


def _write_csv(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_no_template_runs_at_build(hostile_atlas: Path, tmp_path: Path) -> None:
    build_atlas(hostile_atlas, tmp_path / "out")
    for page in (tmp_path / "out").glob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "{{7*191*7919}}" in text
        assert "10587703" not in text
        assert str(Path.cwd()) not in text


@pytest.mark.browser
def test_hostile_text_shows_as_text_in_a_built_page_even_without_its_policy(
    hostile_atlas: Path, tmp_path: Path, open_page: OpenPage
) -> None:
    build_atlas(hostile_atlas, tmp_path / "out")
    path = tmp_path / "out" / "hostile.html"
    html = path.read_text(encoding="utf-8")
    start = html.index('<meta http-equiv="Content-Security-Policy"')
    path.write_text(html[:start] + html[html.index(">", start) + 1 :], encoding="utf-8")
    _expect_text_only(open_page(path).page)


@pytest.mark.parametrize("place", ["thumbnail", "close", "relief"])
@pytest.mark.parametrize(
    "address", ['x"/></defs></svg><script>window.hacked=1</script>', 'data:image/webp;base64,"/><script>', "a.png", 5]
)
def test_no_address_of_a_basemap_s_own_stands_in_a_page(
    hostile_basemap: Path, tmp_path: Path, place: str, address: str | int
) -> None:
    head = json.loads(hostile_basemap.read_text("utf-8"))
    thumbnail = head["thumbnail"]
    parts = {"thumbnail": thumbnail, "close": thumbnail["close"], "relief": head["relief"]["elevation"]}
    parts[place]["image"] = address
    hostile_basemap.write_text(json.dumps(head), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"the picture .* is no \.webp file beside it"):
        build_atlas(hostile_basemap.parent.parent, tmp_path / "out")
    assert not [*tmp_path.glob("out/*.html")]


@pytest.mark.browser
@pytest.mark.usefixtures("hostile_basemap")
def test_hostile_text_of_atlas_and_basemap_shows_as_text_in_page_and_index(
    hostile_atlas: Path, tmp_path: Path, open_page: OpenPage
) -> None:
    build_atlas(hostile_atlas, tmp_path / "out")
    page = open_page(tmp_path / "out" / "hostile.html").page
    _expect_text_only(page)
    assert _visible_text(page).count(_plain(ALL)) >= 10, "with the credits and notes of the basemap"
    index = open_page(tmp_path / "out" / "index.html").page
    assert index.locator("#geo-relief").count() == 1
    assert _plain(ALL) in _visible_text(index)
    _expect_nothing_ran(index)


@pytest.mark.browser
def test_hostile_text_shows_as_text_in_a_notebook(hostile_atlas: Path, tmp_path: Path, open_page: OpenPage) -> None:
    """As Jupyter shows it: in a frame, without a policy, with Folium's own LayerControl."""
    atlas_map = folium_map(hostile_atlas, "hostile")
    folium.LayerControl(collapsed=False).add_to(atlas_map)
    notebook = tmp_path / "notebook.html"
    notebook.write_text(f"<!DOCTYPE html><meta charset=utf-8>{atlas_map._repr_html_()}", encoding="utf-8")
    page = open_page(notebook).page
    frame = page.frames[1]
    frame.wait_for_selector(".leaflet-control-layers-overlays")
    control = frame.inner_text(".leaflet-control-layers-overlays")
    assert _plain(ALL) in _plain(control)
    _expect_text_only(frame)


def _expect_text_only(page: Any) -> None:
    page.wait_for_selector("aside input[type=checkbox]")
    tree = _visible_text(page)
    assert tree.count(_plain(ALL)) >= 3, "the titles of map, group and layer"
    x, y = page.evaluate(
        """() => {
            const { map } = shyrdak, box = map.getContainer().getBoundingClientRect();
            const point = map.latLngToContainerPoint([42, 74]);
            return [box.x + point.x, box.y + point.y];
        }"""
    )
    page.locator("body").hover(position={"x": x, "y": y})
    page.wait_for_selector(".geo-tooltip", state="visible")
    assert CELL in _plain(page.locator(".geo-tooltip").inner_text())
    page.locator("body").click(position={"x": x, "y": y})
    page.wait_for_selector(".geo-card-title")
    card = _plain(page.locator("[aria-label]", has=page.locator(".geo-card-title")).inner_text())
    assert card.count(CELL) >= 5, "name, category, note, record, source"
    _expect_nothing_ran(page)
    page.get_by_role("combobox", name="Search").fill("window")
    page.wait_for_selector(".geo-result")
    assert CELL in _plain(page.locator(".geo-result").first.inner_text())
    page.get_by_role("combobox", name="Search").press("Escape")
    # So long a title pushes these buttons out of sight.
    page.get_by_role("button", name="Table", exact=True).dispatch_event("click")
    page.wait_for_selector("#geo-table tbody tr[data-row]")
    row = _plain(page.locator("#geo-table tbody tr[data-row]").first.inner_text())
    assert row.count(CELL) >= 2, "name and category"
    _expect_nothing_ran(page)
    page.get_by_role("button", name="About", exact=True).dispatch_event("click")
    credits = page.locator("section", has=page.locator("#geo-about_credits"))
    assert _plain(ALL) in _plain(credits.inner_text()), "whose address is javascript:"
    _expect_nothing_ran(page)


def _expect_nothing_ran(page: Any) -> None:
    assert page.evaluate("window.hacked") is None
    assert page.evaluate("document.querySelectorAll('img[onerror], a[href^=javascript]').length") == 0


def _visible_text(page: Any) -> str:
    return _plain(page.inner_text("body"))


def _plain(text: str) -> str:
    return " ".join(text.replace("\u2028", " ").split())
