"""Visits of pages in each state: which are made together, and what came of each.

Through the gateway somebody whose hits may go on is alone, so that it is known which page has sent them; at the site
itself visitors who send the same are one visit.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Protocol
from urllib.parse import urlsplit

from consent_gateway.analytics import SERVICE
from consent_gateway.analytics.hits import is_hit
from consent_gateway.audit.findings import Side
from consent_gateway.audit.in_front import Front
from consent_gateway.audit.sighting import Fields, Sighting, request_for
from consent_gateway.audit.situations import BRIEFLY, Also, Journey
from consent_gateway.captures.browser import Chromium, Guise
from consent_gateway.captures.visited import Visited
from consent_gateway.cookie_rules import OWN
from consent_gateway.gateway import Gateway

AT_ONCE = 5  # pages that one browser has open at the same time: most of a visit is waiting


class State(Protocol):
    @property
    def id(self) -> str: ...


class Visitor(Protocol):
    """A visitor in a state, and the header fields that his browser sends."""

    @property
    def state(self) -> State: ...

    @property
    def fields(self) -> Fields: ...


VisitorsOf = Callable[[Gateway, str, str, datetime], Sequence[Visitor]]


@dataclass(frozen=True, slots=True)
class Stop:
    """A page to be opened, and why where it is none of the site's pages."""

    page: str
    also: Also | None = None

    def comes(self, visitor: Visitor) -> bool:
        """Whether a visitor in this state is sent to it."""
        return self.also is None or visitor.state.id in BRIEFLY

    def guise(self, usual: Guise, fields: Fields) -> Guise:
        """That of a visitor who sends these fields, in the language of the page."""
        locale = self.also.locale if self.also else ""
        return replace(usual, fields=fields, locale=locale or usual.locale)


async def through_the_gateway(
    front: Front,
    stops: Sequence[Stop],
    chromium: Chromium,
    guise: Guise,
    visitors_of: VisitorsOf,
    journeys: Sequence[Journey],
) -> AsyncGenerator[Sighting, None]:
    """Every stop in each state, then the first page after each of the journeys."""
    first = stops[0].page
    states = enumerate(_visitors(front, first, visitors_of))
    waiting = [(number, stop) for number, visitor in states for stop in stops if stop.comes(visitor)]
    while waiting:
        # Anew each time: what the gateway has found meanwhile may be a reason to ask again.
        known = {stop.page: _visitors(front, stop.page, visitors_of) for stop in stops}
        chosen = _together(waiting, known, front)
        waiting = [one for one in waiting if one not in chosen]
        batch = [(stop, known[stop.page][number]) for number, stop in chosen]
        visits = await asyncio.gather(
            *(chromium.look(stop.page, stop.guise(guise, visitor.fields)) for stop, visitor in batch)
        )
        outbound = await front.outbound()
        for (stop, visitor), visited in zip(batch, visits, strict=True):
            sighting = sighting_of(stop, visitor, Side.THROUGH, visited, chromium)
            if outbound and (_has_hit(visited) or visited is visits[-1]):
                sighting, outbound = replace(sighting, outbound=outbound), ()
            yield sighting
    for journey in journeys:
        visited = await chromium.look(first, guise, journey.clicks)
        await front.outbound()
        for visitor in _visitors(front, first, visitors_of):
            if visitor.state.id == journey.state:
                after = sighting_of(Stop(first), visitor, Side.THROUGH, visited, chromium)
                yield replace(after, situation=journey.situation)


def _together(
    waiting: Sequence[tuple[int, Stop]], known: Mapping[str, Sequence[Visitor]], front: Front
) -> Sequence[tuple[int, Stop]]:
    """The visits that are made at the same time. One of somebody whose hits may go on is made alone, so that it is
    known which page has sent them; and what the first visitor is shown has to be known before the next comes."""

    def measures(number: int, stop: Stop) -> bool:
        return _measures(front, stop.page, known[stop.page][number])

    if measures(*waiting[0]):
        return waiting[:1]
    of_first = waiting[0][0] == 0
    free = (one for one in waiting if (one[0] == 0) == of_first and not measures(*one))
    return list(islice(free, AT_ONCE))


async def at_the_site(
    front: Front, stops: Sequence[Stop], chromium: Chromium, guise: Guise, visitors_of: VisitorsOf
) -> AsyncGenerator[Sighting, None]:
    """Without the gateway nobody reads its cookies: those who differ in nothing else get the same answers, and
    are one visit."""
    for stop in stops:
        visitors = list(filter(stop.comes, _visitors(front, stop.page, visitors_of)))
        ways = list(dict.fromkeys(_without_ours(visitor.fields) for visitor in visitors))
        visits = await asyncio.gather(
            *(chromium.look(stop.page, stop.guise(guise, fields)) for fields in ways)
        )
        seen = dict(zip(ways, visits, strict=True))
        for visitor in visitors:
            yield sighting_of(stop, visitor, Side.DIRECT, seen[_without_ours(visitor.fields)], chromium)


def _measures(front: Front, page: str, visitor: Visitor) -> bool:
    """Whether hits of this visitor may go on to Google."""
    return front.gateway.visit(request_for(page, visitor.fields), datetime.now(UTC)).loads(SERVICE)


def _has_hit(visited: Visited) -> bool:
    return any(is_hit(one.request) for one in visited.exchanges)


def _visitors(front: Front, page: str, visitors_of: VisitorsOf) -> Sequence[Visitor]:
    parts = urlsplit(page)
    return visitors_of(front.gateway, parts.netloc, parts.scheme, datetime.now(UTC))


def _without_ours(fields: Fields) -> Fields:
    """What somebody sends, without the gateway's own cookies."""
    return tuple(
        (name, value)
        for name, value in fields
        if name.lower() != "cookie" or value.partition("=")[0].strip() not in OWN
    )


def sighting_of(
    stop: Stop, visitor: Visitor | None, side: Side, visited: Visited, chromium: Chromium
) -> Sighting:
    """What a visit has shown."""
    return Sighting(
        page=stop.page,
        state=visitor.state.id if visitor else "",
        side=side,
        fields=visitor.fields if visitor else (),
        time=datetime.now(UTC),
        exchanges=visited.exchanges,
        cookies_by_script=visited.cookies,
        failure=visited.failure,
        browser=chromium.name,
        agent=chromium.agent,
        situation=stop.also.situation if stop.also else None,
    )
