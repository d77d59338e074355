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
    LAYERS,
    OpenMap,
    box_of,
    card,
    commonest,
    count_stated,
    download,
    download_csv,
    go_to,
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
            const isFirst = !window.written;
            window.written = [];
            if (!isFirst) return;
            const draw = CanvasRenderingContext2D.prototype.fillText;
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


def test_the_picture_holds_the_view_its_legend_and_sources_in_the_colours_of_the_theme(open_map: OpenMap) -> None:
    page = open_map("energy")
    wait_basemap(page)
    name, png = share(page, "Picture")
    assert name == "energy.png"
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    stage = box_of(page.locator(".geo-stage"))
    assert width > 1.9 * stage["width"]
    assert height > 1.9 * stage["height"] + 200, "title above, sources below"
    assert 1 < width / height < 2
    colours = read_colours(page, png)
    assert any(sum(colour) < 120 for colour in colours), "ink"
    # Far more of the layers' colours than the legend has by itself.
    for colour, least in ((GAS, 3000), (OPERATING, 1000)):
        assert sum(count for other, count in colours.items() if max_difference(other, colour) < 20) > least
    go_to(page, "#v1&t=2010")
    said = " ".join(text for text, _ in texts_of_picture(page))
    for part in SAID_OF_2010:
        assert part in said, part
    go_to(page, "#v1&theme=dark")
    _, png = share(page, "Picture")
    assert sum(commonest(read_colours(page, png))) < 200


GAS, OPERATING = (0xC2, 0x57, 0x0C), (0x0B, 0x5F, 0x8A)  # the colours of a pipeline, of a dam
SAID_OF_2010 = (
    *("Energy", "Gas and oil pipelines", "features shown · 2010", "200\u00a0km", "≤ 200\u00a0MW", "Hydropower plants"),
    *("Under construction", "Pipelines", "Product", "Status", "Schematic"),
    *("Sources: ", "Lewis 2015", "Credits: ", "Edition of "),
)


def test_the_picture_rings_the_selected_feature_an_area_thinly_and_under_the_names(open_map: OpenMap) -> None:
    """In the dark theme the ring has a colour that nothing else has."""
    select = (0xFF, 0xD5, 0x4A)
    page = open_map("atlas", "#v1&on=bases&theme=dark&card=bases/base-kant")
    wait_basemap(page)
    _, png = share(page, "Picture")
    assert read_colours(page, png).get(select, 0) > 100
    page.get_by_role("button", name="Close details").click()
    _, png = share(page, "Picture")
    assert read_colours(page, png).get(select, 0) < 10
    go_to(page, "#v1&on=countries&theme=dark&card=countries/KGZ")
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


def test_no_name_text_or_symbol_of_the_picture_is_cut_or_runs_over_another(open_map: OpenMap) -> None:
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
    for language in ("en", "ru", "ky"):
        go_to(page, f"#v1&lang={language}")
        page.get_by_role("button", name=words(language)["layers_all"], exact=True).click()
        boxes = texts_of_picture(page, language)
        width = page.evaluate("window.written.at(-1).canvas.width / 2")
        beside = [text for text, box in boxes if box["x"] < 24 or box["x"] + box["width"] > width - 24 + 1]
        assert beside == [], language
        assert [pair for pair in itertools.combinations(boxes, 2) if are_crossing(*pair)] == [], language
    overhangs = page.evaluate(
        """() => window.symbols.map((text) => {
            const { documentElement: svg } = new DOMParser().parseFromString(text, "image/svg+xml");
            document.body.append(svg);
            const { y, height } = svg.getBBox(), box = svg.viewBox.baseVal;
            const [top, bottom] = box.height ? [box.y, box.y + box.height] : [0, svg.height.baseVal.value];
            return Math.max(top - y, y + height - bottom);
        })"""
    )
    assert len(overhangs) > 8
    assert max(overhangs) < 0.5


