"""What one visitor's page has taught the gateway never shows in another's."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import product

import pytest

from consent_gateway.messages import Response
from tests.asking import Asking, consented
from tests.conftest import MakeGateway

PLUGINS = (
    '<head><title>Page</title><link rel="preconnect" href="https://px.ads.linkedin.com">'
    '<link rel="preconnect" href="https://unexplained.example"></head><body>'
    '<iframe src="https://www.youtube.com/embed/abcdefghijk" width="400" height="300"></iframe>'
    '<div class="fb-post" data-href="https://www.facebook.com/x/posts/1">A post</div>'
    '<script async src="https://connect.facebook.net/en_US/sdk.js"></script>'
    '<script async src="https://www.googletagmanager.com/gtag/js?id=G-ABCDEF1234"></script>'
    '<iframe srcdoc="<iframe src=https://player.vimeo.com/video/1></iframe>"></iframe>'
    '<img src="https://www.facebook.com/tr?id=1" width="1" height="1">'
)
PAGES = (
    PLUGINS,
    f'<html lang="de"><base href="https://www.example.com/below/">{PLUGINS}',
    "<body><p>Nothing at all",
    f'<body><div id="__next">{PLUGINS}</div>',
)


def visitors(asking: Asking) -> list[Asking]:
    """The same gateway for four who have chosen differently, one of them in another language."""
    gateway, now = asking.gateway, asking.now
    agreed = ["analytics", "marketing", "media", "social"]
    purposes = [one.id for one in gateway.policy.policy.offer.purposes if one.id in agreed]
    return [
        Asking(gateway, now),
        Asking(gateway, now, signals={"Accept-Language": "fr"}),
        Asking(gateway, now, cookie=consented(gateway, now, purpose=purposes)),
        Asking(gateway, now, cookie=consented(gateway, now, service=["youtube"])),
    ]


def same(one: Response, other: Response) -> bool:
    return (one.status, one.body, tuple(one.headers)) == (other.status, other.body, tuple(other.headers))


@pytest.mark.parametrize("html", PAGES)
def test_whoever_comes_before_gets_the_same_as_from_a_gateway_that_has_seen_nobody_else(
    make_gateway: MakeGateway, now: datetime, html: str
) -> None:
    site = (
        '[site]\nlanguages = ["en", "fr", "de"]\n[services.youtube]\n[services.facebook]\n[services.vimeo]\n'
    )
    shared = visitors(Asking(make_gateway(site), now))
    apart = [visitors(Asking(make_gateway(site), now))[number] for number in range(4)]
    targets = ("/", "/page?utm_source=x", '/page?a="><b>')
    for _ in range(3):
        for number, target in product(range(4), targets):
            alone = replace(apart[number], cookie=shared[number].cookie)
            assert same(shared[number].page(html, target), alone.page(html, target)), (number, target)


def test_a_page_that_comes_again_for_another_visitor_is_still_held_for_him(
    make_gateway: MakeGateway, now: datetime
) -> None:
    gateway = make_gateway("[services.youtube]\n")
    agreed = Asking(gateway, now, cookie=consented(gateway, now, service=["youtube"]))
    for _ in range(3):
        assert b'src="https://www.youtube.com/embed/abcdefghijk"' in agreed.page(PLUGINS).body
    fresh = Asking(gateway, now).page(PLUGINS).body
    assert b"youtube.com/embed" not in fresh and b'data-privacy="placeholder"' in fresh


def test_a_page_in_a_page_is_not_read_as_it_was_for_a_made_up_host(
    make_gateway: MakeGateway, now: datetime
) -> None:
    """Without `[site] hosts` a visitor may name any host, and what is of that host is the site's own for him."""
    inner = "&lt;iframe src=https://www.youtube.com/embed/abcdefghijk&gt;&lt;/iframe&gt;"
    html = f'<head><base href="https://www.example.com/"></head><body><iframe srcdoc="{inner}"></iframe>'
    gateway = make_gateway()
    for _ in range(3):
        Asking(gateway, now, host="www.youtube.com").page(html)
    assert b"youtube.com/embed" not in Asking(gateway, now).page(html).body
