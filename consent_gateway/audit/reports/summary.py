"""What an audit comes to: by state and side, by finding, by third party, by cookie, by hit."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TypeVar

from consent_gateway.audit.findings import (
    Audit,
    Carrier,
    Contact,
    CookieSet,
    Evidence,
    Field,
    Finding,
    Severity,
    Side,
)
from consent_gateway.audit.reports import naming

Item = TypeVar("Item")
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """What leaves the browser of a visitor in one state, on one side. Hosts are third parties'; `unasked` are
    those that the visitor has not agreed to, `cookies` the names that are set without that, `hits` the
    measurements that went on to Google by way of the gateway."""

    hosts: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    unasked_owners: tuple[str, ...] = ()
    cookies: tuple[str, ...] = ()
    hits: int = 0

    @property
    def agreed_owners(self) -> tuple[str, ...]:
        return tuple(one for one in self.owners if one not in self.unasked_owners)


@dataclass(frozen=True, slots=True)
class StateRow:
    """A state, and what leaves in it without the gateway and with it."""

    state: str
    direct: Leaving
    through: Leaving

    @property
    def sides(self) -> tuple[tuple[Side, Leaving], ...]:
        return ((Side.DIRECT, self.direct), (Side.THROUGH, self.through))


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """Findings that say the same of the same host, wherever they were made."""

    host: str
    message: str
    remedy: str
    article: str
    is_new: bool
    states: tuple[str, ...]
    pages: tuple[str, ...]
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A rule that is broken on one side: at which hosts, and how."""

    rule: str
    severity: Severity
    side: Side
    hosts: tuple[tuple[Instance, ...], ...]

    @property
    def instances(self) -> tuple[Instance, ...]:
        return tuple(one for host in self.hosts for one in host)

    @property
    def articles(self) -> tuple[str, ...]:
        return distinct(one.article for one in self.instances)

    @property
    def remedies(self) -> tuple[str, ...]:
        return distinct(one.remedy for one in self.instances)

    @property
    def number(self) -> int:
        return sum(one.number for one in self.instances)

    @property
    def new(self) -> int:
        return sum(one.number for one in self.instances if one.is_new)


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
    kind: str
    purposes: tuple[str, ...]
    hosts: tuple[str, ...]
    carriers: tuple[Carrier, ...]
    evidence: tuple[Evidence, ...]
    pages: tuple[str, ...]
    judged: tuple[Judged, ...]

    @property
    def name(self) -> str:
        return naming.owner(self.owner, self.kind, self.hosts[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Cookie:
    """A cookie, and in which states it reaches the browser without the gateway and with it."""

    name: str
    host: str
    party: str
    by_script: bool
    owner: str
    purpose: str
    direct: tuple[str, ...]
    through: tuple[str, ...]
    unasked: tuple[str, ...]  # states, on either side


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Hits of one kind that fared alike, field by field."""

    event: str
    host: str
    sent_on: bool
    reason: str
    fields: tuple[Field, ...]
    states: tuple[str, ...]
    number: int


def by_state(audit: Audit) -> tuple[StateRow, ...]:
    """A row for every state that was looked at, in the order of the audit."""
    contacts = _grouped(audit.contacts, attrgetter("state", "side"))
    cookies = _grouped(audit.cookies, attrgetter("state", "side"))
    hits = _grouped((one for one in audit.forwarded if one.sent_on), attrgetter("state"))

    def leaving(state: str, side: Side) -> Leaving:
        made = contacts.get((state, side), [])
        unasked = [one for one in made if not one.allowed]
        return Leaving(
            hosts=distinct(one.host for one in made),
            unasked=distinct(one.host for one in unasked),
            owners=distinct(naming.owner(one.owner, one.kind, one.host) for one in made),
            unasked_owners=distinct(naming.owner(one.owner, one.kind, one.host) for one in unasked),
            cookies=distinct(
                one.name for one in cookies.get((state, side), []) if one.kept and not one.allowed
            ),
            hits=len(hits.get(state, [])) if side is Side.THROUGH else 0,
        )

    return tuple(
        StateRow(state, leaving(state, Side.DIRECT), leaving(state, Side.THROUGH)) for state in audit.states
    )


def broken(audit: Audit) -> tuple[Broken, ...]:
    """The findings by rule: the judged side and the worst first."""
    rules = _grouped(audit.findings, attrgetter("side", "severity", "rule"))
    found = [
        Broken(
            rule=rule,
            severity=severity,
            side=side,
            hosts=tuple(_instances(of_host) for of_host in _grouped(findings, attrgetter("host")).values()),
        )
        for (side, severity, rule), findings in rules.items()
    ]
    return tuple(
        sorted(found, key=lambda one: (one.side is not audit.judged, naming.WORST_FIRST.index(one.severity)))
    )


def third_parties(audit: Audit) -> tuple[ThirdParty, ...]:
    """Everybody who is contacted on either side; whom most pages contact first."""
    found = [
        ThirdParty(
            owner=owner,
            kind=kind,
            purposes=distinct(one.purpose for one in contacts),
            hosts=distinct(one.host for one in contacts),
            carriers=distinct(one.carrier for one in contacts),
            evidence=distinct(one.evidence for one in contacts),
            pages=distinct(one.page for one in contacts),
            judged=_judged(contacts),
        )
        for (owner, kind, _), contacts in _grouped(audit.contacts, _whose).items()
    ]
    return tuple(sorted(found, key=lambda one: (-len(one.pages), one.owner, one.hosts)))


def cookies(audit: Audit) -> tuple[Cookie, ...]:
    """Every cookie that is set on either side, by owner and name."""
    key = attrgetter("name", "host", "party", "by_script", "owner", "purpose")
    return tuple(_cookie(named, sets) for named, sets in sorted(_grouped(audit.cookies, key).items()))


def hits(audit: Audit) -> tuple[Hit, ...]:
    """Hits that fared alike; those that were sent on first."""
    alike = _grouped(audit.forwarded, attrgetter("event", "host", "sent_on", "reason", "fields"))
    found = [
        Hit(
            event=event,
            host=host,
            sent_on=sent_on,
            reason=reason,
            fields=fields,
            states=distinct(one.state for one in made),
            number=len(made),
        )
        for (event, host, sent_on, reason, fields), made in alike.items()
    ]
    return tuple(sorted(found, key=lambda one: (not one.sent_on, one.event, one.states)))


def never_seen(audit: Audit) -> tuple[str, ...]:
    """Services that the site file names and no page contacted, on either side."""
    seen = {one.owner for one in audit.contacts} | {one.owner for one in audit.cookies}
    measured = {"google-analytics"} if audit.forwarded else set()
    return tuple(id for id in audit.declared if id not in seen | measured)


def undeclared(audit: Audit) -> tuple[ThirdParty, ...]:
    """Who is contacted even though nobody could agree to it: the visitor had agreed to everything."""
    told = {_whose(one) for one in audit.contacts if one.state == "all" and not one.allowed}
    return tuple(one for one in third_parties(audit) if _identity(one) in told)


def by_severity(findings: Iterable[Finding]) -> dict[Severity, int]:
    """How many there are of each severity, the worst first; none is left out."""
    numbers = dict.fromkeys(naming.WORST_FIRST, 0)
    for one in findings:
        numbers[one.severity] += 1
    return numbers


def distinct(items: Iterable[Item]) -> tuple[Item, ...]:
    """Each once, in the order of their first time; nothing that is empty."""
    return tuple(dict.fromkeys(one for one in items if one))


def _whose(contact: Contact) -> tuple[str, str, str]:
    """Who nobody knows is told apart by his host."""
    known = contact.owner and contact.kind != "unlisted"
    return contact.owner, contact.kind, "" if known else contact.host


def _identity(party: ThirdParty) -> tuple[str, str, str]:
    known = party.owner and party.kind != "unlisted"
    return party.owner, party.kind, "" if known else party.hosts[0]


def at_host(instances: Sequence[Instance]) -> tuple[str, ...]:
    """The pages of all of them."""
    return distinct(page for one in instances for page in one.pages)


def _instances(findings: Sequence[Finding]) -> tuple[Instance, ...]:
    alike = _grouped(findings, attrgetter("host", "message", "remedy", "article", "is_new"))
    return tuple(
        Instance(
            host=host,
            message=message,
            remedy=remedy,
            article=article,
            is_new=is_new,
            states=distinct(one.state for one in same),
            pages=distinct(one.page for one in same),
            number=len(same),
        )
        for (host, message, remedy, article, is_new), same in alike.items()
    )


def _judged(contacts: Sequence[Contact]) -> tuple[Judged, ...]:
    """One row for states that fare alike in everything."""
    alike = _grouped(contacts, attrgetter("state", "decision", "reason", "article", "allowed"))
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


def _cookie(named: tuple[str, str, str, bool, str, str], sets: Sequence[CookieSet]) -> Cookie:
    name, host, party, by_script, owner, purpose = named
    kept = [one for one in sets if one.kept]
    return Cookie(
        name=name,
        host=host,
        party=party,
        by_script=by_script,
        owner=owner,
        purpose=purpose,
        direct=distinct(one.state for one in kept if one.side is Side.DIRECT),
        through=distinct(one.state for one in kept if one.side is Side.THROUGH),
        unasked=distinct(one.state for one in kept if not one.allowed),
    )


def _grouped(items: Iterable[Item], key: Callable[[Item], Key]) -> dict[Key, list[Item]]:
    groups: dict[Key, list[Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups
