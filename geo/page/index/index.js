// The index page's one control: the language. Chosen by the browser at first, kept in the address and taken to the
// maps.
(function () {
  "use strict";
  const select = document.getElementById("geo-language");
  if (!select) return;
  const known = [...select.options].map((option) => option.value);
  const asked = new URLSearchParams(location.hash.slice(1)).get("lang");
  // A language without a catalogue has its code: the browser may know a name, as for geo/page/words/texts.js.
  for (const option of select.options) {
    const [tag] = (option.text === option.value && Intl.DisplayNames?.supportedLocalesOf(option.value)) || [];
    const name = tag && new Intl.DisplayNames(tag, { type: "language" }).of(tag);
    if (name) option.text = name[0].toLocaleUpperCase(tag) + name.slice(1);
  }
  const links = document.querySelectorAll(".geo-map-card a");
  const wanted = navigator.languages.map((tag) => tag.split("-")[0]);
  const preferred = [asked, ...wanted].find((language) => known.includes(language));
  const show = (language) => {
    document.documentElement.lang = language;
    select.value = language;
    const title = document.querySelector(`h1 span[lang="${language}"]`);
    if (title) document.title = title.textContent;
  };
  // The hash of a map, as geo/page/share/hash.js writes it.
  const takeAlong = (language) => links.forEach((link) => {
    link.hash = `#v1&lang=${language}`;
  });
  show(preferred || document.documentElement.lang);
  if (preferred === asked) takeAlong(asked);
  select.addEventListener("change", () => {
    show(select.value);
    takeAlong(select.value);
    try {
      history.replaceState(null, "", `#lang=${select.value}`);
    } catch {
      // A frame without an address of its own: the choice just is not kept.
    }
  });
})();
