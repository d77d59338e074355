// One canvas over the whole view for what changes at every move of the pointer: hover and selection; and the tooltip.

import { element, fill } from "./dom.js";
import { layerTitle, nameOf } from "./names.js";
import { eachPlace, kindOf, scaleOfZoom, POINT_KIND } from "./scene.js";
import { paintFeature } from "./tiles.js";
import { formatSpan } from "./texts.js";

const OVERLAY_OPTIONS = {
  margin: 96,       // px that the canvas reaches beyond the view, to be seen while the map is dragged
  selectWidth: 2.5, // px of the ring around the selection
  hoverWidth: 1.5,
  alsoMost: 3,      // names of further features under the pointer in the tooltip
};

const OVERLAY_PANE = "geo-overlay";
const OVERLAY_PANE_Z = 460;

// The part of the world that the container shows: {zoom, x, y, width, height}, x brought back into the first world.
export function viewOf(map) {
  const { min } = map.getPixelBounds();
  const { x: width, y: height } = map.getSize();
  const zoom = map.getZoom();
  const world = 256 * 2 ** zoom;
  const middle = min.x + width / 2;
  return { zoom, x: min.x - Math.floor(middle / world) * world, y: min.y, width, height };
}

export function createOverlay(L, map, scene) {
  const ratio = Math.min(window.devicePixelRatio || 1, 3);
  const pane = map.getPane(OVERLAY_PANE) ?? map.createPane(OVERLAY_PANE);
  pane.style.zIndex = OVERLAY_PANE_Z;
  pane.style.pointerEvents = "none";
  const canvas = element("canvas", { class: "geo-overlay leaflet-zoom-animated", "aria-hidden": "true" });
  pane.append(canvas);
  const ctx = canvas.getContext("2d");
  let corner = null, drawnZoom = 0, isDrawn = false;

  function draw() {
    const { hover, selection } = scene.store.state;
    const marks = [[hover, "hover"], [selection, "select"]].filter(([mark]) => mark && isShown(scene, mark));
    if (!marks.length && !isDrawn) return;
    isDrawn = marks.length > 0;
    const { margin } = OVERLAY_OPTIONS;
    const base = viewOf(map);
    const view = { ...base, x: base.x - margin, y: base.y - margin, width: base.width + 2 * margin, height: base.height + 2 * margin, ratio };
    const [width, height] = [Math.round(view.width * ratio), Math.round(view.height * ratio)];
    if (canvas.width !== width || canvas.height !== height) {
      Object.assign(canvas, { width, height });
      canvas.style.width = `${view.width}px`;
      canvas.style.height = `${view.height}px`;
    }
    corner = map.containerPointToLatLng([-margin, -margin]);
    drawnZoom = map.getZoom();
    L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([-margin, -margin]));
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, view.width, view.height);
    const { palette } = scene;
    for (const [mark, kind] of marks) {
      const entry = scene.entryOf(mark.layer);
      const width = OVERLAY_OPTIONS[`${kind}Width`];
      const ring = kind === "select" ? [[palette.halo, 2], [palette.select, 0]] : [[palette.halo, 1.5], [palette.hover, 0]];
      paintFeature(scene, ctx, view, entry, mark.feature, { ring, width });
    }
  }

  // While Leaflet zooms, the drawing grows with the map; at the end it is drawn anew.
  function follow({ zoom, center }) {
    if (!isDrawn) return;
    const scale = map.getZoomScale(zoom, drawnZoom);
    L.DomUtil.setTransform(canvas, map._latLngToNewLayerPoint(corner, zoom, center), scale);
  }

  map.on("moveend resize", draw);
  map.on("zoomanim", follow);
  return {
    draw,
    destroy() {
      map.off("moveend resize", draw);
      map.off("zoomanim", follow);
      canvas.remove();
    },
  };
}

function isShown(scene, { layer, feature }) {
  const entry = scene.entryOf(layer);
  return Boolean(entry?.opacity) && !entry.mask[feature] && entry.layer.geometry[feature] >= 0;
}

// A small box beside the pointer or beside a feature: name, layer, dates; and what else lies there.
export function createTooltip(map, scene) {
  const box = element("div", { class: "geo-tooltip", hidden: true, "aria-hidden": "true" });
  map.getContainer().append(box);

  // Show it for the features in `hits`, at a point of the container, `gap` px away.
  function show(hits, { x, y }, gap = 14) {
    const { page } = scene;
    const [first, ...others] = hits.map((hit) => ({ layer: scene.entryOf(hit.layer).layer, feature: hit.feature }));
    const also = others.slice(0, OVERLAY_OPTIONS.alsoMost).map(({ layer, feature }) => nameLine(page, layer, feature, "geo-tooltip-also"));
    const more = others.length - also.length;
    fill(
      box, nameLine(page, first.layer, first.feature, "geo-tooltip-name"),
      element("div", { class: "geo-tooltip-layer" }, [layerTitle(first.layer), datesOf(first.layer, first.feature)].filter(Boolean).join(" · ")),
      also, more > 0 ? element("div", { class: "geo-tooltip-also" }, `+${more}`) : null,
    );
    box.hidden = false;
    const { x: width, y: height } = map.getSize();
    const left = x + gap + box.offsetWidth > width ? x - gap - box.offsetWidth : x + gap;
    const top = Math.min(Math.max(4, y - box.offsetHeight / 2), height - box.offsetHeight - 4);
    box.style.transform = `translate(${Math.max(4, Math.round(left))}px, ${Math.round(top)}px)`;
  }

  return { show, hide: () => { box.hidden = true; }, destroy: () => box.remove() };
}

function nameLine(page, layer, feature, name) {
  const { text, language } = nameOf(page, layer, feature);
  return element("div", { class: name, lang: language }, text);
}

// "October 2003 – now" from the columns of validity, "" for a layer or a feature without dates.
function datesOf(layer, i) {
  const [from, to] = [layer.column("valid_from"), layer.column("valid_to")];
  if ((!from && !to) || layer.undated?.[i]) return "";
  return formatSpan(from?.text(i) ?? "", to?.text(i) ?? "");
}

// Where a feature is drawn in the view, as one point of it: the symbol, the middle of a line, the middle of an area.
export function anchorOf(scene, view, entry, i) {
  let found = null;
  if (kindOf(entry.layer, i) === POINT_KIND) {
    eachPlace(scene, view, entry, i, (x, y) => { found ??= { x, y }; });
    return found;
  }
  const scale = scaleOfZoom(view.zoom), at = entry.layer.geometry[i] * 4;
  const [x0, y0, x1, y1] = entry.bounds.subarray(at, at + 4);
  const middle = (low, high, start, length) => (Math.max(low * scale - start, 0) + Math.min(high * scale - start, length)) / 2;
  return { x: middle(x0, x1, view.x, view.width), y: middle(y0, y1, view.y, view.height) };
}
