"""Requests are looked at one by one; at the end it is said what would leave before consent."""

from __future__ import annotations

from datetime import datetime

import pytest

from consent_gateway.audit.observer import Observer, carrier_of
from consent_gateway.messages import Headers, Request
from consent_gateway.page.positions import Carrier
from tests.asking import CHROME
from tests.conftest import MakeGateway

HOST = "www.example.com"


def request(url: str, **headers: str) -> Request:
    host, slash, target = url.removeprefix("https://").partition("/")
    return Request(
        method="GET", scheme="https", host=host, target=slash + target, headers=Headers.of(**headers)
    )


@pytest.fixture
def observer(make_gateway: MakeGateway, now: datetime) -> Observer:
    return Observer(make_gateway(), HOST, now)


def test_the_sites_own_requests_are_counted_and_nothing_more(observer: Observer, now: datetime) -> None:
    assert observer.observe(request("https://www.example.com/"), now) is None
    assert list(observer.summary()) == [
        "www.example.com: 1 request, 0 of them to third parties",
        "nothing that needs consent would leave before it",
    ]


def test_what_would_leave_is_named_with_the_reason(observer: Observer, now: datetime) -> None:
    for url in (
        "https://www.linkedin.com/embed/feed/1",
        "https://www.linkedin.com/embed/feed/2",
        "https://a.test/x",
    ):
        observer.observe(request(url), now)
    assert observer.leaving == 2
    assert list(observer.summary()) == [
        "www.example.com: 3 requests, 3 of them to third parties",
        "  LinkedIn (social_media): hold, nothing was decided, TDDDG § 25(1): 2 requests (www.linkedin.com)",
        "  a.test: load, nobody has declared it, and the site file lets that pass, GDPR Art. 24: 1 request (a.test)",
        "2 requests that need consent would leave before it",
    ]


def test_a_signal_of_the_browsers_is_heeded(observer: Observer, now: datetime) -> None:
    url = "https://px.ads.linkedin.com/collect?pid=1"
    observed = observer.observe(request(url, Sec_GPC="1"), now)
    assert observed and "objects to its purpose by Sec-GPC" in str(observed.third_party)


def test_of_a_hit_every_field_is_looked_at(observer: Observer, now: datetime) -> None:
    url = "https://region1.google-analytics.com/g/collect?v=2&tid=G-SHOP12345&cid=1.2&en=page_view&uid=anna"
    observed = observer.observe(request(url, User_Agent=CHROME), now)
    assert observed and observed.is_hit and observed.leaves
    assert ("uid", "dropped") in [(field.name, field.what) for field in observed.fields]


def test_a_fetch_is_told_by_what_it_is_for() -> None:
    assert carrier_of("iframe") is Carrier.FRAME
    assert carrier_of(" Script") is Carrier.SCRIPT
    assert carrier_of("") is Carrier.HINT
