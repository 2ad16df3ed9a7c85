"""Audits addresses: every page is opened in Chromium in each visitor state, at the site itself and through a gateway.

Through the gateway the browser asks for the site under its own name and is led to the gateway instead
(--host-resolver-rules), so that links, scripts and cookies find the host that they expect.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from consent_gateway.audit.findings import Side
from consent_gateway.audit.in_front import Front, in_front
from consent_gateway.audit.merging import merged
from consent_gateway.audit.planted import Planted
from consent_gateway.audit.sighting import Sighting
from consent_gateway.audit.situations import Also, Journey
from consent_gateway.audit.visits import Stop, VisitorsOf, at_the_site, sighting_of, through_the_gateway
from consent_gateway.captures.browser import Chromium, address_key, opened
from consent_gateway.captures.visited import Visited
from consent_gateway.captures.website import Look, SeenPage, Told, by_browser, nothing
from consent_gateway.gateway import Gateway


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
    stops = [*map(Stop, pages), *(Stop(one.page, one) for one in also)]
    async with in_front(pages[0], site_file=site_file) as front:
        seen = []
        if Side.THROUGH in sides:
            seen.append(_through(front, stops, look, visitors_of, trap, journeys))
        if Side.DIRECT in sides:
            seen.append(_direct(front, stops, look, visitors_of, trap))
        async for one in merged(*seen):
            yield one, front.gateway


async def _through(
    front: Front,
    stops: Sequence[Stop],
    look: Look,
    visitors_of: VisitorsOf,
    trap: Planted | None,
    journeys: Sequence[Journey],
) -> AsyncGenerator[Sighting, None]:
    led_to = {address_key(stops[0].page): front.place, **_of(trap), **look.led_to}
    guise = replace(look.guise, trusting=True)  # the gateway's certificate is its own
    async with opened(*look.arguments, led_to=led_to) as chromium:
        visits = through_the_gateway(front, stops, chromium, guise, visitors_of, journeys)
        async for one in merged(_trapped(chromium, trap, look, Side.THROUGH), visits):
            yield one


async def _direct(
    front: Front, stops: Sequence[Stop], look: Look, visitors_of: VisitorsOf, trap: Planted | None
) -> AsyncGenerator[Sighting, None]:
    async with opened(*look.arguments, led_to={**_of(trap), **look.led_to}) as chromium:
        visits = at_the_site(front, stops, chromium, look.guise, visitors_of)
        async for one in merged(_trapped(chromium, trap, look, Side.DIRECT), visits):
            yield one


def _of(trap: Planted | None) -> Mapping[str, str]:
    return trap.led_to if trap else {}


async def _trapped(
    chromium: Chromium, trap: Planted | None, look: Look, side: Side
) -> AsyncGenerator[Sighting, None]:
    """What this browser does with the leaks that were planted for it."""
    if trap is not None:
        visited = await chromium.look(trap.address, look.guise)
        yield sighting_of(Stop(trap.address), None, side, visited, chromium)
