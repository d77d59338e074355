// The reader's state as the part of the address behind "#": short, versioned, safe to share.
//
//   #v1&at=6.5/41.2/74.6&on=bases,dams&order=dams,bases&alpha=dams:0.5&t=2001/2014&undated=hide&f.status=operating
//      &f.mw=100..2000&q=kambarata&card=bases/base-kant&step=kant&lang=ru&theme=dark
//
// Only what differs from the page's own beginning is written. What cannot be read is left out and reported. On their
// way through chats and mail links are escaped once more, get tracking parameters, or the full stop of the sentence
// they stand in: that is undone.

import { layerOf } from "../data/model.js";
import { madeOnce } from "../data/once.js";
import { choiceIn } from "../state/facets.js";
import { findStep, stepState } from "../state/steps.js";
import { STATE_DEFAULTS } from "../state/store.js";
import { momentInputs, parseMoment } from "../words/moments.js";

const HASH_VERSION = "v1";
const VIEW_DECIMALS = 4;
const BESIDE = "beside";
const ZOOM_MOST = 30; // far beyond every map: the map itself stops at its own
// What whole links have been escaped by, however often; the letters that part what a part says; what may follow a link
// in a text, as the address bar has it.
const ESCAPED_WHOLE = /^v\d+%(25)*26/i, ESCAPED_BETWEEN = /%(?:2C|2F|3A)/gi;
const AFTER_LINK = /(?:[.,;:!?)\]'*_]|%22|%3E|%C2%BB|%E2%80%9D)+$/i;
const TRACKING = /^(?:utm_\w+|\w*clid|igsh|igshid|mc_[ce]id|_openstat)=/i;

// store: state and page; view: {zoom, lat, lon, isBeside} or null, isBeside: it is the middle of what card or step
// leave free; facets: as facetsOf gives them.
export function writeHash({ page, state, start }, view, facets) {
  const parts = [HASH_VERSION];
  const add = (key, value) => parts.push(`${key}=${value}`);
  const numbers = view && [view.zoom, view.lat, view.lon].map((number) => +number.toFixed(VIEW_DECIMALS));
  if (view) add("at", [...numbers, ...(view.isBeside ? [BESIDE] : [])].join("/"));
  if (!isSameSet(state.shown, start.shown)) add("on", state.shown.map(encode).join());
  if (state.order?.some((id, at) => id !== page.layers[at].id)) add("order", state.order.map(encode).join());
  const faint = Object.entries(state.opacity).filter(([, opacity]) => opacity !== 1);
  if (faint.length) add("alpha", faint.map(([id, opacity]) => `${encode(id)}:${opacity}`).join());
  if (state.time) add("t", momentInputs(state.time).join("/"));
  if (state.undated !== STATE_DEFAULTS.undated) add("undated", state.undated);
  for (const facet of facets) {
    const { key, kind } = facet, choice = choiceIn(state.facets, facet);
    if (!choice) continue;
    if (kind === "range") add(`f.${encode(key)}`, choice.join(".."));
    else add(`f.${encode(key)}`, kind === "flag" ? "1" : choice.map(encode).join());
  }
  if (state.search) add("q", encode(state.search));
  if (state.selection) add("card", cardName(page, state.selection));
  if (state.step) add("step", encode(state.step));
  if (state.language !== start.language) add("lang", state.language);
  if (state.theme !== STATE_DEFAULTS.theme) add("theme", state.theme);
  return `#${parts.join("&")}`;
}

