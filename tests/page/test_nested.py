"""Documents in attributes are read like the page itself, and written back so that they are the same."""

from __future__ import annotations

import base64
from html import unescape
from urllib.parse import unquote

import pytest

from consent_gateway.catalogue import Catalogue
from consent_gateway.page.charset import Encoding
from consent_gateway.page.elements import Recognition
from consent_gateway.page.rewriting import Rewriter
from tests.page.test_rewriting import UTF8, VIEW, of_address, rewriter

__all__ = ("rewriter",)

IMAGE = '<img src="//t.co/1">'


def held(rewriter: Rewriter, html: str, encoding: Encoding = UTF8) -> str:
    return rewriter.page(html.encode(encoding.codec), encoding=encoding, view=VIEW).body.decode()


@pytest.mark.parametrize(
    "html",
    [
        "<iframe srcdoc='<img src=&quot;//t.co/1&quot;>'></iframe>",
        '<iframe srcdoc="&lt;img src=//t.co/1&gt;"></iframe>',
        "<IFRAME SrcDoc=<img&#32;src=//t.co/1&gt;></IFRAME>",
        "<iframe srcdoc=\"<iframe srcdoc='<img src=//t.co/1>'></iframe>\"></iframe>",
        '<iframe src="data:text/html,<img src=//t.co/1>"></iframe>',
        '<iframe src="data:text/html;charset=utf-8,%3Cimg%20src=%2F%2Ft.co%2F1%3E"></iframe>',
        f'<iframe src=" DATA:text/html;base64,{base64.b64encode(IMAGE.encode()).decode()}"></iframe>',
        f'<object data="data:text/html;base64,{base64.b64encode(IMAGE.encode()).decode().rstrip("=")}"></object>',
        "<embed src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='//t.co/1'/></svg>\">",
    ],
)
def test_what_a_nested_document_would_fetch_is_held(rewriter: Rewriter, html: str) -> None:
    before, after = inner(html), inner(held(rewriter, html))
    assert "//t.co" in before
    assert "//t.co" not in after and "data-privacy-" in after


def inner(html: str) -> str:
    """The innermost document, whatever it is wrapped in."""
    text = html
    for _ in range(3):
        text = unquote(unescape(text))
        if "base64," in text:
            encoded = text.partition("base64,")[2].split('"')[0].split("'")[0]
            text = base64.b64decode(encoded + "==").decode()
    return text


@pytest.mark.parametrize(
    "html",
    [
        "<iframe srcdoc='<p>Grüße &amp;amp; <b>\"x\"</b></p>'></iframe>",
        "<iframe srcdoc></iframe>",
        '<iframe src="data:text/html,<p>hello"></iframe>',
        '<iframe src="data:text/plain,<img src=//t.co/1>"></iframe>',
        "<img src=\"data:image/svg+xml,<svg><image href='//t.co/1'/></svg>\">",
        '<iframe src="data:text/html;base64,%%%"></iframe>',
    ],
)
def test_a_nested_document_that_fetches_nothing_held_stays_as_it_is(rewriter: Rewriter, html: str) -> None:
    assert held(rewriter, html) == html


def test_what_is_not_held_in_a_nested_document_is_the_same_to_a_browser(rewriter: Rewriter) -> None:
    before = "<p title=&#39;ä &quot;&amp;amp;&#39; data-x=1>Grüße</p>\n"
    page = held(rewriter, f"<iframe srcdoc='{before}{IMAGE}'></iframe>")
    after = page.partition("srcdoc='")[2].partition("'></iframe>")[0]
    assert unescape(after).startswith(f"{unescape(before)}<img data-privacy-src=")


def test_a_latin_1_page_keeps_its_letters(rewriter: Rewriter) -> None:
    page = held(rewriter, f"<iframe srcdoc='ß{IMAGE}'></iframe>", Encoding("cp1252"))
    assert unescape(page.partition("srcdoc='")[2]).startswith("ß<img data-privacy-src")


def test_a_document_that_cannot_be_read_or_lies_too_deep_is_empty(rewriter: Rewriter) -> None:
    """SEC-12"""
    odd = base64.b64encode(b"\x1b$B!!\xff").decode()
    assert held(rewriter, f'<iframe src="data:text/html;charset=iso-2022-jp;base64,{odd}"></iframe>') == (
        '<iframe src="data:text/html;charset=iso-2022-jp;base64,"></iframe>'
    )
    deep = IMAGE
    for _ in range(6):
        deep = f'<iframe srcdoc="{deep.replace("&", "&amp;").replace(chr(34), "&quot;")}"></iframe>'
    assert "t.co" not in held(rewriter, deep)


def test_half_a_character_at_its_end_stays_as_it_is(rewriter: Rewriter) -> None:
    half = base64.b64encode(b"\xff\xfe<\x00i").decode()
    page = f'<iframe src="data:text/html;base64,{half}"></iframe>'
    assert held(rewriter, page) == page


def test_nothing_is_relative_to_the_page_in_a_data_address(rewriter: Rewriter) -> None:
    page = held(rewriter, "<iframe src='data:text/html,<img src=https:t.co/1>'></iframe>")
    assert "t.co" not in page and "data:text/html;base64," in page


def test_its_services_count_as_the_pages(catalogue: Catalogue) -> None:
    recognition = Recognition(of_address=of_address, of_code=lambda c: ["hotjar"])
    html = b"<iframe srcdoc='<script>boot()</script>'></iframe>"
    result = Rewriter(catalogue, recognition).page(html, encoding=UTF8, view=VIEW)
    assert result.services == {"hotjar"}
