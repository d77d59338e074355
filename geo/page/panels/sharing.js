// The dialog behind the download button: a link, a picture, the data, the printed page.

import { createDialog } from "../elements/controls.js";
import { element } from "../elements/dom.js";
import { icon } from "../elements/icons.js";
import { t } from "../words/texts.js";

export function createSharing(host, actions, notices) {
  const choices = [
    actions.link && ["link", "share_link", () => notices.copy(actions.link())],
    ["picture", "share_picture", actions.savePicture],
    ["table", "share_csv", () => actions.exportAs("csv")],
    ["download", "share_geojson", () => actions.exportAs("geojson")],
    ["print", "share_print", () => actions.print({ isView: true })],
  ].filter(Boolean);
  const dialog = createDialog(host, "sharing", () => ({
    title: t("share"), closeWords: t("close"), content: element("ul", choices.map(choice)),
  }));

  function choice([name, key, act]) {
    const choose = () => {
      dialog.close();
      act();
    };
    return element("li", element("button.geo-choice", { onclick: choose }, icon(name),
      element("span", element("strong", t(key)), element("span.geo-fine", t(`${key}_hint`)))));
  }

  return dialog;
}
