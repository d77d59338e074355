// Leaflet's grid of tiles, made for half zooms too: Leaflet takes the tiles of the next whole zoom and scales them, which
// is up to twice as much to paint, blurs them and shrinks their symbols. For Leaflet 1.9.4.

export function exactGrid(methods) {
  const Grid = L.GridLayer.extend({
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
  });
  return Grid.extend(methods);
}
