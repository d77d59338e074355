// The regions of the page around the map. On a wide screen: header, tabs and panel in a column on the left, card over the map,
// table and time bar under it. On a phone: tabs at the bottom, and one sheet above them, or beside the map, that holds
// whichever is open.

import { element, fill } from "../elements/dom.js";
import { icon } from "../elements/icons.js";
import { createGrip } from "../elements/sheet.js";
import { pickText, t } from "../words/texts.js";

// As the styles ask, too: a phone, and one that lies on its side.
const PHONE = "(max-width: 640px), (max-height: 480px)", FLAT = "(min-width: 560px) and (max-height: 480px)";
const CARD_MARGIN_PX = 12;
const SHEET = { share: 0.5, px: 380 }; // of the window's height; its width where it stands beside the map
const TOOLS_PX = 54; // a phone's tools, one row at the top of the map
const TWO_HEIGHTS = ["layers", "filters", "story", "table", "card"]; // the other sheets are low
const SIDES = ["layers", "filters", "story"]; // one at a time in the column
const TABS = [...SIDES, "time", "table", "menu"];

// Build the regions around Leaflet's element and move it into <main>. Gives the slots that panels fill.
export function createLayout(mapElement, page) {
  const phone = matchMedia(PHONE), flat = matchMedia(FLAT);
  const hasStory = page.steps.length > 0;
  const slots = {
    search: element("div.geo-search", { role: "search" }),
    layers: element("section.geo-panel.geo-panel-layers", { id: "geo-layers" }),
    filters: element("section.geo-panel.geo-panel-filters", { id: "geo-filters" }),
    story: element("section.geo-panel.geo-panel-story", { id: "geo-story" }),
    menu: element("section.geo-menu", { id: "geo-menu" }),
    card: element("section.geo-card", { id: "geo-card", tabindex: "-1" }),
    tools: element("div.geo-tools"),
    foot: element("div.geo-mapfoot"),
    print: element("footer.geo-print"),
    table: element("section.geo-drawer", { id: "geo-table" }),
    time: element("section.geo-time", { id: "geo-time" }),
    stage: element("div.geo-stage"),
    summary: element("div.geo-summary"),
  };
  const kicker = element("p.geo-kicker");
  const heading = element("h1.geo-title");
  const lead = element("p.geo-lead");
  const skip = element("button.geo-skip", { onclick: () => mapElement.querySelector(".geo-feature-keys").focus() });
  const folder = element("button.geo-button.geo-fold", { onclick: () => fold(!isFolded) }, icon("back"));
  const header = element("header.geo-header", skip, folder, kicker, heading, lead, slots.search, slots.summary);
  const tabs = element("nav.geo-tabs");
  const column = element("aside.geo-side", slots.layers, slots.filters, hasStory && slots.story, slots.menu);
  const main = element("main.geo-main", slots.stage, slots.table, slots.time);
  const app = element("div.geo-app", header, tabs, column, main, slots.print);
  const grip = createGrip(app, resize);
  tabs.after(grip);
  let side = "layers", sheet = "", hasTable = false, hasCard = false, isFolded = false, isTall = false;
  let under = ""; // the sheet that the card has taken the place of: closed, it gives it back

  const found = mapElement.closest("main") ?? mapElement;
  found.replaceWith(app);
  slots.stage.append(mapElement, slots.tools, slots.foot, slots.card);

  const buttons = new Map(TABS.filter((name) => name !== "story" || hasStory).map((name) => [name, tabButton(name, show)]));
  tabs.append(...buttons.values());
  const listeners = new Set();

  // Open a region; on a phone the open one closes when its tab is pressed again, on a wide screen only the table does.
  function show(name, { toggle = false } = {}) {
    const isOpen = open(name);
    if (SIDES.includes(name)) side = name;
    if (name === "table") hasTable = !(toggle && isOpen);
    if (name === "card") hasCard = true;
    if (sheet !== name) isTall = false;
    if (name === "card" && sheet !== name) under = sheet;
    if (toggle && isOpen) leave(name);
    else sheet = name;
    settle();
  }

  // A sheet that closes leaves its place to the card that it, or that itself had, covered.
  function leave(name) {
    if (under === name) under = "";
    if (sheet === name) sheet = name === "card" ? under : hasCard ? "card" : "";
  }

  function resize(by) {
    if (by < 0 && !isTall) {
      under = "";
      return hide(sheet);
    }
    isTall = by > 0 || (by === 0 && !isTall);
    return settle();
  }

  function hide(name) {
    if (name === "table") hasTable = false;
    if (name === "card") hasCard = false;
    leave(name);
    settle();
  }

  // The open sheet of a phone, or of a page made as large as one; its tab takes the focus.
  function closeSheet() {
    if (!phone.matches || !sheet) return;
    const tab = buttons.get(sheet);
    hide(sheet);
    tab?.focus();
  }

  function open(name) {
    if (phone.matches) return sheet === name;
    return { table: hasTable, card: hasCard, time: true, menu: true }[name] ?? side === name;
  }

  // What a phone's tools and `over`, a region that is open or about to be, cover of the map: {top, right, bottom} in px.
  function inset(over = "card") {
    const top = phone.matches ? TOOLS_PX : 0;
    if (!over) return { top, right: 0, bottom: 0 };
    if (flat.matches) return { top, right: SHEET.px, bottom: 0 };
    if (phone.matches) return { top, right: 0, bottom: TWO_HEIGHTS.includes(over) ? innerHeight * SHEET.share : slots[over].offsetHeight };
    const width = parseFloat(getComputedStyle(slots.card).width) + CARD_MARGIN_PX; // before it is opened, too
    return { top, right: slots.stage.clientWidth > 2 * width ? width : 0, bottom: 0 };
  }

  // What is covered now.
  const covered = () => inset(phone.matches ? sheet : hasCard && "card");

  // What lies over the map, as boxes [left, top, width, height] of its element, in px.
  function covers() {
    const { left, top } = mapElement.getBoundingClientRect();
    return [...slots.tools.children, ...slots.foot.children, slots.card].map((over) => {
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
    const opened = [...TABS, "card"].filter((name) => slots[name].hidden && open(name));
    for (const name of [...TABS, "card"]) slots[name].hidden = !open(name);
    buttons.get(left)?.focus();
    for (const [name, button] of buttons) button.setAttribute("aria-expanded", String(open(name)));
    app.classList.toggle("geo-tall", isTall);
    app.classList.toggle("geo-folded", isFolded);
    grip.hidden = !TWO_HEIGHTS.includes(sheet);
    grip.setAttribute("aria-expanded", String(isTall));
    folder.setAttribute("aria-expanded", String(!isFolded));
    for (const listener of listeners) listener(opened);
  }

  // Write the words of the frame, again after each change of language.
  function write() {
    const { atlas, map } = page.head;
    kicker.textContent = pickText(atlas.title);
    heading.textContent = pickText(map.title);
    lead.textContent = pickText(map.description);
    lead.hidden = !lead.textContent;
    kicker.hidden = kicker.textContent === heading.textContent;
    for (const [name, button] of buttons) fill(button, icon(name), element("span", t(`tab_${name}`)));
    skip.textContent = t("skip_to_map");
    for (const name of ["aria-label", "title"]) folder.setAttribute(name, t("side_fold"));
    grip.setAttribute("aria-label", t("sheet_taller"));
    const labels = { search: "search", layers: "tab_layers", filters: "tab_filters", menu: "tab_menu",
      table: "tab_table", time: "tab_time" };
    for (const [slot, key] of Object.entries(labels)) slots[slot].setAttribute("aria-label", t(key));
    tabs.setAttribute("aria-label", t("tabs"));
    column.setAttribute("aria-label", t("side"));
    mapElement.setAttribute("aria-label", t("map_label", { title: pickText(map.title) }));
  }

  phone.addEventListener("change", settle);
  settle();
  return {
    app, slots, show, hide, open, fold, closeSheet, write, inset, covered, covers,
    isPhone: () => phone.matches,
    tab: (name) => buttons.get(name),
    listen: (listener) => listeners.add(listener),
  };
}

function tabButton(name, show) {
  return element("button", {
    class: `geo-tab geo-tab-${name}`, "aria-controls": `geo-${name}`,
    onclick: () => show(name, { toggle: true }),
  });
}
