"""What init looks at: a capture, or the site itself by Chromium or by plain HTTP, with progress."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import click

from consent_gateway.captures import browser
from consent_gateway.captures.browser import Guise, NoBrowser
from consent_gateway.captures.crawling import pages_of
from consent_gateway.captures.exchange import Exchange
from consent_gateway.captures.opening import Capture, opened
from consent_gateway.captures.plain import Plain
from consent_gateway.captures.site_hosts import site_hosts
from consent_gateway.captures.visited import Visited
from consent_gateway.catalogue import Catalogue
from consent_gateway.lists.matching import Lists
from consent_gateway.survey.surveying import Surveyor

_READ = ("text/html", "application/xhtml+xml", "text/css", "application/xml", "text/xml", "image/svg+xml", "")
Look = Callable[[str], Awaitable[Visited]]


@dataclass(frozen=True, slots=True)
class Looked:
    """The surveyor that has seen everything, how it came to it, and what could not be read."""

    surveyor: Surveyor
    by: str
    failures: tuple[str, ...] = ()


def at_capture(path: Path, catalogue: Catalogue, lists: Lists) -> Looked:
    """Reads a capture twice: for whose it is, then for what is in it. Raises BadCapture."""
    capture = opened(path)
    with _bytes_read(capture, "hosts") as read:
        hosts = site_hosts(capture.exchanges(read))
    surveyor = Surveyor(hosts, catalogue, lists)
    with _bytes_read(capture, "pages") as read:
        for exchange in capture.exchanges(read):
            surveyor.take(exchange)
    return Looked(surveyor, capture.kind, capture.skipped)


@contextmanager
def _bytes_read(capture: Capture, label: str) -> Iterator[Callable[[int], None]]:
    if not sys.stderr.isatty():
        yield lambda position: None
        return
    with click.progressbar(length=max(capture.size, 1), label=label, file=sys.stderr) as bar:
        yield lambda position: bar.update(position - bar.pos)


def at_site(url: str, *, pages: int, plain: bool, catalogue: Catalogue, lists: Lists) -> Looked:
    """Visits the site. Raises crawling.BadAddress; where there is no browser it says so and goes on without."""
    visits, by = asyncio.run(_visits(url, pages, plain))
    exchanges = [exchange for visited in visits for exchange in visited.exchanges]
    surveyor = Surveyor(site_hosts(exchanges), catalogue, lists)
    for exchange in exchanges:
        surveyor.take(exchange)
    for visited in visits:
        for cookie in visited.cookies:
            surveyor.take_script_cookie(cookie.name, cookie.host, _path(visited.page))
    failures = tuple(f"{visited.address}: {visited.failure}" for visited in visits if visited.failure)
    return Looked(surveyor, by, failures)


def _path(address: str) -> str:
    return "/" + address.partition("://")[2].partition("/")[2].partition("?")[0]


async def _visits(url: str, pages: int, plain: bool) -> tuple[list[Visited], str]:
    async with AsyncExitStack() as stack:
        by_http = await stack.enter_async_context(Plain())
        look: Look = by_http.look
        by = "by plain HTTP: what scripts do was not seen"
        if not plain:
            try:
                chromium = await stack.enter_async_context(browser.opened())
                guise = Guise(bodies=True)
                by = f"by {chromium.name}"

                async def look_as_browser(address: str) -> Visited:
                    return await chromium.look(address, guise)

                look = look_as_browser
            except NoBrowser as error:
                click.echo(f"consent-gateway: without a browser, {by}: {error}", err=True)
        found = pages_of(url, look, most=pages, file=by_http.look)
        return [_spare(visited) async for visited in _counted(found, pages)], by


async def _counted(found: AsyncIterator[Visited], pages: int) -> AsyncIterator[Visited]:
    """The same; who sits at a terminal sees how many pages there were."""
    if not sys.stderr.isatty():
        async for visited in found:
            yield visited
        return
    with click.progressbar(length=pages, label="pages", file=sys.stderr) as bar:
        async for visited in found:
            bar.update(1)
            yield visited


def _spare(visited: Visited) -> Visited:
    """Without the bodies that nobody reads."""
    return replace(visited, exchanges=tuple(map(_spared, visited.exchanges)))


def _spared(exchange: Exchange) -> Exchange:
    response = exchange.response
    if response is None or response.media_type in _READ:
        return exchange
    return replace(exchange, response=replace(response, body=b""))
