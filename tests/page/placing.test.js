import assert from "node:assert/strict";
import { test } from "node:test";

import { createBoxIndex, labelItems, namesIn, placeLabels } from "../../geo/page/draw/placing.js";

const CITY = 2, CAPITAL = 3, FEATURE = 4, ZOOM = 20; // at zoom 20 a world unit is a pixel
const measure = (kind, lines) => [Math.max(...lines.map((line) => line.length)) * 6, lines.length * 12];
// Items without a text are symbols.
const placed = (items, zoom = ZOOM) => placeLabels(
  { symbols: items.filter(({ text }) => !text), names: items.filter(({ text }) => text) },
  zoom,
  measure,
);
const place = (...items) => placed(items).map(({ lines, left, top }) => [lines.join("|"), left, top]);

test("a name stands to the right of its point, and elsewhere when that is taken", () => {
  const osh = { kind: CITY, x: 100, y: 100, text: "Osh", radius: 2 };
  assert.deepEqual(place(osh), [["Osh", 106, 94]]);
  const wall = { x: 115, y: 100, radius: 8 };
  const [[, left]] = place(wall, osh);
  assert.ok(left + 18 <= 98, "to the left of the point");
});

test("where no place is free only what is selected is named", () => {
  const at = { x: 2 ** 19, y: 2 ** 19 };
  const blocked = { ...at, radius: 500 };
  const name = { ...at, kind: FEATURE, text: "Kant", radius: 5 };
  assert.equal(place(blocked, name).length, 0);
  assert.equal(place(blocked, { ...name, priority: Infinity }).length, 1);
});

test("the less important of two names gives way", () => {
  const found = place(
    { kind: FEATURE, x: 100, y: 100, text: "Kambarata-1", radius: 5 },
    { kind: CITY, x: 120, y: 100, text: "Nearby town", radius: 2 },
  );
  assert.deepEqual(found.map(([text]) => text), ["Kambarata-1"]);
});

test("a city under a symbol keeps its name and leaves its dot out", () => {
  const items = [{ x: 100, y: 100, radius: 8 }, { kind: CITY, x: 101, y: 100, text: "Bishkek", radius: 2 }];
  const [label] = placed(items);
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
  const seen = (covered) => namesIn(view, names, covered).map((name) => names.indexOf(name));
  assert.deepEqual(seen(null), [0, 1, 2, 3]);
  assert.deepEqual(seen([]), [0, 1]);
  assert.deepEqual(seen([[0, 80, 30, 30]]), [0], "it would run under a button");
});

test("what a feature is named already, the basemap does not name again beside it", () => {
  const found = place(
    { kind: FEATURE, x: 100, y: 100, text: "Osh", radius: 5 },
    { kind: CITY, x: 110, y: 140, text: "Osh", radius: 2 },
    { kind: CITY, x: 900, y: 900, text: "Osh", radius: 2 },
  );
  assert.deepEqual(found.map(([text, left]) => [text, left > 500]), [["Osh", false], ["Osh", true]]);
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
    return placed([{ ...at, radius: 21 }, { ...at, kind, zoom: from, text: "Kyrgyzstan", radius: 0 }], 4).length;
  };
  assert.deepEqual([named(0, 4), named(0, 3), named(1, 5)], [0, 1, 0]);
});

test("a country's name that the view's edge cuts goes inwards, but not over another, nor far", () => {
  const china = { kind: 0, zoom: 2, x: 400, y: 200, text: "China", radius: 0 };
  const seen = (width, ...others) => namesIn({ x: 0, y: 0, width, height: 400 }, placed([...others, china]), [])
    .map(({ lines, left }) => [...lines, left]);
  assert.deepEqual(seen(500), [["CHINA", 385]], "it is whole where it is");
  assert.deepEqual(seen(405), [["CHINA", 373]], "10 px and some air further left");
  assert.deepEqual(seen(380), [], "too far");
  assert.deepEqual(seen(405, { x: 378, y: 200, radius: 5 }), [], "a symbol is there");
  assert.deepEqual(
    seen(405, { kind: FEATURE, x: 347, y: 200, text: "Kant", radius: 5 }),
    [["Kant", 356]],
    "a name is there",
  );
  assert.deepEqual(namesIn({ x: 0, y: 0, width: 405, height: 400 }, placed([{ ...china, zoom: ZOOM }]), []), []);
});

test("names of countries and waters break into two lines", () => {
  assert.deepEqual(
    place({ kind: 1, x: 100, y: 100, text: "Toktogul Reservoir", radius: 0 }).map(([text]) => text),
    ["Toktogul|Reservoir"],
  );
  assert.deepEqual(
    place({ kind: 0, x: 100, y: 100, text: "Saudi Arabia", radius: 0 }).map(([text]) => text),
    ["SAUDI|ARABIA"],
  );
});

