"""A server of the site reports what a visitor did: only of who has agreed, and only what a tag may say."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from consent_gateway.analytics.hits import BadHit
from consent_gateway.analytics.protocol import read
from consent_gateway.gateway import Gateway
from consent_gateway.messages import Request
from consent_gateway.starting import Settings, start
from consent_gateway.visit import Reply
from tests.asking import CHROME, Asking, consented, cookie_of
from tests.conftest import MakeGateway

SITE = """
[analytics]
properties = ["G-TEST123"]
servers = ["10.0.0.0/24"]
user_properties = ["tier"]
"""
TARGET = "/.privacy/ga/mp/collect?measurement_id=G-TEST123&api_secret=s3cret_of_the_site"
PURCHASE = {
    "name": "purchase",
    "params": {
        "transaction_id": "T-4711",
        "value": 99.5,
        "currency": "EUR",
        "page_location": "https://www.example.com/thanks?mail=anna@example.org",
        "page_title": "Thank you, Anna Schmidt",
        "session_id": "1795478401",
        "engagement_time_msec": 1234,
        "items": [{"item_id": "SKU1", "item_name": "Roof", "price": 99.5, "coupon": "ANNA10"}],
        "customer": "anna@example.org",
        "user_data": {"email": "anna@example.org"},
    },
}


@pytest.fixture
def gateway(make_gateway: MakeGateway) -> Gateway:
    return make_gateway(SITE)


def token(gateway: Gateway, now: datetime, *purposes: str) -> str:
    """What the origin is told with a visitor's request."""
    cookie = consented(gateway, now, purpose=list(purposes)) if purposes else ""
    request = Asking(gateway, now, cookie=cookie).request("GET", "/")
    return gateway.forwarded(request, now).headers.get("privacy-analytics")


def report(gateway: Gateway, now: datetime, body: object, *, peer: str = "10.0.0.7", **headers: str) -> Reply:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = replace(Asking(gateway, now).request("POST", TARGET, content, **headers), peer=peer)
    reply = gateway.answer(request, now)
    assert reply is not None and (reply.response.status, reply.response.body) == (204, b"")
    return reply


def sent(reply: Reply) -> dict[str, Any]:
    assert reply.outbound is not None
    body = json.loads(reply.outbound.body)
    assert isinstance(body, dict)
    return body


def test_a_report_goes_on_with_the_rows_of_the_tag(gateway: Gateway, now: datetime) -> None:
    reply = report(gateway, now, {"client_id": token(gateway, now, "analytics"), "events": [PURCHASE]})
    assert reply.outbound is not None
    assert urlsplit(reply.outbound.url).path == "/mp/collect"
    assert dict(reply.outbound.headers) == {"Accept": "*/*", "Content-Type": "application/json"}
    body = sent(reply)
    (event,) = body["events"]
    assert event["name"] == "purchase"
    parameters = event["params"]
    assert (parameters["value"], parameters["currency"]) == (99.5, "EUR")
    assert parameters["page_location"] == "https://www.example.com/thanks"
    assert parameters["engagement_time_msec"] == 1200
    assert parameters["items"] == [{"item_id": "SKU1", "item_name": "Roof", "price": "99.5"}]
    assert parameters["transaction_id"] not in ("", "T-4711")
    assert body["consent"] == {"ad_user_data": "DENIED", "ad_personalization": "DENIED"}
    assert "anna" not in json.dumps(body).lower() and "1795478401" not in json.dumps(body)


def test_it_has_the_pseudonym_and_the_session_of_the_visitors_own_hits(
    gateway: Gateway, now: datetime
) -> None:
    cookie = consented(gateway, now, purpose=["analytics"])
    asking = Asking(gateway, now, cookie=cookie)
    hit = asking.reply(
        "POST", "/.privacy/ga/g/collect?v=2&tid=G-TEST123&cid=1.2&en=page_view", **{"User-Agent": CHROME}
    )
    assert hit.outbound is not None
    fields = parse_qs(urlsplit(hit.outbound.url).query)
    told = gateway.forwarded(asking.request("GET", "/"), now).headers.get("privacy-analytics")
    body = sent(report(gateway, now, {"client_id": told, "events": [PURCHASE]}))
    assert body["client_id"] == fields["cid"][0]
    assert body["events"][0]["params"]["session_id"] == fields["sid"][0]


@pytest.mark.parametrize("action", ["restrict", "revoke", "erase"])
async def test_prc_05_what_a_server_was_told_counts_no_more_once_the_decision_is_blocked_or_taken_back(
    state: Path, now: datetime, action: str
) -> None:
    file = state / "site.toml"
    file.write_text(SITE + "[services.google-analytics]\n")
    settings = Settings(
        origin="http://127.0.0.1:9", origin_hosts=(), site_file=file, state=state, environment={}
    )
    running = start(settings, now=lambda: now)
    asking = Asking(running.gateway, now)
    agreed = await running.carry_out(asking.post("/.privacy/choice", {"decision": ["accept_all"]}))
    asking.cookie = cookie_of(agreed)
    told = running.gateway.forwarded(asking.request("GET", "/"), now).headers.get("privacy-analytics")
    body = {"client_id": told, "events": [PURCHASE]}
    assert report(running.gateway, now, body).outbound is not None
    page = asking.reply("GET", "/.privacy/your-data?confirm=erase").response.body.decode()
    form = {
        "action": [action],
        "confirm": ["yes"],
        "token": re.findall(r'name="token" value="([^"]+)"', page),
    }
    assert (await running.carry_out(asking.post("/.privacy/rights", form))).status == 303
    assert report(running.gateway, now, body).outbound is None
    await running.close()


