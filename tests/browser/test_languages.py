"""A reader takes the page in English, Russian or Kyrgyz: interface, names, fields and cards change together."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from geo.pipeline.build import build_atlas
from tests.browser.reader import (
    OpenMap,
    box_of,
    card,
    go_to,
    layer_box,
    layer_row,
    open_panel,
    read_row,
    read_rows,
    settle,
    table_names,
    wait_painted,
    words,
)
from tests.conftest import OpenPage
from tests.small import write_atlas

pytestmark = pytest.mark.browser

LANGUAGE = {"en": "English", "ru": "Русский", "ky": "Кыргызча"}
# Words that stay as they are in every language: names of formats, keys, units, software, and of the languages.
LATIN = re.compile(
    r"\b(CSV|GeoJSON|PNG|A4|English|Shyrdak|Leaflet|Folium|SHA|Esc|Enter|Escape|MIT|BSD|Ctrl|AIIB|Tab)\b|[\[\]/?]"
)


def choose_language(page: Page, language: str) -> None:
    page.locator("select.geo-language").select_option(label=LANGUAGE[language])
    expect(page.locator("html")).to_have_attribute("lang", language)
    settle(page)


def test_the_page_first_speaks_the_language_of_the_browser(open_map_everywhere: OpenMap) -> None:
    page = open_map_everywhere("security", locale="ky")
    expect(page.locator("html")).to_have_attribute("lang", "ky")
    expect(page.get_by_role("navigation").get_by_role("button").first).to_have_text(words("ky")["tab_layers"])


def test_a_browser_of_another_language_gets_english(open_map: OpenMap) -> None:
    page = open_map("security", locale="fr")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_interface_names_numbers_and_card_change_together_and_the_control_keeps_the_focus(open_map: OpenMap) -> None:
    page = open_map("security", "#v1&card=bases/base-kant&at=9/42.85/74.85")
    kant = read_row("bases", "base-kant")
    control = page.get_by_role("combobox", name="Language")
    control.focus()
    control.select_option(label="Русский")
    expect(page.get_by_role("heading", level=1)).to_have_text("Безопасность")
    expect(page.get_by_role("checkbox", name="Военные базы и объекты")).to_be_checked()
    expect(card(page).get_by_role("heading", level=2)).to_have_text(kant["name_ru"])
    expect(card(page)).to_contain_text("октябр")
    expect(card(page)).to_contain_text(kant["note_ru"])
    expect(card(page)).to_contain_text("Россия")
    expect(page.get_by_role("listbox", name=words("ru")["map_features"])).to_have_count(1)
    assert page.title() == "Безопасность"
    settle(page)
    settle(page)
    assert page.evaluate("document.activeElement.matches('select.geo-language')")
    choose_language(page, "ky")
    expect(page.get_by_role("heading", level=1)).to_have_text("Коопсуздук")
    expect(card(page)).to_contain_text("2003-ж., октябрь жана андан ары")
    choose_language(page, "en")
    expect(card(page).get_by_role("heading", level=2)).to_have_text(kant["name"])
    population = int(read_row("cities", "city-bishkek")["population"])
    go_to(page, "#v1&card=cities/city-bishkek")
    expect(card(page)).to_contain_text(f"{population:,}")
    choose_language(page, "ru")
    expect(card(page)).to_contain_text(re.compile(f"{population:,}".replace(",", "[\u00a0\u202f]")))


def test_names_and_facts_that_the_readers_language_lacks_are_marked_with_their_own(
    tmp_path: Path, open_page: OpenPage
) -> None:
    records = '[layers.l.records]\ntable = "f.csv"\nkey = "feature"'
    names = "id,name,name_ru,name_ky\na,Kant,Кант,\nb,Osh,,\nc,C,,\n"
    facts = "id,feature,text,text_ru\nF1,a,A base opens.,Открывается база.\n"
    write_atlas(tmp_path, records, top='languages = ["en", "ru", "ky"]\n', l_csv=names, f_csv=facts)
    build_atlas(tmp_path, tmp_path / "maps")
    page = open_page(tmp_path / "maps" / "m.html", "#v1&card=l/b", locale="ky").page
    wait_painted(page)
    heading = card(page).get_by_role("heading", level=2)
    for key, name, language in (("b", "Osh", "en"), ("a", "Кант", "ru")):
        go_to(page, f"#v1&card=l/{key}")
        expect(heading).to_have_text(name)
        expect(heading).to_have_attribute("lang", language)
    expect(page.get_by_role("heading", level=1)).to_have_attribute("lang", "en")
    record = card(page).get_by_text("Открывается база.")
    expect(record).to_have_attribute("lang", "ru")
    expect(record).to_contain_text("Русский")
    choose_language(page, "en")
    expect(card(page).get_by_text("A base opens.")).to_be_visible()


def test_search_and_table_speak_the_language_too_and_mark_names_of_another(open_map: OpenMap) -> None:
    page = open_map("security", "#v1&on=bases", locale="ru")
    page.locator("body").press("t")
    settle(page)
    rows = read_rows("bases")
    assert sorted(table_names(page)) == sorted(row["name_ru"] or row["name"] for row in rows)
    page.locator(".geo-search-field").fill("kant")
    expect(page.locator(".geo-results")).to_contain_text("Авиабаза Кант")
    expect(page.locator(".geo-results")).to_contain_text("Военные базы и объекты")
    rows = [row for row in rows if row["name_ru"] and not row["name_ky"]]
    assert rows
    go_to(page, f"#v1&on=bases&card=bases/{rows[0]['id']}")
    choose_language(page, "ky")
    names = page.locator("#geo-table tbody button[data-language=ru]")
    assert sorted(names.all_text_contents()) == sorted(row["name_ru"] for row in rows)
    for name in (names.first, card(page).get_by_role("heading", level=2)):
        expect(name).to_have_attribute("lang", "ru")
        assert "ru" in name.evaluate("(node) => getComputedStyle(node, '::before').content")
    choose_language(page, "en")
    expect(page.locator("[data-language]")).to_have_count(0)
    choose_language(page, "ky")
    page.locator(".geo-search-field").fill(rows[0]["name_ru"])
    expect(page.locator(".geo-result [data-language=ru]").first).to_have_text(rows[0]["name_ru"])


def test_no_word_of_the_interface_is_left_in_english(open_map: OpenMap) -> None:
    page = open_map("energy", "#v1&t=2010&q=naryn", locale="ru")
    page.locator(".geo-search-field").press("Escape")
    options = page.locator(".geo-row-more").first
    for language in ("ru", "ky"):
        choose_language(page, language)
        said = set(interface_words(page))
        page.locator(".geo-tab-filters").click()
        said |= set(interface_words(page))
        page.locator("body").press("t")
        settle(page)
        said |= set(interface_words(page))
        page.locator(".geo-tab-layers").click()
        options.click()
        said |= set(interface_words(page))
        page.locator(".geo-tools button").last.click()
        said |= set(interface_words(page))
        page.keyboard.press("Escape")
        english = [word for word in said if re.search("[A-Za-z]{3}", LATIN.sub("", word))]
        assert english == [], language
        options.click()  # closed again, as the table
        page.locator("body").press("t")


def interface_words(page: Page) -> list[str]:
    """Labels, buttons, hints and headings of the panels; what data says in its own language is left out."""
    found: list[str] = page.evaluate(
        """() => {
            const parts = document.querySelectorAll(`button, label, legend, summary, option, h1, h2, h3,
                .geo-tree strong, [aria-label], [title], [placeholder]`);
            const own = [...parts].filter((node) => node.checkVisibility() && !node.closest(`[lang]:not(html), tbody,
                #geo-card, .geo-time-changes, .geo-credit, .geo-chip, .geo-unlocated, .geo-result`));
            return own.flatMap((node) => [
                ...["aria-label", "title", "placeholder"].map((name) => node.getAttribute(name) ?? ""),
                node.children.length ? "" : node.textContent,
            ]).filter(Boolean);
        }"""
    )
    return found


def test_the_index_speaks_three_languages_and_leads_to_a_map_in_the_one_chosen(maps: Path, open_page: OpenPage) -> None:
    page = open_page(maps / "index.html", locale="ru").page
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    expect(page.locator("body")).to_contain_text("Безопасность", use_inner_text=True)
    page.get_by_role("combobox").first.select_option(label="English")
    expect(page.locator("body")).to_contain_text("Security", use_inner_text=True)
    page.get_by_role("combobox").first.select_option(label="Кыргызча")
    page.get_by_role("link", name="Коопсуздук").first.click()
    wait_painted(page)
    expect(page.locator("html")).to_have_attribute("lang", "ky")
    expect(page.get_by_role("heading", level=1)).to_have_text("Коопсуздук")


def test_every_tab_stands_within_the_column_and_its_foot_has_one_row(open_map: OpenMap) -> None:
    page = open_map("atlas", locale="ky")
    for language in ("ky", "ru", "en"):
        choose_language(page, language)
        column, last = (box_of(page.locator(name)) for name in (".geo-header > .geo-search", ".geo-tab-table"))
        assert last["x"] + last["width"] <= column["x"] + column["width"], language
        tops = [box_of(control)["y"] for control in page.locator(".geo-menu :is(select, button)").all()]
        assert max(tops) - min(tops) < 5, language


def test_layers_stay_as_they_were_and_filters_speak_the_language_chosen_while_they_were_shut(open_map: OpenMap) -> None:
    page = open_map("energy")
    layer_box(page, "Pipelines").uncheck()
    open_panel(page, "Filters")
    group = page.get_by_role("group", name="Status")
    expect(group).to_be_visible()
    open_panel(page, "Layers")
    choose_language(page, "ru")
    expect(page.get_by_role("checkbox", name="Трубопроводы")).not_to_be_checked()
    page.locator(".geo-tab-filters").click()
    expect(page.get_by_role("group", name="Состояние")).to_be_visible()
    expect(group).to_have_count(0)
    choose_language(page, "ky")
    page.locator(".geo-tab-layers").click()
    expect(page.get_by_role("checkbox", name="Газ жана мунай түтүктөрү")).not_to_be_checked()


def test_texts_of_another_language_are_marked_in_card_tree_and_about(tmp_path: Path, open_page: OpenPage) -> None:
    top = """languages = ["en", "ru", "ky"]
