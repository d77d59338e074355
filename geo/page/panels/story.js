// The story: a map told step by step, each step a text beside the view, layers, time and feature that it speaks of.
//
// Another panel leaves the map as the step has it, and may change it: who comes back sees the step again. To end the
// story brings back what was there before.

import { isSameFeature, layerOf } from "../data/model.js";
import { classCodes } from "../draw/styles.js";
import { classSwatch, isNowhere, layerSwatch } from "../draw/swatches.js";
import { iconButton, linkButton, textButton } from "../elements/controls.js";
import { element, fill, holdFocus, setAttributes } from "../elements/dom.js";
import { findStep, isAsInStep, keptState, stepState } from "../state/steps.js";
import { shownLayers } from "../state/store.js";
import { createFootnotes } from "../words/citations.js";
import { classCounts } from "../words/legend.js";
import { periodText } from "../words/moments.js";
import { latestText, layerTitle, legendParts, nameOf, paragraphsOf } from "../words/names.js";
import { pickText, pickTextIn, t } from "../words/texts.js";
import { footnoteList, rangesText } from "./card.js";

// On a map without a story nothing of it does anything.
export function createStory(store, map, camera, layout, actions, notices) {
  const { page, state } = store, { steps } = page;
  const { story: slot } = layout.slots;
  const heading = element("h2.geo-card-title", { tabindex: "-1" });
  const line = element("p.geo-muted"), body = element("div.geo-story-body");
  let buttons = [], back = null, onward = null, before = null, wasOpen = false;
  let left = null; // the step that another panel was opened at
  // What came with the step; any other selection, of the same feature too, a reader asked for.
  let own = state.selection;

  const now = () => findStep(page, state.step);
  const go = (by) => show(steps[steps.indexOf(now()) + by]);
  const isOpen = () => steps.length > 0 && layout.open("story");
  const isSeen = () => slot.offsetWidth > 0; // open, and the column not folded away

  function write() {
    if (!steps.length) return;
    const name = pickText(storyTitle(page));
    back = textButton(t("story_previous"), () => go(-1), "back");
    onward = textButton(t("story_next"), () => go(1), "chevron");
    buttons = steps.map((step, at) => element("button.geo-step", {
      onclick: () => show(step), "aria-label": t("story_step_title", { n: at + 1, title: pickText(step.title) }),
    }, String(at + 1)));
    setAttributes(slot, { "aria-label": name });
    const stops = element("ol.geo-steps", buttons.map((button) => element("li", button)));
    fill(slot,
      element("div.geo-story-head", element("p.geo-kicker", name), stops),
      element("div.geo-story-page", { tabindex: "0", role: "group", "aria-label": name }, line, heading, body),
      element("div.geo-story-foot", back, onward,
        iconButton("print", t("story_print"), () => actions.print()), iconButton("close", t("story_end"), end)));
    update();
  }

  function update() {
    const step = now();
    if (!step) {
      if (isOpen()) leave(); // an address without a step was gone to
      return;
    }
    const at = steps.indexOf(step), { text, language } = pickTextIn(step.title), giveFocus = holdFocus(body);
    buttons.forEach((button, n) => setAttributes(button, { "aria-current": n === at ? "step" : null }));
    setAttributes(back, { "aria-disabled": at === 0 });
    setAttributes(onward, { "aria-disabled": at === steps.length - 1 });
    line.textContent = stepLine(page, step);
    Object.assign(heading, { textContent: text, lang: language });
    fill(body, stepBody(store, step, cardLink(step)));
    giveFocus(heading);
  }

  // The way to the card of the step's feature, where that is not open.
  function cardLink(step) {
    const { selection, stack } = stepState(page, step);
    if (!selection || (state.selection && !holds(state.selection))) return null;
    const { text } = nameOf(page, layerOf(page, selection.layer), selection.feature);
    return linkButton(t("story_details", { name: text }), () => {
      // On a phone the tab of the story, which the card replaces, keeps the place.
      actions.choose({ selection, stack }, layout.isPhone() ? {} : { focus: true, opener: heading });
      layout.show("card");
    });
  }

  function show(step) {
    if (!step) return;
    if (!state.step) keep();
    actions.choose(stepState(page, step), { isThere: true }); // the view is the step's to choose
    adopt(); // of a step shown again, too
    // In the next frame panel and card stand in their places: the view takes the room that they leave.
    requestAnimationFrame(() => {
      camera.showStep();
      line.parentElement.scrollTop = 0;
      notices.say(`${stepLine(page, step)}: ${pickText(step.title)}`);
    });
  }

  // For the end of the story to bring back.
  function keep() {
    before = { kept: { ...keptState(store), step: null }, center: map.getCenter(), zoom: map.getZoom() };
  }

  function end() {
    store.set(before?.kept ?? stepState(page, {}));
    if (before) camera.jump(before);
    else requestAnimationFrame(() => camera.showStep()); // by then the card has gone, too
    before = null;
    leave();
    layout.tab("story").focus();
    notices.sayShown();
  }

  function leave() {
    if (layout.isPhone()) layout.hide("story");
    else layout.show("layers");
  }

  function adopt() {
    own = state.selection;
  }

  // Whether a selection is the step's own and its card would take the place of story or map: then it waits for a press.
  function holds(selection) {
    const isOwn = selection && selection === own && now() && isSameFeature(selection, stepState(page, now()).selection);
    return Boolean(isOwn) && layout.isCardLarge() && isOpen();
  }

  // By arrow key: where what has the focus has no use for it.
  function turn(by) {
    const { activeElement, body: whole } = document;
    return isSeen() && (activeElement === whole || slot.contains(activeElement)) && go(by);
  }

  layout.listen(() => {
    const opens = isOpen() && !wasOpen && buttons.length > 0;
    if (wasOpen && !isOpen()) left = state.step;
    wasOpen = isOpen();
    if (opens && !state.step) {
      show(steps[0]);
      requestAnimationFrame(() => heading.focus());
    } else if (opens && left === state.step && !isAsInStep(store, now())) {
      keep();
      show(now());
    }
  });

  return { write, update, turn, end, isOpen, isSeen, adopt, holds };
}

