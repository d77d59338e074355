// The index page's one control: the language. Chosen by the browser at first, kept in the address.
(function () {
  "use strict";
  const select = document.getElementById("geo-language");
  if (!select) return;
  const known = [...select.options].map((option) => option.value);
  const asked = new URLSearchParams(location.hash.slice(1)).get("lang");
  const preferred = [asked, ...navigator.languages.map((tag) => tag.slice(0, 2))].find((tag) => known.includes(tag));
  const show = (language) => {
    document.documentElement.lang = language;
    select.value = language;
    const title = document.querySelector(`h1 span[lang="${language}"]`);
    if (title) document.title = title.textContent;
  };
  show(preferred || document.documentElement.lang);
  select.addEventListener("change", () => {
    show(select.value);
    try {
      history.replaceState(null, "", `#lang=${select.value}`);
    } catch {
      // A frame without an address of its own: the choice just is not kept.
    }
  });
})();
