"""What leaves, by state and side."""

from __future__ import annotations

from dataclasses import replace

from consent_gateway.audit.ownership import BY_THE_GATEWAY
from consent_gateway.audit.reports import leaving
from consent_gateway.audit.reports.leaving import Leaving
from tests.audit import audits


def row(state: str) -> leaving.StateRow:
    return next(one for one in leaving.by_state(audits.leaky()) if one.state == state)


def test_a_state_without_anything_is_a_row_too() -> None:
    assert [one.state for one in leaving.by_state(audits.leaky())] == list(audits.STATES)
    assert row("gpc").through == Leaving()


def test_what_was_agreed_to_is_not_unasked() -> None:
    assert row("all").direct.unasked_owners == ("Criteo", "cdn.kachel-server.example")
    assert row("all").direct.agreed_owners == (
        "Google Analytics",
        "YouTube",
        "LinkedIn",
        "Google Fonts",
        "Zoom",
    )
    assert (row("all").direct.cookies, row("analytics").direct.cookies) == ((), ("YSC",))


def test_hits_are_counted_where_they_are_sent_on_and_only_with_the_gateway() -> None:
    assert (row("all").direct.hits, row("all").through.hits, row("fresh").through.hits) == (0, 5, 0)


def test_a_cookie_that_is_held_does_not_leave() -> None:
    held = tuple(replace(one, kept=False) for one in audits.leaky().cookies)
    assert all(one.direct.cookies == () for one in leaving.by_state(replace(audits.leaky(), cookies=held)))


def test_what_is_agreed_to_by_way_of_the_gateway_is_named_there_with_and_without_hits() -> None:
    assert (row("all").through.by_gateway, row("all").direct.by_gateway) == (("Google Analytics",), ())
    assert row("fresh").through.by_gateway == ()
    audit = audits.leaky()
    held = tuple(
        replace(one, allowed=False, reason=BY_THE_GATEWAY.reason) if one.state == "analytics" else one
        for one in audit.contacts
        if one.owner == "google-analytics"
    )
    rows = {one.state: one for one in leaving.by_state(replace(audit, contacts=held, forwarded=()))}
    assert rows["analytics"].through == Leaving(by_gateway=("Google Analytics",))
    assert rows["fresh"].through == Leaving()
