"""Puts the demo together: two servers, and a gateway in front of one of them."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from consent_gateway.demo.addresses import HOST, Addresses, loopback
from consent_gateway.demo.files import example, for_demo
from consent_gateway.demo.site_server import Website
from consent_gateway.demo.third_party_server import ThirdParties
from consent_gateway.demo.traffic import Traffic
from consent_gateway.proxy.addon import GatewayAddon
from consent_gateway.proxy.master import Listen, serve
from consent_gateway.running import Running
from consent_gateway.starting import Settings, start

PATIENCE = 0.5  # seconds that a connection may still take at the end


async def show(
    listen: Listen, *, folder: Path, ready: Callable[[Addresses], None], stop: asyncio.Event
) -> None:
    """Shows the demo on a free address until `stop` is set; `folder` is for whatever it has to keep.
    Calls `ready` once the gateway answers. Raises CannotListen."""
    site, third_parties = loopback(), loopback()
    addresses = Addresses(listen, site[0].getsockname()[1], third_parties[0].getsockname()[1])
    traffic = Traffic(latest=time.time_ns() // 1_000_000)
    ending = asyncio.create_task(_end(traffic, stop))
    try:
        async with (
            _served(Website(addresses, traffic).application(), site),
            _served(ThirdParties(addresses, traffic).application(), third_parties),
        ):
            await serve(
                GatewayAddon(gateway(addresses, folder)),
                origin=addresses.origin,
                listen=listen,
                confdir=str(folder / "mitmproxy"),
                ready=lambda _: ready(addresses),
                stop=stop,
            )
    finally:
        ending.cancel()


def gateway(addresses: Addresses, folder: Path) -> Running:
    """A gateway for the site, with the example of a site file that comes with the product."""
    site_file = folder / "site.toml"
    site_file.write_text(for_demo(example(), google=addresses.google), encoding="utf-8")
    settings = Settings(
        origin=addresses.origin,
        origin_hosts=(HOST,),
        site_file=site_file,
        state=folder / "state",
        environment={},
    )
    return start(settings)


async def _end(traffic: Traffic, stop: asyncio.Event) -> None:
    """Streams never end by themselves, and nobody ends while a stream runs through him."""
    await stop.wait()
    traffic.close()


@asynccontextmanager
async def _served(application: web.Application, sockets: list[socket.socket]) -> AsyncIterator[None]:
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=PATIENCE)
    await runner.setup()
    try:
        for one in sockets:
            await web.SockSite(runner, one).start()
        yield
    finally:
        await runner.cleanup()
