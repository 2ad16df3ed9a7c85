"""What is learnt of a site from its pages."""

from __future__ import annotations

from consent_gateway.seen import Seen, seen_in

PAGE = b"<script>gtag('config', 'G-ABC123'); gtag('config', 'G-lower1')</script>"


def test_measurement_ids_are_learnt_where_measurement_is() -> None:
    services = frozenset(("google-analytics", "linkedin"))
    assert seen_in(PAGE, services) == Seen(services=services, properties=frozenset(("G-ABC123",)))
    assert seen_in(PAGE, frozenset(("linkedin",))).properties == frozenset()


def test_what_two_pages_show_adds_up() -> None:
    one = Seen(services=frozenset(("x",)), properties=frozenset(("G-AAAA",)))
    both = one | Seen(services=frozenset(("zoom",)))
    assert both == Seen(services=frozenset(("x", "zoom")), properties=frozenset(("G-AAAA",)))
