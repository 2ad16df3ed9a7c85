"""A hit → the request that goes to Google in its place, or why there is none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from consent_gateway.analytics import generalise, hits, parameters
from consent_gateway.analytics.common import Common
from consent_gateway.analytics.envelope import OutboundRequest, outbound
from consent_gateway.analytics.filter import Circumstances, Filter, Filtered, Own
from consent_gateway.analytics.hits import BadHit, Hit
from consent_gateway.analytics.pseudonym import (
    Pseudonyms,
    Salt,
    length,
    period_start,
    pseudonyms,
    visitors_in,
)
from consent_gateway.analytics.session import Session, follow
from consent_gateway.keys import KeyRing
from consent_gateway.offer import LINKING
from consent_gateway.session_cookie import SessionCookie
from consent_gateway.site import Site
from consent_gateway.visit import Visit
from consent_gateway.visitor import Device, device

# The salt of the period that begins at a moment; None where there is none, or none any more.
Salts = Callable[[datetime], Salt | None]
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

    def __init__(self, *, site: Site, salts: Salts, ring: KeyRing) -> None:
        self._site = site
        self._analytics = site.analytics
        self._salts = salts
        self._pepper = ring.pepper("analytics")
        self._cookie = SessionCookie(ring)
        self._filter = Filter(parameters.load(), parameters.events())
        self._own = Own(
            frozenset(self._analytics.events),
            frozenset(self._analytics.parameters),
            frozenset(self._analytics.user_properties),
        )
        self._common = Common(self._analytics.min_visitors)
        self.unknown: Counter[str] = Counter()

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
        known = self._known(visit, hit, handle)
        filtered = self._filtered(visit, hit, known)
        request = outbound(
            filtered,
            collect_url=self._analytics.collect_url,
            user_agent=generalise.user_agent(agent, self._major(agent, known)),
        )
        return request, self._cookie.write(
            known.session.begun_for(hit.property), visit.request, handle, ends=self._end(visit.now)
        )

    def _known(self, visit: Visit, hit: Hit, handle: str) -> Known:
        start = period_start(self._analytics.rotation, visit.now)
        session = follow(
            self._cookie.read(visit.request, handle),
            visit.now,
            period=int(start.timestamp()),
            previous=int((start - length(self._analytics.rotation)).timestamp()),
        ).counted(pages=hit.pages, engaged=hit.engaged)
        salt = self._salts(datetime.fromtimestamp(session.period, UTC))
        if salt is None:
            raise Refused("no salt")
        made = pseudonyms(
            handle=handle,
            site=visit.request.hostname,
            property=hit.property,
            salt=salt,
            pepper=self._pepper,
            visitors=visitors_in(self._analytics.rotation, self._analytics.visitors_per_day),
        )
        return Known(session, made)

    def _filtered(self, visit: Visit, hit: Hit, known: Known) -> Filtered:
        common = partial(self._common.has, visitor=known.pseudonyms.client, period=known.session.period)
        at = Circumstances(
            pseudonyms=known.pseudonyms,
            session=known.session,
            property=hit.property,
            own_hosts=frozenset((visit.request.hostname, *self._site.site.names)),
            linking=visit.grants(LINKING),
            own=self._own,
            common=common,
        )
        filtered = self._filter(hit, at)
        self.unknown.update(filtered.unknown)
        if not filtered.names:
            raise Refused("no event that may pass")
        return filtered

    def _major(self, agent: Device, known: Known) -> int | None:
        kind = f"{agent.browser} on {agent.platform}"
        return self._common.nearest(kind, agent.major, known.pseudonyms.client, known.session.period)

    def _end(self, now: datetime) -> datetime:
        rotation = self._analytics.rotation
        return period_start(rotation, now) + length(rotation)
