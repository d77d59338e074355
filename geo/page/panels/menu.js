// The foot of the side panel: language, theme, About.

import { linkButton, selectOf } from "../elements/controls.js";
import { element, fill } from "../elements/dom.js";
import { icon } from "../elements/icons.js";
import { languageName, t } from "../words/texts.js";

export function createMenu(store, slot, openAbout) {
  const { languages } = store.page;

  function write() {
    fill(slot,
      languages.length > 1
        && choice("language", "globe", languages.map((language) => [language, languageName(language), language])),
      choice("theme", "contrast", ["auto", "light", "dark"].map((theme) => [theme, t(`theme_${theme}`)])),
      linkButton(t("about"), openAbout));
  }

  function choice(key, picture, options) {
    const select = selectOf(store.state[key], options, (value) => {
      store.set({ [key]: value });
      // The language rewrites the menu in the next frame; the control keeps the focus.
      requestAnimationFrame(() => requestAnimationFrame(() => slot.querySelector(`.geo-${key}`).focus()));
    }, { class: `geo-${key}` });
    return element("label.geo-menu-item", icon(picture), element("span.geo-menu-label", t(key)), select);
  }

  // An address may bring another theme; another language writes all anew.
  store.listen((changed, { theme }) => {
    if (changed.includes("theme")) for (const select of slot.querySelectorAll(".geo-theme")) select.value = theme;
  });

  return { write };
}