about = { en = "First.\\n\\nLast.", ru = "Первое.\\n\\nПоследнее." }
[[credits]]
title = "GeoNames"
note = { en = "Cities.", ru = "Города." }
"""
    layer = 'description = { en = "Some places.", ru = "Некоторые места." }'
    table = "id,name,owner,owner_ru\na,A,A company,Компания\nb,B,,\nc,C,,\n"
    build_atlas(write_atlas(tmp_path, layer, top=top, l_csv=table), tmp_path / "maps")
    page = open_page(tmp_path / "maps" / "m.html", "#v1&card=l/a", locale="ky").page
    wait_painted(page)
    row = layer_row(page, "L")
    row.locator(".geo-row-more").click()
    page.get_by_role("button", name=words("ky")["about"], exact=True).click()
    about = page.get_by_role("dialog")
    texts = [
        card(page).get_by_text("Компания", exact=True),
        row.locator(".geo-options p").first,
        about.get_by_text("Некоторые места."),
        about.get_by_text("Города.", exact=True),
    ]
    for text in texts:
        expect(text).to_have_attribute("lang", "ru")
        expect(text).to_have_attribute("data-language", "ru")
    expect(about.locator("> p[lang=ru]").last).to_contain_text("Последнее.")
    expect(about.locator("> p .geo-language-tag")).to_have_text(["Русский"])
    page.keyboard.press("Escape")
    choose_language(page, "ru")
    expect(page.locator("[data-language=ru]:visible")).to_have_count(0)


def test_the_atlas_says_in_kyrgyz_what_it_is_and_that_the_interface_is_unreviewed(open_map: OpenMap) -> None:
    page = open_map("energy", locale="ky")
    page.get_by_role("button", name=words("ky")["about"], exact=True).click()
    about = page.get_by_role("dialog")
    expect(about).to_contain_text("A, B жана C линиялары катар өтөт")
    expect(about.locator("> p").filter(has_text="Жалал-Абад")).to_have_attribute("lang", "ky")
    expect(about.locator(".geo-language-tag")).to_have_count(0)
    expect(about).to_contain_text(words("ky")["about_unreviewed"])


def test_names_in_scripts_from_right_to_left_keep_their_order(tmp_path: Path, open_page: OpenPage) -> None:
    names = "id,name,name_fa,name_ar\na,Kant,کانت,كانت\nb,B,,\nc,C,,\n"
    build_atlas(write_atlas(tmp_path, top='languages = ["en", "fa", "ar"]\n', l_csv=names), tmp_path / "maps")
    page = open_page(tmp_path / "maps" / "m.html", "#v1&card=l/a", locale="en").page
    wait_painted(page)
    first, second = (box_of(card(page).locator(f".geo-card-names [lang={language}]")) for language in ("fa", "ar"))
    assert first["x"] < second["x"]
