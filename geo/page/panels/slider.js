// The time bar: one slider over all layers, a moment or a period, with a histogram of how many features are valid.

import { barsElement, drawBars, handle, iconButton, linkButton, selectOf } from "../elements/controls.js";
import { element, fill, setAttributes, writeFitting } from "../elements/dom.js";
import { icon } from "../elements/icons.js";
import { shownLayers, shownOfAll } from "../state/store.js";
import { colorSeries, countValid, yearOfDay, yearPeriod, yearsCovered } from "../state/time.js";
import { axisYears, changesIn, momentInputs, periodText, stepPeriod, typedEnds } from "../words/moments.js";
import { datesText, layerTitle, nameOf } from "../words/names.js";
import { formatDay, t } from "../words/texts.js";

const PLAY_MS = 900;
const AXIS_LABELS = 8;
const AXIS_LABELS_BC = 3; // "500 г. до н. э." is long
const CHANGES_LISTED = 5, CHANGES_UNFOLDED = 200;
const CHANGES_SPAN_DAYS = 366; // of a longer period the last year is listed: all of it would be most of the map
const MODES = ["all", "moment", "period"];

// update() is to follow write(); the bar stays empty where no layer has dates.
export function createSlider(store, slot, actions, notices) {
  const covered = yearsCovered(store.page);
  if (!covered) return { write() {}, update() {}, step() {} };
  const { state } = store, { first, last } = covered;
  const years = Array.from({ length: last - first + 1 }, (_, at) => yearPeriod(first + at));
  const whole = { from: years[0].from, to: years.at(-1).to };
  const hasUndated = store.page.layers.some(({ undated }) => undated);
  const play = iconButton("play", "", togglePlay, { class: "geo-time-play" });
  const ranges = [0, 1].map(() => handle({
    min: first, max: last, step: 1, oninput: slide, onpointerdown: press, onchange: () => { met = null; },
  }));
  const fields = [0, 1].map(() => element("input.geo-time-field", { type: "text", size: 10, onchange: typed }));
  const radios = MODES.map((value) => (
    element("input", { type: "radio", name: "geo-time-mode", value, onchange: () => setMode(value) })));
  const bars = barsElement(), changes = element("p.geo-time-changes"), untold = element("p.geo-time-untold");
  const track = element("div.geo-time-track", { "--geo-years": years.length });
  const axis = element("div.geo-time-axis", { "aria-hidden": "true" });
  let valid = null; // of what is shown, by year
  let stated = null; // the time that the fields say
  let unfolded = null; // the time whose changes are all listed
  let timer = 0, isPlaying = false; // isPlaying: it is the player that sets the time
  let met = null; // while handles that have met are drawn apart: the time of before

  const isPeriod = () => modeOf(state.time) === "period";

  store.listen((changed) => changed.includes("time") && timer && !isPlaying && stop());
  new ResizeObserver(() => listChanges(state.time)).observe(slot);

  function write() {
    const undated = ["fade", "show", "hide"].map((value) => [value, t(`undated_${value}`)]);
    fill(track, bars, ranges, axis);
    fill(slot,
      element("div.geo-time-row",
        play,
        element("div.geo-time-now", fields[0], element("span.geo-time-dash", "–"), fields[1]),
        track,
        element("div.geo-time-options",
          element("fieldset.geo-segments", element("legend.geo-hidden", t("time_mode")),
            radios.map((radio) => element("label", radio, element("span", t(`time_${radio.value}`))))),
          hasUndated && element("label.geo-menu-item.geo-time-undated",
            element("span", t("undated")), selectOf(state.undated, undated, setUndated)))),
      element("div.geo-time-notes", changes, untold));
    fill(axis);
    slot.dataset.mode = modeOf(state.time); // as high as it will be
  }

  // With the histogram, after the map: the first date that a page writes takes 25 ms.
  function writeAxis() {
    fill(axis, axisYears(first, last, first > 0 ? AXIS_LABELS : AXIS_LABELS_BC).map((year) => (
      element("span", { "--geo-at": year - first }, formatDay(yearPeriod(year).from, 0)))));
  }

  function update() {
    const { time } = state, mode = modeOf(time);
    if (!axis.hasChildNodes()) writeAxis();
    slot.dataset.mode = mode;
    track.classList.toggle("geo-handles", mode === "period");
    const ends = [time?.from ?? whole.from, time?.to ?? whole.to].map(yearOfDay);
    const texts = time ? momentInputs(time) : [""];
    const label = (at, words) => t(mode === "period" ? ["time_from", "time_to"][at] : words);
    ranges.forEach((range, at) => setAttributes(range, {
      value: mode === "all" ? last : ends[at],
      "aria-label": label(at, "time_slider"), "aria-valuetext": time ? periodText(time) : t("time_all"),
    }));
    fields.forEach((field, at) => {
      // What the reader is just typing stays, unless the time changed.
      if (field !== document.activeElement || time !== stated) {
        field.value = texts[at] ?? texts[0];
        field.classList.toggle("geo-time-exact", field.value.length > "2010-04".length);
        field.removeAttribute("aria-invalid");
      }
      setAttributes(field, { placeholder: t("time_placeholder"), "aria-label": label(at, "time_date") });
    });
    stated = time;
    if (hasUndated) slot.querySelector("select").value = state.undated;
    for (const radio of radios) radio.checked = radio.value === mode;
    valid = countValid(store, years);
    writePlay();
    drawBars(bars, valid.counts, (at) => time && years[at].to >= time.from && years[at].from <= time.to);
    listChanges(time);
    const titles = shownLayers(store).filter(isUntold).map(layerTitle).join(", ");
    untold.textContent = untold.title = time && titles ? t("time_untold", { layers: titles }) : "";
  }

  // What begins and ends as the slider passes, each a way to its card: as many as the line has room for whole.
  function listChanges(time) {
    const isUnfolded = time === unfolded, isLong = time && time.to - time.from > CHANGES_SPAN_DAYS;
    const within = isLong ? { from: yearPeriod(yearOfDay(time.to)).from, to: time.to } : time;
    const most = isUnfolded ? CHANGES_UNFOLDED : CHANGES_LISTED;
    const { n, first: listed } = within ? changesIn(store, within, most) : { n: 0, first: [] };
    const items = listed.map(({ layer, feature, kind }) => {
      const { text, language } = nameOf(store.page, layer, feature);
      const words = [element("span", { lang: language }, text), kind !== "event" && [" ", t(`change_${kind}`)]];
      const select = () => actions.select({ layer: layer.id, feature });
      return linkButton(words, select, { title: datesText(layer, feature) });
    });
    const left = [...changes.querySelectorAll("button")].indexOf(document.activeElement);
    const year = isLong && n > 0 && element("span", `${periodText(within)}:`);
    changes.classList.toggle("geo-time-unfolded", isUnfolded);
    const more = (count) => {
      const words = t("and_more", { n: count });
      return isUnfolded ? element("span", words) : linkButton(words, unfold, { class: "geo-time-more" });
    };
    const fitting = writeFitting(changes, items.length, (count) => {
      fill(changes, year, items.slice(0, count), n > count && more(n - count));
    });
    if (left >= 0) (items[Math.min(left, fitting - 1)] ?? play).focus();
  }

  function unfold() {
    unfolded = state.time;
    listChanges(unfolded);
  }

  // Of handles that have met the upper one is pressed, whichever is meant: the way it is drawn tells.
  function press() {
    const { time } = state;
    met = isPeriod() && yearOfDay(time.from) === yearOfDay(time.to) ? time : null;
  }

  function slide({ target }) {
    const year = yearPeriod(Number(target.value));
    if (!isPeriod()) return setTime(year);
    // The other end stays as it is, which its handle may show rounded to a year, unless this one passes it.
    const { from, to } = met ?? state.time, isStart = target === ranges[0];
    const least = Math.min(from, year.from), most = Math.max(to, year.to);
    const ends = met ? { from: least, to: most }
      : isStart ? { from: year.from, to: most }
      : { from: least, to: year.to };
    return setTime({ ...ends, isPeriod: true });
  }

  // A field says one end of a period, or both; without a word the first or the last year.
  function typed({ target }) {
    const isEmpty = ({ value }) => !value.trim(), hasBoth = isPeriod();
    if ((hasBoth ? fields : [target]).every(isEmpty)) return setTime(null);
    const own = typedEnds(target.value);
    const endOf = (field, at) => (isEmpty(field) ? years.at(-at) : typedEnds(field.value)[0]);
    const [from, to = from] = hasBoth && own.length === 1 ? fields.map(endOf) : own;
    const time = from && to && { from: from.from, to: to.to, isPeriod: hasBoth || own.length > 1 };
    const fault = !time ? "time_invalid"
      : time.from > time.to ? "time_reversed"
      : !isCovered(time) ? "time_outside" : "";
    if (!fault) return setTime(time);
    setAttributes(target, { "aria-invalid": true });
    return notices.tell(t(fault, { period: periodText(whole) }));
  }

  function setMode(name) {
    const year = state.time ? yearOfDay(state.time.to) : last;
    const { from } = yearPeriod(Math.max(first, year - Math.ceil((last - first) / 5)));
    setTime({ all: null, moment: yearPeriod(year), period: { from, to: yearPeriod(year).to, isPeriod: true } }[name]);
  }

  function setTime(time) {
    store.set({ time });
    notices.hide(); // what was said of another date
    notices.say(time ? t("time_now", { period: periodText(time), n: shownOfAll(store).n }) : t("time_all"));
  }

  function setUndated(undated) {
    store.set({ undated });
    notices.sayShown();
  }

  const isCovered = ({ from, to }) => to >= whole.from && from <= whole.to;

  // A step later or earlier; from "all" it starts at the last year, from beyond the covered years at the nearest.
  function step(by) {
    const { time } = state;
    const next = time && isCovered(time) ? stepPeriod(time, by) : time?.to < whole.from ? years[0] : years.at(-1);
    if (!isCovered(next)) return false;
    setTime({ ...next, isPeriod: isPeriod() });
    return true;
  }

  // From all dates and from the end it starts where nothing of what is shown has changed yet.
  function togglePlay() {
    if (timer) return stop();
    if (isStill()) return notices.tell(t("time_still"));
    const { time } = state;
    if (!time || time.to >= whole.to || isOver(time)) {
      const isMoved = isPeriod() && time.from > whole.from; // one as long, where it has room to move
      let start = isMoved ? time : years.at(-1);
      while (start.from > whole.from && start.to >= years[valid.first].from) start = stepPeriod(start, -1);
      setTime({ ...start, isPeriod: isMoved });
    }
    timer = setInterval(playOn, PLAY_MS);
    return writePlay();
  }

  const isStill = () => valid.first > valid.last;

  // Later, nothing of what is shown changes.
  const isOver = (time) => time.from >= years[valid.last].from && time.to >= years[valid.last].to;

  function playOn() {
    isPlaying = true;
    if (isOver(state.time) || !step(1)) stop();
    isPlaying = false;
  }

  function stop() {
    clearInterval(timer);
    timer = 0;
    writePlay();
  }

  function writePlay() {
    const words = t(timer ? "time_pause" : "time_play"), reason = !timer && isStill() && t("time_still");
    setAttributes(play, { "aria-label": words, title: reason || words, "aria-disabled": Boolean(reason) });
    fill(play, icon(timer ? "pause" : "play"));
  }

  return { write, update, step };
}

// Whether a layer looks the same at all times: one without dates whose colours are not those of a series.
function isUntold(layer) {
  return !layer.from && layer.n > 0 && !colorSeries(layer).length;
}

function modeOf(time) {
  return !time ? "all" : momentInputs(time).length === 1 ? "moment" : "period";
}
