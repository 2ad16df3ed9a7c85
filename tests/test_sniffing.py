"""What a response is to a browser."""

from __future__ import annotations

import pytest

from consent_gateway import sniffing
from consent_gateway.messages import Headers, Request, Response
from consent_gateway.sniffing import Kind


def response(content_type: str | None, body: bytes = b"", **more: str) -> Response:
    fields = Headers.of(**more)
    if content_type is not None:
        fields = fields.adding("Content-Type", content_type)
    return Response(status=200, headers=fields, body=body)


def kind(answer: Response, **asked: str) -> Kind:
    request = Request(method="GET", scheme="https", host="h", target="/", headers=Headers.of(**asked))
    return sniffing.kind(request, answer)


@pytest.mark.parametrize(
    ("content_type", "found"),
    [
        ("text/html", Kind.HTML),
        ("Text/HTML; charset=utf-8", Kind.HTML),
        ("application/xhtml+xml", Kind.XML),
        ("image/svg+xml", Kind.XML),
        ("application/rss+xml", Kind.XML),
        ("application/vnd.example+xml; charset=utf-8", Kind.XML),
        ("application/vnd.openxmlformats-officedocument", Kind.OTHER),
        ("text/css", Kind.CSS),
        ("text/plain", Kind.OTHER),
        ("application/json", Kind.OTHER),
        ("image/png", Kind.OTHER),
    ],
)
def test_a_declared_type_is_taken_at_its_word(content_type: str, found: Kind) -> None:
    assert kind(response(content_type, b"<html>")) is found


@pytest.mark.parametrize("content_type", [None, "", "unknown/unknown", "*/*", "nonsense"])
def test_without_a_type_the_bytes_are_looked_at_as_a_browser_does(content_type: str | None) -> None:
    asked = Request(method="GET", scheme="https", host="h", target="/")
    assert sniffing.declared(asked, response(content_type)) is Kind.UNKNOWN
    assert kind(response(content_type, b"  \n<!DOCTYPE HTML><title>x")) is Kind.HTML
    assert kind(response(content_type, b"<!-- comment --><p>")) is Kind.HTML
    assert kind(response(content_type, b"<SCRIPT src=x>")) is Kind.HTML
    assert kind(response(content_type, b"\n<?xml version='1.0'?><svg/>")) is Kind.XML
    assert kind(response(content_type, b"\x89PNG")) is Kind.OTHER
    assert kind(response(content_type, b"<htmlx>")) is Kind.OTHER


def test_nosniff_means_that_no_browser_looks() -> None:
    assert kind(response(None, b"<html>", X_Content_Type_Options="nosniff")) is Kind.OTHER


@pytest.mark.parametrize("content_type", ["text/plain", "text/html", "application/octet-stream", None])
def test_what_is_asked_for_as_a_style_sheet_is_read_as_one(content_type: str | None) -> None:
    """In quirks mode a browser takes it, whatever its type."""
    answer = response(content_type, b"@import '//t.co/1';")
    assert kind(answer, Sec_Fetch_Dest="style") is Kind.CSS
    assert kind(answer, Accept="text/css,*/*;q=0.1") is Kind.CSS
    assert kind(answer, Sec_Fetch_Dest="script", Accept="text/css,*/*;q=0.1") is not Kind.CSS
    unsniffed = response(content_type, X_Content_Type_Options="nosniff")
    assert kind(unsniffed, Sec_Fetch_Dest="style") is not Kind.CSS