test("boxes are found over the borders of cells", () => {
  const index = createBoxIndex(), own = [50, 50, 200, 20]; // cells of 64 px
  index.add(own);
  assert.equal(index.isFree([220, 60, 50, 50]), false);
  assert.equal(index.isFree([220, 60, 50, 50], own), true);
  assert.equal(index.isFree([250, 50, 50, 50]), true);
  assert.equal(index.isFree([0, 70, 400, 50]), true);
});

test("what is selected comes first, then capitals, lakes, large features, countries, others, cities, areas", () => {
  const at = { x: 0, y: 0 }, bare = { ...at, text: "", radius: 6 };
  const features = [
    { ...at, text: "Kant", radius: 11, priority: Infinity }, { ...at, text: "Rogun", radius: 8, priority: 8 }, bare,
    { ...at, text: "Naryn", radius: 7, priority: 7 }, { ...at, text: "Lake reserve", room: 9, priority: -2 },
    { ...at, text: "Tajikistan", room: 9, priority: -2 },
  ];
  const named = (kind, ru, zoom, lastZoom = 9) => ({ ...at, kind, zoom, lastZoom, names: { en: "", ru } });
  const places = [
    named(CITY, "Osh", 5), named(0, "Tajikistan", 3, 4), named(1, "Issyk-Kul", 5), named(CAPITAL, "Bishkek", 4),
    named(CITY, "Kara-Kul", 7),
  ];
  const { symbols, names } = labelItems(features, places, "ky", 6);
  assert.deepEqual(names.map(({ text }) => text), [
    "Kant", "Bishkek", "Issyk-Kul", "Rogun", "Naryn", "Osh", "Lake reserve",
  ]);
  assert.deepEqual(symbols.map(({ text }) => text), ["Kant", "Rogun", "", "Naryn"], "an area is in the way of no name");
});

test("a great city comes before the name of its country, a great water is named a zoom earlier, last", () => {
  const named = (kind, en, zoom) => ({ x: 0, y: 0, kind, zoom, lastZoom: 9, names: { en } });
  const places = [
    named(0, "Kyrgyzstan", 3), named(CITY, "Osh", 4), named(1, "Issyk-Kul", 5), named(1, "Aydarkul", 6),
    named(CITY, "Uzgen", 5),
  ];
  const order = (zoom) => labelItems([], places, "en", zoom).names.map(({ text }) => text);
  assert.deepEqual(order(4), ["Osh", "Kyrgyzstan", "Issyk-Kul"]);
  assert.deepEqual(order(5), ["Osh", "Issyk-Kul", "Kyrgyzstan", "Uzgen"]);
});

test("a country's name that moves stays inside the borders, that of a city leaves it its place", () => {
  const at = { x: 100 * 2 ** 16, y: 100 * 2 ** 16 };
  const country = { ...at, kind: 0, zoom: 3, text: "Kyrgyzstan", radius: 0 };
  const items = { symbols: [{ ...at, radius: 21 }], names: [country] };
  const tops = (crosses) => placeLabels(items, 4, measure, crosses).map(({ top }) => Math.sign(top - 100));
  const isNorth = (x1, y1, x2, y2) => y2 < y1;
  assert.deepEqual([tops(() => false), tops(isNorth), tops(() => true)], [[-1], [1], []]);
  const west = { kind: CAPITAL, x: at.x - 45 * 2 ** 16, y: at.y, zoom: 4, text: "Tashkent", radius: 2 };
  const [city, home] = placeLabels({ symbols: [], names: [west, country] }, 4, measure);
  assert.ok(city.left < 40 && home.top === 94);
});

test("a country of the data is named once, as the data call it in the reader's language", () => {
  const area = (text, country) => ({ x: 0, y: 0, text, country, room: 900, priority: -2 });
  const place = { x: 0, y: 0, kind: 0, zoom: 3, lastZoom: 7, names: { en: "Türkiye", ru: "Турция" } };
  const said = (items, language) => labelItems(items, [place], language, 5).names.map(({ text }) => text);
  assert.deepEqual(said([area("Turkey", "Türkiye")], "en"), ["Turkey"]);
  assert.deepEqual(said([area("", "Türkiye")], "ru"), ["Турция"]);
  assert.deepEqual(said([area("Anatolia")], "en"), ["Türkiye", "Anatolia"]);
});

test("what is named on the spot is not named again in another language or spelling", () => {
  const kiev = { kind: FEATURE, x: 100, y: 100, text: "Kiev", radius: 5 };
  const kyiv = { kind: CAPITAL, x: 102, y: 100, text: "Kyiv", names: { en: "Kyiv", ru: "Киев" }, radius: 2 };
  const lviv = { kind: CITY, x: 100, y: 140, text: "Lviv", names: { en: "Lviv", ky: "" }, radius: 2 };
  const lutsk = { ...lviv, y: 180, text: "Lutsk", names: { en: "Lutsk", ky: "" } };
  assert.deepEqual(place(kiev, kyiv, lviv, lutsk).map(([text]) => text), ["Kiev", "Lviv", "Lutsk"]);
});
