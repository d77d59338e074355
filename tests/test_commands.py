"""The command line: words that are all but right are understood, or told what to type."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from geo.cli import main
from geo.config.settings import read_config
from geo.errors import EnvironmentFailure
from tests.small import write_atlas


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Give the last line of what a command that cannot be says."""
    assert main(list(words)) == 2
    return capsys.readouterr().err.splitlines()[-1]


COUNTS = {"features": 3, "rows": 4, "matched": 3, "located": 3, "problems": 1}


def json_of(capsys: pytest.CaptureFixture[str], *words: object, code: int = 0) -> Any:
    """Give what a command prints as JSON."""
    capsys.readouterr()
    assert main([*map(str, words), "--format", "json"]) == code
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def with_warning(tmp_path: Path) -> Path:
    """An atlas with a row without a feature, which is no more than a warning."""
    return write_atlas(tmp_path, 'unmatched = "warn"', l_csv="id,name\na,A\nb,B\nc,C\nd,D\n")


def test_check_and_build_as_json(with_warning: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = with_warning / "maps"
    checked = json_of(capsys, "check", with_warning)
    (problem,) = checked["problems"]
    assert checked["layers"] == {"l": COUNTS}
    place = (problem["code"], problem["severity"], problem["path"], problem["line"])
    assert place == ("JOIN_NO_FEATURE", "warning", "l.csv", 5)
    built = json_of(capsys, "build", with_warning, "--out", out)
    assert (built["layers"], built["problems"], built["left_over"]) == (checked["layers"], checked["problems"], [])
    sizes = {page: (out / page).stat().st_size for page in ("m.html", "index.html")}
    assert {page: said["bytes"] for page, said in built["pages"].items()} == sizes
    assert built["pages"]["m.html"]["reasons"] == ["not built before"]
    assert json_of(capsys, "build", with_warning, "--out", out) == {
        "layers": {}, "problems": [], "pages": {}, "untranslated": [], "left_over": [], "warnings": 1,
    }  # fmt: skip


def test_texts_without_translation_as_json_and_as_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    atlas = write_atlas(tmp_path, top='languages = ["en", "ru"]\n', l_csv="id,name,name_ru\na,A,А\nb,B,Б\nc,C,\n")
    toml = (atlas / "atlas.toml").read_text()
    for letter in "TLM":
        toml = toml.replace(f'"{letter}"', f'{{ en = "{letter}", ru = "{letter}" }}')
    (atlas / "atlas.toml").write_text(toml)
    expected = [{"language": "ru", "place": "l: name", "missing": 1, "total": 3, "first": "C"}]
    assert json_of(capsys, "check", atlas)["untranslated"] == expected
    assert json_of(capsys, "build", atlas, "--out", atlas / "maps")["untranslated"] == expected
    assert main(["check", str(atlas)]) == 0
    assert 'ru: 1 text without translation\n  l: name: 1 of 3, first "C"\n' in capsys.readouterr().out


def test_check_tells_of_classes_that_differ_in_colour_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    layer = 'fields.v = { type = "category" }\nstyle = { shape = "square", color_by = "v" }'
    atlas = write_atlas(tmp_path, layer, l_csv="id,name,v\na,A,open\nb,B,shut\nc,C,\n")
    assert json_of(capsys, "check", atlas)["alike"] == [["l", "open", "shut", "shape or fill"]]
    assert main(["check", str(atlas), "--strict"]) == 0
    said = "l: 'open' and 'shut' differ in colour alone, which some readers cannot tell; give one its own shape or fill"
    assert said in capsys.readouterr().out


@pytest.mark.parametrize("command", ["check", "build"])
def test_errors_as_json(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_atlas(tmp_path, l_csv="id,name\na,A\nb,B\n")
    out = ["--out", tmp_path / "maps"] * (command == "build")
    (problem,) = json_of(capsys, command, tmp_path, *out, code=2)["problems"]
    assert (problem["code"], problem["severity"], problem["path"]) == ("JOIN_NO_ROW", "error", f"{tmp_path}/l.geojson")


def test_json_has_every_problem_and_the_summary_counts_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "".join(f"x{row},X\n" for row in range(50))
    write_atlas(tmp_path, l_csv=f"id,name\na,A\nb,B\nc,C\n{rows}")
    assert len(json_of(capsys, "check", tmp_path, code=2)["problems"]) == 50
    assert said(capsys, "check", str(tmp_path)) == "50 problems"


@pytest.mark.parametrize(
    ("words", "ends"),
    [
        (["build", "ATLAS", "--out", "OUT"], "1 problem; nothing was written"),
        (["diff", "ATLAS", "ATLAS", "--html", "OUT"], "1 problem; nothing was written"),
        (["diff", "ATLAS", "ATLAS"], "1 problem"),
        (["why", "ATLAS", "--out", "OUT"], "1 problem"),
        (["check", "ATLAS"], "1 problem"),
    ],
)
def test_only_a_command_that_writes_says_that_it_did_not(
    words: list[str], ends: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_atlas(tmp_path, 'rows = "few"')
    places = {"ATLAS": str(tmp_path), "OUT": str(tmp_path / "maps")}
    assert said(capsys, *(places.get(word, word) for word in words)) == ends


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["build", "--map", "nope"], "there is no map 'nope'"),
        (["build", "l.csv"], "'l.csv' is a file. Fix: name its folder"),
        (["verify", "nowhere.html"], "nowhere.html"),
        (["new", "atlas", "--from", "nowhere.csv"], "nowhere.csv"),
    ],
)
def test_every_failure_is_json_where_that_is_asked_for(
    words: list[str], error: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_atlas(tmp_path)
    monkeypatch.chdir(tmp_path)
    folder = ["."] * (words[-1] == "nope")
    assert error in json_of(capsys, *words, *folder, code=2)["error"]


def test_a_machine_at_fault_is_json_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_: Path) -> bytes:
        raise OSError(errno.EIO, "Input/output error", "l.csv")

    write_atlas(tmp_path)
    monkeypatch.setattr(Path, "read_bytes", refuse)
    said = json_of(capsys, "check", tmp_path, code=3)["error"]
    assert said.endswith("cannot be read: Input/output error. Fix: check its permissions.")


