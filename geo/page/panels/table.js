// The table: the map's accessible twin. A real table of the shown features; only the rows in sight are in the document.

import { isSameFeature } from "../data/model.js";
import { checkbox, iconButton, selectOf, textButton } from "../elements/controls.js";
import { element, fill, holdFocus } from "../elements/dom.js";
import { LAYER_BIT, shownLayers } from "../state/store.js";
import { layerTitle, spokenIn } from "../words/names.js";
import { t } from "../words/texts.js";
import { shownRows, sortRows, tableColumns } from "./rows.js";

const ROWS_AROUND = 12; // rows kept in the document above and below those in sight
const MOST_PX = 10_000_000; // of all rows together: browsers cut what is taller, Firefox from 17.9 million px

// `actions`: {open(selection), exportAs(kind, rows)}. Gives {write, update, select, focus}; fills itself while it is open.
export function createTable(store, slot, layout, actions, notices) {
  const { page } = store;
  const isOpen = () => layout.open("table");
  const hidden = new Set(["source"]);
  let only = ""; // id of the one layer listed, be it on or off; "" = all that are on
  let sort = { id: "", descending: false };
  let rows = null, order = null, columns = [], current = 0, drawn = "";
  let found = null; // the selection whose row was brought into sight

  const head = element("tr", { "aria-rowindex": 1 });
  const body = element("tbody");
  const grid = element("table.geo-table", element("thead", head), body);
  const scroller = element("div.geo-table-scroll", { onscroll: () => draw() }, grid);
  const bar = element("div.geo-table-bar");
  body.addEventListener("keydown", onKey);
  body.addEventListener("click", ({ target }) => {
    const row = target.closest("tr")?.dataset.row;
    if (row !== undefined) open(Number(row));
  });

  function write() {
    fill(slot, bar, scroller);
    writeBar();
    update();
  }

  function writeBar() {
    const layers = [["", t("table_all")], ...[...page.layers].reverse().map((layer) => [layer.id, layerTitle(layer)])];
    fill(bar,
      selectOf(only, layers, (id) => {
        only = id;
        sort = { id: "", descending: false };
        update();
        notices.say(t("features", { n: rows.n }));
      }, { "aria-label": t("table_layer") }),
      element("span.geo-table-count"),
      element("details.geo-columns", { onkeydown: closeColumns }, element("summary", t("table_columns")), element("ul")),
      textButton("CSV", () => actions.exportAs("csv", inOrder()), "download", { title: t("share_csv_hint") }),
      textButton("GeoJSON", () => actions.exportAs("geojson", inOrder()), "download", { title: t("share_geojson_hint") }),
      iconButton("close", t("table_close"), () => layout.hide("table")));
  }

  function closeColumns(event) {
    const { key, currentTarget: details } = event;
    if (key !== "Escape" || !details.open) return;
    details.open = false;
    details.firstChild.focus();
    event.preventDefault(); // the table stays
  }

  // The one layer asked for is listed where it is off, too: a row opened from there switches it on.
  function listed() {
    if (only) return shownRows(store, page.layers.filter(({ id }) => id === only), LAYER_BIT);
    return shownRows(store, shownLayers(store));
  }

  // The rows as they stand in the table.
  function inOrder() {
    const { of, feature } = rows;
    return { ...rows, of: order.map((row) => of[row]), feature: order.map((row) => feature[row]) };
  }

  // Take the shown features anew: the filters, the language or the columns have changed.
  function update() {
    if (!isOpen()) return;
    rows = listed();
    const { layers } = rows;
    const all = layers.length ? tableColumns(page, layers, store.state.time) : [];
    columns = all.filter(({ id }) => !hidden.has(id));
    order = sortRows(rows, all.find(({ id }) => id === sort.id), sort.descending);
    bar.querySelector(".geo-table-count").textContent = t("features", { n: rows.n });
    const [summary, choices] = bar.querySelector(".geo-columns").children;
    const [giveChoice, giveHead] = [choices, head].map(holdFocus);
    fill(choices, all.slice(1).map(({ id, title }) => element("li", element("label.geo-row-label",
      checkbox(() => {
        if (!hidden.delete(id)) hidden.add(id);
        update();
      }, { checked: !hidden.has(id) }), title))));
    giveChoice(summary);
    grid.setAttribute("aria-rowcount", String(rows.n + 1));
    fill(head, columns.map(headCell));
    giveHead(head.querySelector("button"));
    draw(true);
    if (store.state.selection !== found) select(); // it may be listed only now
  }

  function headCell(column) {
    const sorted = sort.id === column.id;
    return element("th", {
      scope: "col", class: column.numeric ? "geo-numeric" : null, "aria-sort": sorted ? (sort.descending ? "descending" : "ascending") : null,
    }, element("button.geo-sort", { "aria-label": column.title, onclick: () => {
      sort = { id: column.id, descending: sorted && !sort.descending };
      update();
    } }, column.title, element("span.geo-sort-mark", { "aria-hidden": "true" }, sorted ? (sort.descending ? "▼" : "▲") : "")));
  }

  // Put the rows in sight into the document, with room above and below for the others.
  function draw(anew = false) {
    const height = rowHeight(), all = Math.min(rows.n * height, MOST_PX), { clientHeight } = scroller;
    // There may be fewer rows than it was scrolled to: the browser mends that after them. The head is one row more.
    const scrollTop = Math.max(0, Math.min(scroller.scrollTop, all + height - clientHeight));
    const top = (scrollTop * spread()) / height;
    const first = Math.max(0, Math.floor(top) - ROWS_AROUND);
    const after = Math.min(rows.n, Math.ceil(top + clientHeight / height) + ROWS_AROUND);
    const wanted = `${first} ${after}`;
    if (!anew && wanted === drawn) return;
    drawn = wanted;
    current = Math.max(first, Math.min(after - 1, current)); // the stop of the Tab key is one of the rows that are there
    const hadFocus = body.contains(document.activeElement);
    const above = Math.max(0, scrollTop - (top - first) * height);
    const below = all - above - (after - first) * height;
    fill(body, spacer(above), Array.from({ length: after - first }, (_, at) => tableRow(first + at)), spacer(below));
    if (hadFocus) focusRow();
  }

  // How many px of rows go by for one that is scrolled: more than 1 where all rows are taller than a box may be.
  function spread() {
    const height = rows.n * rowHeight(), { clientHeight } = scroller;
    return height > MOST_PX ? (height - clientHeight) / (MOST_PX - clientHeight) : 1;
  }

  function rowHeight() {
    return parseFloat(getComputedStyle(slot).getPropertyValue("--geo-row")) || 30;
  }

  function spacer(height) {
    if (height <= 0) return null;
    const row = element("tr", { "aria-hidden": "true" }, element("td", { colspan: Math.max(columns.length, 1) }));
    row.firstChild.style.height = `${height}px`;
    return row;
  }

  function at(row) {
    return { layer: rows.layers[rows.of[order[row]]], feature: rows.feature[order[row]] };
  }

  function tableRow(row) {
    const { layer, feature } = at(row);
    const isSelected = isSameFeature({ layer: layer.id, feature }, store.state.selection);
    return element("tr", { "data-row": row, "aria-rowindex": row + 2, "aria-current": isSelected ? "true" : null },
      columns.map((column, index) => {
        const text = column.text(layer, feature), speech = text && column.language ? spokenIn(column.language(layer, feature)) : {};
        if (index) return element("td", { class: column.numeric ? "geo-numeric" : null, title: text, ...speech }, text);
        return element("th", { scope: "row" }, element("button.geo-row-name", { tabindex: row === current ? 0 : -1, ...speech }, text));
      }));
  }

  function open(row) {
    const { layer, feature } = at(row);
    current = row;
    actions.open({ layer: layer.id, feature });
  }

  function onKey(event) {
    const rowsInSight = Math.max(1, Math.floor(scroller.clientHeight / rowHeight()) - 2);
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: rowsInSight, PageUp: -rowsInSight, Home: -rows.n, End: rows.n };
    if (!(event.key in moves)) return;
    event.preventDefault();
    current = Math.max(0, Math.min(rows.n - 1, current + moves[event.key]));
    show(current);
    focusRow();
  }

  function show(row) {
    const height = rowHeight();
    const room = scroller.clientHeight - height; // the head sticks to the top
    const top = scroller.scrollTop * spread();
    if (row * height < top) scroller.scrollTop = (row * height) / spread();
    else if ((row + 1) * height > top + room) scroller.scrollTop = ((row + 1) * height - room) / spread();
    draw(true);
  }

  function focusRow() {
    body.querySelector(`[data-row="${current}"] button`)?.focus({ preventScroll: true });
  }

  // The selection changed: its row comes into sight.
  function select() {
    if (!isOpen() || !rows) return;
    const { selection } = store.state;
    for (let row = 0; selection && row < rows.n; row++) {
      const { layer, feature } = at(row);
      if (!isSameFeature({ layer: layer.id, feature }, selection)) continue;
      found = selection;
      current = row;
      show(row);
      return;
    }
    found = null;
    draw(true);
  }

  return { write, update, select, focus: () => {
    focusRow();
    notices.say(t("table_opened", { n: rows.n }));
  } };
}
