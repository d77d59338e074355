import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { yearPeriod } from "../../geo/page/state/time.js";
import { filtersInWords } from "../../geo/page/words/filterwords.js";
import { setCatalogues, setLanguage } from "../../geo/page/words/texts.js";

const catalogues = new URL("../../geo/page/catalogues/", import.meta.url);
const catalogue = (language) => JSON.parse(readFileSync(new URL(`${language}.json`, catalogues)));
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

test("a filter says which layers it speaks of where others have one of its title", () => {
  const facetOf = (key, title, ...layers) => ({
    key, kind: "values", field: { id: "status", title: { en: title } }, values: ["built"], samples: [],
    members: layers.map((en) => ({ layer: { head: { title: { en } } } })),
  });
  const range = {
    ...facetOf("mw", "Capacity", "Dams"), kind: "range",
    field: { id: "mw", title: { en: "Capacity" }, unit: { en: "MW" } },
  };
  const facets = [facetOf("status", "Status", "Dams", "Bases"), facetOf("posts.status", "Status", "Posts"), range];
  const state = stateOf({ facets: { status: ["built"], mw: [160, 3600] } });
  const told = (known) => filtersInWords({ page, state }, known).map(({ words }) => words);
  assert.deepEqual(told(facets), ["built (Dams, Bases)", "Capacity 160–3600\u00a0MW"]);
  assert.deepEqual(told([facets[0], range, { ...range, key: "plants.mw" }]), [
    "built", "Capacity 160–3600\u00a0MW (Dams)",
  ]);
});

test("a time that hides the undated says so, and what lifts it brings them back", () => {
  const told = (undated) => filtersInWords({ page, state: stateOf({ time: yearPeriod(2010), undated }) }, [])[0];
  assert.deepEqual(["fade", "show", "hide"].map((undated) => told(undated).words), [
    "2010", "2010", "2010 (Undated: hidden)",
  ]);
  assert.deepEqual(told("hide").without(), { time: null, undated: "fade" });
});
