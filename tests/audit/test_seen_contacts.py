"""Exchanges of a watched browser become contacts and cookies: the parts that need no browser."""

from __future__ import annotations

from datetime import datetime

import pytest

from consent_gateway.audit.findings import Carrier, Contact, Side
from consent_gateway.audit.seen_contacts import contacts_of
from consent_gateway.audit.seen_cookies import cookies_of
from consent_gateway.audit.seen_hits import forwarded_of
from consent_gateway.audit.sighting import Sighting
from consent_gateway.captures.exchange import Exchange
from consent_gateway.captures.visited import ScriptCookie
from consent_gateway.gateway import Gateway
from consent_gateway.messages import Headers, Request, Response
from tests.conftest import MakeGateway

PAGE = "https://www.example.com/"
SITE = '[site]\nhosts = ["www.example.com"]\n'


def exchange(url: str, destination: str = "image", *, page: str = PAGE, **more: object) -> Exchange:
    scheme, _, rest = url.partition("://")
    host, _, target = rest.partition("/")
    headers = more.pop("headers", Headers())
    response = more.pop("response", Response(status=200))
    assert isinstance(headers, Headers)
    assert response is None or isinstance(response, Response)
    return Exchange(
        request=Request(method="GET", scheme=scheme, host=host, target=f"/{target}", headers=headers),
        response=response,
        destination=destination,
        page=page,
        **more,  # type: ignore[arg-type]
    )


def sighting(now: datetime, *exchanges: Exchange, html: str = "", side: Side = Side.DIRECT) -> Sighting:
    document = exchange(PAGE, "document", response=Response(status=200, body=html.encode()))
    return Sighting(
        page=PAGE, state="fresh", side=side, fields=(), time=now, exchanges=(document, *exchanges)
    )


def contacts(gateway: Gateway, seen: Sighting) -> list[Contact]:
    return list(contacts_of([seen], gateway))


@pytest.fixture
def own(make_gateway: MakeGateway) -> Gateway:
    return make_gateway(SITE)


def test_own_hosts_are_no_contacts_under_any_port(own: Gateway, now: datetime) -> None:
    assert contacts(own, sighting(now, exchange("https://www.example.com:8443/a"))) == []


def test_an_address_counts_once_whatever_its_query(own: Gateway, now: datetime) -> None:
    twice = [
        exchange("https://px.ads.linkedin.com/collect?a=1"),
        exchange("https://px.ads.linkedin.com/collect?a=2"),
    ]
    [found] = contacts(own, sighting(now, *twice))
    assert (found.host, found.path, found.owner) == ("px.ads.linkedin.com", "/collect", "linkedin-insight")


@pytest.mark.parametrize(
    ("html", "carrier"),
    [
        ('<img src="https://px.ads.linkedin.com/collect">', Carrier.PIXEL),
        ('<noscript><img src="https://px.ads.linkedin.com/collect"></noscript>', Carrier.PIXEL),
        ('<script>new Image().src = "https://px.ads.linkedin.com/collect"</script>', Carrier.RUN_TIME),
        ("<script>pixel()</script>", Carrier.RUN_TIME),
    ],
)
def test_what_stands_in_no_markup_was_asked_for_by_code(
    own: Gateway, now: datetime, html: str, carrier: Carrier
) -> None:
    [found] = contacts(own, sighting(now, exchange("https://px.ads.linkedin.com/collect"), html=html))
    assert found.carrier is carrier


def test_carriers_are_told_by_what_it_is_fetched_for_and_by_whom(own: Gateway, now: datetime) -> None:
    sheet = exchange("https://www.example.com/s.css", "style")
    found = contacts(
        own,
        sighting(
            now,
            sheet,
            exchange("https://a.test/i.png", initiator=sheet.request.url),
            exchange("https://b.test/f.woff2", "font"),
            exchange("https://c.test/x", "empty"),
            exchange("https://d.test/x", "", headers=Headers.of(Sec_Purpose="prefetch")),
            exchange("https://e.test/x", "script", by_code=True),
            exchange("https://f.test/x", "report"),
            exchange("https://g.test/x", "websocket"),
        ),
    )
    assert [one.carrier for one in found] == [
        Carrier.CSS, Carrier.CSS, Carrier.RUN_TIME, Carrier.HINT, Carrier.RUN_TIME, Carrier.HEADER, Carrier.RUN_TIME
    ]  # fmt: skip


