// Tell readers what happened: politely to screen readers, and as a short note on the page where sight needs it too.

import { element } from "../elements/dom.js";
import { shownOfAll } from "../state/store.js";
import { t } from "../words/texts.js";

const NOTE_MS = 4000, LETTER_MS = 60; // at least, and of a long note to be read
const QUIET_MS = 400; // a slider in motion must not talk at every step: the last text is the one said

export function createNotices(store, host) {
  const spoken = element("div.geo-hidden", { "aria-live": "polite", role: "status" });
  const note = element("div.geo-note", { hidden: true, "aria-hidden": "true" }); // spoken has its words
  host.append(spoken, note);
  let sayTimer = 0, noteTimer = 0;

  // What the eye sees already: counts, the year, an opened card.
  function say(text) {
    clearTimeout(sayTimer);
    sayTimer = setTimeout(() => spoken.replaceChildren(text), QUIET_MS);
  }

  // What nothing else on the page shows: "copied", "this link could not be read".
  function tell(text) {
    say(text);
    note.textContent = text;
    note.hidden = false;
    clearTimeout(noteTimer);
    noteTimer = setTimeout(hide, Math.max(NOTE_MS, text.length * LETTER_MS));
  }

  function hide() {
    note.hidden = true;
  }

  async function copy(text) {
    tell(t(await copyText(text) ? "copied" : "copy_failed", { text }));
  }

  return { say, sayShown: () => say(t("features_shown", shownOfAll(store))), tell, hide, copy };
}

// Where the page may not use the clipboard (a notebook's frame), through a selected field.
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const held = document.activeElement, field = element("textarea.geo-hidden", { "aria-hidden": "true", value: text });
    document.body.append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    held.focus({ preventScroll: true });
    return copied;
  }
}
