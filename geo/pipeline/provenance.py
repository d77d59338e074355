"""Where a page comes from, written into it, and the seal by which `verify` tells whether it is as it was built.

A map's head has `provenance`, the index an element of its own. The seal is the last element of either: the digest of
each part, and of the whole file. It guards against accident and careless hands; who forges a page can seal it again,
and only a build of the same atlas folder (`verify --atlas`) tells that apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from geo import __version__
from geo.format import json_text
from geo.model import AtlasData, LayerData
from geo.pipeline.manifest import CODE_NAME, Digests, text_digest
from geo.render.inline import split_scripts

SHORT_DIGITS = 16
PROVENANCE_ID, SEAL_ID = "geo-provenance", "geo-seal"
SEALED_PARTS = ("geo-head", PROVENANCE_ID, "geo-basemap-head", "geo-basemap-blob")
"""Data elements that the seal digests as they stand; of `geo-blob`, the columns, the head has the raw bytes' digest."""


def describe(data: AtlasData, *, layers: Iterable[str], sources: Iterable[str], inputs: Digests) -> dict[str, Any]:
    """Give the provenance of a page that shows some layers and cites some sources: JSON of docs/format.md."""
    atlas = data.config.atlas
    licences = {data.sources[source].licence for source in sources} | {credit.licence for credit in atlas.credits}
    return {
        "version": __version__,
        "edition": atlas.edition.isoformat() if atlas.edition else None,
        "layers": {layer_id: _counts(data.layers[layer_id]) for layer_id in dict.fromkeys(layers)},
        "licences": sorted(filter(None, licences)),
        # Cut to what tells versions of an input apart.
        "inputs": {name: digest[:SHORT_DIGITS] for name, digest in sorted(inputs.items()) if name != CODE_NAME},
    }


def _counts(layer: LayerData) -> dict[str, int]:
    return {
        "features": len(layer.frame),
        "rows": layer.counts.rows,
        "records": 0 if layer.records is None else len(layer.records),
        "values": sum(len(series) for series in layer.series.values()),
    }


def seal_page(html: str, *, provenance: Mapping[str, Any] | None = None) -> str:
    """Give a finished page with its seal, and with its provenance where its head has none because it has no head."""
    if provenance:
        html = _insert(html, _element(PROVENANCE_ID, provenance))
    parts = data_elements(html)
    seal = {part: text_digest(parts[part]) for part in SEALED_PARTS if part in parts} | {"page": ""}
    sealed = _insert(html, _element(SEAL_ID, seal))
    return set_page_seal(sealed, text_digest(sealed))


def set_page_seal(html: str, digest: str) -> str:
    """Give a sealed page with this digest of the whole file in its seal; "" as it is when the digest is taken."""
    before, member, rest = html.rpartition('"page":"')
    _, end, after = rest.partition('"')
    return before + member + digest + end + after


def data_elements(html: str) -> dict[str, str]:
    """Give the text of each script element that has an id, all of them data."""
    found = {}
    for script in split_scripts(html)[1]:
        _, quote, rest = script.attributes.partition(' id="')
        if quote:
            found[rest.partition('"')[0]] = script.text
    return found


def _element(element_id: str, value: Mapping[str, Any]) -> str:
    return f'<script type="application/json" id="{element_id}">{json_text(value)}</script>\n'


def _insert(html: str, element: str) -> str:
    before, end, after = html.rpartition("</body>")
    return before + element + end + after
