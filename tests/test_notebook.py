"""The folium.Map that we give works as Folium's users expect: LayerControl, plugins, save, a notebook's frame."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import branca.element
import folium
import folium.plugins
import pytest
from playwright.sync_api import Page

from geo.errors import ConfigError
from geo.pipeline.build import folium_map
from geo.render.map import AtlasLayer
from tests.browser.reader import read_colours, wait_for
from tests.conftest import OpenPage

RED = (0xFF, 0x00, 0x00)


@pytest.fixture
def atlas(tmp_path: Path) -> Path:
    """Two layers: a red square over the middle of the map, and a point beside it."""
    folder = tmp_path / "atlas"
    folder.mkdir()
    square = [[[73, 41], [77, 41], [77, 43], [73, 43], [73, 41]]]
    _write(folder / "square.geojson", {"type": "Polygon", "coordinates": square})
    _write(folder / "kant.geojson", {"type": "Point", "coordinates": [74.8465, 42.8532]})
    (folder / "atlas.toml").write_text(
        """
title = "Two layers"
basemap = "none"
[layers.square]
title = "Square"
features = "square.geojson"
style = { color = "#ff0000", fill_opacity = 1 }
[layers.kant]
title = "Kant"
features = "kant.geojson"
shown = false
[maps.two]
title = "Two"
layers = ["square", "kant"]
bounds = [70, 39, 80, 45]
"""
    )
    return folder


def _write(path: Path, geometry: dict[str, Any]) -> None:
    feature = {"type": "Feature", "properties": {"id": path.stem, "name": path.stem}, "geometry": geometry}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))


def red_pixels(page: Page) -> int:
    """How many pixels of the window are the square's red."""
    return read_colours(page, page.screenshot()).get(RED, 0)


@pytest.mark.browser
def test_layer_control_and_our_tree_are_one_switch_of_our_layers(
    atlas: Path, tmp_path: Path, open_page: OpenPage
) -> None:
    atlas_map = folium_map(atlas, "two")
    folium.LayerControl(collapsed=False).add_to(atlas_map)
    atlas_map.save(tmp_path / "two.html")
    page = open_page(tmp_path / "two.html").page
    box = page.locator(".leaflet-control-layers-overlays label", has_text="Square").locator("input")
    wait_for(page, lambda: red_pixels(page) > 10_000, "the square is drawn")
    assert box.is_checked()
    box.uncheck()
    wait_for(page, lambda: red_pixels(page) == 0, "it is gone")
    assert not page.locator("aside label", has_text="Square").locator("input").is_checked()
    box.check()
    wait_for(page, lambda: red_pixels(page) > 10_000, "it is back")
    control = page.locator(".leaflet-control-layers-overlays label", has_text="Kant").locator("input")
    assert not control.is_checked()
    page.locator("aside label", has_text="Kant").locator("input").check()
    assert control.is_checked()


@pytest.mark.browser
def test_controls_of_folium_and_of_the_map_leave_each_other_free(
    atlas: Path, tmp_path: Path, open_page: OpenPage
) -> None:
    atlas_map = folium_map(atlas, "two")
    folium.LayerControl().add_to(atlas_map)
    atlas_map.save(tmp_path / "two.html")
    page = open_page(tmp_path / "two.html", "#v1&card=kant/kant", viewport={"width": 1280, "height": 800}).page
    page.locator(".geo-card-bar button").wait_for()
    page.evaluate("L.control.zoom({ position: 'topleft' }).addTo(shyrdak.map)")  # where Draw and Fullscreen stand
    covered = """(buttons) => buttons.filter((button) => {
        const { x, y, width, height } = button.getBoundingClientRect();
        return !button.contains(document.elementFromPoint(x + width / 2, y + height / 2));
    }).map((button) => button.outerHTML)"""
    buttons = page.locator(".geo-tools button, .geo-card-bar button, .leaflet-control a")
    assert buttons.count() == 5 + 1 + 3
    assert buttons.evaluate_all(covered) == []


@pytest.mark.browser
def test_parts_plugins_markers_and_popups_of_folium_work_on_it(
    atlas: Path, tmp_path: Path, open_page: OpenPage
) -> None:
    atlas_map = folium_map(atlas, "two")
    folium.Circle([42, 75], radius=50_000, color="#0000ff").add_to(atlas_map)
    folium.plugins.ScrollZoomToggler().add_to(atlas_map)  # type: ignore[no-untyped-call]
    folium.Marker([42, 75], popup="a <b>place</b>").add_to(atlas_map)
    folium.LayerControl(collapsed=False).add_to(atlas_map)
    atlas_map.save(tmp_path / "two.html")
    visit = open_page(tmp_path / "two.html")
    page, marker = visit.page, visit.page.locator("img.leaflet-marker-icon")
    page.wait_for_selector("path.leaflet-interactive[stroke='#0000ff']")
    assert page.evaluate("typeof shyrdak.map.scrollEnabled") == "boolean"
    assert marker.evaluate("(picture) => picture.decode().then(() => picture.naturalWidth)") == 25
    assert page.locator("img.leaflet-marker-shadow").count() == 0
    marker.click()
    assert page.locator(".leaflet-popup-content b").inner_text() == "place"
    assert page.locator(".leaflet-control-layers-overlays label").count() == 2
    toggle = page.locator(".leaflet-control-layers-toggle")
    assert toggle.evaluate("(button) => getComputedStyle(button).backgroundImage").startswith('url("data:')
    # The plugin's own picture comes from the network: a map that takes plugins takes what they need.
    assert all(address.endswith("arrow-move.png") for address in visit.requests)
    assert len(visit.messages) <= len(visit.requests), "nothing else is amiss"
    visit.requests.clear()
    visit.messages.clear()


