"""What an audit comes to."""

from __future__ import annotations

from dataclasses import replace

from consent_gateway.audit.findings import Contact, Severity, Side
from consent_gateway.audit.reports import summary
from consent_gateway.audit.reports.summary import Leaving
from tests.audit import audits


def row(state: str) -> summary.StateRow:
    return next(one for one in summary.by_state(audits.leaky()) if one.state == state)


def test_a_state_without_anything_is_a_row_too() -> None:
    assert [one.state for one in summary.by_state(audits.leaky())] == list(audits.STATES)
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
    assert all(one.direct.cookies == () for one in summary.by_state(replace(audits.leaky(), cookies=held)))


def test_the_judged_side_and_the_worst_come_first() -> None:
    broken = summary.broken(audits.leaky(judged=Side.THROUGH))
    assert [one.side for one in broken][:2] == [Side.THROUGH] * 2
    assert [one.severity for one in broken][:2] == [Severity.ERROR, Severity.NOTE]
    assert broken[-1].severity is Severity.WARNING
    assert sum(one.number for one in broken) == len(audits.leaky().findings)


def test_who_nobody_knows_is_told_apart_by_his_host() -> None:
    audit = audits.leaky()
    unknown = next(one for one in audit.contacts if one.kind == "unlisted")
    other = replace(unknown, host="pixel.other.example")
    found = summary.third_parties(replace(audit, contacts=(unknown, other)))
    assert [one.name for one in found] == ["cdn.kachel-server.example", "pixel.other.example"]
    assert [
        one.name for one in summary.undeclared(replace(audit, contacts=(replace(other, state="all"),)))
    ] == ["pixel.other.example"]


def test_states_that_fare_alike_are_one_row() -> None:
    zoom = next(one for one in summary.third_parties(audits.leaky()) if one.owner == "zoom")
    assert [(one.states, one.decision, one.direct, one.through) for one in zoom.judged] == [
        (("fresh", "analytics", "expired", "tampered", "gpc", "objected"), "hold", 1, 0),
        (("refused", "withdrawn"), "hold", 1, 0),
        (("all",), "load", 1, 1),
        (("blocked",), "hold", 1, 0),
    ]


def test_a_page_that_contacts_somebody_twice_counts_once() -> None:
    audit = audits.leaky()
    twice: tuple[Contact, ...] = (audit.contacts[0], audit.contacts[0])
    (party,) = summary.third_parties(replace(audit, contacts=twice))
    assert (party.judged[0].direct, party.pages) == (1, audits.PAGES[:1])


def test_what_only_measures_or_sets_a_cookie_was_seen() -> None:
    audit = replace(audits.leaky(), contacts=(), declared=("google-analytics", "youtube", "zoom"))
    assert summary.never_seen(audit) == ("zoom",)
    assert summary.never_seen(replace(audit, forwarded=(), cookies=())) == audit.declared


def test_hits_that_fare_alike_are_counted_together() -> None:
    found = summary.hits(audits.leaky())
    assert [(one.event, one.sent_on, one.number) for one in found][:2] == [
        ("page_view", True, 10), ("bestellung_intern", False, 1),
    ]  # fmt: skip
    assert sum(one.number for one in found) == len(audits.leaky().forwarded)
