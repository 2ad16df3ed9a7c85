"""Which hosts belong together."""

from __future__ import annotations

import pytest

from consent_gateway.captures.domains import registrable


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.example.com", "example.com"),
        ("example.com", "example.com"),
        ("a.b.example.co.uk", "example.co.uk"),
        ("mine.github.io", "mine.github.io"),  # anybody may have one there
        ("intranet", "intranet"),
        ("127.0.0.1", "127.0.0.1"),
        ("[::1]", "::1"),
        ("localhost", "localhost"),
        ("www.youtube.com.localhost", "youtube.com.localhost"),  # a stand-in
        ("", ""),
        ("..", ".."),
    ],
)
def test_the_domain_that_somebody_has_registered(host: str, domain: str) -> None:
    assert registrable(host) == domain
