"""A built page stands alone: no link to another file may be left, and a strict CSP lets only its own code run."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from typing import NamedTuple

from geo.errors import AtlasError

CSP_PLACE = "<!--shy:csp-->"  # where render puts the policy
# A diamond of felt. Without an icon in the page browsers ask its server for one.
ICON = """<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E\
%3Crect width='16' height='16' rx='3' fill='%239c2a22'/%3E%3Cpath fill='%23f6f3ec' d='M8 2l6 6-6 6-6-6z'/%3E\
%3Cpath fill='%239c2a22' d='M8 5l3 3-3 3-3-3z'/%3E%3C/svg%3E">"""

_STYLE = re.compile(r"<style[^>]*>(?P<text>.*?)</style>", re.DOTALL)
_LOADING = re.compile(
    r"""<(?:script|link|img|iframe|object|embed|source|video|audio|base)\b[^>]*\s(?:src|href|data)\s*=\s*["']?([^"'\s>]+)""",
    re.IGNORECASE,
)
_CSS_LOADING = re.compile(r"""(?:@import|url\()\s*["']?(?!data:|#)([^"')\s]+)""", re.IGNORECASE)


class Script(NamedTuple):
    """A script element: what stands between `<script` and `>`, and its text."""

    attributes: str
    text: str

    @property
    def is_data(self) -> bool:
        return "application/json" in self.attributes or "text/plain" in self.attributes


class LinkError(AtlasError):
    """A page that should stand alone asks for another file."""


def inline_page(html: str, *, scripts: Sequence[str]) -> str:
    """Give the page with its content security policy, once nothing in it loads anything from elsewhere.

    Parameters
    ----------
    scripts : those that were written into it, in their order; the policy lets no other run, and there may be none

    Raises
    ------
    LinkError
        An address of a script, style, picture or frame is left in the page.
    """
    markup, found = split_scripts(html)
    _refuse_links(markup)
    if [script.text for script in found if not script.is_data] != [*scripts]:
        raise AssertionError("the page holds other scripts than those written into it")
    meta = f'<meta http-equiv="Content-Security-Policy" content="{content_policy(html)}">'
    return html.replace(CSP_PLACE, meta)


def content_policy(html: str) -> str:
    """Give the policy that lets just the scripts and styles of a page run, by their hashes, and nothing be loaded."""
    markup, scripts = split_scripts(html)
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {_hashes([script.text for script in scripts if not script.is_data])}",
            f"style-src {_hashes([match['text'] for match in _STYLE.finditer(markup)])}",
            "img-src data: blob:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def split_scripts(html: str) -> tuple[str, list[Script]]:
    """Give a page's markup, its script elements emptied, and these elements.

    Found by `str.find`: a regular expression that looks for their ends takes 15 ms for a page of 1 MB, this 0.1 ms.
    """
    markup, scripts, at = [], [], 0
    while (start := html.find("<script", at)) >= 0:
        text = html.index(">", start) + 1
        end = html.index("</script>", text)
        scripts.append(Script(html[start + len("<script") : text - 1], html[text:end]))
        markup.append(html[at:text])
        at = end
    return "".join([*markup, html[at:]]), scripts


def _refuse_links(markup: str) -> None:
    """Raise where markup or styles would load another file. Text in scripts and data is not markup."""
    found = [address for address in _LOADING.findall(markup) if not address.startswith(("data:", "#"))]
    for style in _STYLE.finditer(markup):
        found += _CSS_LOADING.findall(style["text"])
    if found:
        raise LinkError(f"the page would load {found[0]}. Fix: a built page holds everything inside; leave it out.")


def _hashes(texts: list[str]) -> str:
    digests = [base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii") for text in texts]
    return " ".join(f"'sha256-{digest}'" for digest in dict.fromkeys(digests)) or "'none'"