// {patch, view, broken}: what to set in the store, where to look, the names of the parts that could not be read.
// null for an address without a state; no patch where it is another page's anchor or of another version.
export function readHash(hash, page, facets) {
  const [version, ...written] = unescaped(hash.replace(/^#/, "")).split("&");
  const parts = written.filter((part) => !isTracking(part));
  if (!version) return null;
  if (version !== HASH_VERSION) return { patch: null, view: null, broken: [version] };
  const found = { patch: {}, view: null, broken: [] };
  const isRead = (part) => {
    const [key, ...text] = part.split("=");
    try {
      return readPart(found, key, text.join("="), page, facets);
    } catch {
      return false; // a % that encodes nothing
    }
  };
  for (const [at, part] of parts.entries()) {
    // Only what cannot be read as it stands: a value may have such letters of its own.
    const bare = (at === parts.length - 1 ? part.replace(AFTER_LINK, "") : part).replace(/%3D/i, "=");
    const ways = [part, bare, bare.replace(ESCAPED_BETWEEN, decodeURIComponent)];
    if (!ways.some(isRead)) found.broken.push(bare.split("=")[0]);
  }
  // A link written by hand may name a step alone; with a view it is a whole state, that of a reader who looked around
  // from there.
  if (found.patch.step && !found.view) {
    found.patch = { ...stepState(page, findStep(page, found.patch.step)), ...found.patch };
  }
  return found;
}

export const isTracking = (part) => TRACKING.test(part);

// A link as it was written; letters beyond ASCII stay escaped.
function unescaped(text) {
  const letterOf = (_, code) => String.fromCharCode(parseInt(code, 16));
  let plain = text;
  while (ESCAPED_WHOLE.test(plain)) plain = plain.replace(/%([0-7][0-9A-F])/gi, letterOf);
  return plain.replaceAll("&amp;", "&").replace(/\?\w+=.*$/, ""); // a value has its "?" escaped
}

function readPart(found, key, text, page, facets) {
  const { patch } = found, ids = page.layers.map(({ id }) => id);
  const items = text.split(",").map(decodeURIComponent); // one, "", of no text
  const layers = [...new Set(items)].filter((id) => ids.includes(id));
  const isWhole = !text || layers.length === items.length;
  const oneOf = (...values) => (values.includes(text) ? text : null);
  const put = (name, value) => {
    if (value === null) return false;
    patch[name] = value;
    return true;
  };
  switch (key) {
    case "at": {
      const [zoom, lat, lon] = text.split("/").map(numberOf), isBeside = text.endsWith(`/${BESIDE}`);
      const isPlace = Math.abs(zoom) <= ZOOM_MOST && Math.abs(lat) <= 90 && Math.abs(lon) <= 360; // NaN is none
      if (isPlace) found.view = { zoom, lat, lon, ...(isBeside && { isBeside }) };
      return isPlace;
    }
    case "on": return put("shown", layers.length || !text ? layers : null) && isWhole;
    case "order":
      // A layer that is newer than the link has the place among the others that the map gives it.
      for (const [at, id] of ids.entries()) if (!layers.includes(id)) layers.splice(at, 0, id);
      return put("order", layers) && isWhole;
    case "alpha": {
      const pairs = text.split(",").map((pair) => pair.split(":"))
        .map(([id, opacity]) => [decodeURIComponent(id), numberOf(opacity)]);
      const known = pairs.filter(([id, opacity]) => ids.includes(id) && opacity >= 0 && opacity <= 1);
      return put("opacity", known.length ? Object.fromEntries(known) : null) && known.length === pairs.length;
    }
    case "t": {
      const [from, to = from, ...more] = text.split("/").map(parseMoment), isPeriod = text.includes("/");
      const isTime = from && to && from.from <= to.to && !more.length;
      return put("time", isTime ? { from: from.from, to: to.to, ...(isPeriod && { isPeriod }) } : null);
    }
    case "undated": return put("undated", oneOf("show", "fade", "hide"));
    case "q": return put("search", decodeURIComponent(text).trim()); // as the field has it
    case "card": return put("selection", cardOf(page, text));
    case "step": return put("step", findStep(page, decodeURIComponent(text))?.id ?? null);
    case "lang": return put("language", oneOf(...page.languages));
    case "theme": return put("theme", oneOf("auto", "light", "dark"));
    default: {
      const facet = key.startsWith("f.") && facets.find((known) => known.key === decodeURIComponent(key.slice(2)));
      const choice = facet ? choiceOf(facet, text, items) : null;
      if (choice === null) return false;
      patch.facets = { ...patch.facets, [facet.key]: choice };
      return facet.kind !== "values" || choice.length === items.length;
    }
  }
}

// As a table may say yes and no, by hand.
const YES_OR_NO = new Map([["yes", "true"], ["1", "true"], ["no", "false"], ["0", "false"]]);

// What a facet's part says, null for nothing that it has; of `items` "" is what has no value.
function choiceOf({ kind, values, field }, text, items) {
  if (kind === "flag") return (YES_OR_NO.get(text) ?? text) === "true" ? true : null;
  if (kind === "values") {
    const asWritten = field?.type === "boolean" ? items.map((value) => YES_OR_NO.get(value) ?? value) : items;
    const known = asWritten.filter((value) => !value || values.includes(value));
    return known.length ? known : null; // of values that are gone alone, all would be hidden
  }
  const [low, high, ...more] = text.split("..").map(numberOf);
  return Number.isFinite(low) && Number.isFinite(high) && low <= high && !more.length ? [low, high] : null;
}

// "" is no number, for Number() it is 0.
const numberOf = (text) => (text ? Number(text) : NaN);

const cardNames = new WeakMap(); // of each selection once: in a million features the nth is counted in 50 ms

function cardName(page, selection) {
  return madeOnce(cardNames, selection, () => writeCard(page, selection));
}

// A feature by its key, which a new build keeps; of several with one key the nth: "csto/UZB~2".
function writeCard(page, { layer: id, feature }) {
  const keys = layerOf(page, id).column("_key"), key = keys.text(feature);
  let nth = 1;
  for (let i = 0; i < feature; i++) if (keys.text(i) === key) nth++;
  const which = nth > 1 ? `~${nth}` : "";
  return `${encode(id)}/${encode(key)}${which}`;
}

function cardOf(page, text) {
  const [id, name = ""] = text.split("/"), [key, nth = "1"] = name.split("~").map(decodeURIComponent);
  const layer = layerOf(page, decodeURIComponent(id)), keys = layer?.column("_key");
  let left = Number(nth);
  for (let i = 0; i < layer?.n; i++) {
    if (keys.text(i) === key && --left === 0) return { layer: layer.id, feature: i };
  }
  return null;
}

// As encodeURIComponent, and the letter that this form uses itself.
const encode = (text) => encodeURIComponent(text).replaceAll("~", "%7E");

// Of lists without repetition.
const isSameSet = (a, b) => a.length === b.length && a.every((item) => b.includes(item));
