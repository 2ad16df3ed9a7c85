"""A page with trackers connects ahead only to hosts that it mentions."""

from __future__ import annotations

import pytest

from consent_gateway.catalogue import Known
from consent_gateway.page.charset import Encoding
from consent_gateway.page.elements import Recognition
from consent_gateway.page.hints import unexplained
from consent_gateway.page.lookup import Lookup
from consent_gateway.page.positions import Carrier
from consent_gateway.page.reading import read
from consent_gateway.page.rewriting import Rewriter
from consent_gateway.urls import Address
from tests.page.test_rewriting import UTF8, VIEW, rewriter

__all__ = ["rewriter"]

HINT = '<link rel="preconnect" href="https://cdn.example.net">'


def of_address(address: Address, carrier: Carrier) -> Known | None:
    return Known("Tracker", "marketing") if address.host == "t.co" else None


def hosts(html: str) -> list[str]:
    data, url = html.encode(), "https://www.example.com/"
    reading = read(data)
    recognise = Recognition(
        of_address=of_address, of_code=lambda code: [], is_own=lambda address: address.host == "www.example.com"
    )  # fmt: skip
    lookup = Lookup(data, reading, recognise, Encoding("utf-8"), url)
    return [element.address.host for element in unexplained(data, reading, lookup) if element.address]


@pytest.mark.parametrize(
    "links",
    [
        HINT,
        HINT + "<link href=//cdn.example.net/ rel='dns-prefetch preconnect'>",
        "<LINK REL=DNS-Prefetch HREF=//CDN.example.net>",
        HINT + "<script>var net = 'example.net', cdn = 'xcdn.example.net'</script>",
    ],
)
def test_a_connection_to_a_host_that_stands_nowhere_else_is_unexplained(links: str) -> None:
    assert set(hosts(f"<head>{links}</head><body><p>Text.</p>")) == {"cdn.example.net"}


@pytest.mark.parametrize(
    "use",
    [
        '<img src="https://cdn.example.net/a.png">',
        "<script>load('//cdn.example.net/a.js')</script>",
        r'<script type="application/json">{"cdn": "https:\/\/cdn.example.net\/"}</script>',
        '<a href="/out?to=https%3A%2F%2Fcdn.example.net%2F">',
        '<div style="background:url(//CDN.EXAMPLE.NET/a.png)">',
        r"<script>load('https:\u002F\u002Fcdn.example.net')</script>",
        "<p>Our pictures are on cdn.example.net.</p>",
    ],
)
def test_one_that_the_page_mentions_is_explained(use: str) -> None:
    assert hosts(f"<head>{HINT}</head><body>{use}") == []


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="preconnect" href="/">',
        '<link rel="preconnect" href="https://api.example.com">',
        '<link rel="stylesheet" href="https://cdn.example.net/a.css">',
        '<link rel="preload stylesheet dns-prefetch" href="https://cdn.example.net/a.css">',
        '<link rel="preconnect" href="https://t.co">',
    ],
)
def test_what_fetches_is_near_or_has_an_owner_is_none(link: str) -> None:
    assert hosts(f"<head>{link}</head>") == []


def test_only_a_page_in_which_something_is_held_loses_it(rewriter: Rewriter) -> None:
    plain = f"<!doctype html><head>{HINT}</head><body><p>Text.</p>".encode()
    assert rewriter.page(plain, encoding=UTF8, view=VIEW).body == plain
    tracked = rewriter.page(plain + b"<img src=//t.co/1>", encoding=UTF8, view=VIEW).body
    assert b"cdn.example.net" not in tracked and b'"preconnect"' not in tracked


def test_a_page_of_nothing_but_hints_is_read_once() -> None:
    many = "".join(f'<link rel="preconnect" href="https://c{number}.example.net">' for number in range(3000))
    assert len(hosts(f"<head>{many}</head>")) == 3000


def test_a_long_word_is_read_once() -> None:
    assert hosts(f"<head>{HINT}</head><body>{'a' * 3_000_000}{'a.' * 500_000}") == ["cdn.example.net"]
