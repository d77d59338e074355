"""A page says where it comes from, and one altered value in it is found."""

from __future__ import annotations

import base64
import gzip
import json
import re
import shutil
from pathlib import Path

import pytest

from geo import __version__
from geo.cli import main
from geo.errors import AtlasError
from geo.pipeline.build import build_atlas, page_html
from geo.pipeline.manifest import file_digest
from geo.pipeline.provenance import data_elements, seal_page
from geo.pipeline.verify import differences, verify_page
from tests.small import THREE_MAPS


@pytest.fixture(scope="module")
def maps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out: Path = tmp_path_factory.mktemp("verify") / "maps"
    build_atlas(THREE_MAPS, out)
    return out


@pytest.fixture
def energy(maps: Path) -> str:
    return (maps / "energy.html").read_text(encoding="utf-8")


def altered_parts(html: str) -> list[str]:
    return [found.part for found in verify_page(html).findings if not found.is_sound]


def test_a_map_says_where_it_comes_from(energy: str) -> None:
    provenance = json.loads(data_elements(energy)["geo-head"])["provenance"]
    inputs = provenance.pop("inputs")
    assert provenance == {
        "version": __version__,
        "edition": "2026-11-21",
        "layers": {"dams": {"features": 2, "rows": 2, "records": 1, "values": 0}},
        "licences": ["CC BY 4.0", "Copyright of the author"],
    }
    assert inputs["dams.csv"] == str(file_digest(THREE_MAPS / "dams.csv"))[:16]
    assert {
        "dams.geojson",
        "facts.csv: records of dams",
        "sources.csv: sources cited",
        "atlas.toml [layers.dams]",
    } < set(inputs)
    assert "bases.csv" not in inputs


def test_the_index_says_so_too(maps: Path) -> None:
    provenance = json.loads(data_elements((maps / "index.html").read_text(encoding="utf-8"))["geo-provenance"])
    assert list(provenance["layers"]) == ["bases", "dams", "posts"]
    assert {"bases.csv", "dams.csv", "posts.csv", "sources.csv: sources cited"} < set(provenance["inputs"])
    assert "sources.csv" not in provenance["inputs"]


@pytest.mark.parametrize("page", ["energy", "security", "everything", "index"])
def test_a_page_as_it_was_built_is_sound(maps: Path, page: str) -> None:
    html = (maps / f"{page}.html").read_text(encoding="utf-8")
    verdict = verify_page(html)
    assert (verdict.is_sound, verdict.page_id) == (True, page)


def test_a_value_altered_in_the_columns(energy: str) -> None:
    blob = data_elements(energy)["geo-blob"].strip()
    raw = bytearray(base64.b64decode(blob))
    at = raw.index(b"Toktogul")
    raw[at] ^= 1
    assert altered_parts(energy.replace(blob, base64.b64encode(raw).decode())) == ["columns", "whole file"]


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        (r'"Energy"', '"Power"', "head"),
        (r'"dams.csv":"[0-9a-f]', '"dams.csv":"g', "head"),
        (r"const ", "let ", "scripts and styles"),
        (r"display: ?grid", "display:none", "scripts and styles"),
    ],
)
def test_an_altered_part_is_named(energy: str, old: str, new: str, part: str) -> None:
    altered, count = re.subn(old, new, energy, count=1, flags=re.DOTALL)
    assert count == 1
    assert altered_parts(altered) == [part, "whole file"]


def test_what_no_part_covers_is_covered_by_the_whole(energy: str) -> None:
    assert altered_parts(energy.replace("<title>Energy", "<title>Power")) == ["whole file"]