def test_the_legend_of_the_picture_has_what_is_filtered_and_in_view(open_map: OpenMap) -> None:
    page = open_map("energy", "#v1&on=pipelines,dams&f.status=operating")
    said = [text for text, _ in texts_of_picture(page)]
    assert "Operating" in said
    assert "Announced" not in said
    go_to(page, "#v1&on=pipelines,dams&at=9/41.3/75.9")
    said = [text for text, _ in texts_of_picture(page)]
    assert "Hydropower plants" in said
    assert "Pipelines" not in said


def are_crossing(one: tuple[str, FloatRect], other: tuple[str, FloatRect]) -> bool:
    (_, box), (_, by) = one, other
    return all(box[at] < by[at] + by[size] and by[at] < box[at] + box[size] for at, size in SIDES)


SIDES: tuple[tuple[Literal["x", "y"], Literal["width", "height"]], ...] = (("x", "width"), ("y", "height"))


def test_the_picture_states_what_is_filtered_if_anything_and_is_said_to_be_saved_if_it_can_be_made(
    open_map: OpenMap,
) -> None:
    page = open_map("security")
    assert not any("features shown" in text for text, _ in texts_of_picture(page))
    go_to(page, "#v1&on=bases,border_posts&f.country=KGZ,&q=base")
    chips = page.locator(".geo-chip").all_inner_texts()
    assert "Kyrgyzstan" in chips
    assert "“base”" in chips
    shown = page.locator(".geo-shown").inner_text()
    texts = [text for text, _ in texts_of_picture(page)]
    assert f"{shown} · “base” · Country: Kyrgyzstan · Country: No value" in texts
    page.evaluate("() => { HTMLCanvasElement.prototype.toBlob = (done) => done(null); }")
    files: list[str] = []
    page.on("download", lambda file: files.append(file.suggested_filename))
    page.get_by_role("button", name="Download and share").click()
    page.get_by_role("dialog").get_by_role("button", name="Picture").click()
    expect(page.locator(".geo-note")).to_contain_text("could not make the picture")
    assert files == []


def test_the_picture_of_a_series_says_where_it_mixes_years(open_map: OpenMap) -> None:
    page = open_map("alignment", "#v1&on=remittances")
    for time, mixes in (("", True), ("&t=2014", False)):
        go_to(page, f"#v1&on=remittances{time}")
        said = " ".join(text for text, _ in texts_of_picture(page))
        assert ("Remittances received, % of GDP, latest value of each" in said) == mixes, time


def test_picture_and_print_say_what_becomes_of_the_undated(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&on=bases&t=2010")
    said = [text for text, _ in texts_of_picture(page)]
    assert any(re.search(r"[^.]\. Undated: faded\.$", text) for text in said)
    assert f"{page.locator('.geo-shown').inner_text()} · 2010" in said
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".geo-print")).to_contain_text("Undated: faded.")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    go_to(page, "#v1&on=bases&t=2010&undated=hide")
    said = [text for text, _ in texts_of_picture(page)]
    assert not any("faded" in text for text in said)
    assert f"{page.locator('.geo-shown').inner_text()} · 2010 (Undated: hidden)" in said
    expect(page.locator(".geo-chip")).to_have_text("2010 (Undated: hidden)")
    page.get_by_role("button", name="Reset").click()
    wait_until(page, "!location.hash.includes('undated')")


def test_the_csv_has_a_row_for_each_feature_shown_with_its_sources_and_is_said_with_their_count(
    open_map: OpenMap,
) -> None:
    page = open_map("security", "#v1&on=bases")
    type_date(page, "2010")
    rows = download_csv(page)
    expect(page.locator(".geo-note")).to_contain_text(f"{len(rows)} features downloaded")
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


