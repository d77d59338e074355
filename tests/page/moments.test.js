import assert from "node:assert/strict";
import { test } from "node:test";

import {
  axisYears, changesIn, inIso, isoOfDay, momentInputs, parseMoment, periodText, stepPeriod, typedEnds,
} from "../../geo/page/words/moments.js";
import { setLanguage } from "../../geo/page/words/texts.js";

const written = (time) => time && `${isoOfDay(time.from)} ${isoOfDay(time.to)}`;

test("a year, a month and a day can be typed, the way they are written here or there", () => {
  assert.equal(written(parseMoment("2014")), "2014-01-01 2014-12-31");
  assert.equal(written(parseMoment(" 2014-02 ")), "2014-02-01 2014-02-28");
  assert.equal(written(parseMoment("2014-12")), "2014-12-01 2014-12-31");
  assert.equal(written(parseMoment("2014-06-03")), "2014-06-03 2014-06-03");
  assert.equal(written(parseMoment("3.6.2014")), "2014-06-03 2014-06-03");
  assert.equal(written(parseMoment("06.2014")), "2014-06-01 2014-06-30");
});

test("what the page writes can be typed, and a period in one", () => {
  const ends = (text) => typedEnds(text).map(written);
  for (const language of ["en", "ru", "ky"]) {
    setLanguage(language);
    for (let month = 1; month <= 12; month++) {
      const iso = `2003-${String(month).padStart(2, "0")}`, time = parseMoment(iso), day = parseMoment(`${iso}-03`);
      assert.deepEqual(ends(periodText(time)), [written(time)]);
      assert.deepEqual(ends(periodText(day)), [written(day)]);
    }
    const period = { from: parseMoment("2003-10").from, to: parseMoment("2005-03").to };
    assert.deepEqual(ends(periodText(period)), [written(parseMoment("2003-10")), written(parseMoment("2005-03"))]);
  }
  setLanguage("en");
  assert.deepEqual(ends("oct 2003"), ["2003-10-01 2003-10-31"]);
  for (const text of ["1991-2001", "1991–2001", "1991 - 2001"]) {
    assert.deepEqual(ends(text), ["1991-01-01 1991-12-31", "2001-01-01 2001-12-31"]);
  }
  for (const text of ["", "soon 2003", "October", "1-2-3"]) assert.deepEqual(ends(text), [null], text);
});

test("what is no date is refused", () => {
  for (const text of ["", "soon", "2014-13", "2014-02-30", "2014-06-00", "20140"]) {
    assert.equal(parseMoment(text), null, text);
  }
});

test("a period knows what to show in its fields", () => {
  const years = { from: parseMoment("2001").from, to: parseMoment("2014").to };
  assert.deepEqual(momentInputs(years), ["2001", "2014"]);
  assert.deepEqual(momentInputs(parseMoment("2014-06")), ["2014-06"]);
  const period = (from, to) => momentInputs({ from: parseMoment(from).from, to: parseMoment(to).to });
  assert.deepEqual(period("2010-04", "2010-06"), ["2010-04", "2010-06"]);
  assert.deepEqual(period("2001", "2014-06"), ["2001-01", "2014-06"]);
  assert.deepEqual(period("2010-04", "2010-06-29"), ["2010-04-01", "2010-06-29"]);
  const year = { ...parseMoment("2009"), isPeriod: true };
  assert.deepEqual(momentInputs(year), ["2009", "2009"]);
  assert.equal(periodText(year), "2009");
});

test("years before 1 and of few digits are typed, said and linked as the data has them", () => {
  assert.equal(written(parseMoment("-5")), "-0005-01-01 -0005-12-31");
  for (const text of ["-0005", "-0044-03", "-0044-03-15", "0000", "0850", "0850-02"]) {
    const time = parseMoment(text);
    assert.deepEqual(momentInputs(time), [text]);
    assert.equal(written(stepPeriod(stepPeriod(time, 1), -1)), written(time));
  }
  assert.equal(periodText(parseMoment("-43")), "44 BC");
  assert.equal(
    periodText({ from: parseMoment("-0043-03").from, to: parseMoment("0014-08").to }),
    "March 44 BC – August 14",
  );
});

