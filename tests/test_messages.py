"""Requests and responses as plain values."""

from __future__ import annotations

import pytest

from consent_gateway.messages import BadForm, Headers, Request, Response


def request(**fields: object) -> Request:
    values = {"method": "GET", "scheme": "https", "host": "www.example.com", "target": "/"} | fields
    return Request(**values)  # type: ignore[arg-type]


def test_headers_are_found_without_regard_to_case_and_joined_by_commas() -> None:
    headers = Headers((("Vary", "Cookie"), ("VARY", "Accept"), ("Age", "1")))
    assert headers.get("vary") == "Cookie, Accept"
    assert headers.all("Vary") == ["Cookie", "Accept"]
    assert headers.without("vary").fields == (("Age", "1"),)
    assert headers.setting("age", "2").all("Age") == ["2"]


def test_every_value_of_a_cookie_is_seen_so_that_a_planted_one_does_not_win() -> None:
    cookies = Headers((("Cookie", "a=1; b=2"), ("cookie", 'a="3"')))
    assert request(headers=cookies).cookies("a") == ["1", "3"]


def test_the_host_name_comes_without_port_in_lower_case_and_without_final_dot() -> None:
    assert request(host="WWW.Example.com.:8080").hostname == "www.example.com"
    assert request(host="[::1]:80").hostname == "::1"
    assert request(host="[broken").hostname == ""


def test_a_form_gives_every_value_of_its_fields() -> None:
    sent = Headers.of(Content_Type="application/x-www-form-urlencoded; charset=UTF-8")
    form = request(method="POST", headers=sent, body=b"purpose=a&purpose=b&empty=").form()
    assert form == {"purpose": ["a", "b"], "empty": [""]}


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{}"),
        ("", b"a=1"),
        ("application/x-www-form-urlencoded", b"a=\xff"),
        ("application/x-www-form-urlencoded", b"&".join([b"a=1"] * 1000)),
    ],
)
def test_what_is_no_form_is_refused(content_type: str, body: bytes) -> None:
    with pytest.raises(BadForm):
        request(method="POST", headers=Headers.of(Content_Type=content_type), body=body).form()


def test_the_media_type_is_the_last_one_declared_without_its_parameters() -> None:
    both = Headers((("Content-Type", "text/plain"), ("Content-Type", "Text/HTML; charset=x")))
    assert Response(status=200, headers=both).media_type == "text/html"
    assert Response(status=200).media_type == ""


@pytest.mark.parametrize(
    ("target", "back"),
    [("/a?b=c", "/a?b=c"), (f"/a?b={'c' * 3000}", "/a"), (f"/{'a' * 3000}", "/")],
)
def test_the_way_back_to_a_page_is_never_longer_than_a_page_can_bear(target: str, back: str) -> None:
    assert Request(method="GET", scheme="https", host="a", target=target).way_back == back


@pytest.mark.parametrize(
    ("told", "address"),
    [("198.51.100.2", "198.51.100.2"), ("1.2.3.4, 198.51.100.2:4711", "198.51.100.2"), ("2001:DB8::1", "2001:db8::1"),
     ("[2001:db8::1]:443", "2001:db8::1"), ("[2001:db8::1]", "2001:db8::1"), ("unknown", "192.0.2.7"),
     ("1.2.3.4, zzz", "192.0.2.7"), ("1.2.3.4,", "192.0.2.7"), ("[x]:1", "192.0.2.7"), ("", "192.0.2.7")],
)  # fmt: skip
def test_the_address_is_what_a_trusted_proxy_saw_last_without_its_port_or_else_the_peer(
    told: str, address: str
) -> None:
    """H27"""
    headers = Headers.of(X_Forwarded_For=told)
    assert request(headers=headers, peer="192.0.2.7", through_trusted=True).address == address
    assert request(headers=headers, peer="192.0.2.7").address == "192.0.2.7"


def test_what_is_longer_than_a_name_can_be_is_no_host() -> None:
    """What is kept by host has no place for it."""
    assert Request(method="GET", scheme="https", host="a" * 253 + ":8443", target="/").hostname == "a" * 253
    assert Request(method="GET", scheme="https", host="a" * 261, target="/").hostname == ""
