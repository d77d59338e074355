// The native controls that panels are made of.

import { element } from "./dom.js";
import { icon } from "./icons.js";

// A button that is a picture: its words are its name and its tip.
export function iconButton(name, words, onclick, attributes = {}) {
  return element("button.geo-button", { "aria-label": words, title: words, onclick, ...attributes }, icon(name));
}

// A framed button with words, after a picture where `name` is given.
export function textButton(words, onclick, name = "", attributes = {}) {
  return element("button.geo-button.geo-button-text", { onclick, ...attributes }, name && icon(name), words);
}

// A button that reads as a link in the text.
export function linkButton(words, onclick, attributes = {}) {
  return element("button.geo-link-button", { onclick, ...attributes }, words);
}

// options: [[value, words], ...]; attributes may name the language of one by `lang(value)`.
export function selectOf(value, options, onchange, { lang = () => null, class: extra = "", ...attributes } = {}) {
  const select = element("select", { class: `geo-select ${extra}`, onchange: () => onchange(select.value), ...attributes },
    options.map(([each, words]) => element("option", { value: each, lang: lang(each) }, words)));
  select.value = value;
  return select;
}

export function checkbox(onchange, attributes = {}) {
  const box = element("input", { type: "checkbox", onchange: () => onchange(box.checked), ...attributes });
  return box;
}

// A modal dialog that a press beside it or Esc closes. write() gives its content; `title` its heading.
export function createDialog(host, name, write) {
  const dialog = element("dialog", { class: `geo-dialog geo-${name}`, "aria-labelledby": `geo-${name}-title` });
  // Pressed, not clicked: a text selected beyond the edge ends beside it, too. Its own blank space is the dialog as well.
  dialog.addEventListener("mousedown", ({ target, clientX: x, clientY: y }) => {
    const { left, right, top, bottom } = dialog.getBoundingClientRect();
    if (target === dialog && (x < left || x > right || y < top || y > bottom)) dialog.close();
  });
  host.append(dialog);
  const rewrite = () => dialog.replaceChildren(...write(dialog));
  return {
    dialog,
    write: () => dialog.open && rewrite(),
    close: () => dialog.close(),
    open() {
      rewrite();
      if (!dialog.open) dialog.showModal();
      dialog.scrollTop = 0;
    },
  };
}

// The head of a dialog: heading and close button.
export function dialogHead(name, title, closeWords, close, above = null) {
  return element("div.geo-about-head",
    element("div", above, element("h2.geo-title", { id: `geo-${name}-title` }, title)), iconButton("close", closeWords, close));
}
