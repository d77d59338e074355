"""A built page stands alone and lets only its own code run."""

from __future__ import annotations

import base64
import hashlib

import pytest

from geo.render.inline import CSP_PLACE, LinkError, inline_page

PAGE = f"<!DOCTYPE html><html><head>{CSP_PLACE}<style>p {{}}</style></head><body><script>let a;</script></body></html>"


def digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_the_policy_names_each_script_and_style_by_hash() -> None:
    html = inline_page(PAGE, scripts=["let a;"])
    assert f"script-src 'sha256-{digest('let a;')}'" in html
    assert f"style-src 'sha256-{digest('p {}')}'" in html
    assert "default-src 'none'" in html


def test_data_needs_no_hash() -> None:
    html = inline_page(
        PAGE.replace("<body>", '<body><script type="application/json" id="d">{}</script>'), scripts=["let a;"]
    )
    assert digest("{}") not in html


def test_a_script_that_was_not_written_into_the_page_is_an_error() -> None:
    with pytest.raises(AssertionError, match="other scripts"):
        inline_page(PAGE.replace("<body>", "<body><script>window.hacked=1</script>"), scripts=["let a;"])


@pytest.mark.parametrize(
    "markup",
    [
        '<script src="https://example.org/x.js"></script>',
        '<link rel="stylesheet" href="x.css"/>',
        "<img alt='' src='picture.png'>",
        "<style>@import 'x.css';</style>",
        "<style>p { background: url(x.png) }</style>",
        '<iframe src="other.html"></iframe>',
    ],
)
def test_a_link_to_another_file_is_an_error(markup: str) -> None:
    with pytest.raises(LinkError, match="the page would load"):
        inline_page(PAGE.replace("<body>", f"<body>{markup}"), scripts=["let a;"])


def test_an_address_in_a_text_or_a_plain_link_is_none() -> None:
    page = PAGE.replace("<body>", '<body><a href="https://example.org">x</a><p>src="y.js"</p>')
    inline_page(page, scripts=["let a;"])
