// Single keys for the whole page. They rest while something is typed, with Ctrl, Alt or Meta held, and those that are
// characters where the reader has switched them off: who speaks to a computer types them unasked (WCAG 2.1.4).

// {isOn, set(on)}: kept for this page where the browser keeps anything for it, else for this visit.
export function createKeySwitch() {
  const name = `geo-keys-off ${location.pathname}`;
  const keep = (act) => {
    try {
      return act(localStorage);
    } catch {
      return null; // a frame without an address, or a browser that keeps nothing
    }
  };
  let isOn = null; // asked for when needed: the first look takes the browser some ms
  return {
    get isOn() {
      return isOn ??= !keep((storage) => storage.getItem(name));
    },
    set(on) {
      isOn = on;
      keep((storage) => (on ? storage.removeItem(name) : storage.setItem(name, "1")));
    },
  };
}

const CODE_KEYS = { KeyT: "t", KeyM: "m", BracketLeft: "[", BracketRight: "]" };

// The key of an event; where the keyboard writes another script, what the key says on a Latin one.
export function keyOf({ key, code }) {
  return /[^\p{Script=Latin}\p{Script=Common}]/u.test(key) ? CODE_KEYS[code] ?? key : key;
}

// `acts`: {"/": act, ...}. An act that returns false leaves the key to the browser.
export function listenToKeys(keys, acts) {
  document.addEventListener("keydown", (event) => {
    const { target } = event, key = keyOf(event), act = acts[key];
    const isCombined = event.ctrlKey || event.altKey || event.metaKey;
    if (!act || event.defaultPrevented || isCombined || document.querySelector("dialog[open]")) return;
    if (key.length === 1 && !keys.isOn) return;
    const isTyping = target.closest?.("input:not([type=checkbox], [type=radio], [type=range]), select, textarea");
    if (isTyping && key !== "Escape") return;
    if (act() !== false) event.preventDefault();
  });
}
