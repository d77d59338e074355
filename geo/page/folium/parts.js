// What Folium's own markers and popups look for in a page, which Leaflet's and jQuery's files on the network give
// elsewhere.
(function () {
  "use strict";
  // Leaflet seeks a marker's picture beside the page; here it is in the style sheet, without its shadow.
  function markerPicture() {
    const probe = document.body.appendChild(document.createElement("div"));
    probe.className = "leaflet-default-icon-path";
    const [, address] = /^url\("(.+)"\)$/.exec(getComputedStyle(probe).backgroundImage) ?? [];
    probe.remove();
    return address;
  }
  L.Icon.Default.include({ _getIconUrl: (name) => (name === "icon" ? markerPicture() : "") });

  // Folium makes a popup's content of its HTML by $(html)[0]: all that it asks of jQuery.
  window.$ ??= (html) => {
    const template = document.createElement("template");
    template.innerHTML = html;
    return [...template.content.children];
  };
})();