def test_one_altered_character_anywhere_is_found(energy: str) -> None:
    for at in range(0, len(energy), len(energy) // 150):
        other = "x" if energy[at] != "x" else "y"
        assert is_refused(energy[:at] + other + energy[at + 1 :]), f"character {at} was {energy[at]!r}"


def is_refused(html: str) -> bool:
    try:
        return not verify_page(html).is_sound
    except AtlasError:
        return True


def test_the_basemap_is_a_part(energy: str) -> None:
    element = '<script type="text/plain" id="geo-basemap-blob">AAAA</script>'
    unsealed = re.sub(r'<script type="application/json" id="geo-seal">.*?</script>\n', "", energy)
    html = seal_page(unsealed.replace("</body>", f"{element}</body>"))
    assert verify_page(html).is_sound
    assert altered_parts(html.replace(">AAAA<", ">AAAB<")) == ["basemap data", "whole file"]


def test_a_forged_page_is_found_by_its_atlas(energy: str) -> None:
    forged = re.sub(r'<script type="application/json" id="geo-seal">.*?</script>\n', "", energy)
    forged = seal_page(forged.replace('"Energy"', '"Power"'))
    assert verify_page(forged).is_sound
    assert differences(energy, THREE_MAPS) == []
    assert differences(forged, THREE_MAPS) == ["made by another state of Shyrdak or its packages"]


def test_other_bytes_of_gzip_are_no_difference(tmp_path: Path) -> None:
    atlas = Path(shutil.copytree(THREE_MAPS, tmp_path / "atlas"))
    table = (atlas / "dams.csv").read_text(encoding="utf-8")
    (atlas / "dams.csv").write_text(table.replace("Toktogul,", f'"{"Toktogul " * 10_000}",'), encoding="utf-8")
    html = page_html(atlas, "energy")
    blob = data_elements(html)["geo-blob"]
    raw = gzip.decompress(base64.b64decode(blob))
    unsealed = re.sub(r'<script type="application/json" id="geo-seal">.*?</script>\n', "", html)
    packed_otherwise = base64.b64encode(gzip.compress(raw, 1, mtime=0)).decode()
    assert packed_otherwise != blob
    assert differences(seal_page(unsealed.replace(blob, packed_otherwise)), atlas) == []


def test_the_atlas_names_the_inputs_that_differ(energy: str, tmp_path: Path) -> None:
    atlas = Path(shutil.copytree(THREE_MAPS, tmp_path / "atlas"))
    table = (atlas / "dams.csv").read_text(encoding="utf-8")
    (atlas / "dams.csv").write_text(table.replace("1860", "1900"), encoding="utf-8")
    (atlas / "bases.csv").touch()
    assert differences(energy, atlas) == ["dams.csv changed"]


def test_the_command_prints_what_it_found(maps: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(maps / "energy.html"), "--atlas", str(THREE_MAPS)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[1] for line in lines[1:5]] == [
        "head",
        "columns",
        "scripts and styles sound",
        "whole file",
    ]
    assert lines[-2:] == [
        f"  Shyrdak {__version__}, edition 2026-11-21: layers 1, features 2, rows 2, records 1, inputs 9",
        f"  as it was built, and just what {THREE_MAPS} builds",
    ]


@pytest.mark.parametrize("part", ["geo-head", "geo-seal"])
def test_a_part_nested_a_hundred_thousand_deep_is_altered(energy: str, part: str) -> None:
    assert is_refused(energy.replace(f'id="{part}">', f'id="{part}">{"[" * 100_000}'))


def test_a_page_that_ends_in_its_seal_is_altered(energy: str) -> None:
    assert altered_parts(f'{energy}<!-- "page":"') == ["whole file"]


def test_each_file_has_its_verdict_whatever_is_wrong_with_others(
    maps: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [str(tmp_path / "none.html"), str(maps / "energy.html"), str(maps / "index.html")]
    assert main(["verify", *names]) == 2
    said = capsys.readouterr()
    assert said.out.count("as it was built\n") == 2
    assert said.err.startswith(f"{tmp_path}/none.html: cannot be read")


def test_a_mistake_in_the_atlas_keeps_no_verdict_back(
    maps: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    atlas = Path(shutil.copytree(THREE_MAPS, tmp_path / "atlas"))
    (atlas / "dams.csv").unlink()
    assert main(["verify", str(maps / "energy.html"), "--atlas", str(atlas)]) == 2
    said = capsys.readouterr()
    assert said.out.endswith("  as it was built\n")
    assert "there is no file 'dams.csv'" in said.err


def test_a_page_cannot_write_the_verdict(energy: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    forged = energy.replace(f'"version":"{__version__}"', r'"version":"\u001b[2J\u001b[8m"')
    forged = forged.replace('"page":"', r'"x\u001b[1A\n  as it was built":"","page":"')
    (tmp_path / "energy.html").write_text(forged, encoding="utf-8")
    assert main(["verify", str(tmp_path / "energy.html")]) == 2
    said = capsys.readouterr().out
    assert r"x\x1b[1A\n  as it was built" in said
    assert r"Shyrdak \x1b[2J\x1b[8m, edition" in said
    assert said.replace("\n", "").isprintable()


def test_the_command_fails_on_an_altered_page(maps: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "energy.html"
    page.write_text((maps / "energy.html").read_text(encoding="utf-8").replace('"Energy"', '"Power"'), encoding="utf-8")
    assert main(["verify", str(page), "--format", "json"]) == 2
    said = json.loads(capsys.readouterr().out)
    assert (said["sound"], said["parts"]["head"]["sound"], said["parts"]["columns"]["sound"]) == (False, False, True)


@pytest.mark.parametrize(
    "value", ["[]", "1", '"x"', "null", '{"layers":[1],"inputs":2}', '{"layers":{"dams":{"rows":"x"}}}']
)
def test_a_page_that_says_nonsense_of_itself(
    energy: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], value: str
) -> None:
    head = data_elements(energy)["geo-head"]
    nonsense = re.sub(r'"provenance":.*\}$', f'"provenance":{value}}}', head)
    (tmp_path / "x.html").write_text(energy.replace(head, nonsense), encoding="utf-8")
    assert main(["verify", str(tmp_path / "x.html")]) == 2
    assert "altered since it was built" in capsys.readouterr().out


def test_a_file_that_is_no_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for data in (b"# A text", b"<html><script>", b"\xff\xfe"):
        (tmp_path / "x.html").write_bytes(data)
        assert main(["verify", str(tmp_path / "x.html")]) == 2
        assert capsys.readouterr().err.count("\n") == 1
