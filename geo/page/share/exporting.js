// Data of the shown features to take away: CSV and GeoJSON, with sources.
//
// The guard against spreadsheet formulas: a cell of the CSV that begins with = + - @, a tab or a line break, and that
// is not a number, gets an apostrophe in front, and so does what follows a semicolon, tab or line break in it: there
// spreadsheets that part cells by these begin a new one. They show it as text and calculate nothing.

import { WORLD_UNITS, isBeyondMap, latlonOf, pointLatlon } from "../data/coordinates.js";
import {
  AREA_KIND, LINE_KIND, POINT_KIND, cellText, partRange, rowsOf, sourceColumns, vertexRange,
} from "../data/model.js";
import { element } from "../elements/dom.js";
import { seriesRow, timeColumns } from "../state/time.js";
import { parseSources, referenceText } from "../words/citations.js";
import { textIn } from "../words/names.js";
import { amountText, pickText } from "../words/texts.js";

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

// Both give a file in pieces: a million features are longer than a string may be (V8: 537 million characters).
// rows: {n, layers, of, feature}, as shownRows gives them; of a series a row has the value that holds at the time
// chosen.
export function csvOf(page, rows, time) {
  const { layers, names, ownName, read } = propertiesReader(page, rows, time), cited = ownName("citations");
  const stated = layers.some(({ records }) => records) ? [ownName("records")] : [];
  const line = (cells) => `${cells.map((cell) => csvCell(String(cell ?? ""))).join(",")}\r\n`;
  const told = ({ records }, i) => rowsOf(records, i).map((row) => recordText(page, records, row)).join(" | ");
  // The mark at the start tells spreadsheets that this is UTF-8.
  const lines = ["\ufeff", line([...names, ownName("latitude"), ownName("longitude"), ...stated, cited])];
  for (const [layer, i] of eachRow(rows)) {
    const cells = read(layer, i), [lat, lon] = pointOf(layer, i) ?? [];
    const records = stated.map(() => told(layer, i));
    lines.push(line([...names.map((name) => cells.get(name)), lat, lon, ...records, cells.get(cited)?.join(" | ")]));
  }
  return lines;
}

// With what its columns are, and the sources that its features name by their ids.
export function geojsonOf(page, rows, about, time) {
  const { layers, ownName, read, cited } = propertiesReader(page, rows, time);
  // Their vertices are those of the drawing, not of the data.
  const curved = layers.filter(({ head }) => head.geodesic).map(({ id }) => id);
  const told = { ...about, layers: Object.fromEntries(layers.map((layer) => [layer.id, layerWords(layer, ownName)])) };
  const drawn = { drawn_along_great_circles: curved.length ? curved : undefined };
  const head = JSON.stringify({ type: "FeatureCollection", ...told, ...drawn });
  const pieces = [`${head.slice(0, -1)},"features":[`];
  for (const [layer, i] of eachRow(rows)) {
    const properties = Object.fromEntries(read(layer, i)), records = rowsOf(layer.records, i);
    if (records.length) {
      properties[ownName("records")] = records.map((row) => recordOf(page, layer.records, row, cited));
    }
    const feature = { type: "Feature", geometry: geometryOf(layer, i), properties };
    pieces.push(pieces.length > 1 ? ",\n" : "\n", JSON.stringify(feature));
  }
  const sources = Object.fromEntries([...cited].sort().map((id) => [id, withoutBlanks(page.sources[id])]));
  pieces.push(`\n],"sources":${JSON.stringify(sources)}}\n`);
  return pieces;
}

const withoutBlanks = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value));

// What a layer and its columns are called, of what type and measured in, and what the codes in them are called.
function layerWords({ head, series }, ownName) {
  const titlesOf = (values) => Object.fromEntries(values.map(([value, { title }]) => [value, pickText(title)]));
  const words = ({ type, title, unit, categories = {} }) => {
    const values = Object.entries(categories);
    const named = values.length ? titlesOf(values) : undefined;
    return { title: pickText(title), type, unit: pickText(unit) || undefined, values: named };
  };
  const named = (columns, nameOf) => columns.map((column) => [nameOf(column.id), words(column)]);
  const columns = Object.fromEntries([...named(head.fields, String), ...named(series, ownName)]);
  return { title: pickText(head.title), columns };
}

function* eachRow({ n, layers, of, feature }) {
  for (let row = 0; row < n; row++) yield [layers[of[row]], feature[row]];
}

// What a file says of features beside their places. layers: those that have rows, as one that is off or all hidden
// brings no columns; names: of all but citations; read(layer, i): a Map of what it says of one; cited: the ids of
// sources of those read. What the map itself adds is, beside a column of the same name, "map_layer", "map_key", ...
function propertiesReader(page, { layers: all, of }, time) {
  const held = new Set(of), layers = all.filter((_, at) => held.has(at));
  const columns = exportColumns(layers, page.languages);
  const ownName = (name) => (columns.includes(name) ? `map_${name}` : name);
  const [layerName, keyName, citationsName] = ["layer", "key", "citations"].map(ownName);
  const namesOf = ({ id, column }) => [id, `${id}_year`, ...(column("source") ? [`${id}_source`] : [])];
  const series = layers.flatMap((layer) => layer.series.flatMap(namesOf));
  const cited = new Set();
  const flagsOf = ({ head }) => head.fields.filter(({ type }) => type === "boolean").map(({ id }) => id);
  const flags = new Map(layers.map((layer) => [layer, flagsOf(layer)]));

  function read(layer, i) {
    const found = new Map([[layerName, layer.id], [keyName, layer.column("_key").text(i)]]);
    for (const name of columns) {
      const column = layer.column(name), text = column?.text(i);
      if (!text) continue;
      if (column.type === "number") found.set(name, column.number(i));
      else found.set(name, flags.get(layer).includes(name) ? text === "true" : text);
    }
    for (const { id, column, row } of seriesRows(layer, i, time)) {
      found.set(ownName(id), column("value").number(row)).set(ownName(`${id}_year`), column("time").number(row));
      const source = column("source")?.text(row);
      if (source) found.set(ownName(`${id}_source`), source);
    }
    const sources = citations(page, sourcesReader(layer)(i, time), cited);
    return sources.length ? found.set(citationsName, sources) : found;
  }

  const names = [...new Set([layerName, keyName, ...columns, ...series.map(ownName)])];
  return { layers, names, ownName, read, cited };
}

