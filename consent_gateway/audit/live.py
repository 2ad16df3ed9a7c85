"""Audits addresses: every page is opened in Chromium in each visitor state, at the site itself and through a gateway.

Through the gateway the browser asks for the site under its own name and is led to the gateway instead
(--host-resolver-rules), so that links, scripts and cookies find the host that they expect.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from consent_gateway.analytics import SERVICE
from consent_gateway.analytics.hits import is_hit
from consent_gateway.audit.findings import Side
from consent_gateway.audit.in_front import Front, in_front
from consent_gateway.audit.merging import merged
from consent_gateway.audit.planted import Planted
from consent_gateway.audit.sighting import Fields, Sighting, request_for
from consent_gateway.audit.situations import BRIEFLY, Also, Journey
from consent_gateway.captures.browser import Chromium, Guise, address_key, opened
from consent_gateway.captures.visited import Visited
from consent_gateway.captures.website import Look, SeenPage, Told, by_browser, nothing
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


async def pages(url: str, look: Look, *, told: Told = nothing, seen: SeenPage = nothing) -> list[Visited]:
    """The pages that are audited: the one asked for, and others on its host. Raises NoBrowser, BadAddress."""
    found = [one async for one in by_browser(url, look, told=told, seen=seen)]
    host = urlsplit(found[0].page).netloc
    return list({one.page: one for one in reversed(found) if urlsplit(one.page).netloc == host}.values())[
        ::-1
    ]


async def sightings(
    pages: Sequence[str],
    look: Look,
    visitors_of: VisitorsOf,
    *,
    site_file: Path | None = None,
    sides: Sequence[Side] = tuple(Side),
    trap: Planted | None = None,
    also: Sequence[Also] = (),
    journeys: Sequence[Journey] = (),
) -> AsyncIterator[tuple[Sighting, Gateway]]:
    """Opens pages of one host in every state on each side, with the gateway that knows what was decided: as many
    as there are pages, states and sides, then what is to be opened `also`, in a few states, and the first page after
    each of the `journeys`, which lead through the gateway only. The page of a `trap` is seen once on each side, in
    no state. Raises NoBrowser, CannotListen, and as `start` does."""
    stops = [*map(_Stop, pages), *(_Stop(one.page, one) for one in also)]
    async with in_front(pages[0], site_file=site_file) as front:
        seen = []
        if Side.THROUGH in sides:
            seen.append(_through(front, stops, look, visitors_of, trap, journeys))
        if Side.DIRECT in sides:
            seen.append(_direct(front, stops, look, visitors_of, trap))
        async for one in merged(*seen):
            yield one, front.gateway


@dataclass(frozen=True, slots=True)
class _Stop:
    """A page to be opened, and why where it is none of the site's pages."""

    page: str
    also: Also | None = None

    def comes(self, visitor: Visitor) -> bool:
        """Whether a visitor in this state is sent to it."""
        return self.also is None or visitor.state.id in BRIEFLY

    def guise(self, usual: Guise, fields: Fields) -> Guise:
        locale = self.also.locale if self.also else ""
        return replace(usual, fields=fields, locale=locale or usual.locale)


async def _through(
    front: Front,
    stops: Sequence[_Stop],
    look: Look,
    visitors_of: VisitorsOf,
    trap: Planted | None,
    journeys: Sequence[Journey],
) -> AsyncGenerator[Sighting, None]:
    led_to = {address_key(stops[0].page): front.place, **_of(trap), **look.led_to}
    guise = replace(look.guise, trusting=True)  # the gateway's certificate is its own
    async with opened(*look.arguments, led_to=led_to) as chromium:
        visits = _through_visits(front, stops, chromium, guise, visitors_of, journeys)
        async for one in merged(_trapped(chromium, trap, look, Side.THROUGH), visits):
            yield one


async def _through_visits(
    front: Front,
    stops: Sequence[_Stop],
    chromium: Chromium,
    guise: Guise,
    visitors_of: VisitorsOf,
    journeys: Sequence[Journey],
) -> AsyncGenerator[Sighting, None]:
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
            sighting = _sighting(stop, visitor, Side.THROUGH, visited, chromium)
            if outbound and (_has_hit(visited) or visited is visits[-1]):
                sighting, outbound = replace(sighting, outbound=outbound), ()
            yield sighting
    for journey in journeys:
        visited = await chromium.look(first, guise, journey.clicks)
        await front.outbound()
        for visitor in _visitors(front, first, visitors_of):
            if visitor.state.id == journey.state:
                after = _sighting(_Stop(first), visitor, Side.THROUGH, visited, chromium)
                yield replace(after, situation=journey.situation)


def _together(
    waiting: Sequence[tuple[int, _Stop]], known: Mapping[str, Sequence[Visitor]], front: Front
) -> Sequence[tuple[int, _Stop]]:
    """The visits that are made at the same time. One of somebody whose hits may go on is made alone, so that it is
    known which page has sent them; and what the first visitor is shown has to be known before the next comes."""

    def measures(number: int, stop: _Stop) -> bool:
        return _measures(front, stop.page, known[stop.page][number])

    if measures(*waiting[0]):
        return waiting[:1]
    of_first = waiting[0][0] == 0
    free = (one for one in waiting if (one[0] == 0) == of_first and not measures(*one))
    return list(islice(free, AT_ONCE))


async def _direct(
    front: Front, stops: Sequence[_Stop], look: Look, visitors_of: VisitorsOf, trap: Planted | None
) -> AsyncGenerator[Sighting, None]:
    async with opened(*look.arguments, led_to={**_of(trap), **look.led_to}) as chromium:
        visits = _direct_visits(front, stops, chromium, look.guise, visitors_of)
        async for one in merged(_trapped(chromium, trap, look, Side.DIRECT), visits):
            yield one


async def _direct_visits(
    front: Front, stops: Sequence[_Stop], chromium: Chromium, guise: Guise, visitors_of: VisitorsOf
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
            yield _sighting(stop, visitor, Side.DIRECT, seen[_without_ours(visitor.fields)], chromium)


def _of(trap: Planted | None) -> Mapping[str, str]:
    return trap.led_to if trap else {}


async def _trapped(
    chromium: Chromium, trap: Planted | None, look: Look, side: Side
) -> AsyncGenerator[Sighting, None]:
    """What this browser does with the leaks that were planted for it."""
    if trap is not None:
        visited = await chromium.look(trap.address, look.guise)
        yield _sighting(_Stop(trap.address), None, side, visited, chromium)


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


def _sighting(
    stop: _Stop, visitor: Visitor | None, side: Side, visited: Visited, chromium: Chromium
) -> Sighting:
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
