// The regions of the page around the map. On a wide screen: header, tabs and panel in a column on the left, card over
// the map, table and time bar under it. On a phone: tabs at the bottom, and one sheet above them, or beside the map,
// that holds whichever is open.

import { element, fill, setAttributes } from "../elements/dom.js";
import { icon } from "../elements/icons.js";
import { createGrip } from "../elements/sheet.js";
import { pickText, pickTextIn, t } from "../words/texts.js";

// As the styles ask, too: a phone, and one that lies on its side.
const PHONE = "(max-width: 640px), (max-height: 480px)", FLAT = "(min-width: 560px) and (max-height: 480px)";
const CARD_MARGIN_PX = 12, CARD_FOOT_PX = 34;
// Of a map that the card would leave less than 150 px of: there it is at the foot, as the styles say, too.
const NARROW_PX = 513;
const SHEET = { share: 0.5, px: 380 }; // of the window's height; its width where it stands beside the map
const TOOLS_PX = 54; // a phone's tools, one row at the top of the map
const TWO_HEIGHTS = ["layers", "filters", "story", "table", "card"]; // the other sheets are low
const SIDES = ["layers", "filters", "story"]; // one at a time in the column
const TABS = [...SIDES, "time", "table", "menu"];
const REGIONS = [...TABS, "card"];
const LEAD_LETTERS = 250; // a longer description may have to be scrolled on a low screen, by keyboard too