def test_the_dialog_gives_the_rows_of_the_table_and_whole_geojson_that_cites(open_map: OpenMap) -> None:
    page = open_map("energy", "#v1&q=naryn")
    name, content = share(page, "Table")
    assert name == "energy.csv"
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert {row["key"] for row in rows} == {row["key"] for row in download_csv(page)}
    assert len(rows) == count_stated(page)[0]
    go_to(page, "#v1&on=pipelines,dams")
    name, content = share(page, "Map data")
    assert name == "energy.geojson"
    data: dict[str, Any] = json.loads(content)
    assert data["type"] == "FeatureCollection"
    assert data["link"].startswith("energy.html#v1&")  # and no folder of this machine
    assert data["licence"] == "CC BY 4.0"
    assert len(data["features"]) == len(read_rows("pipelines")) + len(read_rows("dams"))
    kinds = {feature["geometry"]["type"] if feature["geometry"] else None for feature in data["features"]}
    assert kinds == {"Point", "LineString", None}
    dam = next(feature for feature in data["features"] if feature["properties"]["key"] == "dam-toktogul")
    assert dam["geometry"]["coordinates"] == pytest.approx(read_place("dams", "dam-toktogul"), abs=1e-5)
    assert dam["properties"]["capacity_mw"] == float(read_row("dams", "dam-toktogul")["capacity_mw"])
    assert dam["properties"]["citations"]
    columns = data["layers"]["dams"]["columns"]
    assert columns["capacity_mw"] == {"title": "Capacity", "type": "number", "unit": "MW"}
    assert columns["status"]["values"]["construction"] == "Under construction"
    cited = dam["properties"]["source"].split("#")[0]
    assert data["sources"][cited]["citation"] == read_row("sources", cited)["citation"]
    kambarata = next(feature for feature in data["features"] if feature["properties"]["key"] == "dam-kambarata-1")
    facts = {
        row["text"]: row["text_ru"] for row in read_rows("facts") if "dam-kambarata-1" in row["feature"].split(";")
    }
    assert {record["text"]: record["text_ru"] for record in kambarata["properties"]["records"]} == facts
    assert all(record["citation"] for record in kambarata["properties"]["records"])


def print_texts(page: Page) -> list[str]:
    """Begin to print; gives what is written into the picture of the map."""
    return list(print_fonts(page))


def print_fonts(page: Page) -> dict[str, float]:
    """Begin to print; gives the texts in the pictures of the map, each with its font in px of its picture."""
    fonts: dict[str, float] = page.evaluate(
        """() => {
            const isFirst = !window.fonts;
            window.fonts = {};
            for (const { prototype } of isFirst ? [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D] : []) {
                const draw = prototype.fillText;
                prototype.fillText = function (text, ...place) {
                    window.fonts[text] = parseFloat(/[\\d.]+px/.exec(this.font)[0]) * this.getTransform().a;
                    draw.call(this, text, ...place);
                };
            }
            dispatchEvent(new Event("beforeprint"));
            return { ...window.fonts }; // before the screen is drawn again
        }"""
    )
    return fonts


def end_print(page: Page) -> None:
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")


