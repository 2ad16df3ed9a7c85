"""Every host of a recording has a name on this computer, and one only."""

from __future__ import annotations

import pytest

from consent_gateway.replay.places import Places, Side, local_name, real_name
from consent_gateway.urls import is_loopback

PLACES = Places(Side.DIRECT, "localhost:9000", ("www.shop.example", "cdn.shop.example"), 9001)


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("www.youtube.com", "www.youtube.com.localhost"),
        ("WWW.YouTube.com.", "www.youtube.com.localhost"),
        ("www.youtube.com:8443", "www.youtube.com.localhost"),
        ("www.youtube.com.localhost:40123", "www.youtube.com.localhost"),
        ("127.0.0.1:9000", "127.0.0.1.localhost"),
        ("[2001:db8::1]:80", "2001-db8--1--80.localhost"),
    ],
)
def test_a_host_is_below_localhost_whatever_its_port(host: str, name: str) -> None:
    assert local_name(host) == name
    assert is_loopback(name)


def test_a_name_tells_its_host() -> None:
    assert real_name(local_name("px.ads.linkedin.com")) == "px.ads.linkedin.com"


def test_the_site_is_at_its_address_its_other_hosts_on_the_same_port_and_everybody_else_on_another() -> None:
    assert PLACES.of("www.shop.example") == "localhost:9000"
    assert PLACES.of("cdn.shop.example") == "cdn.shop.example.localhost:9000"
    assert PLACES.of("www.youtube.com") == "www.youtube.com.localhost:9001"


def test_what_leads_here_already_stays() -> None:
    assert PLACES.of("localhost:9000") == "localhost:9000"
    assert PLACES.of(PLACES.of("www.youtube.com")) == "www.youtube.com.localhost:9001"


def test_the_host_that_a_browser_asks_for_is_told_by_the_name_it_uses() -> None:
    assert PLACES.host_at("localhost:9000") == "www.shop.example.localhost"
    assert PLACES.host_at("cdn.shop.example.localhost:9000") == "cdn.shop.example.localhost"


def test_a_policy_can_name_all_of_it() -> None:
    assert "http://*.localhost:9001" in PLACES.sources and "ws://localhost:9000" in PLACES.sources
