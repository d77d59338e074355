// Search over names in all languages, keys, attributes, notes, records, category titles and sources, and over dates: of
// when features and records begin and end, a year finds all of its days. Of numbers the whole one is found: 1860, 5.2.
//
// Each word of the query has to be found, anywhere and in any order; a short query but in names at the start of a word:
// "osh" is in many. A word that is nowhere is replaced by the words that are a slip or two away from it ("kambarta":
// "kambarata"). Columns are searched, not features: a column's texts are folded as one and looked through for a word, a
// dictionary's values once however many features share them. At 100,000 features a query takes 5 to 30 ms, the first
// one 100 ms more.

import { cellsOf, sourceColumns } from "../data/model.js";
import { SEARCH_BIT, filterByBit } from "./store.js";
import { timeColumns } from "./time.js";

const SEARCH_OPTIONS = {
  shortest: 2,       // letters, as typed: a shorter query finds nothing
  insideFrom: 4,     // letters: from here on a query is found inside of words, too
  datesFrom: 4,      // digits: shorter ones are no year
  results: 60,       // listed at most
  slipsFrom: [4, 8], // letters: from here on one slip is forgiven, from here on two
  nearWords: 40,     // words tried for a misspelt one
};
// Points of a word by where it stands in a text: it is all of it, at its start, at the start of a word, inside one.
const NAMED = [20, 16, 12, 8], DATED = [10, 10, 10, 10], SAID = [4, 4, 4, 2], LISTED = [1, 1, 1, 1];

// By the code of a letter its spelling in plain Latin: of Cyrillic near the English usage of place names (BGN/PCGN
// without diacritics), of Kyrgyz, Kazakh and Tajik as Latin readers type them. Accents are off by then, hyphens and
// quotes do not count, nor does the mark that Uzbek puts into a word: Oʻsh. Without holes it is twice as quick.
const SPELLINGS = Array.from({ length: 0x2100 }, (_, code) => String.fromCharCode(code));
for (const pair of ("а=a б=b в=v г=g д=d е=e ж=zh з=z и=i к=k л=l м=m н=n о=o п=p р=r "
  + "с=s т=t у=u ф=f х=kh ц=ts ч=ch ш=sh щ=shch ъ= ы=y ь= "
  + "э=e ю=yu я=ya ө=o ү=u ң=n ұ=u қ=k ғ=g һ=h ҳ=h ҷ=j ә=a і=i є=e ґ=g ı=i ə=a ß=ss ł=l ø=o đ=d æ=ae "
  + "«= »= ‘= ’= “= ”= „= ʻ= ʼ= ‐= –=").split(" ")) {
  SPELLINGS[pair.charCodeAt(0)] = pair.slice(2);
}

