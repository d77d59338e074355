"""The basemap that pages carry, and where the one that comes with Shyrdak lies."""
