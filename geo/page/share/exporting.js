// Data of the shown features to take away: CSV and GeoJSON, with sources.
//
// The guard against spreadsheet formulas: a cell of the CSV that begins with = + - @, a tab or a line break, and that is
// not a number, gets an apostrophe in front, and so does what follows a semicolon, tab or line break in it: there
// spreadsheets that part cells by these begin a new one. They show it as text and calculate nothing.

import { WORLD_UNITS, isBeyondMap, latlonOf, pointLatlon } from "../data/coordinates.js";
import { AREA_KIND, LINE_KIND, POINT_KIND, cellText, partRange, sourceColumns, vertexRange } from "../data/model.js";
import { seriesRow, timeColumns } from "../state/time.js";
import { parseSources, referenceText } from "../words/citations.js";

const HALF_UNIT_DEGREES = 180.02 / WORLD_UNITS; // and what doubles lose
// The full-width forms count as well.
const FORMULA = /^[=+\-@\uff0b\uff0d\uff1d\uff20]/;
const MAY_BE_FORMULA = /(?:^|[;\t\r\n])[=+\-@\t\r\n\uff0b\uff0d\uff1d\uff20]/; // the one look at most cells
const NUMBER = /^[+-]?\d+([.,]\d+)?(e[+-]?\d+)?$/i;