// Text in the form in which search compares it: "Камбар-Ата" is "kambarata". Spaces and line breaks stay.
// 3 MB of Cyrillic take 100 ms, replace() with a function 400 ms.
export function foldText(text) {
  const plain = text.normalize("NFKD").toLowerCase().replace(/[-'"\x60]+/g, "");
  if (!/[^\0-\x7f]/.test(plain)) return plain;
  const base = plain.replace(/\p{M}+/gu, ""), folded = new Uint16Array(base.length * 4);
  let n = 0;
  for (let i = 0; i < base.length; i++) {
    const code = base.charCodeAt(i), letters = SPELLINGS[code];
    if (letters === undefined) folded[n++] = code;
    else for (let k = 0; k < letters.length; k++) folded[n++] = letters.charCodeAt(k);
  }
  return new TextDecoder("utf-16le", { ignoreBOM: true }).decode(folded.subarray(0, n));
}

// [{text: folded, letters: how many are typed}]: "Чүй" is three, though "chui" has four.
export function wordsIn(query) {
  const words = query.split(/\s+/).map((typed) => ({ text: foldText(typed), letters: typed.length }));
  return words
    .filter(({ text }) => text)
    .map(({ text, letters }) => ({ text, letters: Math.min(letters, text.length) }));
}

const lettersIn = (words) => words.reduce((sum, { letters }) => sum + letters, 0);

// Whether a query is long enough to be looked for.
export function isQuery(query) {
  return lettersIn(wordsIn(query)) >= SEARCH_OPTIONS.shortest;
}

// Gives {find(query)}: {total, results: [{layer, feature, score}] best first, has(layer, i), holders: for each word of
// the query what tells whether a text has it}, null for an empty query; prepare() does before the first query what it
// would do. `inIso` gives a query with its date as the data has it, "" where it is so already.
export function createSearch(page, inIso = () => "") {
  let searched = null, vocabulary = null, last = { query: null };

  function prepare() {
    searched ??= page.layers.map((layer) => searchedColumns(page, layer));
  }

  function find(query) {
    if (last.query !== query) last = { query, found: isQuery(query) ? findWords(query) : null };
    return last.found;
  }

  function findWords(query) {
    prepare();
    const words = wordsIn(query), isShort = lettersIn(words) < SEARCH_OPTIONS.insideFrom;
    const asTyped = (all) => all.map(({ text }) => [text]);
    const found = match(asTyped(words), isShort, asTyped(wordsIn(inIso(query))));
    if (found.total || isShort) return found;
    // What the query writes with a hyphen a name may have as two words.
    const apart = query.includes("-") ? match(asTyped(wordsIn(query.replaceAll("-", " ")))) : found;
    if (apart.total) return apart;
    // Only the words that nothing holds are taken for slips.
    const mended = words.map((word) => (match([[word.text]]).total ? [word.text] : nearWords(word)));
    return mended.every((near) => near.length) ? match(mended) : found;
  }

  function match(alternatives, isShort, dated = []) {
    const best = []; // results by score
    let total = 0;
    const scores = page.layers.map((layer, at) => {
      const sumsOf = (all) => all.map((words) => pointsOf(layer, searched[at], words, isShort)).reduce(addPoints);
      const typed = sumsOf(alternatives), onDate = dated.length && sumsOf(dated);
      const sums = onDate ? typed.map((sum, i) => sum || onDate[i]) : typed;
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
    const has = (layer, i) => scores[layer.index][i] > 0;
    return { total, results, has, holders: [...alternatives, ...dated].map((words) => holderOf(words, isShort)) };
  }

  function nearWords({ text: word, letters: typed }) {
    const slips = SEARCH_OPTIONS.slipsFrom.filter((least) => typed >= least).length;
    if (!slips) return [];
    vocabulary ??= vocabularyOf(searched.flat());
    const near = [], sound = soundOf(word), letters = letterBits(sound);
    for (const [at, known] of vocabulary.sounds.entries()) {
      // A letter that the other word has nowhere is a slip: that tells most words apart.
      if (countBits(letters & ~vocabulary.letters[at]) > slips) continue;
      const distance = slipsBetween(sound, known, slips);
      if (distance <= slips) near.push([distance, vocabulary.words[at]]);
    }
    return near.sort((a, b) => a[0] - b[0]).slice(0, SEARCH_OPTIONS.nearWords).map(([, known]) => known);
  }

  return { find, prepare };
}

// The searched columns of a layer, what is said of a feature (names and key first) before what its values stand for,
// category titles and sources: [{whole: its folded texts, a line each, starts, points, codes: of a dictionary,
// owner(row): the feature of a row of records, words: what slips are mended to}].
function searchedColumns(page, layer) {
  const { head: { columns, fields }, records, series } = layer, searched = [];
  const add = (column, points, table = layer, meaning = (cell) => cell) => {
    const cells = cellsOf(column, table.n);
    const whole = foldText(cells.map((cell) => meaning(cell).replace(/\n/g, " ")).join("\n"));
    searched.push({
      whole, points, starts: lineStarts(whole, cells.length), codes: column.codes ?? null,
      owner: table === layer ? null : table.column("feature").number,
      words: points === LISTED || points === DATED ? "" : column.prefix === undefined ? whole : foldText(column.prefix),
    });
  };
  const addAll = (name, points, table, among) => {
    const isOfIt = (id) => id === name || (id.startsWith(`${name}_`) && id !== `${name}_source`);
    for (const id of Object.keys(among).filter(isOfIt)) add(table.column(id), points, table);
  };
  const isDate = ({ id, type }) => columns[id] && type === "date";
  const dates = new Set([...timeColumns(layer), ...fields.filter(isDate).map(({ id }) => id)]);
  const attributes = fields.filter(({ id, type }) => columns[id] && (type === "text" || type === "category"));
  addAll("name", NAMED, layer, columns);
  add(layer.column("_key"), NAMED);
  // What is found here hits.js can tell, in the same languages.
  for (const { id, type } of attributes) {
    const forms = type === "text" ? page.languages.slice(1).map((language) => `${id}_${language}`) : [];
    for (const name of [id, ...forms]) if (columns[name]) add(layer.column(name), SAID);
  }
  addAll("note", SAID, layer, columns);
  for (const name of ["text", "note"]) addAll(name, SAID, records, layer.head.records?.columns ?? {});
  for (const id of dates) if (columns[id]) add(layer.column(id), DATED);
  if (layer.head.records?.columns.date) add(records.column("date"), DATED, records);
  for (const { id, categories } of attributes) {
    const titlesOf = (value) => Object.values(categories[value]?.title ?? {}).join(" ");
    if (categories) add(layer.column(id), LISTED, layer, titlesOf);
  }
  const citations = (ids) => ids.split(";").map((id) => page.sources[id.trim()]?.citation ?? "").join(" ");
  // What a cell says itself; the citations once for each set of sources, whatever places in them the cells name.
  const addSources = (column, table) => {
    const sets = cellsOf(column, table.n).map((cell) => cell.replace(/#[^;]*/g, ""));
    const values = [...new Set(sets)], codeOf = new Map(values.map((ids, at) => [ids, at + 1]));
    const codes = sets.map((ids) => codeOf.get(ids));
    add(column, LISTED, table);
    add({ values, codes: column.codes?.map((code) => code && codes[code - 1]) ?? codes }, LISTED, table, citations);
  };
  for (const column of sourceColumns(layer)) addSources(column, layer);
  for (const table of [records, ...series]) if (table?.column("source")) addSources(table.column("source"), table);
  return searched;
}

function lineStarts(text, lines) {
  const starts = new Uint32Array(lines + 1);
  for (let line = 1, at = -1; line <= lines; line++) {
    at = text.indexOf("\n", at + 1);
    starts[line] = (at < 0 ? text.length : at) + 1;
  }
  return starts;
}

// What each feature of a layer gets for the first of some words that it holds.
function pointsOf(layer, searched, words, isShort) {
  const points = new Uint16Array(layer.n);
  for (const column of searched) {
    for (const word of words) {
      const found = pointsInColumn(column, word, isShort);
      if (!found) continue;
      const { codes, owner } = column;
      for (let row = 0; row < (codes ?? found).length; row++) {
        const i = owner ? owner(row) : row;
        if (!points[i]) points[i] = codes ? found[codes[row] - 1] : found[row]; // code 0, no value: undefined becomes 0
      }
    }
  }
  const numbers = words.map(numberIn).filter((number) => number !== null);
  for (const number of numbers) for (const column of numberColumns(layer)) {
    for (let i = 0; i < layer.n; i++) if (!points[i] && column.number(i) === number) [points[i]] = SAID;
  }
  return points;
}

// The number that a word is, null where it is none.
function numberIn(word) {
  return /^\d+([.,]\d+)?$/.test(word) ? Number(word.replace(",", ".")) : null;
}

function numberColumns({ head: { fields }, column }) {
  const numbers = fields.filter(({ type }) => type === "integer" || type === "number");
  return numbers.map(({ id }) => column(id)).filter(Boolean);
}

// The points of each text of a column, null where none holds the word.
function pointsInColumn({ whole, starts, points }, word, isShort) {
  const isDates = points === DATED, isAtStart = isDates || (isShort && points !== NAMED);
  if (isDates && word.length < SEARCH_OPTIONS.datesFrom) return null;
  const next = isAtStart ? startFinder(whole, word) : (from) => whole.indexOf(word, from);
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

// Gives where from a place on a word begins with these letters. From Thai on, scripts know no spaces: there words begin
// anywhere.
function startFinder(whole, letters) {
  const pattern = new RegExp(`(?<![a-z0-9\\x80-\\u0dff])${letters.replace(/[^\p{L}\p{N}]/gu, "\\$&")}`, "g");
  return (from) => {
    pattern.lastIndex = from;
    return pattern.exec(whole)?.index ?? -1;
  };
}

function holderOf(words, isShort) {
  return (text) => {
    const folded = foldText(text);
    return words.some((word) => (isShort ? startFinder(folded, word)(0) : folded.indexOf(word)) >= 0);
  };
}

function addPoints(sums, points) {
  return sums.map((sum, i) => (sum && points[i] ? sum + points[i] : 0));
}

function vocabularyOf(columns) {
  const found = new Set(columns.flatMap(({ words }) => words.match(/[\p{L}\p{N}]{3,}/gu) ?? []));
  const words = [...found].filter((word) => /[^0-9]/.test(word)); // another number is no slip
  const sounds = soundOf(words.join(" ")).split(" ");
  return { words, sounds, letters: Int32Array.from(sounds, letterBits) };
}

// One spelling for what Latin writes in several ways: "tajikistan" as "tadzhikistan" (Таджикистан), "khiva" as "xiva".
function soundOf(text) {
  return text.replace(/d?zh/g, "j").replace(/kh|x/g, "h").replace(/q/g, "k");
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

// How many letters must be changed, added, left out or swapped so that `known` begins with `word`; past `limit` it
// stops.
export function slipsBetween(word, known, limit) {
  const width = Math.min(known.length, word.length + limit);
  let before = null, above = Array.from({ length: width + 1 }, (_, j) => j);
  for (let i = 1; i <= word.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= width; j++) {
      const isSame = word[i - 1] === known[j - 1];
      const isSwapped = word[i - 1] === known[j - 2] && word[i - 2] === known[j - 1];
      const replaced = above[j - 1] + (isSame ? 0 : 1), swapped = isSwapped ? before[j - 2] + 1 : limit + 1;
      row[j] = Math.min(above[j] + 1, row[j - 1] + 1, replaced, swapped);
      least = Math.min(least, row[j]);
    }
    if (least > limit) return limit + 1;
    [before, above] = [above, row];
  }
  return Math.min(...above);
}

export function filterBySearch(store, search) {
  filterByBit(store, ["search"], SEARCH_BIT, (layer) => {
    const found = search.find(store.state.search);
    return found && ((i) => !found.has(layer, i));
  });
}
