"""KML, KMZ and GPX: placemarks, waypoints and tracks; archives of one file."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.cli import main
from geo.config.settings import read_config
from geo.errors import DataError
from geo.load.atlas import load_atlas
from geo.read.features import Features
from geo.read.files import FileBytes
from geo.read.formats import read_features
from geo.read.kml import plain_text

POINT = "<Point><coordinates>74.85,42.85,0</coordinates></Point>"


def kml(text: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<kml><Document>\n{text}</Document></kml>'.encode()


def read(text: str | bytes, name: str = "places.kml") -> Features:
    return read_features(FileBytes(name, text if isinstance(text, bytes) else kml(text), ""))


def zipped(**parts: bytes) -> bytes:
    """An archive; of a name `doc__kml` the part is called `doc.kml`."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name if "." in name else name.replace("__", "."), data)
    return content.getvalue()


def refusal(data: str | bytes, name: str = "places.kml") -> str:
    with pytest.raises(DataError) as caught:
        read(data, name)
    return str(caught.value)


def told(features: Features) -> list[str]:
    return [str(problem).partition(" Fix:")[0] for problem in features.problems]


DAMS = """\
<Folder><name>Dams</name>
<Placemark id="p1"><name>Toktogul</name><description><![CDATA[<b>Big</b><br>see <a href="https://a.kg">a</a>]]></description>
<ExtendedData><Data name="river"><value>Naryn</value></Data>
<SchemaData><SimpleData name="mw">1200</SimpleData></SchemaData></ExtendedData>
<TimeSpan><begin>1976</begin><end>2003-10-23T23:59:59Z</end></TimeSpan>
<Point><coordinates>72.64,41.67,900</coordinates></Point></Placemark>
<Folder><name>Small</name>
<Placemark id="p2"><name>Kürp-Sai</name><TimeStamp><when>1981-01-02T00:00:00Z</when></TimeStamp>
<LineString><coordinates>
  72,41 72.5, 41.5, 0
</coordinates></LineString></Placemark></Folder></Folder>
"""


def test_placemarks_have_their_folder_their_dates_and_their_data() -> None:
    features = read(DAMS)
    assert features.properties == {
        "name": ["Toktogul", "Kürp-Sai"],
        "description": ["Big\nsee a (https://a.kg)", None],
        "folder": ["Dams", "Dams / Small"],
        "valid_from": ["1976", "1981-01-02"],
        "valid_to": ["2003-10-23", "1981-01-02"],
        "river": ["Naryn", None],
        "mw": ["1200", None],
        "id": ["p1", "p2"],
    }
    assert [shape.wkt for shape in features.geometry] == ["POINT (72.64 41.67)", "LINESTRING (72 41, 72.5 41.5)"]
    assert features.lines.tolist() == [4, 10]
    assert told(features) == ["places.kml:4: warning: positions have a third number, the height, which is set aside."]


RING = "<LinearRing><coordinates>72,41 73,41 73,42 72,41</coordinates></LinearRing>"
HOLE = "<LinearRing><coordinates>72.7,41.2 72.8,41.2 72.8,41.3 72.7,41.2</coordinates></LinearRing>"
AREA = f"<Polygon><outerBoundaryIs>{RING}</outerBoundaryIs><innerBoundaryIs>{HOLE}</innerBoundaryIs></Polygon>"


@pytest.mark.parametrize(
    ("text", "wkt"),
    [
        (AREA, "POLYGON ((72 41, 73 41, 73 42, 72 41), (72.7 41.2, 72.8 41.2, 72.8 41.3, 72.7 41.2))"),
        (f"<MultiGeometry>{POINT}<MultiGeometry>{POINT}</MultiGeometry></MultiGeometry>",
         "MULTIPOINT ((74.85 42.85), (74.85 42.85))"),
        ("<gx:Track><when>2010</when><gx:coord>72 41 0</gx:coord><gx:coord>73 41 0</gx:coord></gx:Track>",
         "LINESTRING (72 41, 73 41)"),
        (RING, "LINESTRING (72 41, 73 41, 73 42, 72 41)"),
        ("<Point><coordinates> </coordinates></Point>", None),
        ("", None),
    ],
)  # fmt: skip
def test_geometries_of_kml(text: str, wkt: str | None) -> None:
    (shape,) = read(f"<Placemark>{text}</Placemark>").geometry
    assert (shape and shape.wkt) == wkt


