"""Leaks that are planted for a watched browser: a page of the audit's own with one for each carrier that can be seen.

Each browser of an audit opens it beside the site's pages, and whom it contacts is told apart in the same way: a
browser that says nothing, or is not understood, does not look like a clean site.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from consent_gateway.audit.findings import Carrier
from consent_gateway.audit.seen_contacts import carriers
from consent_gateway.audit.sighting import Sighting

HOST = "canary.invalid"  # nobody's (RFC 2606 2)
ADDRESS = f"http://{HOST}/"
LARGEST_HEAD = 2**16
# What only a click or a look at the network itself would show is not among them: pings, preconnects, headers
# that make the browser report; nor objects, which browsers tell apart from frames on https only.
LEAKS: dict[Carrier, str] = {
    Carrier.SCRIPT: '<script src="http://script.{host}/"></script>',
    Carrier.IFRAME: '<iframe src="http://iframe.{host}/"></iframe>',
    Carrier.PIXEL: '<img src="http://pixel.{host}/" width="1" height="1">',
    Carrier.MEDIA: '<video src="http://media.{host}/" autoplay muted></video>',
    Carrier.CSS: "<style>@import 'http://css.{host}/';</style>",
    Carrier.HINT: '<link rel="prefetch" href="http://hint.{host}/">',
    Carrier.REDIRECT: '<img src="/moved">',
    Carrier.RUN_TIME: '<script>fetch("http://" + "run-time." + "{host}/", {{mode: "no-cors"}})</script>',
}
_PAGE = f"<!doctype html><title>x</title><body>{''.join(LEAKS.values())}".format(host=HOST)
_MOVED = f"http://redirect.{HOST}/"


@dataclass(frozen=True, slots=True)
class Planted:
    """The page under way, and where a browser finds it and whom it contacts."""

    led_to: dict[str, str]
    address: str = ADDRESS


@asynccontextmanager
async def planted() -> AsyncIterator[Planted]:
    """Serves the page, and everybody whom it contacts, on loopback."""
    server = await asyncio.start_server(_answer, "127.0.0.1", 0, limit=LARGEST_HEAD)
    place = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield Planted(dict.fromkeys((HOST, f"*.{HOST}"), place))


def found(sighting: Sighting) -> set[Carrier]:
    """The planted leaks that were seen, each known for what it is."""
    hosts = {f"{_label(carrier)}.{HOST}": carrier for carrier in LEAKS}
    seen = ((hosts.get(exchange.request.hostname), carrier) for exchange, carrier in carriers(sighting))
    return {carrier for planted, carrier in seen if planted is carrier}


def _label(carrier: Carrier) -> str:
    return carrier.value.replace(" ", "-")


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        writer.write(_response(head))
        await writer.drain()
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
        pass  # the browser has changed its mind
    finally:
        writer.close()


def _response(head: bytes) -> bytes:
    line, _, fields = head.partition(b"\r\n")
    target = line.split(b" ")[1] if line.count(b" ") > 1 else b"/"
    is_page = f"\r\nhost: {HOST}\r\n".encode() in b"\r\n" + fields.lower()
    if is_page and target == b"/moved":
        return f"HTTP/1.1 302 Found\r\nLocation: {_MOVED}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
    body = _PAGE.encode() if is_page else b""
    kind = "text/html; charset=utf-8" if is_page else "text/plain"
    return (
        f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    ).encode() + body
