"""Where the gateway can listen, and that it is not its own origin."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from consent_gateway.commands.listening import is_loopback, is_own, is_same, obstacle
from consent_gateway.proxy.master import Listen


@pytest.fixture
def taken() -> Iterator[int]:
    """A port of 127.0.0.1 that somebody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_a_free_address_has_no_obstacle() -> None:
    assert [obstacle(Listen(host, 0)) for host in ("127.0.0.1", "0.0.0.0", "localhost")] == [""] * 3


def test_an_address_in_use_is_one(taken: int) -> None:
    assert obstacle(Listen("127.0.0.1", taken)) == "Address already in use"
    assert obstacle(Listen("localhost", taken)) == "Address already in use"
    assert obstacle(Listen("0.0.0.0", taken)) == "Address already in use"


@pytest.mark.parametrize("host", ["nosuch.invalid", "a" * 80, "two words"])
def test_a_name_that_means_nothing_is_one(host: str) -> None:
    assert obstacle(Listen(host, 0))


def test_the_address_of_another_computer_is_one() -> None:
    assert obstacle(Listen("192.0.2.1", 0)) == "Cannot assign requested address"  # RFC 5737


@pytest.mark.parametrize(
    ("origin", "host", "port"),
    [
        ("http://127.0.0.1:8080", "127.0.0.1", 8080),
        ("https://127.0.0.1:8080", "127.0.0.1", 8080),
        ("http://localhost:8080", "127.0.0.1", 8080),
        ("http://127.0.0.1:8080", "localhost", 8080),
        ("http://127.0.0.1:8080", "0.0.0.0", 8080),
        ("http://0.0.0.0:8080", "127.0.0.1", 8080),
        ("http://127.0.0.1", "0.0.0.0", 80),
        ("https://127.0.0.1", "0.0.0.0", 443),
        ("http://[::1]:8080", "::1", 8080),
    ],
)
def test_an_origin_that_is_the_gateway_itself_is_found_however_it_is_called(
    origin: str, host: str, port: int
) -> None:
    assert is_own(origin, Listen(host, port))


@pytest.mark.parametrize(
    ("origin", "host", "port"),
    [
        ("http://127.0.0.1:9000", "127.0.0.1", 8080),
        ("http://127.0.0.1", "127.0.0.1", 443),
        ("http://127.0.0.2:8080", "127.0.0.1", 8080),
        ("http://192.0.2.1:8080", "0.0.0.0", 8080),
        ("http://[::1]:8080", "127.0.0.1", 8080),
        ("http://nosuch.invalid:8080", "127.0.0.1", 8080),
    ],
)
def test_an_origin_elsewhere_is_none_of_ours(origin: str, host: str, port: int) -> None:
    assert not is_own(origin, Listen(host, port))


def test_two_addresses_of_ours_are_the_same_where_one_is_all_of_this_computer() -> None:
    assert is_same(Listen("127.0.0.1", 80), Listen("0.0.0.0", 80))
    assert not is_same(Listen("127.0.0.1", 80), Listen("127.0.0.1", 81))
    assert not is_same(Listen("127.0.0.1", 0), Listen("127.0.0.1", 0))  # any that is free


@pytest.mark.parametrize(
    ("host", "is_alone"), [("127.0.0.1", True), ("::1", True), ("0.0.0.0", False), ("192.0.2.1", False)]
)
def test_only_this_computer_reaches_a_loopback_address(host: str, is_alone: bool) -> None:
    assert is_loopback(Listen(host, 9100)) is is_alone
