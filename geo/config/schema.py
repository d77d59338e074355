"""The tables of atlas.toml: every key with its type, range and default.

pydantic checks a file against these classes; they know nothing of files, lines or of each other's names. A ValueError
here says what is wrong with the value and what to write.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

OnUnmatched = Literal["error", "warn", "ignore"]
FieldType = Literal["text", "integer", "number", "category", "boolean", "date", "url", "feature"]
Shape = Literal["circle", "square", "triangle", "diamond", "pentagon", "hexagon", "star", "cross", "plane", "gate"]
Fill = Literal["solid", "hollow", "hatch", "dots"]
Ends = Literal["arrow", "open", "none"]
PATTERNS = {
    r"^[a-z]{2,3}$": 'a language by its code of two or three small letters, such as "ky"',
    r"^[A-Za-z][A-Za-z0-9_-]*$": "a name of letters, digits, _ and -, a letter first",
    r"^#[0-9a-fA-F]{6}$": 'a colour as #rrggbb, such as "#1f6f8b"',
}
"""What a text must be like, and how to say so to whoever wrote another."""
_LANGUAGE, _IDENTIFIER, _COLOUR = PATTERNS
Language = Annotated[str, Field(pattern=_LANGUAGE)]
Identifier = Annotated[str, Field(pattern=_IDENTIFIER)]
Colour = Annotated[str, Field(pattern=_COLOUR)]
Bounds = tuple[float, float, float, float]


def _by_language(value: Any) -> Any:
    """A plain string is the text in the default language; "" stands for it until the atlas is known."""
    if not isinstance(value, str | dict):
        raise ValueError("is neither a text nor one per language", 'write "..." or { en = "...", ru = "..." }')
    return {"": value} if isinstance(value, str) else value


Text: TypeAlias = Annotated[dict[str, str], BeforeValidator(_by_language)]


def _checked_dashes(lengths: tuple[float, ...]) -> tuple[float, ...]:
    if len(lengths) < 2 or not all(0 < px <= 1000 for px in lengths):
        raise ValueError("are not the lengths of dash and gap, in pixels above 0", "write two or more, such as [6, 4]")
    return lengths


Dashes = Annotated[tuple[float, ...], AfterValidator(_checked_dashes)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False, allow_inf_nan=False)


class Key(_Table):
    """The join key's column in the features and in the table."""

    features: str = "id"
    table: str = "id"


class Unmatched(_Table):
    """What an orphan is: a feature without row, a row without feature."""

    features: OnUnmatched = "error"
    rows: OnUnmatched = "error"


class Time(_Table):
    """The columns of dates between which a feature exists."""

    from_: str = Field("valid_from", alias="from")
    to: str = "valid_to"


class Flows(_Table):
    """Lines made from an origin-destination table over a layer of nodes."""

    table: str
    origin: str = "origin"
    destination: str = "destination"
    nodes: str


class Category(_Table):
    """A value that a field may have, and how it looks where a style goes by the field; None: as the style has it.

    dash : lengths of dash and gap in pixels
    """

    title: Text
    color: Colour | None = None
    shape: Shape | None = None
    dash: Dashes | None = None
    fill: Fill | None = None
    ends: Ends | None = None


class FieldConfig(_Table):
    """One `[layers.<id>.fields.<column>]` table.

    unit : of the values, as it is to be shown; nothing is converted
    min, max : the least and the greatest value that is no mistake
    decimals : how many are shown; None: as many as the values have
    filter, card : whether it is offered as a filter, and shown on the card
    categories : the values it may have, in order, or the name of a set of them; None: whatever the table holds
    """

    title: Text | None = None
    type: FieldType = "text"
    unit: Text | None = None
    description: Text | None = None
    min: float | None = None
    max: float | None = None
    decimals: int | None = Field(None, ge=0, le=9)
    filter: bool = False
    card: bool = True
    categories: str | dict[str, Category] | None = None


class Style(_Table):
    """One `[layers.<id>.style]` table; sizes, widths and dashes are in pixels at zoom 7 and more.

    color : None: by the layer's place among all
    color_by, shape_by, dash_by, size_by, width_by : the field that chooses; `size_range` and `width_range` go with the
        last two, from the least to the greatest value
    palette : a ramp's name, or colours: of categories, or the stops of a ramp
    method, classes, bounds : how numbers are put into classes; None: "quantiles"
    size : the radius of a symbol
    dash : lengths of dash and gap; None: solid
    opacity, fill_opacity : 0 to 1
    """

    shape: Shape = "circle"
    color: Colour | None = None
    color_by: str | None = None
    shape_by: str | None = None
    dash_by: str | None = None
    palette: str | tuple[Colour, ...] | None = None
    method: Literal["categories", "equal", "quantiles", "bounds"] | None = None
    classes: int = Field(5, ge=2, le=12)
    bounds: tuple[float, ...] | None = None
    size: float = Field(7, gt=0, le=40)
    size_by: str | None = None
    size_range: tuple[float, float] = (4, 14)
    width: float = Field(2.5, gt=0, le=30)
    width_by: str | None = None
    width_range: tuple[float, float] = (1.5, 9)
    dash: Dashes | None = None
    fill: Fill = "solid"
    opacity: float = Field(1, ge=0, le=1)
    fill_opacity: float = Field(0.55, ge=0, le=1)
    ends: Ends = "none"


