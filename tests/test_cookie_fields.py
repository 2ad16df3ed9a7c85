"""Cookie fields without what is held, and how a browser is made to forget it."""

from __future__ import annotations

import re

import pytest

from consent_gateway.cookie_fields import (
    MOST_BYTES,
    expired,
    names_sent,
    names_set,
    not_set,
    without_held,
)
from consent_gateway.cookie_rules import Verdict
from consent_gateway.messages import Headers, Request


def all_held(_: str) -> Verdict:
    return Verdict.HOLD


def test_a_header_loses_the_held_pairs_only() -> None:
    held = {"b"}.__contains__
    assert without_held("a=1; b=2;c=b=3; b; d; =b=4;==b", held) == "a=1; c=b=3; d"


def request(cookie: str, target: str = "/", host: str = "www.example.com", scheme: str = "https") -> Request:
    return Request(
        method="GET", scheme=scheme, host=host, target=target, headers=Headers((("Cookie", cookie),))
    )


def forgotten(asked: Request, turn: int = 0) -> list[str]:
    return [value for _, value in expired(asked, all_held, turn)]


def test_it_is_forgotten_on_the_host_and_each_domain_above() -> None:
    """CON-09"""
    fields = forgotten(request("_ga=1", host="www.shop.example.com", scheme="http"))
    assert fields == [
        "_ga=; Max-Age=0; Path=/",
        "_ga=; Max-Age=0; Path=/; Domain=www.shop.example.com",
        "_ga=; Max-Age=0; Path=/; Domain=shop.example.com",
        "_ga=; Max-Age=0; Path=/; Domain=example.com",
    ]


@pytest.mark.parametrize(
    ("target", "paths"),
    [
        ("/", ["/"]),
        ("/a", ["/", "/a"]),
        ("/a/", ["/", "/a", "/a/"]),
        ("/a/b?c/d", ["/", "/a", "/a/", "/a/b"]),
        ("/1/2/3/4/5/6/7", ["/", "/1", "/1/", "/1/2", "/1/2/", "/1/2/3", "/1/2/3/", "/1/2/3/4", "/1/2/3/4/", "/1/2/3/4/5", "/1/2/3/4/5/"]),
        ("/\x7f/;x/", ["/"]),
    ],
)  # fmt: skip
def test_it_is_forgotten_wherever_on_the_way_to_the_page_it_was_put(target: str, paths: list[str]) -> None:
    """CON-09"""
    fields = forgotten(request("_ga=1", target, host="localhost", scheme="http"))
    assert [field.partition("Path=")[2] for field in fields] == paths


def test_over_https_that_goes_for_secure_and_for_partitioned_ones() -> None:
    """CON-09"""
    assert forgotten(request("_ga=1", host="localhost")) == [
        "_ga=; Max-Age=0; Path=/; Secure",
        "_ga=; Max-Age=0; Path=/; Secure; Partitioned",
    ]


def test_a_prefix_allows_only_what_a_browser_takes() -> None:
    """CON-09: RFC 6265bis 4.1.3"""
    fields = forgotten(request("__Host-x=1; __Secure-y=1", "/a"))
    assert [field for field in fields if field.startswith("__Host-")] == [
        "__Host-x=; Max-Age=0; Path=/; Secure",
        "__Host-x=; Max-Age=0; Path=/; Secure; Partitioned",
    ]
    assert "__Secure-y=; Max-Age=0; Path=/a; Domain=example.com; Secure" in fields
    assert forgotten(request("__Host-x=1; __Secure-y=1", scheme="http")) == []


def test_an_address_has_no_domain_above() -> None:
    assert not any("Domain" in field for field in forgotten(request("_ga=1", host="127.0.0.1:8080")))


def test_what_is_ours_or_undeclared_is_not_forgotten() -> None:
    for verdict in (Verdict.OURS, Verdict.UNDECLARED, Verdict.ADMIT):
        assert expired(request("a=1"), lambda name, verdict=verdict: verdict) == []  # type: ignore[misc]


def test_hostile_names_make_no_fields_and_many_no_large_answer() -> None:
    assert forgotten(request("_ga\r\nx=1; =; a b=2")) == []
    many = request("; ".join(f"_ga_{number}=1" for number in range(50)), "/a/b/c/d/e/f")
    assert sum(map(len, forgotten(many))) <= MOST_BYTES


def test_where_there_are_too_many_each_has_its_turn() -> None:
    many = request("; ".join(f"_ga_{number}=1" for number in range(30)), "/a/b")
    seen = {field for turn in range(0, 2000, 7) for field in forgotten(many, turn)}
    assert len(seen) == 30 * 4 * 3 * 2  # names, paths, domains, partitioned or not


@pytest.mark.parametrize(
    "value",
    ["_ga=; Max-Age=0; Path=/", "_ga=x; Path=/; max-age=-1", "_ga=; Max-Age=9; Max-Age=0",
     "_ga=; expires=Thu, 01 Jan 1970 00:00:00 GMT", "_ga=deleted; Expires=Thu, 01-Jan-1970 00:00:01 GMT"],
)  # fmt: skip
def test_a_response_may_forget_what_it_may_not_set(value: str) -> None:
    headers = Headers((("Set-Cookie", value),))
    assert not_set(headers, all_held) == headers
    assert not_set(headers, lambda name: Verdict.OURS) == headers
    assert names_set(headers) == []


@pytest.mark.parametrize(
    "value",
    ["_ga=1; Max-Age=05", "_ga=1", "_ga", "=_ga=1", " _ga = 1; Path=/", "_ga=; Max-Age=0; Max-Age=5",
     "_ga=; Expires=Thu, 01 Jan 2070 00:00:00 GMT", "_ga=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=9",
     "_ga=Max-Age=0"],
)  # fmt: skip
def test_what_sets_it_is_taken_out_whatever_it_looks_like(value: str) -> None:
    headers = Headers((("set-cookie", value), ("X-Cookie", "_ga=1")))
    assert names_set(headers) == ["_ga"]
    by_name = {"_ga": Verdict.HOLD}
    assert not_set(headers, lambda name: by_name.get(name, Verdict.ADMIT)).fields == headers.fields[1:]


def test_names_are_those_that_browsers_take() -> None:
    headers = Headers((("Cookie", "a=1; b=2; a=3; x y=4"), ("cookie", "c")))
    asked = Request(method="GET", scheme="https", host="x.example", target="/", headers=headers)
    assert names_sent(asked) == ["a", "b", "c"]
    assert all(re.fullmatch(r"\w", name) for name in names_sent(asked))


def test_where_cookies_mostly_are_comes_first_whatever_the_turn() -> None:
    asked = request("_ga=1; _gid=2; _fbp=3; _fbc=4", "/.privacy/choice")
    for turn in range(50):
        fields = forgotten(asked, turn)
        for name in ("_ga", "_gid", "_fbp", "_fbc"):
            for domain in ("", " Domain=www.example.com;", " Domain=example.com;"):
                assert f"{name}=; Max-Age=0; Path=/;{domain} Secure" in fields
