// The page's data as objects: layers with lazy columns, geometry pools, records and series.

import { FORMAT_VERSION, decodeBlob, readArray, readColumn } from "./columns.js";

// Decode head and blob of the page. Throws where the format is not ours.
export async function openPage(root) {
  const head = JSON.parse(root.getElementById("geo-head").textContent);
  if (head.format !== FORMAT_VERSION) throw new Error(`data format ${head.format}, this page reads ${FORMAT_VERSION}`);
  const buffer = await decodeBlob(head.blob, root.getElementById("geo-blob").textContent.trim());
  return pageFrom(head, buffer);
}

// Decode head and blob of the basemap, null where the page has none.
export async function openBasemap(root) {
  const element = root.getElementById("geo-basemap-head");
  if (!element) return null;
  const head = JSON.parse(element.textContent);
  const buffer = await decodeBlob(head.blob, root.getElementById("geo-basemap-blob").textContent.trim());
  return { head, buffer };
}

export function pageFrom(head, buffer) {
  const pools = head.pools.map((pool) => readPool(buffer, pool));
  const layers = head.layers.map((layer, index) => readLayer(buffer, layer, index, pools[layer.pool]));
  return { head, languages: head.languages, sources: head.sources, pools, layers };
}

// Geometry i of a pool has the parts partStart[i] .. partStart[i + 1], part p the vertices
// vertexStart[p] .. vertexStart[p + 1] of x and y. A pool of single points has no starts (null): one vertex each.
export function readPool(buffer, pool) {
  const x = readArray(buffer, pool.x);
  const y = readArray(buffer, pool.y);
  const kinds = typeof pool.kind === "number" ? null : readArray(buffer, pool.kind);
  const vertexStart = pool.vertices ? starts(readArray(buffer, pool.vertices)) : null;
  const partStart = pool.parts ? starts(readArray(buffer, pool.parts)) : null;
  const kind = kinds ? (i) => kinds[i] : () => pool.kind;
  const holes = pool.holes ? readArray(buffer, pool.holes) : null; // 1 where a part is a hole of the polygon before it
  return { n: pool.n, kind, partStart, vertexStart, holes, x, y, bounds: null };
}

function starts(counts) {
  const at = new Uint32Array(counts.length + 1);
  for (let i = 0; i < counts.length; i++) at[i + 1] = at[i] + counts[i];
  return at;
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
  const bounds = new Int32Array(pool.n * 4);
  for (let i = 0; i < pool.n; i++) {
    const [firstPart, lastPart] = partRange(pool, i);
    const from = vertexRange(pool, firstPart)[0];
    const to = vertexRange(pool, lastPart - 1)[1];
    let minX = Infinity, minY = Infinity, maxX = -Infinity, maxY = -Infinity;
    for (let v = from; v < to; v++) {
      if (pool.x[v] < minX) minX = pool.x[v];
      if (pool.x[v] > maxX) maxX = pool.x[v];
      if (pool.y[v] < minY) minY = pool.y[v];
      if (pool.y[v] > maxY) maxY = pool.y[v];
    }
    bounds.set([minX, minY, maxX, maxY], i * 4);
  }
  pool.bounds = bounds;
  return bounds;
}

function readLayer(buffer, head, index, pool) {
  const columns = new Map();
  const optional = (name) => (head.columns[name] ? readArray(buffer, head.columns[name]) : null);
  const layer = {
    index, id: head.id, head, n: head.n, pool,
    from: optional("_from"), to: optional("_to"), undated: optional("_undated"),
    color: optional("_color"), shape: optional("_shape"), dash: optional("_dash"),
    size: optional("_size"), width: optional("_width"), lane: optional("_lane"),
    geometry: new Int32Array(head.n),
    // The column, or null where the layer has none of this name. Decoded on first use.
    column(name) {
      if (!head.columns[name]) return null;
      if (!columns.has(name)) columns.set(name, readColumn(buffer, head.columns[name]));
      return columns.get(name);
    },
    records: head.records ? readTable(buffer, head.records, head.n) : null,
    series: head.series.map((series) => ({ ...series, ...readTable(buffer, series, head.n) })),
  };
  const geometry = readColumn(buffer, head.columns._geometry);
  for (let i = 0; i < head.n; i++) {
    const at = geometry.number(i);
    layer.geometry[i] = Number.isNaN(at) ? -1 : at;
  }
  return layer;
}

// A table of rows that belong to features: rowsOf(i) gives [first, last + 1] of feature i.
function readTable(buffer, table, features) {
  const columns = new Map();
  const column = (name) => {
    if (!table.columns[name]) return null;
    if (!columns.has(name)) columns.set(name, readColumn(buffer, table.columns[name]));
    return columns.get(name);
  };
  const owner = column("feature");
  const at = new Uint32Array(features + 1);
  for (let row = 0; row < table.n; row++) at[owner.number(row) + 1]++;
  for (let i = 0; i < features; i++) at[i + 1] += at[i];
  return { n: table.n, column, rowsOf: (i) => [at[i], at[i + 1]] };
}

// A cell in the reader's language: `<name>_<language>` where it is filled, else the default language's.
// Gives {text, language}, so that a fallback can be marked with its language.
export function localText(layerOrTable, name, i, language, languages) {
  const own = language === languages[0] ? null : layerOrTable.column(`${name}_${language}`);
  const translated = own ? own.text(i) : "";
  if (translated) return { text: translated, language };
  const column = layerOrTable.column(name);
  return { text: column ? column.text(i) : "", language: languages[0] };
}
