// The page's data as objects: layers with lazy columns, geometry pools, records and series.

import { nextPaint } from "../elements/dom.js";
import { FORMAT_VERSION, OPEN_END, OPEN_START, decodeBlob, readArray, readColumn, startsOf } from "./columns.js";

export const POINT_KIND = 0, LINE_KIND = 1, AREA_KIND = 2;

// How well a place is known, best first.
export const PRECISIONS = ["exact", "settlement", "approximate", "schematic"];

const MUCH_BYTES = 4e6;

// Where there is much to decode, `tell(part)` hears how much is done, 0 to 1, and the page is painted before.
export async function openPage(tell) {
  const head = JSON.parse(document.getElementById("geo-head").textContent);
  if (head.format !== FORMAT_VERSION) throw new Error(`data format ${head.format}, this page reads ${FORMAT_VERSION}`);
  const isMuch = head.blob.bytes > MUCH_BYTES;
  if (isMuch) {
    tell(0);
    await nextPaint();
  }
  const packed = document.getElementById("geo-blob").textContent.trim();
  const buffer = await decodeBlob(head.blob, packed, isMuch ? tell : undefined);
  const basemap = document.getElementById("geo-basemap-head");
  return { ...pageFrom(head, buffer), basemap: basemap && JSON.parse(basemap.textContent) };
}

export function pageFrom(head, buffer) {
  const pools = head.pools.map((pool) => readPool(buffer, pool));
  const [told] = readObjects(buffer, head.atlas.told);
  return {
    head: { ...head, atlas: { ...head.atlas, ...told } },
    languages: head.languages,
    words: readObjects(buffer, head.words)[0],
    sources: readSources(buffer, head.sources),
    steps: head.map.story ? readObjects(buffer, head.map.story.steps) : [],
    layers: readObjects(buffer, head.layers).map((layer, at) => readLayer(buffer, layer, at, pools[layer.pool])),
  };
}

export function layerOf(page, id) {
  return page.layers.find((layer) => layer.id === id);
}

// Whether two of {layer: id, feature} are one feature; null is none.
export function isSameFeature(a, b) {
  return a?.layer === b?.layer && a?.feature === b?.feature;
}

// The first feature with a key: {layer: id, feature} or null.
export function featureByKey(page, key) {
  for (const { id, n, column } of page.layers) {
    const keys = column("_key");
    for (let i = 0; i < n; i++) if (keys.text(i) === key) return { layer: id, feature: i };
  }
  return null;
}

// The keys that a cell of a field of features names.
export const keysIn = (cell) => cell.split(";").map((key) => key.trim()).filter(Boolean);

// In the order of time: [{layer, features}, ...]. A key that several have is the first one's.
export function featuresNaming(page, selection) {
  const key = cellText(layerOf(page, selection.layer), "_key", selection.feature);
  const found = page.layers.map((layer) => ({ layer, features: rowsNaming(layer, key) }))
    .filter(({ features }) => features.length);
  return found.length && isSameFeature(featureByKey(page, key), selection) ? found : [];
}

function rowsNaming({ n, head, column, from }, key) {
  const fields = head.fields.filter(({ type }) => type === "feature");
  const columns = fields.map(({ id }) => column(id)).filter(Boolean), found = [];
  for (let i = 0; columns.length && i < n; i++) {
    if (columns.some(({ text }) => keysIn(text(i)).includes(key))) found.push(i);
  }
  return from ? found.sort((a, b) => from[a] - from[b]) : found;
}

// Geometry i of a pool has the parts partStart[i] .. partStart[i + 1], part p the vertices
// vertexStart[p] .. vertexStart[p + 1] of x and y. A pool of single points has no starts (null): one vertex each.
export function readPool(buffer, pool) {
  const read = (name) => (pool[name] ? readArray(buffer, pool[name]) : null);
  const starts = (name) => (pool[name] ? startsOf(read(name)) : null);
  const kinds = typeof pool.kind === "number" ? null : read("kind");
  return {
    n: pool.n, kind: kinds ? (i) => kinds[i] : () => pool.kind,
    partStart: starts("parts"), vertexStart: starts("vertices"),
    holes: read("holes"), // 1 where a part is a hole of the polygon before it
    zooms: read("zooms"), // from which each vertex is drawn
    x: read("x"), y: read("y"), bounds: null,
  };
}

// First and last + 1 part of geometry i, first and last + 1 vertex of part p.
export function partRange(pool, i) {
  return pool.partStart ? [pool.partStart[i], pool.partStart[i + 1]] : [i, i + 1];
}

export function vertexRange(pool, p) {
  return pool.vertexStart ? [pool.vertexStart[p], pool.vertexStart[p + 1]] : [p, p + 1];
}

// [minX, minY, maxX, maxY] of each geometry in world units, four numbers a geometry; made once.
export function poolBounds(pool) {
  if (pool.bounds) return pool.bounds;
  pool.bounds = new Int32Array(pool.n * 4);
  for (let i = 0; i < pool.n; i++) {
    const [first, after] = partRange(pool, i);
    pool.bounds.set(boundsOfParts(pool, first, after), i * 4);
  }
  return pool.bounds;
}

