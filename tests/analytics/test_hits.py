"""Hits are recognised by what they say, and read within limits."""

from __future__ import annotations

import pytest

from consent_gateway.analytics.hits import BadHit, is_hit, read
from consent_gateway.messages import Request


def request(target: str, body: bytes = b"", method: str = "POST") -> Request:
    return Request(method=method, scheme="https", host="www.example.com", target=target, body=body)


@pytest.mark.parametrize(
    "target",
    [
        "/g/collect?v=2&tid=G-ABC123&cid=1.2",
        "/metrics/g/collect?v=2&tid=G-ABC123",
        "/relay?id=x&v=2&tid=G-ABC123&cid=1",
        "/x?v=2&tid=G-ABC123&en=page_view",
        "/x?v=2&%74id=G-ABC123&en=page_view",
        "/collect?v=1&tid=UA-1234-1&cid=555",
        "/__utm.gif?utmwv=5.7&utmac=UA-1234-1",
        "/mp/collect?measurement_id=G-A1234&api_secret=x",
    ],
)
def test_a_hit_is_one_on_any_path(target: str) -> None:
    assert is_hit(request(target))


def test_a_hit_may_be_all_in_the_body() -> None:
    assert is_hit(request("/collect", b"v=1&tid=UA-1234-1&cid=5"))


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/collect",
        "/collect?id=3",
        "/search?tid=G-ABC123",
        "/api/x?v=2&tid=G-ABC123",
        "/shop?v=2&tid=12",
        "/g/collectors?v=9",
        "/batch?x=1",
    ],
)
def test_a_request_of_the_sites_own_is_none(target: str) -> None:
    assert not is_hit(request(target))


def test_events_stand_on_lines_of_the_body() -> None:
    hit = read(request("/g/collect?v=2&tid=G-ABC123&cid=1.2", b"en=a&_et=5\r\nen=b\n"))
    assert hit.property == "G-ABC123"
    assert hit.events == ([("en", "a"), ("_et", "5")], [("en", "b")])


@pytest.mark.parametrize(
    ("target", "body"),
    [
        ("/g/collect", b""),
        ("/g/collect?v=1&tid=G-ABC123", b""),
        ("/g/collect?v=2", b""),
        ("/g/collect?v=2&tid=G-ABC123", b"\xff"),
        ("/g/collect?v=2&tid=G-ABC123", b"x" * 20_000),
        ("/g/collect?v=2&tid=G-ABC123", b"en=a\n" * 21),
        ("/g/collect?v=2&tid=G-ABC123&" + "&".join(f"a{n}=1" for n in range(500)), b""),
    ],
)
def test_what_cannot_be_a_hit_is_refused(target: str, body: bytes) -> None:
    with pytest.raises(BadHit):
        read(request(target, body))
