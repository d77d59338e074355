// Classic script right after Leaflet, before Folium's own: Folium builds its layers while the page's module still
// waits. It holds the thin layer class that Folium, LayerControl and plugins handle, and what the module takes over
// later. A layer on the map is a switch: added or removed, it changes `shown` and says so; the drawing is the module's.
(function () {
  "use strict";
  // What modules and styles cannot do without: Chrome and Edge have both since 108, Firefox since 113, Safari since
  // 16.4.
  const isTooOld = !("DecompressionStream" in window && CSS.supports("height", "1dvh"));
  // Over all else: the page may stand already.
  const alarm = (text, language = "en") => {
    const line = document.createElement("p");
    line.className = "geo-note";
    line.setAttribute("role", "alert");
    line.lang = language;
    line.textContent = text;
    document.body.prepend(line);
  };
  if (isTooOld) {
    const words = {
      en: "This map needs a newer browser: Chrome or Edge 108, Firefox 113, Safari 16.4, or any later one.",
      ru: "Этой карте нужен более новый браузер: Chrome или Edge 108, Firefox 113, Safari 16.4 или новее.",
      ky: "Бул картага жаңыраак браузер керек: Chrome же Edge 108, Firefox 113, Safari 16.4 же андан жаңысы.",
    };
    // The page's own words are not read yet.
    const language = navigator.language.slice(0, 2), spoken = words[language] ? language : "en";
    document.addEventListener("DOMContentLoaded", () => alarm(words[spoken], spoken));
  }

  // Elements are found by their ids, which another page in the same document has as well.
  const isSecond = "shyrdak" in window;
  if (isSecond) {
    alarm("Two maps share this page, and neither is drawn: "
      + "give each a frame of its own, as _repr_html_() of folium does.");
  }

  const stub = {
    isUsable: !isTooOld && !isSecond,
    alarm,
    shown: new Set(), // ids of the layers on the map
    layers: new Map(),
    onShown() {}, // the module's
    layer(id, bounds) {
      const layer = new GeoLayer(id, bounds);
      stub.layers.set(id, layer);
      return layer;
    },
    attach(map) {
      stub.map = map;
      // What Folium fits the map to waits until the panels leave it its size (app.js).
      map.fitBounds = (...fit) => {
        stub.fit = fit;
        return map;
      };
    },
  };
  window.shyrdak = stub;

  const GeoLayer = L.Layer.extend({
    initialize(id, bounds) {
      this.geoId = id;
      this.geoBounds = bounds;
    },
    onAdd() {
      stub.shown.add(this.geoId);
      stub.onShown();
    },
    onRemove() {
      stub.shown.delete(this.geoId);
      stub.onShown();
    },
    getBounds() {
      return L.latLngBounds(this.geoBounds || []);
    },
  });
})();
