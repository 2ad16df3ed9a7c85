"""Values become coarse enough to say nothing about one browser."""

from __future__ import annotations

import pytest

from consent_gateway.analytics import generalise, products
from consent_gateway.visitor import Device


@pytest.mark.parametrize(
    ("value", "coarse"),
    [("de-AT", "de"), ("en-us", "en"), ("EN_gb", "en"), ("gsw", ""), ("", ""), ("x" * 99, "")],
)
def test_a_language_is_its_primary_subtag_or_nothing(value: str, coarse: str) -> None:
    assert generalise.language(value) == coarse


@pytest.mark.parametrize(
    ("value", "coarse"),
    [
        ("1920x1080", "1920x1080"),
        ("1930x1090", "1920x1080"),
        ("393x851", "390x844"),
        ("3440x1440", "2560x1440"),
        ("x", ""),
        ("1x1", ""),
    ],
)
def test_a_screen_is_the_nearest_common_one(value: str, coarse: str) -> None:
    assert generalise.screen(value) == coarse


def test_amounts_have_two_decimals() -> None:
    assert generalise.amount("19.999") == "20.00"
    assert generalise.amount("1e9") == generalise.amount("DROP TABLE") == ""


BLINK = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("device", "agent"),
    [
        (
            Device("Chrome", 156, "Windows", False, False),
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {BLINK} Chrome/156.0.0.0 Safari/537.36",
        ),
        (
            Device("Chrome Mobile", 150, "Android", True, False),
            f"Mozilla/5.0 (Linux; Android 10; K) {BLINK} Chrome/150.0.0.0 Mobile Safari/537.36",
        ),
        (
            Device("Firefox", 140, "Linux", False, False),
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        ),
    ],
)
def test_a_browser_is_named_by_family_version_and_platform_only(device: Device, agent: str) -> None:
    assert generalise.user_agent(device, device.major) == agent


def agent(browser: str, major: int, platform: str, common: int | None, *, mobile: bool = False) -> str:
    return generalise.user_agent(Device(browser, major, platform, mobile, False), common)


def test_rare_browsers_look_like_common_ones() -> None:
    assert agent("NetSurf", 3, "Haiku", None) == agent("Chrome", 100, "Windows", 100)
    assert agent("Edge", 150, "Linux", 150) == agent("Chrome", 150, "Linux", 150)
    assert agent("Firefox", 150, "Chrome OS", 150) == agent("Chrome", 150, "Chrome OS", 150)
    assert agent("Samsung Internet", 28, "Android", 150, mobile=True) == agent(
        "Chrome Mobile", 150, "Android", 150, mobile=True
    )
    assert "Version/18.0 Mobile" in agent("Mobile Safari", 17, "iOS", None, mobile=True)
    assert "Edg/150.0.0.0" in agent("Edge", 150, "Windows", 150)
    assert "Version/18.0 Safari" in agent("Safari", 26, "Mac OS X", None)


def test_a_version_is_the_nearest_common_one_and_rounded_until_one_is_known() -> None:
    assert "Chrome/154.0.0.0" in agent("Chrome", 157, "Windows", 154)
    assert "Chrome/150.0.0.0" in agent("Chrome", 157, "Windows", None)
    assert "Chrome/100.0.0.0" in agent("Chrome", 60, "Windows", None)


def test_a_product_keeps_what_it_is_and_loses_what_the_site_added() -> None:
    value = "idSKU~~1~nmRoof for max@example.org~brSun~pr199.9~qt1~k0crm~v04711~cpSUMMER~loplace"
    assert products.general(value) == "idSKU~~1~nmRoof for :email~brSun~pr199.9~qt1"
    assert products.general("prDROP~qtx~zz9") == ""
