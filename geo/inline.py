"""A built page stands alone: no link to another file may be left, and a strict CSP lets only its own code run."""

from __future__ import annotations

import base64
import hashlib
import re

from geo.errors import AtlasError

CSP_PLACE = "<!--shy:csp-->"  # where render puts the policy
MAX_PAGE_BYTES = 512 * 2**20
"""What a browser still opens: V8's longest string."""

_SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<text>.*?)</script>", re.DOTALL)
_STYLE = re.compile(r"<style[^>]*>(?P<text>.*?)</style>", re.DOTALL)
_LOADING = re.compile(
    r"""<(?:script|link|img|iframe|object|embed|source|video|audio|base)\b[^>]*\s(?:src|href|data)\s*=\s*["']?([^"'\s>]+)""",
    re.IGNORECASE,
)
_CSS_LOADING = re.compile(r"""(?:@import|url\()\s*["']?(?!data:|#)([^"')\s]+)""", re.IGNORECASE)


class LinkError(AtlasError):
    """A page that should stand alone asks for another file."""


def inline_page(html: str) -> str:
    """Give the page with its content security policy, once nothing in it loads anything from elsewhere.

    Raises
    ------
    LinkError
        An address of a script, style, picture or frame is left in the page.
    """
    refuse_links(html)
    scripts = [
        m["text"]
        for m in _SCRIPT.finditer(html)
        if "application/json" not in m["attributes"] and "text/plain" not in m["attributes"]
    ]
    styles = [m["text"] for m in _STYLE.finditer(_SCRIPT.sub("", html))]
    policy = "; ".join(
        [
            "default-src 'none'",
            f"script-src {_hashes(scripts)}",
            f"style-src {_hashes(styles)}",
            "img-src data: blob:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
    return html.replace(CSP_PLACE, f'<meta http-equiv="Content-Security-Policy" content="{policy}">')


def refuse_links(html: str) -> None:
    """Raise where markup or styles of the page would load another file. Text in scripts and data is not markup."""
    markup = _SCRIPT.sub(lambda m: f"<script{m['attributes']}></script>", html)
    found = [address for address in _LOADING.findall(markup) if not address.startswith(("data:", "#"))]
    for style in _STYLE.finditer(markup):
        found += _CSS_LOADING.findall(style["text"])
    if found:
        raise LinkError(f"the page would load {found[0]}. Fix: a built page holds everything inside; leave it out.")


def _hashes(texts: list[str]) -> str:
    digests = [base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii") for text in texts]
    return " ".join(f"'sha256-{digest}'" for digest in dict.fromkeys(digests)) or "'none'"
