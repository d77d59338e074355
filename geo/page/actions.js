// What readers do from more than one place: open, close and leave a card, take things away.

import { layerOf } from "./data/model.js";
import { viewOf } from "./draw/viewcanvas.js";
import { mayHoldFiles, passedOn } from "./share/address.js";
import { csvOf, downloadFile, geojsonOf } from "./share/exporting.js";
import { drawPicture } from "./share/picture.js";
import { shownRows } from "./state/store.js";
import { withLayers } from "./words/legend.js";
import { pickText, t } from "./words/texts.js";

// painters: as mapPainters gives them.
export function createActions({ store, map, view, camera, layout, painters, facets, link, notices }) {
  const { page } = store;
  let intent = {}; // of what was chosen and the panels have not followed yet
  let opener = null; // what has the focus back when the card is closed
  const actions = {
    link,
    linkPassedOn: () => passedOn(link?.()),
    print: null, // (what) => ..., as listenToPrint gives it

    // Change the state by a selection, and say what is meant by it: {focus: the card takes the focus, opener: what has
    // it back, isThere: the map goes to the feature by itself}. The panels take that as they follow.
    choose(patch, meant) {
      intent = meant;
      if ("opener" in meant) ({ opener } = meant);
      store.set(patch);
    },
    takeIntent() {
      const taken = intent;
      intent = {};
      return taken;
    },

    // From a list, or one of those that lie on one another, whose stack stays. The map's own select() sets that, too.
    select(selection) {
      store.set({ selection });
      camera.reveal();
    },
    // To a feature from elsewhere than the map: its layer is switched on, the map goes there, the card opens.
    open(selection, { focus = false } = {}) {
      const layer = layerOf(page, selection.layer);
      const meant = { focus, opener: focus ? document.activeElement : null, isThere: true };
      actions.choose({ shown: withLayers(store.state.shown, [layer], true), selection, stack: [selection] }, meant);
      camera.zoomTo(selection);
    },

    // `detail`: of the click that closes it, 0 by keyboard. Who used a pointer needs the focus nowhere: in the search
    // field it would bring up a phone's keyboard, on the map a tooltip.
    close({ detail = 0 } = {}) {
      const hadFocus = !detail && document.activeElement?.closest(".geo-card");
      store.set({ selection: null, stack: [] });
      if (hadFocus) (opener?.offsetWidth ? opener : view).focus(); // to what is still in sight
      opener = null;
    },

    async savePicture() {
      const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--geo-${name}`).trim();
      const colours = Object.fromEntries(["ink", "muted", "line", "casing"].map((name) => [name, colour(name)]));
      const shown = { ...viewOf(map), lat: map.getCenter().lat };
      const blob = await drawPicture(store, facets, painters, shown, { paper: colour("surface"), ...colours });
      if (!blob) return notices.tell(t("picture_failed")); // larger than the browser draws
      downloadFile(`${page.head.map.id}.png`, "image/png", [blob]);
      return tellSaved(t("picture_saved"));
    },

    exportAs(kind, rows = shownRows(store, page.layers)) {
      const { atlas, map: { id, title } } = page.head;
      const { time } = store.state;
      const about = {
        name: pickText(title),
        edition: atlas.edition,
        licence: pickText(atlas.licence) || undefined,
        link: actions.linkPassedOn(),
      };
      if (kind === "csv") downloadFile(`${id}.csv`, "text/csv;charset=utf-8", csvOf(page, rows, time));
      else downloadFile(`${id}.geojson`, "application/geo+json", geojsonOf(page, rows, about, time));
      tellSaved(t("exported", { n: rows.n }));
    },
  };
  function tellSaved(text) {
    notices.tell(mayHoldFiles() ? `${text}. ${t("framed_file")}` : text);
  }

  return actions;
}
