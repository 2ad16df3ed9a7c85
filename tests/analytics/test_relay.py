"""What of Google's measurement goes on, and on what condition."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from consent_gateway.gateway import Gateway
from consent_gateway.seen import Seen
from consent_gateway.visit import Reply
from tests.asking import CHROME, Asking, consented
from tests.conftest import MakeGateway

HIT = "/.privacy/ga/g/collect?v=2&tid=G-TEST123&cid=111.222&uid=crm&en=page_view&dl=https%3A%2F%2Fwww.example.com%2Fa%3Fb"
KNOWN = Seen(properties=frozenset(("G-TEST123",)))


@pytest.fixture
def gateway(make_gateway: MakeGateway) -> Gateway:
    return make_gateway(seen=KNOWN)


def hit(gateway: Gateway, now: datetime, cookie: str, target: str = HIT, **headers: str) -> Reply:
    asking = Asking(gateway, now, cookie=cookie)
    reply = asking.reply("POST", target, **({"User-Agent": CHROME} | headers))
    assert reply.response.status == 204
    assert reply.response.body == b""
    return reply


def test_after_the_opt_in_a_hit_goes_on_under_a_pseudonym(gateway: Gateway, now: datetime) -> None:
    request = hit(gateway, now, consented(gateway, now, purpose=["analytics"])).outbound
    assert request is not None
    fields = parse_qs(urlsplit(request.url).query)
    assert request.url.startswith("https://region1.google-analytics.com/g/collect?")
    assert fields["cid"] != ["111.222"] and "uid" not in fields
    assert fields["dl"] == ["https://www.example.com/a"]
    assert dict(request.headers).keys() == {"User-Agent", "Accept"}


def test_the_same_visitor_keeps_a_pseudonym_for_a_day_and_no_longer(gateway: Gateway, now: datetime) -> None:
    cookie = consented(gateway, now, purpose=["analytics"])

    def client(at: datetime) -> str:
        request = hit(gateway, at, cookie).outbound
        assert request is not None
        return parse_qs(urlsplit(request.url).query)["cid"][0]

    assert client(now) == client(now + timedelta(hours=2))
    assert client(now) != client(now + timedelta(days=1))


@pytest.mark.parametrize(
    "choice", [{}, {"decision": ["reject_all"]}, {"purpose": ["media"]}, {"service": ["linkedin"]}]
)
def test_without_the_opt_in_nothing_goes_on(
    gateway: Gateway, now: datetime, choice: dict[str, list[str]]
) -> None:
    cookie = consented(gateway, now, **choice) if choice else ""
    assert hit(gateway, now, cookie).outbound is None


def test_the_separate_consent_lets_the_user_id_pass(gateway: Gateway, now: datetime) -> None:
    cookie = consented(gateway, now, purpose=["analytics", "analytics_linking"])
    request = hit(gateway, now, cookie).outbound
    assert request is not None and "uid=crm" in request.url


@pytest.mark.parametrize(
    "target",
    [
        HIT.replace("G-TEST123", "G-OTHER99"),
        HIT.replace("v=2", "v=1"),
        "/.privacy/ga/collect?v=1&tid=UA-1-1&cid=5",
        "/.privacy/ga/measurement/conversion?tid=G-TEST123&url=https%3A%2F%2Fx",
        "/.privacy/ga/ads/ga-audiences?v=2&tid=G-TEST123",
        "/.privacy/ga/mp/collect?measurement_id=G-TEST123&api_secret=x",
        "/.privacy/ga/anything",
    ],
)
def test_other_endpoints_and_properties_are_answered_here(
    gateway: Gateway, now: datetime, target: str
) -> None:
    assert hit(gateway, now, consented(gateway, now, purpose=["analytics"]), target).outbound is None


def test_a_relay_of_the_site_itself_is_seen_through(gateway: Gateway, now: datetime) -> None:
    target = HIT.replace("/.privacy/ga/", "/metrics/")
    assert hit(gateway, now, "", target).outbound is None
    assert hit(gateway, now, consented(gateway, now, purpose=["analytics"]), target).outbound is not None


def test_robots_are_not_counted(gateway: Gateway, now: datetime) -> None:
    cookie = consented(gateway, now, purpose=["analytics"])
    robot = {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}
    assert hit(gateway, now, cookie, **robot).outbound is None


def test_the_script_is_fetched_for_the_sites_own_property_only(gateway: Gateway, now: datetime) -> None:
    granted = Asking(gateway, now, cookie=consented(gateway, now, purpose=["analytics"]))
    reply = granted.reply("GET", "/.privacy/ga/gtag/js?id=G-TEST123&l=dataLayer&gtm_debug=x")
    assert reply.script == "https://www.googletagmanager.com/gtag/js?id=G-TEST123&l=dataLayer"
    other = granted.reply("GET", "/.privacy/ga/gtag/js?id=AW-12345")
    assert (other.script, other.response.status) == ("", 200)
    fresh = Asking(gateway, now).reply("GET", "/.privacy/ga/gtag/js?id=G-TEST123")
    assert (fresh.script, fresh.response.status) == ("", 403)
    assert granted.reply("POST", "/.privacy/ga/gtag/js?id=G-TEST123").response.status == 405


def test_a_tag_manager_needs_every_purpose(gateway: Gateway, now: datetime) -> None:
    some = Asking(gateway, now, cookie=consented(gateway, now, purpose=["analytics"]))
    every = Asking(gateway, now, cookie=consented(gateway, now, decision=["accept_all"]))
    target = "/.privacy/ga/gtm.js?id=GTM-ABC"
    assert some.reply("GET", target).response.status == 403
    assert every.reply("GET", target).script == "https://www.googletagmanager.com/gtm.js?id=GTM-ABC"
