"""A request for a host that is none, or is not the site's, is refused."""

from __future__ import annotations

import pytest

from consent_gateway import hosts
from consent_gateway.datafile import parse
from consent_gateway.messages import Headers, Request
from consent_gateway.site import Site

NAMED = parse('[site]\nhosts = ["www.example.com", "dev.example.com:8443"]\n', Site, file="f")


def request(host: str, *fields: str) -> Request:
    headers = Headers(tuple(("Host", field) for field in fields))
    return Request(method="GET", scheme="https", host=host, target="/", headers=headers)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("www.example.com", 0), ("WWW.Example.com:8080", 0), ("dev.example.com:8443", 0), ("dev.example.com", 421),
        ("other.example", 421), ("", 400), ("a b", 400),
    ],
)  # fmt: skip
def test_only_the_sites_own_names_are_answered(host: str, status: int) -> None:
    """SEC-11"""
    assert hosts.refusal(request(host), NAMED) == status


def test_without_names_every_host_is_the_sites() -> None:
    assert hosts.refusal(request("anything.example"), Site()) == 0
    assert not hosts.is_public(request("anything.example"), Site())


def test_two_hosts_are_none() -> None:
    assert hosts.refusal(request("www.example.com", "www.example.com", "evil.example"), NAMED) == 400