export function csvCell(text) {
  const guarded = MAY_BE_FORMULA.test(text) ? guardedCell(text) : text;
  return /[",\n\r]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

function guardedCell(text) {
  const parts = text.split(/([;\t\r\n])/).map((part) => (FORMULA.test(part) && !NUMBER.test(part) ? `'${part}` : part));
  return (/^[\t\r\n]/.test(text) ? "'" : "") + parts.join("");
}

// The layers that have rows: one that is off or all hidden brings no columns.
function layersOf({ layers, of }) {
  const held = new Set(of);
  return layers.filter((_, at) => held.has(at));
}

// The columns that the layers have, as they are named in the data: [name].
function exportColumns(layers, languages) {
  const names = new Set();
  for (const layer of layers) {
    const own = ["name", ...layer.head.fields.map(({ id }) => id), ...timeColumns(layer), "as_of", "precision", "note", "source"];
    for (const name of own) {
      for (const form of [name, ...languages.map((language) => `${name}_${language}`), `${name}_source`]) {
        if (layer.head.columns[form]) names.add(form);
      }
    }
    if (layer.head.columns.geometry_source) names.add("geometry_source");
  }
  return [...names];
}

// Both give a file in pieces: a million features are longer than a string may be (V8: 537 million characters).
// rows: {n, layers, of, feature}, as rows.js gives them; of a series a row has the value that holds at the time chosen.
export function csvOf(page, rows, time) {
  const layers = layersOf(rows), names = exportColumns(layers, page.languages), series = seriesNames(layers);
  const own = (name) => ownName(names, name);
  const line = (cells) => `${cells.map((cell) => csvCell(String(cell))).join(",")}\r\n`;
  // The mark at the start tells spreadsheets that this is UTF-8.
  const lines = ["\ufeff", line([own("layer"), own("key"), ...names, ...series.map(own), own("latitude"), own("longitude"), own("citations")])];
  eachRow(rows, (layer, i) => {
    const [lat, lon] = pointOf(layer, i) ?? ["", ""], held = seriesCells(layer, i, time);
    const cells = [...names.map((name) => cellText(layer, name, i)), ...series.map((name) => held[name] ?? "")];
    lines.push(line([layer.id, layer.column("_key").text(i), ...cells, lat, lon, citations(page, layer, i, time).join(" | ")]));
  });
  return lines;
}

export function geojsonOf(page, rows, about, time) {
  const layers = layersOf(rows), names = exportColumns(layers, page.languages);
  const flags = new Map(layers.map((layer) => [layer, layer.head.fields.filter(({ type }) => type === "boolean").map(({ id }) => id)]));
  // Their vertices are those of the drawing, not of the data.
  const curved = layers.filter(({ head }) => head.geodesic).map(({ id }) => id);
  const pieces = [`${JSON.stringify({ type: "FeatureCollection", ...about, drawn_along_great_circles: curved.length ? curved : undefined }).slice(0, -1)},"features":[`];
  eachRow(rows, (layer, i) => {
    const properties = { [ownName(names, "layer")]: layer.id, [ownName(names, "key")]: layer.column("_key").text(i) };
    for (const name of names) {
      const column = layer.column(name);
      const text = column?.text(i);
      if (text) properties[name] = column.type === "number" ? column.number(i) : flags.get(layer).includes(name) ? text === "true" : text;
    }
    const held = seriesCells(layer, i, time), sources = citations(page, layer, i, time);
    for (const [name, value] of Object.entries(held)) properties[ownName(names, name)] = value;
    if (sources.length) properties[ownName(names, "citations")] = sources;
    pieces.push(pieces.length > 1 ? ",\n" : "\n", JSON.stringify({ type: "Feature", geometry: geometryOf(layer, i), properties }));
  });
  pieces.push("\n]}\n");
  return pieces;
}

function seriesNames(layers) {
  const names = layers.flatMap(({ series }) => series.flatMap(({ id, column }) => [id, `${id}_year`, column("source") ? `${id}_source` : ""]));
  return [...new Set(names)].filter(Boolean);
}

// {name: number, or text of a source}: of each series of a layer what the map shows of a feature.
function seriesCells(layer, i, time) {
  const cells = {};
  for (const series of layer.series) {
    const row = valueRow(series, i, time);
    if (row < 0) continue;
    Object.assign(cells, { [series.id]: series.column("value").number(row), [`${series.id}_year`]: series.column("time").number(row) });
    const source = series.column("source")?.text(row);
    if (source) cells[`${series.id}_source`] = source;
  }
  return cells;
}

// The row of the value of a series that the map shows of a feature, -1 where it shows none.
function valueRow(series, i, time) {
  const row = seriesRow(series, i, time);
  return row < 0 || Number.isNaN(series.column("value").number(row)) ? -1 : row;
}

// What the map itself adds to the data's columns; beside a column of the same name it is "map_layer", "map_key", ...
function ownName(names, name) {
  return names.includes(name) ? `map_${name}` : name;
}

function eachRow(rows, visit) {
  for (let row = 0; row < rows.n; row++) visit(rows.layers[rows.of[row]], rows.feature[row]);
}

// Gives (i, time) => the cells that say what feature i of a layer rests on: its row, its single values, those of series that
// the map shows.
export function sourcesReader(layer) {
  const columns = sourceColumns(layer);
  const shownOf = (series, i, time) => {
    const row = valueRow(series, i, time);
    return row < 0 ? "" : series.column("source")?.text(row);
  };
  return (i, time) => [...columns.map((column) => column.text(i)), ...layer.series.map((series) => shownOf(series, i, time))];
}

function citations(page, layer, i, time) {
  const all = sourcesReader(layer)(i, time).flatMap(parseSources);
  const texts = all.filter(({ id }) => page.sources[id]).map(({ id, locator }) => referenceText({ source: page.sources[id], locator }));
  return [...new Set(texts)];
}

function pointOf(layer, i) {
  const latlon = pointLatlon(layer, i);
  return latlon && !isBeyondMap(latlon) ? shortened(latlon) : null;
}

// Coordinates as the data may have had them: the shortest decimals that the page would keep as these.
function shortened([lat, lon]) {
  return [shortest(lat, HALF_UNIT_DEGREES * Math.cos((lat * Math.PI) / 180)), shortest(lon, HALF_UNIT_DEGREES)];
}

function shortest(degrees, off) {
  for (let scale = 1; ; scale *= 10) {
    const short = Math.round(degrees * scale) / scale;
    if (Math.abs(short - degrees) <= off) return short;
  }
}

// A geometry of RFC 7946: longitude and latitude, rings closed; of points none that lies beyond the map.
export function geometryOf(layer, i) {
  const { pool } = layer;
  const at = layer.geometry[i];
  if (at < 0) return null;
  const [first, after] = partRange(pool, at);
  const kind = pool.kind(at);
  const parts = [];
  for (let part = first; part < after; part++) {
    const places = coordinatesOf(pool, part);
    if (kind !== AREA_KIND) parts.push(places);
    else if (pool.holes?.[part]) parts.at(-1).push([...places, places[0]]);
    else parts.push([[...places, places[0]]]);
  }
  if (kind === POINT_KIND) {
    const places = parts.flat().filter(([lon, lat]) => !isBeyondMap([lat, lon]));
    return places.length > 1 ? { type: "MultiPoint", coordinates: places } : places.length ? { type: "Point", coordinates: places[0] } : null;
  }
  const type = kind === LINE_KIND ? "LineString" : "Polygon";
  return parts.length === 1 ? { type, coordinates: parts[0] } : { type: `Multi${type}`, coordinates: parts };
}

function coordinatesOf(pool, part) {
  const [first, after] = vertexRange(pool, part);
  return Array.from({ length: after - first }, (_, v) => {
    const [lat, lon] = shortened(latlonOf(pool.x[first + v], pool.y[first + v]));
    return [lon, lat];
  });
}

export function downloadFile(name, type, pieces) {
  const url = URL.createObjectURL(new Blob(pieces, { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
