"""One map, made by one tool: `python make.py TOOL FOLDER OUT`. The benchmark runs this in a process of its own a map.

Every peer reads the same two files, joins them with pandas and geopandas, colours by `status`, and shows name and
attributes of a feature that is clicked or pointed at, where it can: what a reader of its manual would write.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

COLOURS = {"operating": "#0072b2", "closed": "#d55e00", "planned": "#009e73", "unknown": "#cc79a7"}
CENTRE, ZOOM = (42.0, 68.0), 4
SHOWN = ["name", "status", "capacity_mw", "owner", "valid_from"]


def joined(folder: Path) -> Any:
    """The features with their attributes, as a GeoDataFrame."""
    import geopandas
    import pandas

    shapes = geopandas.read_file(folder / "sites.geojson")
    return shapes.merge(pandas.read_csv(folder / "sites.csv"), on="id", validate="1:1")


def rgb(status: str) -> list[int]:
    return [int(COLOURS[status][at : at + 2], 16) for at in (1, 3, 5)]


def shyrdak(folder: Path, out: Path) -> None:
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from geo.cli import main

    maps = out.parent / "shyrdak"
    sys.argv[1:] = ["build", str(folder), "--out", str(maps), "--map", "map", "--force", "--jobs", "1"]
    if code := main():
        raise SystemExit(code)
    (maps / "map.html").replace(out)


def folium(folder: Path, out: Path) -> None:
    import folium

    frame = joined(folder)
    page = folium.Map(CENTRE, zoom_start=ZOOM, tiles=None, prefer_canvas=True)
    folium.GeoJson(
        frame,
        marker=folium.CircleMarker(radius=4, fill=True),
        style_function=lambda feature: {"color": COLOURS[feature["properties"]["status"]], "weight": 2},
        popup=folium.GeoJsonPopup(SHOWN),
    ).add_to(page)
    page.save(out)


def explore(folder: Path, out: Path) -> None:
    frame = joined(folder)
    page = frame.explore("status", cmap=list(COLOURS.values()), tiles=None, popup=True, prefer_canvas=True)
    page.save(out)


def lonboard(folder: Path, out: Path) -> None:
    import numpy
    from lonboard import Map, PathLayer, PolygonLayer, ScatterplotLayer

    frame = joined(folder)
    colours = numpy.array([rgb(status) for status in frame["status"]], dtype=numpy.uint8)
    kind = frame.geom_type.iloc[0]
    if kind == "Point":
        layer = ScatterplotLayer.from_geopandas(
            frame, get_fill_color=colours, radius_min_pixels=3, radius_max_pixels=3, pickable=True
        )
    elif kind == "LineString":
        layer = PathLayer.from_geopandas(frame, get_color=colours, width_min_pixels=2, pickable=True)
    else:
        layer = PolygonLayer.from_geopandas(frame, get_fill_color=colours, pickable=True)
    view = {"latitude": CENTRE[0], "longitude": CENTRE[1], "zoom": ZOOM - 1}
    Map(layer, basemap=None, view_state=view, show_tooltip=True).to_html(out)


def pydeck(folder: Path, out: Path) -> None:
    import json

    import pydeck

    frame = joined(folder)
    frame["colour"] = [rgb(status) for status in frame["status"]]
    layer = pydeck.Layer(
        "GeoJsonLayer",
        json.loads(frame.to_json()),
        get_fill_color="properties.colour",
        get_line_color="properties.colour",
        point_radius_min_pixels=3,
        line_width_min_pixels=2,
        pickable=True,
    )
    view = pydeck.ViewState(latitude=CENTRE[0], longitude=CENTRE[1], zoom=ZOOM - 1)
    deck = pydeck.Deck(layer, initial_view_state=view, map_provider=None, tooltip={"text": "{name}\n{status}"})
    deck.to_html(out, open_browser=False, notebook_display=False, offline=True)  # its script is not on npm


def keplergl(folder: Path, out: Path) -> None:
    from keplergl import KeplerGl

    page = KeplerGl(data={"sites": joined(folder)})
    page.save_to_html(file_name=str(out), read_only=False)


def leafmap(folder: Path, out: Path) -> None:
    import leafmap.foliumap

    frame = joined(folder)
    page = leafmap.foliumap.Map(center=CENTRE, zoom=ZOOM, tiles=None, prefer_canvas=True, fullscreen_control=False)
    page.add_gdf(
        frame,
        layer_name="Sites",
        style_function=lambda feature: {"color": COLOURS[feature["properties"]["status"]], "weight": 2},
        info_mode="on_click",
        zoom_to_layer=False,
    )
    page.to_html(str(out))


def maplibre(folder: Path, out: Path) -> None:
    import json

    from maplibre import Layer, LayerType, Map, MapOptions
    from maplibre.sources import GeoJSONSource

    frame = joined(folder)
    kind = {"Point": "circle", "LineString": "line"}.get(frame.geom_type.iloc[0], "fill")
    colour = ["match", ["get", "status"], *(part for pair in COLOURS.items() for part in pair), "#888888"]
    paint = {f"{kind}-color": colour} | ({"circle-radius": 3} if kind == "circle" else {})
    style = {"version": 8, "sources": {}, "layers": []}
    page = Map(MapOptions(style=style, center=CENTRE[::-1], zoom=ZOOM - 1))
    source = GeoJSONSource(data=json.loads(frame.to_json()))
    page.add_layer(Layer(type=LayerType(kind), id="sites", source=source, paint=paint))
    page.add_popup("sites", "name")
    out.write_text(page.to_html(), encoding="utf-8")


def swiftmap(folder: Path, out: Path) -> None:
    import swiftmap

    frame = joined(folder)
    frame["popup"] = frame["name"]
    page = swiftmap.Map(center=list(CENTRE), zoom=ZOOM, basemap=None)
    kind = frame.geom_type.iloc[0]
    add = {"Point": page.add_circle_markers, "LineString": page.add_line}.get(kind, page.add_polygons)
    add(frame, name="Sites", color_by="status")
    page.save(str(out))


TOOLS: dict[str, Callable[[Path, Path], None]] = {
    tool.__name__: tool for tool in (shyrdak, folium, explore, lonboard, pydeck, keplergl, leafmap, maplibre, swiftmap)
}


def peak_kb() -> int:
    """The most memory that this process has held: what wait4() tells of a child is at least what its parent had."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))


if __name__ == "__main__":
    # This folder holds modules of the peers' names' kind; nothing here may hide an installed package.
    sys.path.pop(0)
    name, source, target = sys.argv[1:]
    TOOLS[name](Path(source).resolve(), Path(target).resolve())
    Path(f"{target}.peak").write_text(str(peak_kb()), encoding="utf-8")
