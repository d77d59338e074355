// What is drawn on Leaflet's map goes by: its grid of tiles, its panes, how fine the screen is.

// The grid made for half zooms too: Leaflet takes the tiles of the next whole zoom and scales them, which is up to
// twice as much to paint, blurs them and shrinks their symbols. For Leaflet 1.9.4.
export function exactGrid(methods) {
  return L.GridLayer.extend({
    _setView(center, zoom, ...how) {
      this.exactZoom = zoom;
      L.GridLayer.prototype._setView.call(this, center, zoom, ...how);
    },
    _clampZoom() {
      return this.exactZoom;
    },
    // Leaflet knows which older tiles lie under a new one from whole zooms alone: all stay until the new are painted.
    _retainParent() {
      for (const tile of Object.values(this._tiles)) tile.retain = true;
      return true;
    },
    ...methods,
  });
}

// A pane of the map that the pointer goes through.
export function createPane(map, name, zIndex) {
  const pane = map.createPane(name);
  Object.assign(pane.style, { zIndex, pointerEvents: "none" });
  return pane;
}

// Device pixels of one px, as many as are worth drawing.
export function deviceRatio(most = 3) {
  return Math.min(devicePixelRatio, most);
}