class Records(_Table):
    """Dated statements about features; `key`: the column of a table's rows that names the feature."""

    table: str
    key: str = "feature"


class Series(_Table):
    """A value per year of each feature; `key`, `time` and `value` are columns.

    unit, decimals : of the values, as in a field
    """

    table: str
    key: str
    time: str = "year"
    value: str = "value"
    title: Text | None = None
    unit: Text | None = None
    decimals: int | None = Field(None, ge=0, le=9)


def _as_key(value: Any) -> Any:
    return {"features": value, "table": value} if isinstance(value, str) else value


def _as_unmatched(value: Any) -> Any:
    return {"features": value, "rows": value} if isinstance(value, str) else value


class LayerConfig(_Table):
    """One `[layers.<id>]` table.

    features, flows : the file of its shapes, or the table that they are made of; it has one of them
    table : the attributes; None: the properties of the features
    time : False: timeless
    label : the column whose text stands on the map; True: the name
    """

    title: Text
    description: Text | None = None
    group: str | None = None
    attribution: Text | None = None
    features: str | None = None
    table: str | None = None
    key: Annotated[Key, BeforeValidator(_as_key)] = Key()
    rows: Literal["one", "many"] = "one"
    overlaps: Literal["warn", "allow"] = "warn"
    unmatched: Annotated[Unmatched, BeforeValidator(_as_unmatched)] = Unmatched()
    unlocated: Literal["error", "allow"] = "error"
    outliers: Literal["warn", "allow"] = "warn"
    time: Time | Literal[False] = Time(**{"from": "valid_from"})
    geodesic: bool = False
    shown: bool = True
    flows: Flows | None = None
    label: bool | str = True
    fields: dict[str, FieldConfig] = {}
    style: Style = Style()
    records: Records | None = None
    series: dict[Identifier, Series] = {}


def _as_text(value: Any) -> Any:
    """`2014` and `2014-06-03` without quotation marks are a number and a date in TOML."""
    return str(value) if isinstance(value, int | datetime.date) else value


class StepConfig(_Table):
    """One step of a story written in atlas.toml; what is left out is as the map opens.

    view : west, south, east, north, or longitude, latitude, zoom
    time : a date, or an interval with both ends
    selection : layer:key of the feature whose card is open
    """

    id: str = ""
    title: Text
    text: Text | None = None
    view: tuple[float, ...] = ()
    layers: tuple[str, ...] = ()
    time: Annotated[str, BeforeValidator(_as_text)] = ""
    selection: str = ""
    source: str = ""


class StoryConfig(_Table):
    """The story of a map: a table of steps, or the steps themselves."""

    title: Text | None = None
    table: str | None = None
    steps: tuple[StepConfig, ...] = ()


class MapConfig(_Table):
    """One `[maps.<id>]` table: one html page.

    layers : in the order of drawing, the first at the bottom
    shown : those that are on at first; None: each layer's own choice
    bounds : west, south, east, north in degrees, west more than east over 180 degrees; None: around all features
    """

    title: Text
    description: Text | None = None
    layers: tuple[str, ...] = Field(min_length=1)
    shown: tuple[str, ...] | None = None
    bounds: Bounds | None = None
    story: StoryConfig | None = None

    def opens_with(self, layer_id: str, layer: LayerConfig) -> bool:
        """Tell whether the map shows a layer of it at first."""
        return layer_id in self.shown if self.shown is not None else layer.shown


class Credit(_Table):
    """A data set to be named under About; `short`: in the line under the map (None: the title)."""

    title: Text
    short: str | None = None
    licence: str | None = None
    url: str | None = None
    note: Text | None = None


class Group(_Table):
    """Layers that stand together in the list of layers."""

    title: Text


class AtlasTable(_Table):
    """The whole file."""

    title: Text
    description: Text | None = None
    about: Text | None = None
    languages: tuple[Language, ...] = Field(("en",), min_length=1)
    edition: datetime.date | None = None
    licence: Text | None = None
    require_sources: bool = False
    sources: str | None = None
    basemap: str = "default"
    credits: tuple[Credit, ...] = ()
    groups: dict[Identifier, Group] = {}
    categories: dict[str, dict[str, Category]] = {}
    layers: dict[Identifier, LayerConfig] = Field(min_length=1)
    maps: dict[Identifier, MapConfig] = Field(min_length=1)

    def categories_of(self, field: FieldConfig) -> dict[str, Category]:
        """The values that a field may have in order, its own or a set of the atlas; empty: whatever the table holds."""
        if isinstance(field.categories, str):
            return self.categories.get(field.categories, {})
        return field.categories or {}


_TEXT_KEYS = ("title", "description", "about", "unit", "note", "attribution", "licence", "text")


def config_texts(atlas: AtlasTable) -> Iterator[tuple[tuple[str | int, ...], dict[str, str]]]:
    """Every text per language of the file with its key path."""

    def walk(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], dict[str, str]]]:
        if isinstance(value, BaseModel):
            for name in type(value).model_fields:
                inner = getattr(value, name)
                if name in _TEXT_KEYS and isinstance(inner, dict):
                    yield (*path, name), inner
                else:
                    yield from walk(inner, (*path, name))
        elif isinstance(value, dict):
            for name, inner in value.items():
                yield from walk(inner, (*path, str(name)))
        elif isinstance(value, tuple):
            for n, inner in enumerate(value):
                yield from walk(inner, (*path, n))

    return walk(atlas, ())
