"""Who looks on sees each answer as the site gave it and as the visitor got it."""

from __future__ import annotations

import asyncio
import gzip
import threading
from pathlib import Path

from aiohttp import web

from consent_gateway.proxy.master import Listen, serve
from consent_gateway.proxy.watching import Passed, WatchedAddon
from consent_gateway.starting import Settings, start
from consent_gateway.testing.threads import in_thread
from tests.loopback import Server, serving
from tests.proxy.test_master import PAGE, ask


async def site(request: web.Request) -> web.StreamResponse:
    if request.path == "/bytes":
        return web.Response(body=bytes(300_000), content_type="application/octet-stream")
    packed = {"Content-Encoding": "gzip", "Content-Type": "text/html"}
    body = b"no gzip" if request.path == "/garbled" else gzip.compress(PAGE.encode())
    return web.Response(body=body, headers=packed)


def watched(origin: Server, state: Path, *paths: str) -> list[Passed]:
    """What was seen while these paths were asked for."""
    seen: list[Passed] = []
    addresses: list[Listen] = []
    settings = Settings(origin=origin.address, origin_hosts=("127.0.0.1",), state=state, environment={})
    running = start(settings)

    async def run(ready: threading.Event, stop: asyncio.Event) -> None:
        def answering(found: list[Listen]) -> None:
            addresses.extend(found)
            ready.set()

        addon, listen = WatchedAddon(running, seen.append), Listen("127.0.0.1", 0)
        await serve(
            addon, origin=origin.address, listen=listen, confdir=str(state), ready=answering, stop=stop
        )

    with in_thread(run, "watched gateway"):
        for path in paths:
            ask(f"http://{addresses[0]}", "GET", path)
    return seen


def test_a_page_is_seen_unpacked_before_and_after(tmp_path: Path) -> None:
    with serving(site) as origin:
        [page] = watched(origin, tmp_path / "state", "/")
    assert page.request.target == "/" and page.port > 0
    assert page.came.body == PAGE.encode()
    assert b"youtube.com/embed" not in page.went.body and b"data-privacy" in page.went.body


def test_what_is_streamed_or_cannot_be_read_is_seen_without_a_body(tmp_path: Path) -> None:
    with serving(site) as origin:
        streamed, garbled, ours = watched(
            origin, tmp_path / "state", "/bytes", "/garbled", "/.privacy/healthz"
        )
    assert (streamed.came.body, streamed.went.status) == (b"", 200)
    assert (garbled.came.body, garbled.went.status) == (b"", 502)
    assert ours.came.body == ours.went.body == b"ok\n"
