"""The page's files, made ready for inlining."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from geo.errors import EnvironmentFailure
from geo.render import bundle


@pytest.fixture
def page_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(bundle, "PAGE_FOLDER", tmp_path)
    bundle.page_script.cache_clear()
    yield tmp_path
    bundle.page_script.cache_clear()


def test_modules_are_joined_after_those_they_import(page_folder: Path) -> None:
    (page_folder / "app.js").write_text('import { a,\n  b } from "./low.js";\n\nexport function start() { a(b); }\n')
    (page_folder / "low.js").write_text("// a comment\nexport const b = 1;\nexport function a() {}\n")
    assert bundle.page_script() == "const b=1;function a(){}\nfunction start(){a(b);}\nstart();\n"


def test_texts_and_patterns_keep_their_spacing(page_folder: Path) -> None:
    literals = ['"a  //  b"', "'/* no comment */'", "`one\n  ${ two }  /* three */`", "/ +\\/\\/ /u"]
    lines = "".join(f"const text{n} = {literal}; // said\n" for n, literal in enumerate(literals))
    (page_folder / "app.js").write_text(f"{lines}export function start() {{}}\n")
    script = bundle.page_script()
    assert all(f"={literal};" in script for literal in literals)
    assert "said" not in script


def test_a_name_of_two_modules_is_refused(page_folder: Path) -> None:
    (page_folder / "app.js").write_text('import { a } from "./low.js";\nfunction b() {}\n')
    (page_folder / "low.js").write_text("export const a = 1;\nconst b = 2;\n")
    with pytest.raises(AssertionError, match=r"'b' is a top-level name of both low\.js and app\.js"):
        bundle.page_script()


def test_a_cycle_is_refused(page_folder: Path) -> None:
    (page_folder / "app.js").write_text('import { a } from "./low.js";\n')
    (page_folder / "low.js").write_text('import { b } from "./app.js";\n')
    with pytest.raises(AssertionError, match=r"app\.js -> low\.js -> app\.js"):
        bundle.page_script()


@pytest.mark.parametrize("inner", ["a ? ` (${a})` : a", "f({ a }, ` ${a}`)", "f({ a: ` ${a}` })"])
def test_a_template_within_a_template_is_refused(page_folder: Path, inner: str) -> None:
    (page_folder / "app.js").write_text(f"export function start(a, f) {{ return `x${{{inner}}}`; }}\n")
    with pytest.raises(AssertionError, match=r"app\.js: a template literal within another"):
        bundle.page_script()


def test_modules_of_other_folders_are_found(page_folder: Path) -> None:
    for name, text in {
        "app.js": 'import { a } from "./draw/a.js";\nexport function start() { a(); }\n',
        "draw/a.js": 'import { c } from "../data/c.js";\nimport { b } from "./b.js";\nexport function a() { b(c); }\n',
        "draw/b.js": 'import { c } from "../data/c.js";\nexport function b() { c(); }\n',
        "data/c.js": "export function c() {}\n",
    }.items():
        (page_folder / name).parent.mkdir(exist_ok=True)
        (page_folder / name).write_text(text)
    joined = "function c(){}\nfunction b(){c();}\nfunction a(){b(c);}\nfunction start(){a();}\nstart();\n"
    assert bundle.page_script() == joined


def test_the_real_page_joins() -> None:
    script = bundle.page_script()
    assert not re.search(r"^\s*(import|export)\b", script, re.MULTILINE)
    assert script.endswith("start();\n")


# Younger than the oldest browsers that stub.js lets in: Chrome 108, Firefox 113, Safari 16.4.
TOO_YOUNG = re.compile(
    r"\.(?:toSorted|toReversed|toSpliced|with|isWellFormed|union|intersection|difference|isSubsetOf)\("
    r"|\.(?:keys|values|entries)\(\)\.\w|\b(?:Object|Map)\.groupBy|Array\.fromAsync|Promise\.(?:withResolvers|try)"
    r"|URL\.(?:canParse|parse)|RegExp\.escape|AbortSignal\.any"
)


def test_modules_use_nothing_younger_than_the_browsers_let_in() -> None:
    assert not TOO_YOUNG.findall(bundle.page_script() + bundle.page_stub() + bundle.index_script())


@pytest.mark.parametrize("styles", [bundle.page_styles, bundle.index_styles])
def test_no_rule_of_the_styles_is_nested_in_another(styles: Callable[[], str]) -> None:
    """Firefox has nesting since 117 and Safari since 17.2, younger than the oldest that stub.js lets in."""
    around: list[str] = []  # heads of the blocks that are open
    for before, brace in re.findall(r"([^{}]*)([{}])", re.sub(r'"[^"]*"', "", styles())):
        head = before.rsplit(";", 1)[-1]
        if brace == "}":
            around.pop()
            continue
        assert all(each.startswith("@") for each in around), f"{head} in {around[-1]}"
        around.append(head)


def test_leaflet_is_the_published_one_and_asks_for_nothing() -> None:
    script, styles = bundle.leaflet("leaflet.js"), bundle.leaflet_styles()
    assert "sourceMappingURL" not in script
    assert "\r" not in styles
    assert set(re.findall(r"url\((.{5})", styles)) == {"#defa"}


def test_leaflets_pictures_come_back_by_rules_of_their_own() -> None:
    rules = dict(re.findall(r"([^{}]+)\{background-image:url\((.{22})[^{}]+\}", bundle.leaflet_pictures()))
    assert set(rules.values()) == {"data:image/png;base64,"}
    assert [".leaflet-default-icon-path" in rules, ".leaflet-control-layers-toggle" in rules, len(rules)] == [
        True,
        True,
        3,
    ]


def test_another_leaflet_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(bundle.LEAFLET_FILES, "leaflet.js", "0" * 64)
    bundle.leaflet.cache_clear()
    with pytest.raises(EnvironmentFailure, match=r"is not Leaflet 1\.9\.4 as published"):
        bundle.leaflet("leaflet.js")
    bundle.leaflet.cache_clear()


def test_every_language_has_every_text() -> None:
    catalogues = bundle.catalogues()
    # A licence's text is its English wording, in whichever language one reads.
    keys = {language: set(texts) - {"licence_bsd2"} for language, texts in catalogues.items()}
    assert keys["ru"] == keys["en"] == keys["ky"]
    words = bundle.index_words()
    assert set(words["en"]) == set(words["ru"]) == set(words["ky"])
