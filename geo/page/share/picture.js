// A picture of the view to take away: title, filters, map, scale, legend, sources and credits on one canvas.

import { LABEL_FONT } from "../draw/labels.js";
import { paintRings, paintView } from "../draw/paint.js";
import { isShown, scaled } from "../draw/scene.js";
import { sheetContext, showSheet } from "../draw/still.js";
import { classSwatch } from "../draw/swatches.js";
import { setAttributes } from "../elements/dom.js";
import { shownLayers, shownOfAll, shownRows } from "../state/store.js";
import { isFaded } from "../state/time.js";
import { parseSources, shortCitation } from "../words/citations.js";
import { attributionText } from "../words/credits.js";
import { distanceText, scaleAt } from "../words/distances.js";
import { filtersInWords, undatedText } from "../words/filterwords.js";
import { latestText, layerTitle, legendParts } from "../words/names.js";
import { formatDate, pickText, t } from "../words/texts.js";
import { sourcesReader } from "./exporting.js";

// px but the first; rings: around the selected feature, areaRings: around an area.
const PICTURE = {
  ratio: 2, margin: 24, column: 220, row: 20, line: 16, gap: 14, indent: 12, swatch: 34, halo: 3,
  rings: [6, 3], areaRings: [4, 2],
};
const FONTS = {
  title: 'bold 24px Charter, "Noto Serif", Georgia, serif',
  bold: `bold 13px ${LABEL_FONT}`,
  text: `13px ${LABEL_FONT}`,
  small: `11px ${LABEL_FONT}`,
};

// painters: as mapPainters gives them; view: as viewOf gives it, and lat.
// `colours`: {paper, ink, muted, line, casing}. Gives a PNG as a Blob.
export async function drawPicture(store, facets, painters, view, colours) {
  const { page } = store;
  const { margin, ratio, gap } = PICTURE;
  const width = view.width + 2 * margin;
  const canvas = document.createElement("canvas");
  const ctx = canvas.getContext("2d");
  const columns = Math.max(1, Math.floor((view.width + gap) / (PICTURE.column + gap)));
  const column = (view.width + gap) / columns - gap;
  const blocks = await legendBlocks(store, colours.ink, view.factor);
  const placed = flow(blocks.map((rows) => rows.map((row) => fitted(ctx, row, column))), columns, column);
  ctx.font = FONTS.small;
  const foot = footLines(store).flatMap((line) => wrap(ctx, line, view.width));
  ctx.font = FONTS.text;
  const about = wrap(ctx, pickText(page.head.map.description), view.width);
  const lead = [...about, ...wrap(ctx, filterLine(store, facets), view.width)];
  ctx.font = FONTS.title;
  const title = wrap(ctx, pickText(page.head.map.title), view.width);
  const leadTop = margin + 16 + title.length * 30;
  const top = leadTop - 2 + lead.length * 18;
  const legendTop = top + view.height + 20;
  const height = legendTop + placed.height + foot.length * 15 + margin + 8;
  Object.assign(canvas, { width: width * ratio, height: height * ratio });
  ctx.scale(ratio, ratio);
  ctx.fillStyle = colours.paper;
  ctx.fillRect(0, 0, width, height);
  const write = (text, x, y, font, colour = colours.ink, most = view.width) => {
    Object.assign(ctx, { font, fillStyle: colour, textBaseline: "alphabetic" });
    ctx.fillText(text, x, y, most); // a word too long for its line is pressed together
  };
  title.forEach((line, at) => write(line, margin, margin + 22 + at * 30, FONTS.title));
  lead.forEach((line, at) => {
    write(line, margin, leadTop + at * 18, FONTS.text, at < about.length ? colours.muted : colours.ink);
  });

  ctx.drawImage(paintMap(painters, view, ratio), margin, top, view.width, view.height);
  ctx.strokeStyle = colours.line;
  ctx.strokeRect(margin + 0.5, top + 0.5, view.width - 1, view.height - 1);
  drawScale(ctx, view, margin + 12, top + view.height - 12, colours);

  for (const { x, y, rows } of placed.blocks) {
    let bottom = legendTop + y;
    for (const { image, isEdged, left, textLeft, font, isQuiet, lines, first, height: tall } of rows) {
      const base = bottom + first / 2 + 3, colour = isQuiet ? colours.muted : colours.ink;
      // .geo-swatch has the same edge.
      Object.assign(ctx, { shadowColor: isEdged ? colours.casing : "transparent", shadowBlur: 2 });
      if (image) {
        const imageLeft = margin + x + left + (28 - image.width) / 2;
        ctx.drawImage(image, imageLeft, base - 5 - image.height / 2, image.width, image.height);
      }
      ctx.shadowColor = "transparent";
      lines.forEach((line, at) => {
        write(line, margin + x + textLeft, base + at * PICTURE.line, font, colour, column - textLeft);
      });
      bottom += tall;
    }
  }
  foot.forEach((line, at) => write(line, margin, legendTop + placed.height + 12 + at * 15, FONTS.small, colours.muted));
  return new Promise((resolve) => {
    canvas.toBlob(resolve, "image/png");
  });
}

