// The native controls that panels are made of.

import { element, fill, svgElement } from "./dom.js";
import { icon } from "./icons.js";

// A button that is a picture: its words are its name and its tip.
export function iconButton(name, words, onclick, attributes = {}) {
  return element("button.geo-button", { "aria-label": words, title: words, onclick, ...attributes }, icon(name));
}

// A framed button with words, after a picture where `name` is given.
export function textButton(words, onclick, name = "", attributes = {}) {
  return element("button.geo-button.geo-button-text", { onclick, ...attributes }, name && icon(name), words);
}

export function linkButton(words, onclick, attributes = {}) {
  return element("button.geo-link-button", { onclick, ...attributes }, words);
}

// options: [[value, words, language of the words where it is not the page's], ...]
export function selectOf(value, options, onchange, attributes = {}) {
  const select = element("select.geo-select", { onchange: () => onchange(select.value), ...attributes },
    options.map(([each, words, lang]) => element("option", { value: each, lang }, words)));
  select.value = value;
  return select;
}

// A label around its checkbox, which is the label's `control`.
export function checkRow(onchange, attributes, ...words) {
  return element("label.geo-row-label",
    element("input", { type: "checkbox", onchange: ({ target }) => onchange(target.checked), ...attributes }), words);
}

// A handle on a track of its own look (base.css).
export function handle(attributes) {
  return element("input.geo-handle", { type: "range", ...attributes });
}

const GAP = 0.08; // between two bars, of their step

// The bars of a small histogram, one a count, those for which `isInside(at)` holds apart from the others.
export function drawBars(svg, counts, isInside) {
  const top = Math.max(1, ...counts);
  const path = (wanted) => Array.from(counts, (n, at) => (
    n && Boolean(isInside(at)) === wanted ? `M${at + GAP} ${top}v${-n}h${1 - 2 * GAP}v${n}z` : "")).join("");
  svg.setAttribute("viewBox", `0 0 ${counts.length} ${top}`);
  fill(svg, svgElement("path", { d: path(false) }), svgElement("path", { class: "geo-bars-inside", d: path(true) }));
}

export function barsElement() {
  return svgElement("svg", { class: "geo-bars", preserveAspectRatio: "none", "aria-hidden": "true" });
}

// A modal dialog that a press beside it, its button or Esc closes. write() gives {title, above, content, closeWords}:
// `above` stands over the heading.
export function createDialog(host, name, write) {
  const dialog = element(`dialog.geo-dialog.geo-${name}`, { "aria-labelledby": `geo-${name}-title` });
  const close = () => dialog.close();
  // Pressed, not clicked: a text selected beyond the edge ends beside it, too. Its own blank space is the dialog as
  // well.
  dialog.addEventListener("mousedown", ({ target, clientX: x, clientY: y }) => {
    const { left, right, top, bottom } = dialog.getBoundingClientRect();
    if (target === dialog && (x < left || x > right || y < top || y > bottom)) close();
  });
  host.append(dialog);
  const rewrite = () => {
    const { title, above, content, closeWords } = write();
    const heading = element("h2.geo-title", { id: `geo-${name}-title` }, title);
    fill(dialog,
      element("div.geo-dialog-head", element("div", above, heading), iconButton("close", closeWords, close)),
      content);
  };
  return {
    dialog,
    close,
    write: () => dialog.open && rewrite(),
    open() {
      rewrite();
      if (!dialog.open) dialog.showModal();
      dialog.scrollTop = 0;
    },
  };
}
