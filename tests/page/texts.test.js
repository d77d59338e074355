import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { tied } from "../../geo/page/elements/dom.js";
import {
  amountText, formatDate, formatNumber, formatQuantity, formatSpan, languageName, pickTextIn, preferredLanguage,
  setCatalogues, setLanguage, t,
} from "../../geo/page/words/texts.js";

const folder = new URL("../../geo/page/", import.meta.url);
const catalogues = Object.fromEntries(["en", "ru", "ky"].map((language) => (
  [language, JSON.parse(readFileSync(new URL(`catalogues/${language}.json`, folder)))])));
setCatalogues(catalogues, ["en", "ru", "ky"]);

const speaking = (language, check) => {
  setLanguage(language);
  check();
  setLanguage("en");
};
const plain = (text) => text.replace(/[\u00a0\u202f]/g, " ");

test("plural forms follow the language", () => {
  assert.equal(t("features", { n: 1 }), "1 feature");
  assert.equal(t("features", { n: 5 }), "5 features");
  speaking("ru", () => {
    assert.deepEqual([1, 3, 5, 21].map((n) => t("features", { n })), [
      "1 объект", "3 объекта", "5 объектов", "21 объект",
    ]);
    assert.equal(t("records", { n: 21 }), "Сведения (21)", "the form of one is that of 21, too");
  });
});

test("a language without a catalogue has the name that the browser knows, else its code", () => {
  assert.deepEqual(["ky", "de", "fr", "kk", "qqq"].map(languageName), [
    "Кыргызча", "Deutsch", "Français", "Қазақ тілі", "qqq",
  ]);
});

test("a key that only English has falls back to it, an unknown one shows itself", () => {
  setCatalogues({ en: { only: "Only" }, ru: {} }, ["en"]);
  speaking("ru", () => assert.equal(t("only"), "Only"));
  assert.equal(t("nothing"), "nothing");
  setCatalogues(catalogues, ["en", "ru", "ky"]);
});

test("four digits stay together, five do not", () => {
  assert.equal(formatNumber(1860), "1860");
  assert.equal(formatNumber(12345), "12,345");
  assert.equal(formatNumber(2.5, 2), "2.50");
  speaking("ru", () => assert.equal(plain(formatNumber(12345.5)), "12 345,5"));
});

test("a small number keeps its digits, and what rounds to nothing has no sign", () => {
  assert.equal(formatNumber(0.0000005), "0.0000005");
  assert.equal(formatNumber(2.27712e-9), "0.000000002277");
  assert.equal(formatNumber(-0.00012345678), "-0.0001235");
  assert.equal(formatNumber(0.0123456789), "0.012346");
  assert.equal(formatNumber(0), "0");
  assert.deepEqual([formatNumber(-0.4, 0), formatNumber(-0.6, 0), formatNumber(-0)], ["0", "-1", "0"]);
  speaking("ru", () => assert.equal(formatNumber(-0.004, 2), "0,00"));
});

test("the value of a record is written as the data has it", () => {
  assert.equal(amountText("12345.50", "kg", ""), "12,345.50\u00a0kg");
  assert.equal(amountText("0.0000005", "", ""), "0.0000005");
  for (const text of ["007", "0x10", "1e3", "12345678901234567890", "some", "1/2"]) {
    assert.equal(amountText(text, "kg", ""), `${text} kg`);
  }
});

test("a record's value stands behind its text, but where that names it with its unit", () => {
  const isSaid = (value, unit, text) => amountText(value, unit, text) === "";
  assert.ok(isSaid("2", "USD billion", "The plant needs USD 2 billion."));
  assert.ok(isSaid("87", "%", "Poll: 87% favour it."));
  assert.ok(isSaid("15", "years", "It was given a further 15\u00a0years."));
  assert.ok(isSaid("2", "", "Ranked 2 of all"));
  assert.equal(amountText("2", "USD billion", "Built in 2 stages"), "2\u00a0USD billion");
  assert.equal(amountText("5", "%", "In 2005 the 5 states met; 87% came"), "5\u00a0%");
  assert.equal(amountText("5", "%", "15% and 5.5% and 2,5%"), "5\u00a0%");
  speaking("ru", () => {
    assert.ok(isSaid("0.8", "%", "Опрос: 0,8 % называют США."));
    assert.ok(isSaid("500", "млн долларов", "почти 500 млн долларов долга"));
  });
});

test("a number stays on the line of its unit", () => {
  assert.equal(formatQuantity(1860, "MW"), "1860\u00a0MW");
  assert.equal(formatQuantity(1860, ""), "1860");
});

test("Russian and Kyrgyz words stay with their number, a dash with the word before it", () => {
  const told = (text) => tied(text).replaceAll("\u00a0", "_");
  assert.equal(told("В 2014 году 87 % были за — 439 860 человек"), "В 2014_году 87_% были за_— 439_860_человек");
  assert.equal(told("500 млн долларлык, 2014-жылы"), "500_млн долларлык, 2014-жылы");
  assert.equal(told("In 2014 87 per cent – of 9 dams"), "In 2014 87 per cent – of 9 dams");
});