// What draws the map's parts into a picture: {ground: the basemap, data, ring: around the selected feature, names},
// functions (ctx, view) but the first; basemap and names are there once the backdrop is.
export function mapPainters(scene) {
  return {
    ground: null,
    data: (ctx, view) => paintView(scene, ctx, view),
    ring: (ctx, view) => paintSelection(scene, ctx, view),
    names: null,
  };
}

function paintSelection(scene, ctx, view) {
  const { selection } = scene.store.state;
  if (!selection || !isShown(scene.entryOf(selection.layer), selection.feature)) return;
  ctx.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
  paintRings(scene, ctx, scaled(view), selection, scene.palette.select, PICTURE.rings, PICTURE.areaRings);
}

// What all painters draw of a view, as one canvas; its `theme`, where that is not the one shown, is the basemap's.
export function paintMap({ ground, data, ring, names }, view, ratio) {
  const width = view.width * ratio, height = view.height * ratio;
  const sheet = sheetContext(width, height);
  const whole = new OffscreenCanvas(width, height).getContext("2d");
  for (const paint of [ground?.paint, data, ring, names].filter(Boolean)) {
    paint(sheet, { ...view, ratio });
    whole.drawImage(sheet.canvas, 0, 0);
    sheet.setTransform(1, 0, 0, 1, 0, 0);
    sheet.clearRect(0, 0, sheet.canvas.width, sheet.canvas.height);
  }
  return whole.canvas;
}

// What paintMap gave, as an element for paper: Chromium (156) prints a canvas that was just drawn on short of its
// frame, a bitmap whole.
export function paperCanvas(painted) {
  const canvas = document.createElement("canvas");
  showSheet(canvas, painted);
  return canvas;
}

// The scale of a view, its left end at a point of the canvas.
export function drawScale(ctx, { lat, zoom }, x, y, colours) {
  const { metres, px } = scaleAt(lat, zoom);
  Object.assign(ctx, { font: FONTS.small, textBaseline: "alphabetic", fillStyle: colours.paper, globalAlpha: 0.85 });
  ctx.fillRect(x - 6, y - 18, px + 12, 24);
  ctx.globalAlpha = 1;
  ctx.fillStyle = colours.ink;
  ctx.fillRect(x, y - 1, px, 2);
  ctx.fillText(distanceText(metres), x, y - 5);
}

// "12 of 303 features shown · 2010 · “naryn” · Status: Operating"; "" where nothing is filtered.
function filterLine(store, facets) {
  const filters = filtersInWords(store, facets).map(({ title, words }) => (title ? `${title}: ${words}` : words));
  return filters.length ? [t("features_shown", shownOfAll(store)), ...filters].join(" · ") : "";
}

