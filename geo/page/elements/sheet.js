// The grip of a phone's sheet, which is half or nearly all of the screen high: pressed, or drawn up and down by a
// finger.

import { element } from "./dom.js";

const DRAWN_PX = 30; // a shorter way of the finger is a press

// `resize(by)`: 1 = taller, -1 = lower or closed, 0 = the other height. Gives the button.
export function createGrip(app, resize) {
  let from = null; // where the finger took hold, until it lets go
  let drawn = 0; // px upwards
  return element("button.geo-grip", {
    onpointerdown({ target, pointerId, clientY }) {
      target.setPointerCapture(pointerId);
      from = clientY;
      drawn = 0;
    },
    onpointermove({ clientY }) {
      if (from === null) return;
      drawn = from - clientY;
      app.style.setProperty("--geo-drawn-up", `${drawn}px`);
    },
    onlostpointercapture() {
      from = null;
      app.style.removeProperty("--geo-drawn-up");
      if (Math.abs(drawn) >= DRAWN_PX) resize(Math.sign(drawn));
    },
    // After the finger, too; the keyboard comes here alone.
    onclick() {
      if (Math.abs(drawn) < DRAWN_PX) resize(0);
      drawn = 0;
    },
  });
}