def test_what_kml_lets_pass_is_mended_and_said() -> None:
    is_open = RING.replace(" 72,41<", "<")
    features = read(
        f"<Placemark><name>A</name><Polygon><outerBoundaryIs>{is_open}</outerBoundaryIs></Polygon></Placemark>\n"
        f"<Placemark><name>B</name><MultiGeometry>{POINT}{AREA}</MultiGeometry></Placemark>\n"
        f"<Placemark><name>C</name><TimeStamp><when>2014-06-03T08:12Z</when></TimeStamp>{POINT}</Placemark>\n"
        "<GroundOverlay><name>Old map</name></GroundOverlay>\n"
        "<NetworkLink><name>More</name><Link><href>file:///etc/passwd</href></Link></NetworkLink>\n"
    )
    assert [shape.geom_type for shape in features.geometry] == ["Polygon", "Polygon", "Point"]
    assert features.properties["valid_from"][2] == "2014-06-03"
    assert told(features) == [
        "places.kml:6: warning: an image laid over the ground ('Old map') is set aside.",
        "places.kml:7: warning: a link to another file ('More') is set aside.",
        'places.kml:3 feature 1 ("A"): warning: a ring does not end where it began; it is drawn closed.',
        'places.kml:4 feature 2 ("B"): warning: the point beside its lines or areas is set aside.',
        "places.kml:5 feature 3 (\"C\"): warning: the time of '2014-06-03T08:12Z' is set aside.",
    ]


@pytest.mark.parametrize("numbers", ["74,5,42,5", "nan,42", "1e999,42", "74.5 42.5", "74°,42°", "74.5,42.5 74.6,42.6"])
def test_what_is_no_position_is_an_error(numbers: str) -> None:
    features = read(f"<Placemark><name>A</name><Point><coordinates>{numbers}</coordinates></Point></Placemark>")
    assert features.flawed == {0}
    (problem,) = features.problems
    assert str(problem).startswith('places.kml:3 feature 1 ("A"): ')
    assert (problem.code, problem.severity) == ("COORDINATE_NUMBER", "error")


def test_two_texts_of_one_name_are_both_kept() -> None:
    data = '<ExtendedData><Data name="name"><value>{}</value></Data></ExtendedData>'
    features = read("".join(f"<Placemark><name>A</name>{data.format(text)}</Placemark>" for text in ("A", "B")))
    assert features.properties == {"name": ["A", "A"], "name_2": [None, "B"]}


def test_ids_that_not_all_have_are_none() -> None:
    assert "id" not in read('<Placemark id="a"><name>A</name></Placemark><Placemark/>').properties


ARCGIS = """<![CDATA[<html><body><table><tr bgcolor="#9CBCE2"><td>Osh</td></tr><tr><td>
<table border="1"><tr><td>NAME_1</td>
<td>Osh</td></tr><tr bgcolor="#D4E4F3"><td>Area</td><td>182.5</td></tr><TR><TD><b>Note</b></TD><TD></TD></TR>
</table></td></tr></table></body></html>]]>"""


