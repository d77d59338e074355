// Sources of a card: cells such as "lewis2015#4.1.2;ria2013" as numbered footnotes, and as a reference to quote.

import { formatDate, t } from "./texts.js";

// "id#locator;id" -> [{id, locator}]
export function parseSources(cell) {
  return (cell || "").split(";").map((part) => part.trim()).filter(Boolean).map((part) => {
    const [id, ...locator] = part.split("#");
    return { id: id.trim(), locator: locator.join("#").trim() };
  });
}

// Numbers for what is cited, in order of first use; the same source and locator keep their number.
export function createFootnotes(sources) {
  const notes = [];
  return {
    notes,
    // The numbers of a cell's sources.
    cite(cell) {
      return parseSources(cell).map(({ id, locator }) => {
        let at = notes.findIndex((note) => note.id === id && note.locator === locator);
        if (at < 0) at = notes.push({ id, locator, source: sources[id] ?? { citation: id, url: "", licence: "" } }) - 1;
        return at + 1;
      });
    },
  };
}

// One footnote as text: the citation, the place in it, the address, the day on which it was read there.
export function referenceText({ source, locator }) {
  const citation = source.citation.replace(/\.$/, ""), accessed = accessedText(source);
  const cited = `${[citation, locator].filter(Boolean).join(", ")}.`;
  return [cited, source.url, accessed && `(${accessed})`].filter(Boolean).join(" ");
}

export function accessedText({ accessed }) {
  return accessed ? t("accessed", { date: formatDate(accessed) }) : "";
}

// What "cite" copies: the feature in its atlas, then the sources that its card rests on.
export function citationText({ name, layer, map, atlas, edition, link, notes }) {
  const title = map === atlas ? atlas : `${atlas}: ${map}`;
  const dated = edition && t("about_edition", { date: formatDate(edition) });
  const head = [`${name} (${layer}). ${title}.`, dated].filter(Boolean).join(" ");
  const lines = notes.map((note, at) => `[${at + 1}] ${referenceText(note)}`);
  return [head, ...(link ? [link] : []), ...(lines.length ? [`${t("sources")}:`, ...lines] : [])].join("\n");
}

// "Lewis, D. (2015). Reasserting ..." -> "Lewis 2015": the first words and the year.
export function shortCitation(citation) {
  const [name] = citation.split(/[.,(:]\s|,|\s\(/);
  const year = /\b(1[89]|20)\d\d\b/.exec(citation);
  return year && !name.includes(year[0]) ? `${name} ${year[0]}` : name;
}
