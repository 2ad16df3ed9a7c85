"""Where markup leads a visitor is here, however the address is written."""

from __future__ import annotations

import re

import pytest

from consent_gateway.messages import Headers, Request, Response
from consent_gateway.replay.leading import led_here
from consent_gateway.replay.places import Places, Side
from consent_gateway.replay.serving import Serving

PLACES = Places(Side.DIRECT, "localhost:1", ("www.shop.example",), 2)
SERVING = Serving(PLACES, {"www.shop.example"})


def served(markup: str) -> str:
    asked = Request(method="GET", scheme="http", host="localhost:1", target="/a/b", headers=Headers())
    answer = Response(
        status=200, headers=Headers((("Content-Type", "text/html; charset=utf-8"),)), body=markup.encode()
    )
    return SERVING(asked, answer).body.decode()


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("//1.2.3.4/x", "http://1.2.3.4.localhost:2/x"),
        ("https:/t.example/x", "http://t.example.localhost:2/x"),
        ("https:t.example/x", "http://t.example.localhost:2/x"),
        ("/\\t.example/x", "http://t.example.localhost:2/x"),
        ("https:\\\\t.example/x", "http://t.example.localhost:2/x"),
        ("  ht\ntps:/t.example/x", "http://t.example.localhost:2/x"),
        ("https&colon;/t.example/x", "http://t.example.localhost:2/x"),
        ("https:/www.shop.example/x", "http://localhost:1/x"),
        ("https://t.example/x", "http://t.example.localhost:2/x"),
    ],
)
def test_an_address_in_whatever_notation_leads_here(address: str, place: str) -> None:
    assert f'<a href="{place}">' in served(f'<a href="{address}">')
    assert f'<form action="{place}">' in served(f'<form action="{address}">')
    refresh = served(f'<meta http-equiv="refresh" content="3; url={address}">')
    assert re.search(r'content="3; ?url=([^"]*)"', refresh)[1] == place  # type: ignore[index]


@pytest.mark.parametrize(
    "markup",
    [
        "<meta http-equiv=refresh content=0;url=//1.2.3.4/>",
        "<meta/http-equiv='REFRESH'/content='0;//1.2.3.4/'>",
        "<META content='.5,URL = \"https:/1.2.3.4/\"' HTTP-EQUIV=Refresh>",
        f'<meta data-x="{"y" * 5000}>" http-equiv=refresh content="0;url=//1.2.3.4/">',
        "<noscript><meta http-equiv=refresh content=0;url=//1.2.3.4/></noscript>",
    ],
)
def test_no_refresh_leads_out(markup: str) -> None:
    page = served(markup)
    assert "http://1.2.3.4.localhost:2/" in page
    assert not re.search(r"[/=]1\.2\.3\.4/", page)


def test_a_refresh_to_no_address_of_the_web_leads_nowhere() -> None:
    assert served('<meta http-equiv="refresh" content="0;url=data:text/html,x">') == '<meta http-equiv="refresh" content="">'  # fmt: skip


@pytest.mark.parametrize(
    "markup",
    [
        '<meta http-equiv="refresh" content="5">',
        '<meta http-equiv="refresh" content="5;url=next.html">',
        '<meta name="description" content="0;url=//t.example/">',
        '<a href="/a//b">x</a><a href="next?u=//1.2.3.4/">',
        "<p>//1.2.3.4/ and https:/t.example/</p>",
    ],
)
def test_everything_else_stays_as_it_is(markup: str) -> None:
    assert led_here(markup.encode(), lambda value: value).decode() == markup