def test_names_on_paper_are_those_of_the_screen_and_large_enough_to_read(open_map: OpenMap) -> None:
    page = open_map("atlas", viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    wait_basemap(page)
    for fragment, frame, names in (
        ("#v1", ".geo-print-map", {"KYRGYZSTAN", "Issyk-Kul", "Bishkek", "Osh"}),
        ("#v1&on=countries&at=4/48/57", ".geo-print-map", {"Moscow", "Bishkek", "Caspian"}),
        ("#v1&step=two-bases", ".geo-handout", {"Bishkek"}),
    ):
        go_to(page, fragment)
        fonts = print_fonts(page)
        assert names <= fonts.keys(), fragment
        page.emulate_media(media="print")
        picture = page.locator(f"{frame} canvas").first
        pt = box_of(picture)["width"] / picture.evaluate("(canvas) => canvas.width") * 0.75
        small = {name: px * pt for name, px in fonts.items() if px * pt < 6 and len(name) > 2}  # counts are shorter
        assert small == {}, fragment
        end_print(page)


def test_the_printed_map_takes_the_room_that_a_short_legend_leaves_and_the_card_follows_it(open_map: OpenMap) -> None:
    page = open_map("atlas", viewport={"width": 900, "height": 900})
    heights = []
    for layers in ("events", "bases,dams,pipelines,border_posts,airports"):
        go_to(page, f"#v1&on={layers}")
        page.evaluate("document.querySelector('.geo-panel-layers').scrollTop = 60")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.evaluate("document.querySelector('.geo-panel-layers').scrollTop") == 60, "the column stays in place"
        page.emulate_media(media="print")
        heights.append(box_of(page.locator(".geo-print-map"))["height"])
        end_print(page)
    short, long = heights
    assert short > 600
    assert 380 <= long < 500
    go_to(page, "#v1&on=bases&card=bases/base-kant")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    parts = (".geo-print-map", ".geo-tree", ".geo-card", ".geo-print")
    tops = [box_of(page.locator(part))["y"] for part in parts]
    assert tops == sorted(tops)
    assert box_of(card(page).locator(".geo-card-title"))["x"] == box_of(page.locator(".geo-print"))["x"], (
        "as wide as the page"
    )


def test_a_wide_view_is_printed_on_a_lying_sheet_with_its_legend_beside_it(open_map: OpenMap) -> None:
    page = open_map("energy", viewport={"width": 1440, "height": 900})
    for language in ("en", "ru", "ky"):
        go_to(page, f"#v1&lang={language}")
        expect(page.locator("html")).to_have_attribute("lang", language)
        assert paper_of(page) == [(842, 595)], language
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1008, "height": 716})
    drawn, legend, foot = (box_of(page.locator(part)) for part in (".geo-print-map", ".geo-tree", ".geo-print"))
    assert drawn["x"] + drawn["width"] < legend["x"]
    assert legend["y"] + legend["height"] <= drawn["y"] + drawn["height"] < foot["y"]
    assert foot["y"] + foot["height"] <= 716
    end_print(page)
    page.emulate_media(media="null")
    page.set_viewport_size({"width": 900, "height": 900})
    settle(page)
    assert paper_of(page) == [(595, 842)]


def paper_of(page: Page) -> list[tuple[int, int]]:
    """Print to a file; gives the width and height of each sheet in points."""
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    return [(round(float(width)), round(float(height))) for width, height in boxes]


def test_the_page_prints_map_legend_and_sources(open_map: OpenMap) -> None:
    page = open_map("energy", "#v1&t=2010&card=dams/dam-toktogul", color_scheme="dark")
    wait_basemap(page)
    schemes: tuple[Literal["dark", "light"], ...] = ("dark", "light")
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        expect(page.locator("html")).to_have_attribute("data-geo-theme", scheme)
        assert any(re.fullmatch(r"\d+\u00a0km", text) for text in print_texts(page)), "the scale"
        page.emulate_media(media="print")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator(".geo-chip")).to_have_text("2010")
        expect(page.locator(".geo-chip")).to_be_visible()
        expect(page.get_by_text("Under construction").first).to_be_visible()
        expect(page.locator(".geo-print")).to_contain_text("Sources")
        for control in ("Zoom in", "Play", "Filters", "Reset", "Copy coordinates", "Cite"):
            expect(page.get_by_role("button", name=control)).to_be_hidden()
        expect(page.get_by_role("combobox", name="Search")).to_be_hidden()
        picture = page.locator(".geo-print-map canvas")
        assert len(read_colours(page, picture.screenshot())) > 1000, scheme
        ink = page.evaluate("getComputedStyle(document.querySelector('h1')).color")
        assert ink in ("rgb(0, 0, 0)", "rgb(29, 27, 24)"), scheme
        end_print(page)
        expect(picture).to_have_count(0)


