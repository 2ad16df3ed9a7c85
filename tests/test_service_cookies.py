"""Which cookies are held, and how a browser is made to forget them."""

from __future__ import annotations

import pytest

from consent_gateway.catalogue import Catalogue
from consent_gateway.messages import Headers, Request
from consent_gateway.service_cookies import MOST_EXPIRED, ServiceCookies, expired, not_set, without_held


@pytest.fixture
def cookies(catalogue: Catalogue) -> ServiceCookies:
    return ServiceCookies(catalogue)


@pytest.mark.parametrize(
    "name",
    ["_ga", "_ga_ABC123", "_gid", "_gat", "_gat_UA-1", "_gac_UA-1-1", "FPID", "FPLC", "__utma", "AMP_TOKEN"],
)
def test_those_of_measurement_are_held_even_when_it_is_released(cookies: ServiceCookies, name: str) -> None:
    assert cookies.held(name, lambda service: True)


@pytest.mark.parametrize(("name", "service"), [("_fbp", "meta-pixel"), ("_gcl_au", "google-ads")])
def test_those_of_other_services_are_held_until_theirs_is_released(
    cookies: ServiceCookies, name: str, service: str
) -> None:
    assert cookies.held(name, lambda one: False)
    assert not cookies.held(name, lambda one: one == service)


@pytest.mark.parametrize(
    "name", ["sid", "PHPSESSID", "_g", "ga", "_gallery", "_gateway", "session", "lang", "", "cart"]
)
def test_the_sites_own_are_not(cookies: ServiceCookies, name: str) -> None:
    assert not cookies.held(name, lambda one: False)


def test_a_header_loses_the_held_pairs_only() -> None:
    held = {"b"}.__contains__
    assert without_held("a=1; b=2;c=b=3; b; d", held) == "a=1; c=b=3; d"


def request(cookie: str, target: str = "/", host: str = "www.example.com") -> Request:
    return Request(
        method="GET", scheme="https", host=host, target=target, headers=Headers((("Cookie", cookie),))
    )


def test_it_is_forgotten_on_the_host_and_each_domain_above() -> None:
    fields = [value for _, value in expired(request("_ga=1"), lambda name: True)]
    domains = [value.partition("Domain=")[2] for value in fields]
    assert domains == ["", "www.example.com", "example.com"]


def test_an_address_has_no_domain_above() -> None:
    assert len(expired(request("_ga=1", host="127.0.0.1:8080"), lambda name: True)) == 1


def test_hostile_names_and_paths_make_no_fields() -> None:
    assert expired(request("_ga\r\nx=1; =; a b=2", "/\x7f/;x/"), lambda name: True) == []
    many = "; ".join(f"_ga_{number}=1" for number in range(500))
    assert len(expired(request(many, "/a/b/c/d/e/f"), lambda name: True)) == MOST_EXPIRED


def test_a_response_may_expire_what_it_may_not_set() -> None:
    fields = (
        ("Set-Cookie", "_ga=1; Max-Age=05"),
        ("Set-Cookie", "_ga=; Max-Age=0; Path=/"),
        ("X-Cookie", "_ga=1"),
    )
    assert not_set(Headers(fields), lambda name: True).fields == fields[1:]
