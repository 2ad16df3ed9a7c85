"""What lists hold of a page, and what they leave."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from consent_gateway.messages import Headers, Response
from tests.asking import Asking
from tests.conftest import MakeGateway

LIST = "||watcher.example.org^\n||images.example.org^$image\n@@||watcher.example.org/needed.js$script\n"


@pytest.fixture
def fresh(make_gateway: MakeGateway, now: datetime) -> Asking:
    return Asking(make_gateway(own_list=LIST), now)


def body(html: str) -> str:
    return f"<!doctype html><title>x</title><body>{html}</body>"


@pytest.mark.parametrize(
    "html",
    [
        '<script src="https://watcher.example.org/t.js"></script>',
        '<img src="//x.watcher.example.org/p.gif">',
        '<img srcset="a.png 1x, https://images.example.org/b.png 2x">',
        '<link rel="preconnect" href="https://watcher.example.org">',
        '<div style="background:url(https://images.example.org/p.gif)"></div>',
        "<style>@import 'https://watcher.example.org/a.css';</style>",
        '<a href="/" ping="https://watcher.example.org/p">x</a>',
        '<iframe srcdoc="&lt;img src=https://watcher.example.org/p>"></iframe>',
        '<noscript><img src="https://watcher.example.org/p.gif"></noscript>',
    ],
)
def test_what_a_list_holds_is_nowhere_in_the_page(fresh: Asking, html: str) -> None:
    assert b"example.org" not in fresh.page(body(html)).body


@pytest.mark.parametrize(
    "html",
    [
        '<script src="https://watcher.example.org/needed.js"></script>',
        '<script src="https://images.example.org/lib.js"></script>',
        '<a href="https://watcher.example.org/about">about</a>',
        '<script src="https://cdn.example.net/watcher.example.org.js"></script>',
        '<script src="/watcher.example.org/t.js"></script>',
    ],
)
def test_what_no_rule_is_for_and_every_plain_link_stays(fresh: Asking, html: str) -> None:
    assert html.encode() in fresh.page(body(html)).body


def test_headers_and_style_sheets_are_held_as_well(fresh: Asking) -> None:
    fields = Headers(
        (("Content-Type", "text/html"), ("Link", "<https://watcher.example.org/>; rel=preconnect"))
    )
    answer = Response(status=200, headers=fields, body=b"<!doctype html><title>x</title>")
    response, _ = fresh.gateway.rewrite(fresh.request("GET", "/"), answer, fresh.now)
    assert response.headers.all("link") == []
    sheet = fresh.page("b{background:url(https://images.example.org/p)}", content_type="text/css")
    assert b"example.org" not in sheet.body


def test_pages_bring_the_lists_for_what_their_code_fetches(fresh: Asking, make_gateway: MakeGateway) -> None:
    html = fresh.page(body("text")).body.decode()
    guard, lists = html.index('data-privacy="guard"'), html.index('data-privacy="lists"')
    assert lists < guard
    path = re.search(r'src="([^"]*/lists\.[^"]*)"', html)
    assert path
    response = fresh.reply("GET", path[1]).response
    assert response.status == 200 and "immutable" in response.headers.get("cache-control")
    assert "lists." not in Asking(make_gateway(), fresh.now).page(body("text")).body.decode()


@pytest.mark.parametrize("policy", ["script-src 'strict-dynamic' 'sha256-x='", "script-src 'nonce-abc'"])
def test_a_strict_policy_of_the_site_lets_both_scripts_in(fresh: Asking, policy: str) -> None:
    fields = Headers((("Content-Type", "text/html"), ("Content-Security-Policy", policy)))
    answer = Response(status=200, headers=fields, body=body("text").encode())
    response, _ = fresh.gateway.rewrite(
        fresh.request("GET", "/", **{"Sec-Fetch-Dest": "document"}), answer, fresh.now
    )
    tags = re.findall(r"<script[^>]*>", response.body.decode())
    assert len(tags) == 2
    for tag in tags:
        digest = re.search(r'integrity="([^"]*)"', tag)
        assert (
            f"'{digest[1]}'" in response.headers.get("content-security-policy")
            if digest
            else ('nonce="abc"' in tag)
        )