def test_a_table_of_names_and_values_in_a_description_is_data() -> None:
    features = read(f"<Placemark><name>Osh</name><description>{ARCGIS}</description></Placemark>")
    assert features.properties == {"name": ["Osh"], "NAME_1": ["Osh"], "Area": ["182.5"]}


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><td>a</td><td>b</td></tr></table>",
        "<p>One</p><p>Two</p><table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>",
        "<table><tr><td>a</td><td>1</td></tr><tr><td>a</td><td>2</td></tr></table>",
        "<table><tr><td>a</td><td>b</td><td>c</td></tr><tr><td>d</td><td>e</td><td>f</td></tr></table>",
    ],
)
def test_any_other_table_stays_a_text(html: str) -> None:
    features = read(f"<Placemark><description><![CDATA[{html}]]></description></Placemark>")
    assert features.properties.keys() == {"description"}


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a < b and\nc", "a < b and\nc"),
        ("Tom &amp; Anna", "Tom & Anna"),
        ("<p>One\ntwo</p>three<BR/>four &lt;b&gt;", "One two\nthree\nfour <b>"),
        ("<!--[if mso]><xml>Normal</xml><![endif]-->x <![odd y", "x <![odd y"),
        ("<A\nclass=x HREF=https://a.kg/?b=1&amp;c=2>here</A>, there", "here (https://a.kg/?b=1&c=2), there"),
        ("<script>alert(1)</script><style>p {}</style>x<img src=x onerror=alert(1)>", "x"),
        ("<table><tr><th>Name</th><td>Osh</td></tr><tr><td>MW</td><td>7</td></tr></table>", "Name Osh\nMW 7"),
        ('<a href="javascript:alert(1)">x</a> <a href="https://a.kg">https://a.kg</a>', "x https://a.kg"),
    ],
)
def test_of_a_description_the_text_is_kept(html: str, text: str) -> None:
    assert plain_text(html) == text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\n\n<kml><Document>\n<Placemark><name>A & B", ":4: it is no whole XML (not well-formed (invalid token))."),
        (b'<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]><kml>&x;</kml>', ":1: it has a <!DOCTYPE>, which"),
        (b"<!DOCTYPE html><html>Sign in</html>", ": its content is a page of the web, not KML. Fix: download the"),
        (b"<html>Sign in</html>", ": its content is <html>, not KML."),
        (zipped(doc__kml=kml(DAMS)), ": its content is a zip archive. Fix: call it places.kmz."),
        (b"<kml>" + b"<Folder>" * 1_000_000, ":1: its elements lie too deep."),
        (b'<?xml version="1.0" encoding="x-none"?><kml/>', ":1: its text cannot be read (unknown encoding: x-none)."),
        (kml("<ScreenOverlay/>"), ": it has no placemarks."),
        (kml("<NetworkLink><Link><href>https://g.kg/kml</href></Link></NetworkLink>"),
         ":3: it has no placemarks, only a link to another file (https://g.kg/kml). Fix: download that; in"),
        ("Нарын".encode("cp1251"), ":1:1: byte 0xcd is not UTF-8 text; the file is likely in cp1251"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_kml_is_refused(data: bytes, said: str) -> None:
    assert refusal(data).startswith(f"places.kml{said}")


@pytest.mark.parametrize("encoding", ["windows-1251", "utf-16", "UTF-8"])
def test_kml_may_be_in_the_encoding_that_it_names(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><kml><Placemark><name>Нарын</name></Placemark></kml>'
    assert read(text.encode(encoding)).properties["name"] == ["Нарын"]


def test_a_kmz_is_its_first_kml() -> None:
    other = kml("<Placemark><name>Other</name></Placemark>")
    features = read(zipped(a__kml=other, files__x__kml=other, doc__kml=kml(DAMS), icon__png=b"x"), "x.kmz")
    assert features.properties["name"] == ["Toktogul", "Kürp-Sai"]
    assert features.path == "x.kmz/doc.kml"


def test_an_archive_that_would_fill_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo.read.archive.SMALL_BYTES", 1_000_000)
    said = refusal(zipped(doc__kml=b"<kml>" + 5_000_000 * b" "), "x.kmz")
    assert said == (
        "x.kmz: it cannot be read as .kmz (doc.kml would unpack to 5 MB). Fix: pack or download it anew. [FILE_KIND]"
    )


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"a__txt": b"x"}, "no file in it ends in .geojson, .json, "),
        ({"a__kml": b"x", "b__geojson": b"x"}, "it has 2 files of features: a.kml, b.geojson. Fix: unpack it,"),
    ],
)
def test_an_archive_has_one_file_of_features(parts: dict[str, bytes], said: str) -> None:
    assert refusal(zipped(**parts), "x.zip").startswith(f"x.zip: {said}")


