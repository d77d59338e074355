// The foot of the side panel: language, theme, About.

import { element, fill } from "./dom.js";
import { icon } from "./icons.js";
import { languageName, t } from "./texts.js";

export function createMenu(store, slot, { about }) {
  function write() {
    const { languages } = store.page;
    fill(slot,
      languages.length > 1 && choice("language", element("span", {}, t("language")), languages.map((language) => [language, languageName(language)])),
      choice("theme", [icon("contrast"), element("span", { class: "geo-theme-label" }, t("theme"))], ["auto", "light", "dark"].map((theme) => [theme, t(`theme_${theme}`)])),
      element("button", { class: "geo-link-button", type: "button", onclick: about }, t("about")));
  }

  // The select keeps the focus when its own change rewrites the menu.
  function choice(key, label, options) {
    const select = element("select", { class: `geo-select geo-${key}`, onchange: () => {
      store.set({ [key]: select.value });
      slot.querySelector(`.geo-${key}`).focus();
    } }, options.map(([value, words]) => element("option", { value, lang: key === "language" ? value : null }, words)));
    select.value = store.state[key];
    return element("label", { class: "geo-menu-item" }, label, select);
  }

  return { write };
}
