"""How the modules lie on each other: imports point one way, and nothing comes from a package that is not declared."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import geo
from geo import __version__
from geo.setup import interpreter

ROOT = Path(__file__).parent.parent
# The stages, as `geo` lists them: a module imports from its own folder and from those before it there.
STAGES = re.findall(r"^    ([a-z_]\w+(?:, \w+)*)  ", (geo.__doc__ or "").partition("Where what is done")[2], re.M)
RANKS = {name: rank for rank, name in enumerate(", ".join(STAGES).split(", "))}
# The page's modules: those of a folder import from it and from the folders before it.
PAGE = Path(geo.__file__).parent / "page"
PAGE_FOLDERS = ("elements", "data", "state", "words", "draw", "panels", "share", ".")
PAGE_SOURCES = sorted(
    path
    for folder, pattern in ((PAGE, "*.js"), (PAGE, "*.css"), (ROOT / "tests" / "page", "*.js"))
    for path in folder.rglob(pattern)
)
LINE_LETTERS = 120
UNBREAKABLE = re.compile(r'"M[-\d.\sA-Za-z]+"|https?://\S+')  # a path of SVG, an address
# `geo` itself lists the public names, and loads them on first use.
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts): path
    for path in sorted(ROOT.glob("geo/**/*.py"))
    if path.name != "__init__.py"
}


def read_imports(path: Path) -> Iterator[str]:
    """Full names of what a module imports, wherever in it; of our own modules, the module's name."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}:{node.lineno} is relative"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in MODULES else str(node.module) for name in names)


def stage_of(module: str) -> str:
    """`load` of `geo.load.join`."""
    return module.split(".")[1]


OURS = {module: {n for n in read_imports(path) if n in MODULES} for module, path in MODULES.items()}


def test_every_stage_is_in_the_guide() -> None:
    assert {stage_of(module) for module in MODULES} | {"page"} == set(RANKS)


@pytest.mark.parametrize("module", MODULES)
def test_imports_follow_the_guide(module: str) -> None:
    later = [name for name in OURS[module] if RANKS[stage_of(name)] > RANKS[stage_of(module)]]
    assert later == []


def test_no_module_needs_itself() -> None:
    TopologicalSorter(OURS).prepare()  # raises where there is a circle, naming its modules


@pytest.mark.parametrize("folder", PAGE_FOLDERS)
def test_imports_of_the_page_point_down(folder: str) -> None:
    allowed = {(PAGE / name).resolve() for name in PAGE_FOLDERS[: PAGE_FOLDERS.index(folder) + 1]}
    for module in (PAGE / folder).glob("*.js"):
        imported = re.findall(r'^(?:import .*|} )from "(.+)";$', module.read_text("utf-8"), re.M)
        above = [name for name in imported if (module.parent / name).resolve().parent not in allowed]
        assert above == [], module.name


def test_every_module_of_the_page_has_its_place() -> None:
    placed = {module for folder in PAGE_FOLDERS for module in (PAGE / folder).glob("*.js")}
    other_pages = {PAGE / name for name in ("index/index.js", "live/live.js", "folium/parts.js")}
    assert set(PAGE.rglob("*.js")) - placed == other_pages


def test_no_line_of_the_page_is_too_long() -> None:
    lines = ((path, n, line) for path in PAGE_SOURCES for n, line in enumerate(path.read_text("utf-8").splitlines(), 1))
    long = [f"{path.name}:{n}" for path, n, line in lines if len(UNBREAKABLE.sub("", line)) > LINE_LETTERS]
    assert long == []


def test_only_render_imports_folium() -> None:
    assert [name for name, path in MODULES.items() if "folium" in set(read_imports(path))] == ["geo.render.map"]


def test_what_is_imported_and_what_is_declared_agree() -> None:
    requirements = interpreter.read_requirements("cluster")
    declared = {name.partition("=")[0].rstrip("<>").replace("-", "_") for name in requirements}
    imported = {name.partition(".")[0] for path in MODULES.values() for name in read_imports(path)}
    assert imported - declared <= sys.stdlib_module_names | {"geo"}
    assert declared - imported == {"django_js_lib_leaflet"}  # its one file is read, never imported


def test_the_version_is_the_same_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    cited = re.search(r"^version: (.+)$", (ROOT / "CITATION.cff").read_text("utf-8"), re.M)
    newest = re.search(r"^## ([0-9.]+),", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert {project["version"], cited and cited[1], newest and newest[1]} == {__version__}