// Each shown layer's legend as rows: [[{text, image, bold, indent}], ...].
function legendBlocks(store, ink, factor) {
  const layers = shownLayers(store).reverse();
  return Promise.all(layers.map(async (layer) => {
    const isEdged = ["point", "line"].includes(layer.head.kind);
    const image = layer.head.style.color ? null : await imageOf(classSwatch(layer, {}), ink);
    const rows = [{ text: layerTitle(layer), image, isEdged, bold: true }];
    for (const { name, title, rows: entries } of legendParts(layer, factor)) {
      rows.push({ text: name === "color" ? title + latestText(layer, store.state.time) : title, indent: true });
      for (const { pick, words } of entries) {
        const symbol = await imageOf(classSwatch(layer, pick, store.state.dark), ink);
        rows.push({ text: words, image: symbol, isEdged, indent: true });
      }
    }
    return rows;
  }));
}

// The halo of what is placed approximately goes beyond its symbol's height; in the page it may.
async function imageOf(svg, ink) {
  const [width, height] = ["width", "height"].map((name) => Number(svg.getAttribute(name)));
  const tall = height + 2 * PICTURE.halo;
  setAttributes(svg, { viewBox: `0 ${-PICTURE.halo} ${width} ${tall}`, height: tall });
  const image = new Image(), drawn = new XMLSerializer().serializeToString(svg).replaceAll("currentColor", ink);
  image.src = `data:image/svg+xml,${encodeURIComponent(drawn)}`;
  await image.decode();
  return image;
}

// A row in as many lines as a column needs for it: `first` is the height of the first, `height` that of all.
function fitted(ctx, { text, image, isEdged, bold, indent }, column) {
  const left = indent ? PICTURE.indent : 0, textLeft = left + (image ? PICTURE.swatch : 0);
  const font = bold ? FONTS.bold : image ? FONTS.text : FONTS.small;
  ctx.font = font;
  const lines = wrap(ctx, text, column - textLeft);
  const first = Math.max(PICTURE.row, (image?.height ?? 0) - 2 * PICTURE.halo);
  const height = first + (lines.length - 1) * PICTURE.line;
  return { image, isEdged, left, textLeft, font, isQuiet: !bold && !image, lines, first, height };
}

// Blocks of rows into columns, each where there is most room.
function flow(blocks, columns, width) {
  const heights = new Array(columns).fill(0);
  const placed = blocks.map((rows) => {
    const at = heights.indexOf(Math.min(...heights));
    const y = heights[at];
    heights[at] += rows.reduce((sum, { height }) => sum + height, PICTURE.gap);
    return { rows, x: at * (width + PICTURE.gap), y };
  });
  return { blocks: placed, height: Math.max(0, ...heights) };
}

// What stands under the picture: sources of what is shown, credits, edition, why some is faint.
export function footLines(store) {
  const { page, state } = store;
  const cells = new Set();
  let hasFaded = false;
  for (const layer of page.layers) {
    const readSources = sourcesReader(layer);
    for (const i of shownRows(store, [layer]).feature) {
      for (const cell of readSources(i, state.time)) cells.add(cell);
      hasFaded ||= isFaded(layer, i, state);
    }
  }
  const ids = [...cells].flatMap((cell) => parseSources(cell)).map(({ id }) => id).filter((id) => page.sources[id]);
  const cited = new Set(ids.map((id) => shortCitation(page.sources[id].citation)));
  const { atlas } = page.head;
  const dated = atlas.edition && t("about_edition", { date: formatDate(atlas.edition) });
  const faded = hasFaded && `${undatedText(state.undated)}.`;
  return [
    cited.size && `${t("sources")}: ${[...cited].sort().join("; ")}.`,
    attributionText(store) && `${t("about_credits")}: ${attributionText(store)}.`,
    [`${pickText(atlas.title)}.`, dated, faded].filter(Boolean).join(" "),
  ].filter(Boolean);
}

function wrap(ctx, text, width) {
  const lines = [];
  let line = "";
  for (const word of text.split(/[^\S\u00a0]+/)) {
    const longer = line ? `${line} ${word}` : word;
    if (line && ctx.measureText(longer).width > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line ? [...lines, line] : lines;
}
