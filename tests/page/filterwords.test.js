import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { yearPeriod } from "../../geo/page/state/time.js";
import { filtersInWords } from "../../geo/page/words/filterwords.js";
import { setCatalogues, setLanguage } from "../../geo/page/words/texts.js";

const catalogue = (language) => JSON.parse(readFileSync(new URL(`../../geo/page/catalogues/${language}.json`, import.meta.url)));
setCatalogues(Object.fromEntries(["en", "ru", "ky"].map((language) => [language, catalogue(language)])), ["en"]);
setLanguage("en");

const page = { languages: ["en"], layers: [] };
const stateOf = (patch) => ({ search: "", time: null, facets: {}, ...patch });

test("a query that is too short to be looked for is no filter", () => {
  const told = (search) => filtersInWords({ page, state: stateOf({ search }) }, []).map(({ words }) => words);
  assert.deepEqual(["", "a", "--", "«»", "os"].flatMap(told), ["“os”"]);
});

test("a query stands in the quotes of the reader's language, its own signs as they are", () => {
  const told = (language) => {
    setLanguage(language);
    return filtersInWords({ page, state: stateOf({ search: "{n} Ош." }) }, [])[0].words;
  };
  assert.deepEqual(["ru", "ky", "en"].map(told), ["«{n} Ош.»", "«{n} Ош.»", "“{n} Ош.”"]);
});

test("a time that hides the undated says so, and what lifts it brings them back", () => {
  const told = (undated) => filtersInWords({ page, state: stateOf({ time: yearPeriod(2010), undated }) }, [])[0];
  assert.deepEqual(["fade", "show", "hide"].map((undated) => told(undated).words), ["2010", "2010", "2010 (Undated: hidden)"]);
  assert.deepEqual(told("hide").without(), { time: null, undated: "fade" });
});
