// Search over names in all languages, attributes, notes, records and sources, in the folded text that the build gives.
//
// Each word of the query has to be found, anywhere and in any order. A word that is nowhere is replaced by the words that
// are a slip or two away from it ("kambarta": "kambarata").

import { SEARCH_BIT, setMaskBit } from "./store.js";

const SEARCH_OPTIONS = {
  shortest: 2,       // letters: a shorter query finds nothing
  results: 60,       // listed at most
  slipFrom: 4,       // letters: from here on one slip is forgiven,
  twoSlipsFrom: 8,   // from here on two
  nearWords: 40,     // words tried for a misspelt one
};
const SCORES = { nameStart: 16, nameWord: 12, name: 8, word: 4, inside: 2, listed: 1 };

// The folded form of a text, as geo/fold.py makes it.
export function foldText(text, letters) {
  const base = text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
  return Array.from(base, (letter) => letters[letter] ?? letter).join("");
}

// Gives {find(query)}: {total, results: [{layer, feature, score}] best first, has(layer, i)}, null for an empty query.
export function createSearch(page) {
  const letters = page.head.fold;
  const { languages } = page;
  const layers = page.layers.map((layer) => ({ layer, text: layer.column("_search").text, lists: null }));
  let vocabulary = null;

  function find(query) {
    const words = foldText(query, letters).split(/\s+/).filter(Boolean);
    if (words.join("").length < SEARCH_OPTIONS.shortest) return null;
    const alternatives = words.map((word) => [word]);
    let found = match(alternatives);
    if (!found.total) {
      // Only the words that nothing holds are taken for slips.
      const mended = words.map((word) => (match([[word]]).total ? [word] : [word, ...nearWords(word)]));
      if (mended.some((list) => list.length > 1)) found = match(mended);
    }
    return found;
  }

  function match(alternatives) {
    const hits = layers.map(({ layer }) => new Uint8Array(layer.n));
    const best = []; // results by score
    let total = 0;
    layers.forEach((entry, at) => {
      const listed = alternatives.map((words) => listedIn(entry, words));
      for (let i = 0; i < entry.layer.n; i++) {
        const text = entry.text(i);
        let score = 0;
        for (let w = 0; w < alternatives.length; w++) {
          const points = scoreOf(text, alternatives[w]) || (listed[w](i) ? SCORES.listed : 0);
          if (!points) {
            score = 0;
            break;
          }
          score += points;
        }
        if (!score) continue;
        hits[at][i] = 1;
        total++;
        best[score] ??= [];
        if (best[score].length < SEARCH_OPTIONS.results) best[score].push({ layer: entry.layer, feature: i, score });
      }
    });
    const results = best.filter(Boolean).reverse().flat().slice(0, SEARCH_OPTIONS.results);
    return { total, results, has: (layer, i) => hits[layer.index][i] === 1 };
  }

  // Where the first of the words stands: at the start of a name, of a word, inside one ...; 0 = nowhere.
  function scoreOf(text, words) {
    for (const word of words) {
      const at = text.indexOf(word);
      if (at < 0) continue;
      if (at === 0) return SCORES.nameStart;
      let line = 0;
      for (let from = text.indexOf("\n"); from >= 0 && from < at; from = text.indexOf("\n", from + 1)) line++;
      const before = text[at - 1];
      const isStart = before === "\n" || before === " ";
      // Names come first, a line for each language.
      if (line < languages.length) return before === "\n" ? SCORES.nameStart : isStart ? SCORES.nameWord : SCORES.name;
      return isStart ? SCORES.word : SCORES.inside;
    }
    return 0;
  }

  // Whether a feature's categories or sources say one of the words: they are read once a value, not once a feature.
  function listedIn(entry, words) {
    entry.lists ??= listColumns(page, entry.layer, letters);
    const tests = entry.lists.map(({ codes, texts }) => {
      const said = texts.map((text) => words.some((word) => text.includes(word)));
      return said.includes(true) ? (i) => codes[i] > 0 && said[codes[i] - 1] : null;
    }).filter(Boolean);
    return (i) => tests.some((test) => test(i));
  }

  function nearWords(word) {
    const slips = word.length >= SEARCH_OPTIONS.twoSlipsFrom ? 2 : word.length >= SEARCH_OPTIONS.slipFrom ? 1 : 0;
    if (!slips) return [];
    vocabulary ??= wordsOf(layers);
    const near = [];
    for (const known of vocabulary) {
      if (known.length < word.length - slips) continue;
      const distance = slipsBetween(word, known, slips);
      if (distance <= slips) near.push([distance, known]);
    }
    return near.sort((a, b) => a[0] - b[0]).slice(0, SEARCH_OPTIONS.nearWords).map(([, known]) => known);
  }

  return { find };
}

// The dictionary columns whose values have words of their own: category titles in all languages, citations of sources.
function listColumns(page, layer, letters) {
  const fold = (texts) => foldText(texts.filter(Boolean).join("\n"), letters);
  const lists = [];
  for (const field of layer.head.fields) {
    const column = field.type === "category" && field.categories ? layer.column(field.id) : null;
    if (column?.codes) {
      lists.push({ codes: column.codes, texts: column.values.map((value) => fold(Object.values(field.categories[value]?.title ?? {}))) });
    }
  }
  const sources = layer.column("source");
  if (sources?.codes) {
    const citation = (part) => page.sources[part.split("#")[0].trim()]?.citation;
    lists.push({ codes: sources.codes, texts: sources.values.map((cell) => fold([cell, ...cell.split(";").map(citation)])) });
  }
  return lists;
}

function wordsOf(layers) {
  const words = new Set();
  for (const { layer, text } of layers) {
    for (let i = 0; i < layer.n; i++) for (const word of text(i).split(/[^\p{L}\p{N}]+/u)) if (word.length > 2) words.add(word);
  }
  return words;
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
    for (const layer of store.page.layers) {
      setMaskBit(store.mask(layer), SEARCH_BIT, found ? (i) => !found.has(layer, i) : () => false);
    }
  });
}
