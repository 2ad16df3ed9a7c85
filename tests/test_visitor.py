"""Who asks: language, objection, device class."""

from __future__ import annotations

import tracemalloc

import pytest

from consent_gateway.messages import Headers, Request
from consent_gateway.visitor import Visitor, accepted, device, signals_objection

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/156.0.0.0 Safari/537.36"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Mobile/15E148 Safari/604.1"
)


@pytest.mark.parametrize(
    ("headers", "objects"),
    [
        ({"Sec-GPC": "1"}, True),
        ({"DNT": "1"}, True),
        ({"Sec-GPC": "0", "DNT": "0"}, False),
        ({"Sec-GPC": "true"}, False),
        ({"Sec-GPC": "11"}, False),
        ({}, False),
    ],
)
def test_only_the_exact_value_one_is_an_objection(headers: dict[str, str], objects: bool) -> None:
    assert signals_objection(Headers(tuple(headers.items()))) is objects


def test_of_several_signals_one_valid_is_enough() -> None:
    assert signals_objection(Headers((("Sec-GPC", "0"), ("Sec-GPC", "1"))))


def test_languages_come_in_the_order_of_their_weight() -> None:
    assert accepted(Headers.of(Accept_Language="en;q=0.5, de-AT, fr;q=0.7, xx;q=0")) == ("de", "fr", "en")
    assert accepted(Headers.of(Accept_Language="*, ;;, ${jndi}")) == ()


def test_the_language_an_address_asks_for_comes_first() -> None:
    fields = Headers.of(Accept_Language="en")
    request = Request(
        method="GET", scheme="https", host="example.com", target="/?language=DE", headers=fields, body=b""
    )
    assert Visitor.of(request).languages == ("de", "en")


def test_the_device_class_says_browser_platform_and_mobility() -> None:
    desktop, phone = device(CHROME), device(IPHONE)
    assert (desktop.browser, desktop.major, desktop.platform, desktop.mobile) == (
        "Chrome",
        156,
        "Windows",
        False,
    )
    assert (phone.platform, phone.mobile) == ("iOS", True)


def test_robots_are_known_as_such() -> None:
    assert device("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)").robot
    assert not device("").robot


def test_a_user_agent_takes_up_no_memory_however_long_it_is() -> None:
    device("x")  # what is loaded at the first is
    tracemalloc.start()
    for number in range(50):
        device(f"Mozilla/5.0 {number} " + "x" * 50_000)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 1_000_000
