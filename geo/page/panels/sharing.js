// The dialog behind the download button: a link, a picture, the data, the printed page.

import { createDialog, dialogHead } from "../elements/controls.js";
import { element } from "../elements/dom.js";
import { icon } from "../elements/icons.js";
import { t } from "../words/texts.js";

// `actions`: {savePicture, exportAs(kind), printView, link() or null}. Gives {open, write}.
export function createSharing(host, actions, notices) {
  const choices = [
    ...(actions.link ? [["link", "share_link", () => notices.copy(actions.link())]] : []),
    ["picture", "share_picture", actions.savePicture],
    ["table", "share_csv", () => actions.exportAs("csv")],
    ["download", "share_geojson", () => actions.exportAs("geojson")],
    ["print", "share_print", actions.printView],
  ];
  const sharing = createDialog(host, "sharing", () => [
    dialogHead("sharing", t("share"), t("close"), () => sharing.close()),
    element("ul", choices.map(([name, key, act]) => element("li", element("button", {
      class: "geo-choice", onclick: () => {
        sharing.close();
        act();
      },
    }, icon(name), element("span", element("strong", t(key)), element("span.geo-fine", t(`${key}_hint`))))))),
  ]);
  return sharing;
}