// Moves Leaflet's element into <main>.
export function createLayout(mapElement, page) {
  const phone = matchMedia(PHONE), flat = matchMedia(FLAT);
  const region = (name, classes, attributes) => element(`section.${classes}`, { id: `geo-${name}`, ...attributes });
  const sides = SIDES.map((name) => region(name, `geo-panel.geo-panel-${name}`)), [layers, filters, story] = sides;
  const slots = {
    layers, filters, story,
    search: element("div.geo-search", { role: "search" }),
    menu: region("menu", "geo-menu"),
    card: region("card", "geo-card", { tabindex: -1 }),
    tools: element("div.geo-tools"),
    foot: element("div.geo-mapfoot"),
    print: element("footer.geo-print"),
    table: region("table", "geo-drawer"),
    time: region("time", "geo-time"),
    stage: element("div.geo-stage"),
    summary: element("div.geo-summary"),
  };
  const kicker = element("p.geo-kicker"), heading = element("h1.geo-title"), lead = element("p.geo-lead");
  const skip = element("button.geo-skip", { onclick: () => mapElement.querySelector(".geo-feature-keys").focus() });
  const folder = element("button.geo-button.geo-fold", { onclick: () => fold(!isFolded) }, icon("back"));
  const header = element("header.geo-header", skip, folder, kicker, heading, lead, slots.search, slots.summary);
  const names = TABS.filter((name) => name !== "story" || page.steps.length);
  const buttons = new Map(names.map((name) => [name, tabButton(name)]));
  const tabs = element("nav.geo-tabs", [...buttons.values()]);
  const column = element("aside.geo-side", sides, slots.menu);
  const main = element("main.geo-main", slots.stage, slots.table, slots.time);
  const app = element("div.geo-app", header, tabs, column, main, slots.print);
  const grip = createGrip(app, resize);
  const listeners = [];
  const wide = new Set(["layers", "time", "menu"]); // what is open on a wide screen
  let sheet = "", isFolded = false, isTall = false; // sheet: what is open on a phone
  let under = ""; // the sheet that the card has taken the place of: closed, it gives it back

  (mapElement.closest("main") ?? mapElement).replaceWith(app);
  tabs.after(grip);
  slots.stage.append(mapElement, slots.tools, slots.foot, slots.card);

  function tabButton(name) {
    const toggle = () => show(name, { toggle: true });
    return element(`button.geo-tab.geo-tab-${name}`, { "aria-controls": `geo-${name}`, onclick: toggle });
  }

  // `toggle`: one that is open closes, on a wide screen only the table.
  function show(name, { toggle = false } = {}) {
    if (toggle && open(name)) return hide(name);
    if (SIDES.includes(name)) SIDES.forEach((side) => wide.delete(side));
    wide.add(name);
    if (sheet !== name) isTall = false;
    if (sheet !== name && name === "card") under = sheet;
    sheet = name;
    return settle();
  }

  // A sheet that closes leaves its place to the card that it, or that itself had, covered.
  function hide(name) {
    if (["table", "card"].includes(name)) wide.delete(name);
    if (under === name) under = "";
    if (sheet === name) sheet = name === "card" ? under : wide.has("card") ? "card" : "";
    settle();
  }

  function resize(by) {
    if (by < 0 && !isTall) {
      under = "";
      return hide(sheet);
    }
    isTall = by > 0 || (by === 0 && !isTall);
    return settle();
  }

  // The open sheet of a phone, or of a page made as large as one; its tab takes the focus.
  function closeSheet() {
    if (!phone.matches || !sheet) return;
    const tab = buttons.get(sheet);
    hide(sheet);
    tab?.focus();
  }

  const open = (name) => (phone.matches ? sheet === name : wide.has(name));

  // What a phone's tools and `over`, a region open or about to be, cover of the map: {top, right, bottom} in px.
  function inset(over = "card") {
    const free = { top: phone.matches ? TOOLS_PX : 0, right: 0, bottom: 0 };
    if (!over) return free;
    if (flat.matches) return { ...free, right: SHEET.px };
    if (phone.matches) {
      return { ...free, bottom: TWO_HEIGHTS.includes(over) ? innerHeight * SHEET.share : slots[over].offsetHeight };
    }
    const { clientWidth, clientHeight } = slots.stage;
    if (clientWidth <= NARROW_PX) return { ...free, bottom: CARD_FOOT_PX + clientHeight * SHEET.share };
    // Before it is opened, too.
    return { ...free, right: parseFloat(getComputedStyle(slots.card).width) + CARD_MARGIN_PX };
  }

  // Whether a card leaves less than half of the map.
  const isCardLarge = () => phone.matches || !inset().right || 2 * inset().right > slots.stage.clientWidth;

  const covered = () => inset(phone.matches ? sheet : wide.has("card") && "card");

  // What lies over the map, as boxes [left, top, width, height] of its element, in px.
  function covers() {
    const { left, top } = mapElement.getBoundingClientRect();
    const sheetOrCard = slots[(phone.matches && sheet) || "card"];
    return [...slots.tools.children, ...slots.foot.children, grip, sheetOrCard].map((over) => {
      const box = over.getBoundingClientRect();
      return [box.left - left, box.top - top, box.width, box.height];
    });
  }

  function fold(on) {
    isFolded = on;
    settle();
  }

  // Only what is open is there. Where the focus was in what closes, it goes to the tab that opens it again.
  function settle() {
    const left = TABS.find((name) => !open(name) && slots[name].contains(document.activeElement));
    const opened = REGIONS.filter((name) => slots[name].hidden && open(name));
    for (const name of REGIONS) slots[name].hidden = !open(name);
    buttons.get(left)?.focus();
    for (const [name, button] of buttons) setAttributes(button, { "aria-expanded": open(name) });
    app.classList.toggle("geo-tall", isTall);
    app.classList.toggle("geo-beside", Boolean(sheet));
    app.classList.toggle("geo-folded", isFolded);
    setAttributes(grip, { hidden: !TWO_HEIGHTS.includes(sheet), "aria-expanded": isTall });
    setAttributes(folder, { "aria-expanded": !isFolded });
    for (const listener of listeners) listener(opened);
  }

  function write() {
    const { atlas, map } = page.head;
    for (const [node, texts] of [[kicker, atlas.title], [heading, map.title], [lead, map.description]]) {
      const { text, language } = pickTextIn(texts);
      Object.assign(node, { textContent: text, lang: language });
    }
    setAttributes(lead, { tabindex: lead.textContent.length > LEAD_LETTERS ? 0 : null });
    kicker.hidden = kicker.textContent === heading.textContent;
    for (const [name, button] of buttons) fill(button, icon(name), element("span", t(`tab_${name}`)));
    skip.textContent = t("skip_to_map");
    folder.title = t("side_fold");
    const label = (node, key, values) => setAttributes(node, { "aria-label": t(key, values) });
    for (const name of ["layers", "filters", "menu", "table", "time"]) label(slots[name], `tab_${name}`);
    label(slots.search, "search");
    label(folder, "side_fold");
    label(grip, "sheet_taller");
    label(tabs, "tabs");
    label(column, "side");
    label(mapElement, "map_label", { title: pickText(map.title) });
  }

  phone.addEventListener("change", settle);
  settle();
  return {
    app, slots, show, hide, open, fold, closeSheet, write, inset, isCardLarge, covered, covers,
    isPhone: () => phone.matches,
    tab: (name) => buttons.get(name),
    listen: (listener) => listeners.push(listener),
  };
}
