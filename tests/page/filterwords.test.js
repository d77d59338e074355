import assert from "node:assert/strict";
import { test } from "node:test";

import { filtersInWords } from "../../geo/page/words/filterwords.js";

const page = { languages: ["en"], layers: [] };
const stateOf = (patch) => ({ search: "", time: null, facets: {}, ...patch });

test("a query that is too short to be looked for is no filter", () => {
  const told = (search) => filtersInWords({ page, state: stateOf({ search }) }, []).map(({ words }) => words);
  assert.deepEqual(["", "a", "--", "«»", "os"].flatMap(told), ["“os”"]);
});
