"""What leaves the browser, by state and side."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter

from consent_gateway.analytics import SERVICE
from consent_gateway.audit.findings import Audit, Side
from consent_gateway.audit.ownership import BY_THE_GATEWAY
from consent_gateway.audit.reports import naming
from consent_gateway.audit.reports.grouping import distinct, grouped


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """What leaves the browser of a visitor in one state, on one side. Hosts are third parties'; `unasked` are
    those that the visitor has not agreed to, `cookies` the names that are set without that, `hits` the
    measurements that went on to Google by way of the gateway, `by_gateway` the services for whose measurement
    that way was agreed to."""

    hosts: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    unasked_owners: tuple[str, ...] = ()
    cookies: tuple[str, ...] = ()
    hits: int = 0
    by_gateway: tuple[str, ...] = ()

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


def by_state(audit: Audit) -> tuple[StateRow, ...]:
    """A row for every state that was looked at, in the order of the audit."""
    own = audit.own_services
    contacts = grouped(audit.contacts, attrgetter("state", "side"))
    cookies = grouped(audit.cookies, attrgetter("state", "side"))
    hits = grouped((one for one in audit.forwarded if one.sent_on), attrgetter("state"))

    def by_gateway(state: str) -> tuple[str, ...]:
        of_state = (one for side in Side for one in contacts.get((state, side), []))
        held = [one.owner for one in of_state if one.reason == BY_THE_GATEWAY.reason]
        return distinct(naming.service(one, own) for one in (*held, *([SERVICE] if state in hits else [])))

    def leaving(state: str, side: Side) -> Leaving:
        made = contacts.get((state, side), [])
        unasked = [one for one in made if not one.allowed]
        return Leaving(
            hosts=distinct(one.host for one in made),
            unasked=distinct(one.host for one in unasked),
            owners=distinct(naming.owner(one.owner, one.kind, one.host, own) for one in made),
            unasked_owners=distinct(naming.owner(one.owner, one.kind, one.host, own) for one in unasked),
            cookies=distinct(
                one.name for one in cookies.get((state, side), []) if one.kept and not one.allowed
            ),
            hits=len(hits.get(state, [])) if side is Side.THROUGH else 0,
            by_gateway=by_gateway(state) if side is Side.THROUGH else (),
        )

    return tuple(
        StateRow(state, leaving(state, Side.DIRECT), leaving(state, Side.THROUGH)) for state in audit.states
    )