def test_why_as_json(with_warning: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("why", with_warning, "--out", with_warning / "maps")
    assert json_of(capsys, *words) == {"m.html": ["not built before"], "index.html": ["not built before"]}
    main(["build", str(with_warning), "--out", str(with_warning / "maps")])
    assert json_of(capsys, *words) == {"m.html": [], "index.html": []}


def test_new_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "posts.csv").write_text("name,lon,lat\nKant,74.8,42.8\nOsh,72.8,40.6\nBalykchy,,\n")
    atlas = tmp_path / "atlas"
    assert json_of(capsys, "new", atlas, "--from", tmp_path / "posts.csv") == {
        "folder": str(atlas), "layers": [{"id": "posts", "features": 3, "located": 2}], "notes": [], "problems": [],
    }  # fmt: skip


@pytest.mark.parametrize("command", ["check", "build", "why"])
def test_the_file_of_an_atlas_stands_for_its_folder(command: str, tmp_path: Path) -> None:
    write_atlas(tmp_path)
    assert (
        main([command, str(tmp_path / "atlas.toml"), *(["--out", str(tmp_path / "out")] * (command != "check"))]) == 0
    )


def test_check_reads_what_no_map_shows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = write_atlas(tmp_path) / "atlas.toml"
    unused = '[layers.ghost]\ntitle = "Ghost"\nfeatures = "nothing.geojson"\n'
    config.write_text(config.read_text() + unused)
    assert main(["check", str(tmp_path)]) == 2
    assert "nothing.geojson" in capsys.readouterr().err


