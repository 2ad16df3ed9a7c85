"""The third parties of an audit, and whether they were declared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from consent_gateway.audit.findings import Audit, Carrier, Contact, Evidence, Side
from consent_gateway.audit.reports import naming
from consent_gateway.audit.reports.grouping import distinct, grouped


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the gateway decides about a third party, the states in which it does, and whether it was contacted
    there; the numbers are pages."""

    decision: str
    reason: str
    article: str
    allowed: bool
    states: tuple[str, ...]
    direct: int
    through: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ThirdParty:
    """Somebody whom the pages contact."""

    owner: str
    name: str
    company: str
    kind: str
    purposes: tuple[str, ...]
    hosts: tuple[str, ...]
    carriers: tuple[Carrier, ...]
    evidence: tuple[Evidence, ...]
    pages: tuple[str, ...]
    judged: tuple[Judged, ...]


def third_parties(audit: Audit) -> tuple[ThirdParty, ...]:
    """Everybody who is contacted on either side; whom most pages contact first."""
    found = [
        ThirdParty(
            owner=owner,
            name=naming.owner(owner, kind, contacts[0].host, audit.own_services),
            company=naming.company(owner, kind, audit.own_services),
            kind=kind,
            purposes=distinct(one.purpose for one in contacts),
            hosts=distinct(one.host for one in contacts),
            carriers=distinct(one.carrier for one in contacts),
            evidence=distinct(one.evidence for one in contacts),
            pages=distinct(one.page for one in contacts),
            judged=_judged(contacts),
        )
        for (owner, kind, _), contacts in grouped(audit.contacts, _whose).items()
    ]
    return tuple(sorted(found, key=lambda one: (-len(one.pages), one.owner, one.hosts)))


def never_contacted(audit: Audit) -> tuple[str, ...]:
    """Services that the site file names and no page contacted, on either side."""
    seen = {one.owner for one in audit.contacts} | {one.owner for one in audit.cookies}
    measured = {"google-analytics"} if audit.forwarded else set()
    return tuple(id for id in audit.declared if id not in seen | measured)


def undeclared(audit: Audit, side: Side) -> tuple[ThirdParty, ...]:
    """Who is contacted on a side even though nobody could agree to it: the visitor had agreed to everything. A
    service that is offered and held for another reason was declared."""
    told = {
        _whose(one)
        for one in audit.contacts
        if one.side is side and one.state == "all" and not one.allowed and not one.is_asked_about
    }
    return tuple(one for one in third_parties(audit) if _identity(one) in told)


def _whose(contact: Contact) -> tuple[str, str, str]:
    """Who nobody knows is told apart by his host."""
    known = contact.owner and contact.kind != "unlisted"
    return contact.owner, contact.kind, "" if known else contact.host


def _identity(party: ThirdParty) -> tuple[str, str, str]:
    known = party.owner and party.kind != "unlisted"
    return party.owner, party.kind, "" if known else party.hosts[0]


def _judged(contacts: Sequence[Contact]) -> tuple[Judged, ...]:
    """One row for states that fare alike in everything."""
    alike = grouped(contacts, attrgetter("state", "decision", "reason", "article", "allowed"))
    rows: dict[tuple[str, str, str, bool, int, int], list[str]] = {}
    for (state, decision, reason, article, allowed), made in alike.items():
        direct, through = (len({one.page for one in made if one.side is side}) for side in Side)
        rows.setdefault((decision, reason, article, allowed, direct, through), []).append(state)
    return tuple(
        Judged(
            decision=decision,
            reason=reason,
            article=article,
            allowed=allowed,
            states=tuple(states),
            direct=direct,
            through=through,
        )
        for (decision, reason, article, allowed, direct, through), states in rows.items()
    )
