import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { createCard } from "../../geo/page/panels/card.js";
import { createStore } from "../../geo/page/state/store.js";
import { setCatalogues, setLanguage } from "../../geo/page/words/texts.js";

setCatalogues({ en: JSON.parse(readFileSync(new URL("../../geo/page/catalogues/en.json", import.meta.url))) }, ["en"]);
setLanguage("en");

// As much of an element as a card that is written asks for.
class Node {
  children = [];
  attributes = {};
  className = "";
  classList = { add: (...names) => { this.className = [this.className, ...names].join(" ").trim(); } };
  append(...children) { this.children.push(...children); }
  replaceChildren() { this.children = []; }
  setAttribute(name, value) { this.attributes[name] = String(value); }
  removeAttribute(name) { delete this.attributes[name]; }
  addEventListener() {}
  contains() { return false; }
  querySelector() { return null; }
  get textContent() { return this.children.map((child) => child.textContent ?? child).join(""); }
  all() { return [this, ...this.children.flatMap((child) => child.all?.() ?? [])]; }
}

// The elements of a class in the card of a base with these cells: their texts.
function textsOf(cells, className) {
  const create = () => new Node();
  globalThis.document = { createElement: create, createElementNS: create, activeElement: null };
  const head = {
    id: "bases",
    shown: true,
    kind: "point",
    title: { en: "Bases" },
    fields: [],
    columns: {},
    style: { base: { shape: "circle", fill: "solid", size: 5, width: 1, color: "#123456" } },
  };
  const column = (name) => (cells[name] ? { text: () => cells[name] } : null);
  const layer = {
    index: 0, id: "bases", n: 1, head, column, records: null, series: [], geometry: Int32Array.of(-1), pool: null,
  };
  const sources = { lewis2015: { citation: "Lewis 2015." }, ria2013: { citation: "RIA 2013." } };
  const page = { head: { atlas: {}, map: {} }, languages: ["en"], sources, layers: [layer] };
  const store = createStore(page, { selection: { layer: "bases", feature: 0 }, stack: [] }), slot = new Node();
  createCard(store, slot, { link: null }, { say() {} }).write();
  return slot.all().filter((node) => node.className.split(" ").includes(className))
    .map(({ textContent }) => textContent);
}

test("a note has the number of its own source behind it, none of its row's", () => {
  const note = (cells) => textsOf(
    { _key: "kant", note: "Shared since 2003.", source: "lewis2015", ...cells }, "geo-card-note",
  );
  assert.deepEqual(note({ note_source: "ria2013#2" }), ["Shared since 2003.\u00a01"]);
  assert.deepEqual(note({}), ["Shared since 2003."]);
});