// The columns that the layers have, as they are named in the data: [name].
function exportColumns(layers, languages) {
  const names = layers.flatMap((layer) => {
    const { head } = layer;
    const fields = head.fields.map(({ id }) => id);
    const own = ["name", ...fields, ...timeColumns(layer), "as_of", "precision", "note", "source"];
    const inLanguages = (name) => languages.map((language) => `${name}_${language}`);
    const forms = own.flatMap((name) => [name, ...inLanguages(name), `${name}_source`]);
    return [...forms, "geometry_source"].filter((name) => head.columns[name]);
  });
  return [...new Set(names)];
}

// Of each series of a layer the row of the value that the map shows of a feature, where it shows one.
function seriesRows(layer, i, time) {
  const rows = layer.series.map((series) => ({ ...series, row: seriesRow(series, i, time) }));
  return rows.filter(({ column, row }) => row >= 0 && !Number.isNaN(column("value").number(row)));
}

// Gives (i, time) => the cells that say what feature i of a layer rests on: its row, its single values, those of series
// that the map shows.
export function sourcesReader(layer) {
  const columns = sourceColumns(layer), ofSeries = ({ column, row }) => column("source")?.text(row);
  return (i, time) => [...columns.map((column) => column.text(i)), ...seriesRows(layer, i, time).map(ofSeries)];
}

// The references that cells name, as texts; their ids are added to `cited`.
function citations(page, cells, cited = new Set()) {
  const known = cells.flatMap(parseSources).filter(({ id }) => page.sources[id]);
  for (const { id } of known) cited.add(id);
  return [...new Set(known.map(({ id, locator }) => referenceText({ source: page.sources[id], locator })))];
}

// A record as the data has it, in every language, with what it cites.
function recordOf(page, records, row, cited) {
  const record = {};
  for (const name of ["date", "text", "value", "unit", "note", "source"]) {
    for (const form of [name, ...page.languages.map((language) => `${name}_${language}`)]) {
      const cell = cellText(records, form, row);
      if (cell) record[form] = cell;
    }
  }
  if (String(Number(record.value)) === record.value) record.value = Number(record.value); // "007" stays a text
  if (record.source) record.citation = citations(page, [record.source], cited).join(" ");
  return record;
}

// "2003-10: What is said. (20 aircraft) A note. [What it cites.]", in the reader's language.
function recordText(page, records, row) {
  const [text, unit, note] = ["text", "unit", "note"].map((name) => textIn(page, records, name, row).text);
  const [date, value, source] = ["date", "value", "source"].map((name) => cellText(records, name, row));
  const amount = value && amountText(value, unit, text), cited = citations(page, [source]).join(" ");
  return [date && `${date}:`, text, amount && `(${amount})`, note, cited && `[${cited}]`].filter(Boolean).join(" ");
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

// A geometry of RFC 7946: longitude and latitude, rings closed and counterclockwise, holes clockwise; of points none
// that lies beyond the map.
export function geometryOf(layer, i) {
  const { pool } = layer, at = layer.geometry[i], parts = [];
  if (at < 0) return null;
  const kind = pool.kind(at);
  for (let [part, after] = partRange(pool, at); part < after; part++) {
    const places = coordinatesOf(pool, part), isHole = pool.holes?.[part] === 1;
    if (kind !== AREA_KIND) parts.push(places);
    else if (isHole) parts.at(-1).push(ringOf(places, -1));
    else parts.push([ringOf(places, 1)]);
  }
  if (kind === POINT_KIND) {
    const places = parts.flat().filter(([lon, lat]) => !isBeyondMap([lat, lon]));
    if (places.length > 1) return { type: "MultiPoint", coordinates: places };
    return places.length ? { type: "Point", coordinates: places[0] } : null;
  }
  const type = kind === LINE_KIND ? "LineString" : "Polygon";
  return parts.length === 1 ? { type, coordinates: parts[0] } : { type: `Multi${type}`, coordinates: parts };
}

function coordinatesOf(pool, part) {
  const [first, after] = vertexRange(pool, part);
  const placeOf = (_, v) => shortened(latlonOf(pool.x[first + v], pool.y[first + v])).reverse();
  return Array.from({ length: after - first }, placeOf);
}

// A ring closed; way: 1 counterclockwise, -1 clockwise.
function ringOf(places, way) {
  const doubleArea = places.reduce((sum, [lon, lat], at) => {
    const [lonBefore, latBefore] = places.at(at - 1);
    return sum + lonBefore * lat - lon * latBefore;
  }, 0);
  const ring = doubleArea * way < 0 ? places.reverse() : places;
  return [...ring, ring[0]];
}

export function downloadFile(name, type, pieces) {
  const url = URL.createObjectURL(new Blob(pieces, { type }));
  element("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
