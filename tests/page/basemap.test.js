import assert from "node:assert/strict";
import { test } from "node:test";

import { levelPieces } from "../../geo/page/draw/basemap.js";
import { createBoxIndex, nameIn, namesIn, placeLabels } from "../../geo/page/draw/labels.js";
import { reliefColors } from "../../geo/page/draw/relief.js";

const FROM_ZOOM = [0, 4, 6];
const LEVELS = [{}, { window: [100, 100, 900, 900] }, { window: [400, 400, 600, 600] }];
const view = (zoom, x, y, side) => ({ zoom, scale: 1, ratio: 1, x, y, width: side, height: side });

test("below its zoom a finer level is not drawn", () => {
  assert.deepEqual(levelPieces(LEVELS, view(3, 0, 0, 1000), FROM_ZOOM), [{ level: 0, boxes: [[0, 0, 1000, 1000]] }]);
  assert.deepEqual(levelPieces(LEVELS, view(4, 200, 200, 100), FROM_ZOOM), [{ level: 1, boxes: [[0, 0, 100, 100]] }]);
});

test("a view over all windows draws each level with the finer one left out", () => {
  assert.deepEqual(levelPieces(LEVELS, view(6, 0, 0, 1000), FROM_ZOOM), [
    { level: 0, boxes: [[0, 0, 1000, 1000], [100, 100, 800, 800]] },
    { level: 1, boxes: [[100, 100, 800, 800], [400, 400, 200, 200]] },
    { level: 2, boxes: [[400, 400, 200, 200]] },
  ]);
});

test("a view inside the finest window draws that level alone", () => {
  assert.deepEqual(levelPieces(LEVELS, view(8, 450, 450, 100), FROM_ZOOM), [{ level: 2, boxes: [[0, 0, 100, 100]] }]);
});

test("levels are cut on whole device pixels", () => {
  const levels = [{}, { window: [100.3, 100.3, 500.7, 500.7] }];
  const [{ boxes: [, hole] }] = levelPieces(levels, { ...view(5, 0, 0, 1000), ratio: 2 }, FROM_ZOOM);
  assert.deepEqual(hole, [100.5, 100.5, 400, 400]);
});

const CITY = 2, CAPITAL = 3, FEATURE = 4, ZOOM = 20; // at zoom 20 a world unit is a pixel
const measure = (kind, text) => [text.length * 6, 12];
const place = (...items) => placeLabels(items, ZOOM, measure).map(({ lines, left, top }) => [lines.join("|"), left, top]);

test("a name stands to the right of its point, and elsewhere when that is taken", () => {
  const osh = { kind: CITY, x: 100, y: 100, text: "Osh", radius: 2 };
  assert.deepEqual(place(osh), [["Osh", 106, 94]]);
  const wall = { x: 115, y: 100, radius: 8 };
  const [[, left]] = place(wall, osh);
  assert.ok(left + 18 <= 98, "to the left of the point");
});

test("where no place is free only what is selected is named", () => {
  const at = { x: 2 ** 19, y: 2 ** 19 }, blocked = { ...at, radius: 500 }, name = { ...at, kind: FEATURE, text: "Kant", radius: 5 };
  assert.equal(place(blocked, name).length, 0);
  assert.equal(place(blocked, { ...name, priority: Infinity }).length, 1);
});

test("the less important of two names gives way", () => {
  const placed = place(
    { kind: FEATURE, x: 100, y: 100, text: "Kambarata-1", radius: 5 },
    { kind: CITY, x: 120, y: 100, text: "Nearby town", radius: 2 },
  );
  assert.deepEqual(placed.map(([text]) => text), ["Kambarata-1"]);
});

test("a city under a symbol keeps its name and leaves its dot out", () => {
  const items = [{ x: 100, y: 100, radius: 8 }, { kind: CITY, x: 101, y: 100, text: "Bishkek", radius: 2 }];
  const [label] = placeLabels(items, ZOOM, measure);
  assert.equal(label.dot, null);
  assert.ok(label.left >= 108 || label.left + label.width <= 92 || label.top >= 108 || label.top + label.height <= 92);
});

test("a feature's name does not go past the symbols around it, where it would seem to be theirs", () => {
  const around = [[-8, 0], [8, 0], [0, -8], [0, 8]].map(([x, y]) => ({ x: 100 + x, y: 100 + y, radius: 4 }));
  const named = (kind) => place(...around, { kind, x: 100, y: 100, text: "Dastan", radius: 4 }).length;
  assert.deepEqual([named(FEATURE), named(CITY)], [0, 1]);
});

test("a capital's name goes farther past symbols than a city's", () => {
  const around = [{ x: 100, y: 100, radius: 16 }];
  const named = (kind) => place(...around, { kind, x: 100, y: 100, text: "Dushanbe", radius: 2 }).length;
  assert.deepEqual([named(CITY), named(CAPITAL)], [0, 1]);
});

test("a large symbol's name goes past what is beside it", () => {
  const sides = [-13, 0, 13], around = sides.flatMap((x) => sides.map((y) => ({ x: 100 + x, y: 100 + y, radius: 4 })));
  const plant = (radius) => ({ kind: FEATURE, x: 100, y: 100, text: "Rogun", radius });
  assert.deepEqual([8, 7].map((radius) => place(...around, plant(radius)).length), [1, 0]);
});

