"""What is wrong in an atlas folder: `Problem`, and every code it can bear with its meaning and an example.

`CODES` is the one list. The command prints the code at the end of each problem, and a test shows that each code fires
(tests/atlases/<case>/expected.txt).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple


class Code(NamedTuple):
    """One kind of problem: `meaning` in a sentence, `example` as its message reads."""

    meaning: str
    example: str


CODES: dict[str, Code] = {
    # atlas.toml
    "CONFIG_MISSING": Code("a folder without atlas.toml", "there is no atlas.toml in 'layrs'"),
    "CONFIG_TOML": Code("atlas.toml is not TOML", "not valid TOML: Expected '=' after a key"),
    "CONFIG_UNKNOWN_KEY": Code("a key that means nothing there", "unknown key 'colour'"),
    "CONFIG_MISSING_KEY": Code("a key that must be there", "'title' is missing"),
    "CONFIG_VALUE": Code("a value of the wrong type or out of range", "input should be greater than 0 (-1)"),
    "CONFIG_REFERENCE": Code("a name that is defined nowhere", "there is no layer 'damms'"),
    # files
    "FILE_MISSING": Code("a file that atlas.toml names is not there", "there is no file 'damms.csv'"),
    "FILE_OUTSIDE": Code("a path leads out of the atlas folder", "'../secret.csv' leads out of the atlas folder"),
    "FILE_KIND": Code("a file of a kind that cannot be read", "'roads.kml' is of a kind that is not read"),
    "FILE_ENCODING": Code("text that is not UTF-8, or in an unknown encoding", "byte 0xca is not UTF-8 text"),
    "FILE_PACKAGE": Code("an optional package is needed", "'dams.parquet' needs the package pyarrow"),
    "FILE_EMPTY": Code("a file without content", "the file is empty"),
    # JSON and GeoJSON
    "JSON_SYNTAX": Code("the file is not JSON", "the text is not JSON: expecting ',' delimiter"),
    "JSON_DUPLICATE_KEY": Code("an object has the same member twice", 'the member "name" is there twice'),
    "JSON_NUMBER": Code("a number that JSON does not have", "NaN is not a number of JSON"),
    "GEOJSON_TYPE": Code("an object is not the GeoJSON type expected here", "the type is 'Feture', not 'Feature'"),
    "GEOJSON_MEMBER": Code("a GeoJSON object lacks a member or has a wrong one", 'the feature has no "properties"'),
    "GEOJSON_CRS": Code("a crs member that is not WGS 84", "the file says it is in EPSG:3857"),
    "GEOMETRY_TYPE": Code("a geometry type that GeoJSON does not have", "the geometry type is 'Poligon'"),
    "GEOMETRY_NESTING": Code(
        "coordinates nested too deep or not deep enough", "the coordinates of a Polygon are nested 2 deep"
    ),
    "GEOMETRY_NULL": Code("a feature without geometry in a layer that needs one", "the geometry is null"),
    "GEOMETRY_EMPTY": Code("a geometry without coordinates", "the LineString is empty"),
    "GEOMETRY_SHORT": Code("too few positions for a line or ring", "a ring has 3 positions, it needs 4 or more"),
    "GEOMETRY_RING": Code("a ring does not end where it began", "a ring is not closed"),
    "GEOMETRY_INVALID": Code(
        "a polygon crosses itself, or encloses nothing", "the polygon crosses itself near 70.5, 41.2"
    ),
    "GEOMETRY_ACROSS": Code("a line or ring crosses 180 degrees uncut", "179, 60 and -179, 60 lie 358 degrees apart"),
    "GEOMETRY_HEIGHT": Code("heights are set aside", "positions have a third number, which is not drawn"),
    "COORDINATE_NUMBER": Code("a coordinate that is not a number", "the coordinate '74.6' is text"),
    "COORDINATE_RANGE": Code("a coordinate outside the globe", "latitude 142.9 is outside -90 to 90"),
    "COORDINATE_SWAPPED": Code("latitude and longitude look swapped", "42.85, 174.84 looks like latitude, longitude"),
    "COORDINATE_PROJECTED": Code("metres of a projection instead of degrees", "8331907, 5290116 are not degrees"),
    "COORDINATE_ZERO": Code("a point at 0, 0", "the point lies at 0, 0 in the Atlantic"),
    # keys and the join
    "KEY_MISSING": Code("a feature without its join key", 'the properties have no "id"'),
    "KEY_BLANK": Code("a feature or row with a blank join key", "the key is blank"),
    "KEY_TYPE": Code("a join key that is neither text nor a whole number", "the key is a list"),
    "KEY_DUPLICATE": Code("two features with the same key", "feature 3 (line 9) has the key 'kant' too"),
    "ROW_DUPLICATE": Code("two rows with the same key", "row 3 has the key 'kant' too"),
    "JOIN_NO_ROW": Code("a feature without a row", "no row in bases.csv has id 'kantt'"),
    "JOIN_NO_FEATURE": Code("a row without a feature", "no feature in bases.geojson has id 'kantt'"),
    "JOIN_NOTHING": Code("no feature goes with any row", "none of 16 features has a row in bases.csv"),
    "JOIN_COLUMN": Code("a property and a column of one name differ", 'the property "name" gives way to the table'),
    # tables
    "TABLE_HEADER": Code("a table without a usable header", "the header is missing"),
    "TABLE_HEADER_DUPLICATE": Code("two columns with the same name", 'the column "name" is there twice'),
    "TABLE_HEADER_BLANK": Code("a column without a name", "column 4 has no name"),
    "TABLE_COLUMN": Code("a column that atlas.toml names is not there", 'there is no column "capacity"'),
    "TABLE_NAME": Code(
        "a column whose name is all but one with a meaning",
        "not 'valid_from', which has a meaning: only capital letters differ",
    ),
    "TABLE_UNUSED": Code("a column of records, series or sources that nothing shows", "nothing shows this column"),
    "TABLE_FILTER": Code(
        "a filter with more values than a list holds",
        "the filter would list 5,213 values: above 200 the maps go without it",
    ),
    "TABLE_STYLE": Code("a number that the style of its layer cannot show", "250 lies outside the bounds"),
    "TABLE_RAGGED": Code("a row with more or fewer cells than the header", "the row has 5 cells, the header 6"),
    "TABLE_QUOTE": Code("a quotation mark that is never closed", "a quotation mark opens here and never closes"),
    "TABLE_CONTROL": Code("a control character in a cell or property", "'Lake\\rBalkhash' has a line break inside"),
    "TABLE_CELL": Code("a cell of a spreadsheet without a value of its own", "#DIV/0! is an error, not a value"),
    "TABLE_NUMBER": Code("a number that does not parse", "'1,860' is not a number"),
    "TABLE_INTEGER": Code("a whole number that is none", "'2.5' is not a whole number"),
    "TABLE_RANGE": Code("a number outside min and max", "-3 is less than the minimum 0"),
    "TABLE_DATE": Code("a date that does not parse", "'23.10.2003' is not a date"),
    "TABLE_PERIOD": Code("an end before its beginning", "valid_from 2014 is after valid_to 2003"),
    "TABLE_OVERLAP": Code(
        "two rows of one key that are valid at once", "'UZB' is valid 1998 to 2012, and 1994 to 1999 in line 2"
    ),
    "TABLE_CATEGORY": Code("a value that is not in the categories", "'operatng' is not among the categories"),
    "TABLE_BOOLEAN": Code("a yes/no value that is neither", "'maybe' is neither true nor false"),
    "TABLE_URL": Code("an address that is not http, https or mailto", "'javascript:alert(1)' is not a web address"),
    # sources
    "SOURCE_UNKNOWN": Code("a source that sources.csv does not have", "there is no source 'lewis2051'"),
    "SOURCE_MISSING": Code("a row without a source where the atlas requires one", "the row has no source"),
    "SOURCE_SYNTAX": Code("a source cell that cannot be split", "'#4.1' has a locator without a source"),
    "SOURCE_DUPLICATE": Code("two sources with the same id", "row 3 has the id 'lewis2015' too"),
    "SOURCE_BLANK": Code("a source without id or citation", "the citation is blank"),
    # records, series, flows
    "RECORD_DUPLICATE": Code("two records with the same id", "row 3 has the id 'L001' too"),
    "RECORD_EMPTY": Code("a record that says nothing", "the record has neither text nor value"),
    "RECORD_NO_FEATURE": Code("a record of a feature that no layer has", "no layer that reads facts.csv has 'KGX'"),
    "SERIES_TIME": Code("a year of a series that is none", "'201O' is not a year"),
    "SERIES_DUPLICATE": Code("two values for one feature and year", "row 3 has a value for KGZ in 2014 too"),
    "FLOW_NODE": Code("a flow that starts or ends at an unknown node", "no node of layer airports has 'FRUU'"),
    "FLOW_UNLOCATED": Code("a flow that starts or ends at a node without geometry", "the node 'XYZ' has no geometry"),
    "FLOW_LOOP": Code("a flow that ends where it begins", "origin and destination are both 'FRU'"),
    # stories
    "STORY_EMPTY": Code("a story without steps", "the story has no step"),
    "STORY_COLUMN": Code("a column that a story has no use for", "a story has no column 'selecton'"),
    "STORY_DUPLICATE": Code("two steps with the same id", "row 3 has the id 'kant' too"),
    "STORY_TITLE": Code("a step without a title", "the title is blank"),
    "STORY_VIEW": Code("a view that is neither a box nor a place", "'82 45 66 36.5' is not west south east north"),
    "STORY_LAYER": Code("a layer that the map of the story does not have", "the map has no layer 'damms'"),
    "STORY_TIME": Code("a step whose time has no beginning or no end", "'2014/..' has an open end"),
    "STORY_SELECTION": Code("a selection that the step cannot show", "no feature of bases has the key 'kantt'"),
}


Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One finding in the data, with the place to look at and what to do.

    Parameters
    ----------
    code : one of `geo.problems.CODES`
    path : the file, relative to the atlas folder, with forward slashes
    line, column : counted from 1; 0 where the problem is the whole file's or the column is not known
    subject : what in the file, for example ``feature 3 ("kant")`` or ``row 14 column "capacity_mw"``; may be ""
    message : what is wrong, the value quoted, with or without a full stop
    hint : what to do; may be ""
    severity : a warning does not stop a build, unless --strict is given
    """

    code: str
    path: str
    line: int = 0
    column: int = 0
    subject: str = ""
    message: str
    hint: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        place = self.path + (f":{self.line}" if self.line else "") + (f":{self.column}" if self.column else "")
        subject = f" {self.subject}" if self.subject else ""
        warning = "warning: " if self.severity == "warning" else ""
        return printable(f"{place}{subject}: {warning}{_sentence(self.message)}{_fix(self.hint)} [{self.code}]")

    def under(self, folder: str) -> Problem:
        """Give the same problem with `folder` before its path, for a message that a terminal can follow."""
        return replace(self, path=f"{folder}/{self.path}") if folder else self


def printable(text: str) -> str:
    """Give a line with what a terminal would obey, or not show, written out: files come from anywhere."""
    return text if text.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else text + "."


def _fix(hint: str) -> str:
    return f" Fix: {_sentence(hint)}" if hint else ""


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Give the problems by file, line and column, each once."""
    place = {p: (p.path, p.line, p.column, p.code, p.subject, p.message) for p in problems}
    return sorted(place, key=place.__getitem__)