def test_paper_is_light_in_the_dark_theme_too(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&step=two-bases", color_scheme="dark", reduced_motion="reduce")
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
    go_to(page, "#v1&on=bases")
    brightness, has_ground = page.evaluate(look)
    assert brightness > 200
    assert has_ground
    settle(page)
    expect(page.locator("html")).to_have_attribute("data-geo-theme", "dark")
    assert sum(commonest(read_colours(page, page.locator(".geo-stage").screenshot()))) < 250


PRINTS: list[tuple[str, str, tuple[str, ...], Literal["light", "dark"]]] = [
    ("energy", "", ("Download and share", "Print"), "dark"),
    ("atlas", "#v1&step=dams", ("Print the story",), "light"),
]
SLOW_RELIEF = """
    const { stream } = Blob.prototype; // of the data, then of the basemap
    const start = () => new Promise((done) => setTimeout(done, 1000));
    Blob.prototype.stream = function () { return stream.call(this).pipeThrough(new TransformStream({ start })); };
    const decode = createImageBitmap;
    window.decoded = 0; // pictures of the relief
    window.createImageBitmap = async (...image) => {
        await new Promise((done) => setTimeout(done, 2000));
        window.decoded += 1;
        return decode(...image);
    };
    window.print = () => { window.printed = window.decoded; };
"""


@pytest.mark.parametrize(("name", "fragment", "buttons", "scheme"), PRINTS)
def test_the_print_of_dialog_and_story_waits_for_the_relief(
    name: str, fragment: str, buttons: tuple[str, ...], scheme: Literal["light", "dark"], open_map: OpenMap
) -> None:
    page = open_map(name, fragment, color_scheme=scheme, init_script=SLOW_RELIEF)
    for button in buttons:
        page.get_by_role("button", name=button).click()
    wait_until(page, "window.printed !== undefined")
    assert page.evaluate("window.printed") > 0


def test_paper_leaves_dialogs_out_folds_nothing_counts_what_is_shown_and_leaves_nothing_behind(
    open_map: OpenMap,
) -> None:
    page = open_map("energy", "#v1&on=dams", color_scheme="dark")
    legend = page.locator(".geo-legend-words", has_text="Under construction").first
    page.get_by_role("button", name="Collapse", exact=True).click()
    expect(legend).to_be_hidden()
    open_panel(page, "Filters")
    type_date(page, "1960")
    page.get_by_role("button", name="About").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    for event in ("beforeprint", "beforeprint"):
        page.evaluate("(name) => dispatchEvent(new Event(name))", event)
    page.emulate_media(media="print")
    expect(page.locator("dialog[open]")).to_be_hidden()
    expect(legend).to_be_visible()
    count = page.locator(".geo-layer:not(.geo-layer-off) > .geo-row .geo-count")
    assert count.inner_text() == f"{count_stated(page)[0]} of {len(read_rows('dams'))}"
    end_print(page)
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
    page = open_page(tmp_path / "maps" / "m.html").page
    wait_painted(page)
    drawn = []
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        expect(page.locator("html")).to_have_attribute("data-geo-theme", scheme)
        settle(page)  # letters written for the first time may differ by a shade
        drawn.append(page.evaluate(picture))
    assert drawn[0] == drawn[1]


def print_pdf(page: Page) -> tuple[int, list[tuple[float, ...]]]:
    """Print to a file; gives its sheets, and of each map in it the width and height of the frame, then its own."""
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    sheets = re.search(rb"/Count (\d+)", pdf)
    assert sheets
    streams = re.findall(rb"/FlateDecode[^>]*?>>\s*stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    pages = [text for text in map(inflate, streams) if b" re\nW* n" in text]
    # What a picture is cut to, its frame, is "x y width height re"; then comes its size, "width 0 0 -height x y cm".
    found = re.findall(rb"([\d.]+) ([\d.]+) re\nW\* n\nq\n([\d.]+) 0 0 -([\d.]+) [^\n]* cm\n", b"".join(pages))
    pictures = [tuple(map(float, numbers)) for numbers in found]
    return int(sheets[1]), [picture for picture in pictures if min(picture[0], picture[2]) > 900]  # symbols are smaller


def assert_filled(pictures: list[tuple[float, ...]], *, count: int) -> None:
    assert len(pictures) == count
    for frame_width, frame_height, width, height in pictures:
        assert (width, height) == pytest.approx((frame_width, frame_height), abs=1)


def inflate(stream: bytes) -> bytes:
    """Give what is packed in a stream of a PDF; nothing of one that is packed otherwise."""
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


@pytest.mark.parametrize("name", ["atlas", "energy"])  # the longest legends
def test_a_map_is_printed_on_one_sheet_and_fills_its_frame(name: str, open_map: OpenMap) -> None:
    page = open_map(name, "#v1&t=2014")
    for language in ("en", "ru", "ky"):
        go_to(page, f"#v1&t=2014&lang={language}")
        expect(page.locator("html")).to_have_attribute("lang", language)
        sheets, pictures = print_pdf(page)
        assert sheets == 1, language
        assert_filled(pictures, count=1)


def test_the_printed_story_has_three_steps_on_a_sheet_and_its_pictures_fill_their_frames(open_map: OpenMap) -> None:
    with (LAYERS / "story.csv").open(encoding="utf-8-sig", newline="") as file:
        steps = list(csv.DictReader(file))
    page = open_map("atlas", "#v1&step=two-bases", reduced_motion="reduce")
    for language in ("en", "ru"):
        go_to(page, f"#v1&step=two-bases&lang={language}")
        expect(page.locator("html")).to_have_attribute("lang", language)
        sheets, pictures = print_pdf(page)
        assert sheets == len(steps) / 3, language
        assert_filled(pictures, count=len(steps))


def test_no_printed_layer_breaks_in_two_nor_a_word_of_its_legend(open_map: OpenMap) -> None:
    page = open_map("atlas", "#v1&t=2014&lang=ru")
    page.get_by_role("button", name=words("ru")["layers_all"], exact=True).click()
    page.set_viewport_size({"width": 680, "height": 1000})
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    for width in (680, *range(500, 620, 20)):
        page.set_viewport_size({"width": width, "height": 1000})
        words_in_two = page.locator(".geo-tree :is(.geo-row-label > span, .geo-legend-words)").evaluate_all(
            """(parts) => parts.filter((part) => part.offsetWidth).flatMap(({ firstChild: text }) => {
                const range = document.createRange();
                return [...(text?.data ?? "").matchAll(/\\p{L}+/gu)].filter(({ 0: word, index }) => {
                    range.setStart(text, index);
                    range.setEnd(text, index + word.length);
                    return range.getClientRects().length > 1;
                }).map(String);
            })"""
        )
        assert words_in_two == [], width
        layers_in_two = page.locator(".geo-layer").evaluate_all(
            """(layers) => layers.filter((layer) => layer.getClientRects().length > 1)
                .map((layer) => layer.querySelector(".geo-row").textContent)"""
        )
        assert layers_in_two == [], width


def test_the_link_is_copied_with_its_language(open_map: OpenMap) -> None:
    page = open_map("energy", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Download and share").click()
    page.get_by_role("dialog").get_by_role("button", name="Link").click()
    expect(page.locator(".geo-note")).to_contain_text("Copied")
    link = page.evaluate("navigator.clipboard.readText()")
    assert "energy.html#v1&at=" in link
    assert link.endswith("&lang=en") or "&lang=en&" in link


def test_a_tracked_link_is_passed_on_without_what_tracks(open_map: OpenMap) -> None:
    sent = "?course=7%20b&utm_source=chat&fbclid=1#v1%26card%3Dbases%2Fbase-kant."
    page = open_map("security", sent, permissions=["clipboard-read", "clipboard-write"])
    expect(card(page).get_by_role("heading", name="Kant air base")).to_be_visible()
    expect(page.locator(".geo-note")).to_be_hidden()
    card(page).get_by_role("button", name="Copy link").click()
    expect(page.locator(".geo-note")).to_contain_text("Copied")
    assert "security.html?course=7%20b#v1&at=" in page.evaluate("navigator.clipboard.readText()")
