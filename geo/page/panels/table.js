// The table: the map's accessible twin. A real table of the shown features; only the rows in sight are in the document.

import { isSameFeature } from "../data/model.js";
import { checkRow, iconButton, selectOf, textButton } from "../elements/controls.js";
import { element, fill, holdFocus, setAttributes } from "../elements/dom.js";
import { LAYER_BIT, shownLayers, shownRows } from "../state/store.js";
import { layerTitle, spokenIn } from "../words/names.js";
import { t } from "../words/texts.js";
import { sortRows, tableColumns } from "./rows.js";

const ROWS_AROUND = 12; // rows kept in the document above and below those in sight
const MOST_PX = 10_000_000; // of all rows together: browsers cut what is taller, Firefox from 17.9 million px

// Fills itself while it is open.
export function createTable(store, slot, layout, actions, notices) {
  const { page, state } = store;
  const isOpen = () => layout.open("table");
  const hidden = new Set(["source"]); // ids of columns
  let only = ""; // id of the one layer listed, be it on or off; "" = all that are on
  let sort = { id: "", descending: false };
  let rows = null, order = null, columns = [], current = 0, drawn = "";
  let found = null; // the selection whose row was brought into sight

  const head = element("tr", { "aria-rowindex": 1 });
  const body = element("tbody", { onkeydown: onKey, onclick: ({ target }) => {
    const row = target.closest("[data-row]");
    if (row) open(Number(row.dataset.row));
  } });
  const grid = element("table.geo-table", element("thead", head), body);
  const scroller = element("div.geo-table-scroll", { onscroll: () => draw() }, grid);
  const bar = element("div.geo-table-bar"), count = element("span.geo-table-count");
  const summary = element("summary"), choices = element("ul");
  const details = element("details.geo-columns", { onkeydown: closeColumns }, summary, choices);

  function write() {
    const layers = [["", t("table_all")], ...[...page.layers].reverse().map((layer) => [layer.id, layerTitle(layer)])];
    const file = (words, kind) => {
      const save = () => actions.exportAs(kind, inOrder());
      return textButton(words, save, "download", { title: t(`share_${kind}_hint`) });
    };
    summary.textContent = t("table_columns");
    fill(bar,
      selectOf(only, layers, (id) => {
        only = id;
        sort = { id: "", descending: false };
        update();
        notices.say(t("features", { n: rows.n }));
      }, { "aria-label": t("table_layer") }),
      count, details, file("CSV", "csv"), file("GeoJSON", "geojson"),
      iconButton("close", t("table_close"), () => layout.hide("table")));
    fill(slot, bar, scroller);
    update();
  }

  function closeColumns(event) {
    if (event.key !== "Escape" || !details.open) return;
    details.open = false;
    summary.focus();
    event.preventDefault(); // the table stays
  }

  // The one layer asked for is listed where it is off, too: a row opened from there switches it on.
  function listed() {
    if (only) return shownRows(store, page.layers.filter(({ id }) => id === only), LAYER_BIT);
    return shownRows(store, shownLayers(store));
  }

  function inOrder() {
    const { of, feature } = rows;
    return { ...rows, of: order.map((row) => of[row]), feature: order.map((row) => feature[row]) };
  }

  function update() {
    if (!isOpen()) return;
    rows = listed();
    const all = rows.layers.length ? tableColumns(page, rows.layers, state.time) : [];
    columns = all.filter(({ id }) => !hidden.has(id));
    order = sortRows(rows, all.find(({ id }) => id === sort.id), sort.descending);
    count.textContent = t("features", { n: rows.n });
    const [giveChoice, giveHead] = [choices, head].map(holdFocus);
    fill(choices, all.slice(1).map(({ id, title }) => element("li", checkRow((on) => {
      hidden[on ? "delete" : "add"](id);
      update();
    }, { checked: !hidden.has(id) }, title))));
    giveChoice(summary);
    setAttributes(grid, { "aria-rowcount": rows.n + 1 });
    fill(head, columns.map(headCell));
    giveHead(head.querySelector("button"));
    draw(true);
    if (state.selection !== found) select(); // it may be listed only now
  }

  const cell = (name, { numeric }, attributes, content) => (
    element(numeric ? `${name}.geo-numeric` : name, attributes, content));

  function headCell(column) {
    const { id, title } = column, isSorted = sort.id === id;
    const direction = sort.descending ? "descending" : "ascending";
    const button = element("button.geo-sort", { "aria-label": title, onclick: () => {
      sort = { id, descending: isSorted && !sort.descending };
      update();
    } }, title);
    return cell("th", column, { scope: "col", "aria-sort": isSorted ? direction : null }, button);
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
    // The stop of the Tab key is one of the rows that are there.
    current = Math.max(first, Math.min(after - 1, current));
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

  const rowHeight = () => parseFloat(getComputedStyle(slot).getPropertyValue("--geo-row"));

  function spacer(height) {
    if (height <= 0) return null;
    const filler = element("td", { colspan: columns.length });
    filler.style.height = `${height}px`;
    return element("tr", { "aria-hidden": true }, filler);
  }

  function at(row) {
    return { layer: rows.layers[rows.of[order[row]]], feature: rows.feature[order[row]] };
  }

  function selectionOf(row) {
    const { layer, feature } = at(row);
    return { layer: layer.id, feature };
  }

  const isSelected = (row) => isSameFeature(selectionOf(row), state.selection);

  function tableRow(row) {
    const { layer, feature } = at(row);
    return element("tr", { "data-row": row, "aria-rowindex": row + 2, "aria-current": isSelected(row) || null },
      columns.map((column, index) => {
        const text = column.text(layer, feature);
        const speech = text && column.language ? spokenIn(column.language(layer, feature)) : {};
        if (index) return cell("td", column, { title: text, ...speech }, text);
        const button = element("button.geo-row-name", { tabindex: row === current ? 0 : -1, ...speech }, text);
        return element("th", { scope: "row" }, button);
      }));
  }

  function open(row) {
    current = row;
    actions.open(selectionOf(row));
  }

  function onKey(event) {
    const rowsInSight = Math.max(1, Math.floor(scroller.clientHeight / rowHeight()) - 2);
    const moves = {
      ArrowDown: 1, ArrowUp: -1,
      PageDown: rowsInSight, PageUp: -rowsInSight,
      Home: -rows.n, End: rows.n,
    };
    if (!(event.key in moves)) return;
    event.preventDefault();
    show(Math.max(0, Math.min(rows.n - 1, current + moves[event.key])));
    focusRow();
  }

  function show(row) {
    const height = rowHeight();
    const room = scroller.clientHeight - height; // the head sticks to the top
    const top = scroller.scrollTop * spread();
    current = row;
    if (row * height < top) scroller.scrollTop = (row * height) / spread();
    else if ((row + 1) * height > top + room) scroller.scrollTop = ((row + 1) * height - room) / spread();
    draw(true);
  }

  function focusRow() {
    body.querySelector(`[data-row="${current}"] button`)?.focus({ preventScroll: true });
  }

  function select() {
    if (!isOpen()) return;
    const row = state.selection ? order.findIndex((_, each) => isSelected(each)) : -1;
    found = row < 0 ? null : state.selection;
    if (row < 0) draw(true);
    else show(row);
  }

  return { write, update, select, focus: () => {
    focusRow();
    notices.say(t("table_opened", { n: rows.n }));
  } };
}
