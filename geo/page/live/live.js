// Added to a page by `serve` alone, never in a built file: reloads it when it was built again, which keeps its state in
// the address, and shows the problems that keep it from being built, or that its map is no more.
(() => {
  const { page, version } = document.currentScript.dataset; // the file's name and the digest of its bytes
  const BELOW_NOTHING = 2147483647; // z-index
  let source = null, panel = null;

  function listen() {
    source ??= new EventSource(`/-/events?page=${encodeURIComponent(page)}`);
    source.onmessage = ({ data }) => {
      const news = JSON.parse(data);
      // What was waited for is not in the atlas.
      const isNoPage = !version && !news.is_building && !news.problems.length;
      if (isNoPage || (news.version && news.version !== version)) location.reload();
      else show(news);
    };
  }

  // A browser keeps only six connections to one address open: a page that nobody sees needs none.
  function followVisibility() {
    if (!document.hidden) return listen();
    source?.close();
    source = null;
  }

  function show({ problems, is_left: isLeft }) {
    panel?.remove();
    panel = null;
    if (!problems.length) return;
    panel = document.createElement("section");
    panel.setAttribute("role", "alert");
    panel.lang = "en";
    panel.style = `position: fixed; inset: auto 0 0 0; z-index: ${BELOW_NOTHING}; max-height: 45vh; overflow: auto;
      box-sizing: border-box; padding: 12px 16px; background: #6b1420; color: #fff;
      font: 13px/1.5 ui-monospace, monospace; white-space: pre-wrap`;
    panel.textContent = problems.join("\n");
    if (isLeft) panel.append(" ", linkToAll());
    document.body.append(panel);
  }

  function linkToAll() {
    return Object.assign(document.createElement("a"), { href: "./", textContent: "All maps", style: "color: inherit" });
  }

  document.addEventListener("visibilitychange", followVisibility);
  followVisibility();
})();
