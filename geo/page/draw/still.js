// Pictures that stay as they are. Without a GPU Chromium copies every canvas that can be drawn on for each frame of the
// page, whatever changed in it (0.3 ms for 512 px square); a picture that was handed over to a canvas it copies once.

// Hand what is drawn on a sheet, an OffscreenCanvas, over to a canvas; the sheet is empty then.
export function showSheet(canvas, sheet) {
  Object.assign(canvas, { width: sheet.width, height: sheet.height });
  canvas.getContext("bitmaprenderer").transferFromImageBitmap(sheet.transferToImageBitmap());
}

// The pen of a new canvas that never comes into the page.
export function sheetContext(width, height, willReadFrequently = false) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  return canvas.getContext("2d", { willReadFrequently });
}
