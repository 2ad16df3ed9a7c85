"""Looks at a website: by Chromium where there is one, else by plain HTTP, which is said."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field

from consent_gateway.captures.browser import Guise, NoBrowser, opened
from consent_gateway.captures.crawling import pages_of
from consent_gateway.captures.plain import Plain
from consent_gateway.captures.visited import Visited

READING = Guise(bodies=True)
Told = Callable[[str], None]
SeenPage = Callable[[Visited], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How it is looked: at up to `most` pages, by a Chromium with further `arguments` that finds some hosts
    elsewhere (`led_to`, see browser.opened)."""

    most: int = 20
    guise: Guise = READING
    arguments: tuple[str, ...] = ()
    led_to: Mapping[str, str] = field(default_factory=dict)


def nothing(_: object) -> None:
    """Tells nobody."""


def looked_at(
    url: str, look: Look, *, plain: bool = False, told: Told = nothing, seen: SeenPage = nothing
) -> list[Visited]:
    """The pages of a website, the one asked for first. `told` gets sentences for who started it, `seen` each page as
    it comes. Not to be called where an event loop runs. Raises BadAddress."""
    return asyncio.run(_looked_at(url, look, plain=plain, told=told, seen=seen))


async def _looked_at(url: str, look: Look, *, plain: bool, told: Told, seen: SeenPage) -> list[Visited]:
    if not plain:
        try:
            return [one async for one in by_browser(url, look, told=told, seen=seen)]
        except NoBrowser as error:
            told(f"{error}; looking by plain HTTP instead, which sees nothing of what scripts do")
    return [one async for one in by_plain_http(url, look.most, told=told, seen=seen)]


async def by_browser(
    url: str, look: Look, *, told: Told = nothing, seen: SeenPage = nothing
) -> AsyncIterator[Visited]:
    """The pages as Chromium shows them. Raises NoBrowser, BadAddress."""
    async with opened(*look.arguments, led_to=look.led_to) as chromium, Plain() as client:

        async def visit(address: str) -> Visited:
            return await chromium.look(address, look.guise)

        async for one in pages_of(url, visit, most=look.most, file=client.look, told=told):
            seen(one)
            yield one


async def by_plain_http(
    url: str, most: int, *, told: Told = nothing, seen: SeenPage = nothing
) -> AsyncIterator[Visited]:
    """The pages as they are served. Raises BadAddress."""
    async with Plain() as client:
        async for one in pages_of(url, client.look, most=most, told=told):
            seen(one)
            yield one
