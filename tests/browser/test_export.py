"""A reader takes things away: a picture, the data of what is shown with its sources, a printed page."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
import struct
import zlib
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import FloatRect, Page, expect

from geo.pipeline.build import build_atlas
from tests.browser.reader import (
    MAPS,
    OpenMap,
    box_of,
    commonest,
    count_stated,
    download,
    download_csv,
    max_difference,
    open_panel,
    read_colours,
    read_place,
    read_row,
    read_rows,
    settle,
    type_date,
    wait_basemap,
    wait_painted,
    wait_until,
    words,
)
from tests.conftest import OpenPage

pytestmark = pytest.mark.browser


def share(page: Page, choice: str, share: str = "Download and share") -> tuple[str, bytes]:
    page.get_by_role("button", name=share).click()
    return download(page, page.get_by_role("dialog").get_by_role("button", name=choice))


def texts_of_picture(page: Page, language: str = "en") -> list[tuple[str, FloatRect]]:
    """Save the picture and give the texts that were written on it, each with its box in px of the page."""
    page.evaluate(
        """() => {
            const draw = CanvasRenderingContext2D.prototype.fillText;
            window.written = [];
            CanvasRenderingContext2D.prototype.fillText = function (text, x, y, most = Infinity) {
                const size = this.measureText(text), above = size.actualBoundingBoxAscent;
                const height = above + size.actualBoundingBoxDescent;
                const left = this.textAlign === "center" ? x - size.width / 2 : x;
                const box = { x: left, y: y - above, width: Math.min(size.width, most), height };
                window.written.push({ canvas: this.canvas, text, box });
                draw.call(this, text, x, y, most);
            };
        }"""
    )
    share(page, words(language)["share_picture"], words(language)["share"])
    # The names on the map have canvases of their own; the foot is written last.
    written: list[tuple[str, FloatRect]] = page.evaluate(
        """() => window.written.filter(({ canvas }) => canvas === window.written.at(-1).canvas)
            .map(({ text, box }) => [text, box])"""
    )
    return written


def test_the_picture_holds_the_view_and_its_legend(open_map: OpenMap) -> None:
    page = open_map("energy")
    wait_basemap(page)
    name, png = share(page, "Picture")
    assert name == "energy.png"
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    stage = box_of(page.locator(".geo-stage"))
    assert width > 1.9 * stage["width"]
    assert height > 1.9 * stage["height"] + 200, "title above, legend and sources below"
    colours = read_colours(page, png)
    assert any(sum(colour) < 120 for colour in colours), "ink"
    # Far more of the layers' colours than the legend has by itself.
    for colour, least in ((GAS, 3000), (OPERATING, 1000)):
        assert sum(count for other, count in colours.items() if max_difference(other, colour) < 20) > least


GAS, OPERATING = (0xC2, 0x57, 0x0C), (0x0B, 0x5F, 0x8A)  # the colours of a pipeline, of a dam


def test_the_picture_rings_the_selected_feature(open_map: OpenMap) -> None:
    """In the dark theme the ring has a colour that nothing else has."""
    select = (0xFF, 0xD5, 0x4A)
    page = open_map("security", "#v1&on=bases&theme=dark&card=bases/base-kant")
    _, png = share(page, "Picture")
    assert read_colours(page, png).get(select, 0) > 100
    page.get_by_role("button", name="Close details").click()
    _, png = share(page, "Picture")
    assert read_colours(page, png).get(select, 0) < 10


def test_the_ring_around_an_area_is_thin_and_under_the_names(open_map: OpenMap) -> None:
    page = open_map("alignment", "#v1&theme=dark&card=countries/KGZ")
    wait_basemap(page)
    page.evaluate(
        """() => {
            window.drawn = [];
            for (const { prototype } of [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D]) {
                const { stroke, fillText } = prototype;
                prototype.stroke = function (...path) {
                    if (this.strokeStyle === "#ffd54a") window.drawn.push(this.lineWidth);
                    stroke.apply(this, path);
                };
                prototype.fillText = function (...text) {
                    window.drawn.push(text[0]);
                    fillText.apply(this, text);
                };
            }
        }"""
    )
    share(page, "Picture")
    drawn: list[float | str] = page.evaluate("window.drawn")
    rings = [at for at, width in enumerate(drawn) if isinstance(width, int | float)]
    assert drawn.index("KYRGYZSTAN") > max(rings), "as on the screen"
    assert all(width < 6 for width in drawn if isinstance(width, int | float)), "beside a border of 1 px"


def test_no_name_is_cut_at_the_edge_of_the_picture(open_map: OpenMap) -> None:
    page = open_map("atlas")
    wait_basemap(page)
    texts_of_picture(page)
    names, cut = page.evaluate(
        """() => {
            const names = window.written.filter(({ canvas }) => canvas !== window.written.at(-1).canvas);
            const isCut = ({ canvas, box }) => box.x < 0 || box.y < 0
                || box.x + box.width > canvas.width / 2 || box.y + box.height > canvas.height / 2;
            return [names, names.filter(isCut)].map((found) => found.map(({ text }) => text));
        }"""
    )
    assert "TAJIKISTAN" in names
    assert cut == []


def test_the_picture_says_what_it_shows_and_from_where(open_map: OpenMap) -> None:
    page = open_map("energy", "#v1&t=2010")
    said = " ".join(text for text, _ in texts_of_picture(page))
    for part in (
        "Energy",
        "Gas and oil pipelines",
        "features shown · 2010",
        "200\u00a0km",
        "≤ 200\u00a0MW",
        "Hydropower plants",
        "Under construction",
        "Pipelines",
        "Product",
        "Status",
        "Schematic",
        "Sources: ",
        "Lewis 2015",
        "Credits: ",
        "Edition of ",
    ):
        assert part in said, part


def test_the_picture_states_what_is_filtered(open_map: OpenMap) -> None:
    page = open_map("security", "#v1&on=bases,border_posts&f.country=KGZ,&q=base")
    chips = page.locator(".geo-chip").all_inner_texts()
    assert "Kyrgyzstan" in chips
    assert "“base”" in chips
    shown = page.locator(".geo-shown").inner_text()
    texts = [text for text, _ in texts_of_picture(page)]
    assert f"{shown} · “base” · Country: Kyrgyzstan · Country: No value" in texts


@pytest.mark.parametrize(("time", "mixes"), [("", True), ("&t=2014", False)])
def test_the_picture_of_a_series_says_where_it_mixes_years(time: str, mixes: bool, open_map: OpenMap) -> None:
    page = open_map("alignment", f"#v1&on=remittances{time}")
    said = " ".join(text for text, _ in texts_of_picture(page))
    assert ("Remittances received, % of GDP, latest value of each" in said) == mixes


def test_a_picture_that_the_browser_cannot_make_is_not_said_to_be_saved(open_map: OpenMap) -> None:
    page = open_map("security")
    page.evaluate("() => { HTMLCanvasElement.prototype.toBlob = (done) => done(null); }")
    files: list[str] = []
    page.on("download", lambda file: files.append(file.suggested_filename))
    page.get_by_role("button", name="Download and share").click()
    page.get_by_role("dialog").get_by_role("button", name="Picture").click()
    expect(page.locator(".geo-note")).to_contain_text("could not make the picture")
    assert files == []


def test_picture_and_print_say_what_becomes_of_the_undated(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&on=bases&t=2010")
    said = [text for text, _ in texts_of_picture(page)]
    assert re.search(r"[^.]\. Undated: faded\.$", said[-1])
    assert f"{page.locator('.geo-shown').inner_text()} · 2010" in said
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".geo-print")).to_contain_text("Undated: faded.")
    page = open_map("atlas", "#v1&on=bases&t=2010&undated=hide")
    said = [text for text, _ in texts_of_picture(page)]
    assert "faded" not in said[-1]
    assert f"{page.locator('.geo-shown').inner_text()} · 2010 (Undated: hidden)" in said
    expect(page.locator(".geo-chip")).to_have_text("2010 (Undated: hidden)")
    page.get_by_role("button", name="Reset").click()
    wait_until(page, "!location.hash.includes('undated')")


def test_no_symbol_of_the_picture_is_cut(open_map: OpenMap) -> None:
    page = open_map("security", "#v1&on=bases,border_posts")
    page.evaluate(
        """() => {
            const { prototype } = CanvasRenderingContext2D, draw = prototype.drawImage;
            window.symbols = [];
            prototype.drawImage = function (image, ...place) {
                if (image instanceof Image) window.symbols.push(decodeURIComponent(image.src.split(",").slice(1)));
                draw.call(this, image, ...place);
            };
        }"""
    )
    share(page, "Picture")
    cut = page.evaluate(
        """() => window.symbols.map((text) => {
            const { documentElement: svg } = new DOMParser().parseFromString(text, "image/svg+xml");
            document.body.append(svg);
            const { y, height } = svg.getBBox(), box = svg.viewBox.baseVal;
            const [top, bottom] = box.height ? [box.y, box.y + box.height] : [0, svg.height.baseVal.value];
            return Math.max(top - y, y + height - bottom);
        })"""
    )
    assert len(cut) > 8
    assert max(cut) < 0.5


def test_the_picture_of_all_features_speaks_of_no_filter(open_map: OpenMap) -> None:
    page = open_map("security")
    assert not any("features shown" in text for text, _ in texts_of_picture(page))


@pytest.mark.parametrize(("name", "language"), [("alignment", "en"), ("transport", "ky"), ("atlas", "ru")])
def test_no_text_of_the_picture_runs_over_another_or_off_it(name: str, language: str, open_map: OpenMap) -> None:
    page = open_map(name, f"#v1&lang={language}")
    page.get_by_role("button", name=words(language)["layers_all"], exact=True).click()
    width = box_of(page.locator(".geo-stage"))["width"] + 48
    boxes = texts_of_picture(page, language)
    assert [text for text, box in boxes if box["x"] < 24 or box["x"] + box["width"] > width - 24 + 1] == []
    crossing = [
        (text, other)
        for (text, box), (other, by) in itertools.combinations(boxes, 2)
        if box["x"] < by["x"] + by["width"] and by["x"] < box["x"] + box["width"]
        if box["y"] < by["y"] + by["height"] and by["y"] < box["y"] + box["height"]
    ]
    assert crossing == []


def test_the_picture_follows_the_theme(open_map: OpenMap) -> None:
    page = open_map("energy", "#v1&theme=dark")
    _, png = share(page, "Picture")
    assert sum(commonest(read_colours(page, png))) < 200


def test_the_csv_has_a_row_for_each_feature_shown_with_its_sources(open_map: OpenMap) -> None:
    page = open_map("security", "#v1&on=bases")
    type_date(page, "2010")
    rows = download_csv(page)
    assert len(rows) == count_stated(page)[0]
    kant = next(row for row in rows if row["key"] == "base-kant")
    written = read_row("bases", "base-kant")
    for column in ("name", "name_ru", "kind", "operator", "valid_from", "precision", "source", "note"):
        assert kant[column] == written[column], column
    lon, lat = read_place("bases", "base-kant")
    assert (float(kant["longitude"]), float(kant["latitude"])) == pytest.approx((lon, lat), abs=1e-5)
    assert "Lewis, D. (2015)" in kant["citations"]
    facts = [row for row in read_rows("facts") if "base-kant" in row["feature"].split(";")]
    assert kant["records"].count(" | ") == len(facts) - 1 > 0
    for fact in facts:
        said = f"{fact['date']}: {fact['text']}" if fact["date"] else fact["text"]
        assert said in kant["records"]


def test_the_dialog_gives_the_same_rows_as_the_table(open_map: OpenMap) -> None:
    page = open_map("energy", "#v1&q=naryn")
    name, content = share(page, "Table")
    assert name == "energy.csv"
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert {row["key"] for row in rows} == {row["key"] for row in download_csv(page)}
    assert len(rows) == count_stated(page)[0]


def test_the_geojson_is_whole_and_cites(open_map: OpenMap) -> None:
    page = open_map("energy", "#v1&on=pipelines,dams")
    name, content = share(page, "Map data")
    assert name == "energy.geojson"
    data: dict[str, Any] = json.loads(content)
    assert data["type"] == "FeatureCollection"
    assert data["link"].startswith("energy.html#v1&")  # and no folder of this machine
    assert len(data["features"]) == len(read_rows("pipelines")) + len(read_rows("dams"))
    kinds = {feature["geometry"]["type"] if feature["geometry"] else None for feature in data["features"]}
    assert kinds == {"Point", "LineString", None}
    dam = next(feature for feature in data["features"] if feature["properties"]["key"] == "dam-toktogul")
    assert dam["geometry"]["coordinates"] == pytest.approx(read_place("dams", "dam-toktogul"), abs=1e-5)
    assert dam["properties"]["capacity_mw"] == float(read_row("dams", "dam-toktogul")["capacity_mw"])
    assert dam["properties"]["citations"]
    kambarata = next(feature for feature in data["features"] if feature["properties"]["key"] == "dam-kambarata-1")
    facts = {
        row["text"]: row["text_ru"] for row in read_rows("facts") if "dam-kambarata-1" in row["feature"].split(";")
    }
    assert {record["text"]: record["text_ru"] for record in kambarata["properties"]["records"]} == facts
    assert all(record["citation"] for record in kambarata["properties"]["records"])


def test_every_row_of_the_whole_atlas_has_a_source(open_map: OpenMap) -> None:
    page = open_map("atlas")
    page.get_by_role("button", name="All", exact=True).click()
    rows = download_csv(page)
    assert len(rows) == count_stated(page)[1]
    assert [row["key"] for row in rows if not row["citations"]] == []


def test_a_spreadsheet_calculates_nothing_of_a_downloaded_table(tmp_path: Path, open_page: OpenPage) -> None:
    names = ["=1+1", "+7 312", "-cmd", "@SUM(A1)", "\uff1d1", "-41.5", "12", 'a "b", c', "plain"]
    folder = tmp_path / "atlas"
    folder.mkdir()
    features = [
        {
            "type": "Feature",
            "properties": {"id": f"k{n}", "name": name},
            "geometry": {"type": "Point", "coordinates": [70 + n, 42]},
        }
        for n, name in enumerate(names)
    ]
    (folder / "points.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    (folder / "atlas.toml").write_text(
        'title = "T"\nbasemap = "none"\n[layers.points]\ntitle = "Points"\nfeatures = "points.geojson"\n'
        '[maps.m]\ntitle = "M"\nlayers = ["points"]\n'
    )
    build_atlas(folder, tmp_path / "out")
    page = open_page(tmp_path / "out" / "m.html", viewport={"width": 1280, "height": 800}, locale="en").page
    wait_painted(page)
    written = {row["key"]: row["name"] for row in download_csv(page)}
    assert written == {
        f"k{n}": name if name in ("-41.5", "12", 'a "b", c', "plain") else f"'{name}" for n, name in enumerate(names)
    }


def print_texts(page: Page) -> list[str]:
    """Begin to print; gives what is written into the picture of the map."""
    texts: list[str] = page.evaluate(
        """() => {
            const written = [];
            for (const { prototype } of [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D]) {
                const draw = prototype.fillText;
                prototype.fillText = function (text, ...place) {
                    written.push(text);
                    draw.call(this, text, ...place);
                };
            }
            dispatchEvent(new Event("beforeprint"));
            return written;
        }"""
    )
    return texts


@pytest.mark.parametrize(
    ("name", "names"),
    [("atlas", {"KYRGYZSTAN", "Issyk-Kul", "Bishkek", "Osh"}), ("alignment", {"Moscow", "Bishkek", "Caspian"})],
)
def test_paper_has_the_names_of_the_screen(name: str, names: set[str], open_map: OpenMap) -> None:
    page = open_map(name, viewport={"width": 1440, "height": 900})
    wait_basemap(page)
    settle(page)
    assert names <= set(print_texts(page))


@pytest.mark.parametrize(("fragment", "frame"), [("#v1", ".geo-print-map"), ("#v1&step=two-bases", ".geo-handout")])
def test_names_on_paper_are_large_enough_to_read(fragment: str, frame: str, open_map: OpenMap) -> None:
    page = open_map("atlas", fragment, reduced_motion="reduce")
    wait_basemap(page)
    settle(page)
    fonts = page.evaluate(
        """() => {
            const fonts = {};
            for (const { prototype } of [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D]) {
                const draw = prototype.fillText;
                prototype.fillText = function (text, ...place) {
                    fonts[text] = parseFloat(/[\\d.]+px/.exec(this.font)[0]) * this.getTransform().a;
                    draw.call(this, text, ...place);
                };
            }
            dispatchEvent(new Event("beforeprint"));
            return { ...fonts }; // before the screen is drawn again
        }"""
    )
    page.emulate_media(media="print")
    picture = page.locator(f"{frame} canvas").first
    pt = box_of(picture)["width"] / picture.evaluate("(canvas) => canvas.width") * 0.75
    assert "Bishkek" in fonts
    small = {name: px * pt for name, px in fonts.items() if px * pt < 6 and len(name) > 2}  # counts are shorter
    assert small == {}


def test_the_printed_map_takes_the_room_that_a_short_legend_leaves(open_map: OpenMap) -> None:
    heights = {}
    for fragment in ("#v1&on=events", "#v1&on=bases,dams,pipelines,border_posts,airports"):
        page = open_map("atlas", fragment)
        page.evaluate("document.querySelector('.geo-panel-layers').scrollTop = 60")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.evaluate("document.querySelector('.geo-panel-layers').scrollTop") == 60, "the column stays in place"
        page.emulate_media(media="print")
        heights[fragment] = box_of(page.locator(".geo-print-map"))["height"]
        page.evaluate("dispatchEvent(new Event('afterprint'))")
    short, long = heights.values()
    assert short > 600
    assert 380 <= long < 500


def test_the_printed_card_follows_the_legend_as_wide_as_the_page(open_map: OpenMap) -> None:
    page = open_map("security", "#v1&card=bases/base-kant")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    parts = (".geo-print-map", ".geo-tree", ".geo-card", ".geo-print")
    tops = [box_of(page.locator(part))["y"] for part in parts]
    assert tops == sorted(tops)
    assert box_of(page.locator(".geo-card-title"))["x"] == box_of(page.locator(".geo-print"))["x"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_prints_map_legend_and_sources(scheme: Literal["light", "dark"], open_map: OpenMap) -> None:
    page = open_map("energy", "#v1&t=2010&card=dams/dam-toktogul", color_scheme=scheme)
    wait_basemap(page)
    assert any(re.fullmatch(r"\d+\u00a0km", text) for text in print_texts(page)), "the scale"
    page.emulate_media(media="print", color_scheme=scheme)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".geo-chip")).to_have_text("2010")
    expect(page.locator(".geo-chip")).to_be_visible()
    expect(page.get_by_text("Under construction").first).to_be_visible()
    expect(page.locator(".geo-print")).to_contain_text("Sources")
    for control in ("Zoom in", "Play", "Filters", "Reset", "Copy coordinates", "Cite"):
        expect(page.get_by_role("button", name=control)).to_be_hidden()
    expect(page.get_by_role("combobox", name="Search")).to_be_hidden()
    picture = page.locator(".geo-print-map canvas")
    assert len(read_colours(page, picture.screenshot())) > 1000
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") in ("rgb(0, 0, 0)", "rgb(29, 27, 24)")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(picture).to_have_count(0)


@pytest.mark.parametrize("fragment", ["#v1&on=bases", "#v1&step=two-bases"])
def test_paper_is_light_in_the_dark_theme_too(fragment: str, open_map: OpenMap) -> None:
    page = open_map("atlas", fragment, color_scheme="dark", reduced_motion="reduce")
    wait_basemap(page)
    look = """() => {
        dispatchEvent(new Event('beforeprint'));
        const [canvas] = document.querySelectorAll('.geo-print-map canvas, .geo-handout canvas');
        const ctx = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
        ctx.drawImage(canvas, 0, 0);
        const { data } = ctx.getImageData(0, 0, canvas.width, canvas.height);
        dispatchEvent(new Event('afterprint'));
        let sum = 0; // of the green on white paper
        for (let at = 0; at < data.length; at += 4) sum += 255 + (data[at + 1] / 255 - 1) * data[at + 3];
        return [sum / (data.length / 4), data[3] > 0];
    }"""
    # The light basemap is made in the background, which the drawing of a whole story keeps waiting.
    for wait_ms in [0] + [500] * 20:
        page.wait_for_timeout(wait_ms)
        brightness, has_ground = page.evaluate(look)
        assert brightness > 200
        if has_ground:
            break
    assert has_ground
    settle(page)
    expect(page.locator("html")).to_have_attribute("data-geo-theme", "dark")
    assert sum(commonest(read_colours(page, page.locator(".geo-stage").screenshot()))) < 250


PRINTS = [("energy", "", ("Download and share", "Print")), ("atlas", "#v1&step=dams", ("Print the story",))]


@pytest.mark.parametrize(("name", "fragment", "buttons"), PRINTS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_print_of_dialog_and_story_waits_for_the_relief(
    name: str, fragment: str, buttons: tuple[str, ...], scheme: Literal["light", "dark"], open_map: OpenMap
) -> None:
    page = open_map(name, fragment, color_scheme=scheme)
    page.add_init_script(
        """const { stream } = Blob.prototype; // of the data, then of the basemap
        const start = () => new Promise((done) => setTimeout(done, 1000));
        Blob.prototype.stream = function () { return stream.call(this).pipeThrough(new TransformStream({ start })); };
        const decode = createImageBitmap;
        window.decoded = 0; // pictures of the relief
        window.createImageBitmap = async (...image) => {
            await new Promise((done) => setTimeout(done, 2000));
            window.decoded += 1;
            return decode(...image);
        };
        window.print = () => { window.printed = window.decoded; };"""
    )
    page.reload()
    for button in buttons:
        page.get_by_role("button", name=button).click()
    wait_until(page, "window.printed !== undefined")
    assert page.evaluate("window.printed") > 0


def test_a_dialog_left_open_is_not_printed(open_map: OpenMap) -> None:
    page = open_map("energy")
    page.get_by_role("button", name="About").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator("dialog[open]")).to_be_hidden()


def test_a_print_begun_twice_leaves_nothing_behind(open_map: OpenMap) -> None:
    page = open_map("energy", "#v1&on=dams", color_scheme="dark")
    for event in ("beforeprint", "beforeprint", "afterprint"):
        page.evaluate("(name) => dispatchEvent(new Event(name))", event)
    expect(page.locator(".geo-print-map")).to_have_count(0)
    expect(page.locator("html")).to_have_attribute("data-geo-theme", "dark")


def test_paper_is_light_where_there_is_no_basemap(tmp_path: Path, open_page: OpenPage) -> None:
    feature = {"type": "Feature", "properties": {"id": "a"}, "geometry": {"type": "Point", "coordinates": [74.8, 42.8]}}
    (tmp_path / "x.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    layer = '[layers.x]\ntitle = "X"\nfeatures = "x.geojson"\n[maps.m]\ntitle = "M"\nlayers = ["x"]\n'
    (tmp_path / "atlas.toml").write_text(f'title = "A"\nbasemap = "none"\n{layer}')
    build_atlas(tmp_path, tmp_path / "maps")
    picture = """() => {
        dispatchEvent(new Event('beforeprint'));
        const drawn = document.querySelector('.geo-print-map canvas').toDataURL();
        dispatchEvent(new Event('afterprint'));
        return drawn;
    }"""
    drawn = []
    for scheme in ("light", "dark"):
        page = open_page(tmp_path / "maps" / "m.html", color_scheme=scheme).page
        wait_painted(page)
        settle(page)  # letters written for the first time may differ by a shade
        drawn.append(page.evaluate(picture))
    assert drawn[0] == drawn[1]


@pytest.mark.parametrize("fragment", ["#v1", "#v1&step=two-bases"])
def test_a_printed_picture_fills_its_frame(fragment: str, open_map: OpenMap) -> None:
    page = open_map("atlas", fragment, reduced_motion="reduce")
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    streams = re.findall(rb"/FlateDecode[^>]*?>>\s*stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    pages = [text for text in map(inflate, streams) if b" re\nW* n" in text]
    # What a picture is cut to, its frame, is "x y width height re"; then comes its size, "width 0 0 -height x y cm".
    frames = re.findall(rb"([\d.]+) ([\d.]+) re\nW\* n\nq\n([\d.]+) 0 0 -([\d.]+) [^\n]* cm\n", b"".join(pages))
    pictures = [tuple(map(float, frame)) for frame in frames if float(frame[0]) > 900]
    assert pictures
    for frame_width, frame_height, width, height in pictures:
        assert (width, height) == pytest.approx((frame_width, frame_height), abs=1)


def inflate(stream: bytes) -> bytes:
    """Give what is packed in a stream of a PDF; nothing of one that is packed otherwise."""
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


def test_the_printed_legend_counts_what_is_shown_whichever_panel_is_open(open_map: OpenMap) -> None:
    page = open_map("energy", "#v1&on=dams")
    open_panel(page, "Filters")
    type_date(page, "1960")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    count = page.locator(".geo-layer:not(.geo-layer-off) > .geo-row .geo-count")
    assert count.inner_text() == f"{count_stated(page)[0]} of {len(read_rows('dams'))}"


def test_a_folded_group_has_its_legend_on_paper(open_map: OpenMap) -> None:
    page = open_map("energy")
    legend = page.locator(".geo-legend-words", has_text="Under construction").first
    page.get_by_role("button", name="Collapse", exact=True).click()
    expect(legend).to_be_hidden()
    page.emulate_media(media="print")
    expect(legend).to_be_visible()


@pytest.mark.parametrize("name", MAPS)
def test_a_map_is_printed_on_one_sheet(name: str, open_map: OpenMap) -> None:
    page = open_map(name, "#v1&t=2014")
    for language in ("en", "ru", "ky"):
        page.locator("select.geo-language").select_option(language)
        expect(page.locator("html")).to_have_attribute("lang", language)
        pdf = page.pdf(prefer_css_page_size=True, print_background=True)
        assert re.search(rb"/Count 1\b", pdf), language


@pytest.mark.parametrize("width", [680, 500])
def test_words_of_the_printed_legend_stay_whole(width: int, open_map: OpenMap) -> None:
    page = open_map("energy", "#v1&t=2014&lang=ru", viewport={"width": width, "height": 1000})
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    broken = page.locator(".geo-tree :is(.geo-row-label > span, .geo-legend-words)").evaluate_all(
        """(parts) => parts.filter((part) => part.offsetWidth).flatMap(({ firstChild: text }) => {
            const range = document.createRange();
            return [...(text?.data ?? "").matchAll(/\\p{L}+/gu)].filter(({ 0: word, index }) => {
                range.setStart(text, index);
                range.setEnd(text, index + word.length);
                return range.getClientRects().length > 1;
            }).map(String);
        })"""
    )
    assert broken == []


def test_no_printed_layer_breaks_in_two(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&lang=ru")
    page.get_by_role("button", name=words("ru")["layers_all"], exact=True).click()
    page.emulate_media(media="print")
    for width in range(540, 620, 20):
        page.set_viewport_size({"width": width, "height": 1000})
        broken = page.locator(".geo-layer").evaluate_all(
            """(layers) => layers.filter((layer) => layer.getClientRects().length > 1)
                .map((layer) => layer.querySelector(".geo-row").textContent)"""
        )
        assert broken == [], width


def test_the_link_is_copied_with_its_language(open_map: OpenMap) -> None:
    page = open_map("energy", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Download and share").click()
    page.get_by_role("dialog").get_by_role("button", name="Link").click()
    expect(page.locator(".geo-note")).to_contain_text("Copied")
    link = page.evaluate("navigator.clipboard.readText()")
    assert "energy.html#v1&at=" in link
    expect(open_map("energy", link[link.index("#") :], locale="ru").locator("html")).to_have_attribute("lang", "en")


def test_a_download_is_said_with_its_count(open_map: OpenMap) -> None:
    page = open_map("security", "#v1&on=bases")
    open_panel(page, "Table")
    download_csv(page)
    expect(page.locator(".geo-note")).to_contain_text(f"{len(read_rows('bases'))} features downloaded")
