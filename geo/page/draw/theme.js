// Light or dark: as the reader chose, else as the system says.

import { isDarkTheme } from "./styles.js";

// Keep <html data-geo-theme> and `state.dark` in step with `state.theme` and the system.
export function followTheme(store) {
  const settle = () => {
    const dark = isDarkTheme(store.state);
    document.documentElement.dataset.geoTheme = dark ? "dark" : "light";
    store.set({ dark });
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", settle);
  store.listen((changed) => {
    if (changed.includes("theme")) settle();
  });
  settle();
}
