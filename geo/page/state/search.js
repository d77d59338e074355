// Search over names in all languages, keys, attributes, notes, records, category titles and sources.
//
// Each word of the query has to be found, anywhere and in any order; a short query but in names at the start of a word:
// "osh" is in many. A word that is nowhere is replaced by the words that are a slip or two away from it ("kambarta":
// "kambarata"). Columns are searched, not features: a column's texts are folded as one and looked through for a word, a
// dictionary's values once however many features share them. At 100,000 features a query takes 5 to 30 ms, the first one
// 100 ms more.

import { sourceColumns } from "../data/model.js";
import { SEARCH_BIT, setMaskBit } from "./store.js";

const SEARCH_OPTIONS = {
  shortest: 2,       // letters, as typed: a shorter query finds nothing
  insideFrom: 4,     // letters: from here on a query is found inside of words, too
  results: 60,       // listed at most
  slipFrom: 4,       // letters: from here on one slip is forgiven,
  twoSlipsFrom: 8,   // from here on two
  nearWords: 40,     // words tried for a misspelt one
};
// Points of a word by where it stands in a text: it is all of it, at its start, at the start of a word, inside one.
const NAMED = [20, 16, 12, 8], SAID = [4, 4, 4, 2], LISTED = [1, 1, 1, 1];

// One Latin spelling for each Cyrillic letter, near the English usage of place names (BGN/PCGN without diacritics), those
// of Kyrgyz and Kazakh as Latin readers type them; accents are off by then. Hyphens and quotes do not count.
const SPELLINGS = Object.fromEntries([
  ..."а=a б=b в=v г=g д=d е=e ж=zh з=z и=i к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh ц=ts ч=ch ш=sh щ=shch ъ= ы=y ь= э=e ю=yu я=ya"
    .concat(" ө=o ү=u ң=n ұ=u қ=k ғ=g һ=h ә=a і=i ı=i ß=ss").split(" ").map((pair) => pair.split("=")),
  ...[..."-‐–'’ʼ\x60\"«»“”"].map((dropped) => [dropped, ""]),
]);
const SPELT_BELOW = 0x2100; // the code of every letter that has a spelling
let spellings = null;

