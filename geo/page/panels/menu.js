// The foot of the side panel: language, theme, About.

import { linkButton, selectOf } from "../elements/controls.js";
import { element, fill } from "../elements/dom.js";
import { icon } from "../elements/icons.js";
import { languageName, t } from "../words/texts.js";

export function createMenu(store, slot, { about }) {
  const { languages } = store.page;

  function write() {
    fill(slot,
      languages.length > 1 && choice("language", [icon("globe"), label("language")], languages.map((language) => [language, languageName(language)])),
      choice("theme", [icon("contrast"), label("theme")], ["auto", "light", "dark"].map((theme) => [theme, t(`theme_${theme}`)])),
      linkButton(t("about"), about));
  }

  function choice(key, words, options) {
    const lang = key === "language" ? (value) => value : undefined;
    return element("label.geo-menu-item", words, selectOf(store.state[key], options, (value) => {
      store.set({ [key]: value });
      // The language rewrites the menu in the next frame; the control keeps the focus.
      requestAnimationFrame(() => requestAnimationFrame(() => slot.querySelector(`.geo-${key}`).focus()));
    }, { class: `geo-${key}`, lang }));
  }

  // An address may bring another theme; another language writes all anew.
  store.listen((changed, { theme }) => {
    if (changed.includes("theme")) for (const select of slot.querySelectorAll(".geo-theme")) select.value = theme;
  });

  return { write };
}

function label(key) {
  return element("span.geo-menu-label", t(key));
}
