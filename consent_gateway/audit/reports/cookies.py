"""The cookies of an audit, and the hits that its pages make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from consent_gateway.audit.findings import Audit, CookieSet, Field, Side
from consent_gateway.audit.reports.grouping import distinct, grouped


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
    unasked: tuple[str, ...]  # states, on the judged side
    unasked_elsewhere: tuple[str, ...]  # on the other side, where that is not so on the judged one


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


def cookies(audit: Audit) -> tuple[Cookie, ...]:
    """Every cookie that is set on either side, by owner and name."""
    key = attrgetter("name", "host", "party", "by_script", "owner", "purpose")
    return tuple(
        _cookie(named, sets, audit.judged) for named, sets in sorted(grouped(audit.cookies, key).items())
    )


def hits(audit: Audit) -> tuple[Hit, ...]:
    """Hits that fared alike; those that were sent on first."""
    alike = grouped(audit.forwarded, attrgetter("event", "host", "sent_on", "reason", "fields"))
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


def _cookie(named: tuple[str, str, str, bool, str, str], sets: Sequence[CookieSet], judged: Side) -> Cookie:
    name, host, party, by_script, owner, purpose = named
    kept = [one for one in sets if one.kept]
    unasked = distinct(one.state for one in kept if not one.allowed and one.side is judged)
    return Cookie(
        name=name,
        host=host,
        party=party,
        by_script=by_script,
        owner=owner,
        purpose=purpose,
        direct=distinct(one.state for one in kept if one.side is Side.DIRECT),
        through=distinct(one.state for one in kept if one.side is Side.THROUGH),
        unasked=unasked,
        unasked_elsewhere=distinct(one.state for one in kept if not one.allowed and one.state not in unasked),
    )