@pytest.mark.parametrize("purposes", [(), ("media",)])
def test_of_who_has_not_agreed_a_server_is_told_nothing(
    gateway: Gateway, now: datetime, purposes: tuple[str, ...]
) -> None:
    assert token(gateway, now, *purposes) == ""


def test_without_servers_no_request_carries_a_token(make_gateway: MakeGateway, now: datetime) -> None:
    assert token(make_gateway(), now, "analytics") == ""


def test_a_token_that_a_browser_sends_is_not_handed_on(gateway: Gateway, now: datetime) -> None:
    forged = Asking(gateway, now).request("GET", "/", **{"Privacy-Analytics": "forged"})
    assert gateway.forwarded(forged, now).headers.all("privacy-analytics") == []


@pytest.mark.parametrize("client", ["", "555.666", "x" * 300, None])
def test_a_client_id_of_the_servers_own_is_of_nobody_who_agreed(
    gateway: Gateway, now: datetime, client: str | None
) -> None:
    assert report(gateway, now, {"client_id": client, "events": [PURCHASE]}).outbound is None


@pytest.mark.parametrize(
    ("peer", "headers"),
    [
        ("203.0.113.9", {}),
        ("", {}),
        ("10.0.0.7", {"Origin": "https://www.example.com"}),
        ("10.0.0.7", {"Sec-Fetch-Site": "same-origin"}),
    ],
)
def test_a_browser_is_no_server_even_with_the_secret(
    gateway: Gateway, now: datetime, peer: str, headers: dict[str, str]
) -> None:
    body = {"client_id": token(gateway, now, "analytics"), "events": [PURCHASE]}
    assert report(gateway, now, body, peer=peer, **headers).outbound is None


def test_personal_data_need_the_separate_consent_and_the_site_file(gateway: Gateway, now: datetime) -> None:
    person = {
        "user_id": "4711",
        "user_properties": {"tier": {"value": "gold"}, "mail": {"value": "anna"}},
        "user_data": {"sha256_email_address": "ab" * 32},
        "events": [PURCHASE],
    }
    alone = sent(report(gateway, now, person | {"client_id": token(gateway, now, "analytics")}))
    assert not {"user_id", "user_properties", "user_data"} & alone.keys()
    linked = sent(
        report(gateway, now, person | {"client_id": token(gateway, now, "analytics", "analytics_linking")})
    )
    assert (linked["user_id"], linked["user_properties"]) == ("4711", {"tier": {"value": "gold"}})
    assert linked["events"][0]["params"]["transaction_id"] == "T-4711"
    assert "user_data" not in linked and "ab" * 32 not in json.dumps(linked)


MARKERS = ("anna.schmidt@example.org", "203.0.113.77", "Xk29fLq0Rt7aBz5WmC81vNe4")


@pytest.mark.parametrize("marker", MARKERS)
def test_no_secret_passes_in_any_key(gateway: Gateway, now: datetime, marker: str) -> None:
    coded = base64.b64encode(marker.encode()).decode()
    names = (
        "user_id timestamp_micros user_data ip_override user_location device user_agent validation_behavior brand_new"
    ).split()
    parameters = dict.fromkeys(
        ("page_location", "page_title", "method", "session_id", "language", "any", "currency"), marker
    )
    items = [{"item_name": marker, "item_id": coded, "price": marker, "own": marker}]
    for spelt in (marker, coded):
        body: dict[str, object] = dict.fromkeys(names, spelt)
        body |= {
            "client_id": token(gateway, now, "analytics"),
            "user_properties": {"tier": {"value": spelt}, spelt: {"value": spelt}},
            "events": [
                {"name": "login", "params": parameters | {"items": items, spelt: spelt}},
                {"name": spelt},
            ],
        }
        request = report(gateway, now, body).outbound
        assert request is not None
        assert marker not in request.body.decode() and coded not in request.body.decode()
        assert marker not in request.url


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not JSON"),
        (b"[" * 100_000, "too large"),
        (b"[" * 5_000, "not JSON"),
        (b"[]", "not a hit"),
        (b'{"events": 1}', "not a hit"),
        (b'{"events": [1]}', "not a hit"),
        (json.dumps({"events": [{}] * 26}).encode(), "too many events"),
    ],
)
def test_what_cannot_be_a_report_is_refused(
    body: bytes, reason: str, gateway: Gateway, now: datetime
) -> None:
    request = Request(method="POST", scheme="https", host="www.example.com", target=TARGET, body=body)
    with pytest.raises(BadHit, match=reason):
        read(request)
    assert report(gateway, now, body).outbound is None


def test_without_a_secret_of_the_property_nothing_goes_on() -> None:
    target = TARGET.partition("&")[0]
    request = Request(
        method="POST", scheme="https", host="www.example.com", target=target, body=b'{"events": []}'
    )
    with pytest.raises(BadHit, match="no api_secret"):
        read(request)
