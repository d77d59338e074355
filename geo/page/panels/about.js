// The About dialog: what the map shows and does not claim, its sources and their licences, credits, notices, keys.

import { checkRow, createDialog } from "../elements/controls.js";
import { element, safeLink } from "../elements/dom.js";
import { layerTitle, paragraphsOf, textElement } from "../words/names.js";
import { currentLanguage, formatDate, pickText, t } from "../words/texts.js";

// Software inside the page that is not ours, with what its licence asks us to say.
const THIRD_PARTY = [
  ["Leaflet 1.9.4", "https://leafletjs.com", "© 2010-2023 Volodymyr Agafonkin, © 2010-2011 CloudMade. BSD-2-Clause"],
  ["Folium", "https://python-visualization.github.io/folium/", "© 2013 Rob Story. MIT"],
  ["Shyrdak", "", "MIT"],
];
const KEYS = [
  ["/", "search"], ["t", "tab_table"], ["[ ]", "key_time"], ["m", "measure"], ["Enter Backspace", "key_points"],
  ["← →", "key_story"], ["← ↑ → ↓ + −", "key_map"],
  ["← ↑ → ↓ Enter", "key_features"], ["↑ ↓ Enter", "key_rows"], ["Home End PgUp PgDn", "key_far"],
  ["Esc", "key_escape"], ["?", "key_help"],
];

// `keys`: as createKeySwitch gives them.
export function createAbout(page, host, keys) {
  const { head: { atlas, map }, basemap } = page;
  const credits = [...atlas.credits, ...(basemap?.credits ?? [])];
  const about = createDialog(host, "about", () => ({
    above: element("p.geo-kicker", pickText(atlas.title)),
    title: pickText(map.title),
    closeWords: t("close"),
    content: content(),
  }));
  const content = () => [
    paragraphsOf(map.description),
    paragraphsOf(atlas.about),
    part("about_borders", element("p", t("about_borders_text")), (basemap?.notes ?? []).map(borderNote)),
    part("tab_layers", list([...page.layers].reverse(), layerLine)),
    part("about_dates", element("p", t("about_dates_text"))),
    part("sources", list(Object.values(page.sources).sort((a, b) => a.citation.localeCompare(b.citation)), sourceLine)),
    credits.length > 0 && part("about_credits", list(credits, creditLine)),
    part("about_keys", element("dl.geo-keys", KEYS.map(([names, words]) => element("div",
      element("dt", names.split(" ").map((name) => element("kbd", name))), element("dd", t(words))))),
      checkRow(keys.set, { checked: keys.isOn }, t("keys_on")), element("p.geo-fine", t("keys_on_hint"))),
    part("about_notices", list(THIRD_PARTY, ([title, url, terms]) => [safeLink(url, title), `. ${terms}`]),
      element("details",
        element("summary", t("licence_of", { name: "Leaflet" })),
        element("p.geo-fine", { lang: "en" }, t("licence_bsd2")))),
    part("about_file", element("p", fileText(page))),
    currentLanguage() === "ky" && element("p.geo-fine", t("about_unreviewed")),
  ];
  const openAt = (key) => () => {
    about.open();
    const heading = about.dialog.querySelector(`#geo-${key}`);
    heading?.scrollIntoView(); // the whole list below it
    heading?.focus();
  };
  return { ...about, openKeys: openAt("about_keys"), openCredits: openAt("about_credits") };
}

function part(key, ...content) {
  return element("section.geo-about-part", element("h3", { id: `geo-${key}`, tabindex: "-1" }, t(key)), content);
}

// How the basemap draws land in dispute, and after whom.
function borderNote({ title, text, sources }) {
  return [textElement("h4", title), textElement("p", text), sources.map((source) => element("p.geo-fine", source))];
}

function list(items, line) {
  return element("ul.geo-about-list", items.map((item) => element("li", line(item))));
}

function layerLine({ n, head }) {
  return [
    element("strong", layerTitle({ head })),
    ` ${t("features", { n })}`,
    head.unlocated > 0 && `, ${t("not_located", { n: head.unlocated })}`,
    textElement("p.geo-fine", head.description), textElement("p.geo-fine", head.attribution),
  ];
}

function sourceLine({ citation, url, licence }) {
  return [citation, " ", safeLink(url, url), licence && element("p.geo-fine", licence)];
}

function creditLine({ title, licence, url, note }) {
  return [safeLink(url, pickText(title)), licence && `. ${licence}`, textElement("p.geo-fine", note)];
}

function fileText({ head: { atlas, format, blob } }) {
  const edition = atlas.edition ? t("about_edition", { date: formatDate(atlas.edition) }) : "";
  const licence = pickText(atlas.licence) && t("about_licence", { licence: pickText(atlas.licence) });
  const formatWords = t("about_format", { format: String(format) });
  return [edition, licence, formatWords, `SHA-256 ${blob.sha256}`].filter(Boolean).join(" ");
}