def test_icons_of_folium_bring_what_they_need(atlas: Path) -> None:
    plain, marked = folium_map(atlas, "two"), folium_map(atlas, "two")
    folium.Marker([42, 75], icon=folium.Icon(color="red")).add_to(marked)
    needed = ("leaflet.awesome-markers.js", "leaflet.awesome-markers.css", "glyphicons.css")
    assert [name in marked.get_root().render() for name in needed] == [True] * 3
    assert [name in plain.get_root().render() for name in (*needed, "$??=")] == [False] * 4
    assert "leaflet@" not in marked.get_root().render(), "there is one already"


@pytest.mark.browser
def test_two_maps_in_one_notebook_do_not_meet(atlas: Path, tmp_path: Path, open_page: OpenPage) -> None:
    frames = "".join(folium_map(atlas, "two")._repr_html_() for _ in range(2))
    (tmp_path / "notebook.html").write_text(f"<!DOCTYPE html><meta charset=utf-8>{frames}", encoding="utf-8")
    page = open_page(tmp_path / "notebook.html").page
    first, second = page.frames[1:]
    for frame in (first, second):
        frame.wait_for_selector("aside input[type=checkbox]", state="attached")
    first.evaluate("shyrdak.layers.get('square').remove()")
    assert first.evaluate("[...shyrdak.shown]") == []
    assert second.evaluate("[...shyrdak.shown]") == ["square"]


@pytest.mark.browser
def test_fit_bounds_of_folium_is_where_the_map_opens(atlas: Path, tmp_path: Path, open_page: OpenPage) -> None:
    atlas_map = folium_map(atlas, "two")
    atlas_map.fit_bounds([[42.5, 74], [43, 75]])
    atlas_map.save(tmp_path / "two.html")
    seen = """() => {
        const bounds = shyrdak.map.getBounds(), { lat, lng } = shyrdak.map.getCenter();
        return [bounds.contains([[42.5, 74], [43, 75]]), lat, lng, bounds.getEast() - bounds.getWest()];
    }"""
    page = open_page(tmp_path / "two.html").page
    page.wait_for_function("performance.getEntriesByName('geo-panels').length")
    is_whole, lat, lon, width = page.evaluate(seen)
    assert is_whole
    assert (lat, lon) == pytest.approx((42.75, 74.5), abs=0.05)
    assert width < 4, "of 10 degrees"
    page = open_page(tmp_path / "two.html", "#v1&at=5/40/60").page
    page.wait_for_function("performance.getEntriesByName('geo-panels').length")
    assert page.evaluate(seen)[1:3] == pytest.approx([40, 60], abs=0.05), "a link says where to look"


@pytest.mark.browser
def test_a_base_layer_of_folium_lies_over_our_ground(atlas: Path, tmp_path: Path, open_page: OpenPage) -> None:
    config = atlas / "atlas.toml"
    config.write_text(config.read_text().replace('basemap = "none"\n', "").replace("shown = false", ""))
    atlas_map = folium_map(atlas, "two")
    lime = base64.b64encode(
        b'<svg xmlns="http://www.w3.org/2000/svg"><rect width="256" height="256" fill="#0f0"/></svg>'
    )
    tiles = folium.TileLayer(f"data:image/svg+xml;base64,{lime.decode()}", attr="lime", name="Lime")
    tiles.add_to(atlas_map)
    folium.LayerControl(collapsed=False).add_to(atlas_map)
    atlas_map.save(tmp_path / "two.html")
    page = open_page(tmp_path / "two.html").page
    wait_for(page, lambda: read_colours(page, page.screenshot()).get((0, 0xFF, 0), 0) > 10_000, "the tiles are seen")
    wait_for(page, lambda: red_pixels(page) > 10_000, "and our layer over them")


def test_in_another_figure_it_says_that_it_cannot_be_drawn(atlas: Path) -> None:
    one, other = folium_map(atlas, "two"), folium_map(atlas, "two")
    sized = branca.element.Figure(width="600px", height="400px")
    sized.add_child(one)
    other.figure.html.add_child(folium_map(atlas, "two"))
    for figure in (sized, other.figure):
        with pytest.raises(ConfigError, match=r"put into another figure.* Fix: "):
            figure.render()


@pytest.mark.browser
def test_two_pages_in_one_say_that_each_needs_a_frame(atlas: Path, tmp_path: Path, open_page: OpenPage) -> None:
    pages = "".join(folium_map(atlas, "two").get_root().render() for _ in range(2))
    (tmp_path / "both.html").write_text(pages, encoding="utf-8")
    page = open_page(tmp_path / "both.html").page
    assert "a frame of its own" in page.get_by_role("alert").inner_text()
    assert page.locator("aside").count() == 0


def test_rendering_twice_gives_the_same_page(atlas: Path) -> None:
    root = folium_map(atlas, "two").get_root()
    assert root.render() == root.render()


def test_bounds_are_those_of_the_view(atlas: Path) -> None:
    assert folium_map(atlas, "two").get_bounds() == [[39, 70], [45, 80]]


def test_bounds_of_a_layer_hold_its_great_circles(atlas: Path) -> None:
    _write(atlas / "kant.geojson", {"type": "LineString", "coordinates": [[74, 43], [-74, 41]]})
    text = (atlas / "atlas.toml").read_text()
    (atlas / "atlas.toml").write_text(text.replace("shown = false", "geodesic = true"))
    square, kant = (part for part in folium_map(atlas, "two")._children.values() if isinstance(part, AtlasLayer))
    assert square.get_bounds() == [[41, 73], [43, 77]]
    (south, west), (north, east) = kant.get_bounds()
    assert (south, west, east) == (41, -74, 74)
    assert north == pytest.approx(73, abs=0.1)
