"""A policy of the site's own keeps out what it kept out; the replay's keeps everything on this computer."""

from __future__ import annotations

import pytest

from consent_gateway.directives import directives
from consent_gateway.replay.places import Places, Side
from consent_gateway.replay.policies import is_from_elsewhere, replays_own, translated

PLACES = Places(Side.THROUGH, "127.0.0.1:1", ("www.shop.example", "cdn.shop.example"), 2)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("script-src 'self' https://t.example", "script-src 'self' t.example.localhost:*"),
        ("script-src *.t.example", "script-src *.t.example.localhost:*"),
        ("img-src www.shop.example", "img-src www.shop.example.localhost:* 127.0.0.1:1"),
        ("img-src https://*.shop.example/i/", "img-src *.shop.example.localhost:*/i/ 127.0.0.1:1/i/"),
        ("img-src https: data:", "img-src https: http: data:"),
        ("connect-src wss:", "connect-src wss: ws:"),
        ("script-src 'sha256-abc='", "script-src 'unsafe-inline'"),
        ("script-src 'nonce-x' 'strict-dynamic'", "script-src 'nonce-x' 'strict-dynamic'"),
        ("script-src 'sha256-abc=' 'strict-dynamic'", "script-src 'unsafe-inline'"),
        ("upgrade-insecure-requests; img-src 'none';", "img-src 'none'"),
        ("report-uri https://reports.example/csp", ""),
        ("report-uri /.privacy/reports", "report-uri /.privacy/reports"),
        ("frame-ancestors 'none'; report-to main", ""),
    ],
)
def test_the_sites_own_speaks_of_the_addresses_here(before: str, after: str) -> None:
    assert translated(before, PLACES) == after


def test_the_replays_own_names_nothing_but_this_computer() -> None:
    policy = directives(replays_own(PLACES))
    assert policy["report-uri"] == ["/.replay/reports"]
    for name in ("default-src", "form-action", "base-uri"):
        hosts = [source for source in policy[name] if "//" in source]
        assert hosts and all("localhost:" in source or "127.0.0.1:" in source for source in hosts)
    assert "*" not in policy["default-src"] and "https:" not in policy["default-src"]


@pytest.mark.parametrize(
    ("blocked", "expected"),
    [("https://t.example/a", True), ("wss://t.example", True), ("http://t.example.localhost:9/", False), ("inline", False), ("data", False)],
)  # fmt: skip
def test_what_was_stopped_on_its_way_to_the_network_is_told_from_the_rest(
    blocked: str, expected: bool
) -> None:
    assert is_from_elsewhere(blocked) is expected
