// The About dialog: what the map shows and does not claim, its sources and their licences, credits, notices, keys.

import { element, fill, safeLink } from "./dom.js";
import { icon } from "./icons.js";
import { layerTitle } from "./names.js";
import { currentLanguage, formatDate, pickText, t } from "./texts.js";

// Software inside the page that is not ours, with what its licence asks us to say.
const THIRD_PARTY = [
  ["Leaflet 1.9.4", "https://leafletjs.com", "© 2010-2023 Volodymyr Agafonkin, © 2010-2011 CloudMade. BSD-2-Clause"],
  ["Folium", "https://python-visualization.github.io/folium/", "© 2013 Rob Story. MIT"],
  ["Shyrdak", "", "MIT"],
];
const KEYS = [
  ["/", "key_search"], ["t", "key_table"], ["[  ]", "key_time"], ["Esc", "key_escape"], ["?", "key_help"],
];

// Gives {open, write}; `open("keys")` shows the keyboard part.
export function createAbout(page, host) {
  const dialog = element("dialog", { class: "geo-dialog", "aria-labelledby": "geo-about-title" });
  host.append(dialog);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });

  function write() {
    const { atlas, map } = page.head;
    const close = element("button", { class: "geo-button", type: "button", "aria-label": t("close"), onclick: () => dialog.close() }, icon("close"));
    fill(dialog, element("div", { class: "geo-about" },
      element("div", { class: "geo-about-head" },
        element("div", {}, element("p", { class: "geo-kicker" }, pickText(atlas.title)),
          element("h2", { class: "geo-title", id: "geo-about-title" }, pickText(map.title))), close),
      paragraphs(pickText(map.description)),
      paragraphs(pickText(atlas.about)),
      part("about_borders", element("p", {}, t("about_borders_text"))),
      part("about_layers", layerList(page)),
      part("about_dates", element("p", {}, t("about_dates_text"))),
      part("sources", sourceTable(page)),
      atlas.credits.length > 0 && part("about_credits", creditList(atlas.credits)),
      part("about_keys", keyList()),
      part("about_notices", noticeList()),
      part("about_file", element("p", {}, fileText(page))),
      currentLanguage() === "ky" && element("p", { class: "geo-fine" }, t("about_unreviewed")),
    ));
  }

  function open(at) {
    write();
    if (!dialog.open) dialog.showModal();
    const target = at && dialog.querySelector(`.geo-about-${at}`);
    if (target) target.scrollIntoView();
    else dialog.scrollTop = 0;
  }

  return { open, write: () => dialog.open && write() };
}

function part(key, content) {
  return element("section", { class: `geo-about-part geo-${key.replaceAll("_", "-")}` }, element("h3", {}, t(key)), content);
}

function paragraphs(text) {
  return text.split(/\n\s*\n/).filter(Boolean).map((words) => element("p", {}, words.trim()));
}

function layerList(page) {
  return element("ul", { class: "geo-about-list" }, [...page.layers].reverse().map((layer) => element("li", {},
    element("strong", {}, layerTitle(layer)), ` ${t("features", { n: layer.n })}`,
    layer.head.unlocated > 0 && `, ${t("not_located", { n: layer.head.unlocated })}`,
    ...[layer.head.description, layer.head.attribution].map((text) => pickText(text) && element("p", { class: "geo-fine" }, pickText(text))))));
}

function sourceTable(page) {
  const sources = Object.values(page.sources).sort((a, b) => a.citation.localeCompare(b.citation));
  return element("ul", { class: "geo-about-list" }, sources.map(({ citation, url, licence }) => element("li", {},
    citation, " ", url && safeLink(url, url), licence && element("p", { class: "geo-fine" }, licence))));
}

function creditList(credits) {
  return element("ul", { class: "geo-about-list" }, credits.map(({ title, licence, url, note }) => element("li", {},
    url ? safeLink(url, pickText(title)) : pickText(title), licence && ` ${licence}`,
    pickText(note) && element("p", { class: "geo-fine" }, pickText(note)))));
}

function keyList() {
  return element("dl", { class: "geo-keys" }, KEYS.map(([keys, words]) => element("div", {},
    element("dt", {}, keys.split("  ").map((key) => element("kbd", {}, key))), element("dd", {}, t(words)))));
}

function noticeList() {
  const items = THIRD_PARTY.map(([title, url, terms]) => element("li", {}, url ? safeLink(url, title) : title, `. ${terms}`));
  return [
    element("ul", { class: "geo-about-list" }, items),
    element("details", {}, element("summary", {}, t("licence_of", { name: "Leaflet" })),
      element("p", { class: "geo-fine", lang: "en" }, t("licence_bsd2"))),
  ];
}

function fileText(page) {
  const { atlas, format, blob } = page.head;
  const edition = atlas.edition ? t("about_edition", { date: formatDate(atlas.edition) }) : "";
  return `${edition} ${t("about_format", { format: String(format) })} SHA-256 ${blob.sha256}`.trim();
}
