// What a layer's legend says, as plain entries: its classes with counts, the scales of size and width, the precisions.

import { PRECISIONS, cellsOf } from "../data/model.js";

// One entry for each class: [{part: "color" | "shape" | "dash", code, pick, label: {title | value | from, to | none}}].
// `pick` names the classes that the entry's symbol is drawn with.
export function classEntries(layer) {
  const { style } = layer.head;
  const entries = [];
  for (const part of ["color", "shape", "dash"]) {
    if (!style[part]) continue;
    // One field behind colour and shape (or dash) is one list, its symbols show both.
    if (part !== "color" && style.color?.by === style[part].by) continue;
    const twins = part === "color" ? ["shape", "dash"].filter((name) => style[name]?.by === style.color.by) : [];
    const pick = (code) => Object.fromEntries([part, ...twins].map((name) => [name, code]));
    style[part].classes.forEach((label, at) => entries.push({ part, code: at + 1, pick: pick(at + 1), label }));
    if (hasNoValue(layer, part)) entries.push({ part, code: 0, pick: pick(0), label: { none: true } });
  }
  return entries;
}

// A series has no value before its first year and after its last.
function hasNoValue(layer, part) {
  return layer.head.style[part].kind === "series" || Boolean(layer[part]?.includes(0));
}

// How many features of each class are shown (mask bits in `ignore` aside): one count a code, 0 = no value.
export function classCounts(codes, mask, ignore = 0) {
  const counts = new Uint32Array(256);
  for (let i = 0; i < codes.length; i++) if (!(mask[i] & ~ignore)) counts[codes[i]]++;
  return counts;
}

// The scales of size and width: [{name, by, ticks: [{value, isAtMost, pick}]}], the last without a value where features
// have none; `factor`: how large the map draws what it draws.
export function scaleEntries(layer, factor = 1) {
  const { style } = layer.head;
  return ["size", "width"].filter((name) => style[name]).map((name) => {
    const { by, ticks, no_value: least } = style[name];
    const known = ticks.map(({ value, px, at_most: isAtMost }) => ({ value, isAtMost, pick: { [name]: px * factor } }));
    return { name, by, ticks: least ? [...known, { pick: { [name]: least * factor, isUnknown: true } }] : known };
  });
}

// The precisions that occur in a layer, in their order: [{precision, pick}].
export function precisionEntries(layer) {
  const column = layer.column("precision"), found = new Set(column && cellsOf(column, layer.n));
  const all = PRECISIONS.map((precision, code) => ({ precision, pick: { precision: code } }));
  return all.filter((entry) => found.has(entry.precision));
}

export function fieldOf(layer, id) {
  const { fields, series } = layer.head, isIt = (each) => each.id === id;
  return fields.find(isIt) ?? series.find(isIt) ?? null;
}

// Layers, bottom first, as the tree lists them: group by group, in each the one that the map has on top first. Gives
// [{group: GROUP or null, layers}]; `all`: the groups in their order.
export function groupLayers(layers, all) {
  const fromTop = [...layers].reverse(), isIn = (group) => ({ head }) => head.group === group.id;
  const groups = all.map((group) => ({ group, layers: fromTop.filter(isIn(group)) }))
    .filter((entry) => entry.layers.length);
  const alone = fromTop.filter((layer) => !all.some((group) => isIn(group)(layer)));
  return [...groups, ...alone.map((layer) => ({ group: null, layers: [layer] }))];
}

// A parent's checkbox: "on", "off" or "mixed".
export function groupState(layers, shown) {
  const on = layers.filter((layer) => shown.includes(layer.id)).length;
  return on === 0 ? "off" : on === layers.length ? "on" : "mixed";
}

// The same list where they are so already: what is opened from a list then leaves map and table as they are.
export function withLayers(shown, layers, on) {
  if (layers.every(({ id }) => shown.includes(id) === on)) return shown;
  const ids = layers.map((layer) => layer.id), others = shown.filter((id) => !ids.includes(id));
  return on ? [...others, ...ids] : others;
}
