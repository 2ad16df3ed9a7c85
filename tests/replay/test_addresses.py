"""Absolute addresses lead to this computer, in whatever notation, and what only looks like one stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent_gateway.replay.addresses import is_text, localised
from consent_gateway.replay.places import Places, Side

PLACES = Places(Side.DIRECT, "localhost:1", ("www.shop.example",), 2)
RECORDED = {"www.shop.example", "t.example", "intranet"}


def changed(text: str) -> str:
    return localised(text.encode(), PLACES.of, RECORDED).decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<img src="https://t.example/a.gif?x=1">', '<img src="http://t.example.localhost:2/a.gif?x=1">'),
        ("<img src=//t.example/a.gif>", "<img src=//t.example.localhost:2/a.gif>"),
        ('<img srcset="/a 1x, //t.example/b 2x">', '<img srcset="/a 1x, //t.example.localhost:2/b 2x">'),
        ('<a href="HTTPS://www.shop.example">', '<a href="http://localhost:1">'),
        ("url(//unknown.example/f.woff)", "url(//unknown.example.localhost:2/f.woff)"),
        ('{"u":"https:\\/\\/t.example\\/a"}', '{"u":"http:\\/\\/t.example.localhost:2\\/a"}'),
        ("'https:\\x2f\\x2ft.example/a'", "'http:\\x2f\\x2ft.example.localhost:2/a'"),
        ('"https:\\u002F\\u002Ft.example/"', '"http:\\u002F\\u002Ft.example.localhost:2/"'),
        ('<img src="https:&#x2F;&#47;t.example/">', '<img src="http:&#x2F;&#47;t.example.localhost:2/">'),
        ('new WebSocket("wss://t.example/live")', 'new WebSocket("ws://t.example.localhost:2/live")'),
        ('"https://t.example:8443/a"', '"http://t.example.localhost:2/a"'),
        ('"http://127.0.0.1:9999/x"', '"http://127.0.0.1.localhost:2/x"'),
        ("url=https://me:secret@t.example/a", "url=http://t.example.localhost:2/a"),
        ("url=https://www.shop.example@t.example/a", "url=http://t.example.localhost:2/a"),
        ('"http://intranet/x"', '"http://intranet.localhost:2/x"'),
        ("See https://t.example.", "See http://t.example.localhost:2."),
    ],
)
def test_an_address_leads_to_its_place(before: str, after: str) -> None:
    assert changed(before) == after


@pytest.mark.parametrize(
    "text",
    [
        '<svg xmlns="http://www.w3.org/2000/svg">',
        '{"@context": "https://schema.org"}',
        '"/path//double"',
        "// a comment.with dots",
        "a = b //c.example is a comment",
        '"https://" + host',
        "`https://${host}/a`",
        "/^https:\\/\\/[a-z.]+/",
        '"www.shop.example"',
        '"mailto:a@t.example"',
        '"http://localhost:1/a"',
    ],
)
def test_what_is_no_address_stays(text: str) -> None:
    assert changed(text) == text


@given(st.binary(max_size=300))
def test_it_is_done_once_and_for_all(data: bytes) -> None:
    once = localised(b'"https://t.example/' + data, PLACES.of, RECORDED)
    assert localised(once, PLACES.of, RECORDED) == once


@pytest.mark.parametrize("kind", ["text/html", "application/json", "image/svg+xml", "application/javascript", "text/css", "application/xhtml+xml"])  # fmt: skip
def test_text_is_read(kind: str) -> None:
    assert is_text(kind)


@pytest.mark.parametrize("kind", ["image/png", "font/woff2", "application/octet-stream", "video/mp4", ""])
def test_anything_else_is_not(kind: str) -> None:
    assert not is_text(kind)
