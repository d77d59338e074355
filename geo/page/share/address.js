// Keep the address behind "#" and the state in step, both ways.

import { STATE_DEFAULTS } from "../state/store.js";
import { t } from "../words/texts.js";
import { isTracking, readHash, writeHash } from "./hash.js";

const WRITE_MS = 400; // at least from change to change: browsers refuse more than some 100 of the address in 30 s
const SOON_MS = 100; // the map comes first
const PART_LETTERS = 30, PARTS_TOLD = 5; // of what cannot be read

// Take over the address the page was opened with: {patch, view}; what is broken is told once the page stands.
export function readAddress(page, facets) {
  return readHash(location.hash, page, facets) ?? { patch: {}, view: null, broken: [] };
}

// `start` is the state of a page without an address. Gives
//   link()             null where the page has no address, in a notebook's frame
//   tellBroken(parts)
export function followAddress(store, map, camera, facets, start, notices) {
  let timer = 0, written = 0;
  const hash = (from) => writeHash({ page: store.page, state: store.state, start: from }, camera.viewNow(), facets);
  const write = () => {
    timer = 0;
    written = performance.now();
    try {
      history.replaceState(null, "", hash(start));
    } catch {
      // A notebook's frame has no address of its own to change.
    }
  };
  const writeSoon = () => {
    timer ||= setTimeout(write, Math.max(SOON_MS, written + WRITE_MS - performance.now()));
  };
  store.listen((changed) => changed.some((key) => key in STATE_DEFAULTS) && writeSoon());
  map.on("moveend", writeSoon);
  addEventListener("hashchange", ({ newURL }) => {
    // The address that was gone to: by now write() may have put that of the state before in its place.
    const found = readHash(new URL(newURL).hash, store.page, facets);
    if (!found) return;
    const { patch, view } = found, { theme, language } = store.state;
    tellBroken(found.broken);
    if (!patch) return;
    store.set({ ...STATE_DEFAULTS, stack: [], ...start, theme, language, ...patch });
    camera.follow(view);
  });
  // What could not be read leaves the address, too.
  function tellBroken(broken) {
    if (!broken.length) return;
    const cut = (part) => (part.length > PART_LETTERS ? `${part.slice(0, PART_LETTERS)}…` : part);
    const parts = [...new Set(broken.map(cut))], more = parts.length > PARTS_TOLD ? ["…"] : [];
    notices.tell(t("address_broken", { parts: [...parts.slice(0, PARTS_TOLD), ...more].join(", ") }));
    writeSoon();
  }
  // Who is given a link may read another language by themselves.
  const link = () => untracked(location.href.split("#")[0]) + hash({ ...start, language: null });
  return { link: location.protocol === "about:" ? null : link, tellBroken };
}

// Who came by a tracked link passes on the page alone.
function untracked(address) {
  const [place, ...query] = address.split("?");
  const kept = query.join("?").split("&").filter((part) => part && !isTracking(part));
  return place + (kept.length ? `?${kept.join("&")}` : "");
}

// Whether the page around this one may keep files from being saved: it does not tell where it is of another origin.
export function mayHoldFiles() {
  if (window.top === window || location.protocol === "about:") return false; // a notebook's frame
  const frame = window.frameElement;
  return !frame || (frame.hasAttribute("sandbox") && !frame.sandbox.contains("allow-downloads"));
}

// The address as a file that others get has it: without the folders of this machine.
export const passedOn = (link) => (location.protocol === "file:" ? link?.replace(/^[^#]*\//, "") : link);