test("a step keeps the length: years by years, months by months, days by days", () => {
  assert.equal(written(stepPeriod(parseMoment("2012"), 1)), "2013-01-01 2013-12-31");
  assert.equal(written(stepPeriod(parseMoment("2013-12"), 1)), "2014-01-01 2014-01-31");
  assert.equal(written(stepPeriod(parseMoment("2014-01"), -1)), "2013-12-01 2013-12-31");
  assert.equal(written(stepPeriod(parseMoment("2014-03-01"), -1)), "2014-02-28 2014-02-28");
  const years = { from: parseMoment("2001").from, to: parseMoment("2004").to };
  assert.equal(written(stepPeriod(years, 2)), "2003-01-01 2006-12-31");
  const winter = { from: parseMoment("2010-11").from, to: parseMoment("2011-01").to };
  assert.equal(written(stepPeriod(winter, 1)), "2010-12-01 2011-02-28");
});

test("an axis has few, round years", () => {
  assert.deepEqual(axisYears(1956, 2026, 8), [1960, 1970, 1980, 1990, 2000, 2010, 2020]);
  assert.deepEqual(axisYears(2013, 2016, 8), [2013, 2014, 2015, 2016]);
  assert.deepEqual(axisYears(-549, 300, 9), [-499, -399, -299, -199, -99, 1, 100, 200, 300]);
  assert.deepEqual(axisYears(-600, -200, 4), [-599, -499, -399, -299]);
  assert.deepEqual(axisYears(-1, 1, 8), [-1, 0, 1]);
});

// A layer with dates as columns.js reads them: [from, to] of each feature, "" = none.
function datedLayer(...spans) {
  const column = (at) => {
    const periods = spans.map((span) => parseMoment(span[at]));
    return {
      codes: periods.map((period, i) => (period ? i + 1 : 0)), from: periods.map((period) => period?.from),
      to: periods.map((period) => period?.to),
    };
  };
  const columns = { valid_from: column(0), valid_to: column(1) };
  const { valid_from: { from }, valid_to: { to } } = columns;
  return { n: spans.length, head: {}, column: (name) => columns[name], from, to };
}

function changesOf(layer, time, most, mask = new Array(layer.n).fill(0)) {
  const { n, first } = changesIn(
    { page: { layers: [layer, { from: null }] }, mask: () => mask }, parseMoment(time), most,
  );
  return [n, ...first.map(({ feature, kind }) => `${feature} ${kind}`)];
}

test("what begins, ends and happens in a period is listed by day, hidden features left out", () => {
  const layer = datedLayer(
    ["2003", "2014-06-03"], ["2014-03-27", "2014-03-27"], ["2014-02", "2020"], ["2014-01", "2015"],
  );
  assert.deepEqual(changesOf(layer, "2014", 5, [0, 0, 0, 1]), [3, "2 begins", "1 event", "0 ends"]);
  assert.deepEqual(changesOf(layer, "2014", 2, [0, 0, 0, 1]), [3, "2 begins", "1 event"]);
});

test("what is known to the year begins and ends in years, not on their first and last days", () => {
  const layer = datedLayer(["2000", "2012"], ["", "2012-12"]);
  assert.deepEqual(changesOf(layer, "2000", 5), [1, "0 begins"]);
  assert.deepEqual(changesOf(layer, "2000-01-01", 5), [0]);
  assert.deepEqual(changesOf(layer, "2012-12-31", 5), [0]);
  assert.deepEqual(changesOf(layer, "2012-12", 5), [1, "1 ends"]);
  assert.deepEqual(changesOf(layer, "2012", 5), [2, "0 ends", "1 ends"]);
});

test("the date in a query is written as the data has it, whatever stands beside", () => {
  setLanguage("en");
  const asked = {
    "June 2014": "2014-06", "kant october 2003": "kant 2003-10", "October 2003 Kant": "2003-10 Kant",
    "3 June 2014": "2014-06-03", "3.6.2014": "2014-06-03", "06.2014 x": "2014-06 x",
    2014: "", "2014-06": "", "kant 2003": "", "air base": "", 1860: "", "June 14": "", "2001-2014": "", "": "",
  };
  for (const [query, iso] of Object.entries(asked)) assert.equal(inIso(query), iso, query);
});
