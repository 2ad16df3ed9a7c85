"""Audits addresses: every page is opened in Chromium in each visitor state, at the site itself and through a gateway.

Through the gateway the browser asks for the site under its own name and is led to the gateway instead
(--host-resolver-rules), so that links, scripts and cookies find the host that they expect.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
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


async def pages(url: str, look: Look, *, told: Told = nothing, seen: SeenPage = nothing) -> list[str]:
    """The addresses of the pages that are audited: the one asked for, and others on its host. Raises NoBrowser,
    BadAddress."""
    found = [one async for one in by_browser(url, look, told=told, seen=seen)]
    host = urlsplit(found[0].page).netloc
    return list(dict.fromkeys(one.page for one in found if urlsplit(one.page).netloc == host))


async def sightings(
    pages: Sequence[str],
    look: Look,
    visitors_of: VisitorsOf,
    *,
    site_file: Path | None = None,
    sides: Sequence[Side] = tuple(Side),
    trap: Planted | None = None,
) -> AsyncIterator[tuple[Sighting, Gateway]]:
    """Opens pages of one host in every state on each side, with the gateway that knows what was decided: as many
    as there are pages, states and sides. The page of a `trap` is seen once on each, in no state. Raises NoBrowser,
    CannotListen, and as `start` does."""
    async with in_front(pages[0], site_file=site_file) as front:
        ways = {Side.THROUGH: _through, Side.DIRECT: _direct}
        seen = [way(front, pages, look, visitors_of, trap) for side, way in ways.items() if side in sides]
        async for one in merged(*seen):
            yield one, front.gateway


async def _through(
    front: Front, pages: Sequence[str], look: Look, visitors_of: VisitorsOf, trap: Planted | None
) -> AsyncGenerator[Sighting, None]:
    led_to = {address_key(pages[0]): front.place, **_of(trap), **look.led_to}
    guise = replace(look.guise, trusting=True)  # the gateway's certificate is its own
    async with opened(*look.arguments, led_to=led_to) as chromium:
        visits = _through_visits(front, pages, chromium, guise, visitors_of)
        async for one in merged(_trapped(chromium, trap, look, Side.THROUGH), visits):
            yield one


async def _through_visits(
    front: Front, pages: Sequence[str], chromium: Chromium, guise: Guise, visitors_of: VisitorsOf
) -> AsyncGenerator[Sighting, None]:
    states = range(len(_visitors(front, pages[0], visitors_of)))
    waiting = [(number, page) for number in states for page in pages]
    while waiting:
        # Anew each time: what the gateway has found meanwhile may be a reason to ask again.
        known = {page: _visitors(front, page, visitors_of) for page in pages}
        chosen = _together(waiting, known, front)
        waiting = [one for one in waiting if one not in chosen]
        batch = [(page, known[page][number]) for number, page in chosen]
        visits = await asyncio.gather(
            *(chromium.look(page, replace(guise, fields=visitor.fields)) for page, visitor in batch)
        )
        outbound = await front.outbound()
        for (page, visitor), visited in zip(batch, visits, strict=True):
            sighting = _sighting(page, visitor, Side.THROUGH, visited, chromium)
            if outbound and (_has_hit(visited) or visited is visits[-1]):
                sighting, outbound = replace(sighting, outbound=outbound), ()
            yield sighting


def _together(
    waiting: Sequence[tuple[int, str]], known: Mapping[str, Sequence[Visitor]], front: Front
) -> Sequence[tuple[int, str]]:
    """The visits that are made at the same time. One of somebody whose hits may go on is made alone, so that it is
    known which page has sent them; and what the first visitor is shown has to be known before the next comes."""
    if _measures(front, waiting[0][1], known[waiting[0][1]][waiting[0][0]]):
        return waiting[:1]
    of_first = waiting[0][0] == 0
    free = (
        (number, page)
        for number, page in waiting
        if (number == 0) == of_first and not _measures(front, page, known[page][number])
    )
    return list(islice(free, AT_ONCE))


async def _direct(
    front: Front, pages: Sequence[str], look: Look, visitors_of: VisitorsOf, trap: Planted | None
) -> AsyncGenerator[Sighting, None]:
    async with opened(*look.arguments, led_to={**_of(trap), **look.led_to}) as chromium:
        visits = _direct_visits(front, pages, chromium, look.guise, visitors_of)
        async for one in merged(_trapped(chromium, trap, look, Side.DIRECT), visits):
            yield one


async def _direct_visits(
    front: Front, pages: Sequence[str], chromium: Chromium, guise: Guise, visitors_of: VisitorsOf
) -> AsyncGenerator[Sighting, None]:
    """Without the gateway nobody reads its cookies: those who differ in nothing else get the same answers, and
    are one visit."""
    for page in pages:
        visitors = _visitors(front, page, visitors_of)
        ways = list(dict.fromkeys(_without_ours(visitor.fields) for visitor in visitors))
        visits = await asyncio.gather(
            *(chromium.look(page, replace(guise, fields=fields)) for fields in ways)
        )
        seen = dict(zip(ways, visits, strict=True))
        for visitor in visitors:
            yield _sighting(page, visitor, Side.DIRECT, seen[_without_ours(visitor.fields)], chromium)


def _of(trap: Planted | None) -> Mapping[str, str]:
    return trap.led_to if trap else {}


async def _trapped(
    chromium: Chromium, trap: Planted | None, look: Look, side: Side
) -> AsyncGenerator[Sighting, None]:
    """What this browser does with the leaks that were planted for it."""
    if trap is not None:
        visited = await chromium.look(trap.address, look.guise)
        yield _sighting(trap.address, None, side, visited, chromium)


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
    page: str, visitor: Visitor | None, side: Side, visited: Visited, chromium: Chromium
) -> Sighting:
    return Sighting(
        page=page,
        state=visitor.state.id if visitor else "",
        side=side,
        fields=visitor.fields if visitor else (),
        time=datetime.now(UTC),
        exchanges=visited.exchanges,
        cookies_by_script=visited.cookies,
        failure=visited.failure,
        browser=chromium.name,
    )
