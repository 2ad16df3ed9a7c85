"""What the origin gets to see of a request."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from consent_gateway import forwarding
from consent_gateway.messages import Headers, Request


def request(
    target: str = "/", host: str = "www.example.com", *, trusted: bool = False, **headers: Any
) -> Request:
    return Request(
        method="GET",
        scheme="https",
        host=host,
        target=target,
        headers=Headers.of(**headers),
        peer="192.0.2.7",
        through_trusted=trusted,
    )


def onward(asked: Request, *, origin: str = "http://10.0.0.5:9000", keeps_host: bool = False) -> Headers:
    return forwarding.forwarded(
        asked, origin=origin, keeps_host=keeps_host, held=lambda name: name == "_ga", prefix="/.privacy"
    ).headers


def test_the_origin_gets_neither_our_cookies_nor_a_coding_we_cannot_read() -> None:
    cookies = "__Host-privacy=x; sid=1; __Host-privacy-once=y"
    passed = onward(request(Cookie=cookies, Accept_Encoding="br, sdch, gzip"))
    assert passed.get("Cookie") == "sid=1"
    assert passed.get("Accept-Encoding") == "gzip, br"
    assert onward(request(Cookie="__Host-privacy=x; privacy=y")).all("Cookie") == []


@pytest.mark.parametrize(
    ("target", "asked", "kept"),
    [
        ("/", {"Sec_Fetch_Dest": "document"}, False),
        ("/", {"Sec_Fetch_Dest": "style"}, False),
        ("/film.mp4", {"Sec_Fetch_Dest": "video"}, True),
        ("/", {"Accept": "text/html,*/*"}, False),
        ("/a", {"Accept": "image/png"}, True),
        ("/", {}, False),
        ("/page?file=a.zip", {"Accept": "*/*"}, False),
        ("/big.ZIP?x", {"Accept": "*/*"}, True),
    ],
)
def test_pages_are_asked_for_whole_and_anew_and_downloads_may_go_on(
    target: str, asked: dict[str, Any], kept: bool
) -> None:
    passed = onward(request(target, If_None_Match='"x"', Range="bytes=0-1", **asked))
    assert bool(passed.get("If-None-Match")) is bool(passed.get("Range")) is kept


def test_what_a_visitor_claims_about_himself_is_not_passed_on() -> None:
    """HTTP-16"""
    claims: dict[str, Any] = {
        "X_Forwarded_For": "203.0.113.9", "X_Real_IP": "203.0.113.9", "X_Forwarded_Host": "evil.example",
        "X_Forwarded_Proto": "http", "Forwarded": "for=203.0.113.9",
    }  # fmt: skip
    passed = onward(request(**claims))
    assert passed.all("X-Forwarded-For") == ["192.0.2.7"]
    assert passed.all("X-Forwarded-Host") == ["www.example.com"]
    assert passed.all("X-Forwarded-Proto") == ["https"]
    assert not passed.all("X-Real-IP") and not passed.all("Forwarded")


@pytest.mark.parametrize(
    ("came", "version", "sent"),
    [
        ((), "1.1", ["1.1 consent-gateway"]),
        ((), "1.0", ["1.0 consent-gateway"]),
        (("1.1 front, 1.0 fred",), "1.1", ["1.1 front, 1.0 fred", "1.1 consent-gateway"]),
        (("1.1 consent-gateway",), "1.1", ["1.1 consent-gateway", "1.1 consent-gateway"]),
    ],
    ids=["none", "an old visitor", "proxies in front", "another gateway"],
)
def test_the_gateway_says_that_the_request_came_through_it(
    came: tuple[str, ...], version: str, sent: list[str]
) -> None:
    """HTTP-16: RFC 9110 7.6.3, after those that came in."""
    fields = Headers(tuple(("Via", value) for value in came))
    assert onward(replace(request(), headers=fields, version=version)).all("Via") == sent


def test_a_name_with_underscores_is_no_way_to_claim_it_either() -> None:
    """CGI makes HTTP_X_FORWARDED_FOR of both."""
    for trusted in (False, True):
        asked = request(trusted=trusted)
        claims = (("X_Forwarded_For", "203.0.113.9"), ("x_forwarded-proto", "http"), ("My_Own", "stays"))
        passed = onward(replace(asked, headers=Headers(claims)))
        assert [name for name, _ in passed if "_" in name] == ["My_Own"]


@pytest.mark.parametrize("name", ["Content-Length", "transfer-encoding", "Host", "X-Forwarded-For"])
def test_what_a_message_is_made_of_is_never_taken_for_a_matter_of_one_connection(name: str) -> None:
    asked = request(trusted=True)
    passed = onward(
        replace(asked, headers=Headers(((name, "1"), ("Connection", f"{name}, X-Own"), ("X-Own", "1"))))
    )
    assert passed.get(name) and not passed.get("X-Own")
    assert passed.get("Connection") == "keep-alive"


def test_what_the_operators_own_proxy_says_is_passed_on() -> None:
    passed = onward(
        request(trusted=True, X_Forwarded_For="198.51.100.2", X_Forwarded_Host="shop.example.com", X_Real_IP="198.51.100.2")
    )  # fmt: skip
    assert passed.all("X-Forwarded-For") == ["198.51.100.2, 192.0.2.7"]
    assert passed.get("X-Forwarded-Host") == "shop.example.com"
    assert passed.get("X-Real-IP") == "198.51.100.2"


def test_what_is_meant_for_one_connection_stays_there() -> None:
    passed = onward(
        request(
            Connection="close, X-Secret",
            X_Secret="1",
            TE="trailers",
            Trailer="Digest",
            Keep_Alive="timeout=5",
        )
    )
    assert passed.get("Connection") == "close"
    assert (
        not passed.all("X-Secret")
        and not passed.all("TE")
        and not passed.all("Trailer")
        and not passed.all("Keep-Alive")
    )


def test_a_websocket_keeps_what_it_needs() -> None:
    passed = onward(request(Connection="keep-alive, Upgrade", Upgrade="websocket"))
    assert passed.get("Connection") == "keep-alive, Upgrade" and passed.get("Upgrade") == "websocket"


@pytest.mark.parametrize(
    ("host", "origin", "keeps_host", "asked_for"),
    [
        ("www.example.com", "http://10.0.0.5:9000", True, "www.example.com"),
        ("www.example.com", "http://10.0.0.5:9000", False, "10.0.0.5:9000"),
        ("127.0.0.1:8080", "https://www.example.com:443", False, "www.example.com:443"),
        ("127.0.0.1:8080", "http://127.0.0.1:9000", False, "127.0.0.1:8080"),
        ("localhost:8080", "http://[::1]:9000", False, "localhost:8080"),
        ("192.168.1.5:8080", "http://127.0.0.1:9000", False, "127.0.0.1:9000"),
    ],
)
def test_the_origin_is_asked_under_its_own_name_unless_ours_is_public_or_both_are_local(
    host: str, origin: str, keeps_host: bool, asked_for: str
) -> None:
    asked = request(host=host, Origin=f"https://{host}", Referer=f"https://{host}/form?a=1")
    passed = forwarding.forwarded(
        asked, origin=origin, keeps_host=keeps_host, held=lambda name: name == "_ga", prefix="/.privacy"
    )
    own = f"https://{host}" if asked_for == host else origin
    assert passed.host == asked_for
    assert (passed.headers.get("Origin"), passed.headers.get("Referer")) == (own, f"{own}/form?a=1")


def test_where_a_post_comes_from_another_site_the_origin_still_sees_that() -> None:
    passed = onward(request(Origin="https://evil.example", Referer="https://www.example.com.evil.example/"))
    assert passed.get("Origin") == "https://evil.example"
    assert passed.get("Referer") == "https://www.example.com.evil.example/"


@pytest.mark.parametrize(
    ("name", "said", "passed_on"),
    [
        ("Referer", "https://www.example.com/.privacy/request?number=17&key=k", "http://10.0.0.5:9000/.privacy"),
        ("Referer", "https://shop.example/.privacy/request?number=17&key=k", "https://shop.example/.privacy"),
        ("Referer", "/.privacy/request?number=17&key=k", "/.privacy"),
        ("Referer", "https://www.example.com/.privacy?key=k#k", "http://10.0.0.5:9000/.privacy"),
        ("X-Original-Referrer", "https://www.example.com/.privacy/your-data", "https://www.example.com/.privacy"),
        ("Referer", "https://www.example.com/.privacy-notes?a=1", "http://10.0.0.5:9000/.privacy-notes?a=1"),
        ("Referer", "https://www.example.com/a?b=/.privacy/c", "http://10.0.0.5:9000/a?b=/.privacy/c"),
        ("X-Page", "https://www.example.com/.privacy/x?y", "https://www.example.com/.privacy/x?y"),
    ],
)  # fmt: skip
def test_which_page_of_ours_a_visitor_comes_from_is_not_told_to_the_site(
    name: str, said: str, passed_on: str
) -> None:
    fields: dict[str, Any] = {name.replace("-", "_"): said}
    assert onward(request(**fields)).get(name) == passed_on