test("dates keep the precision of their source", () => {
  assert.equal(formatDate("2003"), "2003");
  assert.equal(formatDate("2003-10"), "October 2003");
  assert.equal(formatDate("2014-06-03"), "3 June 2014");
  assert.equal(formatDate("1956~"), "circa 1956");
  assert.equal(formatDate("2003-10?"), "October 2003 (uncertain)");
  assert.equal(formatDate("2003%"), "circa 2003 (uncertain)");
  assert.equal(formatDate("0044"), "44");
  speaking("ru", () => {
    assert.equal(plain(formatDate("2014-06-03")), "3 июня 2014 г.");
    assert.equal(plain(formatDate("2003-11~")), "примерно ноябрь 2003 г.");
  });
});

test("Kyrgyz dates are Kyrgyz in a browser that knows none", () => {
  const { DateTimeFormat } = Intl;
  Intl.DateTimeFormat = function withoutKyrgyz(tags, options) {
    return new DateTimeFormat([tags].flat().filter((tag) => tag !== "ky"), options);
  };
  speaking("ky", () => {
    assert.deepEqual(["2014", "2014-10", "2014-06-03", "-0043-05"].map(formatDate), [
      "2014", "2014-ж., октябрь", "2014-ж., 3-июнь", "б.з.ч. 44-ж., май",
    ]);
    assert.equal(formatSpan("2003-10", ".."), "2003-ж., октябрь жана андан ары");
  });
  Object.assign(Intl, { DateTimeFormat });
});

test("a date that ends in a full stop ends its sentence", () => {
  const edition = (date) => plain(t("about_edition", { date: formatDate(date) }));
  assert.equal(edition("2026-11-21"), "Edition of 21 November 2026.");
  speaking("ru", () => {
    assert.deepEqual(["2026-11-21", "2026"].map(edition), ["Издание: 21 ноября 2026 г.", "Издание: 2026."]);
  });
  speaking("ky", () => assert.equal(edition("2026-11-21"), "Басылма: 2026-ж., 21-ноябрь."));
});

test("a date that is none stays as it is written", () => {
  assert.equal(formatDate("soon"), "soon");
});

test("a span says what is open and what is unknown", () => {
  assert.equal(formatSpan("2003-10", ".."), "Since October 2003");
  assert.equal(formatSpan("2001-12", "2014-06-03"), "December 2001 – 3 June 2014");
  assert.equal(formatSpan("1956", ""), "From 1956, end not known");
  assert.equal(formatSpan("", "2014"), "Until 2014, start not known");
  assert.equal(formatSpan("2014-03-27", "2014-03-27"), "27 March 2014");
  assert.equal(formatSpan("", ".."), "Start not known, end open");
  // Not "to the present".
  speaking("ru", () => assert.equal(plain(formatSpan("2003-10", "..")), "октябрь 2003 г. и далее"));
});

test("a text of the data falls back to Russian for Kyrgyz, then in the order of the atlas, and tells which", () => {
  speaking("ky", () => {
    assert.deepEqual(pickTextIn({ en: "Dams", ru: "Плотины" }), { text: "Плотины", language: "ru" });
    assert.deepEqual(pickTextIn({ de: "Dämme", en: "Dams" }), { text: "Dams", language: "en" });
    assert.deepEqual(pickTextIn({ ky: "Плотиналар", en: "Dams" }), { text: "Плотиналар", language: "ky" });
  });
  assert.equal(pickTextIn(undefined).text, "");
});

test("the browser's languages choose the first one", () => {
  assert.equal(preferredLanguage(["de-DE", "ru-RU"], ["en", "ru", "ky"]), "ru");
  assert.equal(preferredLanguage(["de"], ["en", "ru"]), "en");
});

test("every text that the page asks for is in the English catalogue", () => {
  const used = new Set();
  for (const name of readdirSync(folder, { recursive: true }).filter((file) => file.endsWith(".js"))) {
    const source = readFileSync(new URL(name, folder), "utf8");
    for (const [, key] of source.matchAll(/\bt\("(\w+)"/g)) used.add(key);
  }
  assert.ok(used.size > 90, "the modules of every folder are read");
  assert.deepEqual([...used].filter((key) => !(key in catalogues.en)), []);
});

test("the catalogues hold the same keys, with the plural forms of their language", () => {
  for (const [language, catalogue] of Object.entries(catalogues)) {
    // A licence is quoted.
    const shared = Object.keys(catalogues.en).filter((key) => key !== "licence_bsd2" || language === "en");
    assert.deepEqual(Object.keys(catalogue).sort(), shared.sort(), language);
    for (const [key, entry] of Object.entries(catalogue)) {
      const names = (text) => [...new Set(text.match(/\{\w+\}/g))].sort().join();
      if (typeof entry === "string") {
        assert.equal(names(entry), names(catalogues.en[key]), `${language} ${key}`);
      } else {
        for (const form of language === "ru" ? ["one", "few", "many", "other"] : ["one", "other"]) {
          assert.ok(entry[form], `${language} ${key} ${form}`);
        }
      }
    }
  }
});