test("the capital letters of a country's name fit between symbols where other letters do not", () => {
  const between = [-505, 505].map((down) => ({ x: 1000, y: 1000 + down, radius: 500 }));
  const named = (kind) => place(...between, { kind, x: 1000, y: 1000, text: "Iran", radius: 0 }).length;
  assert.deepEqual([named(0), named(1)], [1, 0]);
});

test("a name is whole or left out where the map is still, and may be cut while it is moved", () => {
  const label = (left, top) => ({ left, top, width: 40, height: 12 });
  const names = [label(100, 100), label(20, 100), label(390, 100), label(390, 300)];
  const view = { x: 10, y: 10, width: 400, height: 400 };
  const seen = (...over) => namesIn(view, names, ...over).map((name) => names.indexOf(name));
  assert.deepEqual(seen(null, []), [0, 1, 2, 3]);
  assert.deepEqual(seen([0, 0, 400, 400], []), [0, 1]);
  assert.deepEqual(seen([0, 0, 400, 400], [[0, 80, 30, 30]]), [0], "it would run under a button");
});

test("what a feature is named already, the basemap does not name again beside it", () => {
  const placed = place(
    { kind: FEATURE, x: 100, y: 100, text: "Osh", radius: 5 },
    { kind: CITY, x: 110, y: 140, text: "Osh", radius: 2 },
    { kind: CITY, x: 900, y: 900, text: "Osh", radius: 2 },
  );
  assert.deepEqual(placed.map(([text, left]) => [text, left > 500]), [["Osh", false], ["Osh", true]]);
});

test("an area is named in its middle where its name has room", () => {
  const reserve = { kind: FEATURE, x: 100, y: 100, text: "Sary-Chelek" };
  assert.deepEqual(place({ ...reserve, room: 60 }), [], "66 px do not fit into 60");
  const [[name, left]] = place({ ...reserve, room: 80 });
  assert.deepEqual([name, left], ["Sary-Chelek", 67]);
});

test("a country whose middle is taken is named further off, once it is larger than its name", () => {
  const named = (kind, from) => {
    const at = { x: 100 * 2 ** 16, y: 100 * 2 ** 16 };
    return placeLabels([{ ...at, radius: 21 }, { ...at, kind, from, text: "Kyrgyzstan", radius: 0 }], 4, measure).length;
  };
  assert.deepEqual([named(0, 4), named(0, 3), named(1, 3)], [0, 1, 0]);
});

test("a country's name that the view's edge cuts goes inwards, but not over another, nor far", () => {
  const china = { kind: 0, from: 2, x: 400, y: 200, text: "China", radius: 0 };
  const seen = (width, ...others) => namesIn({ x: 0, y: 0, width, height: 400 }, placeLabels([...others, china], ZOOM, measure), [0, 0, width, 400], [])
    .map(({ lines, left }) => [...lines, left]);
  assert.deepEqual(seen(500), [["CHINA", 385]], "it is whole where it is");
  assert.deepEqual(seen(405), [["CHINA", 373]], "10 px and some air further left");
  assert.deepEqual(seen(380), [], "too far");
  assert.deepEqual(seen(405, { x: 378, y: 200, radius: 5 }), [], "a symbol is there");
  assert.deepEqual(seen(405, { kind: FEATURE, x: 347, y: 200, text: "Kant", radius: 5 }), [["Kant", 356]], "a name is there");
  const small = { ...china, from: ZOOM };
  assert.deepEqual(namesIn({ x: 0, y: 0, width: 405, height: 400 }, placeLabels([small], ZOOM, measure), [0, 0, 405, 400], []), []);
});

test("names of countries and waters break into two lines", () => {
  assert.deepEqual(place({ kind: 1, x: 100, y: 100, text: "Toktogul Reservoir", radius: 0 }).map(([text]) => text), ["Toktogul|Reservoir"]);
  assert.deepEqual(place({ kind: 0, x: 100, y: 100, text: "Saudi Arabia", radius: 0 }).map(([text]) => text), ["SAUDI|ARABIA"]);
});

test("boxes are found over the borders of cells", () => {
  const index = createBoxIndex(10);
  index.add([5, 5, 20, 2]);
  assert.equal(index.isFree([22, 6, 5, 5]), false);
  assert.equal(index.isFree([25, 5, 5, 5]), true);
  assert.equal(index.isFree([0, 7, 40, 5]), true);
});

test("a name falls back from Kyrgyz to Russian to English", () => {
  assert.equal(nameIn({ en: "Osh", ru: "Ош", ky: "Ош" }, "ky"), "Ош");
  assert.equal(nameIn({ en: "Moscow", ru: "Москва", ky: "" }, "ky"), "Москва");
  assert.equal(nameIn({ en: "Ghulja", ru: "", ky: "" }, "ky"), "Ghulja");
  assert.equal(nameIn({ en: "Ghulja", ru: "", ky: "" }, "ru"), "Ghulja");
});

test("level ground has the colour of its height, shade and light darken and brighten it", () => {
  const palette = { tint: [[0, "#102030"], [100, "#304050"]], shadow: ["#000000", 1], light: ["#ffffff", 1] };
  const colors = reliefColors(palette, { flat: 160, top_m: 100 });
  const at = (code, grey) => [colors[code * 256 + grey] & 255, (colors[code * 256 + grey] >> 8) & 255, colors[code * 256 + grey] >> 16];
  assert.deepEqual(at(0, 160), [0x10, 0x20, 0x30]);
  assert.deepEqual(at(255, 160), [0x30, 0x40, 0x50]);
  assert.deepEqual(at(0, 0), [0, 0, 0]);
  assert.deepEqual(at(0, 255), [255, 255, 255]);
});
