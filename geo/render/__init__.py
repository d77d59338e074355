"""A map as a page: folium, the page's own files, nothing left outside."""
