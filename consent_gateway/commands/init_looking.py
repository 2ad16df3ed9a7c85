"""What init looks at: a capture, or the site itself by Chromium or by plain HTTP, with progress."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import click

from consent_gateway.captures.browser import NoBrowser
from consent_gateway.captures.exchange import Exchange
from consent_gateway.captures.opening import Capture, opened
from consent_gateway.captures.site_hosts import site_hosts
from consent_gateway.captures.visited import Visited
from consent_gateway.captures.website import Look, SeenPage, by_browser, by_plain_http
from consent_gateway.catalogue import Catalogue
from consent_gateway.lists.matching import Lists
from consent_gateway.survey.surveying import Surveyor
from consent_gateway.survey.toml_text import comment

_READ = ("text/html", "application/xhtml+xml", "text/css", "application/xml", "text/xml", "image/svg+xml", "")


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
    with _pages_seen(pages) as seen:
        visits, by = asyncio.run(_visits(url, pages, plain, seen))
    exchanges = [exchange for visited in visits for exchange in visited.exchanges]
    surveyor = Surveyor(site_hosts(exchanges), catalogue, lists)
    for exchange in exchanges:
        surveyor.take(exchange)
    for visited in visits:
        for cookie in visited.cookies:
            surveyor.take_script_cookie(cookie.name, cookie.host, _path(visited.page))
        for item in visited.stored:
            surveyor.take_stored(item.name, visited.page, of_session=item.of_session)
    failures = tuple(f"{visited.address}: {visited.failure}" for visited in visits if visited.failure)
    return Looked(surveyor, by, failures)


def _path(address: str) -> str:
    return "/" + address.partition("://")[2].partition("/")[2].partition("?")[0]


async def _visits(url: str, pages: int, plain: bool, seen: SeenPage) -> tuple[list[Visited], str]:
    by = "by plain HTTP: what scripts do was not seen"
    if not plain:
        try:
            found = by_browser(url, Look(most=pages), told=_said, seen=seen)
            return [_spare(visited) async for visited in found], "by Chromium"
        except NoBrowser as error:
            _said(f"without a browser, {by}: {error}")
    return [_spare(visited) async for visited in by_plain_http(url, pages, told=_said, seen=seen)], by


def _said(sentence: str) -> None:
    click.echo(f"consent-gateway: {comment(sentence)}", err=True)


@contextmanager
def _pages_seen(pages: int) -> Iterator[SeenPage]:
    """Who sits at a terminal sees how many pages there were."""
    if not sys.stderr.isatty():
        yield lambda visited: None
        return
    with click.progressbar(length=pages, label="pages", file=sys.stderr) as bar:
        yield lambda visited: bar.update(1)


def _spare(visited: Visited) -> Visited:
    """Without the bodies that nobody reads."""
    return replace(visited, exchanges=tuple(map(_spared, visited.exchanges)))


def _spared(exchange: Exchange) -> Exchange:
    response = exchange.response
    if response is None or response.media_type in _READ:
        return exchange
    return replace(exchange, response=replace(response, body=b""))