// Text in the form in which search compares it: "Камбар-Ата" is "kambarata". Spaces and line breaks stay.
// 3 MB of Cyrillic take 100 ms, replace() with a function 400 ms.
export function foldText(text) {
  const lower = text.toLowerCase();
  if (!/[^\0-\x7f]/.test(lower)) return lower.replace(/[-'\x60"]+/g, "");
  const base = lower.normalize("NFKD").replace(/\p{M}+/gu, "");
  spellings ??= Array.from({ length: SPELT_BELOW }, (_, code) => SPELLINGS[String.fromCharCode(code)] ?? String.fromCharCode(code));
  const folded = new Uint16Array(base.length * 4);
  let n = 0;
  for (let i = 0; i < base.length; i++) {
    const code = base.charCodeAt(i);
    const letters = spellings[code];
    if (letters === undefined) folded[n++] = code;
    else for (let k = 0; k < letters.length; k++) folded[n++] = letters.charCodeAt(k);
  }
  return new TextDecoder("utf-16le", { ignoreBOM: true }).decode(folded.subarray(0, n));
}

// [{text: folded, letters: how many are typed}]: "Чүй" is three, though "chui" has four.
export function wordsIn(query) {
  const words = query.split(/\s+/).map((typed) => [foldText(typed), typed]).filter(([text]) => text);
  return words.map(([text, typed]) => ({ text, letters: Math.min(typed.length, text.length) }));
}

const lettersIn = (words) => words.reduce((sum, { letters }) => sum + letters, 0);

// Whether a query is long enough to be looked for.
export function isQuery(query) {
  return lettersIn(wordsIn(query)) >= SEARCH_OPTIONS.shortest;
}

// Gives {find(query)}: {total, results: [{layer, feature, score}] best first, has(layer, i)}, null for an empty query;
// prepare() does before the first query what it would do.
export function createSearch(page) {
  let searched = null, vocabulary = null, last = { query: null };

  function prepare() {
    searched ??= page.layers.map((layer) => searchedColumns(page, layer));
  }

  function find(query) {
    if (last.query !== query) last = { query, found: isQuery(query) ? findWords(wordsIn(query)) : null };
    return last.found;
  }

  function findWords(words) {
    prepare();
    if (lettersIn(words) < SEARCH_OPTIONS.insideFrom) return match(words.map(({ text }) => [text]), true);
    const found = match(words.map(({ text }) => [text]));
    if (found.total) return found;
    // Only the words that nothing holds are taken for slips.
    const mended = words.map((word) => (match([[word.text]]).total ? [word.text] : [word.text, ...nearWords(word)]));
    return mended.some((list) => list.length > 1) ? match(mended) : found;
  }

  function match(alternatives, isShort = false) {
    const best = []; // results by score
    let total = 0;
    const scores = page.layers.map((layer, at) => {
      const sums = alternatives.map((words) => pointsOf(layer, searched[at], words, isShort)).reduce(addPoints);
      for (let i = 0; i < layer.n; i++) {
        const score = sums[i];
        if (!score) continue;
        total++;
        best[score] ??= [];
        if (best[score].length < SEARCH_OPTIONS.results) best[score].push({ layer, feature: i, score });
      }
      return sums;
    });
    const results = best.filter(Boolean).reverse().flat().slice(0, SEARCH_OPTIONS.results);
    return { total, results, has: (layer, i) => scores[layer.index][i] > 0 };
  }

  function nearWords({ text: word, letters: typed }) {
    const slips = typed >= SEARCH_OPTIONS.twoSlipsFrom ? 2 : typed >= SEARCH_OPTIONS.slipFrom ? 1 : 0;
    if (!slips) return [];
    vocabulary ??= vocabularyOf(searched.flatMap(([said]) => said));
    const near = [], letters = letterBits(word);
    for (let at = 0; at < vocabulary.words.length; at++) {
      // A letter that the other word has nowhere is a slip: that tells most words apart.
      if (countBits(letters & ~vocabulary.letters[at]) > slips) continue;
      const known = vocabulary.words[at];
      if (known.length < word.length - slips) continue;
      const distance = slipsBetween(word, known, slips);
      if (distance <= slips) near.push([distance, known]);
    }
    return near.sort((a, b) => a[0] - b[0]).slice(0, SEARCH_OPTIONS.nearWords).map(([, known]) => known);
  }

  return { find, prepare };
}

// A layer's texts as two lists of columns: what is said of a feature, names and key first, and what its values stand for,
// category titles and sources. A column: {whole: its folded texts, a line each, starts, points, codes: of a dictionary,
// owner(row): the feature of a row of records, words: what slips are mended to}.
function searchedColumns(page, layer) {
  const said = [], listed = [];
  const add = (column, points, { table = layer, meaning = (cell) => cell } = {}) => {
    const cells = column.values ?? Array.from({ length: table.n }, (_, row) => column.text(row));
    const whole = foldText(cells.map((cell) => meaning(cell).replace(/\n/g, " ")).join("\n"));
    (points === LISTED ? listed : said).push({
      whole, points, starts: lineStarts(whole, cells.length), codes: column.codes ?? null,
      owner: table === layer ? null : table.column("feature").number,
      words: column.prefix === undefined ? whole : foldText(column.prefix),
    });
  };
  const idsOf = (name, columns) => Object.keys(columns).filter((id) => id === name || (id.startsWith(`${name}_`) && id !== `${name}_source`));
  const { columns, fields, records } = layer.head;
  const attributes = fields.filter(({ id, type }) => columns[id] && (type === "text" || type === "category"));
  for (const id of [...idsOf("name", columns), "_key"]) add(layer.column(id), NAMED);
  for (const id of [...attributes.map((field) => field.id), ...idsOf("note", columns)]) add(layer.column(id), SAID);
  for (const id of ["text", "note"].flatMap((name) => idsOf(name, records?.columns ?? {}))) add(layer.records.column(id), SAID, { table: layer.records });
  for (const { id, categories } of attributes) {
    if (categories) add(layer.column(id), LISTED, { meaning: (value) => Object.values(categories[value]?.title ?? {}).join(" ") });
  }
  const citation = (id) => page.sources[id.trim()]?.citation ?? "";
  // What a cell says itself; the citations once for each set of sources, whatever places in them the cells name.
  const addSources = (column, table = layer) => {
    const sets = new Map([["", 0]]);
    const codeOf = (cell) => {
      const ids = cell.replace(/#[^;]*/g, "");
      if (!sets.has(ids)) sets.set(ids, sets.size);
      return sets.get(ids);
    };
    const ofValues = column.codes && [0, ...column.values.map(codeOf)];
    const codes = column.codes?.map((code) => ofValues[code]) ?? Uint32Array.from({ length: table.n }, (_, row) => codeOf(column.text(row)));
    add(column, LISTED, { table });
    add({ values: [...sets.keys()].slice(1), codes }, LISTED, { table, meaning: (ids) => ids.split(";").map(citation).join(" ") });
  };
  for (const column of sourceColumns(layer)) addSources(column);
  for (const table of [layer.records, ...layer.series]) if (table?.column("source")) addSources(table.column("source"), table);
  return [said, listed];
}

function lineStarts(text, lines) {
  const starts = new Uint32Array(lines + 1);
  for (let line = 1, at = -1; line <= lines; line++) {
    at = text.indexOf("\n", at + 1);
    starts[line] = (at < 0 ? text.length : at) + 1;
  }
  return starts;
}

// What each feature of a layer gets for the first of some words that it holds, by where it holds it first.
function pointsOf(layer, searched, words, isShort) {
  const points = new Uint16Array(layer.n);
  for (const columns of searched) {
    for (const word of words) {
      for (const column of columns) {
        const found = pointsInColumn(column, word, isShort);
        if (!found) continue;
        const { codes, owner } = column;
        for (let row = 0; row < (codes ?? found).length; row++) {
          const i = owner ? owner(row) : row;
          if (!points[i]) points[i] = codes ? found[codes[row] - 1] : found[row]; // code 0, no value: undefined becomes 0
        }
      }
    }
  }
  return points;
}

// The points of each text of a column, null where none holds the word.
function pointsInColumn({ whole, starts, points }, word, isShort) {
  const next = isShort && points !== NAMED ? startFinder(whole, word) : (from) => whole.indexOf(word, from);
  let at = next(0);
  if (at < 0) return null;
  const found = new Uint8Array(starts.length - 1);
  for (let line = 0; at >= 0; at = next(starts[line])) {
    while (starts[line + 1] <= at) line++;
    const isFirst = at === starts[line], isWhole = isFirst && at + word.length === starts[line + 1] - 1;
    found[line] = points[isWhole ? 0 : isFirst ? 1 : whole[at - 1] === " " ? 2 : 3];
    line++;
  }
  return found;
}

// Gives where from a place on a word begins with these letters. From Thai on, scripts know no spaces: there words begin anywhere.
function startFinder(whole, letters) {
  const pattern = new RegExp(`(?<![a-z0-9\\x80-\\u0dff])${letters.replace(/[^\p{L}\p{N}]/gu, "\\$&")}`, "g");
  return (from) => {
    pattern.lastIndex = from;
    return pattern.exec(whole)?.index ?? -1;
  };
}

function addPoints(sums, points) {
  return sums.map((sum, i) => (sum && points[i] ? sum + points[i] : 0));
}

function vocabularyOf(columns) {
  const words = new Set(columns.flatMap(({ words: text }) => text.match(/[\p{L}\p{N}]{3,}/gu) ?? []));
  const list = [...words].filter((word) => /[^0-9]/.test(word)); // another number is no slip
  return { words: list, letters: Int32Array.from(list, letterBits) };
}

// The letters of a word as bits, several letters to a bit.
function letterBits(word) {
  let bits = 0;
  for (let i = 0; i < word.length; i++) bits |= 1 << (word.charCodeAt(i) & 31);
  return bits;
}

function countBits(bits) {
  let n = 0;
  for (let left = bits; left; left &= left - 1) n++;
  return n;
}

// How many letters must be changed, added, left out or swapped so that `known` begins with `word`; past `limit` it stops.
export function slipsBetween(word, known, limit) {
  const width = Math.min(known.length, word.length + limit);
  let before = null;
  let above = Array.from({ length: width + 1 }, (_, j) => j);
  for (let i = 1; i <= word.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= width; j++) {
      const same = word[i - 1] === known[j - 1];
      row[j] = Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1));
      if (before && word[i - 1] === known[j - 2] && word[i - 2] === known[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
      least = Math.min(least, row[j]);
    }
    if (least > limit) return limit + 1;
    before = above;
    above = row;
  }
  return Math.min(...above);
}

// The search as a filter: what the query does not find is hidden, in all layers.
export function filterBySearch(store, search) {
  store.filter(["search"], () => {
    const found = search.find(store.state.search);
    const changes = store.page.layers.map((layer) => {
      return setMaskBit(store.mask(layer), SEARCH_BIT, found ? (i) => !found.has(layer, i) : false);
    });
    return changes.includes(true);
  });
}