def test_a_redirect_to_another_host_is_one_and_a_move_to_https_is_none(own: Gateway, now: datetime) -> None:
    to = Response(status=302, headers=Headers.of(Location="https://a.test/x"))
    up = Response(status=307, headers=Headers.of(Location="https://b.test/y"))
    found = contacts(
        own,
        sighting(
            now,
            exchange("https://www.example.com/go", response=to),
            exchange("https://a.test/x"),
            exchange("http://b.test/y", response=up),
            exchange("https://b.test/y"),
        ),
    )
    assert [(one.host, one.carrier) for one in found] == [
        ("a.test", Carrier.REDIRECT),
        ("b.test", Carrier.PIXEL),
    ]


def test_what_another_website_does_is_not_the_page_s_doing(own: Gateway, now: datetime) -> None:
    elsewhere = "https://partner.test/welcome"
    found = contacts(
        own,
        sighting(
            now,
            exchange(elsewhere, "document", page=elsewhere),
            exchange("https://ads.test/x", page=elsewhere),
        ),
    )
    assert [(one.host, one.carrier) for one in found] == [("partner.test", Carrier.REDIRECT)]


def test_kinds_of_owners_are_told_apart(make_gateway: MakeGateway, now: datetime) -> None:
    gateway = make_gateway(SITE + '[third_parties]\nunlisted = "hold"\n', own_list="||ads.test^")
    seen = sighting(
        now, exchange("https://www.youtube.com/embed/x", "iframe"), exchange("https://ads.test/x"), exchange("https://other.test/x"),
        exchange("https://cdn.mxpnl.com/x"), exchange("https://region1.google-analytics.com/g/collect", "empty"),
    )  # fmt: skip
    found = {one.host: (one.kind, one.owner, one.decision, one.allowed) for one in contacts(gateway, seen)}
    assert found["www.youtube.com"] == ("service", "youtube", "hold", False)
    assert found["ads.test"][0] == "listed" and found["ads.test"][2:] == ("hold", False)
    assert found["other.test"] == ("unlisted", "", "hold", False)
    assert found["region1.google-analytics.com"] == ("service", "google-analytics", "hold", False)


def test_cookies_that_are_only_taken_away_and_the_gateway_s_own_are_left_out(
    own: Gateway, now: datetime
) -> None:
    lines = (
        "a=1; Path=/", "b=; Max-Age=0", "c=; Expires=Thu, 01-Jan-1970 00:00:00 GMT", "__Host-privacy=x", "d=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        "e=1; Expires=nonsense", "f=1; Max-Age=-1",
    )  # fmt: skip
    answer = Response(status=200, headers=Headers(tuple(("Set-Cookie", line) for line in lines)))
    seen = sighting(now, exchange("https://www.example.com/x", response=answer))
    assert [one.name for one in cookies_of([seen], own)] == ["a", "d", "e"]


def test_a_cookie_of_a_script_belongs_to_whose_name_it_has(make_gateway: MakeGateway, now: datetime) -> None:
    declared = '[cookies.basket]\npurpose = "necessary"\nreason = "the basket"\n'
    gateway = make_gateway(SITE + '[third_parties]\nunlisted = "hold"\n' + declared)
    seen = Sighting(
        page=PAGE,
        state="fresh",
        side=Side.DIRECT,
        fields=(),
        time=now,
        exchanges=(),
        cookies_by_script=tuple(
            ScriptCookie(name, "www.example.com") for name in ("_fbp", "basket", "other")
        ),
    )
    found = {one.name: (one.owner, one.purpose, one.allowed) for one in cookies_of([seen], gateway)}
    assert found == {
        "_fbp": ("meta-pixel", "marketing", False),
        "basket": ("", "necessary", True),
        "other": ("", "", False),
    }


def test_a_hit_that_does_not_go_on_says_why(own: Gateway, now: datetime) -> None:
    hit = exchange(
        "https://www.example.com/.privacy/ga/g/collect?v=2&tid=G-TEST12345&cid=1.2&en=page_view", "empty"
    )
    [found] = forwarded_of([sighting(now, hit, side=Side.THROUGH)], own)
    assert not found.sent_on
    assert found.event == "page_view"
    assert "nothing was decided" in found.reason
    assert {field.what for field in found.fields} == {"dropped"}
    assert list(forwarded_of([sighting(now, hit)], own)) == []