// By its languages.
export function storyTitle({ head: { map } }) {
  return pickText(map.story.title) ? map.story.title : map.title;
}

// "Step 3 of 10 · 2014"
export function stepLine({ steps }, { id, time }) {
  const n = steps.findIndex((step) => step.id === id) + 1;
  const when = time && periodText({ from: time[0], to: time[1] });
  return [t("story_step", { n, of: steps.length }), when].filter(Boolean).join(" · ");
}

// The paragraphs with the numbers of their sources, what the symbols mean, the sources; `link` stands after the text.
export function stepBody(store, step, link = null) {
  const footnotes = createFootnotes(store.page.sources), numbers = footnotes.cite(step.source);
  const mark = numbers.length > 0 && ["\u00a0", element("sup", rangesText(numbers))];
  return [paragraphsOf(step.text, mark), link, keyList(store), numbers.length > 0 && footnoteList(footnotes.notes)];
}

// The layers shown, the top of the map first, with those of their classes that are seen there, their sizes and widths,
// and the precisions that are drawn otherwise than exact ones.
function keyList(store) {
  const { state, mask } = store;
  return element("ul.geo-story-key", shownLayers(store).reverse().map((layer) => {
    const counts = {}; // of each part once: a count goes through all features
    const countsOf = (part) => classCounts(classCodes(layer, part, state.time), mask(layer));
    const has = (precision) => (
      mask(layer).some((hidden, i) => !hidden && layer.column("precision").text(i) === precision));
    const isSeen = ({ part, code, pick, precision }) => {
      if (part) return (counts[part] ??= countsOf(part))[code] > 0 && !isNowhere(layer, pick);
      return !precision || (precision !== "exact" && has(precision));
    };
    const symbol = (swatch) => element("span.geo-symbol", swatch);
    const row = ({ pick, words }) => (
      element("li", symbol(classSwatch(layer, pick, state.dark)), element("span", words)));
    const parts = legendParts(layer).map((part) => ({ ...part, rows: part.rows.filter(isSeen) }));
    const classes = parts.flatMap(({ rows }) => rows.filter(({ part }) => part));
    const others = parts.filter(({ rows }) => rows.length > 0 && !rows[0].part);
    return element("li",
      element("strong",
        classes.length === 0 && symbol(layerSwatch(layer)),
        element("span", layerTitle(layer), latestText(layer, state.time))),
      classes.length > 0 && element("ul", classes.map(row)),
      others.map(({ name, title, rows }) => element(`ul.geo-legend-${name}`, element("li", title), rows.map(row))));
  }));
}
