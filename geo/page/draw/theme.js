// Light or dark: as the reader chose, else as the system says.

// Keep <html data-geo-theme> and `state.dark` in step with `state.theme` and the system.
export function followTheme(store) {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const settle = () => {
    const { theme } = store.state, dark = theme === "dark" || (theme !== "light" && system.matches);
    document.documentElement.dataset.geoTheme = dark ? "dark" : "light";
    store.set({ dark });
  };
  system.addEventListener("change", settle);
  store.listen((changed) => {
    if (changed.includes("theme")) settle();
  });
  settle();
}
