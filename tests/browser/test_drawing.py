"""A reader looks at the drawn layers: sharp at every zoom, in step with what was chosen wherever the map is moved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import shapely
from playwright.sync_api import FloatRect, Page, expect

from geo.pipeline.build import build_atlas
from tests.browser.reader import (
    Colour,
    OpenMap,
    card,
    commonest,
    count_on_map,
    go_to,
    max_difference,
    point_at,
    read_around,
    read_colours,
    read_ground,
    read_paint,
    read_place,
    read_view,
    settle,
    wait_for,
    wait_painted,
    wait_until,
)
from tests.conftest import OpenPage
from tests.small import point, write_atlas

pytestmark = pytest.mark.browser

TILES = "[...document.querySelectorAll('.leaflet-geo-data-pane canvas')]"
# The tiles of the basemap that are for the zoom of now, not what is still there of another.
LAND_TILES = "[...document.querySelectorAll('.leaflet-tile-pane .leaflet-tile-container:last-child canvas')]"
# How many pixels of all tiles, seen or not, have something drawn in them.
DRAWN = f"""() => {TILES}.flatMap((canvas) => {{
    const {{ data }} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.filter((value, at) => at % 4 === 3 && value > 0).length;
}}).reduce((sum, n) => sum + n, 0)"""


# How many pixels are drawn within the view and beyond it, and how faint the faintest tile is.
SEEN_AND_BEYOND = f"""() => {{
    const view = shyrdak.map.getContainer().getBoundingClientRect(), found = {{ seen: 0, beyond: 0, opacity: 1 }};
    for (const canvas of {TILES}) {{
        const {{ left, top }} = canvas.getBoundingClientRect(), {{ width }} = canvas;
        const isWithin = (at, from, to) => at >= from - 16 && at < to + 16;
        const isSeen = (x, y) => isWithin(x, view.left, view.right) && isWithin(y, view.top, view.bottom);
        const {{ data }} = canvas.getContext("2d").getImageData(0, 0, width, canvas.height);
        for (let at = 0; at < data.length / 4; at++) {{
            if (data[at * 4 + 3]) found[isSeen(left + at % width, top + Math.floor(at / width)) ? "seen" : "beyond"]++;
        }}
        found.opacity = Math.min(found.opacity, Number(getComputedStyle(canvas).opacity));
    }}
    return found;
}}"""


def look(page: Page, zoom: float) -> None:
    page.evaluate("(zoom) => shyrdak.map.setView([41, 72], zoom, { animate: false })", zoom)
    settle(page)


def test_tiles_are_drawn_for_the_very_zoom_those_in_sight_at_once_and_the_rest_soon(open_map: OpenMap) -> None:
    page = open_map("energy", "#v1&at=7/41/72")
    for zoom in (5, 5.5, 6.5, 6):
        look(page, zoom)
        wait_until(page, f"{TILES}.length > 0")
        widths = page.evaluate(f"{TILES}.map((tile) => Math.round(tile.getBoundingClientRect().width))")
        assert set(widths) == {512}, zoom
    first = page.evaluate(f"""async () => {{
        shyrdak.map.setView([41, 72], 6.5, {{ animate: false }});
        await null; // the tiles are painted once Leaflet has asked for the last
        return ({SEEN_AND_BEYOND})();
    }}""")
    assert first["seen"] > 0
    assert (first["beyond"], first["opacity"]) == (0, 1)
    wait_until(page, f"({SEEN_AND_BEYOND})().beyond > 0")


def test_what_is_switched_off_is_soon_gone_beyond_the_view_too_and_where_the_map_moves_next(open_map: OpenMap) -> None:
    page = open_map("energy", "#v1&at=6.5/41/72")
    none = page.get_by_role("button", name="None", exact=True)
    wait_until(page, f"({SEEN_AND_BEYOND})().beyond > 0")
    none.click()
    wait_until(page, f"({DRAWN})() === 0")
    page.get_by_role("button", name="All", exact=True).click()
    wait_until(page, f"({DRAWN})() > 0")
    none.evaluate("(button) => { button.click(); shyrdak.map.panBy([250, 150], { animate: false }); }")
    settle(page)
    settle(page)
    assert page.evaluate(DRAWN) == 0


def test_the_next_world_is_as_this_one(open_map: OpenMap) -> None:
    """Layers, land, names and what lies on them are there too; a press opens the card and the map stays."""
    page = open_map("atlas", "#v1&at=2.5/41/72&on=pipelines", reduced_motion="reduce")  # the relief is there at once
    before = page.evaluate(DRAWN)
    assert before > 0
    page.evaluate("() => shyrdak.map.setView([41, 72 + 360], 2.5, { animate: false })")  # the world repeats
    settle(page)
    assert page.evaluate(DRAWN) == pytest.approx(before, rel=0.1)
    go_to(page, "#v1&on=bases&at=7/42.6/74.4")
    wait_for(page, lambda: len(read_around(page, 75.6, 42)) > 20, "the mountains have their shades")
    (lon, lat), here, count = read_place("bases", "base-kant"), read_ground(page, 73.5, 43.5), count_on_map(page)
    page.evaluate("shyrdak.map.setView([42.6, 74.4 + 360], 7, { animate: false })")
    wait_until(page, "location.hash.includes('at=7/42.6/74.4')")
    wait_for(page, lambda: max_difference(read_ground(page, 73.5 + 360, 43.5), here) <= 3, "the ground is the same")
    assert count_on_map(page) == count
    page.mouse.click(*point_at(page, lon + 360, lat))
    expect(card(page).get_by_role("heading", level=2)).to_have_text("Kant air base")
    page.get_by_role("button", name="Zoom to").click()
    wait_until(page, "shyrdak.map.getZoom() > 8")
    assert read_view(page)[2] == pytest.approx(lon + 360, abs=1)


def test_a_symbol_at_180_degrees_is_whole_and_found_on_either_side(tmp_path: Path, open_page: OpenPage) -> None:
    l_geojson = f'{{"type": "FeatureCollection", "features": [{point("a", 180, -16)}, {point("b", -179.99, 10)}]}}'
    atlas = write_atlas(tmp_path, "style = { size = 12 }\n", top='basemap = "none"\n', l_geojson=l_geojson, l_csv="")
    build_atlas(atlas, tmp_path / "maps")
    for zoom in (4, 4.5):
        page = open_page(tmp_path / "maps" / "m.html", f"#v1&at={zoom}/0/179.9").page
        wait_painted(page)
        for lat in (-16, 10):
            sides = [read_paint(page, 180 + lon, lat)[3] for lon in (-0.2, 0.2)]
            assert sides == [255, 255], (zoom, lat)
            for lon in (-0.2, 0.2):
                page.mouse.click(*point_at(page, 180 + lon, lat))
                expect(card(page)).to_be_visible()
                page.keyboard.press("Escape")


def test_a_selected_line_is_one_line_over_180_degrees(tmp_path: Path, open_page: OpenPage) -> None:
    """Each half is ringed by itself, the two in worlds side by side: no ring lies on the other half."""
    line = {"type": "MultiLineString", "coordinates": [[[170, 0], [180, 0]], [[-180, 0], [-170, 0]]]}
    feature = {"type": "Feature", "properties": {"id": "a"}, "geometry": line}
    l_geojson = json.dumps({"type": "FeatureCollection", "features": [feature]})
    style = 'label = false\nstyle = { color = "#0072b2", width = 12 }\n'
    build_atlas(
        write_atlas(tmp_path, style, top='basemap = "none"\n', l_geojson=l_geojson, l_csv=""), tmp_path / "maps"
    )
    page = open_page(tmp_path / "maps" / "m.html", "#v1&at=5/0/178&card=l/a").page
    wait_painted(page)
    x, y = point_at(page, 180, 0)
    along = page.screenshot(clip={"x": x - 10, "y": y - 2, "width": 20, "height": 4})
    assert read_colours(page, along).keys() == {(0x00, 0x72, 0xB2)}


def test_the_map_ends_at_the_poles_and_shows_hardly_more_than_the_world(open_map: OpenMap) -> None:
    page = open_map("security", "#v1&at=0/20/75", viewport={"width": 2560, "height": 1080})
    assert page.evaluate("shyrdak.map.getSize().x / 2 ** shyrdak.map.getZoom()") < 1.5 * 256
    page.mouse.move(1500, 200)
    page.mouse.down()
    page.mouse.move(1500, 1000, steps=5)
    page.mouse.up()
    settle(page)
    assert page.evaluate("shyrdak.map.getBounds().getNorth()") < 85.2


def open_fields(tmp_path: Path, open_page: OpenPage, fragment: str, *fills: str) -> Page:
    """Open a map of small areas, each 0.03 degrees east of the one before: a layer that is filled in its own way."""
    toml, names = 'title = "Fields"\nbasemap = "none"\n', [f"fields{at}" for at in range(len(fills))]
    for at, (name, fill) in enumerate(zip(names, fills, strict=True)):
        west, east = 74.60 + at * 0.03, 74.62 + at * 0.03
        ring = [[west, 42.85], [east, 42.85], [east, 42.86], [west, 42.86], [west, 42.85]]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        feature = {"type": "Feature", "properties": {"id": "kant"}, "geometry": geometry}
        (tmp_path / f"{name}.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
        (tmp_path / f"{name}.csv").write_text("id,name\nkant,Kant\n")
        toml += f'[layers.{name}]\ntitle = "{name}"\nfeatures = "{name}.geojson"\ntable = "{name}.csv"\n'
        toml += f'label = false\nstyle.fill = "{fill}"\n'
    (tmp_path / "atlas.toml").write_text(f'{toml}[maps.fields]\ntitle = "Fields"\nlayers = {json.dumps(names)}\n')
    build_atlas(tmp_path, tmp_path / "maps")
    page = open_page(tmp_path / "maps" / "fields.html", fragment).page
    wait_painted(page)
    return page


def test_areas_are_filled_as_their_styles_say_and_hatching_goes_on_where_it_repeats(
    tmp_path: Path, open_page: OpenPage
) -> None:
    fills = ("hatch", "dots", "solid", "hollow")
    page = open_fields(tmp_path, open_page, "#v1&at=13/42.855/74.655", *fills)
    for at, fill in enumerate(fills):
        slope = [(74.61 + at * 0.03 + step * 2e-4, 42.855 - step * 1e-4) for step in range(40)]  # about a pixel apart
        alphas = {read_paint(page, *place)[3] for place in slope}
        assert (len(alphas) > 1) == (fill in ("hatch", "dots")), fill
        assert (0 in alphas) == (fill != "solid"), fill
    x, y = point_at(page, 74.61, 42.855)
    breaks = page.evaluate(
        f"""([x, y]) => {{
            const side = 34, from = -side / 2;
            for (const canvas of {TILES}) {{
                const {{ left, top, right, bottom }} = canvas.getBoundingClientRect();
                if (x + from < left || x - from > right || y + from < top || y - from > bottom) continue;
                const {{ data }} = canvas.getContext("2d").getImageData(x - left + from, y - top + from, side, side);
                const alpha = (column, row) => data[(row * side + column) * 4 + 3];
                let breaks = 0;
                for (let row = 1; row < side; row++) for (let column = 0; column < side - 1; column++) {{
                    breaks += Math.abs(alpha(column, row) - alpha(column + 1, row - 1)) > 40; // half of an edge
                }}
                return breaks;
            }}
        }}""",
        [x, y],
    )
    assert breaks == 0


def test_classes_of_areas_and_lines_have_textures_on_the_map_and_in_its_legend(
    tmp_path: Path, open_page: OpenPage
) -> None:
    def place(at: int) -> float:
        return 74.60 + at * 0.03

    areas = [shapely.box(place(at), 42.85, place(at) + 0.02, 42.86) for at in range(3)]
    lines = [shapely.LineString([(place(at), 42.84), (place(at) + 0.02, 42.84)]) for at in range(3)]
    toml = 'title = "Fields"\nbasemap = "none"\n'
    for name, shapes in (("areas", areas), ("lines", lines)):
        features = [
            {"type": "Feature", "properties": {"id": kind, "kind": kind}, "geometry": shapely.geometry.mapping(shape)}
            for kind, shape in zip("abc", shapes, strict=True)
        ]
        (tmp_path / f"{name}.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        toml += f'[layers.{name}]\ntitle = "{name}"\nfeatures = "{name}.geojson"\nlabel = false\n'
        toml += 'fields.kind.type = "category"\nstyle.color_by = "kind"\n'
    (tmp_path / "atlas.toml").write_text(toml + '[maps.fields]\ntitle = "Fields"\nlayers = ["areas", "lines"]\n')
    build_atlas(tmp_path, tmp_path / "maps")
    page = open_page(tmp_path / "maps" / "fields.html", "#v1&at=13/42.85/74.64").page
    wait_painted(page)
    for at in range(3):
        slope = [(place(at) + 0.006 + step * 2e-4, 42.857 - step * 1e-4) for step in range(40)]
        inside = {read_paint(page, *each)[3] for each in slope}
        assert 0 not in inside
        assert (len(inside) > 1) == (at > 0), "the first one is plain"
        x, y = point_at(page, place(at) + 0.01, 42.84)
        heights = page.evaluate(
            f"""([x, y]) => {TILES}.flatMap((canvas) => {{
                const {{ left, top }} = canvas.getBoundingClientRect(), columns = new Array(60).fill(0);
                const {{ data }} = canvas.getContext("2d").getImageData(x - left - 30, y - top - 8, 60, 16);
                for (let n = 0; n < 60 * 16; n++) columns[n % 60] += data[n * 4 + 3] / 255;
                return columns.filter(Boolean);
            }})""",
            [x, y],
        )
        assert (max(heights) > min(heights) + 0.5) == (at > 0), "marks reach out of the line"
    for kind, plain in (("line", 1), ("polygon", 2)):
        paths = page.locator(f".geo-legend .geo-swatch-{kind}").evaluate_all(
            "(all) => all.map((svg) => svg.childElementCount)"
        )
        assert paths == [plain, plain + 1, plain + 1]


def test_small_areas_among_many_have_no_textures_until_they_are_seen_near(tmp_path: Path, open_page: OpenPage) -> None:
    boxes = [(at, 74 + 0.01 * (at % 20), 42 + 0.01 * (at // 20)) for at in range(400)]
    features = [
        {
            "type": "Feature",
            "properties": {"id": f"{at}", "kind": "b" if at == 210 else "a"},
            "geometry": shapely.geometry.mapping(shapely.box(west, south, west + 0.009, south + 0.009)),
        }
        for at, west, south in boxes
    ]
    (tmp_path / "areas.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    (tmp_path / "atlas.toml").write_text(
        'title = "Areas"\nbasemap = "none"\n[layers.areas]\ntitle = "Areas"\nfeatures = "areas.geojson"\n'
        'label = false\nfields.kind.type = "category"\nstyle.color_by = "kind"\n'
        '[maps.fields]\ntitle = "Areas"\nlayers = ["areas"]\n'
    )
    build_atlas(tmp_path, tmp_path / "maps")
    for zoom, is_textured in ((11, False), (13, True)):
        page = open_page(tmp_path / "maps" / "fields.html", f"#v1&at={zoom}/42.1045/74.1045").page
        wait_painted(page)
        inside = {read_paint(page, 74.103 + step * 1e-4, 42.106 - step * 7e-5)[3] for step in range(30)}
        assert 0 not in inside
        assert (len(inside) > 1) == is_textured, zoom


def test_areas_leave_lakes_free_and_the_hatching_of_those_over_each_other_goes_other_ways(open_map: OpenMap) -> None:
    page = open_map("alignment", "#v1&at=8/42.4/77.2&on=eeu,sco&t=2016")

    def opacities(lat: float) -> set[int]:
        return {read_paint(page, 76.6 + step / 100, lat)[3] for step in range(100)}

    wait_for(page, lambda: opacities(42.45) == {0}, "nothing lies over Issyk-Kul")
    assert len(opacities(41.9)) > 1

    go_to(page, "#v1&at=8/42/75&on=eeu&t=2016")
    swatches = page.locator(".geo-layer:has(> .geo-row .geo-swatch-polygon)")
    ways = [
        swatch.locator("path").first.get_attribute("d") for swatch in swatches.locator("> .geo-row .geo-swatch").all()
    ]
    assert len(set(ways[:4])) == 4  # CSTO, EEU, AIIB, SCO

    def alikeness(dx: int, dy: int) -> float:
        """How alike what is drawn is with itself, so many px aside."""
        alike: float = page.evaluate(
            """([dx, dy]) => {
                const { width, height, data } = document.querySelector(".leaflet-geo-data-pane canvas")
                    .getContext("2d").getImageData(200, 200, 128, 128);
                let same = 0;
                for (let y = 20; y < height - 20; y++) for (let x = 20; x < width - 20; x++) {
                    const at = (y * width + x) * 4 + 3, other = ((y + dy) * width + x + dx) * 4 + 3;
                    same += Math.abs(data[at] - data[other]) < 60;
                }
                return same;
            }""",
            [dx, dy],
        )
        return alike

    rising = alikeness(6, -6) > alikeness(6, 6)
    go_to(page, "#v1&at=8/42/75&on=csto&t=2016")
    wait_for(
        page, lambda: (alikeness(6, -6) > alikeness(6, 6)) != rising, "the hatching of the CSTO goes the other way"
    )


def test_an_area_too_small_for_its_outline_is_seen_and_keeps_its_colour_when_it_is_selected(
    tmp_path: Path, open_page: OpenPage
) -> None:
    page = open_fields(tmp_path, open_page, "#v1&at=4/42.8/74.6", "solid")
    assert page.evaluate(DRAWN) > 0
    go_to(page, "#v1&at=10/42.855/74.61&card=fields0/kant")
    x, y = point_at(page, 74.61, 42.855)

    def colour() -> Colour:
        return commonest(read_colours(page, page.screenshot(clip={"x": x - 1, "y": y - 1, "width": 2, "height": 2})))

    selected = colour()
    card(page).get_by_role("button", name="Close").click()
    settle(page)
    assert max_difference(colour(), selected) < 10


def test_the_features_come_before_the_panels(open_map: OpenMap) -> None:
    watch = f"""new MutationObserver((changes, watch) => {{
        if (!document.querySelector(".geo-panel-layers *")) return;
        watch.disconnect();
        window.drawnBefore = ({DRAWN})();
    }}).observe(document, {{ childList: true, subtree: true }})"""
    page = open_map("energy", "#v1&at=5/41/72", init_script=watch)
    wait_until(page, "window.drawnBefore !== undefined")
    assert page.evaluate("window.drawnBefore") > 0


def test_land_is_there_at_every_zoom_as_pictures_that_the_browser_need_not_copy(open_map: OpenMap) -> None:
    page = open_map("energy", "#v1&at=5/41/72")
    assert page.evaluate("[shyrdak.map.getMinZoom(), shyrdak.map.getMaxZoom()]") == [2, 13]
    for zoom in (5, 2, 12.5, 13):
        page.evaluate("(zoom) => shyrdak.map.setView([42.87, 74.6], zoom, { animate: false })", zoom)
        wait_until(page, f"{LAND_TILES}.length > 0")
        alphas = page.evaluate(f"""() => {LAND_TILES}.map((canvas) => {{
            if (canvas.getContext("2d")) return -1; // one that can be drawn on
            const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
            copy.drawImage(canvas, 0, 0);
            return copy.getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1).data[3];
        }})""")
        assert set(alphas) == {255}, zoom


def test_a_page_made_larger_is_drawn_as_sharp(open_map: OpenMap) -> None:
    page = open_map("security")
    size = {"width": 640, "height": 400, "deviceScaleFactor": 2, "mobile": False}
    page.context.new_cdp_session(page).send("Emulation.setDeviceMetricsOverride", size)
    wait_until(page, "document.querySelector('.leaflet-geo-data-pane canvas').width === 1024")


def open_lines(tmp_path: Path, open_page: OpenPage, styles: dict[int, str]) -> Page:
    """Open a map of layers by their degree north: two lines from 70 to 74 east, the second half a degree south.

    Of `n` the first has 2, the second 8.
    """
    toml = 'title = "Lines"\nbasemap = "none"\n'
    for north, style in styles.items():
        features = [
            {
                "type": "Feature",
                "properties": {"id": key},
                "geometry": {"type": "LineString", "coordinates": [[70, lat], [74, lat]]},
            }
            for key, lat in (("a", north), ("b", north - 0.5))
        ]
        name = f"lines{north}"
        (tmp_path / f"{name}.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        (tmp_path / f"{name}.csv").write_text("id,n\na,2\nb,8\n")
        toml += f'[layers.{name}]\ntitle = "{name}"\nfeatures = "{name}.geojson"\ntable = "{name}.csv"\n'
        toml += 'label = false\nfields.n = { type = "number" }\n'
        toml += f'style = {{ color = "#1060c0", {style} }}\n'
    layers = json.dumps([f"lines{north}" for north in styles])
    (tmp_path / "atlas.toml").write_text(f'{toml}[maps.lines]\ntitle = "Lines"\nlayers = {layers}\n')
    build_atlas(tmp_path, tmp_path / "maps")
    options = {"viewport": {"width": 1280, "height": 800}}
    page = open_page(tmp_path / "maps" / "lines.html", "#v1&at=7/41.2/72", **options).page
    wait_painted(page)
    return page


def thickness(page: Page, lon: float, lat: float, shift: int = 0) -> int:
    """How many pixels have the colour of the lines, up and down from a place, or from `shift` px east of it."""
    x, y = point_at(page, lon, lat)
    clip: FloatRect = {"x": round(x) + shift, "y": round(y) - 30, "width": 1, "height": 60}
    colours = read_colours(page, page.screenshot(clip=clip))
    return sum(count for colour, count in colours.items() if max_difference(colour, (0x10, 0x60, 0xC0)) < 60)


def test_lines_are_as_wide_as_their_numbers_say_and_end_in_what_their_styles_say(
    tmp_path: Path, open_page: OpenPage
) -> None:
    ends = {"arrow": (True, True), "open": (False, True), "none": (False, False)}
    styles = {43: 'width_by = "n", width_range = [4, 16]'}
    styles |= {42 - at: f'width = 4, ends = "{end}"' for at, end in enumerate(ends)}
    page = open_lines(tmp_path, open_page, styles)
    assert thickness(page, 72, 43) == pytest.approx(4, abs=1)
    assert thickness(page, 72, 42.5) == pytest.approx(16, abs=1)
    for north, (end, expected) in zip((42, 41, 40), ends.items(), strict=True):
        assert thickness(page, 70, north, 8) == pytest.approx(4, abs=1), "the other end is where it comes from"
        assert thickness(page, 72, north) == pytest.approx(4, abs=1), end
        is_wide_before, is_beyond = thickness(page, 74, north, -8) > 8, thickness(page, 74, north, 1) > 0
        assert (is_wide_before, is_beyond) == expected, end


def test_a_stack_and_its_number_follow_the_filters(tmp_path: Path, open_page: OpenPage) -> None:
    point = {"type": "Point", "coordinates": [74.8, 42.8]}
    features = [{"type": "Feature", "properties": {"id": key}, "geometry": point} for key in "abc"]
    l_geojson = json.dumps({"type": "FeatureCollection", "features": features})
    table = "id,name\na,Kant north\nb,Kant south\nc,Osh\n"
    build_atlas(write_atlas(tmp_path, top='basemap = "none"\n', l_geojson=l_geojson, l_csv=table), tmp_path / "maps")
    record = """{
        window.numbers = [];
        const proto = OffscreenCanvasRenderingContext2D.prototype, write = proto.fillText;
        proto.fillText = function (text, ...place) {
            if (/^\\d+$/.test(text)) window.numbers.push(text);
            write.call(this, text, ...place);
        };
    }"""
    options = {"locale": "en", "viewport": {"width": 1280, "height": 800}, "init_script": record}
    page = open_page(tmp_path / "maps" / "m.html", "#v1&at=5/42.8/74.8", **options).page
    wait_painted(page)
    assert page.evaluate("window.numbers") == ["3"]
    page.get_by_role("combobox", name="Search").fill("kant")
    page.get_by_role("combobox", name="Search").press("Escape")
    wait_until(page, "window.numbers.length > 1")
    assert page.evaluate("window.numbers") == ["3", "2"]
    page.mouse.click(*point_at(page, 74.8, 42.8))
    expect(card(page).locator(".geo-overlap")).to_have_text("1 of 2 here")
    page.get_by_role("combobox", name="Search").fill("osh")
    page.mouse.click(*point_at(page, 74.8, 42.8))
    expect(card(page).get_by_role("heading", level=2)).to_have_text("Osh")
    expect(card(page).locator(".geo-overlap")).to_have_count(0)
