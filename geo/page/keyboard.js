// Single keys for the whole page. They rest while something is typed, or with Ctrl, Alt or Meta held.

// `keys`: {"/": act, ...}. Gives nothing; an act that returns false leaves the key to the browser.
export function listenToKeys(keys) {
  document.addEventListener("keydown", (event) => {
    const act = keys[event.key];
    if (!act || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
    const isTyping = event.target.closest?.("input:not([type=checkbox], [type=radio], [type=range]), select, textarea");
    if (isTyping && event.key !== "Escape") return;
    if (act() !== false) event.preventDefault();
  });
}
