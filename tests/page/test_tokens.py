"""The tokenizer sees what a browser's does, whatever the markup looks like."""

from __future__ import annotations

import pytest

from consent_gateway.page.tokens import Tokens


def names(html: str) -> list[str]:
    return [tag.name.decode() for tag in Tokens(html.encode())]


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<!-- <img src=x> --><img src=y>", ["img"]),
        ("<!--><img src=y>-->", ["img"]),
        ("<!-- --!><img src=y>", ["img"]),
        ("<!-- unclosed <img src=x>", []),
        ("<![CDATA[<img src=x>]]><img src=y>", ["img"]),
        ("<svg><![CDATA[<img src=x>]]></svg>", ["svg"]),
        ("<title><img src=x></title><img src=y>", ["title", "img"]),
        ("<textarea><img src=x></textarea>", ["textarea"]),
        ("<style><img src=x></style>", ["style"]),
        ("<plaintext><img src=x>", ["plaintext"]),
        ("<script>'<img src=x>'</script><img src=y>", ["script", "img"]),
        ("<script><!--<script></script><img src=x>--></script><img src=y>", ["script", "img"]),
        ("<img src=x", []),
        ('<img src="x><img src=y>', []),
        ("</ <img src=x> ><img src=y>", ["img"]),
        ("<? <img src=x><img src=y>", ["img"]),
        ("<div><p class=a><a href=//x>", []),
        ("<div style='x'>", ["div"]),
        ("<p data-lazy-src=x>", ["p"]),
    ],
)
def test_only_markup_is_taken_for_markup(html: str, found: list[str]) -> None:
    assert names(html) == found


def test_noscript_is_read_for_browsers_without_scripting() -> None:
    tokens = Tokens(b"<noscript><img src=x></noscript><img src=y>")
    assert [(tag.name, tag.noscript) for tag in tokens] == [
        (b"noscript", False), (b"img", True), (b"img", False),
    ]  # fmt: skip
    assert not tokens.uncertain


def test_the_inside_of_a_template_is_marked() -> None:
    tags = Tokens(b"<template><img src=x></template><img src=y>")
    assert [(tag.name, tag.template) for tag in tags] == [
        (b"template", False), (b"img", True), (b"/template", False), (b"img", False),
    ]  # fmt: skip
