// Measure: places set by click or at the crosshair, joined by great circles, their distances on the ellipsoid.

import { geodesicMetres, greatCircle } from "../data/geodesic.js";
import { iconButton, textButton } from "../elements/controls.js";
import { element, fill, setAttributes } from "../elements/dom.js";
import { distanceText } from "../words/distances.js";
import { t } from "../words/texts.js";

const MEASURE_OPTIONS = {
  paneZ: 470, // over the data, its names and rings
  casing: { color: "#fff", weight: 5 },
  line: { className: "geo-measure-line", weight: 2.5, dashArray: "7 4" },
  place: { className: "geo-measure-line", weight: 2, radius: 4, fillColor: "#fff", fillOpacity: 1 },
};

export function createMeasure(map, store, slot, notices) {
  const container = map.getContainer();
  const box = element("section.geo-measure");
  map.createPane("geo-measure").style.zIndex = MEASURE_OPTIONS.paneZ;
  const pane = { pane: "geo-measure", renderer: L.svg({ pane: "geo-measure" }), interactive: false };
  const drawing = L.layerGroup().addTo(map);
  const tool = iconButton("measure", "", toggle);
  let places = [];
  slot.append(box);
  container.append(element("div.geo-measure-cross", { "aria-hidden": "true" }));

  function draw() {
    const { casing, line, place } = MEASURE_OPTIONS;
    const course = places.flatMap((each, at) => (at ? greatCircle(places[at - 1], each) : [each]));
    drawing.clearLayers();
    for (const shift of [-360, 0, 360]) {
      const shifted = (all) => all.map(([lat, lon]) => [lat, lon + shift]);
      if (course.length > 1) {
        for (const look of [casing, line]) L.polyline(shifted(course), { ...pane, ...look }).addTo(drawing);
      }
      for (const each of shifted(places)) L.circleMarker(each, { ...pane, ...place }).addTo(drawing);
    }
  }

  // Gives what is said of it.
  function write() {
    const legs = places.slice(1).map((place, at) => geodesicMetres(places[at], place));
    const total = distanceText(legs.reduce((sum, metres) => sum + metres, 0));
    const isOn = store.state.measuring;
    setAttributes(box, { hidden: !isOn, "aria-label": t("measure") });
    fill(box, legs.length ? element("strong", total) : element("p", t("measure_hint")),
      legs.length > 1 && element("ol", legs.map((metres) => element("li", distanceText(metres)))),
      places.length > 0 && textButton(t("measure_undo"), undo), textButton(t("measure_done"), toggle));
    setAttributes(tool, { "aria-label": t("measure"), title: t("measure"), "aria-pressed": isOn });
    return legs.length ? t("measure_total", { n: legs.length, total }) : t("measure_hint");
  }

  function change(next) {
    places = next;
    draw();
    const words = write();
    if (!store.state.measuring) return;
    notices.say(words);
    container.focus({ preventScroll: true }); // arrow keys move the map, Enter sets a place
  }

  const undo = () => change(places.slice(0, -1));

  function add({ lat, lng }) {
    const place = [lat, lng], last = places.at(-1);
    change([...places, last ? greatCircle(last, place).at(-1) : place]); // on the world that the line runs on
  }

  function toggle() {
    const measuring = !store.state.measuring;
    store.set({ measuring });
    map.doubleClickZoom[measuring ? "disable" : "enable"]();
    container.classList.toggle("geo-measuring", measuring);
    change([]);
    if (!measuring) tool.focus();
  }

  // The second click of a double one, which ends a measurement elsewhere, would add 0 m.
  map.on("click", ({ latlng, originalEvent }) => store.state.measuring && originalEvent.detail < 2 && add(latlng));
  container.addEventListener("keydown", (event) => {
    if (!store.state.measuring || event.target !== container) return;
    if (event.key === "Enter") add(map.getCenter());
    else if (event.key === "Backspace") undo();
    else return;
    event.preventDefault();
  });

  return { write, toggle, tool };
}
