"""Puts the demo together: two servers, a gateway in front of one of them, and the catalogue beside it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from consent_gateway.demo.addresses import HOST, Addresses, loopback
from consent_gateway.demo.files import example, for_demo
from consent_gateway.demo.serving import served
from consent_gateway.demo.site_server import Website
from consent_gateway.demo.staging import staged
from consent_gateway.demo.third_party_server import ThirdParties
from consent_gateway.demo.traffic import Traffic
from consent_gateway.proxy.addon import GatewayAddon
from consent_gateway.proxy.master import CannotListen, Listen, serve
from consent_gateway.running import Running
from consent_gateway.starting import Settings, start


async def show(
    listen: Listen, *, folder: Path, ready: Callable[[Addresses], None], stop: asyncio.Event
) -> None:
    """Shows the demo on a free address until `stop` is set; `folder` is for whatever it has to keep.
    Calls `ready` once the gateway answers. Raises CannotListen."""
    site, third_parties, catalogue, companies = loopback(), loopback(), loopback(), loopback()
    ports = [one[0].getsockname()[1] for one in (site, third_parties, catalogue)]
    addresses = Addresses(listen, *ports)
    traffic = Traffic(latest=time.time_ns() // 1_000_000)
    ending = asyncio.create_task(_end(traffic, stop))
    try:
        async with (
            served(Website(addresses, traffic).application(), site),
            served(ThirdParties(addresses, traffic).application(), third_parties),
            staged(catalogue, companies, folder / "catalogue"),
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


async def show_file(
    file: Path, listen: Listen, *, folder: Path, ready: Callable[[], None], stop: asyncio.Event
) -> None:
    """Shows a developer's file at an address, without the gateway and through it, until `stop` is set. Raises
    CannotListen."""
    try:
        sockets = loopback(listen)
    except OSError as error:
        raise CannotListen(error.strerror) from error
    async with staged(sockets, loopback(), folder, file):
        ready()
        await stop.wait()


async def _end(traffic: Traffic, stop: asyncio.Event) -> None:
    """Streams never end by themselves, and nobody ends while a stream runs through him."""
    await stop.wait()
    traffic.close()
