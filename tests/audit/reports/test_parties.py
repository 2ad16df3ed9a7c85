"""Third parties, and whether they were declared."""

from __future__ import annotations

from dataclasses import replace

from consent_gateway.audit.findings import Contact, Side
from consent_gateway.audit.reports import parties
from consent_gateway.decision import NOT_LISTED
from tests.audit import audits


def test_who_nobody_knows_is_told_apart_by_his_host() -> None:
    audit = audits.leaky()
    unknown = next(one for one in audit.contacts if one.kind == "unlisted")
    other = replace(unknown, host="pixel.other.example")
    found = parties.third_parties(replace(audit, contacts=(unknown, other)))
    assert [one.name for one in found] == ["cdn.kachel-server.example", "pixel.other.example"]
    assert [
        one.name
        for one in parties.undeclared(replace(audit, contacts=(replace(other, state="all"),)), Side.DIRECT)
    ] == ["pixel.other.example"]


def test_states_that_fare_alike_are_one_row() -> None:
    zoom = next(one for one in parties.third_parties(audits.leaky()) if one.owner == "zoom")
    assert [(one.states, one.decision, one.direct, one.through) for one in zoom.judged] == [
        (("fresh", "analytics", "expired", "tampered", "gpc", "objected"), "hold", 1, 0),
        (("refused", "withdrawn"), "hold", 1, 0),
        (("all",), "load", 1, 1),
        (("blocked",), "hold", 1, 0),
    ]


def test_a_page_that_contacts_somebody_twice_counts_once() -> None:
    audit = audits.leaky()
    twice: tuple[Contact, ...] = (audit.contacts[0], audit.contacts[0])
    (party,) = parties.third_parties(replace(audit, contacts=twice))
    assert (party.judged[0].direct, party.pages) == (1, audits.PAGES[:1])


def test_what_only_measures_or_sets_a_cookie_was_seen() -> None:
    audit = replace(audits.leaky(), contacts=(), declared=("google-analytics", "youtube", "zoom"))
    assert parties.never_contacted(audit) == ("zoom",)
    assert parties.never_contacted(replace(audit, forwarded=(), cookies=())) == audit.declared


def test_a_service_that_is_offered_was_declared_even_if_it_is_held() -> None:
    audit = audits.leaky()
    measurement = replace(audit.contacts[0], state="all", allowed=False, reason="by way of the gateway only")
    assert parties.undeclared(replace(audit, contacts=(measurement,)), Side.DIRECT) == ()
    not_offered = replace(measurement, reason=NOT_LISTED)
    seen = replace(audit, contacts=(not_offered,))
    assert len(parties.undeclared(seen, Side.DIRECT)) == 1
    assert parties.undeclared(seen, Side.THROUGH) == ()  # there nobody has contacted it
