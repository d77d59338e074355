// A picture of the view to take away: title, filters, map, scale, legend, sources and credits on one canvas.

import { LABEL_FONT } from "../draw/labels.js";
import { paintRings, paintView } from "../draw/paint.js";
import { isShown, scaled } from "../draw/scene.js";
import { sheetContext, showSheet } from "../draw/still.js";
import { classSwatch } from "../draw/swatches.js";
import { setAttributes } from "../elements/dom.js";
import { shownLayers } from "../state/store.js";
import { distanceText, scaleAt } from "../words/distances.js";
import { latestText, layerTitle } from "../words/names.js";
import { pickText } from "../words/texts.js";
import { filterLine, footLines, partsSeen, unseenIn } from "./seen.js";

// px but the first; rings: around the selected feature, areaRings: around an area.
const PICTURE = {
  ratio: 2, margin: 24, column: 220, row: 20, line: 16, gap: 14, indent: 12, swatch: 34, halo: 3,
  shape: 4 / 3, // width to height, what the layout of a picture comes near to
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
  const { map } = store.page.head;
  const { margin, ratio } = PICTURE;
  const canvas = document.createElement("canvas");
  const ctx = canvas.getContext("2d");
  const unseen = painters.unseen(view);
  const content = {
    blocks: await legendBlocks(store, unseen, colours.ink, view.factor),
    title: pickText(map.title),
    about: pickText(map.description),
    filters: filterLine(store, facets),
    foot: footLines(store, unseen),
  };
  const { width, height, inner, texts, top, legend } = bestLayout(ctx, content, view);
  Object.assign(canvas, { width: width * ratio, height: height * ratio });
  ctx.scale(ratio, ratio);
  ctx.fillStyle = colours.paper;
  ctx.fillRect(0, 0, width, height);
  const write = (text, x, y, font, isQuiet, most = inner) => {
    Object.assign(ctx, { font, fillStyle: isQuiet ? colours.muted : colours.ink, textBaseline: "alphabetic" });
    ctx.fillText(text, x, y, most); // a word too long for its line is pressed together
  };
  for (const { text, y, font, isQuiet } of texts) write(text, margin, y, font, isQuiet);
  const painted = paintMap(painters, { ...view, covers: [scaleCover(view)] }, ratio);
  ctx.drawImage(painted, margin, top, view.width, view.height);
  ctx.strokeStyle = colours.line;
  ctx.strokeRect(margin + 0.5, top + 0.5, view.width - 1, view.height - 1);
  drawScale(ctx, view, margin + 12, top + view.height - 12, colours);

  for (const { x, y, rows } of legend.blocks) {
    const blockLeft = legend.left + x;
    let bottom = legend.top + y;
    for (const { image, isEdged, left, textLeft, font, isQuiet, lines, first, height: tall } of rows) {
      const base = bottom + first / 2 + 3;
      // .geo-swatch has the same edge.
      Object.assign(ctx, { shadowColor: isEdged ? colours.casing : "transparent", shadowBlur: 2 });
      if (image) {
        const imageLeft = blockLeft + left + (28 - image.width) / 2;
        ctx.drawImage(image, imageLeft, base - 5 - image.height / 2, image.width, image.height);
      }
      ctx.shadowColor = "transparent";
      lines.forEach((line, at) => {
        write(line, blockLeft + textLeft, base + at * PICTURE.line, font, isQuiet, legend.column - textLeft);
      });
      bottom += tall;
    }
  }
  return new Promise((resolve) => {
    canvas.toBlob(resolve, "image/png");
  });
}

// The legend under the map, or beside it in as few columns as are not higher than the map: what makes the picture's
// shape the better one.
export function bestLayout(ctx, content, view) {
  const [under, ...beside] = [0, ...content.blocks.map((_, at) => at + 1)].map((n) => layOut(ctx, content, view, n));
  const fitting = beside.find(({ legend }) => legend.height <= view.height) ?? beside.at(-1) ?? under;
  const offShape = ({ width, height }) => Math.abs(Math.log(width / height / PICTURE.shape));
  return offShape(fitting) < offShape(under) ? fitting : under;
}

// Where all stands with the legend in so many columns beside the map; 0: under it, in all that have room there.
function layOut(ctx, { blocks, title, about, filters, foot }, view, beside) {
  const { margin, gap, column: least } = PICTURE;
  const columns = beside || Math.max(1, Math.floor((view.width + gap) / (least + gap)));
  const column = beside ? least : (view.width + gap) / columns - gap;
  const inner = view.width + beside * (gap + column);
  const legend = flow(blocks.map((rows) => rows.map((row) => fitted(ctx, row, column))), columns, column);
  const texts = [];
  let y = margin - 8;
  const put = (words, font, step, isQuiet) => {
    ctx.font = font;
    for (const text of wrap(ctx, words, inner)) texts.push({ text, font, isQuiet, y: y += step });
  };
  put(title, FONTS.title, 30);
  y += 6;
  put(about, FONTS.text, 18, true);
  put(filters, FONTS.text, 18);
  const top = y + 16, bottom = top + view.height;
  legend.left = beside ? margin + view.width + gap : margin;
  legend.top = beside ? top : bottom + 20;
  y = Math.max(bottom + 5, legend.top + legend.height - 3);
  for (const line of foot) put(line, FONTS.small, 15, true);
  return { width: inner + 2 * margin, height: y + margin + 4, inner, texts, top, legend: { ...legend, column } };
}

// What draws the map's parts into a picture: {ground: the basemap, data, ring: around the selected feature, names},
// functions (ctx, view) but the first; basemap and names are there once the backdrop is. unseen(view): as unseenIn().
export function mapPainters(scene) {
  return {
    ground: null,
    data: (ctx, view) => paintView(scene, ctx, view),
    ring: (ctx, view) => paintSelection(scene, ctx, view),
    names: null,
    unseen: (view) => unseenIn(scene, view),
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

// The corner of a view that its scale takes at most, where no names are; larger: than the view by this the scale is.
export const scaleCover = ({ height }, larger = 1) => [0, height - 36 * larger, 134 * larger, 36 * larger];

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

// The legend of each layer that is seen, of that what is seen of it, as rows: [[{text, image, bold, indent}], ...].
function legendBlocks(store, unseen, ink, factor) {
  const layers = shownLayers(store).filter(({ id }) => unseen[id].includes(0)).reverse();
  return Promise.all(layers.map(async (layer) => {
    const isEdged = ["point", "line"].includes(layer.head.kind);
    const image = layer.head.style.color ? null : await imageOf(classSwatch(layer, {}), ink);
    const rows = [{ text: layerTitle(layer), image, isEdged, bold: true }];
    for (const { name, title, rows: entries } of partsSeen(layer, unseen[layer.id], store.state.time, factor)) {
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