def test_a_damaged_archive_is_refused() -> None:
    assert "x.zip: it cannot be read as .zip" in refusal(b"PK" + bytes(60), "x.zip")
    assert "x.kmz: the content is not what '.kmz' stands for" in refusal(kml(DAMS), "x.kmz")


def test_a_shapefile_may_stay_zipped(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"name": ["Ош"]}, geometry=[shapely.Point(72.8, 40.5)], crs="EPSG:4326")
    frame.to_crs("EPSG:32643").to_file(tmp_path / "posts.shp", encoding="utf-8")
    parts = {f"data/{path.name}": path.read_bytes() for path in tmp_path.iterdir()}
    features = read(zipped(**parts, **{"__MACOSX/data/._posts.shp": b"x"}), "posts.zip")
    assert features.properties["name"] == ["Ош"]
    assert features.geometry[0].coords[0] == pytest.approx((72.8, 40.5))


GPX = b"""<?xml version="1.0"?>
<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><metadata><name>m</name></metadata>
<wpt lat="42.8" lon="74.6"><ele>760</ele><time>2014-06-03T00:00:00Z</time><name>Camp</name></wpt>
<rte><name>R</name><rtept lat="42" lon="74"/><rtept lat="42.5" lon="74.5"/></rte>
<trk><name>T</name><trkseg>
<trkpt lat="42" lon="74"><time>2014-06-04T08:12:11Z</time></trkpt><trkpt lat="42.1" lon="74.1"/>
</trkseg><trkseg><trkpt lat="42.3" lon="74.1"/></trkseg></trk>
</gpx>"""


def test_gpx_gives_waypoints_routes_and_tracks() -> None:
    features = read(GPX, "trip.gpx")
    assert features.properties == {
        "name": ["Camp", "R", "T"],
        "kind": ["waypoint", "route", "track"],
        "day": ["2014-06-03", None, "2014-06-04"],
    }
    assert [shape.wkt for shape in features.geometry] == [
        "POINT (74.6 42.8)", "MULTILINESTRING ((74 42, 74.5 42.5))", "MULTILINESTRING ((74 42, 74.1 42.1))",
    ]  # fmt: skip
    assert told(features)[:2] == [
        'trip.gpx:5 feature 3 ("T"): warning: a segment has one position, which makes no line, and is set aside.',
        "trip.gpx:5 feature 3 (\"T\"): warning: the time of '2014-06-04T08:12:11Z' is set aside.",
    ]
    assert refusal(b"<gpx/>", "trip.gpx").startswith("trip.gpx: it has no waypoints, routes or tracks.")


def test_an_atlas_is_made_of_kml_and_a_layer_may_be_kml(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "dams.kml").write_bytes(kml(DAMS))
    assert main(["new", str(tmp_path / "atlas"), "--from", str(tmp_path / "dams.kml")]) == 0
    (layer,) = load_atlas(read_config(tmp_path / "atlas")).layers.values()
    assert layer.frame[["_key", "name", "folder"]].values.tolist() == [
        ["p1", "Toktogul", "Dams"], ["p2", "Kürp-Sai", "Dams / Small"],
    ]  # fmt: skip
    assert layer.frame["valid_from"][1].text == "1981-01-02"
    own = tmp_path / "own"
    own.mkdir()
    (own / "dams.kml").write_bytes(kml(DAMS))
    (own / "sources.csv").write_text("id,citation,url,licence\n")
    (own / "atlas.toml").write_text(
        'title = "Dams"\nrequire_sources = false\n[layers.dams]\ntitle = "Dams"\nfeatures = "dams.kml"\n'
        '[layers.dams.fields.mw]\ntitle = "MW"\ntype = "number"\n[maps.dams]\ntitle = "Dams"\nlayers = ["dams"]\n'
    )
    data = load_atlas(read_config(own))
    assert data.layers["dams"].frame["mw"].tolist()[0] == 1200
    assert [problem.code for problem in data.problems] == ["GEOMETRY_HEIGHT"]
