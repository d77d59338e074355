// Keep the address behind "#" and the state in step, both ways.

import { whenStill } from "../draw/navigate.js";
import { STATE_DEFAULTS } from "../state/store.js";
import { t } from "../words/texts.js";
import { readHash, writeHash } from "./hash.js";

const WRITE_MS = 400; // at least from change to change: browsers refuse more than some 100 of the address in 30 s
const SOON_MS = 100; // the map comes first
const PART_LETTERS = 30, PARTS_TOLD = 5; // of what cannot be read

// Take over the address the page was opened with: {patch, view}; what is broken is told once the page stands.
export function readAddress(page, facets) {
  return readHash(location.hash, page, facets) ?? { patch: {}, view: null, broken: [] };
}

// `start` is the state of a page without an address. Of the screen: inset() is what card or step of an address cover there,
// around() shows what an address without a view names, reveal() the feature of the card. Gives
//   link()             null where the page has no address, in a notebook's frame
//   look(view, inset)  shows the view of an address
//   lookAgain()        shows what was last in the middle there again, where the screen has become another
//   tellBroken(parts)
export function followAddress(store, map, facets, start, notices, { inset, around, reveal }) {
  let timer = 0, written = 0, seen = null;
  // The middle of what is not covered: on another screen that is another part of the map.
  const view = () => {
    const { step, selection } = store.state, { top, right, bottom } = inset();
    const { lat, lng } = map.unproject(map.project(map.getCenter()).subtract([right / 2, (bottom - top) / 2])).wrap();
    return { zoom: map.getZoom(), lat, lon: lng, isBeside: Boolean(step || selection) };
  };
  const look = ({ zoom, lat, lon, isBeside }, { top, right, bottom } = inset()) => {
    const at = Math.max(map.getMinZoom(), Math.min(map.getMaxZoom(), zoom)), offset = isBeside ? [right / 2, (bottom - top) / 2] : [0, 0];
    map.setView(map.unproject(map.project([lat, lon], at).add(offset), at), at, { animate: false });
  };
  const lookAgain = () => {
    if (seen) look(seen);
    reveal();
  };
  const hash = (from) => writeHash({ page: store.page, state: store.state, start: from }, view(), facets);
  const write = () => {
    timer = 0;
    written = performance.now();
    seen = view();
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
    const { patch, view: named } = found, { theme, language } = store.state;
    tellBroken(found.broken);
    if (!patch) return;
    store.set({ ...STATE_DEFAULTS, stack: [], ...start, theme, language, ...patch });
    // The panels follow in the next frame and may leave the map another size: only then is its middle where it stays.
    const go = () => {
      look(named);
      reveal();
    };
    requestAnimationFrame(() => requestAnimationFrame(() => (named ? whenStill(map, go) : around())));
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
  const link = () => location.href.split("#")[0] + hash({ ...start, language: null });
  return { link: location.protocol === "about:" ? null : link, look, lookAgain, tellBroken };
}

// The address as a file that others get has it: without the folders of this machine.
export const passedOn = (link) => (location.protocol === "file:" ? link?.replace(/^[^#]*\//, "") : link);
