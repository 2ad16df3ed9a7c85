"""A relay of Google's script is known by what it is asked for, on whatever host it is."""

from __future__ import annotations

import pytest

from consent_gateway.page.positions import Carrier
from consent_gateway.page.relays import asks_for_google, relayed


@pytest.mark.parametrize(
    ("rest", "service", "there"),
    [
        ("/metrics/gtag/js?id=G-ABC123", "google-analytics", "/gtag/js?id=G-ABC123"),
        ("/metrics/gtag/js?l=a&id=GT-ABC12&x=1", "google-analytics", "/gtag/js?l=a&id=GT-ABC12&x=1"),
        ("/gtag/destination?id=AW-123456789", "google-analytics", "/gtag/destination?id=AW-123456789"),
        ("/gtm.js?id=GTM-ABC123&l=a", "google-tag-manager", "/gtm.js?id=GTM-ABC123&l=a"),
        ("/gtag/js?id=GTM-ABC123", "google-tag-manager", "/gtm.js?id=GTM-ABC123"),
        ("/gtm.js?id=G-ABC123", "google-analytics", "/gtag/js?id=G-ABC123"),
        ("/gtg/measurement.php?s=/x&geo=DE&id=G-ABC123", "google-analytics", "/gtag/js?id=G-ABC123"),
        ("/metrics/?id=G-ABC123&l=a", "google-analytics", "/gtag/js?id=G-ABC123&l=a"),
        ("/x/?id=GTM-ABC&gtm_auth=a", "google-tag-manager", "/gtm.js?id=GTM-ABC"),
    ],
)
def test_it_has_googles_script_under_another_name(rest: str, service: str, there: str) -> None:
    assert relayed(rest, Carrier.SCRIPT) == (service, there)


@pytest.mark.parametrize(
    "rest",
    [
        "/product.js?id=G-1234",
        "/metrics?id=G-ABC123",
        "/metrics/?id=G-ABC123&callback=x",
        "/gtag/js?id=g-abc123",
        "/gtag/js?id=1234",
        "/gtag/js?sku=G-ABC123",
        "/show?src=/gtag/js?id=G-ABC123",
        "/gtag/js?id=G-ABC-123",
        "/gtag/js",
    ],
)
def test_a_script_of_the_site_is_not_taken_for_one(rest: str) -> None:
    assert relayed(rest, Carrier.SCRIPT) is None


def test_a_page_in_a_folder_is_none_and_a_hint_counts_by_its_name_only() -> None:
    assert relayed("/shop/?id=G-ABC123", Carrier.HINT) is None
    assert relayed("/metrics/gtag/js?id=G-ABC123", Carrier.HINT)
    assert relayed("/metrics/gtag/js?id=G-ABC123", Carrier.IMAGE) is None
    assert relayed("/metrics/ns.html?id=GTM-ABC123", Carrier.FRAME)
    assert relayed("/metrics/?id=GTM-ABC123", Carrier.FRAME) is None


def test_most_addresses_are_told_apart_at_a_glance() -> None:
    assert asks_for_google("/x?a=1&id=GTM-ABC")
    assert not asks_for_google("/x?id=123") and not asks_for_google("/x?uid=G-ABC123")