export function boundsOfParts(pool, first, after) {
  const { x, y } = pool, [from] = vertexRange(pool, first), [, to] = vertexRange(pool, after - 1);
  let minX = Infinity, minY = Infinity, maxX = -Infinity, maxY = -Infinity;
  for (let v = from; v < to; v++) {
    if (x[v] < minX) minX = x[v];
    if (x[v] > maxX) maxX = x[v];
    if (y[v] < minY) minY = y[v];
    if (y[v] > maxY) maxY = y[v];
  }
  return [minX, minY, maxX, maxY];
}

function readLayer(buffer, head, index, pool) {
  const optional = (name) => (head.columns[name] ? readArray(buffer, head.columns[name]) : null);
  const column = columnReader(buffer, head.columns);
  const layer = {
    index, id: head.id, head, n: head.n, pool, column,
    color: optional("_color"), shape: optional("_shape"), dash: optional("_dash"),
    size: optional("_size"), width: optional("_width"), lane: optional("_lane"), aside: optional("_aside"),
    geometry: optional("_geometry")?.map((at) => at - 1) ?? new Int32Array(head.n).map((_, i) => i), // -1 = not located
    records: head.records ? readTable(buffer, head.records, head.n) : null,
    series: head.series.map((series) => ({ ...series, ...readTable(buffer, series, head.n) })),
  };
  return { ...layer, ...readValidity(layer) };
}

// {from, to: Int32Array of days, undated: 1 where neither is known}; null where the layer is timeless.
function readValidity({ head: { time }, n, column }) {
  if (!time) return { from: null, to: null, undated: null };
  const [first, last] = [time.from, time.to].map(column);
  const [from, to] = [new Int32Array(n).fill(OPEN_START), new Int32Array(n).fill(OPEN_END)];
  const undated = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    const start = first?.codes[i], end = last?.codes[i];
    if (start) from[i] = first.from[start - 1];
    if (end) to[i] = last.to[end - 1];
    if (!start && !end) undated[i] = 1;
  }
  return { from, to, undated: undated.includes(1) ? undated : null };
}

// A dictionary without what every object has: a column may be called `constructor`.
const dictionary = (entries) => Object.setPrototypeOf(entries, null);

// column(name): the column, or null where there is none of this name. Decoded on first use.
function columnReader(buffer, packed) {
  const columns = new Map();
  dictionary(packed);
  return (name) => {
    if (!packed[name]) return null;
    if (!columns.has(name)) columns.set(name, readColumn(buffer, packed[name]));
    return columns.get(name);
  };
}

// The columns of a layer that name sources: of its rows, of its places, of single values and dates.
export function sourceColumns({ head, column }) {
  const names = Object.keys(head.columns).filter((name) => name === "source" || name.endsWith("_source"));
  return names.map((name) => column(name));
}

// Rows that belong to features: rowsOf(i) gives [first, last + 1] of feature i.
function readTable(buffer, table, features) {
  const column = columnReader(buffer, table.columns);
  const owner = column("feature");
  const counts = new Uint32Array(features);
  for (let row = 0; row < table.n; row++) counts[owner.number(row)]++;
  const at = startsOf(counts);
  return { n: table.n, column, rowsOf: (i) => [at[i], at[i + 1]] };
}

// The numbers of the rows of feature i; none where there is no table.
export function rowsOf(table, i) {
  const [first, after] = table?.rowsOf(i) ?? [0, 0];
  return Array.from({ length: after - first }, (_, at) => first + at);
}

// {id: {citation, url, licence, accessed}}, "" where one is not known.
function readSources(buffer, { n, columns }) {
  const table = { column: columnReader(buffer, columns) };
  const names = ["citation", "url", "licence", "accessed"];
  const about = (i) => Object.fromEntries(names.map((name) => [name, cellText(table, name, i)]));
  return dictionary(Object.fromEntries(Array.from({ length: n }, (_, i) => [cellText(table, "id", i), about(i)])));
}

// Layers and steps of the story, as docs/format.md has them.
function readObjects(buffer, { n, columns }) {
  const json = columnReader(buffer, columns)("json");
  return Array.from({ length: n }, (_, i) => JSON.parse(json.text(i)));
}

// "" where there is no such cell, or no such column.
export function cellText(layerOrTable, name, i) {
  return layerOrTable.column(name)?.text(i) ?? "";
}

// Of a dictionary each value once.
export function cellsOf(column, n) {
  return column.values ?? Array.from({ length: n }, (_, i) => column.text(i));
}

// The languages that a reader of one reads: where there is no Kyrgyz, Russian is nearer than the default language.
export function languagesRead(language) {
  return language === "ky" ? ["ky", "ru"] : [language];
}

// {text, language}: `<name>_<language>` where it is filled, else the default language's, to be marked as such.
export function localText(layerOrTable, name, i, language, languages) {
  for (const code of language === languages[0] ? [] : languagesRead(language)) {
    const text = layerOrTable.column(`${name}_${code}`)?.text(i);
    if (text) return { text, language: code };
  }
  return { text: cellText(layerOrTable, name, i), language: languages[0] };
}
