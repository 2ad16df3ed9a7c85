"""A hit → the request that goes to Google in its place, or why there is none."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from consent_gateway.analytics import SERVICE, generalise, hits, parameters, protocol
from consent_gateway.analytics.common import Common
from consent_gateway.analytics.envelope import OutboundRequest, outbound
from consent_gateway.analytics.filter import Circumstances, Filter, Filtered, Own
from consent_gateway.analytics.hits import BadHit
from consent_gateway.analytics.protocol import Protocol
from consent_gateway.analytics.pseudonym import (
    Pseudonyms,
    Salt,
    length,
    period_start,
    pseudonyms,
    visitors_in,
)
from consent_gateway.analytics.session import Session, follow
from consent_gateway.analytics.tallies import Tally
from consent_gateway.keys import KeyRing
from consent_gateway.messages import Request
from consent_gateway.offer import LINKING
from consent_gateway.session_cookie import SessionCookie
from consent_gateway.site import Site
from consent_gateway.visit import Visit
from consent_gateway.visitor import Device, device
from consent_gateway.visitor_token import Visitor, VisitorTokens

logger = logging.getLogger(__name__)

# The salt of the period that begins at a moment; None where there is none, or none any more.
Salts = Callable[[datetime], Salt | None]
# Whether no later decision has ended the one with this receipt and turn.
IsCurrent = Callable[[str, int], bool]
SetCookie = tuple[str, str]


class Refused(Exception):
    """Nothing goes on; says why."""


@dataclass(frozen=True, slots=True)
class Known:
    """A visitor's session with the pseudonyms he has in it."""

    session: Session
    pseudonyms: Pseudonyms


class Passing:
    """Makes the requests to Google. `unknown` counts parameters that no table knows."""

    def __init__(self, *, site: Site, salts: Salts, ring: KeyRing, is_current: IsCurrent) -> None:
        self._site = site
        self._analytics = site.analytics
        self._salts = salts
        self._is_current = is_current
        self._pepper = ring.pepper("analytics")
        self._cookie = SessionCookie(ring)
        self._filter = Filter(parameters.load(), parameters.events())
        self._protocol = Protocol(parameters.load("mp.toml"), self._filter)
        self._tokens = VisitorTokens(ring)
        self._own = Own(
            frozenset(self._analytics.events),
            frozenset(self._analytics.parameters),
            frozenset(self._analytics.user_properties),
        )
        self._common = Common(self._analytics.min_visitors)
        self.unknown = Tally()
        self._unlisted = Tally()

    def of_browser(
        self, visit: Visit, handle: str, properties: frozenset[str]
    ) -> tuple[OutboundRequest, SetCookie]:
        """The request for a hit of the tag's, and the cookie that keeps the session. Raises Refused."""
        agent = device(visit.request.headers.get("user-agent"))
        if agent.robot:
            raise Refused("robot")
        try:
            hit = hits.read(visit.request)
        except BadHit as error:
            raise Refused(str(error)) from error
        if hit.property not in properties:
            raise Refused("foreign property")
        session = self._session(visit, handle).counted(pages=hit.pages, engaged=hit.engaged)
        host = visit.request.hostname
        known = Known(session, self._made(host, hit.property, handle, session))
        at = self._circumstances(known, hit.property, host, visit.grants(LINKING))
        filtered = self._filter(hit, at)
        self._count(filtered)
        if not filtered.names:
            raise Refused("no event that may pass")
        request = outbound(
            filtered,
            collect_url=self._analytics.collect_url,
            user_agent=generalise.user_agent(agent, self._major(agent, known)),
        )
        return request, self._cookie.write(
            session.begun_for(hit.property), visit.request, handle, ends=self._end(visit.now)
        )

    def of_server(self, visit: Visit, properties: frozenset[str]) -> OutboundRequest:
        """The request for what a server of the site reports of a visitor who has agreed. Raises Refused."""
        if not self._is_server(visit.request):
            raise Refused("not from a server of the site")
        try:
            report = protocol.read(visit.request)
            visitor = self._tokens.read(report.client())
        except BadHit as error:
            raise Refused(str(error)) from error
        except ValueError as error:
            raise Refused("without consent") from error
        if not self._is_current(visitor.receipt, visitor.turn):
            raise Refused("consent ended")
        if report.property not in properties:
            raise Refused("foreign property")
        made = self._made(visitor.host, report.property, visitor.handle, visitor.session)
        at = self._circumstances(Known(visitor.session, made), report.property, visitor.host, visitor.linking)
        request, counted = self._protocol.outbound(report, at, self._analytics.collect_url)
        self._count(counted)
        if request is None:
            raise Refused("no event that may pass")
        return request

    def token(self, visit: Visit) -> str:
        """What a server of the site is told of the visitor; empty where there is no such server, or no
        consent."""
        handle = visit.consent.handle
        if not self._analytics.servers or handle is None or not visit.loads(SERVICE):
            return ""
        session = self._session(visit, handle.value)
        visitor = Visitor(
            handle=handle.value,
            receipt=visit.consent.receipt,
            turn=visit.consent.turn,
            host=visit.request.hostname,
            linking=visit.grants(LINKING),
            session=session,
        )
        return self._tokens.write(visitor)

    def _is_server(self, request: Request) -> bool:
        """Whether it comes from a listed address, and from no browser there."""
        return self._analytics.is_server(request.peer) and not any(
            request.headers.get(name) for name in ("Origin", "Sec-Fetch-Site", "Sec-Fetch-Mode")
        )

    def _session(self, visit: Visit, handle: str) -> Session:
        start = period_start(self._analytics.rotation, visit.now)
        return follow(
            self._cookie.read(visit.request, handle),
            visit.now,
            period=int(start.timestamp()),
            previous=int((start - length(self._analytics.rotation)).timestamp()),
        )

    def _made(self, host: str, property: str, handle: str, session: Session) -> Pseudonyms:
        salt = self._salts(datetime.fromtimestamp(session.period, UTC))
        if salt is None:
            raise Refused("no salt")
        return pseudonyms(
            handle=handle,
            site=host,
            property=property,
            salt=salt,
            pepper=self._pepper,
            visitors=visitors_in(self._analytics.rotation, self._analytics.visitors_per_day),
        )

    def _circumstances(self, known: Known, property: str, host: str, linking: bool) -> Circumstances:
        return Circumstances(
            pseudonyms=known.pseudonyms,
            session=known.session,
            property=property,
            own_hosts=frozenset((host, *self._site.site.names)),
            linking=linking,
            own=self._own,
            common=partial(self._common.has, visitor=known.pseudonyms.client, period=known.session.period),
        )

    def _count(self, filtered: Filtered) -> None:
        for name in self.unknown.add(filtered.unknown):
            logger.info("a parameter that no table knows was dropped: %s", name)
        for name in self._unlisted.add(filtered.unlisted):
            logger.info("dropped, for the site file does not list it under [analytics]: %s", name)

    def _major(self, agent: Device, known: Known) -> int | None:
        kind = f"{agent.browser} on {agent.platform}"
        return self._common.nearest(kind, agent.major, known.pseudonyms.client, known.session.period)

    def _end(self, now: datetime) -> datetime:
        rotation = self._analytics.rotation
        return period_start(rotation, now) + length(rotation)
