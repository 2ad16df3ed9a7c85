"""Addresses and titles lose what could point to a person, and keep what says what the page is."""

from __future__ import annotations

import pytest

from consent_gateway.analytics import scrub

OWN = frozenset(("www.example.com",))


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/products/solar-roof-2026",
        "/10-tips-for-a-better-privacy-policy-in-2026",
        "/de/%C3%BCber-uns",
        "/a/b.html",
    ],
)
def test_an_ordinary_path_stays(path: str) -> None:
    assert "%" not in scrub.path(path)
    assert scrub.path(path).count("/") == path.count("/")
    assert ":" not in scrub.path(path)


@pytest.mark.parametrize(
    ("path", "scrubbed"),
    [
        ("/reset/anna@example.org", "/reset/:email"),
        ("/reset/anna%2540example.org", "/reset/:email"),
        ("/u/anna%28at%29example.org", "/u/:email"),
        ("/user/anna/orders", "/user/:id/orders"),
        ("/kunde/4711", "/kunde/:id"),
        ("/order/12345678", "/order/:id"),
        ("/x/12345678", "/x/:number"),
        ("/x/550e8400-e29b-41d4-a716-446655440000", "/x/:id"),
        ("/x/0123456789abcdef0123", "/x/:id"),
        ("/x/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc", "/x/:token"),
        ("/x/Zm9vYmFyQmF6MTIzNDU2Nzg5", "/x/:token"),
        ("/x;jsessionid=ABC/y", "/x/y"),
        ("/x?email=a@b.de#frag", "/x"),
        ("/x%3Femail=a@b.de", "/x"),
        ("/call/+49 30 1234567", "/call/:phone"),
        ("/ip/192.168.1.20", "/ip/:address"),
        ("/ip/2001:db8::1", "/ip/:address"),
        ("/x/YW5uYUBleGFtcGxlLm9yZw==", "/x/:token"),
        ("/nm203.0.113.77~k", "/nm:address~k"),
    ],
)
def test_what_points_to_a_person_is_replaced(path: str, scrubbed: str) -> None:
    assert scrub.path(path) == scrubbed


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        ("Shop – Welcome", "Shop – Welcome"),
        ("Account of max@example.org", "Account of :email"),
        ("0@anna.schmidt@example.org", ":email"),
        ("a@b.de(at)c.de and more", ":email and more"),
        (f"{'x' * 90}@example.org", ":email"),
        ("Call 030 1234567 now", "Call :phone now"),
        ("IBAN DE02 1203 0000 0000 2020 51", "IBAN :iban"),
        ("x" * 500, "x" * 120),
        ("a\x00b\u202ec", "abc"),
        ("card 4111 1111 1111 1111 and 4111-1111-1111-1111", "card :number and :number"),
        ("ssn 123-45-6789, on 2026-11-24", "ssn :number, on 2026-11-24"),
        ("open 10:30:00 to 18:00", "open 10:30:00 to 18:00"),
        ("max\uff20example.org", ":email"),
        ("YW5uYUBleGFtcGxlLm9yZw", ":token"),
        ("international Datenschutzerklaerung", "international Datenschutzerklaerung"),
    ],
)
def test_a_title_is_scrubbed_and_shortened(text: str, scrubbed: str) -> None:
    assert scrub.text(text) == scrubbed


@pytest.mark.parametrize(
    ("value", "scrubbed"),
    [
        ("https://www.example.com/a?utm_source=x#y", "https://www.example.com/a"),
        ("https://www.example.com:8443/a", "https://www.example.com:8443/a"),
        ("https://other.example/secret?x", "https://other.example/"),
        ("https://user:pass@www.example.com/a", "https://www.example.com/a"),
        ("javascript:alert(1)", ""),
        ("android-app://com.google", ""),
        ("https://[broken", ""),
        ("", ""),
    ],
)
def test_an_address_keeps_its_path_only_on_the_site_itself(value: str, scrubbed: str) -> None:
    assert scrub.address(value, OWN) == scrubbed


def test_a_referrer_from_elsewhere_is_nobodys_business() -> None:
    assert scrub.own_address("https://search.example/?q=illness", OWN) == ""
    assert scrub.own_address("https://www.example.com/a?b", OWN) == "https://www.example.com/a"


def test_hostile_length_costs_nothing() -> None:
    assert len(scrub.text("a@" * 100_000)) <= 120
    assert len(scrub.path("/" + "a." * 100_000)) <= 300


@pytest.mark.parametrize(
    ("value", "kept"),
    [("www.linkedin.com", "www.linkedin.com"), ("Shop.Example.", "shop.example"), ("10.0.0.7", ""), ("a b", ""),
     ("localhost", ""), ("0123456789abcdef0123.example", "")],
)  # fmt: skip
def test_a_host_is_one_and_says_nothing_personal(value: str, kept: str) -> None:
    assert scrub.host(value) == kept
