"""Servers of the tests, on loopback ports: an origin, stand-ins for third parties, a gateway."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import trustme
from aiohttp import web

from consent_gateway.proxy.addon import GatewayAddon
from consent_gateway.proxy.master import Listen, serve
from consent_gateway.running import Running
from consent_gateway.starting import Settings, start
from consent_gateway.testing.threads import in_thread

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Seen:
    """A request as a server of the tests got it."""

    method: str
    host: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: str


@dataclass
class Server:
    """A server under way. `requests` grows while it runs."""

    port: int
    requests: list[Seen] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def hosts(self) -> set[str]:
        return {seen.host for seen in self.requests}


Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@contextmanager
def serving(answer: Answer, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Serves in a thread of its own; every request is noted before it is answered."""
    server = Server(port=0)

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        body = (await request.read()).decode("utf-8", "replace")
        server.requests.append(
            Seen(
                request.method, request.host, request.path, request.query_string, dict(request.headers), body
            )
        )
        return await answer(request)  # type: ignore[arg-type]

    async def run(ready: threading.Event, stop: asyncio.Event) -> None:
        runner = web.ServerRunner(web.Server(handler, access_log=None), shutdown_timeout=0.2)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
        await site.start()
        server.port = runner.addresses[0][1]
        ready.set()
        await stop.wait()
        await runner.cleanup()

    with in_thread(run, "tests"):
        yield server


@contextmanager
def showing(html: str) -> Iterator[Server]:
    """A website of one page, whatever is asked for."""

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(text=html, content_type="text/html")

    with serving(answer) as server:
        yield server


@contextmanager
def gateway(
    origin: Server | str,
    state: Path,
    *,
    site: str = "",
    prepare: Callable[[Running], None] = lambda running: None,
    outbound_log: Path | None = None,
    templates: Path | None = None,
) -> Iterator[str]:
    """A real gateway in front of an origin, in a thread of its own; yields its address."""
    state.mkdir(exist_ok=True)
    address = origin if isinstance(origin, str) else origin.address
    site_file = state / "site.toml"
    site_file.write_text(site, encoding="utf-8")
    running = start(
        Settings(
            origin=address,
            origin_hosts=("127.0.0.1",),
            site_file=site_file if site else None,
            state=state,
            outbound_log=outbound_log,
            templates=templates,
            environment={},
        )
    )
    prepare(running)
    addresses: list[Listen] = []

    async def run(ready: threading.Event, stop: asyncio.Event) -> None:
        def answering(found: list[Listen]) -> None:
            addresses.extend(found)
            ready.set()

        await serve(
            GatewayAddon(running),
            origin=address,
            listen=Listen("127.0.0.1", 0),
            confdir=str(state / "mitmproxy"),
            ready=answering,
            stop=stop,
        )

    with in_thread(run, "tests"):
        yield f"http://{addresses[0]}"


def tls_for_anyone() -> ssl.SSLContext:
    """A certificate no browser trusts: the tests tell theirs to take it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("stand-in.test").configure_cert(context)
    return context