def test_check_reads_the_basemap(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = write_atlas(tmp_path) / "atlas.toml"
    config.write_text('basemap = "nowhere"\n' + config.read_text())
    assert 'the basemap "nowhere" has no' in said(capsys, "check", str(tmp_path))


@pytest.mark.parametrize(
    ("text", "says"), [("{", "(Expecting property name"), ("[]", "(it is no object)"), ("\xff", "('utf-8' codec")]
)
def test_a_basemap_that_is_none_is_told(
    text: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = write_atlas(tmp_path, top='basemap = "own"\n') / "atlas.toml"
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "basemap.json").write_text(text, encoding="latin-1")
    assert main(["check", str(tmp_path)]) == 2
    begin = 'atlas.toml:2: the basemap "own" has a basemap.json that cannot be read '
    assert capsys.readouterr().err.startswith(begin + says)
    config.write_text(config.read_text().replace('"own"', '"atlas.toml"'))
    assert 'the basemap "atlas.toml" has no basemap.json' in said(capsys, "check", str(tmp_path))


@pytest.mark.parametrize("picture", ["../../x.webp", "../x.webp", "/etc/x.webp", "sub/x.webp"])
def test_a_basemap_takes_no_picture_from_elsewhere(
    picture: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    atlas = tmp_path / "atlas"
    (atlas / "own" / "sub").mkdir(parents=True)
    write_atlas(atlas, top='basemap = "own"\n')
    for place in (tmp_path, atlas, atlas / "own" / "sub"):
        (place / "x.webp").write_bytes(b"RIFF")
    (atlas / "own" / "basemap.json").write_text(json.dumps({"relief": [{"image": picture}]}))
    (atlas / "own" / "basemap.bin.gz").write_bytes(b"")
    assert f"(the picture '{picture}' is no .webp file beside it)" in said(capsys, "check", str(atlas))


@pytest.mark.parametrize("link", ["x.webp", "basemap.json"])
def test_a_basemap_with_a_link_to_elsewhere_is_outside(
    link: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    atlas = tmp_path / "atlas"
    (atlas / "own").mkdir(parents=True)
    write_atlas(atlas, top='basemap = "own"\n')
    for name, text in (("basemap.json", '{"image": "x.webp"}'), ("basemap.bin.gz", ""), ("x.webp", "RIFF")):
        place = tmp_path if name == link else atlas / "own"
        (place / name).write_text(text)
    (atlas / "own" / link).symlink_to(tmp_path / link)
    assert 'the basemap "own" is outside the atlas folder' in said(capsys, "check", str(atlas))


@pytest.mark.parametrize("name", ["{atlas}/own", "own/../own", r"own\u0000"])
def test_the_folder_of_a_basemap_is_named_within_the_atlas(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = name.format(atlas=tmp_path)
    write_atlas(tmp_path, top=f'basemap = "{name}"\n')
    assert "is outside the atlas folder" in said(capsys, "check", str(tmp_path))


@pytest.mark.parametrize(
    ("called", "name"),
    [
        ("bin/shyrdak", "shyrdak"),
        ("build_maps.py", "python3 build_maps.py"),
        ("../shyrdak/build_maps.py", "python3 ../shyrdak/build_maps.py"),
        ("{here}/build_maps.py", "python3 build_maps.py"),
        ("{here}/my maps/build_maps.py", "python3 'my maps/build_maps.py'"),
        ("/opt/build_maps.py", "python3 /opt/build_maps.py"),
        ("/usr/lib/pytest", "python3 build_maps.py"),
    ],
)
def test_its_name_is_what_it_was_called_by(
    called: str, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", [called.format(here=tmp_path)])
    assert main(["new", "atlas"]) == 0
    assert f"build it: {name} build atlas --out atlas-maps" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("failure", "says"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "No space left on device. Fix: check space, "),
        (PermissionError(errno.EACCES, "Permission denied", "/tmp/x"), "/tmp/x: Permission denied. Fix: check space, "),
        (MemoryError(), "there is not enough memory. Fix: check space, "),
    ],
)
def test_what_the_system_refuses_is_no_bug(
    failure: Exception, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr("geo.pipeline.build.load_atlas", fail)
    assert main(["check", str(write_atlas(tmp_path))]) == 3
    assert capsys.readouterr().err.startswith(says)


def test_what_a_library_refuses_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("an image that is none")

    monkeypatch.setattr("geo.pipeline.build.load_atlas", fail)
    with pytest.raises(OSError, match="an image"):
        main(["check", str(write_atlas(tmp_path))])


def warned_of(folder: Path) -> list[str]:
    """Give the words that check an atlas with a warning of a Cyrillic name, in a process of its own."""
    write_atlas(folder, 'unmatched = "warn"', l_csv="id,name\na,A\nb,B\nc,C\nд,Ош\n")
    return [sys.executable, "-c", "import sys; from geo.cli import main; sys.exit(main())", "check", str(folder)]


def test_what_stdout_cannot_show_is_written_out(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONIOENCODING": "cp1252"}
    done = subprocess.run(warned_of(tmp_path), capture_output=True, text=True, env=environment, check=True)
    assert r"'\u0434'" in done.stdout
    assert done.stderr == ""


@pytest.mark.skipif(os.name == "nt", reason="a pipe there breaks otherwise")
def test_a_pipe_that_is_no_longer_read_is_no_bug(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(warned_of(tmp_path), stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("x.csv", "'x.csv' is a file, not an atlas. Fix: write new my-atlas --from x.csv"),
        ("build x.csv", "'x.csv' is a file, not an atlas. Fix: write new my-atlas --from x.csv"),
        ("check x.csv", "'x.csv' is a file, not an atlas. Fix: write new my-atlas --from x.csv"),
        ("new x.csv", "'x.csv' is no folder to make. Fix: write new my-atlas --from x.csv"),
        ("new a x.csv", "'x.csv' is no folder to make. Fix: write new a --from x.csv"),
        ("new x.csv a", "'x.csv' is no folder to make. Fix: write new a --from x.csv"),
        ("check atlas/l.csv", "'atlas/l.csv' is a file. Fix: name its folder, atlas."),
        ("atlas/atlas.toml", "'atlas/atlas.toml' is no command. Fix: write build atlas to build its maps."),
    ],
)
def test_a_file_in_place_of_a_folder_is_told_what_to_write(
    words: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("atlas").mkdir()
    write_atlas(Path("atlas"))
    Path("x.csv").write_text("name,lon,lat\nKant,74,42\n", encoding="utf-8")
    assert said(capsys, *words.split()).removesuffix(" to make an atlas of it.") == says


def test_a_folder_without_a_command_is_told_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, str(tmp_path)) == f"'{tmp_path}' is no command. Fix: write build {tmp_path} to build its maps."


@pytest.mark.parametrize(
    ("option", "number", "bounds"),
    [
        ("--port", "99999", "0 to 65535"),
        ("--port", "-1", "0 to 65535"),
        ("--jobs", "0", "1 to 1000"),
        ("--jobs", "-3", "1 to 1000"),
        ("--jobs", "two", "1 to 1000"),
    ],
)
def test_a_number_out_of_bounds_is_refused(
    option: str, number: str, bounds: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = "serve" if option == "--port" else "build"
    assert f"argument {option}: '{number}' is no whole number from {bounds}" in said(capsys, command, option, number)


def test_an_atlas_that_may_not_be_read_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(
        EnvironmentFailure, match=r"atlas\.toml cannot be read: Permission denied\. Fix: check its perm"
    ):
        read_config(tmp_path)


def test_the_package_is_a_command() -> None:
    done = subprocess.run([sys.executable, "-m", "geo", "chek"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "check" in done.stderr
